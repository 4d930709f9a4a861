/* hedge/rule_black.c - rules of somebody who believes in Black-Scholes: deltas, with a band against
 * costs, with a volatility that pays for them.
 *
 * Whalley and Wilmott (1997): hold between delta -+ (3 c gamma^2 S / (2 a))^(1/3), trading to the
 * nearer edge only, c the proportional cost, a the risk aversion (their exp(-r tau) is left out, as
 * in pfhedge). Leland (1985): delta at vol sqrt(1 +- L), L = sqrt(2 / pi) 2 c / (vol sqrt(dt)): +
 * where the hedger is short gamma and pays for every move, - where long (Hoggard, Whalley, Wilmott
 * 1994 for books of both). */
#include <math.h>

#include "hedge/rule_internal.h"

enum { VOL, RISK_AVERSION };

static fel_status prepare(hedge_rule *rule)
{
    FEL_TRY(rule_find_spot(rule));
    rule->vol_per_year = rule_vol(rule, rule->params[VOL]);
    return hedge_book_make(&rule->book, rule->problem, rule->code->info.name);
}

static fel_status oracle_prepare(hedge_rule *rule)
{
    const fel_hedge_market *market = &rule->problem->config.market;
    if (market->kind == FEL_HEDGE_BOOTSTRAP ||
        (market->kind == FEL_HEDGE_STORED && market->variance == NULL)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "rule black_scholes_oracle sees the true variance, which this market does "
                         "not have");
    }
    FEL_TRY(rule_find_spot(rule));
    return hedge_book_make(&rule->book, rule->problem, rule->code->info.name);
}

/* ---- greeks of a chunk ----------------------------------------------------------------------- */

typedef struct greeks {
    double variance[BOOK_CHUNK], delta[BOOK_CHUNK], gamma[BOOK_CHUNK];
} greeks;

static hedge_book_args book_args_of(const rule_chunk *chunk, greeks *out)
{
    const hedge_book_args made = {.book = &chunk->args->rule->book,
                                  .view = chunk->args->view,
                                  .first = chunk->first,
                                  .n = chunk->n,
                                  .variance = out->variance,
                                  .state = chunk->args->state,
                                  .delta = out->delta,
                                  .gamma = out->gamma};
    return made;
}

static void fill_variance(const rule_chunk *chunk, double variance, greeks *out)
{
    for (size_t i = 0; i < chunk->n; i++) {
        out->variance[i] = variance;
    }
}

/* State brought to this date, delta and gamma at the rule's volatility. */
static void greeks_now(const rule_chunk *chunk, greeks *out)
{
    const double vol = chunk->args->rule->vol_per_year;
    fill_variance(chunk, vol * vol, out);
    const hedge_book_args args = book_args_of(chunk, out);
    hedge_book_update(&args);
    hedge_book_greeks(&args);
}

static double *spot_row(const rule_chunk *chunk)
{
    const hedge_rule_args *args = chunk->args;
    return args->position + args->rule->spot * args->view->stride + chunk->first;
}

static double spot_cost(const hedge_rule *rule)
{
    return 1e-4 * rule->problem->config.instruments[rule->spot].cost.proportional_bps;
}

/* ---- rules ----------------------------------------------------------------------------------- */

static void delta_decide(const rule_chunk *chunk)
{
    greeks at;
    greeks_now(chunk, &at);
    double *position = spot_row(chunk);
    for (size_t i = 0; i < chunk->n; i++) {
        position[i] = at.delta[i];
    }
}

static void oracle_decide(const rule_chunk *chunk)
{
    greeks at;
    const double *variance = chunk->args->view->variance + chunk->first;
    for (size_t i = 0; i < chunk->n; i++) {
        at.variance[i] = variance[i] > 0.0 ? variance[i] : 0.0;
    }
    const hedge_book_args args = book_args_of(chunk, &at);
    hedge_book_update(&args);
    hedge_book_greeks(&args);
    double *position = spot_row(chunk);
    for (size_t i = 0; i < chunk->n; i++) {
        position[i] = at.delta[i];
    }
}

static void band_decide(const rule_chunk *chunk)
{
    greeks at;
    greeks_now(chunk, &at);
    const hedge_rule *rule = chunk->args->rule;
    const double factor = 1.5 * spot_cost(rule) / rule->params[RISK_AVERSION];
    const double *spot = chunk->args->view->spot + chunk->first;
    double *position = spot_row(chunk);
    const double *before = chunk->args->before + (position - chunk->args->position);
    for (size_t i = 0; i < chunk->n; i++) {
        const double width = cbrt(factor * at.gamma[i] * at.gamma[i] * spot[i]);
        position[i] = fmin(fmax(before[i], at.delta[i] - width), at.delta[i] + width);
    }
}

static void leland_decide(const rule_chunk *chunk)
{
    greeks at, up, down;
    greeks_now(chunk, &at);
    const hedge_rule *rule = chunk->args->rule;
    const double vol = rule->vol_per_year;
    const double number =
        sqrt(2.0 / M_PI) * 2.0 * spot_cost(rule) / (vol * sqrt(rule->problem->dt_years));
    fill_variance(chunk, vol * vol * (1.0 + number), &up);
    fill_variance(chunk, vol * vol * fmax(1.0 - number, 0.0), &down);
    const hedge_book_args short_args = book_args_of(chunk, &up),
                          long_args = book_args_of(chunk, &down);
    hedge_book_greeks(&short_args);
    hedge_book_greeks(&long_args);
    double *position = spot_row(chunk);
    for (size_t i = 0; i < chunk->n; i++) {
        position[i] = at.gamma[i] >= 0.0 ? up.delta[i] : down.delta[i];
    }
}

static const fel_param_spec vol_rows[] = {RULE_VOL_ROW};
static const fel_param_spec band_rows[] = {RULE_VOL_ROW,
                                           {"risk_aversion", FEL_PARAM_REAL, 1.0, 1e-9, 1e9, NULL,
                                            "of exponential utility, per unit of money"}};

const hedge_rule_class rule_black_scholes_delta = {
    .info = {.name = "black_scholes_delta",
             .summary = "the book's Black-Scholes delta in the spot, at one volatility throughout",
             .formula = "dV/dS(S, t; vol)",
             .params = vol_rows,
             .n_params = 1},
    .prepare = prepare,
    .decide = delta_decide};
const hedge_rule_class rule_black_scholes_oracle = {
    .info = {.name = "black_scholes_oracle",
             .summary = "the same at the true variance of now, which nobody sees",
             .formula = "dV/dS(S, t; sqrt(v_t))",
             .is_oracle = 1},
    .prepare = oracle_prepare,
    .decide = oracle_decide};
const hedge_rule_class rule_whalley_wilmott = {
    .info = {.name = "whalley_wilmott",
             .summary = "the Black-Scholes delta with a band in which nothing is traded",
             .formula = "position kept within delta -+ (1.5 c gamma^2 S / a)^(1/3)",
             .params = band_rows,
             .n_params = 2},
    .reads_before = 1,
    .prepare = prepare,
    .decide = band_decide};
const hedge_rule_class rule_leland = {
    .info = {.name = "leland",
             .summary = "the Black-Scholes delta at a volatility that pays for the costs",
             .formula = "dV/dS at vol sqrt(1 +- sqrt(2/pi) 2 c / (vol sqrt(dt))), + where short of "
                        "gamma",
             .params = vol_rows,
             .n_params = 1},
    .prepare = prepare,
    .decide = leland_decide};
