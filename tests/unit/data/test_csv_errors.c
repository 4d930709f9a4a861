/* tests/unit/data/test_csv_errors.c - every kind of bad input gets one line that says where and
 * why. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"

#define HEAD "date,open,high,low,close,volume\n"
#define GOOD "2020-01-02,10.5,11.25,10.25,11,300\n"

static void test_bad_rows(void)
{
    static const struct {
        const char *rows, *message;
    } cases[] = {
        {"2020-01-03,x,11,10,10.5,1\n", "row 3, column open, value \"x\": is not a number"},
        {"2020-01-03,,11,10,10.5,1\n", "row 3, column open, value \"\": is empty"},
        {"2020-01-03,nan,11,10,10.5,1\n",
         "row 3, column open, value \"nan\": is not a finite number"},
        {"2020-01-03,10.1,inf,10,10.5,1\n",
         "row 3, column high, value \"inf\": is not a finite number"},
        {"2020-01-03,null,null,null,null,null\n",
         "row 3, column open, value \"null\": is not a finite number"},
        {"2020-01-03,10.1,1e999,10,10.5,1\n",
         "row 3, column high, value \"1e999\": is too large for a number"},
        {"2020-01-03,10.1,10.2,10,10.5,1\n",
         "row 3, column high, value \"10.2\": is below the close"},
        {"2020-01-03,10.6,10.5,10,10.5,1\n",
         "row 3, column high, value \"10.5\": is below the open"},
        {"2020-01-03,10.1,10.6,10.2,10.5,1\n",
         "row 3, column low, value \"10.2\": is above the open"},
        {"2020-01-03,10.5,10.6,10.4,10.3,1\n",
         "row 3, column low, value \"10.4\": is above the close"},
        {"2020-01-03,10.5,10,11,10.5,1\n", "row 3, column high, value \"10\": is below the low"},
        {"2020-01-03,0,11,0,10.5,1\n",
         "row 3, column open, value \"0\": is not positive (allow negative prices if that is right)"},
        {"2020-01-03,-1,11,-2,10.5,1\n",
         "row 3, column open, value \"-1\": is not positive (allow negative prices if that is right)"},
        {"2020-01-03,10.1,11,10,10.5,-5\n", "row 3, column volume, value \"-5\": is negative"},
        {"2020-01-03,10.1,11,10,10.5\n", "row 3: has 5 columns, not 6"},
        {"2020-01-03,10.1,11,10,10.5,1,\n", "row 3: has 7 columns, not 6"},
        {"2020-01-02,10.1,11,10,10.5,1\n",
         "row 3, column date, value \"2020-01-02T00:00:00Z\": repeats the time of row 2"},
        {"2020-01-01,10.1,11,10,10.5,1\n",
         "row 3, column date, value \"2020-01-01T00:00:00Z\": is earlier than row 2; if newest comes "
         "first, ask for sort"},
        {"01/03/2020,10.1,11,10,10.5,1\n",
         "row 3, column date, value \"01/03/2020\": is not a time like 2020-01-02"},
        {"2020-02-30,10.1,11,10,10.5,1\n",
         "row 3, column date, value \"2020-02-30\": is no day or hour that exists"},
        {"1492-10-12,10.1,11,10,10.5,1\n",
         "row 3, column date, value \"1492-10-12\": is outside the years 1678 to 2261"},
        {"2020-01-03T00:00Z,10.1,11,10,10.5,1\n",
         "row 3, column date, value \"2020-01-03T00:00Z\": has a UTC offset where others have none, or "
         "none where others have one"},
        {"\n\r\n2020-01-03,10.1,11,10,?,1\n", "row 5, column close, value \"?\": is not a number"},
        {"2020-01-03,10.1,11,10,\"10\n.5\",1\n",
         "row 3, column close, value \"10\\x0a.5\": is not a number"},
        {"2020-01-03,10.1,11,10,10.5,1\n\"2020-01-04,1,2,3\n",
         "row 4: a quote is not closed or stands inside a field"},
        {"2020-01-03,10.1,11,10,10\"5,1\n2020-01-06,1,1,1,1,1\n",
         "row 3: a quote is not closed or stands inside a field"},
        {"2020-01-03,?,11,10,10.5,1\n2020-01-06,1\"1,1,1,1,1\n",
         "row 3, column open, value \"?\": is not a number"},
        {"2020-01-03,\"1,0.5\",11,10,10.5,1\n",
         "row 3, column open, value \"1,0.5\": is not a number"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        (void)snprintf(text, sizeof(text), "%s%s%s", HEAD, GOOD, cases[i].rows);
        CHECK_CSV_ERROR(text, -1, NULL, cases[i].message);
    }
}

static void test_bad_files(void)
{
    CHECK_CSV_ERROR("", 0, NULL, "is empty");
    CHECK_CSV_ERROR("\xef\xbb\xbf", 3, NULL, "has no rows");
    CHECK_CSV_ERROR("\n\n\n", -1, NULL, "has no rows");
    CHECK_CSV_ERROR(HEAD, -1, NULL, "has a header and no rows");
    CHECK_CSV_ERROR("\xff\xfe"
                    "d\0a\0",
                    6, NULL, "is UTF-16 text; save it as UTF-8");
    CHECK_CSV_ERROR("hello\nworld\n", -1, NULL, "row 1 has a single column with delimiter \",\"");
    CHECK_CSV_ERROR(
        "a,b,c\n1,2,3\n", -1, NULL,
        "row 1, \"a,b,c\", names no time and price columns; name a layout or a map such as "
        "time=1,close=5");
    CHECK_CSV_ERROR(
        "2020-01-02,1,2,1,2,5\n", -1, NULL,
        "row 1, \"2020-01-02,1,2,1,2,5\", names no time and price columns; name a layout or "
        "a map such as time=1,close=5");
    CHECK_CSV_ERROR("date,open,close\n2020-01-02,1,2\n", -1, NULL,
                    "has no column high; name the columns with a map such as time=Date,close=Last");
    CHECK_CSV_ERROR("date,close,x\nsoon,1,2\n", -1, NULL,
                    "column date, value \"soon\": is not a time");
    CHECK_CSV_ERROR("date,close,x\n2020-01-02,1\n2020-01-03,1\n", -1, NULL,
                    "row 2: has 2 columns, not 3");
    CHECK_CSV_ERROR("date,close,x\n2020-01-02 10:00:00,1,2\n", -1, NULL,
                    "no two rows tell the length of its bars; give it, such as 1m or 1d");
    CHECK_CSV_ERROR("date,close,x\n01/02/2020,1,2\n02/03/2020,1,2\n", -1, NULL,
                    "dates like 01/02/2020 are ambiguous; give date_format dmy or mdy");
    CHECK_CSV_ERROR(
        "date,close,x\n13/02/2020,1,2\n02/13/2020,1,2\n", -1, NULL,
        "dates like 13/02/2020 are day first and month first; give date_format dmy or mdy");
    CHECK_CSV_ERROR("Price,Close,Close\nTicker,SPY,QQQ\nDate,,\n2024-01-02,1,2\n", -1, NULL,
                    "row 2 names several tickers (SPY, QQQ); download them one by one");
    CHECK_CSV_ERROR("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00", 13, NULL,
                    "cannot unpack: damaged or cut short");
    CHECK_CSV_ERROR("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00"
                    "\x00",
                    20, NULL, "is empty");
    CHECK_CSV_ERROR("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x49\x2c\x49\xd5", 15, NULL,
                    "cannot unpack: truncated gzip input");
    CHECK_CSV_ERROR("PK\x03\x04junk", 8, NULL, "cannot unpack: Truncated ZIP file header");
}

static void test_junk_is_called_binary(void)
{
    char junk[4000];
    uint32_t state = 1;
    for (size_t i = 0; i < sizeof(junk); i++) {
        state = state * 1664525U + 1013904223U;
        junk[i] = (char)(state >> 24);
    }
    CHECK_CSV_ERROR(junk, sizeof(junk), NULL, "is binary data, not CSV text");
}

static void test_a_field_of_a_million_characters(void)
{
    enum { LONG = 1000000 };
    const size_t start = strlen(HEAD GOOD) + strlen("2020-01-03,");
    char *text = malloc(start + LONG + 64);
    CHECK(text != NULL);
    if (text == NULL) {
        return;
    }
    (void)strcpy(text, HEAD GOOD "2020-01-03,");
    memset(text + start, 'x', LONG);
    (void)strcpy(text + start + LONG, ",11,10,10.5,1\n");
    CHECK_CSV_ERROR(
        text, -1, NULL,
        "row 3, column open, value \"xxxxxxxxxxxxxxxxxxxxxxxx... (1000000 bytes)\": is not a "
        "number");
    text[start - 1] = '"'; /* as one long quoted field that is never closed */
    CHECK_CSV_ERROR(text, -1, NULL, "row 3: a quote is not closed or stands inside a field");
    free(text);
}

