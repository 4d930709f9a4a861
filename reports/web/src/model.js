/* model.js - the report's JSON (docs/report_json.md) as what the page draws: texts of times become
 * milliseconds UTC, tables become columns, what is absent becomes null or empty. */

const toMs = (texts) => Float64Array.from(texts || [], (text) => Date.parse(text));

/* {columns, rows} -> {n, column name: [cells]}. */
export function columnsOf(table) {
  const out = { n: 0 };
  if (table && table.columns) {
    out.n = table.rows.length;
    table.columns.forEach((name, c) => {
      out[name] = table.rows.map((row) => row[c]);
    });
  }
  return out;
}

function tradesOf(table) {
  const columns = columnsOf(table);
  columns.entry_ms = toMs(columns.entry_time);
  columns.exit_ms = toMs(columns.exit_time);
  columns.total = table ? table.n + table.n_open : 0;
  columns.n_open = table ? table.n_open : 0;
  return columns;
}

function fillsOf(table) {
  const columns = columnsOf(table);
  columns.ms = toMs(columns.time);
  columns.total = table ? table.n : 0;
  return columns;
}

function pricesOf(prices) {
  return (prices || []).filter((p) => p.time.length > 0).map((p) => ({ ...p, time: toMs(p.time) }));
}

/* Rivals share the days of the one before; curves by window. */
function forecastOf(forecast) {
  if (!forecast) {
    return null;
  }
  let ms = toMs([]);
  const rivals = forecast.rivals.map((r) => {
    ms = r.day ? toMs(r.day) : ms;
    return { ...r, ms: r.equity ? ms : toMs([]) };
  });
  const windows = columnsOf(forecast.windows);
  const byWindow = Array.from({ length: windows.n }, () => []);
  forecast.curves.forEach((c) => byWindow[c.window].push(c));
  return { ...forecast, rivals, windows, byWindow };
}

function span(model) {
  const lines = model.forecast ? model.forecast.rivals.map((r) => r.ms) : [];
  const ends = [model.equity.ms, ...model.prices.map((p) => p.time), ...lines].filter(
    (t) => t.length > 0,
  );
  if (ends.length === 0) {
    return [0, 1];
  }
  const first = Math.min(...ends.map((t) => t[0]));
  const last = Math.max(...ends.map((t) => t[t.length - 1]));
  return last > first ? [first, last] : [first - 43200000, last + 43200000];
}

const has = (list) => Array.isArray(list) && list.some((x) => x !== null);

export function modelOf(report) {
  const equity = report.equity || {};
  const model = {
    ...report,
    strategy: report.strategy || 'strategy',
    benchmark_name: report.benchmark_name || 'benchmark',
    notes: report.notes || [],
    headline: report.headline || {},
    scores: report.scores || [],
    drawdowns: (report.drawdowns || []).map((d) => ({
      ...d,
      peak_ms: Date.parse(d.peak),
      trough_ms: Date.parse(d.trough),
      recovery_ms: d.recovery ? Date.parse(d.recovery) : null,
    })),
    equity: { ...equity, ms: toMs(equity.day), hasBenchmark: has(equity.benchmark) },
    rolling: report.rolling ? { ...report.rolling, ms: toMs(report.rolling.day) } : null,
    costsOverTime: report.costs_over_time
      ? { ...report.costs_over_time, ms: toMs(report.costs_over_time.day) }
      : null,
    trades: tradesOf(report.trades),
    fills: fillsOf(report.fills),
    positions: columnsOf(report.positions),
    prices: pricesOf(report.prices),
    variants: report.variants || [],
    forecast: forecastOf(report.forecast),
    parameters: report.parameters || [],
    manifest: report.manifest || [],
  };
  model.span = span(model);
  model.score = (name) => model.scores.find((s) => s.name === name) || null;
  model.symbol = (index) => (model.instruments || [])[index] || '#' + index;
  return model;
}
