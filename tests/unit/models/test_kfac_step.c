/* tests/unit/models/test_kfac_step.c - whole steps on losses whose minima and curvatures are known:
 * Newton's step, damping that adapts, steps that are refused, what a checkpoint keeps, bad numbers.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/kfac.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/optimizer_fixture.h"

/* Two outputs, linear in three inputs and a bias; half the mean square of what they miss. The
 * slopes of unit cotangents of each output: T = 2 uses with the factor 1/2 of the identity. */
enum { N = 40, IN = 3, OUT = 2, PARAMS = OUT * IN + OUT };

typedef struct regression {
    fel_kfac *kfac;
    fel_kfac_stats *stats, *parts[1];
    double inputs[N * IN], targets[N * OUT];
    double told_curvature; /* times the true one */
    double told_loss;      /* added to the loss after a step */
    double told_gradient;  /* times the true one */
    int n_losses;
} regression;

static double output(const regression *r, const double *params, size_t sample, size_t out)
{
    double sum = params[OUT * IN + out];
    for (size_t k = 0; k < IN; k++) {
        sum += params[out * IN + k] * r->inputs[sample * IN + k];
    }
    return sum;
}

static double loss_at(const regression *r, const double *params)
{
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)N * OUT; i++) {
        const double miss = output(r, params, i / OUT, i % OUT) - r->targets[i];
        sum += 0.5 * miss * miss / N;
    }
    return sum;
}

static fel_status gradient_of(void *payload, const void *params, double *loss, void *gradient)
{
    const regression *r = payload;
    double *g = gradient;
    memset(g, 0, PARAMS * sizeof(*g));
    *loss = loss_at(r, params);
    for (size_t i = 0; i < (size_t)N * OUT; i++) {
        const size_t s = i / OUT, o = i % OUT;
        const double miss = r->told_gradient * (output(r, params, s, o) - r->targets[i]) / N;
        for (size_t k = 0; k < IN; k++) {
            g[o * IN + k] += miss * r->inputs[s * IN + k];
        }
        g[OUT * IN + o] += miss;
    }
    return FEL_OK;
}

static fel_status statistics_of(void *payload, const void *params, fel_kfac_stats *const **parts,
                                size_t *n_parts)
{
    regression *r = payload;
    const fel_layer_sink sink = fel_kfac_stats_sink(r->stats);
    (void)params;
    fel_kfac_stats_reset(r->stats);
    for (size_t out = OUT; out-- > 0;) {
        double slopes[N * OUT] = {0.0};
        for (size_t i = 0; i < N; i++) {
            slopes[i * OUT + out] = 1.0;
        }
        const fel_layer_use use = {0, out, N, r->inputs, slopes};
        sink.use(sink.payload, &use);
    }
    r->parts[0] = r->stats;
    *parts = r->parts;
    *n_parts = 1;
    return FEL_OK;
}

static fel_status loss_of(void *payload, const void *params, double *loss)
{
    regression *r = payload;
    r->n_losses++;
    *loss = loss_at(r, params) + r->told_loss;
    return FEL_OK;
}

/* What a direction adds to an output: its own output, as all is linear. */
static fel_status curvature_of(void *payload, const void *params, const void *const *directions,
                               size_t n, double *matrix)
{
    const regression *r = payload;
    (void)params;
    for (size_t i = 0; i < n * n; i++) {
        const double *a = directions[i / n], *b = directions[i % n];
        double sum = 0.0;
        for (size_t k = 0; k < (size_t)N * OUT; k++) {
            sum += output(r, a, k / OUT, k % OUT) * output(r, b, k / OUT, k % OUT);
        }
        matrix[i] = r->told_curvature * sum / N;
    }
    return FEL_OK;
}

static const fel_block_info blocks[2] = {{"dense0.weight", FEL_BLOCK_WEIGHT, 0, 0, OUT, IN, 0.0},
                                         {"dense0.bias", FEL_BLOCK_BIAS, 0, OUT *IN, OUT, 1, 0.0}};

