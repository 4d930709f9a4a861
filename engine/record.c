/* engine/record.c - what a run leaves behind: orders, fills, equity, and their hash. */
#include <math.h>
#include <string.h>

#include "engine/engine_internal.h"
#include "engine/pair_internal.h"

fel_status record_order(fel_engine *e)
{
    if (!e->config.record_orders) {
        return FEL_OK;
    }
    if (e->orders.n == e->orders.capacity) {
        FEL_TRY(array_reserve((void **)&e->orders.items, &e->orders.capacity, e->orders.n,
                              sizeof(e->orders.items[0])));
    }
    e->orders.n++;
    return FEL_OK;
}

/* Records and what is hashed of them are written field by field where they stay: a struct built
 * elsewhere and copied at once would wait for its own stores to land. Hashing is by the page. */
static void *hash_room(fel_engine *e, size_t size)
{
    if (e->hash_used + size > sizeof(e->hash_buffer)) {
        hasher_add(e->hash, e->hash_buffer, e->hash_used);
        e->hash_used = 0;
    }
    void *room = (unsigned char *)e->hash_buffer + e->hash_used;
    e->hash_used += size;
    return room;
}

/* One order's end as fixed words: what the order-list hash is made of. */
typedef struct hashed_order {
    uint64_t id, tag;
    int64_t submit_ns, end_ns;
    uint32_t instrument, state, reason, type;
    int32_t side, target_kind;
    double quantity, filled, price, limit, stop;
} hashed_order;

static void write_order(const fel_engine *e, const live_order *o, fel_order_record *r)
{
    const int is_trailing = (o->needs & ORDER_TRAILS) != 0;
    r->id = o->id;
    r->tag = o->tag;
    r->instrument = o->instrument;
    r->side = o->side;
    r->type = o->type;
    r->tif = o->tif;
    r->target_kind = o->target_kind;
    r->state = o->state;
    r->position_side = o->position_side;
    r->reserved = 0;
    r->trail_unit = (fel_trail_unit)(is_trailing ? o->trail_unit : 0);
    r->target_amount = o->target_amount;
    r->quantity = o->quantity;
    r->limit_price = o->limit;
    r->stop_price = o->stop;
    r->arrival_price = o->arrival;
    r->expire_time_ns = o->expire_ns;
    r->submit_time_ns = o->submit_ns;
    r->end_time_ns = e->ctx.now_ns;
    r->trail = is_trailing ? o->trail : (double)NAN;
    r->parent_id = o->parent_id;
    r->group = o->group;
}

void record_order_end(fel_engine *e, const live_order *o, fel_reason reason, double filled,
                      double price)
{
    hashed_order *h = hash_room(e, sizeof(*h));
    h->id = o->id;
    h->tag = o->tag;
    h->submit_ns = o->submit_ns;
    h->end_ns = e->ctx.now_ns;
    h->instrument = o->instrument;
    h->state = (uint32_t)o->state;
    h->reason = (uint32_t)reason;
    h->type = (uint32_t)o->type;
    h->side = (int32_t)o->side;
    h->target_kind = o->target_kind;
    h->quantity = o->quantity;
    h->filled = filled;
    h->price = price;
    h->limit = o->limit;
    h->stop = o->stop;
    if (e->config.record_orders) {
        fel_order_record *r = &e->orders.items[o->id - 1];
        write_order(e, o, r);
        r->reason = reason;
        r->filled = filled;
        r->average_price = price;
    }
}

typedef struct hashed_fill {
    uint64_t order_id;
    int64_t time_ns;
    uint64_t instrument;
    double quantity, price, fee_hi, fee_lo;
} hashed_fill;

fel_status record_fill_room(fel_engine *e, fel_fill_record **out)
{
    fill_list *list = &e->fills;
    const size_t used = e->config.record_orders ? list->n : 0;
    if (used == list->capacity) {
        FEL_TRY(
            array_reserve((void **)&list->items, &list->capacity, used, sizeof(list->items[0])));
    }
    *out = &list->items[used];
    list->n = e->config.record_orders ? used + 1 : 0;
    return FEL_OK;
}

void record_fill(fel_engine *e, const fel_fill_record *fill)
{
    hashed_fill *h = hash_room(e, sizeof(*h));
    h->order_id = fill->order_id;
    h->time_ns = fill->time_ns;
    h->instrument = fill->instrument;
    h->quantity = (double)fill->side * fill->quantity;
    h->price = fill->price;
    h->fee_hi = fill->fee.hi;
    h->fee_lo = fill->fee.lo;
    e->n_fills++;
}

/* A point at the instant or, of daily bars, on the day of the one before takes its place, or is
 * nothing new since the start. */
static int joins_last(fel_engine *e, const fel_equity_point *point)
{
    fel_equity_point *last = &e->equity.items[e->equity.n - 1];
    if (e->equity.n == 1) {
        return last->time_ns == point->time_ns && last->cash == point->cash &&
               point->gross_exposure == 0.0;
    }
    const int is_of_day = e->merge.is_daily && e->config.record == FEL_RECORD_DAILY &&
                          record_day_of(last->time_ns) == record_day_of(point->time_ns);
    if (last->time_ns != point->time_ns && !is_of_day) {
        return 0;
    }
    const double turnover = last->turnover, costs = last->costs;
    *last = *point;
    last->turnover += turnover;
    last->costs += costs;
    return 1;
}

/* Sums of the values of all positions, {net, gross}, in the order of instruments. Two at a time,
 * without branches: which of many are held is past guessing, and what is not held may have no price
 * yet. */
