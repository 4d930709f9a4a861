/* models/network_classes.c - the table of networks: finding one, its defaults. */
#include <string.h>

#include "core/nearest.h"
#include "models/layer_internal.h"

static const fel_network_class *const classes[] = {
    &network_mlp,
    &network_lstm,
    &network_transformer,
    &network_paper_lstm,
    &network_paper_transformer,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_network_class *const *fel_network_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

const fel_network_info *fel_network_class_info(const fel_network_class *code)
{
    return &code->info;
}

fel_status fel_network_find(const char *name, const fel_network_class **out)
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
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no network \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no network \"%.64s\"; feller list models shows them", name);
}

fel_network_config fel_network_config_default(const fel_network_class *code)
{
    const fel_network_info *info = &code->info;
    fel_network_config config = {.struct_size = (uint32_t)sizeof(config),
                                 .code = code,
                                 .sequence = 1,
                                 .n_features = 1,
                                 .n_outputs = 1};
    fel_param_defaults(info->params, info->n_params, config.params);
    for (; config.n_hidden < info->n_hidden; config.n_hidden++) {
        config.hidden[config.n_hidden] = info->hidden[config.n_hidden];
    }
    return config;
}
