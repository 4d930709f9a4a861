/* core/inference_forecast.c - the Diebold-Mariano test of two series of losses. */
#include <gsl/gsl_cdf.h>
#include <math.h>

#include <feller/inference.h>

#include "core/sum.h"

enum { LEAST_PAIRS = 3 };

/* The pairs of losses whose difference is known. */
typedef struct differences {
    fel_cvec first, second;
    double n, mean;
} differences;

static double difference_at(const differences *d, size_t i)
{
    return d->first.data[i] - d->second.data[i];
}

static differences differences_of(fel_cvec first, fel_cvec second)
{
    differences d = {first, second, 0.0, 0.0};
    running_sum sum = {0};
    for (size_t i = 0; i < first.len; i++) {
        const double x = difference_at(&d, i);
        if (!isnan(x)) {
            running_add(&sum, x);
            d.n += 1.0;
        }
    }
    d.mean = running_value(&sum) / d.n;
    return d;
}

/* Index of the next known difference at or after i; len if there is none. */
static size_t known_from(const differences *d, size_t i)
{
    while (i < d->first.len && isnan(difference_at(d, i))) {
        i++;
    }
    return i;
}

/* Mean product of deviations `lag` known places apart, over n. */
static double autocovariance(const differences *d, size_t lag)
{
    running_sum sum = {0};
    size_t ahead = known_from(d, 0), behind = ahead;
    for (size_t i = 0; i < lag; i++) {
        ahead = known_from(d, ahead + 1);
    }
    while (ahead < d->first.len) {
        running_add(&sum,
                    (difference_at(d, ahead) - d->mean) * (difference_at(d, behind) - d->mean));
        ahead = known_from(d, ahead + 1);
        behind = known_from(d, behind + 1);
    }
    return running_value(&sum) / d->n;
}

static double long_run_variance(const differences *d, size_t n_lags)
{
    double variance = autocovariance(d, 0);
    for (size_t lag = 1; lag <= n_lags; lag++) {
        const double weight = 1.0 - (double)lag / ((double)n_lags + 1.0);
        variance += 2.0 * weight * autocovariance(d, lag);
    }
    return variance;
}

/* Harvey, Leybourne and Newbold (1997), horizon h: sqrt((n + 1 - 2 h + h (h - 1) / n) / n). */
static double small_sample_factor(double n, double h)
{
    return sqrt((n + 1.0 - 2.0 * h + h * (h - 1.0) / n) / n);
}

fel_status fel_diebold_mariano(fel_cvec losses_first, fel_cvec losses_second, size_t n_lags,
                               fel_dm_result *out)
{
    if (losses_first.len != losses_second.len) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu losses against %zu", losses_first.len,
                         losses_second.len);
    }
    const differences d = differences_of(losses_first, losses_second);
    const int is_automatic = n_lags == FEL_LAGS_AUTOMATIC;
    if (d.n < LEAST_PAIRS || (!is_automatic && (double)n_lags >= d.n)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%.0f pairs of losses are not enough: 3 and more than the "
                         "lags are needed",
                         d.n);
    }
    const double wanted = floor(4.0 * pow(d.n / 100.0, 2.0 / 9.0));
    const size_t lags = is_automatic ? (size_t)fmin(wanted, d.n - 1.0) : n_lags;
    const double factor = small_sample_factor(d.n, is_automatic ? 1.0 : (double)n_lags + 1.0);
    const double variance = long_run_variance(&d, lags);
    const double t = variance > 0.0 ? d.mean / sqrt(variance / d.n) * factor : (double)NAN;
    out->statistic = t;
    out->p_value = isnan(t) ? t : 2.0 * gsl_cdf_tdist_Q(fabs(t), d.n - 1.0);
    out->mean_difference = d.mean;
    out->n = (size_t)d.n;
    out->n_lags = lags;
    return FEL_OK;
}
