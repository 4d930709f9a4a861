/* feller/report_hedge.h - write down a hedging study: terminal, JSON, CSV, one HTML file.
 *
 * Plain data that the caller fills and keeps, as in feller/report_simulation.h: every pointer is
 * borrowed for the length of a call, all writers print from the same struct. Start from
 * fel_hedge_report_default(); counts of 0 with NULL arrays leave a section out, NaN leaves a number
 * out. A written report is docs/report_json.md. */
#ifndef FEL_REPORT_HEDGE_H
#define FEL_REPORT_HEDGE_H

#include <feller/report_simulation.h>

FEL_BEGIN_DECLS

/* ---- who hedged ------------------------------------------------------------------------------ */

/* One number of a hedger on the test paths. Of a trained policy `value` is the mean over its seeds,
 * `spread` their standard deviation (ddof 1), seeds[n_seeds] the numbers; of a rule the spread is
 * NaN. `error` is the standard error over paths of one seed (NaN: none). */
typedef struct fel_hedge_score {
    double value, error, spread;
    const double *seeds; /* n_seeds of the hedger; NULL for rules */
} fel_hedge_score;

/* A column of the table of scores. Mandatory: "pnl_mean", "pnl_sd", "cost_mean", "risk"; usual
 * ones: "pnl_variance", "sharpe", "var_95", "cvar_95", "var_99", "cvar_99", "turnover_mean",
 * "certainty_equivalent", "indifference_price". var_* and cvar_* are losses, above 0 where money is
 * lost: histograms are marked at -cvar_95. Among hedgers that are no oracles the best is marked. */
typedef struct fel_hedge_measure {
    const char *name, *label, *convention; /* convention: how it is computed, one line */
    fel_metric_unit unit;
    int less_is_better; /* 1, 0; -1: neither */
    int reserved;
} fel_hedge_measure;

typedef struct fel_hedge_hedger {
    const char *name;  /* "kfac", "black_scholes_delta" */
    const char *label; /* "LSTM 32, K-FAC" */
    const char *text;  /* one line: network, head, optimiser, budget; or the rule's formula */
    int is_policy;     /* trained; else a rule */
    int is_oracle;     /* knows what no hedger of a real market knows */
    size_t n_seeds;    /* of a policy */
    uint64_t n_params, n_steps;
    double train_seconds;          /* mean over seeds; NaN */
    const fel_hedge_score *scores; /* n_measures of the report */
    fel_report_bins bins;          /* P&L of all test paths (of all seeds); common edges */
    size_t n_tail;                 /* P&L quantiles at the report's tail_levels */
    const double *tail;            /* n_tail = n_tail_levels, mean over seeds */
} fel_hedge_hedger;

/* ---- who was better -------------------------------------------------------------------------- */

/* One quantity of `hedger` against `against`, paired over seeds with paths nested. */
typedef struct fel_hedge_comparison {
    size_t hedger, against; /* in the list of hedgers */
    const char *budget;     /* "equal steps", "equal training time", "equal training loss", "equal
                               risk" */
    const char *name;       /* "cost_relative", "variance_log_ratio", "sharpe_difference" */
    const char *label;      /* "mean cost, relative difference" */
    const char *convention; /* one line */
    fel_metric_unit unit;
    double value, error, low, high, p_value; /* bootstrap over seeds and paths */
    double t_paths;                          /* t with paths as units, beside: overstates. NaN */
    double wilcoxon_p;                       /* over seeds. NaN */
    double claim; /* a published number of another configuration; NaN: none */
} fel_hedge_comparison;

/* ---- how they learned ------------------------------------------------------------------------ */

typedef struct fel_hedge_curve_line {
    size_t hedger, seed; /* seed: its place, from 0 */
    size_t n;
    const double *steps, *seconds, *train_loss, *validation_risk, *validation_cost, *validation_sd;
    const double *damping; /* NULL: none */
} fel_hedge_curve_line;

/* Trials of tuning, on seeds of their own. */
typedef struct fel_hedge_trial {
    size_t hedger;
    const char *name; /* "learning_rate=0.01" */
    double validation_risk, spread;
    int is_chosen;
    int reserved;
} fel_hedge_trial;

/* Eigenvalues of a Kronecker factor at the end of the first seed's training, falling. */
typedef struct fel_hedge_spectrum {
    size_t hedger;
    const char *block;  /* "lstm0.weight" */
    const char *factor; /* "inputs", "slopes" */
    size_t n;
    const double *values;
    double damping;
} fel_hedge_spectrum;

/* ---- what they do ---------------------------------------------------------------------------- */

/* Positions in one instrument over a grid of spots, one row for each time left, everything else at
 * its value of date 0 (variance at its start, position held before: `before`). */
