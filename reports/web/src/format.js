/* format.js - numbers, days and instants as text: one place that decides on digits, signs and
 * units. */

const NONE = '–';
const MINUS = '\u2212';

const plain = new Map();

function grouped(x, least, most) {
  const key = least * 100 + most;
  if (!plain.has(key)) {
    plain.set(
      key,
      new Intl.NumberFormat('en-US', { minimumFractionDigits: least, maximumFractionDigits: most }),
    );
  }
  const text = plain.get(key).format(x);
  return /[1-9]/.test(text) ? text.replace('-', MINUS) : text.replace('-', '');
}

export const isNumber = (x) => typeof x === 'number' && Number.isFinite(x);

/* "12.34%"; signed: "+12.34%". */
export function percent(x, digits = 2, signed = false) {
  if (!isNumber(x)) {
    return NONE;
  }
  const text = grouped(x * 100, digits, digits) + '%';
  return signed && x > 0 ? '+' + text : text;
}

/* Of an axis: no zeros that say nothing. */
export const percentTick = (x) => percent(x).replace(/\.?0+%$/, '%');

export const ratio = (x, digits = 2) => (isNumber(x) ? grouped(x, digits, digits) : NONE);

/* "1 day", "3 days". */
export const plural = (n, one, many = one + 's') => `${count(n)} ${n === 1 ? one : many}`;

/* A clause as a sentence. */
export const sentence = (text) =>
  text ? text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.') : '';

export const count = (x) => (isNumber(x) ? grouped(x, 0, 0) : NONE);

/* Quantities: as many places as they have, ten digits at most. */
export function quantity(x) {
  return isNumber(x) ? grouped(x, 0, Math.abs(x) >= 1 ? 6 : 10) : NONE;
}

/* Money to the cent; small coins to four digits that say something. */
export function money(x, signed = false) {
  if (!isNumber(x)) {
    return NONE;
  }
  const size = Math.abs(x);
  const places = size === 0 || size >= 0.1 ? 2 : Math.min(12, 3 - Math.floor(Math.log10(size)));
  const text = grouped(x, 2, places);
  return signed && x > 0 ? '+' + text : text;
}

export function price(x) {
  if (!isNumber(x)) {
    return NONE;
  }
  const size = Math.abs(x);
  return grouped(
    x,
    2,
    size >= 100 || size === 0 ? 2 : size >= 1 ? 4 : Math.min(12, 4 - Math.floor(Math.log10(size))),
  );
}

/* Money of an axis: "1.2M", "350k". */
export function short(x) {
  const size = Math.abs(x);
  const [unit, name] =
    size >= 1e12
      ? [1e12, 'T']
      : size >= 1e9
        ? [1e9, 'B']
        : size >= 1e6
          ? [1e6, 'M']
          : size >= 1e4
            ? [1e3, 'k']
            : [1, ''];
  return grouped(x / unit, 0, size >= 1 ? 3 : 8) + name;
}

/* A sum that was rounded elsewhere ("-1234.56"): grouped, its digits untouched. */
export function groupedText(text) {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text);
  if (!match) {
    return text;
  }
  return (match[1] ? MINUS : '') + match[2].replace(/\B(?=(\d{3})+$)/g, ',') + (match[3] || '');
}

const byUnit = {
  fraction: (x) => percent(x),
  ratio: (x) => ratio(x, 3),
  years: (x) => (isNumber(x) ? grouped(x, 2, 2) + ' years' : NONE),
  count: (x) => (isNumber(x) ? grouped(x, 0, 2) : NONE),
  money: (x) => money(x),
};

export const inUnit = (x, unit) => (byUnit[unit] || byUnit.ratio)(x);

/* "2020-04-20" of milliseconds UTC. */
export const day = (ms) => new Date(ms).toISOString().slice(0, 10);

/* "2020-04-20 16:00" of an instant's text; seconds only where there are some. */
export function instant(text) {
  if (!text) {
    return NONE;
  }
  const clock = text.slice(11).replace('Z', '');
  return text.slice(0, 10) + ' ' + (clock.endsWith(':00') ? clock.slice(0, 5) : clock);
}

