/* tests/unit/sim/test_bridge.c - the Brownian bridge is an orthogonal map of the normals, and its
 * first one is the path's end. */
#define FEL_MODULE_SIM
#include <math.h>
#include <stdlib.h>

#include "core/cpu.h"
#include "sim/sobol_internal.h"
#include "tests/support/check.h"

enum { MOST_STEPS = 252 };

/* steps[step][rank]: what a unit normal of that rank adds to each step; paths are ranks here. */
static void bridge_matrix(uint32_t n, double (*steps)[MOST_STEPS])
{
    static bridge_split splits[MOST_STEPS];
    bridge_plan(n, splits);
    for (uint32_t step = 0; step < n; step++) {
        for (uint32_t rank = 0; rank < n; rank++) {
            steps[step][rank] = 0.0;
        }
    }
    for (uint32_t rank = 0; rank < n; rank++) {
        steps[rank == 0 ? 0 : splits[rank - 1].middle][rank] = 1.0;
    }
    for (uint32_t i = 0; i + 1 < n; i++) {
        bridge_step(PATH_F64, cpu_level_now())(&splits[i], steps[splits[i].left],
                                               steps[splits[i].middle], n);
    }
}

/* Independent standard normals in, independent standard normals out. */
static void test_bridge_is_orthogonal(void)
{
    static const uint32_t sizes[] = {1, 2, 3, 7, 64, 251, 252};
    static double a[MOST_STEPS][MOST_STEPS];
    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        const uint32_t n = sizes[s];
        bridge_matrix(n, a);
        double worst = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            for (uint32_t j = 0; j <= i; j++) {
                double product = 0.0;
                for (uint32_t k = 0; k < n; k++) {
                    product += a[i][k] * a[j][k];
                }
                worst = fmax(worst, fabs(product - (i == j ? 1.0 : 0.0)));
            }
        }
        CHECK_NEAR(worst, 0.0, 2e-14);
    }
}

/* The end is decided by rank 0 alone, the middle by ranks 0 and 1. */
static void test_first_normals_decide_the_coarse_path(void)
{
    static double a[MOST_STEPS][MOST_STEPS];
    bridge_matrix(100, a);
    double end[100] = {0};
    double half[100] = {0};
    for (uint32_t step = 0; step < 100; step++) {
        for (uint32_t rank = 0; rank < 100; rank++) {
            end[rank] += a[step][rank];
            half[rank] += step < 50 ? a[step][rank] : 0.0;
        }
    }
    CHECK_NEAR(end[0], 10.0, 1e-13);
    CHECK_NEAR(half[0], 5.0, 1e-13);
    CHECK_NEAR(half[1], 5.0, 1e-13);
    for (uint32_t rank = 1; rank < 100; rank++) {
        CHECK_NEAR(end[rank], 0.0, 1e-13);
        CHECK_NEAR(half[rank], rank == 1 ? 5.0 : 0.0, 1e-13);
    }
}

static void test_float_bridge_is_the_double_one_rounded(void)
{
    const bridge_split split = {0, 3, 7, 0, 3.0 / 7.0, 4.0 / 7.0, 1.3093073};
    double left[4] = {0.7, -2.385, 3.1, 0.0};
    double middle[4] = {-1.25, 0.33, 2.2, -0.9};
    float left_f32[4];
    float middle_f32[4];
    for (size_t i = 0; i < 4; i++) {
        left_f32[i] = (float)left[i];
        middle_f32[i] = (float)middle[i];
    }
    bridge_step(PATH_F64, cpu_level_now())(&split, left, middle, 4);
    bridge_step(PATH_F32, cpu_level_now())(&split, left_f32, middle_f32, 4);
    for (size_t i = 0; i < 4; i++) {
        CHECK_NEAR((double)left_f32[i], left[i], 1e-6);
        CHECK_NEAR((double)middle_f32[i], middle[i], 1e-6);
    }
}

SUITE("sim/bridge", TEST(test_bridge_is_orthogonal),
      TEST(test_first_normals_decide_the_coarse_path),
      TEST(test_float_bridge_is_the_double_one_rounded));
