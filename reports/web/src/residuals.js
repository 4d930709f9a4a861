/* residuals.js - where the model is off: a map over strike and maturity, volatility at the forward,
 * a table by maturity. */
import { extent, niceRange } from './axis.js';
import { axisName, fittedAxis, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { absent, h, section } from './dom.js';
import { figure } from './figure.js';
import { count, isNumber, maturity, percent, percentTick, price, ratio, short } from './format.js';
import { heatScale } from './layout.js';
import { table } from './table.js';

const SMALLEST = 4;
const LARGEST = 17;
const ROW_HEIGHT = 26;
const LEAST_ROW_HEIGHT = 16;
const WIDE = [-Infinity, Infinity];

/* ---- the map --------------------------------------------------------------------------------- */

const rowHeight = (n) => Math.max(LEAST_ROW_HEIGHT, Math.min(ROW_HEIGHT, 430 / n));
const mapHeight = (n) => Math.round(Math.max(220, 90 + n * rowHeight(n)));

/* Up and orange: the model is above the market; down and blue: below. The size says how far. */
function mapSeries(model, id, isAbove, strength, view) {
  const { quotes } = model;
  const color = isAbove ? view.colors.loss : view.colors.main;
  const largest = Math.min(LARGEST, rowHeight(model.maturities.length));
  const data = model.maturities.flatMap((at, row) =>
    Array.from({ length: at.n }, (_, k) => at.first + k)
      .filter((i) => isNumber(quotes.vol_points[i]) && quotes.vol_points[i] > 0 === isAbove)
      .map((i) => ({
        value: [quotes.moneyness[i], row, i],
        symbolSize: SMALLEST + (largest - SMALLEST) * strength(quotes.vol_points[i]),
      })),
  );
  return {
    id,
    type: 'scatter',
    symbol: 'triangle',
    symbolRotate: isAbove ? 0 : 180,
    itemStyle: { color, opacity: 0.85 },
    emphasis: { disabled: true },
    data,
  };
}

function mapOption(model) {
  const { quotes, maturities } = model;
  const strength = heatScale([quotes.vol_points]);
  return (view) => ({
    grid: grid(view, { left: view.isNarrow ? 76 : 86, bottom: 44, right: 20 }),
    xAxis: {
      ...valueAxis(view, (m) => String(Number(m.toPrecision(4)))),
      ...niceRange(extent(quotes.moneyness), view.isNarrow ? 5 : 8),
      ...axisName(view, 'strike / forward'),
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: maturities.map((at) => maturity(at.t_years)),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: view.colors.muted, fontSize: 11.5, hideOverlap: true },
      splitLine: { show: true, lineStyle: { color: view.colors.rule } },
    },
    tooltip: tooltip(
      view,
      ({ value: [m, , i] }) =>
        tooltipBox(`${quotes.is_put[i] ? 'Put' : 'Call'} ${short(quotes.strike[i])}`, [
          [null, 'Maturity', maturity(quotes.t_years[i])],
          [null, 'Strike / forward', ratio(m, 3)],
          [null, 'Model − market', `${ratio(quotes.vol_points[i])} points`],
        ]),
      { trigger: 'item' },
    ),
    series: [
      mapSeries(model, 'above', true, strength, view),
      mapSeries(model, 'below', false, strength, view),
    ],
  });
}

function mapFigure(model) {
  const { quotes, maturities } = model;
  const sizes = quotes.vol_points.filter(isNumber).map(Math.abs);
  if (sizes.length === 0) {
    return absent('No quote has both volatilities.');
  }
  const worst = sizes.reduce((a, b) => Math.max(a, b), 0);
  const missing = quotes.n - sizes.length;
  return figure({
    title: 'Model − market, volatility points',
    legend: [
      ['loss', 'model above', 'up'],
      ['main', 'model below', 'down'],
    ],
    label: `Map of residuals over strike and maturity: the largest is ${ratio(worst)} volatility points`,
    note:
      `Every fitted quote; the larger the mark, the larger the residual (the largest: ${ratio(worst)} points).` +
      (missing > 0 ? ` ${count(missing)} without a model volatility.` : ''),
    height: mapHeight(maturities.length),
    option: mapOption(model),
  }).element;
}

