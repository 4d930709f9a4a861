/* tests/unit/sim/test_philox_kernel.c - normals of a block of paths are those of the documented
 * counters, at every level of vector instructions. */
#define FEL_MODULE_SIM
#include <gsl/gsl_cdf.h>

#include "core/rng.h"
#include "sim/paths_internal.h"
#include "tests/unit/sim/path_cases.h"

enum { N = 192 };

static const uint64_t SEED = 0x0123456789abcdefu;
static const uint64_t FIRST = 0xfffffff80u; /* the index passes 32 bits within the block */

typedef struct drawn {
    double z_a[N], z_b[N], tail_a[N], tail_b[N];
} drawn;

typedef struct drawn_f32 {
    float z_a[N], z_b[N], tail_a[N], tail_b[N];
} drawn_f32;

static void draw(path_precision precision, cpu_level level, void *z_a, void *z_b, void *tail_a,
                 void *tail_b)
{
    const philox_args args = {SEED, FIRST, 77, DRAW_NORMALS + 3, N, z_a, z_b, tail_a, tail_b};
    philox_normals(precision, level)(&args);
}

static void words_of(uint64_t index, uint32_t words[4])
{
    const uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), 77, DRAW_NORMALS + 3};
    rng_block(SEED, counter, words);
}

/* 52 bits, the middle of a cell: the distribution function of the normal. */
static double cell_f64(uint32_t low, uint32_t high)
{
    const uint64_t word = low | (uint64_t)high << 32;
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

static void check_normal(double z, double tail, double p, double tolerance)
{
    const double exact = p < 0.5 ? gsl_cdf_ugaussian_Pinv(p) : gsl_cdf_ugaussian_Qinv(1.0 - p);
    CHECK_NEAR(z, exact, tolerance * fmax(1.0, fabs(exact)));
    CHECK_REL(tail, 1.0 - p, tolerance);
}

static void test_double_normals_are_the_halves_of_their_counters(void)
{
    static drawn d;
    draw(PATH_F64, cpu_level_now(), d.z_a, d.z_b, d.tail_a, d.tail_b);
    for (size_t i = 0; i < N; i++) {
        uint32_t words[4];
        words_of(FIRST + i, words);
        check_normal(d.z_a[i], d.tail_a[i], cell_f64(words[0], words[1]), 1e-14);
        check_normal(d.z_b[i], d.tail_b[i], cell_f64(words[2], words[3]), 1e-14);
    }
}

/* An odd number of 2^-32 in (-1, 1), 31 bits and a sign. */
static double cell_f32(uint32_t word)
{
    const double u = (double)(int32_t)(word | 1U) * 0x1p-31;
    return 0.5 + 0.5 * u;
}

static void test_float_normals_share_a_counter_between_two_paths(void)
{
    static drawn_f32 d;
    draw(PATH_F32, cpu_level_now(), d.z_a, d.z_b, d.tail_a, d.tail_b);
    for (size_t i = 0; i < N; i++) {
        uint32_t words[4];
        words_of((FIRST + i) / 2, words);
        check_normal((double)d.z_a[i], (double)d.tail_a[i], cell_f32(words[i % 2]), 4e-7);
        check_normal((double)d.z_b[i], (double)d.tail_b[i], cell_f32(words[2 + i % 2]), 4e-7);
    }
}

static void test_every_level_gives_the_same_bits(void)
{
    static drawn first, other;
    static drawn_f32 first_f32, other_f32;
    draw(PATH_F64, CPU_BASE, first.z_a, first.z_b, first.tail_a, first.tail_b);
    draw(PATH_F32, CPU_BASE, first_f32.z_a, first_f32.z_b, first_f32.tail_a, first_f32.tail_b);
    for (cpu_level level = CPU_AVX2; level <= cpu_level_now(); level++) {
        draw(PATH_F64, level, other.z_a, other.z_b, other.tail_a, other.tail_b);
        draw(PATH_F32, level, other_f32.z_a, other_f32.z_b, other_f32.tail_a, other_f32.tail_b);
        CHECK(!bits_differ(&first, &other, sizeof(first)));
        CHECK(!bits_differ(&first_f32, &other_f32, sizeof(first_f32)));
    }
}

static void test_what_is_not_wanted_is_left_alone(void)
{
    static drawn d;
    static double alone[N];
    draw(PATH_F64, cpu_level_now(), d.z_a, d.z_b, d.tail_a, d.tail_b);
    draw(PATH_F64, cpu_level_now(), alone, NULL, NULL, NULL);
    CHECK(!bits_differ(alone, d.z_a, sizeof(alone)));
    draw(PATH_F64, cpu_level_now(), NULL, NULL, alone, NULL);
    CHECK(!bits_differ(alone, d.tail_a, sizeof(alone)));
    draw(PATH_F64, cpu_level_now(), NULL, alone, NULL, NULL);
    CHECK(!bits_differ(alone, d.z_b, sizeof(alone)));
}

/* Far tails are drawn as often as they should be. */
static void test_tails_have_their_weight(void)
{
    enum { BLOCKS = 2000 };
    static double z[N];
    double n_far = 0.0, square = 0.0;
    for (uint32_t step = 0; step < BLOCKS; step++) {
        const philox_args args = {.seed = 5, .step = step, .n = N, .z_a = z};
        philox_normals(PATH_F64, cpu_level_now())(&args);
        for (size_t i = 0; i < N; i++) {
            n_far += fabs(z[i]) > 3.2905267314919255;
            square += z[i] * z[i];
        }
    }
    const double n = (double)BLOCKS * N;
    CHECK_NEAR(n_far, 0.001 * n, 4.0 * sqrt(0.001 * n));
    CHECK_NEAR(square / n, 1.0, 4.0 * sqrt(2.0 / n));
}

SUITE("sim/philox_kernel", TEST(test_double_normals_are_the_halves_of_their_counters),
      TEST(test_float_normals_share_a_counter_between_two_paths),
      TEST(test_every_level_gives_the_same_bits), TEST(test_what_is_not_wanted_is_left_alone),
      TEST(test_tails_have_their_weight));
