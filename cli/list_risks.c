/* cli/list_risks.c - risk measures as JSON, from the table that hedgers use. */
#include <jansson.h>

#include <feller/risk.h>

#include "cli/list_internal.h"

json_t *list_risks(void)
{
    size_t n = 0;
    const fel_risk_class *const *all = fel_risk_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const uint32_t flags = all[i]->flags;
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:o}", "name", all[i]->name,
                            "summary", all[i]->summary, "formula", all[i]->formula, "has_threshold",
                            (flags & FEL_RISK_HAS_THRESHOLD) != 0, "has_curvature",
                            (flags & FEL_RISK_HAS_CURVATURE) != 0, "is_cash_invariant",
                            (flags & FEL_RISK_CASH_INVARIANT) != 0, "is_coherent",
                            (flags & FEL_RISK_COHERENT) != 0, "parameters",
                            list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}
