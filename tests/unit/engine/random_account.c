/* tests/unit/engine/random_account.c - a random account over a random market under random rules,
 * and what must hold of it. */
#include "tests/unit/engine/random_account.h"

#include <math.h>
#include <stdio.h>

#include "core/money.h"
#include "core/rng.h"

market random_account_market(uint64_t seed)
{
    market m = {0};
    rng_stream r = rng_at(seed, 5);
    m.block_rows = rng_below(&r, 2) == 0 ? 0 : 1 + rng_below(&r, 50);
    const uint64_t n = 1 + rng_below(&r, 4);
    for (uint64_t i = 0; i < n; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, 40 + rng_below(&r, 160),
                                               rng_below(&r, 2) == 0 ? FEL_NS_PER_DAY : HOURS(4));
        bars.is_uneven = (int)rng_below(&r, 2);
        bars.ticks_per_unit = rng_below(&r, 2) == 0 ? 0.0 : 100.0;
        bars.lot = rng_below(&r, 3) == 0 ? 1.0 : 0.0;
        bars.is_variation = rng_below(&r, 4) == 0;
        bars.no_borrow = rng_below(&r, 6) == 0;
        bars.borrow_rate_per_year = rng_below(&r, 3) == 0 ? 0.02 : 0.0;
        market_add_random(&m, symbol, &bars);
        if (rng_below(&r, 3) == 0) {
            market_add_random_signals(&m, symbol, &bars);
        }
        if (rng_below(&r, 3) == 0) {
            market_add_action(&m, symbol, DAYS(9) + HOURS(4), FEL_SPLIT, i % 2 == 0 ? 3.0 : 0.5);
            market_add_action(&m, symbol, DAYS(12), FEL_DIVIDEND, 0.3125);
        }
    }
    return m;
}

/* Of the net; a leg may be closed into the other's excess. */
static int is_closing(const fel_fill_record *f)
{
    const double after = f->position_after;
    const double before = after - (double)f->side * f->quantity;
    return f->position_side != 0 || (fabs(after) < fabs(before) && after * before >= 0.0);
}

static void count_account(const fel_result *r, random_counts *n)
{
    size_t n_opening = 0;
    n->fills += r->n_fills;
    n->ruined += (r->flags & FEL_FLAG_RUINED) != 0;
    n->calls += r->n_margin_calls;
    n->borrows += fel_money_value(r->waterfall.borrow) > 0.0;
    for (size_t i = 0; i < r->n_fills; i++) {
        n->liquidations += r->fills[i].reason == FEL_REASON_MARGIN_CALL;
        n_opening += r->fills[i].reason == FEL_REASON_MARGIN_CALL && !is_closing(&r->fills[i]);
        n->legs += r->fills[i].position_side != 0;
    }
    CHECK_INT(n_opening, 0);
    for (size_t k = 0; k < r->n_margin_calls; k++) {
        const fel_margin_call *c = &r->margin_calls[k];
        CHECK(c->equity < c->maintenance && c->time_ns <= c->due_ns && c->time_ns <= c->end_ns);
    }
}

void check_legs(const fel_result *r)
{
    for (size_t i = 0; r->legs != NULL && i < r->n_instruments; i++) {
        const fel_leg_record *l = &r->legs[2 * i], *s = &r->legs[2 * i + 1];
        const fel_position_record *p = &r->positions[i];
        const fel_money of_legs =
            money_add(money_add(l->realised, l->unrealised), money_add(s->realised, s->unrealised));
        const fel_money of_net = money_add(p->realised, p->unrealised);
        const double scale = r->initial_cash + p->turnover;
        CHECK(l->quantity >= 0.0 && s->quantity >= 0.0);
        CHECK_NEAR(l->quantity - s->quantity, p->quantity, 1e-9);
        CHECK_NEAR(fel_money_value(money_sub(of_legs, of_net)), 0.0, 1e-14 * scale);
    }
}

/* Pending, then what it lived through, then what its record says of its end. */
static void check_events(const fel_result *r)
{
    size_t n_wrong = 0, n_ends = 0;
    uint64_t n_seen = 0;
    for (size_t i = 0; i < r->n_order_events; i++) {
        const fel_order_event *event = &r->order_events[i];
        const fel_order_record *order = &r->orders[event->order_id - 1];
        const int is_new = event->order_id > n_seen;
        n_seen = is_new ? event->order_id : n_seen;
        n_wrong += (is_new != (event->state == FEL_ORDER_PENDING));
        n_wrong += i > 0 && event->time_ns < event[-1].time_ns;
        if (event->state >= FEL_ORDER_FILLED) {
            n_ends++;
            n_wrong += event->state != order->state || event->reason != order->reason ||
                       event->filled != order->filled || event->time_ns != order->end_time_ns;
        }
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(n_ends, r->n_orders);
    CHECK_INT(n_seen, r->n_orders);
}

void check_random_account(uint64_t seed, random_counts *n)
{
    market m = random_account_market(seed);
    const int is_wild = seed % 3 == 0; /* trades far beyond its means, which ruins some */
    fel_engine_config config = random_config(seed);
    const int is_levered = seed % 3 == 1; /* as much as the margin allows */
    if (is_levered) {
        config.account.kind = FEL_ACCOUNT_MARGIN;
        config.account.margin[FEL_FX] = config.account.margin[FEL_FUTURE] =
            (fel_margin_rate){0.1, 0.08, 0.09};
    }
    if (is_wild || is_levered) {
        config.risk = fel_engine_config_default().risk;
        config.volume_limit = 0.0;
    }
    config.slip_range = (fel_slip_range)(seed % 2);
    config.record_order_events = 1;
    const random_play play = {.seed = seed,
                              .activity = 0.4,
                              .scale = is_levered ? 300.0
                                       : is_wild  ? 100.0
                                                  : 1.0,
                              .may_halt = !is_wild && !is_levered,
                              .uses_legs = config.account.position_mode == FEL_POSITIONS_HEDGING};
    random_play_use(&play);
    run r = run_market(&m, &config, &random_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
        check_events(r.result);
        CHECK_INT(random_ended_twice(), 0);
        /* Those that the end of the run ends are not told. */
        uint64_t n_told = 0;
        for (size_t i = 0; i < r.result->n_orders; i++) {
            n_told += r.result->orders[i].reason != FEL_REASON_END_OF_RUN;
        }
        CHECK_INT(random_ended(), n_told);
        CHECK(r.result->worst_identity_error <= 1e-7);
        check_legs(r.result);
        count_account(r.result, n);
    }
    run_clear(&r);
    market_clear(&m);
}
