/* sample_hedge.mjs - a generated report.json of a hedging study: Heston-like paths by a coarse Euler
 * scheme, Black-Scholes deltas as rules, and as "policies" deltas that are lazier and off by a
 * little. Good enough to look at. */
import { closeText, generator, weekdays } from './sample_market.mjs';
import { deviation, mean } from './sample_scores.mjs';

const [SPOT, STRIKE, VOL, N_DATES, DT] = [100, 100, 0.2, 30, 1 / 365];
const TAILS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999];
const COST = 0.001;

/* Of the normal distribution, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function cumulative(x) {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return x > 0 ? 1 - tail : tail;
}

function delta(spot, left, vol) {
  const root = vol * Math.sqrt(Math.max(left, 1e-9));
  return cumulative(Math.log(spot / STRIKE) / root + root / 2);
}

function blackScholes(spot, left, vol) {
  const root = vol * Math.sqrt(left);
  return (
    spot * delta(spot, left, vol) - STRIKE * cumulative(Math.log(spot / STRIKE) / root - root / 2)
  );
}

function paths(random, n) {
  const [kappa, theta, xi, rho] = [1, VOL * VOL, 0.6, -0.7];
  return Array.from({ length: n }, () => {
    const spot = [SPOT];
    const variance = [theta];
    for (let k = 0; k < N_DATES; k++) {
      const [s, v] = [spot[k], Math.max(variance[k], 0)];
      const z = random.normal();
      const w = rho * z + Math.sqrt(1 - rho * rho) * random.normal();
      spot.push(s * Math.exp((-v / 2) * DT + Math.sqrt(v * DT) * z));
      variance.push(Math.max(0, v + kappa * (theta - v) * DT + xi * Math.sqrt(v * DT) * w));
    }
    return { spot, variance };
  });
}

/* A hedger: {name, label, text, isPolicy, isOracle, hold(spot, k, before, variance) -> position}. */
const lazily = (target, width, before) =>
  before > target + width ? target + width : before < target - width ? target - width : before;
const left = (k) => (N_DATES - k) * DT;

function makeHedgers(few) {
  const rule = (name, label, text, hold, isOracle = false) => ({
    name,
    label,
    text,
    isPolicy: false,
    isOracle,
    hold: () => hold,
  });
  const policy = (name, label, text, width, noise) => ({
    name,
    label,
    text,
    isPolicy: true,
    isOracle: false,
    hold: (seed) => {
      const shift = noise * Math.sin(2.385 * seed + 1);
      return (s, k, before) =>
        lazily(delta(s, left(k), VOL * (1.04 + shift)), width + shift / 4, before);
    },
  });
  const bs = (s, k) => delta(s, left(k), VOL);
  const rules = [
    rule('none', 'No hedge', 'holds nothing', () => 0),
    rule('black_scholes_delta', 'Black-Scholes delta', 'N(d1) at the volatility of date 0', bs),
    rule(
      'black_scholes_oracle',
      'Black-Scholes delta, true variance',
      'N(d1) at the true variance of each date',
      (s, k, before, v) => delta(s, left(k), Math.sqrt(Math.max(v, 1e-4))),
      true,
    ),
    rule('heston_delta', 'Heston delta', 'slope of the model’s price', (s, k) => 0.97 * bs(s, k)),
    rule(
      'whalley_wilmott',
      'Whalley-Wilmott band',
      'Black-Scholes delta within a band',
      (s, k, before) => lazily(bs(s, k), 0.05, before),
    ),
    rule('leland', 'Leland', 'delta at a volatility raised by costs', (s, k) =>
      delta(s, left(k), 1.1 * VOL),
    ),
  ];
  return few
    ? rules.slice(0, 2)
    : [
        policy(
          'kfac',
          'LSTM 32, K-FAC',
          'lstm of 32 units, direct, K-FAC, 400 steps of 1,024 paths',
          0.035,
          0.03,
        ),
        policy(
          'band',
          'No-transaction band, MLP',
          'mlp 32-32, band around Black-Scholes, Adam',
          0.045,
          0.04,
        ),
        policy(
          'adam',
          'LSTM 32, Adam',
          'lstm of 32 units, direct, Adam at 0.01, 400 steps of 1,024 paths',
          0.03,
          0.12,
        ),
        ...rules,
      ];
}

