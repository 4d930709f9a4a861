/* models/network_lstm.c - LSTM layers one above the other and a dense head on the last, or on
 * every, row. */
#include "models/layer_internal.h"

enum { P_DROPOUT = 0, P_FORGET_BIAS, P_L2, N_PARAMS };

static const fel_param_spec params[N_PARAMS] = {
    [P_DROPOUT] =
        {"dropout", FEL_PARAM_REAL, 0.0, 0.0, 0.95, NULL,
         "Share of an LSTM layer's outputs that a training step hides from the next layer"},
    [P_FORGET_BIAS] = {"forget_bias", FEL_PARAM_REAL, 1.0, -10.0, 10.0, NULL,
                       "What the biases of forget gates start at"},
    [P_L2] = {"l2", FEL_PARAM_REAL, 0.0, 0.0, 1.0, NULL,
              "Added to the loss: this times the sum of squared weights"},
};

static fel_status add_lstm(network_build *build, const fel_network_config *config, uint32_t i)
{
    layer *l = network_add(build, &layer_lstm, "lstm");
    if (l != NULL) {
        l->sizes[LSTM_UNITS] = config->hidden[i];
        l->sizes[LSTM_LAST_ALONE] = i + 1 == config->n_hidden && !config->every_step;
        l->value = config->params[P_FORGET_BIAS];
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

static fel_status build_lstm(network_build *build, const fel_network_config *config)
{
    if (config->n_hidden == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "lstm needs at least one hidden layer");
    }
    for (uint32_t i = 0; i < config->n_hidden; i++) {
        FEL_TRY(add_lstm(build, config, i));
        if (config->params[P_DROPOUT] > 0.0 && i + 1 < config->n_hidden) {
            FEL_TRY(add_dropout(build, config->params[P_DROPOUT]));
        }
    }
    layer *head = network_add(build, &layer_dense, "head");
    if (head != NULL) {
        head->sizes[DENSE_OUTPUTS] = config->n_outputs;
        head->penalty = config->params[P_L2];
    }
    return network_plan(build, head);
}

static const size_t hidden[] = {64};

const fel_network_class network_lstm = {
    .info = {.name = "lstm",
             .summary = "LSTM layers, then a dense head on the last row or on every one",
             .params = params,
             .n_params = N_PARAMS,
             .takes_hidden = 1,
             .hidden = hidden,
             .n_hidden = sizeof(hidden) / sizeof(hidden[0]),
             .takes_every_step = 1},
    .time_major = 1,
    .build = build_lstm,
};
