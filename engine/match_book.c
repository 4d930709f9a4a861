/* engine/match_book.c - rows of depth: all of one instant change the book, then orders meet it,
 * then the strategy sees it.
 *
 * A taker walks the levels: a fill at each price, of no more than is shown there less what orders
 * of ours have had of it since its last row. A limit order that waits is filled when the other side
 * comes to its price, or by trades: queue.c. */
#include <math.h>
#include <stdlib.h>

#include "engine/order_book_internal.h"

/* ---- orders -----------------------------------------------------------------------------------
 */

/* Take one level's units; *goes_on: the order lives and has had all of them. */
static fel_status take_level(fel_engine *e, uint64_t id, book_level *level, int *goes_on)
{
    const uint32_t slot = venue_find(e, id);
    const live_order *o = &e->pool.items[slot];
    instrument_state *s = &e->inst[o->instrument];
    const double spread = s->half_spread, middle = e->last_price[o->instrument];
    const int is_taker = order_is_taker(o);
    const uint32_t instrument = o->instrument;
    e->fill_room = level->quantity - level->taken;
    e->last_filled = 0.0;
    /* Market orders: from the middle to the level is spread. Limits: the level's own price. */
    s->half_spread = is_taker ? fabs(level->price - middle) : 0.0;
    const fel_status status = fill_order(e, slot, is_taker ? middle : level->price, is_taker);
    s->half_spread = spread;
    e->last_price[instrument] = middle;
    e->fill_room = (double)INFINITY;
    level->taken += e->last_filled;
    *goes_on = e->last_filled > 0.0 && venue_find(e, id) != SLOT_NONE;
    return status;
}

static fel_status walk(fel_engine *e, uint32_t slot, const order_book *b)
{
    const live_order *o = &e->pool.items[slot];
    const uint64_t id = o->id;
    const int side = o->side == FEL_BUY ? BOOK_ASK : BOOK_BID;
    const double limit = o->limit;
    const book_side *s = &b->sides[side];
    const double units = fabs(sizing_delta(e, o, e->last_price[o->instrument], order_is_taker(o)));
    if (o->tif == FEL_TIF_FOK && book_available(b, side, limit) < units * (1.0 - 1e-9)) {
        return venue_end_unmet(e, slot);
    }
    int goes_on = 1;
    e->is_walking = 1;
    fel_status status = FEL_OK;
    for (size_t i = s->n; i > 0 && goes_on && status == FEL_OK; i--) {
        book_level *level = &s->items[i - 1];
        if (!book_is_within(side, level->price, limit)) {
            break;
        }
        if (level->quantity > level->taken) {
            status = take_level(e, id, level, &goes_on);
        }
    }
    e->is_walking = 0;
    const uint32_t still = venue_find(e, id);
    if (status != FEL_OK || still == SLOT_NONE) {
        return status;
    }
    return e->pool.items[still].needs & ORDER_ONCE ? venue_end_unmet(e, still) : FEL_OK;
}

/* The other side has come to an order that waited: what it brings fills it at its own price. */
static fel_status meet(fel_engine *e, uint32_t slot, const order_book *b)
{
    const live_order *o = &e->pool.items[slot];
    const uint32_t instrument = o->instrument;
    const int side = o->side == FEL_BUY ? BOOK_ASK : BOOK_BID;
    const double limit = o->limit, middle = e->last_price[instrument];
    const book_side *s = &b->sides[side];
    e->fill_room = book_available(b, side, limit);
    e->last_filled = 0.0;
    const fel_status status = e->fill_room > 0.0 ? fill_order(e, slot, limit, 0) : FEL_OK;
    e->fill_room = (double)INFINITY;
    e->last_price[instrument] = middle;
    double left = e->last_filled;
    for (size_t i = s->n; i > 0 && left > 0.0; i--) {
        const double had = fmin(left, fmax(s->items[i - 1].quantity - s->items[i - 1].taken, 0.0));
        s->items[i - 1].taken += had;
        left -= had;
    }
    return status;
}

