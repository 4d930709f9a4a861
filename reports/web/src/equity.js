/* equity.js - equity against the benchmark, drawdown with the worst marked, and their table. */
import { extent, inView, logTicks } from './axis.js';
import {
  fittedAxis,
  grid,
  lineSeries,
  showLast,
  timeAxis,
  tooltip,
  tooltipBox,
  valueAxis,
  zooms,
} from './chart.js';
import { absent, actions, choice, h, section } from './dom.js';
import { day, days, money, percent, percentTick, short } from './format.js';
import { figure } from './figure.js';
import { linePoints, nearest } from './reduce.js';
import { table } from './table.js';

const DAY_MS = 86400000;
const SPANS = [
  [0, 'All'],
  [10 * 365, '10Y'],
  [5 * 365, '5Y'],
  [365, '1Y'],
  [91, '3M'],
  [30, '1M'],
];

/* Buttons that show the last year, ... : those shorter than the run. */
export function spanChoice(model) {
  const length = (model.span[1] - model.span[0]) / DAY_MS;
  const options = SPANS.filter(([n]) => n === 0 || n < 0.8 * length);
  return options.length > 1 ? actions('Show the last', options, (n) => showLast(n * DAY_MS)) : null;
}

/* The axis of a log chart is the logarithm on a plain axis, with its own round ticks. */
export function logAxis(view, lists, tick = short) {
  const [low, high] = extent(inView(lists, view.range));
  const pad = 0.04 * (high - low) || 0.01;
  const ticks = logTicks(Math.exp(low - pad), Math.exp(high + pad)).map(Math.log);
  const axis = valueAxis(view, (x) => tick(Number(Math.exp(x).toPrecision(6))));
  return {
    ...axis,
    min: low - pad,
    max: high + pad,
    axisTick: { show: false, customValues: ticks },
    axisLabel: { ...axis.axisLabel, customValues: ticks },
  };
}

function equityTooltip(model, view) {
  const { equity } = model;
  return (items) => {
    const i = nearest(equity.ms, items[0].axisValue);
    const rows = [[view.colors.main, model.strategy, money(equity.equity[i])]];
    if (equity.hasBenchmark) {
      rows.push([view.colors.bench, model.benchmark_name, money(equity.benchmark[i])]);
    }
    rows.push(
      [null, 'Day', percent(equity.daily_return[i], 2, true)],
      [null, 'Drawdown', percent(equity.drawdown[i])],
    );
    return tooltipBox(day(equity.ms[i]), rows);
  };
}

function equityOption(model, state) {
  const { equity } = model;
  return (view) => {
    const scaled = (values) =>
      state.isLog ? values.map((x) => (x > 0 ? Math.log(x) : null)) : values;
    const line = (values) => linePoints(equity.ms, scaled(values), view.range, view.pixels);
    const series = [
      lineSeries('equity', view.colors.main, line(equity.equity), {
        z: 3,
        lineStyle: { color: view.colors.main, width: 2 },
      }),
    ];
    if (equity.hasBenchmark) {
      series.unshift(lineSeries('benchmark', view.colors.bench, line(equity.benchmark)));
    }
    const lists = series.map((s) => s.data);
    return {
      grid: grid(view, { bottom: 66 }),
      xAxis: timeAxis(view),
      yAxis: state.isLog ? logAxis(view, lists) : fittedAxis(view, short, lists),
      tooltip: tooltip(view, equityTooltip(model, view)),
      dataZoom: zooms(view, [0], true),
      series,
    };
  };
}

function equityFigure(model) {
  const { equity } = model;
  const state = { isLog: false };
  const isPositive =
    extent(equity.equity)[0] > 0 && (!equity.hasBenchmark || extent(equity.benchmark)[0] > 0);
  const scale = choice(
    'Scale',
    [
      ['linear', 'Linear'],
      ['log', 'Log'],
    ],
    'linear',
    (kind) => {
      state.isLog = kind === 'log';
      result.redraw();
    },
  );
  const last = equity.equity.length - 1;
  const result = figure({
    title: `Equity${model.currency ? ', ' + model.currency : ''}`,
    legend: [
      ['main', model.strategy],
      ...(equity.hasBenchmark ? [['bench', model.benchmark_name]] : []),
    ],
    tools: h('div', { class: 'tools' }, spanChoice(model), isPositive ? scale : null),
    label:
      `Line chart: equity from ${money(equity.equity[0])} on ${day(equity.ms[0])} to ${money(equity.equity[last])} on ${day(equity.ms[last])}` +
      (equity.hasBenchmark
        ? `; ${model.benchmark_name} ended at ${money(equity.benchmark[last])}`
        : ''),
    height: 380,
    isTime: true,
    option: equityOption(model, state),
  });
  return result.element;
}

