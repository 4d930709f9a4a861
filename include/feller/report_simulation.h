/* feller/report_simulation.h - write down a Monte Carlo study or a calibration: terminal, JSON,
 * CSV, one HTML file.
 *
 * Both reports are plain data that the caller fills and keeps: every pointer is borrowed for the
 * length of a call, and all writers print from the same struct. Start from
 * fel_NAME_report_default(); counts of 0 with NULL arrays leave a section out, NaN leaves a number
 * out. Texts are UTF-8; NULL is as "". A written report is docs/report_json.md. */
#ifndef FEL_REPORT_SIMULATION_H
#define FEL_REPORT_SIMULATION_H

#include <feller/report.h>

FEL_BEGIN_DECLS

/* ---- parts of both --------------------------------------------------------------------------- */

/* One parameter of a process. */
typedef struct fel_report_parameter {
    const char *name;  /* "kappa_per_year", as in study files */
    const char *label; /* "speed of mean reversion", one line */
    const char *unit;  /* "a year", "variance a year", "" */
    double value;
    double standard_error; /* indicative; NaN: none */
    double min, max;       /* where a fit looked; NaN: not said */
    int is_at_bound;       /* the fit ended at min or max: becomes a note */
} fel_report_parameter;

/* One asset's law, or the series that paths are drawn from. */
typedef struct fel_report_process {
    const char *asset;   /* "SPX" */
    const char *name;    /* "heston", "stationary bootstrap" */
    const char *summary; /* scheme, steps a bar, source: one line */
    const fel_report_parameter *parameters;
    size_t n_parameters;
    double feller_margin;    /* 2 kappa theta - xi^2, the report's line on it is made from this;
                                NaN: no variance of its own */
    double variance_degrees; /* 4 kappa theta / xi^2; NaN */
} fel_report_process;

/* ---- Monte Carlo ----------------------------------------------------------------------------- */

/* A quantile over paths and its confidence interval (both NaN if there are too few paths). */
typedef struct fel_report_quantile {
    double level; /* 0.05 */
    double value, low, high;
} fel_report_quantile;

/* How often what was counted: edges[k] <= value < edges[k+1], the last bin closed. */
typedef struct fel_report_bins {
    size_t n;                  /* bins */
    const double *edges;       /* n + 1 */
    const uint64_t *counts;    /* n */
    uint64_t n_below, n_above; /* outside the edges */
} fel_report_bins;

/* The distribution of one score over paths. Mandatory names: "final_equity" and "total_return";
 * usual ones: "sharpe_ratio", "max_drawdown", "turnover_per_year", "total_costs", "n_trades". */
typedef struct fel_report_distribution {
    const char *name, *label, *convention; /* as in fel_score */
    fel_metric_unit unit;
    size_t n;                /* paths that have a value; the rest are not defined there */
    double mean, mean_error; /* and its standard error */
    double deviation;        /* sd over paths, ddof 1 */
    double min, max;
    const fel_report_quantile *quantiles; /* levels increasing: 1, 5, 25, 50, 75, 95, 99 % */
    size_t n_quantiles;
    fel_report_bins bins;                   /* n = 0: no histogram */
    double benchmark_mean, benchmark_error; /* the same paths held without trading; NaN: none */
    const double *values; /* n_paths of the report, NaN where not defined; or NULL. Written to
                             paths.csv, and the page plots one score against another */
} fel_report_distribution;

/* A probability counted over paths, with its confidence interval. */
typedef struct fel_report_probability {
    const char *name;  /* "loss" */
    const char *label; /* "final equity below the initial cash" */
    double value, low, high;
    uint64_t n_hits, n; /* value = n_hits / n */
} fel_report_probability;

/* Quantiles of equity over paths, day by day. */
typedef struct fel_report_fan {
    const char *name; /* "strategy", "buy and hold" */
    size_t n_levels;  /* increasing: 0.01 0.05 0.25 0.5 0.75 0.95 0.99 */
    const double *levels;
    const double *values;            /* n_levels x n_times of the report, row-major */
    const double *low, *high;        /* confidence interval of each value, same shape; or NULL */
    const double *mean, *mean_error; /* n_times; or NULL */
} fel_report_fan;

/* One path by its index: an example line of the fan chart, or a row of the table of notable paths,
 * or both. */
typedef struct fel_report_path {
    uint64_t index;   /* of the path under the report's seed */
    const char *what; /* "best", "median", "worst final equity"; "": only a line */
    double final_equity, total_return, sharpe_ratio, max_drawdown; /* NaN: not known */
    uint64_t n_trades;
    const char *command;  /* exactly what runs this path alone; "" */
    const double *equity; /* n_times, or NULL: no line */
} fel_report_path;

