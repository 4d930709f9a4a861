/* tests/unit/sim/test_calibrate.c - parameters that are known come back, from starts where another
 * program's search ends at rho = -1, with the same bits on any number of threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/sim/chain_fixture.h"

static const fel_heston targets[] = {
    {.v0 = 0.04, .kappa = 1.5, .theta = 0.06, .xi = 0.4, .rho = -0.7},
    {.v0 = 0.03, .kappa = 1.0, .theta = 0.04, .xi = 1.0, .rho = -0.8},
};
static const fel_heston starts[] = {
    {.v0 = 0.1, .kappa = 1.0, .theta = 0.1, .xi = 1.0, .rho = 0.0},
    {.v0 = 0.02, .kappa = 3.0, .theta = 0.02, .xi = 0.3, .rho = -0.3},
    {.v0 = 0.2, .kappa = 0.3, .theta = 0.2, .xi = 0.6, .rho = -0.9},
};

static void check_heston(const fel_heston *actual, const fel_heston *expected, double tolerance)
{
    CHECK_REL(actual->v0, expected->v0, tolerance);
    CHECK_REL(actual->kappa, expected->kappa, tolerance);
    CHECK_REL(actual->theta, expected->theta, tolerance);
    CHECK_REL(actual->xi, expected->xi, tolerance);
    CHECK_REL(actual->rho, expected->rho, tolerance);
}

/* One start each, without the help of others. The fast prices that the search uses are good to 1e-8
 * of spot, which a price of 1e-5 feels in relative terms. */
static void test_every_start_recovers_every_target(void)
{
    static const double tolerances[] = {2e-4, 2e-6, 3e-3};
    for (size_t t = 0; t < 2; t++) {
        fel_chain chain;
        surface_make(&chain, &targets[t]);
        for (size_t s = 0; s < 3; s++) {
            for (int objective = 0; objective <= FEL_FIT_RELATIVE_PRICE; objective++) {
                fel_calibrate_options options = fel_calibrate_options_default();
                fel_calibration fit;
                options.n_starts = 1;
                options.start = &starts[s];
                options.objective = (fel_fit_objective)objective;
                CHECK_OK(fel_calibrate_heston(&fit, &chain, &options));
                check_heston(&fit.heston, &targets[t], tolerances[objective]);
                CHECK(fit.rmse_vol_points < 2e-3);
                CHECK_INT(fit.is_at_bound, 0);
                CHECK_TEXT(fit.note, "");
                fel_calibration_clear(&fit);
            }
        }
        fel_chain_clear(&chain);
    }
}

/* Noise of 0.5 % on volatilities: all starts find one optimum, near the target within a few of its
 * standard errors, and better than the target itself. */
static void test_noise_moves_the_optimum_as_errors_say(void)
{
    for (size_t t = 0; t < 2; t++) {
        fel_calibrate_options options = fel_calibrate_options_default();
        fel_calibration fit;
        fel_chain chain;
        double p[5], q[5];
        surface_make(&chain, &targets[t]);
        surface_disturb(&chain, 0.005);
        CHECK_OK(fel_calibrate_heston(&fit, &chain, &options));
        CHECK_INT(fit.n_agreeing, options.n_starts);
        CHECK(fit.rmse > 0.02 && fit.rmse < 0.2);
        memcpy(p,
               (const double[]){fit.heston.v0, fit.heston.kappa, fit.heston.theta, fit.heston.xi,
                                fit.heston.rho},
               sizeof(p));
        memcpy(q,
               (const double[]){targets[t].v0, targets[t].kappa, targets[t].theta, targets[t].xi,
                                targets[t].rho},
               sizeof(q));
        for (size_t i = 0; i < 5; i++) {
            CHECK(fit.standard_error[i] > 0.0);
            CHECK_NEAR(p[i], q[i], 4.0 * fit.standard_error[i]);
        }
        fel_calibration_clear(&fit);
        fel_chain_clear(&chain);
    }
}

