/* tests/unit/models/layer_classes.c - classes of networks that are one layer. */
#define FEL_MODULE_MODELS
#include "tests/unit/models/layer_classes.h"

#include <string.h>

static const fel_param_spec params[LAYER_N_PARAMS] = {
    [LAYER_HEADS] = {"heads", FEL_PARAM_INTEGER, 1, 1, 64, NULL, "Heads"},
    [LAYER_WIDTH] = {"width", FEL_PARAM_INTEGER, 1, 1, 512, NULL, "Of a head; of the encoder's ff"},
    [LAYER_CAUSAL] = {"causal", FEL_PARAM_BOOL, 0, 0, 1, NULL, "Earlier rows only"},
    [LAYER_RATE] = {"rate", FEL_PARAM_REAL, 0, 0, 0.99, NULL, "Of dropout"},
    [LAYER_LEARNED] = {"learned", FEL_PARAM_BOOL, 0, 0, 1, NULL, "Positions"},
};

static fel_status build_norm(network_build *build, const fel_network_config *config)
{
    (void)config;
    return network_plan(build, network_add(build, &layer_norm, "norm"));
}

static fel_status build_positions(network_build *build, const fel_network_config *config)
{
    layer *l = network_add(build, &layer_positions, "positions");
    if (l != NULL) {
        l->sizes[POSITIONS_LEARNED] = config->params[LAYER_LEARNED] != 0.0;
    }
    return network_plan(build, l);
}

static fel_status build_attention(network_build *build, const fel_network_config *config)
{
    layer *l = network_add(build, &layer_attention, "attention");
    if (l != NULL) {
        l->sizes[ATTENTION_HEADS] = (size_t)config->params[LAYER_HEADS];
        l->sizes[ATTENTION_WIDTH] = (size_t)config->params[LAYER_WIDTH];
        l->sizes[ATTENTION_CAUSAL] = config->params[LAYER_CAUSAL] != 0.0;
        l->rate = config->params[LAYER_RATE];
    }
    return network_plan(build, l);
}

static fel_status build_encoder(network_build *build, const fel_network_config *config)
{
    layer *l = network_add(build, &layer_encoder, "encoder");
    if (l != NULL) {
        l->sizes[ENCODER_HEADS] = (size_t)config->params[LAYER_HEADS];
        l->sizes[ENCODER_FF] = (size_t)config->params[LAYER_WIDTH];
        l->sizes[ENCODER_CAUSAL] = config->params[LAYER_CAUSAL] != 0.0;
        l->sizes[ENCODER_ACTIVATION] = ACTIVATION_GELU;
        l->rate = config->params[LAYER_RATE];
    }
    return network_plan(build, l);
}

#define LAYER_CLASS(class_name)                                                                    \
    {                                                                                              \
        .info = {.name = #class_name,                                                              \
                 .summary = "For tests",                                                           \
                 .params = params,                                                                 \
                 .n_params = LAYER_N_PARAMS,                                                       \
                 .takes_every_step = 1},                                                           \
        .build = build_##class_name                                                                \
    }

const fel_network_class layer_class_norm = LAYER_CLASS(norm);
const fel_network_class layer_class_positions = LAYER_CLASS(positions);
const fel_network_class layer_class_attention = LAYER_CLASS(attention);
const fel_network_class layer_class_encoder = LAYER_CLASS(encoder);

fel_network_config layer_config(const fel_network_class *code, size_t rows, size_t cols,
                                const double values[LAYER_N_PARAMS])
{
    fel_network_config config = fel_network_config_default(code);
    config.sequence = rows;
    config.n_features = config.n_outputs = cols;
    config.every_step = 1;
    memcpy(config.params, values, LAYER_N_PARAMS * sizeof(double));
    return config;
}
