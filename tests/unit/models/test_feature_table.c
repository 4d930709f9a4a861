/* tests/unit/models/test_feature_table.c - what holds for every row of the table of features:
 * warm-up as stated, no look ahead, the scale of prices does not matter; names and parameters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"
#include "tests/unit/models/bars_fixture.h"

enum { N_BARS = 320, MOST_COLUMNS = 3 };

/* Each row with its defaults, and with others where it has parameters. */
static const char *const others[] = {"return 7",
                                     "log_return 3",
                                     "lagged_return 4 6",
                                     "momentum 30 0",
                                     "sma_ratio 2",
                                     "ema_ratio 5",
                                     "sma_cross 1 2",
                                     "macd 3 8 1",
                                     "trend 3",
                                     "volatility 2 log",
                                     "rolling_mean 1",
                                     "rolling_zscore 2 return",
                                     "rolling_skew 3",
                                     "rolling_kurtosis 4",
                                     "bollinger 2 0.5",
                                     "channel_position 2 close",
                                     "drawdown 2",
                                     "rise 11",
                                     "high_low_range 1",
                                     "parkinson 1",
                                     "garman_klass 1",
                                     "rogers_satchell 5",
                                     "atr_ratio 1",
                                     "volume_ratio 2",
                                     "volume_zscore 2 true",
                                     "rsi 1",
                                     "efficiency 1",
                                     "signal zero @x",
                                     "signal last @x"};
enum { N_OTHERS = sizeof(others) / sizeof(others[0]) };

/* The i-th feature of both lists; 0 at the end. */
static int case_at(size_t i, fel_feature *out)
{
    size_t n = 0;
    const fel_feature_class *const *all = fel_feature_classes(&n);
    if (i < N_OTHERS) {
        *out = feature_of(others[i]);
        return 1;
    }
    if (i >= N_OTHERS + n) {
        return 0;
    }
    CHECK_OK(fel_feature_find(all[i - N_OTHERS]->name, out));
    if ((out->code->inputs & FEL_INPUT_SIGNAL) != 0) {
        (void)snprintf(out->column, sizeof(out->column), "x");
    }
    return 1;
}

static void say(const fel_feature *feature, size_t row)
{
    char label[FEL_FEATURE_LABEL_SIZE];
    fel_feature_label(feature, 0, label, sizeof(label));
    (void)fprintf(stderr, "%s, row %zu\n", label, row);
}

/* All rows of a feature over bars, signals at every second bar. */
static void run(const fel_feature *feature, const bars_fixture *b, double *out)
{
    static const char columns[1][FEL_COLUMN_NAME_SIZE] = {"x"};
    fel_feature_plan plan = fel_feature_plan_default(feature, 1);
    fel_feature_stream *stream = NULL;
    plan.symbol = "X";
    plan.zone = "America/New_York";
    plan.columns = columns;
    plan.n_columns = 1;
    CHECK_OK(fel_feature_stream_create(&stream, &plan));
    if (stream == NULL) {
        return;
    }
    const size_t width = fel_feature_stream_width(stream);
    CHECK_INT(fel_feature_stream_warm_up(stream), fel_feature_warm_up(feature));
    for (size_t i = 0; i < b->n; i++) {
        const fel_bar bar = {b->times_ns[i],
                             b->open_ns[i],
                             0,
                             0,
                             b->columns[0][i],
                             b->columns[1][i],
                             b->columns[2][i],
                             b->columns[3][i],
                             b->columns[4][i]};
        const double signal = i % 2 == 0 ? b->columns[4][i] / 1e5 : (double)NAN;
        CHECK_OK(fel_feature_stream_push(stream, &bar, &signal, out + i * width));
        CHECK_INT(fel_feature_stream_is_ready(stream), !isnan(out[i * width]));
    }
    fel_feature_stream_destroy(stream);
}

static void test_warm_up_is_as_stated(void)
{
    static bars_fixture b;
    static double out[N_BARS * MOST_COLUMNS];
    fel_feature feature = {0};
    bars_fill(&b, 3, N_BARS);
    for (size_t k = 0; case_at(k, &feature) != 0; k++) {
        const size_t width = feature.code->n_outputs, warm_up = fel_feature_warm_up(&feature);
        CHECK(warm_up < N_BARS);
        run(&feature, &b, out);
        for (size_t i = 0; i < N_BARS * width; i++) {
            const int is_right = (i / width < warm_up) == isnan(out[i]);
            if (!is_right) {
                say(&feature, i / width);
            }
            CHECK(is_right);
        }
    }
}

