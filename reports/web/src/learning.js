/* learning.js - how policies learned: risk, cost and deviation on validation paths against steps or
 * seconds, a thin line a seed and a thick one for their median; and the trials of tuning. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { absent, choice, h, section } from './dom.js';
import { logAxis } from './equity.js';
import { figure } from './figure.js';
import { count, isNumber, plural, significant } from './format.js';
import { hedgerColor, hedgerLine, hedgerPicker } from './hedgers.js';
import { calmExtent, medianLine } from './layout.js';
import { table } from './table.js';

const EVERYWHERE = [-Infinity, Infinity];
const STEEP = 8;
const tick = (x) => significant(x, 4);

/* The curves of the shown hedgers that have these lists. */
const curvesOf = (model, state, key) =>
  model.curves.filter((c) => state.shown.includes(c.hedger) && c[key] && c[state.x]);

const byHedger = (curves) => {
  const out = new Map();
  curves.forEach((c) => out.set(c.hedger, [...(out.get(c.hedger) || []), c]));
  return [...out.entries()];
};

function curveSeries(curves, key, state, view, scaled) {
  const points = (xs, ys) => xs.map((x, i) => [x, scaled(ys[i])]);
  return byHedger(curves).flatMap(([i, list]) => {
    const median = medianLine(list.map((c) => ({ xs: c[state.x], ys: c[key] })));
    const thin = list.map((c) =>
      lineSeries(`seed-${i}-${c.seed}`, hedgerColor(i, view), points(c[state.x], c[key]), {
        z: 2,
        connectNulls: true,
        lineStyle: hedgerLine(i, view, { width: 0.7, opacity: 0.45, type: 'solid' }),
      }),
    );
    return [
      ...(list.length > 1 ? thin : []),
      lineSeries(
        `median-${i}`,
        hedgerColor(i, view),
        median.map(([x, y]) => [x, scaled(y)]),
        { z: 4, lineStyle: hedgerLine(i, view, { width: 2.4 }) },
      ),
    ];
  });
}

/* What the axis must hold: all of a curve, or its second half. */
const partOf = (values, state) =>
  state.isEnd ? values.slice(Math.floor(values.length / 2)) : values;

/* Do the first steps hide what comes after them? */
function isSteep(model) {
  const range = (isEnd) => {
    const lists = model.curves.map((c) => partOf(c.validation_risk || [], { isEnd }));
    const [low, high] = extent(lists.flat());
    return high - low;
  };
  return range(false) > STEEP * range(true);
}

/* The test number of the best rule, if it is near. */
function ruleMark(model, measure, range, scaled, view) {
  const score = model.rule >= 0 && measure ? model.score(model.rule, measure) : null;
  if (!score || !isNumber(score.value) || score.value < range.min || score.value > range.max) {
    return {};
  }
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: view.colors.muted, type: 'dashed' },
      label: {
        formatter: `${model.hedgers[model.rule].label}, on test paths`,
        position: 'insideEndTop',
        color: view.colors.muted,
        fontSize: 11,
      },
      data: [{ yAxis: scaled(score.value) }],
    },
  };
}

function curveOption(model, state, key, measure) {
  return (view) => {
    const curves = curvesOf(model, state, key);
    const isLog = key === 'damping';
    const scaled = (y) => (y === null ? null : isLog ? (y > 0 ? Math.log(y) : null) : y);
    const series = curveSeries(curves, key, state, view, scaled);
    const calm = calmExtent(curves.flatMap((c) => partOf(c[key], state)));
    const range = niceRange([calm.low, calm.high]);
    const across = niceRange(
      [0, extent(curves.flatMap((c) => c[state.x]))[1] || 1],
      view.isNarrow ? 4 : 6,
    );
    if (series.length > 0 && !isLog) {
      Object.assign(series[0], ruleMark(model, measure, range, scaled, view));
    }
    return {
      grid: grid(view, { bottom: 46, left: view.isNarrow ? 60 : 70 }),
      xAxis: {
        ...valueAxis(view, state.x === 'steps' ? count : tick),
        ...across,
        splitLine: { show: false },
        ...axisName(view, state.x === 'steps' ? 'training steps' : 'seconds of training'),
      },
      yAxis: isLog
        ? logAxis(
            { ...view, range: EVERYWHERE },
            series.map((s) => s.data),
            tick,
          )
        : { ...valueAxis(view, tick), ...range },
      tooltip: tooltip(view, (items) =>
        curveTip(model, curves, key, state, items[0].axisValue, view),
      ),
      series,
    };
  };
}

