/* tests/unit/sim/test_chain.c - chains of every layout give the same quotes; junk is refused with
 * its reason. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"
#include "tests/unit/sim/chain_fixture.h"

#define HEAD "quote_date,expiry,strike,type,bid,ask,spot,rate,dividend\n"
#define TAIL ",1290.59,0.0054,0.0281\n"

/* ---- layouts --------------------------------------------------------------------------------- */

/* The same two options of 51 days, however they are written down. */
static void test_layouts_agree(void)
{
    static const char *const texts[] = {
        HEAD "2011-01-24,2011-03-16,1210,P,16.0,19.0" TAIL
             "2011-01-24,2011-03-16,1330,C,16.1,19.1" TAIL,
        /* another order of columns, other names, dates in figures, thousands */
        "Option Type;Strike Price;Best Bid;Offer;Expiration;Trade Date;Underlying Price;r;q\n"
        "put;\"1,210.00\";16.00;19.00;03/16/2011;24-Jan-11;$1290.59;0.54%;2.81%\n"
        "call;\"1,330.00\";16.10;19.10;03/16/2011;24-Jan-11;$1290.59;0.54%;2.81%\n",
        /* years; call and put in one row, without the sides that are not quoted */
        "t,strike,call_bid,call_ask,put_bid,put_ask,s,r,q\n"
        "0.13972602739726028,1210,,,16,19,1290.59,0.0054,0.0281\n"
        "0.13972602739726028,1330,16.1,19.1,-,nan,1290.59,0.0054,0.0281\n",
        /* days, tabs, a byte-order mark, and rows the other way round */
        "\xef\xbb\xbf"
        "DTE\tK\tcp\tPBid\tPAsk\tspot\trate\tdiv_yield\r\n"
        "51\t1330\t1\t16.1\t19.1\t1290.59\t0.0054\t0.0281\r\n"
        "51\t1210\t-1\t16\t19\t1290.59\t0.0054\t0.0281\r\n",
        /* symbols of contracts, as Yahoo lists them */
        "contractSymbol,lastTradeDate,strike,lastPrice,bid,ask,quote_date,spot,rate,dividend\n"
        "SPX110316P01210000,2011-01-20,1210,0,16,19,20110124,1290.59,.0054,.0281\n"
        "SPX110316C01330000,2011-01-20,1330,0,16.1,19.1,20110124,1290.59,.0054,.0281\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        fel_chain chain;
        chain_of_text(&chain, texts[i], NULL);
        CHECK_INT(chain.n, 2);
        if (chain.n != 2) {
            (void)fprintf(stderr, "layout %zu: %s\n", i, chain.first_fault[FEL_FAULT_NO_PRICE]);
            fel_chain_clear(&chain);
            continue;
        }
        CHECK_NEAR(chain.quotes[0].t_years, 51.0 / 365.0, 1e-14);
        CHECK_INT(chain.quotes[0].right, FEL_PUT);
        CHECK_NEAR(chain.quotes[0].strike, 1210.0, 0.0);
        CHECK_NEAR(chain.quotes[0].price, 17.5, 1e-12);
        CHECK_NEAR(chain.quotes[1].price, 17.6, 1e-12);
        CHECK_NEAR(chain.quotes[0].forward, 1290.59 * exp((0.0054 - 0.0281) * 51.0 / 365.0), 1e-9);
        CHECK_NEAR(chain.quotes[1].discount, exp(-0.0054 * 51.0 / 365.0), 1e-15);
        CHECK_NEAR(chain.spot, 1290.59, 0.0);
        CHECK_INT(chain.n_maturities, 1);
        CHECK_INT(chain.maturities[0].source, FEL_FORWARD_RATES);
        fel_chain_clear(&chain);
    }
}

