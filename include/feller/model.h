/* feller/model.h - networks that forecast and hedge: what they are, how they start, forward and
 * backward through them.
 *
 * A network is an immutable description over one flat vector of parameters, which the caller owns
 * (checkpoints, optimisers and averages work on it). What a pass needs besides is in a workspace,
 * one a thread or shard. float is for production; double, compiled from the same sources, for
 * gradient checks and parity tests. A batch is worked on in shards whose size depends on the
 * network and the batch alone; gradients summed over shards in their order are the same bits for
 * any number of threads. */
#ifndef FEL_MODEL_H
#define FEL_MODEL_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* ---- networks -------------------------------------------------------------------------------- */

enum { FEL_NETWORK_MAX_LAYERS = 8, FEL_NETWORK_MAX_PARAMS = 16 };

/* A kind of network as a table row: mlp, lstm, transformer, paper_lstm, paper_transformer. */
typedef struct fel_network_class fel_network_class;

typedef struct fel_network_info {
    const char *name;    /* "lstm" */
    const char *summary; /* one line, no full stop */
    const fel_param_spec *params;
    size_t n_params;
    int takes_hidden;     /* fel_network_config.hidden is read: sizes of its layers */
    const size_t *hidden; /* its default, n_hidden numbers */
    uint32_t n_hidden;
    int takes_every_step; /* can give outputs after each row; can be stepped */
} fel_network_info;

FEL_API const fel_network_class *const *fel_network_classes(size_t *n);
FEL_API const fel_network_info *fel_network_class_info(const fel_network_class *code);
/* ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_network_find(const char *name, const fel_network_class **out);

typedef struct fel_network_config {
    uint32_t struct_size;
    uint32_t n_hidden;
    const fel_network_class *code;
    size_t hidden[FEL_NETWORK_MAX_LAYERS];
    double params[FEL_NETWORK_MAX_PARAMS]; /* in the order of the class's table */
    size_t sequence;                       /* rows of a sample, oldest first */
    size_t n_features;                     /* numbers in a row */
    size_t n_outputs;
    int every_step; /* outputs after each row instead of after the last */
    int reserved;
} fel_network_config;

/* A class with its defaults, sequence 1, 1 feature, 1 output. */
FEL_API fel_network_config fel_network_config_default(const fel_network_class *code);

typedef struct fel_network fel_network;

/* ERR_RANGE with the name and what is allowed; ERR_SHAPE for sizes that do not go together (heads
 * that do not divide the width); absurd sizes are refused before anything is allocated. */
FEL_API FEL_NODISCARD fel_status fel_network_create(fel_network **out,
                                                    const fel_network_config *config);
FEL_API void fel_network_destroy(fel_network *net); /* NULL is allowed */
FEL_API const fel_network_config *fel_network_describe(const fel_network *net);

/* Outputs of one sample: n_outputs, times sequence with every_step (row by row). */
FEL_API size_t fel_network_output_size(const fel_network *net);

/* One matrix or vector within the flat parameters. */
typedef enum fel_block_role {
    FEL_BLOCK_WEIGHT = 0, /* rows x cols, row-major: outputs x inputs */
    FEL_BLOCK_BIAS = 1,   /* rows x 1 */
    FEL_BLOCK_SCALE = 2,  /* of a layer norm, rows x 1 */
    FEL_BLOCK_TABLE = 3   /* learned positions: rows x cols */
} fel_block_role;

typedef struct fel_block_info {
    const char *name; /* "lstm0.weight" */
    fel_block_role role;
    int32_t layer; /* blocks of one layer have the same number */
    size_t offset, rows, cols;
    double
        penalty; /* of its own: + penalty x sum of squares in the loss (paper networks); else 0 */
} fel_block_info;

FEL_API size_t fel_network_count_params(const fel_network *net);
FEL_API size_t fel_network_count_blocks(const fel_network *net);
FEL_API const fel_block_info *fel_network_block(const fel_network *net, size_t index);

/* Multiplications and additions of one sample's forward pass in matrix products (a fused one counts
 * two); forward and backward together are about three times this. */
FEL_API double fel_network_count_flops(const fel_network *net);

/* First values of all parameters: Glorot uniform, orthogonal for recurrent matrices, He before
 * ReLU, 0 for biases, forget_bias for forget gates, 1 for scales; a function of (seed, block,
 * place). */
FEL_API void fel_network_init_f32(const fel_network *net, uint64_t seed, float *params);
FEL_API void fel_network_init_f64(const fel_network *net, uint64_t seed, double *params);

/* ---- passes ---------------------------------------------------------------------------------- */

/* Samples of one shard of a batch of n (the last shard may have fewer): depends on the network and
 * n alone, at least 1, at most n. */
FEL_API size_t fel_network_shard(const fel_network *net, size_t n);

