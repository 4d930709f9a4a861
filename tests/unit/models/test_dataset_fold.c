/* tests/unit/models/test_dataset_fold.c - folds: purge and embargo, scaling by the training rows
 * alone, nothing of the future in anything before it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/bars_fixture.h"

enum { N_BARS = 400, SEQUENCE = 6, WIDTH = 5 };

/* Bar k, from 0, is known at this instant. */
static int64_t day(size_t k)
{
    return BARS_START + (int64_t)(k + 1) * FEL_NS_PER_DAY;
}

static fel_panel *make_panel(const bars_fixture *all, size_t n, const char *target, fel_entry entry,
                             size_t rolling_bars)
{
    const fel_feature features[] = {feature_of("return"), feature_of("volatility 10"),
                                    feature_of("ema_ratio 20"), feature_of("volume_ratio 5"),
                                    feature_of("rsi")};
    const fel_target t = target_of(target);
    fel_panel_series series[4] = {{NULL, NULL, NULL}};
    fel_series *bars[4];
    fel_panel_config c = fel_panel_config_default();
    fel_panel *panel = NULL;
    for (size_t s = 0; s < n; s++) {
        char symbol[32];
        (void)snprintf(symbol, sizeof(symbol), "S%zu", s);
        bars[s] = bars_series(&all[s], symbol);
        series[s].bars = bars[s];
    }
    c.entry = entry;
    c.features = features;
    c.n_features = WIDTH;
    c.targets = &t;
    c.n_targets = 1;
    c.series = series;
    c.n_series = n;
    c.sequence = SEQUENCE;
    c.rolling_bars = rolling_bars;
    CHECK_OK(fel_panel_create(&panel, &c));
    for (size_t s = 0; s < n; s++) {
        fel_series_destroy(bars[s]);
    }
    return panel;
}

static fel_fold *make_fold(const fel_panel *panel, const fel_window *window, const char *scale_text)
{
    const fel_scale scale = scale_of(scale_text);
    fel_fold *fold = NULL;
    CHECK_OK(fel_fold_of_window(&fold, panel, window, &scale));
    return fold;
}

/* Train on bars 0 .. 199, validate on 200 .. 259, test on 260 .. 319. */
static fel_window three_spans(void)
{
    const fel_window w = {{FEL_TIME_MIN, day(199)}, {day(199), day(259)}, {day(259), day(319)}};
    return w;
}

/* ---- what is in it --------------------------------------------------------------------------- */

/* First usable row: 19 of warm-up and a sequence of 6. Step 5 at the same close: a sample at bar k
 * is known at bar k + 5, so the last of a span whose target is known within it is 5 from its end.
 */
static void test_targets_known_in_the_next_span_are_purged(void)
{
    static bars_fixture b;
    const fel_window w = three_spans();
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "step_return 5", FEL_ENTRY_SAME_CLOSE, 0);
    fel_fold *fold = make_fold(panel, &w, "standard");
    const fel_dataset *train = fel_fold_train(fold), *validation = fel_fold_validation(fold);
    const fel_dataset *test = fel_fold_test(fold);
    CHECK_INT(train->times_ns[0], day(19 + SEQUENCE - 1));
    CHECK_INT(train->times_ns[train->n_samples - 1], day(194));
    CHECK_INT(train->n_samples, 194 - 24 + 1);
    CHECK_INT(validation->times_ns[0], day(200));
    CHECK_INT(validation->times_ns[validation->n_samples - 1], day(254));
    CHECK_INT(test->times_ns[0], day(260));
    CHECK_INT(test->n_samples, 60);
    for (size_t k = 0; k < train->n_samples; k++) {
        CHECK(train->target_times_ns[k] <= day(199) && !isnan(train->targets[k]));
    }
    CHECK_INT(train->struct_size, sizeof(*train));
    CHECK(train->weights == NULL && train->rows == test->rows);
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
}

/* At the next open it takes a bar more: known at the open of bar k + 6, which round the clock comes
 * right after the close of bar k + 5, too late if that is the span's last. */
