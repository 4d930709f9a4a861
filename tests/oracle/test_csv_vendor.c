/* tests/oracle/test_csv_vendor.c - real files of many vendors: layouts, counts of rows against the
 * manifest of
 * ../shared/data, prices at known dates. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"

#define QUOTES "vendor/DaveSkender__Stock.Indicators/tests/indicators/_testdata/quotes/"
#define TRADER                                                                                     \
    "vendor/mementum__backtrader/data"                                                             \
    "s/"
#define LEAN "vendor/QuantConnect__Lean/Data/equity/usa/"
#define YF   "vendor/ranaroussi__yfinance/tests/data/"

enum { NEGATIVE = 1, SORT = 2, QUARANTINE = 4 };

/* A file and what the manifest says of it. */
typedef struct expectation {
    const char *path, *layout;
    int flags;
    uint64_t n_rows, n_quarantined, n_missing;
    int64_t length_s;
    double ticks_per_unit;
    const char *last_time;
} expectation;

enum { DAY = 86400 };

static const expectation files[] = {
    {"tidy/btc_usd_1d_2013_2026.csv.gz", "canonical", 0, 4719, 0, 0, DAY, 1e6,
     "2026-03-31T00:00:00Z"},
    {"tidy/btcusdt_binance_spot_1h_2017_2020.csv.gz", "canonical", 0, 28904, 0, 0, 3600, 100,
     "2020-12-08T01:00:00Z"},
    {"tidy/btcusdt_binanceus_1m_202303.csv.gz", "canonical", 0, 30240, 0, 0, 60, 100,
     "2023-03-22T00:00:00Z"},
    {"tidy/wti_spot_1d.csv.gz", "fred", NEGATIVE, 10226, 0, 0, DAY, 100, "2026-08-19T00:00:00Z"},
    {"tidy/cl_front_1d_2000_2026.csv.gz", "canonical", NEGATIVE | QUARANTINE, 6443, 7, 0, DAY, 100,
     "2026-04-23T00:00:00Z"},
    {"tidy/dgs3mo_1982_2026.csv.gz", "fred", NEGATIVE, 11515, 0, 480, DAY, 100,
     "2026-02-21T00:00:00Z"},
    {"tidy/eurusd_1m_2017h1.csv.gz", "canonical", 0, 186348, 0, 0, 60, 1e5, "2017-06-30T21:59:00Z"},
    {"tidy/eurusd_ticks_20140501_02.csv.gz", "quotes", 0, 147459, 0, 0, 0, 1e5,
     "2014-05-02T20:59:11.909Z"},
    {"tidy/gspc_1d_1927_2026.csv.gz", "canonical", 0, 24748, 0, 0, DAY, 100,
     "2026-07-14T00:00:00Z"},
    {"tidy/vix_1d_1990_2026.csv.gz", "canonical", QUARANTINE, 9235, 47, 0, DAY, 100,
     "2026-07-24T00:00:00Z"},
    {"tidy/us88_panel_1d_2012_2017.csv.gz", "panel", QUARANTINE, 108592, 3, 0, DAY, 1e6,
     "2017-09-02T00:00:00Z"},
    {"tidy/lean_us_daily_raw_1998_2021.csv.gz", "panel", 0, 57190, 0, 0, DAY, 1e4,
     "2021-04-01T00:00:00Z"},
    {"tidy/aapl_1d_1980_2026.csv.gz", "yahoo", 0, 11422, 0, 0, DAY, 1e6, "2026-04-10T00:00:00Z"},
    {"madl/btc_1d_yahoo.csv", "yahoo", 0, 3694, 0, 0, DAY, 0, "2024-10-28T00:00:00Z"},
    {QUOTES "longest.csv.gz", "canonical", SORT, 15821, 0, 0, DAY, 100, "2012-11-16T00:00:00Z"},
    {QUOTES "intraday.csv.gz", "canonical", 0, 1564, 0, 0, 60, 1e4, "2020-12-18T16:01:00Z"},
    {QUOTES "msft.csv.gz", "canonical", 0, 8111, 0, 0, DAY, 1000, "2022-03-11T00:00:00Z"},
    {QUOTES "toobig.csv.gz", "canonical", 0, 1246, 0, 0, DAY, 0, "2021-01-13T00:00:00Z"},
    {QUOTES "zeros.csv.gz", "canonical", NEGATIVE, 200, 0, 0, DAY, 1, "2017-10-18T00:00:00Z"},
    {QUOTES "_issue0859.adx.nan.csv.gz", "canonical", 0, 595, 0, 0, 180, 1e8,
     "2022-08-01T03:51:00Z"},
    {TRADER "2006-min-005.txt.gz", "canonical", 0, 2142, 0, 0, 300, 100, "2006-01-30T17:35:00Z"},
    {TRADER "2006-week-001.txt.gz", "canonical", 0, 52, 0, 0, 7 * DAY, 100, "2006-12-30T00:00:00Z"},
    {TRADER "2006-month-001.txt.gz", "canonical", 0, 12, 0, 0, 30 * DAY, 100,
     "2006-12-30T00:00:00Z"},
    {TRADER "nvda-1999-2014.txt.gz", "yahoo", 0, 4012, 0, 0, DAY, 1e6, "2015-01-01T00:00:00Z"},
    {"vendor/kernc__backtesting.py/backtesting/test/GOOG.csv.gz", "canonical", 0, 2148, 0, 0, DAY,
     100, "2013-03-02T00:00:00Z"},
    {"vendor/kernc__backtesting.py/backtesting/test/EURUSD.csv.gz", "canonical", 0, 5000, 0, 0,
     3600, 1e5, "2018-02-07T16:00:00Z"},
    {"vendor/kernc__backtesting.py/backtesting/test/BTCUSD.csv.gz", "canonical", 0, 156, 0, 0,
     30 * DAY, 100, "2025-01-01T00:00:00Z"},
    {"vendor/Kismuz__btgym/examples/data/DAT_ASCII_EURUSD_M1_201703.csv.gz", "histdata", 0, 32660,
     0, 0, 60, 1e5, "2017-03-31T21:59:00Z"},
    {"vendor/geoffreygarrett__volo-attempt2/BTCUSDT-1h-data.csv.gz", "binance", QUARANTINE, 28909,
     5, 0, 3600, 100, "2020-12-08T01:00:00Z"},
    {"vendor/pushanweb__ARIMA_LSTM_LR/S&P500.csv.gz", "yahoo", SORT, 2517, 0, 0, DAY, 100,
     "2017-12-29T00:00:00Z"},
    {"vendor/adegade__crytoanalysisproject/coin_Bitcoin.csv.gz", "panel", 0, 2991, 0, 0, DAY, 0,
     "2021-07-07T00:00:00Z"},
    {"vendor/jalfiler__Gold_Bond_Recession/data/DGS10.csv.gz", "fred", 0, 15999, 0, 682, DAY, 100,
     "2023-04-29T00:00:00Z"},
    {"vendor/gbeced__pyalgotrade/testcases/data/WIKI-ORCL-2000-quandl.csv.gz", "canonical", SORT,
     252, 0, 0, DAY, 100, "2000-12-30T00:00:00Z"},
    {LEAN "daily/spy.zip", "lean", 0, 5849, 0, 0, DAY, 1e4, "2021-04-01T04:00:00Z"},
    {LEAN "minute/spy/20131011_trade.zip", "lean", 0, 776, 0, 0, 60, 100, "2013-10-12T00:00:00Z"},
    {YF "EWG-1d-no-bad-divs.csv.gz", "yahoo", QUARANTINE, 662, 0, 0, DAY, 0, NULL},
};

