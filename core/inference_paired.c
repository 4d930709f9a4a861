/* core/inference_paired.c - bootstrap of two treatments over seeds and common test paths.
 *
 * Seeds and paths are crossed: every seed's policy is tested on the same paths. One resample draws
 * S seeds and G groups of paths, both with replacement, and takes the statistic of the table that
 * they span (Owen 2007, "The pigeonhole bootstrap", Annals of Applied Statistics 1: its variance is
 * that of seeds + that of paths + at most three times that of what is left, which is small here as
 * it is divided by S n).
 *
 * Percentiles of S draws are too near one another: by (S - 1) / S in variance, and for not being
 * Student's. The expanded percentile interval (Hesterberg 2015, "What teachers should know about
 * the bootstrap", The American Statistician 69) takes those at Phi(-sqrt(S / (S - 1)) t(alpha / 2,
 * S - 1)) instead of alpha / 2. The p-value is alpha where the interval ends at 0.
 *
 * Sums and sums of squares of each group, centred by their row's mean, are made once: a resample
 * then takes S x G steps, whatever the number of paths. */
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include <feller/inference.h>

#include "core/rng.h"
#include "core/sum.h"
#include "core/threads.h"

enum { LEAST_RESAMPLES = 100, RESAMPLES_A_PIECE = 64 };

/* ---- sums of groups -------------------------------------------------------------------------- */

/* One row of one treatment. */
typedef struct group_sums {
    double centre;          /* mean of the row */
    double *sums, *squares; /* n_groups: of what is left without the centre */
} group_sums;

typedef struct bootstrap {
    fel_paired_statistic statistic;
    uint64_t seed;
    size_t n_seeds, n_paths, n_groups, n_resamples;
    group_sums *rows; /* n_seeds of the first treatment, then of the second */
    double *sizes;    /* n_groups: paths in each */
    double *counts;   /* n_threads x n_groups */
    size_t *draws;    /* n_threads x n_seeds */
    double *values;   /* n_resamples */
    void *memory;
} bootstrap;

static size_t group_start(const bootstrap *b, size_t group)
{
    const size_t whole = b->n_paths / b->n_groups, rest = b->n_paths % b->n_groups;
    return group * whole + (group < rest ? group : rest);
}

static void sum_row(const bootstrap *b, const double *row, group_sums *out)
{
    const fel_cvec view = {row, b->n_paths};
    out->centre = mean_of(view);
    for (size_t g = 0; g < b->n_groups; g++) {
        running_sum sum = {0}, squares = {0};
        for (size_t i = group_start(b, g); i < group_start(b, g + 1); i++) {
            const double x = row[i] - out->centre;
            running_add(&sum, x);
            running_add(&squares, x * x);
        }
        out->sums[g] = running_value(&sum);
        out->squares[g] = running_value(&squares);
    }
}

static void sum_groups(const bootstrap *b, const fel_paired_runs *runs)
{
    for (size_t s = 0; s < b->n_seeds; s++) {
        sum_row(b, fel_crow(runs->first, s), &b->rows[s]);
        sum_row(b, fel_crow(runs->second, s), &b->rows[b->n_seeds + s]);
    }
    for (size_t g = 0; g < b->n_groups; g++) {
        b->sizes[g] = (double)(group_start(b, g + 1) - group_start(b, g));
    }
}

/* ---- one statistic --------------------------------------------------------------------------- */

typedef struct moments {
    double mean, variance;
} moments;

/* Of a row whose group g counts counts[g] times, n_paths in all. */
static moments moments_of(const bootstrap *b, const group_sums *row, const double *counts,
                          double n_paths)
{
    double sum = 0.0, squares = 0.0;
    for (size_t g = 0; g < b->n_groups; g++) {
        sum += counts[g] * row->sums[g];
        squares += counts[g] * row->squares[g];
    }
    const double mean = sum / n_paths;
    const moments m = {row->centre + mean, fmax(squares / n_paths - mean * mean, 0.0)};
    return m;
}

/* Of the seeds drawn[0 .. n_seeds) and groups with counts. */
static double statistic_of(const bootstrap *b, const size_t *drawn, const double *counts)
{
    double n_paths = 0.0, first = 0.0, second = 0.0, log_ratio = 0.0;
    for (size_t g = 0; g < b->n_groups; g++) {
        n_paths += counts[g] * b->sizes[g];
    }
    for (size_t k = 0; k < b->n_seeds; k++) {
        const moments a = moments_of(b, &b->rows[drawn[k]], counts, n_paths);
        const moments c = moments_of(b, &b->rows[b->n_seeds + drawn[k]], counts, n_paths);
        first += a.mean;
        second += c.mean;
        log_ratio += log(a.variance / c.variance);
    }
    const double n = (double)b->n_seeds;
    switch (b->statistic) {
    case FEL_PAIRED_RELATIVE_DIFFERENCE:
        return (first - second) / second;
    case FEL_PAIRED_LOG_VARIANCE_RATIO:
        return log_ratio / n;
    case FEL_PAIRED_MEAN_DIFFERENCE:
    default:
        return (first - second) / n;
    }
}

