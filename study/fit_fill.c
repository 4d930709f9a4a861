/* study/fit_fill.c - a calibration in the words and numbers of its report. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/fit_internal.h"

typedef struct parameter_words {
    const char *name, *label, *unit;
} parameter_words;

static const parameter_words words[FEL_HESTON_N_PARAMS] = {
    {"v0", "variance at the quote date", "variance a year"},
    {"kappa", "speed of mean reversion", "a year"},
    {"theta", "long-run variance", "variance a year"},
    {"xi", "volatility of variance", "a year"},
    {"rho", "correlation of price and variance", ""},
};

static const char *const objective_words[][2] = {
    {"implied volatility", "squared volatility points"},
    {"price", "squared money"},
    {"price relative to the market's", "squared fractions"}};
static const char *const residual_units[] = {"volatility points", "money", "fractions"};

static fel_status fill_process(fel_calibration_run *run)
{
    const fel_heston *h = &run->fit.heston;
    const double values[] = {h->v0, h->kappa, h->theta, h->xi, h->rho};
    double low[FEL_HESTON_N_PARAMS], high[FEL_HESTON_N_PARAMS];
    fel_report_parameter *list = arena_array(&run->memory, FEL_HESTON_N_PARAMS, sizeof(*list));
    FEL_TRY(fit_need(list));
    fel_calibrate_range(low, high);
    for (size_t i = 0; i < FEL_HESTON_N_PARAMS; i++) {
        const fel_report_parameter p = {.name = words[i].name,
                                        .label = words[i].label,
                                        .unit = words[i].unit,
                                        .value = values[i],
                                        .standard_error = run->fit.standard_error[i],
                                        .min = low[i],
                                        .max = high[i],
                                        .is_at_bound = (run->fit.is_at_bound >> i) & 1};
        list[i] = p;
    }
    const fel_report_process process = {.asset = "",
                                        .name = "heston",
                                        .summary = "",
                                        .parameters = list,
                                        .n_parameters = FEL_HESTON_N_PARAMS,
                                        .feller_margin = fel_feller_margin(h),
                                        .variance_degrees = fel_variance_degrees(h)};
    run->report.process = process;
    return FEL_OK;
}

/* NaN where a price has no volatility. */
static double vol_of(const fel_quote_option *q, double price)
{
    double vol = (double)NAN;
    if (!(price > 0.0) || fel_implied_vol(q->right, price, q->forward, q->strike, q->t_years,
                                          q->discount, &vol) != FEL_OK) {
        return (double)NAN;
    }
    return vol;
}

static fel_status fill_quotes(fel_calibration_run *run)
{
    const fel_chain *chain = &run->chain;
    fel_calibration_quote *list = arena_array(&run->memory, chain->n, sizeof(*list));
    FEL_TRY(fit_need(list));
    for (size_t i = 0; i < chain->n; i++) {
        const fel_quote_option *q = &chain->quotes[i];
        const fel_calibration_quote quote = {.row = q->row,
                                             .is_put = q->right == FEL_PUT,
                                             .t_years = q->t_years,
                                             .strike = q->strike,
                                             .forward = q->forward,
                                             .discount = q->discount,
                                             .market_vol = q->vol_per_year,
                                             .bid_vol = vol_of(q, q->bid),
                                             .ask_vol = vol_of(q, q->ask),
                                             .model_vol = run->fit.model_vol[i],
                                             .market_price = q->price,
                                             .model_price = run->fit.model_price[i],
                                             .residual = run->fit.residual[i],
                                             .weight = run->fit.weight[i]};
        list[i] = quote;
    }
    run->report.quotes = list;
    run->report.n_quotes = chain->n;
    return FEL_OK;
}

static fel_status fill_refusals(fel_calibration_run *run)
{
    const fel_chain *chain = &run->chain;
    fel_calibration_refusal *list = arena_array(&run->memory, FEL_FAULT_N, sizeof(*list));
    FEL_TRY(fit_need(list));
    for (size_t i = 1; i < FEL_FAULT_N; i++) {
        const fel_calibration_refusal refusal = {.reason = fel_quote_fault_name((fel_quote_fault)i),
                                                 .meaning =
                                                     fel_quote_fault_meaning((fel_quote_fault)i),
                                                 .first = chain->first_fault[i],
                                                 .n = chain->n_faults[i]};
        if (chain->n_faults[i] > 0) {
            list[run->report.n_refusals++] = refusal;
        }
    }
    run->report.refusals = list;
    return FEL_OK;
}

