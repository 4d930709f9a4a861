/* tests/unit/sim/test_area_law.c - draws that need many random numbers, and the gamma expansion of
 * the integrated variance, against probabilities and moments in closed form. */
#define FEL_MODULE_SIM
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_bessel.h>
#include <math.h>
#include <stdlib.h>

#include "sim/area_law_internal.h"
#include "tests/support/check.h"

enum { N_DRAWS = 20000 };

static draw_stream stream_of(size_t i)
{
    return draw_stream_at(2385, i, 3, 0);
}

/* ---- samplers -------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kolmogorov and Smirnov; one sample in a thousand fails. */
static void check_distance(double *x, size_t n, double (*below)(double x, double a), double a)
{
    double worst = 0.0;
    qsort(x, n, sizeof(*x), ascending);
    for (size_t i = 0; i < n; i++) {
        const double p = below(x[i], a), lower = (double)i / (double)n;
        worst = fmax(worst, fmax(p - lower, lower + 1.0 / (double)n - p));
    }
    CHECK(worst < 1.95 / sqrt((double)n));
}

static double normal_below(double x, double a)
{
    (void)a;
    return gsl_cdf_ugaussian_P(x);
}

static double gamma_below(double x, double shape)
{
    return gsl_cdf_gamma_P(x, shape, 1.0);
}

static void test_normals(void)
{
    double *x = malloc(N_DRAWS * sizeof(*x));
    for (size_t i = 0; i < N_DRAWS; i += 2) {
        draw_stream s = stream_of(i);
        x[i] = draw_normal(&s);
        x[i + 1] = draw_normal(&s);
    }
    check_distance(x, N_DRAWS, normal_below, 0.0);
    free(x);
}

static void test_gammas(void)
{
    const double shapes[] = {0.31, 0.98, 1.02, 3.7, 250.0};
    double *x = malloc(N_DRAWS * sizeof(*x));
    for (size_t k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
        for (size_t i = 0; i < N_DRAWS; i++) {
            draw_stream s = stream_of(i + k * N_DRAWS);
            x[i] = draw_gamma(&s, shapes[k]);
        }
        check_distance(x, N_DRAWS, gamma_below, shapes[k]);
    }
    draw_stream s = stream_of(1);
    CHECK_SAME(draw_gamma(&s, 0.0), 0.0);
    free(x);
}

/* Pearson's statistic over cells of at least 20 expected draws; 4.5 of its standard deviations. */
typedef double probability_fn(double n, const double *law);
static void check_counts(const double *counts, size_t n_cells, probability_fn *probability,
                         const double *law)
{
    double statistic = 0.0, expected = 0.0, found = 0.0, total = 0.0;
    int n_free = -1;
    for (size_t n = 0; n < n_cells; n++) {
        expected += N_DRAWS * probability((double)n, law);
        found += counts[n];
        if (expected >= 20.0) {
            statistic += (found - expected) * (found - expected) / expected;
            n_free++;
            total += found;
            expected = found = 0.0;
        }
    }
    CHECK(N_DRAWS - total < 100.0);
    CHECK(statistic < n_free + 4.5 * sqrt(2.0 * n_free) + 5.0);
}

enum { N_CELLS = 4000 };

static double poisson_probability(double n, const double *law)
{
    return gsl_ran_poisson_pdf((unsigned)n, law[0]);
}

static void test_poisson_numbers(void)
{
    const double means[] = {0.0061, 0.85, 9.3, 10.4, 57.0, 1033.0};
    double *counts = malloc(N_CELLS * sizeof(*counts));
    for (size_t k = 0; k < sizeof(means) / sizeof(means[0]); k++) {
        for (size_t i = 0; i < N_CELLS; i++) {
            counts[i] = 0.0;
        }
        for (size_t i = 0; i < N_DRAWS; i++) {
            draw_stream s = stream_of(i + k * N_DRAWS);
            counts[(size_t)fmin(draw_poisson(&s, means[k]), N_CELLS - 1)] += 1.0;
        }
        check_counts(counts, N_CELLS, poisson_probability, &means[k]);
    }
    free(counts);
}

