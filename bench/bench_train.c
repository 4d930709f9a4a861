/* bench/bench_train.c - a training step (forward, backward, Adam; mean squared error on the last
 * step) of LSTMs and transformers on 8 features, on one and two threads, with torch's beside; the
 * share of OpenBLAS' rate on the same products; and forecasts of a single sample.
 *
 * Each repetition is the fastest of some steps, theirs as ours, so that a machine shared with
 * others disturbs it least. `bench_train WORD` runs the rows whose name has the word. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"
#include "bench/train_hand.h"

enum { N_FEATURES = 8, N_LAYERS = 2, N_HEADS = 4, FF_RATIO = 4, MOST_PRODUCTS = 8 };

static const size_t sequences[] = {20, 60}, batches[] = {64, 256, 1024};
enum { N_SEQUENCES = 2, N_BATCHES = 3, N_THREADS = 2, N_GRID = N_SEQUENCES * N_BATCHES };

/* ---- networks -------------------------------------------------------------------------------- */

typedef struct train_case {
    size_t width, sequence, batch;
    int n_threads;
} train_case;

typedef struct train_kind {
    const char *name; /* the class's, and what the peer is told */
    const size_t *widths;
    size_t n_widths;
    void (*configure)(fel_network_config *config, size_t width);
    size_t (*products)(const train_case *c, train_product *out);
} train_kind;

static void configure_lstm(fel_network_config *config, size_t width)
{
    config->hidden[0] = width;
    config->n_hidden = 1;
}

static size_t products_lstm(const train_case *c, train_product *out)
{
    out[0] = (train_product){c->batch, 4 * c->width, N_FEATURES + c->width, (double)c->sequence};
    return 1;
}

static void set_param(fel_network_config *config, const char *name, const char *value)
{
    const fel_network_info *info = fel_network_class_info(config->code);
    size_t i = 0;
    MUST(fel_param_find(info->params, info->n_params, name, &i));
    MUST(fel_param_parse(&info->params[i], value, &config->params[i]));
}

static void configure_transformer(fel_network_config *config, size_t width)
{
    char text[32];
    (void)snprintf(text, sizeof(text), "%zu", width);
    set_param(config, "d_model", text);
    set_param(config, "heads", "4");
    set_param(config, "layers", "2");
    set_param(config, "ff_ratio", "4");
    set_param(config, "positions", "learned");
    set_param(config, "activation", "relu");
}

/* Of every row, also those that ours leaves out because nothing reads them. */
static size_t products_transformer(const train_case *c, train_product *out)
{
    const size_t d = c->width, rows = c->batch * c->sequence, head = d / N_HEADS;
    const double pairs = (double)(N_LAYERS * c->batch * N_HEADS);
    const train_product all[] = {
        {rows, d, N_FEATURES, 1.0},
        {rows, 3 * d, d, N_LAYERS},
        {rows, d, d, N_LAYERS},
        {rows, FF_RATIO * d, d, N_LAYERS},
        {rows, d, FF_RATIO * d, N_LAYERS},
        {c->sequence, c->sequence, head, pairs},
        {c->sequence, head, c->sequence, pairs},
    };
    memcpy(out, all, sizeof(all));
    return sizeof(all) / sizeof(all[0]);
}