static void test_a_row_without_end(void)
{
    const size_t n = (size_t)3 << 20;
    char *text = malloc(n + 1);
    CHECK(text != NULL);
    if (text == NULL) {
        return;
    }
    memset(text, 'y', n);
    text[n] = '\0';
    memcpy(text, HEAD GOOD, strlen(HEAD GOOD));
    CHECK_CSV_ERROR(text, -1, NULL, "row 3: is longer than 1048576 bytes");
    text[strlen(HEAD GOOD) + 3] = '"';
    CHECK_CSV_ERROR(text, -1, NULL, "row 3: a quote is not closed or stands inside a field");
    free(text);
}

static void test_paths_that_are_no_files(void)
{
    fel_series_list list = {0};
    CHECK_STATUS(fel_csv_read(&list, "/nonexistent/x.csv", NULL, NULL), FEL_ERR_IO);
    CHECK_TEXT(fel_last_error()->message,
               "/nonexistent/x.csv: cannot open: No such file or directory");
    const char *folder = scratch_folder();
    char expected[512];
    (void)snprintf(expected, sizeof(expected), "%s: is a folder, not a file", folder);
    CHECK_STATUS(fel_csv_read(&list, folder, NULL, NULL), FEL_ERR_IO);
    CHECK_TEXT(fel_last_error()->message, expected);
    CHECK(list.items == NULL && list.n == 0);
}

