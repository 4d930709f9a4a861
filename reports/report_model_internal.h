/* reports/report_model_internal.h - the struct that every writer prints from, and who fills which
 * part.
 *
 * All memory is the report's arena; text and arrays live as long as the report. Functions named
 * report_fill_X compute part X from the copied result and the parts before it. */
#ifndef FEL_REPORTS_REPORT_MODEL_INTERNAL_H
#define FEL_REPORTS_REPORT_MODEL_INTERNAL_H

#ifndef FEL_MODULE_REPORTS
#error "reports/report_model_internal.h belongs to reports/: other modules use feller/report.h"
#endif

#include <feller/report_forecast.h>

#include "core/arena.h"
#include "reports/trade_internal.h"

enum { DAY_TEXT_SIZE = 16, MAX_DRAWDOWNS = 5, N_WATERFALL_ROWS = 11, MAX_SCORES = 160 };
enum { MAX_FORECAST_NOTES = 8 };

/* Daily points: the initial one, then the last recorded point of each trading day. */
typedef struct report_equity {
    size_t n;
    char (*day)[DAY_TEXT_SIZE]; /* increasing */
    int64_t *day_number;        /* days since 1970-01-01 */
    int64_t *time_ns;
    double *equity, *cash, *gross_exposure, *net_exposure;
    double *turnover, *costs; /* since the point before */
    double *daily_return;     /* [0] is NaN */
    double *drawdown;         /* <= 0 */
    double *benchmark;        /* in the same money; NULL if there is none */
    double *benchmark_return, *benchmark_drawdown;
} report_equity;

typedef struct report_drawdown {
    size_t peak, trough, recovery; /* indices into the daily points */
    int is_recovered;
    double depth;                                 /* < 0 */
    int64_t down_days, recovery_days, total_days; /* calendar days */
} report_drawdown;

typedef struct report_monthly {
    size_t n_years;
    int *year;
    double (*month)[12];                         /* NaN: no data */
    double *year_return, *benchmark_year_return; /* the latter NULL without a benchmark */
} report_monthly;

/* Values on the daily points from number `window` on; n of them. */
typedef struct report_rolling {
    size_t window, n;
    char convention[128];
    double *sharpe, *volatility, *benchmark_sharpe;
} report_rolling;

typedef struct report_histogram {
    size_t n_bins;
    double *edges; /* n_bins + 1 */
    uint64_t *counts;
    double mean, deviation;
} report_histogram;

typedef struct report_exposure {
    double average_gross, average_net, maximum_gross; /* of equity */
    double time_in_market;                            /* share of days */
    double turnover_total, turnover_per_year;         /* money; multiples of average equity */
    double average_equity;
} report_exposure;

/* A row of the cost waterfall, signed so that the rows before the last add up to it; text is
 * rounded so that the printed rows add up too. */
typedef struct report_cost_row {
    const char *key, *label;
    fel_money amount;
    char text[64];
} report_cost_row;

typedef struct report_reason_count {
    fel_order_state state;
    fel_reason reason;
    uint64_t n;
} report_reason_count;

typedef struct report_orders {
    size_t n_rows;
    report_reason_count *rows; /* most frequent first */
} report_orders;

/* An instrument's bars, put together to at most MAX_CHART_BARS. */
typedef struct report_prices {
    uint32_t instrument;
    size_t n, n_source, bars_per_point;
    int64_t *time_ns; /* of the close */
    double *open, *high, *low, *close, *volume;
} report_prices;

struct fel_report {
    arena memory;
    const char *title, *strategy_name, *benchmark_name; /* the last NULL if none */
    const char *currency;
    char conventions[160];
    int money_places;
    double periods_per_year, risk_free_per_year;
    fel_report_pair *parameters, *manifest, *notes;
    size_t n_parameters, n_manifest, n_notes;
    fel_report_variant *variants;
    size_t n_variants;
    fel_forecast_report *forecast; /* NULL: none */
    fel_report_pair forecast_notes[MAX_FORECAST_NOTES];
    size_t n_forecast_notes;
    fel_result result; /* its arrays are own copies, or borrowed */
    fel_metric_options options;
    report_equity equity;
    double sharpe_error, sharpe_error_robust;
    int has_all_scores;
    fel_score scores[MAX_SCORES];
    size_t n_scores;
    report_drawdown drawdowns[MAX_DRAWDOWNS];
    size_t n_drawdowns;
    report_monthly monthly;
    report_rolling rolling;
    report_histogram histogram;
    report_exposure exposure;
    report_cost_row costs[N_WATERFALL_ROWS];
    char cost_difference[64];
    double total_costs;             /* fees, spread, slippage, impact, delay: positive */
    fel_trade *trades;              /* malloc'ed */
    size_t n_trades, n_open_trades; /* n_trades counts the open rests too */
    trade_stat trade_stats[N_TRADE_STATS];
    report_orders orders;
    report_prices *prices;
    size_t n_prices;
};

/* Memory of the report; ERR_NOMEM. */
fel_status report_alloc(fel_report *r, size_t count, size_t size, void **out);
fel_status report_text_copy(fel_report *r, const char *text, const char **out); /* NULL: "" */
fel_status report_copy_array(fel_report *r, const void *items, size_t n, size_t size, void **out);

fel_status report_copy_input(fel_report *r, const fel_report_input *input); /* report_copy.c */
fel_status report_fill_notes(fel_report *r, const fel_report_input *input); /* report_notes.c */
/* Checked and copied (forecast_copy.c), and what its reader must be told (forecast_notes.c). NULL:
 * nothing. */
fel_status report_fill_forecast(fel_report *r, const fel_forecast_report *forecast);
fel_status forecast_fill_notes(fel_report *r);
fel_status report_fill_equity(fel_report *r); /* report_equity.c */
fel_status report_fill_benchmark(fel_report *r,
                                 const fel_result *benchmark); /* report_benchmark.c */
void report_fill_drawdowns(fel_report *r);                     /* report_drawdown.c */
fel_status report_fill_monthly(fel_report *r);                 /* report_monthly.c */
fel_status report_fill_rolling(fel_report *r);                 /* report_rolling.c */
fel_status report_fill_histogram(fel_report *r);               /* report_histogram.c */
void report_fill_exposure(fel_report *r);                      /* report_exposure.c */
void report_fill_costs(fel_report *r);                         /* report_costs.c */
fel_status report_fill_trades(fel_report *r);                  /* report_trades.c */
fel_status report_fill_orders(fel_report *r);                  /* report_orders.c */
fel_status report_fill_prices(fel_report *r, const fel_series *const *bars, size_t n);
fel_status report_add_score(fel_report *r, const fel_score *score);
fel_status report_add_trip_scores(fel_report *r); /* report_trip_scores.c */
fel_status report_fill_scores(fel_report *r);     /* report_scores.c */

/* The daily returns, without the first point; and the benchmark's (empty if there is none). */
fel_cvec report_returns(const fel_report *r);
fel_cvec report_benchmark_returns(const fel_report *r);
/* Fraction below the highest so far at every point. */
void report_drawdown_line(const double *line, size_t n, double *out);
/* "FEL_UNIT_FRACTION" as "fraction", and so on. */
const char *report_unit_name(fel_metric_unit unit);
const char *report_symbol(const fel_report *r, uint32_t instrument);

#endif
