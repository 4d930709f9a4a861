/* models/network_mlp.c - dense layers one after the other over all numbers of a window. */
#include "models/layer_internal.h"

enum { P_ACTIVATION = 0, P_DROPOUT, P_L2, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [P_ACTIVATION] = {"activation", FEL_PARAM_CHOICE, 0, 0, 2, "relu|tanh|gelu",
                      "What follows each hidden layer"},
    [P_DROPOUT] = {"dropout", FEL_PARAM_REAL, 0.0, 0.0, 0.95, NULL,
                   "Share of a hidden layer's outputs that a training step leaves out"},
    [P_L2] = {"l2", FEL_PARAM_REAL, 0.0, 0.0, 1.0, NULL,
              "Added to the loss: this times the sum of squared weights"},
};

static fel_status add_flatten(network_build *build)
{
    layer *l = network_add(build, &layer_flatten, "flatten");
    return network_plan(build, l);
}

static fel_status add_dense(network_build *build, const fel_network_config *config,
                            const char *name, size_t n, activation kind)
{
    layer *l = network_add(build, &layer_dense, name);
    if (l != NULL) {
        l->sizes[DENSE_OUTPUTS] = n;
        l->sizes[DENSE_ACTIVATION] = (size_t)kind;
        l->penalty = config->params[P_L2];
    }
    return network_plan(build, l);
}

static fel_status add_dropout(network_build *build, double rate)
{
    layer *l = network_add(build, &layer_dropout, "dropout");
    if (l != NULL) {
        l->rate = rate;
    }
    return network_plan(build, l);
}

static fel_status build_mlp(network_build *build, const fel_network_config *config)
{
    static const activation kinds[] = {ACTIVATION_RELU, ACTIVATION_TANH, ACTIVATION_GELU};
    const activation kind = kinds[(size_t)config->params[P_ACTIVATION]];
    const double rate = config->params[P_DROPOUT];
    if (config->sequence > 1) {
        FEL_TRY(add_flatten(build));
    }
    for (uint32_t i = 0; i < config->n_hidden; i++) {
        FEL_TRY(add_dense(build, config, "dense", config->hidden[i], kind));
        if (rate > 0.0) {
            FEL_TRY(add_dropout(build, rate));
        }
    }
    return add_dense(build, config, "head", config->n_outputs, ACTIVATION_NONE);
}

static const size_t hidden[] = {64, 32};

const fel_network_class network_mlp = {
    .info = {.name = "mlp",
             .summary = "Dense layers over all numbers of a window; none hidden: a linear model",
             .params = params,
             .n_params = N_PARAMS,
             .takes_hidden = 1,
             .hidden = hidden,
             .n_hidden = sizeof(hidden) / sizeof(hidden[0])},
    .build = build_mlp,
};
