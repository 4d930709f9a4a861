/* engine/loop.c - the event loop: one instant after the other, each in the same steps.
 *
 * At an instant: signals, quotes and closes of bars reach the strategy; then the cross-section as a
 * slice; then timers; then orders made so far go live; then corporate actions, funding and
 * expiries; then bars open and fill what they fill. The day is closed between the closes and the
 * opens of one instant. */
#include <math.h>
#include <string.h>

#include "engine/snapshot_internal.h"

enum { PROGRESS_INSTANTS = 1 << 14 };

/* ---- one event
 * ------------------------------------------------------------------------------------ */

static fel_status deliver_signal(fel_engine *e, size_t k)
{
    const cursor *c = &e->merge.cursors[k];
    for (uint32_t j = 0; j < c->n_columns; j++) {
        const fel_signal signal = {.time_ns = c->time_ns[c->i],
                                   .instrument = c->instrument,
                                   .column = c->signal_columns[j],
                                   .value = c->columns[j][c->i]};
        e->signal[(size_t)c->instrument * e->n_signals + signal.column] = signal.value;
        if (e->strategy->on_signal != NULL) {
            FEL_TRY(e->strategy->on_signal(e->state, &e->ctx, &signal));
        }
    }
    return merge_advance(e, k);
}

static fel_status deliver_quote(fel_engine *e, size_t k)
{
    const cursor *c = &e->merge.cursors[k];
    const uint32_t i = c->instrument;
    instrument_state *s = &e->inst[i];
    const fel_quote quote = {.time_ns = c->time_ns[c->i],
                             .instrument = i,
                             .bid = c->column[0][c->i],
                             .ask = c->column[1][c->i],
                             .bid_size = c->column[2][c->i],
                             .ask_size = c->column[3][c->i]};
    FEL_TRY(merge_advance(e, k));
    ledger_see_price(e, quote.bid);
    const double middle = 0.5 * (quote.bid + quote.ask);
    s->half_spread = 0.5 * (quote.ask - quote.bid);
    s->quoted_ns = quote.time_ns;
    e->last_price[i] = middle;
    e->quote_taken[0] = e->quote_taken[1] = 0.0;
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_quote(e, &quote));
        e->last_price[i] = middle; /* a limit's fill has left its own price there */
    }
    inst_see_price(e, i, middle, middle);
    s->n_bars++;
    return e->strategy->on_quote == NULL ? FEL_OK
                                         : e->strategy->on_quote(e->state, &e->ctx, &quote);
}

static inline fel_status deliver_close(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    instrument_state *s = c->state;
    const size_t row = c->i;
    fel_bar *bar = &e->slice[e->n_slice++];
    bar->close_time_ns = c->time_ns[row];
    bar->open_time_ns = c->opened_ns;
    bar->instrument = c->instrument;
    bar->reserved = 0;
    bar->open = c->column[0][row];
    bar->high = c->column[1][row];
    bar->low = c->column[2][row];
    bar->close = c->column[3][row];
    bar->volume = c->column[4][row];
    /* Before the next row is taken: what is filled inside a bar knows the volume of the one before.
     */
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_bar(e, bar));
    } else {
        inst_see_price(e, c->instrument, bar->high, bar->low);
    }
    FEL_TRY(merge_advance_bar(e, k));
    *c->last_price = bar->close;
    ledger_see_price(e, bar->close);
    s->n_bars++;
    if (e->history.capacity > 0) {
        history_push(e, bar);
    }
    return e->on_bar == NULL ? FEL_OK : e->on_bar(e->state, &e->ctx, bar);
}

static inline fel_status deliver_open(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    instrument_state *s = c->state;
    const double open = c->column[0][c->i];
    c->is_open_next = 0;
    e->merge.next_ns[k] = c->time_ns[c->i];
    *c->last_price = open;
    s->half_spread = 0.0;
    inst_see_price(e, c->instrument, open, open);
    ledger_see_price(e, open);
    return s->live_first == SLOT_NONE ? FEL_OK : ARRAY_PUSH(&e->opening, c->instrument);
}

/* ---- the steps of an instant ---------------------------------------------------------------- */

