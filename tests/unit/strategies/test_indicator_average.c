/* tests/unit/strategies/test_indicator_average.c - moving averages against sums made anew each
 * time. */
#include <math.h>
#include <stdlib.h>

#include <feller/indicator.h>

#include "core/rng.h"
#include "tests/support/check.h"

enum { N = 400, MAX_LENGTH = 64 };

static double memory[FEL_SMA_PAIR_ROW * MAX_LENGTH], more_memory[FEL_SMA_PAIR_ROW * MAX_LENGTH];

/* A walk of whole ticks around 100.00. */
static void make_ticks(double *ticks, size_t n)
{
    rng_stream r = rng_at(11, 0);
    double x = 10000.0;
    for (size_t i = 0; i < n; i++) {
        x += (double)rng_below(&r, 7) - 3.0;
        ticks[i] = x;
    }
}

static double sum_of_last(const double *x, size_t i, size_t n)
{
    double sum = 0.0;
    for (size_t k = i + 1 - n; k <= i; k++) {
        sum += x[k];
    }
    return sum;
}

static void test_sma_is_ready_with_the_nth_value_and_right(void)
{
    double ticks[N];
    fel_sma sma;
    make_ticks(ticks, N);
    for (size_t n = 1; n <= MAX_LENGTH; n += 7) {
        CHECK_INT(fel_sma_size_bytes(n), n * sizeof(double));
        fel_sma_init(&sma, memory, n);
        for (size_t i = 0; i < N; i++) {
            fel_sma_push(&sma, ticks[i]);
            CHECK_INT(fel_sma_is_ready(&sma), i + 1 >= n);
            if (i + 1 >= n) {
                CHECK_SAME(fel_sma_value(&sma), sum_of_last(ticks, i, n) / (double)n);
            }
        }
    }
}

/* Prices between 1e-3 and 1e6 that no grid holds: a plain running sum is off after a while. */
static void test_sma_does_not_drift_in_ten_million_pushes(void)
{
    enum { LENGTH = 20, PUSHES = 10000000 };
    fel_sma sma;
    double last[LENGTH] = {0.0};
    double plain = 0.0;
    rng_stream r = rng_at(12, 0);
    fel_sma_init(&sma, memory, LENGTH);
    for (size_t i = 0; i < PUSHES; i++) {
        const double x = (i & 1023u) < 512u ? 1e-3 * rng_uniform(&r) : 1e6 * rng_uniform(&r);
        fel_sma_push(&sma, x);
        plain += x - last[i % LENGTH];
        last[i % LENGTH] = x;
    }
    for (size_t i = 0; i < LENGTH; i++) { /* end among small values */
        const double x = 1e-3 * rng_uniform(&r);
        fel_sma_push(&sma, x);
        plain += x - last[(PUSHES + i) % LENGTH];
        last[(PUSHES + i) % LENGTH] = x;
    }
    long double exact = 0.0L;
    for (size_t i = 0; i < LENGTH; i++) {
        exact += (long double)last[i];
    }
    CHECK_REL(fel_sma_value(&sma), (double)(exact / LENGTH), 3e-16);
    CHECK(fabs(plain - (double)exact) > 1e-9); /* what would have happened */
}

static void test_pair_has_the_sign_of_exact_whole_sums(void)
{
    enum { FAST = 10, SLOW = 30, PUSHES = 20000 };
    double *ticks = malloc(PUSHES * sizeof(double));
    fel_sma_pair whole, any;
    size_t n_ties = 0;
    CHECK(ticks != NULL);
    make_ticks(ticks, PUSHES);
    fel_sma_pair_init(&whole, memory, FAST, SLOW);
    fel_sma_pair_init(&any, more_memory, FAST, SLOW);
    for (size_t i = 0; i < PUSHES; i++) {
        fel_sma_pair_push_whole(&whole, ticks[i]);
        fel_sma_pair_push(&any, ticks[i]);
        CHECK_INT(fel_sma_pair_is_ready(&whole), i + 1 >= SLOW);
        if (i + 1 >= SLOW) {
            const double gap =
                SLOW * sum_of_last(ticks, i, FAST) - FAST * sum_of_last(ticks, i, SLOW);
            CHECK_SAME(fel_sma_pair_gap(&whole), gap);
            CHECK_SAME(fel_sma_pair_gap(&any), gap);
            n_ties += gap == 0.0;
        }
    }
    CHECK(n_ties > 20);
    free(ticks);
}

/* 0.01 and 100.07 are no doubles; averages of equal prices must tie all the same. */
static void test_pair_ties_on_equal_prices_off_the_grid(void)
{
    fel_sma_pair pair;
    fel_sma_pair_init(&pair, memory, 7, 23);
    for (size_t i = 0; i < 500; i++) {
        fel_sma_pair_push(&pair, i < 200 ? 0.01 * (double)(i % 13) : 100.07);
        if (i >= 200 + 22) {
            CHECK_SAME(fel_sma_pair_gap(&pair), 0.0);
        }
    }
}

static void test_pair_of_equal_lengths_always_ties(void)
{
    fel_sma_pair pair;
    fel_sma_pair_init(&pair, memory, 5, 5);
    for (size_t i = 0; i < 40; i++) {
        fel_sma_pair_push_whole(&pair, (double)(i * i % 17));
        CHECK_SAME(fel_sma_pair_gap(&pair), 0.0);
    }
}

