/* numbers.js - every metric with its convention; the variants of a sweep side by side. */
import { absent, h, section } from './dom.js';
import { count, inUnit, money, percent, plural, ratio } from './format.js';
import { table } from './table.js';

export function metricsSection(model) {
  const list = model.scores;
  if (list.length === 0) {
    return section('metrics', 'All metrics', null, absent('Nothing could be scored.'));
  }
  const hasBenchmark = list.some((s) => s.benchmark !== null);
  const columns = [
    { label: 'Metric', isText: true, show: (i) => list[i].label, value: (i) => list[i].label },
    { label: model.strategy, show: (i) => inUnit(list[i].value, list[i].unit) },
    ...(hasBenchmark
      ? [{ label: model.benchmark_name, show: (i) => inUnit(list[i].benchmark, list[i].unit) }]
      : []),
    {
      label: 'Convention',
      isText: true,
      isLong: true,
      show: (i) => h('span', { class: 'quiet' }, list[i].convention),
    },
  ];
  const c = model.conventions || {};
  const lead = `${count(c.periods_per_year)} periods a year, risk-free rate ${percent(c.risk_free_per_year)} a year. A dash: not defined for this run.`;
  return section(
    'metrics',
    'All metrics',
    lead,
    table({
      caption: 'Metrics with their conventions',
      columns,
      n: list.length,
      pageRows: 200,
      noun: 'metrics',
      isHead: true,
    }).element,
  );
}

export function variantsSection(model) {
  const list = model.variants;
  if (list.length === 0) {
    return null;
  }
  const cell = (label, key, format) => ({
    label,
    show: (i) => format(list[i][key]),
    value: (i) => list[i][key],
  });
  const columns = [
    {
      label: 'Variant',
      isText: true,
      isLong: true,
      show: (i) => h('code', {}, list[i].name),
      value: (i) => list[i].name,
    },
    cell('Final equity', 'final_equity', (x) => money(x)),
    cell('Annual return', 'annual_return', (x) => percent(x, 2, true)),
    cell('Volatility', 'volatility', (x) => percent(x)),
    cell('Sharpe', 'sharpe', (x) => ratio(x)),
    cell('Max drawdown', 'max_drawdown', (x) => percent(x)),
    cell('Turnover', 'turnover', (x) => ratio(x, 1)),
    cell('Costs', 'costs', (x) => money(x)),
    cell('Trades', 'n_trades', count),
    {
      label: 'Orders hash',
      isText: true,
      show: (i) => h('code', { title: list[i].order_hash }, (list[i].order_hash || '').slice(0, 8)),
      value: (i) => list[i].order_hash,
    },
  ];
  const lead = `${plural(list.length, 'variant')} on the same data. The best of many looks better than it is: judge it by all of them.`;
  return section(
    'variants',
    'Variants',
    lead,
    table({ caption: 'Variants compared', columns, n: list.length, noun: 'variants', isHead: true })
      .element,
  );
}