static void begin(regression *r, const char *settings)
{
    const fel_optimizer_config config = optimizer_of("kfac", settings);
    *r = (regression){.told_curvature = 1.0, .told_gradient = 1.0};
    CHECK_OK(fel_kfac_create(&r->kfac, &config, blocks, 2, OUT));
    CHECK_OK(fel_kfac_stats_create_f64(&r->stats, r->kfac));
    rng_stream random = rng_at(5, 1);
    for (size_t i = 0; i < (size_t)N * IN; i++) {
        r->inputs[i] = rng_normal(&random) * (1.0 + 10.0 * (double)(i % IN)) + (double)(i % IN);
    }
    for (size_t i = 0; i < (size_t)N * OUT; i++) {
        r->targets[i] = rng_normal(&random);
    }
}

static void end(regression *r)
{
    fel_kfac_stats_destroy(r->stats);
    fel_kfac_destroy(r->kfac);
}

static fel_kfac_host host_of(regression *r)
{
    const fel_kfac_host host = {r, gradient_of, statistics_of, loss_of, curvature_of};
    return host;
}

static fel_kfac_report step(regression *r, double *params)
{
    const fel_kfac_host host = host_of(r);
    fel_kfac_report report = {.loss = 0.0};
    CHECK_OK(fel_kfac_step_f64(r->kfac, &host, 1.0, params, &report));
    return report;
}

static double gradient_norm(regression *r, const double *params)
{
    double gradient[PARAMS], loss = 0.0, sum = 0.0;
    CHECK_OK(gradient_of(r, params, &loss, gradient));
    for (int i = 0; i < PARAMS; i++) {
        sum += gradient[i] * gradient[i];
    }
    return sqrt(sum);
}

static void start(double *params)
{
    for (int i = 0; i < PARAMS; i++) {
        params[i] = 0.3 * i - 1.1;
    }
}

static double *array_of(fel_kfac *kfac, const char *name)
{
    for (size_t i = 0; i < fel_kfac_count_arrays(kfac); i++) {
        const fel_optimizer_array array = fel_kfac_array_at(kfac, i);
        if (strcmp(array.name, name) == 0) {
            return array.values;
        }
    }
    CHECK(0);
    return NULL;
}

/* ---- convergence ----------------------------------------------------------------------------- */

/* The factored curvature is the exact one: with hardly any damping a step is Newton's. */
static void test_one_step_reaches_the_minimum_of_a_quadratic(void)
{
    static const char *const settings[] = {"damping=1e-12,min_damping=1e-12",
                                           "damping=1e-12,min_damping=1e-12,damping_kind=tikhonov",
                                           "damping=1e-12,min_damping=1e-12,momentum_kind=fixed"};
    for (size_t k = 0; k < 3; k++) {
        regression r;
        double params[PARAMS];
        begin(&r, settings[k]);
        start(params);
        const double before = gradient_norm(&r, params);
        const fel_kfac_report report = step(&r, params);
        CHECK(gradient_norm(&r, params) < 1e-5 * before);
        CHECK_NEAR(report.step_size, 1.0, 1e-5);
        CHECK_NEAR(report.reduction_ratio, 1.0, 1e-5);
        CHECK_SAME(report.momentum, 0.0);
        CHECK(!report.is_rejected && report.has_statistics && report.has_inverses);
        end(&r);
    }
}

/* At first the damping is ten times the least eigenvalue; it falls. */
static void test_untuned_steps_reach_the_minimum(void)
{
    regression r;
    double params[PARAMS];
    begin(&r, "");
    start(params);
    const double before = gradient_norm(&r, params);
    for (int i = 0; i < 30; i++) {
        (void)step(&r, params);
    }
    CHECK(gradient_norm(&r, params) < 1e-9 * before);
    end(&r);
}

