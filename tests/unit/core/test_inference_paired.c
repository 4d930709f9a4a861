/* tests/unit/core/test_inference_paired.c - two treatments over seeds: resamples against all that
 * can be drawn, coverage on tables whose truth is known, tests against published numbers and
 * enumeration. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/inference.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/support/paired_table.h"

static paired_table table;

/* ---- every draw of a tiny table -------------------------------------------------------------- */

/* 3 seeds, 5 paths in groups of 3 and 2. */
enum { SEEDS = 3, PATHS = 5, DRAWS = 27 * 4 };
static const double first[SEEDS * PATHS] = {1.3, 2.1, 0.7, 1.9, 1.1, 1.7, 2.9, 0.2,
                                            2.2, 1.4, 0.9, 1.6, 1.2, 2.7, 0.8};
static const double second[SEEDS * PATHS] = {1.1, 2.4, 0.3, 1.2, 1.9, 1.0, 2.3, 0.6,
                                             1.4, 1.3, 1.2, 2.2, 0.1, 2.0, 0.5};
static const fel_paired_runs tiny = {{first, SEEDS, PATHS, PATHS}, {second, SEEDS, PATHS, PATHS}};

/* The statistic of rows seeds[0..3) and paths[0..n), by its words. */
static double statistic_by_hand(fel_paired_statistic which, const size_t *seeds,
                                const size_t *paths, size_t n)
{
    double means[2] = {0.0, 0.0}, logs = 0.0;
    for (size_t k = 0; k < SEEDS; k++) {
        double variances[2];
        for (int t = 0; t < 2; t++) {
            const double *row = (t == 0 ? first : second) + seeds[k] * PATHS;
            double mean = 0.0, squares = 0.0;
            for (size_t i = 0; i < n; i++) {
                mean += row[paths[i]] / (double)n;
            }
            for (size_t i = 0; i < n; i++) {
                squares += (row[paths[i]] - mean) * (row[paths[i]] - mean);
            }
            means[t] += mean / SEEDS;
            variances[t] = squares;
        }
        logs += log(variances[0] / variances[1]) / SEEDS;
    }
    const double difference = means[0] - means[1];
    return which == FEL_PAIRED_LOG_VARIANCE_RATIO
               ? logs
               : (which == FEL_PAIRED_MEAN_DIFFERENCE ? difference : difference / means[1]);
}