static fel_status meet_limit(fel_engine *e, uint32_t slot, const order_book *b)
{
    live_order *o = &e->pool.items[slot];
    const uint64_t id = o->id;
    const double touch = book_best(b, o->side == FEL_BUY ? BOOK_ASK : BOOK_BID);
    const int is_met = order_is_marketable(o, touch);
    if (o->has_rested) {
        return is_met ? meet(e, slot, b) : FEL_OK;
    }
    if (is_met || o->needs & ORDER_ONCE) {
        FEL_TRY(walk(e, slot, b));
        slot = venue_find(e, id);
    }
    if (slot != SLOT_NONE) {
        queue_join(b, &e->pool.items[slot]);
    }
    return FEL_OK;
}

static fel_status meet_order(fel_engine *e, uint32_t slot, const order_book *b)
{
    live_order *o = &e->pool.items[slot];
    const double touch = book_best(b, o->side == FEL_BUY ? BOOK_ASK : BOOK_BID);
    if (o->needs & (ORDER_AT_OPEN | ORDER_AT_CLOSE)) {
        return FEL_OK;
    }
    if (order_has_stop(o) && !o->is_triggered) {
        o->is_triggered = order_is_stop_met(o, touch) ? 1 : 0;
        if (!o->is_triggered) {
            if (o->needs & ORDER_TRAILS && !isnan(touch)) {
                trail_follow(e, o, touch);
            }
            return FEL_OK;
        }
    }
    return order_is_taker(o) ? walk(e, slot, b) : meet_limit(e, slot, b);
}

static fel_status match_book(fel_engine *e, uint32_t instrument)
{
    order_book *b = e->inst[instrument].book;
    const int64_t now_ns = e->ctx.now_ns;
    FEL_TRY(venue_scan(e, instrument));
    for (size_t i = 0; i < e->scan.n; i++) {
        const uint32_t slot = venue_find(e, e->scan.items[i]);
        int is_over = slot == SLOT_NONE;
        if (!is_over) {
            venue_see_bar(&e->pool.items[slot], now_ns + 1);
            FEL_TRY(venue_expire(e, slot, now_ns, &is_over));
        }
        if (!is_over) {
            e->pool.items[slot].needs &= (uint8_t)~ORDER_STALLED;
            FEL_TRY(meet_order(e, slot, b));
        }
    }
    b->is_dirty = 1;
    return FEL_OK;
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static fel_status put_row(fel_engine *e, const cursor *c, order_book *b)
{
    const double side = c->column[0][c->i], price = c->column[1][c->i];
    const double quantity = c->column[2][c->i], flags = c->column[3][c->i];
    if (!(fabs(side) == 1.0) || !isfinite(price) || !(quantity >= 0.0) || !isfinite(quantity)) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "depth of %s: side %g, price %g, quantity %g: a side is 1 or -1, a "
                         "quantity not negative",
                         e->instruments[c->instrument].symbol, side, price, quantity);
    }
    const int place = side > 0.0 ? BOOK_BID : BOOK_ASK;
    if ((uint32_t)flags & FEL_DEPTH_SNAPSHOT) {
        book_clear(b);
        b->is_dirty = 1;
    }
    FEL_TRY(book_put(b, place, price, quantity));
    if (b->is_dirty) {
        FEL_TRY(queue_gather(e, c->instrument));
    }
    queue_change(e, b, place, price, quantity);
    if (e->strategy->on_depth == NULL) {
        return FEL_OK;
    }
    const fel_depth row = {.time_ns = c->time_ns[c->i],
                           .instrument = c->instrument,
                           .side = side > 0.0 ? 1 : -1,
                           .price = price,
                           .quantity = quantity,
                           .flags = (uint32_t)flags};
    return ARRAY_PUSH(&b->rows, row);
}

