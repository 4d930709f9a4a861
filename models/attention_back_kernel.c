/* models/attention_back_kernel.c - attention of every head over the rows of its sample, backward.
 *
 * With g_i = d_o_i / sum_j p_ij and e_ij = m_ij (v_j . g_i):
 *   d_v_j = sum_i m_ij p_ij g_i
 *   d_s_ij = p_ij (e_ij - D_i / sum_j p_ij),  D_i = sum_j p_ij e_ij
 *   d_q_i = sum_j d_s_ij k_j / sqrt(width),  d_k_j = sum_i d_s_ij q_i / sqrt(width) */
#include "core/vmath.h"
#include "models/attention_rows_internal.h"

typedef struct head {
    const real *q, *k, *v, *p, *inverse, *mask, *d_o;
    real *d_q, *d_k, *d_v;
} head;

static head head_at(const attend_job *job, size_t sample, size_t h)
{
    const attend_shape *s = &job->shape;
    const size_t n = sample * s->heads + h, table_size = attend_weights(s);
    const size_t in_q = sample * s->q_sample + h * s->width;
    const size_t in_kv = sample * s->kv_sample + h * s->width;
    const head at = {.q = (const real *)job->q + in_q,
                     .k = (const real *)job->k + in_kv,
                     .v = (const real *)job->v + in_kv,
                     .p = (const real *)job->weights + n * table_size,
                     .inverse = (const real *)job->inverse + n * attend_lanes(s),
                     .mask = job->mask != NULL ? (const real *)job->mask + n * table_size : NULL,
                     .d_o = (const real *)job->d_o + sample * s->o_sample + h * s->width,
                     .d_q = (real *)job->d_q + in_q,
                     .d_k = (real *)job->d_k + in_kv,
                     .d_v = (real *)job->d_v + in_kv};
    return at;
}

/* Scratch of one head. */
typedef struct head_room {
    real *g, *g_across; /* g by rows and transposed */
    real *sum;          /* D */
    real *e;            /* e, then d_s */
    real *p;            /* masked */
    real *in, *out;     /* padded rows */
} head_room;

static head_room room_of(const attend_job *job)
{
    const attend_shape *s = &job->shape;
    const size_t wide = attend_round(s->width);
    head_room r = {.g = job->scratch};
    r.g_across = r.g + attend_lanes(s) * wide;
    r.sum = r.g_across + attend_lanes(s) * wide;
    r.e = r.sum + attend_lanes(s);
    r.p = r.e + attend_weights(s);
    r.in = r.p + attend_weights(s);
    r.out = r.in + s->keys * wide;
    return r;
}

/* e = mask (v g'), with lanes of queries. */
static void slopes_of_weights(const attend_shape *s, const head *at, const head_room *room)
{
    const size_t wide = attend_round(s->width), n = attend_weights(s);
    rows_copy((head_rows){at->d_o, s->o_row}, s->queries, s->width, at->inverse, room->g);
    rows_transpose((head_rows){room->g, wide}, s->queries, wide, 1, room->g_across);
    KERNEL(small_multiply)
    (&(const small_product){.rows = s->keys,
                            .cols = attend_lanes(s),
                            .inner = s->width,
                            .a = at->v,
                            .a_row = s->kv_row,
                            .a_inner = 1,
                            .b = room->g_across,
                            .b_row = attend_lanes(s),
                            .c = room->e,
                            .c_row = attend_lanes(s),
                            .factor = 1,
                            .band = s->causal ? SMALL_COLS_FROM_ROW : SMALL_FULL});
    if (at->mask != NULL) {
        real *e = room->e, *masked = room->p;
        ARRAYS_APART
        for (size_t i = 0; i < n; i++) {
            e[i] *= at->mask[i];
            masked[i] = at->p[i] * at->mask[i];
        }
    }
}

/* e becomes d_s. Where the mask of causality is, e may be anything finite or not: p is 0 there, and
 * so must be d_s. */
