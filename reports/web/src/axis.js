/* axis.js - round limits and ticks for value axes over what is in view: plain and logarithmic. */

/* Lowest and highest finite number; [NaN, NaN] of none. */
export function extent(values) {
  let low = NaN;
  let high = NaN;
  for (const x of values) {
    if (x !== null && Number.isFinite(x)) {
      low = x < low || Number.isNaN(low) ? x : low;
      high = x > high || Number.isNaN(high) ? x : high;
    }
  }
  return [low, high];
}

/* All numbers of [time, ...numbers] points whose time is in view. */
export function* inView(lists, [first, last]) {
  for (const points of lists) {
    for (const point of points) {
      if (point[0] >= first && point[0] <= last) {
        yield* point.slice(1);
      }
    }
  }
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((m) => m * power).find((step) => step >= rough * 0.999);
}

/* Limits and distance of ticks around [low, high]. */
export function niceRange([low, high], ticks = 4) {
  if (Number.isNaN(low)) {
    return { min: 0, max: 1, interval: 0.25 };
  }
  if (low === high) {
    const half = Math.abs(high) * 0.01 || 1;
    return niceRange([low - half, high + half], ticks);
  }
  const step = roundStep((high - low) / ticks);
  const tidy = (k) => Number((k * step).toPrecision(12));
  const min = tidy(Math.floor(low / step + 1e-9));
  const max = tidy(Math.ceil(high / step - 1e-9));
  return { min, max, interval: step };
}

const MANTISSAS = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.5, 2, 3, 5, 7],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.3, 2.6, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9],
];

/* Ticks of a logarithmic axis from low to high: the coarsest of the sets above that gives four;
 * round steps where even the finest gives too few. */
export function logTicks(low, high) {
  for (const mantissas of MANTISSAS) {
    const ticks = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e++) {
      ticks.push(
        ...mantissas
          .map((m) => Number((m * 10 ** e).toPrecision(12)))
          .filter((t) => t >= low && t <= high),
      );
    }
    if (ticks.length >= 4) {
      return ticks;
    }
  }
  const { min, max, interval } = niceRange([low, high]);
  const n = Math.round((max - min) / interval);
  return Array.from({ length: n + 1 }, (_, k) =>
    Number((min + k * interval).toPrecision(12)),
  ).filter((t) => t >= low && t <= high);
}
