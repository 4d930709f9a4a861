/* study/study_present.c - what a report of a study shows beside the numbers: settings as run,
 * warnings, inputs, variants. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_folder_internal.h"

typedef struct pair_items {
    fel_report_pair *items;
    size_t n, capacity;
} pair_items;

static fel_status add(pair_items *list, const char *key, const char *value)
{
    const fel_report_pair pair = {key, value};
    if (key == NULL || value == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
    }
    return ARRAY_PUSH(list, pair);
}

/* ---- settings -------------------------------------------------------------------------------- */

static fel_status add_value(pair_items *list, arena *memory, const char *prefix,
                            const fel_param_spec *spec, double value)
{
    char text[64];
    fel_param_format(spec, value, text, sizeof(text));
    return add(list, arena_printf(memory, "%s%s", prefix, spec->name), arena_text(memory, text));
}

/* Every parameter, given or not. */
static fel_status add_strategy(pair_items *list, arena *memory, const study_strategy *strategy)
{
    FEL_TRY(add(list, "strategy", strategy->code->name));
    for (size_t i = 0; i < strategy->code->n_params; i++) {
        FEL_TRY(
            add_value(list, memory, "strategy.", &strategy->code->params[i], strategy->params[i]));
    }
    return FEL_OK;
}

/* What each window chose stands in place of what the file says. */
static fel_status add_windows(pair_items *list, arena *memory, const walk_windows *windows)
{
    for (size_t i = 0; i < windows->n; i++) {
        const walk_window *w = &windows->items[i];
        char from[40], to[40];
        fel_day_format(w->test_from_ns + 1, from, sizeof(from));
        fel_day_format(w->test_to_ns, to, sizeof(to));
        FEL_TRY(add(list, arena_printf(memory, "test %s to %s", from, to),
                    w->pick_name[0] != '\0' ? w->pick_name : "as given"));
    }
    return FEL_OK;
}

/* Costs under the keys that the study file has for them. */
static fel_status add_models(pair_items *list, arena *memory, int is_fee,
                             const study_models *models)
{
    cost_key keys[STUDY_MAX_COSTS];
    const size_t n = study_cost_keys(is_fee, keys);
    const char *prefix = is_fee ? "costs." : "costs.slippage.";
    for (size_t i = 0; i < n; i++) {
        const fel_cost *model = &models->models[keys[i].class_index];
        const char *inner =
            keys[i].is_map ? arena_printf(memory, "%s%s.", prefix, keys[i].name) : prefix;
        for (size_t k = 0; model->code != NULL && k < model->code->n_params; k++) {
            fel_param_spec spec = model->code->params[k];
            spec.name = keys[i].is_map ? spec.name : keys[i].name;
            FEL_TRY(
                add_value(list, memory, inner != NULL ? inner : prefix, &spec, model->params[k]));
        }
    }
    return FEL_OK;
}

/* A number, truth or choice as a parameter row; 0 for other kinds and what is absent. */
static int is_setting(const schema_key *key, const char *place, fel_param_kind *kind, double *value)
{
    int word = 0;
    int64_t count = 0;
    if (key->kind == SCHEMA_REAL) {
        memcpy(value, place, sizeof(*value));
        *kind = FEL_PARAM_REAL;
        return !isnan(*value);
    }
    if (key->kind == SCHEMA_INTEGER) {
        memcpy(&count, place, sizeof(count));
        *value = (double)count;
        *kind = FEL_PARAM_INTEGER;
        return count != INT64_MIN;
    }
    if (key->kind != SCHEMA_CHOICE && key->kind != SCHEMA_BOOL) {
        return 0;
    }
    memcpy(&word, place, sizeof(word));
    *value = word;
    *kind = key->kind == SCHEMA_BOOL ? FEL_PARAM_BOOL : FEL_PARAM_CHOICE;
    return word >= 0;
}

/* Every plain value of a map, given or not. The seed is among the facts on how to run it again. */
static fel_status add_settings(pair_items *list, arena *memory, const char *prefix,
                               const schema_map *map, const char *values)
{
    for (size_t i = 0; i < map->n; i++) {
        const schema_key *key = &map->keys[i];
        fel_param_spec spec = {key->name, FEL_PARAM_REAL, 0.0, key->min,
                               key->max,  key->choices,   NULL};
        double value = 0.0;
        const int is_seed = prefix[0] == '\0' && key->kind == SCHEMA_INTEGER;
        if (!is_seed && is_setting(key, values + key->offset, &spec.kind, &value)) {
            FEL_TRY(add_value(list, memory, prefix, &spec, value));
        }
    }
    return FEL_OK;
}

