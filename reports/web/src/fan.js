/* fan.js - quantiles of equity over all paths, day by day, as nested bands; single paths on them. */
import { extent, inView, logTicks } from './axis.js';
import {
  fittedAxis,
  grid,
  lineSeries,
  timeAxis,
  tooltip,
  tooltipBox,
  valueAxis,
  zooms,
} from './chart.js';
import { choice, h } from './dom.js';
import { figure } from './figure.js';
import {
  count,
  day,
  interval,
  isNumber,
  levelName,
  measured,
  money,
  percent,
  short,
} from './format.js';
import { bandPairs } from './layout.js';
import { nearest, thin } from './reduce.js';

const MOST_TIMES = 2000;
const RIGHT = 52;
const OPACITY = [0.13, 0.2, 0.3, 0.3];

const bandName = (levels, [a, b]) => `${levelName(levels[a])} to ${levelName(levels[b])}`;
const medianOf = (levels) => levels.findIndex((p) => Math.abs(p - 0.5) < 1e-9);

/* Times to draw: all of them, or evenly chosen ones with the last. */
function drawn(n) {
  const all = Array.from({ length: n }, (_, i) => i);
  const kept = thin(all, MOST_TIMES);
  return kept[kept.length - 1] === n - 1 ? kept : [...kept, n - 1];
}

/* A band: an unseen line at its foot, and on it an area of its height. */
function bandSeries(id, color, opacity, low, high) {
  const part = { stack: id, stackStrategy: 'all', z: 1 };
  const unseen = { opacity: 0, width: 0 };
  return [
    lineSeries(id + '-foot', color, low, { ...part, lineStyle: unseen }),
    lineSeries(
      id,
      color,
      high.map(([t, x], i) => [t, x === null || low[i][1] === null ? null : x - low[i][1]]),
      { ...part, lineStyle: unseen, areaStyle: { color, opacity } },
    ),
  ];
}

function shownPaths(model, state) {
  const lists = { none: [], examples: model.examples, notable: model.notable };
  return lists[state.paths].filter((p) => p.equity);
}

function otherLines(model, state, view, points) {
  const other = model.bands[1 - state.band];
  if (!other) {
    return [];
  }
  const thinLine = { color: view.colors.accent, width: 1, type: [5, 4] };
  const line = (id, k, style) =>
    lineSeries(id, view.colors.accent, points(other.values[k]), { z: 4, lineStyle: style });
  const m = medianOf(other.levels);
  const [outer] = bandPairs(other.levels).filter(([a]) => other.levels[a] >= 0.05 - 1e-9);
  return [
    ...(m >= 0 ? [line('other', m, { color: view.colors.accent, width: 1.8 })] : []),
    ...(outer ? outer.map((k, i) => line(`other-${i}`, k, thinLine)) : []),
  ];
}

function seriesOf(model, state, view) {
  const band = model.bands[state.band];
  const points = (values) =>
    model.drawn.map((i) => {
      const x = values[i];
      return [model.fan_ms[i], state.isLog ? (x > 0 ? Math.log(x) : null) : x];
    });
  const lines = band.values.map(points);
  const m = medianOf(band.levels);
  /* The first series is the one that the overview under the chart shows. */
  return [
    ...(m >= 0
      ? [
          lineSeries('median', view.colors.main, lines[m], {
            z: 5,
            lineStyle: { color: view.colors.main, width: 2.2 },
          }),
        ]
      : []),
    ...bandPairs(band.levels).flatMap(([a, b], k) =>
      bandSeries(`band-${k}`, view.colors.main, OPACITY[Math.min(k, 3)], lines[a], lines[b]),
    ),
    ...shownPaths(model, state).map((p) =>
      lineSeries(`path-${p.index}-${p.what}`, view.colors.ink, points(p.equity), {
        z: 3,
        lineStyle: {
          color: view.colors.ink,
          width: state.paths === 'notable' ? 1.2 : 0.8,
          opacity: state.paths === 'notable' ? 0.9 : 0.5,
        },
      }),
    ),
    ...otherLines(model, state, view, points),
  ];
}

/* All that the axis must hold: the outer band, the other's lines, the paths. */
function listsOf(model, state) {
  const band = model.bands[state.band];
  const other = model.bands[1 - state.band];
  const rows = [band.values[0], band.values[band.values.length - 1]];
  if (other) {
    rows.push(...other.values.filter((_, k) => other.levels[k] >= 0.05 && other.levels[k] <= 0.95));
  }
  rows.push(...shownPaths(model, state).map((p) => p.equity));
  return rows.map((values) => model.drawn.map((i) => [model.fan_ms[i], values[i]]));
}

function leftAxis(model, state, view) {
  const lists = listsOf(model, state);
  if (!state.isLog) {
    return fittedAxis(view, short, lists);
  }
  const [low, high] = extent(inView(lists, view.range)).map(Math.log);
  const pad = 0.04 * (high - low) || 0.01;
  const ticks = logTicks(Math.exp(low - pad), Math.exp(high + pad)).map(Math.log);
  const axis = valueAxis(view, (x) => short(Number(Math.exp(x).toPrecision(6))));
  return {
    ...axis,
    min: low - pad,
    max: high + pad,
    axisTick: { show: false, customValues: ticks },
    axisLabel: { ...axis.axisLabel, customValues: ticks },
  };
}

