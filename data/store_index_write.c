/* data/store_index_write.c - index.json from the index in memory. */
#include <jansson.h>
#include <stdlib.h>

#include "data/store_internal.h"

/* Takes over the value; false if there is none, or no memory. */
static int push(json_t *list, json_t *value)
{
    return value != NULL && json_array_append_new(list, value) == 0;
}

/* The list, or NULL if not all of it could be made. */
static json_t *whole(json_t *list, int ok)
{
    if (!ok) {
        json_decref(list);
    }
    return ok ? list : NULL;
}

static json_t *file_name(uint32_t number)
{
    return json_sprintf("%06u.h5", (unsigned)number);
}

static json_t *part_json(const store_part *p)
{
    return json_pack("{s:o,s:I,s:b,s:I,s:I,s:I,s:I}", "file", file_name(p->file), "group",
                     (json_int_t)p->group, "open_time", p->has_open, "rows", (json_int_t)p->n_rows,
                     "bytes", (json_int_t)p->n_bytes, "first_ns", (json_int_t)p->first_ns,
                     "last_ns", (json_int_t)p->last_ns);
}

static json_t *instrument_json(const fel_instrument *i)
{
    const char *right = i->right == FEL_CALL ? "call" : i->right == FEL_PUT ? "put" : "none";
    return json_pack("{s:s,s:s,s:f,s:f,s:f,s:s,s:f,s:I,s:I}", "kind",
                     store_instrument_word(i->kind), "currency", i->currency, "ticks_per_unit",
                     i->ticks_per_unit, "lot", i->lot, "multiplier", i->multiplier, "right", right,
                     "strike", i->strike, "expiry_ns", (json_int_t)i->expiry_ns, "underlying",
                     (json_int_t)i->underlying);
}

static json_t *columns_json(const fel_series_info *info)
{
    json_t *list = json_array();
    int ok = list != NULL;
    for (uint32_t c = 0; ok && c < info->n_columns; c++) {
        ok = push(list, json_string(info->columns[c]));
    }
    return whole(list, ok);
}

static json_t *sources_json(const store_series *s)
{
    json_t *list = json_array();
    int ok = list != NULL;
    for (size_t i = 0; ok && i < s->sources.n; i++) {
        ok = push(list, json_string(s->sources.items[i].text));
    }
    return whole(list, ok);
}

static json_t *parts_json(const store_series *s)
{
    json_t *list = json_array();
    int ok = list != NULL;
    for (size_t i = 0; ok && i < s->parts.n; i++) {
        ok = push(list, part_json(&s->parts.items[i]));
    }
    return whole(list, ok);
}

static json_t *series_json(const store_series *s)
{
    const fel_series_info *info = &s->info;
    return json_pack("{s:s,s:s,s:I,s:s,s:s,s:o,s:o,s:o,s:o}", "symbol", info->instrument.symbol,
                     "kind", store_kind_word(info->kind), "length_ns", (json_int_t)info->length_ns,
                     "adjustment", store_adjustment_word(info->adjustment), "zone", info->zone,
                     "instrument", instrument_json(&info->instrument), "columns",
                     columns_json(info), "sources", sources_json(s), "segments", parts_json(s));
}

static json_t *file_json(const store_file *f)
{
    return json_pack("{s:o,s:I,s:s}", "file", file_name(f->number), "bytes", (json_int_t)f->n_bytes,
                     "xxh3_128", f->checksum);
}

static json_t *index_json(const store_index *index)
{
    json_t *files = json_array(), *series = json_array();
    int ok = files != NULL && series != NULL;
    for (size_t i = 0; ok && i < index->files.n; i++) {
        ok = push(files, file_json(&index->files.items[i]));
    }
    for (size_t i = 0; ok && i < index->series.n; i++) {
        ok = push(series, series_json(&index->series.items[i]));
    }
    if (!ok) {
        json_decref(files);
        json_decref(series);
        return NULL;
    }
    return json_pack("{s:i,s:I,s:o,s:o}", "feller_store", STORE_SCHEMA, "next_file",
                     (json_int_t)index->next_file, "files", files, "series", series);
}

fel_status store_index_save(const store_index *index, const char *path)
{
    char name[STORE_PATH_SIZE];
    FEL_TRY(store_index_path(path, name));
    json_t *root = index_json(index);
    if (root == NULL) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: a series has a number that is not finite, a text that is not UTF-8, "
                         "or memory is out",
                         name);
    }
    /* json_dumps() may leave out a key when its buffer cannot grow; this way there is none to grow.
     */
    const size_t flags = JSON_INDENT(1) | JSON_REAL_PRECISION(17);
    const size_t size = json_dumpb(root, NULL, 0, flags);
    char *text = size > 0 ? malloc(size) : NULL;
    fel_status status = FEL_OK;
    if (text != NULL && json_dumpb(root, text, size, flags) == size) {
        status = write_whole_file(name, text, size);
    } else {
        status = FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for the index", name);
    }
    free(text);
    json_decref(root);
    return status;
}
