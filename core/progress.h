/* core/progress.h - percent, rate and time left for long work; says when it is time to show. */
#ifndef FEL_CORE_PROGRESS_H
#define FEL_CORE_PROGRESS_H

#include <feller/base.h>

typedef struct progress_meter {
    double total; /* 0: unknown */
    int64_t start_ns, last_shown_ns;
    double last_done;
} progress_meter;

/* Nanoseconds of a monotonic clock; for progress and wall times only, never for results. */
int64_t clock_monotonic_ns(void);

void progress_start(progress_meter *m, double total);
/* True at most ten times a second, and only if more is done than was shown: time to show. */
int progress_due(progress_meter *m, double done);
/* "42 %  3.1 M/s  0:07 left"; always terminated. */
void progress_text(const progress_meter *m, double done, char *text, size_t size);

#endif
