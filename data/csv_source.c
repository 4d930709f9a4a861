/* data/csv_source.c - the bytes of a file, unpacked by libarchive where its first bytes say so. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/core.h"
#include "data/csv_source_internal.h"

enum { MAGIC_SIZE = 6, ARCHIVE_BLOCK_BYTES = 1 << 16 };

struct csv_source {
    char *path;
    char entry[256]; /* name inside the archive; "" if none */
    int descriptor;  /* plain files; -1 else */
    int64_t file_bytes, read_bytes;
    struct archive *archive; /* packed files; NULL else */
    int is_empty;            /* a packed stream of no bytes */
    hasher *hash;            /* of a plain file's bytes as they are read */
    char hash_text[HASH_TEXT_SIZE];
};

/* What packed files begin with. */
typedef struct magic {
    const char *bytes;
    size_t size;
    int is_archive; /* holds named entries, not just a stream */
} magic;

static const magic magics[] = {
    {"\x1f\x8b", 2, 0},
    {"\x28\xb5\x2f\xfd", 4, 0},
    {"PK\x03\x04", 4, 1},
    {"PK\x05\x06", 4, 1},
    {"BZh", 3, 0},
    {"\xfd"
     "7zXZ",
     5, 0},
};

static const magic *find_magic(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
        if (size >= magics[i].size && memcmp(bytes, magics[i].bytes, magics[i].size) == 0) {
            return &magics[i];
        }
    }
    return NULL;
}

/* libarchive's words on one line. */
static fel_status raise_archive(const csv_source *s)
{
    char text[160] = "damaged or cut short";
    if (archive_error_string(s->archive) != NULL) {
        (void)snprintf(text, sizeof(text), "%s", archive_error_string(s->archive));
    }
    for (char *at = strchr(text, '\n'); at != NULL; at = strchr(at, '\n')) {
        *at = ' ';
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: cannot unpack: %s", s->path, text);
}

/* Folders and the shadow files that macOS adds are not data. */
static int is_data(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    return archive_entry_filetype(entry) == AE_IFREG && name != NULL &&
           strncmp(name, "__MACOSX/", 9) != 0;
}

static fel_status open_archive(csv_source *s, int has_entries)
{
    s->archive = archive_read_new();
    if (s->archive == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to unpack it", s->path);
    }
    (void)archive_read_support_filter_all(s->archive);
    (void)archive_read_support_format_empty(s->archive);
    (void)(has_entries ? archive_read_support_format_zip(s->archive)
                       : archive_read_support_format_raw(s->archive));
    return archive_read_open_filename(s->archive, s->path, ARCHIVE_BLOCK_BYTES) == ARCHIVE_OK
               ? FEL_OK
               : raise_archive(s);
}

/* Step to the next entry that holds data; *found is 0 at the end. */
static fel_status next_entry(csv_source *s, int *found)
{
    struct archive_entry *entry = NULL;
    for (;;) {
        const int code = archive_read_next_header(s->archive, &entry);
        if (code == ARCHIVE_EOF) {
            *found = 0;
            return FEL_OK;
        }
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN) {
            return raise_archive(s);
        }
        if (is_data(entry)) {
            const char *name = archive_entry_pathname(entry);
            (void)snprintf(s->entry, sizeof(s->entry), "%s", name != NULL ? name : "");
            *found = 1;
            return FEL_OK;
        }
    }
}

/* A zip must hold one file: which of several is meant is not ours to guess. */
static fel_status count_entries(csv_source *s)
{
    char first[sizeof(s->entry)] = "";
    int found = 0;
    size_t n = 0;
    FEL_TRY(open_archive(s, 1));
    FEL_TRY(next_entry(s, &found));
    for (; found; n++) {
        if (n == 0) {
            memcpy(first, s->entry, sizeof(first));
        }
        FEL_TRY(next_entry(s, &found));
    }
    (void)archive_read_free(s->archive);
    s->archive = NULL;
    return n == 1 ? FEL_OK
           : n == 0
               ? FEL_RAISE(FEL_ERR_FORMAT, "%s: the archive holds no file", s->path)
               : FEL_RAISE(FEL_ERR_FORMAT,
                           "%s: the archive holds %zu files (%s, %s, ...); unpack the one to read",
                           s->path, n, first, s->entry);
}