static void set_flags(fel_csv_options *options, int flags, char *rejected, size_t size)
{
    *options = fel_csv_options_default();
    options->allow_negative = (flags & NEGATIVE) != 0;
    options->sort = (flags & SORT) != 0;
    if (flags & QUARANTINE) {
        (void)snprintf(rejected, size, "%s/rejected.csv", scratch_folder());
        options->bad_rows = FEL_BAD_ROWS_QUARANTINE;
        options->quarantine_path = rejected;
    }
}

static const char *data_path(const char *relative)
{
    static char path[1024];
    char name[512];
    (void)snprintf(name, sizeof(name), "data/%s", relative);
    const char *found = shared_path(name);
    if (found == NULL) {
        return NULL;
    }
    (void)snprintf(path, sizeof(path), "%s", found);
    return path;
}

static void check_file(const expectation *e)
{
    char rejected[600];
    fel_csv_options options;
    fel_series_list list;
    const char *path = data_path(e->path);
    set_flags(&options, e->flags, rejected, sizeof(rejected));
    if (path == NULL) {
        check_true_at(0, e->path, __FILE__, __LINE__);
        return;
    }
    const fel_csv_summary s = csv_case_read(&list, path, &options);
    if (list.n == 0) {
        return;
    }
    const fel_series_info *info = fel_series_describe(list.items[0]);
    const fel_block b = fel_series_rows(list.items[0]);
    check_text_at(s.layout, e->layout, e->path, __FILE__, __LINE__);
    check_int_at((int64_t)s.n_rows, (int64_t)e->n_rows, e->path, __FILE__, __LINE__);
    check_int_at((int64_t)s.n_quarantined, (int64_t)e->n_quarantined, e->path, __FILE__, __LINE__);
    check_int_at((int64_t)s.n_missing, (int64_t)e->n_missing, e->path, __FILE__, __LINE__);
    CHECK_INT(s.n_accepted + s.n_quarantined + s.n_missing, s.n_rows);
    check_int_at(info->length_ns, e->length_s * FEL_NS_PER_SECOND, e->path, __FILE__, __LINE__);
    check_same_double_at(info->instrument.ticks_per_unit, e->ticks_per_unit, e->path, __FILE__,
                         __LINE__);
    if (e->last_time != NULL) {
        check_text_at(csv_case_time(b.time_ns[b.n - 1]), e->last_time, e->path, __FILE__, __LINE__);
    }
    fel_series_list_clear(&list);
}

