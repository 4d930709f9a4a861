/* sample_forecast.mjs - a generated forecasting study: rivals, windows, training curves. Good enough
 * to look at; no number means anything. */
import { DAY, dayText, generator } from './sample_market.mjs';
import { deviation, fallOf, mean, simple } from './sample_scores.mjs';

const RIVALS = [
  ['model', 'lstm, gmadl'],
  ['buy_and_hold', 'buy and hold'],
  ['always_flat', 'always flat'],
  ['last_sign', "yesterday's sign"],
  ['autoregression', 'autoregression, 5 lags'],
  ['linear', 'linear regression'],
  ['logistic', 'logistic regression'],
];
const WINDOW_COLUMNS = [
  'train_from',
  'validation_from',
  'train_to',
  'test_from',
  'test_to',
  'n_train',
  'n_validation',
  'n_test',
  'n_trials',
  'n_failed',
  'pick',
  'validation_score',
  'test_loss',
  'hit_rate',
];

const digits = (x, n) => Number(x.toPrecision(n));

function rivalOf(random, [name, label], i, days, cash) {
  const drift = [0.0004, 0.00035, 0, -0.0002, 0.0001, 0.00015, 0.0002][i];
  const sigma = i === 2 ? 0 : 0.01;
  let x = cash;
  const equity = days.map((_, k) =>
    k === 0 ? cash : digits((x *= Math.exp(drift + sigma * random.normal())), 8),
  );
  const returns = simple(equity).slice(1);
  const sd = deviation(returns);
  const final = equity[equity.length - 1];
  const tested = i > 0;
  return {
    name,
    label,
    final_equity: final,
    annual_return: (final / cash) ** (252 / returns.length) - 1,
    volatility: sd * Math.sqrt(252),
    sharpe: sd > 0 ? (mean(returns) / sd) * Math.sqrt(252) : null,
    max_drawdown: Math.min(...fallOf(equity)),
    turnover: i === 2 ? 0 : 20 + 10 * i,
    costs: i === 2 ? 0 : 1800.5 + 900 * i,
    n_trades: i === 2 ? 0 : 1 + 117 * Math.abs(i - 1),
    order_hash: '',
    dm_statistic: tested ? digits(0.4 + 0.5 * i * random.uniform(), 4) : null,
    dm_p_value: tested ? [0.69, 0.41, 0.0004, 0.031, 0.12, 0.23][i - 1] : null,
    dm_error_statistic: tested && i > 2 ? 0.71 : null,
    dm_error_p_value: tested && i > 2 ? 0.478 : null,
    day: i === 0 ? days.map(dayText) : null,
    equity,
  };
}

function windowRow(random, days, i, n) {
  const at = (share) => dayText(days[Math.round(share * (days.length - 1))]) + 'T00:00:00Z';
  const from = Date.parse(at(i / n));
  const before = (years) => dayText(from - years * 365 * DAY) + 'T00:00:00Z';
  return [
    before(4),
    before(1),
    before(0),
    at(i / n),
    at((i + 1) / n),
    756,
    252,
    Math.round(days.length / n),
    12,
    i % 7 === 3 ? 2 : 0,
    `model.hidden=[${32 * (1 + (i % 3))}] train.learning_rate=${i % 2 ? 0.001 : 0.0003}`,
    i === n - 1 ? null : digits(0.0012 + 0.0004 * random.normal(), 6),
    digits(-0.0003 + 0.0001 * random.normal(), 6),
    digits(0.515 + 0.02 * random.normal(), 6),
  ];
}

/* Falling, then overfitted. */
function curve(random, window, seed, n) {
  const best = Math.floor(n * (0.2 + 0.5 * random.uniform()));
  const floor = 0.012 + 0.002 * random.uniform();
  const list = (f) => Array.from({ length: n }, (_, e) => digits(f(e), 6));
  const validation = list(
    (e) => floor + 0.01 * Math.exp(-e / 9) + 1e-7 * (e - best) ** 2 + 1e-4 * random.uniform(),
  );
  return {
    window,
    seed,
    n_epochs: n,
    best_epoch: validation.indexOf(Math.min(...validation)),
    epoch: null,
    train_loss: list((e) => 0.6 * floor + 0.013 * Math.exp(-e / 14) + 5e-5 * random.uniform()),
    validation_loss: validation,
    selection: validation.map((x) => digits(0.02 - x, 6)),
  };
}

/* days: milliseconds of the equity line. */
export function forecast(days, cash, nWindows, nSeeds, nEpochs = 100) {
  const random = generator(4711);
  const rivals = RIVALS.map((row, i) => rivalOf(random, row, i, days, cash));
  const curves = [];
  for (let w = 0; w < nWindows; w++) {
    for (let s = 0; s < nSeeds; s++) {
      curves.push(curve(random, w, s, nEpochs));
    }
  }
  return {
    model: 'lstm sequence=20 hidden=64,32 dropout=0.02',
    features: 'return, sma_ratio bars=20, <awkward> & "quoted" </script>',
    target: 'return bars=1',
    scaling: 'standard, clipped at 5',
    training: `gmadl a=1000 b=2, adam learning_rate=0.001, ${nEpochs} epochs, batches of 256`,
    loss: 'gmadl',
    selection: 'madl',
    n_params: 29889,
    n_seeds: nSeeds,
    n_fits: 12 * nWindows * nSeeds,
    notes: [
      { severity: 'warning', text: '4 of 120 trials failed and could not be chosen' },
      {
        severity: 'note',
        text: 'hyper-parameters were chosen among 120 trials on validation data',
      },
    ],
    facts: [
      ['shift_p_value', 'Circular shift, p-value', 'ratio', 0.0385],
      ['deflated_sharpe', 'Deflated Sharpe ratio, N = 7', 'ratio', 0.612],
      ['information_coefficient', 'Information coefficient', 'ratio', 0.0213],
      ['hit_rate', 'Hit rate', 'fraction', 0.5152],
      ['shift_statistic', 'Not defined here', 'ratio', null],
    ].map(([name, label, unit, value]) => ({
      name,
      label,
      unit,
      value,
      convention: `how ${label} is computed, from what, over which days, and what a low or a high number would say about it`,
    })),
    rivals,
    windows: {
      columns: WINDOW_COLUMNS,
      rows: Array.from({ length: nWindows }, (_, i) => windowRow(random, days, i, nWindows)),
    },
    curves,
  };
}

/* Nothing to compare with, one window without numbers. */
export function bareForecast(days, cash) {
  const f = forecast(days, cash, 1, 1, 1);
  const row = f.windows.rows[0];
  row.splice(8, 6, 1, 0, '', null, null, null);
  return {
    ...f,
    scaling: '',
    notes: [],
    facts: [],
    rivals: [{ ...f.rivals[0], day: null, equity: null, sharpe: null }],
    curves: [
      {
        ...f.curves[0],
        best_epoch: null,
        validation_loss: null,
        selection: null,
        train_loss: [null],
      },
    ],
  };
}
