/* models/dataset_window.c - the fold of a window: its samples, chosen by what was known when. */
#include <stdlib.h>

#include "models/dataset_internal.h"

static int is_empty(fel_span span)
{
    return span.to_ns <= span.from_ns;
}

static fel_status check_window(const fel_window *w)
{
    const fel_span spans[] = {w->train, w->validation, w->test};
    int64_t end = FEL_TIME_MIN;
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
        if (is_empty(spans[i])) {
            continue;
        }
        if (spans[i].from_ns < end) {
            return FEL_RAISE(FEL_ERR_ARG, "the spans of a window overlap or are not in the order "
                                          "train, validation, test");
        }
        end = spans[i].to_ns;
    }
    return FEL_OK;
}

/* Targets known before the next span that is not empty begins; at all, where there is none. */
static void select_known(const fel_samples *s, fel_span span, fel_span next, fel_span after,
                         size_t *indices, size_t *n)
{
    const fel_span *limit = !is_empty(next) ? &next : !is_empty(after) ? &after : NULL;
    const fel_selection selection = {
        .span = span,
        .known_by_ns = limit != NULL ? limit->from_ns : FEL_TIME_MAX - 1,
    };
    fel_samples_select(s, &selection, indices, n);
}

static fel_status raise_empty(const fel_samples *s, fel_span span, const char *what)
{
    char from[16], to[16];
    size_t n_in = 0;
    for (size_t i = 0; i < s->n; i++) {
        n_in += span.from_ns < s->times_ns[i] && s->times_ns[i] <= span.to_ns ? 1 : 0;
    }
    fel_day_format(span.from_ns, from, sizeof(from));
    fel_day_format(span.to_ns, to, sizeof(to));
    return FEL_RAISE(FEL_ERR_SHAPE,
                     "no sample to %s after %s until %s: of %zu with all their rows, "
                     "none has its target known in time",
                     what, from, to, n_in);
}

/* room: three times as many indices as there are samples. */
static fel_status pick(const fel_panel *panel, const fel_window *w, size_t *room, fel_picks *picks)
{
    const fel_samples *s = &panel->samples;
    const fel_span none = {0, 0};
    size_t *train = room, *validation = room + s->n, *test = room + 2 * s->n;
    const fel_selection all = {.span = w->test, .known_by_ns = FEL_TIME_MAX};
    select_known(s, w->train, w->validation, w->test, train, &picks->n_train);
    select_known(s, w->validation, w->test, none, validation, &picks->n_validation);
    fel_samples_select(s, &all, test, &picks->n_test);
    if (picks->n_train == 0) {
        return raise_empty(s, w->train, "train on");
    }
    if (picks->n_validation == 0 && !is_empty(w->validation)) {
        return raise_empty(s, w->validation, "validate on");
    }
    picks->train = train;
    picks->validation = validation;
    picks->test = test;
    return FEL_OK;
}

fel_status fel_fold_of_window(fel_fold **out, const fel_panel *panel, const fel_window *window,
                              const fel_scale *scale)
{
    fel_picks picks = {0};
    FEL_TRY(check_window(window));
    size_t *room = calloc(3 * panel->samples.n, sizeof(*room));
    if (room == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu samples", panel->samples.n);
    }
    fel_status status = pick(panel, window, room, &picks);
    status = status == FEL_OK ? fel_fold_create(out, panel, &picks, scale) : status;
    free(room);
    return status;
}