/* P&L, cost and turnover of one path; what was held. */
function live(path, hold, premium) {
  const { spot, variance } = path;
  const held = [];
  let [pnl, cost, turnover, before] = [premium, 0, 0, 0];
  for (let k = 0; k < N_DATES; k++) {
    const position = hold(spot[k], k, before, variance[k]);
    turnover += Math.abs(position - before) * spot[k];
    pnl += position * (spot[k + 1] - spot[k]);
    held.push(position);
    before = position;
  }
  turnover += Math.abs(before) * spot[N_DATES];
  cost = COST * turnover;
  return { pnl: pnl - cost - Math.max(spot[N_DATES] - STRIKE, 0), cost, turnover, held };
}

const MEASURES = [
  ['risk', 'risk', 'ratio', 'entropic, aversion 1: log of the mean of exp(-P&L)', 1],
  ['cost_mean', 'cost', 'money', 'mean cost of trading of an option life', 1],
  ['pnl_mean', 'mean P&L', 'money', 'mean over test paths of the P&L of one option life', null],
  ['pnl_sd', 'P&L deviation', 'money', 'standard deviation over paths, ddof 1', 1],
  ['pnl_variance', 'P&L variance', 'ratio', 'over paths, ddof 1, squared money', 1],
  [
    'sharpe',
    'Sharpe',
    'ratio',
    'mean over standard deviation of an option life, not annualised',
    0,
  ],
  ['var_95', 'VaR 95%', 'money', 'the loss that one path in twenty exceeds', 1],
  ['cvar_95', 'CVaR 95%', 'money', 'mean loss of the worst twentieth of paths', 1],
  [
    'turnover_mean',
    'turnover',
    'money',
    'mean over paths of the traded value of an option life',
    1,
  ],
];

function numbersOf(lives) {
  const pnl = lives.map((x) => x.pnl);
  const sorted = [...pnl].sort((a, b) => a - b);
  const n = sorted.length;
  const worst = Math.max(1, Math.floor(0.05 * n));
  const [m, sd] = [mean(pnl), deviation(pnl)];
  return {
    risk: Math.log(mean(pnl.map((x) => Math.exp(-x)))),
    cost_mean: mean(lives.map((x) => x.cost)),
    pnl_mean: m,
    pnl_sd: sd,
    pnl_variance: sd * sd,
    sharpe: m / sd,
    var_95: -sorted[worst],
    cvar_95: -mean(sorted.slice(0, worst)),
    turnover_mean: mean(lives.map((x) => x.turnover)),
    tail: TAILS.map((p) => sorted[Math.min(n - 1, Math.floor(p * n))]),
    error: sd / Math.sqrt(n),
    pnl,
  };
}

function histogram(all, edges) {
  const n = edges.length - 1;
  const counts = Array.from({ length: n }, () => 0);
  let [below, above] = [0, 0];
  all.forEach((x) => {
    if (x < edges[0]) {
      below++;
    } else if (x > edges[n]) {
      above++;
    } else {
      counts[Math.min(n - 1, Math.floor(((x - edges[0]) / (edges[n] - edges[0])) * n))]++;
    }
  });
  return { edges, counts, n_below: below, n_above: above };
}

function scoresOf(x, runs) {
  return MEASURES.map(([name]) => {
    const values = runs.map((r) => r[name]);
    return {
      value: mean(values),
      error: name === 'pnl_mean' ? runs[0].error : null,
      spread: x.isPolicy && values.length > 1 ? deviation(values) : null,
      seeds: x.isPolicy ? values : null,
    };
  });
}

function curvesOf(random, i, nSeeds, speed, secondsAStep, floor, hasDamping) {
  return Array.from({ length: nSeeds }, (_, seed) => {
    const steps = Array.from({ length: 41 }, (_, k) => 10 * k);
    const end = floor + 0.012 * random.normal();
    const fall = (from) =>
      steps.map((s) => end + (from - end) * Math.exp(-s / speed) + 0.004 * random.normal());
    return {
      hedger: i,
      seed,
      n: steps.length,
      steps,
      seconds: steps.map((s) => s * secondsAStep * (1 + 0.05 * seed)),
      train_loss: fall(4.2).map((y) => y + 0.02 * random.normal()),
      validation_risk: fall(4.2),
      validation_cost: fall(1.9).map((y) => y - end + 0.21),
      validation_sd: fall(3.5).map((y) => y - end + 0.62),
      damping: hasDamping ? steps.map((s) => 0.1 * Math.exp(-s / 90) + 1e-4) : null,
    };
  });
}

