/* study/study_simulate.c - the keys of simulated and resampled data: a process's parameters beside
 * its name, and what contradicts what. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/study_internal.h"

int study_is_simulated(const study_values *values)
{
    const study_data *rows = values->data.items;
    for (size_t i = 0; i < values->data.n; i++) {
        if (rows[i].simulate != NULL) {
            return 1;
        }
    }
    return 0;
}

int study_is_bootstrapped(const study_values *values)
{
    return values->bootstrap.is_present;
}

int study_wants_paths(const study_values *values)
{
    return values->monte_carlo.paths > 1 && values->monte_carlo.path == INT64_MIN;
}

/* ---- parameters of a process ----------------------------------------------------------------- */

static int is_instrument(const char *simulate)
{
    return strcmp(simulate, "option") == 0 || strcmp(simulate, "variance_swap") == 0;
}

static fel_status begin_process(const schema_reader *reader, const tree_node *node,
                                const char *path, void *out)
{
    study_data *row = out;
    if (row->simulate == NULL || is_instrument(row->simulate)) {
        return FEL_OK;
    }
    if (fel_process_find(row->simulate, &row->process) != FEL_OK) {
        char name[SCHEMA_PATH_SIZE];
        schema_join(path, "simulate", name, sizeof(name));
        const fel_error *error = fel_last_error();
        return schema_raise(error->status, tree_child(node, "simulate")->mark, name, "%s",
                            error->message);
    }
    row->process_params = arena_array(reader->memory, row->process->n_params, sizeof(double));
    if (row->process_params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a process's parameters");
    }
    fel_param_defaults(row->process->params, row->process->n_params, row->process_params);
    return FEL_OK;
}

static size_t process_names(const void *out, const char **names, size_t n_max)
{
    const study_data *row = out;
    size_t n = 0;
    for (; row->process != NULL && n < row->process->n_params && n < n_max; n++) {
        names[n] = row->process->params[n].name;
    }
    return n;
}

static fel_status read_process_param(const schema_reader *reader, const tree_node *value,
                                     const char *path, void *out)
{
    study_data *row = out;
    size_t index = 0;
    (void)reader;
    FEL_TRY(fel_param_find(row->process->params, row->process->n_params, value->key, &index));
    return schema_read_param(&row->process->params[index], value, path,
                             &row->process_params[index]);
}

const schema_extra study_process_extra = {begin_process, process_names, read_process_param};

/* ---- one row --------------------------------------------------------------------------------- */

/* Keys that say how to read or mend real data. */
static fel_status refuse_file_keys(const tree_node *node, const char *path)
{
    static const char *const keys[] = {"file",  "store",     "layout",    "map",
                                       "zone",  "session",   "stamp",     "date_format",
                                       "sort",  "delimiter", "bad_rows",  "allow_negative",
                                       "ticks", "signals",   "adjustment"};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const tree_node *child = tree_child(node, keys[i]);
        if (child != NULL) {
            char name[SCHEMA_PATH_SIZE];
            schema_join(path, keys[i], name, sizeof(name));
            return schema_raise(FEL_ERR_ARG, child->key_mark, name,
                                "is about data that is read, but this row is simulated");
        }
    }
    const tree_node *frequency = tree_child(node, "frequency");
    return frequency == NULL ? FEL_OK
                             : schema_raise(FEL_ERR_ARG, frequency->key_mark, path,
                                            "the bars of simulated rows are as long as "
                                            "simulation.frequency says");
}

static fel_status check_option_row(const tree_node *node, const char *path, const study_data *row)
{
    const int is_option = strcmp(row->simulate, "option") == 0;
    const int has_date = row->option.expiry_ns != INT64_MIN;
    if (is_option != (row->option.right >= 0)) {
        return schema_raise(FEL_ERR_ARG, node->mark, path,
                            is_option ? "needs option: {underlying: ..., right: ..., strike: ..., "
                                        "expiry_bars: ...}"
                                      : "only simulate: option has an option beside");
    }
    if (is_option && has_date == (row->option.expiry_bars != INT64_MIN)) {
        return schema_raise(FEL_ERR_ARG, node->mark, path,
                            "option: give either expiry (a date) or expiry_bars, %s",
                            has_date ? "not both" : "one of them is needed");
    }
    const int is_swap = strcmp(row->simulate, "variance_swap") == 0;
    if (is_swap != (row->underlying != NULL)) {
        return schema_raise(FEL_ERR_ARG, node->mark, path,
                            is_swap ? "needs underlying: the symbol of the process that it is on"
                                    : "only simulate: variance_swap has an underlying beside");
    }
    return FEL_OK;
}

