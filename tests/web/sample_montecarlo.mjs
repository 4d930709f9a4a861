/* sample_montecarlo.mjs - a generated report.json of a Monte Carlo study: Heston-like paths by a
 * coarse Euler scheme, half of the cash invested against all of it. Good enough to look at. */
import { closeText, generator, weekdays } from './sample_market.mjs';
import { deviation, mean } from './sample_scores.mjs';

const LEVELS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const CASH = 100000;

function paths(random, nPaths, nDays) {
  const [kappa, theta, xi, rho, dt] = [3, 0.04, 0.6, -0.7, 1 / 252];
  return Array.from({ length: nPaths }, () => {
    let v = theta;
    let s = 1;
    let held = CASH;
    const equity = [CASH];
    const market = [CASH];
    for (let day = 0; day < nDays; day++) {
      const z = random.normal();
      const w = rho * z + Math.sqrt(1 - rho * rho) * random.normal();
      const plus = Math.max(v, 0);
      const gain = Math.exp((0.05 - plus / 2) * dt + Math.sqrt(plus * dt) * z);
      v += kappa * (theta - plus) * dt + xi * Math.sqrt(plus * dt) * w;
      s *= gain;
      held *= 1 + 0.6 * (gain - 1) - 0.00003;
      equity.push(held);
      market.push(CASH * s);
    }
    return { equity, market };
  });
}

const sorted = (list) => list.filter((x) => x !== null).sort((a, b) => a - b);
const at = (list, p) => list[Math.min(list.length - 1, Math.max(0, Math.floor(p * list.length)))];

function quantiles(list) {
  const rank = (p) => 1.96 * Math.sqrt((p * (1 - p)) / list.length);
  const inside = (p) => p > 0 && p < 1;
  return LEVELS.map((level) => ({
    level,
    value: at(list, level),
    low: inside(level - rank(level)) ? at(list, level - rank(level)) : null,
    high: inside(level + rank(level)) ? at(list, level + rank(level)) : null,
  }));
}

function histogram(list) {
  const isWhole = list.every(Number.isInteger);
  const low = at(list, 0.001) - (isWhole ? 0.5 : 0);
  const high = at(list, 0.999) + (isWhole ? 0.5 : 0);
  const n = isWhole ? high - low : Math.min(40, Math.ceil(2 * Math.cbrt(list.length)));
  if (!(high > low)) {
    return null;
  }
  const edges = Array.from({ length: n + 1 }, (_, k) => low + ((high - low) * k) / n);
  const counts = edges.slice(1).map(() => 0);
  let below = 0;
  let above = 0;
  list.forEach((x) => {
    const k = Math.floor(((x - low) / (high - low)) * n);
    if (x < low) {
      below++;
    } else if (x > high) {
      above++;
    } else {
      counts[Math.min(n - 1, k)]++;
    }
  });
  return { edges, counts, n_below: below, n_above: above };
}

function distribution(name, label, unit, convention, values, bench) {
  const list = sorted(values);
  return {
    name,
    label,
    unit,
    convention,
    n: list.length,
    mean: list.length > 0 ? mean(list) : null,
    mean_error: list.length > 1 ? deviation(list) / Math.sqrt(list.length) : null,
    deviation: list.length > 1 ? deviation(list) : null,
    min: list.length > 0 ? list[0] : null,
    max: list.length > 0 ? list[list.length - 1] : null,
    benchmark_mean: bench ? mean(bench) : null,
    benchmark_error: bench ? deviation(bench) / Math.sqrt(bench.length) : null,
    quantiles: list.length > 0 ? quantiles(list) : [],
    histogram: list.length > 1 ? histogram(list) : null,
  };
}

function fallOf(line) {
  let peak = line[0];
  let worst = 0;
  line.forEach((x) => {
    peak = Math.max(peak, x);
    worst = Math.min(worst, x / peak - 1);
  });
  return worst;
}

function sharpeOf(line) {
  const returns = line.slice(1).map((x, i) => x / line[i] - 1);
  return returns.length > 1 ? (mean(returns) / deviation(returns)) * Math.sqrt(252) : null;
}

function band(name, lines) {
  const days = lines[0].map((_, t) => sorted(lines.map((line) => line[t])));
  return {
    name,
    levels: LEVELS,
    values: LEVELS.map((p) => days.map((list) => at(list, p))),
    low: null,
    high: null,
    mean: days.map(mean),
    mean_error: days.map((list) => deviation(list) / Math.sqrt(list.length)),
  };
}

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

function process(asset) {
  return {
    asset,
    name: 'heston',
    summary: 'Andersen quadratic-exponential with martingale correction, 4 steps a bar',
    parameters: [
      parameter('spot', 'price at the start', '', 100),
      parameter('rate_per_year', 'risk-free rate', 'a year', 0.05),
      parameter('v0', 'variance at the start', 'a year', 0.04),
      parameter('kappa', 'speed of mean reversion', 'a year', 3),
      parameter('theta', 'long-run variance', 'a year', 0.04),
      parameter('xi', 'volatility of variance', 'a year', 0.6),
      parameter('rho', 'correlation of price and variance', '', -0.7),
    ],
    feller_margin: -0.12,
    variance_degrees: 1.3333333333333333,
    feller:
      'Feller condition does not hold: the variance reaches zero (2 kappa theta - xi^2 = -0.12, 1.333 degrees of freedom)',
  };
}

const scatter = (random, n, from, spread) =>
  Array.from({ length: n }, () => from * Math.exp(spread * random.normal()));

