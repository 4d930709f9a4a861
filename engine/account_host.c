/* engine/account_host.c - what a strategy may ask about its margin and its legs. */
#include "engine/engine_internal.h"

static const fel_engine *engine_of(const fel_ctx *ctx)
{
    return (const fel_engine *)(const void *)ctx; /* the engine's first member */
}

double account_buying_power(const fel_ctx *ctx, uint32_t instrument)
{
    const fel_engine *e = engine_of(ctx);
    return instrument < e->n_instruments ? margin_buying_power(e, instrument) : 0.0;
}

double account_margin_used(const fel_ctx *ctx)
{
    const fel_engine *e = engine_of(ctx);
    return e->account.has_margin ? margin_total(e, MARGIN_INITIAL) : 0.0;
}

double account_maintenance_margin(const fel_ctx *ctx)
{
    const fel_engine *e = engine_of(ctx);
    return e->account.has_margin ? margin_total(e, MARGIN_MAINTENANCE) : 0.0;
}

int64_t account_margin_call_ns(const fel_ctx *ctx)
{
    const account_state *a = &engine_of(ctx)->account;
    return a->is_called ? a->calls.items[a->calls.n - 1].time_ns : FEL_TIME_MAX;
}

fel_status account_leg(const fel_ctx *ctx, uint32_t instrument, int32_t side, fel_leg *out)
{
    const fel_engine *e = engine_of(ctx);
    if (instrument >= e->n_instruments || (side != 1 && side != -1)) {
        return FEL_RAISE(FEL_ERR_ARG, "leg %d of instrument %u: 1 is long, -1 short; there are %zu",
                         side, instrument, e->n_instruments);
    }
    legs_describe(e, instrument, side, out);
    return FEL_OK;
}
