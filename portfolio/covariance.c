/* portfolio/covariance.c - covariances of a window of returns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/portfolio.h>

#include "portfolio/covariance_internal.h"

/* out[i][j] = sum over rows of x_ti x_tj, over the divisor. */
static void products(const double *x, size_t T, size_t n, double divisor, double *out)
{
    memset(out, 0, n * n * sizeof(*out));
    for (size_t t = 0; t < T; t++) {
        const double *row = x + t * n;
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                out[i * n + j] += row[i] * row[j];
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            out[i * n + j] /= divisor;
            out[j * n + i] = out[i * n + j];
        }
    }
}

static void centre(double *x, size_t T, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double mean = 0.0;
        for (size_t t = 0; t < T; t++) {
            mean += x[t * n + i];
        }
        mean /= (double)T;
        for (size_t t = 0; t < T; t++) {
            x[t * n + i] -= mean;
        }
    }
}

/* Each kind works on its own copy of the returns. */
static double sample(double *x, size_t T, size_t n, double decay, double *out)
{
    (void)decay;
    centre(x, T, n);
    products(x, T, n, (double)(T - 1), out);
    return 0.0;
}

static double ewma(double *x, size_t T, size_t n, double decay, double *out)
{
    double weight = 1.0, sum = 0.0;
    for (size_t t = T; t-- > 0;) {
        for (size_t i = 0; i < n; i++) {
            x[t * n + i] *= sqrt(weight);
        }
        sum += weight;
        weight *= decay;
    }
    products(x, T, n, sum, out);
    return 0.0;
}

static double ledoit_wolf(double *x, size_t T, size_t n, double decay, double *out)
{
    (void)decay;
    centre(x, T, n);
    products(x, T, n, (double)T, out);
    const window w = {x, out, T, n};
    return shrink_to_identity(&w, out);
}

static double constant_correlation(double *x, size_t T, size_t n, double decay, double *out)
{
    (void)decay;
    centre(x, T, n);
    products(x, T, n, (double)T, out);
    const window w = {x, out, T, n};
    return shrink_to_constant_correlation(&w, out);
}

static double (*const kinds[FEL_N_COVARIANCE_KINDS])(double *x, size_t T, size_t n, double decay,
                                                     double *out) = {
    [FEL_COVARIANCE_SAMPLE] = sample,
    [FEL_COVARIANCE_EWMA] = ewma,
    [FEL_COVARIANCE_LEDOIT_WOLF] = ledoit_wolf,
    [FEL_COVARIANCE_CONSTANT_CORRELATION] = constant_correlation,
};

fel_status fel_covariance(fel_covariance_kind kind, const double *returns, size_t n_rows, size_t n,
                          double decay, double *covariance, double *shrinkage)
{
    if ((unsigned)kind >= FEL_N_COVARIANCE_KINDS) {
        return FEL_RAISE(FEL_ERR_ARG, "covariance kind %u is not one of 0 .. %d", (unsigned)kind,
                         FEL_N_COVARIANCE_KINDS - 1);
    }
    if (n_rows < 2 || n < 1) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "a covariance of %zu returns of %zu assets; at least 2 of 1 are needed",
                         n_rows, n);
    }
    if (kind == FEL_COVARIANCE_EWMA && !(decay > 0.0 && decay < 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "decay = %g; it lies in (0, 1)", decay);
    }
    for (size_t k = 0; k < n_rows * n; k++) {
        if (!isfinite(returns[k])) {
            return FEL_RAISE(FEL_ERR_RANGE, "return %zu of asset %zu is %g", k / n, k % n,
                             returns[k]);
        }
    }
    double *copy = malloc(n_rows * n * sizeof(*copy));
    if (copy == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory: %zu x %zu returns", n_rows, n);
    }
    memcpy(copy, returns, n_rows * n * sizeof(*copy));
    const double weight = kinds[kind](copy, n_rows, n, decay, covariance);
    if (shrinkage != NULL) {
        *shrinkage = weight;
    }
    free(copy);
    return FEL_OK;
}
