/* study/study_dataset.c - all series of a study, opened, cut to the study's dates, checked
 * together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

/* Above this the rows of a store are not all held in memory by a run that reads them only twice. */
#define STREAM_BYTES (UINT64_C(32) << 20)

void dataset_close(dataset *data)
{
    for (size_t i = 0; i < data->list.n; i++) {
        fel_series_destroy(data->list.items[i].series);
    }
    for (size_t i = 0; i < data->stores.n; i++) {
        fel_store_close(data->stores.items[i].store);
    }
    fel_path_source_destroy(data->paths);
    hedging_named_close(data->hedger);
    for (size_t i = 0; i < data->zones.n; i++) {
        fel_zone_destroy(data->zones.items[i].zone);
    }
    free(data->zones.items);
    free(data->warnings.items);
    free(data->list.items);
    free(data->inputs.items);
    free(data->stores.items);
    arena_free(&data->memory);
    memset(data, 0, sizeof(*data));
}

/* ---- instruments ----------------------------------------------------------------------------- */

/* The engine numbers instruments by the first source that names them. */
static int is_first_of_symbol(const dataset *data, size_t item)
{
    const char *symbol = data->list.items[item].info.instrument.symbol;
    for (size_t i = 0; i < item; i++) {
        if (strcmp(data->list.items[i].info.instrument.symbol, symbol) == 0) {
            return 0;
        }
    }
    return 1;
}

size_t dataset_count_instruments(const dataset *data)
{
    size_t n = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        n += is_first_of_symbol(data, i) ? 1 : 0;
    }
    return n;
}

size_t dataset_instrument(const dataset *data, const char *symbol)
{
    size_t index = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        if (!is_first_of_symbol(data, i)) {
            continue;
        }
        if (strcmp(data->list.items[i].info.instrument.symbol, symbol) == 0) {
            return index;
        }
        index++;
    }
    return index;
}

int dataset_is_held(const dataset_item *item, const fel_study *study)
{
    const study_data *rows = study->values.data.items;
    return item->info.kind != FEL_DATA_SIGNAL && item->info.instrument.kind != FEL_OPTION &&
           rows[item->data_index].underlying == NULL;
}

/* ---- cutting --------------------------------------------------------------------------------- */

/* Rows with a time at or before t. */
static size_t count_until(const int64_t *times, size_t n, int64_t t)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (times[middle] <= t) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Keep rows known in (from, to] of the series and of the study. What is cut off is gone: no chart
 * and no check can show it. */
static fel_status cut_item(dataset_item *item, const study_window *all)
{
    const study_window *own = &item->window;
    const int64_t from_ns = all->from_ns > own->from_ns ? all->from_ns : own->from_ns;
    const int64_t to_ns = all->to_ns < own->to_ns ? all->to_ns : own->to_ns;
    const fel_block rows = fel_series_rows(item->series);
    const size_t first = from_ns == FEL_TIME_MIN ? 0 : count_until(rows.time_ns, rows.n, from_ns);
    const size_t last = to_ns == FEL_TIME_MAX ? rows.n : count_until(rows.time_ns, rows.n, to_ns);
    item->n_rows = last > first ? last - first : 0;
    if (item->n_rows == rows.n) {
        return FEL_OK;
    }
    const double *columns[FEL_MAX_COLUMNS] = {NULL};
    for (size_t i = 0; i < rows.n_columns; i++) {
        columns[i] = rows.columns[i] + first;
    }
    const fel_block part = {item->n_rows, rows.n_columns, rows.time_ns + first,
                            rows.open_ns != NULL ? rows.open_ns + first : NULL, columns};
    fel_series *series = NULL;
    FEL_TRY(fel_series_create(&series, &item->info, &part));
    fel_series_destroy(item->series);
    item->series = series;
    return FEL_OK;
}

static fel_status cut_all(dataset *data)
{
    data->n_rows = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        dataset_item *item = &data->list.items[i];
        if (item->series != NULL) {
            FEL_TRY(cut_item(item, &data->window));
        }
        data->n_rows += item->info.kind == FEL_DATA_BAR ? item->n_rows : 0;
    }
    return FEL_OK;
}

/* ---- checks over all series ------------------------------------------------------------------ */

static tree_mark mark_of_row(const fel_study *study, size_t data_index)
{
    const tree_node *row = tree_child(study->root, "data")->first;
    for (; data_index > 0; data_index--) {
        row = row->next;
    }
    return row->mark;
}

/* Two series of bars for one instrument: which one would fill an order? */
static fel_status check_twice(const dataset *data, const fel_study *study, size_t item)
{
    const dataset_item *b = &data->list.items[item];
    for (size_t i = 0; i < item; i++) {
        const dataset_item *a = &data->list.items[i];
        if (a->info.kind == b->info.kind && a->info.kind != FEL_DATA_SIGNAL &&
            strcmp(a->info.instrument.symbol, b->info.instrument.symbol) == 0) {
            return schema_raise(
                FEL_ERR_ARG, mark_of_row(study, b->data_index), "data",
                "%s is loaded twice; frequency chooses among bar lengths of a store",
                b->info.instrument.symbol);
        }
    }
    return FEL_OK;
}

