/* reports/trade_extremes.c - the extreme of a window that only moves forward, by a monotone queue.
 */
#include <math.h>

#include "core/core.h"
#include "reports/trade_internal.h"

fel_status extreme_push(extreme_window *w, size_t segment, double value)
{
    if (isnan(value)) {
        return FEL_OK;
    }
    /* Whatever is not beyond the newcomer can never be the extreme again. */
    while (w->n > w->head && w->sign * w->items[w->n - 1].value <= w->sign * value) {
        w->n--;
    }
    if (w->head == w->n) {
        w->head = 0;
        w->n = 0;
    }
    const extreme newest = {segment, value};
    return ARRAY_PUSH(w, newest);
}

double extreme_from(extreme_window *w, size_t first_segment)
{
    while (w->head < w->n && w->items[w->head].segment < first_segment) {
        w->head++;
    }
    return w->head < w->n ? w->items[w->head].value : (double)NAN;
}

void extreme_scale(extreme_window *w, double factor)
{
    for (size_t i = w->head; i < w->n; i++) {
        w->items[i].value *= factor;
    }
}
