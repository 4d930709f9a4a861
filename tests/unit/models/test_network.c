/* tests/unit/models/test_network.c - the table of networks, configurations that are refused,
 * blocks, shards, counts, memory that runs out. */
#include <stdlib.h>
#include <string.h>

#include <feller/model.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/network_check.h"

static const size_t two[] = {7, 5, 0};

static fel_network *network_of(const fel_network_config *config)
{
    fel_network *net = NULL;
    CHECK_OK(fel_network_create(&net, config));
    if (net == NULL) {
        abort();
    }
    return net;
}

/* ---- the table ------------------------------------------------------------------------------- */

static void test_every_class_makes_a_network(void)
{
    size_t n = 0;
    const fel_network_class *const *all = fel_network_classes(&n);
    CHECK(n >= 1);
    for (size_t i = 0; i < n; i++) {
        const fel_network_info *info = fel_network_class_info(all[i]);
        const fel_network_class *found = NULL;
        fel_network_config config = fel_network_config_default(all[i]);
        CHECK_OK(fel_network_find(info->name, &found));
        CHECK(found == all[i]);
        CHECK(strlen(info->summary) > 0 && info->n_params <= FEL_NETWORK_MAX_PARAMS);
        config.sequence = 4;
        config.n_features = 3;
        fel_network *net = network_of(&config);
        CHECK(fel_network_count_params(net) > 0);
        CHECK(fel_network_count_flops(net) > 0.0);
        CHECK_INT(fel_network_output_size(net), 1);
        CHECK_INT(fel_network_describe(net)->sequence, 4);
        fel_network_destroy(net);
    }
}

