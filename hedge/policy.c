/* hedge/policy.c - a network on a problem's features with a head that makes positions of what it
 * puts out. */
#include <stdlib.h>
#include <string.h>

#include "hedge/policy_internal.h"

enum { DEFAULT_HIDDEN = 32 };

fel_policy_config fel_policy_config_default(void)
{
    fel_policy_config config = {.struct_size = sizeof(config),
                                .n_hidden = 1,
                                .head = FEL_HEDGE_DIRECT,
                                .hidden = {DEFAULT_HIDDEN},
                                .bound = FEL_HEDGE_FREE,
                                .standardise = 1};
    if (fel_network_find("lstm", &config.network) == FEL_OK) {
        const fel_network_info *info = fel_network_class_info(config.network);
        fel_param_defaults(info->params, info->n_params, config.params);
    }
    return config;
}

/* ---- what goes together -----------------------------------------------------------------------
 */

static int is_recurrent(const fel_network_class *code)
{
    return strcmp(fel_network_class_info(code)->name, "lstm") == 0;
}

static fel_status check_network(const fel_policy_config *config)
{
    if (config->network == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a policy needs a network: lstm or mlp");
    }
    const char *name = fel_network_class_info(config->network)->name;
    if (strcmp(name, "lstm") != 0 && strcmp(name, "mlp") != 0) {
        return FEL_RAISE(FEL_ERR_ARG, "a policy's network is lstm or mlp, not %s", name);
    }
    if (config->per_date && is_recurrent(config->network)) {
        return FEL_RAISE(FEL_ERR_ARG, "a network for each date is an mlp: an lstm's state goes "
                                      "through all dates");
    }
    return FEL_OK;
}

static fel_status check_config(const fel_policy_config *config)
{
    if (config->struct_size != sizeof(*config)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_policy_config of %u bytes, expected %zu",
                         (unsigned)config->struct_size, sizeof(*config));
    }
    if ((unsigned)config->head > FEL_HEDGE_BAND) {
        return FEL_RAISE(FEL_ERR_RANGE, "head %d, allowed are 0 (direct) to 2 (band)",
                         (int)config->head);
    }
    if ((unsigned)config->bound > FEL_HEDGE_LOGISTIC) {
        return FEL_RAISE(FEL_ERR_RANGE, "bound %d, allowed are 0 (free) to 2 (logistic)",
                         (int)config->bound);
    }
    if (config->head == FEL_HEDGE_BAND && config->bound != FEL_HEDGE_FREE) {
        return FEL_RAISE(FEL_ERR_ARG, "a band's outputs are widths: bound must be free");
    }
    return check_network(config);
}

/* ---- parts ------------------------------------------------------------------------------------
 */

static fel_status make_base(fel_policy *policy)
{
    if (policy->config.head == FEL_HEDGE_DIRECT) {
        return FEL_OK;
    }
    if (policy->config.base.info == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "residual and band heads need a base rule");
    }
    FEL_TRY(hedge_rule_create(&policy->base, policy->problem, &policy->config.base));
    if (!hedge_rule_is_path_free(policy->base)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "base rule %s follows from the position before; a base must not",
                         policy->config.base.info->name);
    }
    return FEL_OK;
}

static fel_status make_network(fel_policy *policy)
{
    const fel_policy_config *config = &policy->config;
    fel_network_config network = fel_network_config_default(config->network);
    network.n_hidden = config->n_hidden;
    memcpy(network.hidden, config->hidden, sizeof(network.hidden));
    memcpy(network.params, config->params, sizeof(network.params));
    network.n_features = policy->n_columns;
    network.n_outputs = policy->n_outputs;
    network.every_step = is_recurrent(config->network);
    return fel_network_create(&policy->network, &network);
}

/* Says early what cannot be unrolled. */
static fel_status check_unroll(const fel_policy *policy)
{
    const fel_unroll_config config = {.struct_size = sizeof(config),
                                      .per_date = policy->config.per_date,
                                      .network = policy->network,
                                      .n_dates = policy->problem->config.n_dates,
                                      .max_samples = 1,
                                      .n_live = policy->n_live};
    fel_unroll *unroll = NULL;
    FEL_TRY(fel_unroll_create_f32(&unroll, &config));
    fel_unroll_destroy(unroll);
    return FEL_OK;
}

static fel_status make_parts(fel_policy *policy)
{
    enum { MOST = sizeof(policy->columns) / sizeof(policy->columns[0]) };
    const fel_hedge_config *problem = &policy->problem->config;
    FEL_TRY(hedge_columns_make(policy->problem, policy->columns, MOST, &policy->n_columns,
                               &policy->n_live));
    if (policy->config.is_blind) {
        policy->n_columns -= policy->n_live;
        policy->n_live = 0;
    }
    if (policy->n_columns == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "a policy needs features; the problem has none");
    }
    policy->n_outputs = problem->n_instruments * (policy->config.head == FEL_HEDGE_BAND ? 2 : 1);
    FEL_TRY(make_base(policy));
    FEL_TRY(make_network(policy));
    FEL_TRY(check_unroll(policy));
    policy->n_params = fel_network_count_params(policy->network) *
                       (policy->config.per_date ? problem->n_dates : 1);
    return policy_scale(policy);
}

fel_status fel_policy_create(fel_policy **out, const fel_hedge_problem *problem,
                             const fel_policy_config *config)
{
    FEL_TRY(check_config(config));
    fel_policy *policy = calloc(1, sizeof(*policy));
    if (policy == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a policy");
    }
    policy->config = *config;
    policy->problem = problem;
    policy->pnl_scale = 1.0;
    const fel_status status = make_parts(policy);
    if (status != FEL_OK) {
        fel_policy_destroy(policy);
        return status;
    }
    *out = policy;
    return FEL_OK;
}

void fel_policy_destroy(fel_policy *policy)
{
    if (policy != NULL) {
        hedge_columns_clear(policy->columns, policy->n_columns);
        hedge_rule_destroy(policy->base);
        fel_network_destroy(policy->network);
        free(policy);
    }
}

/* ---- what it is -------------------------------------------------------------------------------
 */

const fel_policy_config *fel_policy_describe(const fel_policy *policy)
{
    return &policy->config;
}

const fel_hedge_problem *fel_policy_problem(const fel_policy *policy)
{
    return policy->problem;
}

const fel_network *fel_policy_network(const fel_policy *policy)
{
    return policy->network;
}

size_t fel_policy_count_params(const fel_policy *policy)
{
    return policy->n_params;
}
