/* tests/unit/hedge/test_market.c - blocks of paths: the simulator's own, drawn again, stored; in
 * any blocks; without a look ahead. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N_DATES = 30 };

static void fill(hedge_block *block, const fel_hedge_problem *problem, uint64_t first, size_t n)
{
    CHECK_OK(hedge_block_create(block, problem, n));
    CHECK_OK(hedge_block_fill(block, first, n));
}

/* ---- simulated ------------------------------------------------------------------------------- */

static void test_simulated_paths_are_the_generators(void)
{
    enum { N = 200, FIRST = 4096 + 17 };
    problem_fixture f;
    fixture_init(&f);
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    f.config.market.seed = 5;
    f.config.market.scheme = FEL_SCHEME_EXACT_VARIANCE;
    f.config.market.has_drift = 1;
    f.config.market.drift_per_year = 0.07;
    f.config.market.n_substeps = 2;
    fel_hedge_problem *problem = fixture_create(&f);

    fel_path_config config = fel_path_config_default();
    config.seed = 5;
    config.scheme = FEL_SCHEME_EXACT_VARIANCE;
    config.horizon_years = f.config.horizon_years;
    config.n_dates = N_DATES;
    config.n_substeps = 2;
    config.physical_drift = 1;
    config.drift_per_year = 0.07;
    fel_paths *paths = NULL;
    CHECK_OK(fel_paths_create(&paths, &f.config.market.process, 1, NULL, &config));
    const size_t size = (size_t)(N_DATES + 1) * N;
    double *rows = malloc(3 * size * sizeof(double));
    const fel_path_block_f64 expected = {.first_path = FIRST,
                                         .n_paths = N,
                                         .path_stride = N,
                                         .values = {[FEL_PATH_SPOT] = rows,
                                                    [FEL_PATH_VARIANCE] = rows + size,
                                                    [FEL_PATH_VARIANCE_SWAP] = rows + 2 * size}};
    CHECK_OK(fel_paths_fill_f64(paths, &expected));
    hedge_block block;
    fill(&block, problem, FIRST, N);
    for (size_t d = 0; d <= N_DATES; d++) {
        const size_t bytes = N * sizeof(double);
        CHECK_INT(memcmp(block_spot(&block, d), rows + d * N, bytes), 0);
        CHECK_INT(memcmp(block_variance(&block, d), rows + size + d * N, bytes), 0);
        CHECK_INT(memcmp(block_price(&block, d, 0), rows + d * N, bytes), 0);
        CHECK_INT(memcmp(block_price(&block, d, 1), rows + 2 * size + d * N, bytes), 0);
    }
    hedge_block_clear(&block);
    free(rows);
    fel_paths_destroy(paths);
    fel_hedge_problem_destroy(problem);
}

/* ---- any market ------------------------------------------------------------------------------ */

static void check_same_path(const hedge_block *a, size_t at_a, const hedge_block *b, size_t at_b)
{
    const size_t n_instruments = a->problem->config.n_instruments;
    for (size_t d = 0; d <= a->problem->config.n_dates; d++) {
        CHECK_SAME(block_spot(a, d)[at_a], block_spot(b, d)[at_b]);
        for (size_t j = 0; j < n_instruments; j++) {
            CHECK_SAME(block_price(a, d, j)[at_a], block_price(b, d, j)[at_b]);
        }
    }
    CHECK_SAME(a->payoff[at_a], b->payoff[at_b]);
}

/* Path k in a block that begins elsewhere; what lies beyond n repeats the last path. */
static void check_blocks(const problem_fixture *f)
{
    fel_hedge_problem *problem = fixture_create(f);
    hedge_block whole, part;
    fill(&whole, problem, 128, 300);
    CHECK_OK(hedge_block_create(&part, problem, 301));
    CHECK_OK(hedge_block_fill(&part, 177, 39));
    check_same_path(&part, 0, &whole, 49);
    check_same_path(&part, 38, &whole, 87);
    check_same_path(&part, 39, &part, 38);
    check_same_path(&part, part.stride - 1, &part, 38);
    CHECK_INT(part.stride % HEDGE_ALIGN, 0);
    CHECK(block_spot(&whole, N_DATES)[1] != block_spot(&whole, N_DATES)[2]);
    CHECK_STATUS(hedge_block_fill(&part, 0, 302), FEL_ERR_RANGE);
    CHECK_STATUS(hedge_block_fill(&part, 0, 0), FEL_ERR_RANGE);
    hedge_block_clear(&whole);
    hedge_block_clear(&part);
    fel_hedge_problem_destroy(problem);
}

static void random_closes(double *closes, size_t n)
{
    uint64_t state = 88172645463325252U;
    closes[0] = 57.3;
    for (size_t i = 1; i < n; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const double u = (double)(state >> 11) * 0x1p-53;
        closes[i] = closes[i - 1] * exp(0.04 * (u - 0.48) + (i % 7 == 0 ? -0.011 : 0.0));
    }
}

