/* tests/unit/engine/test_order_links.c - brackets, one cancels the other, one triggers the other:
 * who goes to the venue, when, and what becomes of the rest. */
#include <stdio.h>

#include "tests/unit/engine/engine_fixture.h"

/* A bracket at the close of day 1, then whatever the bars do. */
static fel_order entry;
static double take_profit, stop_loss;
static uint64_t cancelled_id; /* on day 2; 0: none */

static fel_status bracket_on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    uint64_t ids[3] = {7, 7, 7};
    if (bar->close_time_ns == DAYS(1)) {
        FEL_TRY(fel_submit_bracket(ctx, &entry, take_profit, stop_loss, ids));
        CHECK_INT(ids[0], 1);
        CHECK_INT(ids[2], 3);
        CHECK_INT(ctx->host->open_orders(ctx, 0), 3);
    }
    return bar->close_time_ns == DAYS(2) && cancelled_id != 0 ? ctx->host->cancel(ctx, cancelled_id)
                                                              : FEL_OK;
}

static const fel_strategy bracket_strategy = {.struct_size = sizeof(fel_strategy),
                                              .name = "bracket",
                                              .state_size = 1,
                                              .on_bar = bracket_on_bar};

static void check_ends(const fel_result *r, const char *expected)
{
    char text[400] = "";
    size_t used = 0;
    for (size_t i = 0; i < r->n_orders; i++) {
        const fel_order_record *o = &r->orders[i];
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %g at %g on %g",
                                 i > 0 ? ", " : "", fel_reason_name(o->reason), o->filled,
                                 o->filled > 0.0 ? o->average_price : 0.0,
                                 (double)o->end_time_ns / (double)FEL_NS_PER_DAY);
    }
    CHECK_TEXT(text, expected);
}

static void run_bracket(const ohlc *bars, size_t n, fel_bar_path path, const char *expected)
{
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, bars, n);
    fel_engine_config config = checked_config();
    config.path = path;
    run r = run_market(&m, &config, &bracket_strategy, NULL);
    check_ends(r.result, expected);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

static void use_bracket(fel_order_type type, double limit, uint64_t cancels)
{
    entry = fel_order_default(0, FEL_BUY, 4.0);
    entry.type = type;
    entry.limit_price = limit;
    take_profit = 106.0;
    stop_loss = 97.0;
    cancelled_id = cancels;
}

/* The case of docs/engine.md: in at 101; the bar reaches both legs. */
static void test_the_path_decides_which_leg_of_a_bracket_is_first(void)
{
    const ohlc bars[] = {{100, 100, 100, 100}, {101, 107, 96, 100}, {100, 101, 99, 100}};
    use_bracket(FEL_ORDER_MARKET, 0.0, 0);
    run_bracket(bars, 3, FEL_PATH_PESSIMISTIC,
                "filled 4 at 101 on 1, other_filled 0 at 0 on 2, filled 4 at 97 on 2");
    run_bracket(bars, 3, FEL_PATH_OHLC,
                "filled 4 at 101 on 1, filled 4 at 106 on 2, other_filled 0 at 0 on 2");
}

/* In at 98 inside bar 1, which goes to 96 and to 107 as well: the legs begin with bar 2. */
static void test_legs_of_an_entry_inside_a_bar_begin_with_the_next(void)
{
    const ohlc bars[] = {
        {100, 100, 100, 100}, {101, 107, 96, 100}, {100, 101, 99, 100}, {107, 108, 105, 106}};
    use_bracket(FEL_ORDER_LIMIT, 98.0, 0);
    run_bracket(bars, 4, FEL_PATH_OHLC,
                "filled 4 at 98 on 2, filled 4 at 107 on 3, other_filled 0 at 0 on 3");
}

static void test_an_entry_that_never_fills_ends_its_legs(void)
{
    const ohlc bars[] = {{100, 100, 100, 100}, {101, 107, 96, 100}, {100, 101, 99, 100}};
    use_bracket(FEL_ORDER_LIMIT, 90.0, 1);
    run_bracket(bars, 3, FEL_PATH_OHLC,
                "cancelled_by_strategy 0 at 0 on 2, parent_ended 0 at 0 on 2, "
                "parent_ended 0 at 0 on 2");
    use_bracket(FEL_ORDER_LIMIT, 90.0, 0);
    run_bracket(bars, 3, FEL_PATH_OHLC,
                "end_of_run 0 at 0 on 3, end_of_run 0 at 0 on 3, end_of_run 0 at 0 on 3");
}

