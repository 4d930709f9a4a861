/* models/encoder.c - the pre-norm transformer block (Xiong et al. 2020):
 *   z = x + attention(norm(x)),  out = z + W2 f(W1 norm(z) + b1) + b2
 * with dropout on the weights of attention, on its output, on f and on the last term. */
#include "models/encoder_internal.h"

attend_shape encoder_shape(const layer *l, size_t n)
{
    const size_t d = l->in_cols, rows = l->in_rows, heads = l->sizes[ENCODER_HEADS];
    const int last = l->sizes[ENCODER_LAST] != 0;
    const attend_shape shape = {.samples = n,
                                .heads = heads,
                                .width = d / heads,
                                .keys = rows,
                                .queries = last ? 1 : rows,
                                .causal = !last && l->sizes[ENCODER_CAUSAL] != 0,
                                .q_row = last ? d : 3 * d,
                                .kv_row = last ? 2 * d : 3 * d,
                                .o_row = d,
                                .q_sample = last ? d : rows * 3 * d,
                                .kv_sample = last ? rows * 2 * d : rows * 3 * d,
                                .o_sample = last ? d : rows * d};
    return shape;
}

void encoder_sizes(const layer *l, size_t sizes[N_PARTS])
{
    const attend_shape s = encoder_shape(l, 1);
    const size_t d = l->in_cols, ff = l->sizes[ENCODER_FF], weights = s.heads * attend_weights(&s);
    const size_t is_dropped = l->rate > 0.0, is_last = l->sizes[ENCODER_LAST] != 0;
    sizes[PART_NORMED1] = s.keys * d;
    sizes[PART_STATS1] = 2 * s.keys;
    sizes[PART_QKV] = s.kv_sample;
    sizes[PART_Q] = is_last * d;
    sizes[PART_WEIGHTS] = weights;
    sizes[PART_INVERSE] = s.heads * attend_lanes(&s);
    sizes[PART_HEADS] = s.queries * d;
    sizes[PART_SUM] = s.queries * d;
    sizes[PART_STATS2] = 2 * s.queries;
    sizes[PART_NORMED2] = s.queries * d;
    sizes[PART_SLOPE] = s.queries * ff;
    sizes[PART_HIDDEN] = s.queries * ff;
    sizes[PART_MASK_WEIGHTS] = is_dropped * weights;
    sizes[PART_MASK_ATTENTION] = is_dropped * s.queries * d;
    sizes[PART_MASK_OUT] = is_dropped * s.queries * d;
}

static fel_status check_sizes(const layer *l)
{
    const size_t heads = l->sizes[ENCODER_HEADS], ff = l->sizes[ENCODER_FF];
    if (heads < 1 || l->in_cols % heads != 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "heads = %zu does not divide d_model = %zu", heads,
                         l->in_cols);
    }
    if (ff < 1 || ff > 1048576 || l->in_rows > 65536) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "a feed-forward part of width %zu over %zu rows: at most 1048576 over "
                         "65536",
                         ff, l->in_rows);
    }
    if (!(l->rate >= 0.0 && l->rate < 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "dropout = %g is not in [0, 1)", l->rate);
    }
    return FEL_OK;
}

static layer_block vector(const char *name, fel_block_role role, layer_init init, size_t rows)
{
    const layer_block b = {
        .name = name, .role = role, .init = init, .rows = rows, .cols = 1, .parts = 1};
    return b;
}

static layer_block matrix(const layer *l, const char *name, size_t rows, size_t cols, size_t parts)
{
    const layer_block b = {.name = name,
                           .role = FEL_BLOCK_WEIGHT,
                           .init = INIT_GLOROT,
                           .rows = rows,
                           .cols = cols,
                           .parts = parts,
                           .penalty = l->penalty};
    return b;
}

static void set_blocks(layer *l)
{
    const size_t d = l->in_cols, ff = l->sizes[ENCODER_FF];
    layer_block *b = l->blocks;
    b[ENCODER_NORM1] = vector("norm1.scale", FEL_BLOCK_SCALE, INIT_ONE, d);
    b[ENCODER_NORM1_BIAS] = vector("norm1.bias", FEL_BLOCK_BIAS, INIT_ZERO, d);
    b[ENCODER_QKV] = matrix(l, "qkv.weight", 3 * d, d, 3);
    b[ENCODER_QKV_BIAS] = vector("qkv.bias", FEL_BLOCK_BIAS, INIT_ZERO, 3 * d);
    b[ENCODER_PROJECT] = matrix(l, "project.weight", d, d, 1);
    b[ENCODER_PROJECT_BIAS] = vector("project.bias", FEL_BLOCK_BIAS, INIT_ZERO, d);
    b[ENCODER_NORM2] = vector("norm2.scale", FEL_BLOCK_SCALE, INIT_ONE, d);
    b[ENCODER_NORM2_BIAS] = vector("norm2.bias", FEL_BLOCK_BIAS, INIT_ZERO, d);
    b[ENCODER_FF1] = matrix(l, "ff1.weight", ff, d, 1);
    b[ENCODER_FF1_BIAS] = vector("ff1.bias", FEL_BLOCK_BIAS, INIT_ZERO, ff);
    b[ENCODER_FF2] = matrix(l, "ff2.weight", d, ff, 1);
    b[ENCODER_FF2_BIAS] = vector("ff2.bias", FEL_BLOCK_BIAS, INIT_ZERO, d);
    if (l->sizes[ENCODER_ACTIVATION] == ACTIVATION_RELU) {
        b[ENCODER_FF1].init = INIT_HE;
    }
    l->n_blocks = ENCODER_N_BLOCKS;
}

static double count_flops(const layer *l)
{
    const attend_shape s = encoder_shape(l, 1);
    const double d = (double)l->in_cols, ff = (double)l->sizes[ENCODER_FF];
    const double rows = (double)s.keys, out = (double)s.queries;
    const double projections = 2.0 * d * d * (2.0 * rows + 2.0 * out);
    return projections + 4.0 * out * rows * d + 4.0 * out * d * ff;
}

static fel_status plan(layer *l)
{
    FEL_TRY(check_sizes(l));
    const attend_shape s = encoder_shape(l, 1);
    const size_t d = l->in_cols, ff = l->sizes[ENCODER_FF];
    size_t sizes[N_PARTS];
    l->out_rows = s.queries;
    l->out_cols = d;
    set_blocks(l);
    encoder_sizes(l, sizes);
    for (size_t i = 0; i < N_PARTS; i++) {
        l->cache_size += sizes[i];
    }
    l->cache_fixed = (size_t)N_PARTS * ENCODER_STEP;
    /* Forward: weights and a mask; backward: see encoder_back_real.c. */
    l->scratch_size = s.queries * (ff + 3 * d) + s.keys * 4 * d;
    l->scratch_fixed = encoder_weights(l) + attend_scratch(&s) + (size_t)7 * ENCODER_STEP;
    l->flops = count_flops(l);
    return FEL_OK;
}

const layer_kind layer_encoder = {
    .name = "encoder",
    .plan = plan,
    .forward = {encoder_forward_f32, encoder_forward_f64},
    .backward = {encoder_backward_f32, encoder_backward_f64},
};
