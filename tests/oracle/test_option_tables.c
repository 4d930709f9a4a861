/* tests/oracle/test_option_tables.c - Black-Scholes with greeks, American approximations and
 * Merton's jumps against published tables (Haug and others) and another program's grid. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/price.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

static double number(const oracle_table *table, size_t row, const char *column)
{
    return strtod(oracle_cell(table, row, column), NULL);
}

static fel_option_right right_of(const char *word)
{
    return word[0] == 'c' || word[0] == 'C' ? FEL_CALL : FEL_PUT;
}

static void test_greeks_grid(void)
{
    oracle_table table;
    if (!oracle_table_read(&table, "oracles/quantlib/bs_greeks_grid.csv")) {
        SKIP("../shared/oracles/quantlib/bs_greeks_grid.csv is absent");
    }
    CHECK_INT(table.rows, 840);
    for (size_t i = 0; i < table.rows; i++) {
        fel_greeks g;
        CHECK_OK(fel_black_scholes(right_of(oracle_cell(&table, i, "type")),
                                   number(&table, i, "spot"), number(&table, i, "strike"),
                                   number(&table, i, "t"), number(&table, i, "r"),
                                   number(&table, i, "q"), number(&table, i, "vol"), &g));
        CHECK_NEAR(g.price, number(&table, i, "price"), 1e-12);
        CHECK_NEAR(g.delta, number(&table, i, "delta"), 1e-13);
        CHECK_NEAR(g.gamma, number(&table, i, "gamma"), 1e-13);
        CHECK_NEAR(g.vega, number(&table, i, "vega"), 1e-11);
        CHECK_NEAR(g.theta, number(&table, i, "theta_per_year"), 1e-10);
        CHECK_NEAR(g.rho, number(&table, i, "rho"), 1e-11);
        CHECK_NEAR(g.dividend_rho, number(&table, i, "dividend_rho"), 1e-11);
        /* The other program gives the call's probability for puts too. */
        const int is_call = right_of(oracle_cell(&table, i, "type")) == FEL_CALL;
        CHECK_NEAR(is_call ? g.in_the_money : 1.0 - g.in_the_money,
                   number(&table, i, "itm_cash_probability"), 1e-13);
    }
    oracle_table_clear(&table);
}

/* What a row of Haug's table names. */
static double named_value(const fel_greeks *g, const char *kind, double spot)
{
    const struct {
        const char *kind;
        double value;
    } values[] = {{"price", g->price},
                  {"delta", g->delta},
                  {"gamma", g->gamma},
                  {"vega", g->vega},
                  {"theta", g->theta},
                  {"theta per day", g->theta / 365.0},
                  {"rho", g->rho},
                  {"dividendRho", g->dividend_rho},
                  {"elasticity", g->delta * spot / g->price}};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (strcmp(kind, values[i].kind) == 0) {
            return values[i].value;
        }
    }
    return (double)NAN;
}

static void test_haug_european(void)
{
    oracle_table table;
    if (!oracle_table_read(&table, "oracles/quantlib/haug_european.csv")) {
        SKIP("../shared/oracles/quantlib/haug_european.csv is absent");
    }
    CHECK_INT(table.rows, 54);
    for (size_t i = 0; i < table.rows; i++) {
        fel_greeks g;
        CHECK_OK(fel_black_scholes(right_of(oracle_cell(&table, i, "type")),
                                   number(&table, i, "spot"), number(&table, i, "strike"),
                                   number(&table, i, "t"), number(&table, i, "r"),
                                   number(&table, i, "q"), number(&table, i, "vol"), &g));
        CHECK_NEAR(named_value(&g, oracle_cell(&table, i, "kind"), number(&table, i, "spot")),
                   number(&table, i, "value"), number(&table, i, "tol"));
    }
    oracle_table_clear(&table);
}

/* ---- tables of option_tables.json ------------------------------------------------------------ */

typedef void row_fn(const json_t *row);