typedef struct fel_montecarlo_report {
    uint32_t struct_size;
    uint32_t flags;             /* FEL_FLAG_* of any path: become notes */
    const char *title;          /* the study's name */
    const char *strategy_name;  /* "sma_cross" */
    const char *benchmark_name; /* or NULL */
    const char *currency;
    uint64_t seed;
    uint64_t n_paths; /* that ran to their end: what is shown */
    uint64_t n_paths_asked;
    uint64_t n_paths_ruined; /* equity went to zero: they ended early, and count with that value */
    const uint64_t *path_indices; /* n_paths: of each of `values`; NULL: 0, 1, ... */
    double initial_cash;
    double periods_per_year, risk_free_per_year;
    double confidence; /* of all intervals: 0.95 */
    double seconds;    /* wall clock; NaN: not said, as in files that must be the same again */
    const char *data;  /* "Heston paths of 252 daily bars, 4 steps a bar, QE-M, antithetic" */
    const char *strategy_text; /* one line: parameters, execution */
    const char *costs_text;    /* one line */
    const fel_report_process *processes;
    size_t n_processes;
    const char *const *drivers; /* names of the correlated drivers, and their matrix; or NULL */
    const double *correlation;  /* n_drivers x n_drivers, row-major */
    size_t n_drivers;
    const fel_report_distribution *distributions;
    size_t n_distributions;
    const fel_report_probability *probabilities;
    size_t n_probabilities;
    const int64_t *time_ns; /* of the fan chart: the start, then each day; increasing */
    size_t n_times;
    const fel_report_fan *fans; /* the strategy's first, then the benchmark's */
    size_t n_fans;
    const fel_report_path *paths;
    size_t n_paths_listed;
    const fel_report_pair *parameters; /* of strategy and costs, as printed */
    size_t n_parameters;
    const fel_report_pair *manifest; /* version, hashes, ...: "how to run it again" */
    size_t n_manifest;
    const fel_report_pair *notes; /* key is the severity: "warning", "note" */
    size_t n_notes;
} fel_montecarlo_report;

/* All empty, numbers NaN, confidence 0.95, 252 periods a year. */
FEL_API fel_montecarlo_report fel_montecarlo_report_default(void);

/* Writers, as those of feller/report.h; ERR_ARG names what is missing or does not fit. */
FEL_API FEL_NODISCARD fel_status
fel_montecarlo_report_write_terminal(const fel_montecarlo_report *report, FILE *file);
/* Kinds: fel_report_files. report.json, report.html, report.txt; CSV: paths.csv (a row a path, if
 * distributions have values), distributions.csv, fan.csv. */
FEL_API FEL_NODISCARD fel_status fel_montecarlo_report_write_files(
    const fel_montecarlo_report *report, const char *folder, unsigned kinds);

/* ---- calibration ----------------------------------------------------------------------------- */

/* One quote that was fitted. Volatilities a year, as fractions. */
typedef struct fel_calibration_quote {
    int32_t row; /* line of the chain's file, from 1 */
    int32_t is_put;
    double t_years, strike, forward, discount;
    double market_vol, bid_vol, ask_vol; /* the last two NaN where the chain has none */
    double model_vol;                    /* NaN where the model's price has none */
    double market_price, model_price;    /* NaN: not said */
    double residual;                     /* model - market in the objective's unit, unweighted */
    double weight;
} fel_calibration_quote;

/* The model's smile of one maturity on strikes of its own, for a smooth line. */
typedef struct fel_calibration_curve {
    double t_years; /* as in its quotes */
    size_t n;
    const double *strikes, *vols; /* strikes increasing */
} fel_calibration_curve;

/* Quotes refused for one reason. */
typedef struct fel_calibration_refusal {
    const char *reason;  /* "crossed" */
    const char *meaning; /* "bid above ask"; "" */
    const char *first;   /* the first: row, column, value, rule */
    uint64_t n;
} fel_calibration_refusal;

/* Where one start of the search ended. */
typedef struct fel_calibration_start {
    const double *parameters; /* n_parameters of the report, at the end; or NULL */
    double sum_of_squares;
    uint32_t n_iterations;
    int is_agreeing; /* the same optimum as the best */
    const char *end; /* "converged", "out of iterations" */
} fel_calibration_start;

typedef struct fel_calibration_report {
    uint32_t struct_size;
    uint32_t is_interrupted; /* becomes a note */
    const char *title;
    const char *chain;          /* "chains/spx.csv: 2011-01-24, 246 rows, forwards by parity" */
    const char *model;          /* "heston" */
    const char *objective;      /* "implied volatility" */
    const char *objective_unit; /* "squared volatility points": of sum_of_squares */
    const char *residual_unit;  /* "volatility points": of the residuals and rmse */
    const char *weight;         /* "equal" */
    double spot;
    fel_report_process process; /* the fitted law: its parameters with errors and bounds */
    double sum_of_squares, rmse, rmse_vol_points;
    double condition; /* of the scaled Jacobian; NaN */
    uint32_t n_starts, n_agreeing, n_iterations, n_evaluations;
    double seconds;                          /* wall clock; NaN */
    uint64_t seed;                           /* of the starts */
    uint64_t n_rows;                         /* of the chain's file */
    const fel_calibration_refusal *refusals; /* those with n > 0 */
    size_t n_refusals;
    const fel_calibration_quote *quotes; /* by maturity, then strike */
    size_t n_quotes;
    const fel_calibration_curve *curves;
    size_t n_curves;
    const fel_calibration_start *starts;
    size_t n_starts_listed;
    const fel_report_pair *parameters; /* settings of the study, as printed */
    size_t n_parameters;
    const fel_report_pair *manifest;
    size_t n_manifest;
    const fel_report_pair *notes;
    size_t n_notes;
} fel_calibration_report;

FEL_API fel_calibration_report fel_calibration_report_default(void);

FEL_API FEL_NODISCARD fel_status
fel_calibration_report_write_terminal(const fel_calibration_report *report, FILE *file);
/* report.json, report.html, report.txt; CSV: quotes.csv. */
FEL_API FEL_NODISCARD fel_status fel_calibration_report_write_files(
    const fel_calibration_report *report, const char *folder, unsigned kinds);

FEL_END_DECLS
#endif
