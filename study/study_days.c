/* study/study_days.c - the study's dates as instants of each series.
 *
 * A day of the study is a day of the series' own zone, so that the bar of a day lies in the day
 * that it is named by, wherever its midnights are. */
#include <stdio.h>
#include <string.h>

#include "study/study_run_internal.h"

/* Midnight of a day, or an instant that was given as one. */
static int64_t place(const fel_zone *zone, int64_t t, int is_day)
{
    return is_day && t != FEL_TIME_MIN && t != FEL_TIME_MAX ? fel_zone_instant(zone, t) : t;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Bars of warm-up can be counted only once the bars are there: until then all rows are in. */
static study_window window_in(const study_values *v, const fel_zone *zone, int use_holdout)
{
    const study_clock clock = {NULL, 0, zone};
    const int64_t start = place(zone, v->start_ns, v->start_is_day);
    const int64_t end = place(zone, v->end_ns, v->end_is_day);
    const int64_t holdout = place(zone, v->holdout_ns, v->holdout_is_day);
    const int has_warm_up = v->warm_up.amount > 0;
    return (study_window){
        .from_ns = !has_warm_up                   ? start
                   : v->warm_up.unit == SPAN_BARS ? FEL_TIME_MIN
                                                  : clock_before(&clock, start, v->warm_up),
        .to_ns = use_holdout ? end : smaller(end, holdout),
        .trade_ns = has_warm_up ? start : FEL_TIME_MIN,
    };
}

/* Each zone is read once; panels have hundreds of series. */
static fel_status find_zone(dataset *data, const fel_study *study, const char *name,
                            const dataset_zone **out)
{
    const char *known = name[0] != '\0' ? name : "UTC";
    for (size_t i = 0; i < data->zones.n; i++) {
        if (strcmp(data->zones.items[i].name, known) == 0) {
            *out = &data->zones.items[i];
            return FEL_OK;
        }
    }
    dataset_zone added = {.zone = NULL};
    (void)snprintf(added.name, sizeof(added.name), "%s", known);
    FEL_TRY(fel_zone_create(&added.zone, known));
    added.window = window_in(&study->values, added.zone, data->use_holdout);
    const fel_status status = ARRAY_PUSH(&data->zones, added);
    if (status != FEL_OK) {
        fel_zone_destroy(added.zone);
        return status;
    }
    *out = &data->zones.items[data->zones.n - 1];
    return FEL_OK;
}

fel_status dataset_place(dataset *data, const fel_study *study, dataset_item *item)
{
    const dataset_zone *zone = NULL;
    FEL_TRY(find_zone(data, study, item->info.zone, &zone));
    item->window = zone->window;
    return FEL_OK;
}

/* By the prices; signals and actions follow them. */
void dataset_join_windows(dataset *data)
{
    int n = 0, is_mixed = 0;
    const char *zone = "";
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        const study_window *w = &item->window;
        if (!fel_gives_prices(item->info.kind)) {
            continue;
        }
        const study_window joined = {smaller(data->window.from_ns, w->from_ns),
                                     larger(data->window.to_ns, w->to_ns),
                                     smaller(data->window.trade_ns, w->trade_ns)};
        is_mixed = is_mixed || (n > 0 && strcmp(zone, item->info.zone) != 0);
        zone = item->info.zone;
        data->window = n++ == 0 ? *w : joined;
    }
    for (size_t i = 0; i < data->zones.n && n > 0 && !is_mixed; i++) {
        const dataset_zone *known = &data->zones.items[i];
        data->zone =
            strcmp(known->name, zone[0] != '\0' ? zone : "UTC") == 0 ? known->zone : data->zone;
    }
}
