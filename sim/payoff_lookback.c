/* sim/payoff_lookback.c - payoffs of the highest or lowest price: with a fixed strike, and with the
 * extreme as the strike. */
#include <math.h>

#include "sim/closed_internal.h"
#include "sim/payoff_internal.h"

enum { RIGHT, FIXED_STRIKE, FIXED_SO_FAR, FIXED_START, FIXED_MONITORING };
enum { FLOATING_SO_FAR = 1, MULTIPLE, FLOATING_END, FLOATING_MONITORING };

#define SO_FAR_ROW                                                                                 \
    PAYOFF_REAL("extreme_so_far", 0.0, 0.0, 1e15, "the extreme until today; 0 for none")

static const fel_param_spec fixed_rows[] = {
    PAYOFF_RIGHT, PAYOFF_STRIKE, SO_FAR_ROW,
    PAYOFF_REAL("window_start_years", 0.0, 0.0, 100.0, "watched from then to maturity; 0: today"),
    PAYOFF_MONITORING};
static const fel_param_spec floating_rows[] = {
    PAYOFF_RIGHT, SO_FAR_ROW, PAYOFF_REAL("multiple", 1.0, 1e-6, 1e6, "strike over the extreme"),
    PAYOFF_REAL("window_end_years", 0.0, 0.0, 100.0, "watched from today until then; 0: maturity"),
    PAYOFF_MONITORING};

/* ---- on paths -----------------------------------------------------------------------------------
 */

/* out = the highest (sign +1) or lowest price in the job's window and before today, `so_far` if >
 * 0. */
static void extreme_of(const payoff_chunk *chunk, double sign, double so_far, int continuous,
                       double *out)
{
    const payoff_job *job = chunk->job;
    const payoff_kernels *kernels = payoff_kernels_of(job->level);
    const double today = job->process->spot;
    double *distance = chunk->scratch, *uniform = chunk->scratch + chunk->stride;
    const distance_args start = {chunk_spot(chunk, job->from_date), today, sign, distance,
                                 chunk->n};
    kernels->distance(&start);
    const double known = so_far > 0.0 ? sign * log(so_far / today) : -HUGE_VAL;
    const int counts_start = continuous || job->from_date > 0;
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] = counts_start ? fmax(known, distance[i]) : known;
    }
    for (size_t d = job->from_date + 1; d <= job->to_date; d++) {
        const extreme_args args = {
            .spot = chunk_spot(chunk, d),
            .area_before = chunk_area(chunk, d - 1),
            .area = chunk_area(chunk, d),
            .uniform = continuous ? uniform : NULL,
            .level = today,
            .sign = sign,
            .distance = distance,
            .extreme = out,
            .n = chunk->n,
        };
        if (continuous) {
            payoff_uniforms(chunk, d, uniform);
        }
        kernels->extreme(&args);
    }
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] *= sign;
    }
    kernels->exponential(out, today, chunk->n);
}

static fel_status fixed_prepare(payoff_job *job)
{
    job->needs_area = job->payoff->params[FIXED_MONITORING] > 0.0;
    return payoff_date_of(job, "window_start_years", job->payoff->params[FIXED_START], 0,
                          &job->from_date);
}

static fel_status fixed_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const double sign = payoff_sign(params[RIGHT]), discount = job->discount[job->n_dates];
    extreme_of(chunk, sign, params[FIXED_SO_FAR], params[FIXED_MONITORING] > 0.0, out);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = sign * (out[i] - params[FIXED_STRIKE]);
        out[i] = inside > 0.0 ? discount * inside : 0.0;
    }
    return FEL_OK;
}

static fel_status floating_prepare(payoff_job *job)
{
    job->needs_area = job->payoff->params[FLOATING_MONITORING] > 0.0;
    return payoff_date_of(job, "window_end_years", job->payoff->params[FLOATING_END], job->n_dates,
                          &job->to_date);
}

/* A call's strike is the minimum. */
static fel_status floating_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const double sign = payoff_sign(params[RIGHT]), discount = job->discount[job->n_dates];
    extreme_of(chunk, -sign, params[FLOATING_SO_FAR], params[FLOATING_MONITORING] > 0.0, out);
    const double *spot = chunk_spot(chunk, job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = sign * (spot[i] - params[MULTIPLE] * out[i]);
        out[i] = inside > 0.0 ? discount * inside : 0.0;
    }
    return FEL_OK;
}

/* ---- by formula ---------------------------------------------------------------------------------
 */

static fel_status needs_whole(const payoff_job *job, int is_whole)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    if (!is_whole) {
        return FEL_RAISE(FEL_ERR_NOTFOUND,
                         "no formula for %s but watched continuously from today to maturity",
                         job->payoff->code->name);
    }
    return FEL_OK;
}

static fel_status checked(double value, double *price)
{
    if (isnan(value)) {
        return FEL_RAISE(FEL_ERR_INTERNAL, "the quadrature of a lookback failed");
    }
    *price = value;
    return FEL_OK;
}

/* (M - K)^+ = max(M, K) - K with M at least what is known. */
static fel_status fixed_formula(const payoff_job *job, double *price)
{
    const double *params = job->payoff->params;
    FEL_TRY(needs_whole(job, params[FIXED_MONITORING] > 0.0 && params[FIXED_START] <= 0.0));
    const fel_process *p = job->process;
    const double strike = params[FIXED_STRIKE];
    const double so_far = params[FIXED_SO_FAR] > 0.0 ? params[FIXED_SO_FAR] : p->spot;
    const double sign = payoff_sign(params[RIGHT]);
    const double mean =
        sign > 0.0 ? closed_mean_maximum(p, job->t_years, fmax(fmax(so_far, p->spot), strike))
                   : closed_mean_minimum(p, job->t_years, fmin(fmin(so_far, p->spot), strike));
    return checked(job->discount[job->n_dates] * sign * (mean - strike), price);
}

static fel_status floating_formula(const payoff_job *job, double *price)
{
    const double *params = job->payoff->params;
    const int is_whole = params[FLOATING_END] <= 0.0 || job->to_date == job->n_dates;
    FEL_TRY(needs_whole(job, params[FLOATING_MONITORING] > 0.0 && is_whole &&
                                 params[MULTIPLE] >= 1.0 && params[MULTIPLE] <= 1.0));
    const fel_process *p = job->process;
    const double so_far = params[FLOATING_SO_FAR] > 0.0 ? params[FLOATING_SO_FAR] : p->spot;
    const double sign = payoff_sign(params[RIGHT]);
    const double mean = sign > 0.0 ? closed_mean_minimum(p, job->t_years, fmin(so_far, p->spot))
                                   : closed_mean_maximum(p, job->t_years, fmax(so_far, p->spot));
    const double asset = p->spot * exp(-p->dividend_per_year * job->t_years);
    return checked(sign * (asset - job->discount[job->n_dates] * mean), price);
}

/* ---- the kinds ----------------------------------------------------------------------------------
 */

const payoff_kind payoff_lookback_fixed = {{"lookback_fixed",
                                            "call on the highest price or put on the lowest",
                                            fixed_rows, PAYOFF_N_ROWS(fixed_rows), 0},
                                           fixed_prepare,
                                           fixed_value,
                                           fixed_formula};
const payoff_kind payoff_lookback_floating = {
    {"lookback_floating", "call struck at the lowest price or put at the highest", floating_rows,
     PAYOFF_N_ROWS(floating_rows), 0},
    floating_prepare,
    floating_value,
    floating_formula};
