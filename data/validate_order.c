/* data/validate_order.c - rows against the rows before them: order, repeats, gaps; one after
 * another. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "data/csv_reader_internal.h"

enum { VOLUME = 4 };

static fel_status add_series(csv_reader *r, const fel_series_info *info)
{
    csv_series s = {.info = *info, .actions = -1};
    if (r->series.n >= UINT32_MAX) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: too many symbols", r->path);
    }
    FEL_TRY(array_reserve((void **)&r->series.items, &r->series.capacity, r->series.n, sizeof(s)));
    r->series.items[r->series.n++] = s;
    return FEL_OK;
}

static fel_series_info describe(const csv_reader *r, fel_data_kind kind, const char *symbol)
{
    fel_series_info info = fel_series_info_default(kind, symbol);
    const csv_plan *plan = &r->plan;
    info.instrument.kind = r->options.instrument_kind;
    info.instrument.ticks_per_unit = plan->ticks_per_unit;
    info.adjustment = plan->adjustment;
    (void)snprintf(info.instrument.currency, sizeof(info.instrument.currency), "%s",
                   r->options.currency[0] != '\0' ? r->options.currency : "USD");
    (void)snprintf(info.zone, sizeof(info.zone), "%s",
                   plan->zone_name[0] != '\0' ? plan->zone_name : "UTC");
    if (kind == FEL_DATA_BAR) {
        info.length_ns = plan->place.length_ns;
    }
    if (kind == FEL_DATA_SIGNAL) {
        info.n_columns = plan->n_columns;
        memcpy(info.columns, plan->columns, sizeof(info.columns));
    }
    return info;
}

/* The series of a symbol of this table, made when it is first met. */
static fel_status find_series(csv_reader *r, const csv_table *t, uint32_t local, uint32_t *series)
{
    const char *name =
        r->plan.column_of[ROLE_SYMBOL] == NO_COLUMN ? r->plan.symbol : t->symbols.names[local];
    uint32_t number = 0;
    FEL_TRY(symbol_list_number(&r->symbols, name, strlen(name), &number));
    if (number == r->series_of.n) {
        const fel_series_info info = describe(r, r->plan.kind, name);
        FEL_TRY(array_reserve((void **)&r->series_of.items, &r->series_of.capacity, number,
                              sizeof(uint32_t)));
        FEL_TRY(add_series(r, &info));
        r->series_of.items[r->series_of.n++] = (uint32_t)(r->series.n - 1);
    }
    *series = r->series_of.items[number];
    return FEL_OK;
}

/* ---- corporate actions
 * --------------------------------------------------------------------------- */

static fel_status add_action(csv_reader *r, uint32_t series, int64_t time_ns, fel_action_kind kind,
                             double value)
{
    if (r->plan.kind == FEL_DATA_ACTION) {
        r->series.items[series].actions = (int64_t)series;
    }
    if (r->series.items[series].actions < 0) {
        const fel_series_info info =
            describe(r, FEL_DATA_ACTION, r->series.items[series].info.instrument.symbol);
        FEL_TRY(add_series(r, &info));
        r->series.items[series].actions = (int64_t)r->series.n - 1;
    }
    FEL_TRY(array_reserve((void **)&r->actions.items, &r->actions.capacity, r->actions.n,
                          sizeof(csv_action)));
    r->actions.items[r->actions.n++] =
        (csv_action){.series = (size_t)r->series.items[series].actions,
                     .time_ns = time_ns,
                     .kind = (double)kind,
                     .value = value};
    return FEL_OK;
}

/* Factors are rounded: the fraction of small numbers that they mean. */
static double split_ratio(double ratio)
{
    for (int down = 1; down <= 40; down++) {
        const double up = rint(ratio * down);
        if (up >= 1.0 && fabs(up / down - ratio) <= 2e-5 * ratio) {
            return up / down;
        }
    }
    return ratio;
}

/* Vendors write "no split" as 0 or as 1. */
static fel_status take_actions(csv_reader *r, const csv_table *t, size_t row, uint32_t series)
{
    const double *splits = t->values[CSV_SPLIT], *dividends = t->values[CSV_DIVIDEND];
    const double *gains = t->values[CSV_GAIN];
    if (splits != NULL && splits[row] != 0.0 && splits[row] != 1.0) {
        FEL_TRY(add_action(r, series, t->open_ns[row], FEL_SPLIT, splits[row]));
    }
    if (dividends != NULL && dividends[row] != 0.0) {
        FEL_TRY(add_action(r, series, t->open_ns[row], FEL_DIVIDEND, dividends[row]));
    }
    if (gains != NULL && gains[row] != 0.0) {
        FEL_TRY(add_action(r, series, t->open_ns[row], FEL_DIVIDEND, gains[row]));
    }
    return FEL_OK;
}

/* Factors hold up to the end of their row's day: what has changed by the next row happens then. Of
 * a dividend: factor = next factor x (1 - dividend / close). */
static fel_status take_factors(csv_reader *r, const csv_table *t, size_t row, uint32_t series)
{
    const double *prices = t->values[CSV_PRICE_FACTOR], *splits = t->values[CSV_SPLIT_FACTOR];
    if (prices == NULL || splits == NULL) {
        return FEL_OK;
    }
    csv_factors *last = &r->series.items[series].factors;
    const int64_t then_ns = last->time_ns;
    const double paid = last->close * (1.0 - last->price / prices[row]);
    const double ratio = splits[row] / last->split;
    const int is_first = last->split == 0.0;
    *last = (csv_factors){.time_ns = t->close_ns[row],
                          .price = prices[row],
                          .split = splits[row],
                          .close = t->values[CSV_REFERENCE][row]};
    if (is_first) {
        return FEL_OK;
    }
    if (fabs(paid) > 1e-9) {
        FEL_TRY(add_action(r, series, then_ns, FEL_DIVIDEND, rint(paid * 1e6) / 1e6));
    }
    return fabs(ratio - 1.0) > 1e-9 ? add_action(r, series, then_ns, FEL_SPLIT, split_ratio(ratio))
                                    : FEL_OK;
}

