/* engine/clock.c - instants that the run makes itself: timers that a strategy has set, and messages
 * that reach the venue after a while.
 *
 * Both wait in heaps by (instant, order of their making). None makes an instant before the first
 * row or after the last one. */
#include "engine/engine_internal.h"

/* ---- heaps ------------------------------------------------------------------------------------
 */

static int is_before(const clock_item *a, const clock_item *b)
{
    return a->time_ns != b->time_ns ? a->time_ns < b->time_ns : a->number < b->number;
}

static void sift_up(clock_list *list, size_t k)
{
    const clock_item item = list->items[k];
    while (k > 0 && is_before(&item, &list->items[(k - 1) / 2])) {
        list->items[k] = list->items[(k - 1) / 2];
        k = (k - 1) / 2;
    }
    list->items[k] = item;
}

static void sift_down(clock_list *list, size_t k)
{
    const clock_item item = list->items[k];
    for (;;) {
        size_t child = 2 * k + 1;
        if (child >= list->n) {
            break;
        }
        if (child + 1 < list->n && is_before(&list->items[child + 1], &list->items[child])) {
            child++;
        }
        if (!is_before(&list->items[child], &item)) {
            break;
        }
        list->items[k] = list->items[child];
        k = child;
    }
    list->items[k] = item;
}

static fel_status clock_push(fel_engine *e, clock_list *list, clock_item item)
{
    item.number = e->clock.n_set++;
    FEL_TRY(ARRAY_PUSH(list, item));
    sift_up(list, list->n - 1);
    clock_plan(e);
    return FEL_OK;
}

static clock_item clock_pop(fel_engine *e, clock_list *list)
{
    const clock_item first = list->items[0];
    list->items[0] = list->items[--list->n];
    if (list->n > 0) {
        sift_down(list, 0);
    }
    e->clock.n_struck++;
    return first;
}

/* ---- the next instant ------------------------------------------------------------------------ */

static int64_t head_ns(const fel_engine *e, const clock_list *list)
{
    if (list->n == 0) {
        return FEL_TIME_MAX;
    }
    const int64_t t = list->items[0].time_ns;
    return t > e->clock.first_row_ns ? t : e->clock.first_row_ns;
}

void clock_plan(fel_engine *e)
{
    const int64_t instants[] = {head_ns(e, &e->clock.timers), head_ns(e, &e->clock.messages)};
    int64_t next = e->next_expiry_ns;
    for (size_t i = 0; i < sizeof(instants) / sizeof(instants[0]); i++) {
        next = instants[i] < next ? instants[i] : next;
    }
    e->clock.next_ns = next;
    e->attention_ns = next < e->attention_ns ? next : e->attention_ns;
}

void clock_start(fel_engine *e)
{
    e->clock.timers.n = e->clock.messages.n = 0;
    e->clock.n_set = e->clock.n_struck = 0;
    e->clock.first_row_ns = FEL_TIME_MIN;
    e->clock.next_ns = e->next_expiry_ns = FEL_TIME_MAX;
}

void clock_destroy(fel_engine *e)
{
    free(e->clock.timers.items);
    free(e->clock.messages.items);
}

/* ---- timers ------------------------------------------------------------------------------------
 */

fel_status clock_set_timer(fel_ctx *ctx, int64_t time_ns, uint64_t tag)
{
    fel_engine *e = (fel_engine *)(void *)ctx;
    if (e->is_stopping) {
        return FEL_RAISE(FEL_ERR_ARG, "no timers in on_stop");
    }
    if (time_ns <= ctx->now_ns || time_ns == FEL_TIME_MAX) {
        return FEL_RAISE(FEL_ERR_ARG, "a timer for %lld is not later than now, %lld",
                         (long long)time_ns, (long long)ctx->now_ns);
    }
    const clock_item item = {.time_ns = time_ns, .id = tag};
    return clock_push(e, &e->clock.timers, item);
}

fel_status clock_cancel_timer(fel_ctx *ctx, uint64_t tag)
{
    fel_engine *e = (fel_engine *)(void *)ctx;
    clock_list *list = &e->clock.timers;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].id != tag) {
            list->items[n++] = list->items[i];
        }
    }
    if (n == list->n) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no timer with tag %llu", (unsigned long long)tag);
    }
    list->n = n;
    for (size_t i = n / 2; i-- > 0;) {
        sift_down(list, i);
    }
    clock_plan(e);
    return FEL_OK;
}

/* Those that callbacks set now are later than t. */
static fel_status strike_timers(fel_engine *e, int64_t t)
{
    clock_list *list = &e->clock.timers;
    while (list->n > 0 && list->items[0].time_ns <= t) {
        const clock_item item = clock_pop(e, list);
        const fel_timer timer = {.time_ns = item.time_ns, .tag = item.id};
        FEL_TRY(e->strategy->on_timer == NULL ? FEL_OK
                                              : e->strategy->on_timer(e->state, &e->ctx, &timer));
    }
    return FEL_OK;
}

fel_status clock_send(fel_engine *e, clock_item item)
{
    return clock_push(e, &e->clock.messages, item);
}

static fel_status strike_messages(fel_engine *e, int64_t t)
{
    clock_list *list = &e->clock.messages;
    while (list->n > 0 && list->items[0].time_ns <= t) {
        const clock_item item = clock_pop(e, list);
        const uint32_t slot = venue_find(e, item.id);
        if (slot == SLOT_NONE) {
            continue; /* too late */
        }
        FEL_TRY(item.cancel == FEL_REASON_NONE
                    ? ARRAY_PUSH(&e->pending, slot)
                    : venue_end(e, slot, FEL_ORDER_CANCELLED, (fel_reason)item.cancel));
    }
    return FEL_OK;
}

fel_status clock_strike(fel_engine *e, int64_t t)
{
    FEL_TRY(strike_timers(e, t));
    FEL_TRY(strike_messages(e, t));
    clock_plan(e);
    return FEL_OK;
}
