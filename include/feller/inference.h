/* feller/inference.h - telling luck from skill: Sharpe ratios that were chosen among many,
 * forecasts that are compared, signals that are shifted in time.
 *
 * Everything here is a period (not annualised) unless said. Pure functions, the same bits every
 * time; NaN where a number is not defined. docs/metrics.md has the formulas with their sources. */
#ifndef FEL_INFERENCE_H
#define FEL_INFERENCE_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* ---- Sharpe ratios --------------------------------------------------------------------------- */

/* A Sharpe ratio a period with what its uncertainty depends on: returns of n periods that are not
 * NaN, skewness, kurtosis (3 if normal). */
typedef struct fel_sharpe_moments {
    double n, sharpe, skewness, kurtosis;
} fel_sharpe_moments;

/* Of returns, less risk_free_per_period. sharpe is NaN below three returns or if all are equal. */
FEL_API fel_sharpe_moments fel_sharpe_moments_of(fel_cvec returns, double risk_free_per_period);

/* Probability that the true ratio is above `benchmark`, given the one observed (Bailey and Lopez de
 * Prado 2012): Phi((S - S*) sqrt(n - 1) / sqrt(1 - g3 S + (g4 - 1) / 4 S^2)). */
FEL_API double fel_probabilistic_sharpe(const fel_sharpe_moments *m, double benchmark);

/* Periods needed for that probability to reach `confidence` if the moments stay as they are:
 * 1 + (1 - g3 S + (g4 - 1) / 4 S^2) (z / (S - S*))^2; infinity where S <= S*. */
FEL_API double fel_min_track_record(const fel_sharpe_moments *m, double benchmark,
                                    double confidence);

/* Expected largest of n_trials independent ratios with mean 0 and standard deviation `sd`:
 * sd ((1 - g) Phi^-1(1 - 1 / N) + g Phi^-1(1 - 1 / (N e))), g = 0.5772 (Bailey and Lopez de Prado
 * 2014). 0 for one trial. n_trials need not be whole. */
FEL_API double fel_expected_max_sharpe(double n_trials, double sd);

/* The probabilistic ratio against that maximum: the deflated Sharpe ratio. */
FEL_API double fel_deflated_sharpe(const fel_sharpe_moments *m, double n_trials, double sd);

/* ---- two forecasts --------------------------------------------------------------------------- */

typedef struct fel_dm_result {
    double statistic; /* > 0: the first has the larger losses */
    double p_value;   /* two-sided, Student with n - 1 degrees of freedom */
    double mean_difference;
    size_t n, n_lags;
} fel_dm_result;

/* As many lags as floor(4 (n / 100)^(2/9)). */
#define FEL_LAGS_AUTOMATIC ((size_t)-1)

/* Diebold-Mariano (1995) test that two series of losses have the same mean, their differences'
 * long-run variance by Bartlett weights over n_lags lags (Newey and West 1987), with the
 * small-sample factor of Harvey, Leybourne and Newbold (1997) for forecasts n_lags + 1 periods
 * ahead where n_lags is given. Pairs with a NaN are left out. ERR_SHAPE: other lengths; ERR_RANGE:
 * fewer than three pairs, or no more than n_lags. Statistic and p-value are NaN where all
 * differences are equal. */
FEL_API FEL_NODISCARD fel_status fel_diebold_mariano(fel_cvec losses_first, fel_cvec losses_second,
                                                     size_t n_lags, fel_dm_result *out);

/* ---- a signal against shifts of itself ------------------------------------------------------- */

typedef struct fel_shift_result {
    double statistic; /* mean / standard deviation of position x return, less costs, a period */
    double p_value;   /* (1 + shifts at least as good) / (1 + shifts): the timing is random */
    double mean, sd;  /* of the statistic over the shifts */
    size_t n, n_shifts;
} fel_shift_result;

/* Circular-shift test: positions[i] earns returns[i] and pays cost_per_turnover for each unit that
 * it differs from the one before (the first: from the last, as on a ring, so that every shift
 * trades as much). Shifts are drawn without replacement from 1 .. n - 1 by the seed; all of them if
 * n_shifts is more. ERR_SHAPE: other lengths; ERR_RANGE: fewer than three periods or no shift, a
 * number that is not finite. */
FEL_API FEL_NODISCARD fel_status fel_circular_shift_test(fel_cvec positions, fel_cvec returns,
                                                         double cost_per_turnover, size_t n_shifts,
                                                         uint64_t seed, fel_shift_result *out);

FEL_END_DECLS
#endif
