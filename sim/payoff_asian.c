/* sim/payoff_asian.c - calls and puts on an average price, arithmetic or geometric. */
#include <math.h>

#include "sim/closed_internal.h"
#include "sim/payoff_asian_internal.h"

enum { RIGHT, STRIKE, PAST_AVERAGE, PAST_SHARE, MONITORING };

static const fel_param_spec rows[] = {
    PAYOFF_RIGHT, PAYOFF_STRIKE,
    PAYOFF_REAL("past_average", 100.0, 1e-12, 1e15, "average of the period before today"),
    PAYOFF_REAL("past_share", 0.0, 0.0, 0.999999, "its weight in the whole average"),
    PAYOFF_MONITORING};

/* The dates 1 .. n weigh alike; continuously, the trapezoid rule over dates 0 .. n. */
static double weight_of(const payoff_job *job, size_t date)
{
    const double n = (double)job->n_dates;
    if (job->payoff->params[MONITORING] <= 0.0) {
        return date == 0 ? 0.0 : 1.0 / n;
    }
    return date == 0 || date == job->n_dates ? 0.5 / n : 1.0 / n;
}

static void pay(const payoff_job *job, const double *average, double *out, size_t n)
{
    const double sign = payoff_sign(job->payoff->params[RIGHT]);
    const double strike = job->payoff->params[STRIKE], discount = job->discount[job->n_dates];
    for (size_t i = 0; i < n; i++) {
        const double inside = sign * (average[i] - strike);
        out[i] = inside > 0.0 ? discount * inside : 0.0;
    }
}

static fel_status arithmetic_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const double share = 1.0 - params[PAST_SHARE];
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] = params[PAST_SHARE] * params[PAST_AVERAGE];
    }
    for (size_t d = 0; d <= job->n_dates; d++) {
        const double weight = share * weight_of(job, d);
        const double *spot = chunk_spot(chunk, d);
        for (size_t i = 0; i < chunk->n; i++) {
            out[i] += weight * spot[i];
        }
    }
    pay(job, out, out, chunk->n);
    return FEL_OK;
}

fel_status asian_geometric_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const payoff_kernels *kernels = payoff_kernels_of(job->level);
    const double share = 1.0 - params[PAST_SHARE], spot = job->process->spot;
    const double past = params[PAST_SHARE] * log(params[PAST_AVERAGE] / spot);
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] = past;
    }
    for (size_t d = 1; d <= job->n_dates; d++) {
        kernels->add_log(chunk_spot(chunk, d), spot, share * weight_of(job, d), out, chunk->n);
    }
    kernels->exponential(out, spot, chunk->n);
    pay(job, out, out, chunk->n);
    return FEL_OK;
}

static double formula_with(const payoff_job *job, log_average law)
{
    const double *params = job->payoff->params;
    return closed_average_option(job->process, job->t_years, law, params[PAST_AVERAGE],
                                 params[PAST_SHARE], payoff_sign(params[RIGHT]), params[STRIKE]);
}

double asian_geometric_mean(const payoff_job *job)
{
    return formula_with(job, closed_log_average(job->process, job->t_years, job->n_dates,
                                                job->payoff->params[MONITORING] > 0.0));
}

static fel_status geometric_formula(const payoff_job *job, double *price)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    const size_t n = job->payoff->params[MONITORING] > 0.0 ? 0 : job->n_dates;
    *price = formula_with(job, closed_log_average(job->process, job->t_years, n, 0));
    return FEL_OK;
}

const payoff_kind payoff_asian_arithmetic = {{"asian_arithmetic",
                                              "call or put on the arithmetic average price", rows,
                                              PAYOFF_N_ROWS(rows), 0},
                                             NULL,
                                             arithmetic_value,
                                             NULL};
const payoff_kind payoff_asian_geometric = {
    {"asian_geometric", "call or put on the geometric average price", rows, PAYOFF_N_ROWS(rows), 0},
    NULL,
    asian_geometric_value,
    geometric_formula};