static void test_threads_do_not_matter(void)
{
    static const int n_threads[] = {1, 2, 3, 7};
    fel_chain chain;
    fel_calibration first;
    memset(&first, 0, sizeof(first));
    surface_make(&chain, &targets[1]);
    surface_disturb(&chain, 0.02);
    for (size_t i = 0; i < sizeof(n_threads) / sizeof(n_threads[0]); i++) {
        fel_calibrate_options options = fel_calibrate_options_default();
        fel_calibration fit;
        options.n_starts = 5;
        options.n_threads = n_threads[i];
        CHECK_OK(fel_calibrate_heston(&fit, &chain, &options));
        if (i == 0) {
            first = fit;
            continue;
        }
        CHECK_SAME(fit.heston.v0, first.heston.v0);
        CHECK_SAME(fit.heston.kappa, first.heston.kappa);
        CHECK_SAME(fit.heston.theta, first.heston.theta);
        CHECK_SAME(fit.heston.xi, first.heston.xi);
        CHECK_SAME(fit.heston.rho, first.heston.rho);
        for (size_t k = 0; k < FEL_HESTON_N_PARAMS; k++) {
            CHECK_SAME(fit.standard_error[k], first.standard_error[k]);
        }
        CHECK(memcmp(fit.model_vol, first.model_vol, chain.n * sizeof(double)) == 0);
        CHECK_SAME(fit.sum_of_squares, first.sum_of_squares);
        CHECK_INT(fit.n_evaluations, first.n_evaluations);
        CHECK_INT(fit.n_agreeing, first.n_agreeing);
        fel_calibration_clear(&fit);
    }
    fel_calibration_clear(&first);
    fel_chain_clear(&chain);
}

/* Residuals, weights and sums fit together, whatever the objective and the weights. */
static void test_residuals_add_up(void)
{
    fel_chain chain;
    surface_make(&chain, &targets[0]);
    surface_disturb(&chain, 0.01);
    for (size_t i = 0; i < chain.n; i++) {
        const double half = 0.005 + 0.001 * (double)(i % 7);
        chain.quotes[i].bid = chain.quotes[i].price - half;
        chain.quotes[i].ask = chain.quotes[i].price + half;
    }
    for (int which = 0; which < 9; which++) {
        fel_calibrate_options options = fel_calibrate_options_default();
        fel_calibration fit;
        double squares = 0.0, weights = 0.0;
        options.objective = (fel_fit_objective)(which % 3);
        options.weight = (fel_fit_weight)(which / 3);
        CHECK_OK(fel_calibrate_heston(&fit, &chain, &options));
        for (size_t i = 0; i < chain.n; i++) {
            const fel_quote_option *q = &chain.quotes[i];
            const double off = fit.model_price[i] - q->price;
            const double expected[] = {100.0 * (fit.model_vol[i] - q->vol_per_year), off,
                                       off / q->price};
            CHECK_NEAR(fit.residual[i], expected[which % 3], 1e-9);
            squares += fit.weight[i] * fit.weight[i] * fit.residual[i] * fit.residual[i];
            weights += fit.weight[i];
        }
        CHECK_REL(fit.sum_of_squares, squares, 1e-10);
        CHECK_REL(fit.rmse, sqrt(squares / (double)chain.n), 1e-10);
        CHECK_REL(weights, (double)chain.n, 1e-12);
        check_heston(&fit.heston, &targets[0], 0.5);
        fel_calibration_clear(&fit);
    }
    fel_chain_clear(&chain);
}

