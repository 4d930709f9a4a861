/* histogram.js - counted bins as bars, with marks and a curve over them. */
import { grid, lineSeries, tooltip, tooltipBox, valueAxis } from './chart.js';
import { count } from './format.js';

/* Bars stand on categories; a second axis under them carries the numbers. */
function axes(view, { edges, counts, tick }) {
  return [
    { type: 'category', data: counts.map((_, i) => i), show: false },
    {
      ...valueAxis(view, tick),
      min: edges[0],
      max: edges[edges.length - 1],
      scale: false,
      splitLine: { show: false },
      splitNumber: view.isNarrow ? 4 : 6,
      position: 'bottom',
      axisLabel: {
        color: view.colors.muted,
        fontSize: 11.5,
        formatter: tick,
        hideOverlap: true,
        showMinLabel: false,
        showMaxLabel: false,
      },
    },
  ];
}

/* bins: {edges, counts}; tick(x) of the axis, show(x) of an edge; color(i, colors) of bar i;
 * noun: what is counted; marks: [[x, text, align]]; curve: points [x, bars]; amount(bar) as text;
 * across: {max, interval} of the bars, where several histograms share it. */
export function histogramOption({
  edges,
  counts,
  tick,
  show,
  color,
  noun,
  marks,
  curve = [],
  amount = count,
  across = { minInterval: 1 },
}) {
  return (view) => ({
    grid: grid(view, { top: 24 }),
    xAxis: axes(view, { edges, counts, tick }),
    yAxis: valueAxis(view, amount, { scale: false, ...across }),
    tooltip: tooltip(
      view,
      (items) => {
        const bar = items.find((item) => item.seriesId === 'bars');
        const i = bar ? bar.dataIndex : 0;
        return tooltipBox(`${show(edges[i])} to ${show(edges[i + 1])}`, [
          [null, noun, amount(counts[i])],
        ]);
      },
      { axisPointer: { type: 'none' } },
    ),
    series: [
      {
        id: 'bars',
        type: 'bar',
        barCategoryGap: '8%',
        data: counts.map((n, i) => ({ value: n, itemStyle: { color: color(i, view.colors) } })),
        emphasis: { disabled: true },
      },
      lineSeries('curve', view.colors.ink, curve, {
        xAxisIndex: 1,
        lineStyle: { color: view.colors.ink, width: 1.2, type: [4, 3] },
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { color: view.colors.muted, type: 'dotted' },
          data: marks.map(([x, text, align]) => ({
            xAxis: x,
            label: { formatter: text, color: view.colors.muted, fontSize: 11, align },
          })),
        },
      }),
    ],
  });
}
