/* sim/calibrate_judge.c - how well an optimum determines the parameters.
 *
 * With J the weighted residuals' derivatives by the parameters, columns scaled to unit length,
 * J = U S V': covariance = s^2 V S^-2 V' scaled back, s^2 = sum of squares / (n - 5). That is what
 * the curvature says if residuals were independent errors of equal size; a model's misfit is not,
 * so the standard errors are indicative. The smallest singular value's direction names what the
 * quotes cannot tell apart. */
#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/core.h"
#include "sim/calibrate_internal.h"

static const double singular = 1e-12;      /* relative: no standard error below it */
static const double hard_to_tell = 1e3;    /* condition from which a note names the parameters */
static const double large_component = 0.3; /* of a unit vector */

/* ---- the Jacobian's parts -------------------------------------------------------------------- */

typedef struct parts {
    gsl_matrix *u, *v; /* n x 5, 5 x 5 */
    gsl_vector *s;
    double length[FIT_N]; /* of the columns before they were scaled */
} parts;

static void parts_clear(parts *p)
{
    gsl_matrix_free(p->u);
    gsl_matrix_free(p->v);
    gsl_vector_free(p->s);
}

static void fill(parts *p, const fit_work *work)
{
    const size_t n = work->problem->chain->n;
    for (size_t k = 0; k < FIT_N; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < n; i++) {
            sum += work->gradient[i * FIT_N + k] * work->gradient[i * FIT_N + k];
        }
        p->length[k] = sqrt(sum);
        for (size_t i = 0; i < n; i++) {
            const double value = work->gradient[i * FIT_N + k];
            gsl_matrix_set(p->u, i, k, sum > 0.0 ? value / p->length[k] : 0.0);
        }
    }
}

static fel_status decompose(parts *p, const fit_work *work)
{
    p->u = gsl_matrix_calloc(work->problem->chain->n, FIT_N);
    p->v = gsl_matrix_calloc(FIT_N, FIT_N);
    p->s = gsl_vector_calloc(FIT_N);
    if (p->u == NULL || p->v == NULL || p->s == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the standard errors");
    }
    fill(p, work);
    return gsl_linalg_SV_decomp_jacobi(p->u, p->v, p->s) == 0
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_INTERNAL, "the Jacobian has no singular values");
}

static void set_errors(fel_calibration *out, const parts *p, size_t n)
{
    const double largest = gsl_vector_get(p->s, 0);
    const double variance = n > FIT_N ? out->sum_of_squares / (double)(n - FIT_N) : (double)NAN;
    out->condition = largest / gsl_vector_get(p->s, FIT_N - 1);
    for (size_t k = 0; k < FIT_N; k++) {
        double sum = 0.0;
        for (size_t i = 0; i < FIT_N; i++) {
            const double s = gsl_vector_get(p->s, i);
            const double share = gsl_matrix_get(p->v, k, i) / (s > singular * largest ? s : 0.0);
            sum += share * share;
        }
        const double error = sqrt(variance * sum) / p->length[k];
        out->standard_error[k] = isfinite(error) ? error : (double)NAN;
    }
}

/* ---- notes ----------------------------------------------------------------------------------- */

static void list_name(char *text, size_t size, const char *name)
{
    const size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s%s", used > 0 ? ", " : "", name);
}

static void note_identification(fel_calibration *out, const parts *p, const fel_chain *chain)
{
    char names[80] = "";
    if (out->condition < hard_to_tell) {
        return;
    }
    for (size_t k = 0; k < FIT_N; k++) {
        if (!(p->length[k] > 0.0) || fabs(gsl_matrix_get(p->v, k, FIT_N - 1)) > large_component) {
            list_name(names, sizeof(names), fit_parameter_name(k));
        }
    }
    (void)snprintf(out->note, sizeof(out->note),
                   "%s: these quotes hardly tell them apart (condition %.1e%s)", names,
                   out->condition, chain->n_maturities == 1 ? ", one maturity" : "");
}

fel_status fit_judge(fel_calibration *out, fit_work *work)
{
    parts p = {.u = NULL};
    double at[FIT_N];
    gsl_quiet();
    const fel_status status = decompose(&p, work);
    if (status == FEL_OK) {
        set_errors(out, &p, work->problem->chain->n);
        fit_pack(&out->heston, at);
        out->is_at_bound = fit_bounds(at);
        note_identification(out, &p, work->problem->chain);
    }
    parts_clear(&p);
    return status;
}
