/* price.js - prices with the trades on them: candles when few enough are in view, else a line; an
 * instrument at a time. */
import {
  fittedAxis,
  grid,
  lineSeries,
  onWindowChange,
  timeAxis,
  tooltip,
  tooltipBox,
  zooms,
} from './chart.js';
import { absent, choice, h, section, select } from './dom.js';
import { count, instantOf, money, percent, plural, price, quantity, short } from './format.js';
import { figure } from './figure.js';
import { inView, marksOf, mostTraded } from './marks.js';
import { candlePoints, linePoints, lowerBound, nearest, thin } from './reduce.js';

const MOST_MARKS = 800;
const MOST_LINKS = 120;
const CANDLE_PIXELS = 5;

const shortPrice = (x) => (Math.abs(x) >= 1e6 ? short(x) : price(x).replace(/\.00$/, ''));

const SHAPES = {
  long: { symbol: 'triangle', rotate: 0, offset: [0, '90%'], color: 'long', isFull: true },
  short: { symbol: 'triangle', rotate: 180, offset: [0, '-90%'], color: 'short', isFull: true },
  exit: { symbol: 'diamond', rotate: 0, offset: [0, 0], color: 'ink', isFull: false },
};

function markSeries(kind, marks, view) {
  const shape = SHAPES[kind];
  const color = view.colors[shape.color];
  return {
    id: 'marks-' + kind,
    type: 'scatter',
    z: 6,
    symbol: shape.symbol,
    symbolRotate: shape.rotate,
    symbolOffset: shape.offset,
    symbolSize: view.isNarrow ? 7 : 9,
    itemStyle: {
      opacity: 1,
      color: shape.isFull ? color : view.colors.panel,
      borderColor: shape.isFull ? view.colors.panel : color,
      borderWidth: shape.isFull ? 0.6 : 1.4,
    },
    silent: true,
    emphasis: { disabled: true },
    data: marks.filter((m) => m.kind === kind).map((m) => [m.ms, m.price]),
  };
}

/* From entry to exit, when few enough are in view to be read. */
function linkSeries(model, marks, view) {
  const { trades } = model;
  const entries = marks.filter((m) => m.kind !== 'exit' && !m.isFill);
  const isDrawn = entries.length <= MOST_LINKS;
  const data = (wanted) =>
    isDrawn
      ? entries
          .filter((m) => trades.pnl[m.row] > 0 === wanted)
          .flatMap((m) => [
            [m.ms, m.price],
            [trades.exit_ms[m.row], trades.exit_price[m.row]],
            [trades.exit_ms[m.row], null],
          ])
      : [];
  const link = (id, color, points) =>
    lineSeries(id, color, points, {
      z: 5,
      connectNulls: false,
      lineStyle: { color, width: 1.2, type: [4, 3] },
    });
  return [
    link('links-gain', view.colors.gain, data(true)),
    link('links-loss', view.colors.loss, data(false)),
  ];
}

function tradeRows(model, marks, ms, reach) {
  const { trades, fills } = model;
  return marks
    .filter((m) => Math.abs(m.ms - ms) <= reach)
    .slice(0, 4)
    .map((m) => {
      if (m.isFill) {
        return [
          null,
          m.kind === 'long' ? 'Buy' : 'Sell',
          `${quantity(fills.quantity[m.row])} at ${price(m.price)}`,
        ];
      }
      const text = `${quantity(trades.quantity[m.row])} at ${price(m.price)}`;
      return m.kind === 'exit'
        ? [
            null,
            'Exit',
            `${text}, ${money(trades.pnl[m.row], true)} (${percent(trades.return[m.row], 2, true)})`,
          ]
        : [null, m.kind === 'long' ? 'Enter long' : 'Enter short', text];
    });
}

function priceTooltip(model, bars, marks, view) {
  const reach = Math.max(
    ((view.range[1] - view.range[0]) / view.pixels) * 3,
    bars.time.length > 1 ? (bars.time[1] - bars.time[0]) / 2 : 0,
  );
  return (items) => {
    const i = nearest(bars.time, items[0].axisValue);
    const rows = [
      [null, 'Open', price(bars.open[i])],
      [null, 'High', price(bars.high[i])],
      [null, 'Low', price(bars.low[i])],
      [null, 'Close', price(bars.close[i])],
    ];
    if (bars.volume && bars.volume[i] !== null) {
      rows.push([null, 'Volume', quantity(bars.volume[i])]);
    }
    return tooltipBox(
      instantOf(bars.time[i]) + ' UTC',
      rows.concat(tradeRows(model, marks, bars.time[i], reach)),
    );
  };
}

