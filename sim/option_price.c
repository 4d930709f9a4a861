/* sim/option_price.c - the price of any payoff by simulated paths. */
#include <stdlib.h>

#include "core/progress.h"
#include "sim/option_internal.h"

fel_status fel_montecarlo_price(fel_montecarlo *out, const fel_process *assets, size_t n_assets,
                                const double *correlation, const fel_payoff *payoff,
                                const fel_montecarlo_config *config)
{
    const int64_t start_ns = clock_monotonic_ns();
    option_plan plan;
    option_moments *moments = NULL;
    fel_status status = option_plan_init(&plan, assets, n_assets, correlation, payoff, config);
    if (status != FEL_OK) {
        goto done;
    }
    moments = calloc(plan.n_replicates * plan.n_blocks, sizeof(*moments));
    if (moments == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %llu paths",
                           (unsigned long long)config->n_paths);
        goto done;
    }
    status = option_sample(&plan, moments);
    if (status == FEL_OK) {
        option_estimate(&plan, moments, out);
        out->seconds = (double)(clock_monotonic_ns() - start_ns) * 1e-9;
    }
done:
    free(moments);
    option_plan_clear(&plan);
    return status;
}
