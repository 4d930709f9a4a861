/* tests/unit/core/test_rng.c - Philox known answers, streams, and moments within standard errors.
 */
#include <gsl/gsl_randist.h>
#include <math.h>

#include "core/rng.h"
#include "tests/support/check.h"

enum { N_DRAWS = 200000 };

static void check_block(uint64_t seed, const uint32_t counter[4], const uint32_t expected[4])
{
    uint32_t out[4];
    rng_block(seed, counter, out);
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(out[i], expected[i]);
    }
}

/* The three lines of Random123's kat_vectors for philox4x32-10. */
static void test_blocks_are_the_published_known_answers(void)
{
    const uint32_t zeros[4] = {0, 0, 0, 0};
    const uint32_t of_zeros[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8};
    check_block(0, zeros, of_zeros);
    const uint32_t ones[4] = {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff};
    const uint32_t of_ones[4] = {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd};
    check_block(0xffffffffffffffffu, ones, of_ones);
    const uint32_t pi[4] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
    const uint32_t of_pi[4] = {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1};
    check_block(0x299f31d0a4093822u, pi, of_pi);
}

static void test_a_stream_is_its_blocks_in_order(void)
{
    const uint64_t seed = 0x0123456789abcdefu, stream = 0xfedcba9876543210u;
    rng_stream r = rng_at(seed, stream);
    r.index = 2 * 0x100000003u; /* beyond 32 bits of block number */
    for (uint32_t block = 3; block < 6; block++) {
        const uint32_t counter[4] = {block, 1, 0x76543210, 0xfedcba98};
        uint32_t words[4];
        rng_block(seed, counter, words);
        CHECK(rng_next(&r) == (words[0] | (uint64_t)words[1] << 32));
        CHECK(rng_next(&r) == (words[2] | (uint64_t)words[3] << 32));
    }
}

static void test_draws_depend_on_their_place_only(void)
{
    rng_stream r = rng_at(77, 5);
    double in_order[9];
    for (size_t i = 0; i < 9; i++) {
        in_order[i] = rng_normal(&r);
    }
    for (size_t i = 9; i-- > 0;) {
        rng_stream alone = {77, 5, i};
        CHECK_SAME(rng_normal(&alone), in_order[i]);
    }
    rng_stream other_seed = rng_at(78, 5), other_stream = rng_at(77, 6);
    CHECK(rng_normal(&other_seed) != in_order[0]);
    CHECK(rng_normal(&other_stream) != in_order[0]);
}

/* Mean of a sample within 4 standard errors of its expectation. */
static void check_mean(double sum, double n, double mean, double deviation)
{
    CHECK_NEAR(sum / n, mean, 4.0 * deviation / sqrt(n));
}

static void test_uniform_has_its_moments(void)
{
    rng_stream r = rng_at(2385, 1);
    double sum = 0.0, squares = 0.0, lagged = 0.0, before = 0.5;
    for (size_t i = 0; i < N_DRAWS; i++) {
        const double u = rng_uniform(&r);
        CHECK(u > 0.0 && u < 1.0);
        sum += u;
        squares += (u - 0.5) * (u - 0.5);
        lagged += (u - 0.5) * (before - 0.5);
        before = u;
    }
    check_mean(sum, N_DRAWS, 0.5, sqrt(1.0 / 12.0));
    check_mean(squares, N_DRAWS, 1.0 / 12.0, sqrt(1.0 / 180.0));
    check_mean(lagged, N_DRAWS, 0.0, 1.0 / 12.0);
}

static void test_normal_has_its_moments(void)
{
    rng_stream r = rng_at(2385, 2);
    double sums[5] = {0.0};
    for (size_t i = 0; i < N_DRAWS; i++) {
        const double z = rng_normal(&r);
        double power = 1.0;
        for (size_t k = 1; k <= 4; k++) {
            power *= z;
            sums[k] += power;
        }
    }
    /* Var(z^k) = E z^2k - (E z^k)^2 with E z^2 = 1, z^4 = 3, z^6 = 15, z^8 = 105. */
    check_mean(sums[1], N_DRAWS, 0.0, 1.0);
    check_mean(sums[2], N_DRAWS, 1.0, sqrt(2.0));
    check_mean(sums[3], N_DRAWS, 0.0, sqrt(15.0));
    check_mean(sums[4], N_DRAWS, 3.0, sqrt(96.0));
}

static void test_below_is_even_and_in_range(void)
{
    rng_stream r = rng_at(11, 3);
    double counts[7] = {0.0};
    for (size_t i = 0; i < N_DRAWS; i++) {
        counts[rng_below(&r, 7)] += 1.0;
    }
    double chi_squared = 0.0;
    const double expected = N_DRAWS / 7.0;
    for (size_t i = 0; i < 7; i++) {
        chi_squared += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    CHECK(chi_squared < 22.46); /* 6 degrees of freedom: exceeded once in a thousand seeds */
    CHECK_INT(rng_below(&r, 1), 0);
    const uint64_t large = 0xc000000000000001u;
    for (size_t i = 0; i < 1000; i++) {
        CHECK(rng_below(&r, large) < large);
    }
}

static void test_gsl_generator_is_the_same_stream(void)
{
    gsl_rng *g = gsl_rng_alloc(rng_gsl_type());
    CHECK(g != NULL);
    gsl_rng_set(g, 42);
    rng_stream r = rng_at(42, 0);
    for (size_t i = 0; i < 5; i++) {
        CHECK(gsl_rng_get(g) == rng_next(&r));
    }
    CHECK_SAME(gsl_rng_uniform(g), rng_uniform(&r));
    gsl_rng *copy = gsl_rng_clone(g);
    CHECK(gsl_rng_get(copy) == gsl_rng_get(g));
    double sum = 0.0;
    for (size_t i = 0; i < N_DRAWS; i++) {
        sum += gsl_ran_gamma(g, 2.5, 1.2);
    }
    check_mean(sum, N_DRAWS, 3.0, sqrt(2.5) * 1.2);
    gsl_rng_free(copy);
    gsl_rng_free(g);
}

SUITE("core/rng", TEST(test_blocks_are_the_published_known_answers),
      TEST(test_a_stream_is_its_blocks_in_order), TEST(test_draws_depend_on_their_place_only),
      TEST(test_uniform_has_its_moments), TEST(test_normal_has_its_moments),
      TEST(test_below_is_even_and_in_range), TEST(test_gsl_generator_is_the_same_stream));
