/* hedge/book_reset.c - legs whose strike is set on the way: forward starts and cliquets. One row of
 * state: the price that the strike is of.
 *
 * A cliquet is notional x (sum of returns, each within [local floor, local cap]) within [global
 * floor, global cap]. The return now running is a spread of two options on the price at the end of
 * its period; returns to come do not depend on the price. The global bounds have a formula where
 * they cannot bind or where one period is left: then they narrow that period's. */
#include <math.h>

#include "hedge/book_internal.h"

/* ---- forward start --------------------------------------------------------------------------- */

static fel_status forward_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    leg->sign = leg_param(leg, "right") > 0.0 ? -1.0 : 1.0;
    leg->strike = leg_param(leg, "moneyness");
    leg->cash = leg_param(leg, "performance");
    leg->period_dates = (size_t)llrint(leg_param(leg, "start_years") / problem->dt_years);
    leg->n_state = 2;
    return FEL_OK;
}

static void forward_update(const leg_args *args)
{
    const book_leg *leg = args->leg;
    double *strike = args->state, *weight = args->state + args->view->stride;
    if (args->view->date > leg->period_dates) {
        return;
    }
    for (size_t i = 0; i < args->n; i++) {
        strike[i] = leg->strike * args->spot[i];
        weight[i] = leg->cash > 0.0 ? 1.0 / args->spot[i] : 1.0;
    }
}

/* Before its start it is worth S times a constant, or a constant. */
static void before_start(const leg_args *args)
{
    const book_leg *leg = args->leg;
    const fel_hedge_problem *problem = args->view->problem;
    const leg_times times = leg_times_of(args->view);
    const double waits = (double)(leg->period_dates - args->view->date) * problem->dt_years;
    const double t_years = times.t_years - waits;
    if (leg->cash > 0.0) {
        return;
    }
    const double forward = exp(times.carry * t_years), discount = exp(-times.rate * t_years);
    const double yield = exp(-(times.rate - times.carry) * waits);
    for (size_t i = 0; i < args->n; i++) {
        args->delta[i] += leg->scale * yield *
                          fel_black(leg->sign > 0.0 ? FEL_CALL : FEL_PUT, forward, leg->strike,
                                    t_years, sqrt(args->variance[i]), discount);
    }
}

static void forward_greeks(const leg_args *args)
{
    const book_leg *leg = args->leg;
    if (args->view->date < leg->period_dates) {
        before_start(args);
        return;
    }
    const leg_times times = leg_times_of(args->view);
    const vanilla_job job = {.n = args->n,
                             .spot = args->spot,
                             .variance = args->variance,
                             .strikes = args->state,
                             .strike = 1.0,
                             .t_years = times.t_years,
                             .carry_t = times.carry * times.t_years,
                             .yield = times.yield,
                             .scale = leg->scale,
                             .sign = leg->sign,
                             .normal = leg->sign,
                             .weight = args->state + args->view->stride,
                             .delta = args->delta,
                             .gamma = args->gamma};
    book_vanilla_of(args->level)(&job);
}

/* ---- cliquet --------------------------------------------------------------------------------- */

static fel_status cliquet_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    const double periods = leg_param(leg, "periods");
    const double floor = leg_param(leg, "local_floor"), cap = leg_param(leg, "local_cap");
    leg->low = leg_param(leg, "global_floor");
    leg->high = leg_param(leg, "global_cap");
    const int is_free = leg->low <= periods * floor && leg->high >= periods * cap;
    if (periods > 1.0 && !is_free) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "its global floor or cap can bind and it has %g periods: a formula is "
                         "known for one",
                         periods);
    }
    leg->cash = leg_param(leg, "notional");
    leg->strike = fmax(floor, periods > 1.0 ? floor : leg->low);
    leg->level = fmin(cap, periods > 1.0 ? cap : leg->high);
    leg->period_dates = problem->config.n_dates / (size_t)periods;
    leg->n_state = 2;
    return FEL_OK;
}

static void cliquet_update(const leg_args *args)
{
    if (args->view->date % args->leg->period_dates != 0) {
        return;
    }
    double *weight = args->state + args->view->stride;
    for (size_t i = 0; i < args->n; i++) {
        args->state[i] = args->spot[i];
        weight[i] = 1.0 / args->spot[i];
    }
}

/* side x a call on the running return struck at `level`: pays at the end of the period, money of
 * the last date. */
static void add_call(const leg_args *args, double level, double side)
{
    double strikes[BOOK_CHUNK];
    const book_leg *leg = args->leg;
    const leg_times times = leg_times_of(args->view);
    const size_t gone = args->view->date % leg->period_dates;
    const double t_years = (double)(leg->period_dates - gone) * args->view->problem->dt_years;
    for (size_t i = 0; i < args->n; i++) {
        strikes[i] = fmax(1.0 + level, 1e-300) * args->state[i];
    }
    const vanilla_job job = {.n = args->n,
                             .spot = args->spot,
                             .variance = args->variance,
                             .strikes = strikes,
                             .strike = 1.0,
                             .t_years = t_years,
                             .carry_t = times.carry * t_years,
                             .yield = times.discount * exp(times.carry * t_years),
                             .scale = leg->scale * leg->cash * side,
                             .sign = 1.0,
                             .normal = 1.0,
                             .weight = args->state + args->view->stride,
                             .delta = args->delta,
                             .gamma = args->gamma};
    book_vanilla_of(args->level)(&job);
}

static void cliquet_greeks(const leg_args *args)
{
    if (args->leg->strike < args->leg->level) {
        add_call(args, args->leg->strike, 1.0);
        add_call(args, args->leg->level, -1.0);
    }
}

const leg_class leg_forward_start = {"forward_start", forward_prepare, forward_update,
                                     forward_greeks};
const leg_class leg_cliquet = {"cliquet", cliquet_prepare, cliquet_update, cliquet_greeks};
