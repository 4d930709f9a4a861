/* reports/hedge_check_parts.c - are the parts of a hedging report whole, and of hedgers that are
 * there? */
#include <math.h>

#include "reports/hedge_report_internal.h"

static fel_status check_place(const fel_hedge_report *r, size_t hedger, const char *what, size_t i)
{
    if (hedger >= r->n_hedgers) {
        return FEL_RAISE(FEL_ERR_ARG, "%s[%zu] is of hedger %zu; there are %zu", what, i, hedger,
                         r->n_hedgers);
    }
    return FEL_OK;
}

static fel_status check_comparisons(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->comparisons, r->n_comparisons, "comparisons"));
    for (size_t i = 0; i < r->n_comparisons; i++) {
        const fel_hedge_comparison *c = &r->comparisons[i];
        const char *const names[] = {c->name, c->label, c->budget};
        FEL_TRY(check_place(r, c->hedger, "comparisons", i));
        FEL_TRY(check_place(r, c->against, "comparisons", i));
        FEL_TRY(check_names(names, 3, "a comparison"));
    }
    return FEL_OK;
}

static fel_status check_curves(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->curves, r->n_curves, "curves"));
    for (size_t i = 0; i < r->n_curves; i++) {
        FEL_TRY(check_place(r, r->curves[i].hedger, "curves", i));
        FEL_TRY(check_array(r->curves[i].steps, r->curves[i].n, "curve steps"));
    }
    return FEL_OK;
}

static fel_status check_trials(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->trials, r->n_trials, "trials"));
    for (size_t i = 0; i < r->n_trials; i++) {
        FEL_TRY(check_place(r, r->trials[i].hedger, "trials", i));
        FEL_TRY(check_names(&r->trials[i].name, 1, "a trial"));
    }
    return FEL_OK;
}

static fel_status check_spectra(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->spectra, r->n_spectra, "spectra"));
    for (size_t i = 0; i < r->n_spectra; i++) {
        const fel_hedge_spectrum *s = &r->spectra[i];
        const char *const names[] = {s->block, s->factor};
        FEL_TRY(check_place(r, s->hedger, "spectra", i));
        FEL_TRY(check_names(names, 2, "a spectrum"));
        FEL_TRY(check_array(s->values, s->n, "spectrum values"));
    }
    return FEL_OK;
}

/* ---- surfaces -------------------------------------------------------------------------------- */

/* sign 1: increasing, -1: falling. */
static fel_status check_grid(const double *values, size_t n, int sign, const char *name)
{
    FEL_TRY(check_array(values, n, name));
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]) || (i > 0 && !(sign * (values[i] - values[i - 1]) > 0.0))) {
            return FEL_RAISE(FEL_ERR_ARG, "%s[%zu] is %g; they must %s", name, i, values[i],
                             sign > 0 ? "increase" : "fall");
        }
    }
    return FEL_OK;
}

static fel_status check_surfaces(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->surfaces, r->n_surfaces, "surfaces"));
    FEL_TRY(check_grid(r->surface_spots, r->n_spots, 1, "surface_spots"));
    FEL_TRY(check_grid(r->surface_left_years, r->n_times, -1, "surface_left_years"));
    if (r->n_surfaces > 0 && (r->n_spots == 0 || r->n_times == 0)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "surfaces over %zu spots and %zu times; they need one or more of each",
                         r->n_spots, r->n_times);
    }
    for (size_t i = 0; i < r->n_surfaces; i++) {
        const fel_hedge_surface *s = &r->surfaces[i];
        const char *const names[] = {s->name, s->label};
        FEL_TRY(check_names(names, 2, "a surface"));
        FEL_TRY(check_array(s->values, r->n_times * r->n_spots, "surface values"));
        if (s->instrument >= r->n_instruments) {
            return FEL_RAISE(FEL_ERR_ARG, "surfaces[%zu] is of instrument %zu; there are %zu", i,
                             s->instrument, r->n_instruments);
        }
    }
    return FEL_OK;
}

/* ---- paths and lives ------------------------------------------------------------------------- */

static fel_status check_samples(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->samples, r->n_samples, "samples"));
    for (size_t i = 0; i < r->n_samples; i++) {
        const fel_hedge_sample *s = &r->samples[i];
        FEL_TRY(check_array(s->spot, r->n_dates + 1, "sample spot"));
        FEL_TRY(check_array(s->positions, r->n_hedgers * r->n_instruments * r->n_dates,
                            "sample positions"));
        FEL_TRY(check_array(s->pnl, r->n_hedgers, "sample pnl"));
    }
    return FEL_OK;
}

static fel_status check_frontier(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->frontier, r->n_frontier, "frontier"));
    for (size_t i = 0; i < r->n_frontier; i++) {
        FEL_TRY(check_place(r, r->frontier[i].hedger, "frontier", i));
    }
    return FEL_OK;
}

static fel_status check_lives(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->lives, r->n_lives, "lives"));
    for (size_t i = 0; i < r->n_lives; i++) {
        const fel_hedge_life *x = &r->lives[i];
        FEL_TRY(check_array(x->pnl, r->n_hedgers, "life pnl"));
        if (x->end_ns <= x->start_ns) {
            return FEL_RAISE(FEL_ERR_ARG, "lives[%zu] ends before it starts", i);
        }
    }
    return FEL_OK;
}

fel_status hedgers_check_parts(const fel_hedge_report *r)
{
    FEL_TRY(check_comparisons(r));
    FEL_TRY(check_curves(r));
    FEL_TRY(check_trials(r));
    FEL_TRY(check_spectra(r));
    FEL_TRY(check_surfaces(r));
    FEL_TRY(check_samples(r));
    FEL_TRY(check_frontier(r));
    return check_lives(r);
}
