/* overview.js - the top of a backtest's page: what was run, and its key numbers. */
import { h } from './dom.js';
import { count, instant, isNumber, money, percent, plural, ratio } from './format.js';
import { cards, masthead, signTone } from './top.js';

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
  ];
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

export const backtestMasthead = (model) =>
  masthead({
    eyebrow: 'Feller backtest report',
    title: model.title || 'Backtest',
    what: [h('b', {}, model.strategy), ' on ', symbols(model.instruments || [])],
    facts: facts(model),
    notes: model.notes,
    sentence: sentence(model),
  });

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

export const backtestCards = (model) => cards(cardList(model));
