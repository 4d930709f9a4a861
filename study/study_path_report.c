/* study/study_path_report.c - distributions over paths: moments, quantiles with intervals,
 * histograms, probabilities, the paths worth looking at. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_paths_internal.h"

enum { N_BINS = 50, N_LISTED = 3, N_LINES = 20 };

const double path_levels[PATH_N_LEVELS] = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

fel_status path_room_for(path_runs *runs, size_t n, size_t size, void *out)
{
    void *room = arena_array(&runs->memory, n, size);
    if (room == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
    }
    memcpy(out, &room, sizeof(room));
    return FEL_OK;
}

path_ranks path_ranks_of(size_t n, double confidence)
{
    path_ranks ranks = {.confidence = confidence, .n = n};
    for (size_t i = 0; i < PATH_N_LEVELS; i++) {
        ranks.places[i] = quantile_interval(n, path_levels[i], confidence);
    }
    return ranks;
}

double path_quantile(const double *sorted, size_t n, double level)
{
    const double place = level * (double)(n - 1);
    const size_t below = (size_t)place, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

int path_by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* ---- one distribution ------------------------------------------------------------------------ */

static fel_status fill_quantiles(path_runs *runs, fel_report_distribution *d, const double *sorted,
                                 const path_ranks *all)
{
    fel_report_quantile *rows = NULL;
    FEL_TRY(path_room_for(runs, PATH_N_LEVELS, sizeof(*rows), &rows));
    const path_ranks ranks = all->n == d->n ? *all : path_ranks_of(d->n, all->confidence);
    for (size_t i = 0; i < PATH_N_LEVELS; i++) {
        const quantile_places at = ranks.places[i];
        rows[i].level = path_levels[i];
        rows[i].value = path_quantile(sorted, d->n, path_levels[i]);
        rows[i].low = at.low < d->n ? sorted[at.low] : (double)NAN;
        rows[i].high = at.high < d->n ? sorted[at.high] : (double)NAN;
    }
    d->quantiles = rows;
    d->n_quantiles = PATH_N_LEVELS;
    return FEL_OK;
}

/* Equal bins over all but the outermost two thousandths, which are counted beside. */
static fel_status fill_bins(path_runs *runs, fel_report_distribution *d, const double *sorted)
{
    const double low = path_quantile(sorted, d->n, 0.001),
                 high = path_quantile(sorted, d->n, 0.999);
    double *edges = NULL;
    uint64_t *counts = NULL;
    if (!(high > low)) {
        return FEL_OK;
    }
    FEL_TRY(path_room_for(runs, N_BINS + 1, sizeof(*edges), &edges));
    FEL_TRY(path_room_for(runs, N_BINS, sizeof(*counts), &counts));
    for (size_t k = 0; k <= N_BINS; k++) {
        edges[k] = low + (high - low) * (double)k / N_BINS;
    }
    edges[N_BINS] = high;
    size_t bin = 0;
    for (size_t i = 0; i < d->n; i++) {
        while (bin + 1 < N_BINS && sorted[i] >= edges[bin + 1]) {
            bin++;
        }
        d->bins.n_below += sorted[i] < low ? 1 : 0;
        d->bins.n_above += sorted[i] > high ? 1 : 0;
        counts[bin] += sorted[i] >= low && sorted[i] <= high ? 1 : 0;
    }
    d->bins.n = N_BINS;
    d->bins.edges = edges;
    d->bins.counts = counts;
    return FEL_OK;
}

/* Values that are defined, in the order of paths; their number. */
static size_t take_known(const double *values, size_t n, double *out)
{
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isnan(values[i])) {
            out[n_known++] = values[i];
        }
    }
    return n_known;
}

