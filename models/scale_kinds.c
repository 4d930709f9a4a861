/* models/scale_kinds.c - how a column's center and spread are found: mean and deviation, median and
 * quartiles, minimum and maximum, or not at all. */
#include <math.h>
#include <stdlib.h>

#include "core/sum.h"
#include "models/scale_internal.h"

static const fel_param_spec plain_params[] = {SCALE_CLIP};

/* ---- none, rolling --------------------------------------------------------------------------- */

const fel_scale_class scale_none = {
    SCALE_HEAD("none", "features as they are", "x"),
    SCALE_PARAMS(plain_params),
};

static const fel_param_spec rolling_params[] = {
    {"bars", FEL_PARAM_INTEGER, 252.0, 2.0, 100000.0, NULL,
     "rows of the window, the latest within; warm-up is longer by one less"},
    SCALE_CLIP,
};

const fel_scale_class scale_rolling_z = {
    SCALE_HEAD("rolling_z", "each series' z-score in a window that moves along with it",
               "(x - mean(x, bars)) / sd(x, bars), n - 1 in the denominator; 0 where x does not "
               "vary"),
    SCALE_PARAMS(rolling_params),
    .is_rolling = 1,
};

/* ---- mean and deviation ---------------------------------------------------------------------- */

/* About the first number, so that a column of equal ones has no deviation at all. */
static fel_scale_fit fit_standard(const double *params, double *column, size_t n)
{
    running_sum sum = {0.0, 0.0}, squares = {0.0, 0.0};
    const double first = column[0];
    (void)params;
    for (size_t i = 0; i < n; i++) {
        running_add(&sum, column[i] - first);
    }
    const double mean = running_value(&sum) / (double)n;
    for (size_t i = 0; i < n; i++) {
        const double d = column[i] - first - mean;
        running_add(&squares, d * d);
    }
    const fel_scale_fit fit = {first + mean, sqrt(running_value(&squares) / (double)n)};
    return fit;
}

const fel_scale_class scale_standard = {
    SCALE_HEAD("standard", "mean 0, standard deviation 1 in training",
               "(x - mean) / sd, n in the denominator"),
    SCALE_PARAMS(plain_params),
    .fit = fit_standard,
};

/* ---- median and quartiles -------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two numbers next to place share (n - 1): Hyndman and Fan's type 7. */
static double quantile(const double *sorted, size_t n, double share)
{
    const double place = share * (double)(n - 1), below = floor(place);
    const size_t i = (size_t)below, next = i + 1 < n ? i + 1 : i;
    return sorted[i] + (place - below) * (sorted[next] - sorted[i]);
}

static fel_scale_fit fit_robust(const double *params, double *column, size_t n)
{
    (void)params;
    qsort(column, n, sizeof(*column), compare);
    const fel_scale_fit fit = {quantile(column, n, 0.5),
                               quantile(column, n, 0.75) - quantile(column, n, 0.25)};
    return fit;
}

const fel_scale_class scale_robust = {
    SCALE_HEAD("robust", "median 0, quartiles 1 apart in training; outliers do not matter",
               "(x - median) / (q75 - q25)"),
    SCALE_PARAMS(plain_params),
    .fit = fit_robust,
};

/* ---- minimum and maximum --------------------------------------------------------------------- */

static const fel_param_spec min_max_params[] = {
    {"low", FEL_PARAM_REAL, 0.0, -1e6, 1e6, NULL, "what the minimum becomes"},
    {"high", FEL_PARAM_REAL, 1.0, -1e6, 1e6, NULL, "what the maximum becomes; above low"},
    SCALE_CLIP,
};

static fel_scale_fit fit_min_max(const double *params, double *column, size_t n)
{
    double least = column[0], most = column[0];
    for (size_t i = 1; i < n; i++) {
        least = fmin(least, column[i]);
        most = fmax(most, column[i]);
    }
    const double spread = (most - least) / (params[1] - params[0]);
    const fel_scale_fit fit = {least - params[0] * spread, spread};
    return fit;
}

const fel_scale_class scale_min_max = {
    SCALE_HEAD("min_max", "from low to high in training; beyond them later on",
               "low + (high - low) (x - min) / (max - min)"),
    SCALE_PARAMS(min_max_params),
    .fit = fit_min_max,
};