static void test_next_open_is_known_when_it_opens(void)
{
    static bars_fixture b;
    const fel_window w = three_spans();
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "step_return 5", FEL_ENTRY_NEXT_OPEN, 0);
    fel_fold *fold = make_fold(panel, &w, "standard");
    const fel_dataset *train = fel_fold_train(fold);
    CHECK_INT(train->times_ns[train->n_samples - 1], day(193));
    CHECK_INT(train->target_times_ns[train->n_samples - 1], day(198) + 1);
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
    for (size_t i = 0; i < N_BARS; i++) {
        b.open_ns[i] += FEL_NS_PER_HOUR; /* an hour's pause */
    }
    panel = make_panel(&b, 1, "step_return 5", FEL_ENTRY_NEXT_OPEN, 0);
    fold = make_fold(panel, &w, "standard");
    train = fel_fold_train(fold);
    CHECK_INT(train->times_ns[train->n_samples - 1], day(193));
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
}

static void test_the_last_samples_can_be_forecast(void)
{
    static bars_fixture b;
    const fel_window w = {{FEL_TIME_MIN, day(299)}, {0, 0}, {day(299), FEL_TIME_MAX}};
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "next_return", FEL_ENTRY_NEXT_OPEN, 0);
    fel_fold *fold = make_fold(panel, &w, "none");
    const fel_dataset *test = fel_fold_test(fold);
    CHECK_INT(test->n_samples, 100);
    CHECK_INT(fel_fold_validation(fold)->n_samples, 0);
    CHECK_INT(test->target_times_ns[97], day(398) + 1); /* the open of the last bar */
    CHECK_INT(test->target_times_ns[98], FEL_TIME_MAX);
    CHECK(isnan(test->targets[98]) && isnan(test->returns[99]));
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
}

/* Rows of the fold are those of the panel, wherever they now lie; NaN rows are left behind. */
static void test_rows_are_the_samples_own(void)
{
    static bars_fixture b[3];
    const fel_window w = three_spans();
    for (size_t s = 0; s < 3; s++) {
        bars_fill(&b[s], 60 + s, N_BARS - 30 * s);
    }
    fel_panel *panel = make_panel(b, 3, "rank 2", FEL_ENTRY_SAME_CLOSE, 0);
    fel_fold *fold = make_fold(panel, &w, "none");
    const fel_samples *s = fel_panel_samples(panel);
    const fel_dataset *test = fel_fold_test(fold);
    CHECK_INT(test->n_samples, 180);
    CHECK_INT(test->n_rows, 3 * (320 - 19));
    size_t i = 0;
    for (size_t k = 0; k < test->n_samples; k++) {
        while (s->times_ns[i] != test->times_ns[k] ||
               s->series[i] != fel_fold_test_series(fold)[k]) {
            i++;
        }
        for (size_t x = 0; x < (size_t)SEQUENCE * WIDTH; x++) {
            const double expected = s->rows[(s->last_rows[i] + 1) * WIDTH - 1 - x];
            CHECK_SAME((double)test->rows[(test->last_rows[k] + 1) * WIDTH - 1 - x],
                       (double)(float)expected);
        }
        CHECK_SAME(test->targets[k], s->targets[i]);
        CHECK_SAME(test->returns[k], s->returns[i]);
    }
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
}

/* ---- scaling --------------------------------------------------------------------------------- */

static void test_scaling_is_fitted_to_training_rows(void)
{
    static bars_fixture b;
    const fel_window w = three_spans();
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    fel_fold *fold = make_fold(panel, &w, "standard");
    const fel_samples *s = fel_panel_samples(panel);
    fel_named_array arrays[FEL_SCALER_ARRAYS];
    fel_scaler_export(fel_fold_scaler(fold), arrays);
    for (size_t c = 0; c < WIDTH; c++) {
        double mean = 0.0, squares = 0.0; /* bars 19 .. 198: the sample at 199 is purged */
        for (size_t row = 19; row <= 198; row++) {
            mean += s->rows[row * WIDTH + c] / 180.0;
        }
        for (size_t row = 19; row <= 198; row++) {
            squares += pow(s->rows[row * WIDTH + c] - mean, 2);
        }
        CHECK_NEAR(arrays[0].values[c], mean, 1e-13);
        CHECK_REL(arrays[1].values[c], sqrt(squares / 180.0), 1e-12);
    }
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
}

