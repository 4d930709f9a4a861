/* sim/calibrate_starts.c - where the searches begin.
 *
 * One start is read off the chain: at-the-money variances of the shortest and the longest maturity,
 * ordinary values for the rest. The others are the best of a few points drawn from the region where
 * equity, index and currency smiles lie; draw (seed, start, point) is the same on any thread. */
#include <math.h>
#include <string.h>

#include "core/core.h"
#include "sim/calibrate_internal.h"

enum { N_TRIES = 4 };

/* The squared volatility of the quote nearest to the forward. */
static double atm_variance(const fel_chain *chain, const fel_chain_maturity *m)
{
    double nearest = (double)INFINITY, vol = (double)NAN;
    for (size_t i = 0; i < m->n; i++) {
        const fel_quote_option *q = &chain->quotes[m->first + i];
        const double distance = fabs(log(q->strike / q->forward));
        if (distance < nearest) {
            nearest = distance;
            vol = q->vol_per_year;
        }
    }
    return vol * vol;
}

void fit_chain_start(fel_heston *out, const fel_chain *chain)
{
    const double first = atm_variance(chain, &chain->maturities[0]);
    const double last = atm_variance(chain, &chain->maturities[chain->n_maturities - 1]);
    const fel_heston h = {
        .v0 = first, .kappa = 1.5, .theta = last, .xi = fmax(0.3, 3.0 * sqrt(last)), .rho = -0.5};
    *out = h;
}

static double between(rng_stream *r, double low, double high)
{
    return low * exp(log(high / low) * rng_uniform(r));
}

static void draw(fel_heston *out, const fel_chain *chain, rng_stream *r)
{
    fit_chain_start(out, chain);
    out->v0 *= between(r, 0.5, 2.0);
    out->theta *= between(r, 0.4, 2.5);
    out->kappa = between(r, 0.4, 8.0);
    out->xi = between(r, 0.25, 1.5);
    out->rho = -0.9 + 1.2 * rng_uniform(r);
}

static fel_status best_draw(fel_heston *out, fit_work *work, uint64_t seed, uint32_t k)
{
    rng_stream r = rng_at(seed, k);
    double least = (double)INFINITY;
    draw(out, work->problem->chain, &r);
    for (int i = 0; i < N_TRIES; i++) {
        fel_heston h;
        double sum = (double)NAN;
        draw(&h, work->problem->chain, &r);
        const fel_status status = fit_screen(work, &h, &sum);
        if (status == FEL_ERR_NOMEM) {
            return status;
        }
        if (status == FEL_OK && sum < least) {
            least = sum;
            *out = h;
        }
    }
    return FEL_OK;
}

fel_status fit_start(fel_heston *out, fit_work *work, const fel_calibrate_options *options,
                     uint32_t k)
{
    const uint32_t n_given = options->start != NULL ? 1 : 0;
    if (k < n_given) {
        *out = *options->start;
        return FEL_OK;
    }
    if (k == n_given) {
        fit_chain_start(out, work->problem->chain);
        return FEL_OK;
    }
    return best_draw(out, work, options->seed, k - n_given);
}