static void fill_benchmark(const path_runs *runs, path_score score, double *scratch,
                           fel_report_distribution *d)
{
    d->benchmark_mean = d->benchmark_error = (double)NAN;
    if (runs->n_accounts < 2) {
        return;
    }
    const double *values = runs->accounts[1].scores + (size_t)score * runs->n_asked;
    const fel_cvec known = {scratch, take_known(values, runs->n_done, scratch)};
    if (known.len > 0) {
        d->benchmark_mean = mean_of(known);
        d->benchmark_error = deviation_of(known, 1.0) / sqrt((double)known.len);
    }
}

static fel_status fill_distribution(path_runs *runs, path_score score, double *scratch,
                                    const path_ranks *ranks, fel_report_distribution *d)
{
    FEL_TRY(path_score_describe(score, &runs->rules, &runs->memory, d));
    d->values = runs->accounts[0].scores + (size_t)score * runs->n_asked;
    fill_benchmark(runs, score, scratch, d);
    d->n = take_known(d->values, runs->n_done, scratch);
    const fel_cvec known = {scratch, d->n};
    d->mean = d->deviation = d->mean_error = d->min = d->max = (double)NAN;
    if (d->n == 0) {
        return FEL_OK;
    }
    d->mean = mean_of(known);
    d->deviation = deviation_of(known, 1.0);
    d->mean_error = d->deviation / sqrt((double)d->n);
    qsort(scratch, d->n, sizeof(*scratch), path_by_value);
    d->min = scratch[0];
    d->max = scratch[d->n - 1];
    FEL_TRY(fill_quantiles(runs, d, scratch, ranks));
    return fill_bins(runs, d, scratch);
}

static fel_status fill_distributions(path_runs *runs)
{
    fel_report_distribution *list = NULL;
    double *scratch = NULL;
    const path_ranks ranks = path_ranks_of(runs->n_done, runs->report.confidence);
    FEL_TRY(path_room_for(runs, PATH_N_SCORES, sizeof(*list), &list));
    FEL_TRY(path_room_for(runs, runs->n_done, sizeof(*scratch), &scratch));
    for (int k = 0; k < PATH_N_SCORES; k++) {
        if (k != PATH_TRADES || runs->rules.counts_trades) {
            FEL_TRY(fill_distribution(runs, (path_score)k, scratch, &ranks,
                                      &list[runs->report.n_distributions]));
            runs->report.n_distributions++;
        }
    }
    runs->report.distributions = list;
    return FEL_OK;
}

/* ---- probabilities --------------------------------------------------------------------------- */

static void put_probability(path_runs *runs, fel_report_probability *out, const char *name,
                            const char *label, uint64_t n_hits)
{
    const uint64_t n = runs->n_done;
    const share_bounds bounds = share_interval(n_hits, n, runs->report.confidence);
    const fel_report_probability row = {
        name, label, (double)n_hits / (double)n, bounds.low, bounds.high, n_hits, n};
    *out = row;
    runs->report.n_probabilities++;
}

static fel_status fill_probabilities(path_runs *runs, double initial_cash)
{
    enum { MOST = 4 };
    fel_report_probability *list = NULL;
    const double *equity = runs->accounts[0].scores + PATH_FINAL_EQUITY * runs->n_asked;
    const double *drawdown = runs->accounts[0].scores + PATH_DRAWDOWN * runs->n_asked;
    uint64_t n_losses = 0, n_deep = 0, n_behind = 0;
    FEL_TRY(path_room_for(runs, MOST, sizeof(*list), &list));
    for (size_t i = 0; i < runs->n_done; i++) {
        n_losses += equity[i] < initial_cash ? 1 : 0;
        n_deep += drawdown[i] < -0.2 ? 1 : 0;
        n_behind += runs->n_accounts > 1 && equity[i] < runs->accounts[1].scores[i] ? 1 : 0;
    }
    put_probability(runs, &list[0], "loss", "final equity below the initial cash", n_losses);
    put_probability(runs, &list[1], "drawdown_20", "maximum drawdown deeper than 20 %", n_deep);
    put_probability(runs, &list[2], "ruin", "equity gone: liquidated and ended",
                    runs->report.n_paths_ruined);
    if (runs->n_accounts > 1) {
        put_probability(runs, &list[3], "behind_benchmark",
                        "final equity below that of the benchmark on the same path", n_behind);
    }
    runs->report.probabilities = list;
    return FEL_OK;
}

