/* tests/unit/sim/test_vmath.c - the inlined logarithm and normal functions against
 * long double, to the errors that sim/vmath_internal.h states. */
#define FEL_MODULE_SIM
#include <gsl/gsl_cdf.h>
#include <math.h>

#include "core/rng.h"
#include "sim/paths_internal.h"
#include "sim/vmath_internal.h"
#include "tests/support/check.h"

enum { N_POINTS = 100000 };

/* Distance in units of the exact value's last place. */
static double ulps_f64(double got, long double exact)
{
    const double size = fabs((double)exact);
    const double place = nextafter(size, (double)INFINITY) - size;
    return fabs((double)(((long double)got - exact) / (long double)place));
}

static double ulps_f32(float got, double exact)
{
    const float size = fabsf((float)exact);
    return fabs(((double)got - exact) / ((double)nextafterf(size, INFINITY) - (double)size));
}

/* Mostly near 1, where results cancel, at times anywhere. */
static double positive(rng_stream *r, int i, int range)
{
    const int exponent =
        i % 16 == 0 ? (int)rng_below(r, 2 * (uint64_t)range) - range : (int)rng_below(r, 4) - 2;
    return ldexp(1.0 + rng_uniform(r), exponent);
}

static void test_logarithm_is_within_an_ulp(void)
{
    rng_stream r = rng_at(2385, 1);
    double worst_f64 = 0.0, worst_f32 = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double y = positive(&r, i, 1000);
        const float small = (float)positive(&r, i, 120);
        worst_f64 = fmax(worst_f64, ulps_f64(log_f64(y), logl((long double)y)));
        worst_f32 = fmax(worst_f32, ulps_f32(log_f32(small), log((double)small)));
    }
    CHECK(worst_f64 < 0.9);
    CHECK(worst_f32 < 1.0);
    CHECK_SAME(log_f64(1.0), 0.0);
    CHECK_SAME((double)log_f32(1.0F), 0.0);
}

static long double upper_tail(long double z)
{
    return 0.5L * erfcl(z * 0.707106781186547524400844362104849L);
}

static void test_normal_tail_is_relatively_accurate_in_both_tails(void)
{
    rng_stream r = rng_at(2385, 3);
    double worst_f64 = 0.0, worst_f32 = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double z = (rng_uniform(&r) - 0.5) * (i % 2 == 0 ? 74.0 : 8.0);
        const float small = (float)((rng_uniform(&r) - 0.5) * (i % 2 == 0 ? 24.0 : 8.0));
        const long double exact = upper_tail((long double)z);
        const double exact_small = (double)upper_tail((long double)small);
        const long double found = (long double)normal_tail_f64(z);
        worst_f64 = fmax(worst_f64, fabs((double)((found - exact) / exact)));
        worst_f32 =
            fmax(worst_f32, fabs(((double)normal_tail_f32(small) - exact_small) / exact_small));
    }
    CHECK(worst_f64 < 1e-15);
    CHECK(worst_f32 < 5e-7);
}

/* Two steps of Newton on the tail from what is to be tested: the difference is its error. */
static double probit_error(double z, long double tail)
{
    long double exact = fabsl((long double)z);
    for (int i = 0; i < 2; i++) {
        const long double density = 0.398942280401432677939946059934L * expl(-0.5L * exact * exact);
        exact += (upper_tail(exact) - tail) / density;
    }
    return fabs((double)((fabsl((long double)z) - exact) / exact));
}

/* 1 - |u| from 2^-53 to 1 on a logarithmic scale, and evenly; both signs. */
static void test_inverse_normal_holds_to_the_last_representable_tail(void)
{
    rng_stream r = rng_at(2385, 4);
    map_fn *const f64 = map_probit(PATH_F64, cpu_level_now());
    map_fn *const f32 = map_probit(PATH_F32, cpu_level_now());
    double worst_f64 = 0.0, worst_f32 = 0.0;
    int n_wrong_signs = 0;
    for (int i = 0; i < N_POINTS / 10; i++) {
        const double even = 0.999 * rng_uniform(&r);
        const double u = i % 2 == 0 ? even : 1.0 - exp2(-53.0 * rng_uniform(&r));
        const float small = (float)(i % 2 == 0 ? even : 1.0 - exp2(-24.0 * rng_uniform(&r)));
        double z = i % 3 == 0 ? -u : u;
        float z_small = small < 1.0F ? small : 0.5F;
        const long double tail_small = 0.5L * (1.0L - (long double)z_small);
        f64(&z, &z, 1);
        f32(&z_small, &z_small, 1);
        n_wrong_signs += (z < 0.0) != (i % 3 == 0);
        if (u > 1e-3) { /* nearer to 0 the check itself cancels */
            worst_f64 = fmax(worst_f64, probit_error(z, 0.5L * (1.0L - (long double)u)));
        }
        worst_f32 = fmax(worst_f32, probit_error((double)z_small, tail_small));
    }
    CHECK(worst_f64 < 1e-15);
    CHECK(worst_f32 < 3e-7);
    CHECK_INT(n_wrong_signs, 0);
}

/* Where one octave of 1 - u^2 ends and the next begins, and where the table does. */
static void test_inverse_normal_holds_at_the_seams(void)
{
    map_fn *const f64 = map_probit(PATH_F64, cpu_level_now());
    map_fn *const f32 = map_probit(PATH_F32, cpu_level_now());
    double worst_f64 = 0.0, worst_f32 = 0.0;
    for (int octave = 1; octave <= 18; octave++) {
        double u = sqrt(1.0 - exp2(-octave));
        float small = (float)u;
        for (int i = 0; i < 20; i++) {
            u = nextafter(u, 0.0);
            small = nextafterf(small, 0.0F);
        }
        for (int i = 0; i < 40; i++) {
            double z;
            float z_small;
            f64(&u, &z, 1);
            f32(&small, &z_small, 1);
            worst_f64 = fmax(worst_f64, probit_error(z, 0.5L * (1.0L - (long double)u)));
            worst_f32 =
                fmax(worst_f32, probit_error((double)z_small, 0.5L * (1.0L - (long double)small)));
            u = nextafter(u, 1.0);
            small = nextafterf(small, 1.0F);
        }
    }
    CHECK(worst_f64 < 1e-15);
    CHECK(worst_f32 < 3e-7);
}

static void test_inverse_normal_agrees_with_another_library(void)
{
    double u[7] = {-0.9999999, -0.75, -2.385e-9, 2.385e-9, 0.2385, 0.999, 0.99999999999};
    double z[7];
    map_probit(PATH_F64, cpu_level_now())(u, z, 7);
    for (int i = 0; i < 7; i++) {
        const double tail = 0.5 * (1.0 - fabs(u[i]));
        const double size = tail > 0.49 ? fabs(u[i]) * sqrt(M_PI_2) : gsl_cdf_ugaussian_Qinv(tail);
        CHECK_REL(z[i], u[i] < 0.0 ? -size : size, 1e-14);
    }
}

SUITE("sim/vmath", TEST(test_logarithm_is_within_an_ulp),
      TEST(test_normal_tail_is_relatively_accurate_in_both_tails),
      TEST(test_inverse_normal_holds_to_the_last_representable_tail),
      TEST(test_inverse_normal_holds_at_the_seams),
      TEST(test_inverse_normal_agrees_with_another_library));
