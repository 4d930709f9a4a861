/* core/cost.c - the list of cost models and finding one by name. */
#include <string.h>

#include <feller/cost.h>

#include "core/cost_internal.h"
#include "core/nearest.h"

static const fel_cost_class *const classes[] = {
    &cost_percent, &cost_per_share,    &cost_fixed,       &cost_weight_change, &cost_half_spread,
    &cost_bps,     &cost_volume_share, &cost_square_root, &cost_entry};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_cost_class *const *fel_cost_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_cost_find(const char *name, fel_cost *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_cost cost = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, cost.params);
            *out = cost;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no cost model '%s'; did you mean '%s'", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no cost model '%s'; `feller list costs` shows them", name);
}