/* All after bar `last` is other: prices, volumes, times. */
static void change_after(bars_fixture *b, size_t last, uint64_t seed)
{
    static bars_fixture other;
    bars_fill(&other, seed, b->n);
    for (size_t i = last + 1; i < b->n; i++) {
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            b->columns[c][i] = 7.3 * other.columns[c][i];
        }
        b->times_ns[i] += (int64_t)(1 + i - last) * 17 * FEL_NS_PER_HOUR;
    }
}

static void test_no_feature_sees_later_bars(void)
{
    static bars_fixture b, changed;
    static double before[N_BARS * MOST_COLUMNS], after[N_BARS * MOST_COLUMNS];
    static const size_t lasts[] = {0, 1, 19, 60, 251, 273, 318};
    fel_feature feature = {0};
    bars_fill(&b, 11, N_BARS);
    for (size_t k = 0; case_at(k, &feature) != 0; k++) {
        const size_t width = feature.code->n_outputs;
        run(&feature, &b, before);
        for (size_t l = 0; l < sizeof(lasts) / sizeof(lasts[0]); l++) {
            const size_t n = (lasts[l] + 1) * width;
            changed = b;
            change_after(&changed, lasts[l], 100 + lasts[l]);
            run(&feature, &changed, after);
            CHECK(memcmp(before, after, n * sizeof(double)) == 0);
            /* ... and what comes after does matter */
            CHECK(memcmp(before + n, after + n, (N_BARS * width - n) * sizeof(double)) != 0 ||
                  lasts[l] == N_BARS - 2);
        }
    }
}

/* Prices times a power of two: the same bits, so no feature is in units of money. */
static void test_units_of_prices_do_not_matter(void)
{
    static bars_fixture b, scaled;
    static double before[N_BARS * MOST_COLUMNS], after[N_BARS * MOST_COLUMNS];
    fel_feature feature = {0};
    bars_fill(&b, 29, N_BARS);
    scaled = b;
    for (size_t i = 0; i < 4 * BARS_MOST; i++) {
        scaled.columns[i / BARS_MOST][i % BARS_MOST] *= 64.0;
    }
    for (size_t k = 0; case_at(k, &feature) != 0; k++) {
        const size_t n = N_BARS * feature.code->n_outputs;
        run(&feature, &b, before);
        run(&feature, &scaled, after);
        for (size_t i = 0; i < n; i++) {
            CHECK_NEAR(after[i], before[i], 1e-12 * (1.0 + fabs(before[i])));
        }
    }
}

/* ---- rules where nothing moves --------------------------------------------------------------- */

static void test_still_markets_have_stated_values(void)
{
    static const struct {
        const char *feature;
        double expected;
    } rules[] = {{"return", 0.0},
                 {"volatility 5", 0.0},
                 {"rolling_zscore 5", 0.0},
                 {"rolling_skew 5", 0.0},
                 {"rolling_kurtosis 5", 0.0},
                 {"bollinger 5", 0.0},
                 {"channel_position 5", 0.5},
                 {"parkinson 5", 0.0},
                 {"volume_ratio 5", 1.0},
                 {"volume_zscore 5", 0.0},
                 {"rsi 5", 0.5},
                 {"efficiency 5", 0.0},
                 {"trend 5", 0.0},
                 {"rolling_zscore 5 return", 0.0},
                 {"garman_klass 5", 0.0}};
    static bars_fixture b;
    static double out[N_BARS * MOST_COLUMNS];
    bars_fill(&b, 5, 40);
    for (size_t i = 0; i < 40; i++) {
        b.columns[0][i] = b.columns[1][i] = b.columns[2][i] = b.columns[3][i] = 0.1;
        b.columns[4][i] = 0.0;
    }
    for (size_t r = 0; r < sizeof(rules) / sizeof(rules[0]); r++) {
        const fel_feature feature = feature_of(rules[r].feature);
        run(&feature, &b, out);
        CHECK_SAME(out[39 * feature.code->n_outputs], rules[r].expected);
    }
}

/* Equal returns whose last bits differ vary no more than that. */
static void test_steady_growth_does_not_vary(void)
{
    static const char *const features[] = {"rolling_zscore 9 return", "rolling_skew 9",
                                           "rolling_kurtosis 9"};
    static bars_fixture b;
    static double out[N_BARS];
    bars_fill(&b, 5, 60);
    for (size_t i = 0; i < 60; i++) {
        const double price = 3.7 * pow(1.013, (double)i);
        b.columns[0][i] = b.columns[1][i] = b.columns[2][i] = b.columns[3][i] = price;
    }
    for (size_t k = 0; k < 3; k++) {
        const fel_feature feature = feature_of(features[k]);
        run(&feature, &b, out);
        CHECK_SAME(out[59], 0.0);
    }
}

/* ---- names and parameters -------------------------------------------------------------------- */

