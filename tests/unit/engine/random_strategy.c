/* tests/unit/engine/random_strategy.c - orders of every kind at random, from every callback. */
#include <stdlib.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

enum { MAX_TRACKED = 1 << 16, CHOICES = 8 };

typedef struct player {
    rng_stream numbers;
    uint64_t last_id; /* an order of this instrument */
} player;

typedef struct random_state {
    player *players; /* by instrument */
} random_state;

static random_play play;
static uint64_t n_ended, n_ended_twice;
static unsigned char ended[MAX_TRACKED];

void random_play_use(const random_play *new_play)
{
    play = *new_play;
}

uint64_t random_ended(void)
{
    return n_ended;
}

uint64_t random_ended_twice(void)
{
    return n_ended_twice;
}

static uint64_t stream_of(const char *symbol)
{
    uint64_t hash = 1469598103934665603u;
    for (; *symbol != '\0'; symbol++) {
        hash = (hash ^ (unsigned char)*symbol) * 1099511628211u;
    }
    return hash;
}

static fel_status on_start(void *state, fel_ctx *ctx)
{
    random_state *self = state;
    self->players = ctx->host->alloc(ctx, ctx->n_instruments * sizeof(player));
    for (size_t i = 0; self->players != NULL && i < ctx->n_instruments; i++) {
        self->players[i].numbers = rng_at(play.seed, stream_of(ctx->instruments[i].symbol));
    }
    n_ended = n_ended_twice = 0;
    for (size_t i = 0; i < MAX_TRACKED; i++) {
        ended[i] = 0;
    }
    return self->players != NULL ? FEL_OK : ctx->host->fail(ctx, "no memory");
}

static fel_order random_order(rng_stream *r, const fel_ctx *ctx, uint32_t instrument)
{
    const double last = ctx->last_price[instrument];
    const double units = play.scale * (double)(1 + rng_below(r, 40)) * 0.5;
    const fel_side side = rng_below(r, 2) == 0 ? FEL_BUY : FEL_SELL;
    fel_order order = fel_order_default(instrument, side, units);
    const uint64_t type = rng_below(r, 9), tif = rng_below(r, 5);
    const double limit = last * (1.0 + 0.015 * rng_normal(r));
    const double stop = last * (1.0 + 0.015 * rng_normal(r));
    const int64_t later_ns = (int64_t)rng_below(r, (uint64_t)DAYS(4));
    order.type = play.no_resting ? FEL_ORDER_MARKET : (fel_order_type)type;
    order.tif = order.type > FEL_ORDER_LIMIT && tif > 2 ? FEL_TIF_GTC : (fel_tif)tif;
    order.limit_price = limit;
    order.stop_price = stop;
    order.expire_time_ns = ctx->now_ns + later_ns;
    order.tag = rng_next(r);
    order.trail_unit = (fel_trail_unit)rng_below(r, 2);
    order.trail =
        order.trail_unit == FEL_TRAIL_PERCENT ? 3.0 * rng_uniform(r) : 0.03 * rng_uniform(r) * last;
    order.position_side = play.uses_legs ? (int32_t)rng_below(r, 3) - 1 : 0;
    return order;
}

