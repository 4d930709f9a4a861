/* hedge/book_extreme.c - legs of the highest or lowest price. One row of state: that price so far.
 *
 * A call on the maximum pays max(M, k) - K with k the greater of the strike and what is known, a
 * put on the minimum K - min(m, k); struck at the extreme: S_T - m, M - S_T. The maximum of dates
 * lies below that of all times: E[max(M_dates, k)] = c E[max(M, k / c)], c = exp(-0.5826 vol
 * sqrt(dt)). Extremes between dates are not seen: with continuous monitoring the state is that of
 * dates. */
#include <math.h>

#include "hedge/book_internal.h"

static fel_status check_window(const book_leg *leg, const char *param, double whole)
{
    const double years = leg_param(leg, param);
    if (years > 0.0 && fabs(years - whole) > 1e-9) {
        return FEL_RAISE(FEL_ERR_ARG, "it is not watched from the first date to the last (%s = %g)",
                         param, years);
    }
    return FEL_OK;
}

/* side: +1 for the maximum; level: the least maximum that counts (the greatest minimum). */
static void prepare_extreme(book_leg *leg, double side, double strike)
{
    const double so_far = leg_param(leg, "extreme_so_far");
    leg->side = side;
    leg->on_dates = leg_param(leg, "monitoring") <= 0.0;
    leg->level = strike;
    if (so_far > 0.0) {
        leg->level = strike > 0.0 ? side * fmax(side * so_far, side * strike) : so_far;
    }
    leg->n_state = 1;
}

static fel_status fixed_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    leg->sign = leg_param(leg, "right") > 0.0 ? -1.0 : 1.0;
    prepare_extreme(leg, leg->sign, leg_param(leg, "strike"));
    leg->normal = leg->sign;
    return check_window(leg, "window_start_years", 0.0);
}

static fel_status floating_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    if (leg_param(leg, "multiple") != 1.0) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "its strike is %g times the extreme; a formula is known for 1",
                         leg_param(leg, "multiple"));
    }
    leg->sign = leg_param(leg, "right") > 0.0 ? -1.0 : 1.0;
    prepare_extreme(leg, -leg->sign, 0.0);
    leg->normal = -leg->sign;
    leg->density = leg->sign;
    return check_window(leg, "window_end_years", problem->config.horizon_years);
}

static void extreme_update(const leg_args *args)
{
    const book_leg *leg = args->leg;
    const int is_first = args->view->date == 0;
    for (size_t i = 0; i < args->n; i++) {
        const double first = leg->level > 0.0 ? leg->level : args->spot[i];
        const double known = is_first ? first : args->state[i];
        args->state[i] = leg->side * fmax(leg->side * known, leg->side * args->spot[i]);
    }
}

static void extreme_greeks(const leg_args *args)
{
    const book_leg *leg = args->leg;
    const leg_times times = leg_times_of(args->view);
    const double shift =
        leg->on_dates ? BOOK_DATE_SHIFT * sqrt(args->view->problem->dt_years) : 0.0;
    const extreme_job job = {.n = args->n,
                             .spot = args->spot,
                             .variance = args->variance,
                             .level = args->state,
                             .t_years = times.t_years,
                             .carry_t = times.carry * times.t_years,
                             .shift = shift,
                             .scale = leg->scale * leg->normal * times.discount,
                             .sign = leg->side,
                             .delta = args->delta,
                             .gamma = args->gamma};
    book_extreme_of(args->level)(&job);
    const double stock = leg->scale * leg->density * times.yield;
    for (size_t i = 0; i < args->n; i++) {
        args->delta[i] += stock;
    }
}

const leg_class leg_lookback_fixed = {"lookback_fixed", fixed_prepare, extreme_update,
                                      extreme_greeks};
const leg_class leg_lookback_floating = {"lookback_floating", floating_prepare, extreme_update,
                                         extreme_greeks};
