/* tests/unit/study/test_study_merge.c - results chained into one; scores of a result by hand. */
#define FEL_MODULE_STUDY
#include <math.h>
#include <string.h>

#include "study/study_run_internal.h"
#include "tests/support/check.h"

#define DAY FEL_NS_PER_DAY

/* Two windows over one instrument, the second beginning with what the first ended with. */
typedef struct two_windows {
    fel_instrument instrument;
    fel_order_record orders[3];
    fel_fill_record fills[3];
    fel_equity_point points[6];
    fel_position_record positions[2];
    fel_result first, second;
} two_windows;

static void make_windows(two_windows *w)
{
    static const double equity[] = {1000.0, 1010.25, 990.5, 990.5, 1005.75, 1111.0};
    memset(w, 0, sizeof(*w));
    for (int64_t i = 0; i < 6; i++) {
        w->points[i].time_ns = (i < 3 ? i : i - 1) * DAY;
        w->points[i].equity = equity[i];
    }
    for (uint64_t i = 0; i < 3; i++) {
        w->orders[i].id = i < 2 ? i + 1 : 1;
        w->fills[i].order_id = w->orders[i].id;
        w->fills[i].bar_index = 4 + i;
    }
    w->positions[0].n_bars = 7;
    w->positions[0].fees.hi = 1.5;
    w->positions[1].n_bars = 9;
    w->positions[1].fees.hi = 2.25;
    const fel_result first = {.instruments = &w->instrument,
                              .n_instruments = 1,
                              .orders = w->orders,
                              .n_orders = 2,
                              .fills = w->fills,
                              .n_fills = 2,
                              .equity = w->points,
                              .n_equity = 3,
                              .positions = &w->positions[0],
                              .initial_cash = 1000.0,
                              .final_equity = {990.5, 0.0},
                              .waterfall = {.net = {-9.5, 0.0}, .gross = {-8.0, 0.0}},
                              .n_bars = 7,
                              .order_hash = "a"};
    fel_result second = first;
    second.orders = &w->orders[2];
    second.n_orders = 1;
    second.fills = &w->fills[2];
    second.n_fills = 1;
    second.equity = &w->points[3];
    second.positions = &w->positions[1];
    second.initial_cash = 990.5;
    second.final_equity.hi = 1111.0;
    second.waterfall.net.hi = 120.5;
    second.waterfall.gross.hi = 123.0;
    second.order_hash[0] = 'b';
    w->first = first;
    w->second = second;
}

static void test_windows_chain(void)
{
    two_windows w;
    walk_merge *merge = NULL;
    const uint64_t at_first[] = {0}, at_second[] = {100};
    make_windows(&w);
    CHECK_OK(walk_merge_create(&merge));
    CHECK_OK(walk_merge_add(merge, &w.first, at_first));
    CHECK_OK(walk_merge_add(merge, &w.second, at_second));
    const fel_result *r = walk_merge_result(merge, 0);
    CHECK_INT(r->n_orders, 3);
    CHECK_INT(r->n_fills, 3);
    for (size_t i = 0; i < 3; i++) {
        CHECK_INT(r->orders[i].id, i + 1);
        CHECK_INT(r->fills[i].order_id, i + 1);
    }
    CHECK_INT(r->fills[1].bar_index, 5);
    CHECK_INT(r->fills[2].bar_index, 106);
    CHECK_INT(r->positions[0].n_bars, 109);
    CHECK_SAME(fel_money_value(r->positions[0].fees), 3.75);
    CHECK_INT(r->n_equity, 5); /* the second's first point is the first's last */
    for (size_t i = 1; i < r->n_equity; i++) {
        CHECK(r->equity[i].time_ns > r->equity[i - 1].time_ns);
    }
    CHECK_SAME(fel_money_value(r->waterfall.net), 111.0);
    CHECK_SAME(fel_money_value(r->waterfall.net),
               fel_money_value(r->final_equity) - r->initial_cash);
    CHECK_INT(strlen(r->order_hash), 32);
    walk_merge_destroy(merge);
}

static void test_the_hash_minds_the_order_of_windows(void)
{
    two_windows w;
    walk_merge *ab = NULL, *ba = NULL;
    const uint64_t none[] = {0};
    make_windows(&w);
    CHECK_OK(walk_merge_create(&ab));
    CHECK_OK(walk_merge_create(&ba));
    CHECK_OK(walk_merge_add(ab, &w.first, none));
    CHECK_OK(walk_merge_add(ab, &w.second, none));
    CHECK_OK(walk_merge_add(ba, &w.second, none));
    CHECK_OK(walk_merge_add(ba, &w.first, none));
    CHECK(strcmp(walk_merge_result(ab, 0)->order_hash, walk_merge_result(ba, 0)->order_hash) != 0);
    CHECK(walk_merge_result(ab, FEL_FLAG_STOPPED)->flags & FEL_FLAG_STOPPED);
    walk_merge_destroy(ab);
    walk_merge_destroy(ba);
}

/* Mean over deviation of three daily returns, whatever was recorded inside the days. */
static void test_scores_are_of_daily_returns(void)
{
    fel_equity_point points[] = {
        {.time_ns = 0, .equity = 100.0},        {.time_ns = DAY / 2, .equity = 87.0},
        {.time_ns = DAY, .equity = 103.0}, /* the midnight that ends a day belongs to it */
        {.time_ns = DAY + 5, .equity = 99.0},   {.time_ns = 2 * DAY - 5, .equity = 101.5},
        {.time_ns = 3 * DAY, .equity = 104.25},
    };
    const fel_result result = {.equity = points, .n_equity = 6};
    const fel_metric_class *sharpe = NULL, *total = NULL;
    const double r[] = {103.0 / 100.0 - 1.0, 101.5 / 103.0 - 1.0, 104.25 / 101.5 - 1.0};
    const double mean = (r[0] + r[1] + r[2]) / 3.0 - 0.0365 / 365.0;
    double variance = 0.0, score = 0.0;
    for (size_t i = 0; i < 3; i++) {
        variance += (r[i] - 0.0365 / 365.0 - mean) * (r[i] - 0.0365 / 365.0 - mean) / 2.0;
    }
    CHECK_OK(fel_metric_find("sharpe_ratio", &sharpe));
    CHECK_OK(fel_metric_find("total_return", &total));
    CHECK_OK(score_result(&result, sharpe, 365.0, 0.0365, &score));
    CHECK_REL(score, mean / sqrt(variance) * sqrt(365.0), 1e-12);
    CHECK_OK(score_result(&result, total, 365.0, 0.0, &score));
    CHECK_REL(score, 0.0425, 1e-12);
}

static void test_a_result_of_one_point_has_no_score(void)
{
    fel_equity_point point = {.time_ns = 0, .equity = 100.0};
    const fel_result result = {.equity = &point, .n_equity = 1};
    const fel_metric_class *sharpe = NULL;
    double score = 0.0;
    CHECK_OK(fel_metric_find("sharpe_ratio", &sharpe));
    CHECK_OK(score_result(&result, sharpe, 252.0, 0.0, &score));
    CHECK(isnan(score));
}

SUITE("study/merge", TEST(test_windows_chain), TEST(test_the_hash_minds_the_order_of_windows),
      TEST(test_scores_are_of_daily_returns), TEST(test_a_result_of_one_point_has_no_score));
