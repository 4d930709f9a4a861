/* tests/unit/models/test_dataset_panel.c - panels: samples in order of time within one series each,
 * signals as known, bad data by name, memory that runs out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/bars_fixture.h"

static fel_feature features[4];
static fel_target targets[2];

static fel_panel_config config_of(const fel_panel_series *series, size_t n_series,
                                  const char *feature, const char *target, size_t sequence)
{
    fel_panel_config c = fel_panel_config_default();
    features[0] = feature_of(feature);
    targets[0] = target_of(target);
    c.features = features;
    c.targets = targets;
    c.n_features = c.n_targets = 1;
    c.series = series;
    c.n_series = n_series;
    c.sequence = sequence;
    return c;
}

/* ---- samples --------------------------------------------------------------------------------- */

enum { N_SERIES = 3, SEQUENCE = 5 };

/* Three series with other days and lengths; the signal of each says which it is. */
static void make_three(fel_series *bars[N_SERIES], fel_series *signals[N_SERIES])
{
    static bars_fixture b;
    for (size_t s = 0; s < N_SERIES; s++) {
        const double number[] = {(double)s + 0.25};
        char symbol[32];
        bars_fill(&b, 70 + s, 40 + 11 * s);
        for (size_t i = 0; i < b.n; i++) {
            const int64_t shift = (int64_t)(i * (s + 1) / 2 + 3 * s) * FEL_NS_PER_DAY;
            b.times_ns[i] += shift;
            b.open_ns[i] += shift;
        }
        const int64_t first = b.times_ns[4]; /* known from the fifth bar on */
        (void)snprintf(symbol, sizeof(symbol), "S%zu", s);
        bars[s] = bars_series(&b, symbol);
        signals[s] = bars_signals(&first, number, 1);
    }
}

static void test_samples_are_in_order_and_within_a_series(void)
{
    fel_series *bars[N_SERIES], *signals[N_SERIES];
    fel_panel_series series[N_SERIES];
    fel_panel *panel = NULL;
    make_three(bars, signals);
    for (size_t s = 0; s < N_SERIES; s++) {
        const fel_panel_series one = {bars[s], signals[s], NULL};
        series[s] = one;
    }
    fel_panel_config c = config_of(series, N_SERIES, "signal @x", "next_return", SEQUENCE);
    features[1] = feature_of("return 2");
    c.n_features = 2;
    CHECK_OK(fel_panel_create(&panel, &c));
    const fel_samples *p = fel_panel_samples(panel);
    CHECK_INT(p->n_rows, 40 + 51 + 62);
    CHECK_INT(p->n, p->n_rows - N_SERIES * (4 + SEQUENCE - 1));
    CHECK_INT(p->n_columns, 2);
    for (size_t i = 0; i < p->n; i++) {
        const size_t last = p->last_rows[i];
        for (size_t back = 0; back < SEQUENCE; back++) {
            const double *row = p->rows + (last - back) * 2;
            CHECK_SAME(row[0], (double)p->series[i] + 0.25);
            CHECK(isfinite(row[1]));
        }
        CHECK(i == 0 || p->times_ns[i] > p->times_ns[i - 1] ||
              (p->times_ns[i] == p->times_ns[i - 1] && p->series[i] > p->series[i - 1]));
        CHECK(p->target_times_ns[i] > p->times_ns[i]);
    }
    CHECK_TEXT(fel_panel_column(panel, 0), "signal(x,last)");
    CHECK_TEXT(fel_panel_column(panel, 1), "return(2)");
    CHECK(fel_panel_column(panel, 2) == NULL);
    CHECK_TEXT(fel_panel_symbol(panel, 2), "S2");
    CHECK(fel_panel_symbol(panel, 3) == NULL);
    fel_panel_destroy(panel);
    for (size_t s = 0; s < N_SERIES; s++) {
        fel_series_destroy(bars[s]);
        fel_series_destroy(signals[s]);
    }
}