fel_status study_check_simulated(const tree_node *node, const char *path, const study_data *row)
{
    FEL_TRY(refuse_file_keys(node, path));
    FEL_TRY(check_option_row(node, path, row));
    if (row->symbol == NULL) {
        return schema_raise(FEL_ERR_ARG, node->mark, path, "needs a symbol");
    }
    if (strlen(row->symbol) >= FEL_SYMBOL_SIZE) {
        return schema_raise(FEL_ERR_RANGE, node->mark, path, "the symbol is longer than %d bytes",
                            FEL_SYMBOL_SIZE - 1);
    }
    fel_process ignored;
    return row->process == NULL ||
                   fel_process_make(&ignored, row->process, row->process_params) == FEL_OK
               ? FEL_OK
               : schema_raise_again(node->mark);
}

/* ---- the whole study ------------------------------------------------------------------------- */

static fel_status refuse(const fel_study *study, const char *key, const char *why)
{
    const tree_node *node = tree_child(study->root, key);
    return schema_raise(FEL_ERR_ARG, node != NULL ? node->mark : study->root->mark, key, "%s", why);
}

/* Rows are all simulated or none is: what would their common dates be? */
static fel_status check_rows(const fel_study *study)
{
    const study_values *v = &study->values;
    const study_data *rows = v->data.items;
    const tree_node *node = tree_child(study->root, "data")->first;
    const int is_simulated = study_is_simulated(v);
    for (size_t i = 0; i < v->data.n; i++, node = node->next) {
        char name[SCHEMA_PATH_SIZE];
        (void)snprintf(name, sizeof(name), "data.%zu", i);
        if (is_simulated && rows[i].simulate == NULL) {
            return schema_raise(FEL_ERR_ARG, node->mark, name,
                                "simulated and real data do not mix in one study");
        }
        if (study_is_bootstrapped(v) && (rows[i].signals.n > 0 || rows[i].option.right >= 0)) {
            return schema_raise(FEL_ERR_ARG, node->mark, name,
                                "bootstrap draws bars of prices: neither signals nor options");
        }
        if (rows[i].simulate == NULL && rows[i].option.expiry_bars != INT64_MIN) {
            return schema_raise(FEL_ERR_ARG, node->mark, name,
                                "option.expiry_bars is for simulated options; real ones have an "
                                "expiry");
        }
    }
    return FEL_OK;
}

static fel_status check_many(const fel_study *study)
{
    const study_values *v = &study->values;
    if (!study_wants_paths(v)) {
        return FEL_OK;
    }
    if (v->walk.is_present) {
        return refuse(study, "walk_forward",
                      "runs on one path: name it with monte_carlo.path (from 0)");
    }
    return v->sweep.n == 0
               ? FEL_OK
               : refuse(study, "sweep",
                        "runs on one path: name it with monte_carlo.path (from 0), or sweep over "
                        "monte_carlo.path itself");
}

fel_status study_check_paths(const fel_study *study)
{
    const study_values *v = &study->values;
    const int is_simulated = study_is_simulated(v), is_drawn = study_is_bootstrapped(v);
    if (tree_child(study->root, "simulation") != NULL && !is_simulated) {
        return refuse(study, "simulation", "needs rows of data with simulate");
    }
    if (is_drawn && is_simulated) {
        return refuse(study, "bootstrap", "draws from real data: no row can be simulated");
    }
    if (tree_child(study->root, "monte_carlo") != NULL && !is_simulated && !is_drawn) {
        return refuse(study, "monte_carlo",
                      "needs paths: rows of data with simulate, or a bootstrap of real data");
    }
    if (!isnan(v->simulation.years) && v->simulation.bars != INT64_MIN) {
        return refuse(study, "simulation", "years or bars, not both");
    }
    if (v->simulation.half_spread_bps > 0.0 && v->simulation.rows == FEL_PATH_BARS) {
        return refuse(
            study, "simulation",
            "half_spread_bps is of rows: quotes; bars pay costs.slippage.half_spread_bps");
    }
    FEL_TRY(check_rows(study));
    return check_many(study);
}
