/* tests/unit/sim/test_sobol.c - the table, the points and their scrambling, against another
 * program's points and against what the sequence must satisfy. */
#define FEL_MODULE_SIM
#include <stdlib.h>
#include <string.h>

#include "core/cpu.h"
#include "sim/sobol_internal.h"
#include "tests/support/check.h"

static uint64_t gray(uint64_t i)
{
    return i ^ i >> 1;
}

static void test_table_holds_what_its_columns_may(void)
{
    uint32_t last_degree = 0;
    uint32_t last_coefficients = 0;
    int n_wrong = 0;
    for (size_t d = 0; d < SOBOL_MAX_DIMS; d++) {
        sobol_row row;
        sobol_table_row(d, &row);
        n_wrong += row.degree < last_degree;
        n_wrong += row.degree == last_degree && d > 1 && row.coefficients <= last_coefficients;
        for (uint32_t i = 0; i < row.degree; i++) {
            n_wrong += row.m[i] % 2 == 0 || row.m[i] >> (i + 1) != 0;
        }
        last_degree = row.degree;
        last_coefficients = row.coefficients;
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(last_degree, 18);
    CHECK_INT(last_coefficients, 131059);
}

/* All of its numbers, folded by Fowler, Noll and Vo's hash over whole numbers: the value that the
 * table of scipy 1.10.1 (read as s, a, m_1 .. m_s of dimensions 2 .. 21201) gives. */
static void test_table_is_another_programs(void)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    const uint64_t prime = UINT64_C(0x100000001b3);
    for (size_t d = 1; d < SOBOL_MAX_DIMS; d++) {
        sobol_row row;
        sobol_table_row(d, &row);
        hash = (hash ^ row.degree) * prime;
        hash = (hash ^ row.coefficients) * prime;
        for (uint32_t i = 0; i < row.degree; i++) {
            hash = (hash ^ row.m[i]) * prime;
        }
    }
    CHECK(hash == UINT64_C(0x0905d7f1218f07ab));
}

/* The set of Joe and Kuo has Sobol's property A up to 1,111 dimensions, as they state: the first
 * bits of v_1 .. v_d in dimensions 1 .. d form a regular matrix over GF(2). It goes wrong with any
 * wrong polynomial or m. */
enum { PROPERTY_DIMS = 1111, ROW_WORDS = (PROPERTY_DIMS + 63) / 64 };

static void first_bits(size_t dimension, uint64_t bits[ROW_WORDS])
{
    sobol_row row;
    uint8_t bit[PROPERTY_DIMS] = {1};
    sobol_table_row(dimension, &row);
    const uint32_t s = row.degree;
    for (uint32_t k = 0; k < PROPERTY_DIMS && s > 0; k++) {
        if (k < s) {
            bit[k] = (row.m[k] >> k & 1U) != 0;
            continue;
        }
        bit[k] = bit[k - s]; /* the shifted term has no first bit */
        for (uint32_t i = 1; i < s; i++) {
            bit[k] ^= (uint8_t)((row.coefficients >> (s - 1 - i) & 1U) & bit[k - i]);
        }
    }
    memset(bits, 0, ROW_WORDS * sizeof(bits[0]));
    for (uint32_t k = 0; k < PROPERTY_DIMS; k++) {
        bits[k / 64] |= (uint64_t)bit[k] << k % 64;
    }
}

/* Clears `row` by the rows so far; its leading column, or -1 if nothing is left. */
static int reduce(uint64_t (*rows)[ROW_WORDS], const int *pivot_row, uint64_t *row)
{
    for (int k = 0; k < PROPERTY_DIMS; k++) {
        if ((row[k / 64] >> k % 64 & 1U) == 0) {
            continue;
        }
        if (pivot_row[k] < 0) {
            return k;
        }
        for (size_t w = 0; w < ROW_WORDS; w++) {
            row[w] ^= rows[pivot_row[k]][w];
        }
    }
    return -1;
}

/* Every leading minor is regular if and only if elimination without pivoting finds its pivots on
 * the diagonal. */
