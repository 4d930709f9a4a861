/* returns.js - months as a heat map, the distribution of days, and rolling Sharpe and volatility.
 */
import { fittedAxis, grid, lineSeries, timeAxis, tooltip, tooltipBox, zooms } from './chart.js';
import { absent, h, section } from './dom.js';
import { day, percent, percentTick, ratio, sentence } from './format.js';
import { figure } from './figure.js';
import { histogramOption } from './histogram.js';
import { heatScale } from './layout.js';
import { linePoints, nearest } from './reduce.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function monthCell(x, strength, name) {
  if (x === null) {
    return h('td', { class: 'none' }, h('span', { class: 'unseen' }, 'none'));
  }
  const heat = strength(x);
  return h(
    'td',
    {
      class: (x < 0 ? 'down' : 'up') + (heat > 0.6 ? ' strong' : ''),
      style: `--heat:${(heat * 100).toFixed(0)}%`,
      title: `${name}: ${percent(x, 2, true)}`,
    },
    percent(x, 1).replace('%', ''),
  );
}

function monthTable(monthly, benchmarkName) {
  const strength = heatScale(monthly.returns);
  const bench = monthly.benchmark_year_returns;
  const head = ['Year', ...MONTHS, 'Year', ...(bench ? [benchmarkName] : [])];
  const rows = monthly.years.map((year, y) =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, String(year)),
      monthly.returns[y].map((x, m) => monthCell(x, strength, `${MONTHS[m]} ${year}`)),
      h('td', { class: 'total' }, percent(monthly.year_returns[y], 1)),
      bench ? h('td', { class: 'total bench' }, percent(bench[y], 1)) : null,
    ),
  );
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Monthly returns' },
    h(
      'table',
      { class: 'months' },
      h('caption', {}, 'Monthly returns in percent'),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          head.map((text) =>
            h('th', { scope: 'col', title: text }, String(text).replace(/_/g, '_\u200b')),
          ),
        ),
      ),
      h('tbody', {}, rows),
    ),
  );
}

/* Days without a position return nothing: the bar around zero is neither gain nor loss. */
const barColor = (edges, i, colors) =>
  edges[i] > 0 ? colors.gain : edges[i + 1] < 0 ? colors.loss : colors.bench;

/* Days a bar that a normal law with the same mean and deviation would have. */
function normalLine({ edges, counts, mean, deviation }) {
  const n = counts.reduce((a, b) => a + b, 0);
  const width = edges[1] - edges[0];
  const scale = (n * width) / (deviation * Math.sqrt(2 * Math.PI));
  const points = 120;
  return Array.from({ length: points + 1 }, (_, k) => {
    const x = edges[0] + ((edges[edges.length - 1] - edges[0]) * k) / points;
    return [x, scale * Math.exp(-0.5 * ((x - mean) / deviation) ** 2)];
  });
}

function daysOption(histogram) {
  const { edges, mean, deviation } = histogram;
  const hasLaw = deviation > 0;
  return histogramOption({
    ...histogram,
    tick: percentTick,
    show: (x) => percent(x, 2),
    color: (i, colors) => barColor(edges, i, colors),
    noun: 'Days',
    marks: hasLaw
      ? [
          [mean - deviation, '−1σ', 'right'],
          [mean, 'mean', 'center'],
          [mean + deviation, '+1σ', 'left'],
        ]
      : [],
    curve: hasLaw ? normalLine(histogram) : [],
  });
}

function histogramFigure(model) {
  const { histogram } = model;
  if (!histogram || histogram.counts.length === 0 || histogram.counts.every((n) => n === 0)) {
    return absent('Too few daily returns for a histogram.');
  }
  return figure({
    title: 'Distribution of daily returns',
    legend: [
      ['gain', 'gains', 'box'],
      ['loss', 'losses', 'box'],
      ['bench', 'around zero', 'box'],
      ['ink', 'normal, same mean and deviation', 'dash'],
    ],
    label: `Histogram of daily returns: mean ${percent(histogram.mean, 3)}, deviation ${percent(histogram.deviation, 2)}`,
    note: `Mean ${percent(histogram.mean, 3)}, deviation ${percent(histogram.deviation, 2)} a day.`,
    height: 300,
    option: daysOption(histogram),
  }).element;
}

