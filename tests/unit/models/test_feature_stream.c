/* tests/unit/models/test_feature_stream.c - streams: what they refuse and say, splits and
 * dividends, the zone of a calendar, rolling scale, memory that runs out. */
#include <math.h>
#include <stdlib.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/bars_fixture.h"

static fel_feature_stream *stream_of(const fel_feature *features, size_t n)
{
    fel_feature_plan plan = fel_feature_plan_default(features, n);
    fel_feature_stream *stream = NULL;
    plan.symbol = "BTCUSD";
    CHECK_OK(fel_feature_stream_create(&stream, &plan));
    return stream;
}

static fel_bar bar_of(double open, double high, double low, double close, double volume)
{
    const fel_bar bar = {.close_time_ns = BARS_START,
                         .open_time_ns = BARS_START - FEL_NS_PER_DAY,
                         .open = open,
                         .high = high,
                         .low = low,
                         .close = close,
                         .volume = volume};
    return bar;
}

/* ---- bad bars -------------------------------------------------------------------------------- */

static void check_refused(const char *text, fel_bar bad, const char *message)
{
    double out[4];
    const fel_feature feature = feature_of(text);
    fel_feature_stream *stream = stream_of(&feature, 1);
    const fel_bar good = bar_of(2.0, 3.0, 1.5, 2.5, 10.0);
    CHECK_OK(fel_feature_stream_push(stream, &good, NULL, out));
    CHECK_STATUS(fel_feature_stream_push(stream, &bad, NULL, out), FEL_ERR_RANGE);
    CHECK_TEXT(fel_last_error()->message, message);
    fel_feature_stream_destroy(stream);
}

static void test_bad_bars_are_named(void)
{
    const double nan = (double)NAN;
    check_refused("return", bar_of(1.0, 1.0, 1.0, 0.0, 1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): close 0 is not a number above 0, which "
                  "feature return needs");
    check_refused("sma_ratio 2", bar_of(1.0, 1.0, 1.0, nan, 1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): close nan is not a number above 0, which "
                  "feature sma_ratio needs");
    check_refused("body", bar_of(-37.63, 1.0, 1.0, 1.0, 1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): open -37.63 is not a number above 0, "
                  "which feature body needs");
    check_refused("parkinson 1", bar_of(1.0, HUGE_VAL, 1.0, 1.0, 1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): high inf is not a number above 0, which "
                  "feature parkinson needs");
    check_refused("parkinson 1", bar_of(1.0, 1.0, 1.25, 1.0, 1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): low 1.25, high 1 do not enclose 1.25 to "
                  "1.25, which feature parkinson needs");
    check_refused("garman_klass 1", bar_of(2.0, 1.5, 1.0, 1.25, 1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): low 1, high 1.5 do not enclose 1.25 to 2, "
                  "which feature garman_klass needs");
    check_refused("volume_ratio 2", bar_of(1.0, 1.0, 1.0, 1.0, nan),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): volume nan is not a number of 0 or more, "
                  "which feature volume_ratio needs");
    check_refused("volume_zscore 2", bar_of(1.0, 1.0, 1.0, 1.0, -1.0),
                  "BTCUSD: row 1 (2014-01-01T00:00:00Z): volume -1 is not a number of 0 or more, "
                  "which feature volume_zscore needs");
}

/* What a feature does not read may be anything. */
static void test_only_what_is_read_must_be_there(void)
{
    double out[2];
    const fel_feature features[] = {feature_of("return"), feature_of("signal zero @x")};
    const fel_bar bar = bar_of((double)NAN, 1.0, 2.0, 3.0, (double)NAN);
    fel_feature_stream *stream = stream_of(features, 1);
    CHECK_OK(fel_feature_stream_push(stream, &bar, NULL, out));
    CHECK_OK(fel_feature_stream_push(stream, &bar, NULL, out));
    CHECK_SAME(out[0], 0.0);
    fel_feature_stream_destroy(stream);
    fel_feature_plan plan = fel_feature_plan_default(features, 2);
    stream = NULL;
    CHECK_STATUS(fel_feature_stream_create(&stream, &plan), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no signal column \"x\"; there are 0");
    CHECK(stream == NULL);
}

