/* tests/unit/core/test_vmath_core.c - the inlined exponential, logistic function and hyperbolic
 * tangent against long double, to the errors that core/vmath.h states. */
#include <float.h>
#include <math.h>

#include "core/rng.h"
#include "core/vmath.h"
#include "tests/support/check.h"

enum { N_POINTS = 100000 };

/* Distance in units of the exact value's last place. */
static double ulps_f64(double got, long double exact)
{
    const double size = fabs((double)exact);
    const double place = nextafter(size, (double)INFINITY) - size;
    return fabs((double)(((long double)got - exact) / (long double)place));
}

static double ulps_f32(float got, long double exact)
{
    const float size = fabsf((float)exact);
    const float place = nextafterf(size, INFINITY) - size;
    return fabs((double)(((long double)got - exact) / (long double)place));
}

static long double exact_logistic(long double x)
{
    return 1.0L / (1.0L + expl(-x));
}

typedef struct function {
    const char *name;
    double (*f64)(double x);
    float (*f32)(float x);
    long double (*exact)(long double x);
    double range_f64, range_f32; /* |x| up to here */
    double most_ulps;
} function;

static const function functions[] = {
    {"exp", exp_f64, exp_f32, expl, 700.0, 86.0, 1.1},
    {"expm1", expm1_f64, expm1_f32, expm1l, 700.0, 86.0, 2.5},
    {"logistic", logistic_f64, logistic_f32, exact_logistic, 700.0, 86.0, 3.0},
    {"tanh", tanh_f64, tanh_f32, tanhl, 30.0, 15.0, 3.0},
};
enum { N_FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };

/* Mostly within 1 of 0, at times within 2^-30 of it, at times anywhere in range. */
static double point(rng_stream *r, int i, double range)
{
    static const double sizes[4] = {2.0, 2.0, 0x1p-29, 0.0};
    const double width = i % 4 == 3 ? 2.0 * range : sizes[i % 4];
    return (rng_uniform(r) - 0.5) * width;
}

static void test_errors_are_as_stated(void)
{
    for (int k = 0; k < N_FUNCTIONS; k++) {
        const function *f = &functions[k];
        rng_stream r = rng_at(2385, (uint64_t)k);
        double worst_f64 = 0.0, worst_f32 = 0.0;
        for (int i = 0; i < N_POINTS; i++) {
            const double x = point(&r, i, f->range_f64);
            const float small = (float)point(&r, i, f->range_f32);
            worst_f64 = fmax(worst_f64, ulps_f64(f->f64(x), f->exact((long double)x)));
            worst_f32 = fmax(worst_f32, ulps_f32(f->f32(small), f->exact((long double)small)));
        }
        if (worst_f64 >= f->most_ulps || worst_f32 >= f->most_ulps) {
            CHECK_TEXT(f->name, "");
        }
        CHECK(worst_f64 < f->most_ulps);
        CHECK(worst_f32 < f->most_ulps);
    }
}

static void test_far_away_they_saturate(void)
{
    CHECK_SAME(tanh_f64(1e300), 1.0);
    CHECK_SAME(tanh_f64(-(double)INFINITY), -1.0);
    CHECK_SAME((double)tanh_f32(-50.0F), -1.0);
    CHECK_SAME(logistic_f64(1e300), 1.0);
    CHECK_SAME((double)logistic_f32(200.0F), 1.0);
    CHECK(logistic_f64(-1e300) > 0.0 && logistic_f64(-1e300) < 1e-300);
    CHECK(logistic_f32(-200.0F) >= FLT_MIN && logistic_f32(-200.0F) < 1e-37F);
    CHECK_SAME(expm1_f64(-1e300), -1.0);
    CHECK(isfinite(expm1_f64(1e300)) && isfinite((double)expm1_f32(1e30F)));
    CHECK(isfinite(exp_f64(1e6)) && exp_f64(-1e6) > 0.0);
    CHECK(isfinite((double)exp_f32(1e6F)) && exp_f32(-1e6F) > 0.0F);
}

static void test_zero_is_exact_and_nan_stays(void)
{
    CHECK_SAME(exp_f64(0.0), 1.0);
    CHECK_SAME((double)exp_f32(0.0F), 1.0);
    CHECK_SAME(expm1_f64(0.0), 0.0);
    CHECK_SAME(logistic_f64(0.0), 0.5);
    CHECK_SAME((double)logistic_f32(0.0F), 0.5);
    CHECK(tanh_f64(0.0) == 0.0 && tanh_f32(0.0F) == 0.0F);
    CHECK(isnan(expm1_f64((double)NAN)) && isnan((double)expm1_f32(NAN)));
    CHECK(isnan(logistic_f64((double)NAN)) && isnan((double)logistic_f32(NAN)));
    CHECK(isnan(tanh_f64((double)NAN)) && isnan((double)tanh_f32(NAN)));
}

SUITE("core/vmath", TEST(test_errors_are_as_stated), TEST(test_far_away_they_saturate),
      TEST(test_zero_is_exact_and_nan_stays));
