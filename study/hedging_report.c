/* study/hedging_report.c - the head of a hedging report: what was hedged, on which paths, with
 * what; its settings; its files. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/hedging_internal.h"
#include "study/study_folder_internal.h"

/* ---- the market ------------------------------------------------------------------------------ */

static fel_status describe_process(hedging *h)
{
    const fel_process *p = &fel_hedge_problem_config(h->problem)->market.process;
    size_t n_classes = 0;
    const fel_process_class *code = fel_process_classes(&n_classes)[p->kind];
    fel_report_parameter *list = arena_array(&h->memory, code->n_params, sizeof(*list));
    double values[FEL_PROCESS_MAX_PARAMS];
    FEL_TRY(hedging_need(list));
    memset(list, 0, code->n_params * sizeof(*list));
    fel_process_params(p, values);
    for (uint32_t i = 0; i < code->n_params; i++) {
        list[i].name = code->params[i].name;
        list[i].label = code->params[i].doc;
        list[i].unit = path_unit_of(code->params[i].name, h->report.currency);
        list[i].value = values[i];
        list[i].standard_error = list[i].min = list[i].max = (double)NAN;
    }
    const int has_variance = fel_process_has_variance(p);
    h->report.process.name = code->name;
    h->report.process.asset = "spot";
    h->report.process.summary = h->calibration != NULL ? "fitted to a chain of options" : "";
    h->report.process.parameters = list;
    h->report.process.n_parameters = code->n_params;
    h->report.process.feller_margin = has_variance ? fel_feller_margin(&p->heston) : (double)NAN;
    h->report.process.variance_degrees =
        has_variance ? fel_variance_degrees(&p->heston) : (double)NAN;
    return FEL_OK;
}

static const char *market_text(hedging *h)
{
    static const char *const methods[] = {"stationary", "block"};
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    const fel_hedge_market *m = &c->market;
    size_t n = 0;
    const char *steps =
        arena_printf(&h->memory, "%zu dates in %.6g years", c->n_dates, c->horizon_years);
    if (steps == NULL) {
        return NULL;
    }
    if (m->kind == FEL_HEDGE_SIMULATED) {
        return arena_printf(&h->memory, "%s, scheme %s, %s%s",
                            fel_process_classes(&n)[m->process.kind]->name,
                            fel_schemes(&n)[m->scheme].name, steps,
                            m->has_drift ? ", with a drift of its own" : "");
    }
    if (m->kind == FEL_HEDGE_BOOTSTRAP) {
        return arena_printf(&h->memory, "%s bootstrap of %zu closes, blocks of %g, %s",
                            methods[m->method], h->n_closes, m->block_dates, steps);
    }
    return arena_printf(&h->memory, "%llu stored paths, %s", (unsigned long long)m->n_paths, steps);
}

/* ---- claims and instruments ------------------------------------------------------------------ */

static const char *payoff_text(arena *memory, const fel_payoff *p)
{
    const char *text = arena_text(memory, p->code->name);
    for (uint32_t i = 0; i < p->code->n_params && text != NULL; i++) {
        char number[64];
        fel_param_format(&p->code->params[i], p->params[i], number, sizeof(number));
        text = arena_printf(memory, "%s %s=%s", text, p->code->params[i].name, number);
    }
    return text;
}

static const char *claim_text(hedging *h)
{
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    const char *text = c->side > 0 ? "sold:" : "bought:";
    for (size_t i = 0; i < c->n_claims && text != NULL; i++) {
        const char *payoff = payoff_text(&h->memory, &c->claims[i].payoff);
        text = payoff == NULL ? NULL
                              : arena_printf(&h->memory, "%s%s %g of %s", text, i == 0 ? "" : ",",
                                             c->claims[i].quantity, payoff);
    }
    return text;
}

static const char *cost_text(arena *memory, const fel_hedge_cost *cost)
{
    const struct {
        double value;
        const char *unit;
    } parts[] = {{cost->proportional_bps, "bp"},
                 {cost->per_unit, "a unit"},
                 {cost->fixed, "a trade"},
                 {cost->quadratic_bps, "bp quadratic"}};
    const char *text = "";
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && text != NULL; i++) {
        if (parts[i].value > 0.0) {
            text = arena_printf(memory, "%s%s%g %s", text, text[0] != '\0' ? ", " : "",
                                parts[i].value, parts[i].unit);
        }
    }
    return text != NULL && text[0] == '\0' ? "none" : text;
}

