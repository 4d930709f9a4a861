/* study/study_plan.c - where the train and test windows of a walk-forward lie.
 *
 *   train (from, to]                     purge, embargo    test (from, to]
 *   |------------------------------------|..|..............|-----------------|
 * Windows are half-open like every window: a row known at the boundary belongs to the earlier one.
 */
#include <stdlib.h>

#include "study/study_run_internal.h"

/* Midnight before the first row: windows of whole days begin with a whole day. */
static int64_t origin_of(const study_clock *clock, const study_window *window)
{
    if (window->from_ns != FEL_TIME_MIN) {
        return window->from_ns;
    }
    const int64_t first = clock->times[0] - 1;
    const int64_t wall = clock->zone != NULL ? fel_zone_wall(clock->zone, first) : first;
    int64_t rest = wall % FEL_NS_PER_DAY;
    rest += rest < 0 ? FEL_NS_PER_DAY : 0;
    return clock->zone != NULL ? fel_zone_instant(clock->zone, wall - rest) : first - rest;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static walk_window window_at(const study_walk *walk, const study_clock *clock, int64_t origin,
                             int64_t test_from, int64_t end)
{
    const int64_t rolled = clock_before(clock, test_from, walk->train);
    walk_window w = {
        .train_from_ns = walk->anchored ? origin : larger(origin, rolled),
        .test_from_ns = test_from,
        .test_to_ns = smaller(clock_after(clock, test_from, walk->test), end),
    };
    w.train_to_ns = clock_before(clock, test_from, walk->purge);
    w.train_to_ns = clock_before(clock, w.train_to_ns, walk->embargo);
    return w;
}

static int has_rows(const study_clock *clock, int64_t from, int64_t to)
{
    return clock_count(clock, to) > clock_count(clock, from);
}

fel_status walk_plan(walk_windows *out, const fel_study *study, const study_clock *clock,
                     const study_window *window)
{
    const study_walk *walk = &study->values.walk;
    const study_span step = walk->step.unit != SPAN_NONE ? walk->step : walk->test;
    const tree_mark mark = tree_child(study->root, "walk_forward")->mark;
    const int64_t end = clock->times[clock->n - 1], origin = origin_of(clock, window);
    const study_span first_span = walk->first.unit != SPAN_NONE ? walk->first : walk->train;
    int64_t test_from = clock_after(clock, origin, first_span);
    while (test_from < end) {
        walk_window w = window_at(walk, clock, origin, test_from, end);
        if (!has_rows(clock, w.train_from_ns, w.train_to_ns)) {
            return schema_raise(FEL_ERR_ARG, mark, "walk_forward",
                                "purge and embargo leave nothing of a training window");
        }
        if (has_rows(clock, w.test_from_ns, w.test_to_ns)) {
            FEL_TRY(ARRAY_PUSH(out, w));
        }
        test_from = clock_after(clock, test_from, step);
    }
    char first[40], last[40];
    fel_day_format(clock->times[0], first, sizeof(first));
    fel_day_format(end, last, sizeof(last));
    return out->n > 0 ? FEL_OK
                      : schema_raise(FEL_ERR_ARG, mark, "walk_forward",
                                     "the data from %s to %s is not longer than one training "
                                     "window",
                                     first, last);
}