static void test_names_that_are_wrong(void)
{
    const fel_network_class *code = NULL;
    CHECK_STATUS(fel_network_find("mpl", &code), FEL_ERR_NOTFOUND);
    CHECK_TEXT(fel_last_error()->message, "no network \"mpl\"; did you mean \"mlp\"?");
    CHECK_STATUS(fel_network_find("perceptron", &code), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list models");
    CHECK(code == NULL);
}

/* ---- configurations -------------------------------------------------------------------------- */

static void check_refused(const fel_network_config *config, fel_status status, const char *message)
{
    fel_network *net = NULL;
    CHECK_STATUS(fel_network_create(&net, config), status);
    CHECK_TEXT(fel_last_error()->message, message);
    CHECK(net == NULL);
}

static void test_sizes_out_of_range(void)
{
    const fel_network_config good = network_config_of("mlp", "", two, 4, 3);
    fel_network_config c = good;
    c.sequence = 0;
    check_refused(&c, FEL_ERR_RANGE, "sequence = 0 is not in [1, 65536]");
    c = good;
    c.n_features = 65537;
    check_refused(&c, FEL_ERR_RANGE, "n_features = 65537 is not in [1, 65536]");
    c = good;
    c.n_outputs = (size_t)-1;
    check_refused(&c, FEL_ERR_RANGE, "n_outputs = 18446744073709551615 is not in [1, 65536]");
    c = good;
    c.hidden[1] = 0;
    check_refused(&c, FEL_ERR_RANGE, "hidden = 0 is not in [1, 65536]");
    c = good;
    c.n_hidden = 9;
    check_refused(&c, FEL_ERR_RANGE, "9 hidden layers are more than 8");
}

static void test_other_faults_of_a_configuration(void)
{
    const fel_network_config good = network_config_of("mlp", "", two, 4, 3);
    fel_network_config c = good;
    c.struct_size = 8;
    CHECK_STATUS(fel_network_create(NULL, &c), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "struct_size of fel_network_config is 8, not ");
    c = good;
    c.code = NULL;
    check_refused(&c, FEL_ERR_ARG, "the network has no class");
    c = good;
    c.params[1] = 0.96;
    check_refused(&c, FEL_ERR_RANGE, "dropout = 0.96 is not in [0, 0.95]");
    c = good;
    c.every_step = 1;
    check_refused(&c, FEL_ERR_SHAPE, "mlp gives outputs after the last row only, not every_step");
}

/* Before any memory is asked for: not even overcommitting could give these. */
static void test_absurd_sizes(void)
{
    const size_t wide[] = {65536, 65536, 0};
    fel_network_config c = network_config_of("mlp", "", wide, 1, 1);
    check_refused(&c, FEL_ERR_RANGE, "layer dense1 is too large: more than 268435456 numbers");
    c = network_config_of("mlp", "", two, 65536, 65536);
    check_refused(&c, FEL_ERR_RANGE, "layer flatten0 is too large: more than 268435456 numbers");
}

static void test_workspaces_that_are_refused(void)
{
    const fel_network_config c = network_config_of("mlp", "", two, 4, 3);
    fel_network *net = network_of(&c);
    fel_workspace *ws = NULL;
    CHECK_STATUS(fel_workspace_create_f32(&ws, net, 0), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "max_samples = 0 is not in [1, 536870911]");
    CHECK_STATUS(fel_workspace_create_f64(&ws, net, (size_t)1 << 40), FEL_ERR_RANGE);
    CHECK(ws == NULL);
    fel_workspace_destroy(NULL);
    fel_network_destroy(net);
    fel_network_destroy(NULL);
}

/* ---- what a network says --------------------------------------------------------------------- */

static void test_blocks_tile_the_parameters(void)
{
    static const struct {
        const char *name;
        fel_block_role role;
        int32_t layer;
        size_t rows, cols;
        double penalty;
    } want[] = {
        {"dense0.weight", FEL_BLOCK_WEIGHT, 1, 7, 12, 0.25},
        {"dense0.bias", FEL_BLOCK_BIAS, 1, 7, 1, 0.0},
        {"dense1.weight", FEL_BLOCK_WEIGHT, 2, 5, 7, 0.25},
        {"dense1.bias", FEL_BLOCK_BIAS, 2, 5, 1, 0.0},
        {"head0.weight", FEL_BLOCK_WEIGHT, 3, 2, 5, 0.25},
        {"head0.bias", FEL_BLOCK_BIAS, 3, 2, 1, 0.0},
    };
    fel_network_config c = network_config_of("mlp", "l2=0.25", two, 4, 3);
    c.n_outputs = 2;
    fel_network *net = network_of(&c);
    size_t at = 0;
    CHECK_INT(fel_network_count_blocks(net), 6);
    for (size_t i = 0; i < 6; i++) {
        const fel_block_info *b = fel_network_block(net, i);
        CHECK_TEXT(b->name, want[i].name);
        CHECK_INT(b->role, want[i].role);
        CHECK_INT(b->layer, want[i].layer);
        CHECK_INT(b->rows, want[i].rows);
        CHECK_INT(b->cols, want[i].cols);
        CHECK_SAME(b->penalty, want[i].penalty);
        CHECK_INT(b->offset, at);
        at += b->rows * b->cols;
    }
    CHECK_INT(fel_network_count_params(net), at);
    CHECK(fel_network_block(net, 6) == NULL);
    CHECK_SAME(fel_network_count_flops(net), 2.0 * (12 * 7 + 7 * 5 + 5 * 2));
    CHECK_INT(fel_network_state_size(net), 0);
    fel_network_destroy(net);
}

/* Nothing but the network and the batch decides; no shard is above 128 samples, and two threads
 * find work in all but the smallest batches. */
static void test_shards(void)
{
    const fel_network_config c = network_config_of("mlp", "", two, 4, 3);
    fel_network *net = network_of(&c);
    for (size_t n = 1; n < 3000; n += n < 300 ? 1 : 37) {
        const size_t shard = fel_network_shard(net, n);
        CHECK(shard >= 1 && shard <= n && shard <= 128);
        CHECK(n < 32 || (shard < n && shard % 16 == 0));
        CHECK(shard * (n / 64 + 2) >= n);
    }
    CHECK_INT(fel_network_shard(net, 256), 128);
    CHECK_INT(fel_network_shard(net, 1024), 128);
    CHECK_INT(fel_network_shard(net, 0), 1);
    fel_network_destroy(net);
}

static void test_one_row_at_a_time(void)
{
    fel_network_config c = network_config_of("mlp", "activation=gelu,dropout=0.5", two, 1, 3);
    c.n_outputs = 2;
    fel_network *net = network_of(&c);
    fel_workspace *ws = NULL;
    double params[256], want[2], got[2];
    const double row[] = {0.3, -1.7, 2.385};
    const double *const rows[] = {row};
    CHECK_OK(fel_workspace_create_f64(&ws, net, 1));
    CHECK(fel_network_count_params(net) <= 256);
    fel_network_init_f64(net, 3, params);
    fel_network_forward_f64(net, params, rows, 3, 1, NULL, ws, want);
    fel_network_step_f64(net, params, row, NULL, ws, got);
    CHECK_NEAR(got[0], want[0], 1e-15);
    CHECK_NEAR(got[1], want[1], 1e-15);
    CHECK(want[0] != 0.0 && want[1] != want[0]);
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_status make_network(void *payload, void **out)
{
    fel_network *net = NULL;
    FEL_TRY(fel_network_create(&net, payload));
    *out = net;
    return FEL_OK;
}

static void drop_network(void *made)
{
    fel_network_destroy(made);
}

static fel_status make_workspace(void *payload, void **out)
{
    fel_workspace *ws = NULL;
    FEL_TRY(fel_workspace_create_f32(&ws, payload, 10));
    *out = ws;
    return FEL_OK;
}

static void drop_workspace(void *made)
{
    fel_workspace_destroy(made);
}

enum { N_PREDICTED = 300 };

static fel_status make_prediction(void *payload, void **out)
{
    static float params[256], series[16], outputs[N_PREDICTED];
    static const float *rows[N_PREDICTED];
    (void)out;
    for (size_t i = 0; i < N_PREDICTED; i++) {
        rows[i] = series;
    }
    return fel_network_predict_f32(payload, params, rows, 3, N_PREDICTED, 2, outputs);
}

static void test_memory_that_runs_out(void)
{
    fel_network_config c = network_config_of("mlp", "", two, 4, 3);
    fel_network *net = network_of(&c);
    const failing_call calls[] = {
        {"fel_network_create", make_network, drop_network, &c},
        {"fel_workspace_create_f32", make_workspace, drop_workspace, net},
        {"fel_network_predict_f32", make_prediction, NULL, net},
    };
    for (size_t i = 0; i < 3; i++) {
        CHECK(check_failing_call(&calls[i]) >= 2);
    }
    fel_network_destroy(net);
}

SUITE("models/network", TEST(test_every_class_makes_a_network), TEST(test_names_that_are_wrong),
      TEST(test_sizes_out_of_range), TEST(test_other_faults_of_a_configuration),
      TEST(test_absurd_sizes), TEST(test_workspaces_that_are_refused),
      TEST(test_blocks_tile_the_parameters), TEST(test_shards), TEST(test_one_row_at_a_time),
      TEST(test_memory_that_runs_out));