/* Rescaled by a power of two, everything is as if the smaller prices had been seen all along. */
static void test_rescaled_averages_are_those_of_rescaled_prices(void)
{
    double ticks[N];
    fel_sma sma, sma_half;
    fel_sma_pair pair, pair_half;
    static double rings[4][FEL_SMA_PAIR_ROW * MAX_LENGTH];
    make_ticks(ticks, N);
    fel_sma_init(&sma, rings[0], 12);
    fel_sma_init(&sma_half, rings[1], 12);
    fel_sma_pair_init(&pair, rings[2], 9, 31);
    fel_sma_pair_init(&pair_half, rings[3], 9, 31);
    for (size_t i = 0; i < N; i++) {
        const int is_after = i >= 117;
        if (i == 117) {
            fel_sma_rescale(&sma, 0.5);
            fel_sma_pair_rescale(&pair, 0.5);
        }
        fel_sma_push(&sma, is_after ? 0.5 * ticks[i] : ticks[i]);
        fel_sma_pair_push(&pair, is_after ? 0.5 * ticks[i] : ticks[i]);
        fel_sma_push(&sma_half, 0.5 * ticks[i]);
        fel_sma_pair_push(&pair_half, 0.5 * ticks[i]);
        if (is_after) {
            CHECK_SAME(fel_sma_value(&sma), fel_sma_value(&sma_half));
            CHECK_SAME(fel_sma_pair_gap(&pair), fel_sma_pair_gap(&pair_half));
        }
    }
}

static void test_ema_follows_its_recursion(void)
{
    const double x[] = {2.385, 1.1, 7.25, 3.5, -4.75, 0.6};
    fel_ema ema;
    fel_ema_init(&ema, 3);
    double expected = (2.385 + 1.1 + 7.25) / 3.0;
    for (size_t i = 0; i < 6; i++) {
        fel_ema_push(&ema, x[i]);
        if (i < 2) {
            CHECK(!fel_ema_is_ready(&ema));
            CHECK(isnan(fel_ema_value(&ema)));
            continue;
        }
        expected = i == 2 ? expected : 0.5 * x[i] + 0.5 * expected;
        CHECK_NEAR(fel_ema_value(&ema), expected, 1e-15);
    }
    fel_ema_rescale(&ema, 0.25);
    CHECK_NEAR(fel_ema_value(&ema), expected / 4.0, 1e-15);
}

static void test_rsi_at_its_ends(void)
{
    fel_rsi rsi;
    fel_rsi_init(&rsi, 5);
    for (size_t i = 0; i < 6; i++) {
        CHECK(!fel_rsi_is_ready(&rsi));
        fel_rsi_push(&rsi, 3.25);
    }
    CHECK(fel_rsi_is_ready(&rsi));
    CHECK_SAME(fel_rsi_value(&rsi), 50.0); /* nothing moved */
    fel_rsi_push(&rsi, 3.5);
    CHECK_SAME(fel_rsi_value(&rsi), 100.0); /* only rises */
    fel_rsi_push(&rsi, 3.0);                /* up 0.05 x 4/5, down 0.5/5 */
    CHECK_NEAR(fel_rsi_value(&rsi), 100.0 * 0.04 / 0.14, 1e-12);
    fel_rsi_rescale(&rsi, 0.5);
    fel_rsi_push(&rsi, 1.5); /* unchanged in new units */
    CHECK_NEAR(fel_rsi_value(&rsi), 100.0 * 0.04 / 0.14, 1e-12);
}

static void test_atr_counts_gaps(void)
{
    fel_atr atr;
    fel_atr_init(&atr, 2);
    fel_atr_push(&atr, 10.5, 9.75, 10.0);
    CHECK(!fel_atr_is_ready(&atr));
    fel_atr_push(&atr, 12.0, 11.5, 11.75); /* gap up: 12 - 10 */
    fel_atr_push(&atr, 11.0, 10.25, 10.5); /* gap down: 11.75 - 10.25 */
    CHECK(fel_atr_is_ready(&atr));
    CHECK_NEAR(fel_atr_value(&atr), (2.0 + 1.5) / 2.0, 1e-15);
    fel_atr_rescale(&atr, 0.5);
    fel_atr_push(&atr, 5.5, 5.0, 5.25); /* inside: 0.5 against 5.25 */
    CHECK_NEAR(fel_atr_value(&atr), (1.75 / 2.0 + 0.5) / 2.0, 1e-15);
}

SUITE("strategies/indicator_average", TEST(test_sma_is_ready_with_the_nth_value_and_right),
      TEST(test_sma_does_not_drift_in_ten_million_pushes),
      TEST(test_pair_has_the_sign_of_exact_whole_sums),
      TEST(test_pair_ties_on_equal_prices_off_the_grid),
      TEST(test_pair_of_equal_lengths_always_ties),
      TEST(test_rescaled_averages_are_those_of_rescaled_prices),
      TEST(test_ema_follows_its_recursion), TEST(test_rsi_at_its_ends), TEST(test_atr_counts_gaps));