static void slopes_of_scores(const attend_shape *s, const head *at, const head_room *room)
{
    const size_t width = attend_lanes(s);
    real *sum = room->sum;
    for (size_t i = 0; i < width; i++) {
        sum[i] = 0;
    }
    for (size_t j = 0; j < s->keys; j++) {
        const real *p = at->p + j * width, *e = room->e + j * width;
        ARRAYS_APART
        for (size_t i = s->causal ? j / LANES * LANES : 0; i < width; i++) {
            sum[i] = REAL_FMA(p[i], e[i], sum[i]);
        }
    }
    for (size_t i = 0; i < width; i++) {
        sum[i] *= at->inverse[i];
    }
    for (size_t j = 0; j < s->keys; j++) {
        const real *p = at->p + j * width;
        real *e = room->e + j * width;
        const size_t from = s->causal ? j / LANES * LANES : 0;
        for (size_t i = 0; i < from; i++) {
            e[i] = 0;
        }
        ARRAYS_APART
        for (size_t i = from; i < width; i++) {
            e[i] = p[i] * (e[i] - sum[i]);
        }
    }
}

/* One product whose result has rows of the head: to = factor a rows. */
typedef struct turn {
    const real *a;
    size_t a_row, a_inner, rows, inner;
    head_rows by;
    real *to;
    size_t to_row;
    double factor;
    small_band band;
} turn;

static void multiply_rows(const attend_shape *s, const head_room *room, const turn *t)
{
    const head_rows b = rows_padded(t->by, t->inner, s->width, room->in);
    size_t row = 0;
    real *c = rows_target(s->width, t->to, t->to_row, room->out, &row);
    KERNEL(small_multiply)
    (&(const small_product){.rows = t->rows,
                            .cols = s->width,
                            .inner = t->inner,
                            .a = t->a,
                            .a_row = t->a_row,
                            .a_inner = t->a_inner,
                            .b = b.at,
                            .b_row = b.row,
                            .c = c,
                            .c_row = row,
                            .factor = t->factor,
                            .band = s->causal ? t->band : SMALL_FULL});
    if (c != t->to) {
        rows_write(c, t->rows, s->width, t->to, t->to_row);
    }
}

static void one_head(const attend_shape *s, const head *at, const head_room *room)
{
    const double root = 1 / __builtin_sqrt((double)s->width);
    const size_t lanes_row = attend_lanes(s);
    slopes_of_weights(s, at, room);
    slopes_of_scores(s, at, room);
    const turn d_v = {.a = at->mask != NULL ? room->p : at->p,
                      .a_row = lanes_row,
                      .a_inner = 1,
                      .rows = s->keys,
                      .inner = s->queries,
                      .by = {room->g, attend_round(s->width)},
                      .to = at->d_v,
                      .to_row = s->kv_row,
                      .factor = 1,
                      .band = SMALL_INNER_FROM_ROW};
    multiply_rows(s, room, &d_v);
    const turn d_k = {.a = room->e,
                      .a_row = lanes_row,
                      .a_inner = 1,
                      .rows = s->keys,
                      .inner = s->queries,
                      .by = {at->q, s->q_row},
                      .to = at->d_k,
                      .to_row = s->kv_row,
                      .factor = root,
                      .band = SMALL_INNER_FROM_ROW};
    multiply_rows(s, room, &d_k);
    const turn d_q = {.a = room->e,
                      .a_row = 1,
                      .a_inner = lanes_row,
                      .rows = s->queries,
                      .inner = s->keys,
                      .by = {at->k, s->kv_row},
                      .to = at->d_q,
                      .to_row = s->q_row,
                      .factor = root,
                      .band = SMALL_INNER_TO_ROW};
    multiply_rows(s, room, &d_q);
}

void KERNEL(attend_back_of)(const attend_job *job)
{
    const attend_shape *s = &job->shape;
    const head_room room = room_of(job);
    for (size_t sample = 0; sample < s->samples; sample++) {
        for (size_t h = 0; h < s->heads; h++) {
            const head at = head_at(job, sample, h);
            one_head(s, &at, &room);
        }
    }
}