static int is_less(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* All 27 draws of seeds with all 4 of groups, sorted. */
static void enumerate(fel_paired_statistic which, double *values)
{
    static const size_t members[2][3] = {{0, 1, 2}, {3, 4, 0}};
    for (size_t draw = 0; draw < DRAWS; draw++) {
        const size_t seeds[SEEDS] = {draw % 3, draw / 3 % 3, draw / 9 % 3};
        const size_t groups[2] = {draw / 27 % 2, draw / 54};
        size_t paths[6], n = 0;
        for (size_t g = 0; g < 2; g++) {
            for (size_t i = 0; i < (groups[g] == 0 ? 3 : 2); i++) {
                paths[n++] = members[groups[g]][i];
            }
        }
        values[draw] = statistic_by_hand(which, seeds, paths, n);
    }
    qsort(values, DRAWS, sizeof(*values), is_less);
}

static void check_enumeration(fel_paired_statistic which)
{
    static const size_t seeds[SEEDS] = {0, 1, 2}, paths[PATHS] = {0, 1, 2, 3, 4};
    double values[DRAWS], mean = 0.0, squares = 0.0;
    fel_paired_config config = fel_paired_config_default();
    fel_paired_result result;
    config.n_resamples = 60000;
    config.n_groups = 2;
    config.is_plain = 1;
    config.confidence = 0.9;
    CHECK_OK(fel_paired_bootstrap(&tiny, which, &config, &result));
    CHECK_NEAR(result.value, statistic_by_hand(which, seeds, paths, PATHS), 1e-14);
    enumerate(which, values);
    size_t n_low = 0;
    for (size_t i = 0; i < DRAWS; i++) {
        mean += values[i] / DRAWS;
        n_low += values[i] <= 0.0 ? 1 : 0;
    }
    for (size_t i = 0; i < DRAWS; i++) {
        squares += (values[i] - mean) * (values[i] - mean) / DRAWS;
    }
    /* A deviation of 60,000 is known to about 0.3 %. */
    CHECK_REL(result.standard_error, sqrt(squares), 0.012);
    CHECK_NEAR(result.p_value, 2.0 * fmin((double)n_low, (double)(DRAWS - n_low)) / DRAWS, 0.012);
    /* The 5th percentile of 108 equally likely values lies at the 6th, give or take one. */
    CHECK(result.low >= values[4] - 1e-12 && result.low <= values[6] + 1e-12);
    CHECK(result.high >= values[DRAWS - 7] - 1e-12 && result.high <= values[DRAWS - 5] + 1e-12);
    CHECK_INT(result.n_groups, 2);
}

static void test_resamples_are_those_of_enumeration(void)
{
    check_enumeration(FEL_PAIRED_MEAN_DIFFERENCE);
    check_enumeration(FEL_PAIRED_RELATIVE_DIFFERENCE);
    check_enumeration(FEL_PAIRED_LOG_VARIANCE_RATIO);
}

/* ---- what does not matter -------------------------------------------------------------------- */

static const paired_law usual = {10, 200, 1.0, 0.4, 0.3, 0.5, 0.0};

static fel_paired_result bootstrap_of(const fel_paired_runs *runs, fel_paired_statistic which,
                                      const fel_paired_config *config)
{
    fel_paired_result result;
    memset(&result, 0, sizeof(result));
    CHECK_OK(fel_paired_bootstrap(runs, which, config, &result));
    return result;
}

static void test_threads_give_the_same_bits(void)
{
    const fel_paired_runs runs = paired_draw(&usual, 3, &table);
    fel_paired_config config = fel_paired_config_default();
    config.n_resamples = 777;
    config.n_threads = 1;
    const fel_paired_result one = bootstrap_of(&runs, FEL_PAIRED_LOG_VARIANCE_RATIO, &config);
    config.n_threads = 3;
    const fel_paired_result three = bootstrap_of(&runs, FEL_PAIRED_LOG_VARIANCE_RATIO, &config);
    CHECK_SAME(three.standard_error, one.standard_error);
    CHECK_SAME(three.low, one.low);
    CHECK_SAME(three.high, one.high);
    CHECK_SAME(three.p_value, one.p_value);
    config.seed = 2;
    const fel_paired_result other = bootstrap_of(&runs, FEL_PAIRED_LOG_VARIANCE_RATIO, &config);
    CHECK(fabs(other.standard_error - one.standard_error) > 1e-9);
    CHECK_REL(other.standard_error, one.standard_error, 0.15);
    CHECK_SAME(other.value, one.value);
}

/* Costs far from 0 lose no digits of their variance; a cost in other units changes nothing. */
static void test_size_of_costs_does_not_matter(void)
{
    static paired_table moved;
    const fel_paired_runs runs = paired_draw(&usual, 4, &table);
    const fel_paired_runs far = paired_draw(&usual, 4, &moved);
    fel_paired_config config = fel_paired_config_default();
    config.n_resamples = 300;
    for (size_t i = 0; i < usual.n_seeds * usual.n_paths; i++) {
        moved.first[i] = 1e6 + 2.0 * table.first[i];
        moved.second[i] = 1e6 + 2.0 * table.second[i];
    }
    const fel_paired_result a = bootstrap_of(&runs, FEL_PAIRED_LOG_VARIANCE_RATIO, &config);
    const fel_paired_result b = bootstrap_of(&far, FEL_PAIRED_LOG_VARIANCE_RATIO, &config);
    CHECK_NEAR(b.value, a.value, 1e-8);
    CHECK_NEAR(b.low, a.low, 1e-8);
    const fel_paired_result c = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    const fel_paired_result d = bootstrap_of(&far, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    CHECK_NEAR(d.high, 2.0 * c.high, 1e-8);
}

/* Groups of neighbours against paths one by one: the same spread but for chance. */
static void test_groups_of_paths_are_as_good_as_paths(void)
{
    const paired_law by_path = {6, 500, 1.0, 1.3, 0.001, 0.2, 0.0};
    const fel_paired_runs runs = paired_draw(&by_path, 5, &table);
    fel_paired_config config = fel_paired_config_default();
    config.n_groups = 0;
    const fel_paired_result paths = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    config.n_groups = 100;
    const fel_paired_result groups = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    CHECK_INT(paths.n_groups, 500);
    CHECK_INT(groups.n_groups, 100);
    /* A deviation of 100 groups is known to 7 %. */
    CHECK_REL(groups.standard_error, paths.standard_error, 0.2);
    /* Plain, it is the paired t's error over paths here, where seeds do not differ. */
    fel_paired_test t;
    CHECK_OK(fel_paired_t_over_paths(&runs, &t));
    config.n_groups = 0;
    config.is_plain = 1;
    const fel_paired_result plain = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    CHECK_REL(plain.standard_error, t.standard_error, 0.05);
    CHECK_NEAR(plain.value, t.mean_difference, 1e-14);
}

/* One number a seed: the error is Student's, but for chance. */
static void test_one_number_a_seed(void)
{
    const paired_law by_seed = {40, 1, 0.0, 0.0, 1.0, 0.0, 0.4};
    const fel_paired_runs runs = paired_draw(&by_seed, 6, &table);
    const fel_cvec a = {table.first, 40}, b = {table.second, 40};
    const fel_paired_config config = fel_paired_config_default();
    const fel_paired_result result = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    fel_paired_test t;
    CHECK_OK(fel_paired_t_test(a, b, &t));
    CHECK_NEAR(result.value, t.mean_difference, 1e-14);
    CHECK_REL(result.standard_error, t.standard_error, 0.04);
    CHECK_NEAR(result.low, t.mean_difference - 2.0227 * t.standard_error, 0.15 * t.standard_error);
    CHECK_NEAR(result.high, t.mean_difference + 2.0227 * t.standard_error, 0.15 * t.standard_error);
}

/* ---- coverage -------------------------------------------------------------------------------- */

/* How often each way finds a difference at 0.05 where there is none. */
typedef struct findings {
    int by_interval, by_p_value, by_paths, by_student, by_ranks, disagree;
} findings;

/* Means over paths, seed by seed. */
static void seed_means(const paired_law *law, const double *rows, double *means)
{
    for (size_t s = 0; s < law->n_seeds; s++) {
        means[s] = 0.0;
        for (size_t i = 0; i < law->n_paths; i++) {
            means[s] += rows[s * law->n_paths + i] / (double)law->n_paths;
        }
    }
}

static void count_findings(const paired_law *law, uint64_t index, findings *f)
{
    double a[64], b[64];
    fel_paired_test paths, student, ranks;
    fel_paired_config config = fel_paired_config_default();
    config.n_resamples = 600;
    config.n_groups = 100;
    const fel_paired_runs runs = paired_draw(law, index, &table);
    const fel_paired_result r = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    seed_means(law, table.first, a);
    seed_means(law, table.second, b);
    const fel_cvec first_means = {a, law->n_seeds}, second_means = {b, law->n_seeds};
    CHECK_OK(fel_paired_t_over_paths(&runs, &paths));
    CHECK_OK(fel_paired_t_test(first_means, second_means, &student));
    CHECK_OK(fel_wilcoxon_test(first_means, second_means, &ranks));
    const int by_interval = r.low > 0.0 || r.high < 0.0, by_p_value = r.p_value < 0.05;
    f->by_interval += by_interval;
    f->by_p_value += by_p_value;
    f->disagree += by_interval != by_p_value;
    f->by_paths += paths.p_value < 0.05;
    f->by_student += student.p_value < 0.05;
    f->by_ranks += ranks.p_value < 0.05;
}

/* Of 300 with chance 0.05 it is 15, give or take 3.8: below 2 or above 30 would be chances of less
 * than 1 in 3000. The t over paths takes seeds' luck for a difference most of the time. */
static void test_intervals_hold_the_truth_as_often_as_they_say(void)
{
    enum { RUNS = 300 };
    findings f = {0, 0, 0, 0, 0, 0};
    for (uint64_t run = 0; run < RUNS; run++) {
        count_findings(&usual, 100 + run, &f);
    }
    CHECK(f.by_interval >= 2 && f.by_interval <= 30);
    CHECK(f.by_p_value >= 2 && f.by_p_value <= 30);
    CHECK(f.disagree <= 3);
    CHECK(f.by_student >= 2 && f.by_student <= 30);
    CHECK(f.by_ranks >= 2 && f.by_ranks <= 30);
    CHECK(f.by_paths >= RUNS / 2);
}

/* A true difference is found. */
static void test_differences_are_found(void)
{
    paired_law law = usual;
    law.true_difference = 1.0;
    const fel_paired_runs runs = paired_draw(&law, 7, &table);
    const fel_paired_config config = fel_paired_config_default();
    const fel_paired_result mean = bootstrap_of(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config);
    const fel_paired_result share = bootstrap_of(&runs, FEL_PAIRED_RELATIVE_DIFFERENCE, &config);
    CHECK(mean.low > 0.3 && mean.high < 1.7 && mean.p_value < 0.007);
    CHECK(share.low > 0.06 && share.high < 0.34);
    /* The least that 10,000 resamples of 10 seeds can say: 2 T(-3.719 x 0.9487, 9 degrees). */
    CHECK_NEAR(mean.p_value, 0.00636, 0.0001);
}

/* ---- Student, Wilcoxon ----------------------------------------------------------------------- */

/* Student's (1908) hours of sleep under two drugs: t = 4.0621 with 9 degrees, p = 0.002833. */
static const double sleep_first[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
static const double sleep_second[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

static void test_student_on_his_own_numbers(void)
{
    const fel_cvec a = {sleep_first, 10}, b = {sleep_second, 10};
    fel_paired_test t;
    CHECK_OK(fel_paired_t_test(a, b, &t));
    CHECK_NEAR(t.statistic, -4.0621, 0.00005);
    CHECK_NEAR(t.p_value, 0.002833, 0.0000005);
    CHECK_NEAR(t.mean_difference, -1.58, 1e-14);
    CHECK_INT(t.n, 10);
    /* Nine differences of one sign and a 0: 2 of 512 ways. */
    CHECK_OK(fel_wilcoxon_test(a, b, &t));
    CHECK_INT(t.n, 9);
    CHECK_SAME(t.statistic, 0.0);
    CHECK_SAME(t.p_value, 2.0 / 512.0);
    CHECK(t.is_exact);
    CHECK_OK(fel_paired_t_test(a, a, &t));
    CHECK(isnan(t.statistic) && isnan(t.p_value));
    CHECK_OK(fel_wilcoxon_test(a, a, &t));
    CHECK_SAME(t.p_value, 1.0);
}

/* Ranks 1 .. n of which the largest that fit are positive until they add up to `sum`. */
static double wilcoxon_of_sum(size_t n, size_t sum, fel_paired_test *out)
{
    double differences[64], nothing[64] = {0.0};
    for (size_t rank = n; rank > 0; rank--) {
        const int is_positive = rank <= sum;
        differences[rank - 1] = is_positive ? (double)rank : -(double)rank;
        sum -= is_positive ? rank : 0;
    }
    const fel_cvec a = {differences, n}, b = {nothing, n};
    CHECK_INT(sum, 0);
    CHECK_OK(fel_wilcoxon_test(a, b, out));
    return out->p_value;
}

/* The largest sums that are significant at 0.05, two-sided, in Wilcoxon's tables. */
static void test_wilcoxon_agrees_with_printed_tables(void)
{
    static const size_t rows[][2] = {{6, 0},  {7, 2},   {8, 3},   {9, 5},
                                     {10, 8}, {15, 25}, {20, 52}, {25, 89}};
    fel_paired_test t;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(wilcoxon_of_sum(rows[i][0], rows[i][1], &t) <= 0.05);
        CHECK(t.is_exact);
        CHECK(wilcoxon_of_sum(rows[i][0], rows[i][1] + 1, &t) > 0.05);
    }
    CHECK_SAME(wilcoxon_of_sum(10, 8, &t), 50.0 / 1024.0);
    /* scipy's documented example: 0.041259765625. */
    static const double darwin[] = {6.0,  8.0,   14.0, 16.0, 23.0, 24.0,  28.0, 29.0,
                                    41.0, -48.0, 49.0, 56.0, 60.0, -67.0, 75.0};
    const double nothing[15] = {0.0};
    const fel_cvec a = {darwin, 15}, b = {nothing, 15};
    CHECK_OK(fel_wilcoxon_test(a, b, &t));
    CHECK_SAME(t.statistic, 96.0);
    CHECK_SAME(t.p_value, 0.041259765625);
}

/* All 2^9 signs of differences with many ties. */
static void test_ties_agree_with_enumeration(void)
{
    enum { N = 9 };
    const double sizes[N] = {1.0, 1.0, 2.0, 2.0, 2.0, 3.5, 4.0, 4.0, 5.0};
    const double ranks[N] = {1.5, 1.5, 4.0, 4.0, 4.0, 6.0, 7.5, 7.5, 9.0};
    const double nothing[N] = {0.0};
    double sums[1 << N], x[N];
    for (unsigned signs = 0; signs < 1U << N; signs++) {
        sums[signs] = 0.0;
        for (unsigned i = 0; i < N; i++) {
            sums[signs] += (signs >> i & 1U) != 0 ? ranks[i] : 0.0;
        }
    }
    for (unsigned signs = 0; signs < 1U << N; signs += 7) {
        size_t n_low = 0, n_high = 0;
        fel_paired_test t;
        for (unsigned k = 0; k < 1U << N; k++) {
            n_low += sums[k] <= sums[signs] ? 1 : 0;
            n_high += sums[k] >= sums[signs] ? 1 : 0;
        }
        for (unsigned i = 0; i < N; i++) {
            x[i] = (signs >> i & 1U) != 0 ? sizes[i] : -sizes[i];
        }
        const fel_cvec a = {x, N}, b = {nothing, N};
        CHECK_OK(fel_wilcoxon_test(a, b, &t));
        CHECK_SAME(t.statistic, sums[signs]);
        CHECK_NEAR(t.p_value, fmin(1.0, 2.0 * (double)(n_low < n_high ? n_low : n_high) / 512.0),
                   1e-15);
    }
}

/* Beyond 25 by the normal law: near the exact one of 40, by ways to reach each sum. */
static void test_many_differences_are_near_the_exact_law(void)
{
    enum { N = 40, MOST = N * (N + 1) / 2 };
    static double ways[MOST + 1];
    memset(ways, 0, sizeof(ways));
    ways[0] = 1.0;
    for (size_t rank = 1; rank <= N; rank++) {
        for (size_t at = MOST; at >= rank; at--) {
            ways[at] += ways[at - rank];
        }
    }
    double below = 0.0;
    fel_paired_test t;
    for (size_t sum = 0; sum <= 400; sum++) {
        below += ways[sum];
        if (sum % 37 == 0 && sum > 180) {
            const double exact = 2.0 * below / ldexp(1.0, N);
            CHECK_NEAR(wilcoxon_of_sum(N, sum, &t), exact, fmax(0.0012, 0.015 * exact));
            CHECK(!t.is_exact);
        }
    }
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void check_refused(const fel_paired_runs *runs, fel_paired_statistic which,
                          const fel_paired_config *config, fel_status status, const char *text)
{
    fel_paired_result result = {.value = 37.5};
    CHECK_STATUS(fel_paired_bootstrap(runs, which, config, &result), status);
    CHECK_HAS(fel_last_error()->message, text);
    CHECK_SAME(result.value, 37.5);
}

static void test_bad_tables_are_told(void)
{
    const double bad[] = {1.0, 2.0, 3.0, (double)NAN, 5.0, 6.0}, same[] = {2.0, 2.0, 2.0, 2.0};
    const fel_paired_config config = fel_paired_config_default();
    fel_paired_runs runs = {{first, 2, 3, 3}, {second, 2, 2, 2}};
    check_refused(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config, FEL_ERR_SHAPE,
                  "2 seeds x 3 paths against 2 x 2");
    fel_paired_test t;
    CHECK_STATUS(fel_paired_t_over_paths(&runs, &t), FEL_ERR_SHAPE);
    runs.first.rows = runs.second.rows = 1;
    runs.first.cols = runs.second.cols = 2;
    check_refused(&runs, FEL_PAIRED_MEAN_DIFFERENCE, &config, FEL_ERR_RANGE,
                  "1 seeds x 2 paths: at least 2 x 1");
    const fel_paired_runs unknown = {{first, 2, 3, 3}, {bad, 2, 3, 3}};
    check_refused(&unknown, FEL_PAIRED_MEAN_DIFFERENCE, &config, FEL_ERR_RANGE,
                  "path 0 of seed 1, second treatment, is nan");
    const fel_paired_runs flat = {{first, 2, 2, 2}, {same, 2, 2, 2}};
    check_refused(&flat, FEL_PAIRED_LOG_VARIANCE_RATIO, &config, FEL_ERR_RANGE,
                  "variance to divide by is 0");
    /* Two paths: some resamples have one of them twice. */
    const fel_paired_runs few = {{first, 2, 2, 2}, {second, 2, 2, 2}};
    check_refused(&few, FEL_PAIRED_LOG_VARIANCE_RATIO, &config, FEL_ERR_RANGE, "resample ");
    const fel_paired_runs column = {{first, 3, 1, 5}, {second, 3, 1, 5}};
    check_refused(&column, FEL_PAIRED_LOG_VARIANCE_RATIO, &config, FEL_ERR_RANGE,
                  "variances of 1 paths in 1 groups");
    const fel_cvec a = {bad, 6}, b = {first, 6}, shorter = {first, 5}, one = {first, 1};
    CHECK_STATUS(fel_paired_t_test(a, b, &t), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "pair 3 is nan and 1.9");
    CHECK_STATUS(fel_wilcoxon_test(b, shorter, &t), FEL_ERR_SHAPE);
    CHECK_STATUS(fel_paired_t_test(one, one, &t), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "1 pairs: at least 2");
}

static void test_bad_settings_are_told(void)
{
    fel_paired_config config = fel_paired_config_default();
    config.n_resamples = 99;
    check_refused(&tiny, FEL_PAIRED_MEAN_DIFFERENCE, &config, FEL_ERR_RANGE,
                  "99 resamples: at least 100");
    config = fel_paired_config_default();
    config.confidence = 1.0;
    check_refused(&tiny, FEL_PAIRED_MEAN_DIFFERENCE, &config, FEL_ERR_RANGE,
                  "confidence = 1 is not in [0.5, 0.9999]");
    config = fel_paired_config_default();
    config.struct_size = 3;
    check_refused(&tiny, FEL_PAIRED_MEAN_DIFFERENCE, &config, FEL_ERR_ARG, "3 bytes");
}

static fel_status call_bootstrap(void *payload, void **out)
{
    fel_paired_config config = fel_paired_config_default();
    fel_paired_result result;
    (void)payload;
    (void)out;
    config.n_resamples = 100;
    config.n_threads = 1;
    return fel_paired_bootstrap(&tiny, FEL_PAIRED_MEAN_DIFFERENCE, &config, &result);
}

static fel_status call_tests(void *payload, void **out)
{
    const fel_cvec a = {first, 8}, b = {second, 8};
    fel_paired_test t;
    (void)payload;
    (void)out;
    FEL_TRY(fel_paired_t_over_paths(&tiny, &t));
    return fel_wilcoxon_test(a, b, &t);
}

static void test_memory_that_runs_out_is_told(void)
{
    const failing_call bootstrap = {"paired bootstrap", call_bootstrap, NULL, NULL};
    const failing_call tests = {"paired tests", call_tests, NULL, NULL};
    CHECK_INT(check_failing_call(&bootstrap), 3);
    CHECK_INT(check_failing_call(&tests), 2);
}

SUITE("core/inference_paired", TEST(test_resamples_are_those_of_enumeration),
      TEST(test_threads_give_the_same_bits), TEST(test_size_of_costs_does_not_matter),
      TEST(test_groups_of_paths_are_as_good_as_paths), TEST(test_one_number_a_seed),
      TEST(test_intervals_hold_the_truth_as_often_as_they_say), TEST(test_differences_are_found),
      TEST(test_student_on_his_own_numbers), TEST(test_wilcoxon_agrees_with_printed_tables),
      TEST(test_ties_agree_with_enumeration), TEST(test_many_differences_are_near_the_exact_law),
      TEST(test_bad_tables_are_told), TEST(test_bad_settings_are_told),
      TEST(test_memory_that_runs_out_is_told));
