/* tests/unit/models/test_scale.c - scales against numbers by hand (numpy's conventions for
 * quantiles), constant columns, clipping, checkpoints, bad input. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/models/bars_fixture.h"

/* Columns: awkward; constant; constant 0; nearly so. */
static const double rows[7][3] = {{2.385, 0.1, 0.0}, {-1.25, 0.1, 0.0}, {7.5, 0.1, 0.0},
                                  {0.0, 0.1, 0.0},   {3.25, 0.1, 0.0},  {11.0, 0.1, 0.0},
                                  {1e9, 0.2, 5.0}};
enum { N = 6 };

static fel_cmat matrix(size_t n)
{
    const fel_cmat m = {&rows[0][0], n, 3, 3};
    return m;
}

static fel_scaler *fit(const char *text, size_t n)
{
    const fel_scale scale = scale_of(text);
    fel_scaler *scaler = NULL;
    CHECK_OK(fel_scaler_fit(&scaler, &scale, matrix(n), NULL, 0));
    return scaler;
}

/* First column of a row. */
static double scaled(const fel_scaler *scaler, size_t row)
{
    float out[3] = {0.0F, 0.0F, 0.0F};
    CHECK_OK(fel_scaler_apply(scaler, rows[row], out));
    return (double)out[0];
}

/* numpy.mean, std, percentile of the six: 3.8141666..., 4.2394..., [0.59625 2.8175 6.4375]. */
static void test_scales_by_hand(void)
{
    const double sum = 2.385 - 1.25 + 7.5 + 0.0 + 3.25 + 11.0, mean = sum / 6.0;
    double squares = 0.0;
    for (size_t i = 0; i < N; i++) {
        squares += (rows[i][0] - mean) * (rows[i][0] - mean);
    }
    fel_scaler *s = fit("standard", N);
    CHECK_NEAR(scaled(s, 5), (11.0 - mean) / sqrt(squares / 6.0), 1e-7);
    fel_scaler_destroy(s);
    s = fit("robust", N);
    CHECK_NEAR(scaled(s, 2), (7.5 - 2.8175) / (6.4375 - 0.59625), 1e-7);
    fel_scaler_destroy(s);
    s = fit("min_max", N);
    CHECK_NEAR(scaled(s, 1), 0.0, 1e-7);
    CHECK_NEAR(scaled(s, 5), 1.0, 1e-7);
    CHECK_NEAR(scaled(s, 0), (2.385 + 1.25) / 12.25, 1e-7);
    fel_scaler_destroy(s);
    s = fit("min_max -1 1", N);
    CHECK_NEAR(scaled(s, 1), -1.0, 1e-7);
    CHECK_NEAR(scaled(s, 5), 1.0, 1e-7);
    CHECK_NEAR(scaled(s, 3), -1.0 + 2.0 * 1.25 / 12.25, 1e-7);
    fel_scaler_destroy(s);
    s = fit("none", N);
    CHECK_SAME(scaled(s, 0), (double)2.385F);
    CHECK_INT(fel_scaler_width(s), 3);
    fel_scaler_destroy(s);
}

static void test_only_picked_rows_are_fitted_to(void)
{
    const fel_scale scale = scale_of("min_max");
    const size_t picked[] = {0, 2, 4};
    fel_scaler *s = NULL;
    CHECK_OK(fel_scaler_fit(&s, &scale, matrix(7), picked, 3));
    CHECK_NEAR(scaled(s, 0), 0.0, 1e-7);
    CHECK_NEAR(scaled(s, 2), 1.0, 1e-7);
    fel_scaler_destroy(s);
}

