/* study/study_market.c - the rows with `simulate` as one market, and its paths as data. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

typedef struct market_parts {
    const fel_study *study;
    fel_path_market market;
    fel_process *assets;
    size_t *asset_rows; /* row of `data` of each asset */
    fel_listing *listings;
    int64_t *open_ns, *close_ns;
} market_parts;

static tree_mark mark_of(const fel_study *study, const char *key)
{
    const tree_node *map = tree_child(study->root, "simulation");
    const tree_node *child = map != NULL && map->kind == TREE_MAP ? tree_child(map, key) : NULL;
    return child != NULL ? child->mark : map != NULL ? map->mark : study->root->mark;
}

static tree_mark mark_of_row(const fel_study *study, size_t row)
{
    const tree_node *node = tree_child(study->root, "data")->first;
    for (; row > 0; row--) {
        node = node->next;
    }
    return node->mark;
}

/* ---- dates ----------------------------------------------------------------------------------- */

/* "14:30" as ns after midnight; -1 if it is none. */
static int64_t clock_time(const char *text)
{
    for (int i = 0; i < 5; i++) {
        if (i == 2 ? text[i] != ':' : (text[i] < '0' || text[i] > '9')) {
            return -1;
        }
    }
    const int64_t hours = 10 * (text[0] - '0') + (text[1] - '0');
    const int64_t minutes = 10 * (text[3] - '0') + (text[4] - '0');
    const int64_t ns = hours * FEL_NS_PER_HOUR + minutes * FEL_NS_PER_MINUTE;
    return minutes < 60 && ns <= FEL_NS_PER_DAY ? ns : -1;
}

/* A session that ends before it begins ends on the next day. */
static fel_status read_session(const fel_study *study, fel_path_calendar *calendar)
{
    const char *text = study->values.simulation.session;
    if (text == NULL) {
        return FEL_OK;
    }
    const int is_long = strlen(text) == 11 && text[5] == '-';
    const int64_t open = is_long ? clock_time(text) : -1;
    const int64_t close = is_long ? clock_time(text + 6) : -1;
    if (open < 0 || close < 0 || open == FEL_NS_PER_DAY) {
        return schema_raise(FEL_ERR_FORMAT, mark_of(study, "session"), "simulation.session",
                            "\"%.32s\" is not a session such as 14:30-21:00", text);
    }
    calendar->session_open_ns = open;
    calendar->session_ns = close > open ? close - open : close - open + FEL_NS_PER_DAY;
    return FEL_OK;
}

static fel_status count_bars(const fel_study *study, fel_path_calendar *calendar)
{
    const study_simulation *s = &study->values.simulation;
    double bars_per_year = 0.0;
    calendar->n_bars = 1;
    if (fel_path_calendar_rate(calendar, &bars_per_year) != FEL_OK) {
        return schema_raise_again(mark_of(study, "frequency"));
    }
    const double bars = s->bars != INT64_MIN
                            ? (double)s->bars
                            : rint((isnan(s->years) ? 1.0 : s->years) * bars_per_year);
    if (!(bars >= 1.0) || bars > 1e6) {
        return schema_raise(FEL_ERR_RANGE, mark_of(study, "years"), "simulation.years",
                            "%.0f bars; a path has 1 to 1000000", bars);
    }
    calendar->n_bars = (size_t)bars;
    return FEL_OK;
}

static fel_status make_calendar(const fel_study *study, fel_path_calendar *out)
{
    const study_simulation *s = &study->values.simulation;
    *out = fel_path_calendar_default();
    out->days = (fel_path_days)s->days;
    out->start_ns = s->start_ns != INT64_MIN ? s->start_ns : out->start_ns;
    out->length_ns = s->frequency_ns;
    FEL_TRY(read_session(study, out));
    return count_bars(study, out);
}

/* ---- what is listed -------------------------------------------------------------------------- */

/* The asset with this symbol; n_assets if there is none. */
static size_t find_asset(const market_parts *p, const char *symbol)
{
    const study_data *rows = p->study->values.data.items;
    size_t i = 0;
    while (i < p->market.n_assets && strcmp(rows[p->asset_rows[i]].symbol, symbol) != 0) {
        i++;
    }
    return i;
}

static fel_status add_asset(market_parts *p, size_t row, fel_listing *listing)
{
    const study_data *data = (const study_data *)p->study->values.data.items + row;
    const size_t n = p->market.n_assets++;
    p->asset_rows[n] = row;
    listing->asset = (uint32_t)n;
    return fel_process_make(&p->assets[n], data->process, data->process_params) == FEL_OK
               ? FEL_OK
               : schema_raise_again(mark_of_row(p->study, row));
}

