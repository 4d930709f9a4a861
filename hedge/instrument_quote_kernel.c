/* hedge/instrument_quote_kernel.c - quotes looked up in a table, some paths at a time: first where
 * each path lies and with what weights, then the sums over the points around; in double only. */
#include "core/real.h"
#include "hedge/quote_internal.h"

#if REAL_BITS == 64
#include "core/vmath.h"

enum { CHUNK = 64 };

/* Of some paths. */
typedef struct place {
    double t[CHUNK], s[CHUNK]; /* positions on the axes, in steps */
    double width[CHUNK], shape[CHUNK], inside[CHUNK];
    double g[CHUNK];
    int64_t at[CHUNK]; /* of the first point */
    double by_t[QUOTE_TAPS][CHUNK], by_s[QUOTE_TAPS][CHUNK];
} place;

static void find_places(const quote_job *job, size_t first, size_t n, place *at)
{
    const quote_date *date = job->date;
    const double *restrict spot = job->spot + first;
    const double *restrict variance = job->variance + first;
    const double a = date->a, b = date->b, to_m = job->to_m;
    const double t_first = date->t.first, t_inverse = 1.0 / date->t.step;
    const double s_first = date->s.first, s_inverse = 1.0 / date->s.step;
    ARRAYS_APART
    for (size_t i = 0; i < n; i++) {
        const double m = to_m * spot[i], d = m - 1.0, size = d > 0.0 ? d : -d;
        const double total = REAL_FMA(a, variance[i], b), w = __builtin_sqrt(total);
        const double z = log_f64(m) / w, far = z > 0.0 ? z : -z;
        const double t = log_f64(far + __builtin_sqrt(REAL_FMA(far, far, 1.0)));
        at->width[i] = w;
        at->inside[i] = d;
        at->shape[i] = 0.5 * total / (__builtin_sqrt(REAL_FMA(size, size, total)) + size);
        at->t[i] = ((z > 0.0 ? t : -t) - t_first) * t_inverse;
        at->s[i] = (log_f64(total) - s_first) * s_inverse;
    }
}

/* Weights of the four points around a position, of which the first is at `cell`. */
static inline __attribute__((always_inline)) void weigh(const double *restrict position,
                                                        double most, size_t n,
                                                        double (*restrict weights)[CHUNK],
                                                        double *restrict cell)
{
    for (size_t i = 0; i < n; i++) {
        const double x = position[i], whole = __builtin_floor(x) - 1.0;
        const double above = whole > 0.0 ? whole : 0.0, c = above < most ? above : most;
        const double r = x - c - 1.0, r1 = r - 1.0, r2 = r - 2.0, r0 = r + 1.0;
        weights[0][i] = -r * r1 * r2 * (1.0 / 6.0);
        weights[1][i] = r0 * r1 * r2 * 0.5;
        weights[2][i] = -r0 * r * r2 * 0.5;
        weights[3][i] = r0 * r * r1 * (1.0 / 6.0);
        cell[i] = c;
    }
}

static void set_weights(const quote_date *date, size_t n, place *at)
{
    const double row = (double)date->t.n;
    double cell_t[CHUNK], cell_s[CHUNK];
    weigh(at->t, (double)(date->t.n - QUOTE_TAPS), n, at->by_t, cell_t);
    if (date->s.n > 1) {
        weigh(at->s, (double)(date->s.n - QUOTE_TAPS), n, at->by_s, cell_s);
    }
    const double rows = date->s.n > 1 ? row : 0.0;
    for (size_t i = 0; i < n; i++) {
        /* Below 2^51: an exact conversion by the bits, which every width has. */
        const double index = REAL_FMA(rows, rows > 0.0 ? cell_s[i] : 0.0, cell_t[i]);
        at->at[i] = (int64_t)(bits_of_f64(index + 0x1p52) & ((UINT64_C(1) << 52) - 1));
    }
}

static inline double along_t(const double *values, const place *at, size_t i)
{
    const double low = REAL_FMA(at->by_t[0][i], values[0], at->by_t[1][i] * values[1]);
    return low + REAL_FMA(at->by_t[2][i], values[2], at->by_t[3][i] * values[3]);
}

static void sum_rows(const quote_job *job, size_t n, place *at)
{
    const double *values = job->values;
    const size_t row = job->date->t.n;
    if (job->date->s.n == 1) {
        for (size_t i = 0; i < n; i++) {
            at->g[i] = along_t(values + at->at[i], at, i);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const double *from = values + at->at[i];
        const double low = REAL_FMA(at->by_s[0][i], along_t(from, at, i),
                                    at->by_s[1][i] * along_t(from + row, at, i));
        at->g[i] = low + REAL_FMA(at->by_s[2][i], along_t(from + 2 * row, at, i),
                                  at->by_s[3][i] * along_t(from + 3 * row, at, i));
    }
}

void KERNEL(quote_look_up_of)(const quote_job *job)
{
    place at;
    for (size_t first = 0; first < job->n; first += CHUNK) {
        const size_t n = job->n - first < CHUNK ? job->n - first : (size_t)CHUNK;
        double *restrict price = job->price + first;
        find_places(job, first, n, &at);
        set_weights(job->date, n, &at);
        sum_rows(job, n, &at);
        for (size_t i = 0; i < n; i++) {
            const double time_value = REAL_FMA(at.width[i], at.g[i], at.shape[i]);
            const double inside = job->sign * at.inside[i];
            price[i] =
                job->unit * ((inside > 0.0 ? inside : 0.0) + (time_value > 0.0 ? time_value : 0.0));
        }
    }
}
#endif
