/* sim/payoff_barrier.c - payoffs that depend on whether a level was met: barrier options and
 * one-touch digitals. What was not looked at between dates enters by its probability, not by
 * chance. */
#include <math.h>

#include "sim/closed_internal.h"
#include "sim/payoff_internal.h"

enum { TYPE, RIGHT, STRIKE, BARRIER, REBATE, MONITORING };
enum { SIDE, LEVEL, PAYS, CASH, WHEN, KNOCK, TOUCH_MONITORING };
enum { DOWN_IN, DOWN_OUT, UP_IN, UP_OUT };

static const fel_param_spec barrier_rows[] = {
    {"type", FEL_PARAM_CHOICE, 1.0, 0.0, 0.0, "down_in|down_out|up_in|up_out",
     "where the barrier is and what meeting it does"},
    PAYOFF_RIGHT,
    PAYOFF_STRIKE,
    PAYOFF_REAL("barrier", 90.0, 1e-12, 1e15, "the barrier"),
    PAYOFF_REAL("rebate", 0.0, 0.0, 1e15,
                "paid when knocked out, or at maturity if never knocked in"),
    PAYOFF_MONITORING};
static const fel_param_spec touch_rows[] = {
    {"side", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "down|up", "where the level is"},
    PAYOFF_REAL("level", 90.0, 1e-12, 1e15, "the level to be touched"),
    {"pays", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "cash|asset", "what is paid"},
    PAYOFF_REAL("cash", 1.0, 0.0, 1e15, "how much, if cash"),
    {"when", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "hit|expiry", "when it is paid, if on touching"},
    {"knock", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "in|out",
     "paid if touched, or at maturity if never touched"},
    PAYOFF_MONITORING};

/* ---- on paths -----------------------------------------------------------------------------------
 */

/* Which level is watched, and what meeting it pays at once. */
typedef struct watch {
    double level, sign; /* +1: trouble below */
    double cash, shares;
    int continuous;
} watch;

/* Probability that nothing has happened and present value of what was paid, after all dates. */
static void watch_path(const payoff_chunk *chunk, const watch *w, double *alive, double *paid)
{
    const payoff_job *job = chunk->job;
    const payoff_kernels *kernels = payoff_kernels_of(job->level);
    double *distance = chunk->scratch;
    const double spot = job->process->spot;
    const int is_met = w->continuous && w->sign * (spot - w->level) <= 0.0;
    for (size_t i = 0; i < chunk->n; i++) {
        alive[i] = is_met ? 0.0 : 1.0;
        paid[i] = is_met ? job->discount[0] * (w->cash + w->shares * spot) : 0.0;
    }
    if (is_met) {
        return;
    }
    const distance_args start = {chunk_spot(chunk, 0), w->level, w->sign, distance, chunk->n};
    kernels->distance(&start);
    for (size_t d = 1; d <= job->n_dates; d++) {
        const crossing_args args = {
            .spot = chunk_spot(chunk, d),
            .area_before = chunk_area(chunk, d - 1),
            .area = w->continuous ? chunk_area(chunk, d) : NULL,
            .level = w->level,
            .sign = w->sign,
            .discount_before = job->discount[d - 1],
            .discount = job->discount[d],
            .cash = w->cash,
            .shares = w->shares,
            .distance = distance,
            .alive = alive,
            .paid = paid,
            .n = chunk->n,
        };
        kernels->crossing(&args);
    }
}

static fel_status barrier_prepare(payoff_job *job)
{
    job->needs_area = job->payoff->params[MONITORING] > 0.0;
    return FEL_OK;
}

static fel_status barrier_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const int type = (int)params[TYPE], is_out = type == DOWN_OUT || type == UP_OUT;
    const watch w = {params[BARRIER], type == DOWN_IN || type == DOWN_OUT ? 1.0 : -1.0,
                     is_out ? params[REBATE] : 0.0, 0.0, params[MONITORING] > 0.0};
    double *alive = chunk->scratch + chunk->stride;
    double *paid = chunk->scratch + 2 * chunk->stride;
    watch_path(chunk, &w, alive, paid);
    const double sign = payoff_sign(params[RIGHT]), discount = job->discount[job->n_dates];
    const double *spot = chunk_spot(chunk, job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = sign * (spot[i] - params[STRIKE]);
        const double option = inside > 0.0 ? discount * inside : 0.0;
        out[i] = is_out ? alive[i] * option + paid[i]
                        : (1.0 - alive[i]) * option + alive[i] * discount * params[REBATE];
    }
    return FEL_OK;
}