/* law: nu, z. ln I_nu by the recurrence upward from orders that GSL has. */
static double bessel_probability(double n, const double *law)
{
    const double nu = law[0], z = law[1];
    const double order = nu < 0.0 ? fabs(nu + 1.0) : nu;
    double ln_bessel = 0.0;
    if (nu <= -1.0) {
        ln_bessel = log(gsl_sf_bessel_Inu_scaled(1.0, z)) + z;
    } else if (nu < 0.0) {
        const double up = gsl_sf_bessel_Inu_scaled(order + 1.0, z);
        const double at = gsl_sf_bessel_Inu_scaled(order, z);
        ln_bessel = log(up + 2.0 * order / z * at) + z;
    } else {
        ln_bessel = log(gsl_sf_bessel_Inu_scaled(order, z)) + z;
    }
    if (nu <= -1.0 && n < 1.0) {
        return 0.0;
    }
    return exp((2.0 * n + nu) * log(0.5 * z) - ln_bessel - lgamma(n + 1.0) - lgamma(n + nu + 1.0));
}

static void test_bessel_numbers(void)
{
    const double laws[][2] = {{-0.98, 0.04}, {-0.98, 3.3},   {-0.5, 41.0},
                              {1.7, 12.0},   {24.0, 5.5},    {-1.0, 2.9},
                              {0.3, 900.0},  {-0.9, 4100.0}, {60.0, 3000.0}};
    double *counts = malloc(N_CELLS * sizeof(*counts));
    for (size_t k = 0; k < sizeof(laws) / sizeof(laws[0]); k++) {
        for (size_t i = 0; i < N_CELLS; i++) {
            counts[i] = 0.0;
        }
        for (size_t i = 0; i < N_DRAWS; i++) {
            draw_stream s = stream_of(i + k * N_DRAWS);
            counts[(size_t)fmin(draw_bessel(&s, laws[k][0], laws[k][1]), N_CELLS - 1)] += 1.0;
        }
        check_counts(counts, N_CELLS, bessel_probability, laws[k]);
    }
    draw_stream s = stream_of(1);
    CHECK_SAME(draw_bessel(&s, -0.98, 0.0), 0.0);
    free(counts);
}

/* ---- the expansion --------------------------------------------------------------------------- */

/* Moments of X1 for each unit of v + v', and of X2 for each unit of delta, in closed form
 * (Glasserman and Kim 2011, lemma 3.1), with t, k, c1 = coth(k t / 2), c2 = 1 / sinh^2(k t / 2). */
typedef struct closed_moments {
    double mean_v, variance_v, mean_delta, variance_delta;
} closed_moments;

static closed_moments closed_form(const fel_heston *h, double t)
{
    const double k = h->kappa, s = h->xi * h->xi, x = 0.5 * k * t;
    const double c1 = 1.0 / tanh(x), c2 = 1.0 / (sinh(x) * sinh(x));
    const closed_moments m = {
        .mean_v = c1 / k - 0.5 * t * c2,
        .variance_v =
            s * c1 / (k * k * k) + 0.5 * s * t * c2 / (k * k) - 0.5 * s * t * t * c1 * c2 / k,
        .mean_delta = s / (4.0 * k * k) * (k * t * c1 - 2.0),
        .variance_delta =
            s * s / (8.0 * k * k * k * k) * (2.0 * k * t * c1 + k * k * t * t * c2 - 8.0),
    };
    return m;
}

/* The terms and the rest together: shape = delta / 2. */
static void test_moments_add_up(void)
{
    const fel_heston sets[] = {
        {0.04, 1.0, 0.04, 2.0, -0.7}, {0.04, 0.5, 0.04, 1.0, -0.9}, {0.09, 6.2, 0.02, 0.35, 0.1}};
    const double times[] = {0.37, 2.0, 11.0};
    for (size_t i = 0; i < 9; i++) {
        const fel_heston *h = &sets[i / 3];
        area_law law = {0};
        area_law_init(&law, h, times[i % 3]);
        closed_moments sum = {law.mean_per_v, law.variance_per_v, 0.5 * law.mean_per_shape,
                              0.5 * law.variance_per_shape};
        for (size_t n = 0; n < law.n_terms; n++) {
            const double length = law.length[n];
            sum.mean_v += law.rate[n] * length;
            sum.variance_v += 2.0 * law.rate[n] * length * length;
            sum.mean_delta += 0.5 * length;
            sum.variance_delta += 0.5 * length * length;
        }
        const closed_moments exact = closed_form(h, times[i % 3]);
        CHECK_REL(sum.mean_v, exact.mean_v, 1e-9);
        CHECK_REL(sum.variance_v, exact.variance_v, 1e-6);
        CHECK_REL(sum.mean_delta, exact.mean_delta, 1e-9);
        CHECK_REL(sum.variance_delta, exact.variance_delta, 1e-5);
    }
}

