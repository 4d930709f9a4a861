/* models/network_internal.h - a network as its parts see it, and the memory of a pass. */
#ifndef FEL_MODELS_NETWORK_INTERNAL_H
#define FEL_MODELS_NETWORK_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/network_internal.h belongs to models/"
#endif

#include "models/layer_internal.h"

enum {
    NETWORK_MAX_LAYERS = 64,
    NETWORK_MAX_SIZE = 65536,        /* of a sequence, a row, a hidden layer: products of four of
                                        them fit into 64 bits */
    NETWORK_MAX_NUMBERS = 268435456, /* parameters; numbers between two layers, of a sample */
    NETWORK_BLOCK_NAME_SIZE = 64,
    NETWORK_ALIGN = 64 /* bytes */
};

struct fel_network {
    fel_network_config config;
    size_t n_layers, n_blocks, n_params, state_size;
    double flops;
    int can_step;           /* every layer can */
    fel_block_info *blocks; /* n_blocks, in the order of layers */
    char (*block_names)[NETWORK_BLOCK_NAME_SIZE];
    layer layers[NETWORK_MAX_LAYERS];
};

struct network_build {
    fel_network *net;
};

/* The first values of one block of a layer: `index` is its number within the network. */
typedef struct init_job {
    const layer_block *block;
    uint64_t seed, index;
} init_job;
void init_block_f32(const init_job *job, float *values);
void init_block_f64(const init_job *job, double *values);

/* Memory of a pass. Numbers are floats or doubles. */
struct fel_workspace {
    layer_precision precision;
    size_t max_samples;
    unsigned char *memory;
    void *input;                      /* as the first layer takes it */
    void *outs[NETWORK_MAX_LAYERS];   /* what each layer put out */
    void *caches[NETWORK_MAX_LAYERS]; /* what each keeps for backward */
    void *slopes[2];                  /* d loss / d activations, of two neighbours */
    void *scratch;
    /* The latest forward pass. */
    size_t n;
    int has_dropout;
    fel_dropout dropout;
    fel_layer_sink sink; /* use NULL: nobody watches */
};

/* The call of one layer over the samples of the latest forward pass. */
layer_pass workspace_pass(const fel_workspace *ws, const layer *l);

#endif