function comparison(more) {
  return {
    hedger: 0,
    against: 2,
    budget: 'equal steps',
    name: 'cost_relative',
    label: 'mean cost, relative difference',
    convention: 'mean cost of the first over that of the second, - 1',
    unit: 'fraction',
    value: -0.0385,
    error: 0.011,
    low: -0.0612,
    high: -0.0171,
    p_value: 0.0021,
    wilcoxon_p: 0.0098,
    t_paths: -41.3,
    claim: null,
    ...more,
  };
}

const comparisons = () => ({
  rows: ['equal steps', 'equal training time'].flatMap((budget, k) => [
    comparison({ budget, claim: -0.783, value: -0.0385 + 0.02 * k }),
    comparison({
      budget,
      name: 'variance_log_ratio',
      label: 'variance of P&L, log ratio',
      convention: 'log of the variance of the first over that of the second',
      unit: 'ratio',
      value: -0.0123,
      low: -0.0341,
      high: 0.0098,
      p_value: 0.271,
      wilcoxon_p: 0.322,
      t_paths: -12.6,
      claim: Math.log(1 - 0.344),
    }),
    comparison({
      budget,
      name: 'sharpe_difference',
      label: 'Sharpe ratio, difference',
      convention: 'Sharpe ratio of the first less that of the second',
      unit: 'ratio',
      value: 0.0031,
      low: -0.0012,
      high: 0.0075,
      p_value: 0.152,
      wilcoxon_p: 0.193,
      t_paths: 6.2,
      claim: 0.0426,
    }),
  ]),
  claims_heading:
    'Published relative numbers of another study beside ours: our configuration, since theirs is not published.',
  conclusion:
    'At equal steps K-FAC trades at a cost lower by 3.9% (95% interval 1.7% to 6.1%); the variance of P&L does not differ beyond chance. The published differences are outside of our intervals.',
});

function surfacesOf() {
  const spot = Array.from({ length: 41 }, (_, i) => 80 + i);
  const leftYears = [30, 20, 10, 5, 1].map((d) => d * DT);
  const grid = (f) => leftYears.map((t) => spot.map((s) => f(s, t)));
  const one = (name, label, text, instrument, f) => ({
    name,
    label,
    text,
    instrument,
    values: grid(f),
  });
  return {
    spot,
    left_years: leftYears,
    list: [
      one(
        'kfac',
        'LSTM 32, K-FAC',
        'first seed, position before: that of date 0',
        0,
        (s, t) => 0.98 * delta(s, t + 2 * DT, 1.05 * VOL),
      ),
      one(
        'adam',
        'LSTM 32, Adam',
        'first seed, position before: that of date 0',
        0,
        (s, t) => 0.01 + 0.96 * delta(s, t + 4 * DT, 1.1 * VOL),
      ),
      one('black_scholes_delta', 'Black-Scholes delta', '', 0, (s, t) => delta(s, t, VOL)),
      one('heston_delta', 'Heston delta', '', 0, (s, t) => 0.97 * delta(s, t, VOL)),
      one(
        'kfac',
        'LSTM 32, K-FAC',
        '',
        1,
        (s, t) => 0.2 * Math.exp(-((s - 105) ** 2) / (400 * t * 12)),
      ),
    ],
  };
}

function samplesOf(all, runs, indices) {
  const place = (k) => ({
    spot: all[k].spot,
    variance: all[k].variance,
    positions: runs.map((lives, i) => [
      lives[k].held,
      lives[k].held.map((x, t) => (i === 0 ? 0.1 + 0.05 * Math.sin(t / 4) : i > 4 ? null : 0)),
    ]),
    pnl: runs.map((lives) => lives[k].pnl),
  });
  return indices.map(([what, k]) => ({ path: 2199023255552 + k, what, ...place(k) }));
}

function spectraOf() {
  const one = (block, factor, n, top, decay, damping) => ({
    hedger: 0,
    block,
    factor,
    n,
    stride: 1,
    values: Array.from({ length: n }, (_, k) => top * Math.exp(-decay * k)),
    damping,
  });
  return [
    one('lstm0.weight', 'inputs', 37, 21.7, 0.34, 0.0042),
    one('lstm0.weight', 'slopes', 128, 0.0031, 0.09, 2.1e-6),
    one('head.weight', 'inputs', 33, 8.9, 0.41, 0.0042),
    one('head.weight', 'slopes', 2, 0.12, 1.7, 2.1e-5),
  ];
}

const lineOfLives = (list, n) => ({
  n: list.length,
  mean: list.length > 0 ? mean(list) : null,
  deviation: list.length > 1 ? deviation(list) : null,
  min: list.length > 0 ? Math.min(...list) : null,
  max: list.length > 0 ? Math.max(...list) : null,
  cost_mean: list.length > 0 ? 0.0012 * (1 + n / 10) : null,
});

