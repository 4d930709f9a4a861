/* models/attention.c - multi-head self-attention as a layer of its own, as keras'
 * MultiHeadAttention of a sequence with itself: heads of any width, biases in all projections,
 * dropout on the weights. What it computes: models/attention_internal.h. */
#include "models/attention_layer_internal.h"

attend_shape attention_shape(const layer *l, size_t n)
{
    const size_t heads = l->sizes[ATTENTION_HEADS], width = l->sizes[ATTENTION_WIDTH];
    const size_t all = heads * width;
    const attend_shape shape = {.samples = n,
                                .heads = heads,
                                .width = width,
                                .keys = l->in_rows,
                                .queries = l->in_rows,
                                .causal = l->sizes[ATTENTION_CAUSAL] != 0,
                                .q_row = 3 * all,
                                .kv_row = 3 * all,
                                .o_row = all,
                                .q_sample = l->in_rows * 3 * all,
                                .kv_sample = l->in_rows * 3 * all,
                                .o_sample = l->in_rows * all};
    return shape;
}

attention_sizes attention_cache(const layer *l)
{
    const attend_shape s = attention_shape(l, 1);
    const size_t weights = s.heads * attend_weights(&s);
    const attention_sizes sizes = {.qkv = s.q_sample,
                                   .weights = weights,
                                   .mask = l->rate > 0.0 ? weights : 0,
                                   .inverse = s.heads * attend_lanes(&s),
                                   .o = s.o_sample};
    return sizes;
}

static fel_status check_sizes(const layer *l)
{
    const size_t heads = l->sizes[ATTENTION_HEADS], width = l->sizes[ATTENTION_WIDTH];
    if (heads < 1 || heads > 1024 || width < 1 || width > 65536) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%zu heads of width %zu: allowed are 1 to 1024 of 1 to 65536", heads,
                         width);
    }
    if (l->in_rows > 65536) {
        return FEL_RAISE(FEL_ERR_RANGE, "attention over %zu rows: at most 65536", l->in_rows);
    }
    if (!(l->rate >= 0.0 && l->rate < 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "dropout = %g is not in [0, 1)", l->rate);
    }
    return FEL_OK;
}

static layer_block weight(const layer *l, const char *name, size_t rows, size_t cols, double limit)
{
    const layer_block b = {.name = name,
                           .role = FEL_BLOCK_WEIGHT,
                           .init = INIT_UNIFORM,
                           .rows = rows,
                           .cols = cols,
                           .parts = 1,
                           .value = limit,
                           .penalty = l->penalty};
    return b;
}

static layer_block bias(const char *name, size_t rows)
{
    const layer_block b = {.name = name,
                           .role = FEL_BLOCK_BIAS,
                           .init = INIT_ZERO,
                           .rows = rows,
                           .cols = 1,
                           .parts = 1};
    return b;
}

/* Glorot's limit as keras has it for these three-dimensional weights, [inputs][heads][width] and
 * [heads][width][outputs]: the last two sizes are the fans, times the product of the others. */
static double glorot_limit(size_t others, size_t fan_in, size_t fan_out)
{
    return __builtin_sqrt(6.0 / ((double)others * (double)(fan_in + fan_out)));
}

static fel_status plan(layer *l)
{
    FEL_TRY(check_sizes(l));
    const attend_shape s = attention_shape(l, 1);
    const attention_sizes c = attention_cache(l);
    const size_t all = s.heads * s.width, n_in = l->in_cols;
    l->out_rows = l->in_rows;
    l->out_cols = n_in;
    l->blocks[ATTENTION_QKV] =
        weight(l, "qkv.weight", 3 * all, n_in, glorot_limit(n_in, s.heads, s.width));
    l->blocks[ATTENTION_QKV_BIAS] = bias("qkv.bias", 3 * all);
    l->blocks[ATTENTION_OUT] =
        weight(l, "out.weight", n_in, all, glorot_limit(s.heads, s.width, n_in));
    l->blocks[ATTENTION_OUT_BIAS] = bias("out.bias", n_in);
    l->n_blocks = 4;
    l->cache_size = c.qkv + c.weights + c.mask + c.inverse + c.o;
    l->cache_fixed = (size_t)5 * ROOM_STEP;
    l->scratch_size = s.o_sample + s.q_sample;
    l->scratch_fixed = attend_scratch(&s) + 3 * all * n_in + (size_t)2 * ROOM_STEP;
    const double rows = (double)l->in_rows;
    l->flops = 2.0 * rows * (double)all * (4.0 * (double)n_in + 2.0 * rows);
    return FEL_OK;
}

const layer_kind layer_attention = {
    .name = "attention",
    .plan = plan,
    .forward = {attention_forward_f32, attention_forward_f64},
    .backward = {attention_backward_f32, attention_backward_f64},
};
