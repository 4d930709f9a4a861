/* losses/risk_measure.c - the measure of a sample of paths, its certainty equivalent and standard
 * error. */
#include "core/sum.h"
#include "losses/risk_internal.h"

fel_status risk_check_paths(const fel_risk *risk, const char *what, const double *pnl, size_t n)
{
    const fel_risk_class *code = risk->code;
    FEL_TRY(fel_risk_check(risk));
    if (n == 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: no paths%s", code->name, what);
    }
    for (size_t i = 0; i < n; i++) {
        double slope = 0.0, curvature = 0.0, threshold_slope = 0.0;
        if (!isfinite(pnl[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: the P&L of path %zu%s is %g", code->name, i, what,
                             pnl[i]);
        }
        if (code->domain != NULL &&
            isnan(code->term(risk->params, pnl[i], 0.0, &slope, &curvature, &threshold_slope))) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: the P&L of path %zu%s is %g; it needs %s",
                             code->name, i, what, pnl[i], code->domain);
        }
    }
    return FEL_OK;
}

fel_status risk_measure_checked(const fel_risk *risk, const double *pnl, size_t n, double *value,
                                double *w, fel_risk *used)
{
    const fel_risk_class *code = risk->code;
    fel_risk adjusted = *risk;
    fel_risk_sums sums;
    double threshold = 0.0, scale = 0.0;
    if (code->for_paths != NULL) {
        code->for_paths(risk->params, n, adjusted.params);
    }
    if (code->solve != NULL) {
        FEL_TRY(code->solve(risk->params, pnl, n, &threshold));
    }
    fel_risk_terms(&adjusted, pnl, n, threshold, &sums, NULL, NULL);
    FEL_TRY(fel_risk_finish(&adjusted, &sums, threshold, value, &scale));
    if (w != NULL) {
        *w = threshold;
    }
    if (used != NULL) {
        *used = adjusted;
    }
    return FEL_OK;
}

fel_status fel_risk_measure(const fel_risk *risk, const double *pnl, size_t n, double *value,
                            double *w)
{
    FEL_TRY(risk_check_paths(risk, "", pnl, n));
    return risk_measure_checked(risk, pnl, n, value, w, NULL);
}

fel_status fel_risk_certainty_equivalent(const fel_risk *risk, const double *pnl, size_t n,
                                         double *value)
{
    const fel_risk_class *code = risk->code;
    double measure = 0.0;
    FEL_TRY(fel_risk_measure(risk, pnl, n, &measure, NULL));
    const double sure = code->sure != NULL ? code->sure(risk->params, measure) : -measure;
    if (!isfinite(sure)) {
        return FEL_RAISE(FEL_ERR_RANGE, "no sure P&L has %s %g", code->name, measure);
    }
    *value = sure;
    return FEL_OK;
}

fel_status fel_risk_standard_error(const fel_risk *risk, const double *pnl, size_t n, double *error)
{
    fel_risk used;
    fel_risk_sums sums;
    double value = 0.0, w = 0.0, scale = 0.0;
    FEL_TRY(risk_check_paths(risk, "", pnl, n));
    if (n < 2) {
        return FEL_RAISE(FEL_ERR_RANGE, "the standard error of %s needs two paths or more",
                         risk->code->name);
    }
    FEL_TRY(risk_measure_checked(risk, pnl, n, &value, &w, &used));
    fel_risk_terms(&used, pnl, n, w, &sums, NULL, NULL);
    FEL_TRY(fel_risk_finish(&used, &sums, w, &value, &scale));
    const double mean = sums.term / sums.n;
    running_sum squares = {0};
    for (size_t i = 0; i < n; i++) {
        double slope = 0.0, curvature = 0.0, threshold_slope = 0.0;
        const double x =
            used.code->term(used.params, pnl[i], w, &slope, &curvature, &threshold_slope) - mean;
        running_add(&squares, x * x);
    }
    *error = scale * sqrt(running_value(&squares) / ((sums.n - 1.0) * sums.n));
    return FEL_OK;
}
