/* study/hedging_lives.c - the same hedgers on a real series, one option life after the other,
 * through the event engine with its costs.
 *
 * A life has the problem's number of dates, a bar apart; its first date is the last one of the life
 * before. Strikes move with the price at its first date, so a unit of the problem's claim is one of
 * a claim as much at the money. P&L and costs are told per unit of that price. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/strategies.h>

#include "study/hedging_lives_internal.h"
#include "study/hedging_service_internal.h"

#define CASH_PER_PRICE 1e6 /* so that no order lacks cash */

typedef struct life_run {
    hedging *h;
    const life_market *market;
    fel_engine_config config;
    const fel_strategy *strategy;
    hedging_service *services; /* by hedger */
    fel_hedger **hedgers;
} life_run;

/* ---- one life, one hedger -------------------------------------------------------------------- */

static fel_status open_sources(const life_run *r, size_t first, fel_source *sources)
{
    const size_t last = first + fel_hedge_problem_config(r->h->problem)->n_dates;
    const int64_t from = r->market->time_ns[first], to = r->market->time_ns[last] + 1;
    fel_series *const series[2] = {r->market->variance, r->market->bars};
    for (size_t i = 0; i < 2; i++) {
        sources[i].info = fel_series_describe(series[i]);
        FEL_TRY(fel_feed_of_series(&sources[i].feed, series[i], from, to, 0));
    }
    return FEL_OK;
}

static double total_costs(const fel_result *result)
{
    double sum = 0.0;
    for (size_t i = 0; i < FEL_COST_N_LINES; i++) {
        sum += fel_money_value(result->waterfall.lines[i]);
    }
    return sum;
}

/* Trading gains less costs, and costs, of one unit of the problem, over the first price. */
static fel_status trade_life(const life_run *r, size_t first, size_t hedger, double *gain,
                             double *cost)
{
    static const double params[] = {0.0, 1.0, 0.0, 0.0}; /* of strategy hedge */
    const double price = r->market->close[first];
    fel_source sources[2];
    fel_engine_config config = r->config;
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    memset(sources, 0, sizeof(sources));
    config.cash = CASH_PER_PRICE * price;
    config.services = &r->services[hedger].entry;
    config.n_services = 1;
    fel_status status = open_sources(r, first, sources);
    if (status == FEL_OK) {
        status = fel_engine_create(&engine, &config, sources, 2, r->strategy, params);
    }
    if (status == FEL_OK) {
        status = fel_engine_run(engine, &result);
    }
    if (status == FEL_OK && result != NULL) {
        *gain = (fel_money_value(result->final_equity) - config.cash) / price;
        *cost = total_costs(result) / price;
    }
    fel_engine_destroy(engine);
    for (size_t i = 0; i < 2; i++) {
        fel_feed_destroy(&sources[i].feed);
    }
    return status;
}

/* ---- the claims ------------------------------------------------------------------------------ */

/* What the book pays, over the first price. */
static fel_status pay(const life_run *r, size_t first, double *out)
{
    const fel_hedge_config *c = fel_hedge_problem_config(r->h->problem);
    const double first_spot = c->market.process.spot;
    const double scale = r->market->close[first] / first_spot;
    double *spot = arena_array(&r->h->memory, c->n_dates + 1, sizeof(double));
    FEL_TRY(hedging_need(spot));
    for (size_t k = 0; k <= c->n_dates; k++) {
        spot[k] = r->market->close[first + k] / scale;
    }
    const fel_payoff_paths paths = {.process = &c->market.process,
                                    .t_years = c->horizon_years,
                                    .n_dates = c->n_dates,
                                    .n_assets = 1,
                                    .seed = c->market.seed,
                                    .n_paths = 1,
                                    .path_stride = 1,
                                    .spot = spot};
    *out = 0.0;
    for (size_t i = 0; i < c->n_claims; i++) {
        double value = 0.0;
        FEL_TRY(fel_payoff_values(&c->claims[i].payoff, &paths, &value));
        *out += c->claims[i].quantity * value / first_spot;
    }
    return FEL_OK;
}

static fel_status premium_of(const life_run *r, double vol, double *out)
{
    const fel_hedge_config *c = fel_hedge_problem_config(r->h->problem);
    fel_process gbm = c->market.process;
    gbm.kind = FEL_PROCESS_GBM;
    gbm.vol_per_year = vol;
    gbm.rate_per_year = gbm.dividend_per_year = 0.0;
    *out = 0.0;
    if (r->h->study->values.lives.premium == 1) {
        *out = c->premium / gbm.spot;
        return FEL_OK;
    }
    for (size_t i = 0; i < c->n_claims; i++) {
        double price = 0.0;
        FEL_TRY(fel_payoff_closed_form(&c->claims[i].payoff, &gbm, c->horizon_years, c->n_dates,
                                       &price));
        *out += c->claims[i].quantity * price / gbm.spot;
    }
    return FEL_OK;
}

/* ---- one life -------------------------------------------------------------------------------- */

