/* samples.js - single test paths: spot, variance, and what each hedger held, date by date. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { h, section, select } from './dom.js';
import { figure } from './figure.js';
import { count, isNumber, percentTick, significant } from './format.js';
import { hedgerColor, hedgerLine, hedgerPicker } from './hedgers.js';
import { table } from './table.js';

const tick = (x) => significant(x, 4);
const nameOf = (s) => [s.what, `path ${s.path}`].filter(Boolean).join(', ');

function dateAxis(n, view) {
  const { interval } = niceRange([0, n], view.isNarrow ? 4 : 8);
  const step = Math.max(1, Math.round(interval));
  const axis = valueAxis(view, count);
  return {
    ...axis,
    min: 0,
    max: n,
    interval: step,
    axisLabel: { ...axis.axisLabel, showMaxLabel: n % step === 0 },
    splitLine: { show: false },
    ...axisName(view, 'date'),
  };
}

const dateOf = (items, last) => Math.min(last, Math.max(0, Math.round(items[0].axisValue)));

/* One line over the dates, spot or variance (shown as a volatility). */
function lineOption(model, state, { of, show, name }) {
  return (view) => {
    const values = of(model.samples[state.sample]);
    const n = model.study.n_dates;
    return {
      grid: grid(view, { bottom: 44, left: 58 }),
      xAxis: dateAxis(n, view),
      yAxis: { ...valueAxis(view, show), ...niceRange(extent(values)) },
      tooltip: tooltip(view, (items) => {
        const k = dateOf(items, n);
        return tooltipBox(`Date ${k}`, [[view.colors.ink, name, show(values[k])]]);
      }),
      series: [
        lineSeries(
          'line',
          view.colors.ink,
          values.map((y, k) => [k, y]),
        ),
      ],
    };
  };
}

/* A position holds until the next date. */
function positionOption(model, state, j) {
  return (view) => {
    const { positions } = model.samples[state.sample];
    const n = model.study.n_dates;
    const shown = state.shown.filter((i) => positions[i][j].some(isNumber));
    return {
      grid: grid(view, { bottom: 44, left: 58 }),
      xAxis: dateAxis(n, view),
      yAxis: {
        ...valueAxis(view, tick),
        ...niceRange(extent(shown.flatMap((i) => positions[i][j]))),
      },
      tooltip: tooltip(view, (items) => {
        const k = dateOf(items, n - 1);
        return tooltipBox(
          `Held from date ${k}`,
          shown.map((i) => [
            hedgerColor(i, view),
            model.hedgers[i].label,
            tick(positions[i][j][k]),
          ]),
        );
      }),
      series: shown.map((i) => {
        const held = positions[i][j];
        const last = held[n - 1];
        return lineSeries(
          `hedger-${i}`,
          hedgerColor(i, view),
          [...held.map((y, k) => [k, y]), [n, last]],
          { step: 'end', z: model.hedgers[i].is_policy ? 4 : 3, lineStyle: hedgerLine(i, view) },
        );
      }),
    };
  };
}

function figuresOf(model, state) {
  const hasVariance = model.samples.some((s) => s.variance);
  const spot = figure({
    title: 'Spot',
    label: 'Line chart of the spot on the path, by date',
    height: 220,
    option: lineOption(model, state, { of: (s) => s.spot, show: tick, name: 'Spot' }),
  });
  const volatility = hasVariance
    ? figure({
        title: 'Volatility',
        label: 'Line chart of the volatility on the path, by date',
        note: 'Square root of the variance a year.',
        height: 220,
        option: lineOption(model, state, {
          of: (s) =>
            (s.variance || []).map((v) => (isNumber(v) ? Math.sqrt(Math.max(0, v)) : null)),
          show: percentTick,
          name: 'Volatility',
        }),
      })
    : null;
  const positions = model.instruments.map((x, j) =>
    figure({
      title: `Position in ${x.name}`,
      label: `Step chart of what each hedger held in ${x.name}, by date`,
      height: 300,
      option: positionOption(model, state, j),
    }),
  );
  return { above: [spot, volatility].filter(Boolean), positions };
}

function pnlTable(model, list) {
  const columns = [
    {
      label: 'Hedger',
      isText: true,
      show: (i) => model.hedgers[list[i]].label,
      value: (i) => model.hedgers[list[i]].label,
    },
    ...model.samples.map((s) => ({
      label: s.what || `Path ${s.path}`,
      title: `P&L on path ${s.path}`,
      show: (i) => tick(s.pnl[list[i]]),
      value: (i) => s.pnl[list[i]],
    })),
  ];
  return table({
    caption: 'P&L of each hedger on these paths',
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'hedgers',
    isHead: true,
    isWide: true,
  }).element;
}

export function samplesSection(model) {
  if (model.samples.length === 0) {
    return null;
  }
  const list = model.hedgers
    .map((_, i) => i)
    .filter((i) => model.samples.some((s) => isNumber(s.pnl[i])));
  const state = { sample: 0, shown: list };
  const { above, positions } = figuresOf(model, state);
  const redraw = () => [...above, ...positions].forEach((f) => f.redraw());
  const picker = hedgerPicker(model, list, (shown) => {
    state.shown = shown;
    redraw();
  });
  const paths = model.samples.map((s, i) => [String(i), nameOf(s)]);
  return section(
    'samples',
    'Sample paths',
    'What each hedger held on single test paths. A position is chosen at a date and held until the next.',
    h(
      'div',
      { class: 'figure-head' },
      picker.legend,
      h(
        'div',
        { class: 'tools' },
        paths.length > 1
          ? select('Path', paths, '0', (key) => {
              state.sample = Number(key);
              redraw();
            })
          : h('span', { class: 'quiet' }, paths[0][1]),
        picker.element,
      ),
    ),
    h(
      'div',
      { class: above.length > 1 ? 'pair' : '' },
      above.map((f) => f.element),
    ),
    positions.map((f) => f.element),
    h('div', { class: 'block' }, h('h3', {}, 'P&L on these paths'), pnlTable(model, list)),
  );
}
