/* tests/unit/engine/test_quotes.c - quotes: market orders take the bid or the ask, limits rest and
 * are crossed, positions are marked at the middle, the spread has its line in the waterfall. */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

typedef struct quote_row {
    double bid, ask;
} quote_row;

/* Quotes of E on a grid of 10^-5, one a minute from minute 1 on. */
static market quote_market(const quote_row *quotes, int n)
{
    market m = {0};
    fel_series_info info = fel_series_info_default(FEL_DATA_QUOTE, "E");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_FX;
    info.instrument.ticks_per_unit = 1e5;
    int64_t times[32];
    double rows[32][FEL_QUOTE_COLUMNS];
    for (int i = 0; i < n; i++) {
        const double row[] = {quotes[i].bid, quotes[i].ask, 1e6, 1e6};
        memcpy(rows[i], row, sizeof(row));
        times[i] = MINUTES(i + 1);
    }
    market_add(&m, &info, times, NULL, &rows[0][0], (size_t)n);
    return m;
}

static run run_quotes(market *m, const quote_row *quotes, int n, const fel_engine_config *config)
{
    *m = quote_market(quotes, n);
    run r = run_market(m, config, &script_strategy, NULL);
    if (r.result != NULL) {
        check_orders_ended(r.result);
        check_waterfall(r.result);
    }
    return r;
}

static const quote_row steady[] = {
    {1.10001, 1.10003}, {1.10011, 1.10014}, {1.10020, 1.10023}, {1.09990, 1.09997}};

static void test_market_orders_take_the_next_ask_and_bid(void)
{
    market m;
    const fel_engine_config config = checked_config();
    SCRIPT({.event = ON_QUOTE, .at = MINUTES(1), .order = MARKET_ORDER(FEL_BUY, 1000)},
           {.event = ON_QUOTE, .at = MINUTES(2), .order = MARKET_ORDER(FEL_SELL, 3000)});
    run r = run_quotes(&m, steady, 4, &config);
    CHECK_SAME(r.result->fills[0].price, 1.10014);
    CHECK_SAME(r.result->fills[1].price, 1.10020);
    CHECK_INT(r.result->fills[0].time_ns, MINUTES(2));
    CHECK_INT(r.result->fills[0].bar_index, 1);
    const double middle = 0.5 * (1.09990 + 1.09997);
    CHECK_SAME(r.result->positions[0].last_price, middle);
    CHECK_NEAR(fel_money_value(r.result->final_equity),
               1e6 - 1000 * 1.10014 + 3000 * 1.10020 - 2000 * middle, 1e-9);
    CHECK_NEAR(fel_money_value(r.result->waterfall.lines[FEL_COST_SPREAD]),
               1000 * 0.000015 + 3000 * 0.000015, 1e-9);
    CHECK_NEAR(fel_money_value(r.result->waterfall.delay),
               1000 * (1.100125 - 1.10002) - 3000 * (1.100215 - 1.100125), 1e-9);
    run_clear(&r);
    market_clear(&m);
}

/* Every grid quote gives back the ask and the bid to the bit. */
static void test_the_price_paid_is_the_quote_to_the_bit(void)
{
    size_t n_wrong = 0;
    for (int i = 0; i < 400; i++) {
        const double bid = (double)(109000 + 37 * i) / 1e5, ask = (double)(109001 + 38 * i) / 1e5;
        const quote_row quotes[] = {{bid, ask}, {bid, ask}, {bid, ask}};
        market m;
        const fel_engine_config config = fel_engine_config_default();
        SCRIPT({.event = ON_QUOTE, .at = MINUTES(1), .order = MARKET_ORDER(FEL_BUY, 7)},
               {.event = ON_QUOTE, .at = MINUTES(2), .order = MARKET_ORDER(FEL_SELL, 7)});
        run r = run_quotes(&m, quotes, 3, &config);
        n_wrong += r.result->fills[0].price != ask || r.result->fills[1].price != bid;
        run_clear(&r);
        market_clear(&m);
    }
    CHECK_INT(n_wrong, 0);
}

typedef struct quote_case {
    fel_order order;
    fel_limit_rule limit;
    quote_row quotes[3]; /* after the one of the decision, 1.1000 x 1.1002 */
    double price;        /* 0: none */
    int which;           /* quote that fills */
} quote_case;

#define E_STOP_LIMIT(side_, stop_, limit_)                                                         \
    {                                                                                              \
        .side = (side_), .type = FEL_ORDER_STOP_LIMIT, .quantity = 10, .stop_price = (stop_),      \
        .limit_price = (limit_)                                                                    \
    }

