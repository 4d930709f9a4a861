/* tests/unit/models/test_optimizer.c - clipping, weight decay, averages, state, bits, errors. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/optimizer_fixture.h"

static void fill(double *values, size_t n, uint64_t stream, double size)
{
    rng_stream random = rng_at(7, stream);
    for (size_t i = 0; i < n; i++) {
        values[i] = size * rng_normal(&random);
    }
}

/* ---- the gradient ---------------------------------------------------------------------------- */

static void test_clipping_by_value_comes_before_the_norm(void)
{
    enum { N = 5 };
    fel_optimizer_config config = optimizer_of("sgd", "learning_rate=1");
    config.clip_value = 3.0;
    config.clip_norm = 2.5;
    fel_optimizer *optimizer = fixture_f64(&config, N);
    const double gradient[N] = {-31.0, 0.5, 4.7, 0.0, -0.25};
    double x[N] = {0.0};
    const fel_optimizer_input input = input_of(0.0);
    fel_optimizer_report report;
    CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, &report));
    const double norm = sqrt(9.0 + 0.25 + 9.0 + 0.0625);
    CHECK_REL(report.gradient_norm, norm, 1e-15);
    CHECK_SAME(report.step_size, 1.0);
    const double expected[N] = {3.0, -0.5, -3.0, 0.0, 0.25};
    for (int i = 0; i < N; i++) {
        CHECK_NEAR(x[i], expected[i] * 2.5 / norm, 1e-15);
    }
    /* A short gradient is left alone. */
    const double small[N] = {0.1, 0.2, 0.3, 0.4, 0.5};
    memset(x, 0, sizeof(x));
    CHECK_OK(fel_optimizer_step_f64(optimizer, &input, small, x, NULL));
    CHECK_SAME(x[2], -0.3);
    fel_optimizer_destroy(optimizer);
}

static void test_a_gradient_that_is_not_finite_changes_nothing(void)
{
    enum { N = 40 };
    static const double bad[] = {(double)NAN, HUGE_VAL, -HUGE_VAL};
    for (size_t b = 0; b < 3; b++) {
        for (size_t k = 0; k < n_optimizer_cases; k++) {
            const fel_optimizer_config config =
                optimizer_of(optimizer_cases[k].name, optimizer_cases[k].settings);
            fel_optimizer *optimizer = fixture_f64(&config, N);
            double x[N], before[N], gradient[N];
            fill(x, N, 1, 1.0);
            fill(gradient, N, 2, 1.0);
            const fel_optimizer_input input = input_of(1.37);
            CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL));
            memcpy(before, x, sizeof(x));
            gradient[37] = bad[b];
            CHECK_STATUS(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL),
                         FEL_ERR_RANGE);
            CHECK_HAS(fel_last_error()->message, "gradient of step 2");
            CHECK(memcmp(before, x, sizeof(x)) == 0);
            CHECK_SAME(*(const double *)fel_optimizer_array_at(optimizer, 0).values, 1.0);
            fel_optimizer_destroy(optimizer);
        }
    }
}

static void test_weights_alone_decay_unless_all_shall(void)
{
    enum { N = 7 };
    for (int all = 0; all < 2; all++) {
        for (size_t k = 0; k < n_optimizer_cases; k++) {
            fel_optimizer_config config =
                optimizer_of(optimizer_cases[k].name, optimizer_cases[k].settings);
            size_t decay = 0;
            const fel_optimizer_info *info = fel_optimizer_class_info(config.code);
            CHECK_OK(fel_param_find(info->params, info->n_params, "weight_decay", &decay));
            config.params[decay] = 0.5;
            config.decay_all = all;
            fel_optimizer *optimizer = fixture_f64(&config, N);
            double x[N] = {1, 1, 1, 1, 1, 1, 1};
            const double gradient[N] = {0.0};
            const fel_optimizer_input input = input_of(1.0);
            CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL));
            CHECK(x[3] < 1.0 && x[3] > 0.0);
            CHECK(all ? x[4] < 1.0 : x[4] >= 1.0);
            CHECK_SAME(x[4], x[6]);
            fel_optimizer_destroy(optimizer);
        }
    }
}

/* ---- averages -------------------------------------------------------------------------------- */

