/* tests/unit/models/test_train_kfac.c - what layers report of their way back, and trainings by
 * Kronecker-factored curvature: bits, interruptions, losses and networks of every kind, and that it
 * gets further in as many steps as Adam. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"
#include "tests/unit/models/optimizer_fixture.h"
#include "tests/unit/models/train_fixture.h"

/* ---- what layers report ---------------------------------------------------------------------- */

/* Products of slopes and inputs over all uses: the gradient of weights; sums of slopes: of biases.
 */
typedef struct tally {
    const fel_network *net;
    double *gradient;
    size_t n_uses, last_block, last_date;
    int is_in_order;
} tally;

static void add_use(void *payload, const fel_layer_use *use)
{
    tally *t = payload;
    const fel_block_info *b = fel_network_block(t->net, use->block);
    const double *inputs = use->inputs, *slopes = use->slopes;
    CHECK(b->role == FEL_BLOCK_WEIGHT);
    t->is_in_order =
        t->is_in_order && (t->n_uses == 0 || use->block < t->last_block ||
                           (use->block == t->last_block && use->date + 1 == t->last_date));
    t->n_uses++;
    t->last_block = use->block;
    t->last_date = use->date;
    for (size_t i = 0; i < use->n; i++) {
        for (size_t r = 0; r < b->rows; r++) {
            const double slope = slopes[i * b->rows + r];
            t->gradient[b->offset + b->rows * b->cols + r] += slope;
            for (size_t c = 0; c < b->cols; c++) {
                t->gradient[b->offset + r * b->cols + c] += slope * inputs[i * b->cols + c];
            }
        }
    }
}

enum { USES_SAMPLES = 5, USES_ROWS = 4, USES_FEATURES = 3, USES_PARAMS = 2048 };

static void check_uses(const char *class_name, const char *settings, const size_t *hidden,
                       size_t n_uses)
{
    static double params[USES_PARAMS], gradient[USES_PARAMS], told[USES_PARAMS];
    double data[USES_SAMPLES * USES_ROWS * USES_FEATURES], outputs[USES_SAMPLES];
    const double *rows[USES_SAMPLES];
    const double cotangents[USES_SAMPLES] = {0.7, -1.3, 0.2, 2.1, -0.4};
    const fel_network_config config =
        network_config_of(class_name, settings, hidden, USES_ROWS, USES_FEATURES);
    fel_network *net = NULL;
    fel_workspace *ws = NULL;
    CHECK_OK(fel_network_create(&net, &config));
    CHECK_OK(fel_workspace_create_f64(&ws, net, USES_SAMPLES));
    const size_t n = fel_network_count_params(net);
    CHECK(n <= USES_PARAMS);
    rng_stream random = rng_at(3, 3);
    for (size_t i = 0; i < (size_t)USES_SAMPLES * USES_ROWS * USES_FEATURES; i++) {
        data[i] = rng_normal(&random);
    }
    for (size_t i = 0; i < USES_SAMPLES; i++) {
        rows[i] = data + i * USES_ROWS * USES_FEATURES;
    }
    fel_network_init_f64(net, 5, params);
    memset(gradient, 0, sizeof(gradient));
    memset(told, 0, sizeof(told));
    tally t = {.net = net, .gradient = told, .is_in_order = 1};
    const fel_layer_sink sink = {&t, add_use};
    fel_workspace_watch(ws, &sink);
    fel_network_forward_f64(net, params, rows, USES_FEATURES, USES_SAMPLES, NULL, ws, outputs);
    fel_network_backward_f64(net, params, cotangents, ws, gradient, NULL);
    CHECK_INT(t.n_uses, n_uses);
    CHECK(t.is_in_order);
    for (size_t i = 0; i < n; i++) {
        CHECK_NEAR(told[i], gradient[i], 1e-12 * (1.0 + fabs(gradient[i])));
    }
    /* Nobody watches any more. */
    fel_workspace_watch(ws, NULL);
    fel_network_backward_f64(net, params, cotangents, ws, gradient, NULL);
    CHECK_INT(t.n_uses, n_uses);
    fel_workspace_destroy(ws);
    fel_network_destroy(net);
}

