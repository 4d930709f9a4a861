/* cli/list_models.c - networks as JSON, from the table that trainers use. */
#include <jansson.h>
#include <stdio.h>

#include <feller/model.h>

#include "cli/list_internal.h"

/* "64, 32": sizes of layers, which are a list and not a parameter of the table. */
static json_t *hidden_row(const fel_network_info *info)
{
    char text[FEL_NETWORK_MAX_LAYERS * 24] = "", type[64];
    size_t used = 0;
    for (uint32_t i = 0; i < info->n_hidden && used < sizeof(text); i++) {
        const int length =
            snprintf(text + used, sizeof(text) - used, "%s%zu", i > 0 ? ", " : "", info->hidden[i]);
        used += length > 0 ? (size_t)length : 0;
    }
    (void)snprintf(type, sizeof(type), "list of at most %d whole numbers 1 .. 65536",
                   (int)FEL_NETWORK_MAX_LAYERS);
    return json_pack("{s:s, s:s, s:s, s:s}", "name", "hidden", "type", type, "default", text, "doc",
                     "Sizes of the hidden layers, in order");
}

static json_t *rows_of(const fel_network_info *info)
{
    json_t *rows = list_params(info->params, info->n_params);
    if (info->takes_hidden) {
        (void)json_array_insert_new(rows, 0, hidden_row(info));
    }
    return rows;
}

json_t *list_models(void)
{
    size_t n = 0;
    const fel_network_class *const *all = fel_network_classes(&n);
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        const fel_network_info *info = fel_network_class_info(all[i]);
        (void)json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o}", "name", info->name,
                                                    "summary", info->summary, "takes_every_step",
                                                    info->takes_every_step != 0, "parameters",
                                                    rows_of(info)));
    }
    return list;
}
