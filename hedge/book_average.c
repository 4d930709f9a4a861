/* hedge/book_average.c - legs of average prices. One row of state: the weighted sum so far, of
 * prices or of their logarithms.
 *
 * What is left of a geometric average is lognormal, so Black's formula holds. What is left of an
 * arithmetic one is taken to be, with the mean and the variance that it has (Levy 1992): its delta
 * is off by up to about vol^2 T / 10. */
#include <math.h>

#include "hedge/book_internal.h"

/* ---- what both share ------------------------------------------------------------------------- */

static fel_status average_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    leg->sign = leg_param(leg, "right") > 0.0 ? -1.0 : 1.0;
    leg->strike = leg_param(leg, "strike");
    leg->on_dates = leg_param(leg, "monitoring") <= 0.0;
    leg->low = leg_param(leg, "past_share");
    leg->level = leg_param(leg, "past_average");
    leg->n_state = 1;
    return FEL_OK;
}

/* Of a date 0 .. n in the whole average: dates 1 .. n alike, or the trapezoid rule over 0 .. n. */
static double weight_of(const leg_args *args, size_t date)
{
    const size_t n = args->view->problem->config.n_dates;
    const double share = (1.0 - args->leg->low) / (double)n;
    if (args->leg->on_dates) {
        return date == 0 ? 0.0 : share;
    }
    return date == 0 || date == n ? 0.5 * share : share;
}

/* Black's delta and gamma where the forward F = S^power x something: of a call (sign +1) or put. */
typedef struct black_point {
    double scale, spot, forward, power, strike, deviation;
} black_point;

static void add_black(const leg_args *args, size_t i, black_point at)
{
    const double sign = args->leg->sign, deviation = fmax(at.deviation, 1e-12);
    const double d1 = log(at.forward / at.strike) / deviation + 0.5 * deviation;
    const double cdf = 0.5 * erfc(-sign * d1 * M_SQRT1_2);
    const double phi = exp(-0.5 * d1 * d1) * (M_2_SQRTPI * 0.5 * M_SQRT1_2);
    const double rate = at.power * at.forward / at.spot;
    args->delta[i] += at.scale * sign * cdf * rate;
    args->gamma[i] += at.scale * (phi * rate * rate / (at.forward * deviation) +
                                  sign * cdf * rate * (at.power - 1.0) / at.spot);
}

/* ---- geometric ------------------------------------------------------------------------------- */

static void geometric_update(const leg_args *args)
{
    const double weight = weight_of(args, args->view->date);
    const double past = args->leg->low > 0.0 ? args->leg->low * log(args->leg->level) : 0.0;
    for (size_t i = 0; i < args->n; i++) {
        const double so_far = args->view->date == 0 ? past : args->state[i];
        args->state[i] = so_far + weight * log(args->spot[i]);
    }
}

/* ln G = state + power ln S + sum over steps to come of (weights from there on) x their return. */
static void geometric_greeks(const leg_args *args)
{
    const fel_hedge_problem *problem = args->view->problem;
    const leg_times times = leg_times_of(args->view);
    const double scale = args->leg->scale * times.discount;
    double power = 0.0, squares = 0.0, firsts = 0.0;
    for (size_t d = problem->config.n_dates; d > args->view->date; d--) {
        power += weight_of(args, d);
        firsts += power * problem->dt_years;
        squares += power * power * problem->dt_years;
    }
    for (size_t i = 0; i < args->n; i++) {
        const double v = args->variance[i];
        const double mean =
            args->state[i] + power * log(args->spot[i]) + (times.carry - 0.5 * v) * firsts;
        const double forward = exp(mean + 0.5 * v * squares);
        add_black(args, i,
                  (black_point){scale, args->spot[i], forward, power, args->leg->strike,
                                sqrt(v * squares)});
    }
}

/* ---- arithmetic ------------------------------------------------------------------------------ */

static void arithmetic_update(const leg_args *args)
{
    const double weight = weight_of(args, args->view->date);
    for (size_t i = 0; i < args->n; i++) {
        const double so_far =
            args->view->date == 0 ? args->leg->low * args->leg->level : args->state[i];
        args->state[i] = so_far + weight * args->spot[i];
    }
}

/* E[A] / S and E[A^2] / S^2 of A = sum over dates to come of w_d S_d, from the last date back: A_d
 * = X_d (w_d + A_(d+1)), X_d the factor of the step to d, E[X] = g, E[X^2] = g^2 exp(v dt). */
typedef struct two_moments {
    double first, second;
} two_moments;

static two_moments moments_of(const leg_args *args, double growth, double v)
{
    const fel_hedge_problem *problem = args->view->problem;
    const double square = growth * growth * exp(v * problem->dt_years);
    two_moments m = {0.0, 0.0};
    for (size_t d = problem->config.n_dates; d > args->view->date; d--) {
        const double w = weight_of(args, d);
        m.second = square * (w * w + 2.0 * w * m.first + m.second);
        m.first = growth * (w + m.first);
    }
    return m;
}

/* Strikes that the past has already paid for are as good as 0. */
static void arithmetic_greeks(const leg_args *args)
{
    const leg_times times = leg_times_of(args->view);
    const double scale = args->leg->scale * times.discount;
    const double growth = exp(times.carry * args->view->problem->dt_years);
    double known = -1.0;
    two_moments m = {0.0, 0.0};
    for (size_t i = 0; i < args->n; i++) {
        if (args->variance[i] != known) {
            known = args->variance[i];
            m = moments_of(args, growth, known);
        }
        const double left = args->leg->strike - args->state[i];
        const double ratio = m.second / (m.first * m.first);
        add_black(args, i,
                  (black_point){scale, args->spot[i], m.first * args->spot[i], 1.0,
                                fmax(left, 1e-300), sqrt(log(fmax(ratio, 1.0)))});
    }
}

const leg_class leg_asian_geometric = {"asian_geometric", average_prepare, geometric_update,
                                       geometric_greeks};
const leg_class leg_asian_arithmetic = {"asian_arithmetic", average_prepare, arithmetic_update,
                                        arithmetic_greeks};
