/* calibration.js - the page of a calibration. */
import { extent } from './axis.js';
import { absent, h, section } from './dom.js';
import {
  count,
  isNumber,
  maturity,
  percent,
  plural,
  price,
  quantity,
  ratio,
  significant,
  words,
} from './format.js';
import { columnsOf } from './model.js';
import { parameterTable } from './process.js';
import { rerunSection } from './rerun.js';
import { residualsSection } from './residuals.js';
import { smileSection } from './smile.js';
import { table } from './table.js';
import { cards, masthead } from './top.js';

function modelOf(report) {
  const quotes = columnsOf(report.quotes);
  const lists = [quotes.market_vol, quotes.bid_vol, quotes.ask_vol, quotes.model_vol];
  return { ...report, quotes, volExtent: extent(lists.flatMap((list) => list || [])) };
}

const refusedOf = (model) => model.refusals.reduce((sum, r) => sum + r.n, 0);

function sentence(model) {
  const { fit, study } = model;
  const inVol = `${ratio(fit.rmse_vol_points)} volatility points off the market in root mean square`;
  const spread =
    fit.n_with_spread > 0
      ? ` It lies between bid and ask for ${percent(fit.n_inside_spread / fit.n_with_spread, 0)} of the quotes that have both.`
      : '';
  return `The fitted ${study.model} model is ${inVol}, over ${plural(fit.n_quotes, 'quote')} of ${plural(model.maturities.length, 'maturity', 'maturities')}.${spread}`;
}

/* ---- key numbers ----------------------------------------------------------------------------- */

function volCard(model, name, label, convention) {
  const p = model.process.parameters.find((x) => x.name === name);
  return p && p.value >= 0
    ? { label, value: percent(Math.sqrt(p.value)), extra: 'a year', convention }
    : null;
}

function worstCard({ quotes }) {
  const rows = quotes.vol_points
    .map((x, i) => [Math.abs(x), i])
    .filter(([, i]) => isNumber(quotes.vol_points[i]));
  if (rows.length === 0) {
    return null;
  }
  const [, i] = rows.reduce((best, x) => (x[0] > best[0] ? x : best));
  return {
    label: 'Largest residual',
    value: ratio(quotes.vol_points[i]),
    extra: 'points',
    convention: `${quotes.is_put[i] ? 'put' : 'call'} ${quantity(quotes.strike[i])}, ${maturity(quotes.t_years[i])}, row ${count(quotes.row[i])}`,
  };
}

function cardList(model) {
  const { fit, study, process } = model;
  const refused = refusedOf(model);
  return [
    {
      label: 'Fit, root mean square',
      value: ratio(fit.rmse_vol_points, 3),
      extra: 'vol points',
      convention: 'model − market implied volatility; 1 point = 0.01 a year',
    },
    {
      label: 'Objective',
      value: significant(fit.sum_of_squares, 5),
      convention: `sum of squares of ${study.objective} in ${study.objective_unit}, weights: ${study.weight || 'equal'}`,
    },
    worstCard(model),
    {
      label: 'Quotes fitted',
      value: count(fit.n_quotes),
      beside:
        refused > 0
          ? `${count(refused)} refused, of a file of ${plural(study.n_rows, 'row')}`
          : null,
      convention: `${plural(model.maturities.length, 'maturity', 'maturities')}`,
    },
    {
      label: 'Starts that agree',
      value: `${count(fit.n_agreeing)} of ${count(fit.n_starts)}`,
      convention: `ended at this optimum; ${plural(fit.n_iterations, 'iteration')}, ${plural(fit.n_evaluations, 'evaluation')}${isNumber(study.seconds) ? `, ${significant(1000 * study.seconds, 3)} ms` : ''}`,
    },
    volCard(model, 'v0', 'Volatility now', 'square root of v0'),
    volCard(model, 'theta', 'Volatility in the long run', 'square root of theta'),
    isNumber(process.feller_margin)
      ? {
          label: 'Feller condition',
          value: process.feller_margin > 0 ? 'holds' : 'does not hold',
          beside: isNumber(process.variance_degrees)
            ? `${significant(process.variance_degrees, 3)} degrees of freedom`
            : null,
          convention: `2 kappa theta − xi² = ${significant(process.feller_margin)}: the variance ${process.feller_margin > 0 ? 'never reaches' : 'reaches'} zero`,
        }
      : null,
  ].filter(Boolean);
}

/* ---- sections -------------------------------------------------------------------------------- */

