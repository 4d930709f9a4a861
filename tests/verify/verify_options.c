/* tests/verify/verify_options.c - published prices of exotic options by 262,144 paths each, random
 * and Sobol, and whether the standard errors that go with them are the right size. */
#include <math.h>
#include <stdio.h>

#include "tests/oracle/option_rows.h"
#include "tests/support/check.h"

typedef struct tally {
    fel_draws draws;
    uint64_t seed;
    int n, n_wrong;
    double mean_square; /* of deviations from the formula in standard errors */
    double mean_error;  /* of standard errors over plain ones */
} tally;

/* The published price, or the formula's more digits where there is one. */
static double expected_of(const option_row *row)
{
    double price = row->expected;
    if (row->has_formula) {
        CHECK_OK(fel_payoff_closed_form(&row->payoff, &row->process, row->t_years, row->n_dates,
                                        &price));
    }
    return price;
}

static void price_row(void *payload, const option_row *row)
{
    tally *t = payload;
    fel_montecarlo_config config = fel_montecarlo_config_default();
    fel_montecarlo result;
    config.t_years = row->t_years;
    config.n_dates = row->n_dates;
    config.n_paths = 1 << 18;
    config.draws = t->draws;
    config.seed = t->seed++;
    const fel_status status =
        fel_montecarlo_price(&result, &row->process, 1, NULL, &row->payoff, &config);
    CHECK_OK(status);
    if (status != FEL_OK) {
        return;
    }
    const double apart = fabs(result.price - row->expected);
    if (apart > row->tolerance + 4.0 * result.standard_error) {
        printf("%s: %.5f (%.5f), published %.5f\n", row->label, result.price, result.standard_error,
               row->expected);
        t->n_wrong++;
    }
    if (row->has_formula && result.standard_error > 1e-3) {
        const double z = (result.price - expected_of(row)) / result.standard_error;
        t->mean_square += z * z;
        t->mean_error += result.standard_error / result.plain_error;
        t->n++;
    }
}

static void verify(fel_draws draws, const char *name, double expected)
{
    tally t = {.draws = draws, .seed = 1998};
    if (option_rows_visit(price_row, &t) < 0) {
        SKIP("../shared/oracles is absent");
    }
    const double square = t.mean_square / t.n;
    printf(
        "%s: %d rows with a formula, deviations %.3f standard errors (root mean square, expected "
        "%.3f), which are %.4f of plain ones\n",
        name, t.n, sqrt(square), sqrt(expected), t.mean_error / t.n);
    CHECK_INT(t.n_wrong, 0);
    CHECK_NEAR(square, expected, 4.0 * expected * sqrt(2.0 / t.n));
}

static void verify_random_paths(void)
{
    verify(FEL_DRAWS_PSEUDO, "random", 1.0);
}

/* Sixteen replicates: Student's t with 15 degrees of freedom. */
static void verify_sobol_paths(void)
{
    verify(FEL_DRAWS_SOBOL, "Sobol", 15.0 / 13.0);
}

SUITE("verify/options", TEST(verify_random_paths), TEST(verify_sobol_paths));