/* A leg that is taken back leaves the other where it is. */
static void test_a_leg_that_is_cancelled_leaves_the_other(void)
{
    const ohlc bars[] = {{100, 100, 100, 100}, {101, 103, 99, 100}, {100, 101, 96, 100}};
    use_bracket(FEL_ORDER_MARKET, 0.0, 2);
    run_bracket(bars, 3, FEL_PATH_OHLC,
                "filled 4 at 101 on 1, cancelled_by_strategy 0 at 0 on 2, filled 4 at 97 on 3");
}

/* What the cash cuts in the entry is cut in the legs: 1,000,000 buys 8,000 at 125. */
static void test_legs_are_as_large_as_what_was_bought(void)
{
    const ohlc bars[] = {{100, 100, 100, 100}, {125, 126, 124, 125}, {100, 101, 96, 100}};
    use_bracket(FEL_ORDER_MARKET, 0.0, 0);
    take_profit = 150.0;
    entry.quantity = 16000.0;
    run_bracket(bars, 3, FEL_PATH_OHLC,
                "filled 8000 at 125 on 1, other_filled 0 at 0 on 3, filled 8000 at 97 on 3");
}

#define LINKED(side_, quantity_, limit_, parent_, group_)                                          \
    {                                                                                              \
        .struct_size = sizeof(fel_order), .side = (side_), .type = FEL_ORDER_LIMIT,                \
        .quantity = (quantity_), .limit_price = (limit_), .parent_id = (parent_),                  \
        .group = (group_)                                                                          \
    }

/* Three of a group: the first to fill ends both others. A parent that has ended is none. */
static void test_groups_and_parents_by_number(void)
{
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    const ohlc bars[] = {{100, 100, 100, 100}, {100, 101, 97, 99}, {99, 105, 94, 100}};
    market_add_days(&m, &info, 0, bars, 3);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LINKED(FEL_BUY, 1, 95, 0, 9)},
           {.event = ON_BAR, .at = DAYS(1), .order = LINKED(FEL_BUY, 2, 98, 0, 9)},
           {.event = ON_BAR, .at = DAYS(1), .order = LINKED(FEL_SELL, 2, 104, 0, 9)},
           {.event = ON_BAR, .at = DAYS(1), .order = LINKED(FEL_SELL, 2, 103, 2, 0)},
           {.event = ON_BAR, .at = DAYS(2), .order = LINKED(FEL_SELL, 2, 103, 2, 0)},
           {.event = ON_BAR, .at = DAYS(2), .order = LINKED(FEL_SELL, 2, 103, 99, 0)});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order2:live@1 order3:live@1 order2:filled:filled@2 "
               "order1:cancelled:other_filled@2 order3:cancelled:other_filled@2 order4:live@2 "
               "order5:rejected:bad_order@2 order6:rejected:bad_order@2 order4:filled:filled@3");
    run_clear(&r);
    market_clear(&m);
}

/* Held orders are split like live ones, and end with their series. */
static void test_a_split_reaches_orders_that_are_held_back(void)
{
    market m = {0};
    const fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    const ohlc bars[] = {{100, 100, 100, 100}, {50, 51, 47, 48}, {48, 54, 47, 53}};
    market_add_days(&m, &info, 0, bars, 3);
    market_add_action(&m, "A", DAYS(1), FEL_SPLIT, 2.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LINKED(FEL_BUY, 3, 96, 0, 0)},
           {.event = ON_BAR, .at = DAYS(1), .order = LINKED(FEL_SELL, 3, 105, 1, 0)});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("fill"), "fill1:A+6=48@2 fill2:A-6=52.5@3");
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/order_links", TEST(test_the_path_decides_which_leg_of_a_bracket_is_first),
      TEST(test_legs_of_an_entry_inside_a_bar_begin_with_the_next),
      TEST(test_an_entry_that_never_fills_ends_its_legs),
      TEST(test_a_leg_that_is_cancelled_leaves_the_other),
      TEST(test_legs_are_as_large_as_what_was_bought), TEST(test_groups_and_parents_by_number),
      TEST(test_a_split_reaches_orders_that_are_held_back));
