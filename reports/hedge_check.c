/* reports/hedge_check.c - is a hedging report complete enough to be written? */
#include <string.h>

#include "reports/hedge_report_internal.h"

fel_status check_names(const char *const *names, size_t n, const char *what)
{
    for (size_t i = 0; i < n; i++) {
        if (names[i] == NULL) {
            return FEL_RAISE(FEL_ERR_ARG, "%s has a NULL; its names and labels are texts", what);
        }
    }
    return FEL_OK;
}

static fel_status check_instruments(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->instruments, r->n_instruments, "instruments"));
    for (size_t i = 0; i < r->n_instruments; i++) {
        FEL_TRY(check_names(&r->instruments[i].name, 1, "an instrument"));
    }
    return FEL_OK;
}

static fel_status check_measures(const fel_hedge_report *r)
{
    static const char *const mandatory[] = {"pnl_mean", "pnl_sd", "cost_mean", "risk"};
    FEL_TRY(check_array(r->measures, r->n_measures, "measures"));
    for (size_t i = 0; i < r->n_measures; i++) {
        const char *const names[] = {r->measures[i].name, r->measures[i].label};
        FEL_TRY(check_names(names, 2, "a measure"));
    }
    for (size_t i = 0; i < sizeof(mandatory) / sizeof(mandatory[0]); i++) {
        if (hedgers_measure(r, mandatory[i]) == r->n_measures) {
            return FEL_RAISE(FEL_ERR_ARG, "no measure %s; a hedging report needs it", mandatory[i]);
        }
    }
    return FEL_OK;
}

static fel_status check_levels(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->tail_levels, r->n_tail_levels, "tail_levels"));
    for (size_t i = 0; i < r->n_tail_levels; i++) {
        const double before = i > 0 ? r->tail_levels[i - 1] : 0.0;
        if (!(r->tail_levels[i] > before && r->tail_levels[i] < 1.0)) {
            return FEL_RAISE(FEL_ERR_ARG, "tail level %g; levels must increase between 0 and 1",
                             r->tail_levels[i]);
        }
    }
    return FEL_OK;
}

/* Histograms side by side are drawn on common axes. */
static int is_same_edges(const fel_report_bins *a, const fel_report_bins *b)
{
    return a->n == b->n && memcmp(a->edges, b->edges, (a->n + 1) * sizeof(double)) == 0;
}

/* The first hedger with a histogram; NULL: none. */
static const fel_report_bins *first_bins(const fel_hedge_report *r)
{
    for (size_t i = 0; i < r->n_hedgers; i++) {
        if (r->hedgers[i].bins.n > 0) {
            return &r->hedgers[i].bins;
        }
    }
    return NULL;
}

static fel_status check_hedger(const fel_hedge_report *r, const fel_hedge_hedger *h)
{
    const char *const names[] = {h->name, h->label};
    FEL_TRY(check_names(names, 2, "a hedger"));
    if (h->scores == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: scores is NULL; there are %zu measures", h->name,
                         r->n_measures);
    }
    if (h->is_policy && h->n_seeds == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: a policy with 0 seeds; it needs 1 or more", h->name);
    }
    if (h->n_tail > 0 && (h->n_tail != r->n_tail_levels || h->tail == NULL)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: %zu tail quantiles of %zu levels; it needs all or none",
                         h->name, h->tail != NULL ? h->n_tail : 0, r->n_tail_levels);
    }
    FEL_TRY(check_bins(&h->bins, h->name));
    const fel_report_bins *first = first_bins(r);
    if (h->bins.n > 0 && first != NULL && !is_same_edges(&h->bins, first)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s: its bins are not those of the hedgers before; edges are common",
                         h->name);
    }
    return FEL_OK;
}

static fel_status check_hedgers(const fel_hedge_report *r)
{
    FEL_TRY(check_array(r->hedgers, r->n_hedgers, "hedgers"));
    if (r->n_hedgers == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "no hedgers; a hedging report needs 1 or more");
    }
    for (size_t i = 0; i < r->n_hedgers; i++) {
        FEL_TRY(check_hedger(r, &r->hedgers[i]));
    }
    return FEL_OK;
}

fel_status hedgers_check(const fel_hedge_report *r)
{
    if (r == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "report is NULL");
    }
    if (r->struct_size != sizeof(*r)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_hedge_report has %u bytes, not %zu", r->struct_size,
                         sizeof(*r));
    }
    if (!(r->confidence > 0.0 && r->confidence < 1.0)) {
        return FEL_RAISE(FEL_ERR_ARG, "confidence is %g; it must be between 0 and 1",
                         r->confidence);
    }
    FEL_TRY(check_process(&r->process));
    FEL_TRY(check_instruments(r));
    FEL_TRY(check_measures(r));
    FEL_TRY(check_levels(r));
    FEL_TRY(check_hedgers(r));
    FEL_TRY(hedgers_check_parts(r));
    FEL_TRY(check_pairs(r->parameters, r->n_parameters, "parameters"));
    FEL_TRY(check_pairs(r->manifest, r->n_manifest, "manifest"));
    return check_pairs(r->notes, r->n_notes, "notes");
}
