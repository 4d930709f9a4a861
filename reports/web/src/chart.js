/* chart.js - what all charts share: life, size, theme, print, one time window for those over time.
 */
import { BarChart, CandlestickChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { extent, inView, niceRange } from './axis.js';
import { h } from './dom.js';
import { onThemeChange, palette } from './theme.js';

echarts.use([
  BarChart,
  CandlestickChart,
  LineChart,
  ScatterChart,
  DataZoomInsideComponent,
  DataZoomSliderComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

const PRINT_WIDTH = 680;
const NARROW = 560;
const charts = [];
const windowListeners = [];
const timeWindow = { start: 0, end: 100, span: [0, 1] };

const finePointer = () => window.matchMedia('(pointer: fine)').matches;

/* ---- the window of time that all charts over time show --------------------------------------- */

export function setSpan(span) {
  timeWindow.span = span;
}

function shownRange() {
  const [first, last] = timeWindow.span;
  const at = (share) => first + ((last - first) * share) / 100;
  return [at(timeWindow.start), at(timeWindow.end)];
}

export const onWindowChange = (listener) => windowListeners.push(listener);

function applyWindow(source) {
  charts
    .filter((c) => c.isTime)
    .forEach((c) => {
      if (c !== source) {
        c.isFollowing = true;
        c.instance.dispatchAction({
          type: 'dataZoom',
          start: timeWindow.start,
          end: timeWindow.end,
        });
        c.isFollowing = false;
      }
      const { series, yAxis } = c.option(viewOf(c));
      c.instance.setOption({ series, yAxis });
    });
  windowListeners.forEach((listener) => listener(shownRange()));
}

let pending = 0;
function windowMoved(source) {
  const zoom = source.instance.getOption().dataZoom[0];
  timeWindow.start = zoom.start;
  timeWindow.end = zoom.end;
  clearTimeout(pending);
  pending = setTimeout(() => applyWindow(source), 40);
}

/* Show the last so many milliseconds; all if 0. */
export function showLast(ms) {
  const [first, last] = timeWindow.span;
  timeWindow.start = ms > 0 ? Math.max(0, 100 * (1 - ms / (last - first))) : 0;
  timeWindow.end = 100;
  applyWindow(null);
}

/* ---- pieces of options ----------------------------------------------------------------------- */

export function timeAxis(view, more = {}) {
  return {
    type: 'time',
    min: timeWindow.span[0],
    max: timeWindow.span[1],
    axisLine: { lineStyle: { color: view.colors.rule } },
    axisTick: { show: false },
    axisLabel: { color: view.colors.muted, fontSize: 11.5, hideOverlap: true },
    splitLine: { show: false },
    ...more,
  };
}

export function valueAxis(view, format, more = {}) {
  return {
    type: 'value',
    scale: true,
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: view.colors.muted, fontSize: 11.5, formatter: format, hideOverlap: true },
    splitLine: { lineStyle: { color: view.colors.rule } },
    splitNumber: 4,
    ...more,
  };
}

/* What an axis counts, in the middle of it. */
export const axisName = (view, name, nameGap = 26) => ({
  name,
  nameLocation: 'middle',
  nameGap,
  nameTextStyle: { color: view.colors.muted, fontSize: 11.5 },
});

/* A value axis around what is in view of some lists of points; with `zero`, zero too. */
export function fittedAxis(view, format, lists, { zero = false, ticks = 4, ...more } = {}) {
  const [low, high] = extent(inView(lists, view.range));
  const limits = niceRange(zero ? extent([low, high, 0]) : [low, high], ticks);
  return valueAxis(view, format, { scale: true, ...limits, ...more });
}

export const grid = (view, more = {}) => ({
  left: view.isNarrow ? 48 : 62,
  right: view.isNarrow ? 8 : 14,
  top: 14,
  bottom: 26,
  ...more,
});

export const lineSeries = (id, color, data, more = {}) => ({
  id,
  type: 'line',
  showSymbol: false,
  data,
  lineStyle: { color, width: 1.6 },
  itemStyle: { color },
  emphasis: { disabled: true },
  silent: true,
  ...more,
});

/* A box under the pointer: a title and rows of [colour or null, label, value]. A node, not markup.
 */
export function tooltipBox(title, rows) {
  return h(
    'div',
    { class: 'tip' },
    h('strong', {}, title),
    rows.map(([color, label, value]) =>
      h(
        'div',
        {},
        h('i', color ? { style: 'background:' + color } : {}),
        h('span', {}, label),
        h('b', {}, value),
      ),
    ),
  );
}

export function tooltip(view, formatter, more = {}) {
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    backgroundColor: view.colors.panel,
    borderColor: view.colors.rule,
    padding: 10,
    textStyle: { color: view.colors.ink, fontSize: 12 },
    axisPointer: {
      type: 'line',
      lineStyle: { color: view.colors.muted, type: 'dashed' },
      label: { show: false },
    },
    formatter,
    ...more,
  };
}

export function zooms(view, axes, hasSlider) {
  const both = {
    xAxisIndex: axes,
    start: timeWindow.start,
    end: timeWindow.end,
    filterMode: 'none',
  };
  const inside = {
    ...both,
    type: 'inside',
    disabled: !finePointer(),
    zoomOnMouseWheel: 'ctrl',
    moveOnMouseMove: true,
    moveOnMouseWheel: false,
  };
  const slider = {
    ...both,
    type: 'slider',
    height: 26,
    bottom: 4,
    left: view.isNarrow ? 48 : 62,
    right: view.isNarrow ? 8 : 14,
    showDetail: false,
    borderColor: view.colors.rule,
    fillerColor: view.colors.veil,
    dataBackground: {
      lineStyle: { color: view.colors.muted, width: 0.7 },
      areaStyle: { color: view.colors.rule, opacity: 0.5 },
    },
    selectedDataBackground: {
      lineStyle: { color: view.colors.main, width: 0.7 },
      areaStyle: { color: view.colors.main, opacity: 0.15 },
    },
    handleStyle: { color: view.colors.panel, borderColor: view.colors.muted },
    moveHandleStyle: { color: view.colors.muted, opacity: 0.4 },
    emphasis: {
      handleStyle: { borderColor: view.colors.main },
      moveHandleStyle: { color: view.colors.main },
    },
    brushSelect: false,
  };
  return hasSlider ? [inside, slider] : [inside];
}

/* ---- life ------------------------------------------------------------------------------------ */

function viewOf(c) {
  const width = c.instance.getWidth();
  return {
    width,
    isNarrow: width < NARROW,
    colors: palette(),
    range: shownRange(),
    pixels: Math.max(100, Math.round(width)),
  };
}

function draw(c) {
  c.instance.setOption(
    {
      animation: false,
      useUTC: true,
      backgroundColor: 'transparent',
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      ...c.option(viewOf(c)),
    },
    true,
  );
}

/* Make a chart in `element` (class "chart", a set height). option(view) gives series with ids; it
 * is called again whenever size, theme or time window change. */
export function startChart(element, { option, isTime = false }) {
  const instance = echarts.init(element, null, {
    renderer: 'canvas',
    devicePixelRatio: Math.max(2, window.devicePixelRatio || 1),
  });
  const c = { element, instance, option, isTime, isDrawn: false, isFollowing: false };
  instance.on('finished', () => {
    c.isDrawn = true;
  });
  if (isTime) {
    instance.on('datazoom', () => {
      if (!c.isFollowing) {
        windowMoved(c);
      }
    });
  }
  charts.push(c);
  draw(c);
  new ResizeObserver(() => {
    if (element.clientWidth > 0 && element.clientWidth !== instance.getWidth()) {
      instance.resize();
      draw(c);
    }
  }).observe(element);
  return { redraw: () => draw(c) };
}

export const redrawAll = () => charts.forEach(draw);

/* Are there marks on this chart's canvas? */
function hasInk(c) {
  const canvas = c.element.querySelector('canvas');
  const probe = document.createElement('canvas');
  probe.width = probe.height = 64;
  const context = probe.getContext('2d');
  context.drawImage(canvas, 0, 0, 64, 64);
  return context.getImageData(0, 0, 64, 64).data.some((x) => x !== 0);
}

/* How many charts there are, and how many have been drawn and are not blank. */
export const chartCounts = () => ({
  all: charts.length,
  drawn: charts.filter((c) => c.isDrawn && hasInk(c)).length,
});

/* On paper: light, of the paper's width. */
function forPaper(isPaper) {
  const root = document.documentElement;
  if (isPaper) {
    root.dataset.before = root.dataset.theme || '';
    root.dataset.theme = 'light';
  } else if (root.dataset.before === '') {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = root.dataset.before;
  }
  charts.forEach((c) => {
    const width = c.element.closest('.pair, .multiples') ? (PRINT_WIDTH - 24) / 2 : PRINT_WIDTH;
    c.instance.resize(isPaper ? { width } : { width: 'auto' });
    draw(c);
    c.instance.getZr().flush();
  });
}

export function startCharts() {
  onThemeChange(redrawAll);
  window.addEventListener('beforeprint', () => forPaper(true));
  window.addEventListener('afterprint', () => forPaper(false));
}
