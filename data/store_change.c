/* data/store_change.c - changing a store: lock, new segment files under new numbers, and at the end
 * one rename that puts the new index in place of the old. Whatever happens before that rename,
 * readers see the old store; what a killed writer leaves has no name in any index. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data/store_internal.h"

/* A segment larger than this is put in place and the next one begun: bounds memory. */
static const size_t full_segment_bytes = (size_t)64 << 20;
/* Rows added to a segment at a time. */
static const size_t slice_rows = (size_t)1 << 22;

typedef struct foreign_search {
    const char *path;
} foreign_search;

/* Only a folder that is empty, or that a first writer was killed in, may become a store. */
static fel_status check_foreign(void *payload, const char *name)
{
    const foreign_search *search = payload;
    if (strcmp(name, "lock") != 0 && strcmp(name, "segments") != 0 &&
        strncmp(name, "index.json", 10) != 0) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: this folder is not a store and not empty: it has '%s'",
                         search->path, name);
    }
    return FEL_OK;
}

static fel_status prepare_folder(const char *path)
{
    char name[STORE_PATH_SIZE];
    FEL_TRY(store_index_path(path, name));
    struct stat info;
    if (stat(name, &info) == 0) {
        return FEL_OK;
    }
    if (stat(path, &info) == 0) {
        if (!S_ISDIR(info.st_mode)) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: not a store: not a folder", path);
        }
        foreign_search search = {path};
        FEL_TRY(store_each_name(path, check_foreign, &search));
    }
    char folder[STORE_PATH_SIZE + 16];
    (void)snprintf(folder, sizeof(folder), "%s/segments", path);
    return make_folders(folder);
}

static fel_status open_lock(const char *name, int *file)
{
    *file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (*file < 0) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s", name, strerror(errno));
    }
    int result = 0;
    do {
        result = flock(*file, LOCK_EX);
    } while (result != 0 && errno == EINTR);
    if (result != 0) {
        const fel_status status =
            FEL_RAISE(FEL_ERR_IO, "%s: cannot lock: %s", name, strerror(errno));
        (void)close(*file);
        return status;
    }
    return FEL_OK;
}

/* Is the locked file still the one with this name? A writer that failed to make a new store takes
 * its folder away again, lock and all. */
static int is_current(const char *name, int file)
{
    struct stat named, locked;
    return stat(name, &named) == 0 && fstat(file, &locked) == 0 && named.st_ino == locked.st_ino &&
           named.st_dev == locked.st_dev;
}

/* Folders that were made for a store that cannot be: gone if they are empty. */
static void remove_prepared(const char *path)
{
    char folder[STORE_PATH_SIZE + 16];
    (void)snprintf(folder, sizeof(folder), "%s/segments", path);
    (void)rmdir(folder);
    (void)rmdir(path);
}

static fel_status take_lock(store_change *change, int may_create)
{
    char name[STORE_PATH_SIZE + 8];
    const int is_new = may_create && access(change->path, F_OK) != 0;
    (void)snprintf(name, sizeof(name), "%s/lock", change->path);
    for (;;) {
        int file = -1;
        fel_status status = may_create ? prepare_folder(change->path) : FEL_OK;
        if (status == FEL_OK) {
            status = open_lock(name, &file);
        }
        if (status != FEL_OK) {
            if (is_new) {
                remove_prepared(change->path);
            }
            return status;
        }
        if (is_current(name, file)) {
            change->lock = file + 1;
            return FEL_OK;
        }
        (void)close(file);
    }
}

static fel_status raise_next(void *payload, const char *name)
{
    uint32_t *next = payload;
    const uint32_t number = store_segment_number(name);
    if (number >= *next && number < UINT32_MAX) {
        *next = number + 1;
    }
    return FEL_OK;
}

/* The index as the last writer left it; numbers of orphans are not used again. */
static fel_status load(store_change *change, int may_create)
{
    char folder[STORE_PATH_SIZE + 16];
    const fel_status status = store_index_load(&change->index, change->path);
    if (status != FEL_OK && (status != FEL_ERR_NOTFOUND || !may_create)) {
        return status;
    }
    change->is_new = status == FEL_ERR_NOTFOUND;
    change->index.next_file = change->index.next_file > 0 ? change->index.next_file : 1;
    (void)snprintf(folder, sizeof(folder), "%s/segments", change->path);
    FEL_TRY(store_each_name(folder, raise_next, &change->index.next_file));
    change->first_new_file = change->index.next_file;
    return FEL_OK;
}

fel_status store_change_begin(store_change *change, const char *path, int may_create)
{
    const int length = snprintf(change->path, sizeof(change->path), "%s", path);
    if (length <= 0 || (size_t)length >= sizeof(change->path) - 32) {
        return FEL_RAISE(FEL_ERR_ARG, "'%.200s': not a path for a store", path);
    }
    if (!may_create) {
        char name[STORE_PATH_SIZE];
        FEL_TRY(store_index_path(path, name));
        if (access(name, F_OK) != 0) {
            return FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no store here: %s", path, strerror(errno));
        }
    }
    FEL_TRY(take_lock(change, may_create));
    return load(change, may_create);
}