static void test_constant_columns_are_only_shifted(void)
{
    static const char *const kinds[] = {"standard", "robust", "min_max"};
    for (size_t k = 0; k < 3; k++) {
        fel_scaler *s = fit(kinds[k], N);
        float out[3];
        CHECK_INT(fel_scaler_count_constant(s), 2);
        CHECK_OK(fel_scaler_apply(s, rows[0], out));
        CHECK_SAME((double)out[1], 0.0);
        CHECK_SAME((double)out[2], 0.0);
        CHECK_OK(fel_scaler_apply(s, rows[6], out));
        CHECK_NEAR((double)out[1], 0.1, 1e-8);
        CHECK_SAME((double)out[2], 5.0);
        fel_scaler_destroy(s);
    }
    fel_scaler *s = fit("none", N);
    CHECK_INT(fel_scaler_count_constant(s), 0);
    fel_scaler_destroy(s);
}

/* Quartiles may be equal in a column that does vary: nothing to divide by either. */
static void test_equal_quartiles_are_only_shifted(void)
{
    const double column[] = {0.0, 0.0, 0.0, 0.0, 0.0, 9.0};
    const fel_cmat m = {column, 6, 1, 1};
    const fel_scale scale = scale_of("robust");
    fel_scaler *s = NULL;
    float out[1];
    CHECK_OK(fel_scaler_fit(&s, &scale, m, NULL, 0));
    CHECK_INT(fel_scaler_count_constant(s), 1);
    CHECK_OK(fel_scaler_apply(s, &column[5], out));
    CHECK_SAME((double)out[0], 9.0);
    fel_scaler_destroy(s);
}

static void test_clip(void)
{
    fel_scaler *s = fit("standard 1.25", N);
    CHECK_SAME(scaled(s, 6), 1.25);
    CHECK_SAME(scaled(s, 1), (double)(float)scaled(s, 1));
    CHECK(fabs(scaled(s, 1)) < 1.25);
    const double low[] = {-1e300, 0.1, 0.0};
    float out[3];
    CHECK_OK(fel_scaler_apply(s, low, out));
    CHECK_SAME((double)out[0], -1.25);
    fel_scaler_destroy(s);
}

/* ---- checkpoints ----------------------------------------------------------------------------- */

static void test_exported_scalers_come_back(void)
{
    fel_scaler *s = fit("robust 2.5", N), *back = NULL;
    fel_named_array arrays[FEL_SCALER_ARRAYS + 1] = {{"other", NULL, 0}};
    fel_scaler_export(s, arrays + 1);
    CHECK_OK(fel_scaler_import(&back, arrays, FEL_SCALER_ARRAYS + 1));
    for (size_t i = 0; i < 7; i++) {
        float a[3], b[3];
        CHECK_OK(fel_scaler_apply(s, rows[i], a));
        CHECK_OK(fel_scaler_apply(back, rows[i], b));
        CHECK(memcmp(a, b, sizeof(a)) == 0);
    }
    fel_scaler_destroy(back);
    back = NULL;
    CHECK_STATUS(fel_scaler_import(&back, arrays, 2), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no array \"scale_spread\"");
    arrays[2].n = 2;
    CHECK_STATUS(fel_scaler_import(&back, arrays, 4), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "scale_spread has 2 numbers; 3 are needed");
    const double bad[] = {1.0, 0.0, 1.0};
    arrays[2].n = 3;
    arrays[2].values = bad;
    CHECK_STATUS(fel_scaler_import(&back, arrays, 4), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "scale_spread: number 1 is 0");
    CHECK(back == NULL);
    fel_scaler_destroy(s);
}

/* ---- bad input ------------------------------------------------------------------------------- */

