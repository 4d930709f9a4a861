/* tests/unit/reports/test_report.c - the hand-made run's report, number by number. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/activity.h>

#include "core/money.h"
#include "tests/support/check.h"
#include "tests/unit/reports/report_fixture.h"

#define FEL_MODULE_REPORTS
#include "reports/report_model_internal.h"

static void test_daily_line_and_returns(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    const report_equity *e = &r->equity;
    CHECK_INT(e->n, 6);
    /* The initial cash stands on the day before the first. */
    CHECK_TEXT(e->day[0], "2020-01-29");
    CHECK_TEXT(e->day[1], "2020-01-30");
    CHECK_TEXT(e->day[5], "2020-02-05");
    CHECK(isnan(e->daily_return[0]));
    CHECK_NEAR(e->daily_return[1], 0.0098, 1e-15);
    CHECK_NEAR(e->daily_return[5], 10203.8 / 10233.8 - 1.0, 1e-15);
    CHECK_NEAR(fel_report_score(r, "total_return"), 0.02038, 1e-13);
    CHECK_NEAR(fel_report_score(r, "max_drawdown"), -150.0 / 10098.0, 1e-13);
    CHECK_NEAR(fel_report_score(r, "n_trades"), 2.0, 0.0);
    CHECK(isnan(fel_report_score(r, "beta")));
    CHECK(isnan(fel_report_score(r, "no such score")));
    fel_report_destroy(r);
}

static void test_drawdowns_by_hand(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    CHECK_INT(r->n_drawdowns, 2);
    const report_drawdown *first = &r->drawdowns[0], *second = &r->drawdowns[1];
    /* 30 January to 31 January, back on 3 February; then from 4 February on. */
    CHECK_NEAR(first->depth, -150.0 / 10098.0, 1e-15);
    CHECK_INT(first->peak, 1);
    CHECK_INT(first->trough, 2);
    CHECK_INT(first->recovery, 3);
    CHECK(first->is_recovered);
    CHECK_INT(first->down_days, 1);
    CHECK_INT(first->recovery_days, 3);
    CHECK_INT(first->total_days, 4);
    CHECK_NEAR(second->depth, -30.0 / 10233.8, 1e-15);
    CHECK(!second->is_recovered);
    CHECK_INT(second->total_days, 1);
    fel_report_destroy(r);
}

static void test_months_by_hand(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    CHECK_INT(r->monthly.n_years, 1);
    CHECK_INT(r->monthly.year[0], 2020);
    CHECK_NEAR(r->monthly.month[0][0], -0.0052, 1e-15);
    CHECK_NEAR(r->monthly.month[0][1], 10203.8 / 9948.0 - 1.0, 1e-15);
    CHECK(isnan(r->monthly.month[0][2]));
    CHECK_NEAR(r->monthly.year_return[0], 0.02038, 1e-14);
    fel_report_destroy(r);
}

static void test_exposure_and_turnover_by_hand(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    const double shares[] = {2100.0 / 10098.0, 1950.0 / 9948.0, 1125.0 / 10170.0, 430.0 / 10233.8,
                             460.0 / 10203.8};
    const double gross = shares[0] + shares[1] + shares[2] + shares[3] + shares[4];
    const double average = (10098.0 + 9948.0 + 10170.0 + 10233.8 + 10203.8) / 5.0;
    CHECK_NEAR(r->exposure.average_gross, gross / 5.0, 1e-15);
    CHECK_NEAR(r->exposure.average_net, (shares[0] + shares[1]) / 2.5 - gross / 5.0, 1e-15);
    CHECK_NEAR(r->exposure.maximum_gross, shares[0], 1e-15);
    CHECK_NEAR(r->exposure.time_in_market, 1.0, 0.0);
    CHECK_NEAR(r->exposure.turnover_per_year, 5930.0 / average * 252.0 / 5.0, 1e-10);
    fel_report_destroy(r);
}

static void test_orders_are_counted_by_their_end(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    CHECK_INT(r->orders.n_rows, 3);
    CHECK_INT(r->orders.rows[0].reason, FEL_REASON_FILLED);
    CHECK_INT(r->orders.rows[0].n, 3);
    CHECK_INT(r->orders.rows[1].reason, FEL_REASON_DAY_END);
    CHECK_INT(r->orders.rows[2].state, FEL_ORDER_REJECTED);
    fel_report_destroy(r);
}

