/* sim/calibrate_fit.c - one fit by GSL's Levenberg-Marquardt with the analytic gradient.
 *
 * Prices and their derivatives come from one pass over the nodes, so both are computed when GSL
 * asks for either and kept for the other. */
#include <gsl/gsl_multifit_nlinear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "sim/calibrate_internal.h"

static const double hopeless = 1e30; /* a residual that no step is taken for */

fel_status fit_work_init(fit_work *out, const fit_problem *problem)
{
    const size_t n = problem->chain->n;
    memset(out, 0, sizeof(*out));
    out->problem = problem;
    out->prices = calloc(n, sizeof(double));
    out->gradient = calloc((n + FIT_N) * FIT_N, sizeof(double));
    out->residual = calloc(n + FIT_N, sizeof(double));
    return out->prices != NULL && out->gradient != NULL && out->residual != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a fit of %zu quotes", n);
}

void fit_work_clear(fit_work *work)
{
    free(work->prices);
    free(work->gradient);
    free(work->residual);
    memset(work, 0, sizeof(*work));
}

/* ---- the functions that GSL calls ------------------------------------------------------------ */

static void set_stage(fit_work *work, fit_stage stage)
{
    work->stage = stage;
    work->n_rows = work->problem->chain->n + (stage == FIT_SMOOTH ? FIT_N : 0);
    work->is_computed = 0;
    work->is_begun = 0;
    work->status = FEL_OK;
}

/* Residuals with their weights; the gradient becomes theirs, by the model's own parameters. */
static void weigh(fit_work *work)
{
    for (size_t i = 0; i < work->problem->chain->n; i++) {
        const fit_residual r = fit_residual_of(work->problem, i, work->stage, work->prices[i]);
        const double weight = work->problem->weight[i];
        work->residual[i] = weight * r.value;
        for (size_t k = 0; k < FIT_N; k++) {
            work->gradient[i * FIT_N + k] *= weight * r.slope;
        }
    }
}

/* A weak pull keeps a search that starts far off from straying to where all prices look alike. */
static void add_pull(fit_work *work, const double p[FIT_N])
{
    const size_t n = work->problem->chain->n;
    double centre[FIT_N];
    fit_pack(&work->problem->centre, centre);
    for (size_t k = 0; k < FIT_N; k++) {
        double *row = &work->gradient[(n + k) * FIT_N], slope = 0.0;
        const double distance = fit_distance(k, p[k], centre[k], &slope);
        memset(row, 0, FIT_N * sizeof(*row));
        work->residual[n + k] = work->problem->pull * distance;
        row[k] = work->problem->pull * slope;
    }
}

static int is_same(const double a[FIT_N], const double b[FIT_N])
{
    int is_equal = 1;
    for (size_t i = 0; i < FIT_N; i++) {
        is_equal = is_equal && a[i] == b[i];
    }
    return is_equal;
}

static int compute(fit_work *work, const gsl_vector *y)
{
    double free_at[FIT_N], p[FIT_N];
    fel_heston heston;
    for (size_t i = 0; i < FIT_N; i++) {
        free_at[i] = gsl_vector_get(y, i);
    }
    if (work->is_computed && is_same(free_at, work->at)) {
        return GSL_SUCCESS;
    }
    work->is_computed = 0;
    memcpy(work->at, free_at, sizeof(free_at));
    fit_from_free(free_at, p, work->slope);
    fit_unpack(p, &heston);
    work->n_evaluations++;
    work->status = fit_prices(work->problem, &heston, work->prices, work->gradient);
    if (work->status != FEL_OK) {
        return GSL_EFAILED;
    }
    weigh(work);
    if (work->stage == FIT_SMOOTH) {
        add_pull(work, p);
    }
    work->is_computed = 1;
    return GSL_SUCCESS;
}

/* A step beyond what can be priced is a bad one, not the end: a shorter one is tried. */
static int residuals(const gsl_vector *y, void *payload, gsl_vector *f)
{
    fit_work *work = payload;
    const int code = compute(work, y);
    if (code != GSL_SUCCESS && work->status != FEL_ERR_NOMEM && work->is_begun) {
        work->status = FEL_OK;
        gsl_vector_set_all(f, hopeless);
        return GSL_SUCCESS;
    }
    for (size_t i = 0; i < f->size && code == GSL_SUCCESS; i++) {
        gsl_vector_set(f, i, work->residual[i]);
    }
    work->is_begun = work->is_begun || code == GSL_SUCCESS;
    return code;
}

