/* study/study_internal.h - a study's typed values, and what its parts ask of each other. */
#ifndef FEL_STUDY_INTERNAL_H
#define FEL_STUDY_INTERNAL_H

#ifndef FEL_MODULE_STUDY
#error "study/study_internal.h belongs to study/"
#endif

#include <feller/pathfeed.h>
#include <feller/study.h>

#include "study/study_calibrate_internal.h"
#include "study/study_forecast_internal.h"
#include "study/study_hedging_internal.h"
#include "study/study_schema_internal.h"

/* ---- values, in the order of docs/study.md --------------------------------------------------- */

typedef struct study_option {
    const char *underlying;
    int right; /* 0 call, 1 put; -1: not an option */
    double strike;
    int64_t expiry_ns, expiry_bars; /* one of them; bars only where it is simulated */
    int exercise, delivery;         /* fel_exercise, fel_delivery */
} study_option;

/* One row of `data`: choices are -1, numbers NaN and texts NULL where the study leaves them to the
 * file. */
typedef struct study_data {
    const char *symbol, *file, *store, *layout, *zone, *session, *map, *delimiter, *currency;
    int stamp, date_format, kind, adjustment, bad_rows;
    int allow_negative, sort;
    int64_t frequency_ns, expiry_ns; /* expiry: of a future; INT64_MIN: none */
    double ticks_per_unit, multiplier, lot;
    int settlement, is_borrowable; /* settlement -1: by kind, else 0 premium, 1 variation */
    double margin_initial, margin_maintenance, margin_initial_amount, margin_maintenance_amount;
    double borrow_rate_per_year;
    study_words signals;
    study_option option;
    const char *simulate, *underlying;
    const fel_process_class *process; /* of simulate; NULL: not a process */
    double *process_params;           /* in the order of its table */
} study_data;

/* What rows with `simulate` have in common. */
typedef struct study_simulation {
    double years;
    int64_t bars, frequency_ns, start_ns;
    int days;
    const char *session;
    int rows; /* fel_path_rows */
    int64_t steps_per_bar, substeps, overnight_steps;
    int scheme; /* fel_scheme */
    double drift_per_year, half_spread_bps;
    study_matrix correlation;
} study_simulation;

typedef struct study_bootstrap {
    int method;
    double block_bars;
    int64_t bars;
    int is_present;
} study_bootstrap;

typedef struct study_monte_carlo {
    int64_t paths, path;
    double confidence;
} study_monte_carlo;

enum { STUDY_MAX_COSTS = 16 };

/* Models by their place in fel_cost_classes(); code NULL: not in use. */
typedef struct study_models {
    fel_cost models[STUDY_MAX_COSTS];
} study_models;

typedef struct study_costs {
    double fee_minimum;
    study_models slippage;
    study_models fees;
} study_costs;

typedef struct study_strategy {
    const char *kind, *plugin;
    const fel_strategy *code;
    fel_library *library; /* NULL for built-in ones */
    double *params;       /* in the order of code->params */
} study_strategy;

typedef struct study_walk {
    study_span train, first, test, step, purge, embargo;
    int anchored;
    double validation; /* share of a training window, its end; models alone */
    int search;        /* 0 grid, 1 random */
    int64_t trials;    /* of a random search */
    const char *select_by;
    const fel_metric_class *metric; /* of select_by */
    int is_present;
} study_walk;

typedef struct study_risk {
    double max_gross, max_net, max_position, max_order;
    int64_t max_orders_per_day;
    double max_drawdown, max_day_loss;
    int on_drawdown; /* 0 block, 1 flatten */
} study_risk;

typedef struct study_account {
    int kind; /* 0 cash, 1 margin */
    double initial, maintenance_long, maintenance_short;
    double leverage, leverage_maintenance;          /* leverage NaN: the engine's own rates */
    int liquidate, restore, check, legs, day_count; /* as the enums of the engine; 0 act/365 */
    int64_t grace_days;
    double liquidation_fee, short_credit_rate_per_year; /* the latter NaN: as other cash */
} study_account;

typedef struct study_borrow {
    double rate_per_year;
    int day_count; /* 0 act/360 */
} study_borrow;

typedef struct study_latency {
    int64_t entry_ns; /* 0: none */
} study_latency;

typedef struct study_report {
    int benchmark; /* 0 buy and hold, 1 none */
    const char *rank_by;
    const fel_metric_class *rank_metric;
    double periods_per_year; /* NaN: from the calendar */
    int record, html;
    int write;  /* 0 all, 1 equity.csv and the manifest only */
    int scores; /* 0 the usual, 1 all */
    int order_events;
} study_report;

