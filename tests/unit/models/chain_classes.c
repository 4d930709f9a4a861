/* tests/unit/models/chain_classes.c - classes of networks made for tests of single layers. */
#define FEL_MODULE_MODELS
#include "tests/unit/models/chain_classes.h"

const char *const chain_pools[CHAIN_N_POOLS] = {"last", "mean", "flatten", "mean_cols"};
static const layer_kind *const pools[CHAIN_N_POOLS] = {&layer_last, &layer_mean, &layer_flatten,
                                                       &layer_mean_cols};

static const fel_param_spec params[] = {
    [CHAIN_POOL] = {"pool", FEL_PARAM_CHOICE, 0, 0, 3, "last|mean|flatten|mean_cols", "The pool"},
    [CHAIN_RATE] = {"rate", FEL_PARAM_REAL, 0.0, 0.0, 0.99, NULL, "Of dropout"},
};

static fel_status add(network_build *build, const layer_kind *kind, size_t outputs, double rate)
{
    layer *l = network_add(build, kind, kind->name);
    if (l != NULL) {
        l->sizes[DENSE_OUTPUTS] = outputs;
        l->sizes[DENSE_ACTIVATION] = rate < 0.0 ? ACTIVATION_TANH : ACTIVATION_NONE;
        l->rate = rate;
    }
    return network_plan(build, l);
}

static fel_status build_chain(network_build *build, const fel_network_config *config)
{
    FEL_TRY(add(build, &layer_dense, 5, -1.0));
    FEL_TRY(add(build, &layer_dropout, 0, config->params[CHAIN_RATE]));
    FEL_TRY(add(build, pools[(size_t)config->params[CHAIN_POOL]], 0, 0.0));
    return add(build, &layer_dense, config->n_outputs, 0.0);
}

static fel_status build_dropout(network_build *build, const fel_network_config *config)
{
    return add(build, &layer_dropout, 0, config->params[CHAIN_RATE]);
}

#define CHAIN_INFO(class_name)                                                                     \
    .info = {.name = class_name,                                                                   \
             .summary = "For tests",                                                               \
             .params = params,                                                                     \
             .n_params = 2,                                                                        \
             .takes_every_step = 1}

const fel_network_class chain_sample_major = {CHAIN_INFO("chain"), .build = build_chain};
const fel_network_class chain_time_major = {CHAIN_INFO("chain"), .time_major = 1,
                                            .build = build_chain};
const fel_network_class chain_dropout = {CHAIN_INFO("dropout"), .build = build_dropout};
const fel_network_class chain_dropout_time_major = {CHAIN_INFO("dropout"), .time_major = 1,
                                                    .build = build_dropout};
