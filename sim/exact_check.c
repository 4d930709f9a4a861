/* sim/exact_check.c - correlations that the exact schemes cannot keep.
 *
 * A variance drawn from its law over the whole step has no Brownian motion that another could be
 * correlated with, and the joint law of two integrals of roots of variances is not known. So with
 * exact_variance an asset's variance is independent of every other asset's drivers (prices may be
 * correlated: their normals given the variances are); with exact its price is, too. */
#include <math.h>

#include "sim/exact_internal.h"
#include "sim/generator_internal.h"

/* Row i of the packed lower triangle times row j. */
static double driver_covariance(const double *mixing, size_t i, size_t j)
{
    const double *a = mixing + i * (i + 1) / 2, *b = mixing + j * (j + 1) / 2;
    double sum = 0.0;
    for (size_t k = 0; k <= (i < j ? i : j); k++) {
        sum += a[k] * b[k];
    }
    return sum;
}

static fel_status check_driver(const fel_paths *paths, size_t asset, size_t driver)
{
    const asset_law *own = &paths->laws[asset];
    for (size_t d = 0; d < paths->n_drivers; d++) {
        if (d == own->driver_price || d == own->driver_variance) {
            continue;
        }
        const double value = driver_covariance(paths->mixing, driver, d);
        if (fabs(value) > 1e-9) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "correlation %.3g of the %s of asset %zu with another asset: scheme "
                             "%s has none; use qe_m or euler",
                             value, driver == own->driver_price ? "price" : "variance", asset + 1,
                             paths->schemes[asset]->uses & LONE_PRICE ? "exact" : "exact_variance");
        }
    }
    return FEL_OK;
}

fel_status exact_check(const fel_paths *paths)
{
    for (size_t a = 0; paths->mixing != NULL && a < paths->n_assets; a++) {
        if (paths->schemes[a]->uses & LONE_VARIANCE) {
            FEL_TRY(check_driver(paths, a, paths->laws[a].driver_variance));
        }
        if (paths->schemes[a]->uses & LONE_PRICE) {
            FEL_TRY(check_driver(paths, a, paths->laws[a].driver_price));
        }
    }
    return FEL_OK;
}