static fel_status list_instruments(hedging *h)
{
    static const char *const kinds[] = {"spot", "option", "variance swap"};
    static const char *const whole[] = {"the underlying", "", "total variance of the life"};
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    fel_hedge_instrument_row *rows = arena_array(&h->memory, c->n_instruments, sizeof(*rows));
    double prices[FEL_HEDGE_MAX_INSTRUMENTS];
    double *room = arena_array(&h->memory, (c->n_dates + 1) * c->n_instruments, sizeof(*room));
    FEL_TRY(hedging_need(rows));
    FEL_TRY(hedging_need(room));
    const fel_hedge_paths first = {.first = h->first_test, .n = 1, .price = room};
    FEL_TRY(fel_hedge_problem_paths(h->problem, &first));
    memcpy(prices, room, c->n_instruments * sizeof(double));
    for (size_t j = 0; j < c->n_instruments; j++) {
        const fel_hedge_instrument *it = &c->instruments[j];
        const char *bounds =
            isfinite(it->min_position) || isfinite(it->max_position)
                ? arena_printf(&h->memory, "%g .. %g", it->min_position, it->max_position)
                : "any";
        const char *text = it->kind == FEL_HEDGE_OPTION
                               ? arena_printf(&h->memory, "%s, strike %g",
                                              it->right == FEL_CALL ? "call" : "put", it->strike)
                               : whole[it->kind];
        const fel_hedge_instrument_row row = {.name = it->name,
                                              .kind = kinds[it->kind],
                                              .text = text,
                                              .cost_text = cost_text(&h->memory, &it->cost),
                                              .bounds_text = bounds,
                                              .unit = fel_hedge_problem_unit(h->problem, j),
                                              .first_price = prices[j]};
        FEL_TRY(hedging_need(row.bounds_text));
        FEL_TRY(hedging_need(row.text));
        FEL_TRY(hedging_need(row.cost_text));
        rows[j] = row;
    }
    h->report.instruments = rows;
    h->report.n_instruments = c->n_instruments;
    return FEL_OK;
}

static const char *premium_text(hedging *h)
{
    const char *source = "";
    double error = 0.0;
    const double premium = fel_hedge_problem_premium(h->problem, &error, &source);
    h->report.premium = premium;
    h->report.premium_error = error;
    return error > 0.0 ? arena_printf(&h->memory, "%.6g +- %.2g, %s", premium, error, source)
                       : arena_printf(&h->memory, "%.6g, %s", premium, source);
}

static const char *risk_text(arena *memory, const fel_risk *risk)
{
    const char *text = arena_text(memory, risk->code->name);
    for (size_t i = 0; i < risk->code->n_params && text != NULL; i++) {
        char number[64];
        fel_param_format(&risk->code->params[i], risk->params[i], number, sizeof(number));
        text = arena_printf(memory, "%s %s=%s", text, risk->code->params[i].name, number);
    }
    return text;
}

static const char *features_text(hedging *h)
{
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    const char *text = "";
    for (size_t i = 0; i < c->n_features && text != NULL; i++) {
        text =
            arena_printf(&h->memory, "%s%s%s", text, i == 0 ? "" : ", ", c->features[i].info->name);
    }
    return text;
}

/* ---- settings -------------------------------------------------------------------------------- */

typedef struct pair_list {
    arena *memory;
    fel_report_pair *items;
    size_t n, most;
} pair_list;

static size_t count_leaves(const tree_node *node)
{
    size_t n = node->kind == TREE_MAP ? 0 : 1;
    for (const tree_node *c = node->kind == TREE_MAP ? node->first : NULL; c != NULL; c = c->next) {
        n += count_leaves(c);
    }
    return n;
}

/* What the study says, as it says it. Depth is that of a file that was parsed. */
static fel_status add_leaves(pair_list *list, const tree_node *node, const char *path)
{
    if (node->kind != TREE_MAP) {
        list->items[list->n].key = arena_text(list->memory, path);
        list->items[list->n].value = tree_text(list->memory, node);
        FEL_TRY(hedging_need(list->items[list->n].key));
        return hedging_need(list->items[list->n++].value);
    }
    for (const tree_node *c = node->first; c != NULL; c = c->next) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, c->key, name, sizeof(name));
        FEL_TRY(add_leaves(list, c, name));
    }
    return FEL_OK;
}