/* A map below the study's top level. */
static fel_status add_part(pair_items *list, arena *memory, const char *name,
                           const study_values *values)
{
    for (size_t i = 0; i < study_schema.n; i++) {
        const schema_key *key = &study_schema.keys[i];
        if (strcmp(key->name, name) == 0) {
            const char *prefix = arena_printf(memory, "%s.", name);
            if (prefix == NULL) {
                return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
            }
            return add_settings(list, memory, prefix, key->map, (const char *)values + key->offset);
        }
    }
    return FEL_RAISE(FEL_ERR_INTERNAL, "no key %s", name);
}

static fel_status add_process(pair_items *list, arena *memory, size_t index, const study_data *row)
{
    const char *prefix = arena_printf(memory, "data.%zu.", index);
    FEL_TRY(add(list, arena_printf(memory, "data.%zu.simulate", index), row->simulate));
    for (size_t i = 0; prefix != NULL && row->process != NULL && i < row->process->n_params; i++) {
        FEL_TRY(add_value(list, memory, prefix, &row->process->params[i], row->process_params[i]));
    }
    return FEL_OK;
}

/* What paths are made of. */
static fel_status add_paths(pair_items *list, arena *memory, const study_values *values)
{
    const study_data *rows = values->data.items;
    for (size_t i = 0; i < values->data.n && study_is_simulated(values); i++) {
        FEL_TRY(add_process(list, memory, i, &rows[i]));
    }
    if (study_is_simulated(values)) {
        FEL_TRY(add_part(list, memory, "simulation", values));
    }
    return study_is_bootstrapped(values) ? add_part(list, memory, "bootstrap", values) : FEL_OK;
}

static fel_status add_parameters(pair_items *list, fel_run *run)
{
    const study_values *v = &run_subject(run)->values;
    FEL_TRY(add_strategy(list, &run->memory, &v->strategy));
    FEL_TRY(add_windows(list, &run->memory, &run->made.windows));
    FEL_TRY(add_models(list, &run->memory, 1, &v->costs.fees));
    FEL_TRY(add_models(list, &run->memory, 0, &v->costs.slippage));
    FEL_TRY(add_paths(list, &run->memory, v));
    return add_settings(list, &run->memory, "", &study_schema, (const char *)v);
}

/* ---- notes ----------------------------------------------------------------------------------- */

/* What a reader of the best of many must know. */
static fel_status note_sweep(pair_items *list, fel_run *run)
{
    const sweep *s = &run->variants;
    size_t n_refused = 0, n_missing = 0;
    for (size_t i = 0; i < s->n; i++) {
        n_refused += s->rows[i].state == VARIANT_REFUSED ? 1 : 0;
        n_missing += s->rows[i].state == VARIANT_NOT_RUN ? 1 : 0;
    }
    if (s->n == 0) {
        return FEL_OK;
    }
    FEL_TRY(add(list, s->n_done > 1 ? "warning" : "note",
                arena_printf(&run->memory,
                             "shown is the best of %zu variants by %s on the same data, %s: its "
                             "numbers are flattered by the choice",
                             s->n_done, run->study->values.report.rank_by, s->rows[s->best].name)));
    if (n_refused > 0) {
        FEL_TRY(add(list, "note",
                    arena_printf(&run->memory,
                                 "the strategy refused %zu of %zu variants, see variants.csv",
                                 n_refused, s->n)));
    }
    if (n_missing > 0) {
        FEL_TRY(add(list, "warning",
                    arena_printf(&run->memory, "%zu of %zu variants were not run: interrupted",
                                 n_missing, s->n)));
    }
    return FEL_OK;
}

static fel_status note_walk(pair_items *list, fel_run *run)
{
    const outcome *made = &run->made;
    const study_values *v = &run_subject(run)->values;
    if (made->merge == NULL) {
        return FEL_OK;
    }
    FEL_TRY(add(list, "note",
                arena_printf(&run->memory,
                             "%zu test windows chained; parameters chosen by %s on the training "
                             "window before each; positions are closed at a window's end, costs "
                             "charged",
                             made->windows.n, v->walk.select_by)));
    if (made->is_cut_short && !(made->result->flags & FEL_FLAG_STOPPED)) {
        FEL_TRY(add(list, "warning", "nothing was left to trade in the windows that follow"));
    }
    return FEL_OK;
}