function livesOf(random, hedgers, all) {
  const days = weekdays('2011-02-01', 22 * 48);
  const rows = Array.from({ length: 47 }, (_, k) => ({
    start: closeText(days[22 * k]),
    end: closeText(days[22 * k + 21]),
    spot: 1300 * Math.exp(0.008 * k),
    strike: 1300 * Math.exp(0.008 * k),
    premium: 26.5 + random.normal(),
    vol: 0.18 * Math.exp(0.2 * random.normal()),
    pnl: hedgers.map((x, i) => (x.isOracle ? null : all[i][k].pnl / SPOT)),
    cost: hedgers.map((x, i) => (x.isOracle ? null : all[i][k].cost / SPOT)),
  }));
  return {
    text: 'One-month calls at the money sold on the third Friday, SPX closes 2011-02 to 2015-01; premium by the model of the quote date, labelled as such; variance from VIX of the day before.',
    by_hedger: hedgers.map((_, i) =>
      lineOfLives(
        rows.map((x) => x.pnl[i]).filter((x) => x !== null),
        i,
      ),
    ),
    rows,
  };
}

const instrument = (name, kind, text, cost, first, unit) => ({
  name,
  kind,
  text,
  cost,
  bounds: 'free',
  unit,
  first_price: first,
});

const parameter = (name, label, unit, value) => ({
  name,
  label,
  unit,
  value,
  standard_error: null,
  min: null,
  max: null,
  is_at_bound: 0,
});

const processOf = () => ({
  asset: 'spot',
  name: 'heston',
  summary: 'QE-M, one step a date',
  parameters: [
    parameter('v0', 'variance at the start', 'a year', 0.04),
    parameter('kappa', 'speed of mean reversion', 'a year', 1),
    parameter('xi', 'volatility of variance', 'a year', 0.6),
    parameter('rho', 'correlation of price and variance', '', -0.7),
  ],
  feller_margin: -0.28,
  variance_degrees: 0.444,
  feller:
    'Feller condition does not hold: the variance reaches zero (2 kappa theta - xi^2 = -0.28, 0.4444 degrees of freedom)',
});

function frontierOf(hedgers, scores) {
  const at = (i, name) => scores[i][MEASURES.findIndex(([n]) => n === name)].value;
  const point = (i, factor) => ({
    hedger: i,
    setting: factor > 0 ? `cost_factor=${factor}` : '',
    setting_value: factor > 0 ? factor : null,
    cost_mean: at(i, 'cost_mean') * (factor > 0 ? factor ** -0.25 : 1),
    cost_error: 0.002,
    pnl_sd: at(i, 'pnl_sd') * (factor > 0 ? factor ** 0.12 : 1),
    pnl_variance: at(i, 'pnl_variance') * (factor > 0 ? factor ** 0.24 : 1),
    risk: at(i, 'risk') * (factor > 0 ? 1 + 0.01 * Math.log(factor) ** 2 : 1),
    is_rule: factor > 0 ? 0 : 1,
  });
  return [
    ...[0, 2].flatMap((i) => [0.25, 0.5, 1, 2, 4, 8].map((f) => point(i, f))),
    ...hedgers
      .map((x, i) => [x, i])
      .filter(([x]) => !x.isPolicy && x.name !== 'none')
      .map(([, i]) => point(i, 0)),
  ];
}

const trialsOf = () =>
  [0, 2].flatMap((i) =>
    [0.001, 0.003, 0.01, 0.03].map((rate, k) => ({
      hedger: i,
      name: `learning_rate=${rate}${i === 0 ? ' damping=0.1' : ''}`,
      validation_risk: i === 0 ? 2.66 + 0.01 * k : 2.72 - 0.02 * k,
      spread: i === 0 ? 0.004 : 0.011,
      is_chosen: k === (i === 0 ? 0 : 3) ? 1 : 0,
    })),
  );

function hedgersOf(hedgers, runs, edges) {
  return hedgers.map((x, i) => ({
    name: x.name,
    label: x.label,
    text: x.text,
    is_policy: x.isPolicy ? 1 : 0,
    is_oracle: x.isOracle ? 1 : 0,
    n_seeds: x.isPolicy ? runs[i].length : 0,
    n_params: x.isPolicy ? 4769 : 0,
    n_steps: x.isPolicy ? 400 : 0,
    train_seconds: x.isPolicy ? 31.4 + i : null,
    scores: scoresOf(x, runs[i]),
    histogram: histogram(
      runs[i].flatMap((r) => r.pnl),
      edges,
    ),
    tail: TAILS.map((_, k) => mean(runs[i].map((r) => r.tail[k]))),
  }));
}

