/* sim/merton_series.c - Merton's (1976) series: given n jumps the price is log-normal, so an option
 * is the Poisson-weighted sum of Black's values.
 *   F_n = F exp(-lambda t m + n (mu + delta^2 / 2)),   variance_n = sigma^2 t + n delta^2 */
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "core/gslquiet.h"
#include "sim/black_internal.h"
#include "sim/fourier_internal.h"

enum { MAX_TERMS = 1000000 };

/* Numbers of jumps that matter: those likely under the pricing measure and, since a call is
 * weighted by the price, under the measure that the price defines, whose intensity is (1 + m) times
 * as large. Twelve standard deviations and fifty more leave out less than 1e-16. */
typedef struct jump_range {
    int64_t first, last;
} jump_range;

static fel_status find_range(const fourier_law *law, jump_range *range)
{
    const double other = law->intensity * (1.0 + law->jump_drift);
    const double low = fmin(law->intensity, other), high = fmax(law->intensity, other);
    const double first = floor(fmax(low - 12.0 * sqrt(low) - 50.0, 0.0));
    const double last = high > 0.0 ? ceil(high + 12.0 * sqrt(high) + 50.0) : 0.0;
    if (!(last - first <= MAX_TERMS)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%g jumps expected: the series would need %g terms, more than %d",
                         law->intensity, last - first, (int)MAX_TERMS);
    }
    range->first = (int64_t)first;
    range->last = (int64_t)last;
    return FEL_OK;
}

/* The law given n jumps. */
typedef struct jump_term {
    double weight;       /* Poisson's probability of n */
    double weight_slope; /* its derivative by the expected number */
    double forward, deviation;
} jump_term;

static jump_term term_at(const fourier_law *law, double n)
{
    const double mean = law->intensity;
    jump_term term = {.weight = 1.0, .forward = law->forward, .deviation = sqrt(law->variance)};
    if (mean > 0.0) {
        const double growth = law->jump_mean + 0.5 * law->jump_vol * law->jump_vol;
        term.weight = exp(n * log(mean) - mean - gsl_sf_lngamma(n + 1.0));
        term.weight_slope = term.weight * (n / mean - 1.0);
        term.forward *= exp(fmin(n * growth - mean * law->jump_drift, 600.0));
        term.deviation = sqrt(law->variance + n * law->jump_vol * law->jump_vol);
    }
    return term;
}

fel_status series_prices(const fourier_law *law, const option_row *row, double *prices)
{
    jump_range range;
    gsl_quiet();
    FEL_TRY(find_range(law, &range));
    for (size_t k = 0; k < row->n; k++) {
        const double strike = row->strikes[k];
        const fel_option_right otm = law->forward <= strike ? FEL_CALL : FEL_PUT;
        const double inside = (double)row_right(row, k) * (law->forward - strike);
        double sum = 0.0;
        for (int64_t n = range.first; n <= range.last; n++) {
            const jump_term term = term_at(law, (double)n);
            sum += term.weight > 0.0 ? term.weight * fel_black(otm, term.forward, strike, 1.0,
                                                               term.deviation, 1.0)
                                     : 0.0;
        }
        prices[k] = law->discount * (fmax(inside, 0.0) + sum);
    }
    return FEL_OK;
}

/* ---- greeks ---------------------------------------------------------------------------------- */

static void add_term(const fourier_law *law, double strike, jump_term term, covered_value *sum)
{
    const double s = term.deviation, scale = term.forward / law->forward;
    const double log_ratio = log(term.forward / strike);
    const double d1 = s > 0.0 ? log_ratio / s + 0.5 * s : (log_ratio > 0.0 ? HUGE_VAL : -HUGE_VAL);
    const double d2 = s > 0.0 ? d1 - s : d1;
    const double density = s > 0.0 ? 0.39894228040143267794 * exp(-0.5 * d1 * d1) : 0.0;
    const double n2 = normal_cdf(d2);
    const double otm =
        fel_black(term.forward <= strike ? FEL_CALL : FEL_PUT, term.forward, strike, 1.0, s, 1.0);
    const double value = fmin(term.forward, strike) - otm; /* covered call */
    const double by_forward = normal_cdf(-d1);
    const double by_variance = s > 0.0 ? -0.5 * term.forward * density / s : 0.0;
    sum->value += term.weight * value;
    sum->by_forward += term.weight * scale * by_forward;
    sum->by_strike += term.weight * n2;
    sum->by_vol += term.weight * by_variance;
    if (s > 0.0) {
        sum->by_forward2 -= term.weight * scale * scale * density / (term.forward * s);
    }
    sum->by_time +=
        (term.weight_slope * value - term.weight * by_forward * term.forward * law->jump_drift) *
            law->intensity / law->t +
        term.weight * by_variance * law->variance / law->t;
}

fel_status series_greeks(const fel_process *process, const fourier_law *law, const option_row *row,
                         fel_greeks *greeks)
{
    jump_range range;
    gsl_quiet();
    FEL_TRY(find_range(law, &range));
    for (size_t k = 0; k < row->n; k++) {
        covered_value sum = {.value = 0.0};
        for (int64_t n = range.first; n <= range.last; n++) {
            const jump_term term = term_at(law, (double)n);
            if (term.weight > 0.0) {
                add_term(law, row->strikes[k], term, &sum);
            }
        }
        greeks_of_covered(process, law, row->strikes[k], row_right(row, k), &sum, &greeks[k]);
    }
    return FEL_OK;
}
