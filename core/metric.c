/* core/metric.c - the table of metrics: names, labels, conventions; finding one; rolling it. */
#include <string.h>

#include "core/metric_internal.h"
#include "core/nearest.h"

#define ROW(row_unit, function, row_name, row_label, row_convention, factor, better)               \
    ANY(0, row_unit, function, row_name, row_label, row_convention, factor, better)
/* A row that is there by name only: reports leave it out. */
#define MORE(row_unit, function, row_name, row_label, row_convention, factor, better)              \
    ANY(1, row_unit, function, row_name, row_label, row_convention, factor, better)
#define ANY(more, row_unit, function, row_name, row_label, row_convention, factor, better)         \
    {                                                                                              \
        .struct_size = sizeof(fel_metric_class), .unit = (row_unit), .name = (row_name),           \
        .label = (row_label), .convention = (row_convention), .needs_factor = (factor),            \
        .higher_is_better = (better), .eval = metric_##function, .is_extra = (more)                \
    }
#define FRACTION FEL_UNIT_FRACTION
#define RATIO    FEL_UNIT_RATIO
#define YEARS    FEL_UNIT_YEARS
#define COUNT    FEL_UNIT_COUNT

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
    MORE(FRACTION, geometric_mean, "geometric_mean", "Expected return a period",
         "(1 + total)^(1 / n returns) - 1", 0, 1),
    MORE(FRACTION, average_return, "average_return", "Average return",
         "mean of the returns that are not 0", 0, 1),
    MORE(FRACTION, average_gain, "average_gain", "Average gain", "mean of the returns above 0", 0,
         1),
    MORE(FRACTION, average_loss, "average_loss", "Average loss", "mean of the returns below 0", 0,
         1),
    MORE(RATIO, payoff_ratio, "payoff_ratio", "Payoff ratio", "average gain / |average loss|", 0,
         1),
    MORE(RATIO, profit_factor, "profit_factor", "Profit factor", "sum of gains / |sum of losses|",
         0, 1),
    MORE(RATIO, profit_ratio, "profit_ratio", "Profit ratio",
         "(average gain / number of gains) / (|average loss| / number of losses)", 0, -1),
    MORE(RATIO, common_sense_ratio, "common_sense_ratio", "Common sense ratio",
         "profit factor x tail ratio", 0, 1),
    MORE(RATIO, cpc_index, "cpc_index", "CPC index",
         "profit factor x share of gains x payoff ratio", 0, 1),
    MORE(FRACTION, kelly_criterion, "kelly_criterion", "Kelly fraction",
         "share of gains - share of losses / payoff ratio", 0, 1),
    MORE(COUNT, consecutive_wins, "consecutive_wins", "Longest run of gains",
         "returns above 0 in a row", 0, 1),
    MORE(COUNT, consecutive_losses, "consecutive_losses", "Longest run of losses",
         "returns below 0 in a row", 0, 0),
    MORE(FRACTION, active_share, "active_share", "Periods with a return",
         "returns that are not 0 / all known ones", 0, -1),
    MORE(FRACTION, return_when_active, "return_when_active", "Exposure-adjusted return",
         "annual return (periods a year) / share of returns that are not 0", 0, 1),
    MORE(RATIO, risk_return_ratio, "risk_return_ratio", "Return to risk",
         "mean return / sd (ddof 1), a period", 0, 1),
    MORE(RATIO, outlier_win_ratio, "outlier_win_ratio", "Outlier gain",
         "99th percentile of returns / average gain", 0, -1),
    MORE(RATIO, outlier_loss_ratio, "outlier_loss_ratio", "Outlier loss",
         "1st percentile of returns / average loss", 0, 0),
    MORE(RATIO, autocorrelation_penalty, "autocorrelation_penalty", "Autocorrelation penalty",
         "sqrt(1 + 2 x sum over k of (1 - k / n) |lag-1 correlation|^k)", 0, 0),
    MORE(RATIO, smart_sharpe_ratio, "smart_sharpe_ratio", "Smart Sharpe ratio",
         "Sharpe ratio of excess returns (periods a year) / autocorrelation penalty", 0, 1),
    MORE(RATIO, smart_sortino_ratio, "smart_sortino_ratio", "Smart Sortino ratio",
         "Sortino ratio (periods a year) / autocorrelation penalty", 0, 1),
    MORE(RATIO, adjusted_sortino_ratio, "adjusted_sortino_ratio", "Sortino / sqrt 2",
         "Sortino ratio (periods a year) / sqrt(2), on the Sharpe ratio's scale", 0, 1),
    MORE(FRACTION, probabilistic_sharpe_ratio, "probabilistic_sharpe_ratio",
         "Probabilistic Sharpe ratio",
         "probability that the true ratio of excess returns is above 0 (Bailey, Lopez de Prado)", 0,
         1),
    MORE(FRACTION, normal_value_at_risk, "normal_value_at_risk", "Value at risk, normal (5 %)",
         "5th percentile of a normal distribution with the mean and sd of returns", 0, 1),
    MORE(FRACTION, normal_conditional_value_at_risk, "normal_conditional_value_at_risk",
         "Conditional value at risk, normal (5 %)",
         "mean of a normal distribution below its 5th percentile", 0, 1),
    MORE(FRACTION, two_sigma_value_at_risk, "two_sigma_value_at_risk", "Value at risk, 2 sd",
         "mean - 2 sd of returns (ddof 1)", 0, 1),
    MORE(COUNT, drawdown_count, "drawdown_count", "Drawdowns",
         "runs of points below the highest equity so far", 0, -1),
    MORE(FRACTION, drawdown_depth, "drawdown_depth", "Average depth of drawdowns",
         "mean over drawdowns of the lowest point", 0, 1),
    MORE(RATIO, drawdown_length, "drawdown_length", "Average length of drawdowns",
         "points below the highest equity so far / drawdowns", 0, 0),
    MORE(COUNT, longest_drawdown, "longest_drawdown", "Longest drawdown",
         "points below the highest equity so far in a row", 0, 0),
    MORE(FRACTION, conditional_drawdown, "conditional_drawdown_at_risk",
         "Conditional drawdown at risk (5 %)",
         "mean of the lowest floor(0.05 (n - 1)) + 1 drawdowns", 0, 1),
    MORE(RATIO, recovery_factor, "recovery_factor", "Recovery factor",
         "total return / |maximum drawdown|", 0, 1),
    MORE(RATIO, ulcer_performance_index, "ulcer_performance_index", "Ulcer performance index",
         "annual excess return (periods a year) / ulcer index", 0, 1),
    MORE(RATIO, serenity_index, "serenity_index", "Serenity index",
         "ulcer performance index of excess returns x volatility (periods a year) / |conditional "
         "drawdown|",
         0, 1),
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
    MORE(RATIO, r_squared, "r_squared", "R squared", "squared correlation with the benchmark", 1,
         -1),
    MORE(FRACTION, jensen_alpha, "jensen_alpha", "Jensen's alpha",
         "mean of excess return - beta x excess benchmark return, x periods a year", 1, 1),
    MORE(RATIO, treynor_ratio, "treynor_ratio", "Treynor ratio",
         "annual excess return (periods a year) / beta", 1, 1),
    MORE(FRACTION, batting_average, "batting_average", "Periods ahead of the benchmark",
         "returns above the benchmark's / all", 1, 1),
    MORE(FRACTION, beta_fragility, "beta_fragility_heuristic", "Beta fragility",
         "weighted returns at the benchmark's lowest and highest - return at its median", 1, 1),
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
