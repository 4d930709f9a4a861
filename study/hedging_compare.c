/* study/hedging_compare.c - every policy against the first one: at equal steps, equal training
 * time, equal training loss, with the seed as the unit. */
#include <math.h>
#include <string.h>

#include "study/hedging_compare_internal.h"

enum { MOST_ROWS = 16 }; /* of one pair */

/* ---- on the test paths ----------------------------------------------------------------------- */

/* One quantity of all seeds as rows; rows lie where outcomes were made, so they are copied. */
static fel_status gather(contest *c, size_t hedger, int is_cost, fel_cmat *out)
{
    hedging *h = c->h;
    const hedging_hedger *who = &h->hedgers[hedger];
    double *values = arena_array(&h->memory, c->n_seeds * h->n_test, sizeof(*values));
    FEL_TRY(hedging_need(values));
    for (size_t s = 0; s < c->n_seeds; s++) {
        const hedging_outcome *o = &who->outcomes[s];
        memcpy(values + s * h->n_test, is_cost ? o->cost : o->pnl, h->n_test * sizeof(double));
    }
    const fel_cmat m = {values, c->n_seeds, h->n_test, h->n_test};
    *out = m;
    return FEL_OK;
}

static fel_paired_config config_of(const contest *c)
{
    fel_paired_config config = fel_paired_config_default();
    config.seed = (uint64_t)c->h->study->values.seed;
    config.confidence = c->h->study->values.confidence;
    config.n_threads = c->h->options->n_threads;
    if (config.n_groups > c->h->n_test) {
        config.n_groups = 0;
    }
    return config;
}

fel_hedge_comparison *contest_add(contest *c, const char *budget, const char *name,
                                  const char *label, const char *convention)
{
    fel_hedge_comparison *row = &c->rows[c->n];
    const double nan = (double)NAN;
    memset(row, 0, sizeof(*row));
    row->hedger = c->hedger;
    row->against = c->against;
    row->budget = budget;
    row->name = name;
    row->label = label;
    row->convention = convention;
    row->unit = FEL_UNIT_FRACTION;
    row->value = row->error = row->low = row->high = row->p_value = nan;
    row->t_paths = row->wilcoxon_p = row->claim = nan;
    c->n += c->n < c->most ? 1 : 0;
    return row;
}

static void keep(fel_hedge_comparison *row, const fel_paired_result *r)
{
    row->value = r->value;
    row->error = r->standard_error;
    row->low = r->low;
    row->high = r->high;
    row->p_value = r->p_value;
}

static fel_status wilcoxon(const double *first, const double *second, size_t n, double *p)
{
    fel_paired_test test;
    const fel_cvec a = {first, n}, b = {second, n};
    FEL_TRY(fel_wilcoxon_test(a, b, &test));
    *p = test.p_value;
    return FEL_OK;
}

/* A row of the scores of both, one number a seed. */
static const double *seeds_of(const contest *c, size_t hedger, const char *measure)
{
    const hedging_hedger *who = &c->h->hedgers[hedger];
    return who->scores + hedging_measure_of(measure) * who->n_runs;
}

static fel_status compare_costs(contest *c)
{
    fel_paired_runs runs;
    fel_paired_result result;
    fel_paired_test over_paths;
    const fel_paired_config config = config_of(c);
    const double *second = seeds_of(c, c->against, "cost_mean");
    for (size_t s = 0; s < c->n_seeds; s++) {
        if (!(second[s] > 0.0)) {
            return FEL_OK; /* nothing costs */
        }
    }
    FEL_TRY(gather(c, c->hedger, 1, &runs.first));
    FEL_TRY(gather(c, c->against, 1, &runs.second));
    FEL_TRY(fel_paired_bootstrap(&runs, FEL_PAIRED_RELATIVE_DIFFERENCE, &config, &result));
    FEL_TRY(fel_paired_t_over_paths(&runs, &over_paths));
    fel_hedge_comparison *row =
        contest_add(c, "equal steps", "cost_relative", "cost, relative difference",
                    "mean cost of an option life over the other's, less 1");
    keep(row, &result);
    row->t_paths = over_paths.statistic;
    row->claim = c->has_claims ? -0.783 : (double)NAN;
    return wilcoxon(seeds_of(c, c->hedger, "cost_mean"), second, c->n_seeds, &row->wilcoxon_p);
}