/* Without mean reversion: t (v + v') / 3 and so on, the limit. */
static void test_no_mean_reversion_is_the_limit(void)
{
    const fel_heston none = {0.04, 0.0, 0.04, 0.8, -0.5};
    area_law law = {0};
    area_law_init(&law, &none, 0.75);
    double mean = law.mean_per_v;
    for (size_t n = 0; n < law.n_terms; n++) {
        mean += law.rate[n] * law.length[n];
    }
    CHECK_REL(mean, 0.25, 1e-9);
    CHECK_REL(law.bessel_per_v, 4.0 / (0.64 * 0.75), 1e-12);
}

/* From zero to zero without a Bessel number: mean and variance of X2 alone. */
static void test_areas_between_zeros(void)
{
    const fel_heston h = {0.04, 1.0, 0.04, 2.0, -0.7};
    const double t = 0.37;
    const closed_moments exact = closed_form(&h, t);
    area_law law = {0};
    area_law_init(&law, &h, t);
    double sum = 0.0, square = 0.0;
    enum { N = 60000 };
    for (size_t i = 0; i < N; i++) {
        draw_stream s = stream_of(i);
        const double area = area_draw(&law, 0.0, 0.0, &s);
        CHECK(area >= 0.0 && isfinite(area));
        sum += area / N;
        square += area * area / N;
    }
    const double delta = 2.0 * law.shape, variance = delta * exact.variance_delta;
    CHECK_NEAR(sum, delta * exact.mean_delta, 4.0 * sqrt(variance / N));
    /* fourth moment of so skewed a variable: about 6 variance^2 / shape */
    CHECK_NEAR(square - sum * sum, variance, 4.0 * variance * sqrt(6.0 / law.shape / N));
}

/* Between two values: the law's mean, with the Bessel quotient for eta. */
static void test_areas_between_values(void)
{
    const fel_heston h = {0.09, 1.0, 0.09, 1.0, -0.3};
    const double t = 0.5, v = 0.07, v_next = 0.11;
    const closed_moments exact = closed_form(&h, t);
    area_law law = {0};
    area_law_init(&law, &h, t);
    const double nu = law.shape - 1.0, z = law.bessel_per_v * sqrt(v * v_next);
    double eta = 0.0;
    for (double n = 0.0; n < 200.0; n += 1.0) {
        const double bessel[2] = {nu, z};
        eta += n * bessel_probability(n, bessel);
    }
    const double mean =
        (v + v_next) * exact.mean_v + (2.0 * law.shape + 4.0 * eta) * exact.mean_delta;
    double sum = 0.0, square = 0.0;
    for (size_t i = 0; i < N_DRAWS; i++) {
        draw_stream s = stream_of(i);
        const double area = area_draw(&law, v, v_next, &s);
        sum += area / N_DRAWS;
        square += area * area / N_DRAWS;
    }
    CHECK_NEAR(sum, mean, 4.0 * sqrt((square - sum * sum) / N_DRAWS));
}

static void test_draws_are_a_function_of_place(void)
{
    draw_stream a = draw_stream_at(5, 17, 2, 100), b = draw_stream_at(5, 17, 2, 100);
    draw_stream other = draw_stream_at(5, 17, 3, 100);
    int same = 1, differs = 0;
    for (int i = 0; i < 50; i++) {
        const double x = draw_uniform(&a);
        same &= x == draw_uniform(&b);
        differs |= x != draw_uniform(&other);
        CHECK(x > 0.0 && x < 1.0);
    }
    CHECK(same);
    CHECK(differs);
}

SUITE("sim/area_law", TEST(test_normals), TEST(test_gammas), TEST(test_poisson_numbers),
      TEST(test_bessel_numbers), TEST(test_moments_add_up),
      TEST(test_no_mean_reversion_is_the_limit), TEST(test_areas_between_zeros),
      TEST(test_areas_between_values), TEST(test_draws_are_a_function_of_place));