/* The middle, while there are two sides; the first price of all is one side's. */
static void see_prices(fel_engine *e, uint32_t i, const order_book *b)
{
    instrument_state *s = &e->inst[i];
    const double bid = book_best(b, BOOK_BID), ask = book_best(b, BOOK_ASK);
    const double middle = 0.5 * (bid + ask);
    if (!isnan(middle)) {
        e->last_price[i] = middle;
        s->half_spread = 0.5 * (ask - bid);
    } else if (isnan(e->last_price[i]) && !(isnan(bid) && isnan(ask))) {
        e->last_price[i] = isnan(bid) ? ask : bid;
    }
    s->quoted_ns = e->ctx.now_ns;
    s->n_bars++;
    if (!isnan(e->last_price[i])) {
        ledger_see_price(e, isnan(bid) ? e->last_price[i] : bid);
        inst_see_price(e, i, e->last_price[i], e->last_price[i]);
    }
}

static int has_to_match(const fel_engine *e, uint32_t i, const order_book *b)
{
    const book_side *bids = &b->sides[BOOK_BID], *asks = &b->sides[BOOK_ASK];
    return e->inst[i].live_first != SLOT_NONE &&
           (b->is_dirty || b->needs_look ||
            (asks->n > 0 && asks->items[asks->n - 1].price <= b->highest_buy) ||
            (bids->n > 0 && bids->items[bids->n - 1].price >= b->lowest_sell));
}

fel_status event_depth(fel_engine *e, size_t k)
{
    merge *m = &e->merge;
    const cursor *c = &m->cursors[k];
    const uint32_t i = c->instrument;
    order_book *b = e->inst[i].book;
    const int64_t now_ns = e->ctx.now_ns;
    b->rows.n = 0;
    FEL_TRY(put_row(e, c, b));
    FEL_TRY(merge_advance(e, k));
    while (m->next_ns[k] == now_ns) {
        e->n_others++;
        FEL_TRY(put_row(e, c, b));
        FEL_TRY(merge_advance(e, k));
    }
    book_uncross(b);
    see_prices(e, i, b);
    if (has_to_match(e, i, b)) {
        FEL_TRY(match_book(e, i));
    }
    for (size_t r = 0; r < b->rows.n; r++) {
        FEL_TRY(e->strategy->on_depth(e->state, &e->ctx, &b->rows.items[r]));
    }
    return FEL_OK;
}

/* ---- making them -------------------------------------------------------------------------------
 */

static int has_kind(const fel_engine *e, uint32_t instrument, fel_data_kind kind)
{
    for (size_t k = 0; k < e->merge.n; k++) {
        if (e->merge.cursors[k].instrument == instrument && e->merge.cursors[k].kind == kind) {
            return 1;
        }
    }
    return 0;
}

fel_status books_create(fel_engine *e)
{
    e->books = arena_array(&e->fixed, e->n_instruments, sizeof(order_book));
    if (e->books == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for books");
    }
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (has_kind(e, i, FEL_DATA_DEPTH) &&
            (has_kind(e, i, FEL_DATA_BAR) || has_kind(e, i, FEL_DATA_QUOTE))) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "%s has depth and bars or quotes: one of them may fill orders",
                             e->instruments[i].symbol);
        }
    }
    return FEL_OK;
}

void books_start(fel_engine *e)
{
    for (size_t k = 0; k < e->merge.n; k++) {
        if (e->merge.cursors[k].kind == FEL_DATA_DEPTH) {
            const uint32_t i = e->merge.cursors[k].instrument;
            order_book *b = &e->books[i];
            book_clear(b);
            b->n_rows = 0;
            b->is_dirty = 1;
            b->rows.n = 0;
            e->inst[i].book = b;
        }
    }
}

void books_destroy(fel_engine *e)
{
    for (size_t i = 0; e->books != NULL && i < e->n_instruments; i++) {
        for (int side = 0; side < 2; side++) {
            free(e->books[i].sides[side].items);
            free(e->books[i].own[side].items);
        }
        free(e->books[i].rows.items);
    }
}
