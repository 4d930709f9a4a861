/* tests/unit/sim/test_paths_check.c - what the generator refuses, and memory that runs out. */
#include <stdint.h>

#include "tests/support/failing_malloc.h"
#include "tests/unit/sim/path_cases.h"

static void check_refused(const fel_path_config *config, fel_status status, const char *part)
{
    const fel_process process = heston_mild();
    fel_paths *paths = NULL;
    CHECK_STATUS(fel_paths_create(&paths, &process, 1, NULL, config), status);
    CHECK(paths == NULL);
    CHECK_HAS(fel_last_error()->message, part);
    fel_paths_destroy(paths);
}

static void test_bad_configurations_are_refused(void)
{
    fel_path_config c = fel_path_config_default();
    c.struct_size = 8;
    check_refused(&c, FEL_ERR_ABI, "8 bytes");
    c = fel_path_config_default();
    c.scheme = (fel_scheme)77;
    check_refused(&c, FEL_ERR_ARG, "scheme 77");
    c = fel_path_config_default();
    c.draws = (fel_draws)9;
    check_refused(&c, FEL_ERR_ARG, "draws 9");
    c = fel_path_config_default();
    c.n_dates = 0;
    check_refused(&c, FEL_ERR_RANGE, "0 dates");
    c.n_dates = 1000001;
    check_refused(&c, FEL_ERR_RANGE, "1000001 dates: 1 .. 1000000");
    c = fel_path_config_default();
    c.n_substeps = 0;
    check_refused(&c, FEL_ERR_RANGE, "0 sub-steps");
    c.n_substeps = 10000;
    c.n_dates = 1000000;
    check_refused(&c, FEL_ERR_RANGE, "2^32");
    static const double horizons[4] = {0.0, -0.5, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < 4; i++) {
        c = fel_path_config_default();
        c.horizon_years = horizons[i];
        check_refused(&c, FEL_ERR_RANGE, "horizon");
    }
    c = fel_path_config_default();
    c.reserved[2] = 1;
    check_refused(&c, FEL_ERR_ARG, "reserved");
    c = fel_path_config_default();
    c.antithetic = 2;
    check_refused(&c, FEL_ERR_ARG, "0 or 1");
    c = fel_path_config_default();
    c.physical_drift = 1;
    c.drift_per_year = (double)NAN;
    check_refused(&c, FEL_ERR_RANGE, "drift_per_year");
}

static void check_process(fel_process process, const char *part)
{
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, 10, 1.0);
    fel_paths *paths = NULL;
    CHECK_STATUS(fel_paths_create(&paths, &process, 1, NULL, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, part);
    fel_paths_destroy(paths);
}

static void test_bad_processes_are_refused(void)
{
    fel_process p = heston_mild();
    p.heston.v0 = -0.01;
    check_process(p, "v0");
    p = heston_mild();
    p.heston.rho = 1.01;
    check_process(p, "rho");
    p = heston_mild();
    p.spot = (double)NAN;
    check_process(p, "spot");
    p = bates();
    p.jumps.intensity_per_year = 9000.0;
    check_process(p, "900 jumps expected in a step, at most 500");
    p = bates();
    p.jumps.intensity_per_year = -1.0;
    check_process(p, "intensity");
}

