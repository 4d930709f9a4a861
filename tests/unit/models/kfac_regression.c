/* tests/unit/models/kfac_regression.c - a linear regression that hosts steps of kfac. */
#include "tests/unit/models/kfac_regression.h"

#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"

double regression_output(const regression *r, const double *params, size_t sample, size_t out)
{
    double sum = params[REG_OUT * REG_IN + out];
    for (size_t k = 0; k < REG_IN; k++) {
        sum += params[out * REG_IN + k] * r->inputs[sample * REG_IN + k];
    }
    return sum;
}

double regression_loss(const regression *r, const double *params)
{
    double sum = 0.0;
    for (size_t i = 0; i < (size_t)REG_N * REG_OUT; i++) {
        const double miss = regression_output(r, params, i / REG_OUT, i % REG_OUT) - r->targets[i];
        sum += 0.5 * miss * miss / REG_N;
    }
    return sum;
}

fel_status regression_gradient(void *payload, const void *params, double *loss, void *gradient)
{
    const regression *r = payload;
    double *g = gradient;
    memset(g, 0, REG_PARAMS * sizeof(*g));
    *loss = regression_loss(r, params);
    for (size_t i = 0; i < (size_t)REG_N * REG_OUT; i++) {
        const size_t s = i / REG_OUT, o = i % REG_OUT;
        const double miss =
            r->told_gradient * (regression_output(r, params, s, o) - r->targets[i]) / REG_N;
        for (size_t k = 0; k < REG_IN; k++) {
            g[o * REG_IN + k] += miss * r->inputs[s * REG_IN + k];
        }
        g[REG_OUT * REG_IN + o] += miss;
    }
    return FEL_OK;
}

fel_status regression_statistics(void *payload, const void *params, fel_kfac_stats *const **parts,
                                 size_t *n_parts)
{
    regression *r = payload;
    const fel_layer_sink sink = fel_kfac_stats_sink(r->stats);
    (void)params;
    fel_kfac_stats_reset(r->stats);
    for (size_t out = REG_OUT; out-- > 0;) {
        double slopes[REG_N * REG_OUT] = {0.0};
        for (size_t i = 0; i < REG_N; i++) {
            slopes[i * REG_OUT + out] = 1.0;
        }
        const fel_layer_use use = {0, out, REG_N, r->inputs, slopes};
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
    *loss = regression_loss(r, params) + r->told_loss;
    return FEL_OK;
}

/* What a direction adds to an output: its own output, as all is linear. */
fel_status regression_curvature(void *payload, const void *params, const void *const *directions,
                                size_t n, double *matrix)
{
    const regression *r = payload;
    (void)params;
    for (size_t i = 0; i < n * n; i++) {
        const double *a = directions[i / n], *b = directions[i % n];
        double sum = 0.0;
        for (size_t k = 0; k < (size_t)REG_N * REG_OUT; k++) {
            sum += regression_output(r, a, k / REG_OUT, k % REG_OUT) *
                   regression_output(r, b, k / REG_OUT, k % REG_OUT);
        }
        matrix[i] = r->told_curvature * sum / REG_N;
    }
    return FEL_OK;
}

const fel_block_info regression_blocks[2] = {
    {"dense0.weight", FEL_BLOCK_WEIGHT, 0, 0, REG_OUT, REG_IN, 0.0},
    {"dense0.bias", FEL_BLOCK_BIAS, 0, REG_OUT *REG_IN, REG_OUT, 1, 0.0}};

void regression_begin(regression *r, const char *settings)
{
    const fel_optimizer_config config = optimizer_of("kfac", settings);
    *r = (regression){.told_curvature = 1.0, .told_gradient = 1.0};
    CHECK_OK(fel_kfac_create(&r->kfac, &config, regression_blocks, 2, REG_OUT));
    CHECK_OK(fel_kfac_stats_create_f64(&r->stats, r->kfac));
    rng_stream random = rng_at(5, 1);
    for (size_t i = 0; i < (size_t)REG_N * REG_IN; i++) {
        r->inputs[i] =
            rng_normal(&random) * (1.0 + 10.0 * (double)(i % REG_IN)) + (double)(i % REG_IN);
    }
    for (size_t i = 0; i < (size_t)REG_N * REG_OUT; i++) {
        r->targets[i] = rng_normal(&random);
    }
}

void regression_end(regression *r)
{
    fel_kfac_stats_destroy(r->stats);
    fel_kfac_destroy(r->kfac);
}

fel_kfac_host regression_host(regression *r)
{
    const fel_kfac_host host = {r, regression_gradient, regression_statistics, loss_of,
                                regression_curvature};
    return host;
}

fel_kfac_report regression_step(regression *r, double *params)
{
    const fel_kfac_host host = regression_host(r);
    fel_kfac_report report = {.loss = 0.0};
    CHECK_OK(fel_kfac_step_f64(r->kfac, &host, 1.0, params, &report));
    return report;
}

double regression_gradient_norm(regression *r, const double *params)
{
    double gradient[REG_PARAMS], loss = 0.0, sum = 0.0;
    CHECK_OK(regression_gradient(r, params, &loss, gradient));
    for (int i = 0; i < REG_PARAMS; i++) {
        sum += gradient[i] * gradient[i];
    }
    return sqrt(sum);
}

void regression_start(double *params)
{
    for (int i = 0; i < REG_PARAMS; i++) {
        params[i] = 0.3 * i - 1.1;
    }
}

double *regression_array(fel_kfac *kfac, const char *name)
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