static void check_option(void (*change)(fel_csv_options *), const char *expected)
{
    fel_csv_options options = fel_csv_options_default();
    change(&options);
    CHECK_CSV_ERROR(HEAD GOOD, -1, &options, expected);
}

static void set_no_size(fel_csv_options *o)
{
    o->struct_size = 3;
}
static void set_stamp(fel_csv_options *o)
{
    (void)strcpy(o->stamp, "mid");
}
static void set_format(fel_csv_options *o)
{
    (void)strcpy(o->date_format, "dym");
}
static void set_zone(fel_csv_options *o)
{
    (void)strcpy(o->zone, "Mars/Olympus");
}
static void set_session(fel_csv_options *o)
{
    (void)strcpy(o->session, "9-5");
}
static void set_layout(fel_csv_options *o)
{
    (void)strcpy(o->layout, "yahooo");
}
static void set_map(fel_csv_options *o)
{
    (void)strcpy(o->map, "time=date,volumes=close");
}
static void set_map_pair(fel_csv_options *o)
{
    (void)strcpy(o->map, "time=date,close");
}
static void set_map_name(fel_csv_options *o)
{
    (void)strcpy(o->map, "time=date,close=Last");
}
static void set_map_number(fel_csv_options *o)
{
    (void)strcpy(o->map, "time=1,close=7");
}
static void set_map_no_time(fel_csv_options *o)
{
    (void)strcpy(o->map, "close=5");
}
static void set_delimiter(fel_csv_options *o)
{
    o->delimiter = ';';
}
static void set_quote(fel_csv_options *o)
{
    o->delimiter = '"';
}
static void set_ticks(fel_csv_options *o)
{
    o->ticks_per_unit = 2.0;
}
static void set_length(fel_csv_options *o)
{
    o->length_ns = -1;
}
static void set_signal(fel_csv_options *o)
{
    o->signal_columns = "forecast";
}
static void set_binance(fel_csv_options *o)
{
    (void)strcpy(o->layout, "binance");
}
static void set_panel(fel_csv_options *o)
{
    (void)strcpy(o->layout, "panel");
}

