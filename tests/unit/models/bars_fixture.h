/* tests/unit/models/bars_fixture.h - random bars, panels of them, features and targets by text. */
#ifndef FEL_TESTS_BARS_FIXTURE_H
#define FEL_TESTS_BARS_FIXTURE_H

#include <feller/dataset.h>

enum { BARS_MOST = 700 };

/* Bars in arrays that a test may change before it makes a series of them. */
typedef struct bars_fixture {
    size_t n;
    int64_t times_ns[BARS_MOST], open_ns[BARS_MOST];
    double columns[FEL_BAR_COLUMNS][BARS_MOST]; /* open, high, low, close, volume */
    int64_t length_ns;
    fel_adjustment adjustment;
    const char *zone; /* NULL: UTC */
} bars_fixture;

#define BARS_START (INT64_C(1388534400) * FEL_NS_PER_SECOND) /* 2014-01-01T00:00:00Z */

/* Daily bars of a random walk that opens off the close, known at midnight from 2014-01-02 on. */
void bars_fill(bars_fixture *b, uint64_t seed, size_t n);
/* The caller's. */
fel_series *bars_series(const bars_fixture *b, const char *symbol);
/* A signal series of one column "x", an action series. */
fel_series *bars_signals(const int64_t *times_ns, const double *x, size_t n);
fel_series *bars_actions(const int64_t *times_ns, const double *kinds, const double *values,
                         size_t n);

/* A uniform number in [0, 1) and the next state. */
double bars_draw(uint64_t *state);

/* "sma_ratio 20", "macd 12 26 9": parameters in their order, defaults after them; "signal @x". */
fel_feature feature_of(const char *text);
fel_target target_of(const char *text);
fel_scale scale_of(const char *text);

#endif
