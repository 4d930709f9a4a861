/* test_page.mjs - the parts of the report's page that need no browser. Run: node --test tests/web/
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { extent, logTicks, niceRange } from '../../reports/web/src/axis.js';
import * as format from '../../reports/web/src/format.js';
import {
  bandPairs,
  bestOf,
  calmExtent,
  epochIndex,
  epochsOf,
  heatScale,
  lineStyle,
  medianLine,
  medianOf,
  modelLine,
  outline,
  sharesOf,
  spread,
  valueOn,
  waterfallBars,
  wholeBins,
} from '../../reports/web/src/layout.js';
import { marksOf, mostTraded } from '../../reports/web/src/marks.js';
import { columnsOf, modelOf } from '../../reports/web/src/model.js';
import {
  candlePoints,
  linePoints,
  lowerBound,
  nearest,
  reduceRange,
  thin,
} from '../../reports/web/src/reduce.js';
import { sortRows } from '../../reports/web/src/table.js';
import { calibration } from './sample_calibration.mjs';
import { forecast } from './sample_forecast.mjs';
import { hedge } from './sample_hedge.mjs';
import { montecarlo } from './sample_montecarlo.mjs';

test('numbers carry units, signs and no empty minus', () => {
  assert.equal(format.percent(0.02385), '2.39%');
  assert.equal(format.percent(-0.02385, 1, true), '\u22122.4%');
  assert.equal(format.percent(0.02385, 1, true), '+2.4%');
  assert.equal(format.percent(-0.00001), '0.00%');
  assert.equal(format.percent(null), '–');
  assert.equal(format.percent(NaN), '–');
  assert.equal(format.percentTick(0.2), '20%');
  assert.equal(format.percentTick(-1), '\u2212100%');
  assert.equal(format.percentTick(0.025), '2.5%');
  assert.equal(format.money(1234567.891), '1,234,567.89');
  assert.equal(format.money(-0.00012345), '\u22120.0001235');
  assert.equal(format.money(0), '0.00');
  assert.equal(format.price(37.1), '37.10');
  assert.equal(format.price(1.23456), '1.2346');
  assert.equal(format.price(0.00001234567), '0.000012346');
  assert.equal(format.quantity(0.0123456789), '0.0123456789');
  assert.equal(format.inUnit(1.5, 'years'), '1.50 years');
  assert.equal(format.inUnit(null, 'money'), '–');
  assert.equal(format.short(1250000), '1.25M');
  assert.equal(format.short(9000), '9,000');
  assert.equal(format.plural(1, 'order'), '1 order');
  assert.equal(format.plural(2000, 'order'), '2,000 orders');
});

test('money that was rounded elsewhere keeps its digits', () => {
  assert.equal(format.groupedText('-1234567.10'), '\u22121,234,567.10');
  assert.equal(format.groupedText('0.00'), '0.00');
  assert.equal(format.groupedText('-84.12'), '\u221284.12');
  assert.equal(format.groupedText('99999999999999999.99'), '99,999,999,999,999,999.99');
  assert.equal(format.groupedText('n/a'), 'n/a');
});

test('instants are UTC and show seconds only where there are some', () => {
  assert.equal(format.instant('2020-04-20T16:00:00Z'), '2020-04-20 16:00');
  assert.equal(format.instant('2020-04-20T16:00:07.5Z'), '2020-04-20 16:00:07.5');
  assert.equal(format.instant(null), '–');
  assert.equal(format.instantOf(Date.UTC(2020, 3, 20, 16, 30)), '2020-04-20 16:30');
  assert.equal(format.day(Date.UTC(1999, 11, 31, 23, 59)), '1999-12-31');
});

test('times are found by halving', () => {
  const times = Float64Array.from([10, 20, 30, 40]);
  assert.deepEqual(
    [5, 10, 11, 40, 41].map((t) => lowerBound(times, t)),
    [0, 0, 1, 3, 4],
  );
  assert.deepEqual(
    [-1, 14, 15, 16, 99].map((t) => nearest(times, t)),
    [0, 0, 0, 1, 3],
  );
  assert.equal(nearest(new Float64Array(0), 5), -1);
});

/* A long walk that does not depend on Math.random. */
function walk(n) {
  let state = 12345;
  let x = 0;
  return Array.from({ length: n }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (x += state / 4294967296 - 0.5);
  });
}

