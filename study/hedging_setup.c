/* study/hedging_setup.c - a hedging study's words as the library's structs: the problem, those who
 * hedge, what training may spend. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/hedging_internal.h"

/* A fresh path for every seed, step and place: seeds' training paths begin so far apart. */
enum { LEAST_STRIDE_BITS = 20 };

static void copy_params(double *to, const study_named *named)
{
    memcpy(to, named->params, named->n_params * sizeof(double));
}

static double or_value(double value, double otherwise)
{
    return isnan(value) ? otherwise : value;
}

/* ---- the problem ----------------------------------------------------------------------------- */

static fel_status list_claims(hedging *h, fel_hedge_config *config)
{
    const study_items *from = &h->study->values.hedge.claims;
    const study_hedge_claim *rows = from->items;
    fel_hedge_claim *claims = arena_array(&h->memory, from->n + 1, sizeof(*claims));
    FEL_TRY(hedging_need(claims));
    for (size_t i = 0; i < from->n; i++) {
        if (rows[i].payoff.name == NULL) {
            return FEL_RAISE(FEL_ERR_FORMAT, "hedge.claims.%zu: give payoff", i);
        }
        FEL_TRY(fel_payoff_init(&claims[i].payoff, rows[i].payoff.name));
        copy_params(claims[i].payoff.params, &rows[i].payoff);
        claims[i].quantity = rows[i].quantity;
    }
    config->claims = claims;
    config->n_claims = from->n;
    return FEL_OK;
}

static fel_hedge_instrument instrument_of(const study_hedge_instrument *row)
{
    static const char *const names[] = {"spot", "option", "variance_swap"};
    const fel_hedge_cost cost = {.proportional_bps = row->proportional_bps,
                                 .per_unit = row->per_unit,
                                 .fixed = row->fixed,
                                 .fixed_width = row->fixed_width,
                                 .quadratic_bps = row->quadratic_bps};
    const fel_hedge_instrument out = {
        .name = row->name != NULL ? row->name : names[row->kind],
        .kind = (fel_hedge_instrument_kind)row->kind,
        .right = row->right == 0 ? FEL_CALL : FEL_PUT,
        .strike = row->strike,
        .expiry_years = row->expiry_years,
        .vol_per_year = row->vol_per_year,
        .min_position = or_value(row->min_position, -(double)INFINITY),
        .max_position = or_value(row->max_position, (double)INFINITY),
        .unit = row->unit,
        .cost = cost,
    };
    return out;
}

static fel_status list_instruments(hedging *h, fel_hedge_config *config)
{
    const study_items *from = &h->study->values.hedge.instruments;
    const study_hedge_instrument *rows = from->items;
    fel_hedge_instrument *list = arena_array(&h->memory, from->n + 1, sizeof(*list));
    FEL_TRY(hedging_need(list));
    if (from->n == 0) {
        return FEL_OK;
    }
    for (size_t i = 0; i < from->n; i++) {
        list[i] = instrument_of(&rows[i]);
    }
    config->instruments = list;
    config->n_instruments = from->n;
    return FEL_OK;
}

static fel_status list_features(hedging *h, fel_hedge_config *config)
{
    const study_items *from = &h->study->values.hedge.features;
    const study_named *rows = from->items;
    fel_hedge_feature *list = arena_array(&h->memory, from->n + 1, sizeof(*list));
    FEL_TRY(hedging_need(list));
    if (from->n == 0) {
        return FEL_OK;
    }
    for (size_t i = 0; i < from->n; i++) {
        list[i].info = rows[i].code;
        copy_params(list[i].params, &rows[i]);
    }
    config->features = list;
    config->n_features = from->n;
    return FEL_OK;
}

static fel_status make_problem(hedging *h)
{
    const study_hedge *s = &h->study->values.hedge;
    fel_hedge_config config = fel_hedge_config_default();
    FEL_TRY(hedging_market_config(h, &config));
    FEL_TRY(list_claims(h, &config));
    FEL_TRY(list_instruments(h, &config));
    FEL_TRY(list_features(h, &config));
    config.side = s->side == 0 ? 1 : -1;
    config.horizon_years = s->horizon_years;
    config.n_dates = (size_t)s->dates;
    config.premium = s->premium;
    config.rate_per_year = s->rate_per_year;
    config.reference_vol = s->reference_vol;
    config.is_unwinding = s->unwind > 0;
    return fel_hedge_problem_create(&h->problem, &config);
}