/* Two Heston assets: prices 1, 2, variances 1, 2. */
static void check_matrix(const double *matrix, const char *part)
{
    fel_process assets[2] = {heston_mild(), heston_mild()};
    const fel_path_config config = fel_path_config_default();
    fel_paths *paths = NULL;
    assets[1].heston.rho = -0.4;
    CHECK_STATUS(fel_paths_create(&paths, assets, 2, matrix, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, part);
    fel_paths_destroy(paths);
}

static void test_bad_correlations_are_refused(void)
{
    double m[16] = {1.0,   0.5,  -0.62, -0.1, /* */
                    0.5,   1.0,  -0.2,  -0.4, /* */
                    -0.62, -0.2, 1.0,   0.3,  /* */
                    -0.1,  -0.4, 0.3,   1.0};
    m[1] = 0.51;
    check_matrix(m, "0.51 in row 1, column 2, but 0.5 in row 2");
    m[1] = m[4] = 1.5;
    check_matrix(m, "correlation 1.5");
    m[1] = m[4] = (double)NAN;
    check_matrix(m, "correlation nan");
    m[1] = m[4] = 0.5;
    m[5] = 0.99;
    check_matrix(m, "diagonal");
    m[5] = 1.0;
    m[7] = m[13] = -0.3;
    check_matrix(m, "of asset 2, whose rho is -0.4");
    m[7] = m[13] = -0.4;
    m[1] = m[4] = -0.95; /* with variances that move together and both prices against them */
    m[11] = m[14] = 0.95;
    check_matrix(m, "not positive definite");
}

static void test_too_many_assets_are_refused(void)
{
    static fel_process assets[FEL_PATH_MAX_ASSETS + 1];
    const fel_path_config config = fel_path_config_default();
    fel_paths *paths = NULL;
    for (size_t a = 0; a <= FEL_PATH_MAX_ASSETS; a++) {
        assets[a] = heston_mild();
    }
    CHECK_STATUS(fel_paths_create(&paths, assets, FEL_PATH_MAX_ASSETS + 1, NULL, &config),
                 FEL_ERR_RANGE);
    CHECK_STATUS(fel_paths_create(&paths, assets, 0, NULL, &config), FEL_ERR_RANGE);
    CHECK_OK(fel_paths_create(&paths, assets, FEL_PATH_MAX_ASSETS, NULL, &config));
    CHECK_INT(fel_paths_count_assets(paths), FEL_PATH_MAX_ASSETS);
    fel_paths_destroy(paths);
    fel_paths_destroy(NULL);
}

static void test_bad_blocks_are_refused(void)
{
    const fel_process process = heston_mild();
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, 2, 1.0);
    fel_paths *paths = make_paths(&process, 1, NULL, &config);
    double room[3];
    fel_path_block_f64 block = {0, 2, 1, {[FEL_PATH_SPOT] = room}};
    CHECK_STATUS(fel_paths_fill_f64(paths, &block), FEL_ERR_ARG);
    block = (fel_path_block_f64){UINT64_MAX - 1, 1, 1, {[FEL_PATH_SPOT] = room}};
    CHECK_STATUS(fel_paths_fill_f64(paths, &block), FEL_ERR_RANGE);
    block = (fel_path_block_f64){0, SIZE_MAX / 16, SIZE_MAX / 16, {[FEL_PATH_SPOT] = room}};
    CHECK_STATUS(fel_paths_fill_parallel_f64(paths, &block, 2), FEL_ERR_RANGE);
    block = (fel_path_block_f64){0, 0, 0, {NULL}};
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    fel_paths_destroy(paths);
}

static void test_schemes_are_found_by_name(void)
{
    size_t n = 0;
    const fel_scheme_row *rows = fel_schemes(&n);
    for (size_t i = 0; i < n; i++) {
        fel_scheme found = FEL_SCHEME_EULER;
        CHECK_INT(rows[i].scheme, i);
        CHECK_OK(fel_scheme_find(rows[i].name, &found));
        CHECK_INT(found, rows[i].scheme);
    }
    fel_scheme none = FEL_SCHEME_QE;
    CHECK_STATUS(fel_scheme_find("qe_n", &none), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "qe_m");
    CHECK_INT(none, FEL_SCHEME_QE);
}

/* ---- memory -------------------------------------------------------------------------------------
 */

static const double PAIR[16] = {1.0,   0.5,   -0.62, -0.1,  /* */
                                0.5,   1.0,   -0.2,  -0.62, /* */
                                -0.62, -0.2,  1.0,   0.3,   /* */
                                -0.1,  -0.62, 0.3,   1.0};

static fel_status create(void *payload, void **out)
{
    const fel_process assets[2] = {heston_mild(), bates()};
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, 4, 1.0);
    fel_paths *paths = NULL;
    (void)payload;
    FEL_TRY(fel_paths_create(&paths, assets, 2, PAIR, &config));
    *out = paths;
    return FEL_OK;
}

static void destroy(void *made)
{
    fel_paths_destroy(made);
}

static fel_status fill(void *payload, void **out)
{
    static double room[5 * 2 * 10];
    const fel_path_block_f64 block = {0, 10, 10, {[FEL_PATH_SPOT] = room}};
    (void)out;
    return fel_paths_fill_f64(payload, &block);
}

static void test_memory_that_runs_out_is_reported(void)
{
    void *paths = NULL;
    const failing_call making = {"fel_paths_create", create, destroy, NULL};
    CHECK(check_failing_call(&making) > 0);
    CHECK_OK(create(NULL, &paths));
    const failing_call filling = {"fel_paths_fill_f64", fill, NULL, paths};
    CHECK(check_failing_call(&filling) > 0);
    destroy(paths);
}

SUITE("sim/paths_check", TEST(test_bad_configurations_are_refused),
      TEST(test_bad_processes_are_refused), TEST(test_bad_correlations_are_refused),
      TEST(test_too_many_assets_are_refused), TEST(test_bad_blocks_are_refused),
      TEST(test_schemes_are_found_by_name), TEST(test_memory_that_runs_out_is_reported));