static double value_of_sample(const bootstrap *b)
{
    for (size_t g = 0; g < b->n_groups; g++) {
        b->counts[g] = 1.0;
    }
    for (size_t s = 0; s < b->n_seeds; s++) {
        b->draws[s] = s;
    }
    return statistic_of(b, b->draws, b->counts);
}

/* ---- resamples ------------------------------------------------------------------------------- */

static double resample(const bootstrap *b, size_t index, size_t *drawn, double *counts)
{
    rng_stream stream = rng_at(b->seed, index);
    for (size_t k = 0; k < b->n_seeds; k++) {
        drawn[k] = (size_t)rng_below(&stream, b->n_seeds);
    }
    for (size_t g = 0; g < b->n_groups; g++) {
        counts[g] = 0.0;
    }
    for (size_t g = 0; g < b->n_groups; g++) {
        counts[rng_below(&stream, b->n_groups)] += 1.0;
    }
    return statistic_of(b, drawn, counts);
}

static fel_status resample_piece(void *payload, size_t index, int thread)
{
    const bootstrap *b = payload;
    const size_t first = index * RESAMPLES_A_PIECE, t = (size_t)thread;
    const size_t after = first + RESAMPLES_A_PIECE;
    for (size_t r = first; r < after && r < b->n_resamples; r++) {
        b->values[r] = resample(b, r, b->draws + t * b->n_seeds, b->counts + t * b->n_groups);
        if (!isfinite(b->values[r])) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "resample %zu is %g: means or variances to divide by are 0 on some "
                             "paths and seeds",
                             r, b->values[r]);
        }
    }
    return FEL_OK;
}

/* ---- judging --------------------------------------------------------------------------------- */

static int is_less(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The share p of sorted values, by places p (n + 1). */
static double percentile(const double *sorted, size_t n, double p)
{
    const double place = fmin(fmax(p * ((double)n + 1.0) - 1.0, 0.0), (double)n - 1.0);
    const size_t below = (size_t)place;
    const size_t above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (place - (double)below) * (sorted[above] - sorted[below]);
}

/* How much farther out than their share resamples are taken: sqrt(S / (S - 1)). */
static double expansion(size_t n_seeds)
{
    return sqrt((double)n_seeds / ((double)n_seeds - 1.0));
}

/* Two-sided: twice the smaller side's share of resamples, then as Student's. */
static double p_value_of(const bootstrap *b, int is_plain)
{
    size_t n_low = 0, n_high = 0;
    for (size_t r = 0; r < b->n_resamples; r++) {
        n_low += b->values[r] <= 0.0 ? 1 : 0;
        n_high += b->values[r] >= 0.0 ? 1 : 0;
    }
    const double fewer = (double)(n_low < n_high ? n_low : n_high);
    const double share = fmin((1.0 + fewer) / (1.0 + (double)b->n_resamples), 0.5);
    if (is_plain) {
        return 2.0 * share;
    }
    const double z = gsl_cdf_ugaussian_Qinv(share);
    return 2.0 * gsl_cdf_tdist_Q(z / expansion(b->n_seeds), (double)b->n_seeds - 1.0);
}

static void judge(const bootstrap *b, const fel_paired_config *config, double value,
                  fel_paired_result *out)
{
    const size_t n = b->n_resamples;
    const double wide = config->is_plain ? 1.0 : expansion(b->n_seeds);
    const double half = 0.5 * (1.0 - config->confidence);
    const double student = gsl_cdf_tdist_Qinv(half, (double)b->n_seeds - 1.0);
    const double share = config->is_plain ? half : gsl_cdf_ugaussian_Q(wide * student);
    const fel_cvec view = {b->values, n};
    out->value = value;
    out->standard_error = wide * deviation_of(view, 1.0);
    out->p_value = p_value_of(b, config->is_plain);
    qsort(b->values, n, sizeof(*b->values), is_less);
    out->low = percentile(b->values, n, share);
    out->high = percentile(b->values, n, 1.0 - share);
    out->n_seeds = b->n_seeds;
    out->n_paths = b->n_paths;
    out->n_groups = b->n_groups;
    out->n_resamples = n;
}

/* ---- the whole ------------------------------------------------------------------------------- */

fel_paired_config fel_paired_config_default(void)
{
    const fel_paired_config config = {
        (uint32_t)sizeof(fel_paired_config), 0, 10000, 1000, 1, 0.95, 0};
    return config;
}

static fel_status check_matrix(fel_cmat m, const char *which)
{
    for (size_t s = 0; s < m.rows; s++) {
        for (size_t i = 0; i < m.cols; i++) {
            if (!isfinite(fel_crow(m, s)[i])) {
                return FEL_RAISE(FEL_ERR_RANGE, "path %zu of seed %zu, %s treatment, is %g", i, s,
                                 which, fel_crow(m, s)[i]);
            }
        }
    }
    return FEL_OK;
}

static fel_status check_runs(const fel_paired_runs *runs)
{
    const fel_cmat a = runs->first, b = runs->second;
    if (a.rows != b.rows || a.cols != b.cols) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu seeds x %zu paths against %zu x %zu", a.rows, a.cols,
                         b.rows, b.cols);
    }
    if (a.rows < 2 || a.cols < 1) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu seeds x %zu paths: at least 2 x 1 are needed", a.rows,
                         a.cols);
    }
    FEL_TRY(check_matrix(a, "first"));
    return check_matrix(b, "second");
}

