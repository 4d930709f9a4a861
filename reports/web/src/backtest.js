/* backtest.js - the page of one run. */
import { costsSection } from './costs.js';
import { equitySection } from './equity.js';
import { forecastSection } from './forecast.js';
import { modelOf } from './model.js';
import { metricsSection, variantsSection } from './numbers.js';
import { backtestCards, backtestMasthead } from './overview.js';
import { priceSection } from './price.js';
import { rerunSection } from './rerun.js';
import { returnsSection } from './returns.js';
import { tradesSection } from './trades.js';

export function backtestPage(report) {
  const model = modelOf(report);
  const sections = [
    equitySection,
    forecastSection,
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
  return {
    title: model.title || 'Backtest',
    span: model.span,
    top: [backtestMasthead(model), backtestCards(model)],
    sections,
    foot: 'All times are UTC. Past results say nothing certain about the future.',
  };
}