static void set_bootstrap(problem_fixture *f, const double *closes, size_t n)
{
    f->config.market.kind = FEL_HEDGE_BOOTSTRAP;
    f->config.market.closes = closes;
    f->config.market.n_closes = n;
    f->config.market.block_dates = 10.0;
}

static void test_a_path_is_the_same_in_any_block(void)
{
    double closes[301], stored[(size_t)(N_DATES + 1) * 450];
    problem_fixture f;
    fixture_init(&f);
    (void)fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    fixture_add_claim(&f, "lookback_fixed", -0.5);
    f.config.premium = 1.0;
    check_blocks(&f);

    fixture_init_gbm(&f);
    random_closes(closes, 301);
    set_bootstrap(&f, closes, 301);
    check_blocks(&f);

    fixture_init_gbm(&f);
    random_closes(stored, sizeof(stored) / sizeof(stored[0]));
    f.config.market.kind = FEL_HEDGE_STORED;
    f.config.market.spot = stored;
    f.config.market.n_paths = 450;
    check_blocks(&f);
}

/* ---- bootstrap ------------------------------------------------------------------------------- */

typedef struct sample {
    double mean, error;
} sample;

static sample mean_growth(const fel_hedge_problem *problem, size_t n)
{
    double sum = 0.0, square = 0.0;
    hedge_block block;
    fill(&block, problem, 0, n);
    for (size_t p = 0; p < n; p++) {
        const double growth = block_spot(&block, N_DATES)[p] / block_spot(&block, 0)[p];
        sum += growth;
        square += growth * growth;
    }
    hedge_block_clear(&block);
    const double mean = sum / (double)n;
    const sample result = {mean, sqrt((square / (double)n - mean * mean) / (double)n)};
    return result;
}

/* Blocks of one date: returns are independent, so that E[S_N / S_0] is what was asked for. */
static void test_bootstrap_grows_as_it_should(void)
{
    enum { N = 20000 };
    double closes[501];
    problem_fixture f;
    fixture_init_gbm(&f);
    random_closes(closes, 501);
    set_bootstrap(&f, closes, 501);
    f.config.market.block_dates = 1.0;
    fel_hedge_problem *martingale = fixture_create(&f);
    sample growth = mean_growth(martingale, N);
    CHECK(growth.error < 0.001);
    CHECK_NEAR(growth.mean, 1.0, 4.0 * growth.error);
    fel_hedge_problem_destroy(martingale);

    f.config.market.has_drift = 1;
    f.config.market.drift_per_year = 0.5;
    fel_hedge_problem *drifting = fixture_create(&f);
    growth = mean_growth(drifting, N);
    CHECK_NEAR(growth.mean, exp(0.5 * f.config.horizon_years), 4.0 * growth.error);
    fel_hedge_problem_destroy(drifting);
}

/* Every return is one of the series', shifted; in blocks of 10 most are followed by their next. */
static void test_bootstrap_keeps_returns_and_their_order(void)
{
    double closes[301];
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.market.process.spot = 250.0;
    random_closes(closes, 301);
    set_bootstrap(&f, closes, 301);
    f.config.market.method = FEL_BOOTSTRAP_BLOCK;
    fel_hedge_problem *problem = fixture_create(&f);
    CHECK(fel_hedge_problem_config(problem)->market.closes == NULL);
    double sum = 0.0;
    for (size_t i = 0; i < 300; i++) {
        sum += closes[i + 1] / closes[i] / 300.0;
    }
    hedge_block block;
    fill(&block, problem, 0, 64);
    CHECK_SAME(block_spot(&block, 0)[7], 250.0);
    CHECK(block_variance(&block, 0) == NULL);
    size_t n_found = 0, n_next = 0, last = 1000;
    for (size_t d = 0; d < N_DATES; d++) {
        const double r = block_spot(&block, d + 1)[7] / block_spot(&block, d)[7] * sum;
        for (size_t i = 0; i < 300; i++) {
            if (fabs(r - closes[i + 1] / closes[i]) < 1e-13) {
                n_next += i == (last + 1) % 300;
                last = i;
                n_found++;
                break;
            }
        }
    }
    CHECK_INT(n_found, N_DATES);
    CHECK_INT(n_next, N_DATES - 3);
    hedge_block_clear(&block);
    fel_hedge_problem_destroy(problem);
}

/* ---- stored ---------------------------------------------------------------------------------- */

