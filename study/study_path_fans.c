/* study/study_path_fans.c - quantiles of equity over paths at each instant: each instant is sorted
 * on its own, so threads share them out. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_paths_internal.h"

typedef struct fan_arrays {
    double *values, *low, *high, *mean, *mean_error;
} fan_arrays;

typedef struct fan_maker {
    const path_runs *runs;
    fan_arrays fans[PATH_MOST_ACCOUNTS];
    path_ranks ranks;
} fan_maker;

static fel_status fill_instant(void *payload, size_t index, int thread)
{
    const fan_maker *m = payload;
    const path_runs *runs = m->runs;
    const size_t n = runs->n_done, t = index % runs->n_times;
    const fan_arrays *fan = &m->fans[index / runs->n_times];
    double *sorted = malloc(n * sizeof(*sorted));
    (void)thread;
    if (sorted == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths", n);
    }
    memcpy(sorted, runs->accounts[index / runs->n_times].equity + t * runs->n_asked,
           n * sizeof(*sorted));
    const fel_cvec all = {sorted, n};
    fan->mean[t] = mean_of(all);
    fan->mean_error[t] = deviation_of(all, 1.0) / sqrt((double)n);
    qsort(sorted, n, sizeof(*sorted), path_by_value);
    for (size_t i = 0; i < PATH_N_LEVELS; i++) {
        const quantile_places at = m->ranks.places[i];
        fan->values[i * runs->n_times + t] = path_quantile(sorted, n, path_levels[i]);
        fan->low[i * runs->n_times + t] = at.low < n ? sorted[at.low] : (double)NAN;
        fan->high[i * runs->n_times + t] = at.high < n ? sorted[at.high] : (double)NAN;
    }
    free(sorted);
    return FEL_OK;
}

static fel_status make_arrays(path_runs *runs, fan_arrays *out)
{
    const size_t n = PATH_N_LEVELS * runs->n_times;
    FEL_TRY(path_room_for(runs, n, sizeof(double), &out->values));
    FEL_TRY(path_room_for(runs, n, sizeof(double), &out->low));
    FEL_TRY(path_room_for(runs, n, sizeof(double), &out->high));
    FEL_TRY(path_room_for(runs, runs->n_times, sizeof(double), &out->mean));
    return path_room_for(runs, runs->n_times, sizeof(double), &out->mean_error);
}

fel_status path_fans_fill(path_runs *runs, int n_threads)
{
    static const char *const names[PATH_MOST_ACCOUNTS] = {"strategy", "buy and hold"};
    fan_maker m = {.runs = runs, .ranks = path_ranks_of(runs->n_done, runs->report.confidence)};
    fel_report_fan *fans = NULL;
    if (runs->n_times == 0) {
        return FEL_OK;
    }
    FEL_TRY(path_room_for(runs, runs->n_accounts, sizeof(*fans), &fans));
    for (size_t i = 0; i < runs->n_accounts; i++) {
        fan_arrays *a = &m.fans[i];
        FEL_TRY(make_arrays(runs, a));
        const fel_report_fan fan = {names[i], PATH_N_LEVELS, path_levels, a->values,
                                    a->low,   a->high,       a->mean,     a->mean_error};
        fans[i] = fan;
    }
    FEL_TRY(threads_run(n_threads, runs->n_accounts * runs->n_times, fill_instant, &m));
    runs->report.fans = fans;
    runs->report.n_fans = runs->n_accounts;
    runs->report.time_ns = runs->times;
    runs->report.n_times = runs->n_times;
    return FEL_OK;
}
