/* sim/bridge.c - the order in which a Brownian path is refined: halves, level by level.
 *
 * Given the increment D over a + b unit steps, those over the first a and the last b are
 *   a / (a + b) D + s z   and   b / (a + b) D - s z,   s^2 = a b / (a + b),   z ~ N(0, 1),
 * independent with variances a and b (Levy's construction, on increments rather than levels:
 * nothing is lost by taking differences). A stretch [left, right) lies in slot `left`; a split
 * reads its z from slot `middle`. In the end slot k holds the increment of step k. */
#include <math.h>

#include "sim/sobol_internal.h"

enum { LONGEST_WHOLE = 1 };

static bridge_split split_of(uint32_t left, uint32_t right)
{
    const uint32_t middle = left + (right - left + 1) / 2;
    const double a = middle - left;
    const double b = right - middle;
    const bridge_split split = {
        left, middle, right, 0, a / (a + b), b / (a + b), sqrt(a * b / (a + b))};
    return split;
}

/* Breadth first: the list made so far is also the queue of stretches whose halves come next. The
 * whole's increment is its normal by sqrt(n_steps): the first split's shares hold that factor. */
void bridge_plan(uint32_t n_steps, bridge_split *splits)
{
    uint32_t n = 0;
    if (n_steps > LONGEST_WHOLE) {
        bridge_split whole = split_of(0, n_steps);
        whole.share_left *= sqrt((double)n_steps);
        whole.share_right *= sqrt((double)n_steps);
        splits[n++] = whole;
    }
    for (uint32_t i = 0; i < n; i++) {
        const bridge_split parent = splits[i];
        if (parent.middle - parent.left > LONGEST_WHOLE) {
            splits[n++] = split_of(parent.left, parent.middle);
        }
        if (parent.right - parent.middle > LONGEST_WHOLE) {
            splits[n++] = split_of(parent.middle, parent.right);
        }
    }
}

KERNEL_DECLARE(void, bridge_halve, f32, (const bridge_split *, void *, void *, size_t));
KERNEL_DECLARE(void, bridge_halve, f64, (const bridge_split *, void *, void *, size_t));

bridge_fn *bridge_step(path_precision precision, cpu_level level)
{
    static bridge_fn *const table[2][CPU_N_LEVELS] = {KERNEL_LEVELS(bridge_halve, f32),
                                                      KERNEL_LEVELS(bridge_halve, f64)};
    return table[precision][level];
}
