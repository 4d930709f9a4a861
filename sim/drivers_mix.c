/* sim/drivers_mix.c - correlated drivers from independent normals: Cholesky's factor of the
 * covariance of what the steps consume.
 *
 * The caller's matrix is that of the Brownian motions of prices and variances. A step takes the
 * variance's motion W_v and the part e of the price's that is independent of it, W_S = rho W_v +
 * sqrt(1 - rho^2) e; each is a combination of at most two of the caller's motions. */
#include <math.h>
#include <stdlib.h>

#include "sim/generator_internal.h"

static const double SAME = 1e-12; /* for entries that must agree */

enum { MOST = PATH_MAX_DRIVERS };

/* first + second, by their places in the caller's matrix. */
typedef struct combination {
    size_t first, second;
    double weight_first, weight_second;
} combination;

typedef struct motions {
    const double *correlation;
    size_t n;                                /* rows of the matrix */
    combination rows[MOST];                  /* of each driver, then of the unused motions */
    size_t n_used, n_rows;                   /* drivers; all rows */
    size_t variance_of[FEL_PATH_MAX_ASSETS]; /* where the asset's variance is in the matrix */
} motions;

static double entry(const motions *m, size_t i, size_t j)
{
    return m->correlation[i * m->n + j];
}

static fel_status check_entry(const motions *m, size_t i, size_t j)
{
    const double value = entry(m, i, j);
    if (!(fabs(value) <= 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "correlation %g in row %zu, column %zu: -1 .. 1", value,
                         i + 1, j + 1);
    }
    if (i == j && fabs(value - 1.0) > SAME) {
        return FEL_RAISE(FEL_ERR_RANGE, "%g on the diagonal of the correlation matrix, row %zu",
                         value, i + 1);
    }
    if (fabs(value - entry(m, j, i)) > SAME) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "correlation %g in row %zu, column %zu, but %g in row %zu, column %zu",
                         value, i + 1, j + 1, entry(m, j, i), j + 1, i + 1);
    }
    return FEL_OK;
}

static fel_status check_matrix(const motions *m, const fel_paths *paths)
{
    for (size_t i = 0; i < m->n; i++) {
        for (size_t j = 0; j < m->n; j++) {
            FEL_TRY(check_entry(m, i, j));
        }
    }
    for (size_t a = 0; a < paths->n_assets; a++) {
        const fel_process *process = &paths->laws[a].process;
        if (!fel_process_has_variance(process)) {
            continue;
        }
        const double value = entry(m, a, m->variance_of[a]);
        if (fabs(value - process->heston.rho) > SAME) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "correlation %g between price and variance of asset %zu, whose rho "
                             "is %g",
                             value, a + 1, process->heston.rho);
        }
    }
    return FEL_OK;
}

/* Packed lower triangle of the factor of an n x n matrix given by a function. */
static fel_status factorise(double *factor, size_t n,
                            double (*matrix)(const motions *, size_t, size_t), const motions *m)
{
    for (size_t i = 0; i < n; i++) {
        double *row = factor + i * (i + 1) / 2;
        for (size_t j = 0; j <= i; j++) {
            const double *other = factor + j * (j + 1) / 2;
            double sum = matrix(m, i, j);
            for (size_t k = 0; k < j; k++) {
                sum -= row[k] * other[k];
            }
            if (j < i) {
                row[j] = sum / other[j];
            } else if (sum > SAME) {
                row[j] = sqrt(sum);
            } else {
                return FEL_RAISE(FEL_ERR_RANGE,
                                 "the correlation matrix is not positive definite: pivot %.3g in "
                                 "row %zu of %zu",
                                 sum, i + 1, n);
            }
        }
    }
    return FEL_OK;
}

static double covariance(const motions *m, size_t i, size_t j)
{
    const combination *a = &m->rows[i], *b = &m->rows[j];
    if (i == j) {
        return 1.0;
    }
    return a->weight_first * (b->weight_first * entry(m, a->first, b->first) +
                              b->weight_second * entry(m, a->first, b->second)) +
           a->weight_second * (b->weight_first * entry(m, a->second, b->first) +
                               b->weight_second * entry(m, a->second, b->second));
}

/* Rows for the drivers, and behind them the variances that draw for themselves. */
static void lay_out(motions *m, const fel_paths *paths)
{
    m->n = paths->n_assets;
    for (size_t a = 0; a < paths->n_assets; a++) {
        if (fel_process_has_variance(&paths->laws[a].process)) {
            m->variance_of[a] = m->n++;
        }
    }
    m->n_used = paths->n_drivers;
    m->n_rows = paths->n_drivers;
    for (size_t a = 0; a < paths->n_assets; a++) {
        const asset_law *law = &paths->laws[a];
        if (!fel_process_has_variance(&law->process)) {
            const combination price = {a, a, 1.0, 0.0};
            m->rows[law->driver_price] = price;
            continue;
        }
        const size_t v = m->variance_of[a];
        const double rho = law->process.heston.rho, rest = 1.0 / sqrt(1.0 - rho * rho);
        const combination variance = {v, v, 1.0, 0.0}, price = {a, v, rest, -rho * rest};
        const int drawn = (paths->schemes[a]->uses & USES_Z_VARIANCE) != 0;
        m->rows[law->driver_price] = price;
        m->rows[drawn ? law->driver_variance : m->n_rows++] = variance;
    }
}

/* Variances drawn by the scheme itself are independent of all drivers. */
static fel_status check_unused(const motions *m)
{
    for (size_t i = m->n_used; i < m->n_rows; i++) {
        for (size_t j = 0; j < i; j++) {
            const double value = covariance(m, i, j);
            if (fabs(value) > SAME) {
                return FEL_RAISE(FEL_ERR_ARG,
                                 "this scheme draws variances independently, but the correlation "
                                 "matrix ties one to another asset (%g): use qe_m or euler",
                                 value);
            }
        }
    }
    return FEL_OK;
}

fel_status drivers_mix(double **mixing, const fel_paths *paths, const double *correlation)
{
    const size_t n_most = (size_t)MOST * (MOST + 1) / 2;
    motions *m = calloc(1, sizeof(*m));
    double *factor = calloc(n_most, sizeof(*factor));
    fel_status status = FEL_OK;
    if (m == NULL || factor == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a correlation matrix");
        goto done;
    }
    m->correlation = correlation;
    lay_out(m, paths);
    status = check_matrix(m, paths);
    if (status == FEL_OK) {
        status = factorise(factor, m->n, entry, m);
    }
    if (status == FEL_OK) {
        status = check_unused(m);
    }
    if (status == FEL_OK) {
        status = factorise(factor, m->n_used, covariance, m);
    }
    if (status == FEL_OK) {
        *mixing = factor;
        factor = NULL;
    }
done:
    free(factor);
    free(m);
    return status;
}
