/* cli/list_training.c - optimisers and schedules as JSON, from the tables that trainers use. */
#include <jansson.h>

#include <feller/optimizer.h>

#include "cli/list_internal.h"

json_t *list_optimizers(void)
{
    size_t n = 0;
    const fel_optimizer_class *const *all = fel_optimizer_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const fel_optimizer_info *info = fel_optimizer_class_info(all[i]);
        (void)json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b, s:b, s:o}", "name", info->name, "summary",
                            info->summary, "formula", info->formula, "needs_loss",
                            (info->flags & FEL_OPTIMIZER_NEEDS_LOSS) != 0, "needs_layers",
                            (info->flags & FEL_OPTIMIZER_NEEDS_LAYERS) != 0, "parameters",
                            list_params(info->params, info->n_params)));
    }
    return list;
}

json_t *list_schedules(void)
{
    size_t n = 0;
    const fel_schedule_class *const *all = fel_schedule_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", all[i]->name,
                                                    "summary", all[i]->summary, "formula",
                                                    all[i]->formula, "parameters",
                                                    list_params(all[i]->params, all[i]->n_params)));
    }
    return list;
}
