/* tests/unit/reports/test_report_costs.c - the cost waterfall adds up, exactly and as printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/money.h"
#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/reports/report_fixture.h"

#define FEL_MODULE_REPORTS
#include "reports/report_model_internal.h"

/* Printed cents as a whole number. */
static long long cents(const char *text)
{
    const long long sign = text[0] == '-' ? -1 : 1;
    const char *point = strchr(text, '.');
    const long long whole = llabs(strtoll(text, NULL, 10));
    return sign * (whole * 100 + strtoll(point + 1, NULL, 10));
}

static long long printed_gap(const fel_report *r)
{
    long long sum = 0;
    for (size_t k = 0; k + 1 < N_WATERFALL_ROWS; k++) {
        sum += cents(r->costs[k].text);
    }
    return cents(r->costs[N_WATERFALL_ROWS - 1].text) - sum;
}

static void test_rows_of_the_hand_made_run(void)
{
    report_fixture x;
    fixture_make(&x);
    fel_report *r = fixture_report(&x);
    CHECK_TEXT(r->costs[0].key, "gross");
    CHECK_TEXT(r->costs[1].text, "-4.00");
    CHECK_TEXT(r->costs[2].text, "-1.50");
    CHECK_TEXT(r->costs[3].text, "-0.50");
    CHECK_TEXT(r->costs[5].text, "-6.20");
    CHECK_TEXT(r->costs[10].text, "203.80");
    CHECK_TEXT(r->cost_difference, "0.00");
    CHECK_INT(printed_gap(r), 0);
    CHECK_NEAR(r->total_costs, 12.205, 1e-12);
    fel_report_destroy(r);
}

static void test_roundings_that_all_go_one_way_still_close(void)
{
    /* 100 - 0.006 - 0.006 - 0.006 = 99.982: rounded alone 100.00 - 0.01 - 0.01 - 0.01 is 99.97, not
     * 99.98; one of the three becomes 0.00. */
    report_fixture x;
    fixture_make(&x);
    memset(&x.result.waterfall, 0, sizeof(x.result.waterfall));
    x.result.waterfall.gross = money_of(100.0);
    x.result.waterfall.delay = money_of(0.006);
    x.result.waterfall.lines[FEL_COST_SPREAD] = money_of(0.006);
    x.result.waterfall.lines[FEL_COST_FEE] = money_of(0.006);
    x.result.waterfall.net = money_of(99.982);
    fel_report *r = fixture_report(&x);
    CHECK_INT(printed_gap(r), 0);
    CHECK_TEXT(r->costs[0].text, "100.00");
    CHECK_TEXT(r->costs[10].text, "99.98");
    CHECK_TEXT(r->costs[4].text, "0.00");
    fel_report_destroy(r);
}

static void test_a_gap_in_the_amounts_is_shown_and_not_hidden(void)
{
    report_fixture x;
    fixture_make(&x);
    x.result.waterfall.net = money_of(203.77);
    fel_report *r = fixture_report(&x);
    CHECK_TEXT(r->cost_difference, "-0.03");
    fel_report_destroy(r);
}

static void test_random_waterfalls_close_to_the_cent(void)
{
    rng_stream stream = rng_at(17, 0);
    for (int run = 0; run < 300; run++) {
        report_fixture x;
        fixture_make(&x);
        fel_waterfall *w = &x.result.waterfall;
        fel_money *const parts[] = {&w->gross,     &w->delay,    &w->lines[0],
                                    &w->lines[1],  &w->lines[2], &w->lines[3],
                                    &w->dividends, &w->interest, &w->borrow};
        for (size_t k = 0; k < 9; k++) {
            const double size = run % 3 == 0 ? 1e9 : run % 3 == 1 ? 1.0 : 0.01;
            *parts[k] = money_of(size * rng_normal(&stream));
        }
        w->net = money_add(w->gross, money_add(w->dividends, w->interest));
        for (size_t k = 1; k < 6; k++) {
            w->net = money_sub(w->net, *parts[k]);
        }
        w->net = money_sub(w->net, w->borrow);
        fel_report *r = fixture_report(&x);
        CHECK_INT(printed_gap(r), 0);
        CHECK_TEXT(r->cost_difference, "0.00");
        for (size_t k = 0; k < N_WATERFALL_ROWS; k++) {
            const double exact = 100.0 * fel_money_value(r->costs[k].amount);
            CHECK_NEAR((double)cents(r->costs[k].text), exact, 1.5);
        }
        fel_report_destroy(r);
    }
}

static void test_currencies_without_cents_print_whole_units(void)
{
    report_fixture x;
    fixture_make(&x);
    (void)snprintf(x.instrument.currency, sizeof(x.instrument.currency), "JPY");
    fel_report *r = fixture_report(&x);
    CHECK_TEXT(r->costs[10].text, "204");
    CHECK_TEXT(r->cost_difference, "0");
    fel_report_destroy(r);
}

SUITE("reports/report_costs", TEST(test_rows_of_the_hand_made_run),
      TEST(test_roundings_that_all_go_one_way_still_close),
      TEST(test_a_gap_in_the_amounts_is_shown_and_not_hidden),
      TEST(test_random_waterfalls_close_to_the_cent),
      TEST(test_currencies_without_cents_print_whole_units));
