/* study/study_source.c - one row of a study's `data`: from a CSV file or from a store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

/* The reader's message with the place in the study that led to it. */
static fel_status row_raise(const fel_study *study, size_t data_index, const char *key)
{
    const tree_node *row = tree_child(study->root, "data")->first;
    for (; data_index > 0; data_index--) {
        row = row->next;
    }
    const tree_node *child = tree_child(row, key);
    return schema_raise_again(child != NULL ? child->mark : row->mark);
}

static const char *keep_text(char *place, size_t size, const char *text)
{
    if (text != NULL) {
        (void)snprintf(place, size, "%s", text);
    }
    return place;
}

/* ---- one series ------------------------------------------------------------------------------ */

static void describe_option(fel_instrument *instrument, const study_option *option)
{
    instrument->kind = FEL_OPTION;
    instrument->right = option->right == 0 ? FEL_CALL : FEL_PUT;
    instrument->strike = option->strike;
    instrument->expiry_ns = option->expiry_ns;
    instrument->exercise = (fel_exercise)option->exercise;
    instrument->delivery = (fel_delivery)option->delivery;
}

/* What the study says goes before what the source says. */
static void describe(dataset_item *item, const study_data *row, const char *study_currency)
{
    fel_instrument *instrument = &item->info.instrument;
    if (row->kind >= 0) {
        instrument->kind = (fel_instrument_kind)row->kind;
    }
    if (row->adjustment >= 0) {
        item->info.adjustment = (fel_adjustment)row->adjustment;
    }
    if (row->ticks_per_unit >= 0.0) {
        instrument->ticks_per_unit = row->ticks_per_unit;
    }
    if (row->multiplier > 0.0) {
        instrument->multiplier = row->multiplier;
    }
    if (row->lot >= 0.0) {
        instrument->lot = row->lot;
    }
    if (row->expiry_ns != INT64_MIN) {
        instrument->expiry_ns = row->expiry_ns;
    }
    if (row->option.right >= 0) {
        describe_option(instrument, &row->option);
    }
    study_describe_margin(instrument, row);
    (void)keep_text(instrument->currency, sizeof(instrument->currency),
                    row->currency != NULL             ? row->currency
                    : instrument->currency[0] == '\0' ? study_currency
                                                      : NULL);
}

fel_status dataset_append(dataset *data, const fel_study *study, dataset_item *item)
{
    const study_data *rows = study->values.data.items;
    describe(item, &rows[item->data_index], study->values.currency);
    const fel_status status = ARRAY_PUSH(&data->list, *item);
    if (status != FEL_OK) {
        fel_series_destroy(item->series);
    }
    return status;
}

/* Files that several rows name are hashed once. */
fel_status dataset_add_input(dataset *data, const char *path, const char *note)
{
    dataset_input input = {.path = path, .note = note};
    for (size_t i = 0; i < data->inputs.n; i++) {
        if (strcmp(data->inputs.items[i].path, path) == 0) {
            return FEL_OK;
        }
    }
    FEL_TRY(hash_file(path, input.hash));
    return ARRAY_PUSH(&data->inputs, input);
}

/* ---- CSV ------------------------------------------------------------------------------------- */

static char delimiter_of(const char *text)
{
    if (text == NULL) {
        return '\0';
    }
    if (strcmp(text, "tab") == 0) {
        return '\t';
    }
    return *text;
}

/* "a,b": the columns as the reader wants them. */
static const char *join_words(arena *memory, const study_words *words)
{
    const char *joined = "";
    for (size_t i = 0; i < words->n && joined != NULL; i++) {
        joined = arena_printf(memory, "%s%s%s", joined, i == 0 ? "" : ",", words->items[i]);
    }
    return joined;
}