static int jacobian(const gsl_vector *y, void *payload, gsl_matrix *j)
{
    fit_work *work = payload;
    const int code = compute(work, y);
    for (size_t i = 0; i < j->size1 && code == GSL_SUCCESS; i++) {
        for (size_t k = 0; k < FIT_N; k++) {
            gsl_matrix_set(j, i, k, work->gradient[i * FIT_N + k] * work->slope[k]);
        }
    }
    return code;
}

fel_status fit_compute(fit_work *work, fit_stage stage, const fel_heston *heston)
{
    set_stage(work, stage);
    work->n_evaluations++;
    FEL_TRY(fit_prices(work->problem, heston, work->prices, work->gradient));
    weigh(work);
    return FEL_OK;
}

static double sum_of_squares(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += values[i] * values[i];
    }
    return sum;
}

fel_status fit_screen(fit_work *work, const fel_heston *heston, double *sum)
{
    set_stage(work, FIT_SMOOTH);
    work->n_evaluations++;
    FEL_TRY(fit_prices(work->problem, heston, work->prices, NULL));
    for (size_t i = 0; i < work->problem->chain->n; i++) {
        work->residual[i] = work->problem->weight[i] *
                            fit_residual_of(work->problem, i, FIT_SMOOTH, work->prices[i]).value;
    }
    *sum = sum_of_squares(work->residual, work->problem->chain->n);
    return FEL_OK;
}

/* ---- the search ------------------------------------------------------------------------------ */

static int must_stop(const fit_problem *problem)
{
    return problem->stop_flag != NULL && *problem->stop_flag;
}

/* Until the parameters or the gradient say so, or no step helps any more. */
static void iterate(fit_end *out, gsl_multifit_nlinear_workspace *gsl, const fit_work *work,
                    double tolerance)
{
    const uint32_t most = work->problem->max_iterations;
    int info = 0;
    out->text = "out of iterations";
    while (out->n_iterations < most) {
        if (must_stop(work->problem)) {
            out->was_stopped = 1;
            out->text = "stopped";
            return;
        }
        const int code = gsl_multifit_nlinear_iterate(gsl);
        out->n_iterations++;
        if (code == GSL_ENOPROG && work->status == FEL_OK) {
            out->is_converged = 1;
            out->text = "converged to rounding";
            return;
        }
        if (code != GSL_SUCCESS) {
            out->text = "failed";
            return;
        }
        if (gsl_multifit_nlinear_test(tolerance, tolerance * tolerance, 0.0, &info, gsl) ==
            GSL_SUCCESS) {
            out->is_converged = 1;
            out->text = "converged";
            return;
        }
    }
}

/* The end is where GSL stands, which may not be the point computed last. */
static fel_status take_end(fit_end *out, fit_work *work, gsl_multifit_nlinear_workspace *gsl)
{
    double p[FIT_N];
    if (work->status != FEL_OK) {
        return work->status;
    }
    if (compute(work, gsl_multifit_nlinear_position(gsl)) != GSL_SUCCESS) {
        return work->status;
    }
    fit_from_free(work->at, p, work->slope);
    fit_unpack(p, &out->heston);
    out->sum_of_squares = sum_of_squares(work->residual, work->n_rows);
    return FEL_OK;
}

static fel_status search(fit_end *out, fit_work *work, gsl_multifit_nlinear_workspace *gsl,
                         const fel_heston *start, double tolerance)
{
    double p[FIT_N], y[FIT_N];
    gsl_multifit_nlinear_fdf functions = {
        .f = residuals, .df = jacobian, .n = work->n_rows, .p = FIT_N, .params = work};
    fit_pack(start, p);
    fit_to_free(p, y);
    gsl_vector_const_view at = gsl_vector_const_view_array(y, FIT_N);
    if (gsl_multifit_nlinear_init(&at.vector, &functions, gsl) == GSL_SUCCESS) {
        iterate(out, gsl, work, tolerance);
    }
    return take_end(out, work, gsl);
}

fel_status fit_run(fit_end *out, fit_work *work, fit_stage stage, const fel_heston *start,
                   double tolerance)
{
    gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
    fit_end end = {.heston = *start, .sum_of_squares = (double)NAN, .text = "failed"};
    gsl_quiet();
    how.trs = gsl_multifit_nlinear_trs_lm;
    how.scale = gsl_multifit_nlinear_scale_more;
    set_stage(work, stage);
    gsl_multifit_nlinear_workspace *gsl =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, work->n_rows, FIT_N);
    if (gsl == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a fit");
    }
    const fel_status status = search(&end, work, gsl, start, tolerance);
    gsl_multifit_nlinear_free(gsl);
    if (status != FEL_ERR_NOMEM) {
        *out = end;
        return FEL_OK;
    }
    return status;
}