function bestOf(list, k, less) {
  const order = list
    .map((x, i) => [x.scores[k].value, i, x.is_oracle])
    .filter(([value, , isOracle]) => !isOracle && !(less && value === 0))
    .sort((a, b) => (less ? a[0] - b[0] : b[0] - a[0]));
  return less === null ? null : order[0][1];
}

/* few: two rules and nothing else. */
export function hedge(nPaths, nSeeds, few = false) {
  const random = generator(20385);
  const all = paths(random, nPaths);
  const hedgers = makeHedgers(few);
  const premium = blackScholes(SPOT, N_DATES * DT, VOL);
  const bySeed = hedgers.map((x) =>
    Array.from({ length: x.isPolicy ? nSeeds : 1 }, (_, seed) =>
      all.map((path) => live(path, x.hold(seed), premium)),
    ),
  );
  const runs = bySeed.map((seeds) => seeds.map(numbersOf));
  const edges = Array.from({ length: 49 }, (_, k) => -3.6 + 0.125 * k);
  const list = hedgersOf(hedgers, runs, edges);
  const first = bySeed.map((seeds) => seeds[0]);
  return {
    schema: 'feller-hedge',
    schema_version: 1,
    title: few ? 'Two rules' : 'K-FAC against Adam on a short call',
    currency: 'USD',
    study: {
      claim: 'sold: 1 European call, strike 100',
      market: 'Heston, QE-M, 30 dates of 1/365 year',
      premium_text: `${premium.toFixed(4)}, Fourier`,
      premium,
      premium_error: null,
      risk: 'entropic aversion=1',
      features: few ? '' : 'log_moneyness, time_to_maturity, volatility, previous_position',
      n_dates: N_DATES,
      horizon_years: N_DATES * DT,
      seed: 20385,
      n_paths: nPaths,
      seconds: few ? null : 412.6,
    },
    conventions: { confidence: 0.95 },
    notes: few
      ? []
      : [
          { severity: 'note', text: `${nPaths} test paths only: the tails are uncertain` },
          {
            severity: 'note',
            text: 'Black-Scholes delta, true variance is an oracle: it knows what no hedger of a real market knows, and is never called the best',
          },
        ],
    process: few ? null : processOf(),
    instruments: [
      instrument('spot', 'spot', 'the asset itself', '10 bps of what is traded', 100, 1),
      ...(few
        ? []
        : [
            instrument(
              'call_105',
              'option',
              'European call, strike 105, 60 days',
              '50 bps of what is traded',
              1.2345,
              2.8,
            ),
          ]),
    ],
    measures: MEASURES.map(([name, label, unit, convention, less], k) => ({
      name,
      label,
      unit,
      convention,
      less_is_better: less,
      best: bestOf(list, k, less),
    })),
    tail_levels: TAILS,
    hedgers: list,
    comparisons: few ? { rows: [], claims_heading: '', conclusion: '' } : comparisons(),
    curves: few
      ? []
      : [
          ...curvesOf(random, 0, nSeeds, 35, 0.11, 2.64, true),
          ...curvesOf(random, 1, nSeeds, 80, 0.06, 2.66, false),
          ...curvesOf(random, 2, nSeeds, 90, 0.07, 2.655, false),
        ],
    trials: few ? [] : trialsOf(),
    frontier: few
      ? []
      : frontierOf(
          hedgers,
          list.map((x) => x.scores),
        ),
    surfaces: few ? null : surfacesOf(),
    samples: few
      ? []
      : samplesOf(all, first, [
          ['median P&L of LSTM 32, K-FAC', 3],
          ['worst P&L of LSTM 32, K-FAC', 17],
          ['worst P&L of Black-Scholes delta', 23],
        ]),
    spectra: few ? [] : spectraOf(),
    lives: few ? null : livesOf(random, hedgers, first),
    parameters: [
      { key: 'hedge.claim', value: 'european call strike=100' },
      { key: 'hedge.instruments', value: 'spot cost_bps=10' },
    ],
    manifest: [
      { key: 'version', value: '0.1.0' },
      { key: 'seed', value: '20385' },
      { key: 'study hash', value: '5d41402abc4b2a76b9719d911017c592' },
    ],
  };
}