function startsBlock(model) {
  const list = model.starts;
  const names = model.process.parameters.map((p) => p.name);
  if (list.length === 0) {
    return null;
  }
  const columns = [
    { label: 'Start', show: (i) => count(i + 1), value: (i) => i },
    {
      label: 'Sum of squares',
      show: (i) => significant(list[i].sum_of_squares, 6),
      value: (i) => list[i].sum_of_squares,
    },
    {
      label: 'Agrees',
      isText: true,
      show: (i) => (list[i].is_agreeing ? 'yes' : 'no'),
      value: (i) => -list[i].is_agreeing,
    },
    ...names.map((name, k) => ({
      label: name,
      show: (i) => (list[i].parameters ? significant(list[i].parameters[k]) : '–'),
      value: (i) => (list[i].parameters ? list[i].parameters[k] : null),
    })),
    {
      label: 'Iterations',
      show: (i) => count(list[i].n_iterations),
      value: (i) => list[i].n_iterations,
    },
    { label: 'End', isText: true, show: (i) => list[i].end, value: (i) => list[i].end },
  ];
  return [
    h('h3', {}, 'Where the starts ended'),
    table({ caption: 'Starts of the search', columns, n: list.length, noun: 'starts' }).element,
  ];
}

function parametersSection(model) {
  const { process, fit } = model;
  return section(
    'parameters',
    'Parameters',
    isNumber(fit.condition)
      ? `Errors are indicative: one standard error from the Jacobian at the optimum, whose condition is ${significant(fit.condition, 3)} (scaled).`
      : null,
    process.summary ? h('p', { class: 'caption' }, process.summary) : null,
    process.parameters.length > 0 ? parameterTable(process) : absent('No parameter is listed.'),
    process.feller ? h('p', { class: 'caption' }, process.feller + '.') : null,
    startsBlock(model),
  );
}

function refusalsBlock(model) {
  const list = model.refusals;
  if (list.length === 0) {
    return h('p', { class: 'caption' }, 'No quote was refused.');
  }
  const columns = [
    {
      label: 'Reason',
      isText: true,
      show: (i) => words(list[i].reason),
      value: (i) => list[i].reason,
    },
    { label: 'Quotes', show: (i) => count(list[i].n), value: (i) => list[i].n },
    { label: 'Meaning', isText: true, isLong: true, show: (i) => list[i].meaning || '–' },
    {
      label: 'The first',
      isText: true,
      isLong: true,
      show: (i) => h('span', { class: 'quiet' }, list[i].first),
    },
  ];
  return table({
    caption: 'Refused quotes by reason',
    columns,
    n: list.length,
    noun: 'reasons',
    isHead: true,
  }).element;
}

function quotesTable({ quotes, study }) {
  const cell = (label, key, show, title) => ({
    label,
    title,
    show: (i) => show(quotes[key][i]),
    value: (i) => quotes[key][i],
  });
  const hasSpread = quotes.bid_vol.some(isNumber);
  const hasPrices = quotes.model_price.some(isNumber);
  const hasWeights = quotes.weight.some((x) => x !== quotes.weight[0]);
  const vol = (x) => percent(x);
  const columns = [
    cell('Row', 'row', count, 'line of the file'),
    cell('Years', 't_years', (x) => ratio(x, 4)),
    cell('Right', 'is_put', (x) => (x ? 'put' : 'call')),
    cell('Strike', 'strike', quantity),
    cell('K / F', 'moneyness', (x) => ratio(x, 4), 'strike / forward'),
    cell('Market vol', 'market_vol', vol),
    ...(hasSpread ? [cell('Bid vol', 'bid_vol', vol), cell('Ask vol', 'ask_vol', vol)] : []),
    cell('Model vol', 'model_vol', vol),
    cell('Points', 'vol_points', (x) => ratio(x, 3), 'model − market, volatility points'),
    ...(hasPrices
      ? [cell('Market price', 'market_price', price), cell('Model price', 'model_price', price)]
      : []),
    ...(study.residual_unit === 'volatility points'
      ? []
      : [cell('Residual', 'residual', (x) => significant(x), study.residual_unit)]),
    ...(hasWeights ? [cell('Weight', 'weight', (x) => ratio(x, 3))] : []),
  ];
  return table({ caption: 'The fitted quotes', columns, n: quotes.n, noun: 'quotes', isWide: true })
    .element;
}

function quotesSection(model) {
  return section(
    'quotes',
    'Quotes',
    'All quotes that were fitted. Residuals are model − market; every column sorts.',
    model.quotes.n > 0 ? quotesTable(model) : absent('No quote was fitted.'),
    h('h3', {}, 'Refused quotes'),
    refusalsBlock(model),
  );
}

export function calibrationPage(report) {
  const model = modelOf(report);
  const { study } = model;
  return {
    title: model.title || 'Calibration',
    span: [0, 1],
    top: [
      masthead({
        eyebrow: 'Feller calibration report',
        title: model.title || 'Calibration',
        what: [h('b', {}, study.model), ' fitted to ', study.chain],
        facts: [
          `objective: ${study.objective}, ${study.objective_unit}`,
          `weights: ${study.weight || 'equal'}`,
          isNumber(study.spot) ? `spot ${price(study.spot)}` : null,
          `seed of the starts ${study.seed}`,
        ],
        notes: model.notes,
        sentence: sentence(model),
      }),
      cards(cardList(model)),
    ],
    sections: [
      smileSection(model),
      parametersSection(model),
      residualsSection(model),
      quotesSection(model),
      rerunSection(model),
    ].filter(Boolean),
    foot: 'A fit says which parameters suit these quotes, not that the model is true.',
  };
}
