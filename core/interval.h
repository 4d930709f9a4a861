/* core/interval.h - confidence intervals of quantiles and of shares, without assumptions on the
 * distribution. */
#ifndef FEL_CORE_INTERVAL_H
#define FEL_CORE_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

/* Places (from 0) in n sorted independent values whose values enclose the quantile of this level
 * with at least this confidence, each side failing with at most half of the rest. n if there are
 * too few values for that side. */
typedef struct quantile_places {
    size_t low, high;
} quantile_places;
quantile_places quantile_interval(size_t n, double level, double confidence);

/* Clopper and Pearson (1934): the probabilities under which so many hits of n are not too few and
 * not too many. n > 0. */
typedef struct share_bounds {
    double low, high;
} share_bounds;
share_bounds share_interval(uint64_t n_hits, uint64_t n, double confidence);

#endif