/* The last bar that is known by the option's expiry. */
static fel_status place_expiry(const market_parts *p, size_t row, const study_option *option,
                               fel_listing *listing)
{
    const size_t n = p->market.calendar.n_bars;
    size_t n_known = 0;
    if (option->expiry_bars != INT64_MIN) {
        n_known = (size_t)option->expiry_bars;
    } else if (option->expiry_ns >= p->close_ns[n - 1] + 7 * FEL_NS_PER_DAY) {
        n_known = n + 1;
    } else {
        while (n_known < n && p->close_ns[n_known] <= option->expiry_ns) {
            n_known++;
        }
    }
    if (n_known == 0 || n_known > n) {
        return schema_raise(FEL_ERR_RANGE, mark_of_row(p->study, row), "data.option",
                            "expires outside the %zu simulated bars", n);
    }
    listing->expiry_bar = n_known - 1;
    return FEL_OK;
}

static fel_status add_derivative(const market_parts *p, size_t row, fel_listing *listing)
{
    const study_data *data = (const study_data *)p->study->values.data.items + row;
    const int is_swap = data->underlying != NULL;
    const char *symbol = is_swap ? data->underlying : data->option.underlying;
    const size_t asset = find_asset(p, symbol);
    listing->kind = is_swap ? FEL_LISTED_VARIANCE_SWAP : FEL_LISTED_OPTION;
    listing->asset = (uint32_t)asset;
    if (asset == p->market.n_assets) {
        return schema_raise(FEL_ERR_ARG, mark_of_row(p->study, row),
                            is_swap ? "data.underlying" : "data.option.underlying",
                            "no simulated process \"%s\" above this row", symbol);
    }
    if (is_swap) {
        listing->instrument.kind = FEL_INDEX;
        return FEL_OK;
    }
    listing->instrument.right = data->option.right == 0 ? FEL_CALL : FEL_PUT;
    listing->instrument.strike = data->option.strike;
    return place_expiry(p, row, &data->option, listing);
}

static fel_status list_row(market_parts *p, size_t row)
{
    const study_data *data = (const study_data *)p->study->values.data.items + row;
    fel_listing *listing = &p->listings[p->market.n_listings++];
    const fel_series_info info = fel_series_info_default(FEL_DATA_BAR, data->symbol);
    listing->instrument = info.instrument;
    return data->process != NULL ? add_asset(p, row, listing) : add_derivative(p, row, listing);
}

/* ---- the source ------------------------------------------------------------------------------ */

static void take_settings(market_parts *p)
{
    const study_values *v = &p->study->values;
    const study_simulation *s = &v->simulation;
    fel_path_market *m = &p->market;
    m->rows = (fel_path_rows)s->rows;
    m->assets = p->assets;
    m->listings = p->listings;
    m->correlation = s->correlation.values;
    m->n_correlated = s->correlation.n;
    m->scheme = (fel_scheme)s->scheme;
    m->steps_per_bar = (size_t)s->steps_per_bar;
    m->substeps = (size_t)s->substeps;
    m->overnight_steps = (size_t)s->overnight_steps;
    m->half_spread_bps = s->half_spread_bps;
    m->seed = (uint64_t)v->seed;
    m->has_drift = !isnan(s->drift_per_year);
    m->drift_per_year = m->has_drift ? s->drift_per_year : 0.0;
}

/* Sizes are checked by the source before it allocates; these lists are as long as the study. */
static fel_status gather(market_parts *p, arena *memory)
{
    const study_values *v = &p->study->values;
    const size_t n = v->data.n;
    if (n > (size_t)FEL_PATH_MAX_ASSETS * 64) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu simulated rows: too many", n);
    }
    p->market = fel_path_market_default();
    FEL_TRY(make_calendar(p->study, &p->market.calendar));
    const size_t n_bars = p->market.calendar.n_bars;
    p->assets = arena_array(memory, n, sizeof(*p->assets));
    p->asset_rows = arena_array(memory, n, sizeof(*p->asset_rows));
    p->listings = arena_array(memory, n, sizeof(*p->listings));
    p->open_ns = arena_array(memory, n_bars, sizeof(int64_t));
    p->close_ns = arena_array(memory, n_bars, sizeof(int64_t));
    if (p->assets == NULL || p->asset_rows == NULL || p->listings == NULL || p->open_ns == NULL ||
        p->close_ns == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a simulated market");
    }
    if (fel_path_calendar_dates(&p->market.calendar, p->open_ns, p->close_ns) != FEL_OK) {
        return schema_raise_again(mark_of(p->study, "start"));
    }
    for (size_t i = 0; i < n; i++) {
        FEL_TRY(list_row(p, i));
    }
    take_settings(p);
    return FEL_OK;
}

