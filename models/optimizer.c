/* models/optimizer.c - the table of optimisers: finding one, its defaults, is a config sound. */
#include <math.h>
#include <string.h>

#include "core/nearest.h"
#include "models/optimizer_internal.h"

static const fel_optimizer_class *const classes[] = {
    &optimizer_sgd,     &optimizer_adam, &optimizer_adamw,     &optimizer_nadam,
    &optimizer_rmsprop, &optimizer_momo, &optimizer_momo_adam, &optimizer_kfac,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_optimizer_class *const *fel_optimizer_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

const fel_optimizer_info *fel_optimizer_class_info(const fel_optimizer_class *code)
{
    return &code->info;
}

fel_status fel_optimizer_find(const char *name, const fel_optimizer_class **out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->info.name;
        if (strcmp(name, names[i]) == 0) {
            *out = classes[i];
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no optimizer \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no optimizer \"%.64s\"; feller list optimizers shows them",
                     name);
}

fel_optimizer_config fel_optimizer_config_default(const fel_optimizer_class *code)
{
    fel_optimizer_config config = {.struct_size = (uint32_t)sizeof(config),
                                   .code = code,
                                   .n_threads = 1,
                                   .average_decay = 0.999};
    fel_param_defaults(code->info.params, code->info.n_params, config.params);
    return config;
}

static fel_status check_clip(const char *name, double value)
{
    if (!(value >= 0.0) || !isfinite(value)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s is %g; above 0, or 0 for none", name, value);
    }
    return FEL_OK;
}

static fel_status check_average(const fel_optimizer_config *config)
{
    if ((unsigned)config->average >= FEL_AVERAGE_N_KINDS) {
        return FEL_RAISE(FEL_ERR_RANGE, "average is %d; none, ema or swa", (int)config->average);
    }
    if (config->average == FEL_AVERAGE_EMA &&
        !(config->average_decay >= 0.0 && config->average_decay < 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "average_decay is %g; 0 or more, below 1",
                         config->average_decay);
    }
    return FEL_OK;
}

fel_status fel_optimizer_check(const fel_optimizer_config *config)
{
    if (config == NULL || config->struct_size != sizeof(*config) || config->code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "no optimizer, or a config of another version");
    }
    const fel_optimizer_class *code = config->code;
    for (size_t i = 0; i < code->info.n_params; i++) {
        FEL_TRY(fel_param_check(&code->info.params[i], config->params[i]));
    }
    FEL_TRY(check_clip("clip_value", config->clip_value));
    FEL_TRY(check_clip("clip_norm", config->clip_norm));
    FEL_TRY(check_average(config));
    return code->check != NULL ? code->check(config->params) : FEL_OK;
}
