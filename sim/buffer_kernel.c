/* sim/buffer_kernel.c - what happens to a block's arrays between the steps of a scheme: normals
 * correlated, totals kept, jumps added, outputs written. */
#include "sim/kernels_internal.h"
#include "sim/vmath_internal.h"

static void mix(real *restrict to, const real *restrict from, real weight, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] = REAL_FMA(weight, from[i], to[i]);
    }
}

void KERNEL(correlate_normals_of)(const double *row, uint32_t n_drivers, void *const *z, size_t n)
{
    for (uint32_t d = n_drivers; d-- > 0;) {
        const double *weights = row + (size_t)d * (d + 1) / 2;
        real *to = z[d];
        const real own = (real)weights[d];
        for (size_t i = 0; i < n; i++) {
            to[i] *= own;
        }
        for (uint32_t j = 0; j < d; j++) {
            if (weights[j] < 0.0 || weights[j] > 0.0) {
                mix(to, z[j], (real)weights[j], n);
            }
        }
    }
}

/* ---- jumps --------------------------------------------------------------------------------------
 */

/* Number of jumps where the upper tail is `tail`: the first k with 1 - tail <= P(N <= k). The
 * table's entries are upper tails P(N > k), falling to 0. */
static double jumps_of(const asset_law *law, double tail)
{
    uint32_t k = 0;
    while (k + 1 < law->n_jump_tails && tail < law->jump_tails[k]) {
        k++;
    }
    return (double)k;
}

void KERNEL(add_jumps_of)(const asset_law *law, const void *tail_count, const void *z_size, void *x,
                          size_t n)
{
    const real *tail = tail_count, *z = z_size;
    real *to = x;
    const fel_jumps *jumps = &law->process.jumps;
    const real none = (real)law->jump_tails[0];
    for (size_t i = 0; i < n; i += PATH_ALIGN) {
        real_int n_jumping = 0;
        for (size_t k = i; k < i + PATH_ALIGN; k++) {
            n_jumping += tail[k] < none;
        }
        for (size_t k = i; n_jumping > 0 && k < i + PATH_ALIGN; k++) {
            if (tail[k] < none) {
                const double count = jumps_of(law, (double)tail[k]);
                const double spread = jumps->vol * __builtin_sqrt(count);
                const double sum = __builtin_fma(spread, (double)z[k], count * jumps->mean);
                to[k] += (real)sum;
                n_jumping--;
            }
        }
    }
}

/* ---- totals -------------------------------------------------------------------------------------
 */

static void add_area(real *restrict integral, const real *restrict area, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        integral[i] += area[i];
    }
}

static void add_square(real *restrict realised, real *restrict before, const real *restrict x,
                       real drift, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const real change = x[i] - before[i] + drift;
        realised[i] = REAL_FMA(change, change, realised[i]);
        before[i] = x[i];
    }
}

void KERNEL(add_totals_of)(const path_totals *totals, const void *x, const void *area, size_t n)
{
    if (totals->integral != NULL) {
        add_area(totals->integral, area, n);
    }
    if (totals->realised != NULL) {
        add_square(totals->realised, totals->x_before, x, (real)totals->drift_step, n);
    }
}

/* ---- outputs ------------------------------------------------------------------------------------
 */

void KERNEL(emit_exp_of)(const void *from, const void *also, const double c[3], void *to, size_t n)
{
    const real *restrict x = from;
    real *restrict out = to;
    const real scale = (real)c[0];
    (void)also;
    for (size_t i = 0; i < n; i++) {
        out[i] = scale * real_exp(x[i]);
    }
}

void KERNEL(emit_linear_of)(const void *from, const void *also, const double c[3], void *to,
                            size_t n)
{
    const real *restrict v = from, *restrict more = also;
    real *restrict out = to;
    const real base = (real)c[0], slope = (real)c[1], share = (real)c[2];
    for (size_t i = 0; i < n; i++) {
        const real size = v[i] > REAL_C(0.0) ? v[i] : REAL_C(0.0);
        out[i] = REAL_FMA(slope, size, base);
    }
    for (size_t i = 0; more != NULL && i < n; i++) {
        out[i] = REAL_FMA(share, more[i], out[i]);
    }
}
