/* feller/price.h - prices and greeks of options: Black-Scholes, Heston, Bates, Merton, American
 * approximations, and payoffs by Monte Carlo. */
#ifndef FEL_PRICE_H
#define FEL_PRICE_H

#include <feller/market.h>
#include <feller/paths.h>

FEL_BEGIN_DECLS

/* Value of one European option and its derivatives, in money: vega per 1.00 of volatility, theta
 * per year, both rhos per 1.00. */
typedef struct fel_greeks {
    double price;
    double delta, gamma; /* d/dS, d2/dS2 */
    double vega;         /* Black-Scholes, Merton: d/dvol; Heston, Bates: d/dv0 x 2 sqrt(v0) */
    double theta;        /* d/dt, calendar time passing: negative for most long options */
    double rho;          /* d/dr */
    double dividend_rho; /* d/dq */
    double in_the_money; /* risk-neutral probability of exercise */
} fel_greeks;

/* Black and Scholes (1973), Merton's yield; any limit (t = 0, vol = 0) is its limit value.
 * ERR_RANGE for NaN, spot or strike <= 0, negative t or vol. */
FEL_API FEL_NODISCARD fel_status fel_black_scholes(fel_option_right right, double spot,
                                                   double strike, double t_years,
                                                   double rate_per_year, double dividend_per_year,
                                                   double vol_per_year, fel_greeks *out);

/* Black's formula on a forward, discounted: the fast one for loops; no checks, no errors. */
FEL_API double fel_black(fel_option_right right, double forward, double strike, double t_years,
                         double vol_per_year, double discount);

/* The volatility at which fel_black() gives this price, to a few ulps wherever the price determines
 * it, deep wings included. ERR_RANGE if the price lies outside the no-arbitrage bounds (says them).
 */
FEL_API FEL_NODISCARD fel_status fel_implied_vol(fel_option_right right, double price,
                                                 double forward, double strike, double t_years,
                                                 double discount, double *vol_per_year);

/* How Heston, Bates and Merton prices are computed. */
typedef enum fel_price_method {
    FEL_PRICE_FAST = 0,    /* fixed nodes shared by the strikes of a maturity, error controlled to
                              1e-8 of spot */
    FEL_PRICE_ADAPTIVE = 1 /* adaptive quadrature with another representation: 1e-12 of spot */
} fel_price_method;

/* n European options of one maturity under any process; rights NULL: all calls. prices[n]. One call
 * for all strikes of a maturity is many times faster than one for each. ERR_RANGE for a process,
 * time or strike out of range, and where the characteristic function hardly decays (|rho| = 1 with
 * next to no variance) so that neither method converges; ERR_ARG for a method or right that is
 * none; ERR_NOMEM (adaptive). Gbm has one method, Black's formula; Merton's adaptive one is his
 * series.
 */
FEL_API FEL_NODISCARD fel_status fel_price_european(const fel_process *process, double t_years,
                                                    const double *strikes,
                                                    const fel_option_right *rights, size_t n,
                                                    fel_price_method method, double *prices);

/* The same with greeks. Where a variance has no mean reversion and next to nothing to start from,
 * the adaptive ones may not converge (ERR_RANGE). */
FEL_API FEL_NODISCARD fel_status fel_greeks_european(const fel_process *process, double t_years,
                                                     const double *strikes,
                                                     const fel_option_right *rights, size_t n,
                                                     fel_price_method method, fel_greeks *greeks);

enum { FEL_HESTON_N_PARAMS = 5 };

/* Calls and their derivatives by (v0, kappa, theta, xi, rho): gradient[n x 5], row-major, may be
 * NULL. FAST only; for calibration. Spot, rate and yield are the process's. ERR_ARG unless the kind
 * is Heston. */
FEL_API FEL_NODISCARD fel_status fel_heston_gradient(const fel_process *process, double t_years,
                                                     const double *strikes, size_t n,
                                                     double *prices, double *gradient);

/* American options under Black-Scholes by approximation, to about 0.1 % of spot; never below the
 * European price or the intrinsic value. ERR_RANGE as fel_black_scholes(), and for rates so
 * negative that early exercise has two boundaries. */
typedef enum fel_american_method {
    FEL_AMERICAN_BARONE_ADESI_WHALEY = 0, /* 1987 */
    FEL_AMERICAN_BJERKSUND_STENSLAND = 1  /* 1993 */
} fel_american_method;
FEL_API FEL_NODISCARD fel_status fel_price_american(fel_american_method method,
                                                    fel_option_right right, double spot,
                                                    double strike, double t_years,
                                                    double rate_per_year, double dividend_per_year,
                                                    double vol_per_year, double *price);

FEL_END_DECLS
#endif