static void check_label(const char *text, size_t output, const char *expected)
{
    char label[FEL_FEATURE_LABEL_SIZE];
    const fel_feature feature = feature_of(text);
    fel_feature_label(&feature, output, label, sizeof(label));
    CHECK_TEXT(label, expected);
}

static void test_labels(void)
{
    check_label("macd", 1, "macd(12,26,9).signal");
    check_label("open_gap", 0, "open_gap");
    check_label("day_of_week", 0, "day_of_week.sine");
    check_label("volatility 7 log", 0, "volatility(7,log)");
    check_label("signal @forecast", 0, "signal(forecast,last)");
    char cut[12];
    const fel_feature feature = feature_of("macd");
    fel_feature_label(&feature, 2, cut, sizeof(cut));
    CHECK_TEXT(cut, "macd(12,26,");
}

static void check_refused(const fel_feature *feature, fel_status status, const char *text)
{
    CHECK_STATUS(fel_feature_check(feature), status);
    CHECK_HAS(fel_last_error()->message, text);
}

static void test_wrong_features_are_refused(void)
{
    fel_feature feature = {0};
    CHECK_STATUS(fel_feature_find("sma_ration", &feature), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no feature \"sma_ration\"; did you mean \"sma_ratio\"?");
    CHECK_STATUS(fel_feature_find("zzz", &feature), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list features");
    feature = feature_of("sma_ratio");
    feature.params[0] = 0.0;
    check_refused(&feature, FEL_ERR_RANGE, "bars = 0 is not in [2, 100000]");
    feature.params[0] = 2.5;
    check_refused(&feature, FEL_ERR_RANGE, "bars = 2.5 is not a whole number");
    feature = feature_of("macd 26 12");
    check_refused(&feature, FEL_ERR_RANGE, "macd: fast = 26 is not below slow = 12");
    feature = feature_of("sma_cross 5 5");
    check_refused(&feature, FEL_ERR_RANGE, "sma_cross: fast = 5 is not below slow = 5");
    feature = feature_of("momentum 20 20");
    check_refused(&feature, FEL_ERR_RANGE, "momentum: skip = 20 is not below bars = 20");
    feature = feature_of("signal");
    check_refused(&feature, FEL_ERR_ARG, "feature signal needs the name of a signal column");
    feature = feature_of("return @x");
    check_refused(&feature, FEL_ERR_ARG, "feature return reads no signal column, so not \"x\"");
}

static void test_rows_are_complete(void)
{
    size_t n = 0;
    const fel_feature_class *const *all = fel_feature_classes(&n);
    CHECK(n >= 30);
    for (size_t i = 0; i < n; i++) {
        const fel_feature_class *c = all[i];
        CHECK_INT(c->struct_size, sizeof(*c));
        CHECK(c->summary != NULL && c->formula != NULL && c->push != NULL && c->inputs != 0);
        CHECK(c->n_outputs >= 1 && c->n_outputs <= MOST_COLUMNS);
        CHECK((c->outputs != NULL) == (c->n_outputs > 1));
        CHECK(c->n_params <= FEL_FEATURE_MAX_PARAMS);
        CHECK(c->summary[strlen(c->summary) - 1] != '.');
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(all[k]->name, c->name) != 0);
        }
        for (size_t p = 0; p < c->n_params; p++) {
            CHECK_OK(fel_param_check(&c->params[p], c->params[p].default_value));
        }
    }
}

/* docs/features.md names every feature, target and scale. */
static void test_documentation_is_complete(void)
{
    size_t size = 0, n = 0;
    char *text = csv_case_slurp("docs/features.md", &size), cell[64];
    CHECK(text != NULL);
    if (text == NULL) {
        return;
    }
    const fel_feature_class *const *all = fel_feature_classes(&n);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(cell, sizeof(cell), "\n| `%s` |", all[i]->name);
        CHECK_HAS(text, cell);
    }
    const fel_target_class *const *targets = fel_target_classes(&n);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(cell, sizeof(cell), "\n| `%s` |", targets[i]->name);
        CHECK_HAS(text, cell);
    }
    const fel_scale_class *const *scales = fel_scale_classes(&n);
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(cell, sizeof(cell), "\n| `%s` |", scales[i]->name);
        CHECK_HAS(text, cell);
    }
    free(text);
}

SUITE("models/feature_table", TEST(test_warm_up_is_as_stated),
      TEST(test_no_feature_sees_later_bars), TEST(test_units_of_prices_do_not_matter),
      TEST(test_still_markets_have_stated_values), TEST(test_steady_growth_does_not_vary),
      TEST(test_labels), TEST(test_wrong_features_are_refused), TEST(test_rows_are_complete),
      TEST(test_documentation_is_complete));