/* A number that is there but too large to be one. */
static void test_numbers_that_overflow_are_named(void)
{
    double out[1], signal = 1.0;
    const char columns[1][FEL_COLUMN_NAME_SIZE] = {"x"};
    const fel_feature features[] = {feature_of("signal @x")};
    fel_feature_plan plan = fel_feature_plan_default(features, 1);
    fel_feature_stream *stream = NULL;
    const fel_bar bar = bar_of(1.0, 1.0, 1.0, 1.0, 1.0);
    plan.columns = columns;
    plan.n_columns = 1;
    plan.symbol = "JPM";
    CHECK_OK(fel_feature_stream_create(&stream, &plan));
    CHECK_OK(fel_feature_stream_push(stream, &bar, &signal, out));
    signal = -HUGE_VAL;
    CHECK_STATUS(fel_feature_stream_push(stream, &bar, &signal, out), FEL_ERR_RANGE);
    CHECK_TEXT(fel_last_error()->message,
               "JPM: row 1 (2014-01-01T00:00:00Z): feature signal(x,last) is -inf");
    fel_feature_stream_destroy(stream);
}

static void test_plans_are_checked(void)
{
    const fel_feature feature = feature_of("day_of_week");
    fel_feature_plan plan = fel_feature_plan_default(&feature, 0);
    fel_feature_stream *stream = NULL;
    CHECK_STATUS(fel_feature_stream_create(&stream, &plan), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "no features");
    plan.n_features = 1;
    plan.zone = "Mars/Olympus";
    CHECK_STATUS(fel_feature_stream_create(&stream, &plan), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "Mars/Olympus");
    plan.zone = NULL;
    plan.rolling_bars = 1;
    CHECK_STATUS(fel_feature_stream_create(&stream, &plan), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "rolling scale over 1 rows; 2 to 100000 are allowed");
    CHECK(stream == NULL);
    fel_feature_stream_destroy(NULL);
}

/* ---- splits and dividends -------------------------------------------------------------------- */

/* After a split of 3 for 1 all goes on as if there had been none. */
static void test_splits_leave_no_trace(void)
{
    static bars_fixture b;
    const fel_feature features[] = {feature_of("return"),     feature_of("volatility 5"),
                                    feature_of("macd 3 5 2"), feature_of("volume_ratio 6"),
                                    feature_of("open_gap"),   feature_of("atr_ratio 4"),
                                    feature_of("trend 4"),    feature_of("volume_zscore 5")};
    enum { N = sizeof(features) / sizeof(features[0]), WIDTH = N + 3 };
    fel_feature_stream *plain = stream_of(features, N), *split = stream_of(features, N);
    bars_fill(&b, 41, 60);
    CHECK_INT(fel_feature_stream_width(plain), WIDTH);
    for (size_t i = 0; i < 60; i++) {
        const double ratio = i < 30 ? 1.0 : i < 45 ? 3.0 : 0.75;
        double expected[WIDTH], out[WIDTH];
        fel_bar bar = bar_of(b.columns[0][i], b.columns[1][i], b.columns[2][i], b.columns[3][i],
                             b.columns[4][i]);
        CHECK_OK(fel_feature_stream_push(plain, &bar, NULL, expected));
        const fel_action action = {0, 0, FEL_SPLIT, i == 30 ? 3.0 : 0.25};
        if (i == 30 || i == 45) {
            CHECK_OK(fel_feature_stream_action(split, &action));
        }
        bar = bar_of(bar.open / ratio, bar.high / ratio, bar.low / ratio, bar.close / ratio,
                     bar.volume * ratio);
        CHECK_OK(fel_feature_stream_push(split, &bar, NULL, out));
        for (size_t k = 0; k < WIDTH; k++) {
            CHECK_NEAR(out[k], expected[k], 1e-12);
        }
    }
    fel_feature_stream_destroy(plain);
    fel_feature_stream_destroy(split);
}