static const quote_case quote_cases[] = {
    /* new and marketable: takes the quote, a touch is enough */
    {LIMIT_ORDER(FEL_BUY, 10, 1.1005), FEL_LIMIT_THROUGH, {{1.1001, 1.1003}}, 1.1003, 1},
    {LIMIT_ORDER(FEL_BUY, 10, 1.1003), FEL_LIMIT_THROUGH, {{1.1001, 1.1003}}, 1.1003, 1},
    {LIMIT_ORDER(FEL_SELL, 10, 1.0999), FEL_LIMIT_THROUGH, {{1.1001, 1.1003}}, 1.1001, 1},
    /* rests: its own price, when crossed; touched only by that rule */
    {LIMIT_ORDER(FEL_BUY, 10, 1.0995),
     FEL_LIMIT_THROUGH,
     {{1.0994, 1.0996}, {1.099, 1.0993}},
     1.0995,
     2},
    {LIMIT_ORDER(FEL_BUY, 10, 1.0995),
     FEL_LIMIT_THROUGH,
     {{1.0994, 1.0996}, {1.0993, 1.0995}},
     0,
     0},
    {LIMIT_ORDER(FEL_BUY, 10, 1.0995),
     FEL_LIMIT_TOUCH,
     {{1.0994, 1.0996}, {1.0993, 1.0995}},
     1.0995,
     2},
    {LIMIT_ORDER(FEL_SELL, 10, 1.1010),
     FEL_LIMIT_THROUGH,
     {{1.1, 1.1002}, {1.1009, 1.1012}, {1.1013, 1.1015}},
     1.1010,
     3},
    /* stops look at the side they trade on */
    {STOP_ORDER(FEL_BUY, 10, 1.1010),
     FEL_LIMIT_THROUGH,
     {{1.1007, 1.1009}, {1.1008, 1.1010}},
     1.1010,
     2},
    {STOP_ORDER(FEL_BUY, 10, 1.1010),
     FEL_LIMIT_THROUGH,
     {{1.1007, 1.1009}, {1.1018, 1.1020}},
     1.1020,
     2},
    {STOP_ORDER(FEL_SELL, 10, 1.0990),
     FEL_LIMIT_THROUGH,
     {{1.0991, 1.0993}, {1.0990, 1.0992}},
     1.0990,
     2},
    {E_STOP_LIMIT(FEL_BUY, 1.1010, 1.1012),
     FEL_LIMIT_THROUGH,
     {{1.1007, 1.1009}, {1.1009, 1.1011}},
     1.1011,
     2},
    {E_STOP_LIMIT(FEL_BUY, 1.1010, 1.1012),
     FEL_LIMIT_THROUGH,
     {{1.1018, 1.1020}, {1.1009, 1.1011}},
     1.1012,
     2},
    {E_STOP_LIMIT(FEL_SELL, 1.0990, 1.0992),
     FEL_LIMIT_THROUGH,
     {{1.0989, 1.0991}, {1.0991, 1.0993}, {1.0993, 1.0995}},
     1.0992,
     3},
};

static void test_limits_and_stops_meet_the_quotes(void)
{
    for (size_t i = 0; i < sizeof(quote_cases) / sizeof(quote_cases[0]); i++) {
        const quote_case *c = &quote_cases[i];
        quote_row quotes[4] = {{1.1000, 1.1002}};
        int n = 1;
        for (; n < 4 && c->quotes[n - 1].bid > 0.0; n++) {
            quotes[n] = c->quotes[n - 1];
        }
        market m;
        fel_engine_config config = checked_config();
        config.limit = c->limit;
        const script_step step = {.event = ON_QUOTE, .at = MINUTES(1), .order = c->order};
        script_use(&step, 1);
        run r = run_quotes(&m, quotes, n, &config);
        CHECK_INT(r.result->n_fills, c->price > 0.0);
        if (r.result->n_fills == 1) {
            CHECK_SAME(r.result->fills[0].price, c->price);
            CHECK_INT(r.result->fills[0].time_ns, MINUTES(1 + c->which));
        }
        run_clear(&r);
        market_clear(&m);
    }
}

/* A resting limit's fill leaves the middle alone: the market order after it pays the ask, and the
 * position is marked at the middle. */
static void test_a_limit_fill_does_not_move_the_market(void)
{
    static const quote_row quotes[] = {{1.1000, 1.1002}, {1.1000, 1.1002}, {1.0980, 1.0982}};
    market m;
    const fel_engine_config config = checked_config();
    SCRIPT({.event = ON_QUOTE, .at = MINUTES(1), .order = LIMIT_ORDER(FEL_BUY, 10, 1.0990)},
           {.event = ON_QUOTE, .at = MINUTES(2), .order = MARKET_ORDER(FEL_BUY, 20)});
    run r = run_quotes(&m, quotes, 3, &config);
    CHECK_SAME(r.result->fills[0].price, 1.0990);
    CHECK_SAME(r.result->fills[1].price, 1.0982);
    CHECK_SAME(r.result->positions[0].last_price, 1.0981);
    CHECK_NEAR(fel_money_value(r.result->waterfall.lines[FEL_COST_SPREAD]), 20 * 0.0001, 1e-9);
    run_clear(&r);
    market_clear(&m);
}

