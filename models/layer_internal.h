/* models/layer_internal.h - what a layer is to the network that holds it.
 *
 * A network is a chain of layers. Activations of n samples between two layers are
 * rows x cols a sample, sample-major [n][rows][cols] or, in networks with a recurrence, time-major
 * [rows][n][cols]. Passes exist in float and double, made from one source (*_real.c: compiled with
 * REAL_BITS 32 and 64; *_kernel.c: also once for each CPU level, for loops worth vector
 * instructions). Memory is the network's: a layer says how many numbers it needs. */
#ifndef FEL_MODELS_LAYER_INTERNAL_H
#define FEL_MODELS_LAYER_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/layer_internal.h belongs to models/"
#endif

#include <feller/model.h>

enum { LAYER_MAX_BLOCKS = 16, LAYER_MAX_SIZES = 8, LAYER_NAME_SIZE = 24 };

typedef enum layer_precision {
    LAYER_F32 = 0,
    LAYER_F64 = 1,
    LAYER_N_PRECISIONS = 2
} layer_precision;

/* How a block's first values are drawn. */
typedef enum layer_init {
    INIT_ZERO = 0,
    INIT_ONE = 1,
    INIT_GLOROT = 2,     /* uniform, +-sqrt(6 / (fan_in + fan_out)), of each of `parts` row bands */
    INIT_HE = 3,         /* normal, sd sqrt(2 / fan_in) */
    INIT_ORTHOGONAL = 4, /* of each of `parts` bands of rows */
    INIT_LSTM = 5,       /* rows 4H x (F + H): Glorot in the F columns, orthogonal in the H ones,
                            each of the four gates by itself */
    INIT_CONSTANT = 6,   /* `value` in band `band` of `parts`, 0 elsewhere (forget bias) */
    INIT_NORMAL = 7,     /* sd `value` */
    INIT_UNIFORM = 8     /* +-`value` */
} layer_init;

typedef struct layer_block {
    const char *name; /* "weight"; the network puts the layer's name before it */
    fel_block_role role;
    layer_init init;
    size_t rows, cols;
    size_t parts, band; /* 1, 0 unless init says otherwise */
    double value, penalty;
    size_t offset; /* within the layer's parameters; set by the network */
} layer_block;

typedef struct layer_kind layer_kind;

typedef struct layer {
    const layer_kind *kind;
    char name[LAYER_NAME_SIZE];    /* "lstm0" */
    size_t in_rows, in_cols;       /* of one sample; set before plan */
    size_t out_rows, out_cols;     /* set by plan */
    int time_major;                /* set before plan: layout of in and out */
    uint32_t place;                /* number of the layer: tells dropout's draws apart */
    size_t sizes[LAYER_MAX_SIZES]; /* by kind, see its file; set before plan */
    double rate;                   /* dropout */
    double value;                  /* by kind, see its sizes */
    double penalty;                /* for its weight blocks */
    /* Set by plan. */
    size_t n_blocks;
    layer_block blocks[LAYER_MAX_BLOCKS];
    size_t cache_size;    /* numbers kept from forward to backward, a sample ... */
    size_t cache_fixed;   /* ... and besides, a pass */
    size_t scratch_size;  /* numbers used within a call, a sample ... */
    size_t scratch_fixed; /* ... and besides; the larger of forward and backward */
    size_t shard;         /* samples at most of a pass that stays near; 0: as many as any */
    size_t state_size;    /* numbers between two rows of one sample, for step */
    double flops;         /* of one sample's forward pass */
    /* Set by the network. */
    size_t offset, n_params; /* of its parameters within the network's */
} layer;

/* One call. Pointers are to float or double by the precision of the function called; aligned to 64
 * bytes, apart from params and gradient. */
typedef struct layer_pass {
    const layer *layer;
    size_t n;           /* samples */
    const void *params; /* of this layer */
    const void *in;
    void *out; /* backward: what forward wrote */
    void *cache;
    void *scratch;
    const fel_dropout *dropout; /* NULL: none */
    /* Backward alone. */
    const void *d_out;
    void *d_in;                 /* NULL: not wanted; else set (not added to) */
    void *gradient;             /* of this layer: added to */
    const fel_layer_sink *sink; /* NULL: none; else told of every use of a weight block */
    size_t first_block;         /* number of the layer's first block in the network */
    size_t last_row;            /* of the network's sequence: the date of layers behind it */
} layer_pass;

typedef void layer_pass_fn(const layer_pass *pass);

