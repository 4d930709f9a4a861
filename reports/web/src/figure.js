/* figure.js - a chart with its heading, legend, switches and a line for those who cannot see it. */
import { startChart } from './chart.js';
import { h } from './dom.js';

const waiting = [];

/* items: [[css variable or colour, label, kind, opacity]], kind "line", "area", "up", "down", "ring".
 */
export const legendList = (items) =>
  h(
    'ul',
    { class: 'legend' },
    items.map(([color, text, kind, opacity = 1]) =>
      h(
        'li',
        {},
        h('i', { class: kind || 'line', style: `--c:var(--${color});opacity:${opacity}` }),
        text,
      ),
    ),
  );

/* legend: items as of legendList, or a node. */
export function figure({ title, note, legend = [], tools = null, label, height, option, isTime }) {
  const plot = h('div', {
    class: 'chart',
    role: 'img',
    'aria-label': label,
    style: `height:${height}px`,
  });
  const element = h(
    'figure',
    {},
    h('div', { class: 'figure-head' }, h('h3', {}, title), tools),
    Array.isArray(legend) ? (legend.length > 0 ? legendList(legend) : null) : legend,
    plot,
    note ? h('figcaption', {}, note) : null,
  );
  const handle = { element, redraw: () => {} };
  waiting.push(() => {
    handle.redraw = startChart(plot, { option, isTime }).redraw;
  });
  return handle;
}

/* Charts need their place on the page to know their size: start them when all is in the document.
 */
export function startFigures() {
  waiting.splice(0).forEach((start) => start());
}
