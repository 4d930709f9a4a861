/* layout.js - what goes where on charts, and how strongly: bars of the waterfall, months, bands of
 * quantiles, the line of a model, epochs of a training curve, lines over seeds. */
import { lowerBound, nearest } from './reduce.js';
import { sortRows } from './table.js';

/* Where each bar of the waterfall begins and ends: running totals; the last row is the total
 * itself. */
export function waterfallBars(rows) {
  let total = 0;
  return rows.map((row) => {
    const from = row.key === 'net' ? 0 : total;
    const to = row.key === 'net' ? row.amount : total + row.amount;
    total = to;
    return { from, to };
  });
}

/* Colour strength of a month: its size against the 95 % size, so that one wild month does not pale
 * the rest. */
export function heatScale(returns) {
  const sizes = returns
    .flat()
    .filter((x) => x !== null)
    .map(Math.abs)
    .sort((a, b) => a - b);
  const top =
    sizes.length > 0 ? sizes[Math.min(sizes.length - 1, Math.floor(0.95 * sizes.length))] : 0;
  return (x) => (top > 0 ? Math.min(1, Math.abs(x) / top) : 0);
}

/* [[low, high], ...] as indices of levels, the widest first; the median is none of them. */
export function bandPairs(levels) {
  const out = [];
  for (let i = 0; i < levels.length - 1 - i; i++) {
    out.push([i, levels.length - 1 - i]);
  }
  return out;
}

/* The rows of a maturity in order of strike. */
export const rowsOf = (quotes, { first, n }) =>
  sortRows(
    Array.from({ length: n }, (_, i) => first + i),
    (i) => quotes.strike[i],
    1,
  );

/* Points of the model's line: its own strikes where there are some, else those of the quotes. */
export function modelLine(model, at, axis) {
  const { quotes } = model;
  const curve = model.curves.find((c) => Math.abs(c.t_years - at.t_years) <= 1e-9 * at.t_years);
  const x = (strike) => (axis === 'strike' ? strike : strike / at.forward);
  return curve
    ? curve.strike.map((k, i) => [x(k), curve.model_vol[i]])
    : rowsOf(quotes, at)
        .filter((i) => quotes.model_vol[i] !== null)
        .map((i) => [x(quotes.strike[i]), quotes.model_vol[i]]);
}

/* Bins of whole numbers: one around each, where no bin can hold two of them; else as they are. */
export function wholeBins(histogram) {
  const { edges, counts } = histogram;
  const n = counts.length;
  const eps = 1e-9 * (edges[n] - edges[0]);
  const first = Math.ceil(edges[0] - eps);
  const last = Math.floor(edges[n] + eps);
  if ((edges[n] - edges[0]) / n > 1 - eps || last < first) {
    return histogram;
  }
  const whole = Array.from({ length: last - first + 1 }, () => 0);
  counts.forEach((count, k) => {
    const at = Math.min(last, Math.max(first, Math.ceil(edges[k] - eps)));
    whole[at - first] += count;
  });
  return {
    ...histogram,
    edges: Array.from({ length: whole.length + 1 }, (_, k) => first + k - 0.5),
    counts: whole,
  };
}

/* At most `most` of the numbers 0 .. n-1, evenly, the first and the last among them. */
export function spread(n, most) {
  const m = Math.min(n, most);
  return Array.from({ length: m }, (_, i) => (m > 1 ? Math.round((i * (n - 1)) / (m - 1)) : 0));
}

/* The place of the highest number, the first of equals; -1 if there is none. */
export const bestOf = (values) =>
  values.reduce(
    (best, x, i) => (Number.isFinite(x) && (best < 0 || x > values[best]) ? i : best),
    -1,
  );

/* The epochs that a curve has points at: all of them, or those that were kept. */
export const epochsOf = (curve) =>
  curve.epoch || Array.from({ length: curve.n_epochs }, (_, i) => i);

/* Where in a curve's lists the epoch nearest to this one is. */
export const epochIndex = (curve, epoch) =>
  curve.epoch ? nearest(curve.epoch, epoch) : Math.min(curve.n_epochs - 1, Math.max(0, epoch));

/* The look of line i of several: the first stands out; colours return dashed. */
const COLORS = ['main', 'bench', 'accent', 'gain', 'loss', 'ink'];
export function lineStyle(i, colors = COLORS) {
  const k = i === 0 ? 0 : 1 + ((i - 1) % (colors.length - 1));
  return { color: colors[k], isDashed: i >= colors.length };
}

/* Shares of all, the ones beyond the edges among them. */
export function sharesOf({ counts, n_below: below, n_above: above }) {
  const all = counts.reduce((sum, n) => sum + n, below + above);
  return counts.map((n) => (all > 0 ? n / all : 0));
}

/* The outline of bars as points of a line. */
export const outline = (edges, heights) =>
  heights.length === 0
    ? []
    : [
        [edges[0], 0],
        ...heights.flatMap((y, i) => [
          [edges[i], y],
          [edges[i + 1], y],
        ]),
        [edges[edges.length - 1], 0],
      ];

/* On the line through (xs[i], ys[i]); null outside of it or beside a gap. */
export function valueOn(xs, ys, x) {
  const n = xs.length;
  if (n === 0 || x < xs[0] || x > xs[n - 1]) {
    return null;
  }
  const i = Math.min(n - 1, lowerBound(xs, x));
  if (xs[i] === x || i === 0) {
    return ys[i];
  }
  if (ys[i] === null || ys[i - 1] === null) {
    return null;
  }
  const w = (x - xs[i - 1]) / (xs[i] - xs[i - 1]);
  return (1 - w) * ys[i - 1] + w * ys[i];
}

export function medianOf(values) {
  const sorted = values.filter((x) => x !== null && Number.isFinite(x)).sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) {
    return null;
  }
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/* The median over lines [{xs, ys}], as far as half of them go. */
export function medianLine(lines, most = 200) {
  const all = [...new Set(lines.flatMap((line) => line.xs))].sort((a, b) => a - b);
  return spread(all.length, most)
    .map((k) => all[k])
    .map((x) => [x, lines.map((line) => valueOn(line.xs, line.ys, x)).filter((y) => y !== null)])
    .filter(([, values]) => values.length > 0 && 2 * values.length >= lines.length)
    .map(([x, values]) => [x, medianOf(values)]);
}

/* Limits that hold most of the numbers: a few far above the others (the first steps of training)
 * are cut off. */
export function calmExtent(values, share = 0.9) {
  const sorted = values.filter((x) => x !== null && Number.isFinite(x)).sort((a, b) => a - b);
  if (sorted.length === 0) {
    return { low: NaN, high: NaN, isCut: false };
  }
  const low = sorted[0];
  const high = sorted[sorted.length - 1];
  const calm = sorted[Math.floor(share * (sorted.length - 1))];
  const isCut = high - low > 3 * (calm - low) && calm > low;
  return { low, high: isCut ? calm : high, isCut };
}
