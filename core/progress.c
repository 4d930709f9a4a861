/* core/progress.c - percent, rate and time left from a monotonic clock. */
#include "core/progress.h"

#include <stdio.h>
#include <time.h>

enum { NS_PER_SECOND = 1000000000, SHOW_EVERY_NS = NS_PER_SECOND / 10 };

int64_t clock_monotonic_ns(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

void progress_start(progress_meter *m, double total)
{
    m->total = total;
    m->start_ns = clock_monotonic_ns();
    m->last_shown_ns = m->start_ns;
    m->last_done = 0.0;
}

int progress_due(progress_meter *m, double done)
{
    const int64_t now_ns = clock_monotonic_ns();
    if (done <= m->last_done || now_ns - m->last_shown_ns < SHOW_EVERY_NS) {
        return 0;
    }
    m->last_shown_ns = now_ns;
    m->last_done = done;
    return 1;
}

/* Three digits and a scale: "950", "3.1 k", "12.4 M". */
static void scaled_text(double value, char *text, size_t size)
{
    static const char *const scales[] = {"", " k", " M", " G", " T"};
    size_t i = 0;
    while (value >= 999.5 && i + 1 < sizeof(scales) / sizeof(scales[0])) {
        value /= 1000.0;
        i++;
    }
    (void)snprintf(text, size, "%.*f%s", i == 0 || value >= 99.95 ? 0 : 1, value, scales[i]);
}

static void time_text(double seconds, char *text, size_t size)
{
    const long s = seconds < 1e6 ? (long)(seconds + 0.5) : 1000000;
    if (s >= 3600) {
        (void)snprintf(text, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
    } else {
        (void)snprintf(text, size, "%ld:%02ld", s / 60, s % 60);
    }
}

void progress_text(const progress_meter *m, double done, char *text, size_t size)
{
    const double seconds = (double)(clock_monotonic_ns() - m->start_ns) / NS_PER_SECOND;
    const double rate = seconds > 0.0 ? done / seconds : 0.0;
    char rate_text[32], amount_text[32];
    scaled_text(rate, rate_text, sizeof(rate_text));
    if (m->total > 0.0 && rate > 0.0) {
        const double share = done < m->total ? done / m->total : 1.0;
        char left_text[32];
        time_text(done < m->total ? (m->total - done) / rate : 0.0, left_text, sizeof(left_text));
        (void)snprintf(text, size, "%.0f %%  %s/s  %s left", 100.0 * share, rate_text, left_text);
    } else if (m->total > 0.0) {
        (void)snprintf(text, size, "0 %%");
    } else {
        scaled_text(done, amount_text, sizeof(amount_text));
        (void)snprintf(text, size, "%s  %s/s", amount_text, rate_text);
    }
}
