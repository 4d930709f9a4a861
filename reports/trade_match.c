/* reports/trade_match.c - fills into round trips, first in, first out.
 *
 * A fill against the open lots closes them from the oldest on; what is left of it opens a new lot,
 * so a flip is split at zero. Amounts are shares of the fills' own cash flows, the last share of a
 * lot or a fill being all that is left, so that nothing is lost: the trades' P&L adds up to the
 * ledger's. */
#include <math.h>
#include <stdlib.h>

#include "core/core.h"
#include "reports/trade_internal.h"

/* Quantities nearer than this to each other, relative, are the same: 0.1 + 0.2 closes 0.3. */
#define SAME_QUANTITY 1e-12

typedef struct trade_list {
    fel_trade *items;
    size_t n, capacity;
} trade_list;

/* Where one end of a trade comes from: what is left of a fill, or the last price. */
typedef struct trade_end {
    double quantity, price;
    fel_money flow, fee;
    int64_t time_ns;
    uint64_t bar;
    fel_reason reason;
} trade_end;

typedef struct matcher {
    const fel_result *result;
    lot_book *books; /* by instrument */
    trade_list trades;
} matcher;

/* Money made, at most or at least, by a price's distance from the entry while held. */
static double excursion(const matcher *m, const fel_trade *t, double price)
{
    if (isnan(price)) {
        return 0.0;
    }
    return t->direction * (price - t->entry_price) * t->quantity *
           m->result->instruments[t->instrument].multiplier;
}

static fel_status add_trade(matcher *m, uint32_t instrument, const lot *entry, double quantity,
                            const trade_end *end, int is_open)
{
    lot_book *book = &m->books[instrument];
    const fel_money entry_flow = money_share(entry->flow, quantity, entry->quantity);
    fel_trade t = {
        .instrument = instrument,
        .direction = book->direction,
        .is_open = is_open,
        .exit_reason = end->reason,
        .entry_time_ns = entry->time_ns,
        .exit_time_ns = end->time_ns,
        .entry_bar = entry->bar,
        .exit_bar = end->bar,
        .quantity = quantity,
        .entry_price = entry->price,
        .exit_price = end->price,
    };
    t.fees = money_add(money_share(entry->fee, quantity, entry->quantity),
                       money_share(end->fee, quantity, end->quantity));
    t.pnl =
        money_sub(money_add(entry_flow, money_share(end->flow, quantity, end->quantity)), t.fees);
    t.return_fraction = fel_money_value(t.pnl) / fabs(fel_money_value(entry_flow));
    const double high = excursion(m, &t, extreme_from(&book->high, entry->first_segment));
    const double low = excursion(m, &t, extreme_from(&book->low, entry->first_segment));
    t.mae = fmin(0.0, fmin(high, low));
    t.mfe = fmax(0.0, fmax(high, low));
    return ARRAY_PUSH(&m->trades, t);
}

/* Take `quantity` off what is left of a lot or of a fill. */
static void take(double *left, fel_money *flow, fel_money *fee, double quantity)
{
    *flow = money_sub(*flow, money_share(*flow, quantity, *left));
    *fee = money_sub(*fee, money_share(*fee, quantity, *left));
    *left -= quantity;
}

/* Close lots with a fill until one of the two is used up. */
static fel_status close_lots(matcher *m, uint32_t instrument, trade_end *end)
{
    lot_book *book = &m->books[instrument];
    lot *oldest = lot_book_oldest(book);
    while (oldest != NULL && end->quantity > 0.0) {
        const double larger = fmax(oldest->quantity, end->quantity);
        const int same = fabs(oldest->quantity - end->quantity) <= SAME_QUANTITY * larger;
        if (same) {
            end->quantity = oldest->quantity;
        }
        const double quantity = fmin(oldest->quantity, end->quantity);
        FEL_TRY(add_trade(m, instrument, oldest, quantity, end, 0));
        take(&end->quantity, &end->flow, &end->fee, quantity);
        take(&oldest->quantity, &oldest->flow, &oldest->fee, quantity);
        if (oldest->quantity <= 0.0) {
            book->head++;
        }
        oldest = lot_book_oldest(book);
    }
    return FEL_OK;
}

static fel_status match_fill(matcher *m, const fel_fill_record *fill)
{
    lot_book *book = &m->books[fill->instrument];
    if (fill->order_id == 0 && fill->quantity == 0.0) {
        lot_book_split(book, fill->reference_price);
        return FEL_OK;
    }
    FEL_TRY(lot_book_segment(book, fill->high_since, fill->low_since));
    trade_end end = {fill->quantity, fill->price,     fill->cash_flow, fill->fee,
                     fill->time_ns,  fill->bar_index, fill->reason};
    if (lot_book_oldest(book) != NULL && book->direction != (int32_t)fill->side) {
        FEL_TRY(close_lots(m, fill->instrument, &end));
    }
    if (end.quantity > 0.0) {
        const lot opened = {end.quantity, end.price, end.flow, end.fee, end.time_ns, end.bar, 0};
        FEL_TRY(lot_book_open(book, &opened, (int32_t)fill->side));
    }
    return FEL_OK;
}

/* Open rests: worth the last price at the last instant. */
static fel_status mark_rests(matcher *m, uint32_t i)
{
    const fel_position_record *p = &m->result->positions[i];
    const fel_instrument *instrument = &m->result->instruments[i];
    lot_book *book = &m->books[i];
    FEL_TRY(lot_book_segment(book, p->high_since, p->low_since));
    for (size_t k = book->head; k < book->n; k++) {
        const lot *rest = &book->items[k];
        trade_end end = {
            .quantity = rest->quantity,
            .price = p->last_price,
            .time_ns = m->result->last_ns,
            .bar = p->n_bars > 0 ? p->n_bars - 1 : 0,
            .reason = FEL_REASON_NONE,
        };
        end.flow = money_of_trade(book->direction * rest->quantity, p->last_price,
                                  instrument->ticks_per_unit, instrument->multiplier);
        FEL_TRY(add_trade(m, i, rest, rest->quantity, &end, 1));
    }
    return FEL_OK;
}

static fel_status match_all(matcher *m)
{
    for (size_t k = 0; k < m->result->n_fills; k++) {
        FEL_TRY(match_fill(m, &m->result->fills[k]));
    }
    for (uint32_t i = 0; i < m->result->n_instruments; i++) {
        FEL_TRY(mark_rests(m, i));
    }
    return FEL_OK;
}

fel_status fel_trades_match(const fel_result *result, fel_trade **out, size_t *n)
{
    matcher m = {.result = result};
    fel_status status = FEL_OK;
    m.books = calloc(result->n_instruments + 1, sizeof(lot_book));
    if (m.books == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for the lots of %zu instruments",
                         result->n_instruments);
    }
    status = match_all(&m);
    for (size_t i = 0; i < result->n_instruments; i++) {
        lot_book_clear(&m.books[i]);
    }
    free(m.books);
    if (status != FEL_OK) {
        free(m.trades.items);
        return status;
    }
    *out = m.trades.items;
    *n = m.trades.n;
    return FEL_OK;
}