typedef struct study_values {
    const char *name, *currency;
    int64_t seed;
    study_items data;                             /* study_data */
    int64_t start_ns, end_ns, holdout_ns;         /* days: of UTC, until the data's zone is known */
    int start_is_day, end_is_day, holdout_is_day; /* rather than instants */
    study_span warm_up;
    study_cash cash;
    int fill, path, limit, trail, sizing, cash_short, off_grid, end_of_data, allow_short,
        self_check;
    double volume_limit;
    int cash_check, slip_range, queue;
    double queue_power;
    double cash_rate_per_year, debit_rate_per_year;
    study_costs costs;
    study_strategy strategy;
    study_items features; /* study_named */
    study_named target, scaling;
    study_model model;
    study_train train;
    study_hedger hedger;
    study_simulation simulation;
    study_bootstrap bootstrap;
    study_monte_carlo monte_carlo;
    study_calibrate calibrate; /* present: nothing else is, but name, seed and report */
    /* A study with `hedge`: nothing else is, but name, seed and report. */
    study_hedge hedge;
    study_hedge_policy policy; /* what `policies` share; merged into them before they are read */
    study_items policies;      /* study_hedge_policy */
    int64_t hedge_seeds, tuning_seeds, test_paths;
    double confidence;
    study_hedge_frontier frontier;
    study_hedge_lives lives;
    study_walk walk;
    study_axes search, sweep;
    study_risk risk;
    study_report report;
    study_account account;
    study_borrow borrow;
    study_latency latency;
    int position_mode;
} study_values;

/* The schema of a study file. */
extern const schema_map study_schema;

/* ---- the study
 * ------------------------------------------------------------------------------------ */

/* One value for one key, from a sweep or a search; the node keeps the position of the value. */
typedef struct study_pick {
    const char *key;
    const tree_node *value;
} study_pick;

struct fel_study {
    arena memory;
    const char *path;   /* as given */
    const char *folder; /* of the file; "" for the working folder */
    const char *text;   /* of the file */
    size_t text_size;
    const char *const *overrides;
    size_t n_overrides;
    int is_variant;          /* of a sweep or search: its lists were checked with its base */
    const study_pick *picks; /* what made it one */
    size_t n_picks;
    tree_node *root;
    study_values values;
};

/* A study again with other values for some keys; `base` must outlive it. The sweep is gone from it,
 * and the search if the picks are of the search: a variant of a sweep searches as its base does. */
fel_status study_vary(fel_study **out, const fel_study *base, const study_pick *picks,
                      size_t n_picks);

/* Number of combinations of some axes; ERR_RANGE if absurd. */
fel_status study_count_combinations(const study_axes *axes, const char *what, size_t *n);

/* Picks of combination `index`, the last axis running fastest; picks[axes->n]. */
void study_combination(const study_axes *axes, size_t index, study_pick *picks);

/* The combinations of `search` to try in a window: all, or some drawn by the seed. */
fel_status study_list_trials(const study_values *values, arena *memory, size_t **trials, size_t *n);

/* Is a dotted key this one or below it? */
int study_key_is_in(const char *key, const char *part);

/* "strategy.fast_bars=5 strategy.slow_bars=60" */
const char *study_pick_name(arena *memory, const study_pick *picks, size_t n);

/* The metrics that select_by and rank_by name. */
fel_status study_find_metrics(fel_study *study);
/* The name becomes a folder below out/. */
fel_status study_check_name(const fel_study *study);
/* Contradictions between keys, with positions. */
fel_status study_check_values(fel_study *study);

/* Keys about a model with each other and the rest. */
/* ... and the strategy's column of forecasts, where it is not given. */
fel_status study_check_forecast(fel_study *study);
/* May a key be searched? Choosing costs or data in training would be choosing the answer. */
fel_status study_check_searched(const fel_study *study, const char *key, tree_mark mark);

/* The keys of the cost models as the study file names them: one-parameter models by the parameter
 * ("fee_bps"; "bps" for "slippage_bps"), others by the model. is_fee 0: slippage. */
typedef struct cost_key {
    const char *name;
    const fel_cost_class *code;
    size_t class_index;
    int is_map; /* {param: value}: more than one parameter */
} cost_key;
size_t study_cost_keys(int is_fee, cost_key keys[STUDY_MAX_COSTS]);

extern const schema_extra study_fee_extra, study_slippage_extra, study_strategy_extra;

/* ---- simulated and resampled data ------------------------------------------------------------ */

/* Parameters of a process beside `simulate`. */
extern const schema_extra study_process_extra;
/* Keys of a row with `simulate` that contradict each other. */
fel_status study_check_simulated(const tree_node *node, const char *path, const study_data *row);
/* Keys of the maps simulation, bootstrap and monte_carlo, with each other and the rest. */
fel_status study_check_paths(const fel_study *study);

int study_is_simulated(const study_values *values);    /* has rows with `simulate` */
int study_is_bootstrapped(const study_values *values); /* its data is drawn again */
/* Does it ask for the distribution over paths instead of one run? */
int study_wants_paths(const study_values *values);

#endif