/* Inputs mapped by a matrix and moved: the same outputs after every step. */
static void test_steps_do_not_see_an_affine_map_of_the_inputs(void)
{
    static const double map[IN][IN] = {{0.7, -0.4, 0.1}, {0.2, 1.9, -0.3}, {-0.6, 0.5, 0.04}};
    static const double moved[IN] = {3.1, -0.7, 11.0};
    const char *settings = "damping=1e-11,min_damping=1e-11,learning_rate=0.37";
    regression plain, mapped;
    double params[PARAMS] = {0.0}, others[PARAMS] = {0.0};
    begin(&plain, settings);
    begin(&mapped, settings);
    for (size_t s = 0; s < N; s++) {
        for (size_t i = 0; i < IN; i++) {
            double sum = moved[i];
            for (size_t k = 0; k < IN; k++) {
                sum += map[i][k] * plain.inputs[s * IN + k];
            }
            mapped.inputs[s * IN + i] = sum;
        }
    }
    for (int k = 0; k < 4; k++) {
        (void)step(&plain, params);
        (void)step(&mapped, others);
        for (size_t s = 0; s < N; s++) {
            const double a = output(&plain, params, s, 0), b = output(&mapped, others, s, 0);
            CHECK_NEAR(a, b, 1e-5);
        }
    }
    end(&plain);
    end(&mapped);
}

static void test_weight_decay_is_part_of_the_model(void)
{
    regression r;
    double params[PARAMS];
    begin(&r, "damping=1e-10,min_damping=1e-10,weight_decay=0.37");
    start(params);
    for (int i = 0; i < 40; i++) {
        (void)step(&r, params);
    }
    double gradient[PARAMS], loss = 0.0;
    CHECK_OK(gradient_of(&r, params, &loss, gradient));
    for (int i = 0; i < PARAMS; i++) {
        const double decay = i < OUT * IN ? 0.37 * params[i] : 0.0;
        CHECK_NEAR(gradient[i] + decay, 0.0, 1e-8);
    }
    end(&r);
}

static void test_clipped_steps_have_that_length(void)
{
    regression r;
    double params[PARAMS], before[PARAMS], length = 0.0;
    begin(&r, "clip=0.0125,rejection=false,adapt=false");
    start(params);
    memcpy(before, params, sizeof(params));
    (void)step(&r, params);
    for (int i = 0; i < PARAMS; i++) {
        before[i] = params[i] - before[i];
    }
    const void *const directions[1] = {before};
    CHECK_OK(curvature_of(&r, params, directions, 1, &length));
    CHECK_REL(length, 0.0125, 1e-10);
    CHECK_INT(r.n_losses, 0);
    end(&r);
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
                 {1.0 / 1.9, 0.1, 1.0 / (0.95 * 0.95 * 0.95 * 0.95 * 0.95)}};
    for (size_t k = 0; k < 3; k++) {
        regression r;
        double params[PARAMS];
        begin(&r, "damping=1e-9,min_damping=1e-12");
        start(params);
        r.told_curvature = cases[k].told;
        const fel_kfac_report first = step(&r, params);
        CHECK_NEAR(first.reduction_ratio, cases[k].ratio, 1e-4);
        CHECK_REL(step(&r, params).damping, first.damping * cases[k].factor, 1e-12);
        end(&r);
    }
}

static void test_damping_stays_within_its_bounds(void)
{
    regression r;
    double params[PARAMS];
    begin(&r, "damping=1e-3,min_damping=8e-4,damping_unit=absolute");
    start(params);
    fel_kfac_report report = {.damping = 0.0};
    for (int i = 0; i < 3; i++) {
        report = step(&r, params);
    }
    CHECK_SAME(report.damping, 8e-4);
    end(&r);
}

static void test_refused_steps_change_nothing_but_damping(void)
{
    static const double bad[] = {1e3, (double)INFINITY, (double)NAN};
    for (size_t k = 0; k < 3; k++) {
        regression r;
        double params[PARAMS], before[PARAMS];
        begin(&r, "damping=0.2");
        start(params);
        const double damping = step(&r, params).damping;
        memcpy(before, params, sizeof(params));
        r.told_loss = bad[k];
        const fel_kfac_report report = step(&r, params);
        CHECK(report.is_rejected);
        CHECK(memcmp(params, before, sizeof(params)) == 0);
        const double *last = array_of(r.kfac, "last_step");
        for (int i = 0; i < PARAMS; i++) {
            CHECK_SAME(last[i], 0.0);
        }
        r.told_loss = 0.0;
        const fel_kfac_report next = step(&r, params);
        CHECK_REL(next.damping, report.damping * pow(0.95, -20.0), 1e-12);
        CHECK(report.damping < damping);
        CHECK(!next.is_rejected);
        end(&r);
    }
}

