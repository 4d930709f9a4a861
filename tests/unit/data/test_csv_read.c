/* tests/unit/data/test_csv_read.c - what rows become: spans, sessions, actions, panels, signals;
 * and back. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"

static fel_series_list read_text(const char *text, const fel_csv_options *options)
{
    fel_series_list list;
    (void)csv_case_read(&list, csv_case_file("x.csv", text, -1), options);
    return list;
}

static const char *close_time(const fel_series_list *list, size_t row)
{
    return list->n == 0 ? "" : csv_case_time(fel_series_rows(list->items[0]).time_ns[row]);
}

static const char *open_time(const fel_series_list *list, size_t row)
{
    if (list->n == 0) {
        return "";
    }
    const fel_block b = fel_series_rows(list->items[0]);
    const int64_t length_ns = fel_series_describe(list->items[0])->length_ns;
    return csv_case_time(b.open_ns != NULL ? b.open_ns[row] : b.time_ns[row] - length_ns);
}

static void check_span(const fel_series_list *list, size_t row, const char *open, const char *close)
{
    CHECK_TEXT(open_time(list, row), open);
    CHECK_TEXT(close_time(list, row), close);
}

static void test_a_day_is_known_at_its_end(void)
{
    fel_series_list list =
        read_text("date,open,high,low,close,volume\n2020-01-02,10.5,11.25,10.25,11,300\n"
                  "2020-01-03,11,11,11,11,\n",
                  NULL);
    const fel_series_info *info = fel_series_describe(list.items[0]);
    const fel_block b = fel_series_rows(list.items[0]);
    CHECK_TEXT(info->instrument.symbol, "x");
    CHECK_TEXT(info->instrument.currency, "USD");
    CHECK_TEXT(info->zone, "UTC");
    CHECK_INT(info->length_ns, FEL_NS_PER_DAY);
    CHECK_SAME(info->instrument.ticks_per_unit, 100.0);
    CHECK(b.open_ns == NULL);
    check_span(&list, 1, "2020-01-03T00:00:00Z", "2020-01-04T00:00:00Z");
    CHECK_SAME(b.columns[1][0], 11.25);
    CHECK_SAME(b.columns[4][0], 300.0);
    CHECK(isnan(b.columns[4][1]));
    fel_series_list_clear(&list);
}

static void test_days_of_a_zone_have_23_to_25_hours(void)
{
    fel_csv_options options = fel_csv_options_default();
    (void)strcpy(options.zone, "America/New_York");
    const char *text = "date,close\n2021-03-13,1\n2021-03-14,1\n2021-03-15,1\n2021-11-07,1\n";
    fel_series_list list = read_text(text, &options);
    check_span(&list, 0, "2021-03-13T05:00:00Z", "2021-03-14T05:00:00Z");
    check_span(&list, 1, "2021-03-14T05:00:00Z", "2021-03-15T04:00:00Z");
    check_span(&list, 3, "2021-11-07T04:00:00Z", "2021-11-08T05:00:00Z");
    CHECK_INT(fel_series_describe(list.items[0])->length_ns, FEL_NS_PER_DAY);
    fel_series_list_clear(&list);

    (void)strcpy(options.session, "09:30-16:00");
    list = read_text(text, &options);
    check_span(&list, 0, "2021-03-13T14:30:00Z", "2021-03-13T21:00:00Z");
    check_span(&list, 1, "2021-03-14T13:30:00Z", "2021-03-14T20:00:00Z");
    fel_series_list_clear(&list);

    (void)strcpy(options.session,
                 "18:00-17:00"); /* futures: the session began the evening before */
    list = read_text(text, &options);
    check_span(&list, 1, "2021-03-13T23:00:00Z", "2021-03-14T21:00:00Z");
    fel_series_list_clear(&list);

    (void)strcpy(options.zone, "America/Sao_Paulo"); /* midnight of 2018-11-04 does not exist */
    options.session[0] = '\0';
    list = read_text("date,close\n2018-11-03,1\n2018-11-04,1\n", &options);
    check_span(&list, 0, "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z");
    check_span(&list, 1, "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z");
    fel_series_list_clear(&list);
}

