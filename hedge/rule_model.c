/* hedge/rule_model.c - rules of somebody who knows the market's model: its delta, delta and vega,
 * the delta of least variance.
 *
 * dV - p dS has variance v S^2 (V_S - p)^2 + 2 rho xi v S (V_S - p) V_v + xi^2 v V_v^2 a year,
 * least at p = V_S + rho xi V_v / S (jumps left out). With a second instrument O, p_2 = V_v / O_v
 * and p = V_S - p_2 O_S leave nothing of either. A variance swap has O_S = 0, O_v = (1 - exp(-kappa
 * tau)) / kappa. */
#include <math.h>

#include "hedge/rule_internal.h"

enum { LEAST_VEGA };

/* Of gbm the model is Black-Scholes at its volatility. */
static fel_status prepare(hedge_rule *rule)
{
    FEL_TRY(rule_find_spot(rule));
    const fel_hedge_market *market = &rule->problem->config.market;
    if (market->kind == FEL_HEDGE_SIMULATED && market->process.kind == FEL_PROCESS_GBM) {
        rule->vol_per_year = market->process.vol_per_year;
        return hedge_book_make(&rule->book, rule->problem, rule->code->info.name);
    }
    return hedge_model_create(&rule->model, rule->problem, rule->code->info.name);
}

static void greeks_now(const rule_chunk *chunk, double *delta, double *vega)
{
    const hedge_rule *rule = chunk->args->rule;
    if (rule->model != NULL) {
        hedge_model_greeks(rule->model, chunk->args->view, chunk->first, chunk->n, delta, vega);
        return;
    }
    double variance[BOOK_CHUNK], gamma[BOOK_CHUNK];
    for (size_t i = 0; i < chunk->n; i++) {
        variance[i] = rule->vol_per_year * rule->vol_per_year;
        vega[i] = 0.0;
    }
    const hedge_book_args args = {.book = &rule->book,
                                  .view = chunk->args->view,
                                  .first = chunk->first,
                                  .n = chunk->n,
                                  .variance = variance,
                                  .state = chunk->args->state,
                                  .delta = delta,
                                  .gamma = gamma};
    hedge_book_update(&args);
    hedge_book_greeks(&args);
}

static double *row_of(const rule_chunk *chunk, size_t instrument)
{
    return chunk->args->position + instrument * chunk->args->view->stride + chunk->first;
}

static void delta_decide(const rule_chunk *chunk)
{
    double vega[BOOK_CHUNK];
    greeks_now(chunk, row_of(chunk, chunk->args->rule->spot), vega);
}

static void least_variance_decide(const rule_chunk *chunk)
{
    const hedge_rule *rule = chunk->args->rule;
    const fel_process *process = &rule->problem->config.market.process;
    const double factor =
        fel_process_has_variance(process) ? process->heston.rho * process->heston.xi : 0.0;
    const double *spot = chunk->args->view->spot + chunk->first;
    double *position = row_of(chunk, rule->spot);
    double vega[BOOK_CHUNK];
    greeks_now(chunk, position, vega);
    for (size_t i = 0; i < chunk->n; i++) {
        position[i] += factor * vega[i] / spot[i];
    }
}

/* ---- delta and vega -------------------------------------------------------------------------- */

static fel_status find_second(hedge_rule *rule)
{
    const fel_hedge_config *config = &rule->problem->config;
    for (size_t j = 0; j < config->n_instruments; j++) {
        if (config->instruments[j].kind != FEL_HEDGE_SPOT) {
            rule->second = j;
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_ARG, "rule %s needs an option or a variance swap beside the spot",
                     rule->code->info.name);
}

static fel_status vega_prepare(hedge_rule *rule)
{
    const fel_hedge_config *config = &rule->problem->config;
    const char *name = rule->code->info.name;
    if (config->market.kind != FEL_HEDGE_SIMULATED ||
        !fel_process_has_variance(&config->market.process)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "rule %s needs a market whose model has a variance of its own", name);
    }
    FEL_TRY(find_second(rule));
    FEL_TRY(prepare(rule));
    const fel_hedge_instrument *second = &config->instruments[rule->second];
    if (second->kind != FEL_HEDGE_OPTION) {
        return FEL_OK;
    }
    const double expiry = second->expiry_years > 0.0 ? second->expiry_years : config->horizon_years;
    return model_table_create(&rule->option, rule->problem, second->strike, expiry);
}