function rollingOption(model) {
  const { rolling } = model;
  const hasBenchmark = Array.isArray(rolling.benchmark_sharpe);
  return (view) => {
    const line = (id, color, values, more) =>
      lineSeries(id, color, linePoints(rolling.ms, values, view.range, view.pixels), more);
    const upper = { xAxisIndex: 0, yAxisIndex: 0 };
    const zero = {
      silent: true,
      symbol: 'none',
      label: { show: false },
      lineStyle: { color: view.colors.muted, type: 'solid', width: 1 },
      data: [{ yAxis: 0 }],
    };
    const sharpes = [
      line('sharpe', view.colors.main, rolling.sharpe, { ...upper, markLine: zero }),
    ];
    if (hasBenchmark) {
      sharpes.unshift(
        line('benchmark', view.colors.bench, rolling.benchmark_sharpe, {
          ...upper,
          lineStyle: { color: view.colors.bench, width: 1 },
        }),
      );
    }
    const volatility = line('volatility', view.colors.accent, rolling.volatility, {
      xAxisIndex: 1,
      yAxisIndex: 1,
    });
    return {
      grid: [grid(view, { bottom: '52%' }), grid(view, { top: '58%' })],
      xAxis: [
        timeAxis(view, { gridIndex: 0, axisLabel: { show: false } }),
        timeAxis(view, { gridIndex: 1 }),
      ],
      yAxis: [
        fittedAxis(
          view,
          (x) => ratio(x, 1),
          sharpes.map((s) => s.data),
          { zero: true, ticks: 3, gridIndex: 0 },
        ),
        fittedAxis(view, percentTick, [volatility.data], { zero: true, ticks: 3, gridIndex: 1 }),
      ],
      axisPointer: { link: [{ xAxisIndex: 'all' }] },
      tooltip: tooltip(view, (items) => {
        const i = nearest(rolling.ms, items[0].axisValue);
        return tooltipBox(day(rolling.ms[i]), [
          [view.colors.main, 'Sharpe', ratio(rolling.sharpe[i])],
          ...(hasBenchmark
            ? [[view.colors.bench, model.benchmark_name, ratio(rolling.benchmark_sharpe[i])]]
            : []),
          [view.colors.accent, 'Volatility', percent(rolling.volatility[i])],
        ]);
      }),
      dataZoom: zooms(view, [0, 1], false),
      series: [...sharpes, volatility],
    };
  };
}

function rollingFigure(model) {
  const { rolling } = model;
  if (!rolling || rolling.ms.length === 0) {
    return absent('The run is too short for rolling numbers.');
  }
  return figure({
    title: 'Rolling Sharpe ratio and volatility a year',
    legend: [
      ['main', 'Sharpe ratio'],
      ...(rolling.benchmark_sharpe ? [['bench', model.benchmark_name]] : []),
      ['accent', 'volatility (lower)'],
    ],
    label: `Two line charts over ${rolling.window} days: Sharpe ratio, last ${ratio(rolling.sharpe[rolling.sharpe.length - 1])}, and volatility, last ${percent(rolling.volatility[rolling.volatility.length - 1])}`,
    note: sentence(rolling.convention),
    height: 300,
    isTime: true,
    option: rollingOption(model),
  }).element;
}

export function returnsSection(model) {
  const { monthly } = model;
  const months =
    monthly && monthly.years.length > 0
      ? monthTable(monthly, model.benchmark_name)
      : absent('Too short for monthly returns.');
  return section(
    'returns',
    'Returns',
    sentence(model.conventions ? model.conventions.returns : ''),
    h('h3', {}, 'Monthly returns'),
    months,
    h('div', { class: 'pair' }, histogramFigure(model), rollingFigure(model)),
  );
}
