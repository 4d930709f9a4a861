/* engine/plugin.c - strategies from shared objects: one entry symbol, the ABI number checked before
 * anything else is read. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/engine_internal.h"

struct fel_library {
    void *handle;
    const fel_plugin *plugin;
};

static fel_status check_strategy(const char *path, const fel_strategy *s, size_t index)
{
    if (s == NULL || s->struct_size != sizeof(fel_strategy)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: strategy %zu has a table of %u bytes, not %zu", path,
                         index, s == NULL ? 0 : s->struct_size, sizeof(fel_strategy));
    }
    if (s->name == NULL || s->name[0] == '\0' || (s->n_params > 0 && s->params == NULL)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: strategy %zu has no name or no parameter table", path,
                         index);
    }
    return FEL_OK;
}

static fel_status check_plugin(const char *path, const fel_plugin *p)
{
    if (p == NULL) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: %s() returned nothing", path, FEL_PLUGIN_SYMBOL);
    }
    if (p->abi != FEL_PLUGIN_ABI) {
        return FEL_RAISE(
            FEL_ERR_ABI,
            "%s was built for plug-in ABI %u, this program has ABI %u: rebuild it with "
            "these headers",
            path, p->abi, FEL_PLUGIN_ABI);
    }
    if (p->struct_size != sizeof(fel_plugin) || p->name == NULL || p->strategies == NULL ||
        p->n_strategies == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: its table is broken or lists no strategy", path);
    }
    for (size_t i = 0; i < p->n_strategies; i++) {
        FEL_TRY(check_strategy(path, p->strategies[i], i));
    }
    return FEL_OK;
}

fel_status fel_library_open(fel_library **out, const char *path)
{
    const fel_plugin *(*entry)(void) = NULL;
    /* A bare name is a file of the current folder, not a library of the system. */
    char here[300];
    (void)snprintf(here, sizeof(here), "./%s", path);
    void *handle = dlopen(strchr(path, '/') == NULL ? here : path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "cannot load plug-in: %s", dlerror());
    }
    fel_status status = FEL_OK;
    fel_library *library = NULL;
    void *symbol = dlsym(handle, FEL_PLUGIN_SYMBOL);
    if (symbol == NULL) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s has no %s(): not a Feller plug-in", path,
                           FEL_PLUGIN_SYMBOL);
        goto done;
    }
    memcpy(&entry, &symbol, sizeof(entry)); /* ISO C has no cast from object to function */
    const fel_plugin *plugin = entry();
    status = check_plugin(path, plugin);
    if (status != FEL_OK) {
        goto done;
    }
    library = malloc(sizeof(*library));
    if (library == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for a plug-in");
        goto done;
    }
    library->handle = handle;
    library->plugin = plugin;
    handle = NULL;
    *out = library;
done:
    if (handle != NULL) {
        (void)dlclose(handle);
    }
    return status;
}

void fel_library_close(fel_library *library)
{
    if (library != NULL) {
        (void)dlclose(library->handle);
        free(library);
    }
}

const fel_plugin *fel_library_plugin(const fel_library *library)
{
    return library->plugin;
}
