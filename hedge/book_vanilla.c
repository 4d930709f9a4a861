/* hedge/book_vanilla.c - legs of the price at the last date: calls, puts, digitals. */
#include "hedge/book_internal.h"

static fel_status prepare_option(book_leg *leg)
{
    leg->sign = leg_param(leg, "right") > 0.0 ? -1.0 : 1.0;
    leg->strike = leg_param(leg, "strike");
    return FEL_OK;
}

static fel_status european_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    FEL_TRY(prepare_option(leg));
    leg->normal = leg->sign;
    return FEL_OK;
}

static fel_status cash_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    FEL_TRY(prepare_option(leg));
    leg->density = leg_param(leg, "cash") / leg->strike;
    return FEL_OK;
}

static fel_status asset_prepare(const fel_hedge_problem *problem, book_leg *leg)
{
    (void)problem;
    FEL_TRY(prepare_option(leg));
    leg->normal = 1.0;
    leg->density = 1.0;
    return FEL_OK;
}

static void vanilla_greeks(const leg_args *args)
{
    const book_leg *leg = args->leg;
    const leg_times times = leg_times_of(args->view);
    const vanilla_job job = {.n = args->n,
                             .spot = args->spot,
                             .variance = args->variance,
                             .strike = leg->strike,
                             .t_years = times.t_years,
                             .carry_t = times.carry * times.t_years,
                             .yield = times.yield,
                             .scale = leg->scale,
                             .sign = leg->sign,
                             .normal = leg->normal,
                             .density = leg->density,
                             .delta = args->delta,
                             .gamma = args->gamma};
    book_vanilla_of(args->level)(&job);
}

const leg_class leg_european = {"european", european_prepare, NULL, vanilla_greeks};
const leg_class leg_cash_digital = {"cash_digital", cash_prepare, NULL, vanilla_greeks};
const leg_class leg_asset_digital = {"asset_digital", asset_prepare, NULL, vanilla_greeks};