static void test_property_a_holds_to_1111(void)
{
    uint64_t(*rows)[ROW_WORDS] = calloc(PROPERTY_DIMS, sizeof(*rows));
    int pivot_row[PROPERTY_DIMS];
    CHECK(rows != NULL);
    if (rows == NULL) {
        return;
    }
    for (int k = 0; k < PROPERTY_DIMS; k++) {
        pivot_row[k] = -1;
    }
    int n_singular = 0;
    for (int d = 0; d < PROPERTY_DIMS; d++) {
        first_bits((size_t)d, rows[d]);
        const int pivot = reduce(rows, pivot_row, rows[d]);
        n_singular += pivot != d;
        if (pivot >= 0) {
            pivot_row[pivot] = d;
        }
    }
    CHECK_INT(n_singular, 0);
    free(rows);
}

/* scipy 1.10.1: stats.qmc.Sobol(21201, scramble=False, bits=30), whose i-th point is number
 * gray(i); coordinates x 2^30. */
static void test_points_are_another_programs(void)
{
    static const struct {
        uint32_t dimension, index, value;
    } known[] = {
        {0, 1, 536870912},      {0, 2, 805306368},       {0, 4999, 144048128},
        {1, 77, 897581056},     {1, 1000, 103809024},    {1, 4999, 749600768},
        {2, 77, 8388608},       {2, 1000, 556793856},    {2, 4999, 701366272},
        {5, 77, 545259520},     {5, 1000, 974127104},    {5, 4999, 858652672},
        {40, 77, 880803840},    {40, 1000, 980418560},   {40, 4999, 712114176},
        {359, 77, 1065353216},  {359, 1000, 1041235968}, {359, 4999, 914751488},
        {503, 77, 562036736},   {503, 1000, 959447040},  {503, 4999, 112066560},
        {1110, 77, 243269632},  {1110, 1000, 397410304}, {1110, 4999, 398589952},
        {1111, 77, 796917760},  {1111, 1000, 321912832}, {1111, 4999, 278265856},
        {3666, 77, 662700032},  {3666, 1000, 959447040}, {3666, 4999, 388366336},
        {21200, 77, 159383552}, {21200, 1000, 89128960}, {21200, 4999, 623771648},
    };
    sobol points = {0};
    CHECK_OK(sobol_init(&points, SOBOL_MAX_DIMS, 0, 0, SOBOL_PLAIN));
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        const uint64_t x = sobol_coordinate(&points, known[i].dimension, gray(known[i].index));
        CHECK_INT(x >> 34, known[i].value);
    }
    sobol_clear(&points);
}

/* Every coordinate of points k 2^m .. (k + 1) 2^m - 1 has one point in each of 2^m equal cells, and
 * scrambling keeps that. */
static void test_every_block_fills_every_cell(void)
{
    enum { CELL_BITS = 9, N = 1 << CELL_BITS };
    sobol points = {0};
    CHECK_OK(sobol_init(&points, 2385, 7, 3, SOBOL_SCRAMBLED));
    int n_missing = 0;
    for (size_t d = 0; d < points.n_dims; d += 17) {
        uint8_t seen[N] = {0};
        for (uint64_t i = 0; i < N; i++) {
            seen[sobol_coordinate(&points, d, 5 * N + i) >> (64 - CELL_BITS)] = 1;
        }
        for (size_t i = 0; i < N; i++) {
            n_missing += seen[i] == 0;
        }
    }
    CHECK_INT(n_missing, 0);
    sobol_clear(&points);
}

static void test_replicates_and_seeds_differ(void)
{
    sobol points[3] = {{0}};
    CHECK_OK(sobol_init(&points[0], 2, 7, 0, SOBOL_SCRAMBLED));
    CHECK_OK(sobol_init(&points[1], 2, 7, 1, SOBOL_SCRAMBLED));
    CHECK_OK(sobol_init(&points[2], 2, 8, 0, SOBOL_SCRAMBLED));
    for (size_t d = 0; d < 2; d++) {
        CHECK(sobol_coordinate(&points[0], d, 3) != sobol_coordinate(&points[1], d, 3));
        CHECK(sobol_coordinate(&points[0], d, 3) != sobol_coordinate(&points[2], d, 3));
    }
    CHECK(sobol_coordinate(&points[0], 0, 3) != sobol_coordinate(&points[0], 1, 3));
    for (size_t i = 0; i < 3; i++) {
        sobol_clear(&points[i]);
    }
}

