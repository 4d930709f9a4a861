/* tests/oracle/test_heston_prices.c - Heston prices of others: 30-digit values, published and
 * asserted ones, and a grid. */
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

static double field(const json_t *object, const char *name)
{
    return oracle_number(json_object_get(object, name));
}

static fel_process process_of(const json_t *item)
{
    const fel_process p = {.kind = FEL_PROCESS_HESTON,
                           .spot = field(item, "s0"),
                           .rate_per_year = field(item, "r"),
                           .dividend_per_year = field(item, "q"),
                           .heston = {.v0 = field(item, "v0"),
                                      .kappa = field(item, "kappa"),
                                      .theta = field(item, "theta"),
                                      .xi = field(item, "sigma"),
                                      .rho = field(item, "rho")}};
    return p;
}

static double price_of(const fel_process *p, double t, double strike, fel_option_right right,
                       fel_price_method method)
{
    double price = (double)NAN;
    CHECK_OK(fel_price_european(p, t, &strike, &right, 1, method, &price));
    return price;
}

/* 62 options by 40-digit arithmetic, from a day to ten years, rho -0.999, xi 0.01 to 2. */
static void test_reference_to_the_last_digits(void)
{
    oracle_table table;
    if (!oracle_table_read(&table, "oracles/heston_reference.csv")) {
        SKIP("../shared/oracles/heston_reference.csv is absent");
    }
    CHECK(table.rows >= 62);
    for (size_t i = 0; i < table.rows; i++) {
        const fel_process p = {.kind = FEL_PROCESS_HESTON,
                               .spot = number(&table, i, "S0"),
                               .rate_per_year = number(&table, i, "r"),
                               .dividend_per_year = number(&table, i, "q"),
                               .heston = {.v0 = number(&table, i, "v0"),
                                          .kappa = number(&table, i, "kappa"),
                                          .theta = number(&table, i, "theta"),
                                          .xi = number(&table, i, "xi"),
                                          .rho = number(&table, i, "rho")}};
        const double k = number(&table, i, "K"), t = number(&table, i, "T");
        const double call = number(&table, i, "call"), put = number(&table, i, "put");
        CHECK_NEAR(price_of(&p, t, k, FEL_CALL, FEL_PRICE_FAST), call, 1e-8 * p.spot);
        CHECK_NEAR(price_of(&p, t, k, FEL_PUT, FEL_PRICE_FAST), put, 1e-8 * p.spot);
        CHECK_NEAR(price_of(&p, t, k, FEL_CALL, FEL_PRICE_ADAPTIVE), call, 1e-12 * p.spot);
        CHECK_NEAR(price_of(&p, t, k, FEL_PUT, FEL_PRICE_ADAPTIVE), put, 1e-12 * p.spot);
        const double otm = fmin(call, put);
        if (otm > 1e-200) { /* small values too: to twelve of their own digits */
            const fel_option_right right = call < put ? FEL_CALL : FEL_PUT;
            CHECK_REL(price_of(&p, t, k, right, FEL_PRICE_ADAPTIVE), otm, 1e-12);
        }
    }
    oracle_table_clear(&table);
}

static void test_lewis_values(void)
{
    json_t *all = oracle_json("oracles/quantlib/heston.json");
    if (all == NULL) {
        SKIP("../shared/oracles/quantlib/heston.json is absent");
    }
    const json_t *set = json_object_get(all, "alan_lewis");
    const json_t *rows = json_object_get(set, "strike_put_call");
    const fel_process p = process_of(set);
    CHECK_INT(json_array_size(rows), 5);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const double k = oracle_number(json_array_get(row, 0));
        CHECK_REL(price_of(&p, 1.0, k, FEL_PUT, FEL_PRICE_ADAPTIVE),
                  oracle_number(json_array_get(row, 1)), 1e-12);
        CHECK_REL(price_of(&p, 1.0, k, FEL_CALL, FEL_PRICE_ADAPTIVE),
                  oracle_number(json_array_get(row, 2)), 1e-12);
    }
    json_decref(all);
}

