/* models/encoder_back_real.c - the encoder block backward: its parts in the opposite order. */
#include "models/dense_internal.h"
#include "models/dropout_internal.h"
#include "models/encoder_parts_internal.h"
#include "models/gelu_internal.h"
#include "models/linear_internal.h"
#include "models/norm_internal.h"

/* Scratch; begins are multiples of ENCODER_STEP. */
typedef struct back_room {
    real *hidden;  /* R ff: d loss / d what f was given */
    real *dropped; /* R d: slopes times a mask */
    real *sum;     /* R d: d loss / d z */
    real *heads;   /* R d */
    real *qkv, *q; /* 3 S d; LAST: 2 S d and d */
    real *normed1; /* S d */
    real *attend;  /* attend_scratch() */
} back_room;

static back_room room_of(const encoder_pass *e)
{
    const size_t out = encoder_round(e->rows_out * e->d);
    back_room r = {.hidden = e->pass->scratch};
    r.dropped = r.hidden + encoder_round(e->rows_out * e->ff);
    r.sum = r.dropped + out;
    r.heads = r.sum + out;
    r.qkv = r.heads + out;
    r.q = r.qkv + encoder_round(e->rows_in * 2 * e->d);
    r.normed1 = r.qkv + encoder_round(e->rows_in * 3 * e->d);
    r.attend = r.normed1 + encoder_round(e->rows_in * e->d);
    return r;
}

/* Slopes of a term that dropout was applied to. */
static const real *through_mask(const encoder_pass *e, const real *slopes, encoder_part mask,
                                real *room)
{
    if (!e->is_dropped) {
        return slopes;
    }
    KERNEL(dropout_apply)(e->rows_out * e->d, e->part[mask], slopes, room);
    return room;
}

/* room->sum = d loss / d norm(z). */
static void feed_forward_back(const encoder_pass *e, const back_room *room)
{
    const linear_map ff1 = linear_of(e->rows_out, e->d, e->ff, encoder_block(e, ENCODER_FF1));
    const linear_map ff2 = linear_of(e->rows_out, e->ff, e->d, encoder_block(e, ENCODER_FF2));
    const real *d_out = through_mask(e, e->pass->d_out, PART_MASK_OUT, room->dropped);
    KERNEL(add_column_sums)(e->rows_out, e->d, d_out, encoder_slope(e, ENCODER_FF2_BIAS));
    KERNEL(linear_gradient)(&ff2, d_out, e->part[PART_HIDDEN], encoder_slope(e, ENCODER_FF2));
    KERNEL(linear_back)(&ff2, d_out, 0, room->hidden);
    KERNEL(gelu_back)
    (&(const gelu_back_job){.rows = e->rows_out,
                            .cols = e->ff,
                            .slope = e->part[PART_SLOPE],
                            .d = room->hidden,
                            .d_bias = encoder_slope(e, ENCODER_FF1_BIAS)});
    KERNEL(linear_gradient)
    (&ff1, room->hidden, e->part[PART_NORMED2], encoder_slope(e, ENCODER_FF1));
    KERNEL(linear_back)(&ff1, room->hidden, 0, room->sum);
}

/* room->sum becomes d loss / d z. */
static void norm2_back(const encoder_pass *e, const back_room *room)
{
    KERNEL(norm_rows_back)
    (&(const norm_back_job){.rows = e->rows_out,
                            .cols = e->d,
                            .x = e->part[PART_SUM],
                            .x_stride = e->d,
                            .scale = encoder_block(e, ENCODER_NORM2),
                            .stats = e->part[PART_STATS2],
                            .d_y = room->sum,
                            .d_sum = e->pass->d_out,
                            .d_x = room->sum,
                            .d_scale = encoder_slope(e, ENCODER_NORM2),
                            .d_bias = encoder_slope(e, ENCODER_NORM2_BIAS)});
}

static void attend_rows_back(const encoder_pass *e, const back_room *room)
{
    const linear_map out = linear_of(e->rows_out, e->d, e->d, encoder_block(e, ENCODER_PROJECT));
    const real *slopes = through_mask(e, room->sum, PART_MASK_ATTENTION, room->dropped);
    KERNEL(add_column_sums)(e->rows_out, e->d, slopes, encoder_slope(e, ENCODER_PROJECT_BIAS));
    KERNEL(linear_gradient)(&out, slopes, e->part[PART_HEADS], encoder_slope(e, ENCODER_PROJECT));
    KERNEL(linear_back)(&out, slopes, 0, room->heads);
    attend_job job = encoder_job(e);
    job.d_o = room->heads;
    job.d_q = e->is_last ? room->q : room->qkv;
    job.d_k = e->is_last ? room->qkv : room->qkv + e->d;
    job.d_v = e->is_last ? room->qkv + e->d : room->qkv + 2 * e->d;
    job.scratch = room->attend;
    KERNEL(attend_back)(&job);
}

/* room->normed1 = d loss / d norm(x). */
static void project_back(const encoder_pass *e, const back_room *room)
{
    const size_t d = e->d, first = encoder_first(e), n_kv = e->is_last ? 2 * d : 3 * d;
    const size_t q_rows = e->is_last ? d : 0; /* of the weights that are not in the large product */
    const real *weight = encoder_block(e, ENCODER_QKV), *normed = e->part[PART_NORMED1];
    real *d_weight = encoder_slope(e, ENCODER_QKV), *d_bias = encoder_slope(e, ENCODER_QKV_BIAS);
    const linear_map kv = linear_of(e->rows_in, d, n_kv, weight + q_rows * d);
    KERNEL(add_column_sums)(e->rows_in, n_kv, room->qkv, d_bias + q_rows);
    KERNEL(linear_gradient)(&kv, room->qkv, normed, d_weight + q_rows * d);
    KERNEL(linear_back)(&kv, room->qkv, 0, room->normed1);
    if (e->is_last) {
        linear_map q = linear_of(e->rows_out, d, d, weight);
        q.x_stride = encoder_stride(e);
        KERNEL(add_column_sums)(e->rows_out, d, room->q, d_bias);
        KERNEL(linear_gradient)(&q, room->q, normed + first, d_weight);
        KERNEL(linear_back)(&q, room->q, 1, room->normed1 + first);
    }
}

static void norm1_back(const encoder_pass *e, const back_room *room)
{
    real *d_in = e->pass->d_in != NULL ? e->pass->d_in : room->normed1;
    KERNEL(norm_rows_back)
    (&(const norm_back_job){.rows = e->rows_in,
                            .cols = e->d,
                            .x = e->pass->in,
                            .x_stride = e->d,
                            .scale = encoder_block(e, ENCODER_NORM1),
                            .stats = e->part[PART_STATS1],
                            .d_y = room->normed1,
                            .d_sum = e->is_last ? NULL : room->sum,
                            .d_x = d_in,
                            .d_scale = encoder_slope(e, ENCODER_NORM1),
                            .d_bias = encoder_slope(e, ENCODER_NORM1_BIAS)});
    for (size_t i = 0; e->is_last && i < e->rows_out; i++) {
        real *row = d_in + encoder_first(e) + i * encoder_stride(e);
        for (size_t c = 0; c < e->d; c++) {
            row[c] += room->sum[i * e->d + c];
        }
    }
}

void KERNEL(encoder_backward)(const layer_pass *pass)
{
    const encoder_pass e = encoder_begin(pass);
    const back_room room = room_of(&e);
    feed_forward_back(&e, &room);
    norm2_back(&e, &room);
    attend_rows_back(&e, &room);
    project_back(&e, &room);
    norm1_back(&e, &room);
}
