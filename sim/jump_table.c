/* sim/jump_table.c - the law of the number of jumps in a step: P(N > k), until it is nothing. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "sim/generator_internal.h"

/* Beyond this no draw of 64 bits reaches. */
static const double SMALLEST_TAIL = 0x1p-66;

fel_status jump_table_make(asset_law *law)
{
    const double expected = law->process.jumps.intensity_per_year * law->dt_years;
    /* Poisson tails fall faster than normal ones of 12 deviations from here on. */
    const size_t most = (size_t)(expected + 12.0 * sqrt(expected)) + 40;
    double *tails = calloc(most + 1, sizeof(*tails));
    if (tails == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu numbers of jumps", most);
    }
    uint32_t n = 0;
    do {
        tails[n] = expected > 0.0 ? gsl_cdf_poisson_Q(n, expected) : 0.0;
        n++;
    } while (n < most && tails[n - 1] > SMALLEST_TAIL);
    tails[n++] = 0.0;
    law->jump_tails = tails;
    law->n_jump_tails = n;
    return FEL_OK;
}