static fel_status check_config(const fel_paired_config *config)
{
    if (config->struct_size != sizeof(*config)) {
        return FEL_RAISE(FEL_ERR_ARG, "settings of %u bytes: made by fel_paired_config_default",
                         (unsigned)config->struct_size);
    }
    if (config->n_resamples < LEAST_RESAMPLES) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu resamples: at least %d", config->n_resamples,
                         (int)LEAST_RESAMPLES);
    }
    if (!(config->confidence >= 0.5 && config->confidence <= 0.9999)) {
        return FEL_RAISE(FEL_ERR_RANGE, "confidence = %g is not in [0.5, 0.9999]",
                         config->confidence);
    }
    return FEL_OK;
}

/* The parts of one block of memory. */
static fel_status bootstrap_make(bootstrap *b, size_t n_threads)
{
    const size_t rows = 2 * b->n_seeds;
    const size_t doubles = 2 * rows * b->n_groups + (1 + n_threads) * b->n_groups + b->n_resamples;
    b->memory = calloc(doubles, sizeof(double));
    b->rows = calloc(rows, sizeof(*b->rows));
    b->draws = calloc(n_threads * b->n_seeds, sizeof(*b->draws));
    if (b->memory == NULL || b->rows == NULL || b->draws == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu seeds, %zu groups, %zu resamples",
                         b->n_seeds, b->n_groups, b->n_resamples);
    }
    double *at = b->memory;
    for (size_t row = 0; row < rows; row++) {
        b->rows[row].sums = at;
        b->rows[row].squares = at + b->n_groups;
        at += 2 * b->n_groups;
    }
    b->sizes = at;
    b->counts = at + b->n_groups;
    b->values = b->counts + n_threads * b->n_groups;
    return FEL_OK;
}

static void bootstrap_clear(bootstrap *b)
{
    free(b->draws);
    free(b->rows);
    free(b->memory);
}

static fel_status check_value(const bootstrap *b, double value)
{
    if (b->statistic == FEL_PAIRED_LOG_VARIANCE_RATIO && b->n_groups < 2) {
        return FEL_RAISE(FEL_ERR_RANGE, "variances of %zu paths in %zu groups: at least 2 and 2",
                         b->n_paths, b->n_groups);
    }
    if (!isfinite(value)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the statistic is %g: a mean or variance to divide by is 0",
                         value);
    }
    return FEL_OK;
}

fel_status fel_paired_bootstrap(const fel_paired_runs *runs, fel_paired_statistic statistic,
                                const fel_paired_config *config, fel_paired_result *out)
{
    FEL_TRY(check_config(config));
    FEL_TRY(check_runs(runs));
    const size_t n_paths = runs->first.cols, n_groups = config->n_groups;
    const size_t n_threads = (size_t)threads_count(config->n_threads);
    bootstrap b = {.statistic = statistic,
                   .seed = config->seed,
                   .n_seeds = runs->first.rows,
                   .n_paths = n_paths,
                   .n_groups = n_groups == 0 || n_groups > n_paths ? n_paths : n_groups,
                   .n_resamples = config->n_resamples};
    fel_status status = bootstrap_make(&b, n_threads);
    if (status != FEL_OK) {
        goto done;
    }
    sum_groups(&b, runs);
    const double value = value_of_sample(&b);
    status = check_value(&b, value);
    if (status == FEL_OK) {
        const size_t n_pieces = (b.n_resamples + RESAMPLES_A_PIECE - 1) / RESAMPLES_A_PIECE;
        status = threads_run(config->n_threads, n_pieces, resample_piece, &b);
    }
    if (status == FEL_OK) {
        judge(&b, config, value, out);
    }
done:
    bootstrap_clear(&b);
    return status;
}
