/* spectra.js - eigenvalues of Kronecker factors at the end of training, with the damping that was
 * added to them. */
import { extent, niceRange } from './axis.js';
import { axisName, grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { h, section } from './dom.js';
import { logAxis } from './equity.js';
import { figure, legendList } from './figure.js';
import { count, plural, scientific } from './format.js';
import { nearest } from './reduce.js';
import { table } from './table.js';

const EVERYWHERE = [-Infinity, Infinity];
const COLORS = ['main', 'accent', 'gain', 'loss'];

/* The factors of one block of one hedger. */
function blocksOf(list) {
  const out = new Map();
  list.forEach((s) => {
    const key = `${s.hedger} ${s.block}`;
    out.set(key, [...(out.get(key) || []), s]);
  });
  return [...out.values()];
}

/* Places of the eigenvalues that are drawn, from 1. */
const placesOf = (s) => s.values.map((_, k) => Math.min(s.n, k * s.stride + 1));
const logOf = (x) => (x > 0 ? Math.log(x) : null);

function spectrumOption(block, factors) {
  return (view) => {
    const [, last] = extent(block.map((s) => s.n));
    const color = (k) => view.colors[COLORS[factors.indexOf(block[k].factor) % COLORS.length]];
    const lines = block.map((s, k) =>
      lineSeries(
        `factor-${k}`,
        color(k),
        placesOf(s).map((x, i) => [x, logOf(s.values[i])]),
        {
          showSymbol: s.n < 24,
          symbol: 'circle',
          symbolSize: 5,
          lineStyle: { color: color(k), width: 1.8 },
        },
      ),
    );
    const dampings = block.map((s, k) =>
      lineSeries(
        `damping-${k}`,
        color(k),
        s.damping > 0
          ? [
              [1, logOf(s.damping)],
              [last, logOf(s.damping)],
            ]
          : [],
        { lineStyle: { color: color(k), width: 1.2, type: [5, 3] } },
      ),
    );
    const series = [...lines, ...dampings];
    return {
      grid: grid(view, { left: 62, bottom: 44 }),
      xAxis: {
        ...valueAxis(view, (x) => (Number.isInteger(x) && x > 0 ? count(x) : '')),
        ...niceRange([0, last], 4),
        splitLine: { show: false },
        ...axisName(view, 'eigenvalue, the largest first'),
      },
      yAxis: logAxis(
        { ...view, range: EVERYWHERE },
        series.map((s) => s.data),
        scientific,
      ),
      tooltip: tooltip(view, (items) => {
        const at = items[0].axisValue;
        return tooltipBox(
          `Eigenvalue ${count(Math.round(at))}`,
          block.flatMap((s, k) => [
            [color(k), s.factor, scientific(s.values[nearest(placesOf(s), at)])],
            [null, `damping of ${s.factor}`, scientific(s.damping)],
          ]),
        );
      }),
      series,
    };
  };
}

/* Largest over smallest, before and after damping: infinite if the smallest is not above 0. */
function conditionOf(s, damping) {
  const low = s.values[s.values.length - 1] + damping;
  return low > 0 ? (s.values[0] + damping) / low : null;
}

function spectraTable(model) {
  const list = model.spectra;
  const cell = (label, of, title) => ({
    label,
    title,
    show: (i) => scientific(of(list[i])),
    value: (i) => of(list[i]),
  });
  const columns = [
    {
      label: 'Block',
      isText: true,
      isLong: true,
      show: (i) => [
        h('code', {}, list[i].block),
        h('span', { class: 'quiet under' }, model.hedgers[list[i].hedger].label),
      ],
      value: (i) => list[i].block,
    },
    { label: 'Factor', isText: true, show: (i) => list[i].factor, value: (i) => list[i].factor },
    { label: 'Size', show: (i) => count(list[i].n), value: (i) => list[i].n },
    cell('Largest', (s) => s.values[0]),
    cell('Smallest', (s) => s.values[s.values.length - 1]),
    cell('Damping', (s) => s.damping, 'added to every eigenvalue'),
    cell('Condition', (s) => conditionOf(s, 0), 'largest over smallest; a dash: not positive'),
    cell('With damping', (s) => conditionOf(s, s.damping || 0), 'condition after damping'),
  ];
  return table({
    caption: 'Kronecker factors',
    columns,
    n: list.length,
    noun: 'factors',
    isHead: true,
  }).element;
}

export function spectraSection(model) {
  const drawn = model.spectra.filter((s) => s.values && s.values.some((x) => x > 0));
  if (drawn.length === 0) {
    return null;
  }
  const blocks = blocksOf(drawn);
  const several = new Set(drawn.map((s) => s.hedger)).size > 1;
  const factors = [...new Set(drawn.map((s) => s.factor))];
  const legend = factors.flatMap((name, k) => [
    [COLORS[k % COLORS.length], name],
    [COLORS[k % COLORS.length], `damping of ${name}`, 'dash'],
  ]);
  const figures = blocks.map((block) =>
    figure({
      title: several
        ? `${block[0].block}, ${model.hedgers[block[0].hedger].label}`
        : block[0].block,
      label: `Eigenvalues of the Kronecker factors of ${block[0].block}, on a logarithmic scale: ${block.map((s) => `${s.factor} from ${scientific(s.values[0])} to ${scientific(s.values[s.values.length - 1])}`).join('; ')}`,
      height: 240,
      option: spectrumOption(block, factors),
    }),
  );
  return section(
    'spectra',
    'Curvature',
    `Eigenvalues of ${plural(drawn.length, 'Kronecker factor')} at the end of the first seed's training. Where they fall below the damping, curvature is no longer told from it.`,
    legendList(legend),
    h(
      'div',
      { class: 'multiples' },
      figures.map((f) => f.element),
    ),
    spectraTable(model),
  );
}
