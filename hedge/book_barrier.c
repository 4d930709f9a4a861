/* hedge/book_barrier.c - legs that begin or end at a level, as sums of pieces (see
 * book_piece_kernel.c). One row of state: the probability, given the prices at dates so far, that
 * the level has not been met.
 *
 * The pieces are those of sim/closed_barrier.c; a payoff watched on dates alone has its barrier
 * moved away by exp(+-0.5826 vol sqrt(dt)). */
#include <math.h>

#include "hedge/book_internal.h"

enum { DOWN_IN, DOWN_OUT, UP_IN, UP_OUT };

static void add_piece(book_leg *leg, piece made)
{
    leg->alive[leg->n_alive++] = made;
}

/* factor x what an option of the leg pays on paths that end beyond `level`, straight or mirrored.
 */
static void add_option(book_leg *leg, piece_kind kind, double factor, double level, double beyond)
{
    const int at_barrier = level == leg->level;
    const double right = factor * leg->sign;
    add_piece(leg, (piece){kind, 1, right, level, beyond, at_barrier});
    add_piece(leg, (piece){kind, 0, -right * leg->strike, level, beyond, at_barrier});
}

static void add_knock_in(book_leg *leg, double factor)
{
    const double past = -leg->side, right = leg->sign, strike = leg->strike, level = leg->level;
    const int strike_is_past = past * (strike - level) > 0.0;
    if (right == past && strike_is_past) {
        add_option(leg, PIECE_DIRECT, factor, strike, past);
    } else if (right == past) {
        add_option(leg, PIECE_DIRECT, factor, level, past);
        add_option(leg, PIECE_MIRROR, factor, strike, right);
        add_option(leg, PIECE_MIRROR, -factor, level, past);
    } else if (strike_is_past) {
        add_option(leg, PIECE_DIRECT, factor, strike, right);
        add_option(leg, PIECE_DIRECT, -factor, level, right);
        add_option(leg, PIECE_MIRROR, factor, level, right);
    } else {
        add_option(leg, PIECE_MIRROR, factor, strike, right);
    }
}

/* amount of cash or shares at the last date if the level is met. */
static void add_touched(book_leg *leg, int is_asset, double amount)
{
    add_piece(leg, (piece){PIECE_DIRECT, is_asset, amount, leg->level, -leg->side, 1});
    add_piece(leg, (piece){PIECE_MIRROR, is_asset, amount, leg->level, leg->side, 1});
}

/* amount of cash when the level is met. */
static void add_hit(book_leg *leg, double amount)
{
    add_piece(leg, (piece){PIECE_HIT_FAR, 0, amount, leg->level, leg->side, 1});
    add_piece(leg, (piece){PIECE_HIT_NEAR, 0, amount, leg->level, leg->side, 1});
}

static fel_status barrier_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    const int type = (int)leg_param(leg, "type");
    const double rebate = leg_param(leg, "rebate");
    leg->sign = leg_param(leg, "right") > 0.0 ? -1.0 : 1.0;
    leg->side = type == DOWN_IN || type == DOWN_OUT ? 1.0 : -1.0;
    leg->strike = leg_param(leg, "strike");
    leg->level = leg_param(leg, "barrier");
    leg->on_dates = leg_param(leg, "monitoring") <= 0.0;
    leg->n_state = 1;
    if (type == DOWN_OUT || type == UP_OUT) {
        add_option(leg, PIECE_DIRECT, 1.0, leg->strike, leg->sign);
        add_knock_in(leg, -1.0);
        add_hit(leg, rebate);
        return FEL_OK;
    }
    add_knock_in(leg, 1.0);
    add_touched(leg, 0, -rebate);
    leg->dead[0] = (piece){PIECE_DIRECT, 1, leg->sign, leg->strike, leg->sign, 0};
    leg->dead[1] = (piece){PIECE_DIRECT, 0, -leg->sign * leg->strike, leg->strike, leg->sign, 0};
    leg->n_dead = 2;
    return FEL_OK;
}

static fel_status touch_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    const int pays_asset = leg_param(leg, "pays") > 0.0, if_never = leg_param(leg, "knock") > 0.0;
    const int at_expiry = leg_param(leg, "when") > 0.0;
    leg->side = leg_param(leg, "side") > 0.0 ? -1.0 : 1.0;
    leg->level = leg_param(leg, "level");
    leg->on_dates = leg_param(leg, "monitoring") <= 0.0;
    leg->n_state = 1;
    const double amount = pays_asset ? 1.0 : leg_param(leg, "cash");
    if (!if_never && !at_expiry) {
        add_hit(leg, pays_asset ? leg->level : amount);
        return FEL_OK;
    }
    /* The whole asset, whatever happens: far above level 0. */
    const piece whole = {PIECE_DIRECT, 1, 1.0, 1e-300, 1.0, 0};
    add_touched(leg, pays_asset, if_never ? -amount : amount);
    if (pays_asset && if_never) {
        add_piece(leg, whole);
    } else if (pays_asset) {
        leg->dead[leg->n_dead++] = whole;
    }
    return FEL_OK;
}

static void barrier_update(const leg_args *args)
{
    const book_leg *leg = args->leg;
    if (args->view->date == 0) {
        for (size_t i = 0; i < args->n; i++) {
            args->state[i] = leg->side * (args->spot[i] - leg->level) > 0.0 ? 1.0 : 0.0;
        }
        return;
    }
    const alive_job job = {.n = args->n,
                           .spot_before = args->spot_before,
                           .spot = args->spot,
                           .variance = args->variance,
                           .barrier = leg->level,
                           .sign = leg->side,
                           .dt_years = leg->on_dates ? 0.0 : args->view->problem->dt_years,
                           .alive = args->state};
    book_alive_of(args->level)(&job);
}

static void add_pieces(const leg_args *args, const piece *pieces, size_t n, const double *weight)
{
    const book_leg *leg = args->leg;
    const leg_times times = leg_times_of(args->view);
    const double moves =
        leg->on_dates ? -leg->side * BOOK_DATE_SHIFT * sqrt(args->view->problem->dt_years) : 0.0;
    for (size_t k = 0; k < n; k++) {
        const piece_job job = {.n = args->n,
                               .spot = args->spot,
                               .variance = args->variance,
                               .weight = weight,
                               .piece = &pieces[k],
                               .barrier = leg->level,
                               .t_years = times.t_years,
                               .rate_t = times.rate * times.t_years,
                               .carry_t = times.carry * times.t_years,
                               .shift = moves,
                               .scale = leg->scale,
                               .delta = args->delta,
                               .gamma = args->gamma};
        book_piece_of(args->level)(&job);
    }
}

static void barrier_greeks(const leg_args *args)
{
    const book_leg *leg = args->leg;
    add_pieces(args, leg->alive, leg->n_alive, args->state);
    if (leg->n_dead > 0) {
        double dead[BOOK_CHUNK];
        for (size_t i = 0; i < args->n; i++) {
            dead[i] = 1.0 - args->state[i];
        }
        add_pieces(args, leg->dead, leg->n_dead, dead);
    }
}

const leg_class leg_barrier = {"barrier", barrier_prepare, barrier_update, barrier_greeks};
const leg_class leg_touch = {"touch", touch_prepare, barrier_update, barrier_greeks};