static fel_status fill_starts(fel_calibration_run *run)
{
    const size_t n = run->fit.n_starts;
    fel_calibration_start *list = arena_array(&run->memory, n, sizeof(*list));
    double *values = arena_array(&run->memory, n * FEL_HESTON_N_PARAMS, sizeof(*values));
    FEL_TRY(fit_need(list));
    FEL_TRY(fit_need(values));
    for (size_t i = 0; i < n; i++) {
        const fel_calibration_end *end = &run->fit.ends[i];
        const double to[] = {end->to.v0, end->to.kappa, end->to.theta, end->to.xi, end->to.rho};
        const fel_calibration_start start = {.parameters = values + i * FEL_HESTON_N_PARAMS,
                                             .sum_of_squares = end->sum_of_squares,
                                             .n_iterations = end->n_iterations,
                                             .is_agreeing = end->is_agreeing,
                                             .end = end->text};
        memcpy(values + i * FEL_HESTON_N_PARAMS, to, sizeof(to));
        list[i] = start;
    }
    run->report.starts = list;
    run->report.n_starts_listed = n;
    return FEL_OK;
}

/* "spx.csv: 2011-01-24, 8 maturities, forwards by parity". */
static fel_status fill_chain_text(fel_calibration_run *run)
{
    const fel_chain *chain = &run->chain;
    const fel_forward_source first = chain->maturities[0].source;
    const char *sources = fel_forward_source_name(first);
    for (size_t i = 1; i < chain->n_maturities; i++) {
        sources = chain->maturities[i].source == first ? sources : "from several sources";
    }
    run->report.chain =
        arena_printf(&run->memory, "%s: %s%s%zu %s, forwards %s", run->path, chain->quote_date,
                     chain->quote_date[0] != '\0' ? ", " : "", chain->n_maturities,
                     chain->n_maturities == 1 ? "maturity" : "maturities", sources);
    return fit_need(run->report.chain);
}

static fel_status fill_notes(fel_calibration_run *run)
{
    fel_report_pair *note = arena_array(&run->memory, 1, sizeof(*note));
    FEL_TRY(fit_need(note));
    note->key = "warning";
    note->value = run->fit.note;
    run->report.notes = note;
    run->report.n_notes = run->fit.note[0] != '\0' ? 1 : 0;
    return FEL_OK;
}

static void fill_numbers(fel_calibration_run *run)
{
    fel_calibration_report *r = &run->report;
    const fel_calibration *fit = &run->fit;
    r->is_interrupted = fit->was_stopped ? 1 : 0;
    r->spot = run->chain.spot;
    r->sum_of_squares = fit->sum_of_squares;
    r->rmse = fit->rmse;
    r->rmse_vol_points = fit->rmse_vol_points;
    r->condition = fit->condition;
    r->n_starts = fit->n_starts;
    r->n_agreeing = fit->n_agreeing;
    r->n_iterations = fit->n_iterations;
    r->n_evaluations = fit->n_evaluations;
    r->seed = run->options.seed;
    r->n_rows = run->chain.n_rows;
}

fel_status fit_fill_report(fel_calibration_run *run)
{
    fel_calibration_report *r = &run->report;
    const int objective = (int)run->options.objective;
    *r = fel_calibration_report_default();
    r->title = run->title;
    r->model = "heston";
    r->objective = objective_words[objective][0];
    r->objective_unit = objective_words[objective][1];
    r->residual_unit = residual_units[objective];
    r->weight = fel_fit_weight_name(run->options.weight);
    fill_numbers(run);
    FEL_TRY(fill_chain_text(run));
    FEL_TRY(fill_process(run));
    FEL_TRY(fill_quotes(run));
    FEL_TRY(fill_refusals(run));
    FEL_TRY(fill_starts(run));
    return fill_notes(run);
}
