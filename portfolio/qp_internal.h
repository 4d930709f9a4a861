/* portfolio/qp_internal.h - convex quadratic programs of up to some hundred variables. */
#ifndef FEL_PORTFOLIO_QP_INTERNAL_H
#define FEL_PORTFOLIO_QP_INTERNAL_H

#ifndef FEL_MODULE_PORTFOLIO
#error "portfolio/qp_internal.h is for files of portfolio/ only"
#endif

#include <feller/base.h>

/* minimise x'Qx / 2 + c'x subject to Ax = b and 0 <= x <= upper. Q (n x n) positive semidefinite; A
 * (m x n) of full rank; upper > 0, may be INFINITY. */
typedef struct qp {
    size_t n, m;
    const double *Q, *c, *A, *b, *upper;
} qp;

/* By Mehrotra's predictor-corrector method (SIAM J. Optimization 2, 1992) with Cholesky factors:
 * deterministic, no start needed. x is exactly at a bound where the optimum is there by a clear
 * margin. ERR_RANGE if the conditions of optimality are not met to 1e-9 of the data's size: as a
 * rule nothing satisfies the constraints. */
fel_status qp_solve(const qp *p, double *x);

#endif
