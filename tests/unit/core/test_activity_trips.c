/* tests/unit/core/test_activity_trips.c - round trips by hand and against single units matched one
 * by one; merging, closing, days. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/activity.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"

static const int64_t day_ns = INT64_C(86400) * 1000000000;

static double score(const char *name, const fel_round_trip *trips, size_t n, int32_t direction,
                    uint32_t instrument)
{
    const fel_trip_metric_class *metric = NULL;
    const fel_trip_filter filter = {direction, instrument};
    CHECK_OK(fel_trip_metric_find(name, &metric));
    return metric != NULL ? metric->eval(trips, n, &filter) : (double)NAN;
}

static void test_a_turn_closes_two_lots_and_opens_the_rest(void)
{
    const fel_transaction t[] = {{0, 0, 2.0, 10.0},
                                 {day_ns, 0, 3.0, 12.5},
                                 {2 * day_ns, 0, -9.0, 11.0},
                                 {5 * day_ns, 0, 1.5, 8.0}};
    fel_round_trip *trips = NULL;
    size_t n = 0;
    CHECK_OK(fel_round_trips(t, 4, &trips, &n));
    CHECK_INT(n, 2);
    CHECK(trips[0].open_ns == 0 && trips[0].close_ns == 2 * day_ns);
    CHECK_INT(trips[0].direction, 1);
    CHECK_NEAR(trips[0].quantity, 5.0, 0.0);
    CHECK_NEAR(trips[0].cost, 2.0 * 10.0 + 3.0 * 12.5, 1e-14);
    CHECK_NEAR(trips[0].pnl, 2.0 * 1.0 - 3.0 * 1.5, 1e-14);
    CHECK_NEAR(trips[0].return_fraction, -2.5 / 57.5, 1e-16);
    /* 4 were sold short at 11, 1.5 bought back at 8. */
    CHECK_INT(trips[1].direction, -1);
    CHECK_NEAR(trips[1].pnl, 1.5 * 3.0, 1e-14);
    CHECK_NEAR(trips[1].return_fraction, 3.0 / 11.0, 1e-15);
    free(trips);
}

/* The same by single units: a list of signed entries per instrument, one unit closed at a time. */
typedef struct unit_book {
    double entry[400];
    size_t head, n;
    int side;
} unit_book;

static double trade_unit(unit_book *b, int side, double price)
{
    if (b->head < b->n && b->side != side) {
        return (price - b->entry[b->head++]) * b->side;
    }
    b->side = side;
    b->entry[b->n++] = price;
    return 0.0;
}

static void test_matching_equals_single_units(void)
{
    enum { N = 60, INSTRUMENTS = 3 };
    for (uint64_t seed = 1; seed <= 50; seed++) {
        fel_transaction t[N];
        unit_book books[INSTRUMENTS];
        double pnl = 0.0, total = 0.0, held = 0.0;
        fel_round_trip *trips = NULL;
        size_t n = 0;
        rng_stream stream = rng_at(seed, 7);
        memset(books, 0, sizeof(books));
        for (size_t i = 0; i < N; i++) {
            const int side = rng_uniform(&stream) < 0.5 ? 1 : -1;
            const int units = 1 + (int)(4.0 * rng_uniform(&stream));
            t[i].time_ns = (int64_t)i;
            t[i].instrument = (uint32_t)(INSTRUMENTS * rng_uniform(&stream));
            t[i].quantity = side * units;
            t[i].price = 50.0 + rng_normal(&stream);
            for (int k = 0; k < units; k++) {
                pnl += trade_unit(&books[t[i].instrument], side, t[i].price);
            }
        }
        CHECK_OK(fel_round_trips(t, N, &trips, &n));
        for (size_t i = 0; i < n; i++) {
            total += trips[i].pnl;
            held += trips[i].quantity;
        }
        for (size_t k = 0; k < INSTRUMENTS; k++) {
            held -= (double)books[k].head;
        }
        CHECK_NEAR(total, pnl, 1e-10);
        CHECK_NEAR(held, 0.0, 0.0);
        free(trips);
    }
}

