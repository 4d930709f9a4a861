/* ratios.js - hedge ratios: the position against the spot, a line a time left, a chart a hedger. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { choice, h, section, select } from './dom.js';
import { figure, legendList, startFigures } from './figure.js';
import { maturity, significant } from './format.js';
import { nearest } from './reduce.js';

const REFERENCE = 'black_scholes_delta';
const tick = (x) => significant(x, 4);

/* Long before the end pale, close to it full. */
const strength = (k, n) => (n > 1 ? 0.25 + (0.75 * k) / (n - 1) : 1);

const less = (rows, other) =>
  rows.map((row, t) =>
    row.map((x, i) => (x === null || other[t][i] === null ? null : x - other[t][i])),
  );

const referenceOf = (surfaces, surface) =>
  surfaces.list.find((s) => s.name === REFERENCE && s.instrument === surface.instrument) || null;

/* What is shown of a surface: itself, or its difference to Black-Scholes. */
function valuesOf(surfaces, surface, state) {
  const reference = state.isDifference ? referenceOf(surfaces, surface) : null;
  return reference ? less(surface.values, reference.values) : surface.values;
}

function surfaceOption(surfaces, surface, state) {
  const { spot, left_years: left } = surfaces;
  return (view) => {
    const rows = valuesOf(surfaces, surface, state);
    const shown = surfaces.list.filter((s) => s.instrument === surface.instrument);
    const all = shown.flatMap((s) => valuesOf(surfaces, s, state).flat());
    return {
      grid: grid(view, { left: 52, bottom: 44 }),
      xAxis: {
        ...valueAxis(view, tick),
        min: spot[0],
        max: spot[spot.length - 1],
        splitNumber: view.isNarrow ? 3 : 5,
        splitLine: { show: false },
        ...axisName(view, 'spot'),
      },
      yAxis: { ...valueAxis(view, tick), ...niceRange(extent([...all, 0])) },
      tooltip: tooltip(view, (items) => {
        const i = nearest(spot, items[0].axisValue);
        return tooltipBox(
          `Spot ${tick(spot[i])}`,
          rows.map((row, k) => [null, `${maturity(left[k])} left`, tick(row[i])]),
        );
      }),
      series: rows.map((row, k) =>
        lineSeries(
          `time-${k}`,
          view.colors.main,
          row.map((y, i) => [spot[i], y]),
          {
            z: 2 + k,
            lineStyle: {
              color: view.colors.main,
              width: 1.8,
              opacity: strength(k, rows.length),
            },
          },
        ),
      ),
    };
  };
}

const surfaceFigure = (surfaces, surface, state) =>
  figure({
    title: surface.label,
    label: `Position of ${surface.label} against the spot, ${surfaces.left_years.map((t) => maturity(t)).join(', ')} before the end`,
    note: surface.text || null,
    height: 240,
    option: surfaceOption(surfaces, surface, state),
  });

export function ratiosSection(model) {
  const { surfaces } = model;
  if (!surfaces) {
    return null;
  }
  const state = { isDifference: false };
  const instruments = [...new Set(surfaces.list.map((s) => s.instrument))];
  const figures = surfaces.list.map(() => null);
  const place = h('div', { class: 'multiples' });
  /* Charts of an instrument are made when they are first looked at. */
  const show = (j) => {
    const rows = surfaces.list.map((_, k) => k).filter((k) => surfaces.list[k].instrument === j);
    rows.forEach((k) => {
      figures[k] = figures[k] || surfaceFigure(surfaces, surfaces.list[k], state);
    });
    place.replaceChildren(...rows.map((k) => figures[k].element));
  };
  show(instruments[0]);
  const names = instruments.map((j) => [j, `Position in ${model.instruments[j].name}`]);
  const n = surfaces.left_years.length;
  return section(
    'ratios',
    'Hedge ratios',
    'The position chosen at each spot, everything else at its value of date 0. The axes are the same in all charts.',
    h(
      'div',
      { class: 'figure-head' },
      legendList(
        surfaces.left_years.map((t, k) => ['main', `${maturity(t)} left`, 'line', strength(k, n)]),
      ),
      h(
        'div',
        { class: 'tools' },
        names.length > 1
          ? select('Instrument', names, names[0][0], (key) => {
              show(Number(key));
              startFigures();
            })
          : null,
        surfaces.list.some((s) => s.name === REFERENCE)
          ? choice(
              'What is shown',
              [
                ['position', 'Position'],
                ['difference', 'Less Black-Scholes', 'position − delta of Black-Scholes'],
              ],
              'position',
              (key) => {
                state.isDifference = key === 'difference';
                figures.filter(Boolean).forEach((f) => f.redraw());
              },
            )
          : null,
      ),
    ),
    place,
  );
}