static void test_the_exchange_page(void)
{
    static const char text[] =
        "SPX (S&P 500 INDEX),1290.59,+7.24,\r\n"
        "Jan 24 2011 @ 14:03 ET,\r\n"
        "Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int,\r\n"
        "11 Mar 1210.00 (SPX1119C1210-E),0.0,0.0,96.5,98.2,3,0,"
        "11 Mar 1210.00 (SPX1119O1210-E),0.05,0,20.9,22.5,10,15535,\r\n"
        "11 Mar 1290.00 (SPX1119C1290-E),0.0,0.0,39.6,41.9,688,0,"
        "11 Mar 1290.00 (SPX1119O1290-E),0.05,0,43.4,45.6,10,15535,\r\n"
        "11 Mar 1330.00 (SPX1119C1330-E),0.0,0.0,19.9,21.6,1,0,"
        "11 Mar 1330.00 (SPX1119O1330-E),0.05,0,63.6,65.3,0,1,\r\n";
    fel_chain chain;
    chain_of_text(&chain, text, NULL);
    CHECK_INT(chain.n, 6);
    CHECK_TEXT(chain.quote_date, "2011-01-24");
    CHECK_NEAR(chain.spot, 1290.59, 0.0);
    CHECK_NEAR(chain.quotes[0].t_years, 54.0 / 365.0, 1e-14);
    CHECK_INT(chain.maturities[0].source, FEL_FORWARD_PARITY_BOTH);
    CHECK_INT(chain.maturities[0].n_pairs, 3);
    fel_chain_clear(&chain);
}

static void test_the_map_names_columns(void)
{
    static const char text[] = "spot,rate,dividend,A,B,C,D,mark\n"
                               "1290.59,0.0054,0.0281,0.25,1210,p,21.5,99\n";
    fel_chain_options options = fel_chain_options_default();
    fel_chain chain;
    (void)snprintf(options.map, sizeof(options.map), "t=A,strike=B,type=C,price=7");
    chain_of_text(&chain, text, &options);
    CHECK_INT(chain.n, 1);
    CHECK_NEAR(chain.quotes[0].price, 21.5, 0.0);
    fel_chain_clear(&chain);
    (void)snprintf(options.map, sizeof(options.map), "t=A,strik=B");
    CHECK_CHAIN_ERROR(text, -1, &options, "map: no column is called strik; did you mean strike?");
    (void)snprintf(options.map, sizeof(options.map), "t=A,strike");
    CHECK_CHAIN_ERROR(text, -1, &options, "map: \"strike\" is not COLUMN=HEADER");
    (void)snprintf(options.map, sizeof(options.map), "t=A,strike=E");
    CHECK_CHAIN_ERROR(
        text, -1, &options,
        "none of its first rows is a header with strike and expiry, t or days and the "
        "mapped columns; --map strike=HEADER,maturity=HEADER names them");
}

static void test_volatilities_give_prices(void)
{
    static const char text[] = "t,strike,vol %,forward,discount\n"
                               "0.25,1210,24.5,1286.5,0.998\n"
                               "0.25,1330,17.5,1286.5,0.998\n";
    fel_chain chain;
    chain_of_text(&chain, text, NULL);
    CHECK_INT(chain.n, 2);
    CHECK_INT(chain.quotes[0].right, FEL_PUT);
    CHECK_INT(chain.quotes[1].right, FEL_CALL);
    CHECK_NEAR(chain.quotes[0].vol_per_year, 0.245, 1e-15);
    CHECK_NEAR(chain.quotes[0].price, fel_black(FEL_PUT, 1286.5, 1210.0, 0.25, 0.245, 0.998),
               1e-12);
    CHECK_INT(chain.maturities[0].source, FEL_FORWARD_GIVEN);
    fel_chain_clear(&chain);
}

