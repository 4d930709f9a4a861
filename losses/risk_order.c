/* losses/risk_order.c - the edge of a tail, by partial sorting of a copy (Hoare 1961, pivots by the
 * median of three; a range that does not shrink is sorted). The value at a rank does not depend on
 * how it is found. */
#include <stdlib.h>

#include "losses/risk_internal.h"

static int is_larger(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double middle_of(double a, double b, double c)
{
    return fmax(fmin(a, b), fmin(fmax(a, b), c));
}

/* Reorder x so that x[rank] is what it would be in falling order, with none larger behind it. */
static void place_rank(double *x, size_t n, size_t rank)
{
    size_t first = 0, last = n - 1, work = 0;
    while (first < last) {
        work += last - first;
        if (work > 16 * n) {
            qsort(x + first, last - first + 1, sizeof(*x), is_larger);
            return;
        }
        const double pivot = middle_of(x[first], x[first + (last - first) / 2], x[last]);
        size_t i = first, j = last;
        for (;;) {
            while (i < last && x[i] > pivot) {
                i++;
            }
            while (j > first && x[j] < pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            const double swap = x[i];
            x[i++] = x[j];
            x[j--] = swap;
        }
        if (rank <= j) {
            last = j;
        } else {
            first = j + 1;
        }
    }
}

/* Below all losses, so that every path is in the tail. */
static double below(const loss_range *range)
{
    return fmin(range->low - 0.5 * (range->high - range->low), nextafter(range->low, -HUGE_VAL));
}

fel_status risk_tail_threshold(const double *pnl, size_t n, double tail, double *w)
{
    /* Levels such as 0.95 are not exact: 100 x (1 - 0.95) is 5 and some. */
    const double nearest = round(tail);
    const int is_whole = nearest >= 1.0 && fabs(tail - nearest) <= 1e-12 * (double)n;
    const size_t count = (size_t)(is_whole ? nearest : floor(tail));
    if (count >= n) {
        const loss_range range = losses_of(pnl, n);
        *w = below(&range);
        return FEL_OK;
    }
    double *losses = calloc(n, sizeof(*losses));
    if (losses == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu losses", n);
    }
    for (size_t i = 0; i < n; i++) {
        losses[i] = -pnl[i];
    }
    place_rank(losses, n, count);
    double edge = losses[count];
    if (is_whole) {
        double before = HUGE_VAL;
        for (size_t i = 0; i < count; i++) {
            before = fmin(before, losses[i]);
        }
        edge += 0.5 * (before - edge);
    }
    *w = edge;
    free(losses);
    return FEL_OK;
}
