/* tests/oracle/test_backtrader.c - backtrader's scenarios: the same changes of the same orders in
 * the same sequence, the same fills, round trips and equity after every bar.
 *
 * Where its rules are not ours by default an option names them: `limit: touch`, `cash_short:
 * reject` with `cash_check: at_submission`, `slip_range: in_bar`. Its Order.Close is our
 * market-on-close. A recorded "bar" (from 1) is the one whose close the strategy is told at: what
 * was decided on the bar before, and what this bar has filled or ended. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/report.h>

#include "core/number.h"
#include "tests/oracle/scenario_bars.h"

#define RECORDED "oracles/backtrader/scenarios.json"
#define BARS                                                                                       \
    "data/vendor/mementum__backtrader/data"                                                        \
    "s/2006-day-001.txt.gz"

enum { SMA_BARS = 15, FIRST_BAR = 16 };

/* ---- the strategies ---------------------------------------------------------------------------
 */

typedef struct scenario {
    const char *name;
    double cash, fee_bps, slippage_bps;
    fel_order_type type; /* of entries and exits */
    double entry_factor, exit_factor;
    int64_t entry_days, exit_days; /* 0: until cancelled */
    int reverses, is_monthly;
} scenario;

static const scenario *current;

typedef struct cross {
    size_t n_bars;
    int sign, month;
} cross;

static double to_cents(double price)
{
    char text[64];
    double value = (double)NAN;
    (void)snprintf(text, sizeof(text), "%.2f", price);
    CHECK(number_parse(text, &value));
    return value;
}

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    return ctx->host->keep_history(ctx, SMA_BARS);
}

/* One unit; a price near the close, good for some calendar days. */
static fel_status put(fel_ctx *ctx, fel_side side, double factor, int64_t days)
{
    fel_order order = fel_order_default(0, side, 1.0);
    order.type = current->type;
    order.limit_price = order.stop_price = to_cents(ctx->last_price[0] * factor);
    if (days > 0) {
        order.tif = FEL_TIF_GTD;
        order.expire_time_ns = ctx->now_ns + DAYS(days);
    }
    return fel_submit(ctx, &order, NULL);
}

static fel_status on_cross(fel_ctx *ctx, int up)
{
    const double held = ctx->position[0];
    if (current->reverses) {
        const fel_side side = up ? FEL_BUY : FEL_SELL;
        FEL_TRY(held * (double)side < 0.0 ? put(ctx, side, 1.0, 0) : FEL_OK);
        return put(ctx, side, 1.0, 0);
    }
    if (ctx->host->open_orders(ctx, 0) > 0 || (up != 0) != (held == 0.0)) {
        return FEL_OK;
    }
    return up ? put(ctx, FEL_BUY, current->entry_factor, current->entry_days)
              : put(ctx, FEL_SELL, current->exit_factor, current->exit_days);
}

/* A share of equity, which the close's price rounds down to whole units; no costs in it. */
static fel_status rebalance(fel_ctx *ctx, int month)
{
    const double target = (0.20 + 0.05 * month) * ctx->host->equity(ctx);
    const double value = ctx->position[0] * ctx->last_price[0];
    const double units = floor(fabs(target - value) / ctx->last_price[0]);
    const fel_order order = fel_order_default(0, target > value ? FEL_BUY : FEL_SELL, units);
    return units > 0.0 ? fel_submit(ctx, &order, NULL) : FEL_OK;
}

static int month_of(int64_t close_ns)
{
    char day[16];
    double month = 0.0;
    fel_day_format(close_ns - 1, day, sizeof(day));
    day[7] = '\0';
    CHECK(number_parse(day + 5, &month));
    return (int)month;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    cross *c = state;
    const fel_cvec closes = ctx->host->history(ctx, 0, FEL_FIELD_CLOSE, SMA_BARS);
    double sum = 0.0;
    if (++c->n_bars < SMA_BARS) {
        return FEL_OK;
    }
    for (size_t i = 0; i < closes.len; i++) {
        sum += closes.data[i];
    }
    const double above = bar->close - sum / SMA_BARS;
    const int before = c->sign, month = month_of(bar->close_time_ns), month_before = c->month;
    c->sign = above > 0.0 ? 1 : above < 0.0 ? -1 : c->sign;
    if (c->n_bars < FIRST_BAR) {
        return FEL_OK;
    }
    c->month = month;
    if (current->is_monthly) {
        return month != month_before ? rebalance(ctx, month) : FEL_OK;
    }
    return before * c->sign < 0 ? on_cross(ctx, c->sign > 0) : FEL_OK;
}

static const fel_strategy crosser = {.struct_size = sizeof(fel_strategy),
                                     .name = "crosser",
                                     .summary = "a moving average's crosses",
                                     .state_size = sizeof(cross),
                                     .on_start = on_start,
                                     .on_bar = on_bar};

/* ---- comparing ---------------------------------------------------------------------------------
 */

