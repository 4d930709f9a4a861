/* tests/unit/data/test_layout.c - files are known by their look: layouts, delimiters, columns,
 * packings. */
#include <archive.h>
#include <archive_entry.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"

/* A file's name and text, and what its second row must be. */
typedef struct sample {
    const char *name, *text, *layout, *symbol, *open_time, *close_time;
    double first, last; /* columns 0 and 3 */
} sample;

static const sample samples[] = {
    {"BTCUSDT-1h.csv",
     "1502942400000,4261.48,4313.62,4261.32,4308.83,47.181009,1502945999999,202366.1,171,35.16,150952.4,0\n"
     "1502946000000,4308.83,4328.69,4291.37,4315.32,23.234916,1502949599999,100304.8,102,21.44,92608.2,0\n",
     "binance", "BTCUSDT-1h", "2017-08-17T05:00:00Z", "2017-08-17T06:00:00Z", 4308.83, 4315.32},
    {"micro.csv",
     "1735689600000000,1.5,2,1,1.75,5,1735689659999999,1,1,1,1,0\n"
     "1735689660000000,1.75,2,1,1.5,5,1735689719999999,1,1,1,1,0\n",
     "binance", "micro", "2025-01-01T00:01:00Z", "2025-01-01T00:02:00Z", 1.75, 1.5},
    {"head.csv",
     "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,t,ignore\n"
     "1502942400000,1,2,1,1.5,5,1502945999999,1,1,1,1,0\n"
     "1502946000000,1.5,2,1,1.25,5,1502949599999,1,1,1,1,0\n",
     "binance", "head", "2017-08-17T05:00:00Z", "2017-08-17T06:00:00Z", 1.5, 1.25},
    {"DAT_ASCII_EURUSD_M1_201701.csv",
     "20170702 020000;1.051550;1.051970;1.051550;1.051900;0\n"
     "20170702 020100;1.052090;1.052090;1.051770;1.051790;0\n",
     "histdata", "DAT_ASCII_EURUSD_M1_201701", "2017-07-02T07:01:00Z", "2017-07-02T07:02:00Z",
     1.05209, 1.05179},
    {"spy.csv",
     "19980102 00:00,973100,977500,968100,975600,2782100\n"
     "19980706 00:00,975600,981000,974000,980000,2496500\n"
     "19980707 00:00,980000,981000,974000,975000,2496500\n",
     "lean", "SPY", "1998-07-06T04:00:00Z", "1998-07-07T04:00:00Z", 97.56, 98.0},
    {"20131011_ibm_minute_trade.csv",
     "34200000,1849900,1849900,1849000,1849500,100\n"
     "34260000,1847700,1847700,1847700,1847700,861\n",
     "lean", "IBM", "2013-10-11T13:31:00Z", "2013-10-11T13:32:00Z", 184.77, 184.77},
    {"20140501_quote.csv",
     "18000000,1.38686,1.3869,1.38685,1.38688,0,1.387,1.38705,1.387,1.38702,0\n"
     "18060000,,,,,,1.387,1.38705,1.387,1.38702,0\n"
     "18060000,1.38688,1.3869,1.38685,1.3869,7,1.387,1.38705,1.387,1.38703,9\n",
     "lean", NULL, NULL, "2014-05-01T09:02:00Z", 1.3869, 9.0},
    {"y.csv",
     "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-02,1,2,1,1.5,1.4,5\n"
     "2020-01-03,2,3,2,2.5,2.4,5\n",
     "yahoo", "y", "2020-01-03T00:00:00Z", "2020-01-04T00:00:00Z", 2, 2.5},
    {"three.csv",
     "Price,Close,High,Low,Open,Volume\nTicker,SPY,SPY,SPY,SPY,SPY\nDate,,,,,\n"
     "2024-01-02,1.5,2,1,1.25,5\n2024-01-03,2.5,3,2,2.25,5\n",
     "yahoo", "SPY", "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z", 2.25, 2.5},
    {"q.csv",
     "Timestamp|Bid|Ask|BidSize|AskSize\n2020-01-02 10:00:00|1.5|1.75|3|4\n"
     "2020-01-02 10:00:01|1.25|1.5|2|7\n",
     "quotes", "q", NULL, "2020-01-02T10:00:01Z", 1.25, 7},
    {"DGS3MO.csv", "DATE,DGS3MO\n1982-01-04,11.87\n1982-01-05,12.2\n1982-01-06,.\n", "fred",
     "DGS3MO", "1982-01-05T00:00:00Z", "1982-01-06T00:00:00Z", 12.2, 12.2},
    {"goog.csv",
     ",Open,High,Low,Close,Volume\n2004-08-19,100,104.06,95.96,100.34,22351900\n"
     "2004-08-20,101.01,109.08,100.5,108.31,11428600\n",
     "canonical", "goog", "2004-08-20T00:00:00Z", "2004-08-21T00:00:00Z", 101.01, 108.31},
    {"nasdaq.csv",
     "Date,Close/Last,Volume,Open,High,Low\n12/30/2019,1.5,5,1,2,1\n12/31/2019,2.5,5,2,3,2\n",
     "canonical", "nasdaq", "2019-12-31T00:00:00Z", "2020-01-01T00:00:00Z", 2, 2.5},
    {"mt.csv",
     "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
     "2020.01.02\t10:00:00\t1\t2\t1\t1.5\t5\t0\t1\n2020.01.02\t10:05:00\t2\t3\t2\t2.5\t5\t0\t1\n",
     "canonical", "mt", "2020-01-02T10:05:00Z", "2020-01-02T10:10:00Z", 2, 2.5},
    {"backtrader.txt",
     "Date,Time,Open,High,Low,Close,Volume,OpenInterest\n"
     "2006-01-02,09:05:00,1,2,1,1.5,0,0\n2006-01-02,09:10:00,2,3,2,2.5,0,0\n",
     "canonical", "backtrader", "2006-01-02T09:10:00Z", "2006-01-02T09:15:00Z", 2, 2.5},
    {"coin.csv",
     "SNo,Name,Symbol,Date,High,Low,Open,Close,Volume,Marketcap\n"
     "1,Bitcoin,BTC,29-04-2013 23:59,147.5,134,134.5,144.5,0,1\n"
     "2,Bitcoin,BTC,30-04-2013 23:59,146.9,134,144,139,0,1\n",
     "panel", "BTC", "2013-04-30T00:00:00Z", "2013-05-01T00:00:00Z", 144, 139},
};

