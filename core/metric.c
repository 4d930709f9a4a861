/* core/metric.c - the table of metrics: names, labels, conventions; finding one; rolling it. */
#include <string.h>

#include "core/metric_internal.h"
#include "core/nearest.h"

#define ROW(row_unit, function, row_name, row_label, row_convention, factor, better)               \
    {                                                                                              \
        .struct_size = sizeof(fel_metric_class), .unit = (row_unit), .name = (row_name),           \
        .label = (row_label), .convention = (row_convention), .needs_factor = (factor),            \
        .higher_is_better = (better), .eval = metric_##function                                    \
    }
#define FRACTION FEL_UNIT_FRACTION
#define RATIO    FEL_UNIT_RATIO
#define YEARS    FEL_UNIT_YEARS

static const fel_metric_class metrics[] = {
    ROW(FRACTION, total_return, "total_return", "Total return", "product of (1 + r) - 1", 0, 1),
    ROW(FRACTION, annual_return, "annual_return", "Annual return (CAGR)",
        "(1 + total)^(periods a year / n returns) - 1", 0, 1),
    ROW(FRACTION, annual_volatility, "annual_volatility", "Annual volatility",
        "sd of returns (ddof 1) x sqrt(periods a year)", 0, 0),
    ROW(RATIO, sharpe_ratio, "sharpe_ratio", "Sharpe ratio",
        "mean excess return / sd (ddof 1) x sqrt(periods a year)", 0, 1),
    ROW(RATIO, sortino_ratio, "sortino_ratio", "Sortino ratio",
        "mean excess over the required return x periods a year / downside risk", 0, 1),
    ROW(RATIO, calmar_ratio, "calmar_ratio", "Calmar ratio", "annual return / |maximum drawdown|",
        0, 1),
    ROW(RATIO, omega_ratio, "omega_ratio", "Omega ratio",
        "sum of gains / sum of losses, both from the risk-free plus required return", 0, 1),
    ROW(FRACTION, max_drawdown, "max_drawdown", "Maximum drawdown",
        "lowest equity / highest before it - 1; the start counts", 0, 1),
    ROW(FRACTION, average_drawdown, "average_drawdown", "Average drawdown",
        "mean distance from the highest equity so far", 0, 1),
    ROW(FRACTION, ulcer_index, "ulcer_index", "Ulcer index",
        "sqrt(sum of squared drawdowns / (n - 1))", 0, 0),
    ROW(FRACTION, downside_risk, "downside_risk", "Downside risk",
        "sqrt(mean of squared shortfalls of the required return) x sqrt(periods a year)", 0, 0),
    ROW(FRACTION, value_at_risk, "value_at_risk", "Value at risk (5 %)",
        "5th percentile of returns, linear interpolation", 0, 1),
    ROW(FRACTION, conditional_value_at_risk, "conditional_value_at_risk",
        "Conditional value at risk (5 %)", "mean of the lowest floor(0.05 (n - 1)) + 1 returns", 0,
        1),
    ROW(RATIO, tail_ratio, "tail_ratio", "Tail ratio",
        "|95th percentile| / |5th percentile| of returns", 0, 1),
    ROW(RATIO, skew, "skew", "Skewness", "of returns, bias-corrected (G1)", 0, -1),
    ROW(RATIO, kurtosis, "kurtosis", "Excess kurtosis",
        "of returns, bias-corrected (G2), 0 for a normal distribution", 0, -1),
    ROW(RATIO, stability, "stability_of_timeseries", "Stability",
        "R squared of a straight line through the cumulated log returns", 0, 1),
    ROW(FRACTION, best_return, "best_return", "Best period", "largest return", 0, -1),
    ROW(FRACTION, worst_return, "worst_return", "Worst period", "smallest return", 0, -1),
    ROW(FRACTION, positive_share, "positive_share", "Periods won",
        "positive returns / returns that are not 0", 0, 1),
    ROW(RATIO, gain_to_pain, "gain_to_pain_ratio", "Gain to pain",
        "sum of returns / |sum of negative returns|", 0, 1),
    ROW(FRACTION, arc, "arc", "aRC",
        "(last / first)^(periods a year / n points) - 1; points are ends of periods", 0, 1),
    ROW(FRACTION, asd, "asd", "aSD", "sd of returns (ddof 1) x sqrt(periods a year)", 0, 0),
    ROW(FRACTION, md, "md", "MD", "maximum drawdown, positive", 0, 0),
    ROW(YEARS, mld, "mld", "MLD", "longest run of points below the highest so far / periods a year",
        0, 0),
    ROW(RATIO, ir1, "ir1", "IR*", "aRC / aSD", 0, 1),
    ROW(RATIO, ir2, "ir2", "IR**", "aRC^2 sign(aRC) / (aSD MD)", 0, 1),
    ROW(RATIO, ir3, "ir3", "IR***", "aRC^3 / (aSD MD MLD)", 0, 1),
    ROW(FRACTION, alpha, "alpha", "Alpha",
        "(1 + mean of excess return - beta x excess benchmark return)^(periods a year) - 1", 1, 1),
    ROW(RATIO, beta, "beta", "Beta", "cov(return, benchmark) / var(benchmark)", 1, -1),
    ROW(RATIO, correlation, "correlation", "Correlation", "of return and benchmark", 1, -1),
    ROW(RATIO, excess_sharpe, "excess_sharpe", "Information ratio",
        "mean of return - benchmark / its sd (ddof 1), a period (not annualised)", 1, 1),
    ROW(FRACTION, tracking_error, "tracking_error", "Tracking error",
        "sd of return - benchmark (ddof 1) x sqrt(periods a year)", 1, 0),
    ROW(FRACTION, up_alpha, "up_alpha", "Alpha, up market",
        "alpha over periods with a positive benchmark return", 1, 1),
    ROW(RATIO, up_beta, "up_beta", "Beta, up market",
        "beta over periods with a positive benchmark return", 1, -1),
    ROW(FRACTION, down_alpha, "down_alpha", "Alpha, down market",
        "alpha over periods with a negative benchmark return", 1, 1),
    ROW(RATIO, down_beta, "down_beta", "Beta, down market",
        "beta over periods with a negative benchmark return", 1, -1),
    ROW(RATIO, capture, "capture", "Capture", "annual return / benchmark's annual return", 1, 1),
    ROW(RATIO, up_capture, "up_capture", "Up capture",
        "capture over periods with a positive benchmark return", 1, 1),
    ROW(RATIO, down_capture, "down_capture", "Down capture",
        "capture over periods with a negative benchmark return", 1, 0),
    ROW(RATIO, up_down_capture, "up_down_capture", "Up / down capture", "up capture / down capture",
        1, 1),
};

