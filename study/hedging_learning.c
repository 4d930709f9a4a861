/* study/hedging_learning.c - how policies learned, for the report: curves, trials, spectra of
 * curvature, the frontier. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/hedging_internal.h"

/* ---- curves ---------------------------------------------------------------------------------- */

enum { N_SERIES = 7 };

static void take_point(const fel_hedge_curve *p, double **series, size_t i)
{
    const double values[N_SERIES] = {(double)p->step,    p->seconds,         p->train_loss,
                                     p->validation_risk, p->validation_cost, p->validation_sd,
                                     p->damping};
    for (size_t k = 0; k < N_SERIES; k++) {
        series[k][i] = values[k];
    }
}

static fel_status list_curve(hedging *h, const hedging_fit *fit, fel_hedge_curve_line *line)
{
    double *series[N_SERIES];
    for (size_t k = 0; k < N_SERIES; k++) {
        series[k] = arena_array(&h->memory, fit->n_curve + 1, sizeof(double));
        FEL_TRY(hedging_need(series[k]));
    }
    for (size_t i = 0; i < fit->n_curve; i++) {
        take_point(&fit->curve[i], series, i);
    }
    line->n = fit->n_curve;
    line->steps = series[0];
    line->seconds = series[1];
    line->train_loss = series[2];
    line->validation_risk = series[3];
    line->validation_cost = series[4];
    line->validation_sd = series[5];
    line->damping = fit->n_curve > 0 && !isnan(series[6][fit->n_curve - 1]) ? series[6] : NULL;
    return FEL_OK;
}

static fel_status list_curves(hedging *h)
{
    fel_hedge_curve_line *lines =
        arena_array(&h->memory, h->n_policies * h->n_seeds + 1, sizeof(*lines));
    size_t n = 0;
    FEL_TRY(hedging_need(lines));
    for (size_t i = 0; i < h->n_policies; i++) {
        for (size_t s = 0; s < h->hedgers[i].n_runs; s++, n++) {
            memset(&lines[n], 0, sizeof(lines[n]));
            lines[n].hedger = i;
            lines[n].seed = s;
            FEL_TRY(list_curve(h, &h->hedgers[i].fits[s], &lines[n]));
        }
    }
    h->report.curves = lines;
    h->report.n_curves = n;
    return FEL_OK;
}

/* ---- trials ---------------------------------------------------------------------------------- */

static fel_status list_trials(hedging *h)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < h->n_policies; i++) {
        n += h->hedgers[i].n_trials;
    }
    fel_hedge_trial *rows = arena_array(&h->memory, n + 1, sizeof(*rows));
    FEL_TRY(hedging_need(rows));
    for (size_t i = 0; i < h->n_policies; i++) {
        const hedging_hedger *who = &h->hedgers[i];
        for (size_t k = 0; k < who->n_trials; k++) {
            const hedging_trial *t = &who->trials[k];
            const fel_hedge_trial row = {.hedger = i,
                                         .name = t->name,
                                         .validation_risk = t->mean,
                                         .spread = t->spread,
                                         .is_chosen = k == who->chosen};
            rows[at++] = row;
        }
    }
    h->report.trials = rows;
    h->report.n_trials = n;
    return FEL_OK;
}

/* ---- spectra --------------------------------------------------------------------------------- */

void hedging_spectra_clear(hedging_fit *fit)
{
    for (size_t i = 0; i < fit->n_spectra; i++) {
        free(fit->spectra[i].values);
    }
    free(fit->spectra);
    fit->spectra = NULL;
    fit->n_spectra = 0;
}

static fel_status keep_spectrum(hedging_fit *fit, const fel_kfac *kfac, size_t block, int of_slopes)
{
    hedging_spectrum *s = &fit->spectra[fit->n_spectra];
    fel_kfac_factors factors;
    FEL_TRY(fel_kfac_factors_of(kfac, block, &factors));
    s->block = block;
    s->of_slopes = of_slopes;
    s->n = of_slopes ? factors.n_slopes : factors.n_inputs;
    s->values = malloc(s->n * sizeof(double));
    FEL_TRY(hedging_need(s->values));
    fit->n_spectra++;
    return fel_kfac_spectrum(kfac, block, of_slopes, s->values);
}

