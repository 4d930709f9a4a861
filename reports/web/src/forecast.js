/* forecast.js - the part of a backtest's page on a forecasting study: what was trained, what it is
 * worth beside simpler forecasters, how training went. */
import { h, section } from './dom.js';
import { count, inUnit, isNumber, plural, ratio, significant } from './format.js';
import { bestOf } from './layout.js';
import { pairs } from './rerun.js';
import { rivalsBlock } from './rivals.js';
import { table } from './table.js';
import { noteList } from './top.js';
import { trainingBlock } from './training.js';
import { windowsBlock } from './windows.js';

function settings(f) {
  const seeds = f.n_seeds > 1 ? `${count(f.n_seeds)} seeds` : 'one seed';
  return [
    ['Model', f.model],
    ['Features', f.features],
    ['Target', f.target],
    ['Scaling', f.scaling],
    ['Training', f.training],
    ['Chosen by', f.selection ? `${f.selection} on validation data` : ''],
    ['Networks', `${count(f.n_fits)} trained, ${plural(f.n_params, 'parameter')} each, ${seeds}`],
  ]
    .filter(([, value]) => value)
    .map(([key, value]) => ({ key, value }));
}

function lead(f) {
  const [model] = f.rivals;
  const parts = [];
  if (f.windows.n > 0) {
    const last = f.windows.n - 1;
    const day = (text) => text.slice(0, 10);
    parts.push(
      `Trained ${f.windows.n > 1 ? `anew for each of ${count(f.windows.n)} windows` : 'once'}, tested from ${day(f.windows.test_from[0])} to ${day(f.windows.test_to[last])} on data that training and every choice had not seen.`,
    );
  }
  const best = bestOf(f.rivals.map((r) => r.sharpe));
  if (f.rivals.length > 1 && isNumber(model.sharpe) && best >= 0) {
    const own = `Sharpe ratio ${ratio(model.sharpe)}`;
    parts.push(
      best === 0
        ? `The model has the best Sharpe ratio, ${ratio(model.sharpe)}.`
        : `${own}; the best has ${f.rivals[best].label}, ${ratio(f.rivals[best].sharpe)}.`,
    );
  }
  return parts.join(' ');
}

const factText = ({ value, unit }) =>
  unit === 'ratio' && isNumber(value) && Math.abs(value) < 0.1
    ? significant(value, 3)
    : inUnit(value, unit);

function factsBlock(f) {
  if (f.facts.length === 0) {
    return null;
  }
  const columns = [
    {
      label: 'Measure',
      isText: true,
      show: (i) => h('span', { title: f.facts[i].convention || null }, f.facts[i].label),
    },
    { label: 'Value', show: (i) => factText(f.facts[i]) },
    {
      label: 'Convention',
      isText: true,
      isLong: true,
      show: (i) => h('span', { class: 'quiet' }, f.facts[i].convention),
    },
  ];
  return h(
    'div',
    { class: 'block' },
    h('h3', {}, 'Skill or luck'),
    table({
      caption: 'Tests and measures of the forecasts',
      columns,
      n: f.facts.length,
      pageRows: 100,
      noun: 'measures',
      isSortable: false,
      isHead: true,
    }).element,
  );
}

export function forecastSection(model) {
  const f = model.forecast;
  if (!f) {
    return null;
  }
  return section(
    'forecast',
    'Forecast',
    lead(f),
    noteList(f.notes),
    h(
      'div',
      { class: 'block settings' },
      h('h3', {}, 'What was trained'),
      pairs('What was trained', settings(f)),
    ),
    rivalsBlock(model),
    factsBlock(f),
    trainingBlock(f),
    windowsBlock(f),
  );
}