enum { N_METRICS = sizeof(metrics) / sizeof(metrics[0]) };

const fel_metric_class *fel_metric_classes(size_t *n)
{
    *n = N_METRICS;
    return metrics;
}

fel_status fel_metric_find(const char *name, const fel_metric_class **out)
{
    const char *names[N_METRICS];
    for (size_t i = 0; i < N_METRICS; i++) {
        names[i] = metrics[i].name;
        if (strcmp(metrics[i].name, name) == 0) {
            *out = &metrics[i];
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_METRICS);
    if (near < N_METRICS) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no metric \"%s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no metric \"%s\"", name);
}

fel_status fel_metric_rolling(const fel_metric_class *metric, fel_cvec returns, fel_cvec factor,
                              size_t window, const fel_metric_options *options, double *out)
{
    if (window == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "a rolling window of 0 returns; at least 1 is needed");
    }
    if ((metric->needs_factor || factor.len > 0) && factor.len != returns.len) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu returns but %zu benchmark returns", returns.len,
                         factor.len);
    }
    fel_metric_options later = *options;
    later.starts_with_cash = 0;
    for (size_t i = 0; i + window <= returns.len; i++) {
        const fel_cvec part = {returns.data + i, window};
        const fel_cvec other = {factor.len > 0 ? factor.data + i : NULL,
                                factor.len > 0 ? window : 0};
        out[i] = metric->eval(part, other, i == 0 ? options : &later);
    }
    return FEL_OK;
}
