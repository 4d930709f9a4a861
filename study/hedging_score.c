/* study/hedging_score.c - every hedger on the same test paths, and the numbers made of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/sum.h"
#include "study/hedging_internal.h"

enum {
    PNL_MEAN = 0,
    PNL_SD,
    PNL_VARIANCE,
    SHARPE,
    VAR_95,
    CVAR_95,
    VAR_99,
    CVAR_99,
    RISK,
    INDIFFERENCE_PRICE,
    COST_MEAN,
    TURNOVER_MEAN
};

static const fel_hedge_measure measures[HEDGING_N_MEASURES] = {
    [PNL_MEAN] = {"pnl_mean", "mean P&L", "mean over test paths of the P&L of one option life",
                  FEL_UNIT_MONEY, -1, 0},
    [PNL_SD] = {"pnl_sd", "P&L deviation", "standard deviation over paths, ddof 1", FEL_UNIT_MONEY,
                1, 0},
    [PNL_VARIANCE] = {"pnl_variance", "P&L variance", "over paths, ddof 1, squared money",
                      FEL_UNIT_RATIO, 1, 0},
    [SHARPE] = {"sharpe", "Sharpe",
                "mean over standard deviation of an option life, not annualised", FEL_UNIT_RATIO, 0,
                0},
    [VAR_95] = {"var_95", "VaR 95 %", "the loss that one path in twenty exceeds", FEL_UNIT_MONEY, 1,
                0},
    [CVAR_95] = {"cvar_95", "CVaR 95 %", "mean loss of the worst twentieth of paths",
                 FEL_UNIT_MONEY, 1, 0},
    [VAR_99] = {"var_99", "VaR 99 %", "the loss that one path in a hundred exceeds", FEL_UNIT_MONEY,
                1, 0},
    [CVAR_99] = {"cvar_99", "CVaR 99 %", "mean loss of the worst hundredth of paths",
                 FEL_UNIT_MONEY, 1, 0},
    [RISK] = {"risk", "risk", "the study's measure of the P&L, at its best threshold",
              FEL_UNIT_RATIO, 1, 0},
    [INDIFFERENCE_PRICE] = {"indifference_price", "indifference price",
                            "premium at which the hedged book is as good as none, by the measure, "
                            "money of date 0",
                            FEL_UNIT_MONEY, 1, 0},
    [COST_MEAN] = {"cost_mean", "cost", "mean cost of trading of an option life", FEL_UNIT_MONEY, 1,
                   0},
    [TURNOVER_MEAN] = {"turnover_mean", "turnover",
                       "mean over paths of the traded value of an option life", FEL_UNIT_MONEY, 1,
                       0},
};

const double hedging_tail_levels[HEDGING_N_TAIL] = {0.001, 0.005, 0.01,  0.025, 0.05,  0.1,  0.5,
                                                    0.9,   0.95,  0.975, 0.99,  0.995, 0.999};

const fel_hedge_measure *hedging_measures(void)
{
    return measures;
}

size_t hedging_measure_of(const char *name)
{
    size_t i = 0;
    while (i < HEDGING_N_MEASURES && strcmp(measures[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* ---- one outcome ----------------------------------------------------------------------------- */

typedef struct moments {
    double mean, sd;
} moments;

