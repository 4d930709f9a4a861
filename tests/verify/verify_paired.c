/* tests/verify/verify_paired.c - how often intervals of fel_paired_bootstrap hold the truth, for
 * few and many seeds, where seeds rule and where paths do, of means and of variances.
 *
 * 1,000 tables each: a share of 0.95 is known to 0.007. Allowed are 0.915 to 0.985: a bootstrap of
 * few seeds that are not normal is not exact, and where paths rule Student's percentiles of seeds
 * are too careful (they may then always hold). */
#include <math.h>
#include <stdio.h>

#include <feller/inference.h>

#include "tests/support/check.h"
#include "tests/support/paired_table.h"

enum { TABLES = 1000 };

typedef struct setting {
    const char *name;
    paired_law law;
    fel_paired_statistic statistic;
    double truth, most; /* most: of the share that holds */
} setting;

static paired_table table;

/* Share of tables whose interval holds the truth; *over_paths: whose t over paths rejects it. */
static double share_holding(const setting *s, double *over_paths)
{
    fel_paired_config config = fel_paired_config_default();
    int n_holding = 0, n_by_paths = 0;
    config.n_resamples = 1000;
    config.n_groups = 100;
    for (uint64_t i = 0; i < TABLES; i++) {
        const fel_paired_runs runs = s->statistic == FEL_PAIRED_LOG_VARIANCE_RATIO
                                         ? paired_draw_spreads(&s->law, i, &table)
                                         : paired_draw(&s->law, i, &table);
        fel_paired_result r = {.low = HUGE_VAL};
        fel_paired_test t = {.p_value = 1.0};
        CHECK_OK(fel_paired_bootstrap(&runs, s->statistic, &config, &r));
        CHECK_OK(fel_paired_t_over_paths(&runs, &t));
        n_holding += r.low <= s->truth && r.high >= s->truth;
        n_by_paths += fabs(t.mean_difference - s->truth) > 1.96 * t.standard_error;
    }
    *over_paths = (double)n_by_paths / TABLES;
    return (double)n_holding / TABLES;
}

static void check_coverage(const setting *s)
{
    double over_paths = 0.0;
    const double share = share_holding(s, &over_paths);
    (void)printf("%-31s holds %.3f\n", s->name, share);
    CHECK(share >= 0.915 && share <= s->most);
    /* Where seeds rule, the t over paths is wrong far more often than it says. */
    if (s->statistic == FEL_PAIRED_MEAN_DIFFERENCE) {
        (void)printf("%-31s t over paths is wrong %.3f\n", "", over_paths);
        CHECK(s->law.seed < 0.2 ? over_paths < 0.08 : over_paths > 0.3);
    }
}

static void test_intervals_hold_their_share(void)
{
    static const setting settings[] = {
        {"10 seeds rule, means", {10, 200, 1.0, 0.4, 0.3, 0.5, 0.0}, 0, 0.0, 0.985},
        {"10 seeds rule, true difference", {10, 200, 1.0, 0.4, 0.3, 0.5, 0.7}, 0, 0.7, 0.985},
        {"5 seeds rule, means", {5, 200, 1.0, 0.4, 0.3, 0.5, 0.0}, 0, 0.0, 0.985},
        {"30 seeds rule, means", {30, 200, 1.0, 0.4, 0.3, 0.5, 0.0}, 0, 0.0, 0.985},
        {"10 seeds, paths rule, means", {10, 200, 1.0, 1.5, 0.02, 0.5, 0.0}, 0, 0.0, 1.0},
        {"30 seeds, paths rule, means", {30, 200, 1.0, 1.5, 0.02, 0.5, 0.0}, 0, 0.0, 1.0},
        {"10 seeds, relative", {10, 200, 1.0, 0.4, 0.3, 0.5, 0.0}, 1, 0.0, 0.985},
        {"10 seeds, log variance ratio", {10, 200, 1.0, 0.0, 0.2, 0.0, 0.6}, 2, 0.6, 0.985},
        {"20 seeds, log variance ratio", {20, 200, 1.0, 0.5, 0.2, 0.0, 0.0}, 2, 0.2231, 1.0},
    };
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        check_coverage(&settings[i]);
    }
}

SUITE("verify/paired", TEST(test_intervals_hold_their_share));
