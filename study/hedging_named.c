/* study/hedging_named.c - a hedger that a study names: a rule of a hedging study's problem, or a
 * policy that was trained by it, offered to strategies as the service "hedger". */
#include <stdlib.h>
#include <string.h>

#include <feller/portfolio.h>

#include "study/hedging_internal.h"
#include "study/hedging_service_internal.h"

#define PORTFOLIO                                                                                  \
    {                                                                                              \
        FEL_PORTFOLIO_SERVICE, 1, 0, &fel_portfolio_functions                                      \
    }

struct hedging_named {
    fel_study *study; /* the hedging study */
    fel_run_options options;
    dataset inputs;
    hedging *problem;
    float *params;
    fel_hedger *hedger;
    hedging_service service;
    fel_service offered[2];
};

/* The policy that "kfac/seed3" is a seed of. */
static const hedging_hedger *policy_of(const hedging *h, const char *name)
{
    const size_t length = strcspn(name, "/");
    for (size_t i = 0; i < h->n_policies; i++) {
        if (strlen(h->hedgers[i].name) == length &&
            strncmp(h->hedgers[i].name, name, length) == 0) {
            return &h->hedgers[i];
        }
    }
    return NULL;
}

static fel_status take_policy(hedging_named *n, const study_hedger *values)
{
    const hedging_hedger *who = policy_of(n->problem, values->policy);
    if (who == NULL) {
        return FEL_RAISE(FEL_ERR_NOTFOUND,
                         "hedger.policy: \"%s\" is no seed of a policy of %s; give NAME/seedK",
                         values->policy, values->study);
    }
    n->params = malloc(fel_policy_count_params(who->policy) * sizeof(float));
    FEL_TRY(hedging_need(n->params));
    FEL_TRY(fel_policies_read(values->policies, values->policy, who->policy, n->params));
    return fel_hedger_of_policy_f32(&n->hedger, who->policy, n->params);
}

static fel_status take_rule(hedging_named *n, const study_hedger *values)
{
    fel_hedge_rule rule;
    memset(&rule, 0, sizeof(rule));
    rule.info = values->rule.code;
    memcpy(rule.params, values->rule.params, values->rule.n_params * sizeof(double));
    return fel_hedger_of_rule(&n->hedger, n->problem->problem, &rule);
}

static fel_status open_named(hedging_named *n, const study_hedger *values)
{
    n->options = fel_run_options_default();
    FEL_TRY(fel_study_load(&n->study, values->study, NULL, 0));
    if (!n->study->values.hedge.is_present) {
        return FEL_RAISE(FEL_ERR_ARG, "hedger.study: %s is no hedging study: it has no key hedge",
                         values->study);
    }
    FEL_TRY(hedging_create(&n->problem, n->study, &n->inputs, &n->options));
    FEL_TRY(hedging_setup(n->problem));
    FEL_TRY(values->policy != NULL ? take_policy(n, values) : take_rule(n, values));
    FEL_TRY(hedging_service_init(&n->service, n->problem->problem, n->hedger));
    const fel_service portfolio = PORTFOLIO;
    n->offered[0] = portfolio;
    n->offered[1] = n->service.entry;
    return FEL_OK;
}

fel_status hedging_named_open(hedging_named **out, const fel_study *study)
{
    hedging_named *n = calloc(1, sizeof(*n));
    if (n == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedger");
    }
    *out = n;
    return open_named(n, &study->values.hedger);
}

const fel_service *hedging_named_services(const hedging_named *named, size_t *n)
{
    static const fel_service always[1] = {PORTFOLIO};
    *n = named != NULL ? 2 : 1;
    return named != NULL ? named->offered : always;
}

void hedging_named_close(hedging_named *named)
{
    if (named == NULL) {
        return;
    }
    fel_hedger_destroy(named->hedger);
    free(named->params);
    hedging_destroy(named->problem);
    dataset_close(&named->inputs);
    fel_study_destroy(named->study);
    free(named);
}