/* At a bar's own instant a signal is known, a nanosecond later it is not; NaN is no opinion. */
static void test_signals_are_as_known(void)
{
    static bars_fixture b;
    bars_fill(&b, 9, 8);
    const int64_t times[] = {b.times_ns[1], b.times_ns[3] + 1, b.times_ns[5] - 1, b.times_ns[6]};
    const double x[] = {0.5, 0.7, (double)NAN, 0.9};
    const double last[] = {(double)NAN, 0.5, 0.5, 0.5, 0.7, 0.7, 0.9, 0.9};
    const double zero[] = {0.0, 0.5, 0.5, 0.5, 0.7, 0.0, 0.9, 0.9};
    fel_series *bars = bars_series(&b, "X"), *signals = bars_signals(times, x, 4);
    const fel_panel_series series = {bars, signals, NULL};
    for (int is_zero = 0; is_zero < 2; is_zero++) {
        fel_panel *panel = NULL;
        const fel_panel_config c =
            config_of(&series, 1, is_zero ? "signal zero @x" : "signal last @x", "next_return", 1);
        CHECK_OK(fel_panel_create(&panel, &c));
        for (size_t i = 0; i < 8; i++) {
            CHECK_SAME(fel_panel_samples(panel)->rows[i], is_zero ? zero[i] : last[i]);
        }
        CHECK_INT(fel_panel_samples(panel)->n, is_zero ? 8 : 7);
        fel_panel_destroy(panel);
    }
    fel_series_destroy(bars);
    fel_series_destroy(signals);
}

/* ---- bad data -------------------------------------------------------------------------------- */

static void check_refused(const bars_fixture *b, const char *feature, const char *target,
                          size_t sequence, fel_status status, const char *message)
{
    fel_series *bars = bars_series(b, "BTCUSD");
    const fel_panel_series series = {bars, NULL, NULL};
    const fel_panel_config c = config_of(&series, 1, feature, target, sequence);
    fel_panel *panel = NULL;
    CHECK_STATUS(fel_panel_create(&panel, &c), status);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK(panel == NULL);
    fel_series_destroy(bars);
}

static void test_short_series_say_what_they_need(void)
{
    static bars_fixture b;
    bars_fill(&b, 4, 38);
    check_refused(
        &b, "volatility 20", "next_return", 20, FEL_ERR_SHAPE,
        "BTCUSD: a sample needs 40 bars, 20 of warm-up and a sequence of 20; there are 38");
    b.n = 0;
    check_refused(&b, "body", "next_return", 1, FEL_ERR_SHAPE,
                  "BTCUSD: a sample needs 1 bars, 0 of warm-up and a sequence of 1; there are 0");
}

static void test_bad_numbers_are_named(void)
{
    static bars_fixture b;
    bars_fill(&b, 4, 38);
    b.columns[3][17] = 0.0;
    check_refused(&b, "return", "next_return", 1, FEL_ERR_RANGE,
                  "BTCUSD: row 17 (2014-01-19T00:00:00Z): close 0 is not a number above 0, which "
                  "feature return needs");
    check_refused(&b, "month", "next_return", 1, FEL_ERR_RANGE,
                  "BTCUSD: row 17 (2014-01-19T00:00:00Z): close 0 is not a number above 0, which "
                  "targets need");
    bars_fill(&b, 4, 38);
    b.columns[0][3] = (double)NAN;
    check_refused(&b, "return", "next_return", 1, FEL_ERR_RANGE,
                  "open nan is not a number above 0, which targets need");
    bars_fill(&b, 4, 38);
    b.columns[4][30] = (double)NAN;
    check_refused(&b, "volume_ratio 5", "next_return", 1, FEL_ERR_RANGE,
                  "row 30 (2014-02-01T00:00:00Z): volume nan is not a number of 0 or more, which "
                  "feature volume_ratio needs");
    bars_fill(&b, 4, 38);
    b.times_ns[20] = b.times_ns[19];
    check_refused(&b, "return", "next_return", 1, FEL_ERR_RANGE,
                  "BTCUSD: rows 19 and 20 have the same time 2014-01-21T00:00:00Z");
    bars_fill(&b, 4, 38);
    b.columns[0][9] = 1e-300;
    b.columns[0][10] = 1e300;
    check_refused(&b, "return", "next_return", 1, FEL_ERR_RANGE,
                  "BTCUSD: row 8: target next_return(simple) is inf");
}