fel_status market_source(fel_path_source **out, const fel_study *study, arena *memory)
{
    market_parts p = {.study = study};
    FEL_TRY(gather(&p, memory));
    return fel_path_source_simulated(out, &p.market) == FEL_OK
               ? FEL_OK
               : schema_raise_again(mark_of(study, "correlation"));
}

/* ---- data ------------------------------------------------------------------------------------ */

/* The path that stands for all where one is needed. */
static uint64_t path_of(const fel_study *study)
{
    const int64_t path = study->values.monte_carlo.path;
    return path != INT64_MIN ? (uint64_t)path : 0;
}

/* One path's series; the caller frees the list and what is left in it. */
static fel_status make_series(const fel_path_source *source, uint64_t path, fel_series ***out)
{
    fel_series **list = calloc(fel_path_source_count(source) + 1, sizeof(fel_series *));
    if (list == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a path");
    }
    const fel_status status = fel_path_source_series(source, path, list);
    if (status != FEL_OK) {
        free(list);
        return status;
    }
    *out = list;
    return FEL_OK;
}

static void destroy_series(fel_series **list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        fel_series_destroy(list[i]);
    }
    free(list);
}

/* Expiries are the market's: the study may have given them in bars. */
static fel_status append_path(dataset *data, const fel_study *study, fel_series **list)
{
    for (size_t i = 0; i < fel_path_source_count(data->paths); i++) {
        dataset_item item = {.info = *fel_path_source_describe(data->paths, i),
                             .series = list[i],
                             .data_index = i,
                             .n_rows = fel_path_source_rows(data->paths, i)};
        const int64_t expiry_ns = item.info.instrument.expiry_ns;
        FEL_TRY(dataset_place(data, study, &item));
        list[i] = NULL;
        FEL_TRY(dataset_append(data, study, &item));
        data->list.items[data->list.n - 1].info.instrument.expiry_ns = expiry_ns;
    }
    return FEL_OK;
}

fel_status dataset_add_market(dataset *data, const fel_study *study)
{
    fel_series **list = NULL;
    FEL_TRY(market_source(&data->paths, study, &data->memory));
    fel_path_source_watch(data->paths, data->stop_flag);
    FEL_TRY(make_series(data->paths, path_of(study), &list));
    const fel_status status = append_path(data, study, list);
    destroy_series(list, fel_path_source_count(data->paths));
    return status;
}

/* ---- resampled data -------------------------------------------------------------------------- */

static fel_status list_bars(const dataset *data, const fel_study *study, const fel_series **list)
{
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        if (item->info.kind == FEL_DATA_ACTION) {
            return schema_raise(FEL_ERR_ARG, mark_of_row(study, item->data_index), "bootstrap",
                                "%s has splits or dividends, which cannot be drawn again: use "
                                "prices that are adjusted for both",
                                item->info.instrument.symbol);
        }
        list[i] = item->series;
    }
    return FEL_OK;
}

static fel_status draw_source(dataset *data, const fel_study *study, const fel_series **list)
{
    const study_bootstrap *b = &study->values.bootstrap;
    fel_bootstrap how = fel_bootstrap_default();
    FEL_TRY(list_bars(data, study, list));
    how.method = (fel_bootstrap_method)b->method;
    how.block_bars = b->block_bars;
    how.seed = (uint64_t)study->values.seed;
    how.n_bars = b->bars != INT64_MIN ? (size_t)b->bars : 0;
    how.series = list;
    how.n_series = data->list.n;
    return fel_path_source_bootstrapped(&data->paths, &how) == FEL_OK
               ? FEL_OK
               : schema_raise_again(tree_child(study->root, "bootstrap")->mark);
}

/* The drawn path in place of what was read. */
static fel_status replace_series(dataset *data, const fel_study *study)
{
    fel_series **list = NULL;
    FEL_TRY(make_series(data->paths, path_of(study), &list));
    data->n_rows = 0;
    for (size_t i = 0; i < data->list.n; i++) {
        dataset_item *item = &data->list.items[i];
        fel_series_destroy(item->series);
        item->series = list[i];
        item->store = NULL;
        item->info = *fel_path_source_describe(data->paths, i);
        item->n_rows = fel_path_source_rows(data->paths, i);
        item->window.to_ns = FEL_TIME_MAX;
        data->n_rows += item->n_rows;
    }
    free(list);
    data->window.to_ns = FEL_TIME_MAX; /* a path may be longer than what it is drawn from */
    return FEL_OK;
}

fel_status dataset_draw_again(dataset *data, const fel_study *study)
{
    const fel_series **list = calloc(data->list.n + 1, sizeof(fel_series *));
    if (list == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu series", data->list.n);
    }
    const fel_status status = draw_source(data, study, list);
    free(list);
    if (status == FEL_OK) {
        fel_path_source_watch(data->paths, data->stop_flag);
    }
    return status == FEL_OK ? replace_series(data, study) : status;
}