test('a reduced line keeps ends, extremes and the extremes of each part', () => {
  const n = 1000000;
  const times = Float64Array.from({ length: n }, (_, i) => 1000 * i);
  const values = walk(n);
  const kept = reduceRange(times, values, 0, n, 1000);
  assert.ok(kept.length <= 5000, `${kept.length} points`);
  assert.equal(kept[0], 0);
  assert.equal(kept[kept.length - 1], n - 1);
  assert.deepEqual(extent(kept.map((i) => values[i])), extent(values));
  for (let k = 1; k < kept.length; k++) {
    assert.ok(kept[k] > kept[k - 1]);
  }
  const part = values.slice(123000, 124000);
  assert.deepEqual(
    extent(kept.filter((i) => i >= 123000 && i < 124000).map((i) => values[i])),
    extent(part),
  );
});

test('a short line is whole, a gap stays a gap', () => {
  const times = [0, 1, 2, 3];
  assert.deepEqual(linePoints(times, [5, null, 7, 8], [0, 3], 100), [
    [0, 5],
    [1, null],
    [2, 7],
    [3, 8],
  ]);
  const long = Array.from({ length: 9000 }, (_, i) => (i === 4500 ? null : i));
  const points = linePoints(
    long.map((_, i) => i),
    long,
    [0, 9000],
    500,
  );
  assert.ok(points.some((p) => p[1] === null));
});

test('a line is fine where it is looked at', () => {
  const n = 200000;
  const times = Float64Array.from({ length: n }, (_, i) => i);
  const points = linePoints(times, walk(n), [100000, 100500], 1000);
  const seen = points.filter((p) => p[0] >= 100000 && p[0] <= 100500);
  assert.equal(seen.length, 501);
  assert.ok(points.length < 4000);
});

test('candles put together keep the extremes', () => {
  const bars = {
    time: [1, 2, 3, 4, 5],
    open: [10, 11, 12, 13, 14],
    high: [10.5, 19, 12.5, 13.5, 14.5],
    low: [9.5, 10, 3, 12, 13],
    close: [11, 12, 13, 14, 15],
  };
  assert.deepEqual(candlePoints(bars, 0, 5, 2), {
    points: [
      [3, 10, 13, 3, 19],
      [5, 13, 15, 12, 14.5],
    ],
    together: 3,
  });
  assert.equal(candlePoints(bars, 0, 5, 100).points.length, 5);
});

test('thinning keeps the order and the number', () => {
  assert.deepEqual(thin([1, 2, 3], 5), [1, 2, 3]);
  assert.deepEqual(thin([0, 1, 2, 3, 4, 5], 3), [0, 2, 4]);
});

test('axes have round limits around the data', () => {
  assert.deepEqual(niceRange([0.13, 0.87]), { min: 0, max: 1, interval: 0.2 });
  assert.deepEqual(niceRange([-0.3846, 0]), { min: -0.4, max: 0, interval: 0.1 });
  assert.deepEqual(niceRange([NaN, NaN]), { min: 0, max: 1, interval: 0.25 });
  const flat = niceRange([250000, 250000]);
  assert.ok(flat.min < 250000 && flat.max > 250000);
  assert.deepEqual(extent([null, NaN, 3, -2, Infinity]), [-2, 3]);
});

test('logarithmic ticks are enough and inside', () => {
  for (const [low, high] of [
    [1, 1e6],
    [95000, 160000],
    [250000, 251000],
    [0.03, 0.11],
  ]) {
    const ticks = logTicks(low, high);
    assert.ok(ticks.length >= 3, `${low} to ${high}: ${ticks}`);
    assert.ok(ticks.every((t) => t >= low && t <= high));
  }
  assert.deepEqual(logTicks(1, 10000), [1, 10, 100, 1000, 10000]);
});

