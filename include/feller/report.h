/* feller/report.h - score a run and write it down: terminal, JSON, CSV, one HTML file.
 *
 * A report is made once from a result, keeps its own copy of all numbers, and every writer prints
 * from that one struct. */
#ifndef FEL_REPORT_H
#define FEL_REPORT_H

#include <stdio.h>

#include <feller/engine.h>
#include <feller/metric.h>

FEL_BEGIN_DECLS

/* ---- trades
 * -------------------------------------------------------------------------------------- */

/* A FIFO round trip, or the open rest of one. */
typedef struct fel_trade {
    uint32_t instrument;
    int32_t direction; /* +1 long, -1 short */
    int is_open;       /* not closed: exit fields are the last price and time */
    fel_reason exit_reason;
    int64_t entry_time_ns, exit_time_ns;
    uint64_t entry_bar, exit_bar; /* of the instrument, from 0 */
    double quantity;              /* > 0 */
    double entry_price, exit_price;
    fel_money fees;         /* the entry's and exit's, pro rata by quantity */
    fel_money pnl;          /* net of fees */
    double return_fraction; /* pnl / entry value */
    double mae, mfe; /* worst and best unrealised P&L while held, money, before fees: <= 0, >= 0 */
} fel_trade;

/* Match fills first in, first out, per instrument. *out is the caller's (free()), NULL if *n is 0.
 * Closed trades come in the order of their exits; a fill that goes beyond what is held closes it
 * and opens the rest the other way. Open rests come last, marked at the position's last price.
 *
 * Fees and cash flows are shared out by quantity, the last share being all that is left, so that
 * over an instrument sum(pnl) = realised + unrealised - fees of its position record (to
 * double-double rounding). Excursions are over all prices from the entry to the exit, both
 * included. A split (a fill record with order_id 0 and quantity 0, reference_price = new units for
 * each old one) multiplies the quantities of the open lots and divides their prices and price
 * extremes; entry_price is then in the units at the exit. */
FEL_API FEL_NODISCARD fel_status fel_trades_match(const fel_result *result, fel_trade **out,
                                                  size_t *n);

/* ---- report
 * -------------------------------------------------------------------------------------- */

typedef struct fel_report_pair {
    const char *key, *value;
} fel_report_pair;

/* One compared variant of a sweep or a walk-forward window. */
typedef struct fel_report_variant {
    const char *name; /* "strategy.fast_bars=5 strategy.slow_bars=60" */
    double final_equity, annual_return, volatility, sharpe, max_drawdown, turnover, costs;
    uint64_t n_trades;
    const char *order_hash;
} fel_report_variant;

/* Of a forecasting study: feller/report_forecast.h. */
typedef struct fel_forecast_report fel_forecast_report;

/* Everything that a report is made of; nothing is kept but copies, unless is_result_borrowed. Start
 * from fel_report_input_default(). The flags of the result and is_price_return_only become notes by
 * themselves, before those given. */
typedef struct fel_report_input {
    uint32_t struct_size;
    uint32_t is_price_return_only;
    const char *title;           /* the study's name */
    const char *strategy_name;   /* "sma_cross" */
    const fel_result *result;    /* required */
    const fel_result *benchmark; /* same dates, costs, dividends; or NULL */
    const char *benchmark_name;
    double periods_per_year;           /* 252, 365: of the daily returns */
    double risk_free_per_year;         /* of cash_rate; divided by periods_per_year a period */
    const fel_report_pair *parameters; /* of the strategy and the costs, as printed */
    size_t n_parameters;
    const fel_report_pair *manifest; /* version, seed, input hashes, ...: "how to run it again" */
    size_t n_manifest;
    const fel_report_pair *notes; /* flags and warnings to print at the top: key is the severity
                                     ("warning", "note") */
    size_t n_notes;
    const fel_series *const
        *bars; /* by instrument, for the price chart; entries and array may be NULL */
    size_t n_bars;
    const fel_report_variant *variants; /* of a sweep, best first, or none */
    size_t n_variants;
    uint32_t is_result_borrowed; /* 1: the result's arrays outlive the report, which reads them in
                                    place instead of copying them */
    const fel_forecast_report *forecast; /* of a forecasting study; or NULL. Copied */
    uint32_t has_all_scores; /* 1: the extra metrics too, and those of feller/activity.h over the
                                round trips, named trip_NAME */
    uint32_t reserved;
} fel_report_input;

FEL_API fel_report_input fel_report_input_default(void);

typedef struct fel_report fel_report;

/* ERR_ARG without a result that has an equity point, for a benchmark without points or cash, or for
 * a forecast with a part missing; ERR_RANGE for periods_per_year <= 0; ERR_NOMEM. *out is the
 * caller's. A report is read-only: any thread may write it. */
FEL_API FEL_NODISCARD fel_status fel_report_create(fel_report **out, const fel_report_input *input);
FEL_API void fel_report_destroy(fel_report *report); /* NULL is allowed */

/* One scored number with its convention; borrowed from the report. The scores are the metrics of
 * feller/metric.h over the daily returns but the extra ones (those that need a benchmark only if
 * there is one), then
 * sharpe_error, sharpe_error_robust, average_exposure, time_in_market, turnover_per_year, n_trades,
 * total_costs. */
typedef struct fel_score {
    const char *name, *label, *convention;
    fel_metric_unit unit;
    double value, benchmark; /* NaN where not defined */
} fel_score;
FEL_API const fel_score *fel_report_scores(const fel_report *report, size_t *n);
/* By metric name; NaN if there is none of that name. */
FEL_API double fel_report_score(const fel_report *report, const char *name);

/* Writers. Files are written to a temporary name and renamed: whole or not there at all. ERR_IO
 * with the path and the cause. The terminal table is plain text of at most 100 columns. The keys of
 * report.json are in docs/report_json.md. */
FEL_API FEL_NODISCARD fel_status fel_report_write_terminal(const fel_report *report, FILE *file);
FEL_API FEL_NODISCARD fel_status fel_report_write_json(const fel_report *report, const char *path);
FEL_API FEL_NODISCARD fel_status fel_report_write_html(const fel_report *report, const char *path);
/* trades.csv, orders.csv, fills.csv, positions.csv, equity.csv in a folder that exists. */
FEL_API FEL_NODISCARD fel_status fel_report_write_csv(const fel_report *report, const char *folder);

/* Files of fixed names in a folder that exists, of the kinds asked for (kinds: FEL_REPORT_JSON |
 * FEL_REPORT_CSV ...), n_threads of them at a time (0: as many as there are cores). */
typedef enum fel_report_files {
    FEL_REPORT_JSON = 1, /* report.json */
    FEL_REPORT_CSV = 2,  /* as fel_report_write_csv() */
    FEL_REPORT_TEXT = 4, /* report.txt: the terminal table */
    FEL_REPORT_HTML = 8  /* report.html */
} fel_report_files;
FEL_API FEL_NODISCARD fel_status fel_report_write_files(const fel_report *report,
                                                        const char *folder, unsigned kinds,
                                                        int n_threads);

FEL_END_DECLS
#endif