static void test_wrong_configurations_are_refused(void)
{
    static bars_fixture b;
    bars_fill(&b, 4, 38);
    check_refused(&b, "return", "rank", 1, FEL_ERR_ARG,
                  "target rank compares series of one instant");
    check_refused(&b, "return", "next_return", 0, FEL_ERR_RANGE, "a sequence of 0 rows; 1 to");
    check_refused(&b, "signal @x", "next_return", 1, FEL_ERR_NOTFOUND, "no signal column \"x\"");
    check_refused(&b, "momentum 5 7", "next_return", 1, FEL_ERR_RANGE, "momentum: skip = 7");
    fel_series *bars = bars_series(&b, "X");
    const double x[] = {1.0};
    fel_series *signals = bars_signals(b.times_ns, x, 1);
    fel_panel *panel = NULL;
    const fel_panel_series wrong = {signals, NULL, NULL}, swapped = {bars, bars, NULL};
    fel_panel_config c = config_of(&wrong, 1, "return", "next_return", 1);
    CHECK_STATUS(fel_panel_create(&panel, &c), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "s: this series is no series of bars");
    c.series = &swapped;
    CHECK_STATUS(fel_panel_create(&panel, &c), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "X: this series is no series of signals");
    c.hold_bars = 0;
    CHECK_STATUS(fel_panel_create(&panel, &c), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "positions held 0 bars");
    c.n_series = 0;
    CHECK_STATUS(fel_panel_create(&panel, &c), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "a panel of 0 series, 1 features, 1 targets");
    CHECK(panel == NULL);
    fel_panel_destroy(NULL);
    fel_series_destroy(bars);
    fel_series_destroy(signals);
}

/* A signal that begins after the last bar leaves nothing. */
static void test_signals_that_never_come(void)
{
    static bars_fixture b;
    bars_fill(&b, 4, 12);
    const int64_t late[] = {b.times_ns[11] + 1};
    const double x[] = {1.0};
    fel_series *bars = bars_series(&b, "X"), *signals = bars_signals(late, x, 1);
    const fel_panel_series series = {bars, signals, NULL};
    const fel_panel_config c = config_of(&series, 1, "signal @x", "next_return", 1);
    fel_panel *panel = NULL;
    CHECK_STATUS(fel_panel_create(&panel, &c), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "X: no sample in 12 bars: a signal has no number there");
    fel_series_destroy(bars);
    fel_series_destroy(signals);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_status create_call(void *payload, void **out)
{
    return fel_panel_create((fel_panel **)out, payload);
}

static void destroy_call(void *made)
{
    fel_panel_destroy(made);
}

static void test_memory_that_runs_out(void)
{
    static bars_fixture b;
    fel_series *bars[2];
    fel_panel_series series[2] = {{NULL, NULL, NULL}, {NULL, NULL, NULL}};
    for (size_t s = 0; s < 2; s++) {
        bars_fill(&b, 5 + s, 600);
        bars[s] = bars_series(&b, s == 0 ? "A" : "B");
        series[s].bars = bars[s];
    }
    fel_panel_config c = config_of(series, 2, "macd", "rank", 7);
    features[1] = feature_of("day_of_week");
    c.n_features = 2;
    const failing_call call = {"fel_panel_create", create_call, destroy_call, &c};
    CHECK(check_failing_call(&call) >= 8);
    fel_series_destroy(bars[0]);
    fel_series_destroy(bars[1]);
}

SUITE("models/dataset_panel", TEST(test_samples_are_in_order_and_within_a_series),
      TEST(test_signals_are_as_known), TEST(test_short_series_say_what_they_need),
      TEST(test_bad_numbers_are_named), TEST(test_wrong_configurations_are_refused),
      TEST(test_signals_that_never_come), TEST(test_memory_that_runs_out));
