/* models/unroll.c - what can be unrolled, and the memory for it. */
#include "feller/unroll.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "models/cut_internal.h"
#include "models/unroll_internal.h"

/* ---- the configuration ----------------------------------------------------------------------- */

static fel_status check_network(const fel_network *net)
{
    const char *name = net->config.code->info.name;
    if (net->config.code != &network_lstm && net->config.code != &network_mlp) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s cannot be unrolled over dates: only lstm and mlp can",
                         name);
    }
    if (net->config.sequence != 1) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "%s takes %zu rows at once: a date gives one (sequence = 1)", name,
                         net->config.sequence);
    }
    if (net->config.code == &network_lstm && !net->config.every_step) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "lstm gives outputs after the last row only: dates need every_step");
    }
    for (size_t i = 0; i < net->n_layers; i++) {
        if (net->layers[i].kind == &layer_dropout) {
            return FEL_RAISE(FEL_ERR_SHAPE,
                             "%s with dropout cannot be unrolled: a hedge is not drawn at random",
                             name);
        }
    }
    return FEL_OK;
}

static fel_status check_config(const fel_unroll_config *c)
{
    if (c->struct_size != sizeof(*c)) {
        return FEL_RAISE(FEL_ERR_ARG, "struct_size of fel_unroll_config is %u, not %zu",
                         c->struct_size, sizeof(*c));
    }
    if (c->network == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "there is no network to unroll");
    }
    FEL_TRY(check_network(c->network));
    if (c->n_dates < 1) {
        return FEL_RAISE(FEL_ERR_RANGE, "n_dates = 0: a network is unrolled over at least 1");
    }
    if (c->max_samples < 1 || c->max_samples > INT_MAX) {
        return FEL_RAISE(FEL_ERR_RANGE, "max_samples = %zu is not in [1, %d]", c->max_samples,
                         INT_MAX);
    }
    if (c->n_live > c->network->config.n_features) {
        return FEL_RAISE(FEL_ERR_RANGE, "n_live = %zu is not in [0, %zu], the inputs", c->n_live,
                         c->network->config.n_features);
    }
    return FEL_OK;
}

/* ---- the plan -------------------------------------------------------------------------------- */

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static const unroll_kind *kind_of(const layer *l)
{
    if (l->kind == &layer_lstm) {
        return &unroll_lstm;
    }
    const int is_plain = l->sizes[DENSE_ACTIVATION] == ACTIVATION_NONE;
    return is_plain && l->out_cols <= UNROLL_NARROW ? &unroll_narrow : &unroll_dense;
}

/* Layers begin with their weights. */
static void plan_layers(fel_unroll *u, const fel_network *net)
{
    size_t block = 0;
    u->n_layers = net->n_layers;
    for (size_t i = 0; i < net->n_layers; i++) {
        unroll_layer *l = &u->layers[i];
        l->layer = &net->layers[i];
        l->kind = kind_of(l->layer);
        l->live = i > 0 ? l->layer->in_cols : u->config.n_live;
        l->block = block;
        block += l->layer->n_blocks;
        l->kind->plan(l);
    }
}

/* Of `count` sets of `per_sample` x n + fixed numbers. */
static unroll_room cut_room(cutter *c, size_t count, size_t per_sample, size_t n, size_t fixed)
{
    const size_t before = c->used;
    unroll_room room = {cut(c, per_sample, n, fixed), 0};
    const size_t bytes = c->used - before;
    size_t more = 0;
    room.step = bytes / c->number_size;
    c->overflow |= __builtin_mul_overflow(bytes, count - 1, &more);
    c->overflow |= __builtin_add_overflow(c->used, more, &c->used);
    return room;
}

static void cut_layer(const fel_unroll *u, unroll_layer *l, cutter *c)
{
    const size_t n = u->config.max_samples;
    l->packed = cut_room(c, u->n_sets, 0, 0, l->packed_size);
    l->out = cut_room(c, u->n_slots, l->layer->out_cols, n, 0);
    l->kept = cut_room(c, u->n_slots, l->kept_size, n, 0);
    if (u->config.keeps) {
        l->gradient = cut_room(c, u->n_sets, 0, 0, l->gradient_size);
        l->turn = cut_room(c, 2, l->turn_size, n, 0);
        l->carry = cut(c, l->carry_size, n, 0);
    }
}