/* ---- policies -------------------------------------------------------------------------------- */

static fel_hedge_rule rule_of(const study_named *named)
{
    fel_hedge_rule rule;
    memset(&rule, 0, sizeof(rule));
    rule.info = named->code;
    copy_params(rule.params, named);
    return rule;
}

static fel_risk risk_of(const study_named *named)
{
    fel_risk risk;
    memset(&risk, 0, sizeof(risk));
    risk.code = named->code;
    copy_params(risk.params, named);
    return risk;
}

static fel_status make_policy(hedging *h, hedging_hedger *out)
{
    const study_hedge_policy *v = out->values;
    const size_t n_params = fel_network_class_info(v->code)->n_params;
    fel_policy_config config = fel_policy_config_default();
    config.network = v->code;
    config.per_date = v->per_date > 0;
    config.standardise = v->standardise > 0;
    config.is_blind = v->blind > 0;
    config.head = (fel_hedge_head)v->head;
    config.bound = (fel_hedge_bound)v->bound;
    config.base = rule_of(&v->base);
    memcpy(config.params, v->params, n_params * sizeof(double));
    if (v->hidden.n > 0) {
        config.n_hidden = (uint32_t)v->hidden.n;
        memcpy(config.hidden, v->hidden.items, v->hidden.n * sizeof(size_t));
    }
    return fel_policy_create(&out->policy, h->problem, &config);
}

static fel_optimizer_config optimizer_of(const study_hedge_policy *v)
{
    fel_optimizer_config config = fel_optimizer_config_default(v->optimizer.code);
    memcpy(config.params, v->optimizer.params, v->optimizer.n_params * sizeof(double));
    if (!isnan(v->learning_rate)) {
        config.params[0] = v->learning_rate;
    }
    config.clip_norm = v->clip_norm;
    config.average = (fel_average_kind)v->average;
    config.average_decay = v->average_decay;
    return config;
}

static void make_train(const hedging *h, hedging_hedger *out)
{
    const study_hedge_policy *v = out->values;
    fel_hedge_train_config config = fel_hedge_train_config_default(out->policy);
    config.objective.risk = v->risk.name != NULL ? risk_of(&v->risk) : h->risk;
    config.objective.cost_factor = v->cost_factor;
    config.optimizer = optimizer_of(v);
    memset(&config.schedule, 0, sizeof(config.schedule));
    config.schedule.code = v->schedule.code;
    copy_params(config.schedule.params, &v->schedule);
    config.batch = (size_t)v->batch;
    config.n_steps = (uint64_t)v->steps;
    config.n_paths = (uint64_t)v->paths;
    config.first_validation = FEL_HEDGE_VALIDATION_PATHS;
    config.n_validation = (uint64_t)v->validation_paths;
    config.validate_every = (uint64_t)v->validate_every;
    config.threshold_rate = v->threshold_rate;
    out->train = config;
}

/* ---- tuning ---------------------------------------------------------------------------------- */

static fel_status make_trial(hedging *h, hedging_hedger *out, size_t index)
{
    hedging_trial *trial = &out->trials[index];
    const study_axes *axes = &out->values->tune;
    study_pick picks[FEL_OPTIMIZER_MAX_PARAMS];
    study_combination(axes, index, picks);
    trial->optimizer = out->train.optimizer;
    trial->name = study_pick_name(&h->memory, picks, axes->n);
    trial->risks = arena_array(&h->memory, h->n_tuning, sizeof(double));
    trial->mean = trial->spread = (double)NAN;
    FEL_TRY(hedging_need(trial->name));
    FEL_TRY(hedging_need(trial->risks));
    for (size_t i = 0; i < axes->n; i++) {
        const study_named *optimizer = &out->values->optimizer;
        size_t place = 0;
        FEL_TRY(fel_param_find(optimizer->specs, optimizer->n_params, picks[i].key, &place));
        FEL_TRY(schema_read_param(&optimizer->specs[place], picks[i].value, "policies.tune",
                                  &trial->optimizer.params[place]));
    }
    return fel_optimizer_check(&trial->optimizer);
}

