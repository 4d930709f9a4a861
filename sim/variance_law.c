/* sim/variance_law.c - the tables of variance_law_internal.h.
 *
 * A gamma variable as a function x of a normal z solves x' = phi(z) / f(x); its Taylor coefficients
 * follow from x' = g, g' = g (-z + g - (a - 1) g / x), so that a row is a walk along z from the
 * median. As a function of L = -ln(1 - P(a, x)) it solves x' = h, h' = h (-1 + h (1 - (a - 1) /
 * x)). */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <string.h>

#include "core/gslquiet.h"
#include "sim/variance_law_internal.h"

enum { TAYLOR = 24 };

/* ---- rows: gamma as a function of a normal --------------------------------------------------- */

typedef struct taylor {
    double x[TAYLOR];
} taylor;

/* Coefficients around z of the solution through x with slope g. */
static taylor normal_taylor(double z, double x, double slope, double shape)
{
    taylor t = {{x}};
    double g[TAYLOR] = {slope}, q[TAYLOR] = {slope / x}, h[TAYLOR] = {0.0};
    for (size_t k = 0; k + 1 < TAYLOR; k++) {
        t.x[k + 1] = g[k] / (double)(k + 1);
        if (k > 0) {
            double sum = g[k];
            for (size_t i = 1; i <= k; i++) {
                sum -= t.x[i] * q[k - i];
            }
            q[k] = sum / x;
        }
        h[k] = g[k] - (shape - 1.0) * q[k] - (k == 0 ? z : 0.0) - (k == 1 ? 1.0 : 0.0);
        double sum = 0.0;
        for (size_t i = 0; i <= k; i++) {
            sum += g[i] * h[k - i];
        }
        g[k + 1] = sum / (double)(k + 1);
    }
    return t;
}

/* Around L, of the solution through x with slope h. */
static taylor tail_taylor(double x, double slope, double shape)
{
    taylor t = {{x}};
    double h[TAYLOR] = {slope}, q[TAYLOR] = {slope / x}, r[TAYLOR] = {0.0};
    for (size_t k = 0; k + 1 < TAYLOR; k++) {
        t.x[k + 1] = h[k] / (double)(k + 1);
        if (k > 0) {
            double sum = h[k];
            for (size_t i = 1; i <= k; i++) {
                sum -= t.x[i] * q[k - i];
            }
            q[k] = sum / x;
        }
        r[k] = h[k] - (shape - 1.0) * q[k] - (k == 0 ? 1.0 : 0.0);
        double sum = 0.0;
        for (size_t i = 0; i <= k; i++) {
            sum += h[i] * r[k - i];
        }
        h[k + 1] = sum / (double)(k + 1);
    }
    return t;
}

static double taylor_at(const taylor *t, double dz)
{
    double sum = 0.0;
    for (size_t k = TAYLOR; k-- > 0;) {
        sum = sum * dz + t->x[k];
    }
    return sum;
}

static double normal_slope(double z, double x, double shape)
{
    const double ln_density = (shape - 1.0) * log(x) - x - ln_gamma(shape);
    return exp(-0.5 * z * z - 0.5 * log(2.0 * M_PI) - ln_density);
}

/* One step of Newton's method towards P(shape, x) = Phi(z), by the smaller tail: a walk keeps its
 * error in probability, which far out is no longer small. */
static double normal_mend(double z, double x, double shape)
{
    const double density = gsl_ran_gamma_pdf(x, shape, 1.0);
    if (z > 0.0) {
        return x + (gsl_cdf_gamma_Q(x, shape, 1.0) - gsl_cdf_ugaussian_Q(z)) / density;
    }
    return x - (gsl_cdf_gamma_P(x, shape, 1.0) - gsl_cdf_ugaussian_P(z)) / density;
}

