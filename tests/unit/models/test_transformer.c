/* tests/unit/models/test_transformer.c - transformer: gradients of every option by differences,
 * float against double, samples by themselves. */
#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

typedef struct transformer_case {
    const char *settings;
    size_t sequence, n_features, n, n_outputs;
} transformer_case;

/* Sizes on both sides of groups of eight; every choice of every parameter. */
static const transformer_case cases[] = {
    {"d_model=8,heads=2,layers=1,ff_ratio=2", 5, 3, 3, 1},
    {"d_model=6,heads=3,layers=2,ff_ratio=1.5,pool=mean,positions=none", 4, 2, 1, 2},
    {"d_model=10,heads=2,layers=2,ff_ratio=1,positions=learned,causal=true,pool=mean", 9, 1, 3, 1},
    {"d_model=8,heads=1,layers=2,ff_ratio=0.5,positions=learned,causal=true", 17, 2, 2, 1},
    {"d_model=16,heads=2,layers=1,ff_ratio=0.25,pool=mean", 1, 1, 3, 3},
    {"d_model=8,heads=2,layers=3,ff_ratio=1,positions=sinusoidal", 2, 2, 1, 1},
    {"d_model=9,heads=1,layers=2,ff_ratio=1.3,causal=true,pool=mean,dropout=0.3", 3, 2, 3, 1},
    {"d_model=8,heads=2,layers=2,ff_ratio=2,dropout=0.2,positions=learned", 6, 3, 3, 2},
    {"d_model=4,heads=4,layers=2,ff_ratio=2,dropout=0.5,pool=mean,positions=none", 10, 2, 2, 1},
};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

static const fel_dropout draws = {.seed = 2385, .step = 17, .first_sample = 40};

static network_check check_of(const transformer_case *c, fel_network_config *config, size_t index)
{
    *config = network_config_of("transformer", c->settings, NULL, c->sequence, c->n_features);
    config->n_outputs = c->n_outputs;
    const network_check check = {.name = c->settings,
                                 .config = config,
                                 .n = c->n,
                                 .seed = 11 + index,
                                 .step = 2e-4, /* norms of few numbers are curved */
                                 .dropout = &draws};
    return check;
}

static void test_gradient_is_the_slope_of_the_loss(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        fel_network_config config;
        const network_check check = check_of(&cases[i], &config, i);
        check_network_gradient(&check);
    }
}

/* Kinks of ReLU: a step too small to meet one, and what rounding leaves of the accuracy. */
static void test_gradient_with_relu(void)
{
    static const transformer_case with_relu[] = {
        {"d_model=8,heads=2,layers=2,ff_ratio=2,activation=relu", 5, 3, 3, 1},
        {"d_model=6,heads=2,layers=2,ff_ratio=2,activation=relu,dropout=0.2,pool=mean", 7, 2, 2, 1},
    };
    for (size_t i = 0; i < 2; i++) {
        fel_network_config config;
        network_check check = check_of(&with_relu[i], &config, i);
        check.step = 3e-5;
        check.tolerance = 1e-7;
        check_network_gradient(&check);
    }
}

static void test_float_is_double_rounded(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        fel_network_config config;
        network_check check = check_of(&cases[i], &config, i);
        check.tolerance = 2e-5;
        check_network_precision(&check);
    }
}

static void test_samples_do_not_see_each_other(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        fel_network_config config;
        network_check check = check_of(&cases[i], &config, i);
        check.dropout = NULL;
        check_network_samples(&check);
    }
}

SUITE("models/transformer", TEST(test_gradient_is_the_slope_of_the_loss),
      TEST(test_gradient_with_relu), TEST(test_float_is_double_rounded),
      TEST(test_samples_do_not_see_each_other));