static fel_status deliver_signals_and_quotes(fel_engine *e, int64_t t)
{
    merge *m = &e->merge;
    for (size_t k = 0; k < m->first_bar; k++) {
        while (m->next_ns[k] == t) {
            e->n_others++;
            FEL_TRY(m->cursors[k].kind == FEL_DATA_SIGNAL  ? deliver_signal(e, k)
                    : m->cursors[k].kind == FEL_DATA_QUOTE ? deliver_quote(e, k)
                    : m->cursors[k].kind == FEL_DATA_TRADE ? event_trade(e, k)
                                                           : event_depth(e, k));
        }
    }
    return FEL_OK;
}

static inline size_t block_end(size_t block, size_t limit)
{
    const size_t end = (block + 1) * MERGE_BLOCK;
    return end < limit ? end : limit;
}

/* Every bar that closes at t. */
static inline fel_status deliver_closes(fel_engine *e, int64_t t)
{
    merge *m = &e->merge;
    size_t k = m->first_bar;
    e->n_slice = 0;
    e->slice_at = e->slice;
    if (m->panel.is_on) {
        return m->panel.next_ns == t && !m->panel.is_open_next ? panel_close(e) : FEL_OK;
    }
    for (size_t block = k / MERGE_BLOCK; block < m->n_blocks; block++) {
        const size_t end = block_end(block, m->first_action);
        if (m->block_min_ns[block] > t) {
            k = end;
            continue;
        }
        for (; k < end; k++) {
            if (m->next_ns[k] == t && !m->cursors[k].is_open_next) {
                FEL_TRY(deliver_close(e, k));
            }
        }
    }
    e->n_bars += e->n_slice;
    return FEL_OK;
}

/* Every bar that opens at t, and what that fills. */
static inline fel_status deliver_opens(fel_engine *e, int64_t t)
{
    merge *m = &e->merge;
    size_t k = m->first_bar;
    e->opening.n = 0;
    if (m->panel.is_on) {
        return m->panel.next_ns == t && m->panel.is_open_next ? panel_open(e) : FEL_OK;
    }
    for (size_t block = k / MERGE_BLOCK; block < m->n_blocks; block++) {
        const size_t end = block_end(block, m->first_action);
        if (m->block_min_ns[block] > t) {
            k = end;
            continue;
        }
        for (; k < end; k++) {
            if (m->next_ns[k] == t) {
                FEL_TRY(deliver_open(e, k));
            }
        }
    }
    if (e->opening.n == 0) {
        return FEL_OK;
    }
    return match_opens(e);
}

static fel_status deliver_actions(fel_engine *e, int64_t t)
{
    merge *m = &e->merge;
    for (size_t k = m->first_action; k < m->n; k++) {
        while (m->next_ns[k] == t) {
            e->n_others++;
            FEL_TRY(m->cursors[k].kind == FEL_DATA_ACTION ? event_action(e, &m->cursors[k])
                                                          : event_funding(e, &m->cursors[k]));
            FEL_TRY(merge_advance(e, k));
        }
    }
    return FEL_OK;
}

/* ---- instants that need more than bars ------------------------------------------------------- */

/* The first instant at which anything but bars, callbacks and orders may have to be dealt with; the
 * ends of days, too, unless every bar is one. */
static void plan_attention(fel_engine *e)
{
    const int always = e->merge.first_bar > 0 || e->merge.first_action < e->merge.n ||
                       e->uses_weights || e->config.record == FEL_RECORD_EVENT ||
                       e->config.self_check || e->ended.n > 0 || e->stop.is_watched;
    int64_t t = e->clock.next_ns;
    if (e->config.stop_at_ns < t) {
        t = e->config.stop_at_ns;
    }
    if (!e->merge.is_daily && e->day_end_ns < t) {
        t = e->day_end_ns;
    }
    if (e->equity.n == 0 && e->start_ns < t) {
        t = e->start_ns;
    }
    e->attention_ns = always ? FEL_TIME_MIN : t;
}

static fel_status before_closes(fel_engine *e, int64_t t)
{
    if (t > e->day_end_ns) {
        FEL_TRY(record_day_end(e, t));
    }
    if (e->ended.n > 0 && e->n_price_feeds > 0) {
        FEL_TRY(event_ended(e));
    }
    if (e->equity.n == 0 && t >= e->start_ns) {
        e->first_ns = t;
        FEL_TRY(record_equity(e, t));
    }
    return deliver_signals_and_quotes(e, t);
}

