/* models/dataset_windows.c - where the train, validation and test spans of a walk-forward lie. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/array.h"
#include "models/dataset_internal.h"

fel_window_config fel_window_config_default(void)
{
    const fel_window_config config = {.struct_size = sizeof(config), .start_ns = FEL_TIME_MIN};
    return config;
}

void fel_windows_clear(fel_windows *windows)
{
    free(windows->items);
    windows->items = NULL;
    windows->n = windows->capacity = 0;
}

typedef struct planner {
    const fel_window_config *config;
    bar_clock clock;
    fel_length first_train, step;
    int64_t origin, end;
} planner;

/* ---- is the configuration sound -------------------------------------------------------------- */

static fel_status check_lengths(const fel_window_config *c)
{
    const struct {
        const char *name;
        fel_length length;
        int64_t least;
    } all[] = {
        {"train", c->train, 1},    {"first_train", c->first_train, 0}, {"test", c->test, 1},
        {"step", c->step, 0},      {"validation", c->validation, 0},   {"purge", c->purge, 0},
        {"embargo", c->embargo, 0}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const fel_length l = all[i].length;
        const int64_t most = l.unit == FEL_LENGTH_MONTHS ? 12000 : FEL_TIME_MAX;
        if (l.unit > FEL_LENGTH_MONTHS || l.amount < all[i].least || l.amount > most) {
            return FEL_RAISE(FEL_ERR_ARG, "windows: %s of %lld; %lld to %lld are allowed",
                             all[i].name, (long long)l.amount, (long long)all[i].least,
                             (long long)most);
        }
    }
    return FEL_OK;
}

/* Is a longer than b, where they can be compared? */
static int is_longer(fel_length a, fel_length b)
{
    return a.unit == b.unit && a.amount > b.amount;
}

static fel_status check_config(const fel_window_config *c)
{
    FEL_TRY(check_lengths(c));
    if (!(c->validation_share >= 0.0 && c->validation_share < 1.0)) {
        return FEL_RAISE(FEL_ERR_ARG, "windows: validation_share %g is not in [0, 1)",
                         c->validation_share);
    }
    if (c->validation_share > 0.0 && c->validation.amount > 0) {
        return FEL_RAISE(FEL_ERR_ARG, "windows: validation is given both as a length and as a "
                                      "share; one is allowed");
    }
    if (is_longer(c->first_train, c->train)) {
        return FEL_RAISE(FEL_ERR_ARG, "windows: first_train is longer than train");
    }
    if (c->step.amount > 0 && is_longer(c->test, c->step)) {
        return FEL_RAISE(FEL_ERR_ARG, "windows: step is shorter than test, so that test spans "
                                      "would overlap");
    }
    return FEL_OK;
}

static fel_status check_times(const int64_t *times_ns, size_t n)
{
    if (n == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE, "windows: there are 0 bars");
    }
    for (size_t i = 1; i < n; i++) {
        if (times_ns[i] <= times_ns[i - 1]) {
            return FEL_RAISE(FEL_ERR_ARG, "windows: instant %zu is not later than the one before",
                             i);
        }
    }
    return FEL_OK;
}

/* ---- one window ------------------------------------------------------------------------------ */

static size_t count_bars(const planner *p, fel_span span)
{
    const size_t to = bar_clock_count(&p->clock, span.to_ns);
    const size_t from = bar_clock_count(&p->clock, span.from_ns);
    return to > from ? to - from : 0;
}

/* Purge and embargo taken off before an instant. */
static int64_t before_gap(const planner *p, int64_t t)
{
    t = bar_clock_before(&p->clock, t, p->config->purge);
    return bar_clock_before(&p->clock, t, p->config->embargo);
}

/* Where the last part of a window begins; its end if there is no validation. The small number makes
 * up for rounding: 500 (1 - 0.07) is 465. */
static int64_t validation_from(const planner *p, fel_span whole)
{
    const fel_window_config *c = p->config;
    if (c->validation_share == 0.0) {
        return bar_clock_before(&p->clock, whole.to_ns, c->validation);
    }
    const size_t first = bar_clock_count(&p->clock, whole.from_ns), n = count_bars(p, whole);
    const size_t n_fit = (size_t)floor((double)n * (1.0 - c->validation_share) + 1e-9);
    return n_fit > 0 ? p->clock.times[first + n_fit - 1] : whole.from_ns;
}

