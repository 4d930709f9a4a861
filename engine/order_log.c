/* engine/order_log.c - every change of every order, one after the other, where a run keeps them. */
#include "engine/engine_internal.h"

fel_status order_log(fel_engine *e, const live_order *o, fel_reason reason, double filled)
{
    if (!e->config.record_order_events) {
        return FEL_OK;
    }
    const fel_order_event event = {.order_id = o->id,
                                   .time_ns = e->ctx.now_ns,
                                   .instrument = o->instrument,
                                   .state = o->state,
                                   .reason = reason,
                                   .quantity = o->quantity,
                                   .filled = filled};
    return ARRAY_PUSH(&e->order_events, event);
}