static fel_status live(const life_run *r, size_t first, fel_hedge_life *out)
{
    hedging *h = r->h;
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    double *numbers = arena_array(&h->memory, 2 * h->n_hedgers, sizeof(*numbers));
    double paid = 0.0, premium = 0.0;
    FEL_TRY(hedging_need(numbers));
    out->start_ns = r->market->time_ns[first];
    out->end_ns = r->market->time_ns[first + c->n_dates];
    out->spot = out->strike = r->market->close[first];
    out->vol = sqrt(r->market->estimate[first]);
    FEL_TRY(pay(r, first, &paid));
    FEL_TRY(premium_of(r, out->vol, &premium));
    out->premium = premium;
    for (size_t i = 0; i < h->n_hedgers; i++) {
        double gain = 0.0;
        FEL_TRY(trade_life(r, first, i, &gain, &numbers[h->n_hedgers + i]));
        numbers[i] = gain + (double)c->side * (premium - paid);
    }
    out->pnl = numbers;
    out->cost = numbers + h->n_hedgers;
    return FEL_OK;
}

static size_t first_bar(const life_market *m, int64_t start_ns)
{
    size_t i = 0;
    while (i < m->n && (m->time_ns[i] < start_ns || isnan(m->estimate[i]))) {
        i++;
    }
    return i;
}

static fel_status live_all(life_run *r)
{
    hedging *h = r->h;
    const study_hedge_lives *lives = &h->study->values.lives;
    const size_t n_dates = fel_hedge_problem_config(h->problem)->n_dates;
    const int64_t end_ns = lives->end_ns == INT64_MIN ? FEL_TIME_MAX : lives->end_ns;
    const life_market *m = r->market;
    size_t at = first_bar(m, lives->start_ns), n = 0;
    fel_hedge_life *list = arena_array(&h->memory, m->n / n_dates + 1, sizeof(*list));
    FEL_TRY(hedging_need(list));
    for (; at + n_dates < m->n && m->time_ns[at + n_dates] <= end_ns; at += n_dates) {
        memset(&list[n], 0, sizeof(list[n]));
        FEL_TRY(live(r, at, &list[n++]));
    }
    if (n == 0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "lives: %s has no %zu bars in a row between lives.start and lives.end",
                         lives->prices, n_dates + 1);
    }
    h->report.lives = list;
    h->report.n_lives = n;
    return FEL_OK;
}

/* ---- everyone -------------------------------------------------------------------------------- */

static fel_status open_run(life_run *r)
{
    hedging *h = r->h;
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    r->services = arena_array(&h->memory, h->n_hedgers, sizeof(*r->services));
    r->hedgers = arena_array(&h->memory, h->n_hedgers, sizeof(fel_hedger *));
    for (size_t i = 0; r->hedgers != NULL && i < h->n_hedgers; i++) {
        r->hedgers[i] = NULL;
    }
    FEL_TRY(hedging_need(r->services));
    FEL_TRY(hedging_need(r->hedgers));
    if (c->n_instruments != 1 || c->rate_per_year != 0.0) {
        return FEL_RAISE(FEL_ERR_ARG, "lives: a real series is hedged with the spot alone and with "
                                      "hedge.rate_per_year 0: the account's cash earns nothing");
    }
    r->config = fel_engine_config_default();
    r->config.fill = FEL_FILL_SAME_CLOSE;
    r->config.cash_short = FEL_CASH_ALLOW;
    (void)snprintf(r->config.currency, sizeof(r->config.currency), "%s",
                   fel_series_describe(r->market->bars)->instrument.currency);
    FEL_TRY(hedging_engine_costs(h->problem, &r->config));
    FEL_TRY(fel_strategy_find("hedge", &r->strategy));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        FEL_TRY(hedging_hedger_open(&r->hedgers[i], h, i, 0));
        FEL_TRY(hedging_service_init(&r->services[i], h->problem, r->hedgers[i]));
    }
    return FEL_OK;
}

static fel_status describe(hedging *h)
{
    static const char *const estimates[] = {"past returns", "quoted volatility"};
    const study_hedge_lives *lives = &h->study->values.lives;
    const char *slash = strrchr(lives->prices, '/');
    h->report.lives_text = arena_printf(
        &h->memory,
        "%zu option lives on %s, each hedged through the event engine at its bars' closes; variance "
        "from %s; premium: %s. P&L and cost are shares of the price at each life's start; policies "
        "of the first seed.",
        h->report.n_lives, slash != NULL ? slash + 1 : lives->prices, estimates[lives->estimate],
        lives->premium == 0 ? "Black-Scholes at that estimate, no market's"
                            : "the model's, no market's");
    return hedging_need(h->report.lives_text);
}

fel_status hedging_present_lives(hedging *h)
{
    life_market market;
    life_run r = {.h = h, .market = &market};
    if (!h->study->values.lives.is_present) {
        return FEL_OK;
    }
    fel_status status = life_market_open(&market, h);
    if (status == FEL_OK) {
        status = open_run(&r);
    }
    if (status == FEL_OK) {
        status = live_all(&r);
    }
    for (size_t i = 0; r.hedgers != NULL && i < h->n_hedgers; i++) {
        fel_hedger_destroy(r.hedgers[i]);
    }
    life_market_close(&market);
    FEL_TRY(status);
    FEL_TRY(describe(h));
    return hedging_compare_lives(h);
}
