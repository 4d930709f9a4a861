/* study/study_merge.c - results of windows that follow one another, as one result.
 *
 * Each window starts with the equity that the one before ended with and holds nothing at its ends,
 * so equity chains without a seam; ids and bar numbers go on counting. Sums of money are added
 * exactly. */
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

typedef struct order_list {
    fel_order_record *items;
    size_t n, capacity;
} order_list;
typedef struct fill_list {
    fel_fill_record *items;
    size_t n, capacity;
} fill_list;
typedef struct point_list {
    fel_equity_point *items;
    size_t n, capacity;
} point_list;

typedef struct event_list {
    fel_order_event *items;
    size_t n, capacity;
} event_list;
typedef struct call_list {
    fel_margin_call *items;
    size_t n, capacity;
} call_list;

struct walk_merge {
    fel_result result;
    event_list events;
    order_list orders;
    fill_list fills;
    point_list points;
    call_list calls;
    fel_position_record *positions;
    fel_instrument *instruments;
    hasher *hash;
    size_t n_results;
};

fel_status walk_merge_create(walk_merge **out)
{
    walk_merge *merge = calloc(1, sizeof(*merge));
    if (merge == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the windows' result");
    }
    const fel_status status = hasher_create(&merge->hash);
    if (status != FEL_OK) {
        free(merge);
        return status;
    }
    *out = merge;
    return FEL_OK;
}

void walk_merge_destroy(walk_merge *merge)
{
    if (merge == NULL) {
        return;
    }
    free(merge->orders.items);
    free(merge->fills.items);
    free(merge->events.items);
    free(merge->points.items);
    free(merge->calls.items);
    free(merge->positions);
    free(merge->instruments);
    hasher_destroy(merge->hash);
    free(merge);
}

static fel_status begin(walk_merge *merge, const fel_result *first)
{
    const size_t n = first->n_instruments;
    merge->positions = calloc(n + 1, sizeof(*merge->positions));
    merge->instruments = calloc(n + 1, sizeof(*merge->instruments));
    if (merge->positions == NULL || merge->instruments == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu instruments", n);
    }
    memcpy(merge->instruments, first->instruments, n * sizeof(*merge->instruments));
    merge->result.n_instruments = n;
    merge->result.initial_cash = first->initial_cash;
    merge->result.first_ns = first->first_ns;
    merge->result.day_offset_ns = first->day_offset_ns;
    return FEL_OK;
}

/* Orders keep their order; their numbers go on from the window before. */
static fel_status add_orders(walk_merge *merge, const fel_result *from, uint64_t first_id)
{
    for (size_t i = 0; i < from->n_orders; i++) {
        fel_order_record order = from->orders[i];
        order.id += first_id;
        order.parent_id += order.parent_id > 0 ? first_id : 0;
        FEL_TRY(ARRAY_PUSH(&merge->orders, order));
    }
    return FEL_OK;
}

static fel_status add_events(walk_merge *merge, const fel_result *from, uint64_t first_id)
{
    for (size_t i = 0; i < from->n_order_events; i++) {
        fel_order_event event = from->order_events[i];
        event.order_id += first_id;
        FEL_TRY(ARRAY_PUSH(&merge->events, event));
    }
    return FEL_OK;
}

static fel_status add_fills(walk_merge *merge, const fel_result *from, uint64_t first_id,
                            const uint64_t *first_bars)
{
    for (size_t i = 0; i < from->n_fills; i++) {
        fel_fill_record fill = from->fills[i];
        fill.order_id += fill.order_id > 0 ? first_id : 0;
        fill.bar_index += first_bars[fill.instrument];
        FEL_TRY(ARRAY_PUSH(&merge->fills, fill));
    }
    return FEL_OK;
}