/* One side of a row: pieces from `piece` by `step` to the end, starting at z with the value x. */
static void row_walk(double *row, double shape, int piece, int step)
{
    double z = 0.0, x = gsl_cdf_gamma_Pinv(0.5, shape, 1.0);
    for (int i = piece; i >= 0 && i < ROW_PIECES; i += step) {
        const double middle = ROW_Z_LOW + ROW_WIDTH * (i + 0.5), half = 0.5 * ROW_WIDTH * step;
        taylor t = normal_taylor(z, x, normal_slope(z, x, shape), shape);
        x = normal_mend(middle, taylor_at(&t, half), shape);
        z = middle;
        t = normal_taylor(z, x, normal_slope(z, x, shape), shape);
        memcpy(row + (size_t)i * ROW_TERMS, t.x, ROW_TERMS * sizeof(double));
        x = taylor_at(&t, half);
        z = middle + half;
    }
}

static void row_fill(double *row, double shape)
{
    row_walk(row, shape, ROW_PIECES / 2, 1);
    row_walk(row, shape, ROW_PIECES / 2 - 1, -1);
}

/* ---- shapes below 1 -------------------------------------------------------------------------- */

#define NEAR_X 0.5 /* where `near` hands over to `far` */

/* ln of S(x) / a with P(a, x) = x^a S(x) / Gamma(a + 1): S = sum of a (-x)^k / (k! (a + k)). */
static double near_log(double x, double shape)
{
    double sum = 0.0, term = 1.0;
    for (int k = 1; k < 30; k++) {
        term *= -x / k;
        sum += term / (shape + k);
    }
    return log1p(shape * sum) / shape;
}

/* x with w = x S(x)^(1/a): d ln w / dx = e^-x / (x S). */
static double near_solve(double w, double shape)
{
    double x = w;
    for (int i = 0; i < 60; i++) {
        const double s = near_log(x, shape);
        const double change = (log(x) + s - log(w)) * x * exp(shape * s + x);
        x = fmax(x - change, 0.1 * x);
        if (fabs(change) < 1e-15 * x) {
            break;
        }
    }
    return x;
}

/* Chebyshev coefficients of values at the n roots cos(pi (i + 1/2) / n), as powers. */
static void powers_of_values(double *powers, const double *values, size_t n)
{
    double before[NEAR_TERMS] = {0.0}, now[NEAR_TERMS] = {1.0}; /* T_{k-1}, T_k as powers */
    memset(powers, 0, n * sizeof(double));
    for (size_t k = 0; k < n; k++) {
        double c = 0.0;
        for (size_t i = 0; i < n; i++) {
            c += values[i] * cos(M_PI * (double)k * ((double)i + 0.5) / (double)n);
        }
        c *= (k == 0 ? 1.0 : 2.0) / (double)n;
        double next[NEAR_TERMS] = {0.0};
        for (size_t i = 0; i <= k; i++) {
            powers[i] += c * now[i];
            next[i] -= before[i];
            if (i + 1 < n) {
                next[i + 1] += (k == 0 ? 1.0 : 2.0) * now[i];
            }
        }
        memcpy(before, now, sizeof(before));
        memcpy(now, next, sizeof(now));
    }
}

static void near_fill(variance_law *law)
{
    const double a = law->shape;
    double values[NEAR_TERMS];
    law->inverse_shape = 1.0 / a;
    law->ln_gamma_1 = ln_gamma(a + 1.0);
    const double top = NEAR_X * exp(near_log(NEAR_X, a));
    law->near_scale = 2.0 / top;
    for (size_t i = 0; i < NEAR_TERMS; i++) {
        const double t = cos(M_PI * ((double)i + 0.5) / NEAR_TERMS);
        const double w = 0.5 * top * (t + 1.0);
        values[i] = near_solve(w, a) / w;
    }
    powers_of_values(law->near, values, NEAR_TERMS);
    double x = NEAR_X, above = gsl_sf_gamma_inc_Q(a, x);
    law->far_start = -log(above);
    law->ln_far_from = log1p(-above);
    for (size_t i = 0; i < FAR_PIECES; i++) {
        for (int half = 0; half < 2; half++) {
            const double hazard = exp((a - 1.0) * log(x) - x - ln_gamma(a) - log(above));
            const taylor t = tail_taylor(x, 1.0 / hazard, a);
            if (half == 1) {
                memcpy(law->far + i * ROW_TERMS, t.x, ROW_TERMS * sizeof(double));
            }
            x = taylor_at(&t, 0.5 * FAR_WIDTH);
            above *= exp(-0.5 * FAR_WIDTH);
        }
    }
    law->has_near = 1;
}

