/* models/workspace.c - the memory of a pass: one allocation, cut into aligned arrays. */
#include <limits.h>
#include <stdlib.h>

#include "models/cut_internal.h"
#include "models/network_internal.h"

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void cut_all(fel_workspace *ws, const fel_network *net, cutter *c)
{
    const size_t n = ws->max_samples;
    size_t widest = net->layers[0].in_rows * net->layers[0].in_cols;
    size_t scratch = 0, scratch_fixed = 0;
    ws->input = cut(c, widest, n, 0);
    for (size_t i = 0; i < net->n_layers; i++) {
        const layer *l = &net->layers[i];
        ws->outs[i] = cut(c, l->out_rows * l->out_cols, n, 0);
        ws->caches[i] = cut(c, l->cache_size, n, l->cache_fixed);
        widest = larger(widest, l->out_rows * l->out_cols);
        scratch = larger(scratch, l->scratch_size);
        scratch_fixed = larger(scratch_fixed, l->scratch_fixed);
    }
    ws->slopes[0] = cut(c, widest, n, 0);
    ws->slopes[1] = cut(c, widest, n, 0);
    ws->scratch = cut(c, scratch, n, scratch_fixed);
}

/* Rows of all samples together are a size that OpenBLAS takes as an int. */
static fel_status check_samples(const fel_network *net, size_t max_samples)
{
    size_t rows = net->config.sequence;
    for (size_t i = 0; i < net->n_layers; i++) {
        rows = larger(rows, net->layers[i].out_rows);
    }
    if (max_samples < 1 || max_samples > (size_t)INT_MAX / rows) {
        return FEL_RAISE(FEL_ERR_RANGE, "max_samples = %zu is not in [1, %zu] for %zu rows each",
                         max_samples, (size_t)INT_MAX / rows, rows);
    }
    return FEL_OK;
}

static fel_status take_memory(fel_workspace *ws, const fel_network *net)
{
    const size_t number_size = ws->precision == LAYER_F32 ? sizeof(float) : sizeof(double);
    cutter c = {.number_size = number_size};
    cut_all(ws, net, &c);
    if (!c.overflow) {
        ws->memory = aligned_alloc(NETWORK_ALIGN, c.used);
    }
    if (ws->memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a pass over %zu samples", ws->max_samples);
    }
    c = (cutter){.base = ws->memory, .number_size = number_size};
    cut_all(ws, net, &c);
    return FEL_OK;
}

static fel_status create(fel_workspace **out, const fel_network *net, size_t max_samples,
                         layer_precision precision)
{
    FEL_TRY(check_samples(net, max_samples));
    fel_workspace *ws = calloc(1, sizeof(*ws));
    if (ws == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a workspace");
    }
    ws->precision = precision;
    ws->max_samples = max_samples;
    const fel_status status = take_memory(ws, net);
    if (status != FEL_OK) {
        fel_workspace_destroy(ws);
        return status;
    }
    *out = ws;
    return FEL_OK;
}

fel_status fel_workspace_create_f32(fel_workspace **out, const fel_network *net, size_t max_samples)
{
    return create(out, net, max_samples, LAYER_F32);
}

fel_status fel_workspace_create_f64(fel_workspace **out, const fel_network *net, size_t max_samples)
{
    return create(out, net, max_samples, LAYER_F64);
}

void fel_workspace_destroy(fel_workspace *ws)
{
    if (ws != NULL) {
        free(ws->memory);
        free(ws);
    }
}

void fel_workspace_watch(fel_workspace *ws, const fel_layer_sink *sink)
{
    ws->sink = sink != NULL ? *sink : (fel_layer_sink){NULL, NULL};
}

layer_pass workspace_pass(const fel_workspace *ws, const layer *l)
{
    const layer_pass pass = {.layer = l,
                             .n = ws->n,
                             .in = l->place == 0 ? ws->input : ws->outs[l->place - 1],
                             .out = ws->outs[l->place],
                             .cache = ws->caches[l->place],
                             .scratch = ws->scratch,
                             .dropout = ws->has_dropout ? &ws->dropout : NULL,
                             .sink = ws->sink.use != NULL ? &ws->sink : NULL};
    return pass;
}
