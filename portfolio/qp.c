/* portfolio/qp.c - a primal-dual interior-point method.
 *
 * Multipliers: y of the rows, z >= 0 of x >= 0, v >= 0 of x <= upper; s = upper - x. Where upper is
 * infinite v = 0 and no s is read. A Newton step solves
 *     (Q + z/x + v/s) dx - A'dy = r,   A dx = b - Ax
 * by two Cholesky factors: of the matrix in front of dx, and of the small A(...)^-1A'. */
#include <gsl/gsl_blas.h>
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "portfolio/qp_internal.h"

enum { MAX_STEPS = 100 };

typedef struct iterate {
    const qp *p;
    double *x, *s, *y, *z, *v;
    double *dx, *dy, *dz, *dv;
    double *dual, *primal; /* residuals: Qx + c - A'y - z + v, Ax - b */
    double *tx, *ts;       /* what x z and s v are to become */
    double *right, *H, *HA, *S, *small;
    double dual_scale, primal_scale;
    double gap; /* mean of x z and s v */
} iterate;

static int is_bounded(const qp *p, size_t i)
{
    return isfinite(p->upper[i]);
}

static double largest(const double *values, size_t n)
{
    double most = 0.0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(values[i]));
    }
    return most;
}

static void residuals(iterate *t)
{
    const qp *p = t->p;
    double products = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < p->n; i++) {
        double sum = p->c[i] - t->z[i] + t->v[i];
        for (size_t j = 0; j < p->n; j++) {
            sum += p->Q[i * p->n + j] * t->x[j];
        }
        for (size_t k = 0; k < p->m; k++) {
            sum -= p->A[k * p->n + i] * t->y[k];
        }
        t->dual[i] = sum;
        products += t->x[i] * t->z[i] + (is_bounded(p, i) ? t->s[i] * t->v[i] : 0.0);
        count += is_bounded(p, i) ? 2 : 1;
    }
    for (size_t k = 0; k < p->m; k++) {
        double sum = -p->b[k];
        for (size_t i = 0; i < p->n; i++) {
            sum += p->A[k * p->n + i] * t->x[i];
        }
        t->primal[k] = sum;
    }
    t->gap = products / (double)count;
}

/* Cholesky factors for this x; 0 if there are none. */
static int factorise(iterate *t)
{
    const qp *p = t->p;
    const size_t n = p->n, m = p->m;
    memcpy(t->H, p->Q, n * n * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        t->H[i * n + i] += t->z[i] / t->x[i] + (is_bounded(p, i) ? t->v[i] / t->s[i] : 0.0);
    }
    gsl_matrix_view H = gsl_matrix_view_array(t->H, n, n);
    if (gsl_linalg_cholesky_decomp1(&H.matrix) != GSL_SUCCESS) {
        return 0;
    }
    for (size_t k = 0; k < m; k++) {
        gsl_vector_const_view row = gsl_vector_const_view_array(p->A + k * n, n);
        gsl_vector_view out = gsl_vector_view_array(t->HA + k * n, n);
        gsl_linalg_cholesky_solve(&H.matrix, &row.vector, &out.vector);
    }
    for (size_t k = 0; k < m; k++) {
        for (size_t l = 0; l < m; l++) {
            double sum = 0.0;
            for (size_t i = 0; i < n; i++) {
                sum += p->A[k * n + i] * t->HA[l * n + i];
            }
            t->S[k * m + l] = sum;
        }
    }
    if (m == 0) {
        return 1;
    }
    gsl_matrix_view S = gsl_matrix_view_array(t->S, m, m);
    return gsl_linalg_cholesky_decomp1(&S.matrix) == GSL_SUCCESS;
}

/* The step that makes x z = tx and s v = ts to first order. */
static void direction(iterate *t)
{
    const qp *p = t->p;
    const size_t n = p->n, m = p->m;
    for (size_t i = 0; i < n; i++) {
        t->right[i] = -t->dual[i] + (t->tx[i] / t->x[i] - t->z[i]);
        t->right[i] -= is_bounded(p, i) ? t->ts[i] / t->s[i] - t->v[i] : 0.0;
    }
    for (size_t k = 0; k < m; k++) {
        t->small[k] = -t->primal[k];
        for (size_t i = 0; i < n; i++) {
            t->small[k] -= t->HA[k * n + i] * t->right[i];
        }
    }
    if (m > 0) {
        gsl_matrix_view S = gsl_matrix_view_array(t->S, m, m);
        gsl_vector_view in = gsl_vector_view_array(t->small, m);
        gsl_vector_view out = gsl_vector_view_array(t->dy, m);
        gsl_linalg_cholesky_solve(&S.matrix, &in.vector, &out.vector);
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < m; k++) {
            t->right[i] += p->A[k * n + i] * t->dy[k];
        }
    }
    gsl_matrix_view H = gsl_matrix_view_array(t->H, n, n);
    gsl_vector_view in = gsl_vector_view_array(t->right, n);
    gsl_vector_view out = gsl_vector_view_array(t->dx, n);
    gsl_linalg_cholesky_solve(&H.matrix, &in.vector, &out.vector);
    for (size_t i = 0; i < n; i++) {
        t->dz[i] = (t->tx[i] - t->z[i] * t->dx[i]) / t->x[i] - t->z[i];
        t->dv[i] = is_bounded(p, i) ? (t->ts[i] + t->v[i] * t->dx[i]) / t->s[i] - t->v[i] : 0.0;
    }
}

static double within(double value, double change, double step)
{
    return change < 0.0 ? fmin(step, -value / change) : step;
}

