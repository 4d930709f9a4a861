/* models/scale.c - the table of scales: finding one, checking it. */
#include <string.h>

#include "core/nearest.h"
#include "models/scale_internal.h"

static const fel_scale_class *const classes[] = {
    &scale_none, &scale_standard, &scale_robust, &scale_min_max, &scale_rolling_z,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_scale_class *const *fel_scale_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_scale_find(const char *name, fel_scale *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_scale scale = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, scale.params);
            *out = scale;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no scale \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no scale \"%.64s\"; feller list scales shows them", name);
}

fel_status fel_scale_check(const fel_scale *scale)
{
    for (size_t i = 0; i < scale->code->n_params; i++) {
        FEL_TRY(fel_param_check(&scale->code->params[i], scale->params[i]));
    }
    if (scale->code == &scale_min_max && scale->params[1] <= scale->params[0]) {
        return FEL_RAISE(FEL_ERR_RANGE, "min_max: high = %g is not above low = %g",
                         scale->params[1], scale->params[0]);
    }
    return FEL_OK;
}

size_t fel_scale_rolling_bars(const fel_scale *scale)
{
    return scale->code->is_rolling != 0 ? (size_t)scale->params[0] : 0;
}
