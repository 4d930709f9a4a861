/* hedge/hedge_model.c - a book's greeks by the market's model, from those of calls.
 *
 * A put is a call less the forward. With C = S dC/dS + K dC/dK a digital paying cash is (S C_S - C)
 * / K: delta S C_SS / K, by v (S C_Sv - C_v) / K; one paying the asset S C_S: delta C_S + S C_SS,
 * by v S C_Sv. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/book_internal.h"
#include "hedge/hedge_model_internal.h"

/* What a claim is of S-greeks and v-greeks of its strike's call: with C_S etc. of it,
 * delta = scale (on_delta C_S + on_gamma S C_SS + stock exp(-q t)), likewise by v. */
typedef struct model_leg {
    model_table *table; /* of another leg if it is shared */
    int owns;
    double strike;
    double on_delta, on_gamma, on_vega, stock;
} model_leg;

struct hedge_model {
    size_t n_legs;
    model_leg legs[FEL_HEDGE_MAX_CLAIMS];
};

void hedge_model_destroy(hedge_model *model)
{
    if (model == NULL) {
        return;
    }
    for (size_t i = 0; i < model->n_legs; i++) {
        if (model->legs[i].owns) {
            model_table_destroy(model->legs[i].table);
        }
    }
    free(model);
}

/* Of a call; a put is the stock (cash: nothing that moves) less what the call is. */
static const struct model_claim {
    const char *payoff;
    int per_strike; /* cash / K times */
    double on_delta, on_gamma, on_vega;
    double put_stock; /* of the put's own stock */
    double put_sign;
} claims[] = {
    {"european", 0, 1.0, 0.0, 1.0, -1.0, 1.0},
    {"cash_digital", 1, 0.0, 1.0, -1.0, 0.0, -1.0},
    {"asset_digital", 0, 1.0, 1.0, 0.0, 1.0, -1.0},
};
enum { N_CLAIMS = sizeof(claims) / sizeof(claims[0]) };

static double param_of(const fel_payoff *payoff, const char *name)
{
    const book_leg leg = {.payoff = payoff};
    return leg_param(&leg, name);
}

static fel_status make_leg(model_leg *leg, const fel_hedge_config *config, size_t i,
                           const char *who)
{
    const fel_payoff *payoff = &config->claims[i].payoff;
    const struct model_claim *kind = NULL;
    for (size_t k = 0; k < N_CLAIMS; k++) {
        kind = strcmp(payoff->code->name, claims[k].payoff) == 0 ? &claims[k] : kind;
    }
    if (kind == NULL) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "claim %zu (%s): %s has no formula for it: european, cash_digital, "
                         "asset_digital have one under a model",
                         i + 1, payoff->code->name, who);
    }
    const int is_put = param_of(payoff, "right") > 0.0;
    leg->strike = param_of(payoff, "strike");
    const double units = config->side * config->claims[i].quantity;
    const double scale = units * (kind->per_strike ? param_of(payoff, "cash") / leg->strike : 1.0) *
                         (is_put ? kind->put_sign : 1.0);
    leg->on_delta = scale * kind->on_delta;
    leg->on_gamma = scale * kind->on_gamma;
    leg->on_vega = scale * kind->on_vega;
    leg->stock = is_put ? units * kind->put_stock : 0.0;
    return FEL_OK;
}

/* One table a strike. */
static fel_status give_table(hedge_model *model, const fel_hedge_problem *problem, size_t i)
{
    model_leg *leg = &model->legs[i];
    for (size_t k = 0; k < i; k++) {
        if (model->legs[k].strike == leg->strike) {
            leg->table = model->legs[k].table;
            return FEL_OK;
        }
    }
    FEL_TRY(model_table_create(&leg->table, problem, leg->strike, problem->config.horizon_years));
    leg->owns = 1;
    return FEL_OK;
}

fel_status hedge_model_check(const fel_hedge_problem *problem, const char *who)
{
    if (problem->config.market.kind != FEL_HEDGE_SIMULATED) {
        return FEL_RAISE(FEL_ERR_ARG, "%s needs a market with a model: a simulated one", who);
    }
    for (size_t i = 0; i < problem->config.n_claims; i++) {
        model_leg leg;
        FEL_TRY(make_leg(&leg, &problem->config, i, who));
    }
    return FEL_OK;
}

fel_status hedge_model_create(hedge_model **out, const fel_hedge_problem *problem, const char *who)
{
    FEL_TRY(hedge_model_check(problem, who));
    hedge_model *model = calloc(1, sizeof(*model));
    if (model == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a model's greeks");
    }
    fel_status status = FEL_OK;
    model->n_legs = problem->config.n_claims;
    for (size_t i = 0; i < model->n_legs && status == FEL_OK; i++) {
        status = make_leg(&model->legs[i], &problem->config, i, who);
        if (status == FEL_OK) {
            status = give_table(model, problem, i);
        }
    }
    if (status != FEL_OK) {
        hedge_model_destroy(model);
        return status;
    }
    *out = model;
    return FEL_OK;
}

void hedge_model_greeks(const hedge_model *model, const hedge_view *view, size_t first, size_t n,
                        double *delta, double *vega)
{
    double call_delta[BOOK_CHUNK], call_gamma[BOOK_CHUNK], call_vega[BOOK_CHUNK],
        call_vanna[BOOK_CHUNK];
    const model_greeks greeks = {call_delta, call_gamma, call_vega, call_vanna};
    const double *spot = view->spot + first;
    const double *variance = view->variance == NULL ? NULL : view->variance + first;
    const double yield = leg_times_of(view).yield;
    for (size_t i = 0; i < n; i++) {
        delta[i] = 0.0;
        vega[i] = 0.0;
    }
    for (size_t k = 0; k < model->n_legs; k++) {
        const model_leg *leg = &model->legs[k];
        model_table_greeks(leg->table, view->date, spot, variance, n, &greeks);
        for (size_t i = 0; i < n; i++) {
            delta[i] += leg->on_delta * call_delta[i] + leg->on_gamma * spot[i] * call_gamma[i] +
                        leg->stock * yield;
            vega[i] += leg->on_vega * call_vega[i] + leg->on_gamma * spot[i] * call_vanna[i];
        }
    }
}
