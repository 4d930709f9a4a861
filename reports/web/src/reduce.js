/* reduce.js - what to draw of a series longer than the screen is wide. Each pixel column keeps the
 * first, lowest, highest and last of its points (M4: Jugel et al., VLDB 2014), which draws the
 * same line as all points would. Only drawing uses these; numbers that are shown come from the
 * whole series. */

/* First index with times[index] >= t. */
export function lowerBound(times, t) {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < t) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* The index whose time is nearest to t; -1 of nothing. */
export function nearest(times, t) {
  const after = lowerBound(times, t);
  if (after === 0 || times.length === 0) {
    return times.length - 1 < 0 ? -1 : 0;
  }
  if (after === times.length) {
    return after - 1;
  }
  return t - times[after - 1] <= times[after] - t ? after - 1 : after;
}

function pushBucket(out, values, begin, end) {
  let low = -1;
  let high = -1;
  let gap = -1;
  for (let i = begin; i < end; i++) {
    const v = values[i];
    if (v === null || Number.isNaN(v)) {
      gap = i;
    } else {
      low = low < 0 || v < values[low] ? i : low;
      high = high < 0 || v > values[high] ? i : high;
    }
  }
  const kept = [begin, low, high, gap, end - 1].filter((i) => i >= 0).sort((a, b) => a - b);
  kept.forEach((i, k) => {
    if (k === 0 || i !== kept[k - 1]) {
      out.push(i);
    }
  });
}

/* Indices into (times, values) of the points to draw between begin and end (exclusive), one bucket
 * of equal time a pixel; all of them where they are few. */
export function reduceRange(times, values, begin, end, pixels) {
  const out = [];
  if (end - begin <= 4 * pixels) {
    for (let i = begin; i < end; i++) {
      out.push(i);
    }
    return out;
  }
  const start = times[begin];
  const width = (times[end - 1] - start) / pixels || 1;
  let from = begin;
  for (let pixel = 1; pixel <= pixels && from < end; pixel++) {
    const to = pixel === pixels ? end : Math.min(end, lowerBound(times, start + pixel * width));
    if (to > from) {
      pushBucket(out, values, from, to);
      from = to;
    }
  }
  return out;
}

/* Points [time, value] for a line whose visible part is [first, last]: fine inside, coarse outside
 * (the overview below the chart shows that part). */
export function linePoints(times, values, [first, last], pixels) {
  const n = times.length;
  const begin = Math.max(0, lowerBound(times, first) - 1);
  const end = Math.min(n, lowerBound(times, last) + 2);
  const indices = [
    ...reduceRange(times, values, 0, begin, Math.ceil(pixels / 4)),
    ...reduceRange(times, values, begin, end, pixels),
    ...reduceRange(times, values, end, n, Math.ceil(pixels / 4)),
  ];
  return indices.map((i) => [times[i], values[i]]);
}

/* Bars [begin, end) put together so that at most `most` are left: [time, open, close, low, high] as
 * candles want them, dated by the last bar of each. */
export function candlePoints(bars, begin, end, most) {
  const together = Math.max(1, Math.ceil((end - begin) / most));
  const out = [];
  for (let i = begin; i < end; i += together) {
    const stop = Math.min(end, i + together);
    let low = Infinity;
    let high = -Infinity;
    for (let k = i; k < stop; k++) {
      low = Math.min(low, bars.low[k]);
      high = Math.max(high, bars.high[k]);
    }
    out.push([bars.time[stop - 1], bars.open[i], bars.close[stop - 1], low, high]);
  }
  return { points: out, together };
}

/* At most `most` of a sorted list, evenly: marks that would lie on one another. */
export function thin(list, most) {
  if (list.length <= most) {
    return list;
  }
  const out = [];
  for (let i = 0; i < most; i++) {
    out.push(list[Math.floor((i * list.length) / most)]);
  }
  return out;
}
