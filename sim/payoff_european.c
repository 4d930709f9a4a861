/* sim/payoff_european.c - payoffs of the price at maturity: calls and puts, digitals, and those
 * whose strike is set later. */
#include <math.h>

#include "sim/black_internal.h"
#include "sim/payoff_internal.h"

enum { RIGHT, STRIKE, CASH };
enum { FORWARD_RIGHT, MONEYNESS, START, PERFORMANCE };

static const fel_param_spec european_rows[] = {PAYOFF_RIGHT, PAYOFF_STRIKE};
static const fel_param_spec cash_rows[] = {
    PAYOFF_RIGHT, PAYOFF_STRIKE,
    PAYOFF_REAL("cash", 1.0, 0.0, 1e15, "what is paid if in the money at maturity")};
static const fel_param_spec forward_rows[] = {
    PAYOFF_RIGHT,
    PAYOFF_REAL("moneyness", 1.0, 1e-6, 1e6, "strike over the price at the start date"),
    PAYOFF_REAL("start_years", 0.0, 0.0, 100.0, "when the strike is set; 0 for today"),
    {"performance", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL,
     "pays per unit of the price at the start date"}};

/* ---- on paths -----------------------------------------------------------------------------------
 */

static fel_status european_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double sign = payoff_sign(job->payoff->params[RIGHT]);
    const double strike = job->payoff->params[STRIKE], discount = job->discount[job->n_dates];
    const double *spot = chunk_spot(chunk, job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = sign * (spot[i] - strike);
        out[i] = inside > 0.0 ? discount * inside : 0.0;
    }
    return FEL_OK;
}

/* cash + shares S_T if in the money. */
static void digital_value(const payoff_chunk *chunk, double cash, double shares, double *out)
{
    const payoff_job *job = chunk->job;
    const double sign = payoff_sign(job->payoff->params[RIGHT]);
    const double strike = job->payoff->params[STRIKE], discount = job->discount[job->n_dates];
    const double *spot = chunk_spot(chunk, job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = sign * (spot[i] - strike);
        out[i] = inside > 0.0 ? discount * (cash + shares * spot[i]) : 0.0;
    }
}

static fel_status cash_value(const payoff_chunk *chunk, double *out)
{
    digital_value(chunk, chunk->job->payoff->params[CASH], 0.0, out);
    return FEL_OK;
}

static fel_status asset_value(const payoff_chunk *chunk, double *out)
{
    digital_value(chunk, 0.0, 1.0, out);
    return FEL_OK;
}

static fel_status forward_prepare(payoff_job *job)
{
    FEL_TRY(payoff_date_of(job, "start_years", job->payoff->params[START], 0, &job->from_date));
    if (job->from_date == job->n_dates) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "start_years = %.10g is maturity, allowed are earlier dates",
                         job->payoff->params[START]);
    }
    return FEL_OK;
}

static fel_status forward_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const double sign = payoff_sign(params[FORWARD_RIGHT]);
    const double discount = job->discount[job->n_dates];
    const double *start = chunk_spot(chunk, job->from_date);
    const double *end = chunk_spot(chunk, job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = sign * (end[i] - params[MONEYNESS] * start[i]);
        const double paid = inside > 0.0 ? discount * inside : 0.0;
        out[i] = params[PERFORMANCE] > 0.0 ? paid / start[i] : paid;
    }
    return FEL_OK;
}

/* ---- by formula ---------------------------------------------------------------------------------
 */

static fel_option_right right_of(double param)
{
    return payoff_sign(param) > 0.0 ? FEL_CALL : FEL_PUT;
}

static fel_status european_formula(const payoff_job *job, double *price)
{
    const fel_option_right right = right_of(job->payoff->params[RIGHT]);
    return fel_price_european(job->process, job->t_years, &job->payoff->params[STRIKE], &right, 1,
                              FEL_PRICE_ADAPTIVE, price);
}

/* Risk-neutral probability of ending in the money; with the price as numeraire, under its measure.
 */
static double in_the_money(const payoff_job *job, int asset_measure)
{
    const fel_process *p = job->process;
    const double deviation = p->vol_per_year * sqrt(job->t_years);
    const double mean = log(p->spot / job->payoff->params[STRIKE]) +
                        (p->rate_per_year - p->dividend_per_year) * job->t_years +
                        (asset_measure ? 0.5 : -0.5) * deviation * deviation;
    return normal_cdf(payoff_sign(job->payoff->params[RIGHT]) * mean / deviation);
}

static fel_status cash_formula(const payoff_job *job, double *price)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    *price = job->payoff->params[CASH] * job->discount[job->n_dates] * in_the_money(job, 0);
    return FEL_OK;
}

static fel_status asset_formula(const payoff_job *job, double *price)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    *price = job->process->spot * exp(-job->process->dividend_per_year * job->t_years) *
             in_the_money(job, 1);
    return FEL_OK;
}

/* Rubinstein (1990): at the start date the option is worth S times one on a price of 1. */
static fel_status forward_formula(const payoff_job *job, double *price)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    const fel_process *p = job->process;
    const double *params = job->payoff->params;
    fel_greeks unit;
    FEL_TRY(fel_black_scholes(right_of(params[FORWARD_RIGHT]), 1.0, params[MONEYNESS],
                              job->t_years - params[START], p->rate_per_year, p->dividend_per_year,
                              p->vol_per_year, &unit));
    *price = params[PERFORMANCE] > 0.0
                 ? unit.price * exp(-p->rate_per_year * params[START])
                 : unit.price * p->spot * exp(-p->dividend_per_year * params[START]);
    return FEL_OK;
}

/* ---- the kinds ----------------------------------------------------------------------------------
 */

const payoff_kind payoff_european = {{"european", "call or put on the price at maturity",
                                      european_rows, PAYOFF_N_ROWS(european_rows), 0},
                                     NULL,
                                     european_value,
                                     european_formula};
const payoff_kind payoff_cash_digital = {
    {"cash_digital", "cash if in the money at maturity", cash_rows, PAYOFF_N_ROWS(cash_rows), 0},
    NULL,
    cash_value,
    cash_formula};
const payoff_kind payoff_asset_digital = {{"asset_digital", "the asset if in the money at maturity",
                                           european_rows, PAYOFF_N_ROWS(european_rows), 0},
                                          NULL,
                                          asset_value,
                                          asset_formula};
const payoff_kind payoff_forward_start = {{"forward_start",
                                           "call or put whose strike is set at a later date",
                                           forward_rows, PAYOFF_N_ROWS(forward_rows), 0},
                                          forward_prepare,
                                          forward_value,
                                          forward_formula};