function curveTip(model, curves, key, state, x, view) {
  const rows = byHedger(curves).map(([i, list]) => {
    const near = medianLine(list.map((c) => ({ xs: c[state.x], ys: c[key] }))).reduce(
      (best, p) => (best === null || Math.abs(p[0] - x) < Math.abs(best[0] - x) ? p : best),
      null,
    );
    return [hedgerColor(i, view), model.hedgers[i].label, near ? tick(near[1]) : '–'];
  });
  return tooltipBox(
    state.x === 'steps' ? `Step ${count(x)}` : `${significant(x, 3)} seconds`,
    rows,
  );
}

/* ---- figures --------------------------------------------------------------------------------- */

const KINDS = [
  ['validation_risk', 'Risk on validation paths', 'risk'],
  ['validation_cost', 'Mean cost on validation paths', 'cost_mean'],
  ['validation_sd', 'Standard deviation of P&L on validation paths', 'pnl_sd'],
  ['train_loss', 'Training loss', null],
  ['damping', 'Damping', null],
];

function curveFigure(model, state, [key, title, measure], isFirst) {
  const curves = model.curves.filter((c) => c[key] && c[key].some(isNumber));
  if (curves.length === 0) {
    return null;
  }
  const { isCut } = calmExtent(curves.flatMap((c) => c[key]));
  return figure({
    title,
    label: `Line chart: ${title.toLowerCase()} while training, ${plural(curves.length, 'seed line')}`,
    note: isCut ? 'Cut off above: the first steps are worse.' : null,
    height: isFirst ? 340 : 250,
    option: curveOption(model, state, key, measure),
  });
}

function learningFigures(model) {
  const list = [...new Set(model.curves.map((c) => c.hedger))].sort((a, b) => a - b);
  const state = { x: 'steps', isEnd: isSteep(model), shown: list };
  const figures = KINDS.map((kind, k) => curveFigure(model, state, kind, k === 0)).filter(Boolean);
  const redraw = () => figures.forEach((f) => f.redraw());
  const picker = hedgerPicker(model, list, (shown) => {
    state.shown = shown;
    redraw();
  });
  const hasSeconds = model.curves.some((c) => c.seconds && c.seconds.some(isNumber));
  const [first, ...rest] = figures;
  return [
    h(
      'div',
      { class: 'figure-head' },
      picker.legend,
      h(
        'div',
        { class: 'tools' },
        picker.element,
        choice(
          'Scale of the axes upwards',
          [
            ['whole', 'Whole'],
            ['end', 'The end', 'axes upwards that hold the second half of training'],
          ],
          state.isEnd ? 'end' : 'whole',
          (part) => {
            state.isEnd = part === 'end';
            redraw();
          },
        ),
        hasSeconds
          ? choice(
              'Against',
              [
                ['steps', 'Steps'],
                ['seconds', 'Seconds', 'all that the optimiser does counts'],
              ],
              'steps',
              (x) => {
                state.x = x;
                redraw();
              },
            )
          : null,
      ),
    ),
    first ? first.element : absent('Training left no numbers to draw.'),
    h(
      'div',
      { class: 'pair' },
      rest.map((f) => f.element),
    ),
  ];
}

/* ---- tuning ---------------------------------------------------------------------------------- */

function trialsBlock(model) {
  const list = model.trials;
  if (list.length === 0) {
    return null;
  }
  const columns = [
    {
      label: 'Policy',
      isText: true,
      show: (i) => model.hedgers[list[i].hedger].label,
      value: (i) => model.hedgers[list[i].hedger].label,
    },
    {
      label: 'Tried',
      isText: true,
      isLong: true,
      show: (i) => h('code', {}, list[i].name),
      value: (i) => list[i].name,
    },
    {
      label: 'Validation risk',
      title: 'mean over the tuning seeds',
      show: (i) => significant(list[i].validation_risk, 5),
      value: (i) => list[i].validation_risk,
      tone: (i) => (list[i].is_chosen ? 'best' : ''),
    },
    {
      label: '± spread',
      title: 'standard deviation over the tuning seeds',
      show: (i) => significant(list[i].spread, 2),
      value: (i) => list[i].spread,
    },
    {
      label: 'Chosen',
      isText: true,
      show: (i) => (list[i].is_chosen ? 'chosen' : ''),
      value: (i) => list[i].is_chosen,
    },
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'Tuning'),
    h(
      'p',
      { class: 'caption' },
      'On seeds of its own; what was chosen was frozen before the seeds of this report were trained.',
    ),
    table({ caption: 'Tuning trials', columns, n: list.length, noun: 'trials', isHead: true })
      .element,
  );
}

export function learningSection(model) {
  if (model.curves.length === 0 && model.trials.length === 0) {
    return null;
  }
  return section(
    'training',
    'Training',
    'A thin line is a seed, a thick one the median over seeds, as far as half of them go.',
    model.curves.length > 0 ? learningFigures(model) : null,
    trialsBlock(model),
  );
}