/* Said either way: a report without the line would be ambiguous. */
static fel_status note_holdout(pair_items *list, fel_run *run)
{
    const int64_t holdout_ns = run->study->values.holdout_ns;
    char day[40];
    if (holdout_ns == FEL_TIME_MAX) {
        return FEL_OK;
    }
    fel_day_format(holdout_ns + 1, day, sizeof(day));
    return run->options.use_holdout
               ? add(list, "warning",
                     arena_printf(&run->memory, "the holdout from %s on was used", day))
               : add(list, "note",
                     arena_printf(&run->memory, "the data from %s on is held out", day));
}

/* UTC needs no word. */
static fel_status note_days(pair_items *list, fel_run *run)
{
    const study_values *v = &run_subject(run)->values;
    const dataset_zones *zones = &run->data.zones;
    const int has_days = v->start_is_day || v->end_is_day || v->holdout_is_day;
    if (!has_days || zones->n == 0 || (zones->n == 1 && strcmp(zones->items[0].name, "UTC") == 0)) {
        return FEL_OK;
    }
    return add(list, "note",
               zones->n > 1 ? "the study's dates are days of each series' own time zone"
                            : arena_printf(&run->memory,
                                           "the study's dates are days of %s, the zone of its data",
                                           zones->items[0].name));
}

/* Seldom what was meant. */
static fel_status note_no_order(pair_items *list, const fel_run *run)
{
    const fel_result *result = run->made.result;
    const fel_strategy *strategy = run->study->values.strategy.code;
    if (result->n_orders_total > 0) {
        return FEL_OK;
    }
    const int has_no_rule = result->n_bars == 0 && strategy->on_quote == NULL;
    return add(list, "warning",
               has_no_rule ? "no order was made: the data has no bars, and the strategy does "
                             "nothing at a quote"
                           : "no order was made");
}

/* The same of many paths, of which the turnover is known. */
static fel_status note_no_trade(pair_items *list, const fel_run *run)
{
    const path_runs *many = &run->many;
    const study_values *v = &run->study->values;
    for (size_t i = 0; i < many->n_done; i++) {
        if (many->accounts[0].scores[PATH_TURNOVER * many->n_asked + i] != 0.0) {
            return FEL_OK;
        }
    }
    if (many->n_done == 0) {
        return FEL_OK;
    }
    const int has_no_rule =
        v->simulation.rows == FEL_PATH_QUOTES && v->strategy.code->on_quote == NULL;
    return add(list, "warning",
               has_no_rule ? "nothing was traded on any path: the data has no bars, and the "
                             "strategy does nothing at a quote"
                           : "nothing was traded on any path");
}

/* Nobody should take a path for history. */
static fel_status note_path(pair_items *list, fel_run *run)
{
    const study_values *v = &run_subject(run)->values;
    const int64_t path = v->monte_carlo.path;
    if (run->data.paths == NULL || run->many.n_asked > 0) {
        return FEL_OK;
    }
    return add(list, "note",
               arena_printf(&run->memory, "%s data: path %lld under seed %lld",
                            study_is_bootstrapped(v) ? "resampled" : "simulated",
                            (long long)(path != INT64_MIN ? path : 0), (long long)v->seed));
}

/* On the data alone. */
static fel_status add_data_notes(pair_items *list, fel_run *run)
{
    FEL_TRY(note_holdout(list, run));
    FEL_TRY(note_days(list, run));
    FEL_TRY(note_path(list, run));
    FEL_TRY(note_no_trade(list, run));
    for (size_t i = 0; i < run->data.inputs.n; i++) {
        if (run->data.inputs.items[i].note != NULL) {
            FEL_TRY(add(list, "warning", run->data.inputs.items[i].note));
        }
    }
    for (size_t i = 0; i < run->data.warnings.n; i++) {
        FEL_TRY(add(list, "warning", run->data.warnings.items[i]));
    }
    return FEL_OK;
}

/* Windows that were not trained; targets that do not vary. */
static fel_status note_forecasts(pair_items *list, fel_run *run)
{
    const forecasts *f = &run->forecasts;
    size_t n_flat = 0;
    for (size_t i = 0; i < f->n_done; i++) {
        n_flat += f->windows[i].n_flat > 0 ? 1 : 0;
    }
    if (f->n_done < f->n_windows) {
        FEL_TRY(add(list, "warning",
                    arena_printf(&run->memory,
                                 "interrupted: %zu of %zu windows were trained and traded",
                                 f->n_done, f->n_windows)));
    }
    return n_flat == 0
               ? FEL_OK
               : add(list, "warning",
                     arena_printf(&run->memory,
                                  "the target does not vary in training in %zu of %zu windows: "
                                  "nothing can be learnt there",
                                  n_flat, f->n_done));
}

