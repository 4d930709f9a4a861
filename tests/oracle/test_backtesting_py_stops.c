/* tests/oracle/test_backtesting_py_stops.c - what backtesting.py's suite asserts of stops: one that
 * is moved bar by bar, and entries whose stop is near. */
#include <math.h>
#include <stdlib.h>

#include <feller/report.h>

#include "tests/oracle/scenario_bars.h"

#define ASSERTED "oracles/backtesting_py/test_suite_expected.json"
#define BARS     "data/vendor/kernc__backtesting.py/backtesting/test/GOOG.csv.gz"

static double number_of(const json_t *row, const char *key)
{
    return oracle_number(json_object_get(row, key));
}

/* ---- a stop that follows the close at three average true ranges ---------------------------------
 */

enum { RANGE_BARS = 40, SMA_BARS = 10 };

typedef struct trailer {
    size_t n_bars;
    uint64_t stop_id;
    double stop;
} trailer;

static const scenario_bars *trailed;

static double true_range(size_t i)
{
    const double *bar = trailed->rows + i * FEL_BAR_COLUMNS;
    const double before = trailed->rows[(i - 1) * FEL_BAR_COLUMNS + 3];
    return fmax(bar[1] - bar[2], fmax(fabs(before - bar[1]), fabs(before - bar[2])));
}

/* Of the bars up to i; before there are enough, of the first that are: its look ahead. */
static double average_range(size_t i)
{
    const size_t last = i < RANGE_BARS ? RANGE_BARS : i;
    double sum = 0.0;
    for (size_t k = last + 1 - RANGE_BARS; k <= last; k++) {
        sum += true_range(k);
    }
    return sum / RANGE_BARS;
}

static double mean_close(const fel_ctx *ctx)
{
    const fel_cvec closes = ctx->host->history(ctx, 0, FEL_FIELD_CLOSE, SMA_BARS);
    double sum = 0.0;
    for (size_t i = 0; i < closes.len; i++) {
        sum += closes.data[i];
    }
    return sum / SMA_BARS;
}

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    return ctx->host->keep_history(ctx, SMA_BARS);
}

static fel_status move_stop(trailer *t, fel_ctx *ctx, double stop)
{
    fel_order order = fel_order_default(0, FEL_SELL, ctx->position[0]);
    order.type = FEL_ORDER_STOP;
    order.stop_price = stop;
    if (t->stop_id == 0) {
        t->stop = stop;
        return fel_submit(ctx, &order, &t->stop_id);
    }
    if (!(stop > t->stop)) {
        return FEL_OK;
    }
    t->stop = stop;
    return ctx->host->replace(ctx, t->stop_id, &order, &t->stop_id);
}

static fel_status trail_on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    trailer *t = state;
    const double mean = mean_close(ctx);
    if (++t->n_bars <= SMA_BARS) {
        return FEL_OK;
    }
    if (ctx->position[0] > 0.0) {
        return move_stop(t, ctx, bar->close - 3.0 * average_range(t->n_bars - 1));
    }
    t->stop_id = 0;
    return bar->close > mean ? ctx->host->target(ctx, 0, FEL_TARGET_SPEND, 1.0, NULL) : FEL_OK;
}

static const fel_strategy trailer_strategy = {.struct_size = sizeof(fel_strategy),
                                              .name = "trailer",
                                              .summary = "a stop that follows the close",
                                              .state_size = sizeof(trailer),
                                              .on_start = on_start,
                                              .on_bar = trail_on_bar};

/* Its suite counts the one that is open at the end, too, which it closes there. */
static double count_trades(const fel_result *r)
{
    fel_trade *trades = NULL;
    size_t n = 0;
    CHECK_OK(fel_trades_match(r, &trades, &n));
    free(trades);
    return (double)n;
}

static run run_goog(const scenario_bars *bars, market *m, const fel_strategy *strategy)
{
    fel_engine_config config = checked_config();
    config.cash = 10000.0;
    scenario_market(m, bars, 0.0);
    return run_market(m, &config, strategy, NULL);
}

