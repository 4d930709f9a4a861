/* tests/unit/models/test_target.c - targets, returns and when they are known, against numbers
 * written down by hand; ranks with ties; names and parameters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/bars_fixture.h"

static int64_t day(double days)
{
    return BARS_START + (int64_t)(days * (double)FEL_NS_PER_DAY);
}

/* Six sessions, 0.3 of a day long, with two days missing after the third. */
static const double closes[] = {100.0, 110.0, 99.0, 118.8, 95.04, 142.56};
static const double opens[] = {98.0, 105.0, 112.0, 101.5, 117.0, 97.5};
static const double days[] = {1.0, 2.0, 3.0, 6.0, 7.0, 8.0};
enum { N = 6 };

static void fill_six(bars_fixture *b, double factor)
{
    memset(b, 0, sizeof(*b));
    b->n = N;
    for (size_t i = 0; i < N; i++) {
        b->times_ns[i] = day(days[i]);
        b->open_ns[i] = day(days[i] - 0.3);
        b->columns[0][i] = factor * opens[i];
        b->columns[1][i] = 200.0 * factor;
        b->columns[2][i] = 50.0 * factor;
        b->columns[3][i] = factor * closes[i];
    }
}

typedef struct made {
    fel_series *series[8];
    fel_panel *panel;
    const fel_samples *samples;
} made;

static const fel_panel_config plain = {.struct_size = sizeof(fel_panel_config),
                                       .entry = FEL_ENTRY_SAME_CLOSE,
                                       .sequence = 1,
                                       .hold_bars = 1};

/* A panel with feature `body` of these bars. */
static made make(const bars_fixture *bars, size_t n, const char *text, fel_panel_config config)
{
    static fel_feature feature;
    static fel_target target;
    static fel_panel_series series[8];
    made m = {{NULL}, NULL, NULL};
    feature = feature_of("body");
    target = target_of(text);
    memset(series, 0, sizeof(series));
    for (size_t s = 0; s < n; s++) {
        char symbol[32];
        (void)snprintf(symbol, sizeof(symbol), "S%zu", s);
        m.series[s] = bars_series(&bars[s], symbol);
        series[s].bars = m.series[s];
    }
    config.features = &feature;
    config.targets = &target;
    config.series = series;
    config.n_features = config.n_targets = 1;
    config.n_series = n;
    CHECK_OK(fel_panel_create(&m.panel, &config));
    m.samples = m.panel != NULL ? fel_panel_samples(m.panel) : NULL;
    return m;
}

static void unmake(made *m)
{
    fel_panel_destroy(m->panel);
    for (size_t s = 0; s < 8; s++) {
        fel_series_destroy(m->series[s]);
    }
}

/* n numbers; NaN and "never" for the rest of the samples. known: days. */
static void check_samples(const fel_samples *s, const double *targets, const double *known,
                          size_t n)
{
    for (size_t i = 0; i < s->n; i++) {
        CHECK_INT(s->times_ns[i], day(days[i]));
        if (i < n) {
            CHECK_NEAR(s->targets[i], targets[i], 1e-14);
            CHECK_INT(s->target_times_ns[i], day(known[i]));
        } else {
            CHECK_INT(s->target_times_ns[i], FEL_TIME_MAX);
        }
    }
}

/* ---- next return ----------------------------------------------------------------------------- */

static void test_next_return_at_the_same_close(void)
{
    const double r[] = {0.1, -0.1, 0.2, -0.2, 0.5}, known[] = {2.0, 3.0, 6.0, 7.0, 8.0};
    bars_fixture b;
    fill_six(&b, 1.0);
    made m = make(&b, 1, "next_return", plain);
    check_samples(m.samples, r, known, 5);
    for (size_t i = 0; i < 5; i++) {
        CHECK_NEAR(m.samples->returns[i], r[i], 1e-14);
    }
    CHECK(isnan(m.samples->returns[5]) && isnan(m.samples->targets[5]));
    CHECK_TEXT(fel_panel_target(m.panel, 0), "next_return(simple)");
    CHECK(fel_panel_target(m.panel, 1) == NULL);
    unmake(&m);
    m = make(&b, 1, "next_return log", plain);
    CHECK_NEAR(m.samples->targets[4], log(1.5), 1e-14);
    CHECK_NEAR(m.samples->returns[4], 0.5, 1e-14);
    unmake(&m);
}