fel_status hedging_keep_spectra(hedging_fit *fit, const fel_kfac *kfac, const fel_policy *policy)
{
    const fel_network *net = fel_policy_network(policy);
    const size_t n_blocks = fel_network_count_blocks(net);
    if (kfac == NULL || fel_policy_describe(policy)->per_date) {
        return FEL_OK;
    }
    fit->spectra = calloc(2 * n_blocks, sizeof(*fit->spectra));
    FEL_TRY(hedging_need(fit->spectra));
    for (size_t b = 0; b < n_blocks; b++) {
        if (fel_network_block(net, b)->role == FEL_BLOCK_WEIGHT) {
            FEL_TRY(keep_spectrum(fit, kfac, b, 0));
            FEL_TRY(keep_spectrum(fit, kfac, b, 1));
        }
    }
    return FEL_OK;
}

static fel_hedge_spectrum spectrum_of(const hedging *h, size_t hedger, const hedging_fit *fit,
                                      const hedging_spectrum *s)
{
    const fel_network *net = fel_policy_network(h->hedgers[hedger].policy);
    const fel_hedge_spectrum out = {
        .hedger = hedger,
        .block = fel_network_block(net, s->block)->name,
        .factor = s->of_slopes ? "slopes" : "inputs",
        .n = s->n,
        .values = s->values,
        .damping = fit->n_curve > 0 ? fit->curve[fit->n_curve - 1].damping : (double)NAN,
    };
    return out;
}

static fel_status list_spectra(hedging *h)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < h->n_policies; i++) {
        n += h->hedgers[i].fits[0].n_spectra;
    }
    fel_hedge_spectrum *rows = arena_array(&h->memory, n + 1, sizeof(*rows));
    FEL_TRY(hedging_need(rows));
    for (size_t i = 0; i < h->n_policies; i++) {
        const hedging_fit *fit = &h->hedgers[i].fits[0];
        for (size_t k = 0; k < fit->n_spectra; k++) {
            rows[at++] = spectrum_of(h, i, fit, &fit->spectra[k]);
        }
    }
    h->report.spectra = rows;
    h->report.n_spectra = n;
    return FEL_OK;
}

/* ---- the frontier ---------------------------------------------------------------------------- */

static fel_hedge_frontier rule_point(const hedging *h, size_t hedger)
{
    const hedging_hedger *who = &h->hedgers[hedger];
    const double *scores = who->scores;
    const fel_hedge_frontier out = {
        .hedger = hedger,
        .setting = who->policy != NULL ? "as trained" : "",
        .setting_value = who->policy != NULL ? who->train.objective.cost_factor : (double)NAN,
        .cost_mean = scores[hedging_measure_of("cost_mean") * who->n_runs],
        .cost_error = who->errors[hedging_measure_of("cost_mean")],
        .pnl_sd = scores[hedging_measure_of("pnl_sd") * who->n_runs],
        .pnl_variance = scores[hedging_measure_of("pnl_variance") * who->n_runs],
        .risk = scores[hedging_measure_of("risk") * who->n_runs],
        .is_rule = who->policy == NULL,
    };
    return out;
}

static fel_status list_frontier(hedging *h)
{
    const size_t most = h->n_frontier + h->n_hedgers;
    fel_hedge_frontier *rows = arena_array(&h->memory, most + 1, sizeof(*rows));
    size_t n = 0;
    FEL_TRY(hedging_need(rows));
    for (size_t i = 0; i < h->n_frontier; i++) {
        const hedging_frontier *p = &h->frontier[i];
        const fel_hedge_frontier row = {
            .hedger = h->frontier_policy,
            .setting = arena_printf(&h->memory, "cost_factor=%g", p->cost_factor),
            .setting_value = p->cost_factor,
            .cost_mean = p->cost,
            .cost_error = p->cost_error,
            .pnl_sd = p->sd,
            .pnl_variance = p->variance,
            .risk = p->risk,
        };
        FEL_TRY(hedging_need(row.setting));
        rows[n++] = row;
    }
    for (size_t i = h->n_frontier > 0 ? h->n_policies : h->n_hedgers; i < h->n_hedgers; i++) {
        if (strcmp(h->hedgers[i].name, "none") != 0) {
            rows[n++] = rule_point(h, i);
        }
    }
    h->report.frontier = rows;
    h->report.n_frontier = n;
    return FEL_OK;
}

fel_status hedging_present_learning(hedging *h)
{
    FEL_TRY(list_curves(h));
    FEL_TRY(list_trials(h));
    FEL_TRY(list_spectra(h));
    return list_frontier(h);
}
