/* core/metric_internal.h - the functions behind the table of metrics, and the sums that they share.
 *
 * Every metric has one shape: (returns, factor, options) -> number; NaN where it is not defined. */
#ifndef FEL_CORE_METRIC_INTERNAL_H
#define FEL_CORE_METRIC_INTERNAL_H

#ifndef FEL_MODULE_CORE
#error "core/metric_internal.h belongs to core/: other modules use feller/metric.h"
#endif

#include <math.h>

#include <feller/metric.h>

#define NOT_DEFINED ((double)NAN)

#define METRIC(name)                                                                               \
    double metric_##name(fel_cvec returns, fel_cvec factor, const fel_metric_options *options)

/* ---- metric_moments.c: sums over the values that are not NaN --------------------------------- */

size_t count_known(fel_cvec x);
double mean_known(fel_cvec x);
/* ddof 1; NaN below two values. Two passes. */
double deviation_known(fel_cvec x);
/* Sum of (x - centre)^power. */
double power_sum_known(fel_cvec x, double centre, int power);
/* numpy's linear interpolation between order statistics, fraction in [0, 1], NaN left out. */
double quantile_known(fel_cvec x, double fraction);
/* The k-th smallest (from 0) of the values that are not NaN. */
double nth_known(fel_cvec x, size_t k);

/* The smallest double of which count(what, it) is more than k, count being that of values at most a
 * bound: the k-th smallest (from 0), by at most 64 calls. */
double nth_by_count(size_t (*count)(const void *what, double bound), const void *what, size_t k);

/* ---- metric_drawdown.c: the equity line that the returns make, walked point by point --------- */

typedef struct equity_walk {
    double equity, peak; /* {1, 1} before the first return */
} equity_walk;

/* Fraction below the peak after one more return, <= 0. */
double equity_walk_on(equity_walk *walk, double r);

/* A point counts as at the maximum within the rounding of the products that made it. */
#define ROUNDED_PEAK 1e-12

/* ---- metrics by file ------------------------------------------------------------------------- */

METRIC(total_return); /* metric_growth.c */
METRIC(annual_return);
METRIC(best_return);
METRIC(worst_return);
METRIC(positive_share);
METRIC(gain_to_pain);
METRIC(stability);

METRIC(annual_volatility); /* metric_risk.c */
METRIC(downside_risk);
METRIC(value_at_risk);
METRIC(conditional_value_at_risk);
METRIC(tail_ratio);
METRIC(skew);
METRIC(kurtosis);

METRIC(max_drawdown); /* metric_drawdown.c */
METRIC(average_drawdown);
METRIC(ulcer_index);
METRIC(loss_duration);
METRIC(mld);

METRIC(drawdown_count); /* metric_spells.c */
METRIC(drawdown_depth);
METRIC(drawdown_length);
METRIC(longest_drawdown);
METRIC(conditional_drawdown);

METRIC(average_return); /* metric_wins.c */
METRIC(average_gain);
METRIC(average_loss);
METRIC(payoff_ratio);
METRIC(profit_factor);
METRIC(profit_ratio);
METRIC(kelly_criterion);
METRIC(active_share);
METRIC(consecutive_wins);
METRIC(consecutive_losses);

METRIC(outlier_win_ratio); /* metric_tails.c */
METRIC(outlier_loss_ratio);
METRIC(normal_value_at_risk);
METRIC(normal_conditional_value_at_risk);
METRIC(two_sigma_value_at_risk);
METRIC(probabilistic_sharpe_ratio);

METRIC(geometric_mean); /* metric_compound.c */
METRIC(risk_return_ratio);
METRIC(return_when_active);
METRIC(adjusted_sortino_ratio);
METRIC(autocorrelation_penalty);
METRIC(smart_sharpe_ratio);
METRIC(smart_sortino_ratio);
METRIC(common_sense_ratio);
METRIC(cpc_index);
METRIC(recovery_factor);
METRIC(ulcer_performance_index);
METRIC(serenity_index);

METRIC(sharpe_ratio); /* metric_ratio.c */
METRIC(sortino_ratio);
METRIC(omega_ratio);
METRIC(calmar_ratio);

METRIC(arc); /* metric_papers.c */
METRIC(asd);
METRIC(md);
METRIC(ir1);
METRIC(ir2);
METRIC(ir3);

METRIC(beta); /* metric_regression.c */
METRIC(alpha);
METRIC(up_beta);
METRIC(up_alpha);
METRIC(down_beta);
METRIC(down_alpha);
METRIC(correlation);

METRIC(excess_sharpe); /* metric_factor.c */
METRIC(tracking_error);
METRIC(capture);
METRIC(up_capture);
METRIC(down_capture);
METRIC(up_down_capture);

METRIC(r_squared); /* metric_market.c */
METRIC(jensen_alpha);
METRIC(treynor_ratio);
METRIC(batting_average);
METRIC(beta_fragility);

#endif
