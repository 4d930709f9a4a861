/* tests/unit/core/test_metric.c - the table of metrics: hand-worked values, edges, order
 * statistics. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/metric.h>

#include "core/rng.h"
#include "tests/support/check.h"

static const fel_cvec nothing = {NULL, 0};

static double score(const char *name, const double *r, size_t n, double tail)
{
    const fel_metric_class *metric;
    fel_metric_options options = fel_metric_options_default();
    const fel_cvec view = {r, n};
    options.tail = tail;
    CHECK_OK(fel_metric_find(name, &metric));
    return metric->eval(view, nothing, &options);
}

static void test_growth_and_drawdown_of_three_returns(void)
{
    /* The line is 1, 1.1, 0.88, 0.924: -20 % from 1.1, two points below it, 3 returns, 4 points. */
    const double r[] = {0.1, -0.2, 0.05};
    CHECK_NEAR(score("total_return", r, 3, 0.05), -0.076, 1e-15);
    CHECK_NEAR(score("max_drawdown", r, 3, 0.05), -0.2, 1e-15);
    CHECK_NEAR(score("average_drawdown", r, 3, 0.05), (0.0 - 0.2 - 0.16) / 3.0, 1e-15);
    CHECK_NEAR(score("ulcer_index", r, 3, 0.05), sqrt((0.04 + 0.0256) / 2.0), 1e-15);
    CHECK_NEAR(score("mld", r, 3, 0.05), 2.0 / 252.0, 1e-18);
    CHECK_NEAR(score("annual_return", r, 3, 0.05), pow(0.924, 84.0) - 1.0, 1e-14);
    CHECK_NEAR(score("arc", r, 3, 0.05), pow(0.924, 63.0) - 1.0, 1e-14);
    CHECK_NEAR(score("positive_share", r, 3, 0.05), 2.0 / 3.0, 1e-15);
    CHECK_NEAR(score("gain_to_pain_ratio", r, 3, 0.05), -0.25, 1e-14);
}

static void test_a_loss_in_the_first_period_counts(void)
{
    const double r[] = {-0.25, 0.2};
    CHECK_NEAR(score("max_drawdown", r, 2, 0.05), -0.25, 1e-16);
    CHECK_NEAR(score("mld", r, 2, 0.05), 2.0 / 252.0, 1e-18);
}

static void test_papers_ratios_keep_their_sign(void)
{
    const double down[] = {-0.01, 0.004, -0.02, 0.0071, -0.003};
    const double arc = score("arc", down, 5, 0.05), asd = score("asd", down, 5, 0.05);
    const double md = score("md", down, 5, 0.05), mld = score("mld", down, 5, 0.05);
    CHECK(arc < 0.0 && md > 0.0);
    CHECK_REL(score("ir1", down, 5, 0.05), arc / asd, 1e-14);
    CHECK_REL(score("ir2", down, 5, 0.05), -arc * arc / (asd * md), 1e-14);
    CHECK_REL(score("ir3", down, 5, 0.05), arc * arc * arc / (asd * md * mld), 1e-14);
}

/* From the cash to the first point nothing is held; windows further on have no such return. */
static void test_the_papers_line_begins_after_the_cash(void)
{
    static const char *const names[] = {"arc", "asd", "md", "mld", "ir1", "ir2", "ir3"};
    const double r[] = {0.0, -0.01, 0.004, -0.02, 0.0071, -0.003};
    const fel_cvec all = {r, 6}, line = {r + 1, 5};
    fel_metric_options options = fel_metric_options_default(), cash = options;
    cash.starts_with_cash = 1;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const fel_metric_class *metric;
        double windows[3];
        CHECK_OK(fel_metric_find(names[i], &metric));
        CHECK_SAME(metric->eval(all, nothing, &cash), metric->eval(line, nothing, &options));
        CHECK_OK(fel_metric_rolling(metric, all, nothing, 4, &cash, windows));
        for (size_t k = 0; k < 3; k++) {
            const fel_cvec part = {r + k, 4};
            CHECK_SAME(windows[k], metric->eval(part, nothing, k == 0 ? &cash : &options));
        }
    }
    CHECK(score("arc", r, 6, 0.05) != score("arc", r + 1, 5, 0.05));
}