static void test_points_within_a_day_become_one(void)
{
    report_fixture x;
    fixture_make(&x);
    /* The points of 31 January and 3 February as two of one day: flows add up, the later level
     * counts. */
    x.equity[3].time_ns = x.equity[2].time_ns + FEL_NS_PER_HOUR;
    fel_report *r = fixture_report(&x);
    CHECK_INT(r->equity.n, 5);
    CHECK_NEAR(r->equity.equity[2], 10170.0, 0.0);
    CHECK_NEAR(r->equity.turnover[2], 3300.0, 0.0);
    CHECK_NEAR(r->equity.costs[2], 5.205, 1e-15);
    CHECK_TEXT(r->equity.day[2], "2020-01-31");
    fel_report_destroy(r);
}

static void test_midnight_belongs_to_the_day_that_ends(void)
{
    report_fixture x;
    fixture_make(&x);
    for (size_t i = 1; i < FIXTURE_POINTS; i++) {
        x.equity[i].time_ns += 3 * FEL_NS_PER_HOUR;
    }
    fel_report *r = fixture_report(&x);
    CHECK_TEXT(r->equity.day[1], "2020-01-30");
    CHECK_TEXT(r->equity.day[5], "2020-02-05");
    fel_report_destroy(r);
}

static void test_benchmark_is_put_on_the_same_days_and_money(void)
{
    report_fixture x, b;
    fixture_make(&x);
    fixture_make(&b);
    /* Half the money, and no point for 3 February: the value of the day before stands. */
    b.result.initial_cash = 5000.0;
    for (size_t i = 0; i < FIXTURE_POINTS; i++) {
        b.equity[i].equity = 5000.0 + 10.0 * (double)i;
    }
    b.equity[3] = b.equity[4];
    b.equity[4] = b.equity[5];
    b.result.n_equity = 5;
    fel_report *r = NULL;
    fel_report_input input = fel_report_input_default();
    input.result = &x.result;
    input.benchmark = &b.result;
    input.benchmark_name = "half";
    CHECK_OK(fel_report_create(&r, &input));
    const double expected[] = {10000.0, 10020.0, 10040.0, 10040.0, 10080.0, 10100.0};
    for (size_t i = 0; i < FIXTURE_POINTS; i++) {
        CHECK_NEAR(r->equity.benchmark[i], expected[i], 1e-9);
    }
    CHECK(isfinite(fel_report_score(r, "beta")));
    size_t n;
    const fel_score *scores = fel_report_scores(r, &n);
    CHECK_TEXT(scores[0].name, "total_return");
    CHECK_NEAR(scores[0].benchmark, 0.01, 1e-14);
    fel_report_destroy(r);
}

static void test_rolling_window_is_a_quarter_of_short_data(void)
{
    enum { N = 30 };
    report_fixture x;
    fel_equity_point line[N + 1];
    fixture_make(&x);
    for (size_t i = 0; i <= N; i++) {
        line[i] = x.equity[0];
        line[i].time_ns += (int64_t)i * FEL_NS_PER_DAY;
        line[i].equity = 10000.0 + 37.5 * (double)(i * i % 11);
    }
    x.result.equity = line;
    x.result.n_equity = N + 1;
    fel_report *r = fixture_report(&x);
    CHECK_INT(r->rolling.window, 7);
    CHECK_INT(r->rolling.n, N - 7 + 1);
    CHECK_HAS(r->rolling.convention, "a quarter of the data");
    uint64_t counted = 0;
    for (size_t k = 0; k < r->histogram.n_bins; k++) {
        counted += r->histogram.counts[k];
        CHECK(r->histogram.edges[k + 1] > r->histogram.edges[k]);
    }
    CHECK_INT(counted, N);
    fel_report_destroy(r);
}

static void test_flags_become_notes_before_the_callers(void)
{
    report_fixture x;
    const fel_report_pair own = {"note", "read me"};
    fel_report *r = NULL;
    fixture_make(&x);
    x.result.flags = FEL_FLAG_SAME_CLOSE | FEL_FLAG_STOPPED;
    fel_report_input input = fel_report_input_default();
    input.result = &x.result;
    input.notes = &own;
    input.n_notes = 1;
    CHECK_OK(fel_report_create(&r, &input));
    CHECK_INT(r->n_notes, 3);
    CHECK_HAS(r->notes[0].value, "interrupted");
    CHECK_HAS(r->notes[1].value, "close");
    CHECK_TEXT(r->notes[2].value, "read me");
    fel_report_destroy(r);
}

