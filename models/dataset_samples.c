/* models/dataset_samples.c - samples of a panel in order of time, and what to say if there are
 * none. */
#include <stdlib.h>
#include <string.h>

#include "models/dataset_internal.h"

static int compare(const void *a, const void *b)
{
    const timed_row *x = a, *y = b;
    if (x->time_ns != y->time_ns) {
        return x->time_ns < y->time_ns ? -1 : 1;
    }
    return x->row < y->row ? -1 : x->row > y->row ? 1 : 0;
}

void timed_rows_sort(timed_row *rows, size_t n)
{
    qsort(rows, n, sizeof(*rows), compare);
}

/* Rows that are the last of a sample; out may be NULL to count them. */
static size_t list_last_rows(const panel_work *w, timed_row *out)
{
    size_t n = 0;
    for (size_t s = 0; s < w->panel->n_parts; s++) {
        const panel_part *part = &w->panel->parts[s];
        for (size_t row = part->ready + w->config->sequence - 1; row < part->n; row++) {
            const timed_row item = {w->times_ns[part->first + row], part->first + row};
            if (out != NULL) {
                out[n] = item;
            }
            n++;
        }
    }
    return n;
}

static uint32_t series_of(const fel_panel *panel, size_t row)
{
    size_t low = 0, high = panel->n_parts;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (panel->parts[middle].first <= row) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

/* The longest series tells best what is missing. */
static fel_status no_samples(const panel_work *w)
{
    const panel_part *longest = &w->panel->parts[0];
    for (size_t s = 1; s < w->panel->n_parts; s++) {
        longest = w->panel->parts[s].n > longest->n ? &w->panel->parts[s] : longest;
    }
    const size_t needed = longest->warm_up + w->config->sequence;
    if (longest->n >= needed) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s: no sample in %zu bars: a signal has no number there",
                         longest->symbol, longest->n);
    }
    return FEL_RAISE(FEL_ERR_SHAPE,
                     "%s: a sample needs %zu bars, %zu of warm-up and a sequence of "
                     "%zu; there are %zu",
                     longest->symbol, needed, longest->warm_up, w->config->sequence, longest->n);
}

fel_status panel_list_samples(panel_work *w)
{
    fel_panel *panel = w->panel;
    const size_t n = list_last_rows(w, NULL), n_targets = w->config->n_targets;
    if (n == 0) {
        return no_samples(w);
    }
    timed_row *order = arena_array(&w->memory, n, sizeof(*order));
    size_t *last_rows = arena_array(&panel->memory, n, sizeof(*last_rows));
    uint32_t *series = arena_array(&panel->memory, n, sizeof(*series));
    int64_t *times = arena_array(&panel->memory, n, sizeof(*times));
    int64_t *known = arena_array(&panel->memory, n, sizeof(*known));
    double *targets = arena_array(&panel->memory, n, n_targets * sizeof(*targets));
    double *returns = arena_array(&panel->memory, n, sizeof(*returns));
    if (order == NULL || last_rows == NULL || series == NULL || times == NULL || known == NULL ||
        targets == NULL || returns == NULL) {
        return panel_no_memory(w);
    }
    (void)list_last_rows(w, order);
    if (panel->n_parts > 1) {
        timed_rows_sort(order, n);
    }
    for (size_t i = 0; i < n; i++) {
        const size_t row = order[i].row;
        last_rows[i] = row;
        series[i] = series_of(panel, row);
        times[i] = order[i].time_ns;
        known[i] = w->target_times_ns[row];
        returns[i] = w->returns[row];
        memcpy(targets + i * n_targets, w->targets + row * n_targets, n_targets * sizeof(double));
    }
    const fel_samples samples = {
        .n_rows = w->n_rows,
        .n_columns = panel->n_columns,
        .rows = w->rows,
        .n = n,
        .n_targets = n_targets,
        .sequence = w->config->sequence,
        .last_rows = last_rows,
        .series = series,
        .times_ns = times,
        .targets = targets,
        .target_times_ns = known,
        .returns = returns,
    };
    panel->samples = samples;
    return FEL_OK;
}