static const char *status_of(const fel_order_event *event)
{
    switch (event->state) {
    case FEL_ORDER_PENDING:
        return "Submitted";
    case FEL_ORDER_LIVE:
        return "Accepted";
    case FEL_ORDER_FILLED:
        return "Completed";
    case FEL_ORDER_EXPIRED:
        return "Expired";
    case FEL_ORDER_REJECTED:
        return event->reason == FEL_REASON_NO_CASH ? "Margin" : "Rejected";
    case FEL_ORDER_CANCELLED:
        return "Canceled";
    }
    return "?";
}

/* The bar that had closed last, from 1. */
static size_t bars_known(const scenario_bars *bars, int64_t time_ns)
{
    size_t n = 0;
    while (n < bars->n && bars->close_ns[n] <= time_ns) {
        n++;
    }
    return n;
}

static double number_of(const json_t *row, const char *key)
{
    return oracle_number(json_object_get(row, key));
}

static size_t fill_of(const fel_result *r, uint64_t id)
{
    size_t i = 0;
    while (i < r->n_fills && r->fills[i].order_id != id) {
        i++;
    }
    return i;
}

static void check_order(const fel_result *r, const fel_order_event *event, const json_t *row)
{
    static const char *const types[] = {
        [FEL_ORDER_MARKET] = "Market",
        [FEL_ORDER_LIMIT] = "Limit",
        [FEL_ORDER_STOP] = "Stop",
        [FEL_ORDER_MARKET_ON_CLOSE] = "Close",
    };
    const fel_order_record *o = &r->orders[event->order_id - 1];
    const size_t fill = fill_of(r, event->order_id);
    const double price = o->type == FEL_ORDER_LIMIT  ? o->limit_price
                         : o->type == FEL_ORDER_STOP ? o->stop_price
                                                     : o->arrival_price;
    CHECK_TEXT(status_of(event), json_string_value(json_object_get(row, "status")));
    CHECK_TEXT(types[o->type], json_string_value(json_object_get(row, "type")));
    CHECK_REL(o->quantity * (double)o->side, number_of(row, "size"), 1e-15);
    CHECK_REL(price, number_of(row, "price"), 1e-15);
    if (event->state == FEL_ORDER_FILLED && fill < r->n_fills) {
        CHECK_REL(r->fills[fill].price, number_of(row, "exec_price"), 1e-14);
        CHECK_REL(r->fills[fill].quantity * (double)r->fills[fill].side,
                  number_of(row, "exec_size"), 1e-15);
        CHECK_NEAR(fel_money_value(r->fills[fill].fee), number_of(row, "comm"), 1e-11);
        CHECK_REL((double)r->fills[fill].bar_index, number_of(row, "bar") - 1.0, 0.0);
    }
}

/* Every change in its turn; ours has one more for an order that the run's end leaves open. */
static void check_orders(const fel_result *r, const scenario_bars *bars, const json_t *rows)
{
    size_t n = r->n_order_events;
    while (n > 0 && r->order_events[n - 1].reason == FEL_REASON_END_OF_RUN) {
        n--;
    }
    CHECK_INT(n, json_array_size(rows));
    for (size_t i = 0; i < n && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const fel_order_event *event = &r->order_events[i];
        const double known = (double)bars_known(bars, event->time_ns);
        CHECK_REL((double)event->order_id, number_of(row, "ref") + 1.0, 0.0);
        check_order(r, event, row);
        if (event->state != FEL_ORDER_FILLED) {
            CHECK_REL(known, number_of(row, "bar") - 1.0, 0.0);
        }
    }
}

static void check_trades(const fel_result *r, const scenario_bars *bars, const json_t *rows)
{
    fel_trade *trades = NULL;
    size_t n = 0, n_closed = 0;
    CHECK_OK(fel_trades_match(r, &trades, &n));
    for (size_t i = 0; i < n && !trades[i].is_open; i++) {
        const json_t *row = json_array_get(rows, i);
        const fel_trade *t = &trades[i];
        char day[16];
        n_closed++;
        CHECK_REL(t->entry_price, number_of(row, "price"), 1e-14);
        CHECK_NEAR(fel_money_value(t->pnl), number_of(row, "pnlcomm"), 1e-9);
        CHECK_NEAR(fel_money_value(t->fees), number_of(row, "comm"), 1e-11);
        CHECK_REL((double)(t->exit_bar - t->entry_bar), number_of(row, "bars"), 0.0);
        fel_day_format(bars->close_ns[t->entry_bar] - 1, day, sizeof(day));
        CHECK(strncmp(day, json_string_value(json_object_get(row, "open")), 10) == 0);
        fel_day_format(bars->close_ns[t->exit_bar] - 1, day, sizeof(day));
        CHECK(strncmp(day, json_string_value(json_object_get(row, "close")), 10) == 0);
    }
    CHECK_INT(n_closed, json_array_size(rows));
    free(trades);
}