static void test_intraday_stamps_open_or_close(void)
{
    fel_csv_options options = fel_csv_options_default();
    const char *text =
        "ts,close\n2020-01-02 10:00:00,1\n2020-01-02 10:30:00,2\n2020-01-02 11:00,3\n"
        "2020-01-02 13:00:00.000,4\n";
    fel_series_list list;
    const fel_csv_summary summary =
        csv_case_read(&list, csv_case_file("x.csv", text, -1), &options);
    CHECK_INT(summary.n_gaps, 1);
    CHECK_INT(fel_series_describe(list.items[0])->length_ns, 30 * FEL_NS_PER_MINUTE);
    check_span(&list, 1, "2020-01-02T10:30:00Z", "2020-01-02T11:00:00Z");
    fel_series_list_clear(&list);
    (void)strcpy(options.stamp, "close");
    options.length_ns = 15 * FEL_NS_PER_MINUTE;
    list = read_text(text, &options);
    check_span(&list, 1, "2020-01-02T10:15:00Z", "2020-01-02T10:30:00Z");
    fel_series_list_clear(&list);
}

static void test_an_hour_that_occurs_twice(void)
{
    fel_csv_options options = fel_csv_options_default();
    (void)strcpy(options.zone, "America/New_York");
    fel_series_list list = read_text("ts,close\n2021-11-07 00:30:00,1\n2021-11-07 01:00:00,2\n"
                                     "2021-11-07 01:30:00,3\n2021-11-07 01:00:00,4\n"
                                     "2021-11-07 01:30:00,5\n2021-11-07 02:00:00,6\n",
                                     &options);
    check_span(&list, 2, "2021-11-07T05:30:00Z", "2021-11-07T06:00:00Z");
    check_span(&list, 3, "2021-11-07T06:00:00Z", "2021-11-07T06:30:00Z");
    check_span(&list, 4, "2021-11-07T06:30:00Z", "2021-11-07T07:00:00Z");
    check_span(&list, 5, "2021-11-07T07:00:00Z", "2021-11-07T07:30:00Z");
    fel_series_list_clear(&list);
}

static void test_weeks_and_months(void)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list =
        read_text("date,close\n2020-01-31,1\n2020-02-28,2\n2020-03-31,3\n", NULL);
    check_span(&list, 1, "2020-02-01T00:00:00Z", "2020-02-29T00:00:00Z");
    fel_series_list_clear(&list);
    list = read_text("date,close\n2020-01-01,1\n2020-02-01,2\n2020-03-01,3\n", NULL);
    check_span(&list, 1, "2020-02-01T00:00:00Z", "2020-03-01T00:00:00Z");
    CHECK_INT(fel_series_describe(list.items[0])->length_ns, 30 * FEL_NS_PER_DAY);
    fel_series_list_clear(&list);
    list = read_text("date,close\n2020-01-03,1\n2020-01-10,2\n2020-01-17,3\n", NULL);
    check_span(&list, 1, "2020-01-04T00:00:00Z", "2020-01-11T00:00:00Z");
    fel_series_list_clear(&list);
    list = read_text("date,close\n2020-01-06,1\n2020-01-13,2\n2020-01-20,3\n", NULL);
    check_span(&list, 1, "2020-01-13T00:00:00Z", "2020-01-20T00:00:00Z");
    fel_series_list_clear(&list);
    (void)strcpy(options.stamp, "close");
    list = read_text("date,close\n2020-01-15,1\n2020-02-15,2\n2020-03-15,3\n", &options);
    CHECK_TEXT(close_time(&list, 1), "2020-02-16T00:00:00Z");
    fel_series_list_clear(&list);
}

static void test_offsets_are_instants_and_days(void)
{
    fel_csv_options options = fel_csv_options_default();
    const char *text = "Datetime,Close\n2022-03-25 00:00:00+00:00,1\n2022-03-28 00:00:00+01:00,1\n";
    fel_series_list list = read_text(text, NULL);
    check_span(&list, 0, "2022-03-25T00:00:00Z", "2022-03-26T00:00:00Z");
    check_span(&list, 1, "2022-03-27T23:00:00Z", "2022-03-28T23:00:00Z");
    fel_series_list_clear(&list);
    (void)strcpy(options.zone, "Europe/London");
    (void)strcpy(options.session, "08:00-16:30");
    list = read_text(text, &options);
    check_span(&list, 0, "2022-03-25T08:00:00Z", "2022-03-25T16:30:00Z");
    check_span(&list, 1, "2022-03-28T07:00:00Z", "2022-03-28T15:30:00Z");
    fel_series_list_clear(&list);
}