static fel_status check_order(const store_change *change, const store_series *s,
                              const fel_block *rows)
{
    if (s->parts.n == 0) {
        return FEL_OK;
    }
    const store_part *last = &s->parts.items[s->parts.n - 1];
    const int is_old = last->file < change->first_new_file;
    const int64_t first_ns = rows->time_ns[0];
    if (first_ns > last->last_ns || (!is_old && first_ns == last->last_ns)) {
        return FEL_OK;
    }
    char first[40], old[40];
    fel_time_format(first_ns, first, sizeof(first));
    fel_time_format(last->last_ns, old, sizeof(old));
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "%s: %s: the new rows begin at %s, the store has rows up to %s: new rows must "
                     "be later, or replace the old ones",
                     change->path, s->info.instrument.symbol, first, old);
}

static fel_status add_slice(store_change *change, store_series *s, const fel_block *rows)
{
    if (change->writer == NULL) {
        FEL_TRY(segment_writer_create(&change->writer));
    }
    const size_t bytes_before = segment_writer_bytes(change->writer);
    store_part part = {.file = change->index.next_file,
                       .has_open = rows->open_ns != NULL,
                       .n_rows = rows->n,
                       .first_ns = rows->time_ns[0],
                       .last_ns = rows->time_ns[rows->n - 1]};
    FEL_TRY(segment_writer_add(change->writer, &s->info, rows, &part.group));
    part.n_bytes = segment_writer_bytes(change->writer) - bytes_before;
    FEL_TRY(ARRAY_PUSH(&s->parts, part));
    if (segment_writer_bytes(change->writer) >= full_segment_bytes) {
        return store_change_flush(change);
    }
    return FEL_OK;
}

fel_status store_change_add(store_change *change, size_t series, const fel_block *rows)
{
    if (rows->n == 0) {
        return FEL_OK;
    }
    store_series *s = &change->index.series.items[series];
    FEL_TRY(check_order(change, s, rows));
    const double *columns[FEL_MAX_COLUMNS];
    for (size_t at = 0; at < rows->n; at += slice_rows) {
        for (size_t c = 0; c < rows->n_columns; c++) {
            columns[c] = rows->columns[c] + at;
        }
        const size_t left = rows->n - at, n = left < slice_rows ? left : slice_rows;
        const fel_block slice = {n, rows->n_columns, rows->time_ns + at,
                                 rows->open_ns != NULL ? rows->open_ns + at : NULL, columns};
        FEL_TRY(add_slice(change, s, &slice));
    }
    return FEL_OK;
}

fel_status store_change_flush(store_change *change)
{
    if (change->writer == NULL) {
        return FEL_OK;
    }
    char name[STORE_PATH_SIZE];
    store_file file;
    memset(&file, 0, sizeof(file));
    file.number = change->index.next_file++;
    file.is_verified = 1;
    FEL_TRY(store_segment_path(change->path, file.number, name));
    FEL_TRY(segment_writer_save(change->writer, name, &file.n_bytes, file.checksum));
    segment_writer_destroy(change->writer);
    change->writer = NULL;
    return ARRAY_PUSH(&change->index.files, file);
}

/* Which file index.json is; 0 if there is none. */
static ino_t index_identity(const store_change *change)
{
    char name[STORE_PATH_SIZE];
    struct stat info;
    const int is_there = store_index_path(change->path, name) == FEL_OK && stat(name, &info) == 0;
    return is_there ? info.st_ino : 0;
}

fel_status store_change_commit(store_change *change)
{
    FEL_TRY(store_change_flush(change));
    store_index_drop_files(&change->index);
    const ino_t before = index_identity(change);
    const fel_status status = store_index_save(&change->index, change->path);
    /* Even a save that failed may have come as far as the rename. */
    change->is_committed = status == FEL_OK || index_identity(change) != before;
    return status;
}

/* New files that the index does not name: all of them if nothing was committed. */
static void remove_unnamed(const store_change *change)
{
    char name[STORE_PATH_SIZE];
    for (uint32_t f = change->first_new_file; f < change->index.next_file; f++) {
        const int is_named = change->is_committed && store_index_file(&change->index, f) != NULL;
        if (!is_named && store_segment_path(change->path, f, name) == FEL_OK) {
            (void)unlink(name);
        }
    }
}

/* A store that was to be made and was not: its folders go if they are empty. */
static void remove_folder(const store_change *change)
{
    char name[STORE_PATH_SIZE + 16];
    (void)snprintf(name, sizeof(name), "%s/segments", change->path);
    if (rmdir(name) == 0) {
        (void)snprintf(name, sizeof(name), "%s/lock", change->path);
        (void)unlink(name);
        (void)rmdir(change->path);
    }
}

void store_change_end(store_change *change)
{
    segment_writer_destroy(change->writer);
    if (change->lock != 0) {
        if (change->first_new_file != 0) {
            remove_unnamed(change);
        }
        if (change->is_new && !change->is_committed) {
            remove_folder(change);
        }
        (void)close(change->lock - 1); /* gives the lock back */
    }
    store_index_clear(&change->index);
    memset(change, 0, sizeof(*change));
}
