/* models/network_transformer.c - a pre-norm transformer encoder over a window.
 *
 * Where the last row is what the head reads, the last block computes that row alone and the norm
 * after it is of that row: the same function, without work whose result nobody reads. */
#include "models/layer_internal.h"

enum {
    P_D_MODEL = 0,
    P_HEADS,
    P_LAYERS,
    P_FF_RATIO,
    P_DROPOUT,
    P_POSITIONS,
    P_POOL,
    P_ACTIVATION,
    P_CAUSAL,
    P_L2,
    N_PARAMS
};

enum { POSITIONS_ARE_SINUSOIDAL = 0, POSITIONS_ARE_LEARNED = 1, POSITIONS_ARE_NONE = 2 };
/* On a processor with 1 MB of second-level cache, 160 to 480 rows were within 15 % of each other
 * and 1000 or more up to 40 % slower (widths 32 to 128). */
enum { SHARD_ROWS = 320 };
enum { POOL_IS_LAST = 0, POOL_IS_MEAN = 1 };

static const fel_param_spec params[N_PARAMS] = {
    [P_D_MODEL] = {"d_model", FEL_PARAM_INTEGER, 32, 1, 4096, NULL,
                   "Width of a row between the blocks; a multiple of heads"},
    [P_HEADS] = {"heads", FEL_PARAM_INTEGER, 4, 1, 256, NULL, "Heads of attention"},
    [P_LAYERS] = {"layers", FEL_PARAM_INTEGER, 2, 1, 24, NULL, "Encoder blocks"},
    [P_FF_RATIO] = {"ff_ratio", FEL_PARAM_REAL, 4, 0.25, 16, NULL,
                    "Width of the feed-forward part over d_model; rounded to a whole width"},
    [P_DROPOUT] = {"dropout", FEL_PARAM_REAL, 0.0, 0.0, 0.95, NULL,
                   "Share left out in training: of attention's weights and output, in the "
                   "feed-forward part and of its output"},
    [P_POSITIONS] = {"positions", FEL_PARAM_CHOICE, 0, 0, 2, "sinusoidal|learned|none",
                     "What is added to a row to tell its place"},
    [P_POOL] = {"pool", FEL_PARAM_CHOICE, 0, 0, 1, "last|mean", "The row that the head reads"},
    [P_ACTIVATION] = {"activation", FEL_PARAM_CHOICE, 0, 0, 1, "gelu|relu",
                      "Of the feed-forward part"},
    [P_CAUSAL] = {"causal", FEL_PARAM_BOOL, 0, 0, 1, NULL,
                  "A row attends to itself and earlier ones only"},
    [P_L2] = {"l2", FEL_PARAM_REAL, 0.0, 0.0, 1.0, NULL,
              "Added to the loss: this times the sum of squared weights"},
};

static fel_status add_dense(network_build *build, const double *p, const char *name, size_t n)
{
    layer *l = network_add(build, &layer_dense, name);
    if (l != NULL) {
        l->sizes[DENSE_OUTPUTS] = n;
        l->penalty = p[P_L2];
    }
    return network_plan(build, l);
}

static fel_status add_plain(network_build *build, const layer_kind *kind)
{
    layer *l = network_add(build, kind, kind->name);
    return network_plan(build, l);
}

static fel_status add_positions(network_build *build, const double *p)
{
    if ((int)p[P_POSITIONS] == POSITIONS_ARE_NONE) {
        return FEL_OK;
    }
    layer *l = network_add(build, &layer_positions, "positions");
    if (l != NULL) {
        l->sizes[POSITIONS_LEARNED] = (int)p[P_POSITIONS] == POSITIONS_ARE_LEARNED;
    }
    return network_plan(build, l);
}

static size_t ff_width(const double *p)
{
    const double width = p[P_D_MODEL] * p[P_FF_RATIO] + 0.5;
    return width < 1.0 ? 1 : (size_t)width;
}

static fel_status add_encoder(network_build *build, const double *p, int last_alone)
{
    layer *l = network_add(build, &layer_encoder, "encoder");
    if (l != NULL) {
        l->sizes[ENCODER_HEADS] = (size_t)p[P_HEADS];
        l->sizes[ENCODER_FF] = ff_width(p);
        l->sizes[ENCODER_CAUSAL] = p[P_CAUSAL] != 0.0;
        l->sizes[ENCODER_ACTIVATION] =
            (int)p[P_ACTIVATION] == 0 ? (size_t)ACTIVATION_GELU : (size_t)ACTIVATION_RELU;
        l->sizes[ENCODER_LAST] = last_alone != 0;
        l->rate = p[P_DROPOUT];
        l->penalty = p[P_L2];
    }
    return network_plan(build, l);
}

static fel_status build_transformer(network_build *build, const fel_network_config *config)
{
    const double *p = config->params;
    const int n_layers = (int)p[P_LAYERS], is_last = (int)p[P_POOL] == POOL_IS_LAST;
    FEL_TRY(add_dense(build, p, "input", (size_t)p[P_D_MODEL]));
    FEL_TRY(add_positions(build, p));
    for (int i = 0; i < n_layers; i++) {
        FEL_TRY(add_encoder(build, p, is_last && i + 1 == n_layers));
    }
    FEL_TRY(add_plain(build, &layer_norm));
    if (!is_last) {
        FEL_TRY(add_plain(build, &layer_mean));
    }
    return add_dense(build, p, "head", config->n_outputs);
}

const fel_network_class network_transformer = {
    .info = {.name = "transformer",
             .summary = "A pre-norm transformer encoder: attention and feed-forward blocks",
             .params = params,
             .n_params = N_PARAMS},
    .shard_rows = SHARD_ROWS,
    .build = build_transformer,
};
