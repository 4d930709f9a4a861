/* core/metric_papers.c - the MADL papers' metrics of an equity line, from its returns.
 *
 * Michankow, Sakowski, Slepaczuk 2023 and 2025 (their R code): n is the number of points of the
 * line, one more than there are returns; aRC = (x_n / x_1)^(scale / n) - 1, aSD = sd sqrt(scale),
 * MD the largest drawdown, MLD the longest time below the maximum in years; IR* = aRC / aSD, IR** =
 * IR* aRC sign(aRC) / MD, IR*** = aRC^3 / (aSD MD MLD). */
#include <math.h>

#include "core/metric_internal.h"

/* The papers' line begins at the end of its first bar: what came before is no point of theirs. */
static fel_cvec of_line(fel_cvec returns, const fel_metric_options *options)
{
    const size_t skipped = options->starts_with_cash && returns.len > 0 ? 1 : 0;
    const fel_cvec view = {returns.data + skipped, returns.len - skipped};
    return view;
}

METRIC(arc)
{
    const fel_cvec line = of_line(returns, options);
    const double n_points = (double)line.len + 1.0;
    const double total = metric_total_return(line, factor, options);
    return pow(1.0 + total, options->periods_per_year / n_points) - 1.0;
}

METRIC(asd)
{
    return metric_annual_volatility(of_line(returns, options), factor, options);
}

METRIC(md)
{
    return fabs(metric_max_drawdown(of_line(returns, options), factor, options));
}

METRIC(mld)
{
    return metric_loss_duration(of_line(returns, options), factor, options);
}

METRIC(ir1)
{
    return metric_arc(returns, factor, options) / metric_asd(returns, factor, options);
}

METRIC(ir2)
{
    const double first = metric_ir1(returns, factor, options);
    return first * fabs(metric_arc(returns, factor, options)) / metric_md(returns, factor, options);
}

METRIC(ir3)
{
    const double arc = metric_arc(returns, factor, options);
    const double risk = metric_asd(returns, factor, options) * metric_md(returns, factor, options);
    return arc * arc * arc / (risk * metric_mld(returns, factor, options));
}

uint64_t fel_signal_trades(fel_cvec signal)
{
    uint64_t changes = 0;
    for (size_t i = 1; i < signal.len; i++) {
        const int before = (signal.data[i - 1] > 0.0) - (signal.data[i - 1] < 0.0);
        const int now = (signal.data[i] > 0.0) - (signal.data[i] < 0.0);
        changes += before != now;
    }
    return signal.len > 0 ? changes + 2 : 0;
}
