/* smile.js - implied volatility against strike, a chart a maturity: the market with its bid and
 * ask, and the model's line. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { absent, choice, h, section } from './dom.js';
import { figure, legendList, startFigures } from './figure.js';
import { count, isNumber, maturity, percent, percentTick, plural, ratio, short } from './format.js';
import { modelLine, rowsOf, spread } from './layout.js';

const MOST_AT_FIRST = 12;
const DENSE = 30;
const VERY_DENSE = 60;

/* All volatilities that a chart of this maturity shows. */
function volsOf(model, at) {
  const { quotes } = model;
  const lists = [quotes.market_vol, quotes.bid_vol, quotes.ask_vol, quotes.model_vol];
  return lists.flatMap((list) => list.slice(at.first, at.first + at.n));
}

function quoteTip(model, i, colors) {
  const { quotes } = model;
  const spread =
    quotes.bid_vol[i] !== null && quotes.ask_vol[i] !== null
      ? [[null, 'Bid to ask', `${percent(quotes.bid_vol[i])} to ${percent(quotes.ask_vol[i])}`]]
      : [];
  return tooltipBox(
    `${quotes.is_put[i] ? 'Put' : 'Call'} ${short(quotes.strike[i])}, ${maturity(quotes.t_years[i])}`,
    [
      [colors.ink, 'Market', percent(quotes.market_vol[i])],
      ...spread,
      [colors.main, 'Model', percent(quotes.model_vol[i])],
      [null, 'Model − market', `${ratio(quotes.vol_points[i])} points`],
    ],
  );
}

function marketSeries(model, rows, x, view) {
  const { quotes } = model;
  const size = rows.length > VERY_DENSE ? 3 : rows.length > DENSE ? 4 : 6;
  const marks = (id, isPut, style) => ({
    id,
    type: 'scatter',
    z: 4,
    symbol: isPut ? 'triangle' : 'circle',
    symbolSize: isPut ? size + 1 : size,
    silent: true,
    emphasis: { disabled: true },
    itemStyle: { opacity: 1, ...style },
    data: rows
      .filter((i) => Boolean(quotes.is_put[i]) === isPut)
      .map((i) => [x(i), quotes.market_vol[i]]),
  });
  return [
    marks('calls', false, { color: view.colors.ink }),
    marks('puts', true, {
      color: view.colors.page,
      borderColor: view.colors.ink,
      borderWidth: size < 6 ? 0.9 : 1.3,
    }),
  ];
}

function whiskers(model, rows, x, view) {
  const { quotes } = model;
  const both = rows.filter((i) => quotes.bid_vol[i] !== null && quotes.ask_vol[i] !== null);
  const points = both.flatMap((i) => [
    [x(i), quotes.bid_vol[i]],
    [x(i), quotes.ask_vol[i]],
    [x(i), null],
  ]);
  return lineSeries('spread', view.colors.muted, points, {
    z: 3,
    connectNulls: false,
    lineStyle: { color: view.colors.muted, width: 1.4 },
  });
}

function smileOption(model, at, state) {
  const { quotes } = model;
  const rows = rowsOf(quotes, at);
  return (view) => {
    const isStrike = state.axis === 'strike';
    const x = (i) => (isStrike ? quotes.strike[i] : quotes.strike[i] / at.forward);
    const line = modelLine(model, at, state.axis);
    const own = extent([...volsOf(model, at), ...line.map((p) => p[1])]);
    const limits = niceRange(state.isShared ? model.volExtent : own, 4);
    const across = niceRange(
      extent([...rows.map(x), ...line.map((p) => p[0])]),
      view.isNarrow ? 4 : 6,
    );
    return {
      grid: grid(view, { left: 46, bottom: 44 }),
      xAxis: {
        ...valueAxis(view, isStrike ? short : (m) => String(Number(m.toPrecision(4)))),
        ...across,
        splitLine: { show: false },
        ...axisName(view, isStrike ? 'strike' : 'strike / forward'),
      },
      yAxis: { ...valueAxis(view, percentTick), ...limits },
      tooltip: tooltip(view, (items) => {
        const near = rows.reduce((best, i) =>
          Math.abs(x(i) - items[0].axisValue) < Math.abs(x(best) - items[0].axisValue) ? i : best,
        );
        return quoteTip(model, near, view.colors);
      }),
      series: [
        lineSeries('model', view.colors.main, line, {
          z: rows.length > DENSE ? 5 : 2,
          lineStyle: { color: view.colors.main, width: 2 },
        }),
        whiskers(model, rows, x, view),
        ...marketSeries(model, rows, x, view),
      ],
    };
  };
}

function smileFigure(model, at, state) {
  return figure({
    title: maturity(at.t_years),
    label: `Implied volatility against strike at ${maturity(at.t_years)}: ${plural(at.n, 'quote')}, the model is off by ${ratio(at.rmse_vol_points)} volatility points`,
    note: `${plural(at.n, 'quote')}; root mean square ${ratio(at.rmse_vol_points)} points.`,
    height: model.maturities.length > 2 ? 230 : 340,
    option: smileOption(model, at, state),
  });
}

function legend(model) {
  const { quotes } = model;
  const has = (isPut) => quotes.is_put.some((x) => Boolean(x) === isPut);
  return legendList(
    [
      ['main', 'model', 'line'],
      has(false) && ['ink', 'market, calls', 'dot'],
      has(true) && ['ink', 'market, puts', 'hollow'],
      quotes.bid_vol.some(isNumber) && ['muted', 'bid to ask', 'upright'],
    ].filter(Boolean),
  );
}

export function smileSection(model) {
  const list = model.maturities;
  if (list.length === 0) {
    return section('smile', 'Smiles', null, absent('No quote was fitted.'));
  }
  const state = { axis: 'moneyness', isShared: false };
  const figures = list.map(() => null);
  const place = h('div', { class: 'multiples' });
  const show = (indices) => {
    indices.forEach((i) => {
      figures[i] = figures[i] || smileFigure(model, list[i], state);
    });
    place.replaceChildren(...figures.filter(Boolean).map((f) => f.element));
  };
  const set = (key, of) => (value) => {
    state[key] = of(value);
    figures.filter(Boolean).forEach((f) => f.redraw());
  };
  const more = h(
    'button',
    {
      type: 'button',
      onclick: () => {
        show(list.map((_, i) => i));
        startFigures();
        more.remove();
      },
    },
    `Show all ${count(list.length)} maturities`,
  );
  const first = spread(list.length, MOST_AT_FIRST);
  show(first);
  const axes = [
    ['moneyness', 'Strike / forward'],
    ['strike', 'Strike'],
  ];
  const scales = [
    ['own', 'Own scales'],
    ['shared', 'One scale'],
  ];
  return section(
    'smile',
    'Smiles',
    'Implied volatility a year against strike, a chart a maturity' +
      (first.length < list.length
        ? `: ${count(first.length)} of ${count(list.length)}, from the first to the last.`
        : '.'),
    h(
      'div',
      { class: 'figure-head' },
      legend(model),
      h(
        'div',
        { class: 'tools' },
        choice('Horizontal axis', axes, 'moneyness', set('axis', String)),
        list.length > 1
          ? choice(
              'Vertical axes',
              scales,
              'own',
              set('isShared', (x) => x === 'shared'),
            )
          : null,
      ),
    ),
    place,
    list.length > MOST_AT_FIRST ? h('p', { class: 'caption unprinted' }, more) : null,
  );
}
