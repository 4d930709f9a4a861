/* tests/unit/sim/test_payoff_cliquet.c - cliquets against a loop over the same paths, against
 * forward starts, and against their formula. */
#include <math.h>
#include <stdlib.h>

#include <feller/montecarlo.h>

#include "tests/support/check.h"

enum { N_DATES = 12, N_PATHS = 700, STRIDE = 704 };

static fel_process gbm(void)
{
    const fel_process process = {.kind = FEL_PROCESS_GBM,
                                 .spot = 2.385,
                                 .rate_per_year = 0.043,
                                 .dividend_per_year = 0.017,
                                 .vol_per_year = 0.27};
    return process;
}

static fel_payoff cliquet(double periods, double local_floor, double local_cap, double global_floor,
                          double global_cap)
{
    fel_payoff payoff;
    CHECK_OK(fel_payoff_init(&payoff, "cliquet"));
    CHECK_OK(fel_payoff_set(&payoff, "notional", 250.0));
    CHECK_OK(fel_payoff_set(&payoff, "periods", periods));
    CHECK_OK(fel_payoff_set(&payoff, "local_floor", local_floor));
    CHECK_OK(fel_payoff_set(&payoff, "local_cap", local_cap));
    CHECK_OK(fel_payoff_set(&payoff, "global_floor", global_floor));
    CHECK_OK(fel_payoff_set(&payoff, "global_cap", global_cap));
    return payoff;
}

static void test_values_equal_a_loop_over_the_path(void)
{
    const fel_process process = gbm();
    fel_path_config config = fel_path_config_default();
    config.n_dates = N_DATES;
    fel_paths *paths = NULL;
    double *spot = malloc(sizeof(double) * (N_DATES + 1) * STRIDE), values[N_PATHS];
    CHECK_OK(fel_paths_create(&paths, &process, 1, NULL, &config));
    const fel_path_block_f64 block = {
        .n_paths = N_PATHS, .path_stride = STRIDE, .values = {[FEL_PATH_SPOT] = spot}};
    CHECK_OK(fel_paths_fill_f64(paths, &block));
    const fel_payoff payoff = cliquet(4.0, -0.05, 0.08, 0.01, 0.15);
    const fel_payoff_paths given = {.process = &process,
                                    .t_years = 1.0,
                                    .n_dates = N_DATES,
                                    .n_assets = 1,
                                    .n_paths = N_PATHS,
                                    .path_stride = STRIDE,
                                    .spot = spot};
    CHECK_OK(fel_payoff_values(&payoff, &given, values));
    size_t n_floored = 0, n_capped = 0;
    for (size_t p = 0; p < N_PATHS; p++) {
        double sum = 0.0;
        for (size_t d = 3; d <= N_DATES; d += 3) {
            const double r = spot[d * STRIDE + p] / spot[(d - 3) * STRIDE + p] - 1.0;
            sum += fmin(fmax(r, -0.05), 0.08);
        }
        n_floored += sum < 0.01;
        n_capped += sum > 0.15;
        CHECK_NEAR(values[p], 250.0 * fmin(fmax(sum, 0.01), 0.15), 1e-12);
    }
    CHECK(n_floored > 50 && n_capped > 50);
    free(spot);
    fel_paths_destroy(paths);
}

/* With floors at 0 and no cap a period is a call struck at the money when it begins. */
static void test_formula_is_a_sum_of_forward_starts(void)
{
    const fel_process process = gbm();
    const fel_payoff payoff = cliquet(4.0, 0.0, 1e9, 0.0, 1e9);
    double price = 0.0, sum = 0.0;
    CHECK_OK(fel_payoff_closed_form(&payoff, &process, 1.0, 12, &price));
    for (size_t i = 0; i < 4; i++) {
        fel_payoff start;
        double one = 0.0;
        CHECK_OK(fel_payoff_init(&start, "forward_start"));
        CHECK_OK(fel_payoff_set(&start, "start_years", 0.25 * (double)i));
        CHECK_OK(fel_payoff_set(&start, "performance", 1.0));
        CHECK_OK(fel_payoff_closed_form(&start, &process, 0.25 * (double)(i + 1), i + 1, &one));
        sum += 250.0 * one * exp(-0.043 * (1.0 - 0.25 * (double)(i + 1))); /* paid at the end */
    }
    CHECK_REL(price, sum, 1e-12);
}

static void test_formula_of_plain_returns(void)
{
    const fel_process process = gbm();
    const fel_payoff payoff = cliquet(12.0, -1.0, 1e9, -1e9, 1e9);
    double price = 0.0;
    CHECK_OK(fel_payoff_closed_form(&payoff, &process, 1.0, 12, &price));
    CHECK_REL(price, 250.0 * exp(-0.043) * 12.0 * expm1((0.043 - 0.017) / 12.0), 1e-9);
}

static void test_formula_agrees_with_paths(void)
{
    const fel_process process = gbm();
    const fel_payoff payoff = cliquet(6.0, -0.03, 0.05, -1e9, 1e9);
    double price = 0.0;
    CHECK_OK(fel_payoff_closed_form(&payoff, &process, 1.5, 6, &price));
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = 1.5;
    config.n_dates = 6;
    config.n_paths = 200000;
    fel_montecarlo result;
    CHECK_OK(fel_montecarlo_price(&result, &process, 1, NULL, &payoff, &config));
    CHECK_NEAR(result.price, price, 4.0 * result.standard_error);
    CHECK(result.standard_error < 0.01 * fabs(price));
}

static void test_global_bounds_have_no_formula_unless_idle(void)
{
    const fel_process process = gbm();
    double price = 0.0;
    const fel_payoff idle = cliquet(4.0, -0.05, 0.08, -0.2, 0.32);
    const fel_payoff floored = cliquet(4.0, -0.05, 0.08, 0.0, 1e9);
    const fel_payoff capped = cliquet(4.0, -0.05, 0.08, -0.2, 0.31);
    CHECK_OK(fel_payoff_closed_form(&idle, &process, 1.0, 12, &price));
    CHECK_STATUS(fel_payoff_closed_form(&floored, &process, 1.0, 12, &price), FEL_ERR_NOTFOUND);
    CHECK_STATUS(fel_payoff_closed_form(&capped, &process, 1.0, 12, &price), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "global floor or cap can bind");
}

static void test_crossed_bounds_are_refused(void)
{
    const fel_process process = gbm();
    double price = 0.0;
    const fel_payoff local = cliquet(4.0, 0.09, 0.08, -0.2, 0.32);
    const fel_payoff global = cliquet(4.0, -0.05, 0.08, 0.4, 0.32);
    CHECK_STATUS(fel_payoff_closed_form(&local, &process, 1.0, 12, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "local_floor = 0.09 lies above local_cap = 0.08");
    CHECK_STATUS(fel_payoff_closed_form(&global, &process, 1.0, 12, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "global_floor = 0.4 lies above global_cap = 0.32");
}

SUITE("sim/payoff_cliquet", TEST(test_values_equal_a_loop_over_the_path),
      TEST(test_formula_is_a_sum_of_forward_starts), TEST(test_formula_of_plain_returns),
      TEST(test_formula_agrees_with_paths), TEST(test_global_bounds_have_no_formula_unless_idle),
      TEST(test_crossed_bounds_are_refused));
