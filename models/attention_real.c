/* models/attention_real.c - passes of the attention layer: projections as products over all rows,
 * heads by the kernels. Sample-major. */
#include "models/attention_layer_internal.h"
#include "models/attention_mask_internal.h"
#include "models/dense_internal.h"
#include "models/linear_internal.h"

/* The cache, as attention_cache() divides it. */
typedef struct parts {
    real *qkv, *weights, *mask, *inverse, *o;
} parts;

static parts parts_of(const layer_pass *pass)
{
    const attention_sizes c = attention_cache(pass->layer);
    const size_t n = pass->n;
    parts p = {.qkv = pass->cache};
    p.weights = p.qkv + room_round(n * c.qkv);
    p.mask = p.weights + room_round(n * c.weights);
    p.inverse = p.mask + room_round(n * c.mask);
    p.o = p.inverse + room_round(n * c.inverse);
    return p;
}

static int has_mask(const layer_pass *pass)
{
    return pass->dropout != NULL && pass->layer->rate > 0.0;
}

static const real *block_of(const layer_pass *pass, size_t block)
{
    return (const real *)pass->params + pass->layer->blocks[block].offset;
}
static real *slope_of(const layer_pass *pass, size_t block)
{
    return (real *)pass->gradient + pass->layer->blocks[block].offset;
}

static attend_job job_of(const layer_pass *pass, const parts *p)
{
    const attend_shape s = attention_shape(pass->layer, pass->n);
    const size_t all = s.heads * s.width;
    const attend_job job = {.shape = s,
                            .q = p->qkv,
                            .k = p->qkv + all,
                            .v = p->qkv + 2 * all,
                            .weights = p->weights,
                            .inverse = p->inverse,
                            .mask = has_mask(pass) ? p->mask : NULL,
                            .o = p->o};
    return job;
}

void KERNEL(attention_forward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const parts p = parts_of(pass);
    attend_job job = job_of(pass, &p);
    const size_t rows = pass->n * l->in_rows, all = job.shape.heads * job.shape.width;
    linear_map in = linear_of(rows, l->in_cols, 3 * all, block_of(pass, ATTENTION_QKV));
    linear_map out = linear_of(rows, all, l->in_cols, block_of(pass, ATTENTION_OUT));
    in.room = out.room = pass->scratch;
    KERNEL(linear_forward)(&in, pass->in, block_of(pass, ATTENTION_QKV_BIAS), p.qkv);
    if (has_mask(pass)) {
        KERNEL(attend_mask)(&job.shape, pass->dropout, l, p.mask);
    }
    job.scratch = pass->scratch;
    KERNEL(attend)(&job);
    KERNEL(linear_forward)(&out, p.o, block_of(pass, ATTENTION_OUT_BIAS), pass->out);
}

void KERNEL(attention_backward)(const layer_pass *pass)
{
    const layer *l = pass->layer;
    const parts p = parts_of(pass);
    attend_job job = job_of(pass, &p);
    const size_t rows = pass->n * l->in_rows, all = job.shape.heads * job.shape.width;
    const linear_map in = linear_of(rows, l->in_cols, 3 * all, block_of(pass, ATTENTION_QKV));
    const linear_map out = linear_of(rows, all, l->in_cols, block_of(pass, ATTENTION_OUT));
    real *d_o = pass->scratch, *d_qkv = d_o + room_round(rows * all);
    KERNEL(linear_gradient)(&out, pass->d_out, p.o, slope_of(pass, ATTENTION_OUT));
    KERNEL(add_column_sums)(rows, l->in_cols, pass->d_out, slope_of(pass, ATTENTION_OUT_BIAS));
    KERNEL(linear_back)(&out, pass->d_out, 0, d_o);
    job.d_o = d_o;
    job.d_q = d_qkv;
    job.d_k = d_qkv + all;
    job.d_v = d_qkv + 2 * all;
    job.scratch = d_qkv + room_round(rows * 3 * all);
    KERNEL(attend_back)(&job);
    KERNEL(linear_gradient)(&in, d_qkv, pass->in, slope_of(pass, ATTENTION_QKV));
    KERNEL(add_column_sums)(rows, 3 * all, d_qkv, slope_of(pass, ATTENTION_QKV_BIAS));
    if (pass->d_in != NULL) {
        KERNEL(linear_back)(&in, d_qkv, 0, pass->d_in);
    }
}
