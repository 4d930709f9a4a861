/* feller/inference.h - telling luck from skill: Sharpe ratios that were chosen among many,
 * forecasts that are compared, signals that are shifted in time, trainings that are repeated.
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

/* ---- two treatments, trained with several seeds each ------------------------------------------
 */

/* One quantity (cost, P&L) of every test path after training with each seed: rows are seeds,
 * columns are paths, the same paths for all. Row s of both belongs together (the same seed). A
 * single column is one number a seed. Borrowed. */
typedef struct fel_paired_runs {
    fel_cmat first, second; /* n_seeds x n_paths each */
} fel_paired_runs;

typedef enum fel_paired_statistic {
    FEL_PAIRED_MEAN_DIFFERENCE = 0,     /* mean first - mean second, over seeds and paths */
    FEL_PAIRED_RELATIVE_DIFFERENCE = 1, /* that over the mean of the second */
    FEL_PAIRED_LOG_VARIANCE_RATIO = 2   /* log(variance first / variance second) over paths, mean
                                           over seeds; exp gives a typical ratio */
} fel_paired_statistic;

typedef struct fel_paired_config {
    uint32_t struct_size;
    int n_threads;      /* 0: all cores; the same bits with any number */
    size_t n_resamples; /* at least 100 */
    size_t n_groups;    /* paths are drawn in so many groups of neighbours; 0: one by one */
    uint64_t seed;
    double confidence; /* of the interval: 0.5 .. 0.9999 */
    int is_plain;      /* 1: percentiles as they are, too narrow with few seeds */
} fel_paired_config;

/* 10,000 resamples, 1,000 groups, 0.95, not plain, all cores. */
FEL_API fel_paired_config fel_paired_config_default(void);

typedef struct fel_paired_result {
    double value;          /* of the sample */
    double standard_error; /* deviation over resamples, x sqrt(S / (S - 1)) unless plain */
    double low, high;      /* the interval */
    double p_value; /* two-sided, that the statistic is 0: where the interval would end at 0 */
    size_t n_seeds, n_paths, n_groups, n_resamples;
} fel_paired_result;

/* Bootstrap with the seed as the unit: seeds are drawn with replacement, in pairs, and the common
 * test paths with replacement, the same draw for all seeds and both treatments (Owen 2007), so that
 * both sources of luck are in the interval. Percentiles are those of Hesterberg's (2015) expanded
 * interval, as wide as Student's with n_seeds - 1 degrees of freedom where resamples are normal; so
 * p-values do not fall below 2 T(-z sqrt((S - 1) / S)), z the normal quantile of 1 / (1 +
 * n_resamples). Paths are drawn as groups of neighbours (sums are made once): mirrored pairs stay
 * together, and nothing else is lost where there are many groups. ERR_SHAPE: other shapes;
 * ERR_RANGE: fewer than two seeds, no path (variances: two, and two groups), a number that is not
 * finite, settings out of range, a mean or variance to divide by that is 0; ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_paired_bootstrap(const fel_paired_runs *runs,
                                                      fel_paired_statistic statistic,
                                                      const fel_paired_config *config,
                                                      fel_paired_result *out);

typedef struct fel_paired_test {
    double statistic; /* Student's t, or the sum of ranks of positive differences */
    double p_value;   /* two-sided */
    double mean_difference, standard_error;
    size_t n;     /* differences that count */
    int is_exact; /* Wilcoxon: by all signs, not by the normal law */
} fel_paired_test;

/* Paired t: mean of first - second over its standard error, n - 1 degrees of freedom. Of numbers a
 * seed it is a test; of paths after one training it only tells one trained policy from another, not
 * one way to train from another. NaN where all differences are equal. ERR_SHAPE, ERR_RANGE (fewer
 * than two, not finite). */
FEL_API FEL_NODISCARD fel_status fel_paired_t_test(fel_cvec first, fel_cvec second,
                                                   fel_paired_test *out);

/* The same with paths as units, each path's difference being its mean over seeds: what papers show
 * that train once. It takes the trainings as given, so it is over-confident about the treatments by
 * all that seeds differ. ERR_SHAPE, ERR_RANGE as above; ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_paired_t_over_paths(const fel_paired_runs *runs,
                                                         fel_paired_test *out);

/* Wilcoxon's (1945) signed ranks: differences of 0 are left out, ties share their mean rank. Exact
 * given the ranks for up to 25 differences, beyond by the normal law with its corrections for ties
 * and continuity. p_value 1 where all differences are 0. ERR_SHAPE, ERR_RANGE (none, not finite);
 * ERR_NOMEM. */
FEL_API FEL_NODISCARD fel_status fel_wilcoxon_test(fel_cvec first, fel_cvec second,
                                                   fel_paired_test *out);

FEL_END_DECLS
#endif
