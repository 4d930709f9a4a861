/* tests/unit/sim/test_vcomplex.c - the inlined functions of the characteristic function's kernel
 * against long double, to the errors that sim/vcomplex_internal.h states. */
#define FEL_MODULE_SIM
#include <complex.h>
#include <math.h>

#include "core/rng.h"
#include "sim/vcomplex_internal.h"
#include "tests/support/check.h"

enum { N_POINTS = 100000 };

static double relative(double got, long double exact)
{
    return (double)(exact == 0.0L ? fabsl((long double)got)
                                  : fabsl(((long double)got - exact) / exact));
}

static double distance(double got, long double exact)
{
    return (double)fabsl((long double)got - exact);
}

/* Sizes from 1e-18 up to `most`. */
static double spread(rng_stream *r, double most)
{
    return most * pow(10.0, -18.0 * rng_uniform(r));
}

static void test_expm1_and_log1p(void)
{
    rng_stream r = rng_at(2385, 11);
    double worst_exp = 0.0, worst_log = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double x = -spread(&r, i % 8 == 0 ? 60.0 : 2.0);
        const double y = i % 2 == 0 ? -spread(&r, 0.999) : spread(&r, i % 16 == 1 ? 1e12 : 3.0);
        worst_exp = fmax(worst_exp, relative(expm1_f64(x), expm1l((long double)x)));
        worst_log = fmax(worst_log, relative(log1p_f64(y), log1pl((long double)y)));
    }
    CHECK_NEAR(worst_exp, 0.0, 1e-15);
    CHECK_NEAR(worst_log, 0.0, 1e-15);
    CHECK_SAME(expm1_f64(-1e5), -1.0);
}

static void test_sine_and_cosine(void)
{
    rng_stream r = rng_at(2385, 12);
    double worst = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double x = spread(&r, i % 4 == 0 ? 1e6 : 10.0) * (i % 2 == 0 ? 1.0 : -1.0);
        double sine = 0.0, cosine = 0.0;
        sincos_f64(x, &sine, &cosine);
        worst = fmax(worst, distance(sine, sinl((long double)x)));
        worst = fmax(worst, distance(cosine, cosl((long double)x)));
    }
    CHECK_NEAR(worst, 0.0, 4e-16);
}

static void test_angles_in_every_octant(void)
{
    rng_stream r = rng_at(2385, 13);
    double worst = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double x = spread(&r, 2.0) * (i % 2 == 0 ? 1.0 : -1.0);
        const double y = spread(&r, 2.0) * (i % 4 < 2 ? 1.0 : -1.0);
        worst = fmax(worst, relative(angle_f64(y, x), atan2l((long double)y, (long double)x)));
    }
    CHECK_NEAR(worst, 0.0, 1e-15);
    CHECK_SAME(angle_f64(0.0, 2.385), 0.0);
    CHECK_REL(angle_f64(0.0, -2.385), M_PI, 1e-16);
    CHECK_REL(angle_f64(-1.0, 0.0), -M_PI_2, 1e-16);
}

static void test_complex_roots_and_logarithms(void)
{
    rng_stream r = rng_at(2385, 14);
    double worst_root = 0.0, worst_log = 0.0;
    for (int i = 0; i < N_POINTS; i++) {
        const double re = spread(&r, 3.0) * (i % 2 == 0 ? 1.0 : -0.25);
        const double im = spread(&r, 3.0) * (i % 4 < 2 ? 1.0 : -1.0);
        const vcplx root = vc_sqrt(vc(re, im)), ln = vc_log1p(vc(re, im));
        const long double x = (long double)re, y = (long double)im;
        const long double complex z = __builtin_complex(x, y);
        const long double complex got =
            __builtin_complex((long double)root.re, (long double)root.im);
        const long double real = 0.5L * log1pl(2.0L * x + x * x + y * y),
                          angle = atan2l(y, 1.0L + x);
        const double size = (double)hypotl(real, angle);
        worst_root = fmax(worst_root, (double)cabsl((got * got - z) / z));
        worst_log = fmax(worst_log, distance(ln.re, real) / size);
        worst_log = fmax(worst_log, distance(ln.im, angle) / size);
        CHECK(root.re >= 0.0);
    }
    CHECK_NEAR(worst_root, 0.0, 1.5e-15);
    CHECK_NEAR(worst_log, 0.0, 1e-15);
}

SUITE("sim/vcomplex", TEST(test_expm1_and_log1p), TEST(test_sine_and_cosine),
      TEST(test_angles_in_every_octant), TEST(test_complex_roots_and_logarithms));
