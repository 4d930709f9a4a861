/* trades.js - round trips: their statistics, the list, what became of every order, what is left. */
import { absent, h, section, select } from './dom.js';
import {
  count,
  inUnit,
  instant,
  money,
  percent,
  plural,
  price,
  quantity,
  ratio,
  words,
} from './format.js';
import { table } from './table.js';

const tone = (x) => (x > 0 ? 'gain' : x < 0 ? 'loss' : '');

function statistics(model) {
  const list = model.trade_statistics || [];
  const columns = [
    { label: 'Statistic', isText: true, show: (i) => list[i].label },
    ...['all', 'long', 'short'].map((side) => ({
      label: side[0].toUpperCase() + side.slice(1),
      show: (i) => inUnit(list[i][side], list[i].unit),
    })),
    {
      label: 'Convention',
      isText: true,
      isLong: true,
      show: (i) => h('span', { class: 'quiet' }, list[i].convention),
    },
  ];
  return list.length === 0
    ? null
    : table({
        caption: 'Statistics of trades',
        columns,
        n: list.length,
        isSortable: false,
        pageRows: 100,
        isHead: true,
      }).element;
}

function tradeColumns(model) {
  const t = model.trades;
  const cell = (label, key, format, more = {}) => ({
    label,
    show: (i) => format(t[key][i]),
    value: (i) => t[key][i],
    ...more,
  });
  const toned = (key) => ({ tone: (i) => tone(t[key][i]) });
  return [
    { label: '#', show: (i) => count(i + 1), value: (i) => i, title: 'in order of matching' },
    {
      label: 'Instrument',
      isText: true,
      show: (i) => model.symbol(t.instrument[i]),
      value: (i) => model.symbol(t.instrument[i]),
    },
    {
      label: 'Side',
      isText: true,
      show: (i) => (t.direction[i] > 0 ? 'long' : 'short'),
      value: (i) => t.direction[i],
    },
    {
      label: 'Entry, UTC',
      isText: true,
      show: (i) => instant(t.entry_time[i]),
      value: (i) => t.entry_ms[i],
    },
    {
      label: 'Exit, UTC',
      isText: true,
      show: (i) => (t.is_open[i] ? 'open' : instant(t.exit_time[i])),
      value: (i) => (t.is_open[i] ? Infinity : t.exit_ms[i]),
    },
    cell('Days', 'days_held', (x) => ratio(x, x < 10 && x % 1 !== 0 ? 2 : 0), {
      title: 'calendar days held',
    }),
    cell('Quantity', 'quantity', quantity),
    cell('Entry price', 'entry_price', price),
    cell('Exit price', 'exit_price', price, { title: 'of open trades: the last price' }),
    cell('Fees', 'fees', (x) => money(x)),
    cell('P&L', 'pnl', (x) => money(x, true), {
      title: 'profit or loss after fees',
      ...toned('pnl'),
    }),
    cell('Return', 'return', (x) => percent(x, 2, true), {
      title: 'P&L / value at entry',
      ...toned('return'),
    }),
    cell('MAE', 'mae', (x) => money(x), {
      title: 'maximum adverse excursion: worst unrealised P&L while held, before fees',
    }),
    cell('MFE', 'mfe', (x) => money(x), {
      title: 'maximum favourable excursion: best unrealised P&L while held, before fees',
    }),
    {
      label: 'Reason',
      isText: true,
      show: (i) => (t.is_open[i] ? 'open' : words(t.exit_reason[i])),
      value: (i) => t.exit_reason[i],
      title: 'why it ended',
    },
  ];
}

const SIDES = {
  all: () => true,
  long: (t, i) => t.direction[i] > 0,
  short: (t, i) => t.direction[i] < 0,
  won: (t, i) => t.pnl[i] > 0,
  lost: (t, i) => t.pnl[i] < 0,
  open: (t, i) => t.is_open[i],
};
const SIDE_NAMES = [
  ['all', 'All trades'],
  ['long', 'Long'],
  ['short', 'Short'],
  ['won', 'With a gain'],
  ['lost', 'With a loss'],
  ['open', 'Still open'],
];

