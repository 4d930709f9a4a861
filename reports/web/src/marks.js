/* marks.js - which trades are marked on the chart of an instrument, and where. */

/* Rows of the trades (or fills) of one instrument. */
const rowsOf = (columns, instrument) =>
  Array.from({ length: columns.n }, (_, i) => i).filter(
    (i) => columns.instrument[i] === instrument,
  );

/* Marks: {ms, price, kind, row}; kinds: long, short (entries), exit, or buy, sell of plain fills.
 */
export function marksOf(model, instrument) {
  const { trades, fills } = model;
  const marks = [];
  rowsOf(trades, instrument).forEach((row) => {
    marks.push({
      ms: trades.entry_ms[row],
      price: trades.entry_price[row],
      kind: trades.direction[row] > 0 ? 'long' : 'short',
      row,
    });
    if (!trades.is_open[row]) {
      marks.push({ ms: trades.exit_ms[row], price: trades.exit_price[row], kind: 'exit', row });
    }
  });
  if (marks.length === 0) {
    rowsOf(fills, instrument).forEach((row) =>
      marks.push({
        ms: fills.ms[row],
        price: fills.price[row],
        kind: fills.side[row] > 0 ? 'long' : 'short',
        row,
        isFill: true,
      }),
    );
  }
  return marks.sort((a, b) => a.ms - b.ms);
}

export const inView = (marks, [first, last]) => marks.filter((m) => m.ms >= first && m.ms <= last);

/* The instrument with the most trades comes first. */
export function mostTraded(model) {
  const n = new Map();
  (model.trades.instrument || []).forEach((i) => n.set(i, (n.get(i) || 0) + 1));
  return model.prices.reduce(
    (best, p) => ((n.get(p.instrument) || 0) > (n.get(best.instrument) || 0) ? p : best),
    model.prices[0],
  ).instrument;
}
