/* models/network.c - making a network: its configuration is checked, its class appends layers, and
 * their blocks are laid out one after the other in the flat vector of parameters. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/gemm_internal.h"
#include "models/network_internal.h"

/* ---- the configuration ----------------------------------------------------------------------- */

static fel_status check_size(const char *name, size_t value)
{
    if (value < 1 || value > NETWORK_MAX_SIZE) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s = %zu is not in [1, %d]", name, value,
                         (int)NETWORK_MAX_SIZE);
    }
    return FEL_OK;
}

static fel_status check_hidden(const fel_network_config *c)
{
    const fel_network_info *info = &c->code->info;
    if (!info->takes_hidden) {
        return c->n_hidden == 0
                   ? FEL_OK
                   : FEL_RAISE(FEL_ERR_SHAPE, "%s has no hidden layers to size", info->name);
    }
    if (c->n_hidden > FEL_NETWORK_MAX_LAYERS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%u hidden layers are more than %d", c->n_hidden,
                         (int)FEL_NETWORK_MAX_LAYERS);
    }
    for (uint32_t i = 0; i < c->n_hidden; i++) {
        FEL_TRY(check_size("hidden", c->hidden[i]));
    }
    return FEL_OK;
}

static fel_status check_config(const fel_network_config *c)
{
    if (c->struct_size != sizeof(*c)) {
        return FEL_RAISE(FEL_ERR_ARG, "struct_size of fel_network_config is %u, not %zu",
                         c->struct_size, sizeof(*c));
    }
    if (c->code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "the network has no class");
    }
    const fel_network_info *info = &c->code->info;
    for (size_t i = 0; i < info->n_params; i++) {
        FEL_TRY(fel_param_check(&info->params[i], c->params[i]));
    }
    FEL_TRY(check_size("sequence", c->sequence));
    FEL_TRY(check_size("n_features", c->n_features));
    FEL_TRY(check_size("n_outputs", c->n_outputs));
    if (c->every_step && !info->takes_every_step) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s gives outputs after the last row only, not every_step",
                         info->name);
    }
    return check_hidden(c);
}

/* ---- the chain ------------------------------------------------------------------------------- */

static size_t count_named(const fel_network *net, const char *name)
{
    const size_t length = strlen(name);
    size_t n = 0;
    for (size_t i = 0; i < net->n_layers; i++) {
        const char *other = net->layers[i].name;
        n += strncmp(other, name, length) == 0 &&
             strspn(other + length, "0123456789") == strlen(other + length);
    }
    return n;
}

layer *network_add(network_build *build, const layer_kind *kind, const char *name)
{
    fel_network *net = build->net;
    if (net->n_layers == NETWORK_MAX_LAYERS) {
        return NULL;
    }
    layer *l = &net->layers[net->n_layers];
    const layer *before = l - 1;
    const int is_first = net->n_layers == 0;
    *l = (layer){.kind = kind,
                 .place = (uint32_t)net->n_layers,
                 .time_major = net->config.code->time_major,
                 .in_rows = is_first ? net->config.sequence : before->out_rows,
                 .in_cols = is_first ? net->config.n_features : before->out_cols};
    (void)snprintf(l->name, sizeof(l->name), "%s%zu", name, count_named(net, name));
    net->n_layers++;
    return l;
}

static fel_status too_large(const layer *l)
{
    return FEL_RAISE(FEL_ERR_RANGE, "layer %s is too large: more than %d numbers", l->name,
                     (int)NETWORK_MAX_NUMBERS);
}

/* Offsets of the blocks within the layer, of the layer within the network. */
static fel_status place_blocks(fel_network *net, layer *l)
{
    for (size_t i = 0; i < l->n_blocks; i++) {
        layer_block *b = &l->blocks[i];
        size_t size = 0;
        if (__builtin_mul_overflow(b->rows, b->cols, &size) || size > NETWORK_MAX_NUMBERS) {
            return too_large(l);
        }
        b->offset = l->n_params;
        l->n_params += size;
    }
    l->offset = net->n_params;
    net->n_params += l->n_params;
    return net->n_params > NETWORK_MAX_NUMBERS ? too_large(l) : FEL_OK;
}

fel_status network_plan(network_build *build, layer *l)
{
    if (l == NULL) {
        return FEL_RAISE(FEL_ERR_RANGE, "the network would have more than %d layers",
                         (int)NETWORK_MAX_LAYERS);
    }
    fel_network *net = build->net;
    FEL_TRY(l->kind->plan(l));
    size_t out = 0;
    if (__builtin_mul_overflow(l->out_rows, l->out_cols, &out) || out > NETWORK_MAX_NUMBERS) {
        return too_large(l);
    }
    FEL_TRY(place_blocks(net, l));
    net->n_blocks += l->n_blocks;
    net->state_size += l->state_size;
    net->can_step = net->can_step && l->kind->step[LAYER_F32] != NULL;
    net->flops += l->flops;
    return FEL_OK;
}

/* ---- blocks for the caller ------------------------------------------------------------------- */

static fel_status name_blocks(fel_network *net)
{
    if (net->n_blocks == 0) {
        return FEL_OK;
    }
    net->blocks = calloc(net->n_blocks, sizeof(*net->blocks));
    net->block_names = calloc(net->n_blocks, sizeof(*net->block_names));
    if (net->blocks == NULL || net->block_names == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a table of %zu blocks", net->n_blocks);
    }
    size_t n = 0;
    for (size_t i = 0; i < net->n_layers; i++) {
        const layer *l = &net->layers[i];
        for (size_t k = 0; k < l->n_blocks; k++, n++) {
            const layer_block *b = &l->blocks[k];
            (void)snprintf(net->block_names[n], sizeof(net->block_names[n]), "%s.%s", l->name,
                           b->name);
            net->blocks[n] = (fel_block_info){.name = net->block_names[n],
                                              .role = b->role,
                                              .layer = (int32_t)i,
                                              .offset = l->offset + b->offset,
                                              .rows = b->rows,
                                              .cols = b->cols,
                                              .penalty = b->penalty};
        }
    }
    return FEL_OK;
}

/* A class ends with as many outputs as were asked for. */
static fel_status check_end(const fel_network *net)
{
    const fel_network_config *c = &net->config;
    const layer *last = net->n_layers > 0 ? &net->layers[net->n_layers - 1] : NULL;
    const size_t rows = c->every_step ? c->sequence : 1;
    if (last == NULL || last->out_rows != rows || last->out_cols != c->n_outputs) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "the chain of %s does not end in %zu x %zu outputs",
                         c->code->info.name, rows, c->n_outputs);
    }
    return FEL_OK;
}

static fel_status build_network(fel_network *net)
{
    network_build build = {net};
    net->can_step = 1;
    FEL_TRY(net->config.code->build(&build, &net->config));
    FEL_TRY(check_end(net));
    if (!net->can_step) {
        net->state_size = 0;
    }
    return name_blocks(net);
}

fel_status fel_network_create(fel_network **out, const fel_network_config *config)
{
    FEL_TRY(check_config(config));
    FEL_TRY(gemm_open());
    fel_network *net = calloc(1, sizeof(*net));
    if (net == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a network");
    }
    net->config = *config;
    const fel_status status = build_network(net);
    if (status != FEL_OK) {
        fel_network_destroy(net);
        return status;
    }
    *out = net;
    return FEL_OK;
}

void fel_network_destroy(fel_network *net)
{
    if (net != NULL) {
        free(net->blocks);
        free(net->block_names);
        free(net);
    }
}