static void test_actions_come_beside_the_bars(void)
{
    fel_series_list list = read_text(
        "Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits\n"
        "2020-08-28,126.0,126.4,124.6,124.8,122.0,1.5e8,0.0,0.0\n"
        "2020-08-31,127.6,131.0,126.0,129.0,126.1,2.2e8,0.205,4.0\n2020-09-01,1,2,1,2,2,5,0,1\n",
        NULL);
    CHECK_INT(list.n, 2);
    const fel_series_info *info = fel_series_describe(list.items[1]);
    const fel_block b = fel_series_rows(list.items[1]);
    CHECK_INT(fel_series_describe(list.items[0])->adjustment, FEL_ADJUST_SPLIT);
    CHECK_INT(info->kind, FEL_DATA_ACTION);
    CHECK_TEXT(info->instrument.symbol, "x");
    CHECK_INT(b.n, 2);
    CHECK_TEXT(csv_case_time(b.time_ns[0]), "2020-08-31T00:00:00Z");
    CHECK_SAME(b.columns[0][0], FEL_SPLIT);
    CHECK_SAME(b.columns[1][0], 4.0);
    CHECK_SAME(b.columns[0][1], FEL_DIVIDEND);
    CHECK_SAME(b.columns[1][1], 0.205);
    fel_series_list_clear(&list);
}

static void test_panels_split_by_symbol(void)
{
    static const char *const texts[] = {
        "date,symbol,close\n2020-01-02,B,1\n2020-01-02,A,2\n2020-01-03,B,1.5\n2020-01-03,A,2.5\n",
        "date,symbol,close\n2020-01-02,B,1\n2020-01-03,B,1.5\n2020-01-02,A,2\n2020-01-03,A,2.5\n"};
    for (size_t i = 0; i < 2; i++) {
        fel_series_list list = read_text(texts[i], NULL);
        CHECK_INT(list.n, 2);
        CHECK_TEXT(fel_series_describe(list.items[0])->instrument.symbol, "B");
        CHECK_TEXT(fel_series_describe(list.items[1])->instrument.symbol, "A");
        CHECK_SAME(fel_series_rows(list.items[1]).columns[3][1], 2.5);
        CHECK_SAME(fel_series_rows(list.items[1]).columns[0][1],
                   2.5); /* a single price is all four */
        fel_series_list_clear(&list);
    }
    fel_csv_options options = fel_csv_options_default();
    (void)strcpy(options.symbol, "A");
    fel_series_list list = {0};
    const fel_csv_summary summary =
        csv_case_read(&list, csv_case_file("p.csv", texts[0], -1), &options);
    CHECK_INT(list.n, 1);
    CHECK_INT(summary.n_rows, 2);
    fel_series_list_clear(&list);
    (void)strcpy(options.symbol, "Z");
    CHECK_CSV_ERROR(texts[0], -1, &options, "has no rows of Z");
}

static void test_signals_are_known_at_their_instants(void)
{
    fel_csv_options options = fel_csv_options_default();
    options.signal_columns = "forecast,Signal_Long";
    fel_series_list list =
        read_text("date,forecast,signal_long\n2020-01-02,-0.0125,0\n2020-01-03,,1\n", &options);
    const fel_series_info *info = fel_series_describe(list.items[0]);
    const fel_block b = fel_series_rows(list.items[0]);
    CHECK_INT(info->kind, FEL_DATA_SIGNAL);
    CHECK_INT(info->n_columns, 2);
    CHECK_TEXT(info->columns[1], "Signal_Long");
    CHECK_TEXT(csv_case_time(b.time_ns[0]), "2020-01-03T00:00:00Z");
    CHECK_SAME(b.columns[0][0], -0.0125);
    CHECK(isnan(b.columns[0][1]));
    CHECK_SAME(b.columns[1][1], 1.0);
    fel_series_list_clear(&list);
    list = read_text(
        "ts,forecast,signal_long\n2020-01-02T10:00:00Z,1,0\n2020-01-02T11:00:00Z,2,1\n", &options);
    CHECK_TEXT(close_time(&list, 1), "2020-01-02T11:00:00Z");
    fel_series_list_clear(&list);
}

