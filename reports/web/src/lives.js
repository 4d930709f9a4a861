/* lives.js - option lives on real prices: P&L of each by hedger, over time and in numbers. */
import { extent, niceRange } from './axis.js';
import { grid, lineSeries, timeAxis, tooltip, tooltipBox, valueAxis, zooms } from './chart.js';
import { h, section } from './dom.js';
import { figure } from './figure.js';
import { count, day, isNumber, percent, percentTick, plural, price } from './format.js';
import { hedgerColor, hedgerLine, hedgerPicker } from './hedgers.js';
import { nearest } from './reduce.js';
import { table } from './table.js';

const share = (x) => percent(x, 2, true);

function livesOption(model, state) {
  const { rows, end_ms: ends } = model.lives;
  return (view) => {
    const all = state.shown.flatMap((i) => rows.map((x) => x.pnl[i]));
    return {
      grid: grid(view, { bottom: 66 }),
      xAxis: timeAxis(view),
      yAxis: { ...valueAxis(view, percentTick), ...niceRange(extent([...all, 0])) },
      tooltip: tooltip(view, (items) => {
        const k = nearest(ends, items[0].axisValue);
        return tooltipBox(
          `${day(model.lives.start_ms[k])} to ${day(ends[k])}`,
          state.shown.map((i) => [
            hedgerColor(i, view),
            model.hedgers[i].label,
            share(rows[k].pnl[i]),
          ]),
        );
      }),
      dataZoom: zooms(view, [0], true),
      series: state.shown.map((i) =>
        lineSeries(
          `hedger-${i}`,
          hedgerColor(i, view),
          rows.map((x, k) => [ends[k], x.pnl[i]]),
          {
            showSymbol: true,
            symbol: 'circle',
            symbolSize: rows.length > 60 ? 3 : 6,
            lineStyle: hedgerLine(i, view, { width: 1, opacity: 0.6 }),
          },
        ),
      ),
    };
  };
}

function summaryTable(model, list) {
  const of = (i) => model.lives.by_hedger[list[i]];
  const cell = (label, key, show, title) => ({
    label,
    title,
    show: (i) => show(of(i)[key]),
    value: (i) => of(i)[key],
  });
  const columns = [
    {
      label: 'Hedger',
      isText: true,
      show: (i) => model.hedgers[list[i]].label,
      value: (i) => model.hedgers[list[i]].label,
    },
    cell('Lives', 'n', count),
    cell('Mean P&L', 'mean', share),
    cell('Deviation', 'deviation', (x) => percent(x), 'over lives, ddof 1'),
    cell('Worst', 'min', share),
    cell('Best', 'max', share),
    cell('Mean cost', 'cost_mean', (x) => percent(x)),
  ];
  return table({
    caption: 'Option lives by hedger',
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'hedgers',
    isHead: true,
  }).element;
}

function livesTable(model, list) {
  const { rows, start_ms: starts, end_ms: ends } = model.lives;
  const columns = [
    {
      label: 'From',
      isText: true,
      show: (k) => day(starts[k]),
      value: (k) => starts[k],
    },
    { label: 'To', isText: true, show: (k) => day(ends[k]), value: (k) => ends[k] },
    { label: 'Spot', show: (k) => price(rows[k].spot), value: (k) => rows[k].spot },
    { label: 'Strike', show: (k) => price(rows[k].strike), value: (k) => rows[k].strike },
    { label: 'Premium', show: (k) => price(rows[k].premium), value: (k) => rows[k].premium },
    {
      label: 'Vol',
      title: 'estimate used at the start, a year',
      show: (k) => percent(rows[k].vol, 1),
      value: (k) => rows[k].vol,
    },
    ...list.map((i) => ({
      label: model.hedgers[i].label,
      title: `P&L of ${model.hedgers[i].label}, per unit of spot at the start`,
      show: (k) => share(rows[k].pnl[i]),
      value: (k) => rows[k].pnl[i],
      tone: (k) => (rows[k].pnl[i] < 0 ? 'loss' : ''),
    })),
  ];
  return table({
    caption: 'Option lives',
    columns,
    n: rows.length,
    noun: 'lives',
    isHead: true,
    isWide: true,
  }).element;
}

export function livesSection(model) {
  if (!model.lives) {
    return null;
  }
  const { rows, text, start_ms: starts, end_ms: ends } = model.lives;
  const list = model.hedgers.map((_, i) => i).filter((i) => rows.some((x) => isNumber(x.pnl[i])));
  const state = { shown: list };
  const charts = [];
  const picker = hedgerPicker(model, list, (shown) => {
    state.shown = shown;
    charts.forEach((f) => f.redraw());
  });
  const result = figure({
    title: 'P&L of each life, per unit of spot at its start',
    legend: picker.legend,
    tools: h('div', { class: 'tools' }, picker.element),
    label: `Line chart of the P&L of ${plural(rows.length, 'option life', 'option lives')} by hedger, ${day(starts[0])} to ${day(ends[ends.length - 1])}`,
    note: 'A point is one option life, at the day of its end.',
    height: 340,
    isTime: true,
    option: livesOption(model, state),
  });
  charts.push(result);
  return section(
    'lives',
    'On real prices',
    text || null,
    summaryTable(model, list),
    result.element,
    h('h3', {}, 'Life by life'),
    livesTable(model, list),
  );
}