/* Closed at the end, all P&L is in round trips: the cash that went in and out. */
static void test_closing_what_is_open_realises_all(void)
{
    const fel_transaction t[] = {{0, 0, 2.0, 10.0}, {1, 0, -5.0, 11.5}, {2, 2, 4.0, 3.25}};
    const double prices[] = {20.0, 7.0, 2.0};
    fel_transaction all[8];
    fel_round_trip *trips = NULL;
    size_t n_closing = 0, n = 0;
    memcpy(all, t, sizeof(t));
    CHECK_OK(fel_transactions_close(t, 3, prices, 3, 9, all + 3, &n_closing));
    CHECK_INT(n_closing, 2);
    CHECK_NEAR(all[3].quantity, 3.0, 0.0);
    CHECK_NEAR(all[3].price, 20.0, 0.0);
    CHECK_INT(all[4].instrument, 2);
    CHECK_NEAR(all[4].quantity, -4.0, 0.0);
    CHECK_OK(fel_round_trips(all, 5, &trips, &n));
    double cash = 0.0;
    for (size_t i = 0; i < 5; i++) {
        cash -= all[i].quantity * all[i].price;
    }
    CHECK_NEAR(score("total_pnl", trips, n, 0, FEL_ANY_INSTRUMENT), cash, 1e-13);
    CHECK_NEAR(score("total_pnl", trips, n, 0, 2), 4.0 * -1.25, 1e-14);
    CHECK_NEAR(score("n_trips", trips, n, -1, FEL_ANY_INSTRUMENT), 1.0, 0.0);
    free(trips);
    CHECK_STATUS(fel_transactions_close(t, 3, prices, 2, 9, all, &n_closing), FEL_ERR_RANGE);
}

static void test_merging_stops_at_gaps_and_turns(void)
{
    const int64_t hour = INT64_C(3600) * 1000000000;
    fel_transaction t[] = {{0, 0, 2.0, 10.0},         {2 * hour, 0, 2.0, 20.0},
                           {3 * hour, 1, 1.0, 5.0},   {9 * hour, 0, 4.0, 30.0},
                           {10 * hour, 0, -1.0, 7.0}, {11 * hour, 0, 1.0, 8.0},
                           {20 * hour, 0, 1.0, 9.0}};
    size_t n = 7;
    CHECK_OK(fel_transactions_merge(t, &n, 8 * hour));
    CHECK_INT(n, 5);
    CHECK_NEAR(t[0].quantity, 8.0, 0.0);
    CHECK_NEAR(t[0].price, (2.0 * 10.0 + 2.0 * 20.0 + 4.0 * 30.0) / 8.0, 1e-14);
    CHECK(t[0].time_ns == 0);
    CHECK_NEAR(t[3].price, 8.0, 0.0);
    CHECK_NEAR(t[4].price, 9.0, 0.0);
}

static void test_metrics_of_three_round_trips(void)
{
    const fel_round_trip trips[] = {
        {0, 1, 0, 2 * day_ns, 1.0, 100.0, 5.0, 0.05},
        {0, -1, 0, 3 * day_ns, 1.0, 50.0, -2.0, -0.04},
        {1, 1, day_ns, 5 * day_ns, 1.0, 10.0, 0.0, 0.0},
        {1, 1, day_ns, 2 * day_ns, 1.0, 40.0, 1.0, 0.025},
    };
    const uint32_t any = FEL_ANY_INSTRUMENT;
    CHECK_NEAR(score("win_rate", trips, 4, 0, any), 0.5, 0.0);
    CHECK_NEAR(score("win_rate", trips, 4, 1, any), 2.0 / 3.0, 1e-16);
    CHECK_NEAR(score("win_rate", trips, 4, -1, any), 0.0, 0.0);
    CHECK_NEAR(score("n_even", trips, 4, 0, any), 1.0, 0.0);
    CHECK_NEAR(score("profit_factor", trips, 4, 0, any), 3.0, 1e-15);
    CHECK(isnan(score("profit_factor", trips, 4, 1, any)));
    CHECK_NEAR(score("payoff_ratio", trips, 4, 0, any), 1.5, 1e-15);
    CHECK_NEAR(score("median_days", trips, 4, 0, any), 2.5, 0.0);
    CHECK_NEAR(score("median_days", trips, 4, 1, any), 2.0, 0.0);
    CHECK_NEAR(score("holding_period", trips, 4, 0, any),
               (100.0 * 2.0 + 50.0 * 3.0 + 10.0 * 4.0 + 40.0) / 200.0, 1e-15);
    CHECK_NEAR(score("median_return", trips, 4, 0, any), 0.0125, 1e-16);
    CHECK_NEAR(score("median_win_return", trips, 4, 0, any), 0.0375, 1e-16);
    CHECK_NEAR(score("average_loss_return", trips, 4, 0, any), -0.04, 1e-16);
    CHECK_NEAR(score("worst_return", trips, 4, 0, 1), 0.0, 0.0);
}

