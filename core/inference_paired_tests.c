/* core/inference_paired_tests.c - Student's and Wilcoxon's tests of pairs. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include <feller/inference.h>

#include "core/sum.h"

/* ---- pairs ----------------------------------------------------------------------------------- */

static fel_status check_pairs(fel_cvec first, fel_cvec second, size_t least)
{
    if (first.len != second.len) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu numbers against %zu", first.len, second.len);
    }
    if (first.len < least) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu pairs: at least %zu", first.len, least);
    }
    for (size_t i = 0; i < first.len; i++) {
        if (!isfinite(first.data[i]) || !isfinite(second.data[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "pair %zu is %g and %g: not finite", i, first.data[i],
                             second.data[i]);
        }
    }
    return FEL_OK;
}

static void moments_of_pairs(fel_cvec first, fel_cvec second, fel_paired_test *out)
{
    const double n = (double)first.len;
    running_sum sum = {0}, squares = {0};
    for (size_t i = 0; i < first.len; i++) {
        running_add(&sum, first.data[i] - second.data[i]);
    }
    out->mean_difference = running_value(&sum) / n;
    for (size_t i = 0; i < first.len; i++) {
        const double x = first.data[i] - second.data[i] - out->mean_difference;
        running_add(&squares, x * x);
    }
    out->standard_error = n > 1.0 ? sqrt(running_value(&squares) / (n - 1.0) / n) : (double)NAN;
}

/* ---- Student --------------------------------------------------------------------------------- */

fel_status fel_paired_t_test(fel_cvec first, fel_cvec second, fel_paired_test *out)
{
    fel_paired_test test = {.n = first.len};
    FEL_TRY(check_pairs(first, second, 2));
    moments_of_pairs(first, second, &test);
    const int varies = test.standard_error > 0.0;
    test.statistic = varies ? test.mean_difference / test.standard_error : (double)NAN;
    test.p_value =
        varies ? 2.0 * gsl_cdf_tdist_Q(fabs(test.statistic), (double)test.n - 1.0) : (double)NAN;
    *out = test;
    return FEL_OK;
}

/* Each path's mean over seeds. */
static void mean_over_seeds(fel_cmat m, double *means)
{
    for (size_t i = 0; i < m.cols; i++) {
        running_sum sum = {0};
        for (size_t s = 0; s < m.rows; s++) {
            running_add(&sum, fel_crow(m, s)[i]);
        }
        means[i] = running_value(&sum) / (double)m.rows;
    }
}

fel_status fel_paired_t_over_paths(const fel_paired_runs *runs, fel_paired_test *out)
{
    const size_t n_seeds = runs->first.rows, n = runs->first.cols;
    if (n_seeds != runs->second.rows || n != runs->second.cols) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu seeds x %zu paths against %zu x %zu", n_seeds, n,
                         runs->second.rows, runs->second.cols);
    }
    if (n_seeds < 1 || n < 2) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu seeds x %zu paths: at least 1 x 2 are needed", n_seeds,
                         n);
    }
    double *means = calloc(2 * n, sizeof(*means));
    if (means == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths", n);
    }
    mean_over_seeds(runs->first, means);
    mean_over_seeds(runs->second, means + n);
    const fel_cvec first = {means, n}, second = {means + n, n};
    const fel_status status = fel_paired_t_test(first, second, out);
    free(means);
    return status;
}

/* ---- Wilcoxon -------------------------------------------------------------------------------- */

enum { MOST_EXACT = 25, MOST_DOUBLED_SUM = MOST_EXACT * (MOST_EXACT + 1) };

typedef struct ranked_difference {
    double size;
    int is_positive;
    size_t doubled_rank; /* twice the mean rank of its ties: a whole number */
} ranked_difference;

static int by_size(const void *a, const void *b)
{
    const ranked_difference *x = a, *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

/* Differences other than 0 into items; their number. */
static size_t keep_differences(fel_cvec first, fel_cvec second, ranked_difference *items)
{
    size_t n = 0;
    for (size_t i = 0; i < first.len; i++) {
        const double x = first.data[i] - second.data[i];
        if (x != 0.0) {
            items[n].size = fabs(x);
            items[n].is_positive = x > 0.0;
            items[n++].doubled_rank = 0;
        }
    }
    return n;
}

/* Sorted by size: ranks, and the sum of t^3 - t over groups of t ties. */
static double rank_differences(ranked_difference *items, size_t n)
{
    double ties = 0.0;
    size_t after = 0;
    for (size_t first = 0; first < n; first = after) {
        for (after = first + 1; after < n && items[after].size == items[first].size;) {
            after++;
        }
        for (size_t i = first; i < after; i++) {
            items[i].doubled_rank = first + 1 + after;
        }
        const double t = (double)(after - first);
        ties += t * t * t - t;
    }
    return ties;
}

/* The share of the 2^n ways to give signs whose doubled sum of positive ranks is at most `sum`:
 * ways to reach each sum, one difference after another. Exact, as 2^25 ways are whole doubles. */
static double share_at_most(const ranked_difference *items, size_t n, size_t sum)
{
    double ways[MOST_DOUBLED_SUM + 1] = {1.0}, total = 0.0;
    size_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t rank = items[i].doubled_rank;
        most += rank;
        for (size_t at = most; at >= rank; at--) {
            ways[at] += ways[at - rank];
        }
    }
    for (size_t at = 0; at <= sum; at++) {
        total += ways[at];
    }
    return total / ldexp(1.0, (int)n);
}

/* The law of the sum is symmetric: that of the smaller side. */
static double exact_p_value(const ranked_difference *items, size_t n, double statistic)
{
    const double all = 0.5 * (double)n * ((double)n + 1.0);
    const double smaller = fmin(statistic, all - statistic);
    return fmin(1.0, 2.0 * share_at_most(items, n, (size_t)(2.0 * smaller + 0.5)));
}

static double normal_p_value(size_t n_pairs, double statistic, double ties)
{
    const double n = (double)n_pairs;
    const double variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0;
    const double off = fabs(statistic - 0.25 * n * (n + 1.0));
    return fmin(1.0, 2.0 * gsl_cdf_ugaussian_Q(fmax(off - 0.5, 0.0) / sqrt(variance)));
}

fel_status fel_wilcoxon_test(fel_cvec first, fel_cvec second, fel_paired_test *out)
{
    FEL_TRY(check_pairs(first, second, 1));
    ranked_difference *items = calloc(first.len, sizeof(*items));
    if (items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu pairs", first.len);
    }
    fel_paired_test test = {.n = keep_differences(first, second, items)};
    moments_of_pairs(first, second, &test);
    qsort(items, test.n, sizeof(*items), by_size);
    const double ties = rank_differences(items, test.n);
    for (size_t i = 0; i < test.n; i++) {
        test.statistic += items[i].is_positive ? 0.5 * (double)items[i].doubled_rank : 0.0;
    }
    test.is_exact = test.n <= MOST_EXACT;
    test.p_value = test.is_exact ? exact_p_value(items, test.n, test.statistic)
                                 : normal_p_value(test.n, test.statistic, ties);
    free(items);
    *out = test;
    return FEL_OK;
}