static fel_status make_trials(hedging *h, hedging_hedger *out)
{
    const study_axes *axes = &out->values->tune;
    if (axes->n > FEL_OPTIMIZER_MAX_PARAMS) {
        return FEL_RAISE(FEL_ERR_RANGE, "policies: %s: tune has too many parameters", out->name);
    }
    if (axes->n == 0) {
        return FEL_OK;
    }
    FEL_TRY(study_count_combinations(axes, "tune", &out->n_trials));
    out->trials = arena_array(&h->memory, out->n_trials, sizeof(*out->trials));
    FEL_TRY(hedging_need(out->trials));
    memset(out->trials, 0, out->n_trials * sizeof(*out->trials));
    for (size_t i = 0; i < out->n_trials; i++) {
        FEL_TRY(make_trial(h, out, i));
    }
    return FEL_OK;
}

/* ---- everyone -------------------------------------------------------------------------------- */

static fel_status add_policies(hedging *h)
{
    const study_hedge_policy *rows = h->study->values.policies.items;
    for (size_t i = 0; i < h->n_policies; i++) {
        hedging_hedger *out = &h->hedgers[i];
        out->values = &rows[i];
        /* The report may outlive the study. */
        out->name = arena_text(&h->memory, rows[i].name);
        out->label = rows[i].label != NULL ? arena_text(&h->memory, rows[i].label) : out->name;
        FEL_TRY(hedging_need(out->name));
        FEL_TRY(hedging_need(out->label));
        out->n_runs = h->n_seeds;
        FEL_TRY(make_policy(h, out));
        make_train(h, out);
        FEL_TRY(make_trials(h, out));
    }
    return FEL_OK;
}

/* As people write it; a rule that is not here by its name. */
static const char *rule_label(const char *name)
{
    static const char *const labels[][2] = {
        {"none", "no hedge"},
        {"black_scholes_delta", "Black-Scholes delta"},
        {"black_scholes_oracle", "Black-Scholes delta, true variance"},
        {"heston_delta", "Heston delta"},
        {"heston_delta_vega", "Heston delta and vega"},
        {"min_variance_delta", "minimum-variance delta"},
        {"whalley_wilmott", "Whalley-Wilmott band"},
        {"leland", "Leland"},
    };
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i][0], name) == 0) {
            return labels[i][1];
        }
    }
    return name;
}

static fel_status add_rule(hedging *h, const fel_hedge_rule *rule)
{
    hedging_hedger *out = &h->hedgers[h->n_hedgers++];
    out->rule = *rule;
    out->name = rule->info->name;
    out->label = rule_label(rule->info->name);
    out->text = rule->info->summary;
    out->n_runs = 1;
    return FEL_OK;
}

static fel_status add_rules(hedging *h)
{
    static const char *const usual[] = {"none", "black_scholes_delta"};
    const study_items *rules = &h->study->values.hedge.rules;
    const study_named *rows = rules->items;
    for (size_t i = 0; i < rules->n; i++) {
        const fel_hedge_rule rule = rule_of(&rows[i]);
        FEL_TRY(add_rule(h, &rule));
    }
    for (size_t i = 0; rules->n == 0 && i < sizeof(usual) / sizeof(usual[0]); i++) {
        fel_hedge_rule rule;
        FEL_TRY(fel_hedge_rule_find(usual[i], &rule));
        FEL_TRY(add_rule(h, &rule));
    }
    return FEL_OK;
}

static fel_status check_names(const hedging *h)
{
    for (size_t i = 0; i < h->n_hedgers; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(h->hedgers[i].name, h->hedgers[k].name) == 0) {
                return FEL_RAISE(FEL_ERR_ARG, "%s names two hedgers: give every one its own name",
                                 h->hedgers[i].name);
            }
        }
    }
    return FEL_OK;
}

/* Training paths of one seed, as a power of two that all seeds leave room for. */
static fel_status plan_paths(hedging *h)
{
    const double n_seeds = (double)(h->n_seeds + h->n_tuning);
    double most = 1.0;
    for (size_t i = 0; i < h->n_policies; i++) {
        const fel_hedge_train_config *c = &h->hedgers[i].train;
        const double wanted =
            c->n_paths > 0 ? (double)c->n_paths : (double)c->n_steps * (double)c->batch;
        most = wanted > most ? wanted : most;
    }
    int bits = (int)ceil(log2(most));
    bits = bits < LEAST_STRIDE_BITS ? LEAST_STRIDE_BITS : bits;
    if (n_seeds * ldexp(1.0, bits) > (double)FEL_HEDGE_VALIDATION_PATHS) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%.0f seeds of %.3g training paths each are more than there are: at most "
                         "%.3g together",
                         n_seeds, most, (double)FEL_HEDGE_VALIDATION_PATHS);
    }
    h->seed_stride = UINT64_C(1) << bits;
    return FEL_OK;
}