/* One maturity says little about mean reversion, five quotes leave no error to judge by. */
static void test_what_is_not_determined_is_said(void)
{
    fel_chain chain;
    fel_calibration fit;
    surface_make(&chain, &targets[0]);
    chain.n = SURFACE_N;
    chain.n_maturities = 1;
    CHECK_OK(fel_calibrate_heston(&fit, &chain, NULL));
    CHECK(fit.condition > 1e3);
    CHECK_HAS(fit.note, "theta");
    CHECK_HAS(fit.note, "one maturity");
    fel_calibration_clear(&fit);
    chain.n = 5;
    chain.maturities[0].n = 5;
    CHECK_OK(fel_calibrate_heston(&fit, &chain, NULL));
    CHECK(isnan(fit.standard_error[1]));
    fel_calibration_clear(&fit);
    chain.n = 4;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, NULL), FEL_ERR_SHAPE);
    CHECK_TEXT(fel_last_error()->message, "4 quotes do not determine 5 parameters");
    fel_chain_clear(&chain);
}

/* A smile steeper than any rho gives ends at the edge, and says so. */
static void test_edges_are_flagged(void)
{
    fel_chain chain;
    fel_calibration fit;
    surface_make(&chain, &targets[1]);
    for (size_t i = 0; i < chain.n; i++) {
        fel_quote_option *q = &chain.quotes[i];
        q->vol_per_year = 0.2 - 0.9 * log(q->strike / q->forward) * (q->strike < q->forward);
        q->price =
            fel_black(q->right, q->forward, q->strike, q->t_years, q->vol_per_year, q->discount);
    }
    CHECK_OK(fel_calibrate_heston(&fit, &chain, NULL));
    CHECK(fit.is_at_bound != 0 || fit.heston.rho < -0.9);
    fel_calibration_clear(&fit);
    fel_chain_clear(&chain);
}

static void count_starts(void *payload, const char *what, double done, double total)
{
    double *last = payload;
    CHECK_TEXT(what, "starts");
    CHECK(done > *last && done <= total);
    *last = done;
}

static void test_options_are_checked(void)
{
    const volatile int stop = 1;
    fel_heston outside = starts[0];
    fel_calibrate_options options = fel_calibrate_options_default();
    fel_calibration fit;
    fel_chain chain;
    double done = 0.0;
    surface_make(&chain, &targets[0]);
    options.n_starts = 0;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, &options), FEL_ERR_RANGE);
    CHECK_TEXT(fel_last_error()->message, "0 starts is not within 1 .. 1000");
    options = fel_calibrate_options_default();
    options.tolerance = (double)NAN;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, &options), FEL_ERR_RANGE);
    options = fel_calibrate_options_default();
    outside.rho = -1.0;
    options.start = &outside;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, &options), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "rho -1: v0 and theta are within");
    options = fel_calibrate_options_default();
    options.weight = FEL_WEIGHT_SPREAD;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, &options), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "weight spread needs bid and ask, which row 2 has not");
    options = fel_calibrate_options_default();
    options.objective = (fel_fit_objective)7;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, &options), FEL_ERR_RANGE);
    options = fel_calibrate_options_default();
    options.struct_size = 4;
    CHECK_STATUS(fel_calibrate_heston(&fit, &chain, &options), FEL_ERR_ARG);
    options = fel_calibrate_options_default();
    options.stop_flag = &stop;
    CHECK_OK(fel_calibrate_heston(&fit, &chain, &options));
    CHECK_INT(fit.was_stopped, 1);
    CHECK_HAS(fit.note, "before it converged (stopped)");
    fel_calibration_clear(&fit);
    options.stop_flag = NULL;
    options.progress = count_starts;
    options.progress_payload = &done;
    CHECK_OK(fel_calibrate_heston(&fit, &chain, &options));
    CHECK_NEAR(done, 4.0, 0.0);
    fel_calibration_clear(&fit);
    fel_chain_clear(&chain);
}

SUITE("sim/calibrate", TEST(test_every_start_recovers_every_target),
      TEST(test_noise_moves_the_optimum_as_errors_say), TEST(test_threads_do_not_matter),
      TEST(test_residuals_add_up), TEST(test_what_is_not_determined_is_said),
      TEST(test_edges_are_flagged), TEST(test_options_are_checked));
