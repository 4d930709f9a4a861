/* make_sample.mjs - a generated report.json (docs/report_json.md) to look at and to test with.
 * Usage: node make_sample.mjs KIND > report.json
 *   full   ten years, three instruments, shorts, a benchmark, a sweep, awkward texts
 *   plain  two years, one instrument, no benchmark, no trade, undefined numbers
 *   day    a single day
 *   long   one million points of equity, 20000 trades
 *   forecast, manycurves, barecurve   with a forecasting study: ten windows and three seeds; 100
 *          windows and two seeds; one window of which little is known
 *   montecarlo, fewpaths       a Monte Carlo study of 2000 paths with a benchmark; of 12, without
 *   calibration, calibplain    a calibration to many maturities with spreads; to one, without
 *   hedge, hedgeplain          a hedging study with every part; of two rules and nothing else
 * Everything is a function of the seed: no clock, no Math.random. */
import { calibration } from './sample_calibration.mjs';
import { bareForecast, forecast } from './sample_forecast.mjs';
import { hedge } from './sample_hedge.mjs';
import { montecarlo } from './sample_montecarlo.mjs';
import { DAY, closeText, dayText, generator, prices, trade, weekdays } from './sample_market.mjs';
import {
  deviation,
  fallOf,
  histogramOf,
  mean,
  months,
  rollingOf,
  simple,
  worst,
} from './sample_scores.mjs';

const TRADE_COLUMNS = [
  'instrument',
  'direction',
  'is_open',
  'entry_time',
  'exit_time',
  'entry_bar',
  'exit_bar',
  'quantity',
  'entry_price',
  'exit_price',
  'fees',
  'pnl',
  'return',
  'mae',
  'mfe',
  'days_held',
  'exit_reason',
];
const FILL_COLUMNS = ['instrument', 'time', 'side', 'quantity', 'price', 'fee'];
const POSITION_COLUMNS = [
  'instrument',
  'quantity',
  'last_price',
  'value',
  'realised',
  'unrealised',
  'fees',
  'dividends',
  'turnover',
];

function waterfallOf(net, fees) {
  const amounts = {
    gross: 0,
    delay: -912.31,
    spread: -1530.77,
    slippage: -402.5,
    impact: 0,
    fees: -fees,
    dividends: 2210.4,
    interest: 341.18,
    net,
  };
  amounts.gross =
    net -
    Object.entries(amounts)
      .filter(([key]) => key !== 'gross' && key !== 'net')
      .reduce((a, [, x]) => a + x, 0);
  const labels = {
    gross: 'Gross (at arrival prices)',
    delay: 'Delay (arrival to fill)',
    spread: 'Spread',
    slippage: 'Slippage',
    impact: 'Impact',
    fees: 'Fees',
    dividends: 'Dividends',
    interest: 'Interest',
    net: 'Net',
  };
  return {
    rows: Object.entries(amounts).map(([key, amount]) => ({
      key,
      label: labels[key],
      amount,
      text: amount.toFixed(2),
    })),
    difference: '0.00',
  };
}

const SCORES = [
  ['total_return', 'Total return', 'fraction', 'product of (1 + r) - 1'],
  ['annual_return', 'Annual return (CAGR)', 'fraction', '(1 + total)^(periods a year / n) - 1'],
  [
    'annual_volatility',
    'Annual volatility',
    'fraction',
    'sd of returns (ddof 1) x sqrt(periods a year)',
  ],
  [
    'sharpe_ratio',
    'Sharpe ratio',
    'ratio',
    'mean excess return / sd (ddof 1) x sqrt(periods a year)',
  ],
  [
    'sortino_ratio',
    'Sortino ratio',
    'ratio',
    'mean excess return / downside deviation x sqrt(periods a year)',
  ],
  ['calmar_ratio', 'Calmar ratio', 'ratio', 'annual return / |maximum drawdown|'],
  [
    'max_drawdown',
    'Maximum drawdown',
    'fraction',
    'deepest fall of the compounded returns below their peak',
  ],
  ['omega_ratio', 'Omega ratio', 'ratio', 'sum of gains over 0 / sum of losses under it'],
  [
    'value_at_risk',
    'Value at risk',
    'fraction',
    '5 % quantile of daily returns, linear between order statistics',
  ],
  ['tail_ratio', 'Tail ratio', 'ratio', '|95 % quantile / 5 % quantile| of returns'],
  [
    'loss_duration',
    'Maximum loss duration (MLD)',
    'years',
    'longest time between two peaks of equity',
  ],
  ['beta', 'Beta', 'ratio', 'cov(r, benchmark) / var(benchmark)'],
];

