/* data/store_check.c - does every file hold what the index says, and every row what its kind
 * demands? */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "data/store_handle_internal.h"

/* Findings of one sort for one series that are listed one by one. */
enum { MOST_LISTED = 10 };

typedef struct findings {
    char *text;
    size_t size;
    FILE *stream;
    size_t n_broken;
    char first[400]; /* the first that is broken */
    int is_short_of_memory;
} findings;

static void note(findings *f, int is_broken, const char *format, ...) FEL_PRINTF(3, 4);

static void note(findings *f, int is_broken, const char *format, ...)
{
    char line[600];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    (void)fprintf(f->stream, "%s\n", line);
    if (is_broken && f->n_broken++ == 0) {
        (void)snprintf(f->first, sizeof(f->first), "%.399s", line);
    }
}

/* The failure of a call about a file or a series. Too little memory says nothing of the store. */
static void note_failure(findings *f, const char *what)
{
    if (fel_last_error()->status == FEL_ERR_NOMEM) {
        f->is_short_of_memory = 1;
    } else {
        note(f, 1, "%s%s%s", what, what[0] != '\0' ? ": " : "", fel_last_error()->message);
    }
}

static void check_file(findings *f, const fel_store *store, const store_file *file)
{
    char name[STORE_PATH_SIZE];
    char checksum[HASH_TEXT_SIZE];
    struct stat info;
    if (store_segment_path(store->path, file->number, name) != FEL_OK || stat(name, &info) != 0) {
        note(f, 1, "segments/%06u.h5: not there: %s", (unsigned)file->number, strerror(errno));
    } else if ((uint64_t)info.st_size != file->n_bytes) {
        note(f, 1, "segments/%06u.h5: has %lld bytes, the index says %llu", (unsigned)file->number,
             (long long)info.st_size, (unsigned long long)file->n_bytes);
    } else if (hash_file(name, checksum) != FEL_OK) {
        note_failure(f, "");
    } else if (strcmp(checksum, file->checksum) != 0) {
        note(f, 1, "segments/%06u.h5: its checksum is wrong", (unsigned)file->number);
    }
}

/* What is wrong with one row; NULL if nothing. */
typedef struct row_checks {
    const char *symbol;
    int64_t last_ns;
    uint64_t row, n_wrong;
} row_checks;

static const char *bar_fault(const fel_block *b, size_t i)
{
    const double open = b->columns[0][i], high = b->columns[1][i], low = b->columns[2][i],
                 close = b->columns[3][i], volume = b->columns[4][i];
    if (!isfinite(open) || !isfinite(high) || !isfinite(low) || !isfinite(close)) {
        return "a price is not a number";
    }
    if (low > open || low > close || low > high || high < open || high < close) {
        return "open or close is outside low to high";
    }
    if (volume < 0.0 || isinf(volume)) {
        return "the volume is negative or infinite";
    }
    return b->open_ns != NULL && b->open_ns[i] > b->time_ns[i] ? "it opens after it closes" : NULL;
}

static void check_block(findings *f, row_checks *r, fel_data_kind kind, const fel_block *b)
{
    for (size_t i = 0; i < b->n; i++, r->row++) {
        const char *fault = kind == FEL_DATA_BAR ? bar_fault(b, i) : NULL;
        if (r->row > 0 && b->time_ns[i] < r->last_ns) {
            fault = "its time is before that of the row before";
        }
        r->last_ns = b->time_ns[i];
        if (fault != NULL && r->n_wrong++ < MOST_LISTED) {
            char time[40];
            fel_time_format(b->time_ns[i], time, sizeof(time));
            note(f, 1, "%s: row %llu at %s: %s", r->symbol, (unsigned long long)r->row, time,
                 fault);
        }
    }
}

static void check_series(findings *f, const fel_store *store, size_t index)
{
    const fel_store_entry *entry = &store->entries[index];
    row_checks r = {.symbol = entry->info.instrument.symbol};
    fel_feed feed;
    fel_status status = fel_feed_of_store(&feed, store, index, FEL_TIME_MIN, FEL_TIME_MAX);
    if (status != FEL_OK) {
        note_failure(f, r.symbol);
        return;
    }
    fel_block block = {.n = 1};
    while (status == FEL_OK && block.n > 0) {
        status = feed.code->next(feed.self, &block);
        if (status == FEL_OK) {
            check_block(f, &r, entry->info.kind, &block);
        }
    }
    fel_feed_destroy(&feed);
    if (status != FEL_OK) {
        note_failure(f, r.symbol);
    } else if (r.row != entry->n_rows) {
        note(f, 1, "%s: %llu rows, the index says %llu", r.symbol, (unsigned long long)r.row,
             (unsigned long long)entry->n_rows);
    }
    if (r.n_wrong > MOST_LISTED) {
        note(f, 1, "%s: %llu more rows like these", r.symbol,
             (unsigned long long)(r.n_wrong - MOST_LISTED));
    }
}

typedef struct orphan_search {
    findings *findings;
    const fel_store *store;
} orphan_search;

static fel_status note_orphan(void *payload, const char *name)
{
    const orphan_search *o = payload;
    const uint32_t number = store_segment_number(name);
    if (number == 0 || store_index_file(o->store->index, number) == NULL) {
        note(o->findings, 0, "segments/%s: in no index; harmless, compact deletes it", name);
    }
    return FEL_OK;
}

static fel_status check_all(findings *f, const fel_store *store)
{
    char folder[STORE_PATH_SIZE + 16];
    for (size_t i = 0; i < store->index->files.n; i++) {
        check_file(f, store, &store->index->files.items[i]);
    }
    for (size_t s = 0; s < store->index->series.n; s++) {
        check_series(f, store, s);
    }
    orphan_search search = {f, store};
    (void)snprintf(folder, sizeof(folder), "%s/segments", store->path);
    return store_each_name(folder, note_orphan, &search);
}

fel_status fel_store_check(const char *path, char **report)
{
    fel_store *store = NULL;
    findings f;
    memset(&f, 0, sizeof(f));
    *report = NULL;
    FEL_TRY(fel_store_open(&store, path));
    f.stream = open_memstream(&f.text, &f.size);
    if (f.stream == NULL) {
        fel_store_close(store);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to check %s", path);
    }
    fel_status status = check_all(&f, store);
    fel_store_close(store);
    if ((fclose(f.stream) != 0 || f.is_short_of_memory) && status == FEL_OK) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory to check %s", path);
    }
    if (status != FEL_OK) {
        free(f.text);
        return status;
    }
    *report = f.text;
    if (f.n_broken > 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: %zu findings, the first: %s", path, f.n_broken,
                         f.first);
    }
    return FEL_OK;
}
