/* process.js - the laws that prices were drawn from, or that were fitted: parameters with their
 * units, errors and bounds. */
import { absent, h, section } from './dom.js';
import { isNumber, ratio, significant } from './format.js';
import { table } from './table.js';

const ERROR_DIGITS = 2;

function boundsText(p) {
  const ends = isNumber(p.min) && isNumber(p.max);
  const text = ends ? `${significant(p.min)} to ${significant(p.max)}` : '–';
  return p.is_at_bound ? h('span', { class: 'loss' }, `${text}, at its edge`) : text;
}

export function parameterTable(process) {
  const list = process.parameters;
  const hasErrors = list.some((p) => isNumber(p.standard_error));
  const hasBounds = list.some((p) => isNumber(p.min));
  const columns = [
    { label: 'Parameter', isText: true, show: (i) => h('code', {}, list[i].name) },
    { label: 'Value', show: (i) => significant(list[i].value, 6) },
    ...(hasErrors
      ? [
          {
            label: '± error',
            title: 'standard error from the Jacobian at the optimum: indicative',
            show: (i) => significant(list[i].standard_error, ERROR_DIGITS),
          },
        ]
      : []),
    ...(hasBounds ? [{ label: 'Searched', show: (i) => boundsText(list[i]) }] : []),
    { label: 'Unit', isText: true, show: (i) => list[i].unit || '–' },
    {
      label: 'What it is',
      isText: true,
      isLong: true,
      show: (i) => h('span', { class: 'quiet' }, list[i].label),
    },
  ];
  return table({
    caption: `Parameters of ${process.name}`,
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'parameters',
    isSortable: false,
    isHead: true,
  }).element;
}

function processBlock(process) {
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, [process.asset, process.name].filter(Boolean).join(': ')),
    process.summary ? h('p', { class: 'caption' }, process.summary) : null,
    process.parameters.length > 0 ? parameterTable(process) : null,
    process.feller ? h('p', { class: 'caption' }, process.feller + '.') : null,
  );
}

function correlationBlock({ drivers, rows }) {
  const columns = [
    { label: '', isText: true, show: (i) => drivers[i] },
    ...drivers.map((name, c) => ({ label: name, show: (i) => ratio(rows[i][c], 3) })),
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'Correlation of the drivers'),
    table({
      caption: 'Correlation of the drivers',
      columns,
      n: drivers.length,
      pageRows: 50,
      noun: 'drivers',
      isSortable: false,
      isHead: true,
    }).element,
  );
}

export function processSection({ processes, correlation }) {
  return section(
    'process',
    'What was simulated',
    null,
    processes.length > 0 ? processes.map(processBlock) : absent('No process was named.'),
    correlation ? correlationBlock(correlation) : null,
  );
}
