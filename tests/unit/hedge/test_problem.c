/* tests/unit/hedge/test_problem.c - a problem's numbers: defaults, growth, premium, volatility,
 * costs. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <string.h>

#include <feller/price.h>

#include "hedge/hedge_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

static void test_defaults_are_what_the_header_says(void)
{
    const fel_hedge_config config = fel_hedge_config_default();
    CHECK_INT(config.side, 1);
    CHECK_INT(config.n_dates, 30);
    CHECK_SAME(config.horizon_years, 30.0 / 365.0);
    CHECK_INT(config.n_instruments, 1);
    CHECK_TEXT(config.instruments[0].name, "spot");
    CHECK(isnan(config.premium) && isnan(config.rate_per_year) && isnan(config.reference_vol));
    CHECK_INT(config.n_claims, 0);
    CHECK_INT(config.n_features, 4);
    static const char *const names[] = {"log_moneyness", "time_to_maturity", "volatility",
                                        "previous_position"};
    for (size_t i = 0; i < config.n_features && i < 4; i++) {
        CHECK_TEXT(config.features[i].info->name, names[i]);
    }
    problem_fixture f;
    fixture_init(&f);
    f.config.features = config.features;
    f.config.n_features = config.n_features;
    fel_hedge_problem *problem = fixture_create(&f);
    fel_hedge_problem_destroy(problem);
}

/* The problem keeps nothing of the caller's. */
static void test_what_config_points_at_is_copied(void)
{
    char name[] = "hedge";
    problem_fixture f;
    fixture_init_gbm(&f);
    f.instruments[0].name = name;
    fel_hedge_problem *problem = fixture_create(&f);
    name[0] = 'x';
    memset(f.claims, 0, sizeof(f.claims));
    memset(f.instruments, 0, sizeof(f.instruments));
    const fel_hedge_config *config = fel_hedge_problem_config(problem);
    CHECK_TEXT(config->instruments[0].name, "hedge");
    CHECK_TEXT(config->claims[0].payoff.code->name, "european");
    double payoff[3];
    const fel_hedge_paths out = {0, 3, NULL, NULL, NULL, payoff};
    CHECK_OK(fel_hedge_problem_paths(problem, &out));
    fel_hedge_problem_destroy(problem);
}

static void test_growth_and_carry(void)
{
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.market.process.rate_per_year = 0.05;
    f.config.market.process.dividend_per_year = 0.02;
    f.config.n_dates = 4;
    f.config.horizon_years = 0.5;
    fel_hedge_problem *problem = fixture_create(&f);
    CHECK_SAME(problem->config.rate_per_year, 0.05);
    CHECK_SAME(problem->dt_years, 0.125);
    CHECK_REL(problem->growth[1], exp(0.05 * 0.375), 1e-15);
    CHECK_SAME(problem->growth[4], 1.0);
    CHECK_REL(problem->carry, exp(0.02 * 0.125), 1e-15);
    fel_hedge_problem_destroy(problem);
    f.config.rate_per_year = 0.01;
    problem = fixture_create(&f);
    CHECK_REL(problem->growth[0], exp(0.01 * 0.5), 1e-15);
    fel_hedge_problem_destroy(problem);
}

/* ---- premium --------------------------------------------------------------------------------- */

static double premium_of(const problem_fixture *f, double *error, const char **source)
{
    static char text[64];
    fel_hedge_problem *problem = fixture_create(f);
    const char *from = NULL;
    const double premium = fel_hedge_problem_premium(problem, error, &from);
    strncpy(text, from, sizeof(text) - 1);
    *source = text;
    fel_hedge_problem_destroy(problem);
    return premium;
}

static void test_premium_of_the_benchmark(void)
{
    problem_fixture f;
    double error = 1.0;
    const char *source = NULL;
    fixture_init(&f);
    CHECK_NEAR(premium_of(&f, &error, &source), 1.69175, 1e-4);
    CHECK_TEXT(source, "Fourier");
    CHECK_SAME(error, 0.0);
    fixture_init_gbm(&f);
    CHECK_NEAR(premium_of(&f, &error, &source), 2.2872, 5e-5);
    CHECK_TEXT(source, "Black-Scholes");
    f.config.premium = 2.385;
    CHECK_SAME(premium_of(&f, &error, &source), 2.385);
    CHECK_TEXT(source, "given");
}

