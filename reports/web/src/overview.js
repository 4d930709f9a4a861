/* overview.js - the top of the page: what was run, what the reader must know first, the key
 * numbers. */
import { h } from './dom.js';
import { count, instant, isNumber, money, percent, plural, ratio } from './format.js';
import { isDark, onThemeChange, toggleTheme } from './theme.js';

function themeButton() {
  const button = h('button', { type: 'button', class: 'theme', onclick: toggleTheme });
  const label = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.title = `Show the page ${isDark() ? 'light' : 'dark'}`;
  };
  label();
  onThemeChange(label);
  return button;
}

function symbols(list) {
  const shown = list.slice(0, 8).join(', ');
  return list.length > 8 ? `${shown} and ${count(list.length - 8)} more` : shown;
}

function facts(model) {
  const period = model.period || {};
  return [
    `${instant(period.first)} to ${instant(period.last)} UTC`,
    `${plural(period.n_days, 'daily return')}, ${ratio(period.years)} years`,
    `${plural(period.n_bars, 'bar')}, ${plural(model.orders ? model.orders.n : 0, 'order')}`,
    model.currency ? `money in ${model.currency}` : null,
  ].filter(Boolean);
}

function sentence(model) {
  const head = model.headline;
  const unit = model.currency ? ' ' + model.currency : '';
  const parts = [
    `${money(head.initial_cash)}${unit} became ${money(head.final_equity)}${unit} after all costs, ${percent(head.total_return, 2, true)} in all`,
  ];
  if (head.benchmark) {
    parts.push(
      `, against ${percent(head.benchmark.total_return, 2, true)} of ${model.benchmark_name}`,
    );
  }
  return parts.join('') + '.';
}

const ICONS = { warning: '!', note: 'i' };

function notes(list) {
  return list.length === 0
    ? null
    : h(
        'ul',
        { class: 'notes', 'aria-label': 'Warnings and notes' },
        list.map((n) =>
          h(
            'li',
            { class: n.severity === 'warning' ? 'warning' : 'note' },
            h('span', { class: 'icon', 'aria-hidden': 'true' }, ICONS[n.severity] || 'i'),
            h(
              'span',
              {},
              h('strong', {}, n.severity === 'warning' ? 'Warning' : 'Note'),
              ' ',
              n.text,
            ),
          ),
        ),
      );
}

export function masthead(model) {
  return h(
    'header',
    { class: 'masthead' },
    h(
      'div',
      { class: 'top' },
      h('p', { class: 'eyebrow' }, 'Feller backtest report'),
      themeButton(),
    ),
    h('h1', {}, model.title || 'Backtest'),
    h('p', { class: 'what' }, h('b', {}, model.strategy), ' on ', symbols(model.instruments || [])),
    h(
      'p',
      { class: 'facts' },
      facts(model).map((fact) => h('span', {}, fact)),
    ),
    notes(model.notes),
    h('p', { class: 'sentence' }, sentence(model)),
  );
}

/* One key number: value, what the benchmark has, and how it is defined. */
function card({ label, value, extra, beside, convention, tone }) {
  return h(
    'div',
    { class: 'card', title: convention || null },
    h('dt', {}, label),
    h('dd', { class: 'value ' + (tone || '') }, value, extra ? h('small', {}, ' ' + extra) : null),
    beside ? h('dd', { class: 'beside' }, beside) : null,
    convention ? h('dd', { class: 'convention' }, convention) : null,
  );
}

const signTone = (x) => (x > 0 ? 'gain' : x < 0 ? 'loss' : '');

function cardList(model) {
  const head = model.headline;
  const bench = head.benchmark;
  const convention = (name, otherwise) =>
    model.score(name) ? model.score(name).convention : otherwise;
  const beside = (key, format) => (bench ? `${model.benchmark_name}: ${format(bench[key])}` : null);
  const unit = model.currency || '';
  const share =
    head.net > 0 && head.total_costs > 0
      ? `${percent(head.total_costs / (head.net + head.total_costs), 1)} of what was made before costs`
      : null;
  return [
    {
      label: 'Net return',
      value: percent(head.total_return, 2, true),
      tone: signTone(head.total_return),
      beside: beside('total_return', (x) => percent(x, 2, true)),
      convention: `${money(head.net, true)} ${unit}, final equity / initial cash ${'\u2212'} 1`,
    },
    {
      label: 'Annual return',
      value: percent(head.annual_return, 2, true),
      tone: signTone(head.annual_return),
      beside: beside('annual_return', (x) => percent(x, 2, true)),
      convention: convention('annual_return'),
    },
    {
      label: 'Volatility a year',
      value: percent(head.annual_volatility),
      beside: beside('annual_volatility', (x) => percent(x)),
      convention: convention('annual_volatility'),
    },
    {
      label: 'Sharpe ratio',
      value: ratio(head.sharpe_ratio),
      extra:
        head.sharpe_ratio === null || head.sharpe_error === null
          ? null
          : `± ${ratio(head.sharpe_error)}`,
      beside: beside('sharpe_ratio', ratio),
      convention: `${convention('sharpe_ratio', 'a year')}; ± one standard error (robust to autocorrelation: ${ratio(head.sharpe_error_robust)})`,
    },
    {
      label: 'Maximum drawdown',
      value: percent(head.max_drawdown),
      beside: beside('max_drawdown', (x) => percent(x)),
      convention: convention('max_drawdown'),
    },
    {
      label: 'Turnover',
      value: isNumber(head.turnover_per_year)
        ? ratio(head.turnover_per_year, 1) + '×'
        : ratio(null),
      extra: 'a year',
      convention: convention(
        'turnover_per_year',
        'money traded, buys and sells, / average equity / years',
      ),
    },
    {
      label: 'Costs',
      value: money(head.total_costs),
      extra: unit,
      beside: share,
      convention: convention('total_costs', 'delay, spread, slippage, impact and fees'),
    },
    {
      label: 'Trades',
      value: count(head.n_trades),
      beside: model.trades.n_open > 0 ? `and ${count(model.trades.n_open)} still open` : null,
      convention: convention('n_trades', 'closed round trips, first in first out'),
    },
  ];
}

export const cards = (model) =>
  h('dl', { class: 'cards', 'aria-label': 'Key numbers' }, cardList(model).map(card));
