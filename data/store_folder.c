/* data/store_folder.c - what lies in a store's folder, and clearing away what no index names. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/store_internal.h"

fel_status store_each_name(const char *folder, fel_status (*visit)(void *payload, const char *name),
                           void *payload)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot read this folder: %s", folder, strerror(errno));
    }
    fel_status status = FEL_OK;
    const struct dirent *entry = NULL;
    while (status == FEL_OK && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            status = visit(payload, entry->d_name);
        }
    }
    (void)closedir(dir);
    return status;
}

uint32_t store_segment_number(const char *name)
{
    char *end = NULL;
    const unsigned long value = name[0] >= '0' && name[0] <= '9' ? strtoul(name, &end, 10) : 0;
    return end != NULL && strcmp(end, ".h5") == 0 && value <= UINT32_MAX ? (uint32_t)value : 0;
}

static fel_status remove_file(const char *folder, const char *name)
{
    char path[STORE_PATH_SIZE];
    const int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        return FEL_RAISE(FEL_ERR_ARG, "%.200s...: the path is too long", folder);
    }
    if (unlink(path) != 0 && errno != ENOENT) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot delete: %s", path, strerror(errno));
    }
    return FEL_OK;
}

typedef struct sweeping {
    const store_index *index;
    const char *folder;
} sweeping;

static fel_status sweep_segment(void *payload, const char *name)
{
    const sweeping *s = payload;
    const uint32_t number = store_segment_number(name);
    if (number != 0 && store_index_file(s->index, number) != NULL) {
        return FEL_OK;
    }
    return remove_file(s->folder, name);
}

/* A killed writer leaves index.json.PID-N. */
static fel_status sweep_root(void *payload, const char *name)
{
    const sweeping *s = payload;
    return strncmp(name, "index.json.", 11) == 0 ? remove_file(s->folder, name) : FEL_OK;
}

fel_status store_change_sweep(store_change *change)
{
    char folder[STORE_PATH_SIZE + 16];
    (void)snprintf(folder, sizeof(folder), "%s/segments", change->path);
    sweeping segments = {&change->index, folder}, root = {&change->index, change->path};
    FEL_TRY(store_each_name(folder, sweep_segment, &segments));
    return store_each_name(change->path, sweep_root, &root);
}
