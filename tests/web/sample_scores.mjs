/* sample_scores.mjs - drawdowns, months, rolling numbers of a generated run: a second, plain way to
 * what the library computes, good enough to look at. */
import { DAY, dayText } from './sample_market.mjs';

export const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
export const deviation = (list) => {
  const m = mean(list);
  return Math.sqrt(list.reduce((a, b) => a + (b - m) ** 2, 0) / (list.length - 1));
};

export function fallOf(values) {
  let peak = -Infinity;
  return values.map((x) => {
    peak = Math.max(peak, x);
    return x / peak - 1;
  });
}

/* The deepest falls, each from its peak to its recovery. */
export function worst(days, fall, most) {
  const out = [];
  for (let i = 0; i < fall.length; i++) {
    if (fall[i] < 0) {
      const peak = i - 1;
      let trough = i;
      while (i < fall.length && fall[i] < 0) {
        trough = fall[i] < fall[trough] ? i : trough;
        i++;
      }
      const isOver = i < fall.length;
      const gap = (a, b) => (days[b] - days[a]) / DAY;
      out.push({
        depth: fall[trough],
        peak: dayText(days[peak]),
        trough: dayText(days[trough]),
        recovery: isOver ? dayText(days[i]) : null,
        peak_index: peak,
        trough_index: trough,
        recovery_index: isOver ? i : null,
        down_days: gap(peak, trough),
        recovery_days: isOver ? gap(trough, i) : null,
        total_days: gap(peak, isOver ? i : fall.length - 1),
      });
    }
  }
  return out.sort((a, b) => a.depth - b.depth).slice(0, most);
}

export const simple = (values) => values.map((x, i) => (i === 0 ? null : x / values[i - 1] - 1));

export function months(days, values) {
  const byMonth = new Map();
  days.forEach((ms, i) => byMonth.set(dayText(ms).slice(0, 7), i));
  const years = [...new Set(days.map((ms) => Number(dayText(ms).slice(0, 4))))];
  let before = values[0];
  const returns = years.map((year) =>
    Array.from({ length: 12 }, (_, m) => {
      const i = byMonth.get(`${year}-${String(m + 1).padStart(2, '0')}`);
      if (i === undefined) {
        return null;
      }
      const r = values[i] / before - 1;
      before = values[i];
      return r;
    }),
  );
  return {
    years,
    returns,
    year_returns: returns.map((row) => row.reduce((a, r) => a * (1 + (r ?? 0)), 1) - 1),
  };
}

export function rollingOf(days, returns, window, bench) {
  const out = {
    window,
    convention: `${window} daily returns, sd with ddof 1, x sqrt(252)`,
    day: [],
    sharpe: [],
    volatility: [],
    benchmark_sharpe: bench ? [] : null,
  };
  for (let i = window; i < returns.length; i++) {
    const part = returns.slice(i - window + 1, i + 1);
    const sd = deviation(part);
    out.day.push(dayText(days[i]));
    out.sharpe.push(sd > 0 ? (mean(part) / sd) * Math.sqrt(252) : null);
    out.volatility.push(sd * Math.sqrt(252));
    if (bench) {
      const other = bench.slice(i - window + 1, i + 1);
      out.benchmark_sharpe.push((mean(other) / deviation(other)) * Math.sqrt(252));
    }
  }
  return out;
}

export function histogramOf(returns, bins) {
  const low = Math.min(...returns);
  const high = Math.max(...returns);
  const edges = Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const counts = new Array(bins).fill(0);
  returns.forEach(
    (r) => counts[Math.min(bins - 1, Math.floor(((r - low) / (high - low || 1)) * bins))]++,
  );
  return { edges, counts, mean: mean(returns), deviation: deviation(returns) };
}