test('rows sort both ways, nulls last, equals in order', () => {
  const values = [3, null, 1, 3, NaN, 2];
  const rows = [0, 1, 2, 3, 4, 5];
  assert.deepEqual(
    sortRows(rows, (i) => values[i], 1),
    [2, 5, 0, 3, 1, 4],
  );
  assert.deepEqual(
    sortRows(rows, (i) => values[i], -1),
    [0, 3, 5, 2, 1, 4],
  );
  const names = ['b', 'a', 'c'];
  assert.deepEqual(
    sortRows([0, 1, 2], (i) => names[i], 1),
    [1, 0, 2],
  );
});

test('twenty thousand rows sort in no time', () => {
  const values = walk(20000);
  const before = process.hrtime.bigint();
  sortRows(
    values.map((_, i) => i),
    (i) => values[i],
    1,
  );
  assert.ok(Number(process.hrtime.bigint() - before) < 1e9);
});

test('the waterfall runs from gross to net', () => {
  const rows = [
    { key: 'gross', amount: 100.5 },
    { key: 'fees', amount: -30.25 },
    { key: 'interest', amount: 4 },
    { key: 'net', amount: 74.25 },
  ];
  const bars = waterfallBars(rows);
  assert.deepEqual(bars[1], { from: 100.5, to: 70.25 });
  assert.deepEqual(bars[2], { from: 70.25, to: 74.25 });
  assert.deepEqual(bars[3], { from: 0, to: 74.25 });
});

test('one wild month does not pale the others', () => {
  const months = Array.from({ length: 40 }, (_, i) => (i === 0 ? 5 : 0.02));
  const strength = heatScale([months, [null]]);
  assert.equal(strength(5), 1);
  assert.equal(strength(0.02), 1);
  assert.equal(strength(-0.01), 0.5);
  assert.equal(heatScale([[null]])(0.1), 0);
});

const trade = (instrument, direction, isOpen, entry, exit) => [
  instrument,
  direction,
  isOpen,
  entry,
  exit,
  10.5,
  11.25,
  4,
];
const report = {
  title: 't',
  strategy: 's',
  instruments: ['A', 'B'],
  equity: { day: ['2020-01-01', '2020-01-02'], equity: [1, 2], benchmark: null },
  trades: {
    n: 2,
    n_open: 1,
    columns: [
      'instrument',
      'direction',
      'is_open',
      'entry_time',
      'exit_time',
      'entry_price',
      'exit_price',
      'pnl',
    ],
    rows: [
      trade(1, 1, 0, '2020-01-03T00:00:00Z', '2020-01-05T00:00:00Z'),
      trade(1, -1, 1, '2020-01-04T00:00:00Z', '2020-01-06T00:00:00Z'),
      trade(0, 1, 0, '2020-01-01T00:00:00Z', '2020-01-02T00:00:00Z'),
    ],
  },
  fills: { n: 0, columns: ['instrument', 'time', 'side', 'quantity', 'price', 'fee'], rows: [] },
  prices: [0, 1].map((instrument) => ({
    instrument,
    time: ['2020-01-01T00:00:00Z'],
    open: [1],
    high: [1],
    low: [1],
    close: [1],
  })),
};

test('a report becomes columns and milliseconds', () => {
  const model = modelOf(report);
  assert.equal(model.trades.n, 3);
  assert.equal(model.trades.total, 3);
  assert.equal(model.trades.entry_ms[0], Date.UTC(2020, 0, 3));
  assert.equal(model.equity.hasBenchmark, false);
  assert.deepEqual(model.span, [Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 2)]);
  assert.equal(model.symbol(1), 'B');
  assert.equal(model.symbol(7), '#7');
  assert.deepEqual(columnsOf(null), { n: 0 });
});

test('an empty report has a model too', () => {
  const model = modelOf({});
  assert.equal(model.trades.n, 0);
  assert.equal(model.prices.length, 0);
  assert.ok(model.span[1] > model.span[0]);
});

