/* frontier.js - mean cost against the deviation of P&L: policies over their cost aversion, rules as
 * single points. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { section } from './dom.js';
import { figure } from './figure.js';
import { isNumber, measured, significant } from './format.js';
import { hedgerColor, hedgerLegend, hedgerLine, hedgerStyle } from './hedgers.js';
import { table } from './table.js';

const tick = (x) => significant(x, 4);
const costText = (x) => measured(x.cost_mean, x.cost_error, 'ratio').filter(Boolean).join(' ');

/* Policies: [hedger, points in order of the setting]. */
function linesOf(list) {
  const out = new Map();
  list
    .filter((x) => !x.is_rule)
    .forEach((x) => out.set(x.hedger, [...(out.get(x.hedger) || []), x]));
  return [...out.entries()].map(([i, points]) => [
    i,
    points.sort((a, b) => a.setting_value - b.setting_value),
  ]);
}

const place = (x) => ({ value: [x.pnl_sd, x.cost_mean], point: x });

function pointSeries(id, i, points, view, more) {
  return {
    id,
    type: 'scatter',
    z: 5,
    symbolSize: 9,
    emphasis: { disabled: true },
    itemStyle: { opacity: 1, color: hedgerColor(i, view) },
    data: points.map(place),
    ...more,
  };
}

/* One standard error up and down. */
function whiskers(list, view) {
  const points = list
    .filter((x) => isNumber(x.cost_error))
    .flatMap((x) => [
      [x.pnl_sd, x.cost_mean - x.cost_error],
      [x.pnl_sd, x.cost_mean + x.cost_error],
      [x.pnl_sd, null],
    ]);
  return lineSeries('errors', view.colors.muted, points, {
    z: 3,
    connectNulls: false,
    lineStyle: { color: view.colors.muted, width: 1.2 },
  });
}

function frontierOption(model, list) {
  return (view) => {
    const rules = list.filter((x) => x.is_rule);
    const policies = linesOf(list);
    const costs = list.flatMap((x) =>
      isNumber(x.cost_error)
        ? [x.cost_mean - x.cost_error, x.cost_mean + x.cost_error]
        : [x.cost_mean],
    );
    return {
      grid: grid(view, { bottom: 46, left: view.isNarrow ? 66 : 76, right: 20 }),
      xAxis: {
        ...valueAxis(view, tick),
        ...niceRange(extent(list.map((x) => x.pnl_sd)), view.isNarrow ? 3 : 6),
        splitLine: { show: false },
        ...axisName(view, 'standard deviation of P&L', 28),
      },
      yAxis: {
        ...valueAxis(view, tick),
        ...niceRange(extent(costs)),
        ...axisName(view, 'mean cost', view.isNarrow ? 48 : 56),
      },
      tooltip: tooltip(
        view,
        ({ data }) =>
          tooltipBox(
            [model.hedgers[data.point.hedger].label, data.point.setting].filter(Boolean).join(', '),
            [
              [null, 'Mean cost', costText(data.point)],
              [null, 'P&L deviation', tick(data.point.pnl_sd)],
              [null, 'Risk', tick(data.point.risk)],
            ],
          ),
        { trigger: 'item' },
      ),
      series: [
        whiskers(list, view),
        ...policies.map(([i, points]) =>
          lineSeries(
            `line-${i}`,
            hedgerColor(i, view),
            points.map((x) => [x.pnl_sd, x.cost_mean]),
            { z: 4, lineStyle: hedgerLine(i, view) },
          ),
        ),
        ...policies.map(([i, points]) => pointSeries(`policy-${i}`, i, points, view)),
        ...rules.map((x, k) =>
          pointSeries(`rule-${k}`, x.hedger, [x], view, { symbol: 'diamond', symbolSize: 12 }),
        ),
      ],
    };
  };
}

function frontierTable(model, list) {
  const cell = (label, key, show, title) => ({
    label,
    title,
    show: (i) => show(list[i][key]),
    value: (i) => list[i][key],
  });
  const columns = [
    {
      label: 'Hedger',
      isText: true,
      show: (i) => model.hedgers[list[i].hedger].label,
      value: (i) => model.hedgers[list[i].hedger].label,
    },
    {
      label: 'Setting',
      isText: true,
      show: (i) => list[i].setting || '–',
      value: (i) => list[i].setting_value,
    },
    {
      label: 'Mean cost',
      title: '± one standard error',
      show: (i) => costText(list[i]),
      value: (i) => list[i].cost_mean,
    },
    cell('P&L sd', 'pnl_sd', tick, 'standard deviation of P&L'),
    cell('P&L variance', 'pnl_variance', tick),
    cell('Risk', 'risk', tick),
  ];
  return table({
    caption: 'Cost against the deviation of P&L',
    columns,
    n: list.length,
    noun: 'points',
    isHead: true,
  }).element;
}

export function frontierSection(model) {
  const list = model.frontier.filter((x) => isNumber(x.cost_mean) && isNumber(x.pnl_sd));
  if (list.length === 0) {
    return null;
  }
  const policies = linesOf(list).map(([i]) => i);
  const rules = [...new Set(list.filter((x) => x.is_rule).map((x) => x.hedger))];
  return section(
    'frontier',
    'Cost against risk',
    'Policies trained with costs counted more or less, joined in that order; a rule is one point. Low and left is better: less cost, less left open.',
    figure({
      title: `Mean cost and deviation of P&L${model.currency ? ', ' + model.currency : ''}`,
      legend: [
        ...hedgerLegend(model, policies),
        ...rules.map((i) => [hedgerStyle(i).color, model.hedgers[i].label, 'gem']),
      ],
      label: `Scatter chart of mean cost against the standard deviation of P&L, ${list.length} points`,
      note: 'Whiskers: one standard error of the mean cost.',
      height: 380,
      option: frontierOption(model, list),
    }).element,
    frontierTable(model, list),
  );
}