static void test_losses_are_asked_for_on_a_schedule(void)
{
    regression r;
    double params[PARAMS];
    begin(&r, "adapt_every=4");
    start(params);
    /* All of the first 10, then 12, 16, 20; after a refusal the next one too. */
    static const int after[24] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 10, 10,
                                  11, 11, 11, 11, 12, 12, 12, 12, 13, 14, 14, 14};
    for (int i = 0; i < 24; i++) {
        r.told_loss = i == 20 ? 1.0 : 0.0;
        const fel_kfac_report report = step(&r, params);
        CHECK_INT(r.n_losses, after[i]);
        CHECK_INT(report.is_rejected, i == 20);
        CHECK_INT(report.has_statistics, i % 5 == 0);
    }
    end(&r);
}

/* ---- bad numbers ----------------------------------------------------------------------------- */

static void test_a_gradient_that_is_not_finite_changes_nothing(void)
{
    regression r;
    double params[PARAMS], before[PARAMS];
    begin(&r, "");
    start(params);
    (void)step(&r, params);
    memcpy(before, params, sizeof(params));
    const fel_kfac_host host = host_of(&r);
    r.told_gradient = (double)NAN;
    CHECK_STATUS(fel_kfac_step_f64(r.kfac, &host, 1.0, params, NULL), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "gradient of step 2 is");
    CHECK(memcmp(params, before, sizeof(params)) == 0);
    r.told_gradient = 1.0;
    CHECK_STATUS(fel_kfac_step_f64(r.kfac, &host, -1.0, params, NULL), FEL_ERR_RANGE);
    CHECK(!step(&r, params).is_rejected);
    end(&r);
}

static void test_statistics_that_are_not_finite_are_said(void)
{
    regression r;
    double params[PARAMS];
    begin(&r, "");
    start(params);
    r.inputs[7] = (double)NAN;
    fel_kfac_stats *const *parts = NULL;
    size_t n = 0;
    CHECK_OK(statistics_of(&r, params, &parts, &n));
    CHECK_STATUS(fel_kfac_update(r.kfac, parts, n), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "dense0.weight");
    fel_kfac_stats_reset(r.stats);
    CHECK_STATUS(fel_kfac_update(r.kfac, parts, n), FEL_ERR_SHAPE);
    end(&r);
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
        double params[PARAMS];
        begin(&r, settings[k]);
        start(params);
        for (size_t s = 0; s < N; s++) {
            r.inputs[s * IN + 1] = 0.0;
            r.inputs[s * IN + 2] = 1e6 * r.inputs[s * IN];
        }
        double loss = loss_at(&r, params);
        for (int i = 0; i < 12; i++) {
            (void)step(&r, params);
            const double now = loss_at(&r, params);
            CHECK(now <= loss * (1.0 + 1e-9));
            loss = now;
        }
        for (int i = 0; i < PARAMS; i++) {
            CHECK(isfinite(params[i]));
        }
        end(&r);
    }
}