static fel_status check_window(const planner *p, const fel_window *w, fel_span whole)
{
    const int has_validation =
        p->config->validation.amount > 0 || p->config->validation_share > 0.0;
    const size_t n_train = count_bars(p, w->train), n_validation = count_bars(p, w->validation);
    char day[16];
    fel_day_format(w->test.from_ns, day, sizeof(day));
    if (n_train == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "windows: of the %zu bars up to %s, validation, purge and "
                         "embargo leave none to train on",
                         count_bars(p, whole), day);
    }
    if (has_validation && n_validation == 0) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "windows: none of the %zu bars up to %s is left to validate "
                         "on",
                         count_bars(p, whole), day);
    }
    return FEL_OK;
}

static fel_status window_at(const planner *p, int64_t test_from, fel_window *out)
{
    const fel_window_config *c = p->config;
    const int64_t rolled = bar_clock_before(&p->clock, test_from, c->train);
    const int64_t test_to = bar_clock_after(&p->clock, test_from, c->test);
    const int is_at_origin = c->is_anchored || rolled < p->origin;
    const fel_span whole = {is_at_origin ? p->origin : rolled, before_gap(p, test_from)};
    const int64_t from = validation_from(p, whole);
    fel_window w = {.test = {test_from, test_to < p->end ? test_to : p->end}};
    w.validation.from_ns = from > whole.from_ns ? from : whole.from_ns;
    w.validation.to_ns = whole.to_ns;
    w.train.from_ns = whole.from_ns;
    w.train.to_ns = from < whole.to_ns ? before_gap(p, from) : whole.to_ns;
    FEL_TRY(check_window(p, &w, whole));
    *out = w;
    return FEL_OK;
}

/* ---- all windows ----------------------------------------------------------------------------- */

static fel_status too_short(const planner *p)
{
    const size_t n = p->clock.n - bar_clock_count(&p->clock, p->origin);
    char first[16], last[16], until[16];
    fel_day_format(p->clock.times[0], first, sizeof(first));
    fel_day_format(p->end, last, sizeof(last));
    if (p->first_train.unit == FEL_LENGTH_BARS) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "windows: at least %lld bars are needed, %lld to train on "
                         "and 1 to test; there are %zu (%s to %s)",
                         (long long)p->first_train.amount + 1, (long long)p->first_train.amount, n,
                         first, last);
    }
    fel_day_format(bar_clock_after(&p->clock, p->origin, p->first_train), until, sizeof(until));
    return FEL_RAISE(FEL_ERR_SHAPE,
                     "windows: bars after %s are needed, where the first training "
                     "ends; there are %zu (%s to %s)",
                     until, n, first, last);
}

static fel_status plan_all(const planner *p, fel_windows *out)
{
    int64_t test_from = bar_clock_after(&p->clock, p->origin, p->first_train);
    while (test_from < p->end) {
        fel_window w = {0};
        FEL_TRY(window_at(p, test_from, &w));
        const int64_t next = bar_clock_after(&p->clock, test_from, p->step);
        if (next < w.test.to_ns) {
            return FEL_RAISE(FEL_ERR_ARG, "windows: step is shorter than test, so that test spans "
                                          "would overlap");
        }
        if (count_bars(p, w.test) > 0) {
            FEL_TRY(ARRAY_PUSH(out, w));
        }
        test_from = next;
    }
    return out->n > 0 ? FEL_OK : too_short(p);
}

fel_status fel_windows_plan(fel_windows *out, const fel_window_config *config,
                            const int64_t *times_ns, size_t n)
{
    FEL_TRY(check_config(config));
    FEL_TRY(check_times(times_ns, n));
    planner p = {
        .config = config,
        .clock = {times_ns, n, config->zone},
        .first_train = config->first_train.amount > 0 ? config->first_train : config->train,
        .step = config->step.amount > 0 ? config->step : config->test,
        .end = times_ns[n - 1],
    };
    p.origin = config->start_ns != FEL_TIME_MIN ? config->start_ns
                                                : bar_clock_midnight(&p.clock, times_ns[0]);
    fel_windows windows = {NULL, 0, 0};
    const fel_status status = plan_all(&p, &windows);
    if (status != FEL_OK) {
        fel_windows_clear(&windows);
        return status;
    }
    *out = windows;
    return FEL_OK;
}
