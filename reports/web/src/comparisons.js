/* comparisons.js - who was better, over seeds; and published numbers beside ours. */
import { h, section, two } from './dom.js';
import { figureText } from './hedgers.js';
import { interval, isNumber, percent, pValue, ratio } from './format.js';
import { table } from './table.js';

const SIGNIFICANT = 0.05;

const valueText = (x, unit) => (unit === 'fraction' ? percent(x, 2, true) : figureText(x, unit));

/* What was compared and, under it, who with whom. */
function nameColumn(model, list) {
  const { hedgers } = model;
  const pair = (c) => `${hedgers[c.hedger].label} against ${hedgers[c.against].label}, ${c.budget}`;
  return {
    label: 'Quantity',
    isText: true,
    show: (i) =>
      two(h('span', { title: list[i].convention || null }, list[i].label), pair(list[i])),
    value: (i) => `${list[i].label}, ${pair(list[i])}`,
  };
}

const valueColumn = (model, list, label = 'Value') => ({
  label,
  title: `with its ${percent(model.conventions.confidence, 0)} interval: bootstrap over seeds with paths nested`,
  show: (i) =>
    two(
      valueText(list[i].value, list[i].unit),
      isNumber(list[i].low) && isNumber(list[i].high)
        ? interval(list[i].low, list[i].high, list[i].unit, 1)
        : null,
    ),
  value: (i) => list[i].value,
});

function comparisonTable(model, list) {
  const tone = (i) => (isNumber(list[i].p_value) && list[i].p_value < SIGNIFICANT ? 'best' : '');
  const columns = [
    nameColumn(model, list),
    { ...valueColumn(model, list), tone },
    {
      label: 'p, seeds',
      title: 'bootstrap over seeds with paths nested, two-sided',
      show: (i) => pValue(list[i].p_value),
      value: (i) => list[i].p_value,
    },
    ...(list.some((c) => isNumber(c.wilcoxon_p))
      ? [
          {
            label: 'p, Wilcoxon',
            title: 'signed-rank test over seeds, two-sided',
            show: (i) => pValue(list[i].wilcoxon_p),
            value: (i) => list[i].wilcoxon_p,
          },
        ]
      : []),
    ...(list.some((c) => isNumber(c.t_paths))
      ? [
          {
            label: 't, paths',
            title: 'with paths as the units: overstates, see below',
            show: (i) => h('span', { class: 'quiet' }, ratio(list[i].t_paths, 1)),
            value: (i) => list[i].t_paths,
          },
        ]
      : []),
  ];
  return table({
    caption: 'Comparisons',
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'comparisons',
    isHead: true,
  }).element;
}

const OVERSTATED =
  'Bold: p below 0.05. The seed is the unit: another seed gives another network, and all paths of a seed share its network. A t that takes paths as units counts each path as news about the method, so it grows with the number of paths however few networks were trained; it is shown because it is what is often published.';

const isWithin = (c) =>
  isNumber(c.low) && isNumber(c.high) && c.claim >= c.low && c.claim <= c.high;

function claimsBlock(model) {
  const list = model.comparisons.rows.filter((c) => isNumber(c.claim));
  if (list.length === 0 || !model.comparisons.claims_heading) {
    return null;
  }
  const columns = [
    nameColumn(model, list),
    {
      label: 'Published',
      show: (i) => valueText(list[i].claim, list[i].unit),
      value: (i) => list[i].claim,
    },
    valueColumn(model, list, 'Here'),
    {
      label: 'Published number',
      isText: true,
      show: (i) =>
        isNumber(list[i].low)
          ? isWithin(list[i])
            ? 'within our interval'
            : 'outside of our interval'
          : '–',
    },
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'Beside published numbers'),
    h('p', { class: 'caption' }, model.comparisons.claims_heading),
    table({
      caption: 'Published numbers and ours',
      columns,
      n: list.length,
      pageRows: 100,
      noun: 'numbers',
      isHead: true,
    }).element,
  );
}

export function comparisonsSection(model) {
  const { rows, conclusion } = model.comparisons;
  if (rows.length === 0 && !conclusion) {
    return null;
  }
  return section(
    'comparisons',
    'Who was better',
    'Paired over seeds: the same seeds, first weights and paths for both.',
    rows.length > 0
      ? [comparisonTable(model, rows), h('p', { class: 'caption' }, OVERSTATED)]
      : null,
    claimsBlock(model),
    conclusion
      ? h(
          'div',
          { class: 'block' },
          h('h3', {}, 'Conclusion'),
          h('p', { class: 'conclusion' }, conclusion),
        )
      : null,
  );
}