/* Notes are compared when a run is reproduced from elsewhere. */
static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static fel_csv_options csv_options(const study_data *row, const char *signal_columns)
{
    static const char *const stamps[] = {"open", "close"};
    static const char *const formats[] = {"ymd", "dmy", "mdy"};
    fel_csv_options o = fel_csv_options_default();
    o.bad_rows = (fel_bad_rows)row->bad_rows;
    (void)keep_text(o.layout, sizeof(o.layout), row->layout);
    (void)keep_text(o.symbol, sizeof(o.symbol), row->symbol);
    (void)keep_text(o.zone, sizeof(o.zone), row->zone);
    (void)keep_text(o.session, sizeof(o.session), row->session);
    (void)keep_text(o.map, sizeof(o.map), row->map);
    (void)keep_text(o.currency, sizeof(o.currency), row->currency);
    (void)keep_text(o.stamp, sizeof(o.stamp), row->stamp >= 0 ? stamps[row->stamp] : NULL);
    (void)keep_text(o.date_format, sizeof(o.date_format),
                    row->date_format >= 0 ? formats[row->date_format] : NULL);
    o.delimiter = delimiter_of(row->delimiter);
    o.allow_negative = row->allow_negative > 0;
    o.sort = row->sort > 0;
    o.adjustment = row->adjustment >= 0 ? (fel_adjustment)row->adjustment : o.adjustment;
    o.instrument_kind = row->kind >= 0 ? (fel_instrument_kind)row->kind : o.instrument_kind;
    o.ticks_per_unit = row->ticks_per_unit >= 0.0 ? row->ticks_per_unit : o.ticks_per_unit;
    o.length_ns = row->frequency_ns;
    o.signal_columns = signal_columns;
    return o;
}

/* The list's series become the dataset's one by one; what is left is destroyed by the caller. */
static fel_status take_series(dataset *data, const fel_study *study, size_t data_index,
                              fel_series_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        dataset_item item = {.info = *fel_series_describe(list->items[i]),
                             .series = list->items[i],
                             .data_index = data_index,
                             .n_rows = fel_series_rows(list->items[i]).n};
        FEL_TRY(dataset_place(data, study, &item));
        list->items[i] = NULL;
        FEL_TRY(dataset_append(data, study, &item));
    }
    return FEL_OK;
}

/* Rows left out are said on the report, and so are in the manifest's company. */
static fel_status note_quarantine(dataset *data, const char *path, const fel_csv_summary *summary,
                                  const char **note)
{
    if (summary->n_quarantined == 0) {
        return FEL_OK;
    }
    *note = arena_printf(&data->memory, "%s: %llu of %llu rows quarantined, the first: %s",
                         base_name(path), (unsigned long long)summary->n_quarantined,
                         (unsigned long long)summary->n_rows, summary->first_reason);
    return *note != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", path);
}

fel_status dataset_add_file(dataset *data, const fel_study *study, size_t data_index)
{
    const study_data *rows = study->values.data.items;
    const study_data *row = &rows[data_index];
    const char *columns = row->signals.n > 0 ? join_words(&data->memory, &row->signals) : NULL;
    if (row->signals.n > 0 && columns == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: out of memory", row->file);
    }
    const fel_csv_options options = csv_options(row, columns);
    fel_series_list list = {NULL, 0};
    fel_csv_summary summary;
    memset(&summary, 0, sizeof(summary));
    if (fel_csv_read(&list, row->file, &options, &summary) != FEL_OK) {
        return row_raise(study, data_index, "file");
    }
    const char *note = NULL;
    fel_status status = take_series(data, study, data_index, &list);
    if (status == FEL_OK) {
        status = note_quarantine(data, row->file, &summary, &note);
    }
    if (status == FEL_OK) {
        status = dataset_add_input(data, row->file, note);
    }
    fel_series_list_clear(&list);
    return status;
}

/* ---- store ----------------------------------------------------------------------------------- */

/* Each store is opened once, whatever the number of rows that name it. */
static fel_status open_store(dataset *data, const char *path, const fel_store **out)
{
    for (size_t k = 0; k < data->stores.n; k++) {
        if (strcmp(data->stores.items[k].path, path) == 0) {
            *out = data->stores.items[k].store;
            return FEL_OK;
        }
    }
    dataset_store opened = {NULL, path};
    FEL_TRY(fel_store_open(&opened.store, path));
    const fel_status status = ARRAY_PUSH(&data->stores, opened);
    if (status != FEL_OK) {
        fel_store_close(opened.store);
        return status;
    }
    *out = opened.store;
    return FEL_OK;
}

