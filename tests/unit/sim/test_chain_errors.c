/* tests/unit/sim/test_chain_errors.c - files that are no chains: one line with row, column, value,
 * rule. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/sim/chain_fixture.h"

#define HEAD "expiry,strike,type,bid,ask\n"

static void test_bad_files(void)
{
    CHECK_CHAIN_ERROR("", 0, NULL, "is empty");
    CHECK_CHAIN_ERROR("\n\n", -1, NULL, "holds no row");
    CHECK_CHAIN_ERROR("\x7f"
                      "ELF\x02\x01\x00\x00\x00",
                      9, NULL, "holds binary data, not rows of text");
    CHECK_CHAIN_ERROR("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x4b\x49\x2c\x49\xd5", 15, NULL,
                      "cannot read: truncated gzip input");
    CHECK_CHAIN_ERROR("date,open,high,low,close\n2020-01-02,1,2,1,2\n", -1, NULL,
                      "none of its first rows is a header with strike and expiry, t or days; --map "
                      "strike=HEADER,maturity=HEADER names them");
    CHECK_CHAIN_ERROR("expiry,strike,type,last\n2020-01-02,1,C,2\n", -1, NULL,
                      "row 1: the header has strike and maturity but nothing to price by: bid and "
                      "ask, price or vol; --map price=HEADER names it");
    CHECK_CHAIN_ERROR(HEAD, -1, NULL, "no quote below its header");
    CHECK_CHAIN_ERROR("t,strike,bid,ask\n0.5,100,1,2\n", -1, NULL,
                      "row 2: prices need a column type (call or put), or call_bid, call_ask, "
                      "put_bid, put_ask");
    CHECK_CHAIN_ERROR(HEAD "2011-03-16,1210,P,16,19\n", -1, NULL,
                      "row 2: its maturity is a date, but no column says the quotes' date; "
                      "--quote-date 2011-01-24 does");
}

static void test_bad_cells(void)
{
    static const struct {
        const char *row, *message;
    } cases[] = {
        {"2011-03-16,x,P,16,19", "row 3, column strike, value \"x\": is not a number"},
        {"2011-03-16,1210,P,16..2,19", "row 3, column bid, value \"16..2\": is not a number"},
        {"2011-03-16,1210,straddle,16,19",
         "row 3, column type, value \"straddle\": is not call or put"},
        {"2011-02-30,1210,P,16,19",
         "row 3, column expiry, value \"2011-02-30\": is not a date such as 2011-03-16"},
        {"next week,1210,P,16,19",
         "row 3, column expiry, value \"next week\": is not a date such as 2011-03-16"},
        {"03/04/2011,1210,P,16,19",
         "row 3, column expiry, value \"03/04/2011\": is not clear: day or month first? --date-format "
         "dmy or mdy says it"},
        {"2011-03-16,1210,P,16", "row 3 has 4 columns, the header has 5"},
        {"2011-03-16,1210,P,16,19,20", "row 3 has 6 columns, the header has 5"},
        {"2011-03-16,1210,\"P,16,19",
         "row 3: a quotation mark stands alone: those inside a cell are doubled"},
    };
    fel_chain_options options = fel_chain_options_default();
    (void)snprintf(options.quote_date, sizeof(options.quote_date), "2011-01-24");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[256];
        (void)snprintf(text, sizeof(text), HEAD "2011-03-16,1200,P,14.4,17.4\n%s\n", cases[i].row);
        CHECK_CHAIN_ERROR(text, -1, &options, cases[i].message);
    }
    CHECK_CHAIN_ERROR("t,strike,vol\n0.5,100,24.5\n", -1, NULL,
                      "row 2, column vol, value \"24.5\": is not a volatility a year: 0.245, or "
                      "24.5% with its sign");
}

static void test_nothing_usable(void)
{
    CHECK_CHAIN_ERROR(
        "t,strike,type,bid,ask\n0.5,100,C,nan,nan\n0.5,110,C,0,1\n0.5,120,P,nan,2\n", -1, NULL,
        "no usable quote among 3: 1 zero_bid, 2 no_price; the first: row 2: no bid and "
        "ask, no price, no vol");
    CHECK_CHAIN_ERROR("t,strike,type,bid,ask\n0.5,100,C,5,6\n", -1, NULL,
                      "no usable quote among 1: 1 no_forward; the first: row 2: t 0.5 has no "
                      "forward: none given, no rate and dividend, and 0 pairs of call and put are "
                      "too few or no line");
}

static void test_bad_options(void)
{
    static const char text[] = "t,strike,vol,forward,discount\n0.5,100,0.2,100,1\n";
    fel_chain_options options = fel_chain_options_default();
    (void)snprintf(options.quote_date, sizeof(options.quote_date), "yesterday");
    CHECK_CHAIN_ERROR(text, -1, &options,
                      "quote date \"yesterday\" is not a date such as "
                      "2011-01-24");
    options = fel_chain_options_default();
    (void)snprintf(options.date_format, sizeof(options.date_format), "ydm");
    CHECK_CHAIN_ERROR(text, -1, &options, "date format \"ydm\" is not ymd, dmy or mdy");
    options = fel_chain_options_default();
    options.min_moneyness = 1.2;
    options.max_moneyness = 0.8;
    CHECK_CHAIN_ERROR(text, -1, &options, "moneyness 1.2 .. 0.8 is no range from 0 up");
    options = fel_chain_options_default();
    options.spot = -3.0;
    CHECK_CHAIN_ERROR(text, -1, &options,
                      "spot -3, rate nan, dividend nan: the spot is above 0, rates are fractions a "
                      "year within -10 .. 10");
    options = fel_chain_options_default();
    options.struct_size = 8;
    fel_chain chain;
    CHECK_STATUS(fel_chain_read(&chain, "x.csv", &options), FEL_ERR_ARG);
    CHECK_STATUS(fel_chain_read(&chain, "/nowhere/x.csv", NULL), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "/nowhere/x.csv: cannot open");
    CHECK_STATUS(fel_chain_read(&chain, "/tmp", NULL), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "is a folder");
}

SUITE("sim/chain_errors", TEST(test_bad_files), TEST(test_bad_cells), TEST(test_nothing_usable),
      TEST(test_bad_options));
