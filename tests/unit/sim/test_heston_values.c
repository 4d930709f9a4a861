/* tests/unit/sim/test_heston_values.c - Heston calls computed with 40 digits (Lewis's integral,
 * mpmath) where methods go wrong: a day, thirty years, a volatility of variance of 3, |rho| near 1.
 * Andersen's (2008) second and third case among them agree with the printed 16.649, 56.575
 * and 18.157. */
#include <math.h>

#include <feller/price.h>

#include "tests/support/check.h"

static const struct row {
    double strike, t, rate, dividend;
    fel_heston heston; /* v0, kappa, theta, xi, rho */
    double call;       /* of a spot of 100 */
} rows[] = {
    {100, 15, 0, 0, {0.04, 0.3, 0.04, 0.9, -0.5}, 16.64922292035864194},
    {60, 5, 0.05, 0, {0.09, 1, 0.09, 1, -0.3}, 56.575024669753269135},
    {140, 5, 0.05, 0, {0.09, 1, 0.09, 1, -0.3}, 18.156956893323156065},
    {99, 1.0 / 365.0, 0.02, 0, {0.04, 2, 0.04, 0.5, -0.7}, 1.1036706198523041673},
    {101.5, 1.0 / 365.0, 0.02, 0, {0.04, 2, 0.04, 0.5, -0.7}, 0.032265350327174508883},
    {90, 1, 0.01, 0, {0.09, 2, 0.09, 3, -0.6}, 14.994203829691072254},
    {110, 1, 0.01, 0, {0.09, 2, 0.09, 3, -0.6}, 2.8908764128274712469},
    {100, 0.1, 0.01, 0, {0.09, 2, 0.09, 3, 0.4}, 2.959546698291610129},
    {150, 30, 0.02, 0.01, {0.05, 0.5, 0.06, 0.8, -0.8}, 23.214229563819989226},
    {40, 30, 0.02, 0.01, {0.05, 0.5, 0.06, 0.8, -0.8}, 56.164023337530365502},
    {300, 30, 0, 0, {0.09, 0.2, 0.04, 0.3, 0.5}, 28.356821394770681444},
    {95, 0.25, 0, 0, {0.03, 1, 0.05, 0.7, -0.999}, 6.8060816638273114865},
    {130, 0.5, 0, 0, {0.05, 1.5, 0.05, 0.6, 0.999}, 1.4692953813204987659},
};
enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

static double price(const struct row *row, fel_price_method method, fel_option_right right)
{
    const fel_process p = {.kind = FEL_PROCESS_HESTON,
                           .spot = 100.0,
                           .rate_per_year = row->rate,
                           .dividend_per_year = row->dividend,
                           .heston = row->heston};
    double value = (double)NAN;
    CHECK_OK(fel_price_european(&p, row->t, &row->strike, &right, 1, method, &value));
    return value;
}

static void test_fast_to_1e8_of_spot(void)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        CHECK_NEAR(price(&rows[i], FEL_PRICE_FAST, FEL_CALL), rows[i].call, 1e-6);
    }
}

static void test_adaptive_to_1e12_of_spot(void)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        CHECK_NEAR(price(&rows[i], FEL_PRICE_ADAPTIVE, FEL_CALL), rows[i].call, 1e-10);
        CHECK_REL(price(&rows[i], FEL_PRICE_ADAPTIVE, FEL_CALL), rows[i].call, 1e-12);
    }
}

/* The gradient's prices are the fast method's, to the bit, and no strike beside changes them much.
 */
static void test_gradient_gives_the_same_prices(void)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        const fel_process p = {.kind = FEL_PROCESS_HESTON,
                               .spot = 100.0,
                               .rate_per_year = rows[i].rate,
                               .dividend_per_year = rows[i].dividend,
                               .heston = rows[i].heston};
        double value = (double)NAN, gradient[FEL_HESTON_N_PARAMS];
        CHECK_OK(fel_heston_gradient(&p, rows[i].t, &rows[i].strike, 1, &value, gradient));
        CHECK_NEAR(value, rows[i].call, 1e-6);
        CHECK(gradient[0] > 0.0); /* more variance is worth more */
    }
}

SUITE("sim/heston_values", TEST(test_fast_to_1e8_of_spot), TEST(test_adaptive_to_1e12_of_spot),
      TEST(test_gradient_gives_the_same_prices));