static void test_uses_make_up_the_gradient(void)
{
    static const size_t one[] = {7, 0}, two[] = {6, 5, 0}, wide[] = {18, 3, 0};
    check_uses("mlp", "", two, 3);
    check_uses("mlp", "activation=gelu", one, 2);
    check_uses("lstm", "", one, USES_ROWS + 1);
    check_uses("lstm", "", wide, 2 * USES_ROWS + 1);
}

/* ---- bits ------------------------------------------------------------------------------------ */

/* What a training ends with. */
typedef struct ending {
    float last[2048];
    fel_train_curve curve[64];
    size_t n_params, n_epochs;
    double loss;
} ending;

static ending ending_of(fel_trainer *trainer)
{
    ending e;
    memset(&e, 0, sizeof(e));
    const fel_train_result *r = fel_trainer_result(trainer);
    CHECK(r->n_params <= 2048 && r->n_epochs <= 64);
    e.n_params = r->n_params;
    e.n_epochs = r->n_epochs;
    memcpy(e.last, r->last_params, r->n_params * sizeof(float));
    memcpy(e.curve, r->curve, r->n_epochs * sizeof(*r->curve));
    e.loss = r->n_epochs > 0 ? r->curve[r->n_epochs - 1].train_loss : (double)NAN;
    fel_trainer_destroy(trainer);
    return e;
}

static void use_network(world *w, const char *class_name, const char *settings,
                        const size_t *hidden)
{
    const fel_network_config config =
        network_config_of(class_name, settings, hidden, WORLD_SEQUENCE, WORLD_FEATURES);
    fel_network_destroy(w->net);
    CHECK_OK(fel_network_create(&w->net, &config));
    w->config.network = w->net;
}

static const char *const all_settings[] = {
    "", "damping_kind=tikhonov,factors_every=2,inverses_every=3",
    "time_model=option1,split_gates=true", "time_model=option2,curvature=fisher",
    "momentum_kind=fixed,learning_rate=0.1,clip=0.01,weight_decay=0.001"};
enum { N_SETTINGS = 5 };

static void test_threads_change_no_bits(void)
{
    static const char *const losses[] = {"mse", "mae", "negative_mean_variance"};
    static const size_t hidden[] = {9, 0};
    world *w = world_create(0.4, 0.0);
    use_network(w, "lstm", "l2=0.001", hidden);
    w->config.batch = 300;
    w->config.n_epochs = 4;
    for (size_t k = 0; k < N_SETTINGS; k++) {
        w->config.optimizer = optimizer_of("kfac", all_settings[k]);
        CHECK_OK(fel_loss_find(losses[k % 3], &w->config.loss));
        w->config.n_threads = 1;
        const ending alone = ending_of(world_train(w));
        for (int n = 2; n < 4; n++) {
            w->config.n_threads = n;
            const ending together = ending_of(world_train(w));
            CHECK(memcmp(&alone, &together, sizeof(alone)) == 0);
        }
    }
    world_destroy(w);
}

typedef struct interruption {
    volatile int flag;
    double at;
} interruption;

static void interrupt(void *payload, const char *what, double done, double total)
{
    interruption *i = payload;
    (void)what;
    (void)total;
    i->flag = done >= i->at;
}

static ending train_in_pieces(const world *w, const char *path)
{
    static const double stops[] = {3, 7, 15, 1e9};
    interruption i = {0, 0.0};
    fel_trainer *trainer = NULL;
    fel_train_config config = w->config;
    config.checkpoint_path = path;
    config.checkpoint_every_s = 1e9;
    config.resume = 1;
    config.stop_flag = &i.flag;
    config.progress = interrupt;
    config.progress_payload = &i;
    for (int k = 0; k < 4; k++) {
        i.flag = 0;
        i.at = stops[k];
        CHECK_OK(fel_trainer_create(&trainer, &config, &w->train, &w->validation));
        CHECK_STATUS(fel_trainer_run(trainer), k < 3 ? FEL_ERR_STOPPED : FEL_OK);
        if (k < 3) {
            fel_trainer_destroy(trainer);
        }
    }
    (void)remove(path);
    return ending_of(trainer);
}

