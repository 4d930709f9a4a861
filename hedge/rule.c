/* hedge/rule.c - the table of rules; a rule made ready for a problem; positions within bounds. */
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "hedge/rule_internal.h"

static const hedge_rule_class *const classes[] = {
    &rule_none,
    &rule_black_scholes_delta,
    &rule_black_scholes_oracle,
    &rule_heston_delta,
    &rule_heston_delta_vega,
    &rule_min_variance_delta,
    &rule_whalley_wilmott,
    &rule_leland,
};
enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

static const fel_hedge_rule_info *const infos[N_CLASSES] = {
    &rule_none.info,
    &rule_black_scholes_delta.info,
    &rule_black_scholes_oracle.info,
    &rule_heston_delta.info,
    &rule_heston_delta_vega.info,
    &rule_min_variance_delta.info,
    &rule_whalley_wilmott.info,
    &rule_leland.info,
};

const hedge_rule_class rule_none = {
    .info = {.name = "none", .summary = "no hedge: no position ever", .formula = "0"}};

const fel_hedge_rule_info *const *fel_hedge_rules(size_t *n)
{
    *n = N_CLASSES;
    return infos;
}

fel_status fel_hedge_rule_find(const char *name, fel_hedge_rule *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = infos[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_hedge_rule rule = {.info = infos[i]};
            fel_param_defaults(infos[i]->params, infos[i]->n_params, rule.params);
            *out = rule;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no hedge rule \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND,
                     "no hedge rule \"%.64s\"; feller list hedge_rules shows them", name);
}

/* ---- made for a problem ---------------------------------------------------------------------- */

fel_status rule_find_spot(hedge_rule *rule)
{
    const fel_hedge_config *config = &rule->problem->config;
    for (size_t j = 0; j < config->n_instruments; j++) {
        if (config->instruments[j].kind == FEL_HEDGE_SPOT) {
            rule->spot = j;
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_ARG,
                     "rule %s hedges with the spot, which is not among the instruments",
                     rule->code->info.name);
}

double rule_vol(const hedge_rule *rule, double value)
{
    return value > 0.0 ? value : rule->problem->config.reference_vol;
}

static const hedge_rule_class *class_of(const fel_hedge_rule *rule)
{
    for (size_t i = 0; i < N_CLASSES; i++) {
        if (rule->info == infos[i]) {
            return classes[i];
        }
    }
    return NULL;
}

static fel_status prepare(hedge_rule *made, const fel_hedge_rule *rule)
{
    const fel_hedge_rule_info *info = rule->info;
    for (size_t i = 0; i < info->n_params; i++) {
        FEL_TRY(fel_param_check(&info->params[i], rule->params[i]));
        made->params[i] = rule->params[i];
    }
    return made->code->prepare == NULL ? FEL_OK : made->code->prepare(made);
}

fel_status hedge_rule_create(hedge_rule **out, const fel_hedge_problem *problem,
                             const fel_hedge_rule *rule)
{
    const hedge_rule_class *code = class_of(rule);
    if (code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a rule that is none of fel_hedge_rules()");
    }
    hedge_rule *made = calloc(1, sizeof(*made));
    if (made == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a hedging rule");
    }
    made->code = code;
    made->problem = problem;
    const fel_status status = prepare(made, rule);
    if (status != FEL_OK) {
        hedge_rule_destroy(made);
        return status;
    }
    *out = made;
    return FEL_OK;
}

void hedge_rule_destroy(hedge_rule *rule)
{
    if (rule != NULL) {
        hedge_model_destroy(rule->model);
        model_table_destroy(rule->option);
        free(rule);
    }
}

int hedge_rule_is_path_free(const hedge_rule *rule)
{
    return !rule->code->reads_before;
}

int hedge_rule_reads_variance(const hedge_rule *rule)
{
    return rule->code->info.is_oracle || rule->model != NULL || rule->option != NULL;
}

size_t hedge_rule_state(const hedge_rule *rule)
{
    return rule->book.n_state;
}

/* ---- positions ------------------------------------------------------------------------------- */

static void keep_within(const fel_hedge_instrument *instrument, double *position, size_t n)
{
    const double low = instrument->min_position, high = instrument->max_position;
    for (size_t i = 0; i < n; i++) {
        const double above = position[i] < low ? low : position[i]; /* NaN stays */
        position[i] = above > high ? high : above;
    }
}

void hedge_rule_decide(const hedge_rule_args *args)
{
    const hedge_rule *rule = args->rule;
    const fel_hedge_config *config = &rule->problem->config;
    const size_t n = args->view->n, stride = args->view->stride;
    memset(args->position, 0, config->n_instruments * stride * sizeof(double));
    for (size_t first = 0; first < n && rule->code->decide != NULL; first += BOOK_CHUNK) {
        const size_t left = n - first;
        const rule_chunk chunk = {args, first, left < BOOK_CHUNK ? left : BOOK_CHUNK};
        rule->code->decide(&chunk);
    }
    for (size_t j = 0; j < config->n_instruments; j++) {
        keep_within(&config->instruments[j], args->position + j * stride, stride);
    }
}
