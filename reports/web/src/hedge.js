/* hedge.js - the page of a hedging study. */
import { comparisonsSection } from './comparisons.js';
import { h, section } from './dom.js';
import {
  count,
  isNumber,
  maturity,
  measured,
  plural,
  ratio,
  significant,
  words,
} from './format.js';
import { frontierSection } from './frontier.js';
import { hedgersSection, scoreText } from './hedgers.js';
import { bestOf } from './layout.js';
import { learningSection } from './learning.js';
import { livesSection } from './lives.js';
import { pnlSection } from './pnl.js';
import { processSection } from './process.js';
import { ratiosSection } from './ratios.js';
import { asText, pairs, rerunSection } from './rerun.js';
import { samplesSection } from './samples.js';
import { spectraSection } from './spectra.js';
import { table } from './table.js';
import { cards, masthead, signTone } from './top.js';

function modelOf(report) {
  const model = {
    ...report,
    title: report.title || 'Hedging study',
    hedgers: report.hedgers.map((x) => (x.label === x.name ? { ...x, label: words(x.name) } : x)),
  };
  const at = new Map(report.measures.map((m, k) => [m.name, k]));
  model.measure = (name) => (at.has(name) ? report.measures[at.get(name)] : null);
  model.score = (i, name) => (at.has(name) ? report.hedgers[i].scores[at.get(name)] : null);
  /* The hedger with the lowest risk of those that pass; -1: none. Oracles do not count. */
  model.lowest = (passes) =>
    bestOf(
      report.hedgers.map((x, i) =>
        passes(x) && !x.is_oracle && isNumber(model.score(i, 'risk').value)
          ? -model.score(i, 'risk').value
          : null,
      ),
    );
  model.best = model.lowest(() => true);
  model.rule = model.lowest((x) => !x.is_policy);
  const lives = report.lives ? report.lives.rows : [];
  model.lives = report.lives
    ? {
        ...report.lives,
        start_ms: lives.map((x) => Date.parse(x.start)),
        end_ms: lives.map((x) => Date.parse(x.end)),
      }
    : null;
  return model;
}

/* ---- key numbers ----------------------------------------------------------------------------- */

/* A number of the hedger with the lowest risk; beside it, the best rule's. */
function scoreCard(model, name, label, tone = false) {
  const measure = model.measure(name);
  if (!measure || model.best < 0) {
    return null;
  }
  const score = model.score(model.best, name);
  const [value, spread] = scoreText(score, measure.unit);
  const other = model.rule >= 0 && model.rule !== model.best ? model.rule : -1;
  return {
    label,
    value,
    extra: model.hedgers[model.best].is_policy ? spread : null,
    tone: tone ? signTone(score.value) : '',
    beside:
      other >= 0
        ? `${model.hedgers[other].label}: ${scoreText(model.score(other, name), measure.unit)[0]}`
        : null,
    convention: measure.convention,
  };
}

function seedsText(model) {
  const seeds = model.hedgers.filter((x) => x.is_policy).map((x) => x.n_seeds);
  const [low, high] = [Math.min(...seeds), Math.max(...seeds)];
  return seeds.length === 0
    ? 'no policy was trained'
    : `${plural(seeds.length, 'policy', 'policies')}, ${low === high ? plural(low, 'seed') : `${count(low)} to ${count(high)} seeds`}${seeds.length > 1 ? ' each' : ''}`;
}

function cardList(model) {
  const { study } = model;
  const best = model.best >= 0 ? model.hedgers[model.best].label : null;
  const [premium, premiumError] = measured(
    study.premium,
    study.premium_error > 0 ? study.premium_error : null,
    'money',
  );
  return [
    isNumber(study.premium)
      ? {
          label: `Premium${model.currency ? ', ' + model.currency : ''}`,
          value: study.premium_error > 0 ? premium : significant(study.premium, 5),
          extra: premiumError,
          convention: study.premium_text,
        }
      : null,
    best ? { label: 'Lowest risk has', value: best, convention: study.risk } : null,
    scoreCard(model, 'risk', 'Its risk'),
    scoreCard(model, 'cost_mean', 'Its mean cost'),
    scoreCard(model, 'pnl_mean', 'Its mean P&L', true),
    scoreCard(model, 'pnl_sd', 'Its P&L, standard deviation'),
    scoreCard(model, 'sharpe', 'Its Sharpe ratio', true),
    {
      label: 'Test paths',
      value: count(study.n_paths),
      beside: seedsText(model),
      convention: `seed ${study.seed}${isNumber(study.seconds) ? `; the study took ${ratio(study.seconds, study.seconds < 100 ? 1 : 0)} seconds` : ''}`,
    },
  ].filter(Boolean);
}

