/* engine/risk_stop.c - what ends trading: a drawdown, a day's loss, the kill switch.
 *
 * Equity is looked at when an instant's bars have closed, before anything opens, and again after
 * the opens; what closes a position then is a market order, which finds its price by the rules of
 * any other. Only a run that asks for a stop looks. */
#include <math.h>

#include "engine/engine_internal.h"

void stop_start(fel_engine *e)
{
    const fel_risk_limits *r = &e->config.risk;
    const double cash = e->config.cash;
    const risk_stop fresh = {.peak = cash,
                             .day_start = cash,
                             .last = cash,
                             .day_ns = FEL_TIME_MIN,
                             .blocked = FEL_REASON_NONE,
                             .halted = FEL_REASON_NONE,
                             .is_watched = r->max_drawdown > 0.0 || r->max_day_loss > 0.0 ||
                                           e->config.halt_flag != NULL};
    e->stop = fresh;
}

/* A market order for what is held, which no rule refuses. */
static fel_status close_position(fel_engine *e, uint32_t instrument, fel_reason cause)
{
    live_order *o = NULL;
    FEL_TRY(venue_submit(e, instrument, &o));
    o->target_kind = FEL_TARGET_POSITION;
    o->side = e->position[instrument] > 0.0 ? FEL_SELL : FEL_BUY;
    o->cause = cause;
    return order_log(e, o, FEL_REASON_NONE, 0.0);
}

fel_status stop_halt(fel_engine *e, fel_reason reason, int closes_positions)
{
    e->stop.halted = reason;
    e->flags |= FEL_FLAG_HALTED;
    for (uint32_t i = 0; i < e->n_instruments; i++) {
        FEL_TRY(venue_end_all(e, i, FEL_ORDER_CANCELLED, reason));
    }
    for (uint32_t i = 0; i < e->n_instruments && closes_positions; i++) {
        FEL_TRY(e->position[i] != 0.0 ? close_position(e, i, reason) : FEL_OK);
    }
    return FEL_OK;
}

static int is_final(fel_reason reason)
{
    return reason == FEL_REASON_RISK_DRAWDOWN || reason == FEL_REASON_KILLED;
}

/* What a day's loss has cut off goes on. */
static void begin_day(fel_engine *e, int64_t day_ns)
{
    risk_stop *s = &e->stop;
    s->day_ns = day_ns;
    s->day_start = s->last;
    s->halted = is_final(s->halted) ? s->halted : FEL_REASON_NONE;
    s->blocked = is_final(s->blocked) ? s->blocked : FEL_REASON_NONE;
}

static fel_status act(fel_engine *e, fel_reason reason)
{
    risk_stop *s = &e->stop;
    if (e->config.risk.on_drawdown == FEL_ON_DRAWDOWN_FLATTEN) {
        return s->halted == reason ? FEL_OK : stop_halt(e, reason, 1);
    }
    s->blocked = reason;
    e->flags |= FEL_FLAG_HALTED;
    return FEL_OK;
}

/* Has a loss reached that share of what it is measured from? */
static int is_met(double share, double from, double equity)
{
    return share > 0.0 && !(from - equity < share * from);
}

fel_status stop_watch(fel_engine *e, int64_t day_ns)
{
    risk_stop *s = &e->stop;
    const fel_risk_limits *r = &e->config.risk;
    const double equity = fel_money_value(ledger_equity(e));
    if (day_ns != s->day_ns) {
        begin_day(e, day_ns);
    }
    s->last = equity;
    s->peak = fmax(s->peak, equity);
    const int flag = e->config.halt_flag != NULL ? *e->config.halt_flag : 0;
    if (flag != 0 && s->halted != FEL_REASON_KILLED) {
        return stop_halt(e, FEL_REASON_KILLED, flag == 2);
    }
    if (is_final(s->halted) || is_final(s->blocked)) {
        return FEL_OK;
    }
    if (is_met(r->max_drawdown, s->peak, equity)) {
        return act(e, FEL_REASON_RISK_DRAWDOWN);
    }
    return is_met(r->max_day_loss, s->day_start, equity) ? act(e, FEL_REASON_RISK_DAY_LOSS)
                                                         : FEL_OK;
}