static void fill_f64(const sobol *points, size_t dimension, uint64_t first, size_t n, double *out)
{
    const sobol_args args = {points->directions + dimension * SOBOL_INDEX_BITS,
                             sobol_coordinate(points, dimension, first), first, n, out};
    sobol_uniforms(PATH_F64, cpu_level_now())(&args);
}

/* The kernel's points from anywhere are the points one by one, at every level. */
static void test_kernels_skip_ahead(void)
{
    enum { N = 32 * 9 };
    static const char *const levels[] = {"x86-64", "x86-64-v3", "x86-64-v4"};
    static double out[N];
    const char *const best = fel_cpu_level();
    sobol points = {0};
    CHECK_OK(sobol_init(&points, 40, 11, 2, SOBOL_SCRAMBLED));
    const uint64_t starts[] = {0, 32, 4064, (UINT64_C(1) << 33) - 96, (UINT64_C(1) << 40) - N};
    for (size_t l = 0; l < 3; l++) {
        if (fel_cpu_level_set(levels[l]) != FEL_OK) {
            continue;
        }
        int n_wrong = 0;
        for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
            fill_f64(&points, 39, starts[s], N, out);
            for (size_t i = 0; i < N; i++) {
                const uint64_t x = sobol_coordinate(&points, 39, starts[s] + i) >> 12;
                n_wrong += out[i] != ((double)x + 0.5) * 0x1p-51 - 1.0;
            }
        }
        CHECK_INT(n_wrong, 0);
    }
    CHECK_OK(fel_cpu_level_set(best));
    sobol_clear(&points);
}

/* integral of prod (1 + c_j (x_j - 1/2)) is 1; scrambled Sobol's error falls nearly as n^-1.5,
 * random points' as n^-0.5: at 4,096 points it is a few hundred times smaller. */
static void test_smooth_integrals_converge_fast(void)
{
    enum { N = 4096, DIMS = 8, REPLICATES = 10 };
    static double x[DIMS][N];
    double squared_error = 0.0;
    for (uint32_t r = 0; r < REPLICATES; r++) {
        sobol points = {0};
        CHECK_OK(sobol_init(&points, DIMS, 2385, r, SOBOL_SCRAMBLED));
        for (size_t d = 0; d < DIMS; d++) {
            fill_f64(&points, d, 0, N, x[d]);
        }
        double sum = 0.0;
        for (size_t i = 0; i < N; i++) {
            double product = 1.0;
            for (size_t d = 0; d < DIMS; d++) {
                product *= 1.0 + 0.5 * x[d][i] / (double)(d + 1);
            }
            sum += product;
        }
        const double error = sum / N - 1.0;
        squared_error += error * error / REPLICATES;
        sobol_clear(&points);
    }
    /* Random points: variance prod(1 + 1 / (12 (d + 1)^2)) - 1 = 0.135 a point. */
    const double random_error = 0.135 / N;
    CHECK(squared_error > 0.0);
    CHECK(squared_error < random_error / 1e4);
}

static void test_bad_sizes_are_refused(void)
{
    sobol points = {0};
    CHECK_STATUS(sobol_init(&points, 0, 1, 0, SOBOL_SCRAMBLED), FEL_ERR_RANGE);
    CHECK_STATUS(sobol_init(&points, 21202, 1, 0, SOBOL_SCRAMBLED), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "21201");
    CHECK(points.directions == NULL);
}

SUITE("sim/sobol", TEST(test_table_holds_what_its_columns_may),
      TEST(test_table_is_another_programs), TEST(test_property_a_holds_to_1111),
      TEST(test_points_are_another_programs), TEST(test_every_block_fills_every_cell),
      TEST(test_replicates_and_seeds_differ), TEST(test_kernels_skip_ahead),
      TEST(test_smooth_integrals_converge_fast), TEST(test_bad_sizes_are_refused));