function listed(all, sharpes, finals) {
  const order = finals.map((_, i) => i).sort((a, b) => finals[a] - finals[b]);
  const n = order.length;
  const named = [
    ['best final equity', order[n - 1]],
    ['median final equity', order[n >> 1]],
    ['worst final equity', order[0]],
    ['deepest drawdown', order[Math.min(3, n - 1)]],
  ];
  const row = (what, i) => ({
    index: i,
    what,
    final_equity: finals[i],
    total_return: finals[i] / CASH - 1,
    sharpe_ratio: sharpes[i],
    max_drawdown: fallOf(all[i].equity),
    n_trades: 17 + (i % 5),
    command: what ? `feller run examples/heston_monte_carlo.yaml --set montecarlo.path=${i}` : '',
    equity: all[i].equity,
  });
  return [
    ...named.map(([what, i]) => row(what, i)),
    ...[5, 6, 7, 8, 9, 10].filter((i) => i < n).map((i) => row('', i)),
  ];
}

export function montecarlo(nPaths, nDays, hasBenchmark) {
  const random = generator(20385);
  const all = paths(random, nPaths, nDays);
  const days = weekdays('2024-01-02', nDays + 1);
  const column = (of) => all.map(of);
  const finals = column((p) => p.equity[nDays]);
  const market = hasBenchmark ? column((p) => p.market[nDays]) : null;
  const sharpes = column((p) => sharpeOf(p.equity));
  const values = {
    final_equity: finals,
    total_return: finals.map((x) => x / CASH - 1),
    sharpe_ratio: sharpes,
    max_drawdown: column((p) => fallOf(p.equity)),
    turnover_per_year: scatter(random, nPaths, 11.5, 0.2),
    total_costs: scatter(random, nPaths, 640, 0.25),
    n_trades: column((_, i) => 14 + Math.floor(9 * random.uniform())),
  };
  const rows = [
    ['final_equity', 'Final equity', 'money', 'at the last bar, after all costs', market],
    [
      'total_return',
      'Total return',
      'fraction',
      'final equity / initial cash - 1',
      market && market.map((x) => x / CASH - 1),
    ],
    [
      'sharpe_ratio',
      'Sharpe ratio',
      'ratio',
      'mean excess return / sd (ddof 1) x sqrt(periods a year)',
      hasBenchmark ? column((p) => sharpeOf(p.market)) : null,
    ],
    ['max_drawdown', 'Maximum drawdown', 'fraction', 'deepest fall below the peak', null],
    ['turnover_per_year', 'Turnover a year', 'ratio', 'traded / average equity / years', null],
    ['total_costs', 'Total costs', 'money', 'delay, spread, slippage, impact and fees', null],
    ['n_trades', 'Trades', 'count', 'closed round trips, first in first out', null],
  ];
  const losses = finals.filter((x) => x < CASH).length;
  const half = 1.96 * Math.sqrt(((losses / nPaths) * (1 - losses / nPaths)) / nPaths);
  return {
    schema: 'feller-montecarlo',
    schema_version: 1,
    title: 'SMA cross on Heston futures',
    strategy: 'sma_cross',
    benchmark_name: hasBenchmark ? 'buy and hold' : null,
    currency: 'USD',
    study: {
      seed: 20385,
      n_paths: nPaths,
      n_paths_asked: nPaths,
      n_paths_ruined: 0,
      initial_cash: CASH,
      seconds: 0.183,
      data: `Heston paths of ${nDays} daily bars from 2024-01-02, 4 steps a bar, scheme qe_m, antithetic`,
      strategy: 'fast_bars=10 slow_bars=50, orders fill at the next open',
      costs: 'fee 1 bps, half spread 2 bps, square-root impact',
    },
    conventions: { periods_per_year: 252, risk_free_per_year: 0.02, confidence: 0.95 },
    notes: [
      {
        severity: 'note',
        text: 'SIM: Feller condition does not hold: the variance reaches zero (2 kappa theta - xi^2 = -0.12, 1.333 degrees of freedom)',
      },
    ],
    processes: [process('SIM')],
    correlation: hasBenchmark
      ? {
          drivers: ['SIM price', 'SIM variance'],
          rows: [
            [1, -0.7],
            [-0.7, 1],
          ],
        }
      : null,
    distributions: rows.map(([name, label, unit, convention, bench]) =>
      distribution(name, label, unit, convention, values[name], bench),
    ),
    probabilities: [
      {
        name: 'loss',
        label: 'final equity below the initial cash',
        value: losses / nPaths,
        low: Math.max(0, losses / nPaths - half),
        high: Math.min(1, losses / nPaths + half),
        n_hits: losses,
        n: nPaths,
      },
      {
        name: 'drawdown_20',
        label: 'a drawdown deeper than 20 %',
        value: 0.0385,
        low: 0.0301,
        high: 0.0479,
        n_hits: Math.round(0.0385 * nPaths),
        n: nPaths,
      },
    ],
    fan: {
      time: days.map(closeText),
      bands: [
        band(
          'sma_cross',
          all.map((p) => p.equity),
        ),
        ...(hasBenchmark
          ? [
              band(
                'buy and hold',
                all.map((p) => p.market),
              ),
            ]
          : []),
      ],
    },
    paths: listed(all, sharpes, finals),
    values: {
      n: nPaths,
      n_shown: Math.min(2000, nPaths),
      path: null,
      scores: Object.fromEntries(
        Object.entries(values).map(([name, list]) => [name, list.slice(0, 2000)]),
      ),
    },
    parameters: [
      { key: 'strategy.fast_bars', value: '10' },
      { key: 'costs.fee_bps', value: '1' },
    ],
    manifest: [
      { key: 'version', value: '0.1.0' },
      { key: 'seed', value: '20385' },
      { key: 'study hash', value: '5d41402abc4b2a76b9719d911017c592' },
    ],
  };
}
