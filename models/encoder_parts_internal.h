/* models/encoder_parts_internal.h - the memory of one pass of the encoder as reals. For *_real.c.
 */
#ifndef FEL_MODELS_ENCODER_PARTS_INTERNAL_H
#define FEL_MODELS_ENCODER_PARTS_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/encoder_parts_internal.h belongs to models/"
#endif

#include "core/real.h"
#include "models/encoder_internal.h"

typedef struct encoder_pass {
    const layer_pass *pass;
    const layer *l;
    size_t d, ff;
    size_t rows_in, rows_out; /* of all samples */
    int is_last, is_dropped;
    real *part[N_PARTS];
} encoder_pass;

static inline encoder_pass encoder_begin(const layer_pass *pass)
{
    const layer *l = pass->layer;
    encoder_pass e = {.pass = pass,
                      .l = l,
                      .d = l->in_cols,
                      .ff = l->sizes[ENCODER_FF],
                      .rows_in = pass->n * l->in_rows,
                      .rows_out = pass->n * l->out_rows,
                      .is_last = l->sizes[ENCODER_LAST] != 0,
                      .is_dropped = pass->dropout != NULL && l->rate > 0.0};
    size_t sizes[N_PARTS];
    encoder_sizes(l, sizes);
    real *at = pass->cache;
    for (size_t i = 0; i < N_PARTS; i++) {
        e.part[i] = at;
        at += encoder_round(pass->n * sizes[i]);
    }
    return e;
}

static inline const real *encoder_block(const encoder_pass *e, size_t block)
{
    return (const real *)e->pass->params + e->l->blocks[block].offset;
}
static inline real *encoder_slope(const encoder_pass *e, size_t block)
{
    return (real *)e->pass->gradient + e->l->blocks[block].offset;
}

/* The first row of a sample that leaves the block, in a matrix of d columns. */
static inline size_t encoder_first(const encoder_pass *e)
{
    return (e->l->in_rows - e->l->out_rows) * e->d;
}
/* Distance of rows that leave the block, in such a matrix over all rows. */
static inline size_t encoder_stride(const encoder_pass *e)
{
    return e->is_last ? e->l->in_rows * e->d : e->d;
}

/* Without scratch. */
static inline attend_job encoder_job(const encoder_pass *e)
{
    real *const *part = e->part;
    const size_t d = e->d;
    const attend_job job = {.shape = encoder_shape(e->l, e->pass->n),
                            .q = e->is_last ? part[PART_Q] : part[PART_QKV],
                            .k = e->is_last ? part[PART_QKV] : part[PART_QKV] + d,
                            .v = e->is_last ? part[PART_QKV] + d : part[PART_QKV] + 2 * d,
                            .weights = part[PART_WEIGHTS],
                            .inverse = part[PART_INVERSE],
                            .mask = e->is_dropped ? part[PART_MASK_WEIGHTS] : NULL,
                            .o = part[PART_HEADS]};
    return job;
}

#endif