static fel_status touch_prepare(payoff_job *job)
{
    job->needs_area = job->payoff->params[TOUCH_MONITORING] > 0.0;
    return FEL_OK;
}

static fel_status touch_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const double *params = job->payoff->params;
    const double shares = params[PAYS] > 0.0 ? 1.0 : 0.0;
    const double cash = params[PAYS] > 0.0 ? 0.0 : params[CASH];
    const watch w = {params[LEVEL], params[SIDE] > 0.0 ? -1.0 : 1.0, cash, shares,
                     params[TOUCH_MONITORING] > 0.0};
    double *alive = chunk->scratch + chunk->stride;
    double *paid = chunk->scratch + 2 * chunk->stride;
    watch_path(chunk, &w, alive, paid);
    const double discount = job->discount[job->n_dates];
    const double *spot = chunk_spot(chunk, job->n_dates);
    const int is_out = params[KNOCK] > 0.0, at_expiry = params[WHEN] > 0.0;
    for (size_t i = 0; i < chunk->n; i++) {
        const double end = discount * (cash + shares * spot[i]);
        const double if_touched = at_expiry ? (1.0 - alive[i]) * end : paid[i];
        out[i] = is_out ? alive[i] * end : if_touched;
    }
    return FEL_OK;
}

/* ---- by formula ---------------------------------------------------------------------------------
 */

static fel_status needs_continuous(const payoff_job *job, double monitoring)
{
    FEL_TRY(payoff_formula_needs_gbm(job));
    if (monitoring <= 0.0) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no formula for %s on dates: only if continuous",
                         job->payoff->code->name);
    }
    return FEL_OK;
}

static fel_status barrier_formula(const payoff_job *job, double *price)
{
    const double *params = job->payoff->params;
    FEL_TRY(needs_continuous(job, params[MONITORING]));
    const int type = (int)params[TYPE];
    const closed_barrier option = {
        .process = job->process,
        .t_years = job->t_years,
        .side = type == DOWN_IN || type == DOWN_OUT ? 1.0 : -1.0,
        .right = payoff_sign(params[RIGHT]),
        .strike = params[STRIKE],
        .barrier = params[BARRIER],
        .rebate = params[REBATE],
        .is_out = type == DOWN_OUT || type == UP_OUT,
    };
    *price = closed_barrier_price(&option);
    return FEL_OK;
}

static fel_status touch_formula(const payoff_job *job, double *price)
{
    const double *params = job->payoff->params;
    FEL_TRY(needs_continuous(job, params[TOUCH_MONITORING]));
    const fel_process *p = job->process;
    const double side = params[SIDE] > 0.0 ? -1.0 : 1.0;
    const int pays_asset = params[PAYS] > 0.0, is_met = side * (p->spot - params[LEVEL]) <= 0.0;
    if (params[WHEN] <= 0.0 && params[KNOCK] <= 0.0) {
        const double amount = pays_asset ? (is_met ? p->spot : params[LEVEL]) : params[CASH];
        *price = amount * closed_touch_discount(p, job->t_years, side, params[LEVEL]);
        return FEL_OK;
    }
    const double touched =
        closed_touch_probability(p, job->t_years, side, params[LEVEL], pays_asset);
    const double all = pays_asset ? p->spot * exp(-p->dividend_per_year * job->t_years)
                                  : params[CASH] * job->discount[job->n_dates];
    *price = all * (params[KNOCK] > 0.0 ? 1.0 - touched : touched);
    return FEL_OK;
}

/* ---- the kinds ----------------------------------------------------------------------------------
 */

const payoff_kind payoff_barrier = {{"barrier", "call or put that begins or ends at a barrier",
                                     barrier_rows, PAYOFF_N_ROWS(barrier_rows), 0},
                                    barrier_prepare,
                                    barrier_value,
                                    barrier_formula};
const payoff_kind payoff_touch = {{"touch",
                                   "cash or the asset if a level is touched, or if it is not",
                                   touch_rows, PAYOFF_N_ROWS(touch_rows), 0},
                                  touch_prepare,
                                  touch_value,
                                  touch_formula};
