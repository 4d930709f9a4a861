/* tests/unit/data/indicator_bars.c - see indicator_bars.h. */
#include "tests/unit/data/indicator_bars.h"

#include <math.h>

#include "core/rng.h"
#include "tests/support/check.h"

void indicator_bars_walk(fel_bar *bars, size_t n, uint64_t seed)
{
    const int64_t bar_ns = INT64_C(300000000000);
    rng_stream r = rng_at(seed, 0);
    double last = 83.717;
    for (size_t i = 0; i < n; i++) {
        const int is_flat = rng_below(&r, 23) == 0;
        const double open = last * exp(0.004 * (rng_uniform(&r) - 0.5));
        const double close = is_flat ? open : open * exp(0.03 * (rng_uniform(&r) - 0.5));
        const double top = open > close ? open : close, bottom = open > close ? close : open;
        const int64_t open_ns = INT64_C(1700000000000000000) + (int64_t)i * bar_ns;
        const fel_bar bar = {
            .open_time_ns = open_ns,
            .close_time_ns = open_ns + bar_ns,
            .open = open,
            .high = is_flat ? top : top * exp(0.01 * rng_uniform(&r)),
            .low = is_flat ? bottom : bottom * exp(-0.01 * rng_uniform(&r)),
            .close = close,
            .volume = floor(1e6 * rng_uniform(&r)),
        };
        bars[i] = bar;
        last = close;
    }
}

size_t indicator_bars_run(const char *name, const double *params, const fel_bar *bars, size_t n,
                          double *out)
{
    const fel_indicator_class *code = NULL;
    fel_indicator *indicator = NULL;
    CHECK_OK(fel_indicator_find(name, &code));
    if (code == NULL) {
        return 0;
    }
    CHECK_OK(fel_indicator_create(&indicator, code, params));
    if (indicator == NULL) {
        return 0;
    }
    int n_failed = 0;
    for (size_t i = 0; i < n; i++) {
        n_failed += fel_indicator_update(indicator, &bars[i], &out[i * code->n_outputs]) != FEL_OK;
    }
    CHECK_INT(n_failed, 0);
    fel_indicator_destroy(indicator);
    return code->n_outputs;
}