/* In at the open after the decision, out one open later: known when that one is. */
static void test_next_return_at_the_next_open(void)
{
    const double r[] = {112.0 / 105.0 - 1.0, 101.5 / 112.0 - 1.0, 117.0 / 101.5 - 1.0,
                        97.5 / 117.0 - 1.0};
    const double known[] = {2.7, 5.7, 6.7, 7.7};
    bars_fixture b;
    fel_panel_config config = plain;
    config.entry = FEL_ENTRY_NEXT_OPEN;
    fill_six(&b, 1.0);
    made m = make(&b, 1, "next_return", config);
    check_samples(m.samples, r, known, 4);
    unmake(&m);
}

/* Bars that say they open before the last one closes do not: they open right after it, and after
 * the decision at that close. */
static void test_opens_are_never_before_the_last_close(void)
{
    bars_fixture b;
    fel_panel_config config = plain;
    config.entry = FEL_ENTRY_NEXT_OPEN;
    fill_six(&b, 1.0);
    for (size_t i = 0; i < N; i++) {
        b.open_ns[i] = b.times_ns[i] - 2 * FEL_NS_PER_DAY;
    }
    const int64_t known[] = {day(2.0) + 1, day(4.0), day(6.0) + 1, day(7.0) + 1};
    made m = make(&b, 1, "next_return", config);
    for (size_t i = 0; i < 4; i++) {
        CHECK_INT(m.samples->target_times_ns[i], known[i]);
    }
    unmake(&m);
}

/* ---- several bars ---------------------------------------------------------------------------- */

static void test_step_returns(void)
{
    const double r[] = {118.8 / 100.0 - 1.0, 95.04 / 110.0 - 1.0, 142.56 / 99.0 - 1.0};
    const double known[] = {6.0, 7.0, 8.0};
    bars_fixture b;
    fill_six(&b, 1.0);
    made m = make(&b, 1, "step_return 3", plain);
    check_samples(m.samples, r, known, 3);
    CHECK_NEAR(m.samples->returns[0], 0.1, 1e-14); /* a position lasts one bar unless said */
    unmake(&m);
    fel_panel_config config = plain;
    config.hold_bars = 4;
    const double known_held[] = {7.0, 8.0};
    m = make(&b, 1, "step_return 3", config);
    check_samples(m.samples, r, known_held, 2);
    CHECK_NEAR(m.samples->returns[1], 142.56 / 110.0 - 1.0, 1e-14);
    unmake(&m);
    config.entry = FEL_ENTRY_NEXT_OPEN;
    config.hold_bars = 1;
    m = make(&b, 1, "step_return 3 log", config);
    CHECK_NEAR(m.samples->targets[1], log(97.5 / 112.0), 1e-14);
    CHECK_INT(m.samples->target_times_ns[1], day(7.7));
    CHECK_INT(m.samples->target_times_ns[2], FEL_TIME_MAX);
    unmake(&m);
}

static void test_scaled_return(void)
{
    bars_fixture b;
    fill_six(&b, 1.0);
    made m = make(&b, 1, "scaled_return 2 3", plain);
    /* returns 0.1, -0.1, 0.2 up to the fourth close; then -0.2, 0.5 */
    const double mean = 0.2 / 3.0;
    const double variance = (pow(0.1 - mean, 2) + pow(-0.1 - mean, 2) + pow(0.2 - mean, 2)) / 2.0;
    CHECK_NEAR(m.samples->targets[3], (142.56 / 118.8 - 1.0) / sqrt(2.0 * variance), 1e-13);
    CHECK_INT(m.samples->target_times_ns[3], day(8.0));
    CHECK_INT(m.samples->target_times_ns[2], FEL_TIME_MAX); /* no window of three returns yet */
    unmake(&m);
}

/* ---- labels ---------------------------------------------------------------------------------- */

static void check_labels(const char *text, const double *expected)
{
    bars_fixture b;
    fill_six(&b, 1.0);
    made m = make(&b, 1, text, plain);
    for (size_t i = 0; i < 5; i++) {
        CHECK_SAME(m.samples->targets[i], expected[i]);
    }
    unmake(&m);
}

