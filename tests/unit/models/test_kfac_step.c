/* tests/unit/models/test_kfac_step.c - whole steps on a loss whose minimum and curvature are known:
 * Newton's step, damping that adapts, steps that are refused. */
#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/kfac_regression.h"

/* ---- convergence ----------------------------------------------------------------------------- */

/* The factored curvature is the exact one: with hardly any damping a step is Newton's. */
static void test_one_step_reaches_the_minimum_of_a_quadratic(void)
{
    static const char *const settings[] = {"damping=1e-12,min_damping=1e-12",
                                           "damping=1e-12,min_damping=1e-12,damping_kind=tikhonov",
                                           "damping=1e-12,min_damping=1e-12,momentum_kind=fixed"};
    for (size_t k = 0; k < 3; k++) {
        regression r;
        double params[REG_PARAMS];
        regression_begin(&r, settings[k]);
        regression_start(params);
        const double before = regression_gradient_norm(&r, params);
        const fel_kfac_report report = regression_step(&r, params);
        CHECK(regression_gradient_norm(&r, params) < 1e-5 * before);
        CHECK_NEAR(report.step_size, 1.0, 1e-5);
        CHECK_NEAR(report.reduction_ratio, 1.0, 1e-5);
        CHECK_SAME(report.momentum, 0.0);
        CHECK(!report.is_rejected && report.has_statistics && report.has_inverses);
        regression_end(&r);
    }
}

/* At first the damping is ten times the least eigenvalue; it falls. */
static void test_damping_that_falls_lets_steps_reach_the_minimum(void)
{
    regression r;
    double params[REG_PARAMS];
    regression_begin(&r, "damping=0.1");
    regression_start(params);
    const double before = regression_gradient_norm(&r, params);
    for (int i = 0; i < 40; i++) {
        (void)regression_step(&r, params);
    }
    CHECK(regression_gradient_norm(&r, params) < 1e-9 * before);
    regression_end(&r);
}

/* Inputs mapped by a matrix and moved: the same outputs after every step. */
static void test_steps_do_not_see_an_affine_map_of_the_inputs(void)
{
    static const double map[REG_IN][REG_IN] = {
        {0.7, -0.4, 0.1}, {0.2, 1.9, -0.3}, {-0.6, 0.5, 0.04}};
    static const double moved[REG_IN] = {3.1, -0.7, 11.0};
    const char *settings = "damping=1e-11,min_damping=1e-11,learning_rate=0.37";
    regression plain, mapped;
    double params[REG_PARAMS] = {0.0}, others[REG_PARAMS] = {0.0};
    regression_begin(&plain, settings);
    regression_begin(&mapped, settings);
    for (size_t s = 0; s < REG_N; s++) {
        for (size_t i = 0; i < REG_IN; i++) {
            double sum = moved[i];
            for (size_t k = 0; k < REG_IN; k++) {
                sum += map[i][k] * plain.inputs[s * REG_IN + k];
            }
            mapped.inputs[s * REG_IN + i] = sum;
        }
    }
    for (int k = 0; k < 4; k++) {
        (void)regression_step(&plain, params);
        (void)regression_step(&mapped, others);
        for (size_t s = 0; s < REG_N; s++) {
            const double a = regression_output(&plain, params, s, 0),
                         b = regression_output(&mapped, others, s, 0);
            CHECK_NEAR(a, b, 1e-5);
        }
    }
    regression_end(&plain);
    regression_end(&mapped);
}

static void test_weight_decay_is_part_of_the_model(void)
{
    regression r;
    double params[REG_PARAMS];
    regression_begin(&r, "damping=1e-10,min_damping=1e-10,weight_decay=0.37");
    regression_start(params);
    for (int i = 0; i < 40; i++) {
        (void)regression_step(&r, params);
    }
    double gradient[REG_PARAMS], loss = 0.0;
    CHECK_OK(regression_gradient(&r, params, &loss, gradient));
    for (int i = 0; i < REG_PARAMS; i++) {
        const double decay = i < REG_OUT * REG_IN ? 0.37 * params[i] : 0.0;
        CHECK_NEAR(gradient[i] + decay, 0.0, 1e-8);
    }
    regression_end(&r);
}

static void test_clipped_steps_have_that_length(void)
{
    regression r;
    double params[REG_PARAMS], before[REG_PARAMS], length = 0.0;
    regression_begin(&r, "clip=0.0125,rejection=false,adapt=false");
    regression_start(params);
    memcpy(before, params, sizeof(params));
    (void)regression_step(&r, params);
    for (int i = 0; i < REG_PARAMS; i++) {
        before[i] = params[i] - before[i];
    }
    const void *const directions[1] = {before};
    CHECK_OK(regression_curvature(&r, params, directions, 1, &length));
    CHECK_REL(length, 0.0125, 1e-10);
    CHECK_INT(r.n_losses, 0);
    regression_end(&r);
}

/* ---- damping and refusal --------------------------------------------------------------------- */

