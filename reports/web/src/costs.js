/* costs.js - where the money went: the waterfall that closes to the cent, costs over time,
 * exposure. */
import { fittedAxis, grid, lineSeries, timeAxis, tooltip, tooltipBox, zooms } from './chart.js';
import { absent, h, section } from './dom.js';
import { day, groupedText, money, percent, percentTick, ratio, short } from './format.js';
import { figure } from './figure.js';
import { waterfallBars } from './layout.js';
import { linePoints, nearest } from './reduce.js';

function waterfall(model) {
  const rows = model.costs ? model.costs.rows : [];
  if (rows.length === 0) {
    return absent('No costs were recorded.');
  }
  const bars = waterfallBars(rows);
  const low = Math.min(0, ...bars.map((b) => Math.min(b.from, b.to)));
  const high = Math.max(0, ...bars.map((b) => Math.max(b.from, b.to)));
  const at = (x) => (high > low ? (100 * (x - low)) / (high - low) : 0);
  const tone = (row) =>
    row.key === 'gross' || row.key === 'net' ? 'sum' : row.amount < 0 ? 'down' : 'up';
  const bar = (row, i) => {
    const left = at(Math.min(bars[i].from, bars[i].to));
    const width = Math.max(
      row.amount === 0 ? 0 : 0.4,
      at(Math.max(bars[i].from, bars[i].to)) - left,
    );
    return h(
      'span',
      { class: 'fall', 'aria-hidden': 'true' },
      h('i', { class: 'zero', style: `left:${at(0)}%` }),
      h('b', { class: tone(row), style: `left:${left}%;width:${width}%` }),
    );
  };
  const line = (row, i) =>
    h(
      'tr',
      { class: row.key === 'net' ? 'result' : null },
      h('th', { scope: 'row' }, row.label),
      h('td', { class: 'number' }, groupedText(row.text)),
      h('td', { class: 'bar' }, bar(row, i)),
    );
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'From gross to net'),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Cost waterfall' },
      h(
        'table',
        { class: 'waterfall' },
        h('caption', {}, `Cost waterfall${model.currency ? ', ' + model.currency : ''}`),
        h('tbody', {}, rows.map(line)),
      ),
    ),
    h(
      'p',
      { class: 'caption' },
      `Measured against the price at which each order was made. The rows add up to the net; difference ${groupedText(model.costs.difference)}.`,
    ),
  );
}

function costsFigure(model) {
  const costs = model.costsOverTime;
  if (!costs || costs.ms.length < 2) {
    return absent('Too short to draw costs over time.');
  }
  const last = costs.cumulative[costs.cumulative.length - 1];
  const line = (view) => linePoints(costs.ms, costs.cumulative, view.range, view.pixels);
  const option = (view) => ({
    grid: grid(view),
    xAxis: timeAxis(view),
    yAxis: fittedAxis(view, short, [line(view)], { zero: true }),
    tooltip: tooltip(view, (items) => {
      const i = nearest(costs.ms, items[0].axisValue);
      return tooltipBox(day(costs.ms[i]), [
        [view.colors.loss, 'Costs so far', money(costs.cumulative[i])],
      ]);
    }),
    dataZoom: zooms(view, [0], false),
    series: [
      lineSeries('costs', view.colors.loss, line(view), {
        areaStyle: { color: view.colors.loss, opacity: 0.14 },
      }),
    ],
  });
  return figure({
    title: 'Costs so far',
    label: `Area chart: costs add up to ${money(last)} by ${day(costs.ms[costs.ms.length - 1])}`,
    note: 'Spread, slippage, impact and fees; the delay is in the table only.',
    height: 280,
    isTime: true,
    option,
  }).element;
}

function exposureOption(model) {
  const { equity } = model;
  const share = (list) =>
    list.map((x, i) => (x !== null && equity.equity[i] > 0 ? x / equity.equity[i] : null));
  const gross = share(equity.gross_exposure);
  const net = share(equity.net_exposure);
  const line = (view, values) => linePoints(equity.ms, values, view.range, view.pixels);
  return (view) => ({
    grid: grid(view),
    xAxis: timeAxis(view),
    yAxis: fittedAxis(view, percentTick, [line(view, gross), line(view, net)], { zero: true }),
    tooltip: tooltip(view, (items) => {
      const i = nearest(equity.ms, items[0].axisValue);
      return tooltipBox(day(equity.ms[i]), [
        [view.colors.bench, 'Gross', percent(gross[i], 1)],
        [view.colors.main, 'Net', percent(net[i], 1)],
        [null, 'Cash', money(equity.cash[i])],
      ]);
    }),
    dataZoom: zooms(view, [0], false),
    series: [
      lineSeries('gross', view.colors.bench, line(view, gross), {
        step: 'end',
        lineStyle: { color: view.colors.bench, width: 0.8 },
        areaStyle: { color: view.colors.bench, opacity: 0.2 },
      }),
      lineSeries('net', view.colors.main, line(view, net), {
        step: 'end',
        lineStyle: { color: view.colors.main, width: 1.3 },
      }),
    ],
  });
}

function exposureFigure(model) {
  const { exposure } = model;
  if (model.equity.ms.length < 2 || !model.equity.gross_exposure) {
    return absent('Too short to draw exposure.');
  }
  const note = exposure
    ? `On average ${percent(exposure.average_gross, 1)} gross and ${percent(exposure.average_net, 1)} net of equity; at most ${percent(exposure.maximum_gross, 1)} gross; in the market ${percent(exposure.time_in_market, 1)} of the days` +
      (model.turnover
        ? `; turnover ${money(model.turnover.total)} in all, ${ratio(model.turnover.per_year, 1)} times average equity a year.`
        : '.')
    : null;
  return figure({
    title: 'Exposure, share of equity',
    legend: [
      ['bench', 'gross', 'area'],
      ['main', 'net'],
    ],
    label: 'Chart of gross and net exposure as a share of equity over time',
    note,
    height: 240,
    isTime: true,
    option: exposureOption(model),
  }).element;
}

export function costsSection(model) {
  return section(
    'costs',
    'Costs and exposure',
    null,
    h('div', { class: 'pair' }, waterfall(model), costsFigure(model)),
    exposureFigure(model),
  );
}
