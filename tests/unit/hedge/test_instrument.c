/* tests/unit/hedge/test_instrument.c - quoted options against the pricer, and prices that must be
 * martingales. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/price.h>

#include "core/cpu.h"
#include "hedge/hedge_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

/* ---- quotes against the pricer --------------------------------------------------------------- */

/* The largest difference of a quote from Fourier's price over 100 paths, of the spot. */
static double worst_quote(const fel_hedge_problem *problem, size_t instrument)
{
    enum { N = 100 };
    const fel_hedge_config *config = &problem->config;
    const fel_hedge_instrument *option = &config->instruments[instrument];
    hedge_block block;
    double worst = 0.0;
    CHECK_OK(hedge_block_create(&block, problem, N));
    CHECK_OK(hedge_block_fill(&block, 3, N));
    for (size_t d = 0; d <= config->n_dates; d++) {
        const double left = option->expiry_years - problem->dt_years * (double)d;
        for (size_t p = d % 3; p < N && left > 1e-9; p += 3) {
            fel_process process = config->market.process;
            double expected = 0.0;
            process.spot = block_spot(&block, d)[p];
            process.heston.v0 = block_variance(&block, d)[p];
            CHECK_OK(fel_price_european(&process, left, &option->strike, &option->right, 1,
                                        FEL_PRICE_FAST, &expected));
            const double error = fabs(block_price(&block, d, instrument)[p] - expected);
            worst = fmax(worst, error / process.spot);
        }
    }
    hedge_block_clear(&block);
    return worst;
}

static void test_quotes_lie_within_1e_5_of_the_spot(void)
{
    static const struct {
        fel_process process;
        double horizon_years, expiry_years, strike;
        size_t n_dates;
        fel_option_right right;
    } cases[] = {
        {{.kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.0, 0.04, 2.0, -0.7}},
         30.0 / 365.0,
         30.0 / 365.0,
         105.0,
         30,
         FEL_CALL},
        {{.kind = FEL_PROCESS_HESTON,
          .spot = 100.0,
          .rate_per_year = 0.03,
          .dividend_per_year = 0.01,
          .heston = {0.025, 2.5, 0.02, 0.6, -0.5}},
         0.5,
         0.75,
         90.0,
         25,
         FEL_PUT},
        {{.kind = FEL_PROCESS_BATES,
          .spot = 2.385,
          .rate_per_year = 0.02,
          .heston = {0.05, 1.5, 0.04, 0.4, -0.6},
          .jumps = {0.7, -0.08, 0.12}},
         0.25,
         0.25,
         2.5,
         20,
         FEL_CALL},
        {{.kind = FEL_PROCESS_MERTON,
          .spot = 100.0,
          .vol_per_year = 0.15,
          .jumps = {2.0, -0.05, 0.08}},
         0.1,
         0.1,
         98.0,
         20,
         FEL_PUT},
        {{.kind = FEL_PROCESS_HESTON, .spot = 1.0, .heston = {0.04, 1.0, 0.09, 0.0, 0.0}},
         0.1,
         0.2,
         1.03,
         10,
         FEL_CALL},
        {{.kind = FEL_PROCESS_GBM, .spot = 100.0, .rate_per_year = 0.05, .vol_per_year = 0.3},
         0.1,
         0.15,
         103.0,
         10,
         FEL_CALL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        problem_fixture f;
        fixture_init(&f);
        f.config.market.process = cases[i].process;
        f.config.horizon_years = cases[i].horizon_years;
        f.config.n_dates = cases[i].n_dates;
        f.config.premium = 0.0;
        fel_hedge_instrument *option = fixture_add_instrument(&f, "option", FEL_HEDGE_OPTION);
        option->strike = cases[i].strike;
        option->right = cases[i].right;
        option->expiry_years = cases[i].expiry_years;
        fel_hedge_problem *problem = fixture_create(&f);
        CHECK_NEAR(worst_quote(problem, 1), 0.0, 1e-5);
        fel_hedge_problem_destroy(problem);
    }
}

/* States that no table reaches are priced one by one: here the drift leads out of it. */
static void test_quotes_far_away_are_exact(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.market.process.heston.xi = 0.3;
    f.config.market.has_drift = 1;
    f.config.market.drift_per_year = 60.0;
    (void)fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
    fixture_add_instrument(&f, "put", FEL_HEDGE_OPTION)->right = FEL_PUT;
    fel_hedge_problem *problem = fixture_create(&f);
    double price[31 * 3];
    const fel_hedge_paths out = {0, 1, NULL, NULL, price, NULL};
    CHECK_OK(fel_hedge_problem_paths(problem, &out));
    CHECK(price[29 * 3] > 8000.0);
    CHECK_NEAR(worst_quote(problem, 1), 0.0, 1e-5);
    CHECK_NEAR(worst_quote(problem, 2), 0.0, 1e-5);
    fel_hedge_problem_destroy(problem);
}

