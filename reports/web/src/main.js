/* main.js - read the report that is embedded in the page and lay it out. */
import { chartCounts, setSpan, startCharts } from './chart.js';
import { costsSection } from './costs.js';
import { absent, h } from './dom.js';
import { equitySection } from './equity.js';
import { startFigures } from './figure.js';
import { modelOf } from './model.js';
import { metricsSection, variantsSection } from './numbers.js';
import { cards, masthead } from './overview.js';
import { priceSection } from './price.js';
import { rerunSection } from './rerun.js';
import { returnsSection } from './returns.js';
import { startTheme } from './theme.js';
import { tradesSection } from './trades.js';

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

function footer() {
  const licences = document.getElementById('licences');
  return h(
    'footer',
    {},
    h(
      'p',
      {},
      'All times are UTC. Past results say nothing certain about the future. Charts by Apache ECharts (Apache License 2.0).',
    ),
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

function start() {
  startTheme();
  const page = document.getElementById('page');
  let model;
  try {
    model = modelOf(JSON.parse(document.getElementById('feller-report').textContent));
  } catch (error) {
    page.replaceChildren(absent(`The numbers in this file cannot be read: ${error.message}`));
    throw error;
  }
  document.title = `${model.title || 'Backtest'} – Feller report`;
  setSpan(model.span);
  const sections = [
    equitySection,
    priceSection,
    returnsSection,
    costsSection,
    tradesSection,
    metricsSection,
    variantsSection,
    rerunSection,
  ]
    .map((make) => make(model))
    .filter(Boolean);
  page.replaceChildren(
    masthead(model),
    cards(model),
    contents(sections),
    h('main', {}, sections),
    footer(),
  );
  startCharts();
  startFigures();
  report(100);
}

start();