static fel_status open_packed(csv_source *s, int has_entries)
{
    int found = 0;
    if (has_entries) {
        FEL_TRY(count_entries(s));
    }
    FEL_TRY(open_archive(s, has_entries));
    FEL_TRY(next_entry(s, &found));
    if (!has_entries) {
        s->entry[0] = '\0';
    }
    s->is_empty = !found;
    return hash_file(s->path, s->hash_text);
}

static fel_status open_file(csv_source *s)
{
    struct stat info;
    s->descriptor = open(s->path, O_RDONLY | O_CLOEXEC);
    if (s->descriptor < 0 || fstat(s->descriptor, &info) != 0) {
        return FEL_RAISE(FEL_ERR_IO, "%s: cannot open: %s", s->path, strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        return FEL_RAISE(FEL_ERR_IO, "%s: is a folder, not a file", s->path);
    }
    s->file_bytes = info.st_size;
    unsigned char head[MAGIC_SIZE];
    const ssize_t n = S_ISREG(info.st_mode) ? pread(s->descriptor, head, sizeof(head), 0) : 0;
    const magic *packed = n > 0 ? find_magic(head, (size_t)n) : NULL;
    if (packed == NULL) {
        return hasher_create(&s->hash);
    }
    (void)close(s->descriptor);
    s->descriptor = -1;
    return open_packed(s, packed->is_archive);
}

fel_status csv_source_open(csv_source **out, const char *path)
{
    csv_source *s = calloc(1, sizeof(*s));
    if (s == NULL || (s->path = strdup(path)) == NULL) {
        free(s);
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory to open it", path);
    }
    s->descriptor = -1;
    const fel_status status = open_file(s);
    if (status != FEL_OK) {
        csv_source_close(s);
        return status;
    }
    *out = s;
    return FEL_OK;
}

void csv_source_close(csv_source *s)
{
    if (s == NULL) {
        return;
    }
    if (s->descriptor >= 0) {
        (void)close(s->descriptor);
    }
    (void)archive_read_free(s->archive);
    hasher_destroy(s->hash);
    free(s->path);
    free(s);
}

static fel_status read_some(csv_source *s, char *bytes, size_t size, size_t *n)
{
    ssize_t got = 0;
    if (s->is_empty) {
        got = 0;
    } else if (s->archive != NULL) {
        got = archive_read_data(s->archive, bytes, size);
        if (got < 0) {
            return raise_archive(s);
        }
    } else {
        do {
            got = read(s->descriptor, bytes, size);
        } while (got < 0 && errno == EINTR);
        if (got < 0) {
            return FEL_RAISE(FEL_ERR_IO, "%s: cannot read: %s", s->path, strerror(errno));
        }
        hasher_add(s->hash, bytes, (size_t)got);
    }
    s->read_bytes = s->archive != NULL ? archive_filter_bytes(s->archive, -1) : s->read_bytes + got;
    *n = (size_t)got;
    return FEL_OK;
}

fel_status csv_source_read(csv_source *s, char *bytes, size_t size, size_t *n)
{
    size_t total = 0, got = 1;
    while (total < size && got > 0) {
        FEL_TRY(read_some(s, bytes + total, size - total, &got));
        total += got;
    }
    *n = total;
    return FEL_OK;
}

double csv_source_size_bytes(const csv_source *s)
{
    return (double)s->file_bytes;
}

double csv_source_share(const csv_source *s)
{
    const double share = s->file_bytes > 0 ? (double)s->read_bytes / (double)s->file_bytes : 0.0;
    return share < 1.0 ? share : 1.0;
}

const char *csv_source_entry(const csv_source *s)
{
    return s->entry;
}

void csv_source_hash(const csv_source *s, char text[33])
{
    if (s->archive != NULL) {
        memcpy(text, s->hash_text, HASH_TEXT_SIZE);
    } else {
        hasher_text(s->hash, text);
    }
}