static void test_directions(void)
{
    const double up[] = {1.0, 0.0, 1.0, 0.0, 1.0}, both[] = {1.0, -1.0, 1.0, -1.0, 1.0};
    const double large[] = {0.0, 0.0, 1.0, -1.0, 1.0}, classes[] = {1.0, 1.0, 2.0, 0.0, 2.0};
    const double large_up[] = {0.0, 0.0, 1.0, 0.0, 1.0};
    check_labels("direction", up);
    check_labels("direction 1 plus_minus", both);
    check_labels("direction 1 plus_minus 0.15", large);
    check_labels("direction 1 zero_one 0.15", large_up);
    check_labels("three_way 1 0.15", classes);
}

static void test_no_move_is_no_rise(void)
{
    bars_fixture b;
    fill_six(&b, 1.0);
    b.columns[3][1] = b.columns[3][0];
    made m = make(&b, 1, "direction", plain);
    CHECK_SAME(m.samples->targets[0], 0.0);
    unmake(&m);
    m = make(&b, 1, "direction 1 plus_minus", plain);
    CHECK_SAME(m.samples->targets[0], 0.0);
    unmake(&m);
}

/* ---- ranks ----------------------------------------------------------------------------------- */

/* Four series; two have equal returns throughout, one lacks the third bar. */
static void test_ranks_share_ties(void)
{
    static bars_fixture b[4];
    for (size_t s = 0; s < 4; s++) {
        fill_six(&b[s], s == 1 ? 2.0 : 1.0);
    }
    for (size_t i = 0; i < N; i++) {
        b[2].columns[3][i] = 100.0 + (double)i;       /* about +1 % a bar */
        b[3].columns[3][i] = 100.0 - 7.0 * (double)i; /* always down */
    }
    made m = make(b, 4, "rank 1", plain);
    const fel_samples *s = m.samples;
    CHECK_INT(s->n, 24);
    /* Bar 0: +10 %, +10 %, +1 %, -7 %: places 2.5, 2.5, 1, 0 of 0 .. 3. */
    const double first[] = {2.5 / 3.0, 2.5 / 3.0, 1.0 / 3.0, 0.0};
    /* Bar 1: -10 %, -10 %, +0.99 %, -7.53 %: 0.5, 0.5, 3, 2. */
    const double second[] = {0.5 / 3.0, 0.5 / 3.0, 1.0, 2.0 / 3.0};
    for (size_t k = 0; k < 4; k++) {
        CHECK_INT(s->series[k], k);
        CHECK_NEAR(s->targets[k], first[k], 1e-15);
        CHECK_NEAR(s->targets[4 + k], second[k], 1e-15);
        CHECK_INT(s->target_times_ns[4 + k], day(3.0));
        CHECK(isnan(s->targets[20 + k]));
    }
    unmake(&m);
    m = make(b, 4, "rank 1 centered", plain);
    CHECK_NEAR(m.samples->targets[3], -0.5, 1e-15);
    unmake(&m);
}

/* A series with a bar missing is known later, and then so is the rank of all. */
static void test_ranks_are_known_when_the_last_return_is(void)
{
    static bars_fixture b[2];
    fill_six(&b[0], 1.0);
    fill_six(&b[1], 1.0);
    for (size_t i = 1; i + 1 < N; i++) { /* no bar of day 2 */
        b[1].times_ns[i] = b[1].times_ns[i + 1];
        b[1].open_ns[i] = b[1].open_ns[i + 1];
        b[1].columns[3][i] = b[1].columns[3][i + 1];
    }
    b[1].n = N - 1;
    made m = make(b, 2, "rank 1", plain);
    const fel_samples *s = m.samples;
    CHECK_INT(s->times_ns[0], day(1.0));
    CHECK_INT(s->times_ns[1], day(1.0));
    CHECK_INT(s->target_times_ns[0], day(3.0));
    CHECK_NEAR(s->targets[0], 1.0, 0.0); /* +10 % beats -1 % */
    CHECK_NEAR(s->targets[1], 0.0, 0.0);
    CHECK_INT(s->times_ns[2], day(2.0)); /* alone at its instant: no rank, ever */
    CHECK(isnan(s->targets[2]));
    CHECK_INT(s->target_times_ns[2], FEL_TIME_MAX);
    unmake(&m);
    b[1].columns[3][1] = 150.0; /* the later one best: still */
    m = make(b, 2, "rank 1", plain);
    CHECK_INT(m.samples->target_times_ns[0], day(3.0));
    CHECK_INT(m.samples->target_times_ns[1], day(3.0));
    CHECK_NEAR(m.samples->targets[1], 1.0, 0.0);
    unmake(&m);
}

