/* tests/unit/sim/test_variance_law.c - the sampler of the exact variance against the distribution
 * function of its law, which itself is checked against closed forms and GSL. */
#define FEL_MODULE_SIM
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <math.h>
#include <stdlib.h>

#include "core/rng.h"
#include "sim/exact_internal.h"
#include "tests/support/check.h"

/* Degrees of freedom 0.04, 0.08, 0.36, 4, 0.5 .. and one far from zero. */
static const fel_heston sets[] = {
    {0.04, 1.0, 0.04, 2.0, -0.7}, {0.04, 0.5, 0.04, 1.0, -0.9}, {0.09, 1.0, 0.09, 1.0, -0.3},
    {0.04, 1.0, 0.04, 0.2, -0.7}, {0.03, 0.0, 0.05, 0.7, 0.2},  {0.04, 5.0, 0.09, 0.1, -0.3},
};
static const double steps_years[] = {1.0 / 365, 1.0 / 12, 1.0};
enum { N_SETS = sizeof(sets) / sizeof(sets[0]), N_STEPS = sizeof(steps_years) / sizeof(double) };

typedef struct sampler {
    variance_law law;
    double *rows;
} sampler;

static sampler *sampler_create(const fel_heston *heston, double dt_years)
{
    sampler *s = calloc(1, sizeof(*s));
    const size_t n = variance_law_count_rows(heston);
    s->rows = aligned_alloc(64, (n + 1) * LAW_ROW_SIZE * sizeof(double));
    variance_law_init(&s->law, heston, dt_years, s->rows);
    return s;
}

static void sampler_destroy(sampler *s)
{
    free(s->rows);
    free(s);
}

static variance_fn *const draw_f64[CPU_N_LEVELS] = KERNEL_LEVELS(variance_draw, f64);
static variance_fn *const draw_f32[CPU_N_LEVELS] = KERNEL_LEVELS(variance_draw, f32);

/* ---- the distribution function --------------------------------------------------------------- */

/* One degree of freedom: the square of a normal with mean sqrt(2 mu). */
static void test_mixture_is_a_squared_normal(void)
{
    const double means[] = {0.0, 0.3, 7.85, 60.0};
    for (size_t i = 0; i < 4; i++) {
        const double shift = sqrt(2.0 * means[i]);
        for (double y = 0.013; y < 4.0 * (means[i] + 2.0); y *= 1.7) {
            const double root = sqrt(2.0 * y);
            const mixture_point at = gamma_mixture(y, 0.5, means[i]);
            const double below =
                gsl_cdf_ugaussian_P(root - shift) - gsl_cdf_ugaussian_P(-root - shift);
            CHECK_NEAR(at.below, below, 1e-12);
            CHECK_NEAR(at.below + at.above, 1.0, 1e-12);
        }
    }
}

static void test_mixture_without_poisson_is_gamma(void)
{
    const double shapes[] = {0.02, 0.18, 1.0, 12.7, 250.0};
    for (size_t i = 0; i < 5; i++) {
        for (double y = 1e-9; y < 6.0 * (shapes[i] + 1.0); y *= 2.1) {
            const mixture_point at = gamma_mixture(y, shapes[i], 0.0);
            CHECK_NEAR(at.below, gsl_cdf_gamma_P(y, shapes[i], 1.0), 1e-10);
            CHECK_NEAR(at.above, gsl_cdf_gamma_Q(y, shapes[i], 1.0), 1e-10);
            CHECK_REL(at.density, gsl_ran_gamma_pdf(y, shapes[i], 1.0), 1e-9);
        }
    }
}

/* The slope of the distribution function is the density. */
static void test_mixture_density_is_the_slope(void)
{
    for (double y = 0.21; y < 40.0; y *= 1.9) {
        const double h = 1e-4 * y;
        const double slope =
            (gamma_mixture(y + h, 0.04, 9.3).below - gamma_mixture(y - h, 0.04, 9.3).below) /
            (2.0 * h);
        CHECK_REL(gamma_mixture(y, 0.04, 9.3).density, slope, 1e-5);
    }
}

static void test_mixture_quantiles_are_inverse(void)
{
    const double means[] = {16.3, 47.0, 290.0, 5000.0};
    for (size_t i = 0; i < 4; i++) {
        for (double z = -4.1; z < 7.0; z += 0.737) {
            const double root = gamma_mixture_root(z, 0.02, means[i]);
            CHECK_NEAR(gamma_mixture(root * root, 0.02, means[i]).below, gsl_cdf_ugaussian_P(z),
                       1e-10);
        }
        const double low = gamma_mixture_low(-4.7, 0.02, means[i]);
        CHECK_REL(gamma_mixture(low, 0.02, means[i]).below, gsl_cdf_ugaussian_P(-4.7),
                  means[i] < 300.0 ? 1e-6 : 1e-2);
    }
    const double root = gamma_mixture_root(1.3, 0.02, 30000.0); /* by the expansion */
    CHECK_NEAR(gamma_mixture(root * root, 0.02, 30000.0).below, gsl_cdf_ugaussian_P(1.3), 1e-9);
}

