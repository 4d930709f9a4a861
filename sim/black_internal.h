/* sim/black_internal.h - the normalised Black function that prices and implied volatilities share.
 */
#ifndef FEL_MODULE_SIM
#error "sim/black_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_BLACK_INTERNAL_H
#define FEL_SIM_BLACK_INTERNAL_H

/* Mills' ratio Q(z) / phi(z) for z >= 0, to a few units in the 16th digit. */
double mills_ratio(double z);

/* Standard normal distribution function, accurate in both tails. */
double normal_cdf(double z);

/* |ln(forward / strike)|, accurate near the money too. */
double log_moneyness(double forward, double strike);

/* The out-of-the-money side's undiscounted value over sqrt(forward strike):
 *   b(x, s) = exp(-x/2) Phi(-x/s + s/2) - exp(x/2) Phi(-x/s - s/2),
 * x = |ln(forward / strike)| >= 0, s = vol sqrt(t) >= 0; and its supremum exp(-x/2) minus it. Both
 * to about 1e-15 relative where x, s are of the size of real options. */
typedef struct black_value {
    double value;   /* b */
    double missing; /* exp(-x/2) - b */
    double slope;   /* db/ds */
} black_value;
black_value black_normalised(double x, double s);

#endif
