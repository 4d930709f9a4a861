/* models/dataset_rows.c - the rows of one series: its bars through the feature stream, with the
 * signals known and the splits and dividends behind each of them. */
#include <math.h>
#include <string.h>

#include "models/dataset_internal.h"
#include "models/feature_internal.h"

/* One series on its way. */
typedef struct row_reader {
    panel_work *work;
    panel_part *part;
    const fel_series_info *info;
    fel_block bars, signals, actions;
    size_t next_signal, next_action;
    double latest[FEL_MAX_COLUMNS]; /* of the signals */
    fel_feature_stream *stream;
    price_adjuster adjuster; /* for the prices that targets are made of */
} row_reader;

static fel_block rows_of(const fel_series *series)
{
    const fel_block none = {0};
    return series != NULL ? fel_series_rows(series) : none;
}

static fel_status check_kind(const fel_series *series, fel_data_kind kind, const char *what)
{
    if (series == NULL || fel_series_describe(series)->kind == kind) {
        return FEL_OK;
    }
    return FEL_RAISE(FEL_ERR_ARG, "%s: this series is no series of %s",
                     fel_series_describe(series)->instrument.symbol, what);
}

static fel_status open_reader(row_reader *r, const fel_panel_series *from)
{
    const fel_panel_config *config = r->work->config;
    FEL_TRY(check_kind(from->bars, FEL_DATA_BAR, "bars"));
    FEL_TRY(check_kind(from->signals, FEL_DATA_SIGNAL, "signals"));
    FEL_TRY(check_kind(from->actions, FEL_DATA_ACTION, "actions"));
    r->info = fel_series_describe(from->bars);
    r->bars = rows_of(from->bars);
    r->signals = rows_of(from->signals);
    r->actions = rows_of(from->actions);
    adjuster_init(&r->adjuster);
    for (size_t c = 0; c < FEL_MAX_COLUMNS; c++) {
        r->latest[c] = (double)NAN;
    }
    fel_feature_plan plan = fel_feature_plan_default(config->features, config->n_features);
    plan.symbol = r->info->instrument.symbol;
    plan.zone = r->info->zone;
    plan.rolling_bars = config->rolling_bars;
    if (from->signals != NULL) {
        const fel_series_info *signals = fel_series_describe(from->signals);
        plan.columns = signals->columns;
        plan.n_columns = signals->n_columns;
    }
    return fel_feature_stream_create(&r->stream, &plan);
}

/* ---- beside the bars ------------------------------------------------------------------------- */

/* Signals of an instant are known before its bars. */
static void take_signals(row_reader *r, int64_t now_ns)
{
    while (r->next_signal < r->signals.n && r->signals.time_ns[r->next_signal] <= now_ns) {
        for (size_t c = 0; c < r->signals.n_columns; c++) {
            r->latest[c] = r->signals.columns[c][r->next_signal];
        }
        r->next_signal++;
    }
}

/* Which are in the prices already is what `adjustment` says. */
static int counts(fel_adjustment adjustment, fel_action_kind kind)
{
    return adjustment == FEL_ADJUST_RAW || (adjustment == FEL_ADJUST_SPLIT && kind == FEL_DIVIDEND);
}

/* Those before the first bar have nothing to go on from. */
static fel_status take_actions(row_reader *r, int64_t now_ns, size_t row)
{
    for (; r->next_action < r->actions.n && r->actions.time_ns[r->next_action] < now_ns;
         r->next_action++) {
        const size_t i = r->next_action;
        const fel_action action = {
            .time_ns = r->actions.time_ns[i],
            .kind = (fel_action_kind)r->actions.columns[0][i],
            .value = r->actions.columns[1][i],
        };
        if (row > 0 && counts(r->info->adjustment, action.kind)) {
            FEL_TRY(adjuster_act(&r->adjuster, &action, r->part->symbol));
            FEL_TRY(fel_feature_stream_action(r->stream, &action));
        }
    }
    return FEL_OK;
}

/* ---- bars ------------------------------------------------------------------------------------ */

static fel_status check_price(const row_reader *r, size_t row, const char *name, double value)
{
    if (value > 0.0 && isfinite(value)) {
        return FEL_OK;
    }
    char time[48];
    fel_time_format(r->bars.time_ns[row], time, sizeof(time));
    return FEL_RAISE(FEL_ERR_RANGE,
                     "%s: row %zu (%s): %s %g is not a number above 0, which "
                     "targets need",
                     r->part->symbol, row, time, name, value);
}

static fel_status check_bar(const row_reader *r, size_t row, const fel_bar *bar)
{
    if (row > 0 && bar->close_time_ns == r->bars.time_ns[row - 1]) {
        char time[48];
        fel_time_format(bar->close_time_ns, time, sizeof(time));
        return FEL_RAISE(FEL_ERR_RANGE, "%s: rows %zu and %zu have the same time %s",
                         r->part->symbol, row - 1, row, time);
    }
    FEL_TRY(check_price(r, row, "close", bar->close));
    return r->work->config->entry == FEL_ENTRY_NEXT_OPEN ? check_price(r, row, "open", bar->open)
                                                         : FEL_OK;
}

static fel_bar bar_at(const row_reader *r, size_t row)
{
    const fel_block *b = &r->bars;
    const fel_bar bar = {
        .close_time_ns = b->time_ns[row],
        .open_time_ns = b->open_ns != NULL ? b->open_ns[row] : b->time_ns[row] - r->info->length_ns,
        .open = b->columns[0][row],
        .high = b->columns[1][row],
        .low = b->columns[2][row],
        .close = b->columns[3][row],
        .volume = b->columns[4][row],
    };
    return bar;
}

/* An open at the very instant of the close before comes after it, and so do the decisions between
 * the two: a nanosecond tells them apart. */
static fel_status take_bar(row_reader *r, size_t row)
{
    panel_work *w = r->work;
    const size_t at = r->part->first + row;
    fel_bar bar = bar_at(r, row);
    take_signals(r, bar.close_time_ns);
    FEL_TRY(take_actions(r, bar.close_time_ns, row));
    FEL_TRY(
        fel_feature_stream_push(r->stream, &bar, r->latest, w->rows + at * w->panel->n_columns));
    FEL_TRY(check_bar(r, row, &bar));
    adjuster_apply(&r->adjuster, &bar);
    const int64_t after = row > 0 ? r->bars.time_ns[row - 1] + 1 : FEL_TIME_MIN;
    w->opens[at] = bar.open;
    w->closes[at] = bar.close;
    w->times_ns[at] = bar.close_time_ns;
    w->open_ns[at] = bar.open_time_ns > after ? bar.open_time_ns : after;
    if (r->part->ready == r->part->n && fel_feature_stream_is_ready(r->stream)) {
        r->part->ready = row;
    }
    return FEL_OK;
}

fel_status panel_fill_rows(panel_work *w, size_t series)
{
    row_reader r = {.work = w, .part = &w->panel->parts[series]};
    fel_status status = open_reader(&r, &w->config->series[series]);
    if (status == FEL_OK) {
        r.part->warm_up = fel_feature_stream_warm_up(r.stream);
        r.part->ready = r.part->n;
    }
    for (size_t row = 0; status == FEL_OK && row < r.bars.n; row++) {
        status = take_bar(&r, row);
    }
    fel_feature_stream_destroy(r.stream);
    return status;
}