const yearly = (values, years) => (values[values.length - 1] / values[0]) ** (1 / years) - 1;

function build({ random, times, series, account, bench, title, symbols, variants, notes }) {
  const cash = 250000;
  const first = times[0] - DAY;
  const days = [first, ...times];
  const equity = [cash, ...account.equity];
  const returns = simple(equity);
  const plain = returns.slice(1);
  const fall = fallOf(equity);
  const benchReturns = bench ? simple(bench) : null;
  const years = plain.length / 252;
  const net = equity[equity.length - 1] - cash;
  const fees = account.costs.reduce((a, b) => a + b, 0);
  const isMany = plain.length > 2;
  const sd = isMany ? deviation(plain) : null;
  const sharpeOf = (list) =>
    isMany && deviation(list) > 0 ? (mean(list) / deviation(list)) * Math.sqrt(252) : null;
  const stat = (values) => ({
    total_return: values[values.length - 1] / values[0] - 1,
    annual_return: isMany ? yearly(values, years) : null,
    annual_volatility: isMany ? deviation(simple(values).slice(1)) * Math.sqrt(252) : null,
    sharpe_ratio: sharpeOf(simple(values).slice(1)),
    max_drawdown: Math.min(...fallOf(values)),
  });
  const own = stat(equity);
  const other = bench ? stat(bench) : null;
  const monthly = months(days, equity);
  let running = 0;
  return {
    schema: 'feller-report',
    schema_version: 1,
    title,
    strategy: 'sma_cross',
    benchmark_name: bench ? 'buy_and_hold' : null,
    currency: 'USD',
    instruments: symbols,
    period: {
      first: closeText(first),
      last: closeText(times[times.length - 1]),
      n_days: plain.length,
      years,
      n_events: 4 * plain.length * symbols.length,
      n_bars: plain.length * symbols.length,
    },
    conventions: {
      periods_per_year: 252,
      risk_free_per_year: 0,
      returns:
        'Simple returns of the equity at the last event of each trading day, flat days included, ddof 1.',
    },
    notes,
    parameters: [
      { key: 'fast_bars', value: '12' },
      { key: 'slow_bars', value: '55' },
      { key: 'weight', value: '0.33' },
      { key: 'fees.percent', value: '0.001' },
      { key: 'slippage.half_spread_bps', value: '1' },
    ],
    manifest: [
      { key: 'command', value: 'feller run study.yaml' },
      { key: 'version', value: '0.1.0' },
      { key: 'seed', value: '7' },
      ...symbols.map((s) => ({ key: `data ${s}`, value: '5f0e1ab4c6e28d7709f1c3aa4b2d9e80' })),
    ],
    headline: {
      initial_cash: cash,
      final_equity: equity[equity.length - 1],
      net,
      ...own,
      sharpe_error: isMany
        ? Math.sqrt((1 + (0.5 * (own.sharpe_ratio ?? 0) ** 2) / 252) / years)
        : null,
      sharpe_error_robust: isMany ? 1.04 / Math.sqrt(years) : null,
      n_trades: account.trades.length,
      turnover_per_year: isMany
        ? account.turnover.reduce((a, b) => a + b, 0) / mean(equity) / years
        : null,
      total_costs: fees,
      benchmark: other,
    },
    scores: SCORES.filter(([name]) => bench || name !== 'beta').map(
      ([name, label, unit, convention], i) => ({
        name,
        label,
        unit,
        value: own[name] ?? (isMany && name !== 'tail_ratio' ? 0.31 + 0.17 * i : null),
        benchmark: other ? (other[name] ?? 0.27 + 0.11 * i) : null,
        convention,
      }),
    ),
    equity: {
      day: days.map(dayText),
      equity,
      cash: [cash, ...account.cash],
      gross_exposure: [0, ...account.gross],
      net_exposure: [0, ...account.net],
      turnover: [0, ...account.turnover],
      costs: [0, ...account.costs],
      daily_return: returns,
      drawdown: fall,
      benchmark: bench,
      benchmark_drawdown: bench ? fallOf(bench) : null,
    },
    drawdowns: worst(days, fall, 5),
    monthly: {
      ...monthly,
      benchmark_year_returns: bench ? months(days, bench).year_returns : null,
    },
    rolling: rollingOf(days, returns, 126, benchReturns),
    histogram: isMany
      ? histogramOf(plain, 41)
      : { edges: [], counts: [], mean: null, deviation: null },
    exposure: { average_gross: 0.81, average_net: 0.22, maximum_gross: 1.04, time_in_market: 0.94 },
    turnover: {
      total: account.turnover.reduce((a, b) => a + b, 0),
      per_year: isMany ? account.turnover.reduce((a, b) => a + b, 0) / mean(equity) / years : null,
    },
    costs: waterfallOf(net, fees),
    costs_over_time: {
      day: days.map(dayText),
      cumulative: [0, ...account.costs].map((x) => (running += x)),
    },
    trade_statistics:
      account.trades.length === 0
        ? []
        : [
            {
              name: 'n_trades',
              label: 'Closed trades',
              unit: 'count',
              all: account.trades.length,
              long: account.trades.filter((t) => t[1] > 0).length,
              short: account.trades.filter((t) => t[1] < 0).length,
              convention: 'FIFO round trips',
            },
            {
              name: 'win_rate',
              label: 'Win rate',
              unit: 'fraction',
              all: account.trades.filter((t) => t[11] > 0).length / account.trades.length,
              long: 0.41,
              short: null,
              convention: 'share of closed trades with pnl > 0, fees included',
            },
            {
              name: 'expectancy',
              label: 'Expectancy',
              unit: 'money',
              all: mean(account.trades.map((t) => t[11])),
              long: 181.2,
              short: -77.31,
              convention: 'mean pnl a trade',
            },
          ],
    trades: {
      n: account.trades.filter((t) => !t[2]).length,
      n_open: account.trades.filter((t) => t[2]).length,
      n_shown: account.trades.length,
      columns: TRADE_COLUMNS,
      rows: account.trades,
    },
    fills: {
      n: account.fills.length,
      n_shown: account.fills.length,
      columns: FILL_COLUMNS,
      rows: account.fills,
    },
    orders: {
      n: account.fills.length === 0 ? 0 : account.fills.length + 5,
      by_reason:
        account.fills.length === 0
          ? []
          : [
              { state: 'filled', reason: 'filled', n: account.fills.length },
              { state: 'rejected', reason: 'no_cash', n: 3 },
              { state: 'expired', reason: 'end_of_run', n: 2 },
            ],
    },
    positions: { columns: POSITION_COLUMNS, rows: account.positions },
    prices: series,
    variants,
    forecast: null,
    order_hash: '7c1f9a3be0d25486a1b0c9d8e7f60512',
  };
}