/* One row of one sample; state is moved on. Scratch as for one sample. */
typedef struct layer_step {
    const layer *layer;
    const void *params;
    const void *in;
    void *state, *out, *scratch;
} layer_step;

struct layer_kind {
    const char *name;
    /* Checks sizes, sets what is "set by plan". */
    fel_status (*plan)(layer *l);
    layer_pass_fn *forward[LAYER_N_PRECISIONS], *backward[LAYER_N_PRECISIONS];
    void (*step[LAYER_N_PRECISIONS])(const layer_step *step); /* NULL: cannot be stepped */
};

/* Dense: sizes[]. */
typedef enum dense_size {
    DENSE_OUTPUTS = 0,
    DENSE_ACTIVATION = 1, /* one of activation */
    DENSE_NO_BIAS = 2,    /* 1: none */
    DENSE_GLOROT = 3      /* 1: weights start by Glorot's rule before ReLU too, not He's */
} dense_size;

typedef enum activation {
    ACTIVATION_NONE = 0,
    ACTIVATION_RELU = 1,
    ACTIVATION_TANH = 2,
    ACTIVATION_GELU = 3, /* x Phi(x) */
    ACTIVATION_N = 4
} activation;

/* Positions: sizes[]. */
enum { POSITIONS_LEARNED = 0 }; /* 0: sinusoidal */

/* Attention: sizes[]; dropout on the weights by `rate`. */
typedef enum attention_size {
    ATTENTION_HEADS = 0,
    ATTENTION_WIDTH = 1, /* of a head's queries, keys and values */
    ATTENTION_CAUSAL = 2 /* 1: a row sees itself and earlier ones */
} attention_size;

/* Encoder: sizes[]. */
typedef enum encoder_size {
    ENCODER_HEADS = 0,
    ENCODER_FF = 1, /* width between the two matrices of the feed-forward part */
    ENCODER_CAUSAL = 2,
    ENCODER_ACTIVATION = 3, /* ACTIVATION_GELU or ACTIVATION_RELU */
    ENCODER_LAST = 4        /* 1: puts out the last row alone */
} encoder_size;

/* LSTM: sizes[]; value: what the biases of forget gates start at. */
typedef enum lstm_size {
    LSTM_UNITS = 0,
    LSTM_LAST_ALONE = 1 /* 1: the last row alone goes out, not every one */
} lstm_size;

/* Kinds, each in its file. sizes[] in comments there. */
extern const layer_kind layer_dense;     /* dense.c: rows of in, each by itself */
extern const layer_kind layer_lstm;      /* lstm.c: time-major */
extern const layer_kind layer_last;      /* pool.c: last row */
extern const layer_kind layer_mean;      /* pool.c: mean of rows */
extern const layer_kind layer_flatten;   /* pool.c: rows x cols as one row (sample-major) */
extern const layer_kind layer_mean_cols; /* pool.c: mean over columns: rows x 1 -> 1 x rows */
extern const layer_kind layer_dropout;   /* dropout.c */
extern const layer_kind layer_positions; /* positions.c: adds sinusoidal or learned positions */
extern const layer_kind layer_norm;      /* norm.c: layer norm over columns */
extern const layer_kind layer_encoder;   /* encoder.c: pre-norm transformer block */
extern const layer_kind layer_attention; /* attention.c: multi-head self-attention alone, heads of
                                            any width (keras' key_dim), causal or full */

/* The chain of a network class: called by fel_network_create with config checked against its table.
 * Appends layers by network_add(). */
typedef struct network_build network_build;
struct fel_network_class {
    fel_network_info info;
    int time_major;
    size_t shard_rows; /* rows of a shard's samples together that are enough; 0: no limit */
    fel_status (*build)(network_build *build, const fel_network_config *config);
};
/* The next layer of the chain: kind, name with its number ("lstm%zu"), shape from the layer before.
 * The caller sets sizes, rate, penalty, then calls network_plan(). NULL after a failure, which
 * network_plan reports. */
layer *network_add(network_build *build, const layer_kind *kind, const char *name);
fel_status network_plan(network_build *build, layer *l);

extern const fel_network_class network_mlp;               /* network_mlp.c */
extern const fel_network_class network_lstm;              /* network_lstm.c */
extern const fel_network_class network_transformer;       /* network_transformer.c */
extern const fel_network_class network_paper_lstm;        /* network_paper.c */
extern const fel_network_class network_paper_transformer; /* network_paper.c */

#endif