static void test_an_option_that_expires_pays(void)
{
    problem_fixture f;
    fixture_init(&f);
    fel_hedge_instrument *put = fixture_add_instrument(&f, "put", FEL_HEDGE_OPTION);
    put->right = FEL_PUT;
    put->strike = 101.5;
    fel_hedge_instrument *alive = fixture_add_instrument(&f, "alive", FEL_HEDGE_OPTION);
    alive->expiry_years = 60.0 / 365.0;
    fel_hedge_problem *problem = fixture_create(&f);
    CHECK_INT(problem->is_unwound[0], 1);
    CHECK_INT(problem->is_unwound[1], 0);
    CHECK_INT(problem->is_unwound[2], 1);
    hedge_block block;
    CHECK_OK(hedge_block_create(&block, problem, 64));
    CHECK_OK(hedge_block_fill(&block, 0, 64));
    for (size_t p = 0; p < 64; p++) {
        const double spot = block_spot(&block, 30)[p];
        CHECK_SAME(block_price(&block, 30, 1)[p], fmax(101.5 - spot, 0.0));
        CHECK(block_price(&block, 30, 2)[p] >= fmax(spot - 100.0, 0.0));
    }
    hedge_block_clear(&block);
    fel_hedge_problem_destroy(problem);
}

/* A market without a model quotes at the instrument's own volatility. */
static void test_stored_paths_are_quoted_by_black_scholes(void)
{
    static const double spot[] = {95.0, 97.0, 104.0, 95.0, 93.0, 91.0};
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.market.kind = FEL_HEDGE_STORED;
    f.config.market.spot = spot;
    f.config.market.n_paths = 2;
    f.config.n_dates = 2;
    f.config.horizon_years = 0.2;
    f.config.rate_per_year = 0.04;
    f.config.market.process.dividend_per_year = 0.015;
    f.config.market.process.spot = 0.0;
    fel_hedge_instrument *call = fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
    call->strike = 98.0;
    call->vol_per_year = 0.33;
    call->expiry_years = 0.5;
    fel_hedge_problem *problem = fixture_create(&f);
    double price[3 * 2 * 2];
    const fel_hedge_paths out = {0, 2, NULL, NULL, price, NULL};
    CHECK_OK(fel_hedge_problem_paths(problem, &out));
    for (size_t d = 0; d < 3; d++) {
        for (size_t p = 0; p < 2; p++) {
            fel_greeks greeks;
            CHECK_OK(fel_black_scholes(FEL_CALL, spot[p * 3 + d], 98.0, 0.5 - 0.1 * (double)d, 0.04,
                                       0.015, 0.33, &greeks));
            CHECK_REL(price[(d * 2 + 1) * 2 + p], greeks.price, 1e-12);
        }
    }
    fel_hedge_problem_destroy(problem);
}

static void test_quotes_have_the_same_bits_at_every_level(void)
{
    enum { N = 77, SIZE = 31 * 3 * N };
    static const cpu_level levels[] = {CPU_BASE, CPU_AVX2, CPU_AVX512};
    const char *const best = cpu_level_name(cpu_level_now());
    problem_fixture f;
    fixture_init(&f);
    (void)fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    fel_hedge_problem *problem = fixture_create(&f);
    double *first = malloc(2 * SIZE * sizeof(double)), *other = first + SIZE;
    for (size_t i = 0; i < 3; i++) {
        const fel_hedge_paths out = {5, N, NULL, NULL, i == 0 ? first : other, NULL};
        if (fel_cpu_level_set(cpu_level_name(levels[i])) == FEL_OK) {
            CHECK_OK(fel_hedge_problem_paths(problem, &out));
            CHECK(i == 0 || memcmp(first, other, SIZE * sizeof(double)) == 0);
        }
    }
    CHECK_OK(fel_cpu_level_set(best));
    free(first);
    fel_hedge_problem_destroy(problem);
}

/* ---- martingales ----------------------------------------------------------------------------- */

/* Means over N paths of what an instrument is worth at a date, discounted to date 0 at the model's
 * rate (a swap is not), must be what it is worth at date 0: within 4 standard errors. */
