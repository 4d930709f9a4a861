/* hedge/book.c - the table of legs, and a book as the sum of its legs. */
#include <math.h>
#include <string.h>

#include "hedge/book_internal.h"

static const leg_class *const classes[] = {
    &leg_european,        &leg_cash_digital,   &leg_asset_digital,     &leg_barrier,
    &leg_touch,           &leg_lookback_fixed, &leg_lookback_floating, &leg_asian_arithmetic,
    &leg_asian_geometric, &leg_forward_start,  &leg_cliquet,
};
enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

double leg_param(const book_leg *leg, const char *name)
{
    const fel_payoff_class *code = leg->payoff->code;
    for (size_t i = 0; i < code->n_params; i++) {
        if (strcmp(code->params[i].name, name) == 0) {
            return leg->payoff->params[i];
        }
    }
    return (double)NAN;
}

leg_times leg_times_of(const hedge_view *view)
{
    const fel_hedge_problem *problem = view->problem;
    const double t = view->left_years, rate = problem->config.rate_per_year;
    const double yield = log(problem->carry) / problem->dt_years;
    const leg_times times = {t, rate, rate - yield, exp(-rate * t), exp(-yield * t)};
    return times;
}

static const leg_class *class_of(const char *payoff)
{
    for (size_t i = 0; i < N_CLASSES; i++) {
        if (strcmp(payoff, classes[i]->payoff) == 0) {
            return classes[i];
        }
    }
    return NULL;
}

/* "claim 2 (cliquet): black_scholes_delta has no formula for it: why". */
static fel_status no_formula(size_t claim, const fel_payoff *payoff, const char *who,
                             const char *why)
{
    return FEL_RAISE(FEL_ERR_ARG, "claim %zu (%s): %s has no formula for it%s%s", claim + 1,
                     payoff->code->name, who, why[0] != '\0' ? ": " : "", why);
}

static fel_status make_leg(hedge_book *book, size_t i, const char *who)
{
    const fel_hedge_config *config = &book->problem->config;
    const fel_payoff *payoff = &config->claims[i].payoff;
    book_leg *leg = &book->legs[i];
    leg->code = class_of(payoff->code->name);
    leg->payoff = payoff;
    leg->scale = config->side * config->claims[i].quantity;
    if (leg->code == NULL) {
        return no_formula(i, payoff, who, "");
    }
    if (leg->code->prepare(book->problem, leg) != FEL_OK) {
        char why[256];
        const char *message = fel_last_error()->message;
        const size_t length = strnlen(message, sizeof(why) - 1);
        memcpy(why, message, length);
        why[length] = '\0';
        return no_formula(i, payoff, who, why);
    }
    book->n_state += leg->n_state;
    return FEL_OK;
}

fel_status hedge_book_make(hedge_book *out, const fel_hedge_problem *problem, const char *who)
{
    *out = (hedge_book){
        .problem = problem, .level = cpu_level_now(), .n_legs = problem->config.n_claims};
    for (size_t i = 0; i < out->n_legs; i++) {
        FEL_TRY(make_leg(out, i, who));
    }
    return FEL_OK;
}

/* ---- at a date ------------------------------------------------------------------------------- */

static leg_args args_of(const hedge_book_args *args)
{
    const hedge_view *view = args->view;
    const leg_args made = {
        .view = view,
        .level = args->book->level,
        .n = args->n,
        .spot = view->spot + args->first,
        .spot_before = view->spot_before == NULL ? NULL : view->spot_before + args->first,
        .variance = args->variance,
        .state = args->state == NULL ? NULL : args->state + args->first,
        .delta = args->delta,
        .gamma = args->gamma,
    };
    return made;
}

void hedge_book_update(const hedge_book_args *args)
{
    leg_args of_leg = args_of(args);
    for (size_t i = 0; i < args->book->n_legs; i++) {
        of_leg.leg = &args->book->legs[i];
        if (of_leg.leg->n_state > 0) {
            of_leg.leg->code->update(&of_leg);
            of_leg.state += of_leg.leg->n_state * args->view->stride;
        }
    }
}

void hedge_book_greeks(const hedge_book_args *args)
{
    leg_args of_leg = args_of(args);
    for (size_t i = 0; i < args->n; i++) {
        args->delta[i] = 0.0;
        args->gamma[i] = 0.0;
    }
    for (size_t i = 0; i < args->book->n_legs; i++) {
        of_leg.leg = &args->book->legs[i];
        of_leg.leg->code->greeks(&of_leg);
        if (of_leg.leg->n_state > 0) {
            of_leg.state += of_leg.leg->n_state * args->view->stride;
        }
    }
}