/* One option each, with the tolerance that its source states. */
static void test_published_values(void)
{
    static const struct {
        const char *name;
        double t; /* NaN: the set's own "t" */
    } sets[] = {{"cached_1", (double)NAN},
                {"kahl_jaeckel", 10.0},
                {"all_integration_methods", (double)NAN},
                {"cos_truncation", (double)NAN}};
    json_t *all = oracle_json("oracles/quantlib/heston.json");
    if (all == NULL) {
        SKIP("../shared/oracles/quantlib/heston.json is absent");
    }
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
        const json_t *set = json_object_get(all, sets[i].name);
        const fel_process p = process_of(set);
        const double t = isnan(sets[i].t) ? field(set, "t") : sets[i].t;
        const char *type = json_string_value(json_object_get(set, "type"));
        const fel_option_right right = strcmp(type, "call") == 0 ? FEL_CALL : FEL_PUT;
        for (int method = 0; method < 2; method++) {
            CHECK_NEAR(price_of(&p, t, field(set, "strike"), right, (fel_price_method)method),
                       field(set, "expected"), field(set, "tol"));
        }
    }
    json_decref(all);
}

static void test_wilmott_and_cosine_sets(void)
{
    json_t *all = oracle_json("oracles/quantlib/heston.json");
    if (all == NULL) {
        SKIP("../shared/oracles/quantlib/heston.json is absent");
    }
    const json_t *set = json_object_get(all, "wilmott_T0.7");
    fel_process p = process_of(set);
    p.spot = exp((p.dividend_per_year - p.rate_per_year) * 0.7);
    for (size_t i = 0; i < 3; i++) {
        const double k = oracle_number(json_array_get(json_object_get(set, "strikes"), i));
        CHECK_NEAR(price_of(&p, 0.7, k, FEL_CALL, FEL_PRICE_FAST),
                   oracle_number(json_array_get(json_object_get(set, "expected"), i)),
                   field(set, "tol"));
    }
    set = json_object_get(all, "cos_engine");
    p = process_of(set);
    const json_t *options = json_object_get(set, "options");
    CHECK_INT(json_array_size(options), 4);
    for (size_t i = 0; i < json_array_size(options); i++) {
        const json_t *row = json_array_get(options, i);
        const char *type = json_string_value(json_array_get(row, 0));
        CHECK_NEAR(price_of(&p, field(set, "t"), oracle_number(json_array_get(row, 1)),
                            strcmp(type, "call") == 0 ? FEL_CALL : FEL_PUT, FEL_PRICE_ADAPTIVE),
                   oracle_number(json_array_get(row, 2)), field(set, "tol"));
    }
    json_decref(all);
}

/* The tolerance is how far the other program's own methods disagree, and its quadrature's. */
static void test_grid_within_its_disagreement(void)
{
    oracle_table table;
    if (!oracle_table_read(&table, "oracles/quantlib/heston_grid.csv")) {
        SKIP("../shared/oracles/quantlib/heston_grid.csv is absent");
    }
    CHECK_INT(table.rows, 224);
    for (size_t i = 0; i < table.rows; i++) {
        const fel_process p = {.kind = FEL_PROCESS_HESTON,
                               .spot = number(&table, i, "s0"),
                               .rate_per_year = number(&table, i, "r"),
                               .dividend_per_year = number(&table, i, "q"),
                               .heston = {.v0 = number(&table, i, "v0"),
                                          .kappa = number(&table, i, "kappa"),
                                          .theta = number(&table, i, "theta"),
                                          .xi = number(&table, i, "sigma"),
                                          .rho = number(&table, i, "rho")}};
        const double k = number(&table, i, "strike"), t = number(&table, i, "t");
        const double slack = number(&table, i, "max_abs_disagreement") + 1e-11;
        CHECK_NEAR(price_of(&p, t, k, FEL_CALL, FEL_PRICE_ADAPTIVE), number(&table, i, "call"),
                   slack);
        CHECK_NEAR(price_of(&p, t, k, FEL_PUT, FEL_PRICE_ADAPTIVE), number(&table, i, "put"),
                   slack);
        CHECK_NEAR(price_of(&p, t, k, FEL_PUT, FEL_PRICE_FAST), number(&table, i, "put"),
                   slack + 1e-7);
    }
    oracle_table_clear(&table);
}

SUITE("oracle/heston_prices", TEST(test_reference_to_the_last_digits), TEST(test_lewis_values),
      TEST(test_published_values), TEST(test_wilmott_and_cosine_sets),
      TEST(test_grid_within_its_disagreement));