test('marks are entries and exits in order of time', () => {
  const model = modelOf(report);
  assert.deepEqual(
    marksOf(model, 1).map((m) => m.kind),
    ['long', 'short', 'exit'],
  );
  assert.equal(mostTraded(model), 1);
  const only = modelOf({
    ...report,
    trades: { n: 0, n_open: 0, columns: [], rows: [] },
    fills: { ...report.fills, n: 1, rows: [[0, '2020-01-02T00:00:00Z', -1, 3, 9.75, 0.1]] },
  });
  assert.deepEqual(
    marksOf(only, 0).map((m) => [m.kind, m.price, m.isFill]),
    [['short', 9.75, true]],
  );
});

test('measured numbers have the places of their errors', () => {
  assert.deepEqual(format.measured(0.0530512, 0.00123, 'fraction'), ['5.31%', '±\u00a00.12%']);
  assert.deepEqual(format.measured(0.0530512, 0.0000123, 'fraction'), [
    '5.3051%',
    '±\u00a00.0012%',
  ]);
  assert.deepEqual(format.measured(104000, 6425.86, 'money'), ['104,000', '±\u00a06,426']);
  assert.deepEqual(format.measured(-1.23456, 0.0385, 'ratio'), ['\u22121.235', '±\u00a00.039']);
  assert.deepEqual(format.measured(2.385, null, 'ratio'), ['2.385', null]);
  assert.deepEqual(format.measured(null, 1, 'ratio'), ['–', null]);
  assert.deepEqual(format.measured(17, 0, 'count'), ['17', '±\u00a00']);
  assert.deepEqual(format.measured(29.9930015, 1e-12, 'money'), ['29.99', '±\u00a00']);
});

test('intervals have the places that tell their ends apart', () => {
  assert.equal(format.interval(0.0301, 0.0479, 'fraction'), '3.0%\u00a0to 4.8%');
  assert.equal(format.interval(101512.2, 104123.9, 'money'), '101,512\u00a0to 104,124');
  assert.equal(format.interval(-1.25, 2.385, 'ratio', 1), '\u22121.25\u00a0to 2.39');
  assert.equal(format.interval(14, 18, 'count'), '14\u00a0to 18');
  assert.equal(format.interval(14, 14, 'count'), '14\u00a0to 14');
  assert.equal(format.interval(29.99300149, 29.9930014901, 'money'), '29.99\u00a0to 29.99');
  assert.equal(format.interval(null, 3, 'count'), '–');
});

test('levels, maturities and plain numbers as people read them', () => {
  assert.equal(format.levelName(0.5), 'median');
  assert.equal(format.levelName(0.01), '1%');
  assert.equal(format.levelName(0.005), '0.5%');
  assert.equal(format.maturity(0.0712), '26 days');
  assert.equal(format.maturity(1 / 365), '1 day');
  assert.equal(format.maturity(1.3945), '1.39 years');
  assert.equal(format.significant(0.0238512, 4), '0.02385');
  assert.equal(format.significant(-1234567, 3), '\u22121,230,000');
  assert.equal(format.significant(1e-6), '0.000001');
});

test('bands are pairs of levels around the median', () => {
  assert.deepEqual(bandPairs([0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]), [
    [0, 6],
    [1, 5],
    [2, 4],
  ]);
  assert.deepEqual(bandPairs([0.25, 0.75]), [[0, 1]]);
  assert.deepEqual(bandPairs([0.5]), []);
});

test('whole numbers get a bar each, with nothing lost', () => {
  const edges = Array.from({ length: 51 }, (_, k) => (7 * k) / 50);
  const counts = Array.from({ length: 50 }, () => 0);
  const seen = [191, 1500, 3330, 2960, 1440, 430, 115, 27];
  seen.forEach((n, whole) => {
    counts[Math.min(49, Math.floor((whole / 7) * 50 + 1e-9))] += n;
  });
  const bins = wholeBins({ edges, counts, n_below: 0, n_above: 7 });
  assert.deepEqual(bins.counts, seen);
  assert.deepEqual(bins.edges, [-0.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]);
  assert.equal(bins.n_above, 7);
  const wide = { edges: [0, 2, 4], counts: [3, 5], n_below: 0, n_above: 0 };
  assert.equal(wholeBins(wide), wide);
});

