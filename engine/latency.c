/* engine/latency.c - the way to the venue: what is made at t is there at t + latency.
 *
 * A latency is a function of the order's number and the settings alone. Until it is at the venue an
 * order is pending; what becomes of it there the strategy learns at once. */
#include <string.h>

#include "core/rng.h"
#include "engine/engine_internal.h"

enum { NEW = 0, CANCEL = 1 };

fel_status latency_check(const fel_latency *l)
{
    if ((unsigned)l->kind > FEL_LATENCY_SAMPLED || l->constant_ns < 0 ||
        (l->kind == FEL_LATENCY_SAMPLED && l->n_samples == 0)) {
        return FEL_RAISE(FEL_ERR_ARG, "a latency is none, constant and not negative, or sampled "
                                      "from at least one value");
    }
    for (size_t i = 0; l->kind == FEL_LATENCY_SAMPLED && i < l->n_samples; i++) {
        if (l->samples_ns[i] < 0) {
            return FEL_RAISE(FEL_ERR_RANGE, "latency %zu is %lld ns: negative", i + 1,
                             (long long)l->samples_ns[i]);
        }
    }
    return FEL_OK;
}

static const fel_latency *rule_of(const fel_engine *e, uint32_t instrument)
{
    const fel_engine_config *c = &e->config;
    for (size_t i = 0; i < c->n_instrument_latencies; i++) {
        if (strcmp(c->instrument_latencies[i].symbol, e->instruments[instrument].symbol) == 0) {
            return &c->instrument_latencies[i].latency;
        }
    }
    return &c->latency;
}

fel_status latency_create(fel_engine *e)
{
    e->latency = arena_array(&e->fixed, e->n_instruments, sizeof(void *));
    if (e->latency == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu latencies", e->n_instruments);
    }
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        const fel_latency *rule = rule_of(e, i);
        FEL_TRY(latency_check(rule));
        const int is_none = rule->kind == FEL_LATENCY_NONE ||
                            (rule->kind == FEL_LATENCY_CONSTANT && rule->constant_ns == 0);
        e->latency[i] = is_none ? NULL : rule;
        if (e->latency[i] != NULL && e->config.fill == FEL_FILL_SAME_CLOSE) {
            return FEL_RAISE(FEL_ERR_ARG, "fill same_close contradicts a latency: an order that "
                                          "takes time is too late for the close it answers");
        }
    }
    return FEL_OK;
}

static int64_t arrival_of(const fel_engine *e, const live_order *o, int what)
{
    const fel_latency *l = e->latency[o->instrument];
    int64_t latency_ns = l->constant_ns;
    if (l->kind == FEL_LATENCY_SAMPLED) {
        rng_stream r =
            rng_at(e->config.latency_seed, (UINT64_C(0x4c41) << 48) + 2 * o->id + (uint64_t)what);
        latency_ns = l->samples_ns[rng_below(&r, l->n_samples)];
    }
    const int64_t now_ns = e->ctx.now_ns;
    return latency_ns < FEL_TIME_MAX - now_ns ? now_ns + latency_ns : FEL_TIME_MAX;
}

void latency_begin(const fel_engine *e, live_order *o, uint64_t replaces)
{
    o->arrive_ns = arrival_of(e, o, NEW);
    o->replaces = replaces;
    const uint32_t old = venue_find(e, replaces);
    if (old != SLOT_NONE && e->pool.items[old].arrive_ns > o->arrive_ns) {
        o->arrive_ns = e->pool.items[old].arrive_ns; /* it does not overtake what it replaces */
    }
}

fel_status latency_cancel(fel_engine *e, uint32_t slot, fel_reason reason)
{
    const live_order *o = &e->pool.items[slot];
    int64_t at_ns = arrival_of(e, o, CANCEL);
    at_ns = at_ns > o->arrive_ns ? at_ns : o->arrive_ns;
    if (at_ns <= e->ctx.now_ns) {
        return venue_end(e, slot, FEL_ORDER_CANCELLED, reason);
    }
    const clock_item item = {.time_ns = at_ns, .id = o->id, .cancel = (uint64_t)reason};
    return clock_send(e, item);
}

