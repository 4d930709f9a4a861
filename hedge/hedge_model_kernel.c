/* hedge/hedge_model_kernel.c - greeks looked up in tables of cubic splines; in double only. */
#include "core/real.h"
#include "hedge/hedge_model_internal.h"

#if REAL_BITS == 64
#include "core/vmath.h"

void KERNEL(model_lookup)(const model_job *job);

#define LEAST_WIDTH 1e-9

/* The cell and the place in it, 0 .. 1. */
typedef struct cell {
    int32_t at;
    double place;
} cell;

static inline __attribute__((always_inline)) cell cell_of(const model_axis *axis, double x)
{
    const double position = (x - axis->first) * axis->inverse_step;
    const double low = position > 0.0 ? position : 0.0;
    const double most = axis->last_cell + 1.0, in = low < most ? low : most;
    const double before = in < axis->last_cell ? in : axis->last_cell;
    const cell out = {(int32_t)before, in - (double)(int32_t)before};
    return out;
}

/* Weights of the four B-splines of a cell, and of their slopes. */
typedef struct weights {
    double of[4], slope[4];
} weights;

static inline __attribute__((always_inline)) weights weights_of(double r)
{
    const double q = 1.0 - r, r2 = r * r, q2 = q * q;
    const weights out = {
        {q2 * q * (1.0 / 6.0), REAL_FMA(r2, REAL_FMA(0.5, r, -1.0), 2.0 / 3.0),
         REAL_FMA(q2, REAL_FMA(0.5, q, -1.0), 2.0 / 3.0), r2 * r * (1.0 / 6.0)},
        {-0.5 * q2, REAL_FMA(1.5, r, -2.0) * r, REAL_FMA(-1.5, q, 2.0) * q, 0.5 * r2}};
    return out;
}

typedef struct looked {
    double value, slope; /* slope by w, per step */
} looked;

static inline __attribute__((always_inline)) looked
look(const double *restrict table, int32_t at, int32_t row, const weights *w, const weights *s)
{
    looked out = {0.0, 0.0};
    for (int32_t j = 0; j < 4; j++) {
        const int32_t k = at + j * row;
        const double c0 = table[k], c1 = table[k + 1], c2 = table[k + 2], c3 = table[k + 3];
        const double value =
            REAL_FMA(w->of[3], c3, REAL_FMA(w->of[2], c2, REAL_FMA(w->of[1], c1, w->of[0] * c0)));
        const double slope =
            REAL_FMA(w->slope[3], c3,
                     REAL_FMA(w->slope[2], c2, REAL_FMA(w->slope[1], c1, w->slope[0] * c0)));
        out.value = REAL_FMA(s->of[j], value, out.value);
        out.slope = REAL_FMA(s->of[j], slope, out.slope);
    }
    return out;
}

static inline __attribute__((always_inline)) void run(const model_job *job, int has_variance)
{
    const double *restrict spot = job->spot, *restrict variance = job->variance;
    double *restrict delta = job->delta, *restrict gamma = job->gamma;
    double *restrict vega = job->vega, *restrict vanna = job->vanna;
    const double inverse = 1.0 / job->strike;
    const int32_t row = (int32_t)job->row;
    const model_axis of_w = job->w, of_s = job->s;
    const size_t n = job->n;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double v = has_variance ? (variance[i] > 0.0 ? variance[i] : 0.0) : 0.0;
        const double u = __builtin_sqrt(v);
        const double width = __builtin_sqrt(REAL_FMA(job->a, v, job->b));
        const double h = width > LEAST_WIDTH ? width : LEAST_WIDTH, one_over_h = 1.0 / h;
        const double y = log_f64(spot[i] * inverse) * one_over_h, size = __builtin_fabs(y);
        const double hypotenuse = __builtin_sqrt(REAL_FMA(y, y, 1.0));
        const double arc = log_f64(size + hypotenuse);
        const cell at_w = cell_of(&of_w, y < 0.0 ? -arc : arc);
        const cell at_s = cell_of(&of_s, u / (u + job->u0));
        const weights w = weights_of(at_w.place), s = weights_of(at_s.place);
        const int32_t at = at_s.at * row + at_w.at;
        const looked f = look(job->delta_table, at, row, &w, &s);
        const looked g = look(job->vega_table, at, row, &w, &s);
        /* d/dx of a table by its slope. */
        const double per_x = of_w.inverse_step * one_over_h / hypotenuse;
        const double unit = job->a * one_over_h;
        delta[i] = f.value;
        gamma[i] = f.slope * per_x / spot[i];
        vega[i] = unit * spot[i] * g.value;
        vanna[i] = unit * REAL_FMA(g.slope, per_x, g.value);
    }
}

void KERNEL(model_lookup)(const model_job *job)
{
    if (job->variance != NULL) {
        run(job, 1);
    } else {
        run(job, 0);
    }
}
#endif
