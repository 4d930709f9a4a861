/* hedgers.js - who hedged, and the numbers of each on the test paths; what all parts of a hedging
 * report know of its hedgers. */
import { h, section, select, two } from './dom.js';
import { legendList } from './figure.js';
import { count, inUnit, isNumber, measured, plural, precise, ratio } from './format.js';
import { lineStyle } from './layout.js';
import { asText, pairs } from './rerun.js';
import { table } from './table.js';

const DASH = [5, 3];
const COLORS = ['main', 'loss', 'gain', 'accent', 'bench', 'ink'];
/* Measures that come first, where they are there. */
const FIRST = ['risk', 'cost_mean', 'pnl_mean', 'pnl_sd', 'sharpe', 'cvar_95'];

/* A number to the places that its spread over seeds (else its error over paths) allows, and that
 * spread. */
export function scoreText(score, unit) {
  const spread = isNumber(score.spread) ? score.spread : score.error;
  if (isNumber(spread)) {
    return measured(score.value, spread, unit);
  }
  return [figureText(score.value, unit), null];
}

/* A number without an error. */
export const figureText = (x, unit) =>
  unit === 'fraction' || unit === 'count' ? inUnit(x, unit) : precise(x);

/* ---- lines of hedgers ------------------------------------------------------------------------ */

/* Policies are told apart first. */
export const hedgerStyle = (i) => lineStyle(i, COLORS);

export function hedgerLine(i, view, more = {}) {
  const { color, isDashed } = hedgerStyle(i);
  return { color: view.colors[color], type: isDashed ? DASH : 'solid', width: 1.6, ...more };
}

export const hedgerColor = (i, view) => view.colors[hedgerStyle(i).color];

export const hedgerLegend = (model, list) =>
  list.map((i) => {
    const { color, isDashed } = hedgerStyle(i);
    return [color, model.hedgers[i].label, isDashed ? 'dash' : 'line'];
  });

/* A list that picks which hedgers charts show, and their legend: choose(list of them) is told. */
export function hedgerPicker(model, list, choose) {
  const policies = list.filter((i) => model.hedgers[i].is_policy);
  const few = [...policies, ...(list.includes(model.rule) ? [model.rule] : [])];
  const sets = new Map([
    ['all', list],
    ...(few.length > 1 && few.length < list.length ? [['few', few]] : []),
    ...list.map((i) => [String(i), [i]]),
  ]);
  const names = {
    all: 'All hedgers',
    few: model.rule >= 0 ? 'Policies and the best rule' : 'Policies',
  };
  const first = sets.has('few') ? 'few' : 'all';
  const options = [...sets.keys()].map((key) => [
    key,
    names[key] || `Only ${model.hedgers[Number(key)].label}`,
  ]);
  const legend = h('div');
  const show = (key) => {
    const shown = sets.get(key);
    legend.replaceChildren(legendList(hedgerLegend(model, shown)));
    choose(shown);
  };
  show(first);
  return { legend, element: list.length > 1 ? select('Hedgers', options, first, show) : null };
}

/* ---- the table ------------------------------------------------------------------------------- */

function trainedText(x) {
  const parts = [
    x.n_params > 0 ? plural(x.n_params, 'parameter') : null,
    x.n_steps > 0 ? plural(x.n_steps, 'step') : null,
    isNumber(x.train_seconds)
      ? `${ratio(x.train_seconds, x.train_seconds < 10 ? 1 : 0)} s a seed`
      : null,
    plural(x.n_seeds, 'seed'),
  ];
  return parts.filter(Boolean).join(', ');
}

function nameCell(x) {
  return h(
    'span',
    { title: x.text || null },
    x.label,
    x.is_oracle
      ? h(
          'span',
          { class: 'tag', title: 'knows what no hedger of a real market knows: never the best' },
          'oracle',
        )
      : null,
    h('span', { class: 'quiet under' }, x.is_policy ? trainedText(x) : 'rule'),
  );
}

function seedsTitle(x, score, unit) {
  const parts = [
    isNumber(score.error)
      ? `standard error over paths${x.is_policy ? ', of one seed' : ''}: ${figureText(score.error, unit)}`
      : null,
    score.seeds ? `by seed: ${score.seeds.map((y) => figureText(y, unit)).join(', ')}` : null,
  ];
  return parts.filter(Boolean).join('; ') || null;
}

function scoreCell(x, score, unit) {
  const [value, spread] = scoreText(score, unit);
  return h(
    'span',
    { title: seedsTitle(x, score, unit) },
    two(value, x.is_policy && isNumber(score.spread) ? spread : null),
  );
}

/* [measure, its place], what matters most first. */
function inOrder(measures) {
  const rank = ({ name }) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return measures.map((m, k) => [m, k]).sort((a, b) => rank(a[0]) - rank(b[0]) || a[1] - b[1]);
}

function hedgersTable(model) {
  const list = model.hedgers;
  const columns = [
    {
      label: 'Hedger',
      isText: true,
      show: (i) => nameCell(list[i]),
      value: (i) => list[i].label,
    },
    ...inOrder(model.measures).map(([m, k]) => ({
      label: m.label,
      title: m.convention,
      show: (i) => scoreCell(list[i], list[i].scores[k], m.unit),
      value: (i) => list[i].scores[k].value,
      tone: (i) => (list.length > 1 && m.best === i ? 'best' : ''),
    })),
  ];
  return table({
    caption: 'Hedgers on the test paths',
    columns,
    n: list.length,
    pageRows: 100,
    noun: 'hedgers',
    isHead: true,
    isWide: true,
  }).element;
}

const direction = ({ less_is_better: less }) =>
  less === null ? '' : less ? ' Less is better.' : ' More is better.';

const clause = (text) => (text ? text.replace(/[.;]?$/, '.') : '');

function conventions(model) {
  return h(
    'details',
    { class: 'words' },
    h('summary', {}, 'How each number is computed'),
    pairs(
      'How each number is computed',
      model.measures.map((m) => ({ key: m.label, value: clause(m.convention) + direction(m) })),
      asText,
    ),
    pairs(
      'The hedgers',
      model.hedgers.filter((x) => x.text).map((x) => ({ key: x.label, value: x.text })),
      asText,
    ),
  );
}

export function hedgersSection(model) {
  const n = model.hedgers.filter((x) => x.is_policy).length;
  const rules = model.hedgers.length - n;
  return section(
    'hedgers',
    'Hedgers',
    `${[n > 0 ? plural(n, 'trained policy', 'trained policies') : null, rules > 0 ? plural(rules, 'rule') : null].filter(Boolean).join(' and ')} on the same ${count(model.study.n_paths)} test paths.${n > 0 ? ' Of a policy the mean over its seeds, ± their standard deviation.' : ''}${model.hedgers.length > 1 ? ' Bold: the best of its column.' : ''}`,
    hedgersTable(model),
    conventions(model),
  );
}