/* ---- the tables ------------------------------------------------------------------------------ */

/* P(shape + n, row(z)) = Phi(z) in every piece of some rows. */
static void test_rows_are_gamma_quantiles(void)
{
    for (size_t i = 0; i < 3; i++) {
        sampler *s = sampler_create(&sets[i], 0.1);
        for (uint32_t n = 1; n < s->law.n_rows; n += 7) {
            for (double z = -8.3; z < 8.3; z += 0.371) {
                const int piece = (int)((z - ROW_Z_LOW) / ROW_WIDTH);
                const double dz = z - (ROW_Z_LOW + ROW_WIDTH * (piece + 0.5));
                const double *c = s->law.rows + (n * ROW_PIECES + (size_t)piece) * ROW_TERMS;
                double y = 0.0;
                for (size_t k = ROW_TERMS; k-- > 0;) {
                    y = y * dz + c[k];
                }
                CHECK_NEAR(gsl_cdf_gamma_P(fmax(y, 0.0), s->law.shape + n, 1.0),
                           gsl_cdf_ugaussian_P(z), 3e-9);
            }
        }
        sampler_destroy(s);
    }
}

/* ---- the sampler ----------------------------------------------------------------------------- */

enum { N_SAMPLE = 8192 };

typedef struct sample {
    double v[N_SAMPLE], z[N_SAMPLE], tail[N_SAMPLE], next[N_SAMPLE];
} sample;

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Distance of Kolmogorov and Smirnov between a sample of Y, sorted here, and its law. */
static double distance_of(double *y, size_t n, double shape, double mu)
{
    double worst = 0.0;
    qsort(y, n, sizeof(*y), ascending);
    for (size_t i = 0; i < n; i++) {
        const double below = y[i] > 1e-280 ? gamma_mixture(y[i], shape, mu).below : 0.0;
        if (below > 0.0) {
            worst = fmax(worst,
                         fmax((double)(i + 1) / (double)n - below, below - (double)i / (double)n));
        }
    }
    return worst;
}

/* 1.95 / sqrt(n) is passed by one sample in a thousand. */
static void check_law(sampler *s, sample *d, double mu, variance_fn *draw)
{
    rng_stream r = rng_at(2385, (uint64_t)(1000.0 * mu));
    for (size_t i = 0; i < N_SAMPLE; i++) {
        const double u = rng_uniform(&r);
        d->v[i] = mu / s->law.poisson_per_v;
        d->z[i] = gsl_cdf_ugaussian_Qinv(u);
        d->tail[i] = u;
    }
    draw(&s->law, d->v, d->z, d->tail, d->next, N_SAMPLE);
    double mean = 0.0;
    for (size_t i = 0; i < N_SAMPLE; i++) {
        d->next[i] /= s->law.scale;
        mean += d->next[i] / N_SAMPLE;
    }
    const double error = sqrt((s->law.shape + 2.0 * mu) / N_SAMPLE);
    CHECK_NEAR(mean, s->law.shape + mu, 4.0 * error);
    CHECK(distance_of(d->next, N_SAMPLE, s->law.shape, mu) < 1.95 / sqrt(N_SAMPLE));
}

static void test_samples_have_the_law(void)
{
    const double means[] = {0.0, 0.037, 0.9, 4.31, 15.8, 16.7, 83.0, 2410.0};
    sample *d = malloc(sizeof(*d));
    for (size_t i = 0; i < N_SETS; i++) {
        sampler *s = sampler_create(&sets[i], steps_years[i % N_STEPS]);
        for (size_t m = 0; m < sizeof(means) / sizeof(means[0]); m++) {
            check_law(s, d, means[m], draw_f64[cpu_level_now()]);
        }
        sampler_destroy(s);
    }
    free(d);
}

/* Large means are quantiles: far closer than any sample could show. */
static void test_large_means_are_quantiles(void)
{
    double v[64], z[64], tail[64], next[64];
    for (size_t i = 0; i < N_SETS; i++) {
        sampler *s = sampler_create(&sets[i], 0.04);
        for (double mu = LAW_SWITCH + 0.05; mu < 20000.0; mu *= 1.83) {
            for (size_t k = 0; k < 64; k++) {
                v[k] = mu / s->law.poisson_per_v;
                z[k] = -4.15 + 0.19 * (double)k;
                tail[k] = gsl_cdf_ugaussian_Q(z[k]);
            }
            draw_f64[cpu_level_now()](&s->law, v, z, tail, next, 64);
            for (size_t k = 0; k < 64; k++) {
                const double below = gamma_mixture(next[k] / s->law.scale, s->law.shape, mu).below;
                CHECK_NEAR(below, 1.0 - tail[k], 1e-6);
            }
        }
        sampler_destroy(s);
    }
}

