/* losses/loss_sinkhorn.c - Sinkhorn's scaling (Sinkhorn 1964), unrolled and reversed.
 *
 * Only the two vectors of factors change from step to step, v = 1 / (K' u) and u = 1 / (K v), so
 * the reverse needs 2 n numbers a step instead of a matrix. */
#include <math.h>
#include <string.h>

#include "losses/loss_sinkhorn_internal.h"

/* out_j = sum_i x_i K_ij */
static void times_columns(size_t n, const double *k, const double *x, double *out)
{
    memset(out, 0, n * sizeof(*out));
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            out[j] += x[i] * k[i * n + j];
        }
    }
}

static double times_row(size_t n, const double *row, const double *x)
{
    double sum = 0.0;
    for (size_t j = 0; j < n; j++) {
        sum += row[j] * x[j];
    }
    return sum;
}

static void invert(size_t n, double *x)
{
    for (size_t j = 0; j < n; j++) {
        x[j] = 1.0 / x[j];
    }
}

/* ---- forwards -------------------------------------------------------------------------------- */

/* Rows add up to 1 after a step; the next step's column factors tell by how much columns do not. */
static int is_scaled(const sinkhorn *s, const double *column, const double *next)
{
    for (size_t j = 0; j < s->n; j++) {
        if (!(fabs(column[j] / next[j] - 1.0) < s->tolerance)) {
            return 0;
        }
    }
    return 1;
}

void sinkhorn_scale(sinkhorn *s, const double *k)
{
    const size_t n = s->n;
    for (size_t i = 0; i < n; i++) {
        s->rows[i] = 1.0;
        s->columns[i] = 1.0;
    }
    for (s->n_steps = 0; s->n_steps < s->most_steps; s->n_steps++) {
        const double *row = s->rows + s->n_steps * n, *column = s->columns + s->n_steps * n;
        double *next_row = s->rows + (s->n_steps + 1) * n;
        double *next_column = s->columns + (s->n_steps + 1) * n;
        times_columns(n, k, row, next_column);
        invert(n, next_column);
        if (s->n_steps > 0 && is_scaled(s, column, next_column)) {
            return;
        }
        for (size_t i = 0; i < n; i++) {
            next_row[i] = 1.0 / times_row(n, k + i * n, next_column);
        }
    }
}

/* ---- backwards ------------------------------------------------------------------------------- */

/* P_ij = u_i K_ij v_j at the last step. */
static void reverse_product(const sinkhorn *s, const double *k, const double *dp, double *dk,
                            double *drow, double *dcolumn)
{
    const size_t n = s->n;
    const double *row = s->rows + s->n_steps * n, *column = s->columns + s->n_steps * n;
    memset(dcolumn, 0, n * sizeof(*dcolumn));
    for (size_t i = 0; i < n; i++) {
        drow[i] = 0.0;
        for (size_t j = 0; j < n; j++) {
            const double share = dp[i * n + j] * k[i * n + j];
            drow[i] += share * column[j];
            dcolumn[j] += share * row[i];
            dk[i * n + j] = dp[i * n + j] * row[i] * column[j];
        }
    }
}

/* One step: u = 1 / (K v), v = 1 / (K' u before). */
static void reverse_step(const sinkhorn *s, size_t step, const double *k, double *dk, double *drow,
                         double *dcolumn)
{
    const size_t n = s->n;
    const double *row = s->rows + step * n, *column = s->columns + step * n, *before = row - n;
    for (size_t i = 0; i < n; i++) {
        const double dsum = -drow[i] * row[i] * row[i];
        for (size_t j = 0; j < n; j++) {
            dk[i * n + j] += dsum * column[j];
            dcolumn[j] += dsum * k[i * n + j];
        }
    }
    for (size_t j = 0; j < n; j++) {
        dcolumn[j] *= -column[j] * column[j];
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            dk[i * n + j] += dcolumn[j] * before[i];
        }
        drow[i] = times_row(n, k + i * n, dcolumn);
    }
    memset(dcolumn, 0, n * sizeof(*dcolumn));
}

void sinkhorn_reverse(const sinkhorn *s, const double *k, const double *dp, double *dk,
                      double *room)
{
    double *drow = room, *dcolumn = room + s->n;
    reverse_product(s, k, dp, dk, drow, dcolumn);
    for (size_t step = s->n_steps; step > 0; step--) {
        reverse_step(s, step, k, dk, drow, dcolumn);
    }
}