/* O_S and O_v; *least: below it the instrument is of no use. */
static void second_greeks(const rule_chunk *chunk, double *delta, double *vega, double *least)
{
    const hedge_rule *rule = chunk->args->rule;
    const hedge_view *view = chunk->args->view;
    const fel_hedge_instrument *second = &rule->problem->config.instruments[rule->second];
    if (second->kind == FEL_HEDGE_OPTION) {
        double gamma[BOOK_CHUNK], vanna[BOOK_CHUNK];
        const model_greeks out = {delta, gamma, vega, vanna};
        const double *spot = view->spot + chunk->first, *variance = view->variance + chunk->first;
        model_table_greeks(rule->option, view->date, spot, variance, chunk->n, &out);
        model_table_peak_vega(rule->option, view->date, spot, variance, chunk->n, least);
        const double put =
            second->right == FEL_PUT ? model_table_yield(rule->option, view->date) : 0.0;
        for (size_t i = 0; i < chunk->n; i++) {
            delta[i] -= put;
            least[i] *= rule->params[LEAST_VEGA];
        }
        return;
    }
    fel_heston unit = rule->problem->config.market.process.heston;
    unit.v0 = 1.0;
    const double one = fel_total_variance(&unit, view->left_years);
    unit.v0 = 0.0;
    const double none = fel_total_variance(&unit, view->left_years);
    for (size_t i = 0; i < chunk->n; i++) {
        delta[i] = 0.0;
        vega[i] = one - none;
        least[i] = 0.0;
    }
}

static void delta_vega_decide(const rule_chunk *chunk)
{
    const hedge_rule *rule = chunk->args->rule;
    double vega[BOOK_CHUNK], of_second[BOOK_CHUNK], second_vega[BOOK_CHUNK], least[BOOK_CHUNK];
    double *spot = row_of(chunk, rule->spot), *second = row_of(chunk, rule->second);
    const fel_hedge_instrument *instrument = &rule->problem->config.instruments[rule->second];
    greeks_now(chunk, spot, vega);
    second_greeks(chunk, of_second, second_vega, least);
    for (size_t i = 0; i < chunk->n; i++) {
        const double free = second_vega[i] > least[i] ? vega[i] / second_vega[i] : 0.0;
        second[i] = fmin(fmax(free, instrument->min_position), instrument->max_position);
        spot[i] -= second[i] * of_second[i];
    }
}

static const fel_param_spec vega_rows[] = {
    {"least_vega", FEL_PARAM_REAL, 1e-3, 0.0, 1.0, NULL,
     "an option whose sensitivity to variance is below this share of that at the money is not used"}};

const hedge_rule_class rule_heston_delta = {
    .info = {.name = "heston_delta",
             .summary = "the book's delta by the market's own model, given price and variance",
             .formula = "dV/dS(S, v, t)",
             .is_oracle = 0},
    .prepare = prepare,
    .decide = delta_decide};
const hedge_rule_class rule_heston_delta_vega = {
    .info = {.name = "heston_delta_vega",
             .summary = "nothing left of either risk by the market's own model, with a second "
                        "instrument",
             .formula = "p2 = V_v / O_v, p = V_S - p2 O_S",
             .params = vega_rows,
             .n_params = 1},
    .prepare = vega_prepare,
    .decide = delta_vega_decide};
const hedge_rule_class rule_min_variance_delta = {
    .info = {.name = "min_variance_delta",
             .summary = "the spot position of least variance by the market's own model",
             .formula = "V_S + rho xi V_v / S",
             .is_oracle = 0},
    .prepare = prepare,
    .decide = least_variance_decide};
