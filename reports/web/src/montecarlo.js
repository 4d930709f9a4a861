/* montecarlo.js - the page of a Monte Carlo study. */
import { absent, h, section } from './dom.js';
import { distributionsSection } from './distributions.js';
import { fanFigure } from './fan.js';
import {
  count,
  inUnit,
  interval,
  isNumber,
  measured,
  money,
  percent,
  plural,
  ratio,
} from './format.js';
import { wholeBins } from './layout.js';
import { processSection } from './process.js';
import { rerunSection } from './rerun.js';
import { table } from './table.js';
import { cards, masthead, signTone } from './top.js';

const MOST_EXAMPLES = 10;

function modelOf(report) {
  const fan = report.fan || { time: [], bands: [] };
  const model = {
    ...report,
    strategy: report.strategy || 'strategy',
    benchmark_name: report.benchmark_name || 'benchmark',
    bands: fan.bands.map((b) =>
      b.name === 'strategy' ? { ...b, name: report.strategy || b.name } : b,
    ),
    fan_ms: Float64Array.from(fan.time, (text) => Date.parse(text)),
    notable: report.paths.filter((p) => p.what),
    examples: report.paths.filter((p) => !p.what).slice(0, MOST_EXAMPLES),
    n_paths: report.study.n_paths,
    distributions: report.distributions.map((d) =>
      d.unit === 'count' && d.histogram ? { ...d, histogram: wholeBins(d.histogram) } : d,
    ),
  };
  const paths = report.values.path;
  model.pathOf = (row) => count(paths ? paths[row] : row);
  model.distribution = (name) => model.distributions.find((d) => d.name === name) || null;
  return model;
}

const quantileOf = (d, level) => d.quantiles.find((q) => Math.abs(q.level - level) < 1e-9) || null;

function sentence(model) {
  const d = model.distribution('final_equity');
  const unit = model.currency ? ' ' + model.currency : '';
  const [low, middle, high] = [0.05, 0.5, 0.95].map((level) => quantileOf(d, level));
  const loss = model.probabilities.find((p) => p.name === 'loss');
  const range =
    low && middle && high
      ? `ended at ${money(middle.value)}${unit} on the median path; nine of ten paths ended between ${money(low.value)} and ${money(high.value)}`
      : `ended at ${money(d.mean)}${unit} on average`;
  return (
    `${money(model.study.initial_cash)}${unit} ${range}.` +
    (loss ? ` ${percent(loss.value, 1)} of the paths lost money.` : '')
  );
}

/* ---- key numbers ----------------------------------------------------------------------------- */

/* The mean with its error; beside it, from the 5 % to the 95 % quantile. */
function meanCard(model, name, label, tone = false) {
  const d = model.distribution(name);
  if (!d) {
    return null;
  }
  const [value, error] = measured(d.mean, d.mean_error, d.unit);
  const [low, high] = [quantileOf(d, 0.05), quantileOf(d, 0.95)];
  return {
    label,
    value,
    extra: error,
    tone: tone ? signTone(d.mean) : '',
    beside: low && high ? `5% to 95%: ${interval(low.value, high.value, d.unit, 1)}` : null,
    convention: `${d.convention}; mean over paths, ± one standard error`,
  };
}

function benchmarkText(model, name) {
  const d = model.distribution(name);
  return d && isNumber(d.benchmark_mean)
    ? `${model.benchmark_name}: ${measured(d.benchmark_mean, d.benchmark_error, d.unit).filter(Boolean).join(' ')}`
    : null;
}

function probabilityCard(model, name, label) {
  const p = model.probabilities.find((x) => x.name === name);
  return p
    ? {
        label,
        value: percent(p.value, 1),
        beside: `${percent(model.conventions.confidence, 0)} interval: ${interval(p.low, p.high, 'fraction')}`,
        convention: `${p.label}: ${count(p.n_hits)} of ${plural(p.n, 'path')}`,
      }
    : null;
}

function medianCard(model, name, label) {
  const d = model.distribution(name);
  const q = d && quantileOf(d, 0.5);
  if (!q) {
    return null;
  }
  return {
    label,
    value: inUnit(q.value, d.unit),
    extra: 'median',
    beside: `${percent(model.conventions.confidence, 0)} interval: ${interval(q.low, q.high, d.unit)}`,
    convention: `${d.convention}; the path in the middle`,
  };
}