static void test_files_of_many_vendors(void)
{
    if (shared_path("data") == NULL) {
        SKIP("../shared/data is absent");
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        check_file(&files[i]);
    }
}

/* Files that must be refused: the end of the one line. */
static void test_files_that_are_refused(void)
{
    static const struct {
        const char *path, *message;
    } bad[] = {
        {"tidy/wti_spot_1d.csv.gz",
         "row 8645, column price, value \"-36.98\": is not positive (allow "
         "negative prices if that is right)"},
        {"tidy/cl_front_1d_2000_2026.csv.gz",
         "row 159, column low, value \"27.31\": is above the open"},
        {QUOTES "bad.csv.gz", "row 202, column date, value \"\": is not a time like 01/03/2017"},
        {QUOTES "mismatch.csv.gz",
         "row 21, column Timestamp, value \"2016-01-18T00:00:00Z\": is earlier than row 20; if newest "
         "comes first, ask for sort"},
        {QUOTES "longest.csv.gz",
         "row 3, column Timestamp, value \"2012-11-14T00:00:00Z\": is earlier than row 2; if newest comes "
         "first, ask for sort"},
        {QUOTES "zeros.csv.gz",
         "row 2, column open, value \"0.00\": is not positive (allow negative prices "
         "if that is right)"},
        {TRADER "2006-01-02-volume-min-001.txt.gz", "row 2: has 8 columns, not 7"},
        {TRADER "bidask.csv.gz",
         "dates like 02/03/2010 16:53:50 are ambiguous; give date_format dmy or mdy"},
        {TRADER "bidask2.csv.gz", "row 1: a quote is not closed or stands inside a field"},
        {TRADER "ticksample.csv.gz",
         "row 24, column Datetime, value \"2015-09-23T20:58:22.316Z\": repeats "
         "the time of row 23"},
        {"vendor/gbeced__pyalgotrade/testcases/data/bitstampUSD.csv.gz",
         "row 1, \"1315922016,5.800000000000,1.000000000000\", names no time and price columns; name a "
         "layout or a map such as time=1,close=5"},
    };
    if (shared_path("data") == NULL) {
        SKIP("../shared/data is absent");
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fel_series_list list = {0};
        const char *path = data_path(bad[i].path);
        CHECK(path != NULL);
        if (path != NULL) {
            CHECK_STATUS(fel_csv_read(&list, path, NULL, NULL), FEL_ERR_FORMAT);
            CHECK_HAS(fel_last_error()->message, bad[i].message);
        }
        fel_series_list_clear(&list);
    }
}

/* The row of a day (of its UTC date), or n. */
static size_t row_of_day(const fel_block *b, const char *day)
{
    for (size_t i = 0; i < b->n; i++) {
        char text[16];
        fel_day_format(b->time_ns[i], text, sizeof(text));
        if (strcmp(text, day) == 0) {
            return i;
        }
    }
    return b->n;
}

static void test_oil_was_negative_on_one_day(void)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list;
    options.allow_negative = 1;
    if (data_path("tidy/wti_spot_1d.csv.gz") == NULL) {
        SKIP("../shared/data is absent");
    }
    (void)csv_case_read(&list, data_path("tidy/wti_spot_1d.csv.gz"), &options);
    const fel_block b = fel_series_rows(list.items[0]);
    const size_t row = row_of_day(&b, "2020-04-20");
    CHECK(row < b.n);
    CHECK_SAME(row < b.n ? b.columns[3][row] : 0.0, -36.98);
    size_t n_negative = 0;
    for (size_t i = 0; i < b.n; i++) {
        n_negative += b.columns[3][i] <= 0.0 ? 1 : 0;
    }
    CHECK_INT(n_negative, 1);
    fel_series_list_clear(&list);
}

