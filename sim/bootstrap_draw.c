/* sim/bootstrap_draw.c - which rows a resampled path is made of.
 *
 * Stationary bootstrap: a block goes on with probability 1 - 1/L, else another begins anywhere; the
 * last row is followed by the first, so that every row is as likely as any other (Politis and
 * Romano, The stationary bootstrap, JASA 89, 1994). Block bootstrap: blocks of L rows that begin
 * anywhere, round the end as well (Kunsch 1989; circular: Politis and Romano 1992). */
#include <math.h>
#include <string.h>

#include "sim/pathfeed_internal.h"

fel_bootstrap fel_bootstrap_default(void)
{
    fel_bootstrap how;
    memset(&how, 0, sizeof(how));
    how.struct_size = (uint32_t)sizeof(how);
    how.method = FEL_BOOTSTRAP_STATIONARY;
    how.block_bars = 20.0;
    how.seed = 1;
    return how;
}

static fel_status check(const fel_bootstrap *how, size_t n_source)
{
    if (how->struct_size != sizeof(*how)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_bootstrap has %u bytes, this library's has %zu",
                         how->struct_size, sizeof(*how));
    }
    if (how->method != FEL_BOOTSTRAP_STATIONARY && how->method != FEL_BOOTSTRAP_BLOCK) {
        return FEL_RAISE(FEL_ERR_ARG, "bootstrap method %d is neither stationary nor block",
                         (int)how->method);
    }
    if (n_source == 0 || !(how->block_bars >= 1.0) || how->block_bars > (double)n_source) {
        return FEL_RAISE(FEL_ERR_RANGE, "block_bars = %g; the data has %zu bars to draw from",
                         how->block_bars, n_source);
    }
    if (how->method == FEL_BOOTSTRAP_BLOCK && floor(how->block_bars) != how->block_bars) {
        return FEL_RAISE(FEL_ERR_RANGE, "block_bars = %g; blocks of one length are whole bars",
                         how->block_bars);
    }
    return FEL_OK;
}

static size_t next_row(size_t row, size_t n_source)
{
    return row + 1 < n_source ? row + 1 : 0;
}

fel_status fel_bootstrap_draw(const fel_bootstrap *how, size_t n_source, uint64_t path,
                              size_t *rows, size_t n)
{
    FEL_TRY(check(how, n_source));
    rng_stream random = rng_at(how->seed, path);
    const double new_block = 1.0 / how->block_bars;
    const size_t length = (size_t)how->block_bars;
    const int is_stationary = how->method == FEL_BOOTSTRAP_STATIONARY;
    for (size_t i = 0; i < n; i++) {
        const int begins =
            i == 0 || (is_stationary ? rng_uniform(&random) < new_block : i % length == 0);
        rows[i] = begins ? (size_t)rng_below(&random, n_source) : next_row(rows[i - 1], n_source);
    }
    return FEL_OK;
}
