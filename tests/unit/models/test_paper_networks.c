/* tests/unit/models/test_paper_networks.c - paper_transformer and paper_lstm: what they are made
 * of, their penalties, gradients; bad sizes of all networks with attention. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

/* Blocks with names and sizes as keras counts them for the published networks. */
typedef struct block_row {
    const char *name;
    size_t rows, cols;
    double penalty;
} block_row;

static void check_blocks(const char *network, const block_row *rows, size_t n, size_t n_params)
{
    fel_network_config config = network_config_of(network, "", NULL, 3, 1);
    fel_network *net = NULL;
    CHECK_OK(fel_network_create(&net, &config));
    CHECK_INT(fel_network_count_blocks(net), n);
    CHECK_INT(fel_network_count_params(net), n_params);
    for (size_t i = 0; i < n; i++) {
        const fel_block_info *block = fel_network_block(net, i);
        CHECK_TEXT(block->name, rows[i].name);
        CHECK_INT(block->rows, rows[i].rows);
        CHECK_INT(block->cols, rows[i].cols);
        CHECK_SAME(block->penalty, rows[i].penalty);
    }
    fel_network_destroy(net);
}

/* keras' summary of a layer: 4 x 1 x 256 x 2 numbers for each of q, k, v less what has no bias
 * twice: 3 (1024 + 1024) + 1024 + 1 = 7169. */
static void test_paper_transformer_is_the_published_one(void)
{
    static const block_row rows[] = {
        {"attention0.qkv.weight", 3072, 1, 0.02},
        {"attention0.qkv.bias", 3072, 1, 0},
        {"attention0.out.weight", 1, 1024, 0.02},
        {"attention0.out.bias", 1, 1, 0},
        {"attention1.qkv.weight", 3072, 1, 0.02},
        {"attention1.qkv.bias", 3072, 1, 0},
        {"attention1.out.weight", 1, 1024, 0.02},
        {"attention1.out.bias", 1, 1, 0},
        {"head0.weight", 1, 3, 0},
        {"head0.bias", 1, 1, 0},
    };
    check_blocks("paper_transformer", rows, sizeof(rows) / sizeof(rows[0]), 2 * 7169 + 4);
}

/* keras: 4 H (F + H + 1) = 1052672, 787456, 197120 and 129. */
static void test_paper_lstm_is_the_published_one(void)
{
    static const block_row rows[] = {
        {"lstm0.weight", 2048, 513, 1e-6}, {"lstm0.bias", 2048, 1, 0},
        {"lstm1.weight", 1024, 768, 1e-6}, {"lstm1.bias", 1024, 1, 0},
        {"lstm2.weight", 512, 384, 1e-6},  {"lstm2.bias", 512, 1, 0},
        {"head0.weight", 1, 128, 0},       {"head0.bias", 1, 1, 0},
    };
    check_blocks("paper_lstm", rows, sizeof(rows) / sizeof(rows[0]),
                 1052672 + 787456 + 197120 + 129);
}

/* First values within keras' limits of its three-dimensional kernels, and filling them. */
static void test_first_values_have_keras_limits(void)
{
    static float params[2 * 7169 + 4];
    const fel_network_config config = network_config_of("paper_transformer", "", NULL, 3, 1);
    fel_network *net = NULL;
    CHECK_OK(fel_network_create(&net, &config));
    fel_network_init_f32(net, 3, params);
    double most_in = 0.0, most_out = 0.0;
    for (size_t i = 0; i < 3072; i++) {
        most_in = fmax(most_in, fabs((double)params[i]));
        CHECK_SAME((double)params[3072 + i], 0.0);
    }
    for (size_t i = 0; i < 1024; i++) {
        most_out = fmax(most_out, fabs((double)params[6144 + i]));
    }
    const double limit_in = sqrt(6.0 / 260.0), limit_out = sqrt(6.0 / 1028.0);
    CHECK(most_in <= limit_in && most_in > 0.99 * limit_in);
    CHECK(most_out <= limit_out && most_out > 0.99 * limit_out);
    fel_network_destroy(net);
}

static const fel_dropout draws = {.seed = 1, .step = 1, .first_sample = 0};

static void test_gradients_are_slopes(void)
{
    static const size_t hidden[] = {5, 4, 3, 0};
    const struct {
        const char *network, *settings;
        size_t features, outputs, n;
    } cases[] = {
        {"paper_transformer", "heads=2,key_width=6,dropout=0.3,head=linear", 1, 1, 3},
        {"paper_transformer", "heads=3,key_width=8,layers=1,head=linear", 2, 2, 1},
        {"paper_transformer", "heads=2,key_width=3,head=relu", 1, 1, 3},
        {"paper_lstm", "head=linear", 1, 1, 3},
        {"paper_lstm", "head=relu", 2, 2, 3},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const int is_lstm = strcmp(cases[i].network, "paper_lstm") == 0;
        fel_network_config config = network_config_of(
            cases[i].network, cases[i].settings, is_lstm ? hidden : NULL, 3, cases[i].features);
        config.n_outputs = cases[i].outputs;
        const network_check check = {.name = cases[i].settings,
                                     .config = &config,
                                     .n = cases[i].n,
                                     .seed = 4 + i,
                                     .step = 2e-4,
                                     .dropout = &draws};
        check_network_gradient(&check);
    }
}

static void test_relu_head_is_never_negative(void)
{
    static const float inputs[] = {0.013F, -0.021F, 0.005F, 0.3F, -0.4F};
    const fel_network_config config = network_config_of("paper_transformer", "", NULL, 3, 1);
    fel_network *net = NULL;
    fel_workspace *ws = NULL;
    static float params[2 * 7169 + 4];
    const float *rows[] = {inputs, inputs + 1, inputs + 2};
    CHECK_OK(fel_network_create(&net, &config));
    CHECK_OK(fel_workspace_create_f32(&ws, net, 3));
    int n_positive = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        float outputs[3];
        fel_network_init_f32(net, seed, params);
        fel_network_forward_f32(net, params, rows, 1, 3, NULL, ws, outputs);
        for (size_t i = 0; i < 3; i++) {
            CHECK(outputs[i] >= 0.0F);
            n_positive += outputs[i] > 0.0F;
        }
    }
    CHECK(n_positive > 5 && n_positive < 55);
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
}

static void test_sizes_that_do_not_fit(void)
{
    fel_network *net = NULL;
    fel_network_config config = network_config_of("transformer", "d_model=30,heads=4", NULL, 5, 2);
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "heads = 4 does not divide d_model = 30");
    config = network_config_of("transformer", "d_model=4096,heads=4,ff_ratio=16,layers=24", NULL,
                               65000, 2);
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_RANGE);
    config = network_config_of("paper_transformer", "heads=256,key_width=4096", NULL, 3, 65000);
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_RANGE);
    config = network_config_of("paper_lstm", "", NULL, 3, 1);
    config.n_hidden = 0;
    CHECK_STATUS(fel_network_create(&net, &config), FEL_ERR_SHAPE);
    CHECK(net == NULL);
}

SUITE("models/paper_networks", TEST(test_paper_transformer_is_the_published_one),
      TEST(test_paper_lstm_is_the_published_one), TEST(test_first_values_have_keras_limits),
      TEST(test_gradients_are_slopes), TEST(test_relu_head_is_never_negative),
      TEST(test_sizes_that_do_not_fit));
