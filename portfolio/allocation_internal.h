/* portfolio/allocation_internal.h - what the ways of allocating share. */
#ifndef FEL_PORTFOLIO_ALLOCATION_INTERNAL_H
#define FEL_PORTFOLIO_ALLOCATION_INTERNAL_H

#ifndef FEL_MODULE_PORTFOLIO
#error "portfolio/allocation_internal.h is for files of portfolio/ only"
#endif

#include <feller/portfolio.h>

typedef struct market {
    const fel_allocation *rule;
    size_t n;
    const double *mean, *covariance;
    const double *held; /* NULL: nothing */
} market;

fel_status allocate_equal_weight(const market *m, double *weights);
fel_status allocate_inverse_volatility(const market *m, double *weights);
fel_status allocate_risk_parity(const market *m, double *weights);
fel_status allocate_minimum_variance(const market *m, double *weights);
fel_status allocate_maximum_sharpe(const market *m, double *weights);
fel_status allocate_kelly(const market *m, double *weights);

#endif