export const instantOf = (ms) => instant(new Date(ms).toISOString().replace('.000', ''));

export const days = (n) =>
  isNumber(n) ? grouped(n, 0, n < 10 ? 2 : 1) + (n === 1 ? ' day' : ' days') : NONE;

/* snake_case words of the engine for people. */
export const words = (text) => String(text).replace(/_/g, ' ');

/* To so many digits that say something: "0.02385", "1,978". */
export const significant = (x, n = 4) =>
  isNumber(x) ? grouped(Number(x.toPrecision(n)), 0, 12) : NONE;

/* To so many digits that say something, its zeros too: columns of these line up. */
export function precise(x, n = 4) {
  if (!isNumber(x) || x === 0) {
    return isNumber(x) ? '0' : NONE;
  }
  const places = Math.min(12, Math.max(0, n - 1 - Math.floor(Math.log10(Math.abs(x)))));
  return grouped(x, places, places);
}

/* Numbers of many sizes: "0.0125", "3.2e-7". */
export function scientific(x, n = 3) {
  if (!isNumber(x) || x === 0 || (Math.abs(x) >= 1e-3 && Math.abs(x) < 1e5)) {
    return significant(x, n);
  }
  const [digits, power] = x.toExponential(n - 1).split('e');
  return `${digits.replace(/\.?0+$/, '')}e${power.replace('+', '')}`.replace(/-/g, MINUS);
}

/* A p-value: three places, and no more than they say. */
export const pValue = (x) => (isNumber(x) && x < 0.001 ? '< 0.001' : ratio(x, 3));

/* Places that give an error two digits that say something. */
function placesOf(error) {
  return isNumber(error) && error > 0
    ? Math.min(10, Math.max(0, 1 - Math.floor(Math.log10(error))))
    : 2;
}

/* Smaller differences are rounding, not measurement. */
const ROUNDING = 1e-9;
const isRounding = (difference, size) => difference <= ROUNDING * Math.abs(size);

/* A measured number and its error, both to the places that the error allows: ["5.31%", "± 0.12%"];
 * the second is null without an error. */
export function measured(x, error, unit) {
  const [scale, sign] = unit === 'fraction' ? [100, '%'] : [1, unit === 'years' ? ' years' : ''];
  if (!isNumber(x) || !isNumber(error)) {
    return [inUnit(x, unit), null];
  }
  if (isRounding(error, x)) {
    return [inUnit(x, unit), '±\u00a00'];
  }
  const places = placesOf(scale * error);
  const text = (y) => grouped(scale * y, places, places) + sign;
  return [text(x), '±\u00a0' + text(error)];
}

/* "101,900 to 102,700", with the digits that tell its ends apart; `more` places beyond those. */
export function interval(low, high, unit, more = 0) {
  if (!isNumber(low) || !isNumber(high)) {
    return NONE;
  }
  if (isRounding(high - low, high)) {
    return `${inUnit(low, unit)}\u00a0to ${inUnit(high, unit)}`;
  }
  const isWhole = unit === 'count' && Number.isInteger(low) && Number.isInteger(high);
  const places = placesOf((unit === 'fraction' ? 100 : 1) * (high - low)) + more;
  const text = (y) =>
    isWhole ? count(y) : unit === 'fraction' ? percent(y, places) : grouped(y, places, places);
  return `${text(low)}\u00a0to ${text(high)}`;
}

/* Of an axis whose numbers have this unit. */
export const tickOf = (unit) =>
  unit === 'fraction' ? percentTick : unit === 'money' ? short : (x) => grouped(x, 0, 4);

/* The level of a quantile: "5%", "median". */
export const levelName = (p) => (Math.abs(p - 0.5) < 1e-9 ? 'median' : percentTick(p));

/* A maturity: "26 days", "1.39 years". */
export const maturity = (years) =>
  years < 0.5 ? plural(Math.round(365 * years), 'day') : grouped(years, 2, 2) + ' years';
