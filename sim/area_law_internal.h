/* sim/area_law_internal.h - the integral of the variance over a step given its two ends.
 *
 * Glasserman and Kim (2011), "Gamma expansion of the Heston stochastic volatility model": the
 * integral has the law of X1 + X2 + Z_1 + .. + Z_eta, all sums of gamma variables over the same
 * rates gamma_n, which are joined here into one gamma variable a rate:
 *   sum over n of G_n / gamma_n,  G_n gamma distributed with shape a + 2 eta + N_n,
 * N_n Poisson with mean (v + v') lambda_n, eta from Bessel's law (nu = a - 1, z), a = 2 kappa theta
 * / xi^2. Terms beyond n_terms are one gamma variable of their mean and variance. */
#ifndef FEL_SIM_AREA_LAW_INTERNAL_H
#define FEL_SIM_AREA_LAW_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/area_law_internal.h belongs to sim/"
#endif

#include <feller/process.h>

enum { AREA_MOST_TERMS = 256 };

typedef struct area_law {
    double shape;        /* a */
    double bessel_per_v; /* z = this sqrt(v v') */
    size_t n_terms;
    double length[AREA_MOST_TERMS]; /* 1 / gamma_n */
    double rate[AREA_MOST_TERMS];   /* lambda_n */
    /* The rest: mean and variance for each unit of v + v', and of shape. */
    double mean_per_v, variance_per_v, mean_per_shape, variance_per_shape;
} area_law;

void area_law_init(area_law *law, const fel_heston *heston, double dt_years);

/* Mean and variance of the integral given v, v' and eta: for tests and for the rest's match. */
typedef struct area_moments {
    double mean, variance;
} area_moments;

/* A place in a path's own draws: blocks of the counter {path, step, draw + 0, 1, ..}. */
typedef struct draw_stream {
    uint64_t seed, path;
    uint32_t step, draw;
    double spare[2]; /* uniforms of the last block */
    int n_spare;
    double spare_normal;
    int has_spare_normal;
} draw_stream;

draw_stream draw_stream_at(uint64_t seed, uint64_t path, uint32_t step, uint32_t draw);
double draw_uniform(draw_stream *s);
double draw_normal(draw_stream *s);
double draw_gamma(draw_stream *s, double shape); /* shape 0 gives 0 */
double draw_poisson(draw_stream *s, double mean);
/* eta with probability (z/2)^(2 eta + nu) / (I_nu(z) eta! Gamma(eta + nu + 1)), nu >= -1. */
double draw_bessel(draw_stream *s, double nu, double z);

/* The integral over the step, given its ends. */
double area_draw(const area_law *law, double v, double v_next, draw_stream *s);

#endif