/* ---- the polynomial for large means ---------------------------------------------------------- */

/* R(z, tau), see the header; its limit at tau = 0 is -1/4. */
static double root_rest(double z, double tau, double shape)
{
    if (tau <= 0.0) {
        return -0.25;
    }
    const double mean = 1.0 / (tau * tau), mu = fmax(mean - shape, 0.0);
    const double b = 0.5 * sqrt((shape + 2.0 * mu) / mean);
    return (gamma_mixture_root(z, shape, mu) - 1.0 / tau - b * z) / tau;
}

/* Interpolation at the roots of Chebyshev in z and at tau_max (1 - cos(pi j / (n - 1))) / 2. */
static void root_fill(variance_law *law)
{
    const double tau_max = 1.0 / sqrt(fmax(LAW_SWITCH, law->shape));
    const size_t n_tau = law->shape < 2.0 ? ROOT_TAU_SMALL : ROOT_TAU;
    double by_z[ROOT_TAU][ROOT_Z];
    law->root_scale = 2.0 / tau_max;
    law->n_root_tau = n_tau;
    for (size_t j = 0; j < n_tau; j++) {
        const double t = cos(M_PI * ((double)j + 0.5) / (double)n_tau);
        double values[ROOT_Z];
        for (size_t i = 0; i < ROOT_Z; i++) {
            const double zeta = cos(M_PI * ((double)i + 0.5) / ROOT_Z);
            const double z = ROOT_Z_LOW + 0.5 * (ROOT_Z_HIGH - ROOT_Z_LOW) * (zeta + 1.0);
            values[i] = root_rest(z, 0.5 * tau_max * (t + 1.0), law->shape);
        }
        powers_of_values(by_z[j], values, ROOT_Z);
    }
    for (size_t k = 0; k < ROOT_Z; k++) {
        double values[ROOT_TAU], powers[ROOT_TAU];
        for (size_t j = 0; j < n_tau; j++) {
            values[j] = by_z[j][k];
        }
        powers_of_values(powers, values, n_tau);
        for (size_t j = 0; j < n_tau; j++) {
            law->root[j * ROOT_Z + k] = powers[j];
        }
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

static double shape_of(const fel_heston *h)
{
    const double shape = 2.0 * h->kappa * h->theta / (h->xi * h->xi);
    return shape > 1e-12 ? shape : 0.0;
}

/* Shapes a, a + 1 .. beyond which Poisson's law at the largest mean has nothing left. */
uint32_t variance_law_count_rows(const fel_heston *heston)
{
    const double shape = shape_of(heston);
    if (shape >= LAW_SWITCH) {
        return 0;
    }
    uint32_t n = LAW_SWITCH;
    while (gsl_cdf_poisson_Q(n, LAW_SWITCH - shape) > 1e-15) {
        n++;
    }
    return n + 1;
}

/* (1 - e^(-k t)) / k, with its limit. */
static double decayed(double k, double t)
{
    return k * t > 1e-12 ? -expm1(-k * t) / k : t;
}

/* Shape 0: what is at zero stays there. */
static void near_nothing(variance_law *law)
{
    law->has_near = 1;
    law->inverse_shape = 1.0;
    law->ln_far_from = 1.0;
}

void variance_law_init(variance_law *law, const fel_heston *heston, double dt_years, double *rows)
{
    gsl_quiet();
    memset(law, 0, sizeof(*law));
    law->shape = shape_of(heston);
    law->scale = 0.5 * heston->xi * heston->xi * decayed(heston->kappa, dt_years);
    law->poisson_per_v = exp(-heston->kappa * dt_years) / law->scale;
    law->n_rows = variance_law_count_rows(heston);
    law->rows = rows;
    root_fill(law);
    if (law->shape <= 0.0) {
        near_nothing(law);
    } else if (law->shape < 1.0) {
        near_fill(law);
    }
    for (uint32_t n = 0; n < law->n_rows; n++) {
        if (law->shape + n >= 1.0) {
            row_fill(rows + (size_t)n * LAW_ROW_SIZE, law->shape + n);
        }
    }
}
