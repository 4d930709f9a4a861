/* models/network_paper.c - the networks of "Alternative Loss Function in Evaluation of Transformer
 * Models" (arXiv 2507.16548), as its authors' code has them.
 *
 * paper_lstm: LSTM 512, 256, 128, L2 penalty 1e-6 on their kernels, a dense head.
 * paper_transformer: twice x = attention(x, x), 4 heads of width 256, dropout 0.3 on the weights,
 * L2 penalty 0.02 on the kernels; the mean over features, which leaves a number for each row; a
 * dense head. It has no positions, no residual sums, no norm and no feed-forward part. The heads
 * are ReLU in that code; a linear one, which some published forecasts need, is there too. */
#include "models/layer_internal.h"

enum { HEAD_IS_RELU = 0, HEAD_IS_LINEAR = 1 };
#define HEAD_DOC "What follows the last dense layer; relu: forecasts are never negative"

static fel_status add_head(network_build *build, size_t n_outputs, int kind)
{
    layer *l = network_add(build, &layer_dense, "head");
    if (l != NULL) {
        l->sizes[DENSE_OUTPUTS] = n_outputs;
        l->sizes[DENSE_ACTIVATION] =
            kind == HEAD_IS_RELU ? (size_t)ACTIVATION_RELU : (size_t)ACTIVATION_NONE;
        l->sizes[DENSE_GLOROT] = 1;
    }
    return network_plan(build, l);
}

/* ---- transformer ----------------------------------------------------------------------------- */

enum { T_HEADS = 0, T_KEY_WIDTH, T_LAYERS, T_DROPOUT, T_L2, T_HEAD, T_N_PARAMS };

static const fel_param_spec transformer_params[T_N_PARAMS] = {
    [T_HEADS] = {"heads", FEL_PARAM_INTEGER, 4, 1, 256, NULL, "Heads of attention"},
    [T_KEY_WIDTH] = {"key_width", FEL_PARAM_INTEGER, 256, 1, 4096, NULL,
                     "Width of a head's queries, keys and values"},
    [T_LAYERS] = {"layers", FEL_PARAM_INTEGER, 2, 1, 16, NULL, "Layers of attention"},
    [T_DROPOUT] = {"dropout", FEL_PARAM_REAL, 0.3, 0.0, 0.95, NULL,
                   "Share of attention's weights that a training step leaves out"},
    [T_L2] = {"l2", FEL_PARAM_REAL, 0.02, 0.0, 1.0, NULL,
              "Added to the loss: this times the sum of attention's squared weights"},
    [T_HEAD] = {"head", FEL_PARAM_CHOICE, 0, 0, 1, "relu|linear", HEAD_DOC},
};

static fel_status build_paper_transformer(network_build *build, const fel_network_config *config)
{
    const double *p = config->params;
    for (int i = 0; i < (int)p[T_LAYERS]; i++) {
        layer *l = network_add(build, &layer_attention, "attention");
        if (l != NULL) {
            l->sizes[ATTENTION_HEADS] = (size_t)p[T_HEADS];
            l->sizes[ATTENTION_WIDTH] = (size_t)p[T_KEY_WIDTH];
            l->rate = p[T_DROPOUT];
            l->penalty = p[T_L2];
        }
        FEL_TRY(network_plan(build, l));
    }
    layer *mean = network_add(build, &layer_mean_cols, "mean");
    FEL_TRY(network_plan(build, mean));
    return add_head(build, config->n_outputs, (int)p[T_HEAD]);
}

const fel_network_class network_paper_transformer = {
    .info = {.name = "paper_transformer",
             .summary = "Attention alone, as in arXiv 2507.16548: no positions, residuals or norm",
             .params = transformer_params,
             .n_params = T_N_PARAMS},
    .build = build_paper_transformer,
};

/* ---- LSTM ------------------------------------------------------------------------------------ */

enum { L_L2 = 0, L_HEAD, L_N_PARAMS };

static const fel_param_spec lstm_params[L_N_PARAMS] = {
    [L_L2] = {"l2", FEL_PARAM_REAL, 1e-6, 0.0, 1.0, NULL,
              "Added to the loss: this times the sum of the LSTM's squared weights"},
    [L_HEAD] = {"head", FEL_PARAM_CHOICE, 0, 0, 1, "relu|linear", HEAD_DOC},
};

/* keras' unit_forget_bias, which is on by default. */
#define KERAS_FORGET_BIAS 1.0

static fel_status build_paper_lstm(network_build *build, const fel_network_config *config)
{
    if (config->n_hidden == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "paper_lstm needs at least one hidden layer");
    }
    for (uint32_t i = 0; i < config->n_hidden; i++) {
        layer *l = network_add(build, &layer_lstm, "lstm");
        if (l != NULL) {
            l->sizes[LSTM_UNITS] = config->hidden[i];
            l->sizes[LSTM_LAST_ALONE] = i + 1 == config->n_hidden;
            l->value = KERAS_FORGET_BIAS;
            l->penalty = config->params[L_L2];
        }
        FEL_TRY(network_plan(build, l));
    }
    return add_head(build, config->n_outputs, (int)config->params[L_HEAD]);
}

static const size_t lstm_hidden[] = {512, 256, 128};

const fel_network_class network_paper_lstm = {
    .info = {.name = "paper_lstm",
             .summary = "Three LSTM layers, as in arXiv 2507.16548",
             .params = lstm_params,
             .n_params = L_N_PARAMS,
             .takes_hidden = 1,
             .hidden = lstm_hidden,
             .n_hidden = sizeof(lstm_hidden) / sizeof(lstm_hidden[0])},
    .time_major = 1,
    .build = build_paper_lstm,
};
