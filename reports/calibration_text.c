/* reports/calibration_text.c - a calibration for a terminal: the fit, its parameters, maturities,
 * what was refused. */
#include <math.h>
#include <string.h>

#include "reports/simulation_internal.h"
#include "reports/text_internal.h"

static void put_title(const fel_calibration_report *r, FILE *f)
{
    const char *title = text_of(r->title);
    (void)fprintf(f, "%.60s: calibration of %.30s\n", title[0] != '\0' ? title : "study",
                  text_of(r->model));
    if (text_of(r->chain)[0] != '\0') {
        text_wrapped(f, r->chain, 2, 0);
    }
    calibration_notes(r, text_take_note, f);
}

static void put_row(FILE *f, const char *label, int digits, double value, const char *unit)
{
    char text[SIM_TEXT_SIZE];
    real_text(digits, value, text);
    (void)fprintf(f, "%-34s %s %.40s\n", label, text, text_of(unit));
}

static void put_fit(const fel_calibration_report *r, FILE *f)
{
    const spread_hits hits = hits_of(r);
    text_heading(f, "Fit");
    (void)fprintf(f, "%-34s %.40s, weights: %.20s\n", "Objective", text_of(r->objective),
                  text_of(r->weight)[0] != '\0' ? r->weight : "equal");
    put_row(f, "Sum of squares", 6, r->sum_of_squares, r->objective_unit);
    put_row(f, "Root mean square", 4, r->rmse, r->residual_unit);
    put_row(f, "In volatility", 4, r->rmse_vol_points, "volatility points");
    (void)fprintf(f, "%-34s %zu fitted, of a file of %llu rows\n", "Quotes", r->n_quotes,
                  (unsigned long long)r->n_rows);
    if (hits.n > 0) {
        (void)fprintf(f, "%-34s %zu of %zu quotes\n", "Model between bid and ask", hits.n_inside,
                      hits.n);
    }
    (void)fprintf(f, "%-34s %u of %u\n", "Starts that end here", r->n_agreeing, r->n_starts);
    (void)fprintf(f, "%-34s %u iterations, %u evaluations", "Search", r->n_iterations,
                  r->n_evaluations);
    (void)fprintf(f, isfinite(r->seconds) ? ", %.4g s\n" : "\n", r->seconds);
}

static void put_maturity(const maturity_fit *m, FILE *f)
{
    char vols[2][SIM_TEXT_SIZE], points[2][SIM_TEXT_SIZE];
    unit_text(FEL_UNIT_FRACTION, m->market_vol, vols[0]);
    unit_text(FEL_UNIT_FRACTION, m->model_vol, vols[1]);
    unit_text(FEL_UNIT_RATIO, m->rmse_vol_points, points[0]);
    unit_text(FEL_UNIT_RATIO, m->mean_vol_points, points[1]);
    (void)fprintf(f, "%12.4f%8zu%14.6g%16s%16s%14s%14s\n", m->t_years, m->n, m->forward, vols[0],
                  vols[1], points[0], points[1]);
}

static void put_maturities(const fel_calibration_report *r, FILE *f)
{
    if (r->n_quotes == 0) {
        return;
    }
    text_heading(f, "By maturity");
    (void)fprintf(f, "%12s%8s%14s%16s%16s%14s%14s\n", "years", "quotes", "forward", "market vol",
                  "model vol", "rms, points", "mean, points");
    for (size_t i = 0; i < r->n_quotes;) {
        const maturity_fit m = maturity_at(r, i);
        put_maturity(&m, f);
        i += m.n;
    }
    (void)fprintf(f, "Volatilities at the forward, on the line between the strikes around it.\n");
}

static void put_refusals(const fel_calibration_report *r, FILE *f)
{
    if (r->n_refusals == 0) {
        return;
    }
    text_heading(f, "Refused quotes");
    for (size_t i = 0; i < r->n_refusals; i++) {
        const fel_calibration_refusal *x = &r->refusals[i];
        const int used =
            fprintf(f, "%8llu  %-18.30s ", (unsigned long long)x->n, text_of(x->reason));
        text_wrapped(f, text_of(x->first), 29, used > 0 ? (size_t)used : 0);
    }
}

fel_status fel_calibration_report_write_terminal(const fel_calibration_report *report, FILE *file)
{
    FEL_TRY(calibration_check(report));
    put_title(report, file);
    text_process(&report->process, file);
    put_fit(report, file);
    put_maturities(report, file);
    put_refusals(report, file);
    text_pairs("How to run it again", report->manifest, report->n_manifest, file);
    return text_end(file);
}
