/* engine/link.c - orders that depend on others: held back until a parent ends, or cancelled when
 * another of their group has filled.
 *
 * The list of linked orders is walked only when one of them ends. What a walk ends or sets free may
 * end others in turn, from callbacks too: walks nest, and ids, not places, say who is who. */
#include <math.h>

#include "engine/engine_internal.h"

/* Forget those that have ended. Never while a walk counts on places. */
static void drop_ended(fel_engine *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->linked.n && e->n_linking == 0; i++) {
        if (venue_find(e, e->linked.items[i]) != SLOT_NONE) {
            e->linked.items[n++] = e->linked.items[i];
        }
    }
    e->linked.n = e->n_linking == 0 ? n : e->linked.n;
}

fel_status link_join(fel_engine *e, uint32_t slot)
{
    if (e->linked.n == e->linked.capacity) {
        drop_ended(e);
    }
    live_order *o = &e->pool.items[slot];
    FEL_TRY(ARRAY_PUSH(&e->linked, o->id));
    o->needs |= ORDER_LINKED;
    if (o->parent == 0) {
        return FEL_OK;
    }
    const uint32_t parent = o->parent < o->id ? venue_find(e, o->parent) : SLOT_NONE;
    if (parent == SLOT_NONE) {
        o->parent = 0;
        o->refused = FEL_REASON_BAD_ORDER;
        return FEL_OK;
    }
    e->pool.items[parent].needs |= ORDER_LINKED;
    o->whole = o->quantity;
    e->pending.n--;
    return FEL_OK;
}

/* What of a child's quantity belongs to `filled` units of its parent, less what another of its
 * group has taken. */
static double share_of(const live_order *o, const live_order *parent, double filled)
{
    const double share =
        o->whole == parent->quantity ? filled : o->whole * (filled / parent->quantity);
    return share - (o->whole - o->quantity);
}

double link_room(const fel_engine *e, const live_order *o)
{
    const uint32_t slot = venue_find(e, o->parent);
    if (slot == SLOT_NONE) {
        return (double)INFINITY;
    }
    const live_order *parent = &e->pool.items[slot];
    const double room = share_of(o, parent, parent->filled) - o->filled;
    return room > 1e-9 * o->whole ? room : 0.0;
}

static fel_status release(fel_engine *e, uint32_t slot)
{
    live_order *o = &e->pool.items[slot];
    o->arrival = e->last_price[o->instrument];
    o->is_released = 1;
    return ARRAY_PUSH(&e->pending, slot);
}

fel_status link_release(fel_engine *e, uint64_t id)
{
    for (size_t i = 0; i < e->linked.n; i++) {
        const uint32_t slot = venue_find(e, e->linked.items[i]);
        const int is_held = slot != SLOT_NONE && e->pool.items[slot].parent == id;
        if (is_held && !e->pool.items[slot].is_released) {
            FEL_TRY(release(e, slot));
        }
    }
    return FEL_OK;
}

/* The parent's end sets a child free, or ends it. One that was free already for a part may have
 * done all that there is. */
static fel_status end_parent(fel_engine *e, uint32_t slot, const live_order *parent, double filled)
{
    live_order *o = &e->pool.items[slot];
    o->parent = 0;
    if (!(filled > 0.0)) {
        return venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_PARENT_ENDED);
    }
    o->quantity = share_of(o, parent, filled);
    if (!o->is_released) {
        return release(e, slot);
    }
    if (o->quantity - o->filled > 1e-9 * o->whole) {
        return FEL_OK;
    }
    return o->filled > 0.0 ? venue_end(e, slot, FEL_ORDER_FILLED, FEL_REASON_FILLED)
                           : venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_OTHER_FILLED);
}

fel_status link_ended(fel_engine *e, const live_order *ended, double filled)
{
    const int cancels = ended->group != 0 && ended->state == FEL_ORDER_FILLED;
    fel_status status = FEL_OK;
    if (e->is_stopping) {
        return FEL_OK; /* the end of the run is the others' end, too */
    }
    e->n_linking++;
    for (size_t i = 0; i < e->linked.n && status == FEL_OK; i++) {
        const uint32_t slot = venue_find(e, e->linked.items[i]);
        if (slot == SLOT_NONE) {
            continue;
        }
        const live_order *o = &e->pool.items[slot];
        if (cancels && o->group == ended->group) {
            status = venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_OTHER_FILLED);
        } else if (o->parent == ended->id) {
            status = end_parent(e, slot, ended, filled);
        }
    }
    e->n_linking--;
    return status;
}

fel_status link_filled_part(fel_engine *e, uint64_t id, uint64_t group, double quantity)
{
    fel_status status = FEL_OK;
    e->n_linking++;
    for (size_t i = 0; i < e->linked.n && status == FEL_OK; i++) {
        const uint32_t slot = venue_find(e, e->linked.items[i]);
        if (slot == SLOT_NONE || e->linked.items[i] == id || e->pool.items[slot].group != group) {
            continue;
        }
        live_order *o = &e->pool.items[slot];
        const double left = o->quantity - o->filled - quantity;
        if (left > 1e-9 * o->quantity) {
            o->quantity -= quantity;
        } else {
            status = venue_end(e, slot, FEL_ORDER_CANCELLED, FEL_REASON_OTHER_FILLED);
        }
    }
    e->n_linking--;
    return status;
}

fel_status link_end_held(fel_engine *e, uint32_t instrument, fel_order_state state,
                         fel_reason reason)
{
    const size_t n = e->linked.n; /* not those that callbacks make now */
    fel_status status = FEL_OK;
    e->n_linking++;
    for (size_t i = 0; i < n && status == FEL_OK; i++) {
        const uint32_t slot = venue_find(e, e->linked.items[i]);
        if (slot != SLOT_NONE && e->pool.items[slot].parent != 0 &&
            e->pool.items[slot].instrument == instrument) {
            status = venue_end(e, slot, state, reason);
        }
    }
    e->n_linking--;
    return status;
}