static fel_status before_opens(fel_engine *e, int64_t t, uint64_t others_before)
{
    if (e->n_slice > 0 || e->n_others > others_before) {
        e->last_ns = t;
    }
    if (e->uses_weights && e->n_slice > 0) {
        e->ledger.equity_previous = fel_money_value(ledger_equity(e));
    }
    if (e->merge.is_daily && e->n_slice > 0) {
        FEL_TRY(record_day_close(e, t));
    }
    if (t >= e->day_end_ns) {
        FEL_TRY(record_day_end(e, t));
    }
    FEL_TRY(deliver_actions(e, t));
    if (t >= e->next_expiry_ns) {
        FEL_TRY(event_expiries(e, t));
    }
    if (e->stop.is_watched) {
        FEL_TRY(stop_watch(e, record_day_of(t)));
    }
    if (e->pending.n == 0) {
        return FEL_OK;
    }
    /* Orders in answer to these: in time for the opens, too late for the closes. */
    e->is_opening = 1;
    FEL_TRY(venue_activate(e));
    e->is_opening = 0;
    return FEL_OK;
}

static fel_status after_opens(fel_engine *e, int64_t t)
{
    if (e->config.self_check) {
        FEL_TRY(ledger_check(e));
    }
    if (e->stop.is_watched && !e->is_ruined) {
        FEL_TRY(stop_watch(e, record_day_of(t + 1)));
        e->is_opening = 1;
        FEL_TRY(venue_activate(e));
        e->is_opening = 0;
    }
    plan_attention(e);
    return e->config.record == FEL_RECORD_EVENT && e->equity.n > 0 ? record_equity(e, t) : FEL_OK;
}

static inline fel_status watch(fel_engine *e, int has_moved, int *is_over)
{
    *is_over = 0;
    return e->ledger.is_watched ? account_watch(e, has_moved, is_over) : FEL_OK;
}

/* Look for rows in lockstep again after some instants without. */
static inline void panel_try(fel_engine *e)
{
    enum { INSTANTS_BETWEEN = 64 };
    panel *p = &e->merge.panel;
    if (p->rows != NULL && !p->is_on && ++p->n_tries == INSTANTS_BETWEEN) {
        panel_load(e);
    }
}

static inline fel_status instant(fel_engine *e, int64_t t)
{
    const int is_special = t >= e->attention_ns || e->merge.is_daily || e->ended.n > 0;
    const uint64_t others_before = e->n_others;
    e->ctx.now_ns = t;
    if (is_special) {
        FEL_TRY(before_closes(e, t));
    }
    FEL_TRY(deliver_closes(e, t));
    if (e->on_slice != NULL && e->n_slice > 0) {
        const fel_slice slice = {.time_ns = t, .bars = e->slice_at, .n_bars = e->n_slice};
        FEL_TRY(e->on_slice(e->state, &e->ctx, &slice));
    }
    if (t >= e->clock.next_ns) {
        FEL_TRY(clock_strike(e, t));
    }
    if (e->pending.n > 0) {
        FEL_TRY(venue_activate(e));
    }
    int is_over = 0; /* what opens now comes too late */
    FEL_TRY(watch(e, e->n_slice > 0 || e->n_others > others_before, &is_over));
    if (is_special && !is_over) {
        FEL_TRY(before_opens(e, t, others_before));
    }
    if (!is_over) {
        FEL_TRY(deliver_opens(e, t));
    }
    e->last_ns = t;
    FEL_TRY(is_over ? FEL_OK : watch(e, 1, &is_over));
    if (is_over) {
        FEL_TRY(event_ruin(e));
    }
    merge_settle(&e->merge, t);
    panel_try(e);
    return is_special ? after_opens(e, t) : FEL_OK;
}

/* ---- the run
 * --------------------------------------------------------------------------------------------- */

/* The next row's instant or one of the run's own; after the last row there are none. */
static inline int64_t next_instant(const fel_engine *e)
{
    const int64_t t = merge_next_ns(&e->merge);
    return e->clock.next_ns >= t || t == FEL_TIME_MAX ? t : e->clock.next_ns;
}

static void report_progress(const fel_engine *e)
{
    if (e->config.progress != NULL) {
        e->config.progress(e->config.progress_payload, e->n_bars + e->n_others);
    }
}

/* Rows that may still be taken in one go. */
static inline uint64_t rows_left(const fel_engine *e)
{
    const uint64_t done = e->n_bars + e->n_others, until = e->config.stop_after_rows;
    return until == 0 || until - done > PROGRESS_INSTANTS ? PROGRESS_INSTANTS : until - done;
}