uint64_t hedging_seed(const hedging *h, size_t k)
{
    return (uint64_t)h->study->values.seed * UINT64_C(1000003) + (uint64_t)k;
}

static fel_status find_frontier(hedging *h)
{
    const study_hedge_frontier *f = &h->study->values.frontier;
    h->n_frontier_seeds = (size_t)f->seeds;
    h->n_frontier = f->cost_factors.n;
    h->frontier = arena_array(&h->memory, h->n_frontier + 1, sizeof(*h->frontier));
    FEL_TRY(hedging_need(h->frontier));
    memset(h->frontier, 0, (h->n_frontier + 1) * sizeof(*h->frontier));
    h->n_points = h->n_frontier;
    for (size_t i = 0; i < h->n_frontier; i++) {
        const int is_number = number_parse(f->cost_factors.items[i], &h->frontier[i].cost_factor);
        if (!is_number || !(h->frontier[i].cost_factor >= 0.0)) {
            return FEL_RAISE(FEL_ERR_RANGE, "frontier.cost_factors: \"%s\" is no number from 0 on",
                             f->cost_factors.items[i]);
        }
    }
    for (size_t i = 0; h->n_frontier > 0 && f->policy != NULL; i++) {
        if (i == h->n_policies) {
            return FEL_RAISE(FEL_ERR_NOTFOUND, "frontier.policy: no policy has the name \"%s\"",
                             f->policy);
        }
        h->frontier_policy = i;
        if (strcmp(h->hedgers[i].name, f->policy) == 0) {
            break;
        }
    }
    if (h->n_frontier > 0 && h->n_policies == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "frontier needs policies");
    }
    return FEL_OK;
}

/* Stored paths: the last test_paths of the file; policies train on those before. */
static fel_status place_test(hedging *h)
{
    h->n_test = (size_t)h->study->values.test_paths;
    h->first_test = FEL_HEDGE_TEST_PATHS;
    if (h->n_stored == 0) {
        return FEL_OK;
    }
    const uint64_t n_validation =
        h->n_policies > 0 ? (uint64_t)h->hedgers[0].values->validation_paths : 0;
    if (h->n_test + n_validation >= h->n_stored) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "hedge.market.paths has %llu paths: test_paths %zu and validation_paths "
                         "%llu leave none to train on",
                         (unsigned long long)h->n_stored, h->n_test,
                         (unsigned long long)n_validation);
    }
    h->first_test = h->n_stored - h->n_test;
    for (size_t i = 0; i < h->n_policies; i++) {
        fel_hedge_train_config *c = &h->hedgers[i].train;
        c->n_validation = n_validation;
        c->first_validation = h->first_test - n_validation;
        c->n_paths =
            c->n_paths == 0 || c->n_paths > c->first_validation ? c->first_validation : c->n_paths;
    }
    return FEL_OK;
}

fel_status hedging_setup(hedging *h)
{
    const study_values *v = &h->study->values;
    const size_t n_rules = v->hedge.rules.n > 0 ? v->hedge.rules.n : 2;
    h->n_seeds = (size_t)v->hedge_seeds;
    h->n_tuning = (size_t)v->tuning_seeds;
    h->n_policies = h->n_hedgers = v->policies.n;
    h->risk = risk_of(&v->hedge.risk);
    h->hedgers = arena_array(&h->memory, h->n_policies + n_rules, sizeof(*h->hedgers));
    FEL_TRY(hedging_need(h->hedgers));
    memset(h->hedgers, 0, (h->n_policies + n_rules) * sizeof(*h->hedgers));
    h->all = h->hedgers;
    h->n_planned = h->n_policies;
    FEL_TRY(fel_risk_check(&h->risk));
    FEL_TRY(make_problem(h));
    FEL_TRY(add_policies(h));
    FEL_TRY(add_rules(h));
    FEL_TRY(check_names(h));
    FEL_TRY(plan_paths(h));
    FEL_TRY(place_test(h));
    return find_frontier(h);
}
