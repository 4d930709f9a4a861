/* models/baseline.c - linear and logistic regression by weighted normal equations.
 *
 * Newton's step of the logistic likelihood is a weighted least-squares problem, so both share one
 * solver: (X' W X + ridge) b = X' z. Sums run over samples in their order. */
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/baseline.h>

#include "core/gslquiet.h"
#include "models/gemm_internal.h"

enum { BLOCK = 256, MOST_STEPS = 100 };

static const double ridge_share = 1e-6, precision = 1e-10;

/* The normal equations of one problem. */
typedef struct regression {
    const fel_dataset *data;
    size_t sequence, n_inputs, size; /* size: with the intercept */
    double ridge;
    double *block;    /* BLOCK x size */
    double *gram;     /* size x size */
    double *moments;  /* size */
    double *solution; /* size */
} regression;

size_t fel_regression_size(const fel_dataset *data, size_t sequence)
{
    return sequence * data->n_features + 1;
}

/* A sample's rows lie one after another. */
static const float *inputs_of(const fel_dataset *data, size_t sequence, size_t sample)
{
    return data->rows + (data->last_rows[sample] + 1 - sequence) * data->n_features;
}

double fel_regression_value(const fel_dataset *data, size_t sequence, size_t sample,
                            const double *coefficients)
{
    const float *x = inputs_of(data, sequence, sample);
    const size_t n = sequence * data->n_features;
    double sum = coefficients[n];
    for (size_t i = 0; i < n; i++) {
        sum = fma((double)x[i], coefficients[i], sum);
    }
    return sum;
}

/* ---- set-up ---------------------------------------------------------------------------------- */

static void clear(regression *r)
{
    free(r->block);
    free(r->gram);
    free(r->moments);
    free(r->solution);
}

static fel_status check(const regression *r, double *mean_square)
{
    double sum = 0.0;
    if (r->data->n_samples == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "a regression needs samples, there are none");
    }
    for (size_t i = 0; i < r->data->n_samples; i++) {
        const float *x = inputs_of(r->data, r->sequence, i);
        const double target = r->data->targets[i * r->data->n_targets];
        for (size_t k = 0; k < r->n_inputs; k++) {
            sum += (double)x[k] * (double)x[k];
        }
        if (!isfinite(sum) || !isfinite(target)) {
            return FEL_RAISE(FEL_ERR_RANGE, "sample %zu of a regression is not finite", i);
        }
    }
    *mean_square = sum / (double)(r->n_inputs * r->data->n_samples);
    return FEL_OK;
}

static fel_status begin(regression *r, const fel_dataset *data, size_t sequence)
{
    double mean_square = 0.0;
    memset(r, 0, sizeof(*r));
    r->data = data;
    r->sequence = sequence;
    r->n_inputs = sequence * data->n_features;
    r->size = r->n_inputs + 1;
    FEL_TRY(check(r, &mean_square));
    r->ridge = ridge_share * (mean_square > 0.0 ? mean_square : 1.0) * (double)data->n_samples;
    r->block = malloc(BLOCK * r->size * sizeof(double));
    r->gram = malloc(r->size * r->size * sizeof(double));
    r->moments = malloc(r->size * sizeof(double));
    r->solution = calloc(r->size, sizeof(double));
    return r->block != NULL && r->gram != NULL && r->moments != NULL && r->solution != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a regression on %zu inputs",
                           r->n_inputs);
}

/* ---- normal equations ------------------------------------------------------------------------ */

/* What a sample adds: weight x x' to the matrix, pull x to the right side. */
typedef struct influence {
    double weight, pull;
} influence;

typedef influence influence_fn(const regression *r, size_t sample);

static influence linear_influence(const regression *r, size_t sample)
{
    const influence i = {1.0, r->data->targets[sample * r->data->n_targets]};
    return i;
}

/* The gradient, for a step from the present solution. */
static influence logistic_influence(const regression *r, size_t sample)
{
    const double value = fel_regression_value(r->data, r->sequence, sample, r->solution);
    const double p = 1.0 / (1.0 + exp(-value));
    const double is_up = r->data->targets[sample * r->data->n_targets] > 0.0 ? 1.0 : 0.0;
    const influence i = {p * (1.0 - p), is_up - p};
    return i;
}