/* One instant, or a stretch of quiet bars. */
static inline fel_status step(fel_engine *e, int64_t t, int is_lone)
{
    const cursor *c = &e->merge.cursors[0];
    const uint64_t most = rows_left(e);
    if (is_lone && !c->is_open_next && c->i + 1 < c->n && c->time_ns[c->i + 1] < e->attention_ns &&
        most > 1) {
        FEL_TRY(quiet_bars(e, most));
        e->merge.block_min_ns[0] = e->merge.next_ns[0];
        return FEL_OK;
    }
    return instant(e, t);
}

/* Rows taken, and what else could go on for long between two of them. */
static inline uint64_t steps_done(const fel_engine *e)
{
    return e->n_bars + e->n_others + e->clock.n_struck;
}

/* The first number of steps after which to report, or to stop. */
static uint64_t next_pause(const fel_engine *e)
{
    const uint64_t next = steps_done(e) + PROGRESS_INSTANTS;
    const uint64_t until = e->config.stop_after_rows;
    return until != 0 && until < next ? until : next;
}

static int is_stop_asked(const fel_engine *e)
{
    return (e->config.stop_flag != NULL && *e->config.stop_flag) ||
           (e->config.stop_after_rows != 0 && e->n_bars + e->n_others >= e->config.stop_after_rows);
}

static fel_status run_events(fel_engine *e)
{
    const merge *m = &e->merge;
    const int is_lone =
        m->n == 1 && m->first_bar == 0 && m->first_action == 1 && !e->account.has_margin;
    uint64_t pause_at = next_pause(e);
    for (;;) {
        const int64_t t = next_instant(e);
        if (t == FEL_TIME_MAX || e->is_ruined) {
            return FEL_OK;
        }
        if (t > e->config.stop_at_ns) {
            e->flags |= FEL_FLAG_STOPPED;
            return FEL_OK;
        }
        FEL_TRY(step(e, t, is_lone));
        if (steps_done(e) >= pause_at) {
            report_progress(e);
            if (is_stop_asked(e)) {
                e->flags |= FEL_FLAG_STOPPED;
                return FEL_OK;
            }
            pause_at = next_pause(e);
        }
    }
}

/* Orders that the end of the run leaves behind. */
static fel_status end_orders(fel_engine *e)
{
    const fel_reason reason =
        e->flags & FEL_FLAG_STOPPED ? FEL_REASON_STOPPED : FEL_REASON_END_OF_RUN;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        FEL_TRY(venue_end_all(e, i, FEL_ORDER_EXPIRED, reason));
    }
    return FEL_OK;
}

/* Up to the first event: of the data, or after those of a snapshot. */
static fel_status begin(fel_engine *e, const char *snapshot)
{
    if (e->config.snapshot_path != NULL || snapshot != NULL) {
        FEL_TRY(snapshot_memory_start(e));
    }
    FEL_TRY(merge_start(e));
    e->clock.first_row_ns = merge_next_ns(&e->merge);
    if (snapshot == NULL) {
        return event_expiries(e, FEL_TIME_MIN);
    }
    FEL_TRY(snapshot_read(e, snapshot));
    if (e->strategy->on_resume != NULL) {
        FEL_TRY(e->strategy->on_resume(e->state, &e->ctx));
    }
    e->flags &= ~(uint32_t)FEL_FLAG_STOPPED;
    plan_attention(e);
    return FEL_OK;
}

/* What comes after the last event. */
static fel_status finish(fel_engine *e)
{
    const int is_stopped = (e->flags & FEL_FLAG_STOPPED) != 0;
    if (is_stopped && e->config.snapshot_path != NULL) {
        return snapshot_write(e, e->config.snapshot_path);
    }
    return !is_stopped && e->config.close_at_end ? event_close_all(e) : FEL_OK;
}

fel_status loop_run(fel_engine *e, const char *snapshot)
{
    e->is_starting = 1;
    if (e->strategy->on_start != NULL) {
        FEL_TRY(e->strategy->on_start(e->state, &e->ctx));
    }
    e->is_starting = 0;
    fel_status status = begin(e, snapshot);
    if (status == FEL_OK) {
        status = run_events(e);
    }
    if (status == FEL_OK) {
        status = finish(e);
    }
    e->is_stopping = 1;
    if (e->strategy->on_stop != NULL) {
        e->strategy->on_stop(e->state, &e->ctx);
    }
    FEL_TRY(status);
    FEL_TRY(end_orders(e));
    report_progress(e);
    return record_result(e);
}