/* All after a bar is other; what the training, validation and scale say is the same bits. */
static void check_no_leak(const char *scale, const char *target, fel_entry entry, size_t rolling)
{
    static bars_fixture b, changed, other;
    const fel_window w = three_spans();
    bars_fill(&b, 21, N_BARS);
    bars_fill(&other, 22, N_BARS);
    changed = b;
    for (size_t i = 260; i < N_BARS; i++) {
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            changed.columns[c][i] = 9.1 * other.columns[c][i];
        }
    }
    fel_panel *one = make_panel(&b, 1, target, entry, rolling);
    fel_panel *two = make_panel(&changed, 1, target, entry, rolling);
    fel_fold *a = make_fold(one, &w, scale), *z = make_fold(two, &w, scale);
    const fel_dataset *const pairs[2][2] = {{fel_fold_train(a), fel_fold_train(z)},
                                            {fel_fold_validation(a), fel_fold_validation(z)}};
    for (size_t k = 0; k < 2; k++) {
        const fel_dataset *x = pairs[k][0], *y = pairs[k][1];
        const size_t n = x->n_samples, n_rows = x->last_rows[n - 1] + 1;
        CHECK_INT(n, y->n_samples);
        CHECK(n > 50);
        CHECK(memcmp(x->rows, y->rows, n_rows * WIDTH * sizeof(float)) == 0);
        CHECK(memcmp(x->targets, y->targets, n * sizeof(double)) == 0);
        CHECK(memcmp(x->returns, y->returns, n * sizeof(double)) == 0);
        CHECK(memcmp(x->last_rows, y->last_rows, n * sizeof(size_t)) == 0);
    }
    fel_named_array p[FEL_SCALER_ARRAYS], q[FEL_SCALER_ARRAYS];
    fel_scaler_export(fel_fold_scaler(a), p);
    fel_scaler_export(fel_fold_scaler(z), q);
    CHECK(memcmp(p[0].values, q[0].values, WIDTH * sizeof(double)) == 0);
    CHECK(memcmp(p[1].values, q[1].values, WIDTH * sizeof(double)) == 0);
    CHECK(memcmp(fel_fold_test(a)->targets, fel_fold_test(z)->targets, 60 * sizeof(double)) != 0);
    fel_fold_destroy(a);
    fel_fold_destroy(z);
    fel_panel_destroy(one);
    fel_panel_destroy(two);
}

static void test_nothing_before_sees_what_comes_after(void)
{
    check_no_leak("none", "next_return", FEL_ENTRY_NEXT_OPEN, 0);
    check_no_leak("standard", "step_return 7", FEL_ENTRY_NEXT_OPEN, 0);
    check_no_leak("robust", "scaled_return 3 20", FEL_ENTRY_SAME_CLOSE, 0);
    check_no_leak("min_max", "direction 2", FEL_ENTRY_SAME_CLOSE, 0);
    check_no_leak("rolling_z 30", "next_return", FEL_ENTRY_SAME_CLOSE, 30);
}

