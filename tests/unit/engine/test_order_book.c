/* tests/unit/engine/test_order_book.c - orders in a book: takers walk the levels, makers wait their
 * turn.
 */
#include <math.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

/* ---- markets --------------------------------------------------------------------------------- */

typedef struct row {
    int minute;
    double side, price, quantity, flags; /* of depth; a trade: side of the taker */
} row;

/* 5 and 10 bid at 99 and 98; 4, 6 and 10 offered at 101, 102 and 103. */
#define SNAPSHOT                                                                                   \
    {1, 1, 99, 5, 1}, {1, 1, 98, 10, 0}, {1, -1, 101, 4, 0}, {1, -1, 102, 6, 0},                   \
    {                                                                                              \
        1, -1, 103, 10, 0                                                                          \
    }

enum { MOST_ROWS = 32 };

static void add_rows(market *m, fel_data_kind kind, const row *rows, size_t n)
{
    double values[MOST_ROWS * FEL_DEPTH_COLUMNS];
    int64_t times[MOST_ROWS];
    fel_series_info info = fel_series_info_default(kind, "B");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_CRYPTO_SPOT;
    info.instrument.ticks_per_unit = 1.0;
    const size_t width = info.n_columns;
    for (size_t i = 0; i < n; i++) {
        const row *r = &rows[i];
        const double depth[] = {r->side, r->price, r->quantity, r->flags};
        const double trade[] = {r->price, r->quantity, r->side};
        memcpy(values + i * width, kind == FEL_DATA_DEPTH ? depth : trade, width * sizeof(double));
        times[i] = MINUTES(r->minute);
    }
    market_add(m, &info, times, NULL, values, n);
}

/* ---- a strategy that makes one order at the first row -----------------------------------------
 */

static fel_order wanted;
static size_t n_rows_seen;
static fel_level best[4];
static size_t n_best;

static fel_status see_depth(void *state, fel_ctx *ctx, const fel_depth *depth)
{
    (void)state;
    CHECK_INT(depth->time_ns, ctx->now_ns);
    n_best = ctx->host->book(ctx, 0, FEL_SELL, best, 4);
    return n_rows_seen++ == 0 ? fel_submit(ctx, &wanted, NULL) : FEL_OK;
}

static const fel_strategy one_order = {
    .struct_size = sizeof(fel_strategy), .name = "one_order", .on_depth = see_depth};

typedef struct fill {
    int minute;
    double quantity, price;
} fill;

static void check_fills(const fel_result *r, const fill *fills, size_t n)
{
    CHECK_INT(r->n_fills, n);
    for (size_t i = 0; i < n && i < r->n_fills; i++) {
        CHECK_INT(r->fills[i].time_ns, MINUTES(fills[i].minute));
        CHECK_NEAR(r->fills[i].quantity, fills[i].quantity, 1e-12);
        CHECK_SAME(r->fills[i].price, fills[i].price);
    }
    check_orders_ended(r);
    check_waterfall(r);
}

typedef struct book_case {
    fel_order order;
    const row *depth, *trades;
    size_t n_depth, n_trades;
    fel_queue_rule queue;
    fel_reason reason;
    const fill *fills;
    size_t n_fills;
} book_case;

static void run_case(const book_case *c)
{
    market m = {0};
    fel_engine_config config = checked_config();
    config.queue = c->queue;
    wanted = c->order;
    n_rows_seen = 0;
    add_rows(&m, FEL_DATA_DEPTH, c->depth, c->n_depth);
    if (c->n_trades > 0) {
        add_rows(&m, FEL_DATA_TRADE, c->trades, c->n_trades);
    }
    run r = run_market(&m, &config, &one_order, NULL);
    CHECK_INT(n_rows_seen, c->n_depth);
    CHECK_INT(r.result->orders[0].reason, c->reason);
    check_fills(r.result, c->fills, c->n_fills);
    run_clear(&r);
    market_clear(&m);
}

#define ROWS(list)   .depth = (list), .n_depth = sizeof(list) / sizeof((list)[0])
#define TRADES(list) .trades = (list), .n_trades = sizeof(list) / sizeof((list)[0])
#define FILLS(list)  .fills = (list), .n_fills = sizeof(list) / sizeof((list)[0])

static fel_order order_of(fel_side side, double quantity, double limit, fel_tif tif)
{
    fel_order order = fel_order_default(0, side, quantity);
    order.type = isnan(limit) ? FEL_ORDER_MARKET : FEL_ORDER_LIMIT;
    order.limit_price = isnan(limit) ? 0.0 : limit;
    order.tif = tif;
    return order;
}