static fel_status add_notes(pair_items *list, fel_run *run)
{
    FEL_TRY(note_sweep(list, run));
    FEL_TRY(note_forecasts(list, run));
    FEL_TRY(note_walk(list, run));
    FEL_TRY(note_no_order(list, run));
    return add_data_notes(list, run);
}

/* ---- the same for other reports -------------------------------------------------------------- */

static fel_status keep_pairs(fel_run *run, fel_status status, pair_items *list,
                             const fel_report_pair **out, size_t *n)
{
    fel_report_pair *kept = NULL;
    if (status == FEL_OK) {
        kept = arena_array(&run->memory, list->n + 1, sizeof(*kept));
        status = kept != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
    }
    if (status == FEL_OK && list->n > 0) {
        memcpy(kept, list->items, list->n * sizeof(*kept));
    }
    free(list->items);
    FEL_TRY(status);
    *out = kept;
    *n = list->n;
    return FEL_OK;
}

fel_status present_settings(fel_run *run, const fel_report_pair **out, size_t *n)
{
    pair_items list = {NULL, 0, 0};
    const fel_status status = add_parameters(&list, run);
    return keep_pairs(run, status, &list, out, n);
}

fel_status present_data_notes(fel_run *run, const fel_report_pair **out, size_t *n)
{
    pair_items list = {NULL, 0, 0};
    const fel_status status = add_data_notes(&list, run);
    return keep_pairs(run, status, &list, out, n);
}

/* ---- variants -------------------------------------------------------------------------------- */

static fel_status list_variants(fel_run *run, const fel_report_variant **out)
{
    const sweep *s = &run->variants;
    fel_report_variant *list = arena_array(&run->memory, s->n_done + 1, sizeof(*list));
    if (list == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu variants", s->n_done);
    }
    for (size_t i = 0; i < s->n_done; i++) {
        list[i] = s->rows[s->order[i]].numbers;
    }
    *out = list;
    return FEL_OK;
}

/* ---- the report ------------------------------------------------------------------------------ */

/* The report keeps what it needs; the result it reads in place. */
static fel_status make_report(fel_run *run, const pair_items *parameters, const pair_items *notes,
                              const chart_bars *bars)
{
    const study_values *v = &run_subject(run)->values;
    fel_report_input input = fel_report_input_default();
    FEL_TRY(list_variants(run, &input.variants));
    fel_report_pair *facts = NULL;
    FEL_TRY(manifest_pairs(&run->memory, run->study, &run->data, &facts, &input.n_manifest));
    input.manifest = facts;
    input.title = v->name;
    input.strategy_name = v->strategy.code->name;
    input.result = run->made.result;
    input.is_result_borrowed = 1;
    input.benchmark = run->benchmark.result;
    input.benchmark_name = run->benchmark.result != NULL ? "buy and hold" : NULL;
    input.periods_per_year = run->made.periods_per_year;
    input.risk_free_per_year = v->cash_rate_per_year;
    input.has_all_scores = (uint32_t)v->report.scores;
    input.parameters = parameters->items;
    input.n_parameters = parameters->n;
    input.notes = notes->items;
    input.n_notes = notes->n;
    input.bars = bars->items;
    input.n_bars = bars->n;
    input.n_variants = run->variants.n_done;
    input.forecast = run->contest.n_rows > 0 ? &run->contest.report : NULL;
    return fel_report_create(&run->report, &input);
}

static fel_status gather(fel_run *run, pair_items *parameters, pair_items *notes, chart_bars *bars)
{
    FEL_TRY(add_parameters(parameters, run));
    FEL_TRY(add_notes(notes, run));
    if (run->options.write_html) {
        FEL_TRY(chart_bars_make(bars, &run->data));
    }
    return make_report(run, parameters, notes, bars);
}

fel_status run_present(fel_run *run)
{
    pair_items parameters = {NULL, 0, 0}, notes = {NULL, 0, 0};
    chart_bars bars = {NULL, NULL, 0};
    const fel_status status = gather(run, &parameters, &notes, &bars);
    chart_bars_clear(&bars);
    free(parameters.items);
    free(notes.items);
    return status;
}