/* The validation does not move the scale either. */
static void test_scale_does_not_see_the_validation(void)
{
    static bars_fixture b, changed;
    const fel_window w = three_spans();
    bars_fill(&b, 33, N_BARS);
    changed = b;
    for (size_t i = 200; i < N_BARS; i++) {
        changed.columns[4][i] *= 1e3;
    }
    fel_panel *one = make_panel(&b, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    fel_panel *two = make_panel(&changed, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    fel_fold *a = make_fold(one, &w, "min_max"), *z = make_fold(two, &w, "min_max");
    fel_named_array p[FEL_SCALER_ARRAYS], q[FEL_SCALER_ARRAYS];
    fel_scaler_export(fel_fold_scaler(a), p);
    fel_scaler_export(fel_fold_scaler(z), q);
    CHECK(memcmp(p[1].values, q[1].values, WIDTH * sizeof(double)) == 0);
    fel_fold_destroy(a);
    fel_fold_destroy(z);
    fel_panel_destroy(one);
    fel_panel_destroy(two);
}

/* Bar by bar, as in live use: the stream and the scaler of a checkpoint give the fold's own bits.
 */
static void test_live_rows_are_those_of_training(void)
{
    static bars_fixture b;
    const fel_window w = three_spans();
    const fel_feature features[] = {feature_of("return"), feature_of("volatility 10"),
                                    feature_of("ema_ratio 20"), feature_of("volume_ratio 5"),
                                    feature_of("rsi")};
    const fel_feature_plan plan = fel_feature_plan_default(features, WIDTH);
    fel_feature_stream *stream = NULL;
    fel_scaler *scaler = NULL;
    fel_named_array arrays[FEL_SCALER_ARRAYS];
    bars_fill(&b, 55, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "next_return", FEL_ENTRY_NEXT_OPEN, 0);
    fel_fold *fold = make_fold(panel, &w, "robust 3");
    const fel_dataset *test = fel_fold_test(fold);
    fel_scaler_export(fel_fold_scaler(fold), arrays);
    CHECK_OK(fel_scaler_import(&scaler, arrays, FEL_SCALER_ARRAYS));
    CHECK_OK(fel_feature_stream_create(&stream, &plan));
    for (size_t i = 0; i < 320; i++) {
        const fel_bar bar = {b.times_ns[i],
                             b.open_ns[i],
                             0,
                             0,
                             b.columns[0][i],
                             b.columns[1][i],
                             b.columns[2][i],
                             b.columns[3][i],
                             b.columns[4][i]};
        double numbers[WIDTH];
        float row[WIDTH];
        CHECK_OK(fel_feature_stream_push(stream, &bar, NULL, numbers));
        CHECK_INT(fel_feature_stream_is_ready(stream), i >= 19);
        if (i >= 19) {
            CHECK_OK(fel_scaler_apply(scaler, numbers, row));
            CHECK(memcmp(row, test->rows + (i - 19) * WIDTH, sizeof(row)) == 0);
        }
    }
    fel_feature_stream_destroy(stream);
    fel_scaler_destroy(scaler);
    fel_fold_destroy(fold);
    fel_panel_destroy(panel);
}

/* ---- training after a test ------------------------------------------------------------------- */

/* Test on bars 100 .. 149 with targets five bars ahead: out go 95 .. 99, whose targets are known
 * only in the test; 150 .. 153, which begin before the test's last target is known at bar 154; and
 * three more from there. */
static void test_embargo_after_a_test(void)
{
    static bars_fixture b;
    static size_t indices[N_BARS];
    const fel_span test = {day(99), day(149)};
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "step_return 5", FEL_ENTRY_SAME_CLOSE, 0);
    const fel_samples *s = fel_panel_samples(panel);
    fel_selection selection = {.span = {FEL_TIME_MIN, FEL_TIME_MAX},
                               .known_by_ns = FEL_TIME_MAX - 1,
                               .tests = &test,
                               .n_tests = 1,
                               .embargo_bars = 3};
    size_t n = 0, n_before = 0;
    fel_samples_select(s, &selection, indices, &n);
    for (size_t k = 0; k < n; k++) {
        const int64_t t = s->times_ns[indices[k]];
        n_before += t <= day(94) ? 1 : 0;
        CHECK(t <= day(94) || t >= day(157));
    }
    CHECK_INT(n_before, 95 - 24);
    CHECK_INT(n, n_before + (395 - 157));
    selection.embargo_bars = 0;
    fel_samples_select(s, &selection, indices, &n);
    CHECK_INT(n, n_before + (395 - 154));
    const fel_span two[] = {{day(99), day(149)}, {day(379), day(399)}};
    selection.tests = two;
    selection.n_tests = 2;
    fel_samples_select(s, &selection, indices, &n);
    CHECK_INT(n, n_before + (375 - 154));
    fel_panel_destroy(panel);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void check_refused(const fel_panel *panel, const fel_window *w, const char *scale_text,
                          fel_status status, const char *text)
{
    const fel_scale scale = scale_of(scale_text);
    fel_fold *fold = NULL;
    CHECK_STATUS(fel_fold_of_window(&fold, panel, w, &scale), status);
    CHECK_HAS(fel_last_error()->message, text);
    CHECK(fold == NULL);
}

static void test_wrong_windows_are_refused(void)
{
    static bars_fixture b;
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    fel_window w = three_spans();
    w.validation.from_ns = day(150);
    check_refused(panel, &w, "none", FEL_ERR_ARG, "the spans of a window overlap");
    w = three_spans();
    w.train.to_ns = day(23);
    check_refused(panel, &w, "none", FEL_ERR_SHAPE, "no sample to train on after");
    w = three_spans();
    w.validation.to_ns = w.validation.from_ns + 1;
    check_refused(panel, &w, "none", FEL_ERR_SHAPE,
                  "no sample to validate on after 2014-07-19 until 2014-07-20: of 0 with all their "
                  "rows, none has its target known in time");
    w = three_spans();
    check_refused(panel, &w, "rolling_z 50", FEL_ERR_ARG,
                  "scale rolling_z rolls over 50 rows, the panel was made with 0");
    check_refused(panel, &w, "min_max 1 0", FEL_ERR_RANGE, "min_max: high = 0");
    fel_panel_destroy(panel);
}

static void test_wrong_picks_are_refused(void)
{
    static bars_fixture b;
    const size_t falling[] = {5, 4}, beyond[] = {9999}, last[] = {N_BARS - 25}, good[] = {1, 2};
    const fel_scale scale = scale_of("none");
    fel_fold *fold = NULL;
    bars_fill(&b, 6, N_BARS);
    fel_panel *panel = make_panel(&b, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    fel_picks picks = {.train = falling, .n_train = 2};
    CHECK_STATUS(fel_fold_create(&fold, panel, &picks, &scale), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "train: sample 4 of 376, at place 1, is out of order");
    picks.train = beyond;
    picks.n_train = 1;
    CHECK_STATUS(fel_fold_create(&fold, panel, &picks, &scale), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "train: sample 9999 of 376");
    picks.train = good;
    picks.n_train = 2;
    picks.validation = last;
    picks.n_validation = 1;
    CHECK_STATUS(fel_fold_create(&fold, panel, &picks, &scale), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "validation: the target of sample 375 is not known");
    picks.n_train = 0;
    CHECK_STATUS(fel_fold_create(&fold, panel, &picks, &scale), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "no sample of 376 to train on");
    CHECK(fold == NULL);
    fel_panel_destroy(panel);
}

/* Nothing moves in training: said, not refused. A test before the training keeps its rows. */
static void test_flat_targets_and_features_are_counted(void)
{
    static bars_fixture b;
    const fel_window w = three_spans();
    bars_fill(&b, 6, N_BARS);
    for (size_t i = 0; i < 205; i++) {
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            b.columns[c][i] = 23.85;
        }
    }
    fel_panel *panel = make_panel(&b, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    fel_fold *fold = make_fold(panel, &w, "standard");
    CHECK_INT(fel_fold_count_flat_targets(fold), 1);
    CHECK_INT(fel_scaler_count_constant(fel_fold_scaler(fold)), WIDTH);
    fel_fold_destroy(fold);
    const size_t train[] = {300, 301}, test[] = {298, 299};
    const fel_picks picks = {.train = train, .n_train = 2, .test = test, .n_test = 2};
    const fel_scale scale = scale_of("none");
    CHECK_OK(fel_fold_create(&fold, panel, &picks, &scale));
    CHECK_INT(fel_fold_count_flat_targets(fold), 0);
    CHECK_INT(fel_fold_test(fold)->n_rows, SEQUENCE + 3);
    CHECK_INT(fel_fold_test(fold)->last_rows[0], SEQUENCE - 1);
    fel_fold_destroy(fold);
    fel_fold_destroy(NULL);
    fel_panel_destroy(panel);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_panel *shared_panel;

static fel_status fold_call(void *payload, void **out)
{
    const fel_scale scale = scale_of("robust");
    return fel_fold_of_window((fel_fold **)out, shared_panel, payload, &scale);
}

static void destroy_call(void *made)
{
    fel_fold_destroy(made);
}

static void test_memory_that_runs_out(void)
{
    static bars_fixture b;
    fel_window w = three_spans();
    bars_fill(&b, 6, N_BARS);
    shared_panel = make_panel(&b, 1, "next_return", FEL_ENTRY_SAME_CLOSE, 0);
    const failing_call call = {"fel_fold_of_window", fold_call, destroy_call, &w};
    CHECK(check_failing_call(&call) >= 5);
    fel_panel_destroy(shared_panel);
}

SUITE("models/dataset_fold", TEST(test_targets_known_in_the_next_span_are_purged),
      TEST(test_next_open_is_known_when_it_opens), TEST(test_the_last_samples_can_be_forecast),
      TEST(test_rows_are_the_samples_own), TEST(test_scaling_is_fitted_to_training_rows),
      TEST(test_nothing_before_sees_what_comes_after), TEST(test_scale_does_not_see_the_validation),
      TEST(test_live_rows_are_those_of_training), TEST(test_embargo_after_a_test),
      TEST(test_wrong_windows_are_refused), TEST(test_wrong_picks_are_refused),
      TEST(test_flat_targets_and_features_are_counted), TEST(test_memory_that_runs_out));
