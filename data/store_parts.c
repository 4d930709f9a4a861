/* data/store_parts.c - the parts of a series, opened one after the other, and pieces of their
 * columns. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "data/store_handle_internal.h"

/* Threads may verify one file at the same time: they do the same work and set the same mark. */
static fel_status verify(const char *name, store_file *file)
{
    char checksum[HASH_TEXT_SIZE];
    struct stat info;
    if (stat(name, &info) != 0) {
        return FEL_RAISE(FEL_ERR_IO,
                         "%s: a segment that the index names is not there: %s (was the store "
                         "compacted since it was opened?)",
                         name, strerror(errno));
    }
    if (__atomic_load_n(&file->is_verified, __ATOMIC_RELAXED)) {
        return FEL_OK;
    }
    if ((uint64_t)info.st_size != file->n_bytes) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: has %lld bytes, the index says %llu", name,
                         (long long)info.st_size, (unsigned long long)file->n_bytes);
    }
    FEL_TRY(hash_file(name, checksum));
    if (strcmp(checksum, file->checksum) != 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: damaged: its checksum is not the one in the index",
                         name);
    }
    __atomic_store_n(&file->is_verified, 1, __ATOMIC_RELAXED);
    return FEL_OK;
}

fel_status store_part_open(segment_reader **out, const store_place *place,
                           const store_series *series, const store_part *part)
{
    char name[STORE_PATH_SIZE];
    store_file *file = store_index_file(place->index, part->file);
    FEL_TRY(store_segment_path(place->path, part->file, name));
    if (file == NULL) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "%s: a part is in a file that is not listed", name);
    }
    FEL_TRY(verify(name, file));
    segment_reader *r = NULL;
    FEL_TRY(segment_reader_open(&r, name, part->group, &series->info, part->n_rows));
    const segment_shape shape = segment_reader_shape(r);
    int64_t first_ns, last_ns, unused;
    segment_reader_span(r, 0, &first_ns, &unused);
    segment_reader_span(r, shape.n_chunks - 1, &unused, &last_ns);
    if (first_ns != part->first_ns || last_ns != part->last_ns ||
        shape.has_open != part->has_open) {
        segment_reader_close(r);
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: %s: the index and the segment do not agree", name,
                         series->info.instrument.symbol);
    }
    *out = r;
    return FEL_OK;
}

void store_parts_between(const store_series *series, int64_t start_ns, int64_t end_ns,
                         size_t *first, size_t *end)
{
    size_t a = 0, b = series->parts.n;
    while (a < b && series->parts.items[a].last_ns < start_ns) {
        a++;
    }
    while (b > a && end_ns != FEL_TIME_MAX && series->parts.items[b - 1].first_ns >= end_ns) {
        b--;
    }
    *first = a;
    *end = b;
}

fel_status store_part_rows(const store_place *place, const store_series *series,
                           const store_part *part, int64_t start_ns, int64_t end_ns, size_t *first,
                           size_t *end)
{
    *first = 0;
    *end = (size_t)part->n_rows;
    const int cut_first = part->first_ns < start_ns;
    const int cut_end = end_ns != FEL_TIME_MAX && part->last_ns >= end_ns;
    if (!cut_first && !cut_end) {
        return FEL_OK;
    }
    segment_reader *reader = NULL;
    segment_work *work = NULL;
    fel_status status = segment_work_create(&work);
    if (status == FEL_OK) {
        status = store_part_open(&reader, place, series, part);
    }
    if (status == FEL_OK && cut_first) {
        status = segment_reader_row(reader, work, start_ns, first);
    }
    if (status == FEL_OK && cut_end) {
        status = segment_reader_row(reader, work, end_ns, end);
    }
    *end = *end < *first ? *first : *end;
    segment_reader_close(reader);
    segment_work_destroy(work);
    return status;
}

fel_status store_piece_read(const segment_reader *reader, segment_work *work, int64_t length_ns,
                            const store_piece *piece, codec_target to)
{
    const segment_shape shape = segment_reader_shape(reader);
    if (piece->lane < shape.n_lanes) {
        return segment_reader_read(reader, work, piece->lane, piece->chunk, piece->first,
                                   piece->end, to);
    }
    FEL_TRY(segment_reader_read(reader, work, 0, piece->chunk, piece->first, piece->end, to));
    for (size_t i = 0; i < piece->end - piece->first; i++) {
        to.instants[i] -= length_ns;
    }
    return FEL_OK;
}

fel_status store_works_create(store_works *out, int n_threads)
{
    out->n = (size_t)threads_count(n_threads);
    out->items = calloc(out->n, sizeof(segment_work *));
    fel_status status = FEL_OK;
    if (out->items == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu threads", out->n);
    }
    for (size_t t = 0; status == FEL_OK && t < out->n; t++) {
        status = segment_work_create(&out->items[t]);
    }
    if (status != FEL_OK) {
        store_works_destroy(out);
    }
    return status;
}

void store_works_destroy(store_works *works)
{
    for (size_t t = 0; works->items != NULL && t < works->n; t++) {
        segment_work_destroy(works->items[t]);
    }
    free(works->items);
    works->items = NULL;
    works->n = 0;
}
