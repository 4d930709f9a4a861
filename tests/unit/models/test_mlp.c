/* tests/unit/models/test_mlp.c - the multi-layer perceptron: gradients, precision, samples. */
#include <feller/model.h>

#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

static const size_t small[] = {7, 5, 0}, none[] = {0};

static void check_smooth(const char *settings, const size_t *hidden, size_t sequence)
{
    fel_network_config config = network_config_of("mlp", settings, hidden, sequence, 3);
    config.n_outputs = 2;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const network_check check = {.name = settings, .config = &config, .n = 6, .seed = seed};
        check_network_gradient(&check);
    }
}

static void test_gradients_with_tanh(void)
{
    check_smooth("activation=tanh", small, 1);
    check_smooth("activation=tanh", small, 4);
}

static void test_gradients_with_gelu(void)
{
    check_smooth("activation=gelu", small, 4);
}

static void test_gradients_of_a_linear_model(void)
{
    check_smooth("", none, 5);
}

/* Steps so small that no kink lies within. */
static void test_gradients_with_relu(void)
{
    fel_network_config config = network_config_of("mlp", "activation=relu", small, 4, 3);
    config.n_outputs = 2;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const network_check check = {
            .name = "relu", .config = &config, .n = 6, .seed = seed, .step = 1e-6};
        check_network_gradient(&check);
    }
}

static void test_gradients_with_dropout(void)
{
    const fel_dropout dropout = {41, 7, 1000};
    const fel_network_config config =
        network_config_of("mlp", "activation=tanh,dropout=0.37", small, 4, 3);
    for (uint64_t seed = 1; seed <= 3; seed++) {
        const network_check check = {
            .name = "dropout", .config = &config, .n = 6, .seed = seed, .dropout = &dropout};
        check_network_gradient(&check);
    }
}

static void test_float_agrees_with_double(void)
{
    static const char *const settings[] = {"activation=relu", "activation=tanh", "activation=gelu"};
    static const size_t hidden[] = {131, 65, 0};
    for (size_t i = 0; i < 3; i++) {
        const fel_network_config config = network_config_of("mlp", settings[i], hidden, 20, 3);
        const network_check check = {
            .name = settings[i], .config = &config, .n = 129, .seed = i + 1, .tolerance = 3e-6};
        check_network_precision(&check);
    }
}

static void test_samples_are_by_themselves(void)
{
    const fel_network_config config = network_config_of("mlp", "dropout=0.5", small, 4, 3);
    const network_check check = {.name = "mlp", .config = &config, .n = 12, .seed = 5};
    check_network_samples(&check);
}

SUITE("models/mlp", TEST(test_gradients_with_tanh), TEST(test_gradients_with_gelu),
      TEST(test_gradients_of_a_linear_model), TEST(test_gradients_with_relu),
      TEST(test_gradients_with_dropout), TEST(test_float_agrees_with_double),
      TEST(test_samples_are_by_themselves));