static moments moments_of(const double *values, size_t n)
{
    const fel_cvec view = {values, n};
    const moments m = {mean_of(view), deviation_of(view, 1.0)};
    return m;
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Linear between order statistics. */
static double quantile(const double *sorted, size_t n, double level)
{
    const double place = level * (double)(n - 1);
    const size_t low = (size_t)floor(place);
    const size_t high = low + 1 < n ? low + 1 : low;
    return sorted[low] + (place - (double)low) * (sorted[high] - sorted[low]);
}

static fel_status tail_risk(const double *pnl, size_t n, double level, double *var, double *cvar)
{
    fel_risk risk;
    FEL_TRY(fel_risk_find("cvar", &risk));
    risk.params[0] = level;
    return fel_risk_measure(&risk, pnl, n, cvar, var);
}

/* What the claim would have to bring at date 0: of the P&L without its premium. */
static fel_status indifference(const hedging *h, double *without, const double *pnl, double *price)
{
    const fel_hedge_config *c = fel_hedge_problem_config(h->problem);
    const double growth = exp(c->rate_per_year * c->horizon_years);
    const double premium = (double)c->side * c->premium * growth;
    for (size_t i = 0; i < h->n_test; i++) {
        without[i] = pnl[i] - premium;
    }
    FEL_TRY(fel_risk_indifference_price(&h->risk, without, h->n_test, NULL, 0, price));
    *price /= growth;
    return FEL_OK;
}

/* Of one run: numbers into column `run` of the scores. */
static fel_status score_run(const hedging *h, hedging_hedger *who, size_t run, double *room)
{
    const hedging_outcome *o = &who->outcomes[run];
    const moments pnl = moments_of(o->pnl, h->n_test), cost = moments_of(o->cost, h->n_test);
    double v[HEDGING_N_MEASURES];
    v[PNL_MEAN] = pnl.mean;
    v[PNL_SD] = pnl.sd;
    v[PNL_VARIANCE] = pnl.sd * pnl.sd;
    v[SHARPE] = pnl.sd > 0.0 ? pnl.mean / pnl.sd : (double)NAN;
    v[COST_MEAN] = cost.mean;
    v[TURNOVER_MEAN] = moments_of(o->turnover, h->n_test).mean;
    FEL_TRY(tail_risk(o->pnl, h->n_test, 0.95, &v[VAR_95], &v[CVAR_95]));
    FEL_TRY(tail_risk(o->pnl, h->n_test, 0.99, &v[VAR_99], &v[CVAR_99]));
    FEL_TRY(fel_risk_measure(&h->risk, o->pnl, h->n_test, &v[RISK], NULL));
    FEL_TRY(indifference(h, room, o->pnl, &v[INDIFFERENCE_PRICE]));
    for (size_t m = 0; m < HEDGING_N_MEASURES; m++) {
        who->scores[m * who->n_runs + run] = v[m];
    }
    memcpy(room, o->pnl, h->n_test * sizeof(double));
    qsort(room, h->n_test, sizeof(double), compare_doubles);
    for (size_t i = 0; i < HEDGING_N_TAIL; i++) {
        who->tail[i] += quantile(room, h->n_test, hedging_tail_levels[i]) / (double)who->n_runs;
    }
    return FEL_OK;
}

/* Standard errors over paths, of the first run. */
static fel_status errors_of(const hedging *h, hedging_hedger *who)
{
    const double root = sqrt((double)h->n_test);
    const hedging_outcome *o = &who->outcomes[0];
    for (size_t m = 0; m < HEDGING_N_MEASURES; m++) {
        who->errors[m] = (double)NAN;
    }
    who->errors[PNL_MEAN] = moments_of(o->pnl, h->n_test).sd / root;
    who->errors[COST_MEAN] = moments_of(o->cost, h->n_test).sd / root;
    who->errors[TURNOVER_MEAN] = moments_of(o->turnover, h->n_test).sd / root;
    return fel_risk_standard_error(&h->risk, o->pnl, h->n_test, &who->errors[RISK]);
}

/* ---- everyone -------------------------------------------------------------------------------- */

fel_status hedging_hedger_open(fel_hedger **out, const hedging *h, size_t hedger, size_t run)
{
    const hedging_hedger *who = &h->hedgers[hedger];
    return who->policy != NULL ? fel_hedger_of_policy_f32(out, who->policy, who->fits[run].params)
                               : fel_hedger_of_rule(out, h->problem, &who->rule);
}

static fel_status make_outcome(hedging *h, hedging_outcome *out)
{
    double *room = arena_array(&h->memory, 3 * h->n_test, sizeof(double));
    FEL_TRY(hedging_need(room));
    out->pnl = room;
    out->cost = room + h->n_test;
    out->turnover = room + 2 * h->n_test;
    return FEL_OK;
}

static fel_status run_hedger(hedging *h, size_t hedger, size_t run)
{
    hedging_outcome *o = &h->hedgers[hedger].outcomes[run];
    fel_hedger *it = NULL;
    FEL_TRY(make_outcome(h, o));
    FEL_TRY(hedging_hedger_open(&it, h, hedger, run));
    const fel_hedge_outcome out = {.struct_size = sizeof(out),
                                   .n_threads = h->options->n_threads,
                                   .first = h->first_test,
                                   .n = h->n_test,
                                   .pnl = o->pnl,
                                   .cost = o->cost,
                                   .turnover = o->turnover};
    const fel_status status = fel_hedger_run(it, &out);
    fel_hedger_destroy(it);
    return status;
}

/* Seeds that every policy was trained with. */
static size_t count_whole(const hedging *h)
{
    size_t s = 0;
    for (; s < h->n_seeds; s++) {
        for (size_t i = 0; i < h->n_policies; i++) {
            if (h->hedgers[i].fits == NULL || h->hedgers[i].fits[s].params == NULL) {
                return s;
            }
        }
    }
    return s;
}

/* Stopped before the first seed was whole: rules alone. */
static void drop_unfinished(hedging *h)
{
    const size_t n_whole = count_whole(h);
    for (size_t i = 0; i < h->n_policies; i++) {
        h->hedgers[i].n_runs = n_whole;
    }
    if (n_whole == 0) {
        h->hedgers += h->n_policies;
        h->n_hedgers -= h->n_policies;
        h->n_policies = h->n_frontier = 0;
    }
}

static fel_status score_hedger(hedging *h, size_t index, double *room)
{
    hedging_hedger *who = &h->hedgers[index];
    who->outcomes = arena_array(&h->memory, who->n_runs, sizeof(*who->outcomes));
    who->scores = arena_array(&h->memory, HEDGING_N_MEASURES * who->n_runs, sizeof(double));
    FEL_TRY(hedging_need(who->outcomes));
    FEL_TRY(hedging_need(who->scores));
    for (size_t run = 0; run < who->n_runs; run++) {
        FEL_TRY(run_hedger(h, index, run));
        FEL_TRY(score_run(h, who, run, room));
    }
    return errors_of(h, who);
}

static fel_status hash_outcomes(hedging *h)
{
    hasher *hash = NULL;
    FEL_TRY(hasher_create(&hash));
    for (size_t i = 0; i < h->n_hedgers; i++) {
        for (size_t run = 0; run < h->hedgers[i].n_runs; run++) {
            hasher_add(hash, h->hedgers[i].outcomes[run].pnl, h->n_test * sizeof(double));
        }
    }
    hasher_text(hash, h->hash);
    hasher_destroy(hash);
    return FEL_OK;
}

/* ---- the frontier ---------------------------------------------------------------------------- */

static fel_status score_point(hedging *h, hedging_frontier *point, const hedging_outcome *room)
{
    const hedging_hedger *who = &h->hedgers[h->frontier_policy];
    const double n_seeds = (double)h->n_frontier_seeds;
    for (size_t s = 0; s < h->n_frontier_seeds; s++) {
        fel_hedger *it = NULL;
        double risk = 0.0;
        FEL_TRY(fel_hedger_of_policy_f32(&it, who->policy, point->fits[s].params));
        const fel_hedge_outcome out = {.struct_size = sizeof(out),
                                       .n_threads = h->options->n_threads,
                                       .first = h->first_test,
                                       .n = h->n_test,
                                       .pnl = room->pnl,
                                       .cost = room->cost};
        const fel_status status = fel_hedger_run(it, &out);
        fel_hedger_destroy(it);
        FEL_TRY(status);
        const moments pnl = moments_of(room->pnl, h->n_test);
        const moments cost = moments_of(room->cost, h->n_test);
        FEL_TRY(fel_risk_measure(&h->risk, room->pnl, h->n_test, &risk, NULL));
        point->cost += cost.mean / n_seeds;
        point->cost_error = cost.sd / sqrt((double)h->n_test);
        point->sd += pnl.sd / n_seeds;
        point->variance += pnl.sd * pnl.sd / n_seeds;
        point->risk += risk / n_seeds;
    }
    return FEL_OK;
}

static fel_status score_frontier(hedging *h)
{
    hedging_outcome room = {NULL, NULL, NULL};
    size_t n_whole = 0;
    FEL_TRY(make_outcome(h, &room));
    for (; n_whole < h->n_frontier; n_whole++) {
        for (size_t s = 0; s < h->n_frontier_seeds; s++) {
            if (h->frontier[n_whole].fits == NULL || h->frontier[n_whole].fits[s].params == NULL) {
                h->n_frontier = n_whole;
                return FEL_OK;
            }
        }
        FEL_TRY(score_point(h, &h->frontier[n_whole], &room));
    }
    return FEL_OK;
}

fel_status hedging_test(hedging *h)
{
    double *room = calloc(h->n_test, sizeof(double));
    fel_status status = hedging_need(room);
    drop_unfinished(h);
    for (size_t i = 0; i < h->n_hedgers && status == FEL_OK; i++) {
        status = score_hedger(h, i, room);
    }
    free(room);
    FEL_TRY(status);
    FEL_TRY(score_frontier(h));
    return hash_outcomes(h);
}
