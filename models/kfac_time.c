/* models/kfac_time.c - how the uses of one sample at two dates go together, after Martens, Ba and
 * Johnson (2018): the T terms g_t a_t' of a gradient as a chain, each the one before times
 * Psi = Psi_A (x) Psi_G plus noise, Psi_C = C1 C0^-1 with C0 the damped factor and C1 the lagged
 * one.
 *
 * With whitening W C0 W' = 1 and H = W C1 W':
 *   option 1: H symmetric (half of it and its transpose) = U psi U'; L' = U' W. The curvature is
 *     diagonal in L: T + 2 sum_(d < T) (T - d) x^d for x = psi_G psi_A, which is
 *     (T (1 - x^2) - 2 x (1 - x^T)) / (1 - x)^2.
 *   option 2: dates without end: the inverse is (1 - Psi') (C0 - Psi C0 Psi')^-1 (1 - Psi) / T;
 *     H H' = U mu U', K' = U' W, and the middle is 1 / (1 - mu_G mu_A) in K. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/gemm_internal.h"
#include "models/kfac_internal.h"
#include "models/lapack_internal.h"

/* Chains that nearly repeat themselves with the other sign would make the sum of their terms
 * vanish: it is kept above this share of what independent dates give. */
static const double least_share = 0.01;

static void product(size_t n, gemm_matrix a, gemm_matrix b, double *c)
{
    const gemm_shape shape = {n, n, n, n};
    gemm_f64(shape, 1.0, a, b, 0.0, c);
}

/* ---- a side ---------------------------------------------------------------------------------- */

/* white[n x n]: rows are eigenvectors over the roots of damped eigenvalues. */
static fel_status whiten(const kfac_side *side, double eta, double *white)
{
    const size_t n = side->n;
    memcpy(white, side->factor, n * n * sizeof(*white));
    FEL_TRY(lapack_eigen(n, white, side->values));
    for (size_t i = 0; i < n; i++) {
        const double scale = 1.0 / sqrt(fmax(side->values[i], 0.0) + eta);
        for (size_t k = 0; k < n; k++) {
            white[i * n + k] *= scale;
        }
    }
    return FEL_OK;
}

/* H to out; room of the same size. */
static void whitened_lag(const kfac_side *side, const double *white, double *room, double *out)
{
    const size_t n = side->n;
    product(n, gemm_plain(white, n), gemm_plain(side->lag, n), room);
    product(n, gemm_plain(room, n), gemm_transposed(white, n), out);
}

static void make_symmetric(size_t n, double *h)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = i + 1; k < n; k++) {
            h[i * n + k] = h[k * n + i] = 0.5 * (h[i * n + k] + h[k * n + i]);
        }
    }
}

/* Psi = C1 W' W. */
static void find_shift(const kfac_side *side, const double *white, double *room)
{
    const size_t n = side->n;
    product(n, gemm_plain(side->lag, n), gemm_transposed(white, n), room);
    product(n, gemm_plain(room, n), gemm_plain(white, n), side->shift);
}

static fel_status find_chain(const fel_kfac *k, const kfac_side *side, double eta, double *room)
{
    const size_t n = side->n;
    double *white = room, *h = room + n * n, *spare = room + 2 * n * n;
    const int is_option2 = kfac_choice(k, KFAC_TIME_MODEL) == KFAC_OPTION2;
    FEL_TRY(whiten(side, eta, white));
    whitened_lag(side, white, spare, h);
    if (is_option2) {
        find_shift(side, white, spare);
        memcpy(spare, h, n * n * sizeof(*h));
        product(n, gemm_plain(spare, n), gemm_transposed(spare, n), h);
    }
    make_symmetric(n, h);
    FEL_TRY(lapack_eigen(n, h, side->values));
    for (size_t i = 0; i < n; i++) {
        side->values[i] = fmin(fmax(side->values[i], is_option2 ? 0.0 : -1.0), 1.0);
    }
    product(n, gemm_plain(h, n), gemm_plain(white, n), side->basis);
    return FEL_OK;
}

fel_status kfac_chain_side(const fel_kfac *kfac, const kfac_side *side, double eta)
{
    double *room = malloc(3 * side->n * side->n * sizeof(*room));
    if (room == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a factor of %zu x %zu", side->n, side->n);
    }
    const fel_status status = find_chain(kfac, side, eta, room);
    free(room);
    return status;
}

/* ---- weights of coordinates ------------------------------------------------------------------ */

/* T + 2 sum (T - d) x^d: the closed form where nothing cancels, else the sum by Horner's rule. */
static double sum_of_chain(double uses, double x)
{
    if (x < 0.9) {
        return (uses * (1.0 - x * x) - 2.0 * x * (1.0 - pow(x, uses))) / ((1.0 - x) * (1.0 - x));
    }
    double sum = 0.0;
    for (size_t d = (size_t)uses - 1; d >= 1; d--) {
        sum = x * ((uses - (double)d) + sum);
    }
    return uses + 2.0 * sum;
}

static double chain_weight(int is_option2, double uses, double x)
{
    const double least = least_share * uses;
    return is_option2 ? 1.0 / (uses * fmax(1.0 - x, 1e-9))
                      : 1.0 / fmax(sum_of_chain(round(uses), x), least);
}

void kfac_chain_weights(const fel_kfac *kfac, kfac_pair *pair)
{
    const int is_option2 = kfac_choice(kfac, KFAC_TIME_MODEL) == KFAC_OPTION2;
    const size_t m = kfac_band_rows(pair), n = pair->inputs.n;
    for (size_t row = 0; row<pair->rows && * pair->uses> 0.0; row++) {
        const double of_slope = pair->slopes[row / m].values[row % m];
        for (size_t k = 0; k < n; k++) {
            pair->weights[row * n + k] =
                chain_weight(is_option2, *pair->uses, of_slope * pair->inputs.values[k]);
        }
    }
}
