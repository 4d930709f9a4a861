/* tests/unit/models/test_kfac_state.c - bad numbers, singular factors, what a checkpoint keeps,
 * configs that cannot be, memory that runs out. */
#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/kfac_regression.h"
#include "tests/unit/models/optimizer_fixture.h"

/* ---- bad numbers ----------------------------------------------------------------------------- */

static void test_a_gradient_that_is_not_finite_changes_nothing(void)
{
    regression r;
    double params[REG_PARAMS], before[REG_PARAMS];
    regression_begin(&r, "");
    regression_start(params);
    (void)regression_step(&r, params);
    memcpy(before, params, sizeof(params));
    const fel_kfac_host host = regression_host(&r);
    r.told_gradient = (double)NAN;
    CHECK_STATUS(fel_kfac_step_f64(r.kfac, &host, 1.0, params, NULL), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "gradient of step 2 is");
    CHECK(memcmp(params, before, sizeof(params)) == 0);
    r.told_gradient = 1.0;
    CHECK_STATUS(fel_kfac_step_f64(r.kfac, &host, -1.0, params, NULL), FEL_ERR_RANGE);
    CHECK(!regression_step(&r, params).is_rejected);
    regression_end(&r);
}

static void test_statistics_that_are_not_finite_are_said(void)
{
    regression r;
    double params[REG_PARAMS];
    regression_begin(&r, "");
    regression_start(params);
    r.inputs[7] = (double)NAN;
    fel_kfac_stats *const *parts = NULL;
    size_t n = 0;
    CHECK_OK(regression_statistics(&r, params, &parts, &n));
    CHECK_STATUS(fel_kfac_update(r.kfac, parts, n), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "dense0.weight");
    fel_kfac_stats_reset(r.stats);
    CHECK_STATUS(fel_kfac_update(r.kfac, parts, n), FEL_ERR_SHAPE);
    regression_end(&r);
}

/* Inputs that repeat one another, one that is 0, sizes far apart: factors of rank 2 of 4. */
static void test_singular_factors_give_finite_steps(void)
{
    static const char *const settings[] = {"min_damping=1e-300,damping=1e-280",
                                           "damping=1e-14,min_damping=1e-14,damping_kind=tikhonov",
                                           "damping=1e-14,min_damping=1e-14,time_model=option1",
                                           "damping=1e-14,min_damping=1e-14,time_model=option2"};
    for (size_t k = 0; k < 4; k++) {
        regression r;
        double params[REG_PARAMS];
        regression_begin(&r, settings[k]);
        regression_start(params);
        for (size_t s = 0; s < REG_N; s++) {
            r.inputs[s * REG_IN + 1] = 0.0;
            r.inputs[s * REG_IN + 2] = 1e6 * r.inputs[s * REG_IN];
        }
        double loss = regression_loss(&r, params);
        for (int i = 0; i < 12; i++) {
            (void)regression_step(&r, params);
            const double now = regression_loss(&r, params);
            CHECK(now <= loss * (1.0 + 1e-9));
            loss = now;
        }
        for (int i = 0; i < REG_PARAMS; i++) {
            CHECK(isfinite(params[i]));
        }
        regression_end(&r);
    }
}

static void test_cholesky_tries_again_with_more_damping(void)
{
    regression r;
    double params[REG_PARAMS], gradient[REG_PARAMS], direction[REG_PARAMS];
    regression_begin(&r, "damping_kind=tikhonov,damping=1e-3");
    regression_start(params);
    (void)regression_step(&r, params);
    double *inputs = regression_array(r.kfac, "block0_inputs");
    inputs[0] = -0.5; /* not what sums of squares give */
    CHECK_OK(fel_kfac_invert(r.kfac));
    regression_start(gradient);
    fel_kfac_precondition_f64(r.kfac, gradient, direction);
    for (int i = 0; i < REG_PARAMS; i++) {
        CHECK(isfinite(direction[i]));
    }
    inputs[0] = -1e200;
    CHECK_STATUS(fel_kfac_invert(r.kfac), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "dense0.weight");
    CHECK_HAS(fel_last_error()->message, "condition number");
    regression_end(&r);
}

/* ---- what it keeps --------------------------------------------------------------------------- */

static void copy_state(fel_kfac *from, fel_kfac *to)
{
    CHECK_INT(fel_kfac_count_arrays(from), fel_kfac_count_arrays(to));
    for (size_t i = 0; i < fel_kfac_count_arrays(from); i++) {
        const fel_optimizer_array a = fel_kfac_array_at(from, i), b = fel_kfac_array_at(to, i);
        CHECK_TEXT(a.name, b.name);
        CHECK_INT(a.n, b.n);
        memcpy(b.values, a.values, a.n * a.element_size);
    }
}