static void cut_all(fel_unroll *u, cutter *c)
{
    const size_t n = u->config.max_samples;
    size_t widest = 0, inputs = 0, slopes = 0;
    u->inputs = cut_room(c, u->n_slots, u->config.network->config.n_features, n, 0);
    for (size_t i = 0; i < u->n_layers; i++) {
        const layer_block *weight = &u->layers[i].layer->blocks[0];
        cut_layer(u, &u->layers[i], c);
        widest = larger(widest, i > 0 ? u->layers[i].live : 0);
        inputs = larger(inputs, weight->cols);
        slopes = larger(slopes, weight->rows);
    }
    if (u->config.keeps) {
        u->slopes = cut_room(c, 2, widest, n, 0);
        u->live = cut(c, u->config.n_live, n, 0);
        u->use_inputs = cut(c, inputs, n, 0);
        u->use_slopes = cut(c, slopes, n, 0);
    }
}

static fel_status take_memory(fel_unroll *u)
{
    const size_t number_size = u->precision == LAYER_F32 ? sizeof(float) : sizeof(double);
    cutter c = {.number_size = number_size};
    cut_all(u, &c);
    if (c.overflow) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu dates of %zu samples are more than any machine holds",
                         u->config.n_dates, u->config.max_samples);
    }
    u->memory = aligned_alloc(NETWORK_ALIGN, c.used);
    if (u->memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to unroll %zu dates of %zu samples",
                         u->config.n_dates, u->config.max_samples);
    }
    c = (cutter){.base = u->memory, .number_size = number_size};
    cut_all(u, &c);
    return FEL_OK;
}

/* Kept gradients begin with 0. */
static void clear_gradients(fel_unroll *u)
{
    const size_t number_size = u->precision == LAYER_F32 ? sizeof(float) : sizeof(double);
    for (size_t i = 0; i < u->n_layers; i++) {
        const unroll_room *room = &u->layers[i].gradient;
        memset(room->first, 0, room->step * u->n_sets * number_size);
    }
}

static fel_status create(fel_unroll **out, const fel_unroll_config *config,
                         layer_precision precision)
{
    FEL_TRY(check_config(config));
    fel_unroll *u = calloc(1, sizeof(*u));
    if (u == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to unroll a network");
    }
    u->config = *config;
    u->precision = precision;
    u->n_sets = config->per_date ? config->n_dates : 1;
    u->n_slots = config->keeps || config->n_dates < 2 ? config->n_dates : 2;
    plan_layers(u, config->network);
    const fel_status status = take_memory(u);
    if (status != FEL_OK) {
        fel_unroll_destroy(u);
        return status;
    }
    if (config->keeps) {
        clear_gradients(u);
    }
    *out = u;
    return FEL_OK;
}

fel_status fel_unroll_create_f32(fel_unroll **out, const fel_unroll_config *config)
{
    return create(out, config, LAYER_F32);
}

fel_status fel_unroll_create_f64(fel_unroll **out, const fel_unroll_config *config)
{
    return create(out, config, LAYER_F64);
}

void fel_unroll_destroy(fel_unroll *unroll)
{
    if (unroll != NULL) {
        free(unroll->memory);
        free(unroll);
    }
}

/* ---- questions ------------------------------------------------------------------------------- */

size_t fel_unroll_count_params(const fel_unroll *unroll)
{
    return unroll->n_sets * fel_network_count_params(unroll->config.network);
}

void fel_unroll_slopes_only(fel_unroll *unroll, int is_wanted)
{
    unroll->slopes_only = is_wanted;
}

/* Measured: products run at their best with 48 samples or more, and while what is kept of a block
 * is near; wide networks read so much of their weights that more samples do not matter. */
enum { FEWEST_SAMPLES = 64, MOST_SAMPLES = 256, NEAR_BYTES = 2 << 20 };

size_t fel_unroll_block(const fel_network *network, size_t n_dates)
{
    double numbers = (double)network->config.n_features;
    for (size_t i = 0; i < network->n_layers; i++) {
        unroll_layer l = {.layer = &network->layers[i], .kind = kind_of(&network->layers[i])};
        l.kind->plan(&l);
        numbers += (double)(l.kept_size + l.layer->out_cols);
    }
    size_t n = FEWEST_SAMPLES;
    while (n < MOST_SAMPLES &&
           numbers * (double)n_dates * (double)(2 * n * sizeof(float)) <= (double)NEAR_BYTES) {
        n *= 2;
    }
    return n;
}
