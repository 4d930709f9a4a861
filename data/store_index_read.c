/* data/store_index_read.c - index.json into memory; whatever is not as this program writes it is an
 * error that names the file. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "data/store_internal.h"

static fel_status wrong(const char *name, const char *what)
{
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: not a sound index: %s", name, what);
}

static int put_text(char *to, size_t size, const char *text)
{
    const int length = snprintf(to, size, "%s", text);
    return length >= 0 && (size_t)length < size;
}

/* "000012.h5" */
static int parse_file_name(const char *text, uint32_t *number)
{
    char *end = NULL;
    const unsigned long value = strtoul(text, &end, 10);
    *number = (uint32_t)value;
    return end != text && value <= UINT32_MAX && strcmp(end, ".h5") == 0;
}

static int read_part(json_t *json, store_part *p)
{
    const char *file = NULL;
    json_int_t group, rows, bytes, first_ns, last_ns;
    if (json_unpack(json, "{s:s,s:I,s:b,s:I,s:I,s:I,s:I}", "file", &file, "group", &group,
                    "open_time", &p->has_open, "rows", &rows, "bytes", &bytes, "first_ns",
                    &first_ns, "last_ns", &last_ns) != 0) {
        return 0;
    }
    p->group = (uint32_t)group;
    p->n_rows = (uint64_t)rows;
    p->n_bytes = (uint64_t)bytes;
    p->first_ns = first_ns;
    p->last_ns = last_ns;
    return parse_file_name(file, &p->file) && group >= 0 && group <= UINT32_MAX && rows > 0 &&
           bytes >= 0 && first_ns <= last_ns;
}

static int read_instrument(json_t *json, fel_instrument *i)
{
    const char *kind = NULL, *currency = NULL, *right = NULL;
    json_int_t expiry_ns, underlying;
    if (json_unpack(json, "{s:s,s:s,s:F,s:F,s:F,s:s,s:F,s:I,s:I}", "kind", &kind, "currency",
                    &currency, "ticks_per_unit", &i->ticks_per_unit, "lot", &i->lot, "multiplier",
                    &i->multiplier, "right", &right, "strike", &i->strike, "expiry_ns", &expiry_ns,
                    "underlying", &underlying) != 0) {
        return 0;
    }
    const int code = store_instrument_find(kind);
    i->kind = (fel_instrument_kind)code;
    i->expiry_ns = expiry_ns;
    i->underlying = (uint32_t)underlying;
    if (strcmp(right, "none") != 0) {
        i->right = strcmp(right, "call") == 0 ? FEL_CALL : FEL_PUT;
    }
    return code >= 0 && put_text(i->currency, sizeof(i->currency), currency);
}

static int read_columns(json_t *list, fel_series_info *info)
{
    const size_t n = json_array_size(list);
    int ok = n <= FEL_MAX_COLUMNS;
    for (size_t c = 0; ok && c < n; c++) {
        const char *name = json_string_value(json_array_get(list, c));
        ok = name != NULL && put_text(info->columns[c], sizeof(info->columns[c]), name);
    }
    info->n_columns = (uint32_t)n;
    return ok;
}

static int read_info(json_t *json, fel_series_info *info)
{
    const char *symbol = NULL, *kind = NULL, *adjustment = NULL, *zone = NULL;
    json_int_t length_ns;
    json_t *instrument = NULL, *columns = NULL;
    if (json_unpack(json, "{s:s,s:s,s:I,s:s,s:s,s:o,s:o}", "symbol", &symbol, "kind", &kind,
                    "length_ns", &length_ns, "adjustment", &adjustment, "zone", &zone, "instrument",
                    &instrument, "columns", &columns) != 0) {
        return 0;
    }
    const int kind_code = store_kind_find(kind), state = store_adjustment_find(adjustment);
    info->kind = (fel_data_kind)kind_code;
    info->adjustment = (fel_adjustment)state;
    info->length_ns = length_ns;
    return kind_code > 0 && state >= 0 &&
           put_text(info->instrument.symbol, sizeof(info->instrument.symbol), symbol) &&
           put_text(info->zone, sizeof(info->zone), zone) &&
           read_instrument(instrument, &info->instrument) && read_columns(columns, info);
}

