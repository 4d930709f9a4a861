/* sim/chain_source.c - the bytes of a chain's file, unpacked by libarchive where they are packed.
 *
 * A chain is small: it is read as a whole, up to a size that no chain has. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/chain_internal.h"

enum { BLOCK_BYTES = 1 << 16, MAX_BYTES = 1 << 28 };

static fel_status raise_archive(struct archive *archive, const char *path)
{
    char text[160] = "damaged or cut short";
    if (archive_error_string(archive) != NULL) {
        (void)snprintf(text, sizeof(text), "%s", archive_error_string(archive));
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: cannot read: %s", path, text);
}

/* Doubling, so that *bytes has room for `more` and a terminator. */
static fel_status make_room(char **bytes, size_t *capacity, size_t n, const char *path)
{
    if (n + BLOCK_BYTES < *capacity) {
        return FEL_OK;
    }
    const size_t larger = 2 * *capacity + 2 * (size_t)BLOCK_BYTES;
    char *grown = larger > 2 * (size_t)MAX_BYTES ? NULL : realloc(*bytes, larger);
    if (grown == NULL) {
        return larger > 2 * (size_t)MAX_BYTES
                   ? FEL_RAISE(FEL_ERR_RANGE, "%s: larger than 256 MiB: not a chain", path)
                   : FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
    }
    *bytes = grown;
    *capacity = larger;
    return FEL_OK;
}

static fel_status read_all(struct archive *archive, const char *path, char **bytes, size_t *size)
{
    size_t capacity = 0, n = 0;
    for (;;) {
        FEL_TRY(make_room(bytes, &capacity, n, path));
        const ssize_t got = archive_read_data(archive, *bytes + n, BLOCK_BYTES);
        if (got < 0) {
            return raise_archive(archive, path);
        }
        if (got == 0) {
            break;
        }
        n += (size_t)got;
    }
    (*bytes)[n] = '\0';
    *size = n;
    return FEL_OK;
}

/* libarchive's words for a missing file are long; and a folder it would read as an archive. */
static fel_status check_file(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s", path, strerror(errno));
    }
    return S_ISDIR(info.st_mode)
               ? FEL_RAISE(FEL_ERR_IO, "%s: is a folder, not a chain of options", path)
               : FEL_OK;
}

static fel_status open_entry(struct archive *archive, const char *path, int *is_empty)
{
    struct archive_entry *entry = NULL;
    (void)archive_read_support_filter_all(archive);
    (void)archive_read_support_format_raw(archive);
    (void)archive_read_support_format_empty(archive);
    (void)archive_read_support_format_zip(archive);
    if (archive_read_open_filename(archive, path, BLOCK_BYTES) != ARCHIVE_OK) {
        return raise_archive(archive, path);
    }
    const int code = archive_read_next_header(archive, &entry);
    *is_empty = code == ARCHIVE_EOF;
    return code == ARCHIVE_OK || code == ARCHIVE_WARN || *is_empty ? FEL_OK
                                                                   : raise_archive(archive, path);
}

fel_status chain_source_read(const char *path, char **bytes, size_t *size)
{
    char *all = NULL;
    int is_empty = 0;
    FEL_TRY(check_file(path));
    struct archive *archive = archive_read_new();
    if (archive == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
    }
    fel_status status = open_entry(archive, path, &is_empty);
    if (status == FEL_OK && is_empty) {
        status = FEL_RAISE(FEL_ERR_FORMAT, "%s: is empty", path);
    }
    if (status == FEL_OK) {
        status = read_all(archive, path, &all, size);
    }
    (void)archive_read_free(archive);
    if (status != FEL_OK) {
        free(all);
        return status;
    }
    *bytes = all;
    return FEL_OK;
}