static void check_martingale(const fel_hedge_problem *problem, size_t instrument, double rate)
{
    enum { N = 40000, BLOCK = 256 };
    const size_t n_dates = problem->config.n_dates;
    double *sum = calloc(2 * (n_dates + 1), sizeof(double)), *square = sum + n_dates + 1;
    double start = 0.0;
    hedge_block block;
    CHECK_OK(hedge_block_create(&block, problem, BLOCK));
    for (size_t at = 0; at + BLOCK <= N; at += BLOCK) {
        CHECK_OK(hedge_block_fill(&block, at, BLOCK));
        start = block_price(&block, 0, instrument)[0];
        for (size_t d = 1; d <= n_dates; d++) {
            const double *price = block_price(&block, d, instrument);
            for (size_t p = 0; p < BLOCK; p++) {
                sum[d] += price[p];
                square[d] += price[p] * price[p];
            }
        }
    }
    const double n = (double)(N / BLOCK * BLOCK);
    for (size_t d = 1; d <= n_dates; d++) {
        const double mean = sum[d] / n, error = sqrt((square[d] / n - mean * mean) / n);
        const double discount = exp(-rate * problem->dt_years * (double)d);
        CHECK_NEAR(discount * mean, start, 4.0 * error);
        CHECK(error < 0.02 * start);
    }
    hedge_block_clear(&block);
    free(sum);
}

static void test_quoted_options_and_swaps_are_martingales(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.market.process.rate_per_year = 0.05;
    f.config.market.process.heston = (fel_heston){0.04, 2.0, 0.05, 0.5, -0.7};
    f.config.horizon_years = 0.5;
    f.config.n_dates = 10;
    f.config.market.n_substeps = 4;
    fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION)->strike = 103.0;
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    fel_hedge_problem *problem = fixture_create(&f);
    check_martingale(problem, 1, 0.05);
    check_martingale(problem, 2, 0.0);
    fel_hedge_problem_destroy(problem);
}

/* ---- scales ---------------------------------------------------------------------------------- */

static void test_a_swaps_scales(void)
{
    problem_fixture f;
    fixture_init(&f);
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION)->unit = 2.5;
    fel_hedge_problem *problem = fixture_create(&f);
    const double total = fel_total_variance(&f.config.market.process.heston, 30.0 / 365.0);
    CHECK_SAME(problem->total_variance, total);
    CHECK_NEAR(total, 0.003288, 5e-7); /* the benchmark's published start of the swap */
    CHECK_REL(problem->cost_base[1], 2.0 * sqrt(30.0 / 365.0 * total), 1e-15);
    CHECK_SAME(problem->cost_base[0], 0.0);
    CHECK_INT(problem->is_unwound[1], 0);
    CHECK_SAME(problem->unit[0], 1.0);
    CHECK_SAME(problem->unit[2], 2.5);
    CHECK_SAME(fel_hedge_problem_unit(problem, 2), 2.5);
    CHECK(isnan(fel_hedge_problem_unit(problem, 3)));

    /* So many that they move as the spot does: over pilot paths. */
    enum { N = HEDGE_N_PILOT };
    double sum[2] = {0.0, 0.0}, square[2] = {0.0, 0.0};
    hedge_block block;
    CHECK_OK(hedge_block_create(&block, problem, N));
    CHECK_OK(hedge_block_fill(&block, FEL_HEDGE_PILOT_PATHS, N));
    for (size_t d = 0; d < 30; d++) {
        for (size_t p = 0; p < N; p++) {
            for (size_t j = 0; j < 2; j++) {
                const double change =
                    block_price(&block, d + 1, j)[p] - block_price(&block, d, j)[p];
                sum[j] += change;
                square[j] += change * change;
            }
        }
    }
    const double n = 30.0 * N;
    const double spot = square[0] / n - sum[0] / n * sum[0] / n;
    const double swap = square[1] / n - sum[1] / n * sum[1] / n;
    CHECK_REL(problem->unit[1], sqrt(spot / swap), 1e-9);
    hedge_block_clear(&block);
    fel_hedge_problem_destroy(problem);
}

SUITE("hedge/instrument", TEST(test_quotes_lie_within_1e_5_of_the_spot),
      TEST(test_quotes_far_away_are_exact), TEST(test_quotes_have_the_same_bits_at_every_level),
      TEST(test_an_option_that_expires_pays), TEST(test_stored_paths_are_quoted_by_black_scholes),
      TEST(test_quoted_options_and_swaps_are_martingales), TEST(test_a_swaps_scales));
