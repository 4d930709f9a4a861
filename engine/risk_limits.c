/* engine/risk_limits.c - limits that reject orders: how many, how large, and what they lead to.
 *
 * Exposure is looked at when a trade is about to be made, with its quantity and price: so that
 * several resting orders, each within the limits, cannot break them together. */
#include <math.h>

#include "engine/engine_internal.h"

fel_status risk_check(const fel_risk_limits *r)
{
    const struct {
        const char *name;
        double value;
    } limits[] = {{"max_gross", r->max_gross},       {"max_net", r->max_net},
                  {"max_position", r->max_position}, {"max_order", r->max_order},
                  {"max_drawdown", r->max_drawdown}, {"max_day_loss", r->max_day_loss}};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        if (!(limits[i].value >= 0.0) || !isfinite(limits[i].value)) {
            return FEL_RAISE(FEL_ERR_RANGE, "risk %s = %g; it must not be negative", limits[i].name,
                             limits[i].value);
        }
    }
    if (r->max_drawdown > 1.0 || r->max_day_loss > 1.0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "risk max_drawdown = %g, max_day_loss = %g; a loss is at "
                         "most 1",
                         r->max_drawdown, r->max_day_loss);
    }
    if (r->max_orders > 0 && r->interval_ns <= 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "risk max_orders = %u needs an interval above zero",
                         r->max_orders);
    }
    return FEL_OK;
}

int risk_is_any(const fel_risk_limits *r)
{
    return r->max_drawdown > 0.0 || r->max_day_loss > 0.0 || r->max_gross > 0.0 ||
           r->max_net > 0.0 || r->max_position > 0.0 || r->max_order > 0.0;
}

fel_reason risk_count_order(fel_engine *e)
{
    const fel_risk_limits *r = &e->config.risk;
    const int64_t now_ns = e->ctx.now_ns;
    const int64_t past_ns = now_ns % r->interval_ns;
    const int64_t from_ns = now_ns - past_ns - (past_ns < 0 ? r->interval_ns : 0);
    if (from_ns != e->rate_from_ns) {
        e->rate_from_ns = from_ns;
        e->n_rate = 0;
    }
    if (e->n_rate == r->max_orders) {
        return FEL_REASON_RISK_RATE;
    }
    e->n_rate++;
    return FEL_REASON_NONE;
}

typedef struct exposure {
    double net, gross;
} exposure;

/* Of all positions but one. */
static exposure exposure_without(const fel_engine *e, uint32_t instrument)
{
    exposure sum = {0.0, 0.0};
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        if (i != instrument && e->position[i] != 0.0) {
            const double value = e->position[i] * e->last_price[i] * e->multiplier[i];
            sum.net += value;
            sum.gross += fabs(value);
        }
    }
    return sum;
}

/* Beyond a share of equity, by more than rounding? */
static int is_beyond(double value, double share, double equity)
{
    return share > 0.0 && !(value <= share * equity * (1.0 + 1e-9));
}

fel_reason risk_refuse(const fel_engine *e, const trade *t)
{
    const fel_risk_limits *r = &e->config.risk;
    const double held = e->position[t->instrument];
    const double after = held + t->quantity;
    if (fabs(after) <= fabs(held)) {
        return FEL_REASON_NONE;
    }
    if (e->stop.blocked != FEL_REASON_NONE) {
        return e->stop.blocked;
    }
    const double equity = fel_money_value(ledger_equity(e));
    const double unit = t->reference * e->multiplier[t->instrument];
    const exposure others = exposure_without(e, t->instrument);
    const double net_before = fabs(others.net + held * unit);
    const double net = fabs(others.net + after * unit);
    if (is_beyond(fabs(t->quantity * unit), r->max_order, equity)) {
        return FEL_REASON_RISK_ORDER;
    }
    if (is_beyond(fabs(after * unit), r->max_position, equity)) {
        return FEL_REASON_RISK_POSITION;
    }
    if (is_beyond(others.gross + fabs(after * unit), r->max_gross, equity)) {
        return FEL_REASON_RISK_GROSS;
    }
    return net > net_before && is_beyond(net, r->max_net, equity) ? FEL_REASON_RISK_NET
                                                                  : FEL_REASON_NONE;
}