static void test_signal_trades_count_sign_changes_and_two(void)
{
    const double signal[] = {0.0, 0.3, 0.7, -2.0, 0.0, 0.0, 1.0};
    const fel_cvec view = {signal, 7};
    CHECK_INT(fel_signal_trades(view), 4 + 2);
    CHECK_INT(fel_signal_trades(nothing), 0);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void test_quantiles_agree_with_a_sort(void)
{
    enum { N = 203 };
    double r[N], sorted[N];
    rng_stream stream = rng_at(5, 1);
    for (size_t i = 0; i < N; i++) {
        /* Many ties, both zeros, both signs, far apart in size. */
        const double x = rng_normal(&stream);
        r[i] = i % 7 == 0 ? 0.25 : i % 11 == 0 ? -0.0 : x * pow(10.0, (double)(i % 9) - 4.0);
        sorted[i] = r[i];
    }
    qsort(sorted, N, sizeof(double), by_value);
    for (size_t k = 0; k <= 40; k++) {
        const double tail = (double)k / 40.0, place = tail * (N - 1);
        const size_t below = (size_t)place;
        const double next = below + 1 < N ? sorted[below + 1] : sorted[below];
        const double expected = sorted[below] + (place - (double)below) * (next - sorted[below]);
        CHECK_REL(score("value_at_risk", r, N, tail), expected, 1e-14);
        double sum = 0.0;
        for (size_t i = 0; i <= below; i++) {
            sum += sorted[i];
        }
        CHECK_REL(score("conditional_value_at_risk", r, N, tail), sum / ((double)below + 1.0),
                  1e-12);
    }
}

static void test_every_metric_is_undefined_for_nothing_and_has_its_texts(void)
{
    size_t n;
    const fel_metric_class *all = fel_metric_classes(&n);
    const fel_metric_options options = fel_metric_options_default();
    CHECK(n > 35);
    for (size_t i = 0; i < n; i++) {
        const fel_metric_class *found;
        CHECK(isnan(all[i].eval(nothing, nothing, &options)));
        CHECK_INT(all[i].struct_size, sizeof(fel_metric_class));
        CHECK(strlen(all[i].label) > 1 && strlen(all[i].convention) > 8);
        CHECK_OK(fel_metric_find(all[i].name, &found));
        CHECK(found == &all[i]);
    }
}

static void test_unknown_metric_names_the_nearest(void)
{
    const fel_metric_class *found = NULL;
    CHECK_STATUS(fel_metric_find("sharp_ratio", &found), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "sharpe_ratio");
    CHECK_STATUS(fel_metric_find("qqqqqqqqqqqqqqqq", &found), FEL_ERR_NOTFOUND);
    CHECK(found == NULL);
}

static void test_rolling_equals_each_window_alone(void)
{
    enum { N = 40, WINDOW = 7 };
    double r[N], f[N], out[N];
    rng_stream stream = rng_at(9, 2);
    for (size_t i = 0; i < N; i++) {
        r[i] = 0.01 * rng_normal(&stream);
        f[i] = 0.01 * rng_normal(&stream) + 0.4 * r[i];
    }
    const fel_metric_class *beta;
    const fel_metric_options options = fel_metric_options_default();
    const fel_cvec returns = {r, N}, factor = {f, N}, shorter = {f, N - 1};
    CHECK_OK(fel_metric_find("beta", &beta));
    CHECK_OK(fel_metric_rolling(beta, returns, factor, WINDOW, &options, out));
    for (size_t i = 0; i + WINDOW <= N; i++) {
        const fel_cvec a = {r + i, WINDOW}, b = {f + i, WINDOW};
        CHECK_SAME(out[i], beta->eval(a, b, &options));
    }
    CHECK_STATUS(fel_metric_rolling(beta, returns, factor, 0, &options, out), FEL_ERR_ARG);
    CHECK_STATUS(fel_metric_rolling(beta, returns, shorter, 3, &options, out), FEL_ERR_SHAPE);
}

static double pair_score(const char *name, fel_cvec r, fel_cvec f)
{
    const fel_metric_class *metric;
    const fel_metric_options options = fel_metric_options_default();
    CHECK_OK(fel_metric_find(name, &metric));
    return metric->eval(r, f, &options);
}

static void test_up_and_down_forms_are_those_of_the_chosen_periods(void)
{
    enum { N = 60 };
    static const char *const names[2][3] = {{"down_beta", "down_alpha", "down_capture"},
                                            {"up_beta", "up_alpha", "up_capture"}};
    static const char *const whole[3] = {"beta", "alpha", "capture"};
    double r[N], f[N], chosen_r[2][N], chosen_f[2][N];
    size_t n[2] = {0, 0};
    rng_stream stream = rng_at(31, 4);
    for (size_t i = 0; i < N; i++) {
        f[i] = i % 10 == 9 ? 0.0 : 0.01 * rng_normal(&stream);
        r[i] = 0.7 * f[i] + 0.003 * rng_normal(&stream);
        if (f[i] != 0.0) {
            const size_t up = f[i] > 0.0;
            chosen_r[up][n[up]] = r[i];
            chosen_f[up][n[up]++] = f[i];
        }
    }
    const fel_cvec all_r = {r, N}, all_f = {f, N};
    for (size_t up = 0; up < 2; up++) {
        const fel_cvec part_r = {chosen_r[up], n[up]}, part_f = {chosen_f[up], n[up]};
        for (size_t k = 0; k < 3; k++) {
            CHECK_REL(pair_score(names[up][k], all_r, all_f), pair_score(whole[k], part_r, part_f),
                      1e-13);
        }
    }
    double active[N];
    for (size_t i = 0; i < N; i++) {
        active[i] = r[i] - f[i];
    }
    CHECK_REL(pair_score("tracking_error", all_r, all_f),
              score("annual_volatility", active, N, 0.05), 1e-13);
}

SUITE("core/metric", TEST(test_up_and_down_forms_are_those_of_the_chosen_periods),
      TEST(test_growth_and_drawdown_of_three_returns), TEST(test_a_loss_in_the_first_period_counts),
      TEST(test_papers_ratios_keep_their_sign), TEST(test_the_papers_line_begins_after_the_cash),
      TEST(test_signal_trades_count_sign_changes_and_two), TEST(test_quantiles_agree_with_a_sort),
      TEST(test_every_metric_is_undefined_for_nothing_and_has_its_texts),
      TEST(test_unknown_metric_names_the_nearest), TEST(test_rolling_equals_each_window_alone));
