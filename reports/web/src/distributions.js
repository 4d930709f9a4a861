/* distributions.js - how scores spread over paths: histograms, quantiles with their intervals,
 * probabilities, and one score against another. */
import { axisName, grid, tooltip, tooltipBox, valueAxis } from './chart.js';
import { extent, niceRange } from './axis.js';
import { absent, h, section, select, two } from './dom.js';
import { figure } from './figure.js';
import {
  count,
  inUnit,
  interval,
  isNumber,
  levelName,
  measured,
  percent,
  plural,
  tickOf,
} from './format.js';
import { histogramOption } from './histogram.js';
import { table } from './table.js';

const pair = (d) => measured(d.mean, d.mean_error, d.unit).filter(Boolean).join(' ');
const titleOf = (d, currency) =>
  d.unit === 'money' && currency ? `${d.label}, ${currency}` : d.label;

/* ---- histograms ------------------------------------------------------------------------------ */

/* Left of this a bar is a loss. */
function thresholdOf(d, model) {
  const at = { final_equity: model.study.initial_cash, total_return: 0, sharpe_ratio: 0 };
  return isNumber(at[d.name]) ? at[d.name] : null;
}

/* Labels stand outside of the outer marks, or inside where the picture ends; the median's then makes
 * room. */
function marksOf({ histogram, quantiles }) {
  const { edges } = histogram;
  const [first, last] = [edges[0], edges[edges.length - 1]];
  const at = (level) => {
    const q = quantiles.find((x) => Math.abs(x.level - level) < 1e-9);
    const place = q ? (q.value - first) / (last - first) : NaN;
    return place >= 0 && place <= 1 ? { x: q.value, text: levelName(level), place } : null;
  };
  const [low, middle, high] = [0.05, 0.5, 0.95].map(at);
  const isLowInside = low && low.place < 0.06;
  const isHighInside = high && high.place > 0.94;
  const isNear = (other) => middle && Math.abs(other.place - middle.place) < 0.3;
  const side =
    (isHighInside && isNear(high) && 'right') || (isLowInside && isNear(low) && 'left') || 'center';
  return [
    low && [low.x, low.text, isLowInside ? 'left' : 'right'],
    middle && [middle.x, middle.text, side],
    high && [high.x, high.text, isHighInside ? 'right' : 'left'],
  ].filter(Boolean);
}

function outsideText({ n_below: below, n_above: above }) {
  return below + above > 0 ? ` ${plural(below + above, 'path')} beyond the bars.` : '';
}

function histogramFigure(d, model) {
  const { edges } = d.histogram;
  const threshold = thresholdOf(d, model);
  const color = (i, colors) =>
    threshold === null
      ? colors.main
      : edges[i] >= threshold
        ? colors.gain
        : edges[i + 1] <= threshold
          ? colors.loss
          : colors.bench;
  const missing = model.study.n_paths - d.n;
  return figure({
    title: titleOf(d, model.currency),
    legend:
      threshold === null
        ? [['main', 'paths', 'box']]
        : [
            ['gain', `above ${inUnit(threshold, d.unit).replace(/\.0+(?=%?$)/, '')}`, 'box'],
            ['loss', 'below', 'box'],
          ],
    label: `Histogram of ${d.label} over ${count(d.n)} paths: mean ${pair(d)}`,
    note:
      `Mean ${pair(d)}, deviation ${inUnit(d.deviation, d.unit)}, over ${plural(d.n, 'path')}.` +
      (missing > 0 ? ` Not defined on ${plural(missing, 'path')}.` : '') +
      outsideText(d.histogram),
    height: 240,
    option: histogramOption({
      ...d.histogram,
      tick: tickOf(d.unit),
      show: (x) => inUnit(x, d.unit),
      color,
      noun: 'Paths',
      marks: marksOf(d),
    }),
  }).element;
}

/* ---- one score against another --------------------------------------------------------------- */

function scatterOption(model, state) {
  return (view) => {
    const [dx, dy] = [state.x, state.y].map((name) => model.distribution(name));
    const xs = model.values.scores[state.x];
    const ys = model.values.scores[state.y];
    const points = xs.map((x, i) => [x, ys[i], i]).filter(([x, y]) => x !== null && y !== null);
    return {
      grid: grid(view, { bottom: 46, left: view.isNarrow ? 66 : 80 }),
      xAxis: {
        ...valueAxis(view, tickOf(dx.unit)),
        ...niceRange(extent(xs), view.isNarrow ? 3 : 6),
        ...axisName(view, titleOf(dx, model.currency), 28),
        splitLine: { show: false },
      },
      yAxis: {
        ...valueAxis(view, tickOf(dy.unit)),
        ...niceRange(extent(ys), 5),
        ...axisName(view, titleOf(dy, model.currency), view.isNarrow ? 50 : 62),
      },
      tooltip: tooltip(
        view,
        ({ value }) =>
          tooltipBox(`Path ${model.pathOf(value[2])}`, [
            [null, dx.label, inUnit(value[0], dx.unit)],
            [null, dy.label, inUnit(value[1], dy.unit)],
          ]),
        { trigger: 'item' },
      ),
      series: [
        {
          id: 'paths',
          type: 'scatter',
          symbolSize: view.isNarrow ? 4 : 5,
          itemStyle: { color: view.colors.main, opacity: 0.45 },
          emphasis: { disabled: true },
          data: points,
        },
      ],
    };
  };
}

