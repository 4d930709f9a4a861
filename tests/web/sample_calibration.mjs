/* sample_calibration.mjs - a generated report.json of a calibration: a made-up surface with noise
 * around a smooth smile. Good enough to look at. */
import { generator } from './sample_market.mjs';

const COLUMNS = [
  'row',
  'is_put',
  't_years',
  'strike',
  'forward',
  'discount',
  'moneyness',
  'market_vol',
  'bid_vol',
  'ask_vol',
  'model_vol',
  'vol_points',
  'market_price',
  'model_price',
  'residual',
  'weight',
];

/* A smile that flattens with maturity. */
function smile(moneyness, years) {
  const x = Math.log(moneyness) / Math.sqrt(years + 0.08);
  return 0.17 + 0.02 * Math.sqrt(years) - 0.075 * x + 0.05 * x * x;
}

function maturities(random, all, hasSpread) {
  let row = 1;
  const out = { quotes: [], maturities: [], curves: [] };
  all.forEach((years) => {
    const forward = 1290.59 * Math.exp(0.008 * years);
    const reach = 0.35 * Math.sqrt(years) + 0.06;
    const strikes = Array.from({ length: 15 }, (_, k) =>
      Math.round(forward * Math.exp(-1.3 * reach + (2 * reach * k) / 14)),
    );
    const first = out.quotes.length;
    strikes.forEach((strike) => {
      const moneyness = strike / forward;
      const model = smile(moneyness, years);
      const wing = Math.abs(Math.log(moneyness));
      const market =
        model + 0.004 * random.normal() * (0.4 + 3 * wing) + (years < 0.1 ? 0.02 * wing : 0);
      const half = hasSpread ? 0.0015 + 0.01 * wing : null;
      out.quotes.push([
        ++row,
        moneyness < 1 ? 1 : 0,
        years,
        strike,
        forward,
        Math.exp(-0.004 * years),
        moneyness,
        market,
        hasSpread ? market - half : null,
        hasSpread ? market + half : null,
        model,
        100 * (model - market),
        12.345,
        12.5,
        100 * (model - market),
        1,
      ]);
    });
    const quotes = out.quotes.slice(first);
    const off = quotes.map((q) => q[11]);
    out.maturities.push({
      t_years: years,
      first,
      n: quotes.length,
      forward,
      market_vol_at_forward: smile(1, years) + 0.001,
      model_vol_at_forward: smile(1, years),
      rmse_vol_points: Math.sqrt(off.reduce((a, b) => a + b * b, 0) / off.length),
      mean_vol_points: off.reduce((a, b) => a + b, 0) / off.length,
    });
    const low = strikes[0];
    const high = strikes[strikes.length - 1];
    const grid = Array.from({ length: 41 }, (_, k) => low + ((high - low) * k) / 40);
    out.curves.push({
      t_years: years,
      strike: grid,
      model_vol: grid.map((k) => smile(k / forward, years)),
    });
  });
  return out;
}

const parameter = (name, label, unit, value, error, min, max, bound = 0) => ({
  name,
  label,
  unit,
  value,
  standard_error: error,
  min,
  max,
  is_at_bound: bound,
});

export function calibration(all, hasSpread) {
  const random = generator(4711);
  const { quotes, maturities: rows, curves } = maturities(random, all, hasSpread);
  const sum = quotes.reduce((total, q) => total + q[11] * q[11], 0);
  const inside = hasSpread ? quotes.filter((q) => q[10] >= q[8] && q[10] <= q[9]).length : 0;
  return {
    schema: 'feller-calibration',
    schema_version: 1,
    title: 'Heston on the SPX chain of 2011-01-24',
    study: {
      chain: 'chains/spx_2011.csv: 2011-01-24, forwards and discounts by put-call parity',
      model: 'heston',
      objective: 'implied volatility',
      objective_unit: 'squared volatility points',
      residual_unit: 'volatility points',
      weight: 'equal',
      spot: 1290.59,
      seed: 1,
      n_rows: quotes.length + 17,
      seconds: 0.0072,
    },
    notes: [
      {
        severity: 'note',
        text: `17 quotes were refused, ${quotes.length} are fitted; the reasons are listed`,
      },
    ],
    process: {
      asset: 'SPX',
      name: 'heston',
      summary: 'fitted under the pricing measure',
      parameters: [
        parameter('v0', 'variance at the start', 'variance a year', 0.02385, 0.0004, 1e-6, 4),
        parameter('kappa', 'speed of mean reversion', 'a year', 1.978, 0.21, 1e-6, 50),
        parameter('theta', 'long-run variance', 'variance a year', 0.0671, 0.002, 1e-6, 4),
        parameter('xi', 'volatility of variance', 'a year', 0.8912, 0.04, 1e-6, 10),
        parameter('rho', 'correlation of price and variance', '', -0.7402, 0.011, -1, 1),
      ],
      feller_margin: -0.5288,
      variance_degrees: 0.6684,
      feller:
        'Feller condition does not hold: the variance reaches zero (2 kappa theta - xi^2 = -0.5288, 0.6684 degrees of freedom)',
    },
    fit: {
      sum_of_squares: sum,
      rmse: Math.sqrt(sum / quotes.length),
      rmse_vol_points: Math.sqrt(sum / quotes.length),
      condition: 2385.4,
      n_quotes: quotes.length,
      n_inside_spread: inside,
      n_with_spread: hasSpread ? quotes.length : 0,
      n_starts: 8,
      n_agreeing: 6,
      n_iterations: 23,
      n_evaluations: 212,
    },
    maturities: rows,
    quotes: { columns: COLUMNS, rows: quotes },
    curves: hasSpread ? curves : [],
    starts: [0, 1, 2, 3, 4, 5, 6, 7].map((k) => ({
      parameters:
        k < 6 ? [0.02385, 1.978, 0.0671, 0.8912, -0.7402] : [0.0221, 9.1, 0.044, 3.2, -0.61],
      sum_of_squares: k < 6 ? sum : 2.385 * sum,
      n_iterations: 15 + k,
      is_agreeing: k < 6 ? 1 : 0,
      end: k === 7 ? 'out of iterations' : 'converged',
    })),
    refusals: hasSpread
      ? [
          {
            reason: 'zero_bid',
            meaning: 'nobody bids',
            first: 'row 5: bid is 0; it must be above 0',
            n: 14,
          },
          { reason: 'crossed', meaning: 'bid above ask', first: 'row 81: bid 3.2, ask 3.1', n: 3 },
        ]
      : [],
    parameters: [
      { key: 'calibrate.objective', value: 'vol' },
      { key: 'calibrate.n_starts', value: '8' },
    ],
    manifest: [
      { key: 'version', value: '0.1.0' },
      { key: 'chain hash', value: '5d41402abc4b2a76b9719d911017c592' },
    ],
  };
}