/* ---- takers -----------------------------------------------------------------------------------
 */

static const row quiet[] = {SNAPSHOT, {2, 1, 97, 1, 0}, {3, -1, 101, 7, 0}};

static void test_a_market_order_walks_the_levels(void)
{
    const fill twelve[] = {{2, 4, 101}, {2, 6, 102}, {2, 2, 103}};
    const book_case all = {.order = order_of(FEL_BUY, 12, (double)NAN, FEL_TIF_GTC),
                           ROWS(quiet),
                           .reason = FEL_REASON_FILLED,
                           FILLS(twelve)};
    run_case(&all);
    /* More than is shown: the rest takes the next row of a level; what was taken stays taken. */
    const fill more[] = {{2, 4, 101}, {2, 6, 102}, {2, 10, 103}, {3, 5, 101}};
    const book_case rest = {.order = order_of(FEL_BUY, 25, (double)NAN, FEL_TIF_GTC),
                            ROWS(quiet),
                            .reason = FEL_REASON_FILLED,
                            FILLS(more)};
    run_case(&rest);
    const fill sold[] = {{2, 5, 99}, {2, 7, 98}};
    const book_case sale = {.order = order_of(FEL_SELL, 12, (double)NAN, FEL_TIF_GTC),
                            ROWS(quiet),
                            .reason = FEL_REASON_FILLED,
                            FILLS(sold)};
    run_case(&sale);
    CHECK_INT(n_best, 3);
    CHECK_SAME(best[0].price, 101.0);
    CHECK_SAME(best[0].quantity, 7.0);
    CHECK_SAME(best[2].price, 103.0);
}

static void test_immediate_orders_take_what_their_limit_allows(void)
{
    const fill ten[] = {{2, 4, 101}, {2, 6, 102}};
    const book_case ioc = {.order = order_of(FEL_BUY, 12, 102, FEL_TIF_IOC),
                           ROWS(quiet),
                           .reason = FEL_REASON_NOT_IMMEDIATE,
                           FILLS(ten)};
    run_case(&ioc);
    const book_case fok = {.order = order_of(FEL_BUY, 12, 102, FEL_TIF_FOK),
                           ROWS(quiet),
                           .reason = FEL_REASON_NOT_WHOLE};
    run_case(&fok);
    const book_case whole = {.order = order_of(FEL_BUY, 10, 102, FEL_TIF_FOK),
                             ROWS(quiet),
                             .reason = FEL_REASON_FILLED,
                             FILLS(ten)};
    run_case(&whole);
    /* The rest of a limit order waits, first in its line where nothing is shown. */
    const row back[] = {SNAPSHOT, {2, 1, 97, 1, 0}, {3, 1, 97, 2, 0}, {4, -1, 102, 1, 0}};
    const row sale[] = {{3, -1, 102, 5, 0}};
    const fill parts[] = {{2, 4, 101}, {2, 6, 102}, {3, 2, 102}};
    const book_case limit = {.order = order_of(FEL_BUY, 12, 102, FEL_TIF_GTC),
                             ROWS(back),
                             TRADES(sale),
                             .reason = FEL_REASON_FILLED,
                             FILLS(parts)};
    run_case(&limit);
}

static void test_post_only_orders_do_not_take(void)
{
    fel_order order = order_of(FEL_BUY, 1, 101, FEL_TIF_GTC);
    order.flags = FEL_ORDER_POST_ONLY;
    const book_case taking = {.order = order, ROWS(quiet), .reason = FEL_REASON_POST_ONLY};
    run_case(&taking);
    order.limit_price = 100;
    const book_case waiting = {.order = order, ROWS(quiet), .reason = FEL_REASON_END_OF_RUN};
    run_case(&waiting);
    order.type = FEL_ORDER_MARKET;
    const book_case senseless = {.order = order, ROWS(quiet), .reason = FEL_REASON_BAD_ORDER};
    run_case(&senseless);
}

/* ---- queues -----------------------------------------------------------------------------------
 */

/* Behind 5 from minute 2 on. Then 4 more come behind, 3 of the 9 are cancelled. */
static const row line[] = {SNAPSHOT,         {2, 1, 97, 1, 0}, {3, 1, 99, 9, 0},
                           {4, 1, 99, 6, 0}, {5, 1, 99, 2, 0}, {7, 1, 97, 2, 0}};
static const row sales[] = {{5, -1, 99, 4, 0}, {6, -1, 99, 4, 0}, {6, 1, 101, 1, 0}};

