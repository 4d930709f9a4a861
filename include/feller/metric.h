/* feller/metric.h - numbers that score a series of returns; one table, each row with its
 * convention.
 *
 * Shared by reports and by trainers. Formulas and conventions: empyrical's where it has the metric
 * (daily = 252 unless told otherwise, ddof 1 for volatilities), the MADL papers' for aRC to IR***.
 * docs/metrics.md has every formula with its source. All are pure functions: any thread, no memory
 * is allocated, sums are compensated and in a fixed order. */
#ifndef FEL_METRIC_H
#define FEL_METRIC_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* What the formulas need beside the returns. */
typedef struct fel_metric_options {
    uint32_t struct_size;
    uint32_t starts_with_cash;   /* 0; 1: the first return leads from the initial cash to the first
                                    point of the line, which the papers' metrics begin at */
    double periods_per_year;     /* 252 */
    double risk_free_per_period; /* 0; subtracted from each return: Sharpe, omega, alpha */
    double required_return;      /* 0; a period: downside risk, Sortino, omega */
    double tail;                 /* 0.05; value at risk, conditional value at risk, tail ratio */
} fel_metric_options;

static inline fel_metric_options fel_metric_options_default(void)
{
    const fel_metric_options options = {
        (uint32_t)sizeof(fel_metric_options), 0, 252.0, 0.0, 0.0, 0.05};
    return options;
}

typedef enum fel_metric_unit {
    FEL_UNIT_FRACTION = 0, /* printed as percent */
    FEL_UNIT_RATIO = 1,
    FEL_UNIT_YEARS = 2,
    FEL_UNIT_COUNT = 3,
    FEL_UNIT_MONEY = 4
} fel_metric_unit;

typedef struct fel_metric_class {
    uint32_t struct_size;
    fel_metric_unit unit;
    const char *name;       /* "sharpe_ratio" */
    const char *label;      /* "Sharpe ratio" */
    const char *convention; /* "mean excess return / sd (ddof 1) x sqrt(periods a year)" */
    int needs_factor;       /* compares with a benchmark's returns */
    int higher_is_better;   /* 1, 0: lower, -1: neither */
    /* Simple returns as fractions. NaN in returns is dropped as empyrical does; NaN where the
     * metric is not defined. factor is empty unless needs_factor. */
    double (*eval)(fel_cvec returns, fel_cvec factor, const fel_metric_options *options);
    int is_extra; /* 1: by name only, no score of a report */
} fel_metric_class;

/* All metrics, static storage. */
FEL_API const fel_metric_class *fel_metric_classes(size_t *n);
FEL_API FEL_NODISCARD fel_status fel_metric_find(const char *name, const fel_metric_class **out);

/* A metric over each run of `window` returns: out[i] is its value on returns[i .. i + window). out
 * has returns.len - window + 1 places; nothing is written when there are fewer returns than that.
 * factor as in eval: empty, or as long as returns. ERR_ARG for window 0, ERR_SHAPE if lengths
 * differ. */
FEL_API FEL_NODISCARD fel_status fel_metric_rolling(const fel_metric_class *metric,
                                                    fel_cvec returns, fel_cvec factor,
                                                    size_t window,
                                                    const fel_metric_options *options, double *out);

/* ---- series ---------------------------------------------------------------------------------- */

/* Returns compounded: start_value x product of (1 + r) up to each one, or that product - 1 if
 * start_value is 0. NaN counts as 0. out has returns.len places. */
FEL_API void fel_cumulative_returns(fel_cvec returns, double start_value, double *out);

/* p[i + 1] / p[i] - 1. out has prices.len - 1 places. */
FEL_API void fel_simple_returns(fel_cvec prices, double *out);

/* Equity / highest equity so far - 1 after each return, the line starting at 1 before the first.
 * NaN counts as 0. out has returns.len places. */
FEL_API void fel_drawdown_series(fel_cvec returns, double *out);

typedef enum fel_calendar {
    FEL_CALENDAR_WEEK = 0, /* Monday to Sunday */
    FEL_CALENDAR_MONTH = 1,
    FEL_CALENDAR_QUARTER = 2,
    FEL_CALENDAR_YEAR = 3
} fel_calendar;

/* Returns compounded over calendar periods (UTC): out[k] is that of the k-th period that has a
 * return, begins[k] (or NULL) the period's first instant. NaN counts as 0. Both have room for
 * returns.len; *n is the number of periods. Any metric of the table then speaks of months, say,
 * with periods_per_year 12. ERR_RANGE if times go back; nothing is then promised of out. */
FEL_API FEL_NODISCARD fel_status fel_calendar_returns(fel_cvec returns, const int64_t *times_ns,
                                                      fel_calendar period, double *out,
                                                      int64_t *begins_ns, size_t *n);

/* The papers' number of trades of a series of signals: bars on which the sign differs from the bar
 * before, + 2 (the first entry and the last exit). 0 for an empty series. */
FEL_API uint64_t fel_signal_trades(fel_cvec signal);

/* ---- standard errors ------------------------------------------------------------------------- */

/* Standard error of an annualised Sharpe ratio. The first holds for independent returns of any
 * distribution with four moments (Mertens 2002, Opdyke 2007):
 * sqrt((1 - g3 S + (g4 - 1) / 4 S^2) / (T - 1)), S a period, g3 skewness, g4 kurtosis (3 if
 * normal). The second also for autocorrelated and heteroskedastic ones (Lo 2002): the long-run
 * variance of the same influence function by Newey and West (1987), Bartlett weights, floor(4 (T /
 * 100)^(2/9)) lags; with no lag it is the first. Both times sqrt(periods a year). NaN below three
 * returns, or if all are equal. */
FEL_API double fel_sharpe_error(fel_cvec returns, const fel_metric_options *options);
FEL_API double fel_sharpe_error_robust(fel_cvec returns, const fel_metric_options *options);

FEL_END_DECLS
#endif