test('some of many are spread from the first to the last', () => {
  assert.deepEqual(spread(29, 4), [0, 9, 19, 28]);
  assert.deepEqual(spread(3, 12), [0, 1, 2]);
  assert.deepEqual(spread(1, 12), [0]);
  assert.deepEqual(spread(0, 12), []);
  assert.equal(new Set(spread(13, 12)).size, 12);
});

/* The same keys and types; null goes with everything, of lists the first entries are compared. */
function checkShape(actual, expected, where) {
  if (actual === null || expected === null) {
    return;
  }
  assert.equal(Array.isArray(actual), Array.isArray(expected), where);
  assert.equal(typeof actual, typeof expected, where);
  if (Array.isArray(expected)) {
    if (actual.length > 0 && expected.length > 0) {
      checkShape(actual[0], expected[0], where + '[]');
    }
  } else if (typeof expected === 'object' && !where.endsWith('.scores')) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), where);
    Object.keys(expected).forEach((key) =>
      checkShape(actual[key], expected[key], `${where}.${key}`),
    );
  }
}

test('the generated samples look like what the library writes', () => {
  const golden = (name) =>
    JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'));
  checkShape(montecarlo(20, 5, true), golden('montecarlo'), 'montecarlo');
  const fit = calibration([0.25, 1], true);
  checkShape(fit, golden('calibration'), 'calibration');
  const hedged = hedge(60, 2);
  checkShape(hedged, golden('hedge'), 'hedge');
  assert.equal(hedged.hedgers[0].scores.length, hedged.measures.length);
  assert.equal(hedged.samples[0].positions.length, hedged.hedgers.length);
  checkShape(hedge(40, 1, true), golden('hedge'), 'hedge');
  assert.deepEqual(fit.quotes.columns, golden('calibration').quotes.columns);
  const study = forecast(
    [0, 1, 2, 3].map((d) => Date.UTC(2020, 0, 1 + d)),
    10000,
    2,
    2,
  );
  checkShape(study, golden('forecast'), 'forecast');
  assert.deepEqual(study.windows.columns, golden('forecast').windows.columns);
});

test('the model line comes from its curve, or from the quotes', () => {
  const fit = calibration([0.25, 1], true);
  const model = { ...fit, quotes: columnsOf(fit.quotes) };
  const [at] = fit.maturities;
  assert.equal(modelLine(model, at, 'strike').length, 41);
  assert.deepEqual(modelLine(model, at, 'strike')[0], [
    fit.curves[0].strike[0],
    fit.curves[0].model_vol[0],
  ]);
  const bare = modelLine({ ...model, curves: [] }, at, 'moneyness');
  assert.equal(bare.length, at.n);
  assert.equal(bare[3][0], model.quotes.strike[3] / at.forward);
});

test('a forecasting study has its lines, windows and curves by name', () => {
  const recorded = JSON.parse(
    readFileSync(new URL('../golden/forecast.json', import.meta.url), 'utf8'),
  );
  const { forecast: f, span } = modelOf({ ...report, forecast: recorded });
  assert.deepEqual(
    f.rivals.map((r) => r.ms.length),
    [4, 4, 0],
  );
  assert.equal(f.rivals[1].ms[3], Date.UTC(2016, 0, 1));
  assert.deepEqual(span, [Date.UTC(2014, 0, 2), Date.UTC(2020, 0, 2)]);
  assert.deepEqual(f.windows.n_test, [251, 252]);
  assert.deepEqual(
    f.byWindow.map((list) => list.map((c) => c.seed)),
    [
      [0, 1],
      [0, 1],
    ],
  );
  assert.equal(modelOf({ ...report, forecast: null }).forecast, null);
  assert.equal(modelOf(report).forecast, null);
});