static void check_equity(const fel_result *r, const scenario_bars *bars, const json_t *rows)
{
    double held = 0.0;
    size_t fill = 0;
    CHECK_INT(json_array_size(rows), bars->n);
    for (size_t i = 0; i < bars->n; i++) {
        const json_t *row = json_array_get(rows, i);
        const fel_equity_point point = scenario_point(r, bars->close_ns[i]);
        for (; fill < r->n_fills && r->fills[fill].time_ns <= bars->close_ns[i]; fill++) {
            if (r->fills[fill].bar_index <= i) {
                held = r->fills[fill].position_after;
            } else {
                break; /* at the open of the next bar, which is this instant */
            }
        }
        CHECK_REL(point.equity, oracle_number(json_array_get(row, 1)), 1e-13);
        CHECK_REL(point.cash, oracle_number(json_array_get(row, 2)), 1e-13);
        CHECK_REL(held, oracle_number(json_array_get(row, 3)), 0.0);
    }
}

static const json_t *find_run(const json_t *runs, const char *name)
{
    for (size_t i = 0; i < json_array_size(runs); i++) {
        const json_t *one = json_array_get(runs, i);
        if (strcmp(json_string_value(json_object_get(one, "name")), name) == 0) {
            return one;
        }
    }
    return NULL;
}

static fel_engine_config config_of(const scenario *s)
{
    fel_engine_config config = checked_config();
    config.record = FEL_RECORD_DAILY;
    config.record_order_events = 1;
    config.limit = FEL_LIMIT_TOUCH;
    config.cash_short = FEL_CASH_REJECT;
    config.cash_check = FEL_CASH_AT_SUBMISSION;
    config.slip_range = FEL_SLIP_IN_BAR;
    config.cash = s->cash;
    config.fees[0] = cost_of("percent", s->fee_bps, 0.0);
    config.slippage[0] = cost_of("bps", s->slippage_bps, 0.0);
    return config;
}

static void check_scenario(const scenario *s)
{
    scenario_bars bars;
    json_t *runs = oracle_json(RECORDED);
    if (runs == NULL || !scenario_bars_read(&bars, BARS, 1)) {
        json_decref(runs);
        SKIP("../shared/" RECORDED " is absent");
    }
    const json_t *recorded = find_run(runs, s->name);
    market m = {0};
    const fel_engine_config config = config_of(s);
    current = s;
    scenario_market(&m, &bars, 0.0);
    run r = run_market(&m, &config, &crosser, NULL);
    check_orders(r.result, &bars, json_object_get(recorded, "orders"));
    check_trades(r.result, &bars, json_object_get(recorded, "trades"));
    check_equity(r.result, &bars, json_object_get(recorded, "equity"));
    CHECK_REL(fel_money_value(r.result->final_equity), number_of(recorded, "final_value"), 1e-13);
    CHECK_REL(fel_money_value(r.result->final_cash), number_of(recorded, "final_cash"), 1e-13);
    CHECK_REL(r.result->positions[0].quantity, number_of(recorded, "final_position"), 0.0);
    run_clear(&r);
    market_clear(&m);
    scenario_bars_clear(&bars);
    json_decref(runs);
}

static void test_market_orders(void)
{
    const scenario s = {.name = "sma_cross_long", .cash = 10000};
    check_scenario(&s);
}

static void test_market_orders_with_commission(void)
{
    const scenario s = {.name = "sma_cross_pct_commission", .cash = 10000, .fee_bps = 10};
    check_scenario(&s);
}

static void test_slippage_that_stays_in_the_bar(void)
{
    const scenario s = {.name = "sma_cross_slip_perc", .cash = 10000, .slippage_bps = 10};
    check_scenario(&s);
}

static void test_reversals_by_two_orders(void)
{
    const scenario s = {.name = "long_short", .cash = 10000, .fee_bps = 5, .reverses = 1};
    check_scenario(&s);
}

static void test_limits_that_expire(void)
{
    const scenario s = {.name = "limit",
                        .cash = 10000,
                        .type = FEL_ORDER_LIMIT,
                        .entry_factor = 0.99,
                        .exit_factor = 1.005,
                        .entry_days = 10,
                        .exit_days = 5};
    check_scenario(&s);
}

static void test_stops(void)
{
    const scenario s = {.name = "stop",
                        .cash = 10000,
                        .type = FEL_ORDER_STOP,
                        .entry_factor = 1.005,
                        .exit_factor = 0.995,
                        .entry_days = 10};
    check_scenario(&s);
}

static void test_orders_at_the_close(void)
{
    const scenario s = {.name = "close_orders", .cash = 10000, .type = FEL_ORDER_MARKET_ON_CLOSE};
    check_scenario(&s);
}

static void test_a_monthly_share_of_equity(void)
{
    const scenario s = {
        .name = "monthly_rebalance", .cash = 100000, .fee_bps = 10, .is_monthly = 1};
    check_scenario(&s);
}

static void test_orders_that_the_cash_does_not_pay_at_submission(void)
{
    const scenario s = {.name = "margin_reject", .cash = 3700};
    check_scenario(&s);
}

SUITE("oracle/backtrader", TEST(test_market_orders), TEST(test_market_orders_with_commission),
      TEST(test_slippage_that_stays_in_the_bar), TEST(test_reversals_by_two_orders),
      TEST(test_limits_that_expire), TEST(test_stops), TEST(test_orders_at_the_close),
      TEST(test_a_monthly_share_of_equity),
      TEST(test_orders_that_the_cash_does_not_pay_at_submission));
