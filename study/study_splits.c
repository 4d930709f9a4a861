/* study/study_splits.c - jumps in raw prices that look like splits which nobody booked.
 *
 * A split by p:q makes the open p/q times smaller than the close before it; the night's own return
 * stays. Jumps near a usual ratio, whose bar stays at the new level, are told with their date: the
 * run books them as losses or gains. A warning and no error: a stock may really halve overnight. */
#include <math.h>
#include <string.h>

#include "study/study_run_internal.h"

/* New shares for old ones; nights move less than the tolerance where ratios are far apart. */
static const struct {
    double new_shares, old_shares, tolerance;
} ratios[] = {
    {2, 1, 0.05},  {3, 1, 0.05},  {4, 1, 0.05},  {5, 1, 0.05},  {6, 1, 0.05},  {7, 1, 0.05},
    {8, 1, 0.05},  {10, 1, 0.05}, {15, 1, 0.05}, {20, 1, 0.05}, {25, 1, 0.05}, {30, 1, 0.05},
    {50, 1, 0.05}, {100, 1, 0.1}, {3, 2, 0.02},  {5, 2, 0.03},  {2, 3, 0.02},  {1, 2, 0.05},
    {1, 3, 0.05},  {1, 4, 0.05},  {1, 5, 0.05},  {1, 6, 0.05},  {1, 7, 0.05},  {1, 8, 0.05},
    {1, 10, 0.05}, {1, 12, 0.05}, {1, 15, 0.05}, {1, 20, 0.05}, {1, 25, 0.05}, {1, 30, 0.05},
    {1, 40, 0.05}, {1, 50, 0.05}, {1, 100, 0.1},
};
enum { N_RATIOS = sizeof(ratios) / sizeof(ratios[0]) };

/* No ratio lies within. */
#define LEAST_JUMP 1.45
/* The bar's close over its open: beyond this it was no new level but a bad price or a wild day. */
#define MOST_MOVE 1.25

/* The place of the nearest ratio; N_RATIOS if none is near. */
static size_t ratio_of(double before, double after)
{
    const double jump = log(before / after);
    size_t best = N_RATIOS;
    double least = (double)INFINITY;
    for (size_t i = 0; i < N_RATIOS; i++) {
        const double distance = fabs(jump - log(ratios[i].new_shares / ratios[i].old_shares));
        if (distance < least && distance < ratios[i].tolerance) {
            best = i;
            least = distance;
        }
    }
    return best;
}

static void judge(split_scan *scan, double open, double close, int64_t time_ns)
{
    const size_t ratio = scan->close > 0.0 && open > 0.0 ? ratio_of(scan->close, open) : N_RATIOS;
    const int stays = close < open * MOST_MOVE && open < close * MOST_MOVE;
    if (ratio == N_RATIOS || !stays) {
        return;
    }
    if (scan->n < SPLIT_MOST_JUMPS) {
        scan->jumps[scan->n] = (split_jump){scan->time_ns, time_ns, scan->close, open, ratio};
    }
    scan->n++;
}

void split_scan_rows(split_scan *scan, const fel_block *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        const double open = rows->columns[0][i], close = rows->columns[3][i];
        if (open * LEAST_JUMP < scan->close || open > scan->close * LEAST_JUMP) {
            judge(scan, open, close, rows->time_ns[i]);
        }
        scan->close = close;
        scan->time_ns = rows->time_ns[i];
    }
}

int dataset_may_split(const dataset_item *item)
{
    return item->info.kind == FEL_DATA_BAR && item->info.adjustment == FEL_ADJUST_RAW &&
           item->info.instrument.kind == FEL_EQUITY;
}

/* ---- booked or not --------------------------------------------------------------------------- */

static int block_has_split(const fel_block *rows, const split_jump *jump)
{
    for (size_t i = 0; i < rows->n; i++) {
        if (rows->columns[0][i] == (double)FEL_SPLIT && rows->time_ns[i] >= jump->from_ns &&
            rows->time_ns[i] <= jump->to_ns) {
            return 1;
        }
    }
    return 0;
}

/* Actions are few: those of a stream are read when there is something to ask. */
static fel_status item_has_split(const dataset_item *item, const split_jump *jump, int *has)
{
    if (item->series != NULL) {
        const fel_block rows = fel_series_rows(item->series);
        *has = *has || block_has_split(&rows, jump);
        return FEL_OK;
    }
    fel_series *series = NULL;
    FEL_TRY(fel_store_read(item->store, item->entry, jump->from_ns, jump->to_ns + 1, &series));
    const fel_block rows = fel_series_rows(series);
    *has = *has || block_has_split(&rows, jump);
    fel_series_destroy(series);
    return FEL_OK;
}

static fel_status is_booked(const dataset *data, const dataset_item *bars, const split_jump *jump,
                            int *has)
{
    *has = 0;
    for (size_t i = 0; i < data->list.n && !*has; i++) {
        const dataset_item *item = &data->list.items[i];
        const int is_of_it =
            item->info.kind == FEL_DATA_ACTION &&
            strcmp(item->info.instrument.symbol, bars->info.instrument.symbol) == 0;
        FEL_TRY(is_of_it ? item_has_split(item, jump, has) : FEL_OK);
    }
    return FEL_OK;
}

/* ---- what is said ---------------------------------------------------------------------------- */

static const fel_zone *zone_of(const dataset *data, const dataset_item *item)
{
    for (size_t i = 0; i < data->zones.n; i++) {
        if (strcmp(data->zones.items[i].name, item->info.zone) == 0) {
            return data->zones.items[i].zone;
        }
    }
    return NULL;
}

static fel_status warn(dataset *data, const dataset_item *item, const split_jump *jump, size_t n)
{
    const fel_zone *zone = zone_of(data, item);
    char day[16], more[64] = "";
    fel_day_format(zone != NULL ? fel_zone_wall(zone, jump->to_ns) : jump->to_ns, day, sizeof(day));
    if (n > 1) {
        (void)snprintf(more, sizeof(more), ", and %zu more like it", n - 1);
    }
    const char *text = arena_printf(
        &data->memory,
        "%s: from a close of %g to an open of %g on %s, near a %g:%g split that is not booked%s: "
        "give the splits, or say what was done to the prices (adjustment)",
        item->info.instrument.symbol, jump->before, jump->after, day,
        ratios[jump->ratio].new_shares, ratios[jump->ratio].old_shares, more);
    if (text == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a warning");
    }
    return ARRAY_PUSH(&data->warnings, text);
}

fel_status dataset_note_jumps(dataset *data, const dataset_item *item, const split_scan *scan)
{
    const size_t n_kept = scan->n < SPLIT_MOST_JUMPS ? scan->n : SPLIT_MOST_JUMPS;
    const split_jump *first = NULL;
    size_t n = scan->n - n_kept;
    for (size_t i = 0; i < n_kept; i++) {
        int has = 0;
        FEL_TRY(is_booked(data, item, &scan->jumps[i], &has));
        first = first == NULL && !has ? &scan->jumps[i] : first;
        n += has ? 0 : 1;
    }
    return first != NULL ? warn(data, item, first, n) : FEL_OK;
}

fel_status dataset_find_splits(dataset *data)
{
    for (size_t i = 0; i < data->list.n && data->paths == NULL; i++) {
        const dataset_item *item = &data->list.items[i];
        if (item->series == NULL || !dataset_may_split(item)) {
            continue;
        }
        split_scan scan = {.n = 0};
        const fel_block rows = fel_series_rows(item->series);
        split_scan_rows(&scan, &rows);
        FEL_TRY(dataset_note_jumps(data, item, &scan));
    }
    return FEL_OK;
}