function variantsOf(random, n) {
  return Array.from({ length: n }, (_, i) => {
    const r = 0.11 - 0.006 * i + 0.01 * random.normal();
    return {
      name: `strategy.fast_bars=${5 + 3 * (i % 6)} strategy.slow_bars=${30 + 15 * Math.floor(i / 6)}`,
      final_equity: 250000 * (1 + r) ** 10,
      annual_return: r,
      volatility: 0.14 + 0.01 * random.uniform(),
      sharpe: r / 0.145,
      max_drawdown: -0.18 - 0.1 * random.uniform(),
      turnover: 8 + 10 * random.uniform(),
      costs: 9000 + 4000 * random.uniform(),
      n_trades: 60 + i * 7,
      order_hash: (0x9e3779b1 * (i + 1)).toString(16).padEnd(32, 'a').slice(0, 32),
    };
  });
}

function full(n, awkward) {
  const random = generator(20240817);
  const times = weekdays('2014-01-02', n);
  const series = [
    { start: 38.5, drift: 0.0005, volatility: 0.013 },
    { start: 112.25, drift: 0.0003, volatility: 0.016 },
    { start: 7.31, drift: 0.0004, volatility: 0.022 },
  ].map((law, i) => prices(random, i, times, law));
  const account = trade(series, 250000, 0.001);
  const held = times.map((_, i) =>
    series.reduce((a, bars) => a + (250000 / 3) * (bars.close[i] / bars.open[0]), 0),
  );
  return build({
    random,
    times,
    series,
    account,
    bench: [250000, ...held],
    title: awkward
      ? 'Trend on three shares, <daily> & "quoted" </script>'
      : 'Trend on three shares',
    symbols: ['ALDER', 'BIRCH', 'CEDAR'],
    variants: variantsOf(random, 18),
    notes: [
      {
        severity: 'warning',
        text: 'fills at the close of the decision were asked for: they cannot be had in a market',
      },
      { severity: 'note', text: 'price return only: no dividends are known for CEDAR' },
    ],
  });
}

