/* layout.js - where bars of the waterfall lie and how strong the colours of months are. */

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