static void test_every_score_has_a_convention_with_its_numbers(void)
{
    report_fixture x;
    size_t n;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    const fel_score *scores = fel_report_scores(r, &n);
    for (size_t i = 0; i < n; i++) {
        CHECK(strlen(scores[i].convention) > 8);
        if (strcmp(scores[i].name, "sharpe_ratio") == 0) {
            CHECK_HAS(scores[i].convention, "252 periods a year");
            CHECK_HAS(scores[i].convention, "risk-free 0 a year");
            CHECK_TEXT(scores[i + 1].name, "sharpe_error");
        }
    }
    fel_report_destroy(r);
}

/* All metrics, and those of round trips by the report's own trades. */
static void test_all_scores_are_there_when_asked_for(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report_input input = fel_report_input_default();
    input.result = &x.result;
    input.has_all_scores = 1;
    fel_report *r = NULL;
    CHECK_OK(fel_report_create(&r, &input));
    size_t n_metrics = 0, n_trip_metrics = 0, n = 0, n_alone = 0;
    const fel_metric_class *metrics = fel_metric_classes(&n_metrics);
    (void)fel_trip_metric_classes(&n_trip_metrics);
    for (size_t i = 0; i < n_metrics; i++) {
        n_alone += !metrics[i].needs_factor;
    }
    (void)fel_report_scores(r, &n);
    CHECK_INT(n, n_alone + n_trip_metrics + 7); /* two errors, five of activity */
    double pnl = 0.0, won = 0.0;
    for (size_t i = 0; i < r->n_trades; i++) {
        const fel_trade *t = &r->trades[i];
        const double gross = fel_money_value(t->pnl) + fel_money_value(t->fees);
        pnl += t->is_open ? 0.0 : gross;
        won += !t->is_open && gross > 0.0;
    }
    CHECK_NEAR(fel_report_score(r, "trip_total_pnl"), pnl, 1e-9);
    CHECK_NEAR(fel_report_score(r, "trip_n_trips"), fel_report_score(r, "n_trades"), 0.0);
    CHECK_NEAR(fel_report_score(r, "trip_n_won"), won, 0.0);
    CHECK_NEAR(fel_report_score(r, "trip_average_pnl"), pnl / 2.0, 1e-9);
    fel_report_destroy(r);
}

static void test_a_run_without_days_has_no_scores_but_a_report(void)
{
    report_fixture x;
    fixture_make(&x);
    x.result.n_equity = 1;
    x.result.n_fills = 0;
    fel_report *r = fixture_report(&x);
    CHECK_INT(r->equity.n, 1);
    CHECK_INT(r->n_drawdowns, 0);
    CHECK(isnan(fel_report_score(r, "sharpe_ratio")));
    CHECK(isnan(r->exposure.average_gross));
    fel_report_destroy(r);
}

static void test_bad_input_is_refused(void)
{
    report_fixture x;
    fel_report *r = NULL;
    fixture_make(&x);
    fel_report_input input = fel_report_input_default();
    CHECK_STATUS(fel_report_create(&r, &input), FEL_ERR_ARG);
    input.result = &x.result;
    input.periods_per_year = 0.0;
    CHECK_STATUS(fel_report_create(&r, &input), FEL_ERR_RANGE);
    input.periods_per_year = 252.0;
    input.struct_size = 8;
    CHECK_STATUS(fel_report_create(&r, &input), FEL_ERR_ARG);
    CHECK(r == NULL);
}

SUITE("reports/report", TEST(test_daily_line_and_returns), TEST(test_drawdowns_by_hand),
      TEST(test_months_by_hand), TEST(test_exposure_and_turnover_by_hand),
      TEST(test_orders_are_counted_by_their_end), TEST(test_points_within_a_day_become_one),
      TEST(test_midnight_belongs_to_the_day_that_ends),
      TEST(test_benchmark_is_put_on_the_same_days_and_money),
      TEST(test_rolling_window_is_a_quarter_of_short_data),
      TEST(test_flags_become_notes_before_the_callers),
      TEST(test_every_score_has_a_convention_with_its_numbers),
      TEST(test_all_scores_are_there_when_asked_for),
      TEST(test_a_run_without_days_has_no_scores_but_a_report), TEST(test_bad_input_is_refused));
