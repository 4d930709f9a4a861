/* tests/fuzz/fuzz_chain.c - any bytes as a chain of options: no crash, no leak; every quote that is
 * kept can be priced by, and a short search over it ends. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/calibrate.h>

#include "tests/fuzz/fuzz_target.h"

enum { MOST_FITTED = 16 };

static int is_positive(double value)
{
    return value > 0.0 && isfinite(value);
}

static const char *check_quotes(const fel_chain *chain)
{
    size_t n = 0, refused = 0;
    for (size_t i = 0; i < chain->n; i++) {
        const fel_quote_option *q = &chain->quotes[i];
        if (!is_positive(q->t_years) || !is_positive(q->strike) || !is_positive(q->forward) ||
            !is_positive(q->discount) || !is_positive(q->price) || !(q->vol_per_year >= 0.0)) {
            return "a quote was kept that cannot be priced by";
        }
    }
    for (size_t i = 0; i < chain->n_maturities; i++) {
        n += chain->maturities[i].n;
    }
    for (size_t i = 1; i < FEL_FAULT_N; i++) {
        refused += chain->n_faults[i];
    }
    return n != chain->n                 ? "the maturities are not all quotes"
           : refused != chain->n_refused ? "the counts are not those of the list"
                                         : NULL;
}

static const char *fit(const fel_chain *chain)
{
    fel_calibrate_options options = fel_calibrate_options_default();
    fel_calibration made;
    options.n_starts = 1;
    options.n_threads = 1;
    options.max_iterations = 2;
    if (chain->n < FEL_HESTON_N_PARAMS || chain->n > MOST_FITTED ||
        fel_calibrate_heston(&made, chain, &options) != FEL_OK) {
        return NULL;
    }
    const int is_good = isfinite(made.sum_of_squares) && is_positive(made.heston.kappa);
    fel_calibration_clear(&made);
    return is_good ? NULL : "a fit that is none";
}

const char *fuzz_chain(const uint8_t *data, size_t size)
{
    fel_chain chain;
    fel_chain_options options = fel_chain_options_default();
    const char *path = fuzz_file(data, size);
    (void)snprintf(options.quote_date, sizeof(options.quote_date), "%s",
                   size % 2 == 0 ? "" : "2011-01-24");
    if (path == NULL || fel_chain_read(&chain, path, &options) != FEL_OK) {
        return NULL;
    }
    const char *fault = check_quotes(&chain);
    fault = fault != NULL ? fault : fit(&chain);
    fel_chain_clear(&chain);
    return fault;
}
