/* study/forecast_publish.c - forecasts as events: a signal series for each instrument, each number
 * dated with the instant at which the last bar that it was made from is known.
 *
 * Where no window's forecasts follow, a number between the strategy's thresholds ends the last
 * opinion: nothing is held on an old one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "study/forecast_internal.h"

typedef struct opinion_list {
    int64_t *times;
    double *values;
    size_t n;
} opinion_list;

static void add(opinion_list *list, int64_t time_ns, double value)
{
    list->times[list->n] = time_ns;
    list->values[list->n++] = value;
}

/* Is there time between this window's end and the next one's start? */
static int has_gap_after(const forecasts *f, size_t window)
{
    return window + 1 < f->n_done &&
           f->windows[window + 1].span.test.from_ns > f->windows[window].span.test.to_ns;
}

/* Nothing is held beyond t: a forecast of that instant would be traded after it. */
static void end_at(opinion_list *list, int64_t t, double neutral)
{
    if (list->n > 0 && list->times[list->n - 1] == t) {
        list->n--;
    }
    add(list, t, neutral);
}

static void gather(const forecasts *f, uint32_t series, double neutral, opinion_list *list)
{
    for (size_t i = 0; i < f->n_done; i++) {
        const forecast_window *w = &f->windows[i];
        for (size_t k = 0; k < w->n_test; k++) {
            if (w->points[k].series == series) {
                add(list, w->points[k].time_ns, w->points[k].value);
            }
        }
        if (has_gap_after(f, i)) {
            end_at(list, w->span.test.to_ns, neutral);
        }
    }
}

static fel_status append(dataset *data, size_t bars_item, const opinion_list *list)
{
    const dataset_item *bars = &data->list.items[bars_item];
    dataset_item item = *bars;
    item.info = fel_series_info_default(FEL_DATA_SIGNAL, bars->info.instrument.symbol);
    item.info.instrument = bars->info.instrument;
    item.info.n_columns = 1;
    (void)snprintf(item.info.columns[0], sizeof(item.info.columns[0]), "forecast");
    (void)memcpy(item.info.zone, bars->info.zone, sizeof(item.info.zone));
    const double *const columns[1] = {list->values};
    const fel_block rows = {list->n, 1, list->times, NULL, columns};
    item.series = NULL;
    item.store = NULL;
    item.n_rows = list->n;
    FEL_TRY(fel_series_create(&item.series, &item.info, &rows));
    const fel_status status = ARRAY_PUSH(&data->list, item);
    if (status != FEL_OK) {
        fel_series_destroy(item.series);
    }
    return status;
}

static fel_status publish_one(const forecasts *f, const fel_study *study, dataset *data,
                              uint32_t series, size_t n_most)
{
    const double neutral = forecast_thresholds_of(&study->values.strategy).neutral;
    opinion_list list = {malloc((n_most + 1) * sizeof(int64_t)),
                         malloc((n_most + 1) * sizeof(double)), 0};
    fel_status status = FEL_OK;
    if (list.times == NULL || list.values == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu forecasts", n_most);
    } else {
        gather(f, series, neutral, &list);
        status = append(data, f->items[series], &list);
    }
    free(list.times);
    free(list.values);
    return status;
}

fel_status forecast_publish(const forecasts *f, const fel_study *study, dataset *data)
{
    size_t n_most = 0;
    for (size_t i = 0; i < f->n_done; i++) {
        n_most += f->windows[i].n_test + 1;
    }
    for (size_t i = 0; i < f->n_series; i++) {
        FEL_TRY(publish_one(f, study, data, (uint32_t)i, n_most));
    }
    return FEL_OK;
}
