/* reports/calibration_check.c - is a calibration report complete enough to be written? */
#include <math.h>

#include "reports/simulation_internal.h"

static fel_status check_quotes(const fel_calibration_report *r)
{
    FEL_TRY(check_array(r->quotes, r->n_quotes, "quotes"));
    for (size_t i = 0; i < r->n_quotes; i++) {
        const fel_calibration_quote *q = &r->quotes[i];
        if (!(q->t_years > 0.0) || !isfinite(q->t_years) || !(q->strike > 0.0) ||
            !(q->forward > 0.0)) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "quote %zu: maturity %g, strike %g, forward %g; all must be positive",
                             i, q->t_years, q->strike, q->forward);
        }
        if (i > 0 && q->t_years < q[-1].t_years) {
            return FEL_RAISE(FEL_ERR_ARG, "quote %zu: maturity %g after %g; they must not fall", i,
                             q->t_years, q[-1].t_years);
        }
    }
    return FEL_OK;
}

static fel_status check_curves(const fel_calibration_report *r)
{
    FEL_TRY(check_array(r->curves, r->n_curves, "curves"));
    for (size_t i = 0; i < r->n_curves; i++) {
        FEL_TRY(check_array(r->curves[i].strikes, r->curves[i].n, "curve strikes"));
        FEL_TRY(check_array(r->curves[i].vols, r->curves[i].n, "curve vols"));
    }
    return FEL_OK;
}

fel_status calibration_check(const fel_calibration_report *r)
{
    if (r == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "report is NULL");
    }
    if (r->struct_size != sizeof(*r)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_calibration_report has %u bytes, not %zu",
                         r->struct_size, sizeof(*r));
    }
    FEL_TRY(check_process(&r->process));
    FEL_TRY(check_quotes(r));
    FEL_TRY(check_curves(r));
    FEL_TRY(check_array(r->refusals, r->n_refusals, "refusals"));
    FEL_TRY(check_array(r->starts, r->n_starts_listed, "starts"));
    FEL_TRY(check_pairs(r->parameters, r->n_parameters, "parameters"));
    FEL_TRY(check_pairs(r->manifest, r->n_manifest, "manifest"));
    return check_pairs(r->notes, r->n_notes, "notes");
}