static void test_after_a_limit_fill_the_mark_is_the_middle(void)
{
    static const quote_row quotes[] = {{1.1000, 1.1002}, {1.1000, 1.1002}, {1.0980, 1.0982}};
    market m;
    const fel_engine_config config = checked_config();
    SCRIPT({.event = ON_QUOTE, .at = MINUTES(1), .order = LIMIT_ORDER(FEL_BUY, 10, 1.0990)});
    run r = run_quotes(&m, quotes, 3, &config);
    CHECK_SAME(r.result->fills[0].price, 1.0990);
    CHECK_SAME(r.result->positions[0].last_price, 1.0981);
    CHECK_NEAR(fel_money_value(r.result->final_equity), 1e6 - 10 * 0.0009, 1e-9);
    run_clear(&r);
    market_clear(&m);
}

static void test_same_close_takes_the_quote_of_the_decision(void)
{
    market m;
    fel_engine_config config = checked_config();
    config.fill = FEL_FILL_SAME_CLOSE;
    SCRIPT({.event = ON_QUOTE, .at = MINUTES(2), .order = MARKET_ORDER(FEL_BUY, 1000)});
    run r = run_quotes(&m, steady, 4, &config);
    CHECK_SAME(r.result->fills[0].price, 1.10014);
    CHECK_INT(r.result->fills[0].time_ns, MINUTES(2));
    CHECK_INT(r.result->fills[0].bar_index, 1);
    CHECK_INT(r.result->flags & FEL_FLAG_SAME_CLOSE, FEL_FLAG_SAME_CLOSE);
    run_clear(&r);
    market_clear(&m);
}

static void test_dividends_of_quoted_shares_are_booked(void)
{
    static const quote_row quotes[] = {{50, 51}, {50, 51}, {50, 51}, {50, 51}};
    market m = quote_market(quotes, 4);
    market_add_action(&m, "E", MINUTES(2) + 1, FEL_DIVIDEND, 0.5);
    const fel_engine_config config = checked_config();
    SCRIPT({.event = ON_QUOTE, .at = MINUTES(1), .order = MARKET_ORDER(FEL_BUY, 10)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_SAME(fel_money_value(r.result->waterfall.dividends), 5.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_real_ticks_are_marked_at_the_middle(void)
{
    const char *path = shared_path("data/tidy/eurusd_ticks_20140501_02.csv.gz");
    if (path == NULL) {
        SKIP("../shared/data/tidy/eurusd_ticks_20140501_02.csv.gz is absent");
    }
    fel_series_list list = {0};
    fel_csv_options options = fel_csv_options_default();
    memcpy(options.currency, "USD", sizeof("USD"));
    memcpy(options.symbol, "EURUSD", sizeof("EURUSD"));
    CHECK_OK(fel_csv_read(&list, path, &options, NULL));
    market m = {0};
    if (list.n == 1) {
        m.series[0] = list.items[0];
        m.sources[0].info = fel_series_describe(list.items[0]);
        CHECK_INT(m.sources[0].info->kind, FEL_DATA_QUOTE);
        CHECK_OK(
            fel_feed_of_series(&m.sources[0].feed, m.series[0], FEL_TIME_MIN, FEL_TIME_MAX, 100));
        m.n = 1;
        const fel_block rows = fel_series_rows(m.series[0]);
        const fel_engine_config config = checked_config();
        const script_step step = {
            .event = ON_QUOTE, .at = rows.time_ns[0], .order = MARKET_ORDER(FEL_BUY, 1e5)};
        script_use(&step, 1);
        run r = run_market(&m, &config, &script_strategy, NULL);
        size_t next = 1;
        while (rows.time_ns[next] == rows.time_ns[0]) {
            next++;
        }
        CHECK_SAME(r.result->fills[0].price, rows.columns[1][next]);
        CHECK_SAME(r.result->positions[0].last_price,
                   0.5 * (rows.columns[0][rows.n - 1] + rows.columns[1][rows.n - 1]));
        check_waterfall(r.result);
        run_clear(&r);
    }
    free(list.items);
    market_clear(&m);
}

SUITE("engine/quotes", TEST(test_market_orders_take_the_next_ask_and_bid),
      TEST(test_the_price_paid_is_the_quote_to_the_bit),
      TEST(test_limits_and_stops_meet_the_quotes), TEST(test_a_limit_fill_does_not_move_the_market),
      TEST(test_after_a_limit_fill_the_mark_is_the_middle),
      TEST(test_same_close_takes_the_quote_of_the_decision),
      TEST(test_dividends_of_quoted_shares_are_booked),
      TEST(test_real_ticks_are_marked_at_the_middle));