typedef struct fel_hedge_surface {
    const char *name, *label; /* a hedger's, or "black_scholes_delta", "heston_delta" */
    const char *text;         /* how it was made, one line */
    size_t instrument;
    const double *values; /* n_times x n_spots of the report */
} fel_hedge_surface;

/* One test path with what each hedger held: n_dates + 1 dates. */
typedef struct fel_hedge_sample {
    uint64_t path;
    const char *what;              /* "median P&L of kfac", "worst of ..." */
    const double *spot, *variance; /* n_dates + 1; variance may be NULL */
    const double *positions;       /* n_hedgers x n_instruments x n_dates; NaN: not run */
    const double *pnl;             /* n_hedgers: of the path */
} fel_hedge_sample;

/* A policy trained with costs counted `cost_factor` times, or with another aversion. */
typedef struct fel_hedge_frontier {
    size_t hedger;       /* whose configuration */
    const char *setting; /* "cost_factor=2" */
    double setting_value;
    double cost_mean, cost_error, pnl_sd, pnl_variance, risk; /* means over seeds */
    int is_rule;                                              /* hedger is a rule, at one setting */
    int reserved;
} fel_hedge_frontier;

/* Option lives on real prices. */
typedef struct fel_hedge_life {
    int64_t start_ns, end_ns;
    double spot, strike;      /* at the start */
    double premium;           /* a unit of spot at the start */
    double vol;               /* the estimate used */
    const double *pnl, *cost; /* by hedger, per unit of spot at the start; NaN: not run */
} fel_hedge_life;

/* ---- the report ------------------------------------------------------------------------------ */

typedef struct fel_hedge_instrument_row {
    const char *name, *kind, *text, *cost_text, *bounds_text;
    double unit, first_price;
} fel_hedge_instrument_row;

typedef struct fel_hedge_report {
    uint32_t struct_size;
    uint32_t is_interrupted; /* becomes a note */
    const char *title;
    const char *currency;
    uint64_t seed;
    uint64_t n_paths; /* of the test */
    size_t n_dates;
    double horizon_years;
    const char *market_text;  /* "Heston, QE-M, 30 dates of 1/365 year" */
    const char *claim_text;   /* "sold: 1 european call strike 100" */
    const char *premium_text; /* "1.6917, Fourier" */
    const char *risk_text;    /* "entropic aversion=1" */
    const char *features_text;
    double premium, premium_error; /* money at date 0 */
    double confidence;
    double seconds; /* wall clock; NaN */
    fel_report_process process;
    const fel_hedge_instrument_row *instruments;
    size_t n_instruments;
    const fel_hedge_measure *measures;
    size_t n_measures;
    const double *tail_levels; /* 0.001 .. 0.999, increasing */
    size_t n_tail_levels;
    const fel_hedge_hedger *hedgers; /* policies first, then rules */
    size_t n_hedgers;
    const fel_hedge_comparison *comparisons;
    size_t n_comparisons;
    const char *claims_heading; /* over published numbers beside ours: whose, and that the
                                   configuration is not theirs; NULL: no such table */
    const char *conclusion;     /* in words made from the numbers; NULL */
    const fel_hedge_curve_line *curves;
    size_t n_curves;
    const fel_hedge_trial *trials;
    size_t n_trials;
    const fel_hedge_spectrum *spectra;
    size_t n_spectra;
    const double *surface_spots; /* n_spots, increasing */
    size_t n_spots;
    const double *surface_left_years; /* n_times, falling */
    size_t n_times;
    const fel_hedge_surface *surfaces;
    size_t n_surfaces;
    const fel_hedge_sample *samples;
    size_t n_samples;
    const fel_hedge_frontier *frontier;
    size_t n_frontier;
    const fel_hedge_life *lives;
    size_t n_lives;
    const char *lives_text; /* what data, what premium, what variance estimate, one paragraph */
    const fel_report_pair *parameters; /* settings of the study, as printed */
    size_t n_parameters;
    const fel_report_pair *manifest;
    size_t n_manifest;
    const fel_report_pair *notes; /* key is the severity: "warning", "note" */
    size_t n_notes;
} fel_hedge_report;

/* All empty, numbers NaN, confidence 0.95. */
FEL_API fel_hedge_report fel_hedge_report_default(void);

/* Writers, as those of feller/report.h; ERR_ARG names what is missing or does not fit. */
FEL_API FEL_NODISCARD fel_status fel_hedge_report_write_terminal(const fel_hedge_report *report,
                                                                 FILE *file);
/* Kinds: fel_report_files. report.json, report.html, report.txt; CSV: hedgers.csv (a row a hedger
 * and measure, seeds beside), comparisons.csv, training.csv, frontier.csv, lives.csv, each only if
 * it has rows. */
FEL_API FEL_NODISCARD fel_status fel_hedge_report_write_files(const fel_hedge_report *report,
                                                              const char *folder, unsigned kinds);

FEL_END_DECLS
#endif