/* The underlying's number is known once everything is loaded. */
static fel_status link_option(dataset *data, const fel_study *study, dataset_item *item)
{
    const study_data *rows = study->values.data.items;
    const study_option *option = &rows[item->data_index].option;
    if (option->right < 0) {
        return FEL_OK;
    }
    const size_t index = dataset_instrument(data, option->underlying);
    if (index >= dataset_count_instruments(data)) {
        return schema_raise(FEL_ERR_ARG, mark_of_row(study, item->data_index),
                            "data.option.underlying", "no instrument \"%s\" in this study",
                            option->underlying);
    }
    item->info.instrument.underlying = (uint32_t)index;
    return FEL_OK;
}

static fel_status check_all(dataset *data, const fel_study *study)
{
    int has_prices = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        dataset_item *item = &data->list.items[i];
        FEL_TRY(check_twice(data, study, i));
        FEL_TRY(link_option(data, study, item));
        has_prices = has_prices || (fel_gives_prices(item->info.kind) && item->n_rows > 0);
    }
    if (!has_prices) {
        return schema_raise(FEL_ERR_ARG, tree_child(study->root, "data")->mark, "data",
                            "no bar, quote, trade or depth between the study's start and end");
    }
    return FEL_OK;
}

/* ---- opening --------------------------------------------------------------------------------- */

static fel_status add_rows(dataset *data, const fel_study *study)
{
    const study_data *rows = study->values.data.items;
    if (study_is_simulated(&study->values)) {
        return dataset_add_market(data, study);
    }
    for (size_t i = 0; i < study->values.data.n; i++) {
        FEL_TRY(rows[i].file != NULL ? dataset_add_file(data, study, i)
                                     : dataset_add_store(data, study, i, data->is_streamed));
    }
    return FEL_OK;
}

/* Bars of warm-up can be counted only once the bars are there. */
static fel_status place_warm_up(dataset *data, const fel_study *study)
{
    int64_t *times = NULL;
    size_t n = 0;
    FEL_TRY(dataset_clock(data, &times, &n));
    const study_clock clock = {times, n, data->zone};
    data->window.from_ns = clock_before(&clock, data->window.trade_ns, study->values.warm_up);
    free(times);
    return FEL_OK;
}

/* By the size that the rows would have in memory. */
static fel_status choose_streaming(dataset *data, const fel_study *study)
{
    uint64_t n_bytes = 0;
    FEL_TRY(dataset_store_bytes(data, study, &n_bytes));
    data->is_streamed = n_bytes > STREAM_BYTES;
    return FEL_OK;
}

/* Where all prices are bars of days of one zone, its smaller offset of the year: added to a
 * midnight of summer it stays within the day that ends there. */
static void find_day_offset(dataset *data)
{
    static const int64_t new_year_ns = 1577836800 * FEL_NS_PER_SECOND; /* of 2020 */
    static const int64_t july_ns = 1593561600 * FEL_NS_PER_SECOND;
    int is_daily = data->zone != NULL;
    for (size_t i = 0; i < data->list.n; i++) {
        const fel_series_info *info = &data->list.items[i].info;
        const int is_price = fel_gives_prices(info->kind);
        is_daily = is_daily && (!is_price || info->length_ns >= FEL_NS_PER_DAY);
    }
    if (is_daily) {
        const int64_t winter_ns = fel_zone_wall(data->zone, new_year_ns) - new_year_ns;
        const int64_t summer_ns = fel_zone_wall(data->zone, july_ns) - july_ns;
        data->day_offset_ns = winter_ns < summer_ns ? winter_ns : summer_ns;
    }
}

/* Dates first, then rows, then what only all rows together can say. */
static fel_status open_all(dataset *data, const fel_study *study, int may_stream)
{
    const study_values *v = &study->values;
    const int counts_bars = v->warm_up.unit == SPAN_BARS && v->warm_up.amount > 0;
    if (may_stream && !counts_bars && !study_is_bootstrapped(v)) {
        FEL_TRY(choose_streaming(data, study));
    }
    FEL_TRY(add_rows(data, study));
    dataset_join_windows(data);
    if (counts_bars) {
        FEL_TRY(place_warm_up(data, study));
    }
    FEL_TRY(cut_all(data));
    FEL_TRY(check_all(data, study));
    FEL_TRY(dataset_find_splits(data));
    find_day_offset(data);
    FEL_TRY(dataset_hash_stores(data, study));
    if (v->hedger.is_present) {
        FEL_TRY(dataset_add_input(data, v->hedger.study, NULL));
        FEL_TRY(v->hedger.policies != NULL ? dataset_add_input(data, v->hedger.policies, NULL)
                                           : FEL_OK);
        FEL_TRY(hedging_named_open(&data->hedger, study));
    }
    return study_is_bootstrapped(v) ? dataset_draw_again(data, study) : FEL_OK;
}

fel_status dataset_open_until(dataset *out, const fel_study *study, int use_holdout, int may_stream,
                              const volatile int *stop_flag)
{
    memset(out, 0, sizeof(*out));
    out->use_holdout = use_holdout;
    out->stop_flag = stop_flag;
    const fel_status status = open_all(out, study, may_stream);
    if (status != FEL_OK) {
        dataset_close(out);
    }
    return status;
}

fel_status dataset_open(dataset *out, const fel_study *study, int use_holdout, int may_stream)
{
    return dataset_open_until(out, study, use_holdout, may_stream, NULL);
}
