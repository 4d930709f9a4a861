/* study/study_hedging_internal.h - a study that trains hedgers and compares them. */
#ifndef FEL_STUDY_HEDGING_H
#define FEL_STUDY_HEDGING_H

#ifndef FEL_MODULE_STUDY
#error "study/study_hedging_internal.h belongs to study/"
#endif

#include <feller/hedge.h>

#include "study/study_calibrate_internal.h"
#include "study/study_named_internal.h"

/* Where paths come from: one of simulate, calibrate, bootstrap, paths. */
typedef struct study_hedge_market {
    const char *simulate;
    const fel_process_class *process; /* of simulate */
    double *process_params;
    study_calibrate calibrate;
    int has_calibrate;
    const char *bootstrap, *paths; /* files */
    int scheme, method;
    int64_t substeps;
    double drift_per_year, block_dates, spot;
} study_hedge_market;

typedef struct study_hedge_claim {
    study_named payoff;
    double quantity;
} study_hedge_claim;

typedef struct study_hedge_instrument {
    const char *name;
    int kind, right;
    double strike, expiry_years, vol_per_year, min_position, max_position, unit;
    double proportional_bps, per_unit, fixed, fixed_width, quadratic_bps;
} study_hedge_instrument;

/* The keys of `hedge`; numbers NaN where they are left to the problem. */
typedef struct study_hedge {
    study_hedge_market market;
    int side; /* 0 sold, 1 bought */
    study_items claims;
    double premium, horizon_years, rate_per_year, reference_vol;
    int64_t dates;
    study_items instruments; /* none: spot without costs */
    int unwind;
    study_items features; /* study_named */
    study_named risk;
    study_items rules; /* study_named */
    int is_present;
} study_hedge;

/* One of `policies`: what `policy` says, unless it says otherwise itself. */
typedef struct study_hedge_policy {
    const char *name, *label, *network;
    const fel_network_class *code;
    double *params; /* of the network's table */
    study_sizes hidden;
    int head, bound, per_date, standardise, blind;
    study_named base, optimizer, schedule, risk;
    double learning_rate, clip_norm, average_decay, cost_factor, threshold_rate;
    int average;
    int64_t steps, batch, paths, validate_every, validation_paths;
    study_axes tune; /* parameters of the optimizer */
} study_hedge_policy;

typedef struct study_hedge_frontier {
    const char *policy; /* NULL: the first */
    study_words cost_factors;
    int64_t seeds;
} study_hedge_frontier;

/* Option lives on a real series. */
typedef struct study_hedge_lives {
    const char *prices, *map, *volatility, *volatility_column;
    int64_t start_ns, end_ns;
    int estimate; /* 0 of past returns, 1 of the file `volatility`, a quote in points a year */
    int premium;  /* 0 Black-Scholes at the estimate, 1 the model's */
    int64_t days; /* of past returns */
    int is_present;
} study_hedge_lives;

/* A hedger that an ordinary study's strategy `hedge` runs. */
typedef struct study_hedger {
    const char *study, *policies, *policy;
    study_named rule;
    int is_present;
} study_hedger;

extern const schema_map study_hedger_map;
extern const schema_map study_hedge_map, study_hedge_policy_map;
/* The root of a study file that has `hedge`. */
extern const schema_map study_hedging_schema, study_hedging_part;
fel_status study_share_policy(arena *memory, const tree_node *root);

#endif
