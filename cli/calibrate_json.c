/* cli/calibrate_json.c - a fit as JSON, for programs. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "cli/calibrate_flags_internal.h"

/* Null where there is no number. */
static json_t *real_json(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *parameters_json(const fel_report_process *process)
{
    json_t *map = json_object();
    for (size_t i = 0; i < process->n_parameters; i++) {
        const fel_report_parameter *p = &process->parameters[i];
        (void)json_object_set_new(map, p->name,
                                  json_pack("{s:o, s:o, s:s, s:b}", "value", real_json(p->value),
                                            "standard_error", real_json(p->standard_error), "unit",
                                            p->unit, "at_bound", p->is_at_bound));
    }
    return map;
}

static json_t *process_json(const fel_process *process)
{
    return json_pack("{s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}", "simulate", "heston", "spot",
                     process->spot, "rate_per_year", process->rate_per_year, "dividend_per_year",
                     process->dividend_per_year, "v0", process->heston.v0, "kappa",
                     process->heston.kappa, "theta", process->heston.theta, "xi",
                     process->heston.xi, "rho", process->heston.rho);
}

static double maturity_rms(const fel_calibration_run *run, const fel_chain_maturity *m)
{
    const fel_chain *chain = fel_calibration_run_chain(run);
    const fel_calibration *fit = fel_calibration_run_fit(run);
    double sum = 0.0;
    for (size_t i = m->first; i < m->first + m->n; i++) {
        const double off = 100.0 * (fit->model_vol[i] - chain->quotes[i].vol_per_year);
        sum += off * off;
    }
    return sqrt(sum / (double)m->n);
}

static json_t *maturities_json(const fel_calibration_run *run)
{
    const fel_chain *chain = fel_calibration_run_chain(run);
    json_t *list = json_array();
    for (size_t i = 0; i < chain->n_maturities; i++) {
        const fel_chain_maturity *m = &chain->maturities[i];
        (void)json_array_append_new(
            list, json_pack("{s:f, s:f, s:f, s:s, s:o, s:I, s:o}", "t_years", m->t_years, "forward",
                            m->forward, "discount", m->discount, "forward_is",
                            fel_forward_source_name(m->source), "forward_error",
                            real_json(m->forward_error), "quotes", (json_int_t)m->n,
                            "rmse_vol_points", real_json(maturity_rms(run, m))));
    }
    return list;
}

static json_t *refused_json(const fel_chain *chain)
{
    json_t *list = json_array();
    for (size_t i = 1; i < FEL_FAULT_N; i++) {
        if (chain->n_faults[i] > 0) {
            (void)json_array_append_new(list, json_pack("{s:s, s:I, s:s}", "reason",
                                                        fel_quote_fault_name((fel_quote_fault)i),
                                                        "quotes", (json_int_t)chain->n_faults[i],
                                                        "first", chain->first_fault[i]));
        }
    }
    return list;
}

static json_t *fit_json(const fel_calibration_run *run)
{
    const fel_calibration_report *r = fel_calibration_run_report(run);
    const fel_calibration *fit = fel_calibration_run_fit(run);
    return json_pack("{s:s, s:s, s:s, s:s, s:f, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:f, s:s}",
                     "objective", r->objective, "objective_unit", r->objective_unit,
                     "residual_unit", r->residual_unit, "weight", r->weight, "sum_of_squares",
                     fit->sum_of_squares, "rmse", real_json(fit->rmse), "rmse_vol_points",
                     real_json(fit->rmse_vol_points), "condition", real_json(fit->condition),
                     "starts", (json_int_t)fit->n_starts, "agreeing", (json_int_t)fit->n_agreeing,
                     "iterations", (json_int_t)fit->n_iterations, "evaluations",
                     (json_int_t)fit->n_evaluations, "seconds", fit->seconds, "note", fit->note);
}

fel_status calibrate_print_json(const fel_calibration_run *run, const char *path)
{
    const fel_chain *chain = fel_calibration_run_chain(run);
    const fel_process process = fel_calibration_run_process(run);
    json_t *root = json_pack("{s:{s:s, s:s, s:f, s:I, s:I, s:I}, s:o, s:o, s:o, s:o, s:o}", "chain",
                             "file", path, "quote_date", chain->quote_date, "spot", chain->spot,
                             "rows", (json_int_t)chain->n_rows, "quotes", (json_int_t)chain->n,
                             "refused", (json_int_t)chain->n_refused, "parameters",
                             parameters_json(&fel_calibration_run_report(run)->process), "fit",
                             fit_json(run), "maturities", maturities_json(run), "refused",
                             refused_json(chain), "process", process_json(&process));
    if (root == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "the fit cannot be put into JSON: out of memory, or a "
                                        "name is not UTF-8");
    }
    (void)json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    (void)putchar('\n');
    json_decref(root);
    return FEL_OK;
}
