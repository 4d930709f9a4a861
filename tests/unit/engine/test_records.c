/* tests/unit/engine/test_records.c - equity points, order and fill records, flags, words. */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

static const double prices[] = {100, 104, 103, 107};

static run run_buying(market *m, const fel_engine_config *config)
{
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_flat_days(m, &info, 0, prices, 4);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 10)});
    run r = run_market(m, config, &script_strategy, NULL);
    check_orders_ended(r.result);
    check_waterfall(r.result);
    return r;
}

static void check_points(const fel_result *r, const int64_t *times, const double *equity, size_t n)
{
    CHECK_INT(r->n_equity, n);
    for (size_t i = 0; i < n && i < r->n_equity; i++) {
        CHECK_INT(r->equity[i].time_ns, times[i]);
        CHECK_SAME(r->equity[i].equity, equity[i]);
    }
}

/* The open of the next bar falls on the same instant: the day is marked at its close. */
static void test_daily_points_are_the_closes(void)
{
    static const int64_t times[] = {0, DAYS(1), DAYS(2), DAYS(3), DAYS(4)};
    static const double equity[] = {1e6, 1e6, 1e6 - 1, 999989, 1000029};
    market m = {0};
    fel_engine_config config = checked_config();
    config.fees[0] = cost_of("fixed", 1.0, 0.0);
    run r = run_buying(&m, &config);
    check_points(r.result, times, equity, 5);
    CHECK_SAME(r.result->equity[2].cash, 1e6 - 1041);
    CHECK_SAME(r.result->equity[2].gross_exposure, 1040.0);
    CHECK_SAME(r.result->equity[2].net_exposure, 1040.0);
    CHECK_SAME(r.result->equity[2].turnover, 1040.0);
    CHECK_SAME(r.result->equity[2].costs, 1.0);
    CHECK_SAME(r.result->equity[3].turnover, 0.0);
    CHECK_INT(r.result->first_ns, 0);
    CHECK_INT(r.result->last_ns, DAYS(4));
    run_clear(&r);
    market_clear(&m);
}

#define LATE  (5 * FEL_NS_PER_HOUR)
#define EARLY (18 * FEL_NS_PER_HOUR)

/* Bars that end at midnight of New York: 05:00 in UTC, where the next one opens too. Monday's open,
 * two days after Friday's close, is on a UTC day on which nothing closes: no point of its own. */
static void test_daily_bars_of_another_zone_have_a_point_each(void)
{
    enum { N = 3 };
    static const int64_t closes[N] = {DAYS(2) + LATE, DAYS(5) + LATE, DAYS(6) + LATE};
    static const double rows[N * FEL_BAR_COLUMNS] = {100, 100, 100, 100, 1e3, 102, 104, 102,
                                                     104, 1e3, 110, 110, 107, 107, 1e3};
    static const int64_t times[] = {DAYS(1) + LATE, DAYS(2) + LATE, DAYS(5) + LATE, DAYS(6) + LATE};
    static const double equity[] = {1e6, 1e6, 1000020, 1000050};
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add(&m, &info, closes, NULL, rows, N);
    SCRIPT({.event = ON_BAR, .at = DAYS(2) + LATE, .order = MARKET_ORDER(FEL_BUY, 10)});
    fel_engine_config config = checked_config();
    config.day_offset_ns = -LATE;
    run r = run_market(&m, &config, &script_strategy, NULL);
    check_points(r.result, times, equity, 4);
    CHECK_SAME(r.result->equity[2].turnover, 1020.0);
    CHECK_INT(r.result->day_offset_ns, -LATE);
    run_clear(&r);
    market_clear(&m);
}

/* Two closes of one UTC day, of exchanges that end it at different hours: the later counts. */
static void test_daily_bars_of_two_exchanges_have_one_point_a_day(void)
{
    enum { N = 2 };
    static const int64_t early[N] = {DAYS(1) - EARLY, DAYS(2) - EARLY};
    static const int64_t late[N] = {DAYS(1) - LATE, DAYS(2) - LATE};
    static const double rows[N * FEL_BAR_COLUMNS] = {50, 50, 50, 50, 1e3, 51, 53, 51, 53, 1e3};
    static const int64_t times[] = {-EARLY, DAYS(1) - LATE, DAYS(2) - LATE};
    static const double equity[] = {1e6, 1e6, 1000020};
    market m = {0};
    const fel_series_info tokyo = bars_info("T", FEL_NS_PER_DAY);
    const fel_series_info new_york = bars_info("N", FEL_NS_PER_DAY);
    market_add(&m, &tokyo, early, NULL, rows, N);
    market_add(&m, &new_york, late, NULL, rows, N);
    SCRIPT({.event = ON_BAR, .at = DAYS(1) - EARLY, .order = MARKET_ORDER(FEL_BUY, 10)});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    check_points(r.result, times, equity, 3);
    CHECK_SAME(r.result->equity[1].turnover, 510.0);
    CHECK_SAME(r.result->equity[2].turnover, 530.0); /* the first series has ended: closed at 53 */
    run_clear(&r);
    market_clear(&m);
}

