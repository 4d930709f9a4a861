/* losses/risk.c - the table of risk measures: finding one, adding up terms, finishing. */
#include <string.h>

#include "core/nearest.h"
#include "core/sum.h"
#include "losses/risk_internal.h"

static const fel_risk_class *const classes[] = {
    &risk_mean_variance, &risk_quadratic,      &risk_entropic,           &risk_cvar,
    &risk_smooth_cvar,   &risk_quadratic_cvar, &risk_expected_shortfall, &risk_exponential_utility,
    &risk_oce_quadratic, &risk_oce_exp2,       &risk_oce_vicky,          &risk_isoelastic,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_risk_class *const *fel_risk_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_risk_find(const char *name, fel_risk *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_risk risk = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, risk.params);
            *out = risk;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no risk measure \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no risk measure \"%.64s\"; feller list risks shows them",
                     name);
}

fel_status fel_risk_check(const fel_risk *risk)
{
    for (size_t i = 0; i < risk->code->n_params; i++) {
        FEL_TRY(fel_param_check(&risk->code->params[i], risk->params[i]));
    }
    return FEL_OK;
}

void fel_risk_terms(const fel_risk *risk, const double *pnl, size_t n, double w,
                    fel_risk_sums *sums, double *slopes, double *curvatures)
{
    const fel_risk_class *code = risk->code;
    running_sum terms = {0}, thresholds = {0};
    for (size_t i = 0; i < n; i++) {
        double slope = 0.0, curvature = 0.0, threshold_slope = 0.0;
        running_add(&terms,
                    code->term(risk->params, pnl[i], w, &slope, &curvature, &threshold_slope));
        running_add(&thresholds, threshold_slope);
        if (slopes != NULL) {
            slopes[i] = slope;
        }
        if (curvatures != NULL) {
            curvatures[i] = curvature;
        }
    }
    sums->n = (double)n;
    sums->term = running_value(&terms);
    sums->threshold_slope = running_value(&thresholds);
}

/* Which way did the objective leave the numbers? */
static fel_status not_finite(const fel_risk_class *code, double value)
{
    if (isnan(value)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s is nan: it needs %s", code->name,
                         code->domain != NULL ? code->domain : "P&L that is a number");
    }
    if (value > 0.0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%s is inf: losses are too large for its parameters (or the P&L for its "
                         "square)",
                         code->name);
    }
    return FEL_RAISE(FEL_ERR_RANGE, "%s is -inf: gains are too large for its parameters",
                     code->name);
}

fel_status fel_risk_finish(const fel_risk *risk, const fel_risk_sums *sums, double w, double *value,
                           double *scale)
{
    const fel_risk_class *code = risk->code;
    if (!(sums->n > 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s of %g paths: at least one is needed", code->name,
                         sums->n);
    }
    const double mean = sums->term / sums->n;
    double slope = 1.0;
    const double result = code->finish != NULL ? code->finish(risk->params, mean, w, &slope) : mean;
    if (!isfinite(result) || !isfinite(slope)) {
        return not_finite(code, isfinite(result) ? slope : result);
    }
    *value = result;
    *scale = slope;
    return FEL_OK;
}
