/* tests/unit/models/test_attention_bits.c - a transformer's numbers do not depend on the level of
 * vector instructions, not in a bit: outputs and gradients, float and double. */
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

enum { SEQUENCE = 13, FEATURES = 3, SAMPLES = 3, MOST = 16384 };

static const char *const settings[] = {
    "d_model=16,heads=2,layers=2,ff_ratio=3,dropout=0.2,positions=learned",
    "d_model=32,heads=4,layers=1,ff_ratio=2,causal=true,pool=mean",
    "d_model=10,heads=2,layers=1,ff_ratio=1.3,activation=relu,dropout=0.1,causal=true,pool=mean",
};

/* Outputs, then the gradient, then slopes of inputs. */
typedef struct pass_numbers {
    size_t n;
    float f32[MOST];
    double f64[MOST];
} pass_numbers;

static const fel_dropout draws = {.seed = 9, .step = 2, .first_sample = 5};

static void run_f32(const fel_network *net, pass_numbers *out)
{
    static float params[MOST], inputs[SAMPLES * SEQUENCE * FEATURES];
    const float *rows[SAMPLES], slopes[SAMPLES] = {1.1F, -0.7F, 0.3F};
    rng_stream random = rng_at(4, 4);
    fel_workspace *ws = NULL;
    fel_network_init_f32(net, 21, params);
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        inputs[i] = (float)rng_normal(&random);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        rows[i] = inputs + i * SEQUENCE * FEATURES;
    }
    CHECK_OK(fel_workspace_create_f32(&ws, net, SAMPLES));
    fel_network_forward_f32(net, params, rows, FEATURES, SAMPLES, &draws, ws, out->f32);
    fel_network_backward_f32(net, params, slopes, ws, out->f32 + SAMPLES,
                             out->f32 + SAMPLES + fel_network_count_params(net));
    fel_workspace_destroy(ws);
}

static void run_f64(const fel_network *net, pass_numbers *out)
{
    static double params[MOST], inputs[SAMPLES * SEQUENCE * FEATURES];
    const double *rows[SAMPLES], slopes[SAMPLES] = {1.1, -0.7, 0.3};
    rng_stream random = rng_at(4, 4);
    fel_workspace *ws = NULL;
    fel_network_init_f64(net, 21, params);
    for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
        inputs[i] = rng_normal(&random);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        rows[i] = inputs + i * SEQUENCE * FEATURES;
    }
    CHECK_OK(fel_workspace_create_f64(&ws, net, SAMPLES));
    fel_network_forward_f64(net, params, rows, FEATURES, SAMPLES, &draws, ws, out->f64);
    fel_network_backward_f64(net, params, slopes, ws, out->f64 + SAMPLES,
                             out->f64 + SAMPLES + fel_network_count_params(net));
    fel_workspace_destroy(ws);
}

static void run(const fel_network *net, pass_numbers *out)
{
    memset(out, 0, sizeof(*out));
    out->n = SAMPLES + fel_network_count_params(net) + (size_t)SAMPLES * SEQUENCE * FEATURES;
    CHECK(out->n <= MOST);
    run_f32(net, out);
    run_f64(net, out);
}

static void test_levels_give_the_same_bits(void)
{
    static pass_numbers base, other;
    const cpu_level best = cpu_level_now();
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        const fel_network_config config =
            network_config_of("transformer", settings[i], NULL, SEQUENCE, FEATURES);
        fel_network *net = NULL;
        CHECK_OK(fel_network_create(&net, &config));
        CHECK_OK(fel_cpu_level_set(cpu_level_name(CPU_BASE)));
        run(net, &base);
        CHECK(base.f32[0] != 0.0F && base.f64[base.n - 1] != 0.0);
        for (cpu_level level = CPU_AVX2; level <= best; level++) {
            CHECK_OK(fel_cpu_level_set(cpu_level_name(level)));
            run(net, &other);
            CHECK(memcmp(&base, &other, sizeof(base)) == 0);
        }
        CHECK_OK(fel_cpu_level_set(cpu_level_name(best)));
        fel_network_destroy(net);
    }
}

SUITE("models/attention_bits", TEST(test_levels_give_the_same_bits));
