/* main.js - read the report that is embedded in the page and lay it out. */
import { backtestPage } from './backtest.js';
import { calibrationPage } from './calibration.js';
import { chartCounts, setSpan, startCharts } from './chart.js';
import { absent, h } from './dom.js';
import { startFigures } from './figure.js';
import { hedgePage } from './hedge.js';
import { montecarloPage } from './montecarlo.js';
import { startTheme } from './theme.js';

/* A page: {title, span (of time, of its charts over time), top: nodes, sections, foot: text}. */
const PAGES = {
  'feller-report': backtestPage,
  'feller-montecarlo': montecarloPage,
  'feller-calibration': calibrationPage,
  'feller-hedge': hedgePage,
};

const root = document.documentElement;

function contents(sections) {
  const link = (part) =>
    h('li', {}, h('a', { href: '#' + part.id }, part.querySelector('h2').textContent));
  return h(
    'nav',
    { class: 'contents', 'aria-label': 'Parts of the report' },
    h('ul', {}, sections.map(link)),
  );
}

function footer(text) {
  const licences = document.getElementById('licences');
  return h(
    'footer',
    {},
    h('p', {}, `${text} Charts by Apache ECharts (Apache License 2.0).`),
    licences
      ? h(
          'details',
          {},
          h('summary', {}, 'Licences of what this page contains'),
          h('pre', {}, licences.textContent),
        )
      : null,
  );
}

/* Tell whoever checks the page (tests) how it went: charts drawn of all, and wider than the
 * window? */
function report(tries) {
  const { all, drawn } = chartCounts();
  root.dataset.charts = `${drawn}/${all}`;
  root.dataset.overflow = String(root.scrollWidth > root.clientWidth);
  if (drawn === all || tries === 0) {
    root.dataset.ready = drawn === all ? 'yes' : 'no';
  } else {
    setTimeout(report, 50, tries - 1);
  }
}

function embedded() {
  const report = JSON.parse(document.getElementById('feller-report').textContent);
  const make = PAGES[report.schema];
  if (!make) {
    throw new Error(`"${report.schema}" is no kind of report that this page knows`);
  }
  return make(report);
}

function start() {
  startTheme();
  const place = document.getElementById('page');
  let page;
  try {
    page = embedded();
  } catch (error) {
    place.replaceChildren(absent(`The numbers in this file cannot be read: ${error.message}`));
    throw error;
  }
  document.title = `${page.title} – Feller report`;
  setSpan(page.span);
  place.replaceChildren(
    ...page.top,
    contents(page.sections),
    h('main', {}, page.sections),
    footer(page.foot),
  );
  startCharts();
  startFigures();
  report(100);
}

start();