static fel_status compare_variances(contest *c)
{
    fel_paired_runs runs;
    fel_paired_result r;
    const fel_paired_config config = config_of(c);
    FEL_TRY(gather(c, c->hedger, 0, &runs.first));
    FEL_TRY(gather(c, c->against, 0, &runs.second));
    FEL_TRY(fel_paired_bootstrap(&runs, FEL_PAIRED_LOG_VARIANCE_RATIO, &config, &r));
    fel_hedge_comparison *row =
        contest_add(c, "equal steps", "variance_relative", "P&L variance, relative difference",
                    "exp of the mean over seeds of the log ratio of variances over paths, less 1");
    row->value = expm1(r.value);
    row->error = exp(r.value) * r.standard_error;
    row->low = expm1(r.low);
    row->high = expm1(r.high);
    row->p_value = r.p_value;
    row->claim = c->has_claims ? -0.344 : (double)NAN;
    return wilcoxon(seeds_of(c, c->hedger, "pnl_variance"), seeds_of(c, c->against, "pnl_variance"),
                    c->n_seeds, &row->wilcoxon_p);
}

fel_status contest_numbers(contest *c, fel_hedge_comparison *row, const double *first,
                           const double *second, size_t n)
{
    const fel_paired_config config = config_of(c);
    const fel_paired_runs runs = {{first, n, 1, 1}, {second, n, 1, 1}};
    fel_paired_result result;
    if (n < 2) {
        row->value = n == 1 ? first[0] - second[0] : (double)NAN;
        return FEL_OK;
    }
    FEL_TRY(fel_paired_bootstrap(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config, &result));
    keep(row, &result);
    return wilcoxon(first, second, n, &row->wilcoxon_p);
}

static fel_status compare_scores(contest *c)
{
    static const struct {
        const char *measure, *name, *label, *convention;
        fel_metric_unit unit;
        double claim;
    } rows[] = {
        {"sharpe", "sharpe_difference", "Sharpe ratio, difference",
         "of one option life, mean over seeds", FEL_UNIT_RATIO, 0.0426},
        {"risk", "risk_difference", "risk, difference", "the study's measure, mean over seeds",
         FEL_UNIT_RATIO, (double)NAN},
        {"cvar_95", "cvar_95_difference", "CVaR 95 %, difference", "mean over seeds",
         FEL_UNIT_MONEY, (double)NAN},
        {"turnover_mean", "turnover_difference", "turnover, difference", "mean over seeds",
         FEL_UNIT_MONEY, (double)NAN},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fel_hedge_comparison *row =
            contest_add(c, "equal steps", rows[i].name, rows[i].label, rows[i].convention);
        row->unit = rows[i].unit;
        row->claim = c->has_claims ? rows[i].claim : (double)NAN;
        FEL_TRY(contest_numbers(c, row, seeds_of(c, c->hedger, rows[i].measure),
                                seeds_of(c, c->against, rows[i].measure), c->n_seeds));
    }
    return FEL_OK;
}

/* ---- everyone -------------------------------------------------------------------------------- */

static int is_kfac(const hedging_hedger *who)
{
    return strcmp(fel_optimizer_class_info(who->train.optimizer.code)->name, "kfac") == 0;
}

static fel_status compare_pair(contest *c)
{
    FEL_TRY(compare_costs(c));
    FEL_TRY(compare_variances(c));
    FEL_TRY(compare_scores(c));
    FEL_TRY(contest_at_equal_time(c));
    FEL_TRY(contest_at_equal_loss(c));
    return contest_at_equal_risk(c);
}

fel_status hedging_present_comparisons(hedging *h)
{
    const size_t n_seeds = h->n_policies > 0 ? h->hedgers[0].n_runs : 0;
    const size_t most = h->n_policies > 1 ? (h->n_policies - 1) * MOST_ROWS : 0;
    contest c = {.h = h, .n_seeds = n_seeds, .most = most};
    c.rows = arena_array(&h->memory, most + 1, sizeof(*c.rows));
    FEL_TRY(hedging_need(c.rows));
    for (size_t i = 1; i < h->n_policies && n_seeds >= 2; i++) {
        c.hedger = i;
        c.against = 0;
        c.has_claims = is_kfac(&h->hedgers[i]) && !is_kfac(&h->hedgers[0]);
        if (c.has_claims) {
            h->report.claims_heading =
                "Published: Enkhbayar, A New Way: K-FAC Deep Hedging and its Benefits (2024, arXiv "
                "2411.15002). Its configuration is not published; this one is ours";
        }
        FEL_TRY(compare_pair(&c));
    }
    h->report.comparisons = c.rows;
    h->report.n_comparisons = c.n;
    return contest_conclude(&c);
}
