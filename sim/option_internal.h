/* sim/option_internal.h - a Monte Carlo pricing in its steps: checked and set up, sampled in blocks
 * of fixed size, put together in their order. */
#ifndef FEL_MODULE_SIM
#error "sim/option_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_OPTION_INTERNAL_H
#define FEL_SIM_OPTION_INTERNAL_H

#include "sim/payoff_internal.h"

enum {
    OPTION_BLOCK = FEL_PATH_GROUP,         /* paths whose moments are taken together */
    OPTION_N_VALUES = 1 + FEL_MAX_CONTROLS /* the payoff and its controls */
};

/* One control variate: how it is computed on paths and what its mean is. */
typedef struct option_control {
    fel_control which;
    fel_status (*value)(const payoff_chunk *chunk, const struct option_control *control,
                        double *out);
    double mean;
    double sign, strike; /* of the European option */
} option_control;

/* Everything that threads share; read-only while they run. */
typedef struct option_plan {
    fel_payoff payoff;
    payoff_job job;
    fel_montecarlo_config config;
    option_control controls[FEL_MAX_CONTROLS];
    uint32_t n_controls;
    size_t n_replicates;      /* 1 unless Sobol */
    uint64_t replicate_paths; /* in each */
    uint64_t n_blocks;        /* in each */
    size_t chunk_paths;       /* held at a time */
    size_t sample_paths;      /* that make one sample inside a block: 1, or 2 for pairs */
    fel_paths **paths;        /* n_replicates, owned */
} option_plan;

fel_status option_plan_init(option_plan *plan, const fel_process *assets, size_t n_assets,
                            const double *correlation, const fel_payoff *payoff,
                            const fel_montecarlo_config *config);
void option_plan_clear(option_plan *plan);

/* The controls that config asks for; ERR_RANGE says which does not apply and why. */
fel_status option_controls_init(option_plan *plan);

/* Mean and centred second moments of the samples of some paths: values[0] is the payoff. */
typedef struct option_moments {
    double n;
    double mean[OPTION_N_VALUES];
    double cross[OPTION_N_VALUES][OPTION_N_VALUES]; /* sums; upper triangle */
    double n_paths, path_mean, path_square;         /* of single paths, whatever a sample is */
} option_moments;
void option_moments_merge(option_moments *into, const option_moments *from);

/* Simulates every block; moments[n_replicates x n_blocks]. */
fel_status option_sample(const option_plan *plan, option_moments *moments);

/* The price from the moments of all blocks. */
void option_estimate(const option_plan *plan, const option_moments *moments, fel_montecarlo *out);

#endif