static void add_block(regression *r, size_t first, size_t n, influence_fn *of)
{
    for (size_t i = 0; i < n; i++) {
        const float *x = inputs_of(r->data, r->sequence, first + i);
        const influence in = of(r, first + i);
        const double root = sqrt(in.weight);
        double *row = r->block + i * r->size;
        for (size_t k = 0; k < r->n_inputs; k++) {
            r->moments[k] = fma(in.pull, (double)x[k], r->moments[k]);
            row[k] = root * (double)x[k];
        }
        r->moments[r->n_inputs] += in.pull;
        row[r->n_inputs] = root;
    }
    const gemm_shape shape = {r->size, r->size, n, r->size};
    gemm_f64(shape, 1.0, gemm_transposed(r->block, r->size), gemm_plain(r->block, r->size), 1.0,
             r->gram);
}

static void add_all(regression *r, influence_fn *of)
{
    memset(r->gram, 0, r->size * r->size * sizeof(double));
    memset(r->moments, 0, r->size * sizeof(double));
    for (size_t first = 0; first < r->data->n_samples; first += BLOCK) {
        const size_t left = r->data->n_samples - first;
        add_block(r, first, left < BLOCK ? left : BLOCK, of);
    }
    for (size_t k = 0; k < r->n_inputs; k++) {
        r->gram[k * r->size + k] += r->ridge;
    }
}

/* moments := gram^-1 moments. */
static fel_status solve(regression *r)
{
    gsl_matrix_view gram = gsl_matrix_view_array(r->gram, r->size, r->size);
    gsl_vector_view moments = gsl_vector_view_array(r->moments, r->size);
    gsl_quiet();
    if (gsl_linalg_cholesky_decomp1(&gram.matrix) != 0 ||
        gsl_linalg_cholesky_svx(&gram.matrix, &moments.vector) != 0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "the normal equations of a regression on %zu inputs are "
                         "not positive definite",
                         r->n_inputs);
    }
    return FEL_OK;
}

/* ---- fits ------------------------------------------------------------------------------------ */

static fel_status fit_linear(regression *r)
{
    add_all(r, linear_influence);
    FEL_TRY(solve(r));
    memcpy(r->solution, r->moments, r->size * sizeof(double));
    return FEL_OK;
}

/* Newton's method from 0; the likelihood is concave. Returns the largest move over the largest
 * coefficient. */
static fel_status step_logistic(regression *r, double *moved)
{
    double largest = 0.0, move = 0.0;
    add_all(r, logistic_influence);
    for (size_t k = 0; k < r->n_inputs; k++) {
        r->moments[k] -= r->ridge * r->solution[k];
    }
    r->gram[r->size * r->size - 1] += 1e-12 * (double)r->data->n_samples;
    FEL_TRY(solve(r));
    for (size_t k = 0; k < r->size; k++) {
        r->solution[k] += r->moments[k];
        largest = fmax(largest, fabs(r->solution[k]));
        move = fmax(move, fabs(r->moments[k]));
    }
    *moved = largest > 0.0 ? move / largest : 0.0;
    return FEL_OK;
}

static fel_status fit_logistic(regression *r)
{
    double moved = 1.0;
    for (int i = 0; i < MOST_STEPS && moved > precision; i++) {
        FEL_TRY(step_logistic(r, &moved));
    }
    return FEL_OK;
}

static fel_status fit(const fel_dataset *data, size_t sequence, fel_status (*how)(regression *),
                      double *coefficients)
{
    regression r;
    FEL_TRY(gemm_open());
    fel_status status = begin(&r, data, sequence);
    if (status == FEL_OK) {
        status = how(&r);
    }
    if (status == FEL_OK) {
        memcpy(coefficients, r.solution, r.size * sizeof(double));
    }
    clear(&r);
    return status;
}

fel_status fel_linear_fit(const fel_dataset *data, size_t sequence, double *coefficients)
{
    return fit(data, sequence, fit_linear, coefficients);
}

fel_status fel_logistic_fit(const fel_dataset *data, size_t sequence, double *coefficients)
{
    return fit(data, sequence, fit_logistic, coefficients);
}