function worstMarks(model, view) {
  const end = model.equity.ms[model.equity.ms.length - 1];
  return {
    silent: true,
    itemStyle: { color: view.colors.shade },
    label: { show: false },
    data: model.drawdowns.map((d) => [
      { xAxis: d.peak_ms },
      { xAxis: d.recovery_ms === null ? end : d.recovery_ms },
    ]),
  };
}

/* Their numbers, at the troughs. */
function worstNumbers(model, view) {
  return {
    id: 'worst',
    type: 'scatter',
    z: 5,
    symbolSize: 17,
    itemStyle: {
      opacity: 1,
      color: view.colors.loss,
      borderColor: view.colors.page,
      borderWidth: 1.5,
    },
    label: {
      show: true,
      formatter: (item) => String(item.dataIndex + 1),
      color: view.colors.page,
      fontSize: 11,
      fontWeight: 'bold',
    },
    silent: true,
    emphasis: { disabled: true },
    data: model.drawdowns.map((d) => [d.trough_ms, d.depth]),
  };
}

function drawdownOption(model) {
  const { equity } = model;
  return (view) => {
    const line = (values) => linePoints(equity.ms, values, view.range, view.pixels);
    const series = [
      lineSeries('drawdown', view.colors.loss, line(equity.drawdown), {
        z: 3,
        areaStyle: { color: view.colors.loss, opacity: 0.16, origin: 0 },
        markArea: worstMarks(model, view),
      }),
      worstNumbers(model, view),
    ];
    if (equity.hasBenchmark) {
      series.push(
        lineSeries('benchmark', view.colors.bench, line(equity.benchmark_drawdown), {
          lineStyle: { color: view.colors.bench, width: 1 },
        }),
      );
    }
    const rows = (i) => [
      [view.colors.loss, model.strategy, percent(equity.drawdown[i])],
      ...(equity.hasBenchmark
        ? [[view.colors.bench, model.benchmark_name, percent(equity.benchmark_drawdown[i])]]
        : []),
    ];
    return {
      grid: grid(view),
      xAxis: timeAxis(view),
      yAxis: fittedAxis(
        view,
        percentTick,
        series.map((s) => s.data),
        { zero: true },
      ),
      tooltip: tooltip(view, (items) => {
        const i = nearest(equity.ms, items[0].axisValue);
        return tooltipBox(day(equity.ms[i]), rows(i));
      }),
      dataZoom: zooms(view, [0], false),
      series,
    };
  };
}

function drawdownTable(model) {
  const list = model.drawdowns;
  const columns = [
    { label: '#', show: (i) => String(i + 1), value: (i) => i },
    { label: 'Depth', show: (i) => percent(list[i].depth), value: (i) => list[i].depth },
    { label: 'Peak', isText: true, show: (i) => list[i].peak, value: (i) => list[i].peak_ms },
    { label: 'Trough', isText: true, show: (i) => list[i].trough, value: (i) => list[i].trough_ms },
    {
      label: 'Recovered',
      isText: true,
      show: (i) => list[i].recovery || 'not yet',
      value: (i) => list[i].recovery_ms,
    },
    { label: 'Falling', show: (i) => days(list[i].down_days), value: (i) => list[i].down_days },
    {
      label: 'Recovering',
      show: (i) => days(list[i].recovery_days),
      value: (i) => list[i].recovery_days,
    },
    {
      label: 'Under water',
      show: (i) => days(list[i].total_days),
      value: (i) => list[i].total_days,
      title: 'calendar days from peak to recovery, or to the end of the run',
    },
  ];
  return table({ caption: 'The worst drawdowns', columns, n: list.length, noun: 'drawdowns' })
    .element;
}

export function equitySection(model) {
  const n = model.equity.ms.length;
  if (n < 2) {
    const only =
      n === 1
        ? ` The one day, ${day(model.equity.ms[0])}, ended at ${money(model.equity.equity[0])}.`
        : '';
    return section(
      'equity',
      'Equity and drawdown',
      null,
      absent('Too short to draw: a line needs two days.' + only),
    );
  }
  const worst = model.drawdowns[0];
  const drawdown = figure({
    title: 'Drawdown',
    legend: [
      ['loss', model.strategy, 'area'],
      ...(model.equity.hasBenchmark ? [['bench', model.benchmark_name]] : []),
      ...(worst ? [['shade', 'the worst, numbered as below', 'box']] : []),
    ],
    label: worst
      ? `Area chart: fall of equity below its peak; the deepest is ${percent(worst.depth)} on ${worst.trough}`
      : 'Area chart: equity never fell below its peak',
    height: 230,
    isTime: true,
    option: drawdownOption(model),
  });
  return section(
    'equity',
    'Equity and drawdown',
    null,
    equityFigure(model),
    drawdown.element,
    worst ? drawdownTable(model) : absent('Equity never fell below its peak.'),
  );
}