function candleSeries(bars, view, isShown) {
  const begin = Math.max(0, lowerBound(bars.time, view.range[0]) - 1);
  const end = Math.min(bars.time.length, lowerBound(bars.time, view.range[1]) + 1);
  const most = Math.max(20, Math.floor(view.pixels / CANDLE_PIXELS));
  const points = isShown ? candlePoints(bars, begin, end, most).points : [];
  const step =
    points.length > 1 ? (points[points.length - 1][0] - points[0][0]) / (points.length - 1) : 1;
  const width = Math.max(
    1,
    Math.min(14, (0.6 * view.pixels * step) / (view.range[1] - view.range[0])),
  );
  return {
    id: 'candles',
    type: 'candlestick',
    data: points,
    barWidth: width,
    silent: true,
    emphasis: { disabled: true },
    itemStyle: {
      color: view.colors.panel,
      borderColor: view.colors.main,
      color0: view.colors.main,
      borderColor0: view.colors.main,
      borderWidth: 1,
    },
  };
}

/* How many bars are in view. */
function barsIn(bars, [first, last]) {
  return lowerBound(bars.time, last) - lowerBound(bars.time, first);
}

function priceOption(model, state) {
  return (view) => {
    const { bars, marks } = state;
    const isCandles =
      state.kind === 'candles' ||
      (state.kind === 'auto' && barsIn(bars, view.range) * CANDLE_PIXELS <= view.pixels);
    const seen = inView(marks, view.range);
    const drawn = thin(seen, MOST_MARKS);
    const line = linePoints(bars.time, bars.close, view.range, view.pixels);
    const candles = candleSeries(bars, view, isCandles);
    const closeLine = lineSeries('close', view.colors.ink, line, {
      lineStyle: { color: view.colors.ink, width: 1.1, opacity: isCandles ? 0 : 0.8 },
    });
    return {
      grid: grid(view, { bottom: 66 }),
      xAxis: timeAxis(view),
      yAxis: fittedAxis(view, shortPrice, [line, candles.data, drawn.map((m) => [m.ms, m.price])]),
      tooltip: tooltip(view, priceTooltip(model, bars, marks, view)),
      dataZoom: zooms(view, [0], true),
      series: [
        closeLine,
        candles,
        ...linkSeries(model, seen, view),
        ...Object.keys(SHAPES).map((kind) => markSeries(kind, drawn, view)),
      ],
    };
  };
}

function caption(state, range) {
  const { bars, marks } = state;
  const parts = [];
  if (bars.bars_per_point > 1) {
    parts.push(
      `${count(bars.n_source_bars)} bars, drawn ${count(bars.bars_per_point)} to a point.`,
    );
  }
  const seen = inView(marks, range).length;
  parts.push(
    seen > MOST_MARKS
      ? `${count(MOST_MARKS)} of ${count(seen)} marks in view are drawn: zoom in to see all.`
      : `${plural(seen, 'mark')} in view.`,
  );
  parts.push('Hollow candles closed above their open.');
  return parts.join(' ');
}

export function priceSection(model) {
  const title = 'Price and trades';
  if (model.prices.length === 0) {
    return section(
      'price',
      title,
      null,
      absent('No bars were kept for this report, so there is no price chart.'),
    );
  }
  const state = { kind: 'auto', bars: null, marks: [] };
  const note = h('span', { 'aria-live': 'polite' });
  let range = model.span;
  const use = (instrument) => {
    state.bars = model.prices.find((p) => p.instrument === Number(instrument));
    state.marks = marksOf(model, state.bars.instrument);
    note.textContent = caption(state, range);
  };
  use(mostTraded(model));
  onWindowChange((shown) => {
    range = shown;
    note.textContent = caption(state, range);
  });
  const redraw = (change) => (value) => {
    change(value);
    result.redraw();
  };
  const options = model.prices.map((p) => [p.instrument, model.symbol(p.instrument)]);
  const instruments =
    options.length > 1 ? select('Instrument', options, state.bars.instrument, redraw(use)) : null;
  const kinds = choice(
    'Kind of chart',
    [
      ['auto', 'Auto', 'candles when few enough bars are in view'],
      ['candles', 'Candles'],
      ['line', 'Line'],
    ],
    'auto',
    redraw((kind) => {
      state.kind = kind;
    }),
  );
  const result = figure({
    title: `Price${model.currency ? ', ' + model.currency : ''}${options.length > 1 ? '' : ' of ' + options[0][1]}`,
    legend: [
      ['long', 'enter long', 'up'],
      ['short', 'enter short', 'down'],
      ['ink', 'exit', 'ring'],
      ['gain', 'held with a gain', 'dash'],
      ['loss', 'held with a loss', 'dash'],
    ],
    tools: h('div', { class: 'tools' }, instruments, kinds),
    label: `Price chart of ${options
      .map((o) => o[1])
      .slice(0, 8)
      .join(', ')} with marks where trades were entered and left`,
    note: h(
      'span',
      {},
      note,
      h(
        'span',
        { class: 'unprinted' },
        ' Drag the handles below the chart, or hold Ctrl and turn the wheel, to zoom.',
      ),
    ),
    height: 420,
    isTime: true,
    option: priceOption(model, state),
  });
  return section('price', title, null, result.element);
}
