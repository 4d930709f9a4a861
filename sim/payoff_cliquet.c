/* sim/payoff_cliquet.c - cliquets: periodic returns, each clamped, their sum clamped again.
 *
 * notional x clamp(sum_i clamp(S_i / S_i-1 - 1, local floor, local cap), global floor, global cap).
 * Where the global clamp never binds the value is a sum of forward starts on performance:
 * clamp(R, a, b) = a + (R - a)^+ - (R - b)^+. */
#include <math.h>

#include "sim/payoff_internal.h"

enum { NOTIONAL, PERIODS, LOCAL_FLOOR, LOCAL_CAP, GLOBAL_FLOOR, GLOBAL_CAP };

#define NO_CAP 1e9

static const fel_param_spec rows[] = {
    PAYOFF_REAL("notional", 100.0, 1e-12, 1e15, "what a return of 1 pays"),
    {"periods", FEL_PARAM_INTEGER, 1.0, 1.0, 1e6, NULL,
     "how many periods of equal length; a divisor of the number of dates"},
    PAYOFF_REAL("local_floor", -1.0, -1.0, NO_CAP, "least return of a period; -1: no floor"),
    PAYOFF_REAL("local_cap", NO_CAP, -1.0, NO_CAP, "greatest return of a period; 1e9: no cap"),
    PAYOFF_REAL("global_floor", 0.0, -NO_CAP, NO_CAP, "least sum of returns; -1e9: no floor"),
    PAYOFF_REAL("global_cap", NO_CAP, -NO_CAP, NO_CAP, "greatest sum of returns; 1e9: no cap")};

static fel_status check_order(const double *params, int floor_at, int cap_at)
{
    if (params[floor_at] > params[cap_at]) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s = %g lies above %s = %g", rows[floor_at].name,
                         params[floor_at], rows[cap_at].name, params[cap_at]);
    }
    return FEL_OK;
}

static fel_status cliquet_prepare(payoff_job *job)
{
    const double *params = job->payoff->params;
    FEL_TRY(check_order(params, LOCAL_FLOOR, LOCAL_CAP));
    FEL_TRY(check_order(params, GLOBAL_FLOOR, GLOBAL_CAP));
    const size_t periods = (size_t)params[PERIODS];
    if (job->n_dates % periods != 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "periods = %zu does not divide the %zu dates", periods,
                         job->n_dates);
    }
    return FEL_OK;
}

static inline double clamp(double x, double low, double high)
{
    const double above = x > low ? x : low;
    return above < high ? above : high;
}

static fel_status cliquet_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const double low = params[LOCAL_FLOOR], high = params[LOCAL_CAP];
    const size_t periods = (size_t)params[PERIODS], step = job->n_dates / periods;
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] = 0.0;
    }
    for (size_t k = 0; k < periods; k++) {
        const double *start = chunk_spot(chunk, k * step);
        const double *end = chunk_spot(chunk, (k + 1) * step);
        for (size_t i = 0; i < chunk->n; i++) {
            out[i] += clamp(end[i] / start[i] - 1.0, low, high);
        }
    }
    const double unit = job->discount[job->n_dates] * params[NOTIONAL];
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] = unit * clamp(out[i], params[GLOBAL_FLOOR], params[GLOBAL_CAP]);
    }
    return FEL_OK;
}

/* E[(S_t+dt / S_t - 1 - level)^+] under gbm. */
static double mean_above(const fel_process *p, double t_years, double level)
{
    const double forward = exp((p->rate_per_year - p->dividend_per_year) * t_years);
    if (level <= -1.0) {
        return forward - 1.0 - level;
    }
    return fel_black(FEL_CALL, forward, 1.0 + level, t_years, p->vol_per_year, 1.0);
}

static fel_status cliquet_formula(const payoff_job *job, double *price)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    const double *params = job->payoff->params;
    const double periods = params[PERIODS];
    if (params[GLOBAL_FLOOR] > periods * params[LOCAL_FLOOR] ||
        params[GLOBAL_CAP] < fmin(periods * params[LOCAL_CAP], NO_CAP)) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no formula for a cliquet whose global floor or cap can "
                                           "bind");
    }
    const double t_years = job->t_years / periods;
    const double mean = params[LOCAL_FLOOR] +
                        mean_above(job->process, t_years, params[LOCAL_FLOOR]) -
                        mean_above(job->process, t_years, params[LOCAL_CAP]);
    *price = job->discount[job->n_dates] * params[NOTIONAL] * periods * mean;
    return FEL_OK;
}

const payoff_kind payoff_cliquet = {{"cliquet",
                                     "sum of periodic returns, each and all floored and capped",
                                     rows, PAYOFF_N_ROWS(rows), 0},
                                    cliquet_prepare,
                                    cliquet_value,
                                    cliquet_formula};