/* ---- volatility at the forward --------------------------------------------------------------- */

function termOption(list) {
  const points = (key) => list.map((at) => [at.t_years, at[key]]);
  return (view) => {
    const lines = [points('market_vol_at_forward'), points('model_vol_at_forward')];
    return {
      grid: grid(view, { bottom: 44 }),
      xAxis: {
        ...valueAxis(view, (t) => String(Number(t.toPrecision(4)))),
        ...niceRange(extent([0, ...list.map((at) => at.t_years)]), 5),
        splitLine: { show: false },
        ...axisName(view, 'years to maturity'),
      },
      yAxis: fittedAxis({ ...view, range: WIDE }, percentTick, lines),
      tooltip: tooltip(view, (items) => {
        const at = list.reduce((best, x) =>
          Math.abs(x.t_years - items[0].axisValue) < Math.abs(best.t_years - items[0].axisValue)
            ? x
            : best,
        );
        return tooltipBox(maturity(at.t_years), [
          [view.colors.ink, 'Market', percent(at.market_vol_at_forward)],
          [view.colors.main, 'Model', percent(at.model_vol_at_forward)],
        ]);
      }),
      series: [
        lineSeries('model', view.colors.main, lines[1], {
          lineStyle: { color: view.colors.main, width: 2 },
        }),
        lineSeries('market', view.colors.ink, lines[0], {
          showSymbol: true,
          symbol: 'circle',
          symbolSize: 7,
          lineStyle: { opacity: 0, width: 0 },
        }),
      ],
    };
  };
}

function termFigure(model) {
  const list = model.maturities.filter(
    (at) => isNumber(at.market_vol_at_forward) && isNumber(at.model_vol_at_forward),
  );
  if (list.length < 2) {
    return absent('Too few maturities with strikes around the forward for a term structure.');
  }
  return figure({
    title: 'Volatility at the forward',
    legend: [
      ['ink', 'market', 'dot'],
      ['main', 'model'],
    ],
    label: `Implied volatility at the forward against maturity, market and model, ${list.length} maturities`,
    note: 'On the line between the strikes around the forward; maturities without such strikes are left out.',
    height: mapHeight(model.maturities.length),
    option: termOption(list),
  }).element;
}

/* ---- by maturity ----------------------------------------------------------------------------- */

function maturityTable(model) {
  const list = model.maturities;
  const cell = (label, key, show, title) => ({
    label,
    title,
    show: (i) => show(list[i][key]),
    value: (i) => list[i][key],
  });
  const columns = [
    cell('Maturity', 't_years', maturity),
    cell('Years', 't_years', (x) => ratio(x, 4)),
    cell('Quotes', 'n', count),
    cell('Forward', 'forward', price),
    cell('Market vol', 'market_vol_at_forward', (x) => percent(x), 'at the forward'),
    cell('Model vol', 'model_vol_at_forward', (x) => percent(x), 'at the forward'),
    cell(
      'RMS, points',
      'rmse_vol_points',
      (x) => ratio(x, 3),
      'root mean square of model − market',
    ),
    cell('Mean, points', 'mean_vol_points', (x) => ratio(x, 3), 'mean of model − market'),
  ];
  return table({ caption: 'The fit by maturity', columns, n: list.length, noun: 'maturities' })
    .element;
}

export function residualsSection(model) {
  if (model.maturities.length === 0) {
    return null;
  }
  return section(
    'residuals',
    'Residuals',
    'Where the model is off, in points of implied volatility (1 point = 0.01 a year).',
    h('div', { class: 'pair' }, mapFigure(model), termFigure(model)),
    h('h3', {}, 'By maturity'),
    maturityTable(model),
  );
}