function cardList(model) {
  const total = meanCard(model, 'total_return', 'Total return', true);
  const bench = benchmarkText(model, 'total_return');
  return [
    medianCard(model, 'final_equity', `Final equity${model.currency ? ', ' + model.currency : ''}`),
    total && { ...total, beside: bench || total.beside },
    probabilityCard(model, 'loss', 'Probability of a loss'),
    meanCard(model, 'sharpe_ratio', 'Sharpe ratio'),
    meanCard(model, 'max_drawdown', 'Maximum drawdown'),
    meanCard(model, 'turnover_per_year', 'Turnover a year'),
    meanCard(model, 'total_costs', `Costs${model.currency ? ', ' + model.currency : ''}`),
    {
      label: 'Paths',
      value: count(model.n_paths),
      beside: isNumber(model.study.seconds) ? `in ${ratio(model.study.seconds, 2)} seconds` : null,
      convention: `seed ${model.study.seed}; path k is a function of (seed, k) alone`,
    },
  ].filter(Boolean);
}

/* ---- sections -------------------------------------------------------------------------------- */

function fanSection(model) {
  const isDrawn = model.fan_ms.length > 1 && model.bands.length > 0;
  return section(
    'fan',
    'Equity over paths',
    null,
    isDrawn ? fanFigure(model) : absent('Too short to draw: bands need two days.'),
  );
}

function pathsSection(model) {
  const list = model.notable;
  if (list.length === 0) {
    return null;
  }
  const columns = [
    { label: 'Path', isText: true, show: (i) => list[i].what, value: (i) => list[i].what },
    { label: 'Number', show: (i) => count(list[i].index), value: (i) => list[i].index },
    {
      label: 'Final equity',
      show: (i) => money(list[i].final_equity),
      value: (i) => list[i].final_equity,
    },
    {
      label: 'Return',
      show: (i) => percent(list[i].total_return, 2, true),
      value: (i) => list[i].total_return,
    },
    {
      label: 'Sharpe',
      show: (i) => ratio(list[i].sharpe_ratio),
      value: (i) => list[i].sharpe_ratio,
    },
    {
      label: 'Max drawdown',
      show: (i) => percent(list[i].max_drawdown),
      value: (i) => list[i].max_drawdown,
    },
    { label: 'Trades', show: (i) => count(list[i].n_trades), value: (i) => list[i].n_trades },
    {
      label: 'Run it alone',
      isText: true,
      isLong: true,
      show: (i) => (list[i].command ? h('code', { class: 'command' }, list[i].command) : '–'),
    },
  ];
  return section(
    'paths',
    'Paths to look at',
    'Each can be run alone, with orders, fills and a chart of its prices: the command gives the same path, bit for bit.',
    table({
      caption: 'Notable paths',
      columns,
      n: list.length,
      noun: 'paths',
      isHead: true,
      isWide: true,
    }).element,
  );
}

export function montecarloPage(report) {
  const model = modelOf(report);
  const { study } = model;
  const n = model.fan_ms.length;
  return {
    title: model.title || 'Monte Carlo study',
    span: n > 1 ? [model.fan_ms[0], model.fan_ms[n - 1]] : [0, 1],
    top: [
      masthead({
        eyebrow: 'Feller Monte Carlo report',
        title: model.title || 'Monte Carlo study',
        what: [h('b', {}, model.strategy), ` on ${plural(study.n_paths, 'path')}`],
        facts: [
          study.data,
          study.strategy,
          study.costs,
          `seed ${study.seed}`,
          model.currency ? `money in ${model.currency}` : null,
        ],
        notes: model.notes,
        sentence: sentence(model),
      }),
      cards(cardList(model)),
    ],
    sections: [
      fanSection(model),
      distributionsSection(model),
      pathsSection(model),
      processSection(model),
      rerunSection(model),
    ].filter(Boolean),
    foot: 'All times are UTC. Simulated results say what the model says, no more.',
  };
}
