/* tests/oracle/test_exotic_options.c - published prices of barrier, digital, lookback, Asian and
 * forward-start options, by formula and by simulation. */
#include <math.h>
#include <stdio.h>

#include "tests/oracle/option_rows.h"
#include "tests/support/check.h"

static int same_formula(const option_row *row)
{
    double price = 0.0;
    const fel_status status =
        fel_payoff_closed_form(&row->payoff, &row->process, row->t_years, row->n_dates, &price);
    if (!row->has_formula) {
        return status == FEL_ERR_NOTFOUND;
    }
    if (status == FEL_OK && fabs(price - row->expected) <= row->tolerance) {
        return 1;
    }
    printf("%s: formula %.6f, published %.6f\n", row->label, price, row->expected);
    return 0;
}

typedef struct tally {
    int n_wrong, n_formula, n_simulated;
    uint64_t seed;
    double sum_of_squares; /* of deviations in standard errors */
} tally;

static void check_formula(void *payload, const option_row *row)
{
    tally *t = payload;
    t->n_wrong += !same_formula(row);
    t->n_formula += row->has_formula;
}

static void test_formulas_give_published_prices(void)
{
    tally t = {0};
    const int n = option_rows_visit(check_formula, &t);
    if (n < 0) {
        SKIP("../shared/oracles is absent");
    }
    CHECK_INT(n, 266);
    CHECK_INT(t.n_wrong, 0);
    CHECK(t.n_formula > 160);
}

/* Each row has a seed of its own: rows do not share draws. */
static void check_simulation(void *payload, const option_row *row)
{
    tally *t = payload;
    fel_montecarlo_config config = fel_montecarlo_config_default();
    fel_montecarlo result;
    config.t_years = row->t_years;
    config.n_dates = row->n_dates;
    config.n_paths = 16384;
    config.antithetic = 1;
    config.seed = t->seed++;
    const fel_status status =
        fel_montecarlo_price(&result, &row->process, 1, NULL, &row->payoff, &config);
    CHECK_OK(status);
    if (status != FEL_OK) {
        return;
    }
    const double apart = fabs(result.price - row->expected);
    if (apart > row->tolerance + 4.0 * result.standard_error) {
        printf("%s: simulated %.5f (%.5f), published %.5f\n", row->label, result.price,
               result.standard_error, row->expected);
        t->n_wrong++;
    }
    if (result.standard_error > 10.0 * row->tolerance) {
        const double z = apart / result.standard_error;
        t->sum_of_squares += z * z;
        t->n_simulated++;
    }
}

/* Within four standard errors each, and the standard errors are neither too large nor too small:
 * deviations in units of them have mean square 1, known to sqrt(2 / 180). */
static void test_simulations_give_published_prices(void)
{
    tally t = {.seed = 2385};
    const int n = option_rows_visit(check_simulation, &t);
    if (n < 0) {
        SKIP("../shared/oracles is absent");
    }
    CHECK_INT(t.n_wrong, 0);
    CHECK(t.n_simulated > 150);
    CHECK_NEAR(t.sum_of_squares / t.n_simulated, 1.0, 0.4);
}

SUITE("oracle/exotic_options", TEST(test_formulas_give_published_prices),
      TEST(test_simulations_give_published_prices));
