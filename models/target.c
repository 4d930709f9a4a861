/* models/target.c - the table of targets: finding one, checking it, naming it. */
#include <stdio.h>
#include <string.h>

#include "core/nearest.h"
#include "models/target_internal.h"

static const fel_target_class *const classes[] = {
    &target_next_return, &target_step_return, &target_scaled_return,
    &target_direction,   &target_three_way,   &target_rank,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_target_class *const *fel_target_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_target_find(const char *name, fel_target *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_target target = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, target.params);
            *out = target;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no target \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no target \"%.64s\"; feller list targets shows them", name);
}

fel_status fel_target_check(const fel_target *target)
{
    for (size_t i = 0; i < target->code->n_params; i++) {
        FEL_TRY(fel_param_check(&target->code->params[i], target->params[i]));
    }
    return FEL_OK;
}

size_t fel_target_horizon(const fel_target *target)
{
    return target->code->horizon(target->params);
}

/* Cut off where it does not fit. */
void fel_target_label(const fel_target *target, char *text, size_t size)
{
    const fel_target_class *code = target->code;
    char list[FEL_TARGET_LABEL_SIZE] = "", value[64];
    for (size_t i = 0; i < code->n_params; i++) {
        const size_t used = strlen(list);
        fel_param_format(&code->params[i], target->params[i], value, sizeof(value));
        (void)snprintf(list + used, sizeof(list) - used, "%s%s", i == 0 ? "" : ",", value);
    }
    (void)snprintf(text, size, "%s(%s)", code->name, list);
}
