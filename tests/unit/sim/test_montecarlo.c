/* tests/unit/sim/test_montecarlo.c - prices by simulation against formulas and against one another,
 * and the same bits however the work is cut. */
#include <math.h>
#include <string.h>

#include <feller/montecarlo.h>

#include "tests/support/check.h"

static const fel_process gbm = {.kind = FEL_PROCESS_GBM,
                                .spot = 103.7,
                                .rate_per_year = 0.031,
                                .dividend_per_year = 0.012,
                                .vol_per_year = 0.2385};
static const fel_process heston = {.kind = FEL_PROCESS_HESTON,
                                   .spot = 103.7,
                                   .rate_per_year = 0.031,
                                   .dividend_per_year = 0.012,
                                   .heston = {0.043, 1.37, 0.061, 0.58, -0.68}};
static const fel_process bates = {.kind = FEL_PROCESS_BATES,
                                  .spot = 103.7,
                                  .rate_per_year = 0.031,
                                  .dividend_per_year = 0.012,
                                  .heston = {0.043, 1.37, 0.061, 0.58, -0.68},
                                  .jumps = {0.7, -0.08, 0.11}};

static fel_montecarlo_config config_of(uint64_t n_paths, size_t n_dates)
{
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = 0.77;
    config.n_paths = n_paths;
    config.n_dates = n_dates;
    config.seed = 2385;
    return config;
}

static fel_payoff payoff_of(const char *name)
{
    fel_payoff payoff;
    memset(&payoff, 0, sizeof(payoff));
    CHECK_OK(fel_payoff_init(&payoff, name));
    return payoff;
}

static fel_montecarlo price_of(const fel_process *process, const fel_payoff *payoff,
                               const fel_montecarlo_config *config)
{
    fel_montecarlo result;
    memset(&result, 0, sizeof(result));
    CHECK_OK(fel_montecarlo_price(&result, process, 1, NULL, payoff, config));
    return result;
}

static double formula_of(const fel_process *process, const fel_payoff *payoff,
                         const fel_montecarlo_config *config)
{
    double price = (double)NAN;
    CHECK_OK(fel_payoff_closed_form(payoff, process, config->t_years, config->n_dates, &price));
    return price;
}

/* ---- right
 * ---------------------------------------------------------------------------------------- */

/* Every way of drawing: the price within four of its own standard errors of the formula. */
static void check_every_draw(const fel_process *process, const char *name, size_t n_dates)
{
    const fel_payoff payoff = payoff_of(name);
    for (uint32_t way = 0; way < 6; way++) {
        fel_montecarlo_config config = config_of(40000, n_dates);
        config.antithetic = way == 1 || way == 4;
        config.moment_matching = way == 2;
        config.draws = way == 3 || way == 4 ? FEL_DRAWS_SOBOL : FEL_DRAWS_PSEUDO;
        config.controls = way == 5 ? FEL_CONTROL_SPOT : FEL_CONTROL_NONE;
        const double expected = formula_of(process, &payoff, &config);
        const fel_montecarlo result = price_of(process, &payoff, &config);
        CHECK_NEAR(result.price, expected, 4.0 * result.standard_error + 1e-4);
        CHECK(result.standard_error > 0.0 && result.standard_error < 0.02 * expected);
    }
}

static void test_prices_are_the_formulas(void)
{
    check_every_draw(&gbm, "european", 1);
    check_every_draw(&gbm, "barrier", 12);
    check_every_draw(&gbm, "lookback_fixed", 3);
    check_every_draw(&gbm, "asian_geometric", 12);
    check_every_draw(&gbm, "asset_digital", 2);
    check_every_draw(&heston, "european", 24);
    check_every_draw(&bates, "european", 24);
}

/* What is knocked out and what is knocked in make up the option, on any path. */
static void test_in_and_out_make_the_whole(void)
{
    static const fel_process *const processes[] = {&gbm, &heston, &bates};
    for (size_t i = 0; i < 6; i++) {
        const fel_montecarlo_config config = config_of(3000, 7);
        fel_payoff in = payoff_of("barrier");
        fel_payoff out = payoff_of("barrier");
        CHECK_OK(fel_payoff_set_text(&in, "type", "down_in"));
        CHECK_OK(fel_payoff_set_text(&in, "monitoring", i < 3 ? "dates" : "continuous"));
        CHECK_OK(fel_payoff_set_text(&out, "monitoring", i < 3 ? "dates" : "continuous"));
        const fel_payoff whole = payoff_of("european");
        const fel_process *process = processes[i % 3];
        const double sum =
            price_of(process, &in, &config).price + price_of(process, &out, &config).price;
        CHECK_REL(sum, price_of(process, &whole, &config).price, 1e-12);
    }
}

/* A barrier watched on dates only is met less often; Broadie, Glasserman and Kou (1997): as if it
 * were further off by a factor exp(0.5826 vol sqrt(dt)). */