/* ---- order
 * --------------------------------------------------------------------------------------- */

/* Is a Monday-to-Friday day strictly between two days? Monday is 0; 1970-01-01 was a Thursday. */
static int skips_weekday(int64_t before, int64_t after)
{
    if (after - before > 3) {
        return 1;
    }
    for (int64_t day = before + 1; day < after; day++) {
        if (((day + 3) % 7 + 7) % 7 < 5) {
            return 1;
        }
    }
    return 0;
}

static int is_gap(const csv_place *place, const csv_series *s, const csv_table *t, size_t row)
{
    if (place->unit == PLACE_INSTANT) {
        return t->open_ns[row] > s->last_close_ns;
    }
    if (place->unit == PLACE_DAYS && place->count == 1) {
        const int64_t before = time_day_of(s->last_wall_ns), after = time_day_of(t->wall_ns[row]);
        return after - before > 1 && (place->seven_days || skips_weekday(before, after));
    }
    return t->open_ns[row] - s->last_close_ns > place->length_ns / 2;
}

static fel_status blame_order(const csv_reader *r, csv_table *t, size_t row, const csv_series *s)
{
    char text[40];
    const int is_repeat = t->close_ns[row] == s->last_close_ns;
    fel_time_format(t->open_ns[row], text, sizeof(text));
    return csv_table_blame(t, row, r->plan.column_of[ROLE_TIME], text, strlen(text),
                           is_repeat
                               ? "repeats the time of row %llu"
                               : "is earlier than row %llu; if newest comes first, ask for sort",
                           (unsigned long long)s->last_line);
}

/* A wall clock that a clock change shows twice is first read as the first time; when that runs
 * backwards, the second is meant. */
static void try_second(const csv_place *place, csv_table *t, size_t row, const csv_series *s)
{
    if (place->unit != PLACE_INSTANT || zone_is_utc(place->zone)) {
        return;
    }
    const int64_t first_ns = place->at_end ? t->close_ns[row] : t->open_ns[row];
    const int64_t later_ns = csv_place_second(place, first_ns) - first_ns;
    if (t->close_ns[row] + later_ns > s->last_close_ns) {
        t->open_ns[row] += later_ns;
        t->close_ns[row] += later_ns;
    }
}

static fel_status check_order(csv_reader *r, csv_table *t, size_t row, csv_series *s)
{
    const csv_place *place = &r->plan.place;
    const fel_data_kind kind = r->plan.kind;
    const int may_repeat =
        kind == FEL_DATA_QUOTE || kind == FEL_DATA_TRADE || kind == FEL_DATA_DEPTH;
    if (t->close_ns[row] <= s->last_close_ns) {
        if (!r->plan.format.has_offset &&
            t->close_ns[row] + (may_repeat ? 1 : 0) <= s->last_close_ns) {
            try_second(place, t, row, s);
        }
        if (t->close_ns[row] < s->last_close_ns ||
            (t->close_ns[row] == s->last_close_ns && !may_repeat)) {
            return blame_order(r, t, row, s);
        }
    }
    if (r->plan.kind == FEL_DATA_BAR && is_gap(place, s, t, row)) {
        if (r->plan.no_gaps) {
            return csv_table_blame(t, row, r->plan.column_of[ROLE_TIME], "", 0,
                                   "leaves a gap after row %llu", (unsigned long long)s->last_line);
        }
        r->summary.n_gaps++;
    }
    return FEL_OK;
}

static fel_status order_row(csv_reader *r, csv_table *t, size_t row, uint32_t series)
{
    csv_series *s = &r->series.items[series];
    if (s->n > 0) {
        FEL_TRY(check_order(r, t, row, s));
        if (t->state[row] == ROW_BAD) {
            return FEL_OK;
        }
    }
    s->n++;
    s->last_line = t->first_line + t->line[row];
    s->last_wall_ns = t->wall_ns[row];
    s->last_close_ns = t->close_ns[row];
    if (t->state[row] == ROW_MISSING && r->plan.kind != FEL_DATA_ACTION) {
        r->summary.n_missing++;
    } else {
        r->summary.n_accepted++;
        r->summary.n_zero_volume +=
            r->plan.kind == FEL_DATA_BAR && t->values[VOLUME][row] == 0.0 ? 1 : 0;
    }
    FEL_TRY(take_factors(r, t, row, series));
    return take_actions(r, t, row, series);
}

fel_status csv_order_rows(csv_reader *r, csv_table *t)
{
    const int is_panel = r->plan.column_of[ROLE_SYMBOL] != NO_COLUMN;
    const size_t n_bads = t->n_bads;
    uint32_t last_local = UINT32_MAX, series = 0;
    for (size_t b = 0; b < n_bads; b++) {
        t->bads[b].line += t->first_line;
    }
    for (size_t i = 0; i < t->n; i++) {
        r->summary.n_rows += t->state[i] != ROW_OTHER ? 1 : 0;
        if (t->state[i] != ROW_OK && t->state[i] != ROW_MISSING) {
            continue;
        }
        if (t->symbol[i] != last_local) {
            last_local = t->symbol[i];
            FEL_TRY(find_series(r, t, last_local, &series));
        }
        FEL_TRY(order_row(r, t, i, series));
        t->symbol[i] = is_panel ? series : 0;
        if (t->n_bads > n_bads && r->options.bad_rows == FEL_BAD_ROWS_STOP) {
            break;
        }
    }
    return FEL_OK;
}
