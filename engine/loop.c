/* engine/loop.c - the event loop: one instant after the other, each in the same steps.
 *
 * At an instant: signals, quotes and closes of bars reach the strategy; then the cross-section as a
 * slice; then orders made so far go live; then corporate actions and expiries; then bars open and
 * fill what they fill. The day is closed between the closes and the opens of one instant. */
#include <math.h>
#include <string.h>

#include "engine/engine_internal.h"

enum { PROGRESS_ROWS = 1 << 16 };

/* ---- one event ------------------------------------------------------------------------------------ */

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
    const double middle = 0.5 * (quote.bid + quote.ask);
    s->half_spread = 0.5 * (quote.ask - quote.bid);
    s->closed_ns = quote.time_ns;
    e->last_price[i] = middle;
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_quote(e, &quote));
    }
    if (e->position[i] != 0.0) {
        inst_see_price(e, i, middle, middle);
    }
    s->n_bars++;
    return e->strategy->on_quote == NULL ? FEL_OK
                                         : e->strategy->on_quote(e->state, &e->ctx, &quote);
}

static inline fel_status deliver_close(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    const size_t row = c->i;
    const uint32_t i = c->instrument;
    instrument_state *s = &e->inst[i];
    fel_bar *bar = &e->slice[e->n_slice++];
    bar->close_time_ns = c->time_ns[row];
    bar->open_time_ns = c->open_ns != NULL ? c->open_ns[row] : c->time_ns[row] - c->length_ns;
    bar->instrument = i;
    bar->reserved = 0;
    bar->open = c->column[0][row];
    bar->high = c->column[1][row];
    bar->low = c->column[2][row];
    bar->close = c->column[3][row];
    bar->volume = c->column[4][row];
    FEL_TRY(merge_advance(e, k));
    if (s->live_first != SLOT_NONE) {
        FEL_TRY(match_bar(e, bar));
    }
    e->last_price[i] = bar->close;
    if (e->position[i] != 0.0) {
        inst_see_price(e, i, bar->high, bar->low);
    }
    s->known_volume = bar->volume;
    s->closed_ns = bar->close_time_ns;
    s->n_bars++;
    e->n_bars++;
    if (e->history.capacity > 0) {
        history_push(e, bar);
    }
    return e->strategy->on_bar == NULL ? FEL_OK : e->strategy->on_bar(e->state, &e->ctx, bar);
}

static inline fel_status deliver_open(fel_engine *e, size_t k)
{
    cursor *c = &e->merge.cursors[k];
    const uint32_t i = c->instrument;
    instrument_state *s = &e->inst[i];
    const double open = c->column[0][c->i];
    c->is_open_next = 0;
    merge_set_next(&e->merge, k);
    e->last_price[i] = open;
    s->half_spread = 0.0;
    if (e->position[i] != 0.0) {
        inst_see_price(e, i, open, open);
    }
    return s->live_first == SLOT_NONE ? FEL_OK : ARRAY_PUSH(&e->opening, i);
}

/* ---- the steps of an instant --------------------------------------------------------------------------- */

typedef fel_status (*deliver)(fel_engine *e, size_t k);

/* Every cursor in [first, last) whose next event is at t. */
static inline fel_status deliver_range(fel_engine *e, int64_t t, size_t first, size_t last,
                                       deliver one)
{
    merge *m = &e->merge;
    for (size_t k = first; k < last; k++) {
        if (k % MERGE_BLOCK == 0 && m->block_min_ns[k / MERGE_BLOCK] > t) {
            k += MERGE_BLOCK - 1;
            continue;
        }
        while (m->next_ns[k] == t && !m->cursors[k].is_open_next) {
            e->n_events++;
            FEL_TRY(one(e, k));
        }
    }
    return FEL_OK;
}

static inline fel_status deliver_opens(fel_engine *e, int64_t t)
{
    merge *m = &e->merge;
    e->opening.n = 0;
    for (size_t k = m->first_bar; k < m->first_action; k++) {
        if (k % MERGE_BLOCK == 0 && m->block_min_ns[k / MERGE_BLOCK] > t) {
            k += MERGE_BLOCK - 1;
            continue;
        }
        if (m->next_ns[k] == t) {
            e->n_events++;
            FEL_TRY(deliver_open(e, k));
        }
    }
    if (e->opening.n == 0) {
        return FEL_OK;
    }
    FEL_TRY(match_opens(e));
    return e->pending.n > 0 ? venue_activate(e) : FEL_OK;
}

static fel_status deliver_actions(fel_engine *e, int64_t t)
{
    merge *m = &e->merge;
    for (size_t k = m->first_action; k < m->n; k++) {
        while (m->next_ns[k] == t) {
            e->n_events++;
            FEL_TRY(event_action(e, &m->cursors[k]));
            FEL_TRY(merge_advance(e, k));
        }
    }
    return FEL_OK;
}

