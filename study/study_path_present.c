/* study/study_path_present.c - a study of many paths in words: what the data is, its processes, how
 * to run one path again. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/study_folder_internal.h"

static fel_status keep(const char **place, const char *text)
{
    if (text == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
    }
    *place = text;
    return FEL_OK;
}

static const char *word_of(const char *choices, int index)
{
    for (; index > 0 && choices != NULL; index--) {
        choices = strchr(choices, '|');
        choices = choices != NULL ? choices + 1 : NULL;
    }
    return choices;
}

static const char *scheme_name(int scheme)
{
    size_t n = 0;
    const fel_scheme_row *rows = fel_schemes(&n);
    for (size_t i = 0; i < n; i++) {
        if ((int)rows[i].scheme == scheme) {
            return rows[i].name;
        }
    }
    return "?";
}

/* ---- simulated ------------------------------------------------------------------------------- */

static fel_status describe_asset(fel_run *run, const study_data *row, fel_report_process *out)
{
    arena *memory = &run->memory;
    const fel_process_class *code = row->process;
    const study_simulation *s = &run->study->values.simulation;
    fel_report_parameter *list = arena_array(memory, code->n_params, sizeof(*list));
    fel_process process;
    FEL_TRY(list != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report"));
    FEL_TRY(fel_process_make(&process, code, row->process_params));
    for (uint32_t i = 0; i < code->n_params; i++) {
        const fel_report_parameter parameter = {
            .name = code->params[i].name,
            .label = code->params[i].doc,
            .unit =
                path_unit_of(code->params[i].name,
                             row->currency != NULL ? row->currency : run->study->values.currency),
            .value = row->process_params[i],
            .standard_error = (double)NAN,
            .min = (double)NAN,
            .max = (double)NAN,
        };
        list[i] = parameter;
    }
    const int has_variance = fel_process_has_variance(&process);
    out->asset = row->symbol;
    out->name = code->name;
    out->parameters = list;
    out->n_parameters = code->n_params;
    out->feller_margin = has_variance ? fel_feller_margin(&process.heston) : (double)NAN;
    out->variance_degrees = has_variance ? fel_variance_degrees(&process.heston) : (double)NAN;
    return keep(&out->summary,
                arena_printf(memory, "%s; scheme %s, %lld x %lld steps a bar%s%s", code->summary,
                             scheme_name(s->scheme), (long long)s->steps_per_bar,
                             (long long)s->substeps, isnan(s->drift_per_year) ? "" : ", drift ",
                             isnan(s->drift_per_year)
                                 ? ""
                                 : arena_printf(memory, "%g a year", s->drift_per_year)));
}

static fel_status describe_market(fel_run *run)
{
    const study_values *v = &run->study->values;
    const study_data *rows = v->data.items;
    fel_montecarlo_report *r = &run->many.report;
    fel_report_process *list = arena_array(&run->memory, v->data.n, sizeof(*list));
    FEL_TRY(list != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report"));
    size_t n = 0;
    for (size_t i = 0; i < v->data.n; i++) {
        if (rows[i].process != NULL) {
            FEL_TRY(describe_asset(run, &rows[i], &list[n++]));
        }
    }
    r->processes = list;
    r->n_processes = n;
    const fel_path_source *source = run->data.paths;
    return keep(
        &r->data,
        arena_printf(&run->memory, "simulated: %zu %s of %s, %lld steps a bar, %s%s",
                     fel_path_source_rows(source, 0), v->simulation.rows == 0 ? "bars" : "quotes",
                     n == 1 ? list[0].name : arena_printf(&run->memory, "%zu assets", n),
                     (long long)v->simulation.steps_per_bar, scheme_name(v->simulation.scheme),
                     fel_path_source_count(source) > n ? ", with instruments on them" : ""));
}

/* Names of the drivers in the order of the matrix. */
static fel_status describe_drivers(fel_run *run)
{
    const study_values *v = &run->study->values;
    const study_data *rows = v->data.items;
    fel_montecarlo_report *r = &run->many.report;
    r->correlation = fel_path_source_correlation(run->data.paths, &r->n_drivers);
    const char **names = arena_array(&run->memory, r->n_drivers + 1, sizeof(*names));
    FEL_TRY(names != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report"));
    size_t n = 0;
    for (int is_variance = 0; is_variance < 2; is_variance++) {
        for (size_t i = 0; i < v->data.n && n < r->n_drivers; i++) {
            const int has = rows[i].process != NULL &&
                            (!is_variance || rows[i].process->kind == FEL_PROCESS_HESTON ||
                             rows[i].process->kind == FEL_PROCESS_BATES);
            if (has) {
                FEL_TRY(keep(&names[n++], arena_printf(&run->memory, "%s %s", rows[i].symbol,
                                                       is_variance ? "variance" : "price")));
            }
        }
    }
    r->drivers = n > 0 ? names : NULL;
    return FEL_OK;
}

/* ---- resampled ------------------------------------------------------------------------------- */

static fel_status describe_bootstrap(fel_run *run)
{
    const study_bootstrap *b = &run->study->values.bootstrap;
    fel_montecarlo_report *r = &run->many.report;
    const size_t n = run->data.list.n;
    fel_report_process *list = arena_array(&run->memory, n, sizeof(*list));
    const char *method = b->method == FEL_BOOTSTRAP_STATIONARY ? "stationary" : "block";
    const char *summary = arena_printf(&run->memory, "blocks of %g bars%s%s", b->block_bars,
                                       b->method == FEL_BOOTSTRAP_STATIONARY ? " on average" : "",
                                       n > 1 ? ", the same dates for all series" : "");
    const char *name = arena_printf(&run->memory, "%s bootstrap", method);
    if (list == NULL || summary == NULL || name == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
    }
    for (size_t i = 0; i < n; i++) {
        list[i].asset = run->data.list.items[i].info.instrument.symbol;
        list[i].name = name;
        list[i].summary = summary;
        list[i].feller_margin = list[i].variance_degrees = (double)NAN;
    }
    r->processes = list;
    r->n_processes = n;
    return keep(&r->data,
                arena_printf(&run->memory, "%s bootstrap: %zu bars of %zu series, %s", method,
                             fel_path_source_rows(run->data.paths, 0), n, summary));
}

/* ---- how to run a path again ----------------------------------------------------------------- */

static fel_status name_commands(fel_run *run)
{
    fel_montecarlo_report *r = &run->many.report;
    fel_report_path *list = arena_array(&run->memory, r->n_paths_listed, sizeof(*list));
    const char *overrides = "";
    FEL_TRY(list != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report"));
    for (size_t i = 0; i < run->study->n_overrides && overrides != NULL; i++) {
        overrides =
            arena_printf(&run->memory, "%s --set '%s'", overrides, run->study->overrides[i]);
    }
    for (size_t i = 0; i < r->n_paths_listed; i++) {
        list[i] = r->paths[i];
        if (list[i].what[0] != '\0') {
            FEL_TRY(keep(&list[i].command,
                         arena_printf(&run->memory, "feller run %s%s --set monte_carlo.path=%llu",
                                      run->study->path, overrides != NULL ? overrides : "",
                                      (unsigned long long)list[i].index)));
        }
    }
    r->paths = list;
    return FEL_OK;
}

/* Parameters in one line: "fast_bars 20, slow_bars 100". */
static fel_status describe_strategy(fel_run *run)
{
    const study_values *v = &run->study->values;
    const fel_strategy *code = v->strategy.code;
    const char *line = code->name;
    for (size_t i = 0; i < code->n_params && line != NULL; i++) {
        char value[64];
        fel_param_format(&code->params[i], v->strategy.params[i], value, sizeof(value));
        line = arena_printf(&run->memory, "%s, %s %s", line, code->params[i].name, value);
    }
    const char *fill = word_of("next open|same close", v->fill);
    return keep(&run->many.report.strategy_text,
                line != NULL ? arena_printf(&run->memory, "%s; fills at the %.*s", line,
                                            (int)strcspn(fill, "|"), fill)
                             : NULL);
}

/* ---- the report ------------------------------------------------------------------------------ */

static fel_status describe(fel_run *run)
{
    const study_values *v = &run->study->values;
    fel_montecarlo_report *r = &run->many.report;
    fel_report_pair *facts = NULL;
    r->title = v->name;
    r->strategy_name = v->strategy.code->name;
    r->benchmark_name = run->many.n_accounts > 1 ? "buy and hold" : NULL;
    r->currency = v->currency;
    FEL_TRY(study_is_bootstrapped(v) ? describe_bootstrap(run) : describe_market(run));
    FEL_TRY(describe_drivers(run));
    FEL_TRY(describe_strategy(run));
    FEL_TRY(keep(&r->costs_text, path_costs_text(&run->memory, &v->costs)));
    FEL_TRY(name_commands(run));
    FEL_TRY(present_settings(run, &r->parameters, &r->n_parameters));
    FEL_TRY(present_data_notes(run, &r->notes, &r->n_notes));
    FEL_TRY(manifest_pairs(&run->memory, run->study, &run->data, &facts, &r->n_manifest));
    r->manifest = facts;
    return FEL_OK;
}

fel_status run_present_paths(fel_run *run)
{
    FEL_TRY(path_report_fill(&run->many, &run->study->values));
    FEL_TRY(path_fans_fill(&run->many, run->options.n_threads));
    return describe(run);
}
