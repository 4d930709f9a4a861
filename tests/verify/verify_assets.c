/* tests/verify/verify_assets.c - several assets: correlations of returns and of variances against
 * the matrix of drivers, a million paths; and the exact variance's law on a million draws. */
#define FEL_MODULE_SIM
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "core/rng.h"
#include "sim/exact_internal.h"
#include "tests/support/path_sample.h"
#include "tests/unit/sim/path_cases.h"

enum { N_PATHS = 1 << 20, N_DRIVERS = 5, N_ASSETS = 3 };

/* Prices of two Heston assets and a gbm, then the variances of the two. */
static const double matrix[N_DRIVERS * N_DRIVERS] = {
    1.0,  0.3,   0.2,   -0.7,  -0.1,  /* */
    0.3,  1.0,   0.4,   -0.2,  -0.62, /* */
    0.2,  0.4,   1.0,   -0.15, -0.25, /* */
    -0.7, -0.2,  -0.15, 1.0,   0.35,  /* */
    -0.1, -0.62, -0.25, 0.35,  1.0,
};

static double correlation_of(const double *x, const double *y)
{
    const mean_of a = mean_row(x, N_PATHS), b = mean_row(y, N_PATHS);
    double sum = 0.0;
    for (size_t i = 0; i < N_PATHS; i++) {
        sum += (x[i] - a.mean) * (y[i] - b.mean);
    }
    return sum / (N_PATHS - 1.0) / sqrt(a.variance * b.variance);
}

/* Driver d's path: log price of asset d, or the root of the variance of asset d - 3, at the end. */
static void read_drivers(const path_room *room, double *drivers)
{
    for (size_t d = 0; d < N_DRIVERS; d++) {
        const int is_price = d < N_ASSETS;
        const double *end = room->values[is_price ? FEL_PATH_SPOT : FEL_PATH_VARIANCE] +
                            (N_ASSETS + (is_price ? d : d - N_ASSETS)) * N_PATHS;
        for (size_t i = 0; i < N_PATHS; i++) {
            drivers[d * N_PATHS + i] = is_price ? log(end[i]) : sqrt(end[i]);
        }
    }
}

/* One short step: prices and roots of variances are linear in the drivers but for terms of the
 * order of the step. */
static void test_correlations_are_the_matrix(void)
{
    fel_process first = heston_mild();
    first.heston.rho = -0.7;
    const fel_process assets[N_ASSETS] = {first, heston_mild(), gbm(0.27)};
    double *drivers = malloc(N_DRIVERS * N_PATHS * sizeof(*drivers));
    for (int scheme = 0; scheme <= FEL_SCHEME_QE_M; scheme++) {
        const fel_path_config config = short_config((fel_scheme)scheme, 1, 1e-4);
        fel_paths *paths = make_paths(assets, N_ASSETS, matrix, &config);
        path_room room = room_for(paths, N_PATHS);
        const fel_path_block_f64 block = block_of_room(&room, 0);
        CHECK_OK(fel_paths_fill_parallel_f64(paths, &block, 0));
        read_drivers(&room, drivers);
        for (size_t a = 0; a < N_DRIVERS; a++) {
            for (size_t b = 0; b < a; b++) {
                const double r = matrix[a * N_DRIVERS + b];
                CHECK_NEAR(correlation_of(drivers + a * N_PATHS, drivers + b * N_PATHS), r,
                           4.0 * (1.0 - r * r) / sqrt(N_PATHS) + 5e-4);
            }
        }
        free(room.all);
        fel_paths_destroy(paths);
    }
    free(drivers);
}

/* ---- the exact variance ---------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov at every fiftieth of a million draws; 1.95 / sqrt(n) is passed by one
 * sample in a thousand. */
static void check_law(const fel_process *p, double t_years)
{
    fel_path_config config = short_config(FEL_SCHEME_EXACT_VARIANCE, 1, t_years);
    fel_paths *paths = make_paths(p, 1, NULL, &config);
    double *v = malloc(2 * N_PATHS * sizeof(*v));
    double *rows = aligned_alloc(64, variance_law_count_rows(&p->heston) * LAW_ROW_SIZE * 8);
    variance_law law;
    const fel_path_block_f64 block = {
        .n_paths = N_PATHS, .path_stride = N_PATHS, .values = {[FEL_PATH_VARIANCE] = v}};
    variance_law_init(&law, &p->heston, t_years, rows);
    CHECK_OK(fel_paths_fill_parallel_f64(paths, &block, 0));
    double *end = v + N_PATHS, worst = 0.0;
    qsort(end, N_PATHS, sizeof(*end), ascending);
    for (size_t i = 0; i < N_PATHS; i += 50) {
        const double y = end[i] / law.scale, mu = law.poisson_per_v * p->heston.v0;
        const double below = y > 1e-280 ? gamma_mixture(y, law.shape, mu).below : 0.0;
        const double found = (double)i / N_PATHS;
        worst = below > 0.0 ? fmax(worst, fabs(below - found)) : worst;
    }
    CHECK(worst < 1.95 / sqrt(N_PATHS) + 2.0 / N_PATHS);
    free(rows);
    free(v);
    fel_paths_destroy(paths);
}

static void test_exact_variance_has_its_law(void)
{
    const fel_process hedging = heston_process(100.0, 0.04, 1.0, 0.04, 2.0, -0.7);
    const fel_process hard = heston_process(100.0, 0.04, 0.5, 0.04, 1.0, -0.9);
    const fel_process mild = heston_mild();
    check_law(&hedging, 1.0 / 365.0);
    check_law(&hedging, 1.0);
    check_law(&hard, 1.0 / 252.0);
    check_law(&hard, 10.0);
    check_law(&mild, 1.0 / 252.0);
    check_law(&mild, 1.0);
}

SUITE("verify/assets", TEST(test_correlations_are_the_matrix),
      TEST(test_exact_variance_has_its_law));