static void test_a_resumed_training_has_the_bits_of_an_uninterrupted_one(void)
{
    static const size_t hidden[] = {9, 4, 0};
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/kfac.h5", scratch_folder());
    world *w = world_create(0.4, 0.0);
    use_network(w, "lstm", "dropout=0.1", hidden);
    w->config.n_epochs = 3;
    for (size_t k = 0; k < N_SETTINGS; k++) {
        w->config.optimizer = optimizer_of("kfac", all_settings[k]);
        w->config.optimizer.average = (fel_average_kind)(k % FEL_AVERAGE_N_KINDS);
        w->config.average_from = 0.3;
        const ending whole = ending_of(world_train(w)), pieces = train_in_pieces(w, path);
        CHECK(memcmp(&whole, &pieces, sizeof(whole)) == 0);
    }
    world_destroy(w);
}

/* ---- that it learns -------------------------------------------------------------------------- */

static double loss_after(world *w, const char *name, const char *settings)
{
    w->config.optimizer = optimizer_of(name, settings);
    return ending_of(world_train(w)).loss;
}

/* The best of Adam's learning rates against kfac as it is, in as many steps of an LSTM. */
static void test_as_many_steps_get_further_than_those_of_adam(void)
{
    static const char *const rates[] = {"learning_rate=0.001", "learning_rate=0.003",
                                        "learning_rate=0.01", "learning_rate=0.03",
                                        "learning_rate=0.1"};
    static const size_t hidden[] = {12, 0};
    double best = (double)INFINITY;
    world *w = world_create(0.0, 0.0);
    use_network(w, "lstm", "", hidden);
    w->config.batch = 0;
    w->config.n_epochs = 50;
    for (int k = 0; k < 5; k++) {
        best = fmin(best, loss_after(w, "adam", rates[k]));
    }
    const double ours = loss_after(w, "kfac", "");
    CHECK(ours < 0.25 * best);
    world_destroy(w);
}

/* Losses of all kinds go down, and so they do for networks whose layers report nothing. */
static void test_losses_and_networks_of_every_kind_are_trained(void)
{
    static const struct {
        const char *network, *settings, *loss;
        size_t hidden[3];
    } cases[] = {
        {"mlp", "", "mse", {12, 0}},
        {"mlp", "activation=gelu", "mae", {12, 0}},
        {"lstm", "", "huber", {8, 0}},
        {"lstm", "", "negative_sharpe", {8, 0}},
        {"paper_lstm", "", "log_cosh", {8, 0}},
        {"transformer", "d_model=8,heads=2,layers=1", "mse", {0}},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        world *w = world_create(0.2, 0.0);
        use_network(w, cases[k].network, cases[k].settings,
                    cases[k].hidden[0] > 0 ? cases[k].hidden : NULL);
        CHECK_OK(fel_loss_find(cases[k].loss, &w->config.loss));
        w->config.optimizer = optimizer_of("kfac", "");
        w->config.n_epochs = 8;
        const ending e = ending_of(world_train(w));
        CHECK_INT(e.n_epochs, 8);
        CHECK(e.loss < e.curve[0].train_loss);
        world_destroy(w);
    }
}

SUITE("models/train_kfac", TEST(test_uses_make_up_the_gradient), TEST(test_threads_change_no_bits),
      TEST(test_a_resumed_training_has_the_bits_of_an_uninterrupted_one),
      TEST(test_as_many_steps_get_further_than_those_of_adam),
      TEST(test_losses_and_networks_of_every_kind_are_trained));