static void test_bad_options(void)
{
    check_option(set_no_size, "csv options were not made by fel_csv_options_default");
    check_option(set_stamp, "stamp \"mid\" is not open or close");
    check_option(set_format, "date_format \"dym\" is not dmy, mdy or ymd");
    check_option(set_zone,
                 "zone \"Mars/Olympus\" is not an IANA time zone such as \"America/New_York\"");
    check_option(set_session, "session \"9-5\" is not like 09:30-16:00");
    check_option(set_layout, "layout \"yahooo\" is not known; nearest is yahoo");
    check_option(set_map, "map: \"volumes\" is not a column that can be named; nearest is volume");
    check_option(set_map_pair, "map: \"close\" is not like close=Last or close=5");
    check_option(set_map_name, "has no column \"last\" for close; row 1 has 6 columns");
    check_option(set_map_number, "has no column \"7\" for close; row 1 has 6 columns");
    check_option(set_map_no_time, "map: time is not named in \"close=5\"");
    check_option(set_delimiter, "row 1 has a single column with delimiter \";\"");
    check_option(set_quote, "a delimiter cannot be a quote or a line end");
    check_option(set_ticks,
                 "row 2, column high, value \"11.25\": is not a whole number of ticks of 1/2");
    check_option(set_length, "a bar length of -1 ns is negative");
    check_option(set_signal, "has no column \"forecast\" for a signal");
    check_option(set_binance, "layout binance has 12 columns, this file has 6");
    check_option(set_panel, "row 1 names no column symbol or ticker");
}

static void test_gaps_are_errors_when_asked(void)
{
    fel_csv_options options = fel_csv_options_default();
    options.allow_gaps = 0;
    fel_series_list list = {0};
    /* Friday to Monday is no gap, Monday to Wednesday is */
    const char *path =
        csv_case_file("gap.csv", "date,close\n2020-01-02,1\n2020-01-03,1\n2020-01-06,1\n", -1);
    CHECK_OK(fel_csv_read(&list, path, &options, NULL));
    fel_series_list_clear(&list);
    CHECK_CSV_ERROR("date,close\n2020-01-02,1\n2020-01-03,1\n2020-01-06,1\n2020-01-08,1\n", -1,
                    &options, "row 5, column date, value \"\": leaves a gap after row 4");
}

static void test_skipped_hours_are_errors(void)
{
    fel_csv_options options = fel_csv_options_default();
    (void)strcpy(options.zone, "America/New_York");
    CHECK_CSV_ERROR(
        "ts,close\n2021-03-14 01:30:00,1\n2021-03-14 02:00:00,1\n2021-03-14 02:30:00,1\n", -1,
        &options,
        "row 3, column ts, value \"2021-03-14 02:00:00\": does not exist: a clock change of "
        "the zone skips it");
}

SUITE("data/csv_errors", TEST(test_bad_rows), TEST(test_bad_files),
      TEST(test_junk_is_called_binary), TEST(test_a_field_of_a_million_characters),
      TEST(test_a_row_without_end), TEST(test_paths_that_are_no_files), TEST(test_bad_options),
      TEST(test_gaps_are_errors_when_asked), TEST(test_skipped_hours_are_errors));