/* The levels of the bands, where these leave the picture. */
function rightAxis(model, state, view, left) {
  const band = model.bands[state.band];
  const end = nearest(model.fan_ms, view.range[1]);
  const at = band.values.map((values) => (state.isLog ? Math.log(values[end]) : values[end]));
  const names = new Map(at.map((x, k) => [x, levelName(band.levels[k])]));
  const nearestName = (x) =>
    names.get(x) || levelName(band.levels[nearest(Float64Array.from(at), x)]);
  return {
    ...valueAxis(view, nearestName),
    position: 'right',
    min: left.min,
    max: left.max,
    splitLine: { show: false },
    axisTick: { show: false, customValues: at },
    axisLabel: {
      color: view.colors.muted,
      fontSize: 11,
      formatter: nearestName,
      hideOverlap: true,
      customValues: at,
    },
  };
}

function fanTooltip(model, state, view) {
  return (items) => {
    const band = model.bands[state.band];
    const other = model.bands[1 - state.band];
    const i = nearest(model.fan_ms, items[0].axisValue);
    const quantile = (k) => {
      const text = money(band.values[k][i]);
      const [low, high] = [band.low, band.high].map((lists) => (lists ? lists[k][i] : null));
      return isNumber(low) && isNumber(high) && low < high
        ? `${text} (${interval(low, high, 'money')})`
        : text;
    };
    const rows = band.levels
      .map((p, k) => [p === 0.5 ? view.colors.main : null, levelName(p), quantile(k)])
      .reverse();
    if (band.mean) {
      const error = band.mean_error ? band.mean_error[i] : null;
      rows.push([null, 'mean', measured(band.mean[i], error, 'money').filter(Boolean).join(' ')]);
    }
    const m = other ? medianOf(other.levels) : -1;
    if (m >= 0) {
      rows.push([view.colors.accent, `${other.name}, median`, money(other.values[m][i])]);
    }
    if (state.paths === 'notable') {
      shownPaths(model, state).forEach((p) =>
        rows.push([view.colors.ink, `${p.what}, path ${p.index}`, money(p.equity[i])]),
      );
    }
    return tooltipBox(day(model.fan_ms[i]), rows);
  };
}

function fanOption(model, state) {
  return (view) => {
    const left = leftAxis(model, state, view);
    return {
      grid: grid(view, { bottom: 66, right: RIGHT }),
      xAxis: timeAxis(view),
      yAxis: [left, rightAxis(model, state, view, left)],
      tooltip: tooltip(view, fanTooltip(model, state, view)),
      dataZoom: zooms(view, [0], true).map((z) =>
        z.type === 'slider' ? { ...z, right: RIGHT } : z,
      ),
      series: seriesOf(model, state, view),
    };
  };
}

function tools(model, state, redraw) {
  const set = (key, of) => (value) => {
    state[key] = of(value);
    redraw();
  };
  const names = model.bands.map((b, i) => [i, b.name]);
  const kinds = [
    ['none', 'Bands only'],
    ...(model.examples.some((p) => p.equity) ? [['examples', 'Examples', 'single paths']] : []),
    ...(model.notable.some((p) => p.equity)
      ? [['notable', 'Notable', 'the paths of the table']]
      : []),
  ];
  const isPositive =
    extent(
      listsOf(model, { ...state, paths: 'none' })
        .flat()
        .map((p) => p[1]),
    )[0] > 0;
  return h(
    'div',
    { class: 'tools' },
    names.length > 1
      ? choice('Bands of', names.slice(0, 2), state.band, set('band', Number))
      : null,
    kinds.length > 1 ? choice('Paths', kinds, state.paths, set('paths', String)) : null,
    isPositive
      ? choice(
          'Scale',
          [
            ['linear', 'Linear'],
            ['log', 'Log'],
          ],
          'linear',
          set('isLog', (x) => x === 'log'),
        )
      : null,
  );
}

const comparedText = (model, state) => {
  const other = model.bands[1 - state.band];
  return other ? `${other.name}: median, 5% and 95%` : '';
};

/* model: {fan_ms, bands, examples, notable, n_paths, currency, confidence}. */
export function fanFigure(model) {
  const hasExamples = model.examples.some((p) => p.equity);
  const state = { band: 0, paths: hasExamples ? 'examples' : 'none', isLog: false };
  model.drawn = drawn(model.fan_ms.length);
  const [band, other] = model.bands;
  const last = model.fan_ms.length - 1;
  const m = medianOf(band.levels);
  const compared = h('span', {}, comparedText(model, state));
  const redraw = () => {
    compared.textContent = comparedText(model, state);
    result.redraw();
  };
  const result = figure({
    title: `Equity over paths${model.currency ? ', ' + model.currency : ''}`,
    legend: [
      ...(m >= 0 ? [['main', 'median']] : []),
      ...bandPairs(band.levels).map((pair, k) => [
        'main',
        bandName(band.levels, pair),
        `band band-${k}`,
      ]),
      ...(other ? [['accent', compared]] : []),
      ...(hasExamples ? [['ink', 'single paths', 'thin']] : []),
    ],
    tools: tools(model, state, redraw),
    label:
      `Fan chart of equity over ${count(model.n_paths)} paths from ${day(model.fan_ms[0])} to ${day(model.fan_ms[last])}` +
      (m >= 0 ? `; the median ends at ${money(band.values[m][last])}` : ''),
    note:
      `Each day's quantiles of equity over ${count(model.n_paths)} paths, ${day(model.fan_ms[0])} to ${day(model.fan_ms[last])}: no single path runs along a band. The share of paths below a line is at its right end.` +
      (band.mean && band.mean_error
        ? ` The mean ends at ${measured(band.mean[last], band.mean_error[last], 'money').filter(Boolean).join(' ')} (one standard error of ${percent(band.mean_error[last] / band.mean[last])}).`
        : ''),
    height: 420,
    isTime: true,
    option: fanOption(model, state),
  });
  return result.element;
}