static void test_packed_files_are_read(void)
{
    const char *path = shared_path("data/tidy/spx_chain_20110124.csv.gz");
    fel_chain chain;
    if (path == NULL) {
        SKIP("../shared/data is absent");
    }
    CHECK_OK(fel_chain_read(&chain, path, NULL));
    /* That file's own word: 1472 rows, of which 276 of a maturity before the quote date. */
    CHECK_INT(chain.n_rows, 1472);
    CHECK_INT(chain.n_faults[FEL_FAULT_EXPIRED], 276);
    CHECK_INT(chain.n + chain.n_refused, 1472);
    CHECK_INT(chain.n_maturities, 9);
    fel_chain_clear(&chain);
}

/* Wide rows, duplicates of two roots, and forwards from the file's own discount factors. */
static void test_the_chain_of_2022(void)
{
    const char *path = shared_path("data/tidy/spx_chain_20220401.csv.gz");
    fel_chain chain;
    if (path == NULL) {
        SKIP("../shared/data is absent");
    }
    CHECK_OK(fel_chain_read(&chain, path, NULL));
    CHECK_INT(chain.n_rows, 3346);
    CHECK_INT(chain.n + chain.n_refused, 2 * 3346);
    CHECK_INT(chain.n_maturities, 29);
    CHECK_NEAR(chain.maturities[1].forward, 4536.489652, 1e-6); /* the oracle's own */
    CHECK(chain.n_faults[FEL_FAULT_DUPLICATE] > 900);
    fel_chain_clear(&chain);
}

/* ---- junk ------------------------------------------------------------------------------------ */

