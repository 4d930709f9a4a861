/* tests/oracle/test_calibrate_oracles.c - real smiles against the optima that QuantLib found: the
 * same, or lower by the adaptive prices, which neither search used. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/calibrate.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"
#include "tests/support/csvcase.h"

static double number(const json_t *map, const char *key)
{
    return json_number_value(json_object_get(map, key));
}

static fel_heston heston_of(const json_t *map)
{
    const fel_heston h = {.v0 = number(map, "v0"),
                          .kappa = number(map, "kappa"),
                          .theta = number(map, "theta"),
                          .xi = number(map, "sigma"),
                          .rho = number(map, "rho")};
    return h;
}

/* Squared volatility points, by the adaptive method at each maturity. */
static double sum_of_squares(const fel_chain *chain, const fel_heston *heston)
{
    double sum = 0.0;
    for (size_t i = 0; i < chain->n; i++) {
        const fel_quote_option *q = &chain->quotes[i];
        const fel_process process = {
            .kind = FEL_PROCESS_HESTON, .spot = q->forward, .heston = *heston};
        double price = 0.0, vol = 0.0;
        CHECK_OK(fel_price_european(&process, q->t_years, &q->strike, &q->right, 1,
                                    FEL_PRICE_ADAPTIVE, &price));
        CHECK_OK(fel_implied_vol(q->right, price, q->forward, q->strike, q->t_years, 1.0, &vol));
        sum += 1e4 * (vol - q->vol_per_year) * (vol - q->vol_per_year);
    }
    return sum;
}

static void check_near_heston(const fel_heston *a, const fel_heston *b, double tolerance)
{
    CHECK_REL(a->v0, b->v0, tolerance);
    CHECK_REL(a->kappa, b->kappa, tolerance);
    CHECK_REL(a->theta, b->theta, tolerance);
    CHECK_REL(a->xi, b->xi, tolerance);
    CHECK_REL(a->rho, b->rho, tolerance);
}

/* Never above the oracle's optimum; the sum that the fit reports is the one the adaptive prices
 * give. Whichever start is alone, it ends there. */
static void check_optimum(const fel_chain *chain, const fel_heston *oracle, double tolerance)
{
    fel_calibrate_options options = fel_calibrate_options_default();
    fel_calibration fit, alone;
    CHECK_OK(fel_calibrate_heston(&fit, chain, &options));
    CHECK_INT(fit.n_agreeing, fit.n_starts);
    check_near_heston(&fit.heston, oracle, tolerance);
    const double ours = sum_of_squares(chain, &fit.heston);
    CHECK_REL(fit.sum_of_squares, ours, 1e-5);
    CHECK(ours <= sum_of_squares(chain, oracle) * (1.0 + 1e-9));
    options.n_starts = 1;
    CHECK_OK(fel_calibrate_heston(&alone, chain, &options));
    CHECK_REL(alone.sum_of_squares, fit.sum_of_squares, 1e-9);
    fel_calibration_clear(&alone);
    fel_calibration_clear(&fit);
}

/* ---- DAX, 5 July 2002: 13 strikes, 8 maturities, volatilities ----------------------------------
 */

static const char *write_dax(const json_t *dax)
{
    static char text[32768];
    size_t used = (size_t)snprintf(text, sizeof(text), "t,strike,vol,spot,rate,dividend\n");
    const json_t *rows = json_object_get(dax, "rows");
    for (size_t i = 0; i < json_array_size(rows) && used < sizeof(text); i++) {
        const json_t *row = json_array_get(rows, i);
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%.17g,%g,%.17g,%.17g,%.17g,0\n",
                                 number(row, "t"), number(row, "strike"), number(row, "market_vol"),
                                 number(dax, "spot"), number(row, "zero_rate"));
    }
    return csv_case_file("dax.csv", text, -1);
}

static void test_dax_2002(void)
{
    json_t *root = oracle_json("oracles/quantlib/heston.json");
    fel_chain_options options = fel_chain_options_default();
    fel_chain chain;
    fel_calibration fit;
    if (root == NULL) {
        SKIP("../shared/oracles is absent");
    }
    const json_t *dax = json_object_get(root, "dax_calibration");
    const json_t *computed =
        json_object_get(json_object_get(dax, "computed_with_QuantLib_1.29"), "analytic");
    const fel_heston oracle = heston_of(json_object_get(computed, "params"));
    const char *path = write_dax(dax);
    options.keep_arbitrage = 1;
    CHECK_OK(fel_chain_read(&chain, path, &options));
    CHECK_INT(chain.n, 104);
    CHECK_OK(fel_calibrate_heston(&fit, &chain, NULL));
    CHECK_NEAR(fit.sum_of_squares, number(dax, "expected_sse_test"), 0.2);
    CHECK_NEAR(fit.sum_of_squares, number(computed, "sse"), 0.01);
    fel_calibration_clear(&fit);
    check_optimum(&chain, &oracle, 1e-4);
    fel_chain_clear(&chain);
    /* Its volatilities are not free of arbitrage: four are refused unless they are to be kept. */
    CHECK_OK(fel_chain_read(&chain, path, NULL));
    CHECK_INT(chain.n, 100);
    CHECK_INT(chain.n_faults[FEL_FAULT_ARBITRAGE], 4);
    fel_chain_clear(&chain);
    json_decref(root);
}

/* ---- SPX ------------------------------------------------------------------------------------- */

static void check_spx(const char *file, const char *name, size_t n, double tolerance)
{
    json_t *root = oracle_json("oracles/quantlib/heston_calibrations.json");
    const char *path = shared_path(file);
    fel_chain_options options = fel_chain_options_default();
    fel_chain chain;
    if (root == NULL || path == NULL) {
        json_decref(root);
        SKIP("../shared is absent");
    }
    const json_t *runs = json_object_get(json_object_get(root, "results"), name);
    const fel_heston oracle = heston_of(json_array_get(runs, 1));
    options.prefer_vol = 1;
    CHECK_OK(fel_chain_read(&chain, path, &options));
    CHECK_INT(chain.n, n);
    check_optimum(&chain, &oracle, tolerance);
    json_decref(root);
    fel_chain_clear(&chain);
}

static void test_spx_2011(void)
{
    check_spx("data/tidy/spx_heston_calib_20110124.csv.gz", "spx_20110124", 139, 2e-4);
}

static void test_spx_2022(void)
{
    check_spx("oracles/quantlib/spx_20220401_otm_smile.csv", "spx_20220401", 143, 1e-3);
}

SUITE("oracle/calibrate", TEST(test_dax_2002), TEST(test_spx_2011), TEST(test_spx_2022));
