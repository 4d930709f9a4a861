/* layout.js - what goes where on charts, and how strongly: bars of the waterfall, months, bands of
 * quantiles, the line of a model, epochs of a training curve. */
import { nearest } from './reduce.js';
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