/* Everything that becomes known at t, and the orders made on it. */
static inline fel_status known_now(fel_engine *e, int64_t t)
{
    const merge *m = &e->merge;
    e->n_slice = 0;
    if (m->first_bar > 0) {
        FEL_TRY(deliver_range(e, t, 0, m->first_quote, deliver_signal));
        FEL_TRY(deliver_range(e, t, m->first_quote, m->first_bar, deliver_quote));
    }
    FEL_TRY(deliver_range(e, t, m->first_bar, m->first_action, deliver_close));
    if (e->n_slice > 0 && e->strategy->on_slice != NULL) {
        const fel_slice slice = {.time_ns = t, .bars = e->slice, .n_bars = e->n_slice};
        FEL_TRY(e->strategy->on_slice(e->state, &e->ctx, &slice));
    }
    if (e->pending.n > 0) {
        FEL_TRY(venue_activate(e));
    }
    if (e->uses_weights && e->n_slice > 0) {
        e->ledger.equity_previous = fel_money_value(ledger_equity(e));
    }
    return FEL_OK;
}

/* Could equity have gone to zero? A long position paid for in full cannot take it there. */
static int is_at_risk(const fel_engine *e)
{
    if (e->ledger.cash.hi < 0.0) {
        return 1;
    }
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (e->position[i] * e->last_price[i] < 0.0) {
            return 1;
        }
    }
    return 0;
}

static fel_status watch_equity(fel_engine *e)
{
    if (is_at_risk(e) && !(ledger_equity(e).hi > 0.0)) {
        FEL_TRY(event_ruin(e));
    }
    return e->config.self_check ? ledger_check(e) : FEL_OK;
}

static fel_status begin_scoring(fel_engine *e, int64_t t)
{
    e->first_ns = t;
    return record_equity(e, t);
}

static inline fel_status instant(fel_engine *e, int64_t t)
{
    const uint64_t events_before = e->n_events;
    e->ctx.now_ns = t;
    if (t > e->day_end_ns) {
        FEL_TRY(record_day_end(e, t));
    }
    if (e->ended.n > 0 && e->n_price_feeds > 0) {
        FEL_TRY(event_ended(e));
    }
    if (e->equity.n == 0 && t >= e->start_ns) {
        FEL_TRY(begin_scoring(e, t));
    }
    FEL_TRY(known_now(e, t));
    e->last_ns = e->n_events > events_before ? t : e->last_ns;
    if (t >= e->day_end_ns) {
        FEL_TRY(record_day_end(e, t));
    }
    if (e->merge.first_action < e->merge.n) {
        FEL_TRY(deliver_actions(e, t));
    }
    if (t >= e->next_expiry_ns) {
        FEL_TRY(event_expiries(e, t));
    }
    FEL_TRY(deliver_opens(e, t));
    FEL_TRY(watch_equity(e));
    e->last_ns = t;
    merge_settle(&e->merge, t);
    return e->config.record == FEL_RECORD_EVENT && e->equity.n > 0 ? record_equity(e, t) : FEL_OK;
}

/* ---- the run --------------------------------------------------------------------------------------------- */

static int64_t next_instant(const fel_engine *e)
{
    const int64_t t = merge_next_ns(&e->merge);
    return t != FEL_TIME_MAX && e->next_expiry_ns < t && e->next_expiry_ns > e->last_ns
               ? e->next_expiry_ns
               : t;
}

static fel_status run_events(fel_engine *e)
{
    uint64_t report_at = PROGRESS_ROWS;
    for (;;) {
        const int64_t t = next_instant(e);
        if (t == FEL_TIME_MAX || e->is_ruined) {
            return FEL_OK;
        }
        FEL_TRY(instant(e, t));
        if (e->n_events >= report_at) {
            report_at = e->n_events + PROGRESS_ROWS;
            if (e->config.progress != NULL) {
                e->config.progress(e->config.progress_payload, e->n_bars);
            }
            if (e->config.stop_flag != NULL && *e->config.stop_flag) {
                e->flags |= FEL_FLAG_STOPPED;
                return FEL_OK;
            }
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

fel_status loop_run(fel_engine *e)
{
    e->is_starting = 1;
    if (e->strategy->on_start != NULL) {
        FEL_TRY(e->strategy->on_start(e->state, &e->ctx));
    }
    e->is_starting = 0;
    fel_status status = merge_start(e);
    if (status == FEL_OK) {
        status = event_expiries(e, FEL_TIME_MIN);
    }
    if (status == FEL_OK) {
        status = run_events(e);
    }
    if (status == FEL_OK && e->config.close_at_end && !(e->flags & FEL_FLAG_STOPPED)) {
        status = event_ended(e);
    }
    e->is_stopping = 1;
    if (e->strategy->on_stop != NULL) {
        e->strategy->on_stop(e->state, &e->ctx);
    }
    FEL_TRY(status);
    FEL_TRY(end_orders(e));
    if (e->config.progress != NULL) {
        e->config.progress(e->config.progress_payload, e->n_bars);
    }
    return record_result(e);
}