static void test_layouts_are_detected(void)
{
    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        const sample *s = &samples[i];
        fel_series_list list;
        const fel_csv_summary summary =
            csv_case_read(&list, csv_case_file(s->name, s->text, -1), NULL);
        CHECK_TEXT(summary.layout, s->layout);
        if (list.n == 0) {
            continue;
        }
        const fel_series_info *info = fel_series_describe(list.items[0]);
        const fel_block b = fel_series_rows(list.items[0]);
        if (s->symbol != NULL) {
            CHECK_TEXT(info->instrument.symbol, s->symbol);
        }
        if (s->open_time != NULL) {
            CHECK_TEXT(
                csv_case_time(b.open_ns != NULL ? b.open_ns[1] : b.time_ns[1] - info->length_ns),
                s->open_time);
        }
        CHECK_TEXT(csv_case_time(b.time_ns[1]), s->close_time);
        CHECK_SAME(b.columns[0][1], s->first);
        CHECK_SAME(b.columns[3][1], s->last);
        fel_series_list_clear(&list);
    }
}

/* All but bars and quotes: name, text, layout, kind; row 1: time and three columns. */
static const struct {
    const char *name, *text, *layout, *time;
    fel_data_kind kind;
    double row[4];
} books[] = {
    {"BTCUSDT-trades-2024-01-01.csv",
     "1,42283.5,0.001,42.2,1704067200000,True,True\n2,42283.6,0.02,845.6,1704067200123,False,True\n",
     "binance_trades",
     "2024-01-01T00:00:00.123Z",
     FEL_DATA_TRADE,
     {42283.6, 0.02, 1.0}},
    {"agg.csv",
     "5,42283.5,0.001,1,1,1704067200000,true\n6,42283.6,0.02,2,4,1704067200123,true\n",
     "binance_trades",
     "2024-01-01T00:00:00.123Z",
     FEL_DATA_TRADE,
     {42283.6, 0.02, -1.0}},
    {"um.csv",
     "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n"
     "5,42283.5,0.001,1,1,1704067200000,true\n6,42283.6,0.02,2,4,1704067200123,false\n",
     "trades",
     "2024-01-01T00:00:00.123Z",
     FEL_DATA_TRADE,
     {42283.6, 0.02, 1.0}},
    {"t.csv",
     "ts,price,quantity,taker_side\n2024-01-01T10:00:00Z,5,1,buy\n2024-01-01T10:00:00Z,5.5,2,\n",
     "trades",
     "2024-01-01T10:00:00Z",
     FEL_DATA_TRADE,
     {5.5, 2.0, 0.0}},
    {"d.csv",
     "ts,side,price,quantity,flags\n2024-01-01T10:00:00Z,bid,5,1,1\n"
     "2024-01-01T10:00:00Z,ask,5.5,0,0\n",
     "depth",
     "2024-01-01T10:00:00Z",
     FEL_DATA_DEPTH,
     {-1.0, 5.5, 0.0, 0.0}},
    {"BTCUSDT-fundingRate-2024-01.csv",
     "calc_time,funding_interval_hours,last_funding_rate\n1704067200000,8,0.0001\n"
     "1704096000000,8,-0.00037409\n",
     "funding",
     "2024-01-01T08:00:00Z",
     FEL_DATA_FUNDING,
     {-0.00037409, (double)NAN}},
    {"f.csv",
     "symbol,fundingTime,fundingRate,markPrice\nX,1704067200000,0.0001,42000.5\n"
     "X,1704096000000,0.0002,42100.5\n",
     "funding",
     "2024-01-01T08:00:00Z",
     FEL_DATA_FUNDING,
     {0.0002, 42100.5}},
    {"a.csv",
     "ex_date,dividend,split\n2020-08-07,0.82,0\n2020-08-31,,4\n",
     "actions",
     "2020-08-31T00:00:00Z",
     FEL_DATA_ACTION,
     {1.0, 4.0}},
    {"aapl.csv",
     "20200806,0.98,0.25,455.61\n20200828,0.9817672,0.25,499.23\n20501231,0.9817672,1,0\n",
     "lean_factors",
     "2020-08-29T04:00:00Z",
     FEL_DATA_ACTION,
     {1.0, 4.0}},
};