static pair sum_values(const fel_engine *e)
{
    const double *const position = e->position, *const price = e->last_price;
    const double *const multiplier = e->multiplier;
    const size_t n = e->n_instruments;
    const pair zero = {0.0, 0.0};
    pair sums = zero;
    for (size_t i = 0; i + 1 < n; i += 2) {
        const pair held = pair_load(position + i);
        const pair known = pair_where(held != zero, pair_load(price + i));
        const pair value = held * known * pair_load(multiplier + i);
        const pair size = pair_sizes(value);
        sums += pair_firsts(value, size);
        sums += pair_seconds(value, size);
    }
    if (n % 2 != 0 && position[n - 1] != 0.0) {
        const double value = position[n - 1] * price[n - 1] * multiplier[n - 1];
        sums += (pair){value, fabs(value)};
    }
    return sums;
}

/* Position values are summed as doubles here, a day or an event each: to some ulps of the exposure.
 * What is exact is the ledger and, from it, the final equity. */
fel_status record_equity(fel_engine *e, int64_t t)
{
    const pair sums = sum_values(e);
    const double net = sums[0], gross = sums[1];
    const double cash = fel_money_value(e->ledger.cash);
    const fel_equity_point point = {
        .time_ns = t,
        .equity = cash + net,
        .cash = e->account.has_variation ? fel_money_value(account_cash(e)) : cash,
        .gross_exposure = gross,
        .net_exposure = net,
        .turnover = e->ledger.turnover_since,
        .costs = e->ledger.costs_since,
        .margin = e->account.has_margin ? margin_total(e, MARGIN_MAINTENANCE) : 0.0,
    };
    e->ledger.turnover_since = 0.0;
    e->ledger.costs_since = 0.0;
    return e->equity.n > 0 && joins_last(e, &point) ? FEL_OK : ARRAY_PUSH(&e->equity, point);
}

int64_t record_day_of(int64_t t)
{
    const int64_t before = t - 1;
    int64_t day = before / FEL_NS_PER_DAY;
    day -= before % FEL_NS_PER_DAY < 0 ? 1 : 0;
    return (day + 1) * FEL_NS_PER_DAY;
}

fel_status record_day_close(fel_engine *e, int64_t t)
{
    const int is_scored = e->equity.n > 0 && e->first_ns < t;
    return is_scored && e->config.record == FEL_RECORD_DAILY ? record_equity(e, t) : FEL_OK;
}

fel_status record_day_end(fel_engine *e, int64_t t)
{
    const int64_t old_end = e->day_end_ns;
    const int64_t new_end = t == old_end ? old_end + FEL_NS_PER_DAY : record_day_of(t);
    /* A day counts from the first midnight after scoring began. */
    if (e->equity.n > 0 && e->first_ns < old_end) {
        if (e->config.record == FEL_RECORD_DAILY && !e->merge.is_daily) {
            FEL_TRY(record_equity(e, e->last_ns));
        }
        const int64_t n_days = (new_end - old_end) / FEL_NS_PER_DAY;
        if (e->account.has_day_work) {
            account_day_end(e, (double)n_days);
        } else {
            ledger_interest(e, (double)n_days);
        }
    }
    e->day_end_ns = new_end;
    return FEL_OK;
}

static void record_positions(fel_engine *e)
{
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const instrument_state *s = &e->inst[i];
        const int is_held = e->position[i] != 0.0;
        const fel_money value =
            money_value_of(e->position[i], is_held ? e->last_price[i] : 0.0, &s->unit);
        const fel_position_record record = {
            .instrument = i,
            .quantity = e->position[i],
            .last_price = e->last_price[i],
            .cost = s->cost,
            .realised = s->realised,
            .unrealised = money_sub(value, s->cost),
            .fees = s->fees,
            .dividends = s->dividends,
            .high_since = is_held ? e->high_since[i] : 0.0,
            .low_since = is_held ? e->low_since[i] : 0.0,
            .n_bars = inst_n_bars(s),
            .turnover = s->turnover,
            .borrow = s->borrow,
            .funding = s->funding,
        };
        e->positions[i] = record;
    }
}

fel_status record_result(fel_engine *e)
{
    if (e->last_ns != FEL_TIME_MIN) {
        FEL_TRY(record_equity(e, e->last_ns));
        e->equity.items[e->equity.n - 1].equity = fel_money_value(ledger_equity(e));
    }
    record_positions(e);
    fel_result *r = &e->result;
    memset(r, 0, sizeof(*r));
    r->instruments = e->instruments;
    r->n_instruments = e->n_instruments;
    r->orders = e->orders.items;
    r->n_orders = e->orders.n;
    r->fills = e->fills.items;
    r->n_fills = e->fills.n;
    r->equity = e->equity.items;
    r->n_equity = e->equity.n;
    r->positions = e->positions;
    ledger_waterfall(e, &r->waterfall);
    r->final_equity = ledger_equity(e);
    r->final_cash = account_cash(e);
    r->initial_cash = e->config.cash;
    r->turnover = e->ledger.turnover;
    r->worst_identity_error = e->ledger.worst_identity_error;
    r->n_events = 2 * e->n_bars + e->n_others;
    r->n_bars = e->n_bars;
    r->first_ns = e->first_ns;
    r->last_ns = e->last_ns;
    r->day_offset_ns = e->config.day_offset_ns;
    r->n_fills_total = e->n_fills;
    r->n_orders_total = e->next_order_id - 1;
    r->flags = e->flags;
    account_result(e);
    r->order_events = e->order_events.items;
    r->n_order_events = e->order_events.n;
    hasher_add(e->hash, e->hash_buffer, e->hash_used);
    e->hash_used = 0;
    hasher_text(e->hash, r->order_hash);
    return FEL_OK;
}