/* Does a row of the study mean this entry? Actions come with the bars of their symbol. */
static int is_wanted(const fel_store_entry *entry, const study_data *row)
{
    const fel_series_info *info = &entry->info;
    if (row->symbol != NULL && strcmp(info->instrument.symbol, row->symbol) != 0) {
        return 0;
    }
    if (row->signals.n > 0) {
        return info->kind == FEL_DATA_SIGNAL;
    }
    if (info->kind == FEL_DATA_BAR && row->frequency_ns > 0) {
        return info->length_ns == row->frequency_ns;
    }
    return info->kind != FEL_DATA_SIGNAL;
}

/* Into memory, or just where it is. */
static fel_status read_entry(dataset *data, const fel_study *study, const fel_store *store,
                             size_t entry, int is_streamed, dataset_item *item)
{
    const fel_store_entry *at = fel_store_entry_at(store, entry);
    item->info = at->info;
    item->store = store;
    item->entry = entry;
    item->n_rows = at->n_rows;
    FEL_TRY(dataset_place(data, study, item));
    if (is_streamed) {
        return FEL_OK;
    }
    const study_window *w = &item->window;
    const int64_t from = w->from_ns == FEL_TIME_MIN ? FEL_TIME_MIN : w->from_ns + 1;
    const int64_t to = w->to_ns == FEL_TIME_MAX ? FEL_TIME_MAX : w->to_ns + 1;
    FEL_TRY(fel_store_read(store, entry, from, to, &item->series));
    item->n_rows = fel_series_rows(item->series).n;
    return FEL_OK;
}

/* What the store has instead: rows of other lengths or kinds, or a name that is near. */
static fel_status raise_missing(const fel_study *study, size_t data_index, const fel_store *store)
{
    const study_data *rows = study->values.data.items;
    const study_data *row = &rows[data_index];
    const fel_data_kind kind = row->signals.n > 0 ? FEL_DATA_SIGNAL : FEL_DATA_BAR;
    size_t ignored = 0;
    if (row->symbol == NULL) {
        (void)FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no %s of any symbol", row->store,
                        kind == FEL_DATA_SIGNAL ? "signals" : "bars");
    } else if (fel_store_find(store, row->symbol, kind, row->frequency_ns, &ignored) == FEL_OK) {
        (void)FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no rows of %s", row->store, row->symbol);
    }
    return row_raise(study, data_index, row->symbol != NULL ? "symbol" : "store");
}

fel_status dataset_add_store(dataset *data, const fel_study *study, size_t data_index,
                             int is_streamed)
{
    const study_data *rows = study->values.data.items;
    const study_data *row = &rows[data_index];
    const fel_store *store = NULL;
    if (open_store(data, row->store, &store) != FEL_OK) {
        return row_raise(study, data_index, "store");
    }
    size_t n_found = 0;
    for (size_t i = 0; i < fel_store_count(store); i++) {
        if (!is_wanted(fel_store_entry_at(store, i), row)) {
            continue;
        }
        dataset_item item = {.data_index = data_index};
        FEL_TRY(read_entry(data, study, store, i, is_streamed, &item));
        n_found += item.info.kind == FEL_DATA_ACTION ? 0 : 1;
        FEL_TRY(dataset_append(data, study, &item));
    }
    return n_found > 0 ? FEL_OK : raise_missing(study, data_index, store);
}

fel_status dataset_store_bytes(dataset *data, const fel_study *study, uint64_t *n_bytes)
{
    const study_data *rows = study->values.data.items;
    uint64_t total = 0;
    for (size_t k = 0; k < study->values.data.n; k++) {
        const fel_store *store = NULL;
        if (rows[k].store == NULL) {
            continue;
        }
        if (open_store(data, rows[k].store, &store) != FEL_OK) {
            return row_raise(study, k, "store");
        }
        for (size_t i = 0; i < fel_store_count(store); i++) {
            const fel_store_entry *entry = fel_store_entry_at(store, i);
            if (is_wanted(entry, &rows[k])) {
                total += entry->n_rows * (entry->info.n_columns + 1) * sizeof(double);
            }
        }
    }
    *n_bytes = total;
    return FEL_OK;
}
