/* sim/calibrate_internal.h - the least-squares problem of a calibration, its parameters, one fit.
 */
#ifndef FEL_MODULE_SIM
#error "sim/calibrate_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_CALIBRATE_INTERNAL_H
#define FEL_SIM_CALIBRATE_INTERNAL_H

#include <feller/calibrate.h>

enum { FIT_N = FEL_HESTON_N_PARAMS };

/* ---- parameters ------------------------------------------------------------------------------ */

/* v0, kappa, theta, xi, rho as an array. */
void fit_pack(const fel_heston *heston, double p[FIT_N]);
void fit_unpack(const double p[FIT_N], fel_heston *heston);

/* Any point y of R^5 to parameters inside their ranges, with dp/dy; and back (values at or outside
 * the edge of a range are moved inside). */
void fit_from_free(const double y[FIT_N], double p[FIT_N], double slope[FIT_N]);
void fit_to_free(const double p[FIT_N], double y[FIT_N]);

/* How far parameter i is from a value, and d distance / dp: in logarithms; rho in a measure that
 * grows without bound towards -1 and 1. */
double fit_distance(size_t i, double p, double centre, double *slope);

/* Bit i: parameter i is at the edge of its range, to where no one could tell. */
int fit_bounds(const double p[FIT_N]);
const char *fit_parameter_name(size_t i);

/* ---- the problem ----------------------------------------------------------------------------- */

typedef enum fit_stage {
    FIT_SMOOTH = 0, /* price differences over the market's vega: smooth far from the optimum */
    FIT_TRUE = 1    /* the objective asked for */
} fit_stage;

/* Immutable during a fit, shared by threads. */
typedef struct fit_problem {
    const fel_chain *chain;
    fel_fit_objective objective;
    double *weight; /* of each quote, mean 1; owned */
    double *smooth; /* what a price difference is multiplied by in the smooth stage; owned */
    double *strike; /* by quote, for the pricer; owned */
    fel_heston centre;
    double pull; /* of the smooth stage towards `centre`: size of a residual vector */
    double tolerance;
    uint32_t max_iterations;
    const volatile int *stop_flag;
} fit_problem;

fel_status fit_problem_init(fit_problem *out, const fel_chain *chain,
                            const fel_calibrate_options *options);
void fit_problem_clear(fit_problem *problem);

/* Model prices of all quotes and, unless NULL, their derivatives by the parameters, n x 5. */
fel_status fit_prices(const fit_problem *problem, const fel_heston *heston, double *prices,
                      double *gradient);

/* One quote's residual in the unit of the stage, unweighted, and d residual / d price. */
typedef struct fit_residual {
    double value, slope;
} fit_residual;
fit_residual fit_residual_of(const fit_problem *problem, size_t i, fit_stage stage, double price);

/* The volatility of a model's price; NaN where it has none. */
double fit_model_vol(const fit_problem *problem, size_t i, double price);

/* ---- fits ------------------------------------------------------------------------------------ */

/* The centre of the smooth stage: what the chain itself suggests. */
void fit_chain_start(fel_heston *out, const fel_chain *chain);

/* Memory of one fit; one thread. */
typedef struct fit_work {
    const fit_problem *problem;
    fit_stage stage;
    size_t n_rows; /* of the stage: quotes, and 5 that pull to the centre in the smooth one */
    double *prices, *gradient, *residual; /* n; n + 5 rows of the last two */
    double at[FIT_N], slope[FIT_N];       /* what they were computed for */
    int is_computed;
    int is_begun; /* a point was computed: the search has somewhere to go back to */
    uint32_t n_evaluations;
    fel_status status;
} fit_work;
fel_status fit_work_init(fit_work *out, const fit_problem *problem);
void fit_work_clear(fit_work *work);

/* Sum of squares of the smooth stage at a point. */
fel_status fit_screen(fit_work *work, const fel_heston *heston, double *sum_of_squares);

typedef struct fit_end {
    fel_heston heston;
    double sum_of_squares; /* of the stage; NaN if it failed */
    uint32_t n_iterations;
    int is_converged, was_stopped;
    const char *text;
} fit_end;

/* Levenberg-Marquardt from a point; tolerance relative. A fit that leads nowhere is no failure. */
fel_status fit_run(fit_end *out, fit_work *work, fit_stage stage, const fel_heston *start,
                   double tolerance);

/* Prices, weighted residuals and their derivatives by the parameters themselves. */
fel_status fit_compute(fit_work *work, fit_stage stage, const fel_heston *heston);

/* Standard errors, condition, the note about what is not identified. work is at the optimum. */
fel_status fit_judge(fel_calibration *out, fit_work *work);

/* ---- starts ---------------------------------------------------------------------------------- */

/* Start k: the chain's at-the-money volatilities, or the best of a few random points. */
fel_status fit_start(fel_heston *out, fit_work *work, const fel_calibrate_options *options,
                     uint32_t k);

#endif