static void test_premium_of_a_portfolio(void)
{
    problem_fixture f;
    double error = 1.0, call = 0.0, put = 0.0;
    const char *source = NULL;
    fixture_init(&f);
    f.config.market.process.rate_per_year = 0.03;
    f.claims[0].quantity = 2.0;
    CHECK_OK(fel_payoff_set_text(&fixture_add_claim(&f, "european", -0.5)->payoff, "right", "put"));
    f.config.side = -1;
    const fel_option_right right = FEL_PUT;
    const double strike = 100.0, t_years = 30.0 / 365.0;
    CHECK_OK(fel_price_european(&f.config.market.process, t_years, &strike, NULL, 1,
                                FEL_PRICE_ADAPTIVE, &call));
    CHECK_OK(fel_price_european(&f.config.market.process, t_years, &strike, &right, 1,
                                FEL_PRICE_ADAPTIVE, &put));
    CHECK_REL(premium_of(&f, &error, &source), 2.0 * call - 0.5 * put, 1e-12);
}

static void test_premium_by_formula_and_by_paths(void)
{
    problem_fixture f;
    double error = 1.0, formula = 0.0;
    const char *source = NULL;
    fixture_init_gbm(&f);
    f.config.n_dates = 6;
    f.config.n_claims = 0;
    fel_hedge_claim *claim = fixture_add_claim(&f, "asian_geometric", 2.0);
    CHECK_OK(fel_payoff_closed_form(&claim->payoff, &f.config.market.process, 30.0 / 365.0, 6,
                                    &formula));
    CHECK_REL(premium_of(&f, &error, &source), 2.0 * formula, 1e-12);
    CHECK_TEXT(source, "closed form");
    /* A digital has no formula under Heston with a little noise in the variance: nearly gbm's. */
    claim = &f.claims[0];
    CHECK_OK(fel_payoff_init(&claim->payoff, "cash_digital"));
    CHECK_OK(fel_payoff_closed_form(&claim->payoff, &f.config.market.process, 30.0 / 365.0, 6,
                                    &formula));
    f.config.market.process.kind = FEL_PROCESS_HESTON;
    f.config.market.process.heston = (fel_heston){0.04, 1.0, 0.04, 1e-3, 0.0};
    const double premium = premium_of(&f, &error, &source);
    CHECK_TEXT(source, "Monte Carlo, 1048576 paths");
    CHECK(error > 0.0 && error < 1e-3 * premium);
    CHECK_NEAR(premium, 2.0 * formula, 4.0 * error + 1e-6);
}

static void test_premium_without_a_model(void)
{
    static const double spot[] = {50.0, 51.0, 52.5, 50.0, 47.0, 49.0, 50.0, 50.5, 55.0};
    problem_fixture f;
    double error = 1.0;
    const char *source = NULL;
    fixture_init_gbm(&f);
    f.config.market.kind = FEL_HEDGE_STORED;
    f.config.market.spot = spot;
    f.config.market.n_paths = 3;
    f.config.market.process.spot = 0.0;
    f.config.n_dates = 2;
    f.config.rate_per_year = 0.04;
    f.config.reference_vol = 0.25;
    CHECK_OK(fel_payoff_set(&f.claims[0].payoff, "strike", 51.0));
    const double t = f.config.horizon_years, discount = exp(-0.04 * t);
    CHECK_REL(premium_of(&f, &error, &source),
              fel_black(FEL_CALL, 50.0 / discount, 51.0, t, 0.25, discount), 1e-12);
    CHECK_TEXT(source, "Black-Scholes");
    fixture_add_claim(&f, "cash_digital", 2.0)->payoff.params[1] = 50.0;
    f.config.side = -1;
    /* Calls pay 1.5, 0, 4; digitals 1, 0, 1 each. */
    CHECK_REL(premium_of(&f, &error, &source), discount * (3.5 + 0.0 + 6.0) / 3.0, 1e-12);
    CHECK_TEXT(source, "mean payoff of 3 pilot paths");
    CHECK_REL(error,
              discount *
                  sqrt((pow(3.5 - 9.5 / 3, 2) + pow(9.5 / 3, 2) + pow(6 - 9.5 / 3, 2)) / 2 / 3),
              1e-12);
}

/* ---- volatility ------------------------------------------------------------------------------ */

static double vol_of(const problem_fixture *f)
{
    fel_hedge_problem *problem = fixture_create(f);
    const double vol = fel_hedge_problem_reference_vol(problem);
    fel_hedge_problem_destroy(problem);
    return vol;
}

