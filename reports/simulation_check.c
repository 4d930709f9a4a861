/* reports/simulation_check.c - is what Monte Carlo, calibration and hedging reports share complete?
 */
#include <math.h>

#include "reports/simulation_internal.h"

fel_status check_array(const void *items, size_t n, const char *name)
{
    if (n > 0 && items == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "%s is NULL with a count of %zu; it needs that many", name,
                         n);
    }
    return FEL_OK;
}

fel_status check_pairs(const fel_report_pair *pairs, size_t n, const char *name)
{
    FEL_TRY(check_array(pairs, n, name));
    for (size_t i = 0; i < n; i++) {
        if (pairs[i].key == NULL || pairs[i].value == NULL) {
            return FEL_RAISE(FEL_ERR_ARG, "%s[%zu] has a NULL; key and value are texts", name, i);
        }
    }
    return FEL_OK;
}

fel_status check_process(const fel_report_process *process)
{
    FEL_TRY(check_array(process->parameters, process->n_parameters, "process.parameters"));
    for (size_t i = 0; i < process->n_parameters; i++) {
        if (process->parameters[i].name == NULL) {
            return FEL_RAISE(FEL_ERR_ARG, "process.parameters[%zu].name is NULL; it needs one", i);
        }
    }
    return FEL_OK;
}

fel_status check_bins(const fel_report_bins *b, const char *name)
{
    if (b->n > 0 && (b->edges == NULL || b->counts == NULL)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: bins without edges or counts; %zu bins need both", name,
                         b->n);
    }
    for (size_t k = 0; k < b->n; k++) {
        if (!(b->edges[k] < b->edges[k + 1])) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: bin %zu is from %g to %g; edges must increase", name,
                             k, b->edges[k], b->edges[k + 1]);
        }
    }
    return FEL_OK;
}
