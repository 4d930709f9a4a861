/* models/dataset_target.c - targets and returns of all rows, and when each is known.
 *
 *     same close:  in at c[i],   out at c[i+k]     known when bar i+k closes
 *     next open:   in at o[i+1], out at o[i+1+k]   known when bar i+1+k opens
 *
 * (a nanosecond later where it opens at the instant at which the bar before closes, since that
 * comes first.) Bars are counted in the row's own series: a gap makes the time longer, not the
 * target other. */
#include <math.h>
#include <stdlib.h>

#include "models/dataset_internal.h"

/* ---- returns --------------------------------------------------------------------------------- */

typedef struct move {
    double simple_return; /* NaN: not known */
    int64_t known_ns;
} move;

static move move_of(const panel_work *w, const panel_part *part, size_t row, size_t bars)
{
    const int is_open = w->config->entry == FEL_ENTRY_NEXT_OPEN;
    const double *prices = (is_open ? w->opens : w->closes) + part->first;
    const int64_t *times = (is_open ? w->open_ns : w->times_ns) + part->first;
    const size_t in = row + (is_open ? 1 : 0);
    move m = {(double)NAN, FEL_TIME_MAX};
    if (in < part->n && bars < part->n - in) {
        m.simple_return = prices[in + bars] / prices[in] - 1.0;
        m.known_ns = times[in + bars];
    }
    return m;
}

/* A row is known when all that belongs to it is. */
static void note(panel_work *w, size_t at, double value, int64_t known_ns)
{
    const int64_t known = isnan(value) ? FEL_TIME_MAX : known_ns;
    if (known > w->target_times_ns[at]) {
        w->target_times_ns[at] = known;
    }
}

static void fill_returns(panel_work *w, const panel_part *part)
{
    for (size_t row = 0; row < part->n; row++) {
        const move m = move_of(w, part, row, w->config->hold_bars);
        w->returns[part->first + row] = m.simple_return;
        w->target_times_ns[part->first + row] = m.known_ns;
    }
}

/* ---- targets of one series ------------------------------------------------------------------- */

static fel_status raise_value(const panel_part *part, const fel_target *target, size_t row,
                              double value)
{
    char name[FEL_TARGET_LABEL_SIZE];
    fel_target_label(target, name, sizeof(name));
    return FEL_RAISE(FEL_ERR_RANGE, "%s: row %zu: target %s is %g", part->symbol, row, name, value);
}

static fel_status fill_values(panel_work *w, size_t t, const panel_part *part)
{
    const fel_target *target = &w->config->targets[t];
    const size_t bars = fel_target_horizon(target), n_targets = w->config->n_targets;
    for (size_t row = 0; row < part->n; row++) {
        const size_t at = part->first + row;
        const move m = move_of(w, part, row, bars);
        const fel_target_view view = {m.simple_return, w->closes + part->first, row};
        const double value =
            isnan(m.simple_return) ? m.simple_return : target->code->value(target->params, &view);
        if (isinf(value)) {
            return raise_value(part, target, row, value);
        }
        w->targets[at * n_targets + t] = value;
        note(w, at, value, m.known_ns);
    }
    return FEL_OK;
}

/* ---- ranks among the series of one instant --------------------------------------------------- */

typedef struct contender {
    int64_t time_ns, known_ns;
    double simple_return;
    size_t row; /* of the panel */
} contender;

static int compare_time(const void *a, const void *b)
{
    const contender *x = a, *y = b;
    if (x->time_ns != y->time_ns) {
        return x->time_ns < y->time_ns ? -1 : 1;
    }
    if (x->simple_return != y->simple_return) {
        return x->simple_return < y->simple_return ? -1 : 1;
    }
    return x->row < y->row ? -1 : 1;
}

static size_t list_contenders(const panel_work *w, size_t bars, contender *out)
{
    size_t n = 0;
    for (size_t s = 0; s < w->panel->n_parts; s++) {
        const panel_part *part = &w->panel->parts[s];
        for (size_t row = 0; row < part->n; row++) {
            const move m = move_of(w, part, row, bars);
            const size_t at = part->first + row;
            if (!isnan(m.simple_return)) {
                const contender c = {w->times_ns[at], m.known_ns, m.simple_return, at};
                out[n++] = c;
            }
        }
    }
    return n;
}

/* Sorted contenders of one instant, m of them: those with equal returns share the mean of their
 * places. The order is known when the last of the returns is. */
static void rank_instant(panel_work *w, size_t t, const contender *all, size_t m)
{
    const fel_target *target = &w->config->targets[t];
    int64_t known_ns = FEL_TIME_MIN;
    for (size_t i = 0; i < m; i++) {
        known_ns = all[i].known_ns > known_ns ? all[i].known_ns : known_ns;
    }
    size_t end = 0;
    for (size_t i = 0; m > 1 && i < m; i = end) {
        for (end = i + 1; end < m && all[end].simple_return == all[i].simple_return;) {
            end++;
        }
        const double place = 0.5 * (double)(i + end - 1) / (double)(m - 1);
        for (size_t k = i; k < end; k++) {
            const double value = target->code->ranked(target->params, place);
            w->targets[all[k].row * w->config->n_targets + t] = value;
            note(w, all[k].row, value, known_ns);
        }
    }
}

static fel_status fill_ranks(panel_work *w, size_t t)
{
    contender *all = calloc(w->n_rows, sizeof(*all));
    if (all == NULL) {
        return panel_no_memory(w);
    }
    for (size_t at = 0; at < w->n_rows; at++) {
        w->targets[at * w->config->n_targets + t] = (double)NAN;
    }
    const size_t n = list_contenders(w, fel_target_horizon(&w->config->targets[t]), all);
    qsort(all, n, sizeof(*all), compare_time);
    size_t end = 0;
    for (size_t i = 0; i < n; i = end) {
        for (end = i + 1; end < n && all[end].time_ns == all[i].time_ns;) {
            end++;
        }
        rank_instant(w, t, all + i, end - i);
    }
    free(all);
    return FEL_OK;
}

/* ---- all ------------------------------------------------------------------------------------- */

static fel_status fill_target(panel_work *w, size_t t)
{
    if (w->config->targets[t].code->is_ranked) {
        return fill_ranks(w, t);
    }
    for (size_t s = 0; s < w->panel->n_parts; s++) {
        FEL_TRY(fill_values(w, t, &w->panel->parts[s]));
    }
    return FEL_OK;
}

/* Where one target of a row is not known, the row is not. */
static void close_rows(panel_work *w)
{
    const size_t n_targets = w->config->n_targets;
    for (size_t at = 0; at < w->n_rows; at++) {
        int is_known = !isnan(w->returns[at]);
        for (size_t t = 0; t < n_targets; t++) {
            is_known = is_known && !isnan(w->targets[at * n_targets + t]);
        }
        w->target_times_ns[at] = is_known ? w->target_times_ns[at] : FEL_TIME_MAX;
    }
}

fel_status panel_fill_targets(panel_work *w)
{
    for (size_t s = 0; s < w->panel->n_parts; s++) {
        fill_returns(w, &w->panel->parts[s]);
    }
    for (size_t t = 0; t < w->config->n_targets; t++) {
        FEL_TRY(fill_target(w, t));
    }
    close_rows(w);
    return FEL_OK;
}