static const size_t lstm_widths[] = {50, 128, 256}, transformer_widths[] = {32, 64, 128};
static const train_kind kinds[] = {
    {"lstm", lstm_widths, 3, configure_lstm, products_lstm},
    {"transformer", transformer_widths, 3, configure_transformer, products_transformer},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static fel_network_config config_of(const train_kind *kind, size_t width, size_t sequence)
{
    const fel_network_class *code = NULL;
    MUST(fel_network_find(kind->name, &code));
    fel_network_config config = fel_network_config_default(code);
    config.sequence = sequence;
    config.n_features = N_FEATURES;
    kind->configure(&config, width);
    return config;
}

/* ---- training steps -------------------------------------------------------------------------- */

typedef struct train_run {
    train_step *step;
    int n_steps;
} train_run;

static double fastest_step(void *self)
{
    const train_run *run = self;
    double best = HUGE_VAL;
    for (int i = 0; i < run->n_steps; i++) {
        const double start = wall_seconds();
        (void)train_step_run(run->step);
        best = fmin(best, wall_seconds() - start);
    }
    return best;
}

/* Steps a repetition: about a fifth of a second of ours, three at least. */
static int steps_for(train_step *step)
{
    const double start = wall_seconds();
    (void)train_step_run(step);
    (void)train_step_run(step);
    const double each = 0.5 * (wall_seconds() - start);
    return each > 0.1 ? 2 : each < 0.004 ? 50 : (int)(0.2 / each);
}

static double sgemm_seconds(const train_kind *kind, const train_case *c)
{
    train_product products[MOST_PRODUCTS];
    const size_t n = kind->products(c, products);
    double total = 0.0;
    for (size_t i = 0; i < n; i++) {
        total += train_product_seconds(&products[i]);
    }
    return total / c->n_threads;
}

static void time_case(const train_kind *kind, const train_case *c, timing *ours, timing *theirs)
{
    const fel_network_config config = config_of(kind, c->width, c->sequence);
    char argument[96];
    train_run run = {.step = train_step_create(&config, c->batch, c->n_threads)};
    run.n_steps = steps_for(run.step);
    (void)snprintf(argument, sizeof(argument), "%s:%zu:%zu:%zu:%d:%d", kind->name, c->width,
                   c->sequence, c->batch, c->n_threads, run.n_steps);
    python_peer *peer = python_peer_start("train_torch.py", argument);
    const contender mine = {fastest_step, &run};
    const contender torch = {peer != NULL ? python_peer_run : NULL, peer};
    time_in_turn(mine, torch, ours, theirs);
    python_peer_stop(peer);
    train_step_destroy(run.step);
}

static void print_step(const train_kind *kind, const train_case *c, timing ours, timing theirs)
{
    char name[96];
    const double sgemm = sgemm_seconds(kind, c);
    (void)snprintf(name, sizeof(name), "%s %zu, %zu rows, batch %zu, %d thread%s", kind->name,
                   c->width, c->sequence, c->batch, c->n_threads, c->n_threads > 1 ? "s" : "");
    const bench_row row = {
        .bench = "train",
        .name = name,
        .value = 1e3 * ours.median_s,
        .unit = "ms a step",
        .peer = theirs.median_s > 0.0 ? "torch" : NULL,
        .peer_value = 1e3 * theirs.median_s,
        .smaller_is_better = 1,
        .limit = sgemm > 0.0 ? "sgemm's rate" : NULL,
        .limit_value = 1e3 * sgemm,
        .spread = ours.spread,
    };
    print_row(&row);
}

/* What a target is set for: the mean over sequences and batches. */
static void print_mean(const train_kind *kind, const train_case *c, double log_ours,
                       double log_theirs)
{
    char name[96];
    (void)snprintf(name, sizeof(name), "%s %zu, geometric mean, %d thread%s", kind->name, c->width,
                   c->n_threads, c->n_threads > 1 ? "s" : "");
    const bench_row row = {
        .bench = "train",
        .name = name,
        .value = 1e3 * exp(log_ours / N_GRID),
        .unit = "ms a step",
        .peer = isfinite(log_theirs) ? "torch" : NULL,
        .peer_value = 1e3 * exp(log_theirs / N_GRID),
        .smaller_is_better = 1,
    };
    print_row(&row);
}

static void run_width(const train_kind *kind, size_t width, int n_threads)
{
    double log_ours = 0.0, log_theirs = 0.0;
    train_case c = {width, 0, 0, n_threads};
    for (size_t i = 0; i < N_GRID; i++) {
        timing ours, theirs = {0};
        c.sequence = sequences[i / N_BATCHES];
        c.batch = batches[i % N_BATCHES];
        time_case(kind, &c, &ours, &theirs);
        print_step(kind, &c, ours, theirs);
        log_ours += log(ours.median_s);
        log_theirs += log(theirs.median_s);
    }
    print_mean(kind, &c, log_ours, log_theirs);
}

/* ---- one sample ------------------------------------------------------------------------------ */

enum { LIVE_UNITS = 64, LIVE_ROWS = 20, LIVE_REPEATS = 2000 };

typedef struct live_run {
    fel_network *net;
    fel_workspace *ws;
    float *params, *state, rows[LIVE_ROWS * N_FEATURES];
} live_run;

static double step_seconds(void *self)
{
    live_run *r = self;
    float output = 0.0F;
    const double start = wall_seconds();
    for (int i = 0; i < LIVE_REPEATS; i++) {
        fel_network_step_f32(r->net, r->params, r->rows, r->state, r->ws, &output);
    }
    return (wall_seconds() - start) / LIVE_REPEATS;
}

static double window_seconds(void *self)
{
    live_run *r = self;
    const float *rows[] = {r->rows};
    float output = 0.0F;
    const double start = wall_seconds();
    for (int i = 0; i < LIVE_REPEATS; i++) {
        fel_network_forward_f32(r->net, r->params, rows, N_FEATURES, 1, NULL, r->ws, &output);
    }
    return (wall_seconds() - start) / LIVE_REPEATS;
}

static void print_live(const char *name, double (*run)(void *self), live_run *r)
{
    const contender ours = {run, r}, nobody = {NULL, NULL};
    timing time, none;
    time_in_turn(ours, nobody, &time, &none);
    const bench_row row = {.bench = "train",
                           .name = name,
                           .value = 1e6 * time.median_s,
                           .unit = "us",
                           .smaller_is_better = 1,
                           .spread = time.spread};
    print_row(&row);
}

static void run_live(void)
{
    const fel_network_config config = config_of(&kinds[0], LIVE_UNITS, LIVE_ROWS);
    live_run r = {.net = NULL};
    MUST(fel_network_create(&r.net, &config));
    MUST(fel_workspace_create_f32(&r.ws, r.net, 1));
    r.params = calloc(fel_network_count_params(r.net), sizeof(float));
    r.state = calloc(fel_network_state_size(r.net), sizeof(float));
    if (r.params != NULL && r.state != NULL) {
        fel_network_init_f32(r.net, 1, r.params);
        for (size_t i = 0; i < (size_t)LIVE_ROWS * N_FEATURES; i++) {
            r.rows[i] = 0.01F * (float)(i % 37) - 0.2F;
        }
        print_live("lstm 64, one sample, one more row", step_seconds, &r);
        print_live("lstm 64, one sample, window of 20 rows", window_seconds, &r);
    }
    free(r.params);
    free(r.state);
    fel_workspace_destroy(r.ws);
    fel_network_destroy(r.net);
}

/* ---- all ------------------------------------------------------------------------------------- */

/* Is "lstm 50" in or begun by the word, or is there none? */
static int is_asked_for(const char *word, const char *name, size_t width)
{
    char full[64];
    (void)snprintf(full, sizeof(full), "%s %zu", name, width);
    return word == NULL || strstr(full, word) != NULL;
}

int main(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (!is_wanted("train")) {
        return 0;
    }
    if (is_asked_for(word, "live", LIVE_UNITS)) {
        run_live();
    }
    for (size_t k = 0; k < N_KINDS; k++) {
        for (size_t w = 0; w < kinds[k].n_widths; w++) {
            const size_t width = kinds[k].widths[w];
            for (int n = 1; n <= N_THREADS && is_asked_for(word, kinds[k].name, width); n++) {
                run_width(&kinds[k], width, n);
            }
        }
    }
    return 0;
}
