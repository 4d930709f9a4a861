/* windows.js - the windows of a forecasting study: spans, choices, how each went. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { absent, h, select } from './dom.js';
import { figure } from './figure.js';
import { count, instant, isNumber, percent, percentTick, plural, significant } from './format.js';
import { table } from './table.js';

const dayOf = (text) => text.slice(0, 10);
const number = (x) => significant(x, 4);

/* "12 to 40 of 100": the chosen epochs of a window's seeds, from 1. */
function epochsText(curves) {
  const best = curves
    .map((c) => c.best_epoch)
    .filter(isNumber)
    .map((e) => e + 1);
  const [low, high] = extent(best);
  const [, most] = extent(curves.map((c) => c.n_epochs));
  if (best.length === 0) {
    return '–';
  }
  return `${low === high ? count(low) : `${count(low)} to ${count(high)}`} of ${count(most)}`;
}

const meanBest = (curves) => {
  const best = curves.map((c) => c.best_epoch).filter(isNumber);
  return best.length > 0 ? best.reduce((a, b) => a + b, 0) / best.length : null;
};

function span(from, to) {
  return h(
    'span',
    { title: `${instant(from)} to ${instant(to)} UTC` },
    `${dayOf(from)} to ${dayOf(to)}`,
  );
}

function windowsTable(f) {
  const w = f.windows;
  const cell = (label, key, show, title) => ({
    label,
    title,
    show: (i) => show(w[key][i]),
    value: (i) => w[key][i],
  });
  const hasPicks = w.pick.some((text) => text !== '');
  const columns = [
    { label: 'Window', show: (i) => String(i), value: (i) => i },
    {
      label: 'Trained on',
      isText: true,
      title: 'known in this span, validation data at its end included',
      show: (i) => [
        span(w.train_from[i], w.train_to[i]),
        h('span', { class: 'quiet under whole' }, `validated from ${dayOf(w.validation_from[i])}`),
      ],
      value: (i) => w.train_from[i],
    },
    {
      label: 'Tested on',
      isText: true,
      show: (i) => span(w.test_from[i], w.test_to[i]),
      value: (i) => w.test_from[i],
    },
    {
      label: 'Samples',
      title: 'fitted to, and validated with; tested on',
      show: (i) => [
        `${count(w.n_train[i])} + ${count(w.n_validation[i])}`,
        h('span', { class: 'quiet under whole' }, `${count(w.n_test[i])} tested`),
      ],
      value: (i) => w.n_train[i],
    },
    ...(w.n_trials.some((n) => n > 1)
      ? [
          {
            label: 'Trials',
            title: 'combinations of hyper-parameters that were tried, and those that failed',
            show: (i) => [
              count(w.n_trials[i]),
              w.n_failed[i] > 0
                ? h('span', { class: 'quiet under whole' }, `${count(w.n_failed[i])} failed`)
                : null,
            ],
            value: (i) => w.n_trials[i],
          },
        ]
      : []),
    ...(hasPicks
      ? [
          {
            label: 'Chosen',
            isText: true,
            isLong: true,
            show: (i) => h('code', {}, w.pick[i]),
            value: (i) => w.pick[i],
          },
        ]
      : []),
    cell(
      'Validation',
      'validation_score',
      number,
      `score of the choice on validation data, by ${f.selection}`,
    ),
    cell('Test loss', 'test_loss', number, `${f.loss} on the test samples`),
    cell(
      'Hit rate',
      'hit_rate',
      (x) => percent(x),
      "test samples whose forecast has the target's sign",
    ),
    ...(f.curves.length > 0
      ? [
          {
            label: 'Epoch',
            title: 'chosen epoch over the seeds, of the epochs that were done',
            show: (i) => epochsText(f.byWindow[i]),
            value: (i) => meanBest(f.byWindow[i]),
          },
        ]
      : []),
  ];
  return table({ caption: 'Windows', columns, n: w.n, noun: 'windows', isWide: true }).element;
}

/* ---- one measure over windows ---------------------------------------------------------------- */

function measures(f) {
  const w = f.windows;
  const all = {
    hit_rate: ['Hit rate', w.hit_rate, percentTick, (x) => percent(x)],
    validation_score: [`Validation score, ${f.selection}`, w.validation_score, number, number],
    test_loss: [`Test loss, ${f.loss}`, w.test_loss, number, number],
    epoch: ['Chosen epoch, mean over seeds', f.byWindow.map(meanBest), number, number],
  };
  return Object.entries(all).filter(([, [, values]]) => values.filter(isNumber).length > 1);
}

function measureOption(f, state, byName) {
  return (view) => {
    const [label, values, tick, show] = byName.get(state.measure);
    const points = values.map((x, i) => [i, x]);
    const base = state.measure === 'hit_rate' ? [0.5] : [];
    return {
      grid: grid(view, { bottom: 46, left: view.isNarrow ? 60 : 70 }),
      xAxis: {
        ...valueAxis(view, count),
        min: -0.5,
        max: values.length - 0.5,
        interval: Math.max(1, Math.round(niceRange([0, values.length], 6).interval)),
        axisLabel: {
          ...valueAxis(view, (x) => (Number.isInteger(x) ? count(x) : '')).axisLabel,
          customValues: labelled(values.length, view),
        },
        splitLine: { show: false },
        ...axisName(view, 'window'),
      },
      yAxis: { ...valueAxis(view, tick), ...niceRange(extent([...values, ...base])) },
      tooltip: tooltip(view, (items) => {
        const i = Math.min(values.length - 1, Math.max(0, Math.round(items[0].axisValue)));
        return tooltipBox(`Window ${i}`, [
          [view.colors.main, label, show(values[i])],
          [null, 'Tested', `${dayOf(f.windows.test_from[i])} to ${dayOf(f.windows.test_to[i])}`],
        ]);
      }),
      series: [
        lineSeries('measure', view.colors.main, points, {
          showSymbol: true,
          symbol: 'circle',
          symbolSize: values.length > 60 ? 4 : 7,
          lineStyle: { color: view.colors.main, width: 1, opacity: 0.5 },
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: view.colors.muted, type: 'dashed' },
            data: base.map((y) => ({ yAxis: y })),
          },
        }),
      ],
    };
  };
}

/* Windows with a number under them: round steps from the first. */
function labelled(n, view) {
  const step = Math.max(1, Math.round(niceRange([0, n], view.isNarrow ? 4 : 8).interval));
  return Array.from({ length: Math.ceil(n / step) }, (_, k) => k * step);
}

function measureFigure(f) {
  const list = measures(f);
  if (f.windows.n < 3 || list.length === 0) {
    return null;
  }
  const state = { measure: list[0][0] };
  const result = figure({
    title: 'Window by window',
    tools: h(
      'div',
      { class: 'tools' },
      select(
        'Measure',
        list.map(([name, [label]]) => [name, label]),
        state.measure,
        (name) => {
          state.measure = name;
          result.redraw();
        },
      ),
    ),
    label: `Line chart of a measure over ${plural(f.windows.n, 'window')}`,
    height: 260,
    option: measureOption(f, state, new Map(list)),
  });
  return result.element;
}

export function windowsBlock(f) {
  return f.windows.n > 0
    ? [
        measureFigure(f),
        h('h3', {}, 'Windows'),
        windowsTable(f),
        h(
          'p',
          { class: 'caption' },
          'Windows, seeds and epochs count from 0, as in forecast_windows.csv and training.csv. Hyper-parameters and epochs were chosen on validation data alone.',
        ),
      ]
    : absent('No window was tested.');
}