static void test_trades_and_depth(void)
{
    for (size_t i = 0; i < sizeof(books) / sizeof(books[0]); i++) {
        fel_series_list list;
        const fel_csv_summary summary =
            csv_case_read(&list, csv_case_file(books[i].name, books[i].text, -1), NULL);
        CHECK_TEXT(summary.layout, books[i].layout);
        if (list.n == 0) {
            continue;
        }
        const fel_series_info *info = fel_series_describe(list.items[0]);
        const fel_block b = fel_series_rows(list.items[0]);
        CHECK_INT(info->kind, books[i].kind);
        CHECK_SAME(info->instrument.ticks_per_unit, fel_gives_prices(info->kind) ? 10.0 : 0.0);
        CHECK_INT(b.n, 2);
        CHECK_TEXT(csv_case_time(b.time_ns[1]), books[i].time);
        for (size_t c = 0; c < b.n_columns; c++) {
            CHECK_SAME(b.columns[c][1], books[i].row[c]);
        }
        fel_series_list_clear(&list);
    }
}

static void test_every_layout_has_a_name_and_a_summary(void)
{
    size_t n = 0;
    for (; fel_layout_at(n) != NULL; n++) {
        CHECK(strlen(fel_layout_at(n)->name) > 0);
        CHECK(strlen(fel_layout_at(n)->summary) > 10);
    }
    CHECK_INT(n, 16);
    CHECK_TEXT(fel_layout_at(n - 1)->name, "canonical");
}

static void test_counts_of_missing_rows(void)
{
    fel_series_list list;
    fel_csv_summary s = csv_case_read(
        &list, csv_case_file("f.csv", "DATE,X\n2020-01-02,1\n2020-01-03,.\n2020-01-06,\n", -1),
        NULL);
    CHECK_INT(s.n_rows, 3);
    CHECK_INT(s.n_accepted, 1);
    CHECK_INT(s.n_missing, 2);
    CHECK_INT(s.n_gaps, 0);
    fel_series_list_clear(&list);
    s = csv_case_read(
        &list,
        csv_case_file("y.csv",
                      "Date,Open,High,Low,Close,Adj Close,Volume\n2020-01-02,1,2,1,2,2,5\n"
                      "2020-01-03,null,null,null,null,null,null\n2020-01-07,1,2,1,2,2,0\n",
                      -1),
        NULL);
    CHECK_INT(s.n_missing, 1);
    CHECK_INT(s.n_gaps, 1);
    CHECK_INT(s.n_zero_volume, 1);
    fel_series_list_clear(&list);
}

static void test_maps_name_columns(void)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list;
    (void)strcpy(options.map, "time=When,close=Last,volume=4");
    (void)csv_case_read(
        &list,
        csv_case_file("m.csv", "When,What,Last,Qty\n2020-01-02,a,1,5\n2020-01-03,b,2,6\n", -1),
        &options);
    CHECK_SAME(fel_series_rows(list.items[0]).columns[4][1], 6.0);
    fel_series_list_clear(&list);
    (void)strcpy(options.map, "time=1,close=2,volume=3");
    (void)csv_case_read(&list, csv_case_file("m.csv", "1315922016,5.80,1\n1315922046,5.83,3\n", -1),
                        &options);
    CHECK_INT(fel_series_rows(list.items[0]).n, 2);
    CHECK_INT(fel_series_describe(list.items[0])->length_ns, 30 * FEL_NS_PER_SECOND);
    fel_series_list_clear(&list);
    (void)strcpy(options.map, "time=1,bid=3,ask=4");
    (void)csv_case_read(&list, csv_case_file("m.csv", "t,x,b,o\n2020-01-02 10:00:00,1,2,3\n", -1),
                        &options);
    CHECK_INT(fel_series_describe(list.items[0])->kind, FEL_DATA_QUOTE);
    fel_series_list_clear(&list);
}

