/* tests/unit/sim/test_chain_forward.c - forwards and discounts by put-call parity, against those
 * that the prices were made with. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/sim/chain_fixture.h"

static const double spot = 238.5, rate = 0.0317, yield = 0.0142;

/* Rows of calls and puts at their Black prices, with spreads; one pair far off where `junk`. */
static void write_chain(char *text, size_t size, const char *columns, int with_discount, int junk)
{
    static const double years[] = {0.31, 1.27};
    size_t used = (size_t)snprintf(text, size, "%s\n", columns);
    for (int m = 0; m < 2; m++) {
        const double t = years[m], discount = exp(-rate * t);
        const double forward = spot * exp((rate - yield) * t);
        for (int k = 0; k < 11; k++) {
            const double strike = 190.0 + 10.0 * k, vol = 0.31 - 0.0007 * (strike - 190.0);
            const double half = 0.02 + 0.01 * (k % 3), off = junk && k == 4 ? 1.7 : 0.0;
            const double call = fel_black(FEL_CALL, forward, strike, t, vol, discount);
            const double put = fel_black(FEL_PUT, forward, strike, t, vol, discount);
            used += (size_t)snprintf(text + used, size - used, "%.10g,%g,%.9f,%.9f,%.9f,%.9f", t,
                                     strike, call - half + off, call + half + off, put - half,
                                     put + half);
            if (with_discount) {
                used += (size_t)snprintf(text + used, size - used, ",%.15g", discount);
            }
            used += (size_t)snprintf(text + used, size - used, "\n");
        }
    }
}

static void check_maturities(const fel_chain *chain, fel_forward_source source, double tolerance)
{
    CHECK_INT(chain->n_maturities, 2);
    for (size_t m = 0; m < chain->n_maturities; m++) {
        const fel_chain_maturity *x = &chain->maturities[m];
        CHECK_INT(x->source, source);
        CHECK_REL(x->forward, spot * exp((rate - yield) * x->t_years), tolerance);
        CHECK_REL(x->discount, exp(-rate * x->t_years), tolerance);
        CHECK_INT(x->first + x->n, m == 0 ? chain->maturities[1].first : chain->n);
    }
}

static void test_parity_finds_forward_and_discount(void)
{
    char text[8192];
    fel_chain chain;
    fel_chain_options options = fel_chain_options_default();
    write_chain(text, sizeof(text), "t,strike,call_bid,call_ask,put_bid,put_ask", 0, 0);
    chain_of_text(&chain, text, NULL);
    check_maturities(&chain, FEL_FORWARD_PARITY_BOTH, 1e-9);
    CHECK_INT(chain.maturities[0].n_pairs, 11);
    CHECK_NEAR(chain.spot, chain.maturities[0].forward, 0.0);
    CHECK_NEAR(chain.quotes[0].vol_per_year, 0.31, 1e-7);
    fel_chain_clear(&chain);
    /* With the rate given, parity gives the forward alone; with the yield too it is not needed. */
    options.rate_per_year = rate;
    chain_of_text(&chain, text, &options);
    check_maturities(&chain, FEL_FORWARD_PARITY, 1e-9);
    fel_chain_clear(&chain);
    options.dividend_per_year = yield;
    options.spot = spot;
    chain_of_text(&chain, text, &options);
    check_maturities(&chain, FEL_FORWARD_RATES, 1e-14);
    CHECK_NEAR(chain.spot, spot, 0.0);
    fel_chain_clear(&chain);
}

static void test_discount_factors_of_the_file_count(void)
{
    char text[8192];
    fel_chain chain;
    write_chain(text, sizeof(text), "t,strike,call_bid,call_ask,put_bid,put_ask,disc", 1, 0);
    chain_of_text(&chain, text, NULL);
    check_maturities(&chain, FEL_FORWARD_PARITY, 1e-10);
    fel_chain_clear(&chain);
}

/* A pair that is off by many spreads does not move the line. */
static void test_one_bad_pair_does_not_count(void)
{
    char text[8192];
    fel_chain chain;
    write_chain(text, sizeof(text), "t,strike,call_bid,call_ask,put_bid,put_ask", 0, 1);
    chain_of_text(&chain, text, NULL);
    check_maturities(&chain, FEL_FORWARD_PARITY_BOTH, 1e-7);
    CHECK(chain.n_faults[FEL_FAULT_ARBITRAGE] > 0);
    fel_chain_clear(&chain);
}

/* The exchange's own page of a day, by parity, against the forwards in a file that another project
 * made of it. */
static void test_forwards_of_a_real_chain(void)
{
    fel_chain chain, oracle;
    const char *path = shared_path("data/tidy/spx_heston_calib_20110124.csv.gz");
    if (path == NULL) {
        SKIP("../shared/data is absent");
    }
    CHECK_OK(fel_chain_read(&oracle, path, NULL));
    path = shared_path("data/tidy/spx_chain_20110124.csv.gz");
    if (path == NULL) {
        fel_chain_clear(&oracle);
        SKIP("../shared/data is absent");
    }
    CHECK_OK(fel_chain_read(&chain, path, NULL));
    for (size_t i = 0; i < oracle.n_maturities; i++) {
        const fel_chain_maturity *a = &chain.maturities[i + 1], *b = &oracle.maturities[i];
        CHECK_NEAR(a->t_years, b->t_years, 1e-12);
        CHECK_REL(a->forward, b->forward, 1e-4);
        CHECK_REL(a->discount, b->discount, 6e-4);
        CHECK_INT(a->source, FEL_FORWARD_PARITY_BOTH);
        CHECK(a->forward_error > 0.0 && a->forward_error < 0.1);
    }
    fel_chain_clear(&chain);
    fel_chain_clear(&oracle);
}

SUITE("sim/chain_forward", TEST(test_parity_finds_forward_and_discount),
      TEST(test_discount_factors_of_the_file_count), TEST(test_one_bad_pair_does_not_count),
      TEST(test_forwards_of_a_real_chain));
