/* models/dataset_select.c - which samples may be trained on when others are tested: purge and
 * embargo (Lopez de Prado, Advances in Financial Machine Learning, 2018, ch. 7). */
#include "models/dataset_internal.h"

static int is_in(fel_span span, int64_t t)
{
    return span.from_ns < t && t <= span.to_ns;
}

/* When the last target of a stretch is known that ever will be; its end at least. */
static int64_t last_known(const fel_samples *s, fel_span test)
{
    int64_t last = test.to_ns;
    for (size_t i = 0; i < s->n; i++) {
        const int64_t known = s->target_times_ns[i];
        if (is_in(test, s->times_ns[i]) && known != FEL_TIME_MAX && known > last) {
            last = known;
        }
    }
    return last;
}

/* The instant from which on samples count again: `bars` instants of samples after t are not. */
static int64_t release_after(const fel_samples *s, int64_t t, size_t bars)
{
    int64_t latest = t;
    size_t n_instants = 0;
    for (size_t i = 0; i < s->n; i++) {
        const int64_t time = s->times_ns[i];
        if (time >= t && (n_instants == 0 || time > latest)) {
            latest = time;
            n_instants++;
            if (n_instants > bars) {
                return time;
            }
        }
    }
    return bars == 0 ? t : FEL_TIME_MAX;
}

/* Keep what a stretch under test leaves. */
static size_t keep_clear_of(const fel_samples *s, fel_span test, size_t embargo_bars,
                            size_t *indices, size_t n)
{
    const int64_t release = release_after(s, last_known(s, test), embargo_bars);
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        const size_t i = indices[k];
        const int64_t time = s->times_ns[i];
        const int is_before = time <= test.from_ns && s->target_times_ns[i] <= test.from_ns;
        if (is_before || (time > test.to_ns && time >= release)) {
            indices[kept++] = i;
        }
    }
    return kept;
}

void fel_samples_select(const fel_samples *samples, const fel_selection *selection, size_t *indices,
                        size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < samples->n; i++) {
        if (is_in(selection->span, samples->times_ns[i]) &&
            samples->target_times_ns[i] <= selection->known_by_ns) {
            indices[kept++] = i;
        }
    }
    for (size_t t = 0; t < selection->n_tests; t++) {
        kept = keep_clear_of(samples, selection->tests[t], selection->embargo_bars, indices, kept);
    }
    *n = kept;
}
