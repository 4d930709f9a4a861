/* cli/list_tables.c - strategies, costs, metrics, losses, layouts as JSON, from the tables that the
 * code uses. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include <feller/activity.h>
#include <feller/cost.h>
#include <feller/data.h>
#include <feller/loss.h>
#include <feller/strategies.h>

#include "cli/cli_internal.h"
#include "cli/list_internal.h"
#include "core/number.h"

/* "number 0 .. 10000", "whole number 1 .. 250", "a | b". */
static void type_text(const fel_param_spec *spec, char *text, size_t size)
{
    char low[NUMBER_TEXT_SIZE], high[NUMBER_TEXT_SIZE];
    number_format(spec->min, low, sizeof(low));
    number_format(spec->max, high, sizeof(high));
    if (spec->kind == FEL_PARAM_BOOL) {
        (void)snprintf(text, size, "true | false");
    } else if (spec->kind == FEL_PARAM_CHOICE) {
        (void)snprintf(text, size, "%s", spec->choices);
    } else {
        (void)snprintf(text, size, "%s %s .. %s",
                       spec->kind == FEL_PARAM_INTEGER ? "whole number" : "number", low, high);
    }
}

json_t *list_params(const fel_param_spec *specs, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        char type[256], fallback[64];
        type_text(&specs[i], type, sizeof(type));
        fel_param_format(&specs[i], specs[i].default_value, fallback, sizeof(fallback));
        (void)json_array_append_new(list,
                                    json_pack("{s:s, s:s, s:s, s:s}", "name", specs[i].name, "type",
                                              type, "default", fallback, "doc", specs[i].doc));
    }
    return list;
}

json_t *list_strategies(void)
{
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "name", all[i]->name,
                                                    "summary", all[i]->summary, "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

json_t *list_costs(void)
{
    static const char *const lines[] = {"fee", "spread", "slippage", "impact"};
    size_t n = 0;
    const fel_cost_class *const *all = fel_cost_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", all[i]->name,
                                                    "summary", all[i]->summary, "line",
                                                    lines[all[i]->line], "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

static const char *const units[] = {"fraction", "ratio", "years", "count", "money"};

json_t *list_trip_metrics(void)
{
    size_t n = 0;
    const fel_trip_metric_class *all = fel_trip_metric_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "name", all[i].name,
                                                    "summary", all[i].convention, "label",
                                                    all[i].label, "unit", units[all[i].unit]));
    }
    return list;
}

json_t *list_holding_metrics(void)
{
    size_t n = 0;
    const fel_holding_metric_class *all = fel_holding_metric_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:b}", "name", all[i].name, "summary",
                            all[i].convention, "label", all[i].label, "unit", units[all[i].unit],
                            "needs_traded", all[i].needs_traded));
    }
    return list;
}

json_t *list_metrics(void)
{
    size_t n = 0;
    const fel_metric_class *all = fel_metric_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "name", all[i].name, "summary",
                            all[i].convention, "label", all[i].label, "unit", units[all[i].unit],
                            "needs_benchmark", all[i].needs_factor, "in_report", !all[i].is_extra));
    }
    return list;
}

json_t *list_losses(void)
{
    static const char *const kinds[] = {"regression", "direction", "classification", "trading",
                                        "ranking"};
    size_t n = 0;
    const fel_loss_class *const *all = fel_loss_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const uint32_t flags = all[i]->flags;
        (void)json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b, s:b, s:b, s:o}", "name", all[i]->name,
                      "summary", all[i]->summary, "kind", kinds[all[i]->kind], "formula",
                      all[i]->formula, "has_gradient", (flags & FEL_LOSS_HAS_GRADIENT) != 0,
                      "is_stand_in", (flags & FEL_LOSS_STAND_IN) != 0, "is_ordered",
                      (flags & FEL_LOSS_ORDERED) != 0, "is_grouped",
                      (flags & FEL_LOSS_GROUPED) != 0, "diverges", (flags & FEL_LOSS_DIVERGES) != 0,
                      "parameters", list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}

json_t *list_layouts(void)
{
    json_t *list = json_array();
    const fel_layout_row *row = NULL;
    for (size_t i = 0; (row = fel_layout_at(i)) != NULL; i++) {
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s}", "name", row->name, "summary", row->summary));
    }
    return list;
}