function sentence(model) {
  if (model.best < 0) {
    return 'No hedger has a risk to compare.';
  }
  const risk = (i) =>
    scoreText(model.score(i, 'risk'), model.measure('risk').unit).filter(Boolean).join(' ');
  const own = `The lowest risk on ${plural(model.study.n_paths, 'test path')} has ${model.hedgers[model.best].label}: ${risk(model.best)}`;
  if (model.rule < 0) {
    return own + '.';
  }
  if (model.rule === model.best) {
    const policy = model.lowest((x) => x.is_policy);
    return policy < 0
      ? own + '.'
      : `${own}, a rule; the best policy has ${model.hedgers[policy].label}, ${risk(policy)}.`;
  }
  return `${own}, beside ${risk(model.rule)} of ${model.hedgers[model.rule].label}, the best rule.`;
}

/* ---- what was hedged ------------------------------------------------------------------------- */

function instrumentTable(list) {
  const text = (label, key) => ({
    label,
    isText: true,
    isLong: true,
    show: (i) => list[i][key] || '–',
  });
  const columns = [
    { label: 'Instrument', isText: true, show: (i) => h('code', {}, list[i].name) },
    text('What it is', 'text'),
    { label: 'Price at date 0', show: (i) => significant(list[i].first_price, 6) },
    text('Cost of a trade', 'cost'),
    text('Position', 'bounds'),
    {
      label: 'Unit',
      title: "a network's 1.0 is so many units of the instrument",
      show: (i) => (list[i].unit > 0 ? significant(list[i].unit) : '–'),
    },
  ];
  return table({
    caption: 'Hedging instruments',
    columns,
    n: list.length,
    noun: 'instruments',
    isSortable: false,
    isHead: true,
  }).element;
}

const datesText = ({ n_dates: n, horizon_years: years }) =>
  isNumber(years) ? `${plural(n, 'date')} in ${maturity(years)}` : plural(n, 'date');

function problemSection(model) {
  const { study } = model;
  const rows = [
    ['Claim', study.claim],
    ['Premium', study.premium_text],
    ['Market', study.market],
    ['Trades', `at ${datesText(study)}, closed at the end`],
    ['Risk measure', study.risk],
    ['Networks see', study.features],
    [
      'Tested on',
      `${plural(study.n_paths, 'path')}${model.hedgers.some((x) => x.is_policy) ? ' that no training saw' : ''}, seed ${study.seed}`,
    ],
  ].filter(([, value]) => value);
  return section(
    'problem',
    'What was hedged',
    null,
    h(
      'div',
      { class: 'block settings' },
      pairs(
        'What was hedged',
        rows.map(([key, value]) => ({ key, value })),
        asText,
      ),
    ),
    model.instruments.length > 0
      ? h(
          'div',
          { class: 'block' },
          h('h3', {}, 'Hedging instruments'),
          instrumentTable(model.instruments),
        )
      : null,
  );
}

export function hedgePage(report) {
  const model = modelOf(report);
  const { study, lives } = model;
  const ms = lives ? [...lives.start_ms, ...lives.end_ms] : [];
  return {
    title: model.title,
    span: ms.length > 0 ? [Math.min(...ms), Math.max(...ms)] : [0, 1],
    top: [
      masthead({
        eyebrow: 'Feller hedging report',
        title: model.title,
        what: [h('b', {}, study.claim || 'A book of claims'), ` on ${datesText(study)}`],
        facts: [
          study.market,
          study.risk ? `risk: ${study.risk}` : null,
          model.instruments.length > 0
            ? `hedged with ${model.instruments.map((x) => x.name).join(', ')}`
            : null,
          `seed ${study.seed}`,
          model.currency ? `money in ${model.currency}` : null,
        ],
        notes: model.notes,
        sentence: sentence(model),
      }),
      cards(cardList(model)),
    ],
    sections: [
      problemSection(model),
      hedgersSection(model),
      pnlSection(model),
      comparisonsSection(model),
      learningSection(model),
      frontierSection(model),
      ratiosSection(model),
      samplesSection(model),
      spectraSection(model),
      livesSection(model),
      model.process ? processSection({ processes: [model.process], correlation: null }) : null,
      rerunSection(model),
    ].filter(Boolean),
    foot: 'P&L is money of the last date, gains positive. Simulated results say what the model says, no more.',
  };
}