static void run_queue(fel_queue_rule queue, const fill *fills, size_t n)
{
    const book_case c = {.order = order_of(FEL_BUY, 3, 99, FEL_TIF_GTC),
                         ROWS(line),
                         TRADES(sales),
                         .queue = queue,
                         .reason = FEL_REASON_FILLED,
                         .fills = fills,
                         .n_fills = n};
    run_case(&c);
}

static void test_each_rule_has_its_place_in_the_line(void)
{
    /* Nothing of the 3 was ahead: 5 are; the first 4 sold leave 1, of the next 4 we get 3. */
    const fill conservative[] = {{6, 3, 99}};
    run_queue(FEL_QUEUE_CONSERVATIVE, conservative, 1);
    /* 5 / 9 of the 3 were ahead: 10 / 3 are left, 4 - 10 / 3 = 2 / 3 are ours. */
    const fill probabilistic[] = {{5, 2.0 / 3.0, 99}, {6, 7.0 / 3.0, 99}};
    run_queue(FEL_QUEUE_PROBABILISTIC, probabilistic, 2);
    /* All 3 were ahead: 2 are left. */
    const fill optimistic[] = {{5, 2, 99}, {6, 1, 99}};
    run_queue(FEL_QUEUE_OPTIMISTIC, optimistic, 2);
}

static void test_a_trade_beyond_the_price_fills_what_it_has(void)
{
    const row sale[] = {{3, -1, 98, 2, 0}, {4, 0, 98, 7, 0}};
    const fill parts[] = {{3, 2, 99}, {4, 1, 99}};
    const book_case c = {.order = order_of(FEL_BUY, 3, 99, FEL_TIF_GTC),
                         ROWS(line),
                         TRADES(sale),
                         .reason = FEL_REASON_FILLED,
                         FILLS(parts)};
    run_case(&c);
}

/* An ask at 99 takes the older bid there away and meets our order at its own price. */
static void test_the_other_side_comes_to_an_order_that_waits(void)
{
    const row comes[] = {SNAPSHOT, {2, 1, 97, 1, 0}, {3, -1, 99, 1, 0}, {4, -1, 98, 9, 0}};
    const fill parts[] = {{3, 1, 99}, {4, 2, 99}};
    const book_case c = {.order = order_of(FEL_BUY, 3, 99, FEL_TIF_GTC),
                         ROWS(comes),
                         .reason = FEL_REASON_FILLED,
                         FILLS(parts)};
    run_case(&c);
}

/* ---- what is refused ---------------------------------------------------------------------------
 */

static void test_rows_that_cannot_be_are_refused(void)
{
    const row bad[] = {SNAPSHOT, {2, 0.5, 97, 1, 0}};
    const row odd[] = {SNAPSHOT, {2, 1, 97, -1, 0}};
    const row *const cases[] = {bad, odd};
    for (int i = 0; i < 2; i++) {
        market m = {0};
        fel_engine *engine = NULL;
        const fel_result *result = NULL;
        const fel_engine_config config = checked_config();
        n_rows_seen = 1; /* no order */
        add_rows(&m, FEL_DATA_DEPTH, cases[i], 6);
        CHECK_OK(fel_engine_create(&engine, &config, m.sources, m.n, &one_order, NULL));
        CHECK_STATUS(fel_engine_run(engine, &result), FEL_ERR_FORMAT);
        CHECK_HAS(fel_last_error()->message, "depth of B: side ");
        fel_engine_destroy(engine);
        market_clear(&m);
    }
}

static void test_depth_beside_bars_is_refused(void)
{
    static const double prices[] = {100, 101};
    market m = {0};
    fel_engine *engine = NULL;
    fel_engine_config config = checked_config();
    const fel_series_info bars = bars_info("B", FEL_NS_PER_DAY);
    add_rows(&m, FEL_DATA_DEPTH, quiet, 5);
    market_add_flat_days(&m, &bars, 0, prices, 2);
    CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, m.n, &one_order, NULL),
                 FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "B has depth and bars or quotes");
    config.queue_power = 0.0;
    CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, 1, &one_order, NULL),
                 FEL_ERR_RANGE);
    market_clear(&m);
}

SUITE("engine/book", TEST(test_a_market_order_walks_the_levels),
      TEST(test_immediate_orders_take_what_their_limit_allows),
      TEST(test_post_only_orders_do_not_take), TEST(test_each_rule_has_its_place_in_the_line),
      TEST(test_a_trade_beyond_the_price_fills_what_it_has),
      TEST(test_the_other_side_comes_to_an_order_that_waits),
      TEST(test_rows_that_cannot_be_are_refused), TEST(test_depth_beside_bars_is_refused));