function scatterFigure(model) {
  const names = Object.keys(model.values.scores).filter((name) => model.distribution(name));
  if (names.length < 2 || model.values.n_shown < 2) {
    return null;
  }
  const first = (wanted, other) => (names.includes(wanted) ? wanted : other);
  const state = { x: first('max_drawdown', names[1]), y: first('total_return', names[0]) };
  const options = names.map((name) => [name, model.distribution(name).label]);
  const pick = (key) => (name) => {
    state[key] = name;
    result.redraw();
  };
  const shown =
    model.values.n_shown < model.values.n
      ? `The first ${count(model.values.n_shown)} of ${plural(model.values.n, 'path')}; all are in paths.csv.`
      : `Each of the ${plural(model.values.n, 'path')} is a point.`;
  const result = figure({
    title: 'One score against another',
    tools: h(
      'div',
      { class: 'tools' },
      select('Upwards', options, state.y, pick('y')),
      h('span', { class: 'quiet' }, 'against'),
      select('Sideways', options, state.x, pick('x')),
    ),
    label: 'Scatter chart of two scores over paths',
    note: shown + ' Point at one for its path.',
    height: 340,
    option: scatterOption(model, state),
  });
  return result.element;
}

/* ---- tables ---------------------------------------------------------------------------------- */

function scoreTable(model) {
  const list = model.distributions;
  const levels = [...new Set(list.flatMap((d) => d.quantiles.map((q) => q.level)))].sort(
    (a, b) => a - b,
  );
  const at = (d, level) => d.quantiles.find((q) => q.level === level);
  const hasBenchmark = list.some((d) => isNumber(d.benchmark_mean));
  const columns = [
    {
      label: 'Score',
      isText: true,
      show: (i) => h('span', { title: list[i].convention }, titleOf(list[i], model.currency)),
    },
    {
      label: 'Mean',
      title: 'with its standard error',
      show: (i) => two(...measured(list[i].mean, list[i].mean_error, list[i].unit)),
    },
    { label: 'Deviation', show: (i) => inUnit(list[i].deviation, list[i].unit) },
    ...levels.map((level) => ({
      label: levelName(level),
      title: `quantile ${level} with its ${percent(model.conventions.confidence, 0)} interval`,
      show: (i) => {
        const q = at(list[i], level);
        return q ? two(inUnit(q.value, list[i].unit), interval(q.low, q.high, list[i].unit)) : '–';
      },
    })),
    { label: 'Paths', show: (i) => count(list[i].n) },
    ...(hasBenchmark
      ? [
          {
            label: `Mean of ${model.benchmark_name}`,
            show: (i) =>
              two(...measured(list[i].benchmark_mean, list[i].benchmark_error, list[i].unit)),
          },
        ]
      : []),
  ];
  return table({
    caption: 'Scores over paths: means and quantiles',
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'scores',
    isSortable: false,
    isHead: true,
    isWide: true,
  }).element;
}

function probabilityTable(model) {
  const list = model.probabilities;
  if (list.length === 0) {
    return null;
  }
  const columns = [
    { label: 'Event', isText: true, show: (i) => list[i].label, value: (i) => list[i].label },
    {
      label: 'Probability',
      title: `with its ${percent(model.conventions.confidence, 0)} interval`,
      show: (i) => two(percent(list[i].value), interval(list[i].low, list[i].high, 'fraction')),
      value: (i) => list[i].value,
    },
    {
      label: 'Paths',
      show: (i) => `${count(list[i].n_hits)} of ${count(list[i].n)}`,
      value: (i) => list[i].n_hits,
    },
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'Probabilities'),
    table({ caption: 'Probabilities', columns, n: list.length, noun: 'events', isHead: true })
      .element,
  );
}

export function distributionsSection(model) {
  const drawn = model.distributions.filter((d) => d.histogram);
  return section(
    'distributions',
    'Distributions',
    `Over ${plural(model.study.n_paths, 'path')}. A mean is given with one standard error, a quantile with its ${percent(model.conventions.confidence, 0)} interval; a dash: too few paths for one.`,
    scoreTable(model),
    probabilityTable(model),
    drawn.length > 0
      ? h(
          'div',
          { class: 'pair' },
          drawn.map((d) => histogramFigure(d, model)),
        )
      : absent('Too few paths for histograms.'),
    scatterFigure(model),
  );
}