static fel_status list_settings(hedging *h)
{
    pair_list list = {.memory = &h->memory, .most = count_leaves(h->study->root)};
    list.items = arena_array(&h->memory, list.most + 1, sizeof(*list.items));
    FEL_TRY(hedging_need(list.items));
    FEL_TRY(add_leaves(&list, h->study->root, ""));
    h->report.parameters = list.items;
    h->report.n_parameters = list.n;
    return FEL_OK;
}

/* ---- the report ------------------------------------------------------------------------------ */

static fel_status present_head(hedging *h)
{
    const study_values *v = &h->study->values;
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    fel_hedge_report *r = &h->report;
    r->title = arena_text(&h->memory, v->name);
    r->currency = arena_text(&h->memory, v->currency);
    r->seed = (uint64_t)v->seed;
    r->n_paths = h->n_test;
    r->n_dates = c->n_dates;
    r->horizon_years = c->horizon_years;
    r->confidence = v->confidence;
    r->is_interrupted = (uint32_t)h->was_stopped;
    r->market_text = market_text(h);
    r->claim_text = claim_text(h);
    r->premium_text = premium_text(h);
    r->risk_text = risk_text(&h->memory, &h->risk);
    r->features_text = features_text(h);
    const void *const texts[] = {r->title,        r->currency,  r->market_text,  r->claim_text,
                                 r->premium_text, r->risk_text, r->features_text};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        FEL_TRY(hedging_need(texts[i]));
    }
    if (c->market.kind == FEL_HEDGE_SIMULATED) {
        FEL_TRY(describe_process(h));
    }
    FEL_TRY(list_instruments(h));
    return list_settings(h);
}

fel_status hedging_present(hedging *h)
{
    fel_report_pair *pairs = NULL;
    size_t n = 0;
    h->report = fel_hedge_report_default();
    FEL_TRY(present_head(h));
    FEL_TRY(hedging_present_hedgers(h));
    FEL_TRY(hedging_present_comparisons(h));
    FEL_TRY(hedging_present_learning(h));
    FEL_TRY(hedging_present_pictures(h));
    FEL_TRY(hedging_present_lives(h));
    FEL_TRY(manifest_pairs(&h->memory, h->study, h->data, &pairs, &n));
    h->report.manifest = pairs;
    h->report.n_manifest = n;
    return FEL_OK;
}

static fel_status write_policies(const hedging *h, const char *folder)
{
    char path[FOLDER_PATH_SIZE];
    arena memory = {0};
    size_t n = 0;
    for (size_t i = 0; i < h->n_policies; i++) {
        n += h->hedgers[i].n_runs;
    }
    if (n == 0) {
        return FEL_OK;
    }
    fel_policy_entry *entries = arena_array(&memory, n, sizeof(*entries));
    fel_status status = hedging_need(entries);
    n = 0;
    for (size_t i = 0; i < h->n_policies && status == FEL_OK; i++) {
        const hedging_hedger *who = &h->hedgers[i];
        for (size_t run = 0; run < who->n_runs && status == FEL_OK; run++, n++) {
            entries[n].name = arena_printf(&memory, "%s/seed%zu", who->name, run + 1);
            entries[n].note = who->text;
            entries[n].policy = who->policy;
            entries[n].params = who->fits[run].params;
            status = hedging_need(entries[n].name);
        }
    }
    if (status == FEL_OK &&
        (size_t)snprintf(path, sizeof(path), "%s/policies.h5", folder) >= sizeof(path)) {
        status = FEL_RAISE(FEL_ERR_RANGE, "%s: the path is too long", folder);
    }
    if (status == FEL_OK) {
        status = fel_policies_write(path, entries, n);
    }
    arena_free(&memory);
    return status;
}

fel_status hedging_write(const hedging *h, const char *folder, unsigned kinds)
{
    FEL_TRY(fel_hedge_report_write_files(&h->report, folder, kinds));
    return (kinds & FEL_REPORT_CSV) != 0 ? write_policies(h, folder) : FEL_OK;
}