function tradeList(model) {
  const t = model.trades;
  const list = table({
    caption: 'Trades',
    columns: tradeColumns(model),
    n: t.n,
    noun: 'trades',
    isWide: true,
  });
  const filter = { side: 'all', instrument: 'all' };
  const apply = (key) => (value) => {
    filter[key] = value;
    const isWanted = (i) =>
      SIDES[filter.side](t, i) &&
      (filter.instrument === 'all' || t.instrument[i] === Number(filter.instrument));
    list.setRows(Array.from({ length: t.n }, (_, i) => i).filter(isWanted));
  };
  const traded = [...new Set(t.instrument)].sort((a, b) => a - b);
  const instruments =
    traded.length > 1
      ? select(
          'Instrument of trades',
          [['all', 'All instruments'], ...traded.map((i) => [i, model.symbol(i)])],
          'all',
          apply('instrument'),
        )
      : null;
  const cut =
    t.n < t.total
      ? ` The first ${count(t.n)} of ${count(t.total)} are here; trades.csv has all.`
      : '';
  return [
    h(
      'div',
      { class: 'figure-head' },
      h('h3', {}, 'List of trades'),
      h(
        'div',
        { class: 'tools' },
        select('Which trades', SIDE_NAMES, 'all', apply('side')),
        instruments,
      ),
    ),
    h(
      'p',
      { class: 'caption' },
      `${plural(t.total, 'round trip')}, first in first out, ${count(t.n_open)} still open.${cut} Press a heading to sort.`,
    ),
    list.element,
  ];
}

function orders(model) {
  const list = (model.orders && model.orders.by_reason) || [];
  const total = model.orders ? model.orders.n : 0;
  const columns = [
    {
      label: 'Order ended',
      isText: true,
      show: (i) => words(list[i].state),
      value: (i) => list[i].state,
    },
    {
      label: 'Reason',
      isText: true,
      show: (i) => words(list[i].reason),
      value: (i) => list[i].reason,
    },
    { label: 'Orders', show: (i) => count(list[i].n), value: (i) => list[i].n },
    { label: 'Share', show: (i) => percent(list[i].n / total, 1), value: (i) => list[i].n },
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, `Orders by reason`),
    list.length === 0
      ? absent('No orders were made.')
      : table({ caption: 'Orders by how they ended', columns, n: list.length, noun: 'kinds' })
          .element,
  );
}

function positions(model) {
  const p = model.positions;
  const cell = (label, key, format) => ({
    label,
    show: (i) => format(p[key][i]),
    value: (i) => p[key][i],
    tone: key === 'realised' || key === 'unrealised' ? (i) => tone(p[key][i]) : null,
  });
  const columns = [
    {
      label: 'Instrument',
      isText: true,
      show: (i) => model.symbol(p.instrument[i]),
      value: (i) => model.symbol(p.instrument[i]),
    },
    cell('Quantity', 'quantity', quantity),
    cell('Last price', 'last_price', price),
    cell('Value', 'value', (x) => money(x)),
    cell('Realised', 'realised', (x) => money(x, true)),
    cell('Unrealised', 'unrealised', (x) => money(x, true)),
    cell('Fees', 'fees', (x) => money(x)),
    cell('Dividends', 'dividends', (x) => money(x)),
    cell('Turnover', 'turnover', (x) => money(x)),
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'By instrument, at the end'),
    p.n === 0
      ? absent('No instrument was traded.')
      : table({ caption: 'Positions at the end', columns, n: p.n, noun: 'instruments' }).element,
  );
}

export function tradesSection(model) {
  const list =
    model.trades.n === 0
      ? [absent('No trade was made.')]
      : [statistics(model), ...tradeList(model)];
  return section('trades', 'Trades and orders', null, ...list, positions(model), orders(model));
}