/* How far the step may go, x, s, z and v staying positive. */
static double longest_step(const iterate *t)
{
    double step = 1.0;
    for (size_t i = 0; i < t->p->n; i++) {
        step = within(t->x[i], t->dx[i], step);
        step = within(t->z[i], t->dz[i], step);
        if (is_bounded(t->p, i)) {
            step = within(t->s[i], -t->dx[i], step);
            step = within(t->v[i], t->dv[i], step);
        }
    }
    return step;
}

/* The mean product after a step of that length. */
static double gap_after(const iterate *t, double step)
{
    double products = 0.0;
    size_t count = 0;
    for (size_t i = 0; i < t->p->n; i++) {
        products += (t->x[i] + step * t->dx[i]) * (t->z[i] + step * t->dz[i]);
        count++;
        if (is_bounded(t->p, i)) {
            products += (t->s[i] - step * t->dx[i]) * (t->v[i] + step * t->dv[i]);
            count++;
        }
    }
    return products / (double)count;
}

static void go(iterate *t, double step)
{
    const qp *p = t->p;
    for (size_t i = 0; i < p->n; i++) {
        t->x[i] += step * t->dx[i];
        t->s[i] -= step * t->dx[i];
        t->z[i] += step * t->dz[i];
        t->v[i] += step * t->dv[i];
    }
    for (size_t k = 0; k < p->m; k++) {
        t->y[k] += step * t->dy[k];
    }
}

/* One predictor and its corrector. */
static int advance(iterate *t)
{
    const size_t n = t->p->n;
    if (!factorise(t)) {
        return 0;
    }
    memset(t->tx, 0, n * sizeof(double));
    memset(t->ts, 0, n * sizeof(double));
    direction(t);
    const double ratio = gap_after(t, longest_step(t)) / t->gap;
    const double goal = ratio * ratio * ratio * t->gap;
    for (size_t i = 0; i < n; i++) {
        t->tx[i] = goal - t->dx[i] * t->dz[i];
        t->ts[i] = goal + t->dx[i] * t->dv[i];
    }
    direction(t);
    const double step = fmin(1.0, 0.995 * longest_step(t));
    go(t, step);
    return step > 1e-12;
}

static int allocate(iterate *t, arena *memory)
{
    const size_t n = t->p->n, m = t->p->m;
    double **const by_variable[] = {&t->x,  &t->s,  &t->z,    &t->v,  &t->dx,   &t->dz,
                                    &t->dv, &t->tx, &t->dual, &t->ts, &t->right};
    double **const by_row[] = {&t->y, &t->dy, &t->primal, &t->small};
    int ok = 1;
    for (size_t k = 0; k < sizeof(by_variable) / sizeof(by_variable[0]); k++) {
        *by_variable[k] = arena_array(memory, n, sizeof(double));
        ok = ok && *by_variable[k] != NULL;
    }
    for (size_t k = 0; k < sizeof(by_row) / sizeof(by_row[0]); k++) {
        *by_row[k] = arena_array(memory, m, sizeof(double));
        ok = ok && *by_row[k] != NULL;
    }
    t->H = arena_array(memory, n * n, sizeof(double));
    t->HA = arena_array(memory, m * n, sizeof(double));
    t->S = arena_array(memory, m * m, sizeof(double));
    return ok && t->H != NULL && t->HA != NULL && t->S != NULL;
}

static int is_solved(const iterate *t, double tolerance)
{
    return largest(t->dual, t->p->n) <= tolerance * t->dual_scale &&
           largest(t->primal, t->p->m) <= tolerance * t->primal_scale &&
           t->gap <= tolerance * t->dual_scale;
}

static fel_status iterate_on(iterate *t)
{
    const qp *p = t->p;
    for (size_t i = 0; i < p->n; i++) {
        t->x[i] = is_bounded(p, i) ? 0.5 * p->upper[i] : 1.0;
        t->s[i] = is_bounded(p, i) ? 0.5 * p->upper[i] : 1.0;
        t->z[i] = t->dual_scale;
        t->v[i] = is_bounded(p, i) ? t->dual_scale : 0.0;
    }
    residuals(t);
    for (int k = 0; k < MAX_STEPS && !is_solved(t, 1e-14); k++) {
        if (!advance(t)) {
            break;
        }
        residuals(t);
    }
    return is_solved(t, 1e-9)
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE,
                           "no optimum: off by %.2g in the conditions, %.2g in the constraints",
                           largest(t->dual, p->n) / t->dual_scale,
                           largest(t->primal, p->m) / t->primal_scale);
}

fel_status qp_solve(const qp *p, double *x)
{
    arena memory = {0};
    iterate t = {.p = p};
    fel_status status = FEL_OK;
    if (!allocate(&t, &memory)) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory: a program of %zu variables", p->n);
        goto done;
    }
    t.dual_scale = fmax(largest(p->Q, p->n * p->n), largest(p->c, p->n));
    t.primal_scale = 1.0 + largest(p->b, p->m);
    status = iterate_on(&t);
    for (size_t i = 0; i < p->n && status == FEL_OK; i++) {
        const int at_zero = t.x[i] < 1e-6 && t.z[i] > 1e3 * t.x[i] * t.dual_scale;
        const int at_top =
            is_bounded(p, i) && t.s[i] < 1e-6 && t.v[i] > 1e3 * t.s[i] * t.dual_scale;
        x[i] = at_zero ? 0.0 : at_top ? p->upper[i] : t.x[i];
    }
done:
    arena_free(&memory);
    return status;
}