/* ---- paths worth looking at ------------------------------------------------------------------ */

typedef struct ranked_path {
    double equity;
    size_t index;
} ranked_path;

static int by_equity(const void *a, const void *b)
{
    const ranked_path *x = a, *y = b;
    const int order = (x->equity > y->equity) - (x->equity < y->equity);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

static fel_status list_path(path_runs *runs, size_t index, const char *what, fel_report_path *out)
{
    const path_account *a = &runs->accounts[0];
    const size_t n = runs->n_asked;
    const double trades = a->scores[PATH_TRADES * n + index];
    out->index = index;
    out->what = what;
    out->final_equity = a->scores[PATH_FINAL_EQUITY * n + index];
    out->total_return = a->scores[PATH_TOTAL_RETURN * n + index];
    out->sharpe_ratio = a->scores[PATH_SHARPE * n + index];
    out->max_drawdown = a->scores[PATH_DRAWDOWN * n + index];
    out->n_trades = trades > 0.0 ? (uint64_t)trades : 0;
    out->command = "";
    if (a->equity == NULL) {
        return FEL_OK;
    }
    double *line = NULL;
    FEL_TRY(path_room_for(runs, runs->n_times, sizeof(*line), &line));
    for (size_t t = 0; t < runs->n_times; t++) {
        line[t] = a->equity[t * n + index];
    }
    out->equity = line;
    return FEL_OK;
}

static fel_status list_paths(path_runs *runs)
{
    static const char *const words[N_LISTED] = {"worst final equity", "median final equity",
                                                "best final equity"};
    ranked_path *order = NULL;
    fel_report_path *list = NULL;
    const size_t n = runs->n_done, n_lines = n < N_LINES ? n : N_LINES;
    FEL_TRY(path_room_for(runs, n, sizeof(*order), &order));
    FEL_TRY(path_room_for(runs, N_LISTED + n_lines, sizeof(*list), &list));
    for (size_t i = 0; i < n; i++) {
        order[i].equity = runs->accounts[0].scores[PATH_FINAL_EQUITY * runs->n_asked + i];
        order[i].index = i;
    }
    qsort(order, n, sizeof(*order), by_equity);
    const size_t places[N_LISTED] = {0, (n - 1) / 2, n - 1};
    for (size_t i = 0; i < N_LISTED; i++) {
        FEL_TRY(list_path(runs, order[places[i]].index, words[i], &list[i]));
    }
    for (size_t i = 0; i < n_lines; i++) {
        FEL_TRY(list_path(runs, i, "", &list[N_LISTED + i]));
    }
    runs->report.paths = list;
    runs->report.n_paths_listed = N_LISTED + n_lines;
    return FEL_OK;
}

/* ---- the report ------------------------------------------------------------------------------ */

fel_status path_report_fill(path_runs *runs, const study_values *values)
{
    fel_montecarlo_report *r = &runs->report;
    *r = fel_montecarlo_report_default();
    r->confidence = values->monte_carlo.confidence;
    r->seed = (uint64_t)values->seed;
    r->n_paths = runs->n_done;
    r->n_paths_asked = runs->n_asked;
    r->initial_cash = values->cash.amount;
    r->periods_per_year = runs->rules.periods_per_year;
    r->risk_free_per_year = values->cash_rate_per_year;
    for (size_t i = 0; i < runs->n_done; i++) {
        r->flags |= runs->flags[i];
        r->n_paths_ruined += runs->flags[i] & FEL_FLAG_RUINED ? 1 : 0;
    }
    FEL_TRY(fill_distributions(runs));
    FEL_TRY(fill_probabilities(runs, values->cash.amount));
    return list_paths(runs);
}
