/* models/encoder_real.c - the encoder block forward: products over the rows of all samples, what is
 * between them in fused loops. */
#include "models/attention_mask_internal.h"
#include "models/encoder_parts_internal.h"
#include "models/gelu_internal.h"
#include "models/linear_internal.h"
#include "models/norm_internal.h"

/* Scratch: the weights of the product at hand, then what the step needs besides. */
static linear_map map_of(const encoder_pass *e, size_t rows, size_t n_in, size_t n_out,
                         const real *weight)
{
    linear_map m = linear_of(rows, n_in, n_out, weight);
    m.room = e->pass->scratch;
    return m;
}
static real *room_of(const encoder_pass *e)
{
    return (real *)e->pass->scratch + encoder_round(encoder_weights(e->l));
}

static void draw(const encoder_pass *e, uint32_t site, size_t cols, real *mask)
{
    const rows_mask what = {e->pass->n, e->l->out_rows, cols, site};
    KERNEL(rows_mask)(&what, e->pass->dropout, e->l, mask);
}

/* Queries, keys and values: one product, or the last row's queries by themselves. */
static void project(const encoder_pass *e)
{
    const size_t d = e->d;
    const real *weight = encoder_block(e, ENCODER_QKV), *bias = encoder_block(e, ENCODER_QKV_BIAS);
    const real *normed = e->part[PART_NORMED1];
    if (!e->is_last) {
        const linear_map all = map_of(e, e->rows_in, d, 3 * d, weight);
        KERNEL(linear_forward)(&all, normed, bias, e->part[PART_QKV]);
        return;
    }
    linear_map q = map_of(e, e->rows_out, d, d, weight);
    const linear_map kv = map_of(e, e->rows_in, d, 2 * d, weight + d * d);
    q.x_stride = encoder_stride(e);
    KERNEL(linear_forward)(&q, normed + encoder_first(e), bias, e->part[PART_Q]);
    KERNEL(linear_forward)(&kv, normed, bias + d, e->part[PART_QKV]);
}

static void attend_rows(const encoder_pass *e)
{
    attend_job job = encoder_job(e);
    job.scratch = room_of(e);
    if (e->is_dropped) {
        KERNEL(attend_mask)(&job.shape, e->pass->dropout, e->l, e->part[PART_MASK_WEIGHTS]);
    }
    KERNEL(attend)(&job);
}

/* z = x + projected heads; out begins as z + b2 where nothing is left out of the rest. */
static void add_attention(const encoder_pass *e)
{
    const linear_map out = map_of(e, e->rows_out, e->d, e->d, encoder_block(e, ENCODER_PROJECT));
    KERNEL(linear_forward)(&out, e->part[PART_HEADS], NULL, e->part[PART_SUM]);
    if (e->is_dropped) {
        draw(e, DROP_ATTENTION, e->d, e->part[PART_MASK_ATTENTION]);
    }
    KERNEL(residual)
    (&(const residual_job){.rows = e->rows_out,
                           .cols = e->d,
                           .x = (const real *)e->pass->in + encoder_first(e),
                           .x_stride = encoder_stride(e),
                           .bias = encoder_block(e, ENCODER_PROJECT_BIAS),
                           .mask = e->is_dropped ? e->part[PART_MASK_ATTENTION] : NULL,
                           .sum = e->part[PART_SUM],
                           .next_bias = encoder_block(e, ENCODER_FF2_BIAS),
                           .next = e->is_dropped ? NULL : e->pass->out});
}

static void feed_forward(const encoder_pass *e)
{
    const linear_map ff1 = map_of(e, e->rows_out, e->d, e->ff, encoder_block(e, ENCODER_FF1));
    const linear_map ff2 = map_of(e, e->rows_out, e->ff, e->d, encoder_block(e, ENCODER_FF2));
    real *mask = e->is_dropped ? room_of(e) : NULL;
    if (mask != NULL) {
        draw(e, DROP_HIDDEN, e->ff, mask);
    }
    KERNEL(linear_forward)(&ff1, e->part[PART_NORMED2], NULL, e->part[PART_SLOPE]);
    KERNEL(gelu)
    (&(const gelu_job){.rows = e->rows_out,
                       .cols = e->ff,
                       .kind = (activation)e->l->sizes[ENCODER_ACTIVATION],
                       .bias = encoder_block(e, ENCODER_FF1_BIAS),
                       .mask = mask,
                       .slope = e->part[PART_SLOPE],
                       .out = e->part[PART_HIDDEN]});
    if (e->is_dropped) {
        KERNEL(linear_forward)(&ff2, e->part[PART_HIDDEN], NULL, e->pass->out);
    } else {
        KERNEL(linear_forward_add)(&ff2, e->part[PART_HIDDEN], e->pass->out);
    }
}

static void drop_out(const encoder_pass *e)
{
    draw(e, DROP_OUT, e->d, e->part[PART_MASK_OUT]);
    KERNEL(residual)
    (&(const residual_job){.rows = e->rows_out,
                           .cols = e->d,
                           .x = e->part[PART_SUM],
                           .x_stride = e->d,
                           .bias = encoder_block(e, ENCODER_FF2_BIAS),
                           .mask = e->part[PART_MASK_OUT],
                           .sum = e->pass->out});
}

void KERNEL(encoder_forward)(const layer_pass *pass)
{
    const encoder_pass e = encoder_begin(pass);
    KERNEL(norm_rows)
    (&(const norm_job){.rows = e.rows_in,
                       .cols = e.d,
                       .x = pass->in,
                       .x_stride = e.d,
                       .scale = encoder_block(&e, ENCODER_NORM1),
                       .bias = encoder_block(&e, ENCODER_NORM1_BIAS),
                       .y = e.part[PART_NORMED1],
                       .stats = e.part[PART_STATS1]});
    project(&e);
    attend_rows(&e);
    add_attention(&e);
    KERNEL(norm_rows)
    (&(const norm_job){.rows = e.rows_out,
                       .cols = e.d,
                       .x = e.part[PART_SUM],
                       .x_stride = e.d,
                       .scale = encoder_block(&e, ENCODER_NORM2),
                       .bias = encoder_block(&e, ENCODER_NORM2_BIAS),
                       .y = e.part[PART_NORMED2],
                       .stats = e.part[PART_STATS2]});
    feed_forward(&e);
    if (e.is_dropped) {
        drop_out(&e);
    }
}
