/* sim/variance_law_internal.h - the exact law of the square-root variance over one step, as tables
 * for a sampler by inversion.
 *
 * Over a step v' = scale Y where Y is gamma distributed with shape a + N, N is Poisson with mean mu
 * = poisson_per_v v, and a = 2 kappa theta / xi^2 is half the degrees of freedom (Cox, Ingersoll,
 * Ross 1985). One normal z, or its tail, is turned into Y: mean a + mu >= LAW_SWITCH: Y is the
 * quantile of the mixture at Phi(z), a polynomial in z and 1/sqrt(mean); else N is the quantile of
 * Poisson's law at u = Phi(z), and what is left of u, again uniform, gives the gamma variable by
 * inversion: `rows` for shapes from 1, `near` and `far` below. The law is the exact one to about
 * 1e-8 in probability. */
#ifndef FEL_SIM_VARIANCE_LAW_INTERNAL_H
#define FEL_SIM_VARIANCE_LAW_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/variance_law_internal.h belongs to sim/"
#endif

#include <feller/process.h>

enum {
    LAW_SWITCH = 20,    /* mean of Y from which the polynomial serves */
    ROOT_Z = 12,        /* its terms in z */
    ROOT_TAU = 12,      /* its terms in 1/sqrt(mean) */
    ROOT_TAU_SMALL = 8, /* for shapes below 2 */
    ROW_TERMS = 8,      /* of a piece: 64 bytes, one cache line */
    ROW_PIECES = 34,    /* of a row: z from -8.5 to 8.5 */
    NEAR_TERMS = 16,
    FAR_PIECES = 76 /* L from far_start, each FAR_WIDTH long */
};
#define ROOT_Z_LOW  (-4.2) /* one path in 75,000 is below it: gamma_mixture_low() */
#define ROOT_Z_HIGH 8.3
#define ROW_Z_LOW   (-8.5)
#define ROW_WIDTH   0.5
#define FAR_WIDTH   0.5

typedef struct variance_law {
    double shape, scale, poisson_per_v;
    /* Y = (sqrt(m) + b z + R(z, tau) tau)^2, m = shape + mu, tau = 1 / sqrt(m),
     * b = sqrt(2 - shape tau^2) / 2. root[j ROOT_Z + k]: of (tau root_scale - 1)^j zeta^k with zeta
     * = z mapped to -1 .. 1. */
    double root_scale;
    double root[ROOT_TAU * ROOT_Z];
    size_t n_root_tau; /* terms in tau that are used */
    /* Shape below 1 and N = 0: with w = (u Gamma(a + 1))^(1/a), Y = w near(w) up to 2 / near_scale;
     * beyond it Y is a piecewise polynomial of L = -ln(1 - u). */
    double inverse_shape, ln_gamma_1, near_scale;
    double near[NEAR_TERMS];       /* powers of near_scale w - 1 */
    double far_start, ln_far_from; /* the same place as L and as ln u */
    double far[FAR_PIECES * ROW_TERMS];
    uint32_t n_rows, has_near; /* rows: of shapes a, a + 1, ..; row 0 unused if has_near */
    double *rows;              /* [n_rows][ROW_PIECES][ROW_TERMS], powers of z - middle */
} variance_law;

enum { LAW_ROW_SIZE = ROW_PIECES * ROW_TERMS };

/* Rows of LAW_ROW_SIZE doubles that the law needs, xi > 0. */
uint32_t variance_law_count_rows(const fel_heston *heston);
/* The law for steps of dt_years; rows is the caller's memory for that many rows. */
void variance_law_init(variance_law *law, const fel_heston *heston, double dt_years, double *rows);

/* ln Gamma(x), x > 0, without the C library's global sign. */
double ln_gamma(double x);

/* P(Y <= y) and P(Y > y), each to a relative 1e-12, and the density; mu may be 0. */
typedef struct mixture_point {
    double below, above, density;
} mixture_point;
mixture_point gamma_mixture(double y, double shape, double mu);
/* sqrt(Y) at the probability Phi(z); for means from LAW_SWITCH and z from ROOT_Z_LOW. */
double gamma_mixture_root(double z, double shape, double mu);
/* Y at Phi(z) below ROOT_Z_LOW, whatever the mean. */
double gamma_mixture_low(double z, double shape, double mu);

#endif