static void test_bad_input_is_refused(void)
{
    fel_scale scale = {0};
    fel_scaler *s = NULL;
    CHECK_STATUS(fel_scale_find("minmax", &scale), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "no scale \"minmax\"; did you mean \"min_max\"?");
    scale = scale_of("min_max 1 1");
    CHECK_STATUS(fel_scale_check(&scale), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "min_max: high = 1 is not above low = 1");
    scale = scale_of("standard");
    CHECK_STATUS(fel_scaler_fit(&s, &scale, matrix(0), NULL, 0), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "scale standard: 0 rows of 3 columns");
    const double holes[] = {1.0, 2.0, (double)NAN, 3.0};
    const fel_cmat m = {holes, 2, 2, 2};
    CHECK_STATUS(fel_scaler_fit(&s, &scale, m, NULL, 0), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "scale standard: column 0 of row 1 is nan");
    CHECK(s == NULL);
    s = fit("standard", N);
    const double vast[] = {1.0, 1e60, 0.0};
    float out[3];
    CHECK_STATUS(fel_scaler_apply(s, vast, out), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message,
              "column 1: 1e+60 scaled is 1e+60, which float cannot hold");
    fel_scaler_destroy(s);
    fel_scaler_destroy(NULL);
}

/* Numbers that vary by nothing in training are not divided; later ones may then be beyond float. */
static void test_numbers_beyond_float_are_named(void)
{
    static bars_fixture b;
    const int64_t middle = BARS_START + 10 * FEL_NS_PER_DAY;
    const fel_window w = {{FEL_TIME_MIN, middle}, {0, 0}, {middle, FEL_TIME_MAX}};
    const fel_feature features[] = {feature_of("body"), feature_of("signal @x")};
    const fel_target target = target_of("next_return");
    const fel_scale scale = scale_of("standard");
    bars_fill(&b, 6, 20);
    const double x[] = {1.0, -1e300};
    const int64_t times[] = {b.times_ns[0], b.times_ns[15]};
    fel_series *bars = bars_series(&b, "X"), *signals = bars_signals(times, x, 2);
    const fel_panel_series series = {bars, signals, NULL};
    fel_panel_config c = fel_panel_config_default();
    fel_panel *panel = NULL;
    fel_fold *fold = NULL;
    c.features = features;
    c.n_features = 2;
    c.targets = &target;
    c.series = &series;
    c.n_targets = c.n_series = 1;
    CHECK_OK(fel_panel_create(&panel, &c));
    CHECK_STATUS(fel_fold_of_window(&fold, panel, &w, &scale), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message,
              "feature signal(x,last): -1e+300 is too large, once scaled, for float");
    CHECK(fold == NULL);
    fel_panel_destroy(panel);
    fel_series_destroy(bars);
    fel_series_destroy(signals);
}

static void test_rows_are_complete(void)
{
    size_t n = 0;
    const fel_scale_class *const *all = fel_scale_classes(&n);
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(all[i]->struct_size, sizeof(fel_scale_class));
        CHECK_TEXT(all[i]->params[all[i]->n_params - 1].name, "clip");
        CHECK(all[i]->n_params >= 1 && all[i]->n_params <= FEL_SCALE_MAX_PARAMS);
    }
    fel_scale scale = scale_of("rolling_z 77");
    CHECK_INT(fel_scale_rolling_bars(&scale), 77);
    scale = scale_of("robust");
    CHECK_INT(fel_scale_rolling_bars(&scale), 0);
}

static fel_status fit_call(void *payload, void **out)
{
    return fel_scaler_fit((fel_scaler **)out, payload, matrix(N), NULL, 0);
}

static void destroy_call(void *made)
{
    fel_scaler_destroy(made);
}

static void test_memory_that_runs_out(void)
{
    fel_scale scale = scale_of("robust");
    const failing_call call = {"fel_scaler_fit", fit_call, destroy_call, &scale};
    CHECK_INT(check_failing_call(&call), 3);
}

SUITE("models/scale", TEST(test_scales_by_hand), TEST(test_only_picked_rows_are_fitted_to),
      TEST(test_constant_columns_are_only_shifted), TEST(test_equal_quartiles_are_only_shifted),
      TEST(test_clip), TEST(test_exported_scalers_come_back), TEST(test_bad_input_is_refused),
      TEST(test_numbers_beyond_float_are_named), TEST(test_rows_are_complete),
      TEST(test_memory_that_runs_out));