static void test_date_order_is_found_or_asked_for(void)
{
    fel_csv_options options = fel_csv_options_default();
    fel_series_list list;
    (void)csv_case_read(
        &list, csv_case_file("d.csv", "date,close\n11/12/2020,1\n13/12/2020,1\n", -1), NULL);
    CHECK_TEXT(csv_case_time(fel_series_rows(list.items[0]).time_ns[0]), "2020-12-12T00:00:00Z");
    fel_series_list_clear(&list);
    (void)strcpy(options.date_format, "dmy");
    (void)csv_case_read(
        &list, csv_case_file("d.csv", "date,close\n10/11/2020,1\n11/11/2020,1\n", -1), &options);
    CHECK_TEXT(csv_case_time(fel_series_rows(list.items[0]).time_ns[0]), "2020-11-11T00:00:00Z");
    fel_series_list_clear(&list);
}

/* ---- packed files
 * -------------------------------------------------------------------------------- */

enum { PACK_GZIP, PACK_ZSTD, PACK_ZIP };

static void pack(const char *path, int kind, const char *const *names, const char *text)
{
    struct archive *a = archive_write_new();
    struct archive_entry *entry = archive_entry_new();
    if (kind == PACK_ZIP) {
        CHECK_INT(archive_write_set_format_zip(a), ARCHIVE_OK);
    } else {
        CHECK_INT(archive_write_set_format_raw(a), ARCHIVE_OK);
        CHECK_INT(kind == PACK_GZIP ? archive_write_add_filter_gzip(a)
                                    : archive_write_add_filter_zstd(a),
                  ARCHIVE_OK);
    }
    CHECK_INT(archive_write_open_filename(a, path), ARCHIVE_OK);
    for (size_t i = 0; names[i] != NULL; i++) {
        archive_entry_clear(entry);
        archive_entry_set_pathname(entry, names[i]);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, (la_int64_t)strlen(text));
        CHECK_INT(archive_write_header(a, entry), ARCHIVE_OK);
        CHECK_INT(archive_write_data(a, text, strlen(text)), (la_ssize_t)strlen(text));
    }
    CHECK_INT(archive_write_close(a), ARCHIVE_OK);
    archive_entry_free(entry);
    (void)archive_write_free(a);
}

static void test_packed_files_are_known_by_content(void)
{
    static const char *const one[] = {"inside.csv", NULL};
    static const char *const shadow[] = {"__MACOSX/._inside.csv", "inside.csv", NULL};
    const char *text = "date,close\n2020-01-02,1.5\n2020-01-03,2.5\n";
    for (int kind = PACK_GZIP; kind <= PACK_ZIP; kind++) {
        char path[600];
        fel_series_list list;
        (void)snprintf(path, sizeof(path), "%s/data.bin", scratch_folder());
        pack(path, kind, kind == PACK_ZIP ? shadow : one, text);
        (void)csv_case_read(&list, path, NULL);
        CHECK_INT(list.n, 1);
        if (list.n == 1) {
            CHECK_SAME(fel_series_rows(list.items[0]).columns[3][1], 2.5);
            CHECK_INT(strlen(fel_series_describe(list.items[0])->source_hash), 32);
        }
        fel_series_list_clear(&list);
    }
}

static void test_an_archive_of_many_files_is_refused(void)
{
    static const char *const two[] = {"a.csv", "b.csv", NULL};
    char path[600], expected[700];
    fel_series_list list = {0};
    (void)snprintf(path, sizeof(path), "%s/two.zip", scratch_folder());
    pack(path, PACK_ZIP, two, "date,close\n2020-01-02,1.5\n");
    CHECK_STATUS(fel_csv_read(&list, path, NULL, NULL), FEL_ERR_FORMAT);
    (void)snprintf(expected, sizeof(expected),
                   "%s: the archive holds 2 files (a.csv, b.csv, ...); unpack the one to read",
                   path);
    CHECK_TEXT(fel_last_error()->message, expected);
    pack(path, PACK_ZIP, two + 2, "");
    CHECK_STATUS(fel_csv_read(&list, path, NULL, NULL), FEL_ERR_FORMAT);
    CHECK_HAS(fel_last_error()->message, "the archive holds no file");
}

SUITE("data/layout", TEST(test_layouts_are_detected), TEST(test_trades_and_depth),
      TEST(test_every_layout_has_a_name_and_a_summary), TEST(test_counts_of_missing_rows),
      TEST(test_maps_name_columns), TEST(test_date_order_is_found_or_asked_for),
      TEST(test_packed_files_are_known_by_content), TEST(test_an_archive_of_many_files_is_refused));
