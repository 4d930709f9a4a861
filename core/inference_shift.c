/* core/inference_shift.c - is the timing of a signal random? The signal is turned on a ring against
 * the returns: every shift holds and trades the same, only the timing is lost. */
#include <math.h>
#include <stdlib.h>

#include <feller/inference.h>

#include "core/rng.h"
#include "core/sum.h"

enum { LEAST_PERIODS = 3 };

typedef struct ring {
    const double *positions, *returns;
    size_t n;
    double cost;
    double *pnl; /* n */
} ring;

/* Mean over deviation of the P&L with the positions `shift` periods late; 0 without variation. */
static double statistic_at(const ring *r, size_t shift)
{
    for (size_t i = 0; i < r->n; i++) {
        const size_t at = i >= shift ? i - shift : i + r->n - shift;
        const size_t before = at > 0 ? at - 1 : r->n - 1;
        const double turnover = fabs(r->positions[at] - r->positions[before]);
        r->pnl[i] = r->positions[at] * r->returns[i] - r->cost * turnover;
    }
    const fel_cvec pnl = {r->pnl, r->n};
    const double deviation = deviation_of(pnl, 1.0);
    return deviation > 0.0 ? mean_of(pnl) / deviation : 0.0;
}

static fel_status check(fel_cvec positions, fel_cvec returns, size_t n_shifts)
{
    if (positions.len != returns.len) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu positions against %zu returns", positions.len,
                         returns.len);
    }
    if (positions.len < LEAST_PERIODS || n_shifts == 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu periods and %zu shifts: at least 3 and 1 are needed",
                         positions.len, n_shifts);
    }
    for (size_t i = 0; i < positions.len; i++) {
        if (!isfinite(positions.data[i]) || !isfinite(returns.data[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "period %zu: position %g, return %g: not finite", i,
                             positions.data[i], returns.data[i]);
        }
    }
    return FEL_OK;
}

/* The first n_shifts places of a shuffle of 1 .. n - 1. */
static void draw_shifts(size_t *shifts, size_t n, size_t n_shifts, uint64_t seed)
{
    rng_stream stream = rng_at(seed, 0);
    for (size_t i = 0; i + 1 < n; i++) {
        shifts[i] = i + 1;
    }
    for (size_t i = 0; i < n_shifts; i++) {
        const size_t other = i + (size_t)rng_below(&stream, n - 1 - i);
        const size_t swap = shifts[i];
        shifts[i] = shifts[other];
        shifts[other] = swap;
    }
}

/* values[n_shifts]: the statistic of each shift. */
static void judge(const double *values, fel_shift_result *out)
{
    const fel_cvec view = {values, out->n_shifts};
    size_t n_as_good = 0;
    for (size_t i = 0; i < out->n_shifts; i++) {
        n_as_good += values[i] >= out->statistic ? 1 : 0;
    }
    out->p_value = (1.0 + (double)n_as_good) / (1.0 + (double)out->n_shifts);
    out->mean = mean_of(view);
    out->sd = deviation_of(view, 1.0);
}

fel_status fel_circular_shift_test(fel_cvec positions, fel_cvec returns, double cost_per_turnover,
                                   size_t n_shifts, uint64_t seed, fel_shift_result *out)
{
    FEL_TRY(check(positions, returns, n_shifts));
    const size_t n = positions.len, used = n_shifts < n - 1 ? n_shifts : n - 1;
    double *pnl = malloc(n * sizeof(*pnl)), *values = malloc(used * sizeof(*values));
    size_t *shifts = calloc(n, sizeof(*shifts));
    fel_status status = FEL_OK;
    if (pnl == NULL || values == NULL || shifts == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu periods", n);
        goto done;
    }
    const ring r = {positions.data, returns.data, n, cost_per_turnover, pnl};
    draw_shifts(shifts, n, used, seed);
    for (size_t i = 0; i < used; i++) {
        values[i] = statistic_at(&r, shifts[i]);
    }
    out->n = n;
    out->n_shifts = used;
    out->statistic = statistic_at(&r, 0);
    judge(values, out);
done:
    free(shifts);
    free(values);
    free(pnl);
    return status;
}
