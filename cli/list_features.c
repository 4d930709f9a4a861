/* cli/list_features.c - features, indicators, targets and scales as JSON, from the tables of
 * feller/feature.h and feller/indicator_table.h. */
#include <jansson.h>

#include <feller/feature.h>
#include <feller/indicator_table.h>

#include "cli/list_internal.h"

static json_t *list_inputs(uint32_t inputs)
{
    static const char *const names[] = {"open", "high", "low", "close", "volume", "time", "signal"};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((inputs >> i & 1) != 0) {
            (void)json_array_append_new(list, json_string(names[i]));
        }
    }
    return list;
}

/* names may be NULL: one output, named as the row. */
static json_t *list_outputs(const char *const *names, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; names != NULL && i < n; i++) {
        (void)json_array_append_new(list, json_string(names[i]));
    }
    return list;
}

/* With the rows of warm-up that the defaults take. */
json_t *list_features(void)
{
    size_t n = 0;
    const fel_feature_class *const *all = fel_feature_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        fel_feature feature = {.code = all[i]};
        fel_param_defaults(all[i]->params, all[i]->n_params, feature.params);
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:o}", "name", all[i]->name, "summary",
                            all[i]->summary, "formula", all[i]->formula, "inputs",
                            list_inputs(all[i]->inputs), "outputs",
                            list_outputs(all[i]->outputs, all[i]->n_outputs), "warm_up_rows",
                            (json_int_t)fel_feature_warm_up(&feature), "parameters",
                            list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

json_t *list_indicators(void)
{
    size_t n = 0;
    const fel_indicator_class *const *all = fel_indicator_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const fel_indicator_class *code = all[i];
        double params[FEL_INDICATOR_MAX_PARAMS];
        fel_param_defaults(code->params, code->n_params, params);
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:I, s:o}", "name", code->name,
                            "summary", code->summary, "formula", code->formula, "source",
                            code->source, "inputs", list_inputs(code->inputs), "outputs",
                            list_outputs(code->outputs, code->n_outputs), "warm_up_rows",
                            (json_int_t)code->warm_up(params), "parameters",
                            list_params(code->params, code->n_params)));
    }
    return list;
}

json_t *list_targets(void)
{
    size_t n = 0;
    const fel_target_class *const *all = fel_target_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:b, s:o}", "name",
                                                    all[i]->name, "summary", all[i]->summary,
                                                    "formula", all[i]->formula, "is_ranked",
                                                    all[i]->is_ranked != 0, "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

json_t *list_scales(void)
{
    size_t n = 0;
    const fel_scale_class *const *all = fel_scale_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", all[i]->name,
                                                    "summary", all[i]->summary, "formula",
                                                    all[i]->formula, "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}