static fel_status read_parts(json_t *list, store_index *index, store_series *s, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        store_part part;
        if (!read_part(json_array_get(list, i), &part)) {
            return wrong(name, "a segment of a series cannot be read");
        }
        const size_t n = s->parts.n;
        if (n > 0 && part.first_ns < s->parts.items[n - 1].last_ns) {
            return wrong(name, "the segments of a series are out of order");
        }
        if (store_index_file(index, part.file) == NULL) {
            return wrong(name, "a series is in a file that is not listed");
        }
        FEL_TRY(ARRAY_PUSH(&s->parts, part));
    }
    return FEL_OK;
}

static fel_status read_series(json_t *json, store_index *index, const char *name)
{
    fel_series_info info;
    memset(&info, 0, sizeof(info));
    if (!read_info(json, &info)) {
        return wrong(name, "what a series is cannot be read");
    }
    size_t at = 0;
    FEL_TRY(store_index_add(index, &info, &at));
    store_series *s = &index->series.items[at];
    json_t *sources = json_object_get(json, "sources");
    for (size_t i = 0; i < json_array_size(sources); i++) {
        const char *hash = json_string_value(json_array_get(sources, i));
        if (hash == NULL) {
            return wrong(name, "the source hashes of a series cannot be read");
        }
        FEL_TRY(store_series_add_source(s, hash));
    }
    FEL_TRY(read_parts(json_object_get(json, "segments"), index, s, name));
    return store_series_sum_sources(s);
}

static fel_status read_file(json_t *json, store_index *index, const char *name)
{
    const char *file = NULL, *checksum = NULL;
    json_int_t bytes = -1;
    store_file f;
    memset(&f, 0, sizeof(f));
    if (json_unpack(json, "{s:s,s:I,s:s}", "file", &file, "bytes", &bytes, "xxh3_128", &checksum) !=
            0 ||
        bytes < 0 || !parse_file_name(file, &f.number) ||
        strlen(checksum) + 1 != sizeof(f.checksum) ||
        !put_text(f.checksum, sizeof(f.checksum), checksum)) {
        return wrong(name, "a segment file cannot be read");
    }
    f.n_bytes = (uint64_t)bytes;
    if (index->files.n > 0 && index->files.items[index->files.n - 1].number >= f.number) {
        return wrong(name, "its segment files are out of order");
    }
    return ARRAY_PUSH(&index->files, f);
}

static fel_status read_root(json_t *root, store_index *index, const char *name)
{
    json_t *files = NULL, *series = NULL;
    json_int_t next_file = -1;
    const json_t *schema = json_object_get(root, "feller_store");
    if (!json_is_integer(schema)) {
        return wrong(name, "it has no schema number 'feller_store'");
    }
    if (json_integer_value(schema) != STORE_SCHEMA) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: store schema %lld is unknown: this program reads schema %d", name,
                         (long long)json_integer_value(schema), STORE_SCHEMA);
    }
    if (json_unpack(root, "{s:I,s:o,s:o}", "next_file", &next_file, "files", &files, "series",
                    &series) != 0 ||
        next_file < 0 || next_file > UINT32_MAX) {
        return wrong(name, "its lists of files and series are missing");
    }
    index->next_file = (uint32_t)next_file;
    for (size_t i = 0; i < json_array_size(files); i++) {
        FEL_TRY(read_file(json_array_get(files, i), index, name));
    }
    for (size_t i = 0; i < json_array_size(series); i++) {
        FEL_TRY(read_series(json_array_get(series, i), index, name));
    }
    return FEL_OK;
}

fel_status store_index_load(store_index *out, const char *path)
{
    char name[STORE_PATH_SIZE];
    json_error_t error;
    FEL_TRY(store_index_path(path, name));
    FILE *stream = fopen(name, "re");
    if (stream == NULL) {
        const int is_absent = errno == ENOENT || errno == ENOTDIR;
        return FEL_RAISE(is_absent ? FEL_ERR_NOTFOUND : FEL_ERR_IO, "%s: no store here: %s", path,
                         strerror(errno));
    }
    json_t *root = json_loadf(stream, JSON_REJECT_DUPLICATES, &error);
    (void)fclose(stream);
    if (root == NULL) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s:%d: not a sound index: %s", name, error.line,
                         error.text);
    }
    store_index index;
    memset(&index, 0, sizeof(index));
    const fel_status status = read_root(root, &index, name);
    json_decref(root);
    if (status != FEL_OK) {
        store_index_clear(&index);
        return status;
    }
    *out = index;
    return FEL_OK;
}