static void test_points_after_every_event_or_at_the_ends_only(void)
{
    static const int64_t times[] = {0, DAYS(1), DAYS(2), DAYS(3), DAYS(4)};
    static const double equity[] = {1e6, 1e6, 999990, 1000030, 1000030};
    for (int is_event = 0; is_event < 2; is_event++) {
        market m = {0};
        fel_engine_config config = checked_config();
        config.record = is_event ? FEL_RECORD_EVENT : FEL_RECORD_NONE;
        run r = run_buying(&m, &config);
        if (is_event) {
            check_points(r.result, times, equity, 5); /* opens included */
        } else {
            const int64_t ends[] = {0, DAYS(4)};
            const double equities[] = {1e6, 1000030};
            check_points(r.result, ends, equities, 2);
            CHECK_SAME(r.result->equity[1].turnover, 1040.0);
        }
        run_clear(&r);
        market_clear(&m);
    }
}

/* Weekdays with hours: no point for days without events; times increase. */
static void test_days_without_events_have_no_point(void)
{
    static const int64_t closes[] = {DAYS(1) + HOURS(21), DAYS(4) + HOURS(21), DAYS(5) + HOURS(21)};
    static const int64_t opens[] = {DAYS(1) + HOURS(14), DAYS(4) + HOURS(14), DAYS(5) + HOURS(14)};
    static const double rows[] = {50, 51, 49, 50, 1, 52, 53, 51, 52, 1, 54, 55, 53, 54, 1};
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add(&m, &info, closes, opens, rows, 3);
    SCRIPT({.event = ON_BAR, .at = DAYS(1) + HOURS(21), .order = MARKET_ORDER(FEL_BUY, 10)});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    const int64_t times[] = {DAYS(1) + HOURS(14), DAYS(1) + HOURS(21), DAYS(4) + HOURS(21),
                             DAYS(5) + HOURS(21)};
    const double equity[] = {1e6, 1e6, 1e6, 1000020};
    check_points(r.result, times, equity, 4);
    CHECK_INT(r.result->fills[0].time_ns, DAYS(4) + HOURS(14));
    run_clear(&r);
    market_clear(&m);
}

/* Extremes from the fill on: of the bar of the entry only what came after it, of the bar of the
 * exit only what came before. */
static void test_extremes_follow_the_path_from_fill_to_fill(void)
{
    static const ohlc bars[] = {
        {100, 101, 99, 100}, {100, 110, 90, 104}, {105, 120, 103, 108}, {109, 115, 80, 100}};
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, bars, 4);
    fel_engine_config config = checked_config();
    config.path = FEL_PATH_OHLC;
    /* In at 95 on the way down from 110; out at 102 on the way down from 115. */
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 95)},
           {.event = ON_BAR, .at = DAYS(3), .order = STOP_ORDER(FEL_SELL, 1, 102)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_fills, 2);
    CHECK_SAME(r.result->fills[1].price, 102.0);
    CHECK_SAME(r.result->fills[1].high_since, 120.0);
    CHECK_SAME(r.result->fills[1].low_since, 90.0);
    CHECK_INT(r.result->fills[0].bar_index, 1);
    CHECK_INT(r.result->fills[1].bar_index, 3);
    run_clear(&r);
    market_clear(&m);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 1, 95)},
           {.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_SELL, 1)});
    market_add_days(&m, &info, 0, bars, 4);
    r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_SAME(r.result->fills[1].high_since, 105.0); /* after 95: 90, 104, then the open at 105 */
    CHECK_SAME(r.result->fills[1].low_since, 90.0);
    run_clear(&r);
    market_clear(&m);
}