static void test_damping_follows_the_reduction_ratio(void)
{
    /* Times the curvature that is told; a step is 1 / it times Newton's: the ratio is 2 - 1 / it.
     */
    static const struct {
        double told, ratio, factor;
    } cases[] = {{1.0, 1.0, 0.95 * 0.95 * 0.95 * 0.95 * 0.95},
                 {1.0 / 1.5, 0.5, 1.0},
                 {1.0 / 1.9, 0.1, 1.0 / (0.95 * 0.95 * 0.95 * 0.95 * 0.95)},
                 /* Factors fall short: of a thirtieth, then of a hundredth. */
                 {30.0, 2.0 - 1.0 / 30.0, 1.0},
                 {100.0, 1.99, 1.0 / (0.95 * 0.95 * 0.95 * 0.95 * 0.95)}};
    for (size_t k = 0; k < 5; k++) {
        regression r;
        double params[REG_PARAMS];
        regression_begin(&r, "damping=1e-9,min_damping=1e-12");
        regression_start(params);
        r.told_curvature = cases[k].told;
        const fel_kfac_report first = regression_step(&r, params);
        CHECK_NEAR(first.reduction_ratio, cases[k].ratio, 1e-4);
        CHECK_REL(regression_step(&r, params).damping, first.damping * cases[k].factor, 1e-12);
        regression_end(&r);
    }
}

static void test_damping_stays_within_its_bounds(void)
{
    regression r;
    double params[REG_PARAMS];
    regression_begin(&r, "damping=1e-3,min_damping=8e-4,damping_unit=absolute");
    regression_start(params);
    fel_kfac_report report = {.damping = 0.0};
    for (int i = 0; i < 3; i++) {
        report = regression_step(&r, params);
    }
    CHECK_SAME(report.damping, 8e-4);
    regression_end(&r);
}

static void test_refused_steps_change_nothing_but_damping(void)
{
    static const double bad[] = {1e3, (double)INFINITY, (double)NAN};
    for (size_t k = 0; k < 3; k++) {
        regression r;
        double params[REG_PARAMS], before[REG_PARAMS];
        regression_begin(&r, "damping=0.2");
        regression_start(params);
        const double damping = regression_step(&r, params).damping;
        memcpy(before, params, sizeof(params));
        r.told_loss = bad[k];
        const fel_kfac_report report = regression_step(&r, params);
        CHECK(report.is_rejected);
        CHECK(memcmp(params, before, sizeof(params)) == 0);
        const double *last = regression_array(r.kfac, "last_step");
        for (int i = 0; i < REG_PARAMS; i++) {
            CHECK_SAME(last[i], 0.0);
        }
        r.told_loss = 0.0;
        const fel_kfac_report next = regression_step(&r, params);
        CHECK_REL(next.damping, report.damping * pow(0.95, -20.0), 1e-12);
        CHECK(report.damping < damping);
        CHECK(!next.is_rejected);
        regression_end(&r);
    }
}

static void test_losses_are_asked_for_on_a_schedule(void)
{
    regression r;
    double params[REG_PARAMS];
    regression_begin(&r, "adapt_every=4");
    regression_start(params);
    /* All of the first 10, then 12, 16, 20; after a refusal the next one too. */
    static const int after[24] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 10, 10,
                                  11, 11, 11, 11, 12, 12, 12, 12, 13, 14, 14, 14};
    for (int i = 0; i < 24; i++) {
        r.told_loss = i == 20 ? 1.0 : 0.0;
        const fel_kfac_report report = regression_step(&r, params);
        CHECK_INT(r.n_losses, after[i]);
        CHECK_INT(report.is_rejected, i == 20);
        CHECK_INT(report.has_statistics, i % 5 == 0);
    }
    regression_end(&r);
}

/* Much longer than the last one: tested between two tests, and refused where the loss grows. */
static void test_sudden_steps_are_tested(void)
{
    for (int is_bad = 0; is_bad < 2; is_bad++) {
        regression r;
        double params[REG_PARAMS];
        regression_begin(&r, "damping=1e-6");
        regression_start(params);
        for (int i = 0; i < 12; i++) {
            (void)regression_step(&r, params);
        }
        CHECK_INT(r.n_losses, 11);
        regression_start(params); /* far from the minimum again */
        r.told_curvature = is_bad ? 0.3 : 1.0;
        CHECK_INT(regression_step(&r, params).is_rejected, is_bad);
        CHECK_INT(r.n_losses, 12);
        regression_end(&r);
    }
}

SUITE("models/kfac_step", TEST(test_one_step_reaches_the_minimum_of_a_quadratic),
      TEST(test_damping_that_falls_lets_steps_reach_the_minimum),
      TEST(test_steps_do_not_see_an_affine_map_of_the_inputs),
      TEST(test_weight_decay_is_part_of_the_model), TEST(test_clipped_steps_have_that_length),
      TEST(test_damping_follows_the_reduction_ratio), TEST(test_damping_stays_within_its_bounds),
      TEST(test_refused_steps_change_nothing_but_damping),
      TEST(test_losses_are_asked_for_on_a_schedule), TEST(test_sudden_steps_are_tested));
