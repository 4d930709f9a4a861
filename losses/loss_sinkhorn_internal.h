/* losses/loss_sinkhorn_internal.h - scaling a matrix to rows and columns that add up to 1. */
#ifndef FEL_LOSSES_LOSS_SINKHORN_INTERNAL_H
#define FEL_LOSSES_LOSS_SINKHORN_INTERNAL_H

#ifndef FEL_MODULE_LOSSES
#error "losses/loss_sinkhorn_internal.h belongs to losses/"
#endif

#include <stddef.h>

/* P = diag(row) K diag(column) after n_steps; the factors of all steps are kept for the reverse. */
typedef struct sinkhorn {
    size_t n, most_steps, n_steps;
    double tolerance;
    double *rows;    /* (most_steps + 1) x n: factors after each step, 1 before the first */
    double *columns; /* the same */
} sinkhorn;

/* Scale columns, then rows, until every sum is within tolerance of 1 or most_steps are done; rows
 * and columns have room for it. k is n x n, positive. */
void sinkhorn_scale(sinkhorn *s, const double *k);

/* dk = derivative by K of a function whose derivative by P is dp (both n x n). room: 2 n. */
void sinkhorn_reverse(const sinkhorn *s, const double *k, const double *dp, double *dk,
                      double *room);

#endif
