/* tests/unit/models/test_lstm.c - LSTM networks: gradients, precision, samples, row by row, what is
 * refused. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/model.h>

#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

static const size_t one[] = {5, 0}, two[] = {5, 19, 0}, wide[] = {21, 0};

static fel_network_config lstm_of(const char *settings, const size_t *hidden, int every_step)
{
    fel_network_config config = network_config_of("lstm", settings, hidden, 4, 3);
    config.n_outputs = 2;
    config.every_step = every_step;
    return config;
}

static void check_gradients(const char *settings, const size_t *hidden, size_t n,
                            const fel_dropout *dropout)
{
    for (int every_step = 0; every_step <= 1; every_step++) {
        const fel_network_config config = lstm_of(settings, hidden, every_step);
        const network_check check = {.name = settings,
                                     .config = &config,
                                     .n = n,
                                     .seed = 17 + (uint64_t)every_step,
                                     .dropout = dropout};
        check_network_gradient(&check);
    }
}

static void test_gradients_of_one_layer(void)
{
    check_gradients("", one, 1, NULL);
    check_gradients("forget_bias=-0.7", one, 3, NULL);
    check_gradients("", wide, 7, NULL);
}

static void test_gradients_of_two_layers(void)
{
    check_gradients("", two, 3, NULL);
}

static void test_gradients_with_dropout(void)
{
    const fel_dropout dropout = {41, 7, 1000};
    check_gradients("dropout=0.37", two, 3, &dropout);
}

static void test_gradients_of_one_row_and_one_unit(void)
{
    static const size_t unit[] = {1, 0};
    fel_network_config config = network_config_of("lstm", "", unit, 1, 1);
    const network_check check = {.name = "1 x 1", .config = &config, .n = 2, .seed = 3};
    check_network_gradient(&check);
    config.sequence = 9;
    check_network_gradient(&check);
}

static void test_float_agrees_with_double(void)
{
    static const size_t sizes[][3] = {{50, 0, 0}, {128, 0, 0}, {37, 66, 0}};
    for (size_t i = 0; i < 3; i++) {
        fel_network_config config = network_config_of("lstm", "", sizes[i], 20, 8);
        config.every_step = i == 2;
        const network_check check = {
            .name = "float", .config = &config, .n = 29, .seed = i + 1, .tolerance = 2e-5};
        check_network_precision(&check);
    }
}

static void test_samples_are_by_themselves(void)
{
    for (int every_step = 0; every_step <= 1; every_step++) {
        const fel_network_config config = lstm_of("dropout=0.5", two, every_step);
        const network_check check = {.name = "lstm", .config = &config, .n = 12, .seed = 5};
        check_network_samples(&check);
    }
}

static void test_row_by_row_is_the_same(void)
{
    const size_t *const sizes[] = {one, two, wide};
    for (size_t i = 0; i < 3; i++) {
        fel_network_config config = lstm_of("", sizes[i], 1);
        config.sequence = 11;
        config.n_features = 9 + i;
        const network_check check = {.name = "steps", .config = &config, .n = 1, .seed = 6};
        check_network_steps(&check);
    }
}

static void test_stacked_layers_and_their_parameters(void)
{
    fel_network_config config = lstm_of("dropout=0.2", two, 0);
    fel_network *net = NULL;
    CHECK_OK(fel_network_create(&net, &config));
    static const char *const names[] = {"lstm0.weight", "lstm0.bias",   "lstm1.weight",
                                        "lstm1.bias",   "head0.weight", "head0.bias"};
    static const size_t shapes[][2] = {{20, 8}, {20, 1}, {76, 24}, {76, 1}, {2, 19}, {2, 1}};
    CHECK_INT(fel_network_count_blocks(net), 6);
    for (size_t i = 0; net != NULL && i < 6 && i < fel_network_count_blocks(net); i++) {
        const fel_block_info *block = fel_network_block(net, i);
        CHECK_HAS(block->name, strrchr(names[i], '.'));
        CHECK_INT(block->rows, shapes[i][0]);
        CHECK_INT(block->cols, shapes[i][1]);
    }
    CHECK_INT(fel_network_state_size(net), 2 * (5 + 19));
    CHECK_NEAR(fel_network_count_flops(net), 2.0 * (4 * (20 * 8 + 76 * 24) + 2 * 19), 0.0);
    fel_network_destroy(net);
}

static void test_forget_gates_start_open(void)
{
    fel_network_config config = lstm_of("forget_bias=1.25", one, 0);
    fel_network *net = NULL;
    float params[512];
    CHECK_OK(fel_network_create(&net, &config));
    CHECK(net != NULL && fel_network_count_params(net) <= 512);
    if (net != NULL) {
        fel_network_init_f32(net, 9, params);
        const float *bias = params + fel_network_block(net, 1)->offset;
        for (size_t i = 0; i < 20; i++) {
            CHECK_SAME((double)bias[i], i >= 5 && i < 10 ? 1.25 : 0.0);
        }
    }
    fel_network_destroy(net);
}

/* What is not finite does not become a forecast. */
static void test_inputs_that_are_not_finite_show(void)
{
    static const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY};
    const fel_network_config config = lstm_of("", wide, 0);
    fel_network *net = NULL;
    fel_workspace *ws = NULL;
    double params[4096], row[12], out[2];
    const double *rows[] = {row};
    CHECK_OK(fel_network_create(&net, &config));
    CHECK_OK(fel_workspace_create_f64(&ws, net, 1));
    CHECK(fel_network_count_params(net) <= 4096);
    fel_network_init_f64(net, 3, params);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        for (size_t k = 0; k < 12; k++) {
            row[k] = k == 7 ? bad[i] : 0.3;
        }
        fel_network_forward_f64(net, params, rows, 3, 1, NULL, ws, out);
        CHECK(!isfinite(out[0]) && !isfinite(out[1]));
    }
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
}

static void test_lengths_of_zero_are_refused(void)
{
    fel_network *net = NULL;
    fel_network_config config = lstm_of("", one, 0);
    config.n_hidden = 0;
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "at least one hidden layer");
    config = lstm_of("", one, 0);
    config.hidden[0] = 0;
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_RANGE);
    config = lstm_of("", one, 0);
    config.sequence = 0;
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_RANGE);
    config = lstm_of("", one, 0);
    config.n_features = 0;
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_RANGE);
    config = lstm_of("", one, 0);
    config.params[0] = 1.5;
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "dropout");
    CHECK(net == NULL);
}

SUITE("models/lstm", TEST(test_gradients_of_one_layer), TEST(test_gradients_of_two_layers),
      TEST(test_gradients_with_dropout), TEST(test_gradients_of_one_row_and_one_unit),
      TEST(test_float_agrees_with_double), TEST(test_samples_are_by_themselves),
      TEST(test_row_by_row_is_the_same), TEST(test_stacked_layers_and_their_parameters),
      TEST(test_forget_gates_start_open), TEST(test_inputs_that_are_not_finite_show),
      TEST(test_lengths_of_zero_are_refused));
