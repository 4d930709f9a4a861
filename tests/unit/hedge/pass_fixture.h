/* tests/unit/hedge/pass_fixture.h - small problems with policies of every kind, for the pass. */
#ifndef FEL_TESTS_PASS_FIXTURE_H
#define FEL_TESTS_PASS_FIXTURE_H

#include <feller/hedge.h>

enum { PASS_MAX_PARAMS = 16384 };

typedef enum pass_costs {
    PASS_PROPORTIONAL,
    PASS_PER_UNIT,
    PASS_FIXED,
    PASS_QUADRATIC,
    PASS_ALL,
    PASS_N_COSTS,
    PASS_FREE = PASS_N_COSTS
} pass_costs;

/* {0}: an lstm of 6 units, direct, free, proportional costs, one instrument, 5 dates. */
typedef struct pass_case {
    const char *network; /* NULL: lstm */
    int per_date;
    uint32_t n_hidden; /* layers; 0: 1 */
    size_t hidden;     /* 0: 6 */
    fel_hedge_head head;
    fel_hedge_bound bound;
    pass_costs costs;
    size_t n_instruments; /* 2: spot and an option, is_heston: and a variance swap; 0: 1 */
    int is_heston;        /* else gbm with rate and dividend */
    int is_bounded;       /* positions within [-0.35, 0.62] */
    int keeps;            /* positions stay: no unwinding */
    int without_live;     /* features */
    size_t n_dates;       /* 0: 5 */
    const char *base;     /* NULL: black_scholes_delta */
} pass_case;

typedef struct pass_world {
    fel_hedge_problem *problem;
    fel_policy *policy; /* NULL where it could not be made */
} pass_world;

fel_hedge_cost pass_cost_of(pass_costs kind);
/* Checks that all went well. */
pass_world pass_world_create(const pass_case *how);
void pass_world_clear(pass_world *world);
/* The policy of a problem. */
fel_status pass_policy_create(fel_policy **out, const fel_hedge_problem *problem,
                              const pass_case *how);
/* The same bytes? */
int pass_same(const void *a, const void *b, size_t n_bytes);
/* Uniform in (-size, size). */
void pass_params_f64(uint64_t seed, double size, double *params, size_t n);
void pass_params_f32(uint64_t seed, double size, float *params, size_t n);

/* A problem on stored paths of one spot, `dates` + 1 prices each. */
typedef struct pass_stored {
    const double *spot, *variance;
    uint64_t n_paths;
    size_t n_dates;
    double strike, premium, cost_bps;
    int is_unwinding;
    const char *features[6]; /* NULL: the end; none: log_moneyness, time_to_maturity,
                                previous_position */
} pass_stored;
fel_hedge_problem *pass_stored_problem(const pass_stored *how);

#endif
