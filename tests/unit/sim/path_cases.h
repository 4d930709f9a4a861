/* tests/unit/sim/path_cases.h - processes and small helpers shared by the tests of paths. */
#ifndef FEL_TESTS_PATH_CASES_H
#define FEL_TESTS_PATH_CASES_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/paths.h>

#include "tests/support/check.h"

static inline fel_process heston_mild(void)
{
    const fel_process p = {.kind = FEL_PROCESS_HESTON,
                           .spot = 97.5,
                           .rate_per_year = 0.031,
                           .dividend_per_year = 0.012,
                           .heston = {0.035, 1.7, 0.0525, 0.35, -0.62}};
    return p;
}

/* Degrees of freedom 0.04: the variance lives at zero. */
static inline fel_process heston_extreme(void)
{
    const fel_process p = {.kind = FEL_PROCESS_HESTON,
                           .spot = 97.5,
                           .rate_per_year = 0.031,
                           .heston = {0.04, 1.0, 0.04, 2.0, -0.7}};
    return p;
}

static inline fel_process bates(void)
{
    fel_process p = heston_mild();
    p.kind = FEL_PROCESS_BATES;
    p.jumps = (fel_jumps){1.35, -0.085, 0.12};
    return p;
}

static inline fel_process gbm(double vol)
{
    const fel_process p = {
        .kind = FEL_PROCESS_GBM, .spot = 12.25, .rate_per_year = 0.02, .vol_per_year = vol};
    return p;
}

static inline fel_paths *make_paths(const fel_process *assets, size_t n, const double *correlation,
                                    const fel_path_config *config)
{
    fel_paths *paths = NULL;
    CHECK_OK(fel_paths_create(&paths, assets, n, correlation, config));
    return paths;
}

static inline fel_path_config short_config(fel_scheme scheme, size_t n_dates, double years)
{
    fel_path_config config = fel_path_config_default();
    config.scheme = scheme;
    config.n_dates = n_dates;
    config.horizon_years = years;
    config.seed = 2385;
    return config;
}

/* n_rows x n_paths of each output, all in one allocation. */
typedef struct path_room {
    double *values[FEL_PATH_N_OUTPUTS];
    double *all;
    size_t n_paths, n_rows;
} path_room;

static inline path_room room_for(const fel_paths *paths, size_t n_paths)
{
    path_room room = {.n_paths = n_paths};
    room.n_rows = (fel_paths_config(paths)->n_dates + 1) * fel_paths_count_assets(paths);
    room.all = calloc(FEL_PATH_N_OUTPUTS * room.n_rows * n_paths, sizeof(double));
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        room.values[o] = room.all + o * room.n_rows * n_paths;
    }
    return room;
}

static inline fel_path_block_f64 block_of_room(const path_room *room, uint64_t first)
{
    fel_path_block_f64 block = {
        .first_path = first, .n_paths = room->n_paths, .path_stride = room->n_paths};
    for (size_t o = 0; o < FEL_PATH_N_OUTPUTS; o++) {
        block.values[o] = room->values[o];
    }
    return block;
}

/* Bit for bit: also the sign of zero, also NaN. */
static inline int bits_differ(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) != 0;
}

/* Mean and its standard error. */
typedef struct mean_of {
    double mean, error, variance;
} mean_of;

static inline mean_of mean_row(const double *x, size_t n)
{
    double sum = 0.0, square = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
    }
    const double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) {
        square += (x[i] - mean) * (x[i] - mean);
    }
    const double variance = square / (double)(n - 1);
    const mean_of m = {mean, sqrt(variance / (double)n), variance};
    return m;
}

/* Within 4 standard errors. */
#define CHECK_MEAN(found, expected) CHECK_NEAR((found).mean, (expected), 4.0 * (found).error)

#endif