static double cell(const json_t *row, size_t i)
{
    return oracle_number(json_array_get(row, i));
}

/* Every row of the named test whose comment lacks `without`; how many there were. */
static size_t for_rows(const char *test, const char *without, row_fn *check)
{
    json_t *all = oracle_json("oracles/quantlib/option_tables.json");
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *table = json_array_get(all, i), *rows = json_object_get(table, "rows");
        const char *name = json_string_value(json_object_get(table, "test"));
        for (size_t j = 0; strcmp(name, test) == 0 && j < json_array_size(rows); j++) {
            const json_t *row = json_array_get(rows, j);
            const char *comment = json_string_value(json_array_get(row, 0));
            if (strstr(comment, without) == NULL) {
                check(row);
                n++;
            }
        }
    }
    json_decref(all);
    return n;
}

/* comment, type, strike, spot, q, r, t, vol, value */
static double american_of(const json_t *row, fel_american_method method)
{
    double price = (double)NAN;
    CHECK_OK(fel_price_american(method, right_of(json_string_value(json_array_get(row, 1))),
                                cell(row, 3), cell(row, 2), cell(row, 6), cell(row, 5),
                                cell(row, 4), cell(row, 7), &price));
    return price;
}

/* The table's own tolerance is 0.003. */
static void check_whaley(const json_t *row)
{
    CHECK_NEAR(american_of(row, FEL_AMERICAN_BARONE_ADESI_WHALEY), cell(row, 8), 3e-3);
}
static void check_bjerksund(const json_t *row)
{
    CHECK_NEAR(american_of(row, FEL_AMERICAN_BJERKSUND_STENSLAND), cell(row, 8), 1e-4);
}

static void test_american_tables(void)
{
    if (shared_path("oracles/quantlib/option_tables.json") == NULL) {
        SKIP("../shared/oracles/quantlib/option_tables.json is absent");
    }
    CHECK_INT(for_rows("testBaroneAdesiWhaleyValues", "none", check_whaley), 37);
    /* The rows from exhibits are another method's. */
    CHECK_INT(for_rows("testBjerksundStenslandValues", "Exhibit", check_bjerksund), 8);
}

/* comment, type, strike, spot, q, r, t, vol, intensity, gamma, value, tolerance; gamma is the
 * jumps' share of the variance, and E[J] = 1. */
static void check_merton(const json_t *row)
{
    const double variance = cell(row, 7) * cell(row, 7), share = cell(row, 9);
    const double jump_variance = share * variance / cell(row, 8);
    const fel_process p = {.kind = FEL_PROCESS_MERTON,
                           .spot = cell(row, 3),
                           .rate_per_year = cell(row, 5),
                           .dividend_per_year = cell(row, 4),
                           .vol_per_year = sqrt(variance * (1.0 - share)),
                           .jumps = {.intensity_per_year = cell(row, 8),
                                     .mean = -0.5 * jump_variance,
                                     .vol = sqrt(jump_variance)}};
    const double strike = cell(row, 2);
    const fel_option_right right = right_of(json_string_value(json_array_get(row, 1)));
    double price[2];
    for (int method = 0; method < 2; method++) {
        CHECK_OK(fel_price_european(&p, cell(row, 6), &strike, &right, 1, (fel_price_method)method,
                                    &price[method]));
        CHECK_NEAR(price[method], cell(row, 10), cell(row, 11));
    }
    CHECK_NEAR(price[0], price[1], 2e-7);
}

static void test_merton_table(void)
{
    if (shared_path("oracles/quantlib/option_tables.json") == NULL) {
        SKIP("../shared/oracles/quantlib/option_tables.json is absent");
    }
    CHECK_INT(for_rows("testMerton76", "none", check_merton), 135);
}

SUITE("oracle/option_tables", TEST(test_greeks_grid), TEST(test_haug_european),
      TEST(test_american_tables), TEST(test_merton_table));