static void test_reference_volatility(void)
{
    problem_fixture f;
    fixture_init_gbm(&f);
    CHECK_SAME(vol_of(&f), 0.2);
    fixture_init(&f);
    /* The one at which Black's formula gives the model's price. */
    const double vol = vol_of(&f), t = 30.0 / 365.0;
    CHECK_NEAR(fel_black(FEL_CALL, 100.0, 100.0, t, vol, 1.0), 1.69175, 1e-4);
    /* Of a strike that nobody can price: the root of the expected variance. */
    CHECK_OK(fel_payoff_set(&f.claims[0].payoff, "strike", 1e9));
    f.config.premium = 0.0;
    CHECK_REL(vol_of(&f), 0.2, 1e-12);
    f.config.reference_vol = 0.31;
    CHECK_SAME(vol_of(&f), 0.31);
    /* Returns of +1 % and -1 % in turn, twelve a year. */
    double closes[] = {100.0, 0.0, 0.0, 0.0, 0.0};
    for (size_t i = 1; i < 5; i++) {
        closes[i] = closes[i - 1] * exp(i % 2 == 0 ? -0.01 : 0.01);
    }
    fixture_init_gbm(&f);
    f.config.market.kind = FEL_HEDGE_BOOTSTRAP;
    f.config.market.closes = closes;
    f.config.market.n_closes = 5;
    f.config.market.block_dates = 1.0;
    f.config.n_dates = 12;
    f.config.horizon_years = 1.0;
    CHECK_REL(vol_of(&f), 0.01 * sqrt(4.0 / 3.0) * sqrt(12.0), 1e-9);
}

/* ---- costs ----------------------------------------------------------------------------------- */

static void test_costs_by_hand(void)
{
    const fel_hedge_cost cost = {.proportional_bps = 10.0,
                                 .per_unit = 0.02,
                                 .fixed = 1.5,
                                 .fixed_width = 0.25,
                                 .quadratic_bps = 3.0};
    double slope = 9.0;
    CHECK_NEAR(hedge_cost_of(&cost, -2.0, 50.0, 0, &slope),
               2.0 * (0.001 * 50.0 + 0.02) + 1.5 + 3e-4 * 4.0 * 50.0, 1e-14);
    CHECK_NEAR(slope, -(0.05 + 0.02 + 2.0 * 3e-4 * 2.0 * 50.0), 1e-14);
    CHECK_NEAR(hedge_cost_of(&cost, -2.0, 50.0, 1, NULL), 0.14 + 1.5 * (1.0 - exp(-8.0)) + 0.06,
               1e-14);
    CHECK_SAME(hedge_cost_of(&cost, 0.0, 50.0, 0, &slope), 0.0);
    CHECK_SAME(slope, 0.0);
    CHECK_SAME(hedge_cost_of(&cost, 0.0, 50.0, 1, &slope), 0.0);
    CHECK_SAME(slope, 0.0);
    const fel_hedge_cost step = {.fixed = 1.5};
    CHECK_SAME(hedge_cost_of(&step, 1e-300, 50.0, 1, &slope), 1.5);
    CHECK_SAME(slope, 0.0);
}

static void test_slopes_of_costs_are_differences(void)
{
    const fel_hedge_cost cost = {.proportional_bps = 7.0,
                                 .per_unit = 0.013,
                                 .fixed = 0.4,
                                 .fixed_width = 0.3,
                                 .quadratic_bps = 11.0};
    static const double sizes[] = {-1.7, -0.2385, 0.031, 0.9, 3.1};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const double d = sizes[i], h = 1e-6;
        double slope = 0.0;
        (void)hedge_cost_of(&cost, d, 23.85, 1, &slope);
        const double up = hedge_cost_of(&cost, d + h, 23.85, 1, NULL);
        const double down = hedge_cost_of(&cost, d - h, 23.85, 1, NULL);
        CHECK_NEAR(slope, (up - down) / (2.0 * h), 1e-9);
    }
}

SUITE("hedge/problem", TEST(test_defaults_are_what_the_header_says),
      TEST(test_what_config_points_at_is_copied), TEST(test_growth_and_carry),
      TEST(test_premium_of_the_benchmark), TEST(test_premium_of_a_portfolio),
      TEST(test_premium_by_formula_and_by_paths), TEST(test_premium_without_a_model),
      TEST(test_reference_volatility), TEST(test_costs_by_hand),
      TEST(test_slopes_of_costs_are_differences));
