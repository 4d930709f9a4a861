/* models/dropout_internal.h - inverted dropout: which numbers a training step leaves out.
 *
 * The chance of number `col` of row `row` of a sample is a 32-bit word of the Philox 4x32-10 block
 * with counter {col / 4, row, sample} and a key made of (seed, step, site): threads, shards and
 * layouts do not show. A layer that leaves out in several places has a site for each:
 * DROPOUT_SITE(l->place, 0), (l->place, 1) ... */
#ifndef FEL_MODELS_DROPOUT_INTERNAL_H
#define FEL_MODELS_DROPOUT_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/dropout_internal.h belongs to models/"
#endif

#include "models/kernel_internal.h"
#include "models/layer_internal.h"

#define DROPOUT_SITE(place, number) ((uint32_t)(place)*16U + (uint32_t)(number))

typedef struct dropout_draw {
    uint64_t key;
    uint64_t first_sample;
    uint32_t threshold; /* words below it leave out */
    double scale;       /* of what stays: 1 / (1 - rate) */
} dropout_draw;

dropout_draw dropout_begin(const fel_dropout *dropout, uint32_t site, double rate);

/* mask[n_samples][cols] of one row: 0 or scale; sample i of them is draw->first_sample + i of the
 * pass, `sample_step` numbers after the one before. */
typedef struct dropout_args {
    const dropout_draw *draw;
    size_t n_samples, row, cols, sample_step;
    void *mask;
} dropout_args;
MODEL_KERNEL(dropout_mask, (const dropout_args *args));

/* out[i] = in[i] mask[i] */
MODEL_KERNEL(dropout_apply, (size_t n, const void *mask, const void *in, void *out));

void dropout_forward_f32(const layer_pass *pass);
void dropout_forward_f64(const layer_pass *pass);
void dropout_backward_f32(const layer_pass *pass);
void dropout_backward_f64(const layer_pass *pass);
void dropout_step_f32(const layer_step *step);
void dropout_step_f64(const layer_step *step);

#endif
