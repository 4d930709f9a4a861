/* study/study_path_costs.c - a study's costs in one line, and the units of a process's parameters,
 * for the report of many paths. */
#include <string.h>

#include "study/study_folder_internal.h"

/* "fee_bps 5, slippage.half_spread_bps 1": the keys that the study file has for them. */
static const char *join_models(arena *memory, const char *line, int is_fee,
                               const study_models *models)
{
    cost_key keys[STUDY_MAX_COSTS];
    const size_t n = study_cost_keys(is_fee, keys);
    for (size_t i = 0; i < n; i++) {
        const fel_cost *model = &models->models[keys[i].class_index];
        for (size_t k = 0; model->code != NULL && k < model->code->n_params && line != NULL; k++) {
            const fel_param_spec *spec = &model->code->params[k];
            char value[64];
            fel_param_format(spec, model->params[k], value, sizeof(value));
            line = arena_printf(memory, "%s%s%s%s%s%s %s", line, line[0] != '\0' ? ", " : "",
                                is_fee ? "" : "slippage.", keys[i].name, keys[i].is_map ? "." : "",
                                keys[i].is_map ? spec->name : "", value);
        }
    }
    return line;
}

const char *path_costs_text(arena *memory, const study_costs *costs)
{
    const char *line = join_models(memory, "", 1, &costs->fees);
    if (line != NULL && costs->fee_minimum > 0.0) {
        line = arena_printf(memory, "%s%sfee_minimum %g", line, line[0] != '\0' ? ", " : "",
                            costs->fee_minimum);
    }
    line = line != NULL ? join_models(memory, line, 0, &costs->slippage) : NULL;
    if (line == NULL) {
        return NULL;
    }
    return line[0] != '\0' ? arena_printf(memory, "costs: %s", line) : "no costs";
}

static int ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), part = strlen(end);
    return length >= part && strcmp(text + length - part, end) == 0;
}

const char *path_unit_of(const char *parameter, const char *currency)
{
    static const char *const units[][2] = {
        {"v0", "variance a year"}, {"theta", "variance a year"},  {"kappa", "a year"},
        {"xi", "a year"},          {"jump_mean", "log of price"}, {"jump_vol", "log of price"},
    };
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(units[i][0], parameter) == 0) {
            return units[i][1];
        }
    }
    if (strcmp(parameter, "spot") == 0) {
        return currency;
    }
    return ends_with(parameter, "_per_year") ? "a year" : "";
}