/* ---- orders of an instrument on their way, and targets that wait -------------------------------
 */

static int is_target(const live_order *o)
{
    return o->target_kind >= 0 && o->cause == FEL_REASON_NONE && !o->is_forced;
}

/* The smaller id, if this one is of the instrument and lies between. */
static uint64_t smaller(const fel_engine *e, uint32_t slot, uint32_t instrument, uint64_t after,
                        uint64_t best)
{
    const live_order *o = &e->pool.items[slot];
    return o->instrument == instrument && o->id > after && o->id < best ? o->id : best;
}

static uint64_t next_in_flight(const fel_engine *e, uint32_t instrument, uint64_t after,
                               uint64_t best, int only_targets)
{
    const clock_list *list = &e->clock.messages;
    for (size_t i = 0; i < list->n; i++) {
        const uint32_t slot = venue_find(e, list->items[i].id);
        if (slot != SLOT_NONE && list->items[i].cancel == FEL_REASON_NONE &&
            (!only_targets || is_target(&e->pool.items[slot]))) {
            best = smaller(e, slot, instrument, after, best);
        }
    }
    return best;
}

/* The first id after `after` and before `best` of a target that waits, anywhere. */
static uint64_t next_target(const fel_engine *e, uint32_t instrument, uint64_t after, uint64_t best)
{
    best = next_in_flight(e, instrument, after, best, 1);
    for (size_t i = 0; i < e->pending.n; i++) {
        const uint32_t slot = e->pending.items[i];
        if (slot != SLOT_NONE && is_target(&e->pool.items[slot])) {
            best = smaller(e, slot, instrument, after, best);
        }
    }
    uint32_t slot = e->inst[instrument].live_first;
    for (; slot != SLOT_NONE; slot = e->pool.items[slot].next) {
        if (is_target(&e->pool.items[slot])) {
            best = smaller(e, slot, instrument, after, best);
        }
    }
    return best;
}

fel_status latency_cancel_targets(fel_engine *e, uint32_t instrument)
{
    const uint64_t end = e->next_order_id;
    uint64_t id = next_target(e, instrument, 0, end);
    for (; id < end; id = next_target(e, instrument, id, end)) {
        FEL_TRY(latency_cancel(e, venue_find(e, id), FEL_REASON_REPLACED));
    }
    return FEL_OK;
}

fel_status latency_end_flight(fel_engine *e, uint32_t instrument, fel_order_state state,
                              fel_reason reason)
{
    const uint64_t end = e->next_order_id;
    uint64_t id = next_in_flight(e, instrument, 0, end, 0);
    for (; id < end; id = next_in_flight(e, instrument, id, end, 0)) {
        FEL_TRY(venue_end(e, venue_find(e, id), state, reason));
    }
    return FEL_OK;
}

/* ---- at the venue ------------------------------------------------------------------------------
 */

fel_status latency_arrive(fel_engine *e, uint32_t *slot)
{
    live_order *o = &e->pool.items[*slot];
    const uint64_t id = o->id;
    const uint32_t instrument = o->instrument;
    if (o->arrive_ns > e->ctx.now_ns) {
        const clock_item item = {.time_ns = o->arrive_ns, .id = id};
        *slot = SLOT_NONE;
        return clock_send(e, item);
    }
    if (o->replaces != 0) {
        const uint32_t old = venue_find(e, o->replaces);
        if (old == SLOT_NONE && o->refused == FEL_REASON_NONE) {
            o->refused = FEL_REASON_OTHER_FILLED;
        }
        FEL_TRY(old != SLOT_NONE ? venue_end(e, old, FEL_ORDER_CANCELLED, FEL_REASON_REPLACED)
                                 : FEL_OK);
    } else if (is_target(o)) {
        uint64_t older = next_target(e, instrument, 0, id);
        for (; older < id; older = next_target(e, instrument, older, id)) {
            FEL_TRY(venue_end(e, venue_find(e, older), FEL_ORDER_CANCELLED, FEL_REASON_REPLACED));
        }
    }
    *slot = venue_find(e, id); /* a callback may have ended it */
    return FEL_OK;
}