/* One act; a cancel or replace of what has ended already is no failure of the run. */
static fel_status act(fel_ctx *ctx, player *p, uint32_t instrument)
{
    rng_stream *r = &p->numbers;
    const uint64_t choice = rng_below(r, CHOICES);
    fel_order order = random_order(r, ctx, instrument);
    const double amount = play.scale * (double)((int64_t)rng_below(r, 41) - 20);
    const double weight = rng_uniform(r) * 1.2 - 0.2;
    uint64_t id = 0;
    fel_status status = FEL_OK;
    if (choice == 0 && rng_below(r, 3) == 0) {
        uint64_t ids[3] = {0, 0, 0};
        const double last = ctx->last_price[instrument];
        const double lower = last * (1.0 - 0.02 * rng_uniform(r));
        const double upper = last * (1.0 + 0.02 * rng_uniform(r));
        status = fel_submit_bracket(ctx, &order, upper, lower, ids);
        id = ids[rng_below(r, 3)];
    } else if (choice < 3) {
        order.group = rng_below(r, 3) == 0 ? 1 + rng_below(r, 4) + 1000000 * instrument : 0;
        order.parent_id = rng_below(r, 4) == 0 ? p->last_id : 0;
        status = ctx->host->submit(ctx, &order, &id);
    } else if (choice < 5 || (play.no_weights && choice == 5)) {
        status = ctx->host->target(ctx, instrument, FEL_TARGET_POSITION, amount, &id);
    } else if (choice == 5) {
        status = ctx->host->target(ctx, instrument,
                                   order.side == FEL_BUY ? FEL_TARGET_WEIGHT : FEL_TARGET_SPEND,
                                   weight / (double)ctx->n_instruments, &id);
    } else if (choice == 6 && play.may_halt && rng_below(r, 60) == 0) {
        status = ctx->host->halt(ctx, order.side == FEL_BUY);
    } else if (choice == 6) {
        (void)ctx->host->cancel(ctx, p->last_id);
    } else {
        (void)ctx->host->replace(ctx, p->last_id, &order, &id);
    }
    p->last_id = id != 0 ? id : p->last_id;
    return status;
}

static fel_status maybe_act(void *state, fel_ctx *ctx, uint32_t instrument, double chance)
{
    const random_state *self = state;
    player *p = &self->players[instrument];
    return rng_uniform(&p->numbers) < chance ? act(ctx, p, instrument) : FEL_OK;
}

static fel_status maybe_set_timer(void *state, fel_ctx *ctx, uint32_t instrument)
{
    rng_stream *r = &((random_state *)state)->players[instrument].numbers;
    if (!play.uses_timers || rng_below(r, 3) != 0) {
        return FEL_OK;
    }
    const int64_t later_ns = 1 + (int64_t)rng_below(r, (uint64_t)DAYS(2));
    if (rng_below(r, 20) == 0) {
        (void)ctx->host->cancel_timer(ctx, instrument);
        return FEL_OK;
    }
    return ctx->host->set_timer(ctx, ctx->now_ns + later_ns, instrument);
}

static fel_status on_timer(void *state, fel_ctx *ctx, const fel_timer *timer)
{
    return maybe_act(state, ctx, (uint32_t)timer->tag, play.activity);
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    FEL_TRY(maybe_set_timer(state, ctx, bar->instrument));
    return maybe_act(state, ctx, bar->instrument, play.activity);
}

static fel_status on_signal(void *state, fel_ctx *ctx, const fel_signal *signal)
{
    return signal->value > 1.0 ? maybe_act(state, ctx, signal->instrument, 1.0) : FEL_OK;
}

static fel_status on_fill(void *state, fel_ctx *ctx, const fel_fill *fill)
{
    return maybe_act(state, ctx, fill->instrument, 0.2);
}

static fel_status on_order(void *state, fel_ctx *ctx, const fel_order_update *update)
{
    if (update->state >= FEL_ORDER_FILLED) {
        n_ended++;
        n_ended_twice += update->order_id < MAX_TRACKED && ended[update->order_id]++ > 0;
    }
    return maybe_act(state, ctx, update->instrument, 0.05);
}

static fel_status on_corporate_action(void *state, fel_ctx *ctx, const fel_action *action)
{
    return maybe_act(state, ctx, action->instrument, 0.5);
}

const fel_strategy random_strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "random",
    .summary = "orders at random",
    .state_size = sizeof(random_state),
    .on_start = on_start,
    .on_bar = on_bar,
    .on_timer = on_timer,
    .on_signal = on_signal,
    .on_order = on_order,
    .on_fill = on_fill,
    .on_corporate_action = on_corporate_action,
};
