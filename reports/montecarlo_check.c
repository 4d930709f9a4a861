/* reports/montecarlo_check.c - is a Monte Carlo report complete enough to be written? */
#include <string.h>

#include "reports/simulation_internal.h"

static fel_status check_distribution(const fel_report_distribution *d)
{
    if (d->name == NULL || d->label == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a distribution has no name or no label; it needs both");
    }
    FEL_TRY(check_array(d->quantiles, d->n_quantiles, "quantiles"));
    for (size_t i = 0; i < d->n_quantiles; i++) {
        const double before = i > 0 ? d->quantiles[i - 1].level : 0.0;
        if (!(d->quantiles[i].level > before && d->quantiles[i].level < 1.0)) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "%s: quantile level %g; levels must increase between 0 and 1", d->name,
                             d->quantiles[i].level);
        }
    }
    return check_bins(&d->bins, d->name);
}

static fel_status check_distributions(const fel_montecarlo_report *r)
{
    int has_equity = 0, has_return = 0;
    FEL_TRY(check_array(r->distributions, r->n_distributions, "distributions"));
    for (size_t i = 0; i < r->n_distributions; i++) {
        FEL_TRY(check_distribution(&r->distributions[i]));
        has_equity |= strcmp(r->distributions[i].name, "final_equity") == 0;
        has_return |= strcmp(r->distributions[i].name, "total_return") == 0;
    }
    if (!has_equity || !has_return) {
        return FEL_RAISE(FEL_ERR_ARG, "no distribution of %s; a Monte Carlo report needs it",
                         has_equity ? "total_return" : "final_equity");
    }
    return FEL_OK;
}

static fel_status check_fans(const fel_montecarlo_report *r)
{
    FEL_TRY(check_array(r->time_ns, r->n_times, "time_ns"));
    for (size_t i = 1; i < r->n_times; i++) {
        if (r->time_ns[i] <= r->time_ns[i - 1]) {
            return FEL_RAISE(FEL_ERR_ARG, "time_ns[%zu] is not after the one before", i);
        }
    }
    FEL_TRY(check_array(r->fans, r->n_fans, "fans"));
    for (size_t i = 0; i < r->n_fans; i++) {
        const fel_report_fan *f = &r->fans[i];
        FEL_TRY(check_array(f->levels, f->n_levels, "fan levels"));
        FEL_TRY(check_array(f->values, f->n_levels * r->n_times, "fan values"));
        if (f->name == NULL || (f->low == NULL) != (f->high == NULL)) {
            return FEL_RAISE(FEL_ERR_ARG, "fan %zu needs a name, and low and high both or neither",
                             i);
        }
    }
    return FEL_OK;
}

static fel_status check_probabilities(const fel_montecarlo_report *r)
{
    FEL_TRY(check_array(r->probabilities, r->n_probabilities, "probabilities"));
    for (size_t i = 0; i < r->n_probabilities; i++) {
        if (r->probabilities[i].name == NULL || r->probabilities[i].label == NULL) {
            return FEL_RAISE(FEL_ERR_ARG, "probability %zu has no name or no label", i);
        }
    }
    return FEL_OK;
}

static fel_status check_processes(const fel_montecarlo_report *r)
{
    FEL_TRY(check_array(r->processes, r->n_processes, "processes"));
    for (size_t i = 0; i < r->n_processes; i++) {
        FEL_TRY(check_process(&r->processes[i]));
    }
    FEL_TRY(check_array(r->drivers, r->n_drivers, "drivers"));
    return check_array(r->correlation, r->n_drivers, "correlation");
}

fel_status montecarlo_check(const fel_montecarlo_report *r)
{
    if (r == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "report is NULL");
    }
    if (r->struct_size != sizeof(*r)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_montecarlo_report has %u bytes, not %zu", r->struct_size,
                         sizeof(*r));
    }
    FEL_TRY(check_processes(r));
    FEL_TRY(check_distributions(r));
    FEL_TRY(check_probabilities(r));
    FEL_TRY(check_fans(r));
    FEL_TRY(check_array(r->paths, r->n_paths_listed, "paths"));
    FEL_TRY(check_pairs(r->parameters, r->n_parameters, "parameters"));
    FEL_TRY(check_pairs(r->manifest, r->n_manifest, "manifest"));
    return check_pairs(r->notes, r->n_notes, "notes");
}
