/* models/kfac_invert.c - what makes a direction of a gradient, from the factors of now.
 *
 * eigen:     A = Q' D Q: basis Q (rows are eigenvectors), values D; damping is added to products of
 *            eigenvalues when a gradient comes, so that it may change without a new inversion.
 * tikhonov:  basis (A + eta)^-1 with eta = pi sqrt(d) for inputs, sqrt(d) / pi for slopes, d the
 *            damping over T and pi^2 the mean eigenvalue of A over that of G (Martens and Grosse
 *            2015, section 6.3). Where Cholesky fails, eta is made ten times as large.
 * options:   basis L' with L' (A + eta) L = 1 that makes the chain of dates diagonal, kfac_time.c.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/threads.h"
#include "models/kfac_internal.h"
#include "models/lapack_internal.h"

enum { SIDES_A_PAIR = 1 + KFAC_MAX_BANDS, MOST_RETRIES = 12 };

/* ---- factored damping ------------------------------------------------------------------------ */

static double mean_diagonal(const kfac_side *side)
{
    double sum = 0.0;
    for (size_t i = 0; i < side->n; i++) {
        sum += side->factor[i * side->n + i];
    }
    return sum / (double)side->n;
}

/* What is added to the factor of inputs, or of slopes. */
static double factored_damping(const fel_kfac *k, const kfac_pair *p, int of_slopes)
{
    const double root = sqrt((kfac_damping(k) + p->ridge) / *p->uses);
    double slopes = 0.0;
    for (size_t b = 0; b < p->n_bands; b++) {
        slopes += mean_diagonal(&p->slopes[b]) / (double)p->n_bands;
    }
    const double ratio = sqrt(mean_diagonal(&p->inputs) / slopes);
    const double pi = ratio > 0.0 && isfinite(ratio) ? ratio : 1.0;
    return of_slopes ? root / pi : root * pi;
}

/* ---- one side -------------------------------------------------------------------------------- */

typedef struct invert_job {
    fel_kfac *kfac;
    int *retries; /* of each side */
} invert_job;

static fel_status find_eigen(const kfac_side *side)
{
    memcpy(side->basis, side->factor, side->n * side->n * sizeof(double));
    FEL_TRY(lapack_eigen(side->n, side->basis, side->values));
    for (size_t i = 0; i < side->n; i++) {
        side->values[i] = fmax(side->values[i], 0.0);
    }
    return FEL_OK;
}

static fel_status raise_singular(const fel_kfac *k, const kfac_pair *p, const kfac_side *side)
{
    double least = (double)NAN, most = (double)NAN;
    memcpy(side->basis, side->factor, side->n * side->n * sizeof(double));
    if (lapack_eigen(side->n, side->basis, side->values) == FEL_OK) {
        least = side->values[0];
        most = side->values[side->n - 1];
    }
    return FEL_RAISE(FEL_ERR_RANGE,
                     "no damping makes a factor of %s positive definite at step %.0f: eigenvalues "
                     "from %g to %g, condition number %g",
                     kfac_name(k, p), k->numbers[KFAC_STEPS] + 1.0, least, most, most / least);
}

static fel_status find_inverse(const fel_kfac *k, const kfac_pair *p, const kfac_side *side,
                               double eta, int *retries)
{
    const size_t n = side->n;
    for (*retries = 0; *retries <= MOST_RETRIES; (*retries)++) {
        memcpy(side->basis, side->factor, n * n * sizeof(double));
        for (size_t i = 0; i < n; i++) {
            side->basis[i * n + i] += eta;
        }
        if (lapack_invert(n, side->basis)) {
            return FEL_OK;
        }
        eta *= 10.0;
    }
    return raise_singular(k, p, side);
}

/* Sides are numbered pair by pair: inputs, then bands of slopes. */
static fel_status invert_side(void *payload, size_t index, int thread)
{
    const invert_job *job = payload;
    const fel_kfac *k = job->kfac;
    const kfac_pair *p = &k->pairs[index / SIDES_A_PAIR];
    const size_t at = index % SIDES_A_PAIR;
    (void)thread;
    if (at > p->n_bands || !(*p->uses > 0.0)) {
        return FEL_OK;
    }
    const kfac_side *side = at == 0 ? &p->inputs : &p->slopes[at - 1];
    const double eta = factored_damping(k, p, at > 0);
    if (kfac_has_lag(k)) {
        return kfac_chain_side(k, side, eta);
    }
    if (kfac_choice(k, KFAC_DAMPING_KIND) == KFAC_EIGEN) {
        return find_eigen(side);
    }
    return find_inverse(k, p, side, eta, &job->retries[index]);
}

fel_status fel_kfac_invert(fel_kfac *kfac)
{
    const size_t n_sides = kfac->n_pairs * SIDES_A_PAIR;
    invert_job job = {kfac, calloc(n_sides + 1, sizeof(int))};
    if (job.retries == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to invert %zu factors", n_sides);
    }
    const fel_status status = threads_run(kfac->config.n_threads, n_sides, invert_side, &job);
    kfac->n_retries = 0;
    for (size_t i = 0; i < n_sides; i++) {
        kfac->n_retries += job.retries[i];
    }
    free(job.retries);
    if (status != FEL_OK) {
        return status;
    }
    for (size_t i = 0; kfac_has_lag(kfac) && i < kfac->n_pairs; i++) {
        kfac_chain_weights(kfac, &kfac->pairs[i]);
    }
    kfac->numbers[KFAC_INVERSIONS] += 1.0;
    return FEL_OK;
}

/* ---- the spectrum ---------------------------------------------------------------------------- */

static int falling(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static fel_status spectrum_of(const kfac_side *side, double *values)
{
    double *matrix = malloc(side->n * side->n * sizeof(*matrix));
    if (matrix == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a factor of %zu x %zu", side->n, side->n);
    }
    memcpy(matrix, side->factor, side->n * side->n * sizeof(*matrix));
    const fel_status status = lapack_eigen(side->n, matrix, values);
    free(matrix);
    return status;
}

fel_status fel_kfac_spectrum(const fel_kfac *kfac, size_t block, int of_slopes, double *values)
{
    fel_kfac_factors factors;
    FEL_TRY(fel_kfac_factors_of(kfac, block, &factors));
    const kfac_pair *p = &kfac->pairs[kfac->spans[block].pair];
    const size_t n = of_slopes ? factors.n_slopes : factors.n_inputs;
    for (size_t b = 0; b < (of_slopes ? p->n_bands : 1); b++) {
        const kfac_side *side = of_slopes ? &p->slopes[b] : &p->inputs;
        FEL_TRY(spectrum_of(side, values + b * side->n));
    }
    qsort(values, n, sizeof(*values), falling);
    return FEL_OK;
}