const idle = (n, cash) => ({
  equity: new Array(n).fill(cash),
  cash: new Array(n).fill(cash),
  gross: new Array(n).fill(0),
  net: new Array(n).fill(0),
  turnover: new Array(n).fill(0),
  costs: new Array(n).fill(0),
  trades: [],
  fills: [],
  positions: [],
});

function plain(n) {
  const random = generator(11);
  const times = weekdays('2021-03-01', n);
  const series =
    n > 1 ? [prices(random, 0, times, { start: 51.7, drift: 0.0002, volatility: 0.012 })] : [];
  const report = build({
    random,
    times,
    series,
    account: idle(n, 250000),
    bench: null,
    title: n > 1 ? 'Nothing was traded' : 'A single day',
    symbols: ['ELM'],
    variants: [],
    notes: [],
  });
  report.costs = { rows: [], difference: '0.00' };
  report.parameters = [];
  return report;
}

/* A million points by walking; only the arrays that the charts draw are long. */
function long(n) {
  const report = full(400, false);
  const random = generator(5);
  const first = Date.parse('1000-01-01');
  const walk = (sigma) => {
    let x = 250000;
    return Array.from({ length: n }, () => (x *= Math.exp(sigma * random.normal())));
  };
  const equity = walk(0.0008);
  const benchmark = walk(0.0008);
  const day = equity.map((_, i) => dayText(first + ((i * DAY) / 4) * 1.4));
  const zero = new Array(n).fill(0);
  report.title = 'One million points';
  report.equity = {
    day,
    equity,
    cash: equity,
    gross_exposure: equity.map((x) => 0.5 * x),
    net_exposure: equity.map((x, i) => (i % 1000 < 500 ? 0.5 : -0.5) * x),
    turnover: zero,
    costs: zero,
    daily_return: simple(equity),
    drawdown: fallOf(equity),
    benchmark,
    benchmark_drawdown: fallOf(benchmark),
  };
  report.rolling = {
    window: 63,
    convention: 'not computed from the walk',
    day,
    sharpe: walk(0.0004).map((x) => x / 250000 - 1),
    volatility: walk(0.0004).map((x) => 1e-6 * x),
    benchmark_sharpe: null,
  };
  report.costs_over_time = { day, cumulative: day.map((_, i) => 0.03 * i) };
  report.drawdowns = worst(
    day.map((d) => Date.parse(d)),
    report.equity.drawdown,
    5,
  );
  const rows = report.trades.rows;
  report.trades.rows = Array.from({ length: 20000 }, (_, i) => rows[i % rows.length]);
  report.trades.n = 51234;
  report.trades.n_shown = 20000;
  return report;
}

function forecasting(make) {
  const report = full(2520, false);
  const days = report.equity.day.map((d) => Date.parse(d));
  return { ...report, variants: [], forecast: make(days, report.headline.initial_cash) };
}

const kinds = {
  full: () => full(2520, true),
  plain: () => plain(504),
  day: () => plain(1),
  long: () => long(1000000),
  forecast: () => forecasting((days, cash) => forecast(days, cash, 10, 3)),
  manycurves: () => forecasting((days, cash) => forecast(days, cash, 100, 2)),
  barecurve: () => forecasting(bareForecast),
  montecarlo: () => montecarlo(2000, 252, true),
  fewpaths: () => montecarlo(12, 5, false),
  calibration: () =>
    calibration([0.0712, 0.1479, 0.2246, 0.3973, 0.6466, 0.8959, 1.3945, 1.8932, 2.8904], true),
  calibplain: () => calibration([0.4192], false),
  hedge: () => hedge(4000, 5),
  hedgeplain: () => hedge(200, 1, true),
};
const make = kinds[process.argv[2]];
if (!make) {
  process.stderr.write(`usage: node make_sample.mjs ${Object.keys(kinds).join('|')}\n`);
  process.exit(2);
}
process.stdout.write(JSON.stringify(make()));