static void test_negative_prices_where_they_are_right(void)
{
    fel_csv_options options = fel_csv_options_default();
    options.allow_negative = 1;
    fel_series_list list =
        read_text("Date,Price\n2020-04-17,18.31\n2020-04-20,-36.98\n2020-04-21,0\n", &options);
    CHECK_SAME(fel_series_rows(list.items[0]).columns[3][1], -36.98);
    CHECK_SAME(fel_series_describe(list.items[0])->instrument.ticks_per_unit, 100.0);
    fel_series_list_clear(&list);
}

static void check_back(const char *text, const fel_csv_options *options)
{
    char path[600];
    fel_series_list list = read_text(text, options), again;
    (void)snprintf(path, sizeof(path), "%s/x.csv", scratch_folder());
    CHECK_OK(fel_csv_write(list.items[0], path));
    fel_csv_options back = fel_csv_options_default();
    back.signal_columns = options != NULL ? options->signal_columns : NULL;
    (void)csv_case_read(&again, path, &back);
    const fel_block a = fel_series_rows(list.items[0]);
    const fel_block b = again.n > 0 ? fel_series_rows(again.items[0]) : (fel_block){0};
    CHECK_INT(b.n, a.n);
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        CHECK_TEXT(open_time(&again, i), open_time(&list, i));
        CHECK_INT(b.time_ns[i], a.time_ns[i]);
        for (size_t c = 0; c < a.n_columns; c++) {
            CHECK_SAME(b.columns[c][i], a.columns[c][i]);
        }
    }
    fel_series_list_clear(&list);
    fel_series_list_clear(&again);
}

static void test_what_is_written_reads_back(void)
{
    fel_csv_options options = fel_csv_options_default();
    check_back("date,open,high,low,close,volume\n2020-01-02,0.1,0.30000000000000004,0.1,0.2,\n"
               "2020-01-03,1e-7,1e7,1e-9,3.3333333333333335,5\n",
               NULL);
    check_back(
        "ts,close\n2020-01-02 10:00:00.5,1\n2020-01-02 10:00:01,2\n2020-01-02 10:00:01.5,3\n",
        NULL);
    check_back("ts,bid,ask\n2020-01-02 10:00:00.123,1.5,1.75\n2020-01-02 10:00:00.123,2,2.5\n",
               NULL);
    check_back("date,close\n2020-01-31,1\n2020-02-28,2\n2020-03-31,3\n", NULL);
    (void)strcpy(options.zone, "America/New_York");
    (void)strcpy(options.session, "09:30-16:00");
    check_back("date,close\n2021-03-12,1\n2021-03-15,1.0625\n2021-03-16,7\n", &options);
    options = fel_csv_options_default();
    options.signal_columns = "a,b";
    check_back("date,a,b\n2021-03-12,1,\n2021-03-15,-1.0625,3\n2021-03-16,7,0\n", &options);
}

static void test_a_write_that_fails_leaves_nothing(void)
{
    fel_series_list list = read_text("date,close\n2021-03-12,1\n2021-03-15,1.5\n", NULL);
    CHECK_STATUS(fel_csv_write(list.items[0], "/nonexistent/folder/x.csv"), FEL_ERR_IO);
    CHECK_STATUS(fel_csv_write(list.items[0], "/dev/full"), FEL_ERR_IO);
    fel_series_list_clear(&list);
    fel_csv_options options = fel_csv_options_default();
    options.bad_rows = FEL_BAD_ROWS_QUARANTINE;
    options.quarantine_path = "/dev/full";
    CHECK_STATUS(
        fel_csv_read(&list, csv_case_file("x.csv", "date,close\n2021-03-12,1\n2021-03-15,x\n", -1),
                     &options, NULL),
        FEL_ERR_IO);
}

SUITE("data/csv_read", TEST(test_a_day_is_known_at_its_end),
      TEST(test_days_of_a_zone_have_23_to_25_hours), TEST(test_intraday_stamps_open_or_close),
      TEST(test_an_hour_that_occurs_twice), TEST(test_weeks_and_months),
      TEST(test_offsets_are_instants_and_days), TEST(test_actions_come_beside_the_bars),
      TEST(test_panels_split_by_symbol), TEST(test_signals_are_known_at_their_instants),
      TEST(test_negative_prices_where_they_are_right), TEST(test_what_is_written_reads_back),
      TEST(test_a_write_that_fails_leaves_nothing));
