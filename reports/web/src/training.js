/* training.js - losses and the selection metric, epoch by epoch, of the networks that were chosen:
 * a window at a time. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { absent, choice, h, select } from './dom.js';
import { logAxis } from './equity.js';
import { figure } from './figure.js';
import { count, isNumber, plural, significant } from './format.js';
import { epochIndex, epochsOf } from './layout.js';

const FEW = 3; /* curves that a tooltip names one by one */
const EVERYWHERE = [-Infinity, Infinity];

const shownCurves = (f, state) =>
  f.byWindow[state.window].filter((c) => state.seed === 'all' || String(c.seed) === state.seed);

const pointsOf = (c, values, scaled) =>
  values ? epochsOf(c).map((e, i) => [e, scaled(values[i])]) : [];

/* ---- pieces of the two charts ---------------------------------------------------------------- */

function bestMarks(curves, key, scaled, view) {
  const data = curves
    .filter((c) => c.best_epoch !== null && c[key])
    .map((c) => [c.best_epoch, scaled(c[key][epochIndex(c, c.best_epoch)])]);
  return {
    id: 'best',
    type: 'scatter',
    z: 6,
    symbol: 'diamond',
    symbolSize: 11,
    silent: true,
    emphasis: { disabled: true },
    itemStyle: {
      opacity: 1,
      color: view.colors.page,
      borderColor: view.colors.ink,
      borderWidth: 1.6,
    },
    data,
  };
}

function curveLines(curves, [key, color], scaled, view) {
  const style = {
    color: view.colors[color],
    width: curves.length > 1 ? 1.1 : 1.8,
    opacity: curves.length > FEW ? 0.6 : 0.95,
  };
  return curves.map((c) =>
    lineSeries(`${key}-${c.seed}`, view.colors[color], pointsOf(c, c[key], scaled), {
      z: 3,
      showSymbol: c.n_epochs === 1,
      connectNulls: true,
      lineStyle: style,
    }),
  );
}

function epochAxis(curves, view) {
  const last = Math.max(1, ...curves.map((c) => c.n_epochs - 1));
  const { interval } = niceRange([0, last], view.isNarrow ? 4 : 6);
  return {
    ...valueAxis(view, count),
    min: 0,
    max: last,
    interval: Math.max(1, Math.round(interval)),
    splitLine: { show: false },
    ...axisName(view, 'epoch'),
  };
}

/* One row a curve, or the range over many. */
function tipRows(curves, epoch, lines, view) {
  return lines.flatMap(([key, color, name]) => {
    const values = curves.map((c) => (c[key] ? c[key][epochIndex(c, epoch)] : null));
    if (curves.length <= FEW) {
      return curves.map((c, i) => [
        view.colors[color],
        curves.length > 1 ? `${name}, seed ${c.seed}` : name,
        significant(values[i]),
      ]);
    }
    const [low, high] = extent(values);
    return [[view.colors[color], name, `${significant(low)} to ${significant(high)}`]];
  });
}

/* lines: [[key of a curve, colour, name]]; the last has the best epochs on it. */
function curvesOption(f, state, lines) {
  const marked = lines[lines.length - 1][0];
  return (view) => {
    const curves = shownCurves(f, state);
    const isLog = state.isLog && marked !== 'selection';
    const scaled = (x) => (x === null ? null : isLog ? (x > 0 ? Math.log(x) : null) : x);
    const series = lines.flatMap((line) => curveLines(curves, line, scaled, view));
    const lists = series.map((s) => s.data);
    const tick = (x) => significant(x, 3);
    return {
      grid: grid(view, { bottom: 46, left: view.isNarrow ? 60 : 70 }),
      xAxis: epochAxis(curves, view),
      yAxis: isLog
        ? logAxis({ ...view, range: EVERYWHERE }, lists)
        : { ...valueAxis(view, tick), ...niceRange(extent(lists.flat().map((p) => p[1]))) },
      tooltip: tooltip(view, (items) => {
        const epoch = Math.round(items[0].axisValue);
        return tooltipBox(`Epoch ${count(epoch)}`, tipRows(curves, epoch, lines, view));
      }),
      series: [...series, bestMarks(curves, marked, scaled, view)],
    };
  };
}

