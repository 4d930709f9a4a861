/* losses/risk_internal.h - the rows of the table of risk measures, and what they share. */
#ifndef FEL_LOSSES_RISK_INTERNAL_H
#define FEL_LOSSES_RISK_INTERNAL_H

#ifndef FEL_MODULE_LOSSES
#error "losses/risk_internal.h belongs to losses/: other modules use feller/risk.h"
#endif

#include <math.h>

#include <feller/risk.h>

/* The signature of fel_risk_class.term. */
#define RISK_TERM(name)                                                                            \
    double name(const double *params, double pnl, double w, double *slope, double *curvature,      \
                double *threshold_slope)

#define RISK_AVERSION_ROW(default_value, doc)                                                      \
    {                                                                                              \
        "risk_aversion", FEL_PARAM_REAL, default_value, 1e-9, 1e9, NULL, doc                       \
    }

/* ---- rows ------------------------------------------------------------------------------------ */

extern const fel_risk_class risk_mean_variance, risk_quadratic;
extern const fel_risk_class risk_entropic, risk_exponential_utility;
extern const fel_risk_class risk_cvar, risk_expected_shortfall;
extern const fel_risk_class risk_smooth_cvar, risk_quadratic_cvar;
extern const fel_risk_class risk_oce_quadratic, risk_oce_exp2, risk_oce_vicky;
extern const fel_risk_class risk_isoelastic;

/* ---- thresholds: risk_solve.c ---------------------------------------------------------------- */

/* The smallest and largest loss (-P&L), and their mean. */
typedef struct loss_range {
    double low, high, mean;
} loss_range;
loss_range losses_of(const double *pnl, size_t n);

/* Where the mean of threshold slopes, which rises with w, is 0 within low .. high: Newton's steps,
 * and halving where they leave the bracket or are slow. For terms w + l(-X - w), whose curvature by
 * w is that by the P&L. */
double risk_root(const fel_risk_class *code, const double *params, const double *pnl, size_t n,
                 double low, double high);

/* ---- order statistics: risk_order.c ---------------------------------------------------------- */

/* A w above which lie tail losses of n, 0 < tail <= n: the loss that is counted in part or, where
 * tail is whole, the middle between the last in the tail and the next. ERR_NOMEM. */
fel_status risk_tail_threshold(const double *pnl, size_t n, double tail, double *w);

/* ---- the measure: risk_measure.c ------------------------------------------------------------- */

/* Parameters in range, n > 0, P&Ls finite and within the domain. `what` is said of them. */
fel_status risk_check_paths(const fel_risk *risk, const char *what, const double *pnl, size_t n);
/* The measure of paths that were checked; *used (may be NULL) is the risk with the parameters for
 * so many paths. */
fel_status risk_measure_checked(const fel_risk *risk, const double *pnl, size_t n, double *value,
                                double *w, fel_risk *used);

#endif