/* ---- splits ---------------------------------------------------------------------------------- */

static void test_targets_go_on_over_splits_and_dividends(void)
{
    bars_fixture b;
    fel_panel *panel = NULL;
    const int64_t times[] = {day(3.5), day(6.5)};
    const double kinds[] = {FEL_SPLIT, FEL_DIVIDEND}, values[] = {4.0, 3.0};
    const fel_feature feature = feature_of("return");
    const fel_target target = target_of("next_return");
    fill_six(&b, 1.0);
    for (size_t i = 3; i < N; i++) {
        for (size_t c = 0; c < 4; c++) {
            b.columns[c][i] /= 4.0;
        }
    }
    static const double expected[] = {0.2, 95.04 / (118.8 - 12.0) - 1.0};
    for (int adjustment = FEL_ADJUST_RAW; adjustment <= FEL_ADJUST_TOTAL_RETURN; adjustment++) {
        b.adjustment = (fel_adjustment)adjustment;
        fel_series *bars = bars_series(&b, "X"), *actions = bars_actions(times, kinds, values, 2);
        const fel_panel_series series = {bars, NULL, actions};
        fel_panel_config config = plain;
        config.features = &feature;
        config.targets = &target;
        config.series = &series;
        config.n_features = config.n_targets = config.n_series = 1;
        CHECK_OK(fel_panel_create(&panel, &config));
        const fel_samples *s = fel_panel_samples(panel);
        const int has_split = adjustment == FEL_ADJUST_RAW;
        const int has_dividend = adjustment != FEL_ADJUST_TOTAL_RETURN;
        CHECK_NEAR(s->targets[1], has_split ? expected[0] : 118.8 / 4.0 / 99.0 - 1.0, 1e-14);
        CHECK_NEAR(s->targets[2], has_dividend ? expected[1] : -0.2, 1e-14);
        CHECK_NEAR(s->rows[3], s->targets[1], 1e-15); /* the feature sees it one bar later */
        fel_panel_destroy(panel);
        fel_series_destroy(bars);
        fel_series_destroy(actions);
    }
}

/* ---- names and parameters -------------------------------------------------------------------- */

static void test_wrong_targets_are_refused(void)
{
    fel_target target = {0};
    CHECK_STATUS(fel_target_find("step_returns", &target), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message,
              "no target \"step_returns\"; did you mean \"step_return\"?");
    CHECK_STATUS(fel_target_find("zzzzzz", &target), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list targets");
    target = target_of("step_return");
    target.params[0] = 0.0;
    CHECK_STATUS(fel_target_check(&target), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "bars = 0 is not in [1, 100000]");
    char text[FEL_TARGET_LABEL_SIZE];
    target = target_of("direction 3 plus_minus 0.25");
    fel_target_label(&target, text, sizeof(text));
    CHECK_TEXT(text, "direction(3,plus_minus,0.25)");
    CHECK_INT(fel_target_horizon(&target), 3);
    size_t n = 0;
    const fel_target_class *const *all = fel_target_classes(&n);
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(all[i]->struct_size, sizeof(fel_target_class));
        CHECK((all[i]->value == NULL) == (all[i]->is_ranked != 0));
        CHECK(all[i]->n_params <= FEL_TARGET_MAX_PARAMS);
    }
}

SUITE("models/target", TEST(test_next_return_at_the_same_close),
      TEST(test_next_return_at_the_next_open), TEST(test_opens_are_never_before_the_last_close),
      TEST(test_step_returns), TEST(test_scaled_return), TEST(test_directions),
      TEST(test_no_move_is_no_rise), TEST(test_ranks_share_ties),
      TEST(test_ranks_are_known_when_the_last_return_is),
      TEST(test_targets_go_on_over_splits_and_dividends), TEST(test_wrong_targets_are_refused));