static void test_order_records_keep_what_was_asked(void)
{
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &info, 0, prices, 4);
    SCRIPT({.event = ON_BAR,
            .at = DAYS(1),
            .order = {.side = FEL_SELL,
                      .quantity = 2.5,
                      .type = FEL_ORDER_STOP_LIMIT,
                      .stop_price = 99,
                      .limit_price = 98.5,
                      .tif = FEL_TIF_GTD,
                      .expire_time_ns = DAYS(30),
                      .tag = 0xfeedfacecafebeefu}},
           {.event = ON_BAR, .at = DAYS(2), .verb = WEIGHT, .amount = 0.25});
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    const fel_order_record *o = &r.result->orders[0];
    CHECK_INT(o->id, 1);
    CHECK(o->tag == 0xfeedfacecafebeefu);
    CHECK_INT(o->side, FEL_SELL);
    CHECK_INT(o->type, FEL_ORDER_STOP_LIMIT);
    CHECK_INT(o->tif, FEL_TIF_GTD);
    CHECK_INT(o->target_kind, -1);
    CHECK_SAME(o->quantity, 2.5);
    CHECK_SAME(o->stop_price, 99.0);
    CHECK_SAME(o->limit_price, 98.5);
    CHECK_SAME(o->arrival_price, 100.0);
    CHECK(isnan(o->average_price));
    CHECK_INT(o->expire_time_ns, DAYS(30));
    CHECK_INT(o->submit_time_ns, DAYS(1));
    CHECK_INT(o->end_time_ns, DAYS(4));
    const fel_order_record *t = &r.result->orders[1];
    CHECK_INT(t->target_kind, FEL_TARGET_WEIGHT);
    CHECK_SAME(t->target_amount, 0.25);
    CHECK_REL(t->quantity, 250000.0 / 103.0, 1e-15);
    CHECK_SAME(t->filled, t->quantity);
    CHECK(isnan(t->limit_price) && isnan(t->stop_price));
    run_clear(&r);
    market_clear(&m);
}

static void test_shares_without_dividends_are_flagged(void)
{
    static const struct {
        fel_instrument_kind kind;
        fel_adjustment adjustment;
        int has_action, is_flagged;
    } cases[] = {{FEL_EQUITY, FEL_ADJUST_RAW, 0, 1},          {FEL_EQUITY, FEL_ADJUST_SPLIT, 0, 1},
                 {FEL_EQUITY, FEL_ADJUST_TOTAL_RETURN, 0, 0}, {FEL_EQUITY, FEL_ADJUST_RAW, 1, 0},
                 {FEL_INDEX, FEL_ADJUST_RAW, 0, 1},           {FEL_FX, FEL_ADJUST_RAW, 0, 0},
                 {FEL_CRYPTO_SPOT, FEL_ADJUST_RAW, 0, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        market m = {0};
        fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
        info.instrument.kind = cases[i].kind;
        info.adjustment = cases[i].adjustment;
        market_add_flat_days(&m, &info, 0, prices, 4);
        if (cases[i].has_action) {
            market_add_action(&m, "X", DAYS(1), FEL_DIVIDEND, 1.0);
        }
        script_use(NULL, 0);
        const fel_engine_config config = checked_config();
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_INT((r.result->flags & FEL_FLAG_PRICE_RETURN) != 0, cases[i].is_flagged);
        run_clear(&r);
        market_clear(&m);
    }
}

static void test_no_rows_give_an_empty_result(void)
{
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &info, 0, NULL, 0);
    script_use(NULL, 0);
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_equity, 0);
    CHECK_INT(r.result->n_orders, 0);
    CHECK_INT(r.result->n_events, 0);
    CHECK_SAME(fel_money_value(r.result->final_equity), 1e6);
    run_clear(&r);
    market_clear(&m);
}

static void test_enums_have_words(void)
{
    CHECK_TEXT(fel_reason_name(FEL_REASON_END_OF_DATA), "end_of_data");
    CHECK_TEXT(fel_reason_name(FEL_REASON_STOPPED), "run_stopped");
    CHECK_TEXT(fel_reason_name((fel_reason)99), "?");
    CHECK_TEXT(fel_order_state_name(FEL_ORDER_REJECTED), "rejected");
    CHECK_TEXT(fel_order_state_name((fel_order_state)6), "?");
    CHECK_TEXT(fel_order_type_name(FEL_ORDER_STOP_LIMIT), "stop_limit");
    CHECK_TEXT(fel_order_type_name((fel_order_type)10), "?");
}

SUITE("engine/records", TEST(test_daily_points_are_the_closes),
      TEST(test_daily_bars_of_another_zone_have_a_point_each),
      TEST(test_daily_bars_of_two_exchanges_have_one_point_a_day),
      TEST(test_points_after_every_event_or_at_the_ends_only),
      TEST(test_days_without_events_have_no_point),
      TEST(test_extremes_follow_the_path_from_fill_to_fill),
      TEST(test_order_records_keep_what_was_asked), TEST(test_shares_without_dividends_are_flagged),
      TEST(test_no_rows_give_an_empty_result), TEST(test_enums_have_words));