/* A window's first point repeats the last of the one before. */
static fel_status add_points(walk_merge *merge, const fel_result *from)
{
    for (size_t i = merge->points.n > 0 ? 1 : 0; i < from->n_equity; i++) {
        const fel_equity_point *point = &from->equity[i];
        if (merge->points.n > 1 &&
            merge->points.items[merge->points.n - 1].time_ns >= point->time_ns) {
            continue;
        }
        FEL_TRY(ARRAY_PUSH(&merge->points, *point));
    }
    return FEL_OK;
}

static void add_positions(walk_merge *merge, const fel_result *from, const uint64_t *first_bars)
{
    for (size_t i = 0; i < from->n_instruments; i++) {
        fel_position_record *to = &merge->positions[i];
        const fel_position_record old = *to;
        *to = from->positions[i];
        to->realised = money_add(old.realised, to->realised);
        to->fees = money_add(old.fees, to->fees);
        to->dividends = money_add(old.dividends, to->dividends);
        to->borrow = money_add(old.borrow, to->borrow);
        to->funding = money_add(old.funding, to->funding);
        to->n_bars += first_bars[i];
        to->turnover += old.turnover;
    }
}

static void add_waterfall(fel_waterfall *to, const fel_waterfall *from)
{
    to->gross = money_add(to->gross, from->gross);
    to->delay = money_add(to->delay, from->delay);
    for (size_t i = 0; i < FEL_COST_N_LINES; i++) {
        to->lines[i] = money_add(to->lines[i], from->lines[i]);
    }
    to->dividends = money_add(to->dividends, from->dividends);
    to->interest = money_add(to->interest, from->interest);
    to->net = money_add(to->net, from->net);
    to->borrow = money_add(to->borrow, from->borrow);
    to->funding = money_add(to->funding, from->funding);
}

static void add_totals(fel_result *to, const fel_result *from)
{
    add_waterfall(&to->waterfall, &from->waterfall);
    to->final_equity = from->final_equity;
    to->final_cash = from->final_cash;
    to->turnover += from->turnover;
    to->worst_identity_error = from->worst_identity_error > to->worst_identity_error
                                   ? from->worst_identity_error
                                   : to->worst_identity_error;
    to->n_events += from->n_events;
    to->n_bars += from->n_bars;
    to->last_ns = from->last_ns;
    to->n_fills_total += from->n_fills_total;
    to->n_orders_total += from->n_orders_total;
    to->flags |= from->flags;
}

fel_status walk_merge_add(walk_merge *merge, const fel_result *result, const uint64_t *first_bars)
{
    if (merge->n_results == 0) {
        FEL_TRY(begin(merge, result));
    }
    const uint64_t first_id = merge->orders.n;
    FEL_TRY(add_orders(merge, result, first_id));
    FEL_TRY(add_events(merge, result, first_id));
    FEL_TRY(add_fills(merge, result, first_id, first_bars));
    FEL_TRY(add_points(merge, result));
    for (size_t i = 0; i < result->n_margin_calls; i++) {
        FEL_TRY(ARRAY_PUSH(&merge->calls, result->margin_calls[i]));
    }
    add_positions(merge, result, first_bars);
    add_totals(&merge->result, result);
    hasher_add(merge->hash, result->order_hash, sizeof(result->order_hash));
    merge->n_results++;
    return FEL_OK;
}

const fel_result *walk_merge_result(walk_merge *merge, uint32_t flags)
{
    fel_result *r = &merge->result;
    r->flags |= flags;
    r->instruments = merge->instruments;
    r->orders = merge->orders.items;
    r->n_orders = merge->orders.n;
    r->fills = merge->fills.items;
    r->n_fills = merge->fills.n;
    r->order_events = merge->events.items;
    r->n_order_events = merge->events.n;
    r->equity = merge->points.items;
    r->n_equity = merge->points.n;
    r->positions = merge->positions;
    r->margin_calls = merge->calls.items;
    r->n_margin_calls = merge->calls.n;
    hasher_text(merge->hash, r->order_hash);
    return r;
}