static void test_splits_of_apple(void)
{
    static const struct {
        const char *day;
        double ratio;
    } splits[] = {{"1987-06-16", 2},
                  {"2000-06-21", 2},
                  {"2005-02-28", 2},
                  {"2014-06-09", 7},
                  {"2020-08-31", 4}};
    fel_series_list list;
    if (data_path("tidy/aapl_1d_1980_2026.csv.gz") == NULL) {
        SKIP("../shared/data is absent");
    }
    (void)csv_case_read(&list, data_path("tidy/aapl_1d_1980_2026.csv.gz"), NULL);
    CHECK_INT(list.n, 2);
    const fel_block b = fel_series_rows(list.items[list.n - 1]);
    size_t n = 0;
    for (size_t i = 0; i < b.n; i++) {
        if (b.columns[0][i] == (double)FEL_SPLIT && n < 5) {
            char text[40];
            fel_time_format(b.time_ns[i], text, sizeof(text));
            CHECK(strncmp(text, splits[n].day, 10) == 0);
            CHECK_SAME(b.columns[1][i], splits[n].ratio);
            n++;
        }
    }
    CHECK_INT(n, 5);
    fel_series_list_clear(&list);
}

/* HistData's EST without daylight saving: the tidy file holds the same minutes in UTC. */
static void test_histdata_is_five_hours_behind(void)
{
    fel_series_list vendor, tidy;
    if (data_path("tidy/eurusd_1m_2017h1.csv.gz") == NULL) {
        SKIP("../shared/data is absent");
    }
    (void)csv_case_read(
        &vendor, data_path("vendor/Kismuz__btgym/examples/data/DAT_ASCII_EURUSD_M1_201701.csv.gz"),
        NULL);
    (void)csv_case_read(&tidy, data_path("tidy/eurusd_1m_2017h1.csv.gz"), NULL);
    const fel_block a = fel_series_rows(vendor.items[0]), b = fel_series_rows(tidy.items[0]);
    CHECK_INT(a.n, 31500);
    CHECK(b.n > a.n && memcmp(a.time_ns, b.time_ns, a.n * sizeof(int64_t)) == 0);
    for (size_t c = 0; c < 4; c++) {
        CHECK(b.n > a.n && memcmp(a.columns[c], b.columns[c], a.n * sizeof(double)) == 0);
    }
    fel_series_list_clear(&vendor);
    fel_series_list_clear(&tidy);
}

/* LEAN's deci-cents and New York dates against the tidy panel made from them. */
static void test_lean_days_equal_the_panel(void)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list lean, panel;
    if (data_path(LEAN "daily/spy.zip") == NULL) {
        SKIP("../shared/data is absent");
    }
    (void)csv_case_read(&lean, data_path(LEAN "daily/spy.zip"), NULL);
    (void)strcpy(options.symbol, "SPY");
    (void)strcpy(options.zone, "America/New_York");
    (void)csv_case_read(&panel, data_path("tidy/lean_us_daily_raw_1998_2021.csv.gz"), &options);
    const fel_block a = fel_series_rows(lean.items[0]), b = fel_series_rows(panel.items[0]);
    CHECK_INT(a.n, b.n);
    CHECK_TEXT(fel_series_describe(lean.items[0])->instrument.symbol, "SPY");
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        if (a.time_ns[i] != b.time_ns[i] || a.columns[0][i] != b.columns[0][i] ||
            a.columns[3][i] != b.columns[3][i] || a.columns[4][i] != b.columns[4][i]) {
            CHECK_INT(i, -1);
            break;
        }
    }
    fel_series_list_clear(&lean);
    fel_series_list_clear(&panel);
}

static void test_thousands_of_a_copied_table(void)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list;
    options.sort = 1;
    if (data_path("vendor/pushanweb__ARIMA_LSTM_LR/S&P500.csv.gz") == NULL) {
        SKIP("../shared/data is absent");
    }
    (void)csv_case_read(&list, data_path("vendor/pushanweb__ARIMA_LSTM_LR/S&P500.csv.gz"),
                        &options);
    const fel_block b = fel_series_rows(list.items[0]);
    const size_t row = row_of_day(&b, "2017-12-28");
    CHECK(row < b.n);
    if (row < b.n) {
        CHECK_SAME(b.columns[0][row], 2686.1);
        CHECK_SAME(b.columns[3][row], 2687.54);
        CHECK_SAME(b.columns[4][row], 2174890000.0);
    }
    fel_series_list_clear(&list);
}

SUITE("oracle/csv_vendor", TEST(test_files_of_many_vendors), TEST(test_files_that_are_refused),
      TEST(test_oil_was_negative_on_one_day), TEST(test_splits_of_apple),
      TEST(test_histdata_is_five_hours_behind), TEST(test_lean_days_equal_the_panel),
      TEST(test_thousands_of_a_copied_table));
