/* table.js - tables that sort by any column (click or keyboard) and, when long, come in pages.
 * Rows are numbers into columns of data; only the rows of one page ever become elements. */
import { h } from './dom.js';
import { count } from './format.js';

/* null and NaN come last in both directions; equal values keep their order. */
export function sortRows(rows, value, direction) {
  const keyed = rows.map((row) => [value(row), row]);
  const isNone = (x) => x === null || x === undefined || Number.isNaN(x);
  const compare = (a, b) => {
    if (isNone(a) || isNone(b)) {
      return isNone(a) - isNone(b);
    }
    return a < b ? -direction : a > b ? direction : 0;
  };
  return keyed.sort((a, b) => compare(a[0], b[0]) || a[1] - b[1]).map((pair) => pair[1]);
}

function headCell(column, sortBy) {
  const cell = h('th', {
    scope: 'col',
    class: column.isText ? 'text' : 'number',
    title: column.title || null,
  });
  if (sortBy) {
    cell.append(
      h(
        'button',
        { type: 'button', onclick: sortBy },
        column.label,
        h('span', { class: 'arrow', 'aria-hidden': 'true' }),
      ),
    );
  } else {
    cell.append(column.label);
  }
  return cell;
}

function bodyRow(columns, row, isHead) {
  return h(
    'tr',
    {},
    columns.map((column, c) =>
      h(
        c === 0 && isHead ? 'th' : 'td',
        {
          scope: c === 0 && isHead ? 'row' : null,
          class: [
            column.isText ? 'text' : 'number',
            column.isLong ? 'long' : '',
            column.tone ? column.tone(row) : '',
          ]
            .join(' ')
            .trim(),
        },
        column.show(row),
      ),
    ),
  );
}

function pager(state, pages, turn) {
  const button = (text, label, to, isOff) =>
    h(
      'button',
      { type: 'button', 'aria-label': label, disabled: isOff, onclick: () => turn(to) },
      text,
    );
  const last = pages - 1;
  return [
    button('«', 'first page', 0, state.page === 0),
    button('‹', 'previous page', state.page - 1, state.page === 0),
    h('span', {}, `page ${count(state.page + 1)} of ${count(pages)}`),
    button('›', 'next page', state.page + 1, state.page === last),
    button('»', 'last page', last, state.page === last),
  ];
}

/* columns: {label, title, isText, isLong (may take several lines), show(row) -> text or node,
 * value(row) to sort by, tone(row) -> class}. n rows 0 .. n-1. noun: what the rows are ("trades").
 * setRows([row, ...]) shows a part of them. */
export function table({
  caption,
  columns,
  n,
  isSortable = true,
  pageRows = 25,
  noun = 'rows',
  isHead = false,
  isWide = false,
}) {
  const state = {
    rows: Array.from({ length: n }, (_, i) => i),
    sorted: null,
    column: -1,
    direction: 1,
    page: 0,
  };
  const heads = columns.map((column, c) =>
    headCell(column, isSortable && column.value ? () => sortBy(c) : null),
  );
  const body = h('tbody');
  const foot = h('div', { class: 'pager', role: 'navigation', 'aria-label': `pages of ${noun}` });
  const status = h('span', { class: 'status', 'aria-live': 'polite' });

  function render() {
    const pages = Math.max(1, Math.ceil(state.sorted.length / pageRows));
    state.page = Math.min(Math.max(0, state.page), pages - 1);
    const from = state.page * pageRows;
    const shown = state.sorted.slice(from, from + pageRows);
    body.replaceChildren(...shown.map((row) => bodyRow(columns, row, isHead)));
    status.textContent =
      state.sorted.length === 0
        ? `no ${noun}`
        : `${count(from + 1)}–${count(from + shown.length)} of ${count(state.sorted.length)} ${noun}`;
    foot.replaceChildren(status, ...(pages > 1 ? pager(state, pages, turn) : []));
    foot.hidden = n <= pageRows;
  }
  function turn(page) {
    state.page = page;
    render();
  }
  function resort() {
    const column = columns[state.column];
    state.sorted = column ? sortRows(state.rows, column.value, state.direction) : state.rows;
    state.page = 0;
    render();
  }
  function sortBy(c) {
    const firstWay = columns[c].isText ? 1 : -1;
    state.direction = state.column === c ? -state.direction : firstWay;
    state.column = c;
    heads.forEach((head, i) => {
      if (i === c) {
        head.setAttribute('aria-sort', state.direction > 0 ? 'ascending' : 'descending');
      } else {
        head.removeAttribute('aria-sort');
      }
    });
    resort();
  }
  resort();
  const box = h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h('table', {}, h('caption', {}, caption), h('thead', {}, h('tr', {}, heads)), body),
  );
  return {
    element: h('div', { class: isWide ? 'table wide' : 'table' }, box, foot),
    setRows(rows) {
      state.rows = rows;
      resort();
    },
  };
}
