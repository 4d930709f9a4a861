/* data/codec_grid.c - does a column lie on a grid of 1/10^k, so that it can be kept as whole
 * numbers? */
#include <math.h>
#include <string.h>

#include "data/codec_plan_internal.h"

enum { STRIDE = 512 };

/* Is every x exactly a whole number divided by ticks_per_unit? -0 would lose its sign. Runs of
 * STRIDE have no branch, so that they are done several at a time. */
static int lies_on(const double *x, size_t n, double ticks_per_unit)
{
    for (size_t at = 0; at < n; at += STRIDE) {
        const size_t end = n - at < STRIDE ? n : at + STRIDE;
        uint64_t bad = 0;
        for (size_t i = at; i < end; i++) {
            const double ticks = codec_round(x[i] * ticks_per_unit);
            const double back = ticks / ticks_per_unit + 0.0; /* + 0.0 turns -0 into 0 */
            uint64_t want, have;
            memcpy(&want, &x[i], sizeof(want));
            memcpy(&have, &back, sizeof(have));
            bad |= (want ^ have) | (uint64_t) !(fabs(ticks) <= CODEC_MOST_TICKS);
        }
        if (bad != 0) {
            return 0;
        }
    }
    return 1;
}

double codec_find_grid(const double *x, size_t n, double hint_ticks_per_unit)
{
    static const double grids[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    if (hint_ticks_per_unit > 0.0 && lies_on(x, n, hint_ticks_per_unit)) {
        return hint_ticks_per_unit;
    }
    for (size_t g = 0; g < sizeof(grids) / sizeof(grids[0]); g++) {
        if (lies_on(x, n, grids[g])) {
            return grids[g];
        }
    }
    return 0.0;
}
