/* models/checkpoint_items.c - descriptions of networks in HDF5 files. */
#include <stdio.h>

#include "models/checkpoint_internal.h"

enum { NAME_SIZE = 64 };

static int put_size(hid_t group, const char *name, size_t value)
{
    const uint64_t number = value;
    return h5_put_number(group, name, H5T_NATIVE_UINT64, &number) >= 0;
}

static int get_size(hid_t group, const char *name, size_t *value)
{
    uint64_t number = 0;
    const int ok = h5_get_number(group, name, H5T_NATIVE_UINT64, &number) >= 0;
    *value = (size_t)number;
    return ok;
}

static void hidden_name(char name[NAME_SIZE], uint32_t layer)
{
    (void)snprintf(name, NAME_SIZE, "hidden_%u", layer);
}

static void param_name(char name[NAME_SIZE], const fel_param_spec *spec)
{
    (void)snprintf(name, NAME_SIZE, "param_%s", spec->name);
}

fel_status saved_put_network(hid_t group, const char *path, const fel_network *net)
{
    const fel_network_config *c = fel_network_describe(net);
    const fel_network_info *info = fel_network_class_info(c->code);
    char name[NAME_SIZE];
    int ok = h5_put_text(group, "network", info->name) >= 0 &&
             put_size(group, "sequence", c->sequence) &&
             put_size(group, "features", c->n_features) &&
             put_size(group, "outputs", c->n_outputs) &&
             put_size(group, "every_step", c->every_step != 0) &&
             put_size(group, "hidden_layers", c->n_hidden) &&
             put_size(group, "parameters", fel_network_count_params(net));
    for (uint32_t i = 0; ok && i < c->n_hidden; i++) {
        hidden_name(name, i);
        ok = put_size(group, name, c->hidden[i]);
    }
    for (size_t i = 0; ok && i < info->n_params; i++) {
        param_name(name, &info->params[i]);
        ok = h5_put_number(group, name, H5T_NATIVE_DOUBLE, &c->params[i]) >= 0;
    }
    return ok ? FEL_OK : h5_raise(FEL_ERR_IO, path, "cannot describe the network");
}

static int get_sizes(hid_t group, fel_network_config *c)
{
    size_t every_step = 0, n_hidden = 0;
    char name[NAME_SIZE];
    int ok =
        get_size(group, "sequence", &c->sequence) && get_size(group, "features", &c->n_features) &&
        get_size(group, "outputs", &c->n_outputs) && get_size(group, "every_step", &every_step) &&
        get_size(group, "hidden_layers", &n_hidden) && n_hidden <= FEL_NETWORK_MAX_LAYERS;
    c->every_step = every_step != 0;
    c->n_hidden = (uint32_t)n_hidden;
    for (uint32_t i = 0; ok && i < c->n_hidden; i++) {
        hidden_name(name, i);
        ok = get_size(group, name, &c->hidden[i]);
    }
    return ok;
}

fel_status saved_get_network(hid_t group, const char *path, fel_network_config *out)
{
    const fel_network_class *code = NULL;
    char name[NAME_SIZE];
    if (h5_get_text(group, "network", name, sizeof(name)) < 0) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read which network this is");
    }
    FEL_TRY(fel_network_find(name, &code));
    const fel_network_info *info = fel_network_class_info(code);
    fel_network_config c = fel_network_config_default(code);
    int ok = get_sizes(group, &c);
    for (size_t i = 0; ok && i < info->n_params; i++) {
        param_name(name, &info->params[i]);
        ok = h5_get_number(group, name, H5T_NATIVE_DOUBLE, &c.params[i]) >= 0;
    }
    if (!ok) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read the description of the network");
    }
    *out = c;
    return FEL_OK;
}