static void test_cholesky_tries_again_with_more_damping(void)
{
    regression r;
    double params[PARAMS], gradient[PARAMS], direction[PARAMS];
    begin(&r, "damping_kind=tikhonov,damping=1e-3");
    start(params);
    (void)step(&r, params);
    double *inputs = array_of(r.kfac, "block0_inputs");
    inputs[0] = -0.5; /* not what sums of squares give */
    CHECK_OK(fel_kfac_invert(r.kfac));
    start(gradient);
    fel_kfac_precondition_f64(r.kfac, gradient, direction);
    for (int i = 0; i < PARAMS; i++) {
        CHECK(isfinite(direction[i]));
    }
    inputs[0] = -1e200;
    CHECK_STATUS(fel_kfac_invert(r.kfac), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "dense0.weight");
    CHECK_HAS(fel_last_error()->message, "condition number");
    end(&r);
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
        double params[PARAMS], others[PARAMS];
        begin(&a, settings[k]);
        begin(&b, settings[k]);
        start(params);
        for (int i = 0; i < 7; i++) {
            (void)step(&a, params);
        }
        copy_state(a.kfac, b.kfac);
        memcpy(others, params, sizeof(params));
        for (int i = 0; i < 9; i++) {
            a.told_loss = b.told_loss = i == 4 ? 10.0 : 0.0;
            const fel_kfac_report x = step(&a, params), y = step(&b, others);
            CHECK_SAME(x.damping, y.damping);
            CHECK_SAME(x.reduction_ratio, y.reduction_ratio);
            CHECK(memcmp(params, others, sizeof(params)) == 0);
        }
        end(&a);
        end(&b);
    }
}

/* ---- making ---------------------------------------------------------------------------------- */

static void test_configs_that_cannot_be_are_refused(void)
{
    fel_optimizer_config config = optimizer_of("kfac", "");
    fel_kfac *kfac = NULL;
    config.clip_norm = 1.0;
    CHECK_STATUS(fel_kfac_create(&kfac, &config, blocks, 2, 1), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "clip_norm");
    config = optimizer_of("kfac", "damping=1e-9");
    CHECK_STATUS(fel_kfac_create(&kfac, &config, blocks, 2, 1), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "min_damping");
    config = optimizer_of("adam", "");
    CHECK_STATUS(fel_kfac_create(&kfac, &config, blocks, 2, 1), FEL_ERR_ARG);
    CHECK(isnan(fel_kfac_setting(&config, "curvature_share")));
    config = optimizer_of("kfac", "curvature_share=0.125");
    CHECK_SAME(fel_kfac_setting(&config, "curvature_share"), 0.125);
    CHECK(isnan(fel_kfac_setting(&config, "curvature_sahre")));
    CHECK_STATUS(fel_kfac_create(&kfac, &config, blocks, 2, 0), FEL_ERR_RANGE);
    CHECK_STATUS(fel_kfac_create(&kfac, &config, blocks + 1, 1, 1), FEL_ERR_SHAPE);
    CHECK(kfac == NULL);
    /* A step of a gradient alone. */
    fel_optimizer *optimizer = NULL;
    double params[PARAMS], gradient[PARAMS] = {0.0};
    start(params);
    CHECK_OK(fel_optimizer_create_f64(&optimizer, &config, blocks, 2));
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
    FEL_TRY(fel_kfac_create(&kfac, &m->config, blocks, 2, OUT));
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
    CHECK_OK(fel_kfac_create(&m.kfac, &m.config, blocks, 2, OUT));
    const failing_call stats = {"fel_kfac_stats_create_f32", make_stats, destroy_stats, &m};
    CHECK(check_failing_call(&stats) >= 4);
    fel_kfac_destroy(m.kfac);
}

SUITE("models/kfac_step", TEST(test_one_step_reaches_the_minimum_of_a_quadratic),
      TEST(test_untuned_steps_reach_the_minimum),
      TEST(test_steps_do_not_see_an_affine_map_of_the_inputs),
      TEST(test_weight_decay_is_part_of_the_model), TEST(test_clipped_steps_have_that_length),
      TEST(test_damping_follows_the_reduction_ratio), TEST(test_damping_stays_within_its_bounds),
      TEST(test_refused_steps_change_nothing_but_damping),
      TEST(test_losses_are_asked_for_on_a_schedule),
      TEST(test_a_gradient_that_is_not_finite_changes_nothing),
      TEST(test_statistics_that_are_not_finite_are_said),
      TEST(test_singular_factors_give_finite_steps),
      TEST(test_cholesky_tries_again_with_more_damping),
      TEST(test_state_copied_goes_on_with_the_same_bits),
      TEST(test_configs_that_cannot_be_are_refused), TEST(test_memory_that_runs_out_is_said));