static void test_averages_are_what_they_say(void)
{
    enum { N = 4, STEPS = 9 };
    fel_optimizer_config config = optimizer_of("adam", "learning_rate=0.3");
    config.average = FEL_AVERAGE_EMA;
    config.average_decay = 0.71;
    fel_optimizer *ema = fixture_f64(&config, N);
    config.average = FEL_AVERAGE_SWA;
    fel_optimizer *swa = fixture_f64(&config, N);
    double x[N] = {1.3, -0.7, 0.2, 5.1}, y[N], gradient[N], mean = 0.0, sum = 0.0;
    memcpy(y, x, sizeof(y));
    CHECK(fel_optimizer_average_f64(ema) == NULL);
    for (int step = 0; step < STEPS; step++) {
        const fel_optimizer_input input = input_of(0.0);
        fill(gradient, N, (uint64_t)step, 1.0);
        CHECK_OK(fel_optimizer_step_f64(ema, &input, gradient, x, NULL));
        CHECK_OK(fel_optimizer_step_f64(swa, &input, gradient, y, NULL));
        const double decay = fmin(0.71, (double)step / (step + 1));
        mean = decay * mean + (1.0 - decay) * x[1];
        CHECK_NEAR(fel_optimizer_average_f64(ema)[1], mean, 1e-15);
        if (step % 3 == 2) {
            fel_optimizer_average_add_f64(swa, y);
            sum += y[1];
            CHECK_NEAR(fel_optimizer_average_f64(swa)[1], sum / (step / 3 + 1), 1e-15);
        } else if (step < 2) {
            CHECK(fel_optimizer_average_f64(swa) == NULL);
        }
    }
    CHECK(fel_optimizer_average_f32(ema) == NULL);
    CHECK(memcmp(x, y, sizeof(x)) == 0);
    fel_optimizer_destroy(ema);
    fel_optimizer_destroy(swa);
}

/* ---- state ----------------------------------------------------------------------------------- */

static void copy_state(fel_optimizer *from, fel_optimizer *to)
{
    const size_t n = fel_optimizer_count_arrays(from);
    CHECK_INT(fel_optimizer_count_arrays(to), n);
    for (size_t i = 0; i < n; i++) {
        const fel_optimizer_array a = fel_optimizer_array_at(from, i);
        const fel_optimizer_array b = fel_optimizer_array_at(to, i);
        CHECK_TEXT(b.name, a.name);
        CHECK_INT(b.n, a.n);
        CHECK_INT(b.element_size, a.element_size);
        for (size_t j = 0; j < i; j++) {
            CHECK(strcmp(a.name, fel_optimizer_array_at(from, j).name) != 0);
        }
        memcpy(b.values, a.values, a.n * a.element_size);
    }
}

static void step_f32(fel_optimizer *optimizer, float *x, size_t n, uint64_t step)
{
    double g[64];
    float gradient[64];
    fel_optimizer_input input = input_of(2.0 + 1.0 / (1.0 + (double)step));
    input.loss_bound = -0.1 * (double)(step % 3);
    fill(g, n, step, 1.0);
    for (size_t i = 0; i < n; i++) {
        gradient[i] = (float)g[i];
    }
    CHECK_OK(fel_optimizer_step_f32(optimizer, &input, gradient, x, NULL));
}

static void test_the_state_is_all_that_is_kept(void)
{
    enum { N = 37 };
    for (size_t k = 0; k < n_optimizer_cases; k++) {
        fel_optimizer_config config =
            optimizer_of(optimizer_cases[k].name, optimizer_cases[k].settings);
        config.average = FEL_AVERAGE_EMA;
        fel_optimizer *whole = fixture_f32(&config, N), *second = fixture_f32(&config, N);
        float x[N] = {0.3F, -0.7F}, y[N];
        for (uint64_t step = 0; step < 5; step++) {
            step_f32(whole, x, N, step);
        }
        memcpy(y, x, sizeof(y));
        copy_state(whole, second);
        for (uint64_t step = 5; step < 11; step++) {
            step_f32(whole, x, N, step);
            step_f32(second, y, N, step);
        }
        CHECK(memcmp(x, y, sizeof(x)) == 0);
        CHECK(memcmp(fel_optimizer_average_f32(whole), fel_optimizer_average_f32(second),
                     sizeof(x)) == 0);
        fel_optimizer_destroy(whole);
        fel_optimizer_destroy(second);
    }
}

/* ---- bits ------------------------------------------------------------------------------------ */

enum { MANY = 300007 };

/* Three steps of many parameters by this many threads. */
static void many_steps(size_t k, int n_threads, float *x)
{
    fel_optimizer_config config =
        optimizer_of(optimizer_cases[k].name, optimizer_cases[k].settings);
    config.n_threads = n_threads;
    config.clip_norm = 100.0;
    fel_optimizer *optimizer = fixture_f32(&config, MANY);
    float *gradient = malloc(MANY * sizeof(*gradient));
    for (uint64_t step = 0; step < 3; step++) {
        fel_optimizer_input input = input_of(3.7);
        for (uint32_t i = 0; i < MANY; i++) {
            const uint32_t mixed = (i * 2654435761U + (uint32_t)step * 40503U) >> 8;
            gradient[i] = (float)mixed / 16777216.0F - 0.45F;
            x[i] = step == 0 ? 0.5F - gradient[i] : x[i];
        }
        CHECK_OK(fel_optimizer_step_f32(optimizer, &input, gradient, x, NULL));
    }
    free(gradient);
    fel_optimizer_destroy(optimizer);
}

