/* sim/area_law.c - rates of the gamma expansion and a draw of it; see area_law_internal.h.
 *
 * lambda_n = 16 pi^2 n^2 / (xi^2 t (kappa^2 t^2 + 4 pi^2 n^2)), gamma_n = (kappa^2 t^2 + 4 pi^2
 * n^2) / (2 xi^2 t^2) (their theorem 2.2), the Bessel parameter z = 2 kappa sqrt(v v') / (xi^2
 * sinh(kappa t / 2)). With B = (kappa t / 2 pi)^2: 1/gamma_n = C / (B + n^2). */
#include <math.h>

#include "sim/area_law_internal.h"

enum { FEWEST_TERMS = 16, LAST_TERM = 4000 };

/* Sums over all n > n_terms: to LAST_TERM one by one, then the integral from LAST_TERM + 1/2. */
static void rest_init(area_law *law, double c, double b, double xi2_t)
{
    double mean_v = 0.0, variance_v = 0.0, mean_s = 0.0, variance_s = 0.0;
    for (size_t n = LAST_TERM; n > law->n_terms; n--) {
        const double n2 = (double)n * (double)n, length = c / (b + n2);
        const double rate = 4.0 * n2 / (xi2_t * (b + n2));
        mean_v += rate * length;
        variance_v += 2.0 * rate * length * length;
        mean_s += length;
        variance_s += length * length;
    }
    const double from = LAST_TERM + 0.5, root = sqrt(b);
    const double angle = root > 1e-9 ? atan(root / from) / root : 1.0 / from;
    law->mean_per_shape = mean_s + c * angle;
    law->mean_per_v = mean_v + 4.0 / xi2_t * c * 0.5 * (angle + from / (b + from * from));
    law->variance_per_shape = variance_s;
    law->variance_per_v = variance_v;
}

/* z / sqrt(v v'), with its limit at kappa = 0. */
static double bessel_factor(double kappa, double xi2, double t)
{
    const double x = 0.5 * kappa * t;
    const double over_sinh = x > 1e-8 ? x / sinh(x) : 1.0;
    return 4.0 / (xi2 * t) * over_sinh;
}

void area_law_init(area_law *law, const fel_heston *heston, double dt_years)
{
    const double t = dt_years, xi2 = heston->xi * heston->xi;
    const double root = heston->kappa * t / (2.0 * M_PI), b = root * root;
    const double c = xi2 * t * t / (2.0 * M_PI * M_PI);
    law->shape = 2.0 * heston->kappa * heston->theta / xi2;
    law->bessel_per_v = bessel_factor(heston->kappa, xi2, t);
    law->n_terms = FEWEST_TERMS + (size_t)fmin(ceil(4.0 * root), AREA_MOST_TERMS - FEWEST_TERMS);
    for (size_t i = 0; i < law->n_terms; i++) {
        const double n2 = (double)(i + 1) * (double)(i + 1);
        law->length[i] = c / (b + n2);
        law->rate[i] = 4.0 * n2 / (xi2 * t * (b + n2));
    }
    rest_init(law, c, b, xi2 * t);
}

double area_draw(const area_law *law, double v, double v_next, draw_stream *s)
{
    const double sum_v = v + v_next, z = law->bessel_per_v * sqrt(v * v_next);
    const double shape = law->shape + 2.0 * draw_bessel(s, law->shape - 1.0, z);
    double area = 0.0;
    for (size_t i = 0; i < law->n_terms; i++) {
        const double n = draw_poisson(s, sum_v * law->rate[i]);
        area += draw_gamma(s, shape + n) * law->length[i];
    }
    const double mean = sum_v * law->mean_per_v + shape * law->mean_per_shape;
    const double variance = sum_v * law->variance_per_v + shape * law->variance_per_shape;
    if (!(mean > 1e-300) || !(variance > 0.0)) {
        return area + mean;
    }
    return area + draw_gamma(s, mean * mean / variance) * (variance / mean);
}
