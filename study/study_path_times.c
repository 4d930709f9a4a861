/* study/study_path_times.c - at which instants the equity of all paths is kept: the start, then
 * ends of days, evenly thinned where there are many. */
#include <stdlib.h>

#include "study/study_paths_internal.h"

/* Keep the last instant of each day; their number. */
static size_t keep_day_ends(int64_t *times, size_t n, int64_t day_offset_ns)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const int is_last = i + 1 == n || calendar_day_of(times[i + 1], day_offset_ns) !=
                                              calendar_day_of(times[i], day_offset_ns);
        if (is_last) {
            times[kept++] = times[i];
        }
    }
    return kept;
}

/* The first and the last stay. */
static size_t thin(int64_t *times, size_t n, size_t n_most)
{
    if (n <= n_most || n_most < 2) {
        return n;
    }
    for (size_t i = 0; i < n_most; i++) {
        times[i] = times[i * (n - 1) / (n_most - 1)];
    }
    return n_most;
}

/* Of the prices in the data: where the first row opens. */
static int64_t first_open(const dataset *data, int64_t first_ns)
{
    int64_t open_ns = first_ns;
    for (size_t i = 0; i < data->list.n; i++) {
        const fel_block rows = fel_series_rows(data->list.items[i].series);
        if (rows.n > 0 && rows.open_ns != NULL && rows.open_ns[0] < open_ns) {
            open_ns = rows.open_ns[0];
        }
    }
    return open_ns;
}

fel_status path_times_make(path_runs *runs, const dataset *data, size_t n_most)
{
    int64_t *clock = NULL;
    size_t n = 0;
    FEL_TRY(dataset_clock(data, &clock, &n));
    const study_clock all = {clock, n, NULL};
    const int64_t trade_ns = data->window.trade_ns;
    const size_t first = trade_ns == FEL_TIME_MIN ? 0 : clock_count(&all, trade_ns);
    int64_t *times = calloc(n - first + 2, sizeof(*times));
    if (times == NULL) {
        free(clock);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu days", n);
    }
    times[0] = first > 0 ? clock[first - 1] : first_open(data, clock[0]);
    for (size_t i = first; i < n; i++) {
        times[1 + i - first] = clock[i];
    }
    free(clock);
    const size_t n_days = keep_day_ends(times + 1, n - first, data->day_offset_ns);
    runs->n_times = 1 + thin(times + 1, n_days, n_most - 1);
    runs->times = times;
    return FEL_OK;
}