/* A put ladder with one junk row in the middle; what is said of it, and that the rest stays. */
static void test_junk_is_refused_with_its_reason(void)
{
    static const struct {
        const char *row;
        fel_quote_fault fault;
        const char *reason;
    } cases[] = {
        {"2011-01-24,2011-03-16,1220,P,20.8,17.8", FEL_FAULT_CROSSED,
         "row 4: bid 20.8 is above ask 17.8"},
        {"2011-01-24,2011-03-16,1220,P,0,17.8", FEL_FAULT_ZERO_BID, "row 4: bid is 0, ask 17.8"},
        {"2011-01-24,2011-03-16,1220,P,-1,17.8", FEL_FAULT_NO_PRICE, "row 4: bid -1 is below 0"},
        {"2011-01-24,2011-03-16,1220,P,nan,17.8", FEL_FAULT_NO_PRICE,
         "row 4: no bid and ask, no price, no vol"},
        {"2011-01-24,2011-03-16,1220,P,,", FEL_FAULT_NO_PRICE,
         "row 4: no bid and ask, no price, no vol"},
        {"2011-01-24,2011-03-16,NaN,P,17.8,20.8", FEL_FAULT_NO_PRICE,
         "row 4: strike nan is not above 0"},
        {"2011-01-24,2011-03-16,-5,P,17.8,20.8", FEL_FAULT_NO_PRICE,
         "row 4: strike -5 is not above 0"},
        {"2011-01-24,2011-01-24,1220,P,17.8,20.8", FEL_FAULT_EXPIRED,
         "row 4: maturity is 0 days after the quote date, not later"},
        {"2011-01-24,2011-03-16,1220,P,1230,1240", FEL_FAULT_ARBITRAGE,
         "row 4: price 1235 is not below the bound 1219.08"},
        {"2011-01-24,2011-03-16,1400,P,100,104", FEL_FAULT_ARBITRAGE,
         "row 4: price 102 is not above the intrinsic value 113.411"},
        {"2011-01-24,2011-03-16,1220,P,13.1,13.4", FEL_FAULT_ARBITRAGE,
         "row 4: 13.1 .. 13.4 is not monotone with 16 .. 19 at strike 1210 (row 3)"},
        {"2011-01-24,2011-03-16,1220,P,19.7,25", FEL_FAULT_ARBITRAGE,
         "row 4: bid 19.7 is above the line between strikes 1210 and 1225: not convex"},
        {"2011-01-24,2011-03-16,1225,P,18.7,21.9", FEL_FAULT_DUPLICATE,
         "row 4: strike 1225 is quoted in row 5 too"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[1024];
        fel_chain chain;
        (void)snprintf(text, sizeof(text),
                       "%s2011-01-24,2011-03-16,1200,P,14.4,17.4%s"
                       "2011-01-24,2011-03-16,1210,P,16,19%s%s%s"
                       "2011-01-24,2011-03-16,1225,P,18.9,19.9%s"
                       "2011-01-24,2011-03-16,1230,P,19.8,22.8%s",
                       HEAD, TAIL, TAIL, cases[i].row, TAIL, TAIL, TAIL);
        chain_of_text(&chain, text, NULL);
        CHECK_INT(chain.n, 4);
        CHECK_INT(chain.n_rows, 5);
        CHECK_INT(chain.n_faults[cases[i].fault], 1);
        CHECK_TEXT(chain.first_fault[cases[i].fault], cases[i].reason);
        CHECK_INT(chain.n_refused, 1);
        if (chain.n_refused == 1) {
            CHECK_INT(chain.refused[0].row, 4);
            CHECK_INT(chain.refused[0].fault, cases[i].fault);
        }
        fel_chain_clear(&chain);
    }
}

static void test_what_is_asked_for_is_kept(void)
{
    static const char text[] = HEAD
        "2011-01-24,2011-03-16,1200,P,0,17.4" TAIL "2011-01-24,2011-03-16,1220,P,20.5,20.9" TAIL
        "2011-01-24,2011-03-16,1300,P,50,53" TAIL "2011-01-24,2011-03-16,1330,C,16.1,19.1" TAIL
        "2011-01-24,2012-03-16,1330,C,86.1,89.1" TAIL;
    fel_chain_options options = fel_chain_options_default();
    fel_chain chain;
    options.keep_zero_bid = 1;
    options.keep_arbitrage = 1;
    chain_of_text(&chain, text, &options);
    CHECK_INT(chain.n, 5);
    fel_chain_clear(&chain);
    options = fel_chain_options_default();
    options.otm_only = 1;
    options.max_t_years = 0.5;
    options.min_moneyness = 0.94;
    chain_of_text(&chain, text, &options);
    CHECK_INT(chain.n, 2);
    CHECK_INT(chain.n_faults[FEL_FAULT_EXCLUDED], 2);
    CHECK_TEXT(chain.first_fault[FEL_FAULT_EXCLUDED],
               "row 4: in the money: strike 1300, forward 1286.5");
    CHECK_INT(chain.n_faults[FEL_FAULT_ZERO_BID], 1);
    fel_chain_clear(&chain);
}

/* ---- one day of several ---------------------------------------------------------------------- */

static void test_a_day_is_chosen(void)
{
    static const char text[] =
        HEAD "2011-01-24,2011-03-16,1210,P,16,19" TAIL "2011-01-25,2011-03-16,1210,P,17,20" TAIL;
    fel_chain_options options = fel_chain_options_default();
    fel_chain chain;
    CHECK_CHAIN_ERROR(text, -1, NULL,
                      "row 3: quotes of 2011-01-25 after those of 2011-01-24: --quote-date chooses "
                      "one day");
    (void)snprintf(options.quote_date, sizeof(options.quote_date), "2011-01-25");
    chain_of_text(&chain, text, &options);
    CHECK_INT(chain.n, 1);
    CHECK_NEAR(chain.quotes[0].price, 18.5, 0.0);
    CHECK_TEXT(chain.first_fault[FEL_FAULT_EXCLUDED],
               "row 2: quoted on 2011-01-24, not on 2011-01-25");
    fel_chain_clear(&chain);
}

SUITE("sim/chain", TEST(test_layouts_agree), TEST(test_the_exchange_page),
      TEST(test_the_map_names_columns), TEST(test_volatilities_give_prices),
      TEST(test_packed_files_are_read), TEST(test_the_chain_of_2022),
      TEST(test_junk_is_refused_with_its_reason), TEST(test_what_is_asked_for_is_kept),
      TEST(test_a_day_is_chosen));
