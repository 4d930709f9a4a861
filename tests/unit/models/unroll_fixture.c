/* tests/unit/models/unroll_fixture.c - samples that walk through the dates of an unrolled network.
 */
#include "tests/unit/models/unroll_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/models/network_check.h"

double *walk_numbers(size_t n)
{
    double *memory = calloc(n > 0 ? n : 1, sizeof(double));
    if (memory == NULL) {
        abort();
    }
    return memory;
}

double *walk_normals(size_t n, double centre, double sd, uint64_t seed)
{
    double *x = walk_numbers(n);
    rng_stream draws = rng_at(seed, UINT64_C(0x756e726f6c6c));
    for (size_t i = 0; i < n; i++) {
        x[i] = centre + sd * rng_normal(&draws);
    }
    return x;
}

fel_unroll_config walk_config(const walk_case *c, const fel_network *net)
{
    const fel_unroll_config config = {.struct_size = sizeof(config),
                                      .per_date = c->per_date,
                                      .network = net,
                                      .n_dates = c->n_dates,
                                      .max_samples = c->n,
                                      .n_live = c->n_live,
                                      .keeps = 1};
    return config;
}

fel_network *walk_network(const walk_case *c, size_t sequence)
{
    fel_network *net = NULL;
    fel_network_config config =
        network_config_of(c->code, c->settings, c->hidden, sequence, c->n_features);
    config.n_outputs = c->n_outputs;
    config.every_step = strcmp(c->code, "lstm") == 0;
    CHECK_OK(fel_network_create(&net, &config));
    if (net == NULL) {
        abort();
    }
    return net;
}

/* First values, and something added so that nothing is 0. */
static void fill_params(const walk *w, uint64_t seed)
{
    const size_t each = fel_network_count_params(w->net);
    double *noise = walk_normals(w->n_params, 0.0, 0.1, seed);
    for (size_t at = 0; at < w->n_params; at += each) {
        fel_network_init_f64(w->net, seed + at, w->params + at);
    }
    for (size_t i = 0; i < w->n_params; i++) {
        w->params[i] += noise[i];
    }
    free(noise);
}

walk walk_open(const walk_case *c, uint64_t seed)
{
    walk w = {.c = c, .net = walk_network(c, 1)};
    const fel_unroll_config config = walk_config(c, w.net);
    const size_t n_out = c->n_dates * c->n * c->n_outputs, n_start = c->n * c->n_live;
    CHECK_OK(fel_unroll_create_f64(&w.unroll, &config));
    if (w.unroll == NULL) {
        abort();
    }
    w.n_params = fel_unroll_count_params(w.unroll);
    CHECK_INT(w.n_params, fel_network_count_params(w.net) * (c->per_date ? c->n_dates : 1));
    w.params = walk_normals(w.n_params + n_start, 0.0, 0.4, seed);
    w.gradient = walk_numbers(w.n_params + n_start);
    memset(w.params, 0, w.n_params * sizeof(double));
    fill_params(&w, seed);
    w.given = walk_normals(c->n_dates * c->n * c->n_features, 0.1, 0.8, seed + 1);
    w.mix = walk_normals(c->n_live * c->n_outputs, 0.5, 0.3, seed + 2);
    w.linear = walk_normals(n_out, 0.0, 1.0, seed + 3);
    w.squared = walk_normals(n_out, 0.3, 0.5, seed + 4);
    w.outputs = walk_numbers(n_out);
    return w;
}

void walk_close(walk *w)
{
    double *const all[] = {w->params, w->gradient, w->given,  w->mix,
                           w->linear, w->squared,  w->outputs};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        free(all[i]);
    }
    fel_unroll_destroy(w->unroll);
    fel_network_destroy(w->net);
}

/* Inputs of sample i at a date. */
static void write_inputs(const walk *w, size_t date, size_t i, double *row)
{
    const walk_case *c = w->c;
    const size_t first = c->n_features - c->n_live;
    const double *given = w->given + (date * c->n + i) * c->n_features;
    const double *before = w->outputs + ((date > 0 ? date - 1 : 0) * c->n + i) * c->n_outputs;
    memcpy(row, given, first * sizeof(double));
    for (size_t k = 0; k < c->n_live; k++) {
        double x = date > 0 ? 0.0 : w->params[w->n_params + i * c->n_live + k];
        for (size_t m = 0; date > 0 && m < c->n_outputs; m++) {
            x += w->mix[k * c->n_outputs + m] * (before[m] + 0.2 * before[m] * before[m]);
        }
        row[first + k] = x;
    }
}

double walk_forward(const walk *w, fel_unroll *unroll, size_t from, size_t n, int is_new)
{
    const walk_case *c = w->c;
    const size_t n_out = c->n_outputs;
    double loss = 0.0;
    fel_unroll_begin_f64(unroll, w->params, n, is_new);
    for (size_t date = 0; date < c->n_dates; date++) {
        double *rows = fel_unroll_inputs_f64(unroll, date);
        for (size_t i = 0; i < n; i++) {
            write_inputs(w, date, from + i, rows + i * c->n_features);
        }
        const double *out = fel_unroll_forward_f64(unroll, date);
        const size_t at = (date * c->n + from) * n_out;
        memcpy(w->outputs + at, out, n * n_out * sizeof(double));
        for (size_t k = 0; k < n * n_out; k++) {
            loss += (w->linear[at + k] + w->squared[at + k] * out[k]) * out[k];
        }
    }
    return loss;
}

/* d_out += what comes through the live inputs of the date after. */
static void add_live(const walk *w, const double *live, const double *out, size_t n, double *d_out)
{
    const walk_case *c = w->c;
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < c->n_live; k++) {
            for (size_t m = 0; m < c->n_outputs; m++) {
                const size_t at = i * c->n_outputs + m;
                d_out[at] +=
                    live[i * c->n_live + k] * w->mix[k * c->n_outputs + m] * (1.0 + 0.4 * out[at]);
            }
        }
    }
}

void walk_backward(const walk *w, fel_unroll *unroll, size_t from, size_t n,
                   const fel_layer_sink *sink)
{
    const walk_case *c = w->c;
    const size_t n_out = c->n_outputs;
    double *d_out = walk_numbers(n * n_out);
    const double *live = NULL;
    for (size_t date = c->n_dates; date-- > 0;) {
        const size_t at = (date * c->n + from) * n_out;
        for (size_t k = 0; k < n * n_out; k++) {
            d_out[k] = w->linear[at + k] + 2.0 * w->squared[at + k] * w->outputs[at + k];
        }
        if (live != NULL) {
            add_live(w, live, w->outputs + at, n, d_out);
        }
        live = fel_unroll_backward_f64(unroll, date, d_out, sink);
        CHECK((live == NULL) == (c->n_live == 0));
    }
    if (live != NULL) {
        memcpy(w->gradient + w->n_params + from * c->n_live, live, n * c->n_live * sizeof(double));
    }
    free(d_out);
}