static void test_state_copied_goes_on_with_the_same_bits(void)
{
    static const char *const settings[] = {
        "damping=3,learning_rate=0.3", "damping_kind=tikhonov,learning_rate=0.3,inverses_every=4",
        "time_model=option1,learning_rate=0.3,factors_every=3,inverses_every=4",
        "time_model=option2,momentum_kind=fixed,learning_rate=0.03,weight_decay=0.02"};
    for (size_t k = 0; k < 4; k++) {
        regression a, b;
        double params[REG_PARAMS], others[REG_PARAMS];
        regression_begin(&a, settings[k]);
        regression_begin(&b, settings[k]);
        regression_start(params);
        for (int i = 0; i < 7; i++) {
            (void)regression_step(&a, params);
        }
        copy_state(a.kfac, b.kfac);
        memcpy(others, params, sizeof(params));
        for (int i = 0; i < 9; i++) {
            a.told_loss = b.told_loss = i == 4 ? 10.0 : 0.0;
            const fel_kfac_report x = regression_step(&a, params), y = regression_step(&b, others);
            CHECK_SAME(x.damping, y.damping);
            CHECK_SAME(x.reduction_ratio, y.reduction_ratio);
            CHECK(memcmp(params, others, sizeof(params)) == 0);
        }
        regression_end(&a);
        regression_end(&b);
    }
}

/* ---- making ---------------------------------------------------------------------------------- */

static void test_configs_that_cannot_be_are_refused(void)
{
    fel_optimizer_config config = optimizer_of("kfac", "");
    fel_kfac *kfac = NULL;
    config.clip_norm = 1.0;
    CHECK_STATUS(fel_kfac_create(&kfac, &config, regression_blocks, 2, 1), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "clip_norm");
    config = optimizer_of("kfac", "damping=1e-9");
    CHECK_STATUS(fel_kfac_create(&kfac, &config, regression_blocks, 2, 1), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "min_damping");
    config = optimizer_of("adam", "");
    CHECK_STATUS(fel_kfac_create(&kfac, &config, regression_blocks, 2, 1), FEL_ERR_ARG);
    CHECK(isnan(fel_kfac_setting(&config, "curvature_share")));
    config = optimizer_of("kfac", "curvature_share=0.125");
    CHECK_SAME(fel_kfac_setting(&config, "curvature_share"), 0.125);
    CHECK(isnan(fel_kfac_setting(&config, "curvature_sahre")));
    CHECK_STATUS(fel_kfac_create(&kfac, &config, regression_blocks, 2, 0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_kfac_create(&kfac, &config, regression_blocks + 1, 1, 1), FEL_ERR_SHAPE);
    CHECK(kfac == NULL);
    /* A step of a gradient alone. */
    fel_optimizer *optimizer = NULL;
    double params[REG_PARAMS], gradient[REG_PARAMS] = {0.0};
    regression_start(params);
    CHECK_OK(fel_optimizer_create_f64(&optimizer, &config, regression_blocks, 2));
    const fel_optimizer_input input = input_of(1.0);
    CHECK_STATUS(fel_optimizer_step_f64(optimizer, &input, gradient, params, NULL), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "kfac");
    fel_optimizer_destroy(optimizer);
}

typedef struct making {
    fel_optimizer_config config;
    fel_kfac *kfac;
} making;

static fel_status make_kfac(void *payload, void **out)
{
    const making *m = payload;
    fel_kfac *kfac = NULL;
    FEL_TRY(fel_kfac_create(&kfac, &m->config, regression_blocks, 2, REG_OUT));
    *out = kfac;
    return FEL_OK;
}

static fel_status make_stats(void *payload, void **out)
{
    const making *m = payload;
    fel_kfac_stats *stats = NULL;
    FEL_TRY(fel_kfac_stats_create_f32(&stats, m->kfac));
    *out = stats;
    return FEL_OK;
}

static void destroy_kfac(void *made)
{
    fel_kfac_destroy(made);
}

static void destroy_stats(void *made)
{
    fel_kfac_stats_destroy(made);
}

static void test_memory_that_runs_out_is_said(void)
{
    making m = {optimizer_of("kfac", "time_model=option2"), NULL};
    const failing_call kfac = {"fel_kfac_create", make_kfac, destroy_kfac, &m};
    CHECK(check_failing_call(&kfac) >= 10);
    CHECK_OK(fel_kfac_create(&m.kfac, &m.config, regression_blocks, 2, REG_OUT));
    const failing_call stats = {"fel_kfac_stats_create_f32", make_stats, destroy_stats, &m};
    CHECK(check_failing_call(&stats) >= 4);
    fel_kfac_destroy(m.kfac);
}

SUITE("models/kfac_state", TEST(test_a_gradient_that_is_not_finite_changes_nothing),
      TEST(test_statistics_that_are_not_finite_are_said),
      TEST(test_singular_factors_give_finite_steps),
      TEST(test_cholesky_tries_again_with_more_damping),
      TEST(test_state_copied_goes_on_with_the_same_bits),
      TEST(test_configs_that_cannot_be_are_refused), TEST(test_memory_that_runs_out_is_said));