test('epochs that were left out are found at their neighbours', () => {
  const all = { n_epochs: 4, epoch: null };
  const some = { n_epochs: 41, epoch: [0, 10, 17, 20, 40] };
  assert.deepEqual(epochsOf(all), [0, 1, 2, 3]);
  assert.deepEqual(epochsOf(some), some.epoch);
  assert.deepEqual(
    [-1, 2, 9].map((e) => epochIndex(all, e)),
    [0, 2, 3],
  );
  assert.deepEqual(
    [0, 14, 17, 39, 99].map((e) => epochIndex(some, e)),
    [0, 2, 2, 4, 4],
  );
});

test('the best is the highest number, and p-values say no more than they can', () => {
  assert.equal(bestOf([null, -2, 0.5, 0.5, NaN]), 2);
  assert.equal(bestOf([null, undefined]), -1);
  assert.equal(format.pValue(0.00046), '< 0.001');
  assert.equal(format.pValue(0.0385), '0.039');
  assert.equal(format.pValue(null), '–');
});

test('lines of hedgers keep their looks, and return dashed', () => {
  assert.deepEqual(lineStyle(0), { color: 'main', isDashed: false });
  assert.deepEqual(lineStyle(5), { color: 'ink', isDashed: false });
  assert.deepEqual(lineStyle(6), { color: 'bench', isDashed: true });
});

test('shares count what is beyond the edges, and have an outline', () => {
  const shares = sharesOf({ counts: [1, 3, 4], n_below: 0, n_above: 8 });
  assert.deepEqual(shares, [0.0625, 0.1875, 0.25]);
  assert.deepEqual(sharesOf({ counts: [0, 0], n_below: 0, n_above: 0 }), [0, 0]);
  assert.deepEqual(outline([-2, -1, 0], [0.25, 0.5]), [
    [-2, 0],
    [-2, 0.25],
    [-1, 0.25],
    [-1, 0.5],
    [0, 0.5],
    [0, 0],
  ]);
  assert.deepEqual(outline([1], []), []);
});

test('the median over seeds goes as far as half of them', () => {
  assert.equal(medianOf([3, null, 1, 2.5, NaN, 7]), 2.75);
  assert.equal(medianOf([null]), null);
  assert.equal(valueOn([0, 10, 20], [4, 2, null], 5), 3);
  assert.equal(valueOn([0, 10, 20], [4, 2, null], 10), 2);
  assert.equal(valueOn([0, 10, 20], [4, 2, null], 15), null);
  assert.equal(valueOn([0, 10], [4, 2], 11), null);
  assert.equal(valueOn([], [], 0), null);
  const lines = [
    { xs: [0, 10, 20, 30], ys: [8, 6, 4, 2] },
    { xs: [0, 15], ys: [9, 3] },
    { xs: [0, 10], ys: [7, 7] },
  ];
  assert.deepEqual(medianLine(lines), [
    [0, 8],
    [10, 6],
    [15, 4],
  ]);
  const many = medianLine([
    { xs: Array.from({ length: 5000 }, (_, i) => i), ys: Array.from({ length: 5000 }, () => 1) },
  ]);
  assert.equal(many.length, 200);
  assert.deepEqual(many[199], [4999, 1]);
});

test('a few wild numbers do not press the others flat', () => {
  const calm = Array.from({ length: 99 }, (_, i) => 2 + i / 100);
  assert.deepEqual(calmExtent(calm), { low: 2, high: 2.98, isCut: false });
  const wild = calmExtent([...calm, 1e6]);
  assert.ok(wild.isCut && wild.high < 3);
  assert.equal(calmExtent([5, 5, 5]).isCut, false);
  assert.ok(Number.isNaN(calmExtent([null]).low));
});

test('numbers in columns have the same digits, those of many sizes a power', () => {
  assert.equal(format.precise(1.19), '1.190');
  assert.equal(format.precise(-0.02385), '\u22120.02385');
  assert.equal(format.precise(123456.7), '123,457');
  assert.equal(format.precise(0), '0');
  assert.equal(format.precise(null), '–');
  assert.equal(format.scientific(0.0125), '0.0125');
  assert.equal(format.scientific(3.2e-7), '3.2e\u22127');
  assert.equal(format.scientific(1e6), '1e6');
  assert.equal(format.scientific(0), '0');
  assert.equal(format.scientific(null), '–');
});