static void test_every_row_of_nothing(void)
{
    size_t n = 0;
    const fel_trip_metric_class *all = fel_trip_metric_classes(&n);
    const fel_trip_filter filter = {0, FEL_ANY_INSTRUMENT};
    const fel_trip_metric_class *found = NULL;
    CHECK(n >= 28);
    for (size_t i = 0; i < n; i++) {
        const double value = all[i].eval(NULL, 0, &filter);
        const int is_sum = all[i].unit == FEL_UNIT_COUNT || strstr(all[i].name, "total") != NULL ||
                           strstr(all[i].name, "gross") != NULL;
        CHECK(is_sum ? value == 0.0 : isnan(value));
        CHECK_INT(all[i].struct_size, sizeof(fel_trip_metric_class));
        CHECK_OK(fel_trip_metric_find(all[i].name, &found));
        CHECK(found == &all[i]);
    }
    CHECK_STATUS(fel_trip_metric_find("no_such", &found), FEL_ERR_NOTFOUND);
    fel_round_trip *trips = NULL;
    CHECK_OK(fel_round_trips(NULL, 0, &trips, &n));
    CHECK(trips == NULL && n == 0);
}

static void test_bad_transactions(void)
{
    const fel_transaction bad[][2] = {
        {{0, 0, 1.0, 10.0}, {1, 0, 0.0, 10.0}},
        {{0, 0, 1.0, 10.0}, {1, 0, (double)NAN, 10.0}},
        {{0, 0, 1.0, 10.0}, {1, 0, 1.0, (double)INFINITY}},
        {{0, 0, 1.0, 10.0}, {-1, 0, 1.0, 10.0}},
        {{0, 0, 1.0, 10.0}, {1, FEL_MOST_INSTRUMENTS, 1.0, 10.0}},
    };
    const int64_t days[] = {5, 10};
    double out[2];
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fel_transaction copy[2];
        fel_round_trip *trips = NULL;
        size_t n = 2;
        memcpy(copy, bad[i], sizeof(copy));
        CHECK_STATUS(fel_round_trips(copy, 2, &trips, &n), FEL_ERR_RANGE);
        n = 2;
        CHECK_STATUS(fel_transactions_merge(copy, &n, 0), FEL_ERR_RANGE);
        CHECK_INT(n, 2);
    }
    CHECK_STATUS(fel_traded_values(bad[0], 1, days, 2, out, NULL), FEL_ERR_RANGE);
}

static void test_traded_money_and_returns_of_days(void)
{
    const int64_t days[] = {0, 10, 20};
    const fel_transaction t[] = {{25, 0, -3.0, 2.0}, {0, 0, 1.0, 4.0}, {9, 1, -2.0, 0.5}};
    const fel_round_trip trips[] = {{.close_ns = 19, .pnl = 3.0}, {.close_ns = 99, .pnl = -1.0}};
    const double line[] = {100.0, 60.0, 0.0};
    const fel_cvec equity = {line, 3};
    double money[3], shares[3], r[2];
    CHECK_OK(fel_traded_values(t, 3, days, 3, money, shares));
    CHECK_NEAR(money[0], 5.0, 0.0);
    CHECK_NEAR(money[1], 0.0, 0.0);
    CHECK_NEAR(money[2], 6.0, 0.0);
    CHECK_NEAR(shares[0], 3.0, 0.0);
    CHECK_OK(fel_trip_equity_returns(trips, 2, days, equity, r));
    CHECK_NEAR(r[0], 0.05, 1e-17);
    CHECK(isnan(r[1]));
}

static fel_status call_match(void *payload, void **out)
{
    const fel_transaction t[] = {{0, 0, 2.0, 10.0}, {1, 0, -1.0, 11.0}};
    size_t n = 0;
    (void)payload;
    return fel_round_trips(t, 2, (fel_round_trip **)out, &n);
}

static void test_memory_that_runs_out(void)
{
    const failing_call call = {"fel_round_trips", call_match, free, NULL};
    CHECK_INT(check_failing_call(&call), 3);
}

SUITE("core/activity_trips", TEST(test_a_turn_closes_two_lots_and_opens_the_rest),
      TEST(test_matching_equals_single_units), TEST(test_closing_what_is_open_realises_all),
      TEST(test_merging_stops_at_gaps_and_turns), TEST(test_metrics_of_three_round_trips),
      TEST(test_every_row_of_nothing), TEST(test_bad_transactions),
      TEST(test_traded_money_and_returns_of_days), TEST(test_memory_that_runs_out));