static void test_dates_only_is_another_barrier(void)
{
    fel_montecarlo_config config = config_of(200000, 20);
    config.controls = FEL_CONTROL_EUROPEAN;
    fel_payoff dates = payoff_of("barrier");
    CHECK_OK(fel_payoff_set(&dates, "barrier", 97.3));
    fel_payoff moved = dates;
    CHECK_OK(fel_payoff_set_text(&dates, "monitoring", "dates"));
    const double dt = config.t_years / (double)config.n_dates;
    CHECK_OK(fel_payoff_set(&moved, "barrier", 97.3 * exp(-0.5826 * gbm.vol_per_year * sqrt(dt))));
    const fel_montecarlo result = price_of(&gbm, &dates, &config);
    CHECK_NEAR(result.price, formula_of(&gbm, &moved, &config), 4.0 * result.standard_error + 0.02);
    CHECK_OK(fel_payoff_set(&moved, "barrier", 97.3));
    CHECK(result.price > formula_of(&gbm, &moved, &config) + 10.0 * result.standard_error);
}

/* ---- variance reduction
 * --------------------------------------------------------------------------- */

static double reduction(const char *name, uint32_t controls, uint8_t antithetic, fel_draws draws)
{
    fel_montecarlo_config config = config_of(32768, 12);
    config.controls = controls;
    config.antithetic = antithetic;
    config.draws = draws;
    const fel_payoff payoff = payoff_of(name);
    return price_of(&gbm, &payoff, &config).variance_reduction;
}

static void test_variance_falls(void)
{
    CHECK_NEAR(reduction("barrier", 0, 0, FEL_DRAWS_PSEUDO), 1.0, 1e-3);
    CHECK(reduction("barrier", 0, 1, FEL_DRAWS_PSEUDO) > 1.2);
    CHECK(reduction("barrier", FEL_CONTROL_SPOT, 0, FEL_DRAWS_PSEUDO) > 2.0);
    CHECK(reduction("barrier", FEL_CONTROL_EUROPEAN, 0, FEL_DRAWS_PSEUDO) > 4.0);
    CHECK(reduction("asian_arithmetic", FEL_CONTROL_GEOMETRIC, 0, FEL_DRAWS_PSEUDO) > 300.0);
    CHECK(reduction("asian_arithmetic", 0, 0, FEL_DRAWS_SOBOL) > 300.0);
}

/* Controls that say the same are no harm: the price is that of one of them. */
static void test_twin_controls_are_harmless(void)
{
    fel_payoff asian = payoff_of("asian_arithmetic");
    CHECK_OK(fel_payoff_set(&asian, "strike", 1e-9)); /* the European is then the spot */
    fel_montecarlo_config config = config_of(8192, 6);
    config.controls = FEL_CONTROL_SPOT;
    const fel_montecarlo one = price_of(&gbm, &asian, &config);
    config.controls = FEL_CONTROL_SPOT | FEL_CONTROL_EUROPEAN;
    const fel_montecarlo two = price_of(&gbm, &asian, &config);
    CHECK_REL(two.price, one.price, 1e-6);
    CHECK_REL(two.standard_error, one.standard_error, 1e-3);
}

/* The standard errors of all ways say how far the price is off: over seeds, deviations in units of
 * them have mean square 1 (Student's t with 15 degrees of freedom for Sobol: 15 / 13). */
static void check_errors_are_honest(const fel_montecarlo_config *given, double expected_square)
{
    enum { SEEDS = 150 };
    fel_payoff payoff = payoff_of("asian_geometric");
    CHECK_OK(fel_payoff_set_text(&payoff, "monitoring", "dates"));
    fel_montecarlo_config config = *given;
    const double expected = formula_of(&gbm, &payoff, &config);
    double square = 0.0;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        config.seed = seed;
        const fel_montecarlo result = price_of(&gbm, &payoff, &config);
        const double z = (result.price - expected) / result.standard_error;
        square += z * z / SEEDS;
    }
    /* Of a mean of squares: sqrt(2 / 150) = 0.12 and more with fat tails. */
    CHECK_NEAR(square, expected_square, 0.6);
}

static void test_standard_errors_are_honest(void)
{
    fel_montecarlo_config config = config_of(2048, 4);
    config.controls = FEL_CONTROL_SPOT;
    config.antithetic = 1;
    check_errors_are_honest(&config, 1.0);
    config = config_of(2048, 4);
    config.draws = FEL_DRAWS_SOBOL;
    check_errors_are_honest(&config, 15.0 / 13.0);
    config = config_of(4096 * 10, 4);
    config.moment_matching = 1;
    check_errors_are_honest(&config, 9.0 / 7.0);
}

SUITE("sim/montecarlo", TEST(test_prices_are_the_formulas), TEST(test_in_and_out_make_the_whole),
      TEST(test_dates_only_is_another_barrier), TEST(test_variance_falls),
      TEST(test_twin_controls_are_harmless), TEST(test_standard_errors_are_honest));
