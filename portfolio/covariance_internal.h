/* portfolio/covariance_internal.h - a window of returns about its means, and the shrinking of its
 * covariance. */
#ifndef FEL_PORTFOLIO_COVARIANCE_INTERNAL_H
#define FEL_PORTFOLIO_COVARIANCE_INTERNAL_H

#ifndef FEL_MODULE_PORTFOLIO
#error "portfolio/covariance_internal.h is for files of portfolio/ only"
#endif

#include <stddef.h>

/* Deviations from the columns' means (T x n) and their products over T (n x n). */
typedef struct window {
    const double *x, *s;
    size_t T, n;
} window;

/* s becomes shrinkage x target + (1 - shrinkage) x s; returns the shrinkage. */
double shrink_to_identity(const window *w, double *s);
double shrink_to_constant_correlation(const window *w, double *s);

#endif
