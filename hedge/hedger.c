/* hedge/hedger.c - rules and trained policies as one thing that decides positions. */
#include <stdlib.h>

#include "hedge/hedger_internal.h"

static fel_status hedger_new(fel_hedger **out, const fel_hedger *what)
{
    fel_hedger *hedger = malloc(sizeof(*hedger));
    if (hedger == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedger");
    }
    *hedger = *what;
    *out = hedger;
    return FEL_OK;
}

fel_status fel_hedger_of_rule(fel_hedger **out, const fel_hedge_problem *problem,
                              const fel_hedge_rule *rule)
{
    fel_hedger hedger = {.problem = problem, .rule_name = rule->info->name};
    FEL_TRY(hedge_rule_create(&hedger.rule, problem, rule));
    const fel_status status = hedger_new(out, &hedger);
    if (status != FEL_OK) {
        hedge_rule_destroy(hedger.rule);
    }
    return status;
}

fel_status fel_hedger_of_policy_f32(fel_hedger **out, const fel_policy *policy, const float *params)
{
    return hedger_new(
        out, &(fel_hedger){.problem = policy->problem, .policy = policy, .params = params});
}

fel_status fel_hedger_of_policy_f64(fel_hedger **out, const fel_policy *policy,
                                    const double *params)
{
    return hedger_new(
        out, &(fel_hedger){
                 .problem = policy->problem, .policy = policy, .params = params, .is_double = 1});
}

void fel_hedger_destroy(fel_hedger *hedger)
{
    if (hedger != NULL) {
        hedge_rule_destroy(hedger->rule);
        free(hedger);
    }
}