static void test_stored_paths_come_back(void)
{
    enum { N_PATHS = 40 };
    double spot[(N_DATES + 1) * N_PATHS], variance[(N_DATES + 1) * N_PATHS];
    problem_fixture f;
    fixture_init_gbm(&f);
    random_closes(spot, sizeof(spot) / sizeof(spot[0]));
    for (size_t i = 0; i < sizeof(variance) / sizeof(variance[0]); i++) {
        variance[i] = 0.001 * (double)i;
    }
    f.config.market.kind = FEL_HEDGE_STORED;
    f.config.market.spot = spot;
    f.config.market.variance = variance;
    f.config.market.n_paths = N_PATHS;
    f.config.market.process.spot = 0.0;
    fel_hedge_problem *problem = fixture_create(&f);
    CHECK_SAME(fel_hedge_problem_config(problem)->market.process.spot, spot[0]);

    double got_spot[(N_DATES + 1) * 33], got_variance[(N_DATES + 1) * 33];
    double price[(N_DATES + 1) * 33], payoff[33];
    const fel_hedge_paths out = {7, 33, got_spot, got_variance, price, payoff};
    CHECK_OK(fel_hedge_problem_paths(problem, &out));
    for (size_t p = 0; p < 33; p++) {
        for (size_t d = 0; d <= N_DATES; d++) {
            CHECK_SAME(got_spot[d * 33 + p], spot[(p + 7) * (N_DATES + 1) + d]);
            CHECK_SAME(price[d * 33 + p], got_spot[d * 33 + p]);
            CHECK_SAME(got_variance[d * 33 + p], variance[(p + 7) * (N_DATES + 1) + d]);
        }
        CHECK_SAME(payoff[p], fmax(got_spot[(size_t)N_DATES * 33 + p] - 100.0, 0.0));
    }
    const fel_hedge_paths beyond = {7, 34, got_spot, NULL, NULL, NULL};
    CHECK_STATUS(fel_hedge_problem_paths(problem, &beyond), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "34 paths from 7 on; 40 are stored");
    const fel_hedge_paths far = {UINT64_MAX - 3, 10, got_spot, NULL, NULL, NULL};
    CHECK_STATUS(fel_hedge_problem_paths(problem, &far), FEL_ERR_RANGE);
    CHECK_INT(hedge_pilot_first(problem), 0);
    CHECK_INT(hedge_pilot_count(problem), N_PATHS);
    fel_hedge_problem_destroy(problem);
}

/* ---- views ----------------------------------------------------------------------------------- */

static void poison_after(hedge_block *block, size_t date)
{
    for (size_t d = date + 1; d <= N_DATES; d++) {
        for (size_t p = 0; p < block->stride; p++) {
            block_spot(block, d)[p] = (double)NAN;
            block_variance(block, d)[p] = (double)NAN;
            for (size_t j = 0; j < block->problem->config.n_instruments; j++) {
                block_price(block, d, j)[p] = (double)NAN;
            }
        }
    }
    for (size_t p = 0; p < block->stride; p++) {
        block->payoff[p] = (double)NAN;
    }
}

/* What a view shows at a date does not change if all that comes later is gone. */
static void test_a_view_cannot_show_the_future(void)
{
    enum { N = 48 };
    problem_fixture f;
    fixture_init(&f);
    (void)fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
    fel_hedge_problem *problem = fixture_create(&f);
    hedge_block whole, poisoned;
    fill(&whole, problem, 0, N);
    fill(&poisoned, problem, 0, N);
    for (size_t date = N_DATES; date-- > 0;) {
        poison_after(&poisoned, date);
        const hedge_view a = hedge_view_at(&whole, date), b = hedge_view_at(&poisoned, date);
        CHECK_INT(b.date, date);
        CHECK_NEAR(b.left_years, (double)(N_DATES - date) / 365.0, 1e-15);
        CHECK((a.spot_before == NULL) == (date == 0));
        const size_t bytes = N * sizeof(double);
        CHECK_INT(memcmp(a.spot, b.spot, bytes), 0);
        CHECK_INT(memcmp(a.variance, b.variance, bytes), 0);
        CHECK_INT(memcmp(a.price[0], b.price[0], bytes), 0);
        CHECK_INT(memcmp(a.price[1], b.price[1], bytes), 0);
        CHECK(date == 0 || memcmp(a.spot_before, b.spot_before, bytes) == 0);
        CHECK(date == 0 || memcmp(a.variance_before, b.variance_before, bytes) == 0);
    }
    hedge_block_clear(&whole);
    hedge_block_clear(&poisoned);
    fel_hedge_problem_destroy(problem);
}

SUITE("hedge/market", TEST(test_simulated_paths_are_the_generators),
      TEST(test_a_path_is_the_same_in_any_block), TEST(test_bootstrap_grows_as_it_should),
      TEST(test_bootstrap_keeps_returns_and_their_order), TEST(test_stored_paths_come_back),
      TEST(test_a_view_cannot_show_the_future));