/* 50 closes, pays 2, closes at 49: what was earned is 49 / 48 - 1. */
static void test_dividends_are_earned(void)
{
    double out[1];
    const fel_feature feature = feature_of("return");
    fel_feature_stream *stream = stream_of(&feature, 1);
    fel_bar bar = bar_of(50.0, 50.0, 50.0, 50.0, 0.0);
    fel_action action = {0, 0, FEL_DIVIDEND, 2.0};
    CHECK_OK(fel_feature_stream_action(stream, &action)); /* before the first bar: nothing */
    CHECK_OK(fel_feature_stream_push(stream, &bar, NULL, out));
    CHECK_OK(fel_feature_stream_action(stream, &action));
    bar.close = 49.0;
    CHECK_OK(fel_feature_stream_push(stream, &bar, NULL, out));
    CHECK_NEAR(out[0], 49.0 / 48.0 - 1.0, 1e-15);
    CHECK_OK(fel_feature_stream_action(stream, &action)); /* two on one day: 4 in all */
    CHECK_OK(fel_feature_stream_action(stream, &action));
    CHECK_OK(fel_feature_stream_push(stream, &bar, NULL, out));
    CHECK_NEAR(out[0], 49.0 / 45.0 - 1.0, 1e-15);
    action.value = 49.0;
    CHECK_STATUS(fel_feature_stream_action(stream, &action), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "BTCUSD: a dividend of 49 after a close of 49");
    action.kind = FEL_SPLIT;
    action.value = 0.0;
    CHECK_STATUS(fel_feature_stream_action(stream, &action), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "BTCUSD: a split of 0 new shares");
    fel_feature_stream_destroy(stream);
}

/* ---- rolling --------------------------------------------------------------------------------- */

/* Against two passes over the window; the first 3 + 7 - 1 rows have no number. */
static void test_rolling_scale_is_a_zscore(void)
{
    static bars_fixture b;
    double plain[80], rolled[80];
    const fel_feature feature = feature_of("return 3");
    fel_feature_plan plan = fel_feature_plan_default(&feature, 1);
    fel_feature_stream *one = stream_of(&feature, 1), *two = NULL;
    plan.rolling_bars = 7;
    CHECK_OK(fel_feature_stream_create(&two, &plan));
    CHECK_INT(fel_feature_stream_warm_up(two), 9);
    bars_fill(&b, 8, 80);
    for (size_t i = 0; i < 80; i++) {
        const fel_bar bar = bar_of(1.0, 1.0, 1.0, b.columns[3][i], 0.0);
        CHECK_OK(fel_feature_stream_push(one, &bar, NULL, &plain[i]));
        CHECK_OK(fel_feature_stream_push(two, &bar, NULL, &rolled[i]));
        CHECK_INT(fel_feature_stream_is_ready(two), i >= 9);
        CHECK_INT(isnan(rolled[i]), i < 9);
        double mean = 0.0, squares = 0.0;
        for (size_t k = 0; i >= 9 && k < 7; k++) {
            mean += plain[i - k] / 7.0;
        }
        for (size_t k = 0; i >= 9 && k < 7; k++) {
            squares += (plain[i - k] - mean) * (plain[i - k] - mean);
        }
        if (i >= 9) {
            CHECK_NEAR(rolled[i], (plain[i] - mean) / sqrt(squares / 6.0), 1e-11);
        }
    }
    fel_feature_stream_destroy(one);
    fel_feature_stream_destroy(two);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_status create_call(void *payload, void **out)
{
    return fel_feature_stream_create((fel_feature_stream **)out, payload);
}

static void destroy_call(void *made)
{
    fel_feature_stream_destroy(made);
}

static void test_memory_that_runs_out(void)
{
    const fel_feature features[] = {feature_of("macd"), feature_of("day_of_week"),
                                    feature_of("volatility 300"), feature_of("rolling_skew")};
    fel_feature_plan plan = fel_feature_plan_default(features, 4);
    plan.rolling_bars = 500;
    const failing_call call = {"fel_feature_stream_create", create_call, destroy_call, &plan};
    CHECK(check_failing_call(&call) >= 4);
}

SUITE("models/feature_stream", TEST(test_bad_bars_are_named),
      TEST(test_only_what_is_read_must_be_there), TEST(test_numbers_that_overflow_are_named),
      TEST(test_plans_are_checked), TEST(test_splits_leave_no_trace),
      TEST(test_dividends_are_earned), TEST(test_rolling_scale_is_a_zscore),
      TEST(test_memory_that_runs_out));
