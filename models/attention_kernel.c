/* models/attention_kernel.c - attention of every head over the rows of its sample, forward. */
#include "core/vmath.h"
#include "models/attention_rows_internal.h"

/* Below every score, and far from overflow when another is taken from it. */
#if REAL_BITS == 32
#define LEAST (-0x1p126F)
#else
#define LEAST (-0x1p1022)
#endif

/* The p of one head, scores when it comes. */
typedef struct table {
    real *p;
    size_t keys, width; /* of a row: queries rounded up */
    int causal;
} table;

/* The first query of row j that is not masked, rounded down to lanes. */
static inline size_t first_query(const table *t, size_t j)
{
    return t->causal ? j / LANES * LANES : 0;
}

/* What is masked in the group of lanes on the diagonal becomes `value`. */
static inline void set_masked(const table *t, size_t j, real value)
{
    real *row = t->p + j * t->width;
    for (size_t i = first_query(t, j); t->causal && i < j; i++) {
        row[i] = value;
    }
}

static void find_most(const table *t, real *most)
{
    for (size_t i = 0; i < t->width; i++) {
        most[i] = LEAST;
    }
    for (size_t j = 0; j < t->keys; j++) {
        set_masked(t, j, LEAST);
        const real *row = t->p + j * t->width;
        ARRAYS_APART
        for (size_t i = first_query(t, j); i < t->width; i++) {
            most[i] = row[i] > most[i] ? row[i] : most[i];
        }
    }
}

/* p = exp(s - most), 0 where masked; sum over keys, in order. */
static void exponentials(const table *t, const real *most, real *sum)
{
    for (size_t i = 0; i < t->width; i++) {
        sum[i] = 0;
    }
    for (size_t j = 0; j < t->keys; j++) {
        real *row = t->p + j * t->width;
        const size_t from = first_query(t, j);
        for (size_t i = 0; i < from; i++) {
            row[i] = 0;
        }
        ARRAYS_APART
        for (size_t i = from; i < t->width; i++) {
            row[i] = real_exp(row[i] - most[i]);
        }
        set_masked(t, j, 0);
        ARRAYS_APART
        for (size_t i = from; i < t->width; i++) {
            sum[i] += row[i];
        }
    }
}

static void softmax(const table *t, real *most, real *inverse)
{
    find_most(t, most);
    exponentials(t, most, inverse);
    for (size_t i = 0; i < t->width; i++) {
        inverse[i] = 1 / inverse[i];
    }
}

static const real *masked(const real *p, const real *mask, size_t n, real *room)
{
    if (mask == NULL) {
        return p;
    }
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        room[i] = p[i] * mask[i];
    }
    return room;
}

/* Where the parts of one head are. */
typedef struct head {
    const real *q, *k, *v, *mask;
    real *p, *inverse, *o;
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
                     .mask = job->mask != NULL ? (const real *)job->mask + n * table_size : NULL,
                     .p = (real *)job->weights + n * table_size,
                     .inverse = (real *)job->inverse + n * attend_lanes(s),
                     .o = (real *)job->o + sample * s->o_sample + h * s->width};
    return at;
}

/* Scratch of the forward pass of one head. */
typedef struct head_room {
    real *q, *most, *p, *v, *o;
} head_room;

static head_room room_of(const attend_job *job)
{
    const attend_shape *s = &job->shape;
    const size_t wide = attend_round(s->width);
    head_room r = {.q = job->scratch};
    r.most = r.q + wide * attend_lanes(s);
    r.p = r.most + attend_lanes(s);
    r.v = r.p + attend_weights(s);
    r.o = r.v + s->keys * wide;
    return r;
}

/* p = k (q / sqrt(width))', transposed scores. */
static void scores(const attend_shape *s, const head *at, const head_room *room)
{
    const head_rows q = {at->q, s->q_row};
    const real factor = (real)(1 / __builtin_sqrt((double)s->width));
    rows_transpose(q, s->queries, s->width, factor, room->q);
    KERNEL(small_multiply)
    (&(const small_product){.rows = s->keys,
                            .cols = attend_lanes(s),
                            .inner = s->width,
                            .a = at->k,
                            .a_row = s->kv_row,
                            .a_inner = 1,
                            .b = room->q,
                            .b_row = attend_lanes(s),
                            .c = at->p,
                            .c_row = attend_lanes(s),
                            .factor = 1,
                            .band = s->causal ? SMALL_COLS_FROM_ROW : SMALL_FULL});
}

/* o = (p v) / sum p. */
static void mix_values(const attend_shape *s, const head *at, const head_room *room)
{
    const head_rows v = rows_padded((head_rows){at->v, s->kv_row}, s->keys, s->width, room->v);
    size_t row = 0;
    real *o = rows_target(s->width, at->o, s->o_row, room->o, &row);
    KERNEL(small_multiply)
    (&(const small_product){.rows = s->queries,
                            .cols = s->width,
                            .inner = s->keys,
                            .a = masked(at->p, at->mask, attend_weights(s), room->p),
                            .a_row = 1,
                            .a_inner = attend_lanes(s),
                            .b = v.at,
                            .b_row = v.row,
                            .c = o,
                            .c_row = row,
                            .factor = 1,
                            .band = s->causal ? SMALL_INNER_TO_ROW : SMALL_FULL});
    for (size_t i = 0; i < s->queries; i++) {
        const real by = at->inverse[i];
        for (size_t c = 0; c < s->width; c++) {
            at->o[i * s->o_row + c] = o[i * row + c] * by;
        }
    }
}

void KERNEL(attend_of)(const attend_job *job)
{
    const attend_shape *s = &job->shape;
    const head_room room = room_of(job);
    for (size_t sample = 0; sample < s->samples; sample++) {
        for (size_t h = 0; h < s->heads; h++) {
            const head at = head_at(job, sample, h);
            const table t = {at.p, s->keys, attend_lanes(s), s->causal};
            scores(s, &at, &room);
            softmax(&t, room.most, at.inverse);
            mix_values(s, &at, &room);
        }
    }
}
