/* pnl.js - how P&L spreads over the test paths: histograms side by side on the same axes, and the
 * tails in numbers. */
import { niceRange } from './axis.js';
import { absent, h, section, select } from './dom.js';
import { figure } from './figure.js';
import { isNumber, levelName, percent, percentTick, significant } from './format.js';
import { figureText, hedgerStyle } from './hedgers.js';
import { histogramOption } from './histogram.js';
import { medianOf, outline, sharesOf } from './layout.js';
import { table } from './table.js';

const number = (x) => significant(x, 4);

/* ---- histograms ------------------------------------------------------------------------------ */

/* The mean, and the mean of the worst twentieth (CVaR is a loss, so it stands at its negative). */
function marksOf(model, i) {
  const { edges } = model.hedgers[i].histogram;
  const inside = (x) => isNumber(x) && x > edges[0] && x < edges[edges.length - 1];
  const mean = model.score(i, 'pnl_mean');
  const tail = model.score(i, 'cvar_95');
  return [
    mean && inside(mean.value) ? [mean.value, 'mean', 'left'] : null,
    tail && inside(-tail.value) ? [-tail.value, 'CVaR 95%', 'right'] : null,
  ].filter(Boolean);
}

function noteOf(model, i, across) {
  const top = Math.max(...sharesOf(model.hedgers[i].histogram));
  const x = model.hedgers[i];
  const of = (name) => (model.score(i, name) ? model.score(i, name).value : null);
  const outside = x.histogram.n_below + x.histogram.n_above;
  const all = x.histogram.counts.reduce((a, b) => a + b, outside);
  return (
    `Mean ${number(of('pnl_mean'))}, deviation ${number(of('pnl_sd'))}` +
    (isNumber(of('cvar_95')) ? `, CVaR 95% ${number(of('cvar_95'))}` : '') +
    '.' +
    (outside > 0 ? ` ${percent(outside / all, 2)} beyond the bars.` : '') +
    (top > across.max ? ` The highest bar holds ${percent(top, 0)} and is cut off.` : '')
  );
}

function histogramFigure(model, i, across, state) {
  const x = model.hedgers[i];
  const { edges } = x.histogram;
  const { color } = hedgerStyle(i);
  const shares = sharesOf(x.histogram);
  return figure({
    title: x.label + (x.is_oracle ? ' (oracle)' : ''),
    label: `Histogram of the P&L of ${x.label}. ${noteOf(model, i, across)}`,
    note: noteOf(model, i, across),
    height: 210,
    option: (view) => {
      const other = state.other >= 0 && state.other !== i ? model.hedgers[state.other] : null;
      return histogramOption({
        edges,
        counts: shares,
        tick: number,
        show: number,
        color: (_, colors) => colors[color],
        noun: 'Paths',
        marks: marksOf(model, i),
        curve: other ? outline(edges, sharesOf(other.histogram)) : [],
        amount: percentTick,
        across,
      })(view);
    },
  });
}

function histograms(model) {
  const drawn = model.hedgers.map((_, i) => i).filter((i) => model.hedgers[i].histogram);
  if (drawn.length === 0) {
    return absent('Too few paths for histograms.');
  }
  const tops = drawn.map((i) => Math.max(...sharesOf(model.hedgers[i].histogram)));
  const { max, interval } = niceRange([0, Math.min(Math.max(...tops), 1.4 * medianOf(tops))], 3);
  const state = { other: drawn.includes(model.rule) ? model.rule : drawn[0] };
  const figures = drawn.map((i) => histogramFigure(model, i, { max, interval }, state));
  const compared = select(
    'Outline of',
    [['-1', 'no outline'], ...drawn.map((i) => [String(i), `outline: ${model.hedgers[i].label}`])],
    String(state.other),
    (key) => {
      state.other = Number(key);
      figures.forEach((f) => f.redraw());
    },
  );
  return [
    h(
      'div',
      { class: 'figure-head' },
      h('h3', {}, `Histograms${model.currency ? ', ' + model.currency : ''}`),
      h('div', { class: 'tools' }, drawn.length > 1 ? compared : null),
    ),
    h(
      'p',
      { class: 'caption' },
      `Share of the test paths (of a policy, of all its seeds) by P&L; the axes are the same everywhere.${drawn.length > 1 ? ' The dashed outline is the histogram of the hedger in the list.' : ''}`,
    ),
    h(
      'div',
      { class: 'multiples' },
      figures.map((f) => f.element),
    ),
  ];
}

/* ---- tails ----------------------------------------------------------------------------------- */

function tailTable(model) {
  const list = model.hedgers.filter((x) => x.tail);
  if (list.length === 0) {
    return null;
  }
  const columns = [
    { label: 'Hedger', isText: true, show: (i) => list[i].label, value: (i) => list[i].label },
    ...model.tail_levels.map((level, k) => ({
      label: levelName(level),
      title: `quantile ${level} of P&L over the test paths`,
      show: (i) => figureText(list[i].tail[k], 'money'),
      value: (i) => list[i].tail[k],
    })),
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'Tails'),
    h(
      'p',
      { class: 'caption' },
      'Quantiles of P&L over the test paths, of a policy the mean over its seeds. 1%: one path in a hundred ends below.',
    ),
    table({
      caption: 'Quantiles of P&L',
      columns,
      n: list.length,
      pageRows: 100,
      noun: 'hedgers',
      isHead: true,
      isWide: true,
    }).element,
  );
}

export function pnlSection(model) {
  return section(
    'pnl',
    'P&L',
    'Premium, gains and losses of the hedge, less costs and what was paid, by test path.',
    histograms(model),
    tailTable(model),
  );
}