/* Zero is left at once unless kappa theta = 0, where it absorbs. */
static void test_zero_variance(void)
{
    double v[64] = {0.0}, z[64], tail[64], next[64];
    const fel_heston absorbed = {0.04, 0.0, 0.04, 0.8, -0.5};
    sampler *pulled = sampler_create(&sets[0], 1.0 / 365), *held = sampler_create(&absorbed, 0.1);
    for (size_t k = 0; k < 64; k++) {
        z[k] = -3.15 + 0.1 * (double)k;
        tail[k] = gsl_cdf_ugaussian_Q(z[k]);
    }
    draw_f64[cpu_level_now()](&pulled->law, v, z, tail, next, 64);
    for (size_t k = 0; k < 64; k++) {
        const double y = next[k] / pulled->law.scale;
        CHECK_NEAR(gsl_cdf_gamma_P(y, 0.02, 1.0), 1.0 - tail[k], 1e-9);
    }
    draw_f64[cpu_level_now()](&held->law, v, z, tail, next, 64);
    for (size_t k = 0; k < 64; k++) {
        CHECK_SAME(next[k], 0.0);
    }
    v[5] = 1e-9; /* hit with probability exp(-mu): nearly always */
    draw_f64[cpu_level_now()](&held->law, v, z, tail, next, 64);
    CHECK_SAME(next[5], 0.0);
    sampler_destroy(pulled);
    sampler_destroy(held);
}

/* A path's draw is its own: alone or in company, at every level of instructions. */
static void test_company_and_level_do_not_show(void)
{
    enum { N = 320 };
    double v[N], z[N], tail[N], whole[N], part[N];
    sampler *s = sampler_create(&sets[1], 1.0 / 52);
    rng_stream r = rng_at(7, 1);
    for (size_t i = 0; i < N; i++) {
        tail[i] = rng_uniform(&r);
        z[i] = gsl_cdf_ugaussian_Qinv(tail[i]);
        v[i] = 0.3 * pow(rng_uniform(&r), 4.0);
    }
    draw_f64[cpu_level_now()](&s->law, v, z, tail, whole, N);
    for (int level = 0; level <= (int)cpu_level_now(); level++) {
        for (size_t from = 0; from < N; from += 64) {
            draw_f64[level](&s->law, v + from, z + from, tail + from, part + from, 64);
        }
        for (size_t i = 0; i < N; i++) {
            CHECK_SAME(part[i], whole[i]);
        }
    }
    sampler_destroy(s);
}

/* Without z it is made of the tail: the same bits as the generator's own. */
static void test_tails_alone_serve(void)
{
    enum { N = 640 };
    double v[N], z[N], tail[N], with[N], without[N];
    const philox_args args = {.seed = 2385, .step = 3, .n = N, .z_a = z, .tail_a = tail};
    philox_normals(PATH_F64, cpu_level_now())(&args);
    tail[17] = 0x1p-53; /* the farthest draws */
    tail[18] = 1.0 - 0x1p-53;
    z[17] = gsl_cdf_ugaussian_Qinv(tail[17]);
    z[18] = -z[17];
    for (size_t k = 0; k < N_SETS; k++) {
        sampler *s = sampler_create(&sets[k], 0.02);
        for (size_t i = 0; i < N; i++) {
            v[i] = (double)(i % 97) * (i < N / 2 ? 1.0 : 900.0) * 0.3 / s->law.poisson_per_v;
        }
        for (int level = 0; level <= (int)cpu_level_now(); level++) {
            draw_f64[level](&s->law, v, z, tail, with, N);
            draw_f64[level](&s->law, v, NULL, tail, without, N);
            for (size_t i = 0; i < N; i++) {
                if (i == 17 || i == 18) { /* another library's normal */
                    CHECK_REL(without[i], with[i], 1e-6);
                } else {
                    CHECK_SAME(without[i], with[i]);
                }
            }
        }
        sampler_destroy(s);
    }
}

/* Float: the double sampler at the float's normal, rounded. */
static void test_float_is_double_rounded(void)
{
    float v[64], z[64], next[64];
    double wide_v[64], wide_z[64], tail[64], wide[64];
    sampler *s = sampler_create(&sets[2], 0.25);
    for (size_t k = 0; k < 64; k++) {
        z[k] = -3.15F + 0.1F * (float)k;
        v[k] = 0.003F * (float)k;
        wide_z[k] = (double)z[k];
        wide_v[k] = (double)v[k];
        tail[k] = gsl_cdf_ugaussian_Q(wide_z[k]);
    }
    draw_f64[cpu_level_now()](&s->law, wide_v, wide_z, tail, wide, 64);
    draw_f32[cpu_level_now()](&s->law, v, z, NULL, next, 64);
    for (size_t k = 0; k < 64; k++) {
        CHECK_REL((double)next[k], wide[k], 1e-6);
    }
    sampler_destroy(s);
}

SUITE("sim/variance_law", TEST(test_mixture_is_a_squared_normal),
      TEST(test_mixture_without_poisson_is_gamma), TEST(test_mixture_density_is_the_slope),
      TEST(test_mixture_quantiles_are_inverse), TEST(test_rows_are_gamma_quantiles),
      TEST(test_samples_have_the_law), TEST(test_large_means_are_quantiles),
      TEST(test_zero_variance), TEST(test_company_and_level_do_not_show),
      TEST(test_tails_alone_serve), TEST(test_float_is_double_rounded));
