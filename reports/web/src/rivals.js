/* rivals.js - the model beside simpler forecasters: numbers, tests, and their equity in one chart.
 */
import { extent } from './axis.js';
import { fittedAxis, grid, lineSeries, timeAxis, tooltip, tooltipBox, zooms } from './chart.js';
import { choice, h, select } from './dom.js';
import { logAxis } from './equity.js';
import { figure } from './figure.js';
import { count, day, isNumber, money, percent, pValue, ratio, short } from './format.js';
import { bestOf, lineStyle } from './layout.js';
import { linePoints, nearest } from './reduce.js';
import { table } from './table.js';

const DASH = [5, 3];
const SIGNIFICANT = 0.05;

/* ---- table ----------------------------------------------------------------------------------- */

/* A column in which the highest number is the best, and is bold. */
function ranked(list, label, key, show) {
  const best = list.length > 1 ? bestOf(list.map((r) => r[key])) : -1;
  return {
    label,
    show: (i) => show(list[i][key]),
    value: (i) => list[i][key],
    tone: (i) => (i === best ? 'best' : ''),
  };
}

function testColumns(list, statistic, p, [head, title]) {
  const tone = (i) =>
    list[i][p] !== null && list[i][p] < SIGNIFICANT
      ? list[i][statistic] > 0
        ? 'gain'
        : 'loss'
      : '';
  return [
    {
      label: head,
      title,
      show: (i) => ratio(list[i][statistic]),
      value: (i) => list[i][statistic],
      tone,
    },
    {
      label: 'p',
      title: `${title}: two-sided p-value`,
      show: (i) => pValue(list[i][p]),
      value: (i) => list[i][p],
      tone,
    },
  ];
}

function rivalsTable(list) {
  const plain = (label, key, show) => ({
    label,
    show: (i) => show(list[i][key]),
    value: (i) => list[i][key],
  });
  const columns = [
    { label: 'Forecaster', isText: true, show: (i) => list[i].label, value: (i) => list[i].label },
    ranked(list, 'Sharpe', 'sharpe', (x) => ratio(x)),
    ranked(list, 'Annual return', 'annual_return', (x) => percent(x, 2, true)),
    plain('Volatility', 'volatility', (x) => percent(x)),
    plain('Max drawdown', 'max_drawdown', (x) => percent(x)),
    ranked(list, 'Final equity', 'final_equity', (x) => money(x)),
    plain('Costs', 'costs', (x) => money(x)),
    plain('Trades', 'n_trades', count),
    ...(list.length > 1
      ? testColumns(list, 'dm_statistic', 'dm_p_value', [
          'DM',
          'Diebold-Mariano test on daily net returns; above 0 the model earns more',
        ])
      : []),
    ...(list.some((r) => isNumber(r.dm_error_p_value))
      ? testColumns(list, 'dm_error_statistic', 'dm_error_p_value', [
          'DM, errors',
          'Diebold-Mariano test on squared errors; above 0 the model errs less',
        ])
      : []),
  ];
  return table({
    caption: 'The model and its rivals',
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'forecasters',
    isHead: true,
    isWide: true,
  }).element;
}

/* ---- equity ---------------------------------------------------------------------------------- */

const shownLines = (lines, state) =>
  state.rival === 'all' ? lines : lines.filter((r) => r.i === 0 || String(r.i) === state.rival);

function equityOption(lines, state) {
  return (view) => {
    const shown = shownLines(lines, state);
    const scaled = (values) =>
      state.isLog ? values.map((x) => (x > 0 ? Math.log(x) : null)) : values;
    const series = shown.map((r) => {
      const { color, isDashed } = lineStyle(r.i);
      return lineSeries(
        `rival-${r.i}`,
        view.colors[color],
        linePoints(r.ms, scaled(r.equity), view.range, view.pixels),
        {
          z: r.i === 0 ? 5 : 3,
          lineStyle: {
            color: view.colors[color],
            width: r.i === 0 ? 2.2 : 1.3,
            type: isDashed ? DASH : 'solid',
          },
        },
      );
    });
    const lists = series.map((s) => s.data);
    return {
      grid: grid(view, { bottom: 66 }),
      xAxis: timeAxis(view),
      yAxis: state.isLog ? logAxis(view, lists) : fittedAxis(view, short, lists),
      tooltip: tooltip(view, (items) => {
        const at = items[0].axisValue;
        const ms = shown[0].ms[nearest(shown[0].ms, at)];
        return tooltipBox(
          day(ms),
          shown.map((r) => [
            view.colors[lineStyle(r.i).color],
            r.label,
            money(r.equity[nearest(r.ms, at)]),
          ]),
        );
      }),
      dataZoom: zooms(view, [0], true),
      series,
    };
  };
}

function equityFigure(model, lines) {
  const state = { rival: 'all', isLog: false };
  const set = (key, of) => (value) => {
    state[key] = of(value);
    result.redraw();
  };
  const others = lines.filter((r) => r.i > 0);
  const isPositive = lines.every((r) => extent(r.equity)[0] > 0);
  const result = figure({
    title: `Equity of the model and its rivals${model.currency ? ', ' + model.currency : ''}`,
    legend: lines.map((r) => {
      const { color, isDashed } = lineStyle(r.i);
      return [color, r.label, isDashed ? 'dash' : 'line'];
    }),
    tools: h(
      'div',
      { class: 'tools' },
      others.length > 1
        ? select(
            'Compare with',
            [['all', 'All rivals'], ...others.map((r) => [String(r.i), `Only ${r.label}`])],
            'all',
            set('rival', String),
          )
        : null,
      isPositive
        ? choice(
            'Scale',
            [
              ['linear', 'Linear'],
              ['log', 'Log'],
            ],
            'linear',
            set('isLog', (x) => x === 'log'),
          )
        : null,
    ),
    label: `Line chart of equity: ${lines
      .map((r) => `${r.label} ended at ${money(r.equity[r.equity.length - 1])}`)
      .join(', ')}`,
    height: 380,
    isTime: true,
    option: equityOption(lines, state),
  });
  return result.element;
}

/* The table of all, the lines of those that have one. */
export function rivalsBlock(model) {
  const list = model.forecast.rivals;
  if (list.length === 0) {
    return null;
  }
  const lines = list.map((r, i) => ({ ...r, i })).filter((r) => r.ms.length > 1);
  return [
    h(
      'div',
      { class: 'block' },
      h('h3', {}, 'The model and its rivals'),
      rivalsTable(list),
      list.length > 1
        ? h(
            'p',
            { class: 'caption' },
            'The same windows, strategy and costs for all; bold: the best of its column. DM: Diebold-Mariano test against the model on daily net returns, above 0 the model earns more; p is two-sided, coloured below 0.05.',
          )
        : null,
    ),
    lines.length > 0 ? equityFigure(model, lines) : null,
  ];
}