/* ---- the block ------------------------------------------------------------------------------- */

const hasNumbers = (f, key) => f.curves.some((c) => c[key] && c[key].some(isNumber));

function lossFigure(f, state) {
  const lines = [
    ['train_loss', 'main', 'training'],
    ['validation_loss', 'accent', 'validation'],
  ].filter(([key]) => hasNumbers(f, key));
  if (lines.length === 0) {
    return null;
  }
  return figure({
    title: `Loss${f.loss ? ', ' + f.loss : ''}`,
    legend: [...lines.map(([, color, name]) => [color, name]), ['ink', 'chosen epoch', 'ring']],
    label: 'Line chart of training and validation loss by epoch',
    height: 300,
    option: curvesOption(f, state, lines),
  });
}

function selectionFigure(f, state) {
  if (!hasNumbers(f, 'selection')) {
    return null;
  }
  const lines = [['selection', 'gain', f.selection || 'selection']];
  return figure({
    title: `What picks the epoch${f.selection ? ': ' + f.selection : ''}`,
    legend: [
      ['gain', 'on validation data'],
      ['ink', 'chosen epoch', 'ring'],
    ],
    label: 'Line chart of the selection metric by epoch',
    height: 300,
    option: curvesOption(f, state, lines),
  });
}

function windowOptions(f) {
  return f.byWindow
    .map((curves, i) => [i, curves])
    .filter(([, curves]) => curves.length > 0)
    .map(([i]) => [
      i,
      `Window ${i}, tested ${f.windows.test_from[i].slice(0, 10)} to ${f.windows.test_to[i].slice(0, 10)}`,
    ]);
}

const isPositive = (f) =>
  f.curves.every((c) =>
    [c.train_loss, c.validation_loss].every((list) => !list || !(extent(list)[0] <= 0)),
  );

function tools(f, options, state, redraw) {
  const seeds = [...new Set(f.curves.map((c) => c.seed))].sort((a, b) => a - b);
  const set = (key, of) => (value) => {
    state[key] = of(value);
    redraw();
  };
  return h(
    'div',
    { class: 'tools' },
    options.length > 1 ? select('Window', options, state.window, set('window', Number)) : null,
    seeds.length > 1
      ? select(
          'Seed',
          [['all', 'All seeds'], ...seeds.map((s) => [String(s), `Seed ${s}`])],
          'all',
          set('seed', String),
        )
      : null,
    isPositive(f)
      ? choice(
          'Scale of the loss',
          [
            ['linear', 'Linear'],
            ['log', 'Log'],
          ],
          'linear',
          set('isLog', (x) => x === 'log'),
        )
      : null,
  );
}

export function trainingBlock(f) {
  const options = windowOptions(f);
  if (options.length === 0) {
    return null;
  }
  const state = { window: options[0][0], seed: 'all', isLog: false };
  const figures = [lossFigure(f, state), selectionFigure(f, state)].filter(Boolean);
  if (figures.length === 0) {
    return absent('Training left no numbers to draw.');
  }
  const redraw = () => figures.forEach((one) => one.redraw());
  return [
    h('div', { class: 'figure-head' }, h('h3', {}, 'Training'), tools(f, options, state, redraw)),
    h(
      'p',
      { class: 'caption' },
      `Of the chosen networks: ${plural(f.curves.length, 'curve')}, a window and seed each. An epoch chosen at the very start: little was learned that holds on validation data; at the very end: more epochs may help.`,
    ),
    h(
      'div',
      { class: figures.length > 1 ? 'pair' : '' },
      figures.map((one) => one.element),
    ),
  ];
}