/* Memory of one pass over up to max_samples samples, f32 or f64 by the call that made it; not for
 * two threads at once. */
typedef struct fel_workspace fel_workspace;
FEL_API FEL_NODISCARD fel_status fel_workspace_create_f32(fel_workspace **out,
                                                          const fel_network *net,
                                                          size_t max_samples);
FEL_API FEL_NODISCARD fel_status fel_workspace_create_f64(fel_workspace **out,
                                                          const fel_network *net,
                                                          size_t max_samples);
FEL_API void fel_workspace_destroy(fel_workspace *ws); /* NULL is allowed */

/* Where dropout's draws come from: a mask is a function of (seed, step, sample, place); sample i of
 * a pass has the number first_sample + i. NULL where a pass takes it: no dropout. */
typedef struct fel_dropout {
    uint64_t seed, step, first_sample;
} fel_dropout;

/* n <= max_samples samples: rows[i] points at the oldest row of sample i, its rows row_stride
 * numbers apart (windows over one series may overlap); outputs[n x output_size]. What backward
 * needs stays in ws. Inputs that are not finite give outputs that are not: the caller checks. */
FEL_API void fel_network_forward_f32(const fel_network *net, const float *params,
                                     const float *const *rows, size_t row_stride, size_t n,
                                     const fel_dropout *dropout, fel_workspace *ws, float *outputs);
FEL_API void fel_network_forward_f64(const fel_network *net, const double *params,
                                     const double *const *rows, size_t row_stride, size_t n,
                                     const fel_dropout *dropout, fel_workspace *ws,
                                     double *outputs);

/* After forward in the same workspace: gradient[count_params] += d loss / d params, given
 * d_outputs = d loss / d outputs [n x output_size] of the loss without penalties. d_inputs: NULL,
 * or [n x sequence x n_features], set. */
FEL_API void fel_network_backward_f32(const fel_network *net, const float *params,
                                      const float *d_outputs, fel_workspace *ws, float *gradient,
                                      float *d_inputs);
FEL_API void fel_network_backward_f64(const fel_network *net, const double *params,
                                      const double *d_outputs, fel_workspace *ws, double *gradient,
                                      double *d_inputs);

/* ---- what layers were used with -------------------------------------------------------------- */

/* What a weight block was used with at one date (row of a sequence): what Kronecker-factored
 * curvature is made of. Numbers are floats or doubles by the pass, row-major, good until the call
 * returns. */
typedef struct fel_layer_use {
    size_t block; /* number of the FEL_BLOCK_WEIGHT block in the network */
    size_t date;
    size_t n;           /* samples */
    const void *inputs; /* n x cols of the block: what the weights were multiplied with; of an LSTM
                           [x; h before] */
    const void *slopes; /* n x rows: d (sum of loss) / d (what came out, before the activation); of
                           an LSTM the gates i, f, g, o */
} fel_layer_use;

/* Called for every use in the way back: dates falling, within a date from the last layer to the
 * first where a network is unrolled (unroll.h), else layer by layer, the last first. */
typedef struct fel_layer_sink {
    void *payload;
    void (*use)(void *payload, const fel_layer_use *use);
} fel_layer_sink;

/* From now on fel_network_backward_*() tells the sink (copied; NULL: nobody) of the uses of dense
 * and LSTM layers. Layers behind the rows of a sequence are used at the last row; of dense layers
 * that go over the rows of sample after sample, n is samples x rows, at the last row too. */
FEL_API void fel_workspace_watch(fel_workspace *ws, const fel_layer_sink *sink);

/* ---- prediction ------------------------------------------------------------------------------ */

/* Forward without dropout over any number of samples, sharded over n_threads threads (0: all
 * cores): outputs[n x output_size]. Makes its own workspaces. */
FEL_API FEL_NODISCARD fel_status fel_network_predict_f32(const fel_network *net,
                                                         const float *params,
                                                         const float *const *rows,
                                                         size_t row_stride, size_t n, int n_threads,
                                                         float *outputs);

/* ---- one row at a time ----------------------------------------------------------------------- */

/* Numbers of state between two rows of one sample (classes with takes_every_step); 0 elsewhere. */
FEL_API size_t fel_network_state_size(const fel_network *net);

/* One more row of one sample: state[state_size] is moved on (all 0 before the first row), outputs
 * [n_outputs] set: the same numbers, to rounding, as a forward pass with every_step. Not for
 * networks whose state_size is 0, except mlp with sequence 1. */
FEL_API void fel_network_step_f32(const fel_network *net, const float *params, const float *row,
                                  float *state, fel_workspace *ws, float *outputs);
FEL_API void fel_network_step_f64(const fel_network *net, const double *params, const double *row,
                                  double *state, fel_workspace *ws, double *outputs);

FEL_END_DECLS
#endif