static void test_a_stop_that_is_replaced_bar_by_bar(void)
{
    scenario_bars bars;
    market m = {0};
    json_t *file = oracle_json(ASSERTED);
    if (file == NULL || !scenario_bars_read(&bars, BARS, 0)) {
        json_decref(file);
        SKIP("../shared/" ASSERTED " is absent");
    }
    trailed = &bars;
    run r = run_goog(&bars, &m, &trailer_strategy);
    CHECK_REL(count_trades(r.result),
              number_of(json_object_get(file, "other_asserts"),
                        "TrailingStrategy trades (GOOG, not finalized)"),
              0.0);
    run_clear(&r);
    market_clear(&m);
    scenario_bars_clear(&bars);
    json_decref(file);
}

/* ---- entries with a stop, in and out on one day
 * -------------------------------------------------- */

typedef struct ticket {
    size_t bar; /* of the decision, from 1 */
    double stop, loss, profit;
} ticket;

static const ticket *issued;

static fel_status ticket_on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    size_t *n_bars = state;
    uint64_t ids[3] = {0, 0, 0};
    (void)bar;
    if (++*n_bars != issued->bar) {
        return FEL_OK;
    }
    fel_order entry = fel_order_default(0, FEL_BUY, 10.0);
    entry.type = issued->stop > 0.0 ? FEL_ORDER_STOP : FEL_ORDER_MARKET;
    entry.stop_price = issued->stop;
    return fel_submit_bracket(ctx, &entry, issued->profit, issued->loss, ids);
}

static const fel_strategy ticket_strategy = {.struct_size = sizeof(fel_strategy),
                                             .name = "ticket",
                                             .summary = "one entry with its exits",
                                             .state_size = sizeof(size_t),
                                             .on_bar = ticket_on_bar};

static void check_ticket(const ticket *one, double entry_price, double exit_price, size_t bars_held)
{
    scenario_bars bars;
    market m = {0};
    if (!scenario_bars_read(&bars, BARS, 0)) {
        SKIP("../shared/" BARS " is absent");
    }
    issued = one;
    run r = run_goog(&bars, &m, &ticket_strategy);
    CHECK(r.result->n_fills >= 2);
    if (r.result->n_fills >= 2) {
        CHECK_REL(r.result->fills[0].price, entry_price, 1e-15);
        CHECK_REL(r.result->fills[1].price, exit_price, 1e-15);
        CHECK_INT(r.result->fills[1].bar_index - r.result->fills[0].bar_index, bars_held);
    }
    run_clear(&r);
    market_clear(&m);
    scenario_bars_clear(&bars);
}

/* In at the open, 755.54, and out at the stop on the same day. */
static void test_a_stop_ends_a_position_on_its_first_day(void)
{
    const ticket one = {.bar = 2058, .loss = 720.0, .profit = 1e6};
    check_ticket(&one, 755.54, 720.0, 0);
}

/* In inside the day; its low came to the stop, but who knows when: out at the next open. */
static void test_a_position_of_an_entry_stop_ends_at_the_next_open(void)
{
    const ticket one = {.bar = 2058, .stop = 758.0, .loss = 720.0, .profit = 1e6};
    check_ticket(&one, 758.0, 705.58, 1);
}

static void test_an_entry_stop_with_both_exits(void)
{
    const ticket one = {.bar = 15, .stop = 104.0, .loss = 103.0, .profit = 110.0};
    check_ticket(&one, 104.0, 110.0, 2);
}

SUITE("oracle/backtesting_py_stops", TEST(test_a_stop_that_is_replaced_bar_by_bar),
      TEST(test_a_stop_ends_a_position_on_its_first_day),
      TEST(test_a_position_of_an_entry_stop_ends_at_the_next_open),
      TEST(test_an_entry_stop_with_both_exits));