static void test_threads_and_vector_instructions_change_no_bits(void)
{
    static const char *const levels[] = {"x86-64", "x86-64-v3"};
    const char *level = fel_cpu_level();
    float *x = malloc(MANY * sizeof(*x)), *y = malloc(MANY * sizeof(*y));
    for (size_t k = 0; k < n_optimizer_cases; k++) {
        many_steps(k, 1, x);
        for (int n_threads = 2; n_threads < 4; n_threads++) {
            many_steps(k, n_threads, y);
            CHECK(memcmp(x, y, MANY * sizeof(*x)) == 0);
        }
        for (size_t l = 0; l < 2; l++) {
            if (fel_cpu_level_set(levels[l]) == FEL_OK) {
                many_steps(k, 1, y);
                CHECK(memcmp(x, y, MANY * sizeof(*x)) == 0);
            }
            CHECK_OK(fel_cpu_level_set(level));
        }
    }
    free(x);
    free(y);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void test_bad_configs_are_refused(void)
{
    const fel_optimizer_class *code = NULL;
    CHECK_STATUS(fel_optimizer_find("adm", &code), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"adam\"");
    CHECK_STATUS(fel_optimizer_find("zzzzzzzz", &code), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list optimizers");
    fel_optimizer_config config = optimizer_of("sgd", "nesterov=true");
    CHECK_STATUS(fel_optimizer_check(&config), FEL_ERR_RANGE);
    config = optimizer_of("adam", "");
    config.params[1] = 1.5;
    CHECK_STATUS(fel_optimizer_check(&config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "beta1");
    config = optimizer_of("adam", "");
    config.clip_norm = -1.0;
    CHECK_STATUS(fel_optimizer_check(&config), FEL_ERR_RANGE);
    config.clip_norm = 0.0;
    config.clip_value = (double)NAN;
    CHECK_STATUS(fel_optimizer_check(&config), FEL_ERR_RANGE);
    config.clip_value = 0.0;
    config.average = FEL_AVERAGE_EMA;
    config.average_decay = 1.0;
    CHECK_STATUS(fel_optimizer_check(&config), FEL_ERR_RANGE);
    config.struct_size = 3;
    CHECK_STATUS(fel_optimizer_check(&config), FEL_ERR_ARG);
}

static void test_bad_blocks_are_refused(void)
{
    const fel_optimizer_config config = optimizer_of("adam", "");
    fel_block_info blocks[FIXTURE_BLOCKS];
    fel_optimizer *optimizer = NULL;
    CHECK_STATUS(fel_optimizer_create_f32(&optimizer, &config, blocks, 0), FEL_ERR_SHAPE);
    fixture_blocks(11, blocks);
    blocks[1].offset += 1;
    CHECK_STATUS(fel_optimizer_create_f32(&optimizer, &config, blocks, FIXTURE_BLOCKS),
                 FEL_ERR_SHAPE);
    fixture_blocks(11, blocks);
    blocks[0].rows = SIZE_MAX / 2;
    CHECK_STATUS(fel_optimizer_create_f32(&optimizer, &config, blocks, FIXTURE_BLOCKS),
                 FEL_ERR_SHAPE);
    CHECK(optimizer == NULL);
}

static void test_a_step_of_the_other_precision_is_refused(void)
{
    const fel_optimizer_config config = optimizer_of("adam", "");
    fel_optimizer *optimizer = fixture_f32(&config, 4);
    double x[4] = {0.0}, gradient[4] = {0.0};
    fel_optimizer_input input = input_of(0.0);
    CHECK_STATUS(fel_optimizer_step_f64(optimizer, &input, gradient, x, NULL), FEL_ERR_ARG);
    float y[4] = {0.0F}, slope[4] = {0.0F};
    input.rate_factor = (double)NAN;
    CHECK_STATUS(fel_optimizer_step_f32(optimizer, &input, slope, y, NULL), FEL_ERR_RANGE);
    fel_optimizer_destroy(optimizer);
}

static fel_status create_call(void *payload, void **out)
{
    fel_optimizer *made = NULL;
    fel_block_info blocks[FIXTURE_BLOCKS];
    fixture_blocks(29, blocks);
    const fel_status status = fel_optimizer_create_f32(&made, payload, blocks, FIXTURE_BLOCKS);
    if (status == FEL_OK) {
        *out = made;
    }
    return status;
}

static void destroy_call(void *made)
{
    fel_optimizer_destroy(made);
}

static void test_memory_that_runs_out_is_said(void)
{
    fel_optimizer_config config = optimizer_of("rmsprop", "momentum=0.5,centered=true");
    config.average = FEL_AVERAGE_SWA;
    const failing_call call = {"fel_optimizer_create_f32", create_call, destroy_call, &config};
    CHECK_INT(check_failing_call(&call), 6);
}

SUITE("models/optimizer", TEST(test_clipping_by_value_comes_before_the_norm),
      TEST(test_a_gradient_that_is_not_finite_changes_nothing),
      TEST(test_weights_alone_decay_unless_all_shall), TEST(test_averages_are_what_they_say),
      TEST(test_the_state_is_all_that_is_kept),
      TEST(test_threads_and_vector_instructions_change_no_bits), TEST(test_bad_configs_are_refused),
      TEST(test_bad_blocks_are_refused), TEST(test_a_step_of_the_other_precision_is_refused),
      TEST(test_memory_that_runs_out_is_said));
