/* cli/list_hedge.c - features and rules of hedging as JSON, from the tables of feller/hedge.h. */
#include <jansson.h>

#include <feller/hedge.h>

#include "cli/list_internal.h"

json_t *list_hedge_features(void)
{
    size_t n = 0;
    const fel_hedge_feature_info *const *all = fel_hedge_features(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const uint32_t flags = all[i]->flags;
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b, s:b, s:o}", "name", all[i]->name, "summary",
                            all[i]->summary, "unit", all[i]->unit, "is_live",
                            (flags & FEL_HEDGE_FEATURE_LIVE) != 0, "is_for_each_instrument",
                            (flags & FEL_HEDGE_FEATURE_EACH_INSTRUMENT) != 0, "parameters",
                            list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

json_t *list_hedge_rules(void)
{
    size_t n = 0;
    const fel_hedge_rule_info *const *all = fel_hedge_rules(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:o}", "name",
                                                    all[i]->name, "summary", all[i]->summary,
                                                    "formula", all[i]->formula, "is_oracle",
                                                    all[i]->is_oracle != 0, "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}
