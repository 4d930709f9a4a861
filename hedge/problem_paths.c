/* hedge/problem_paths.c - a problem's market data for those who look from outside. */
#include <string.h>

#include "hedge/market_internal.h"

enum { COPY_BLOCK = 256 };

/* n_rows rows of a block to columns `at` .. of rows of `n`. */
static void copy_rows(const hedge_block *block, const double *from, size_t n_rows, size_t at,
                      double *to, size_t n)
{
    for (size_t r = 0; to != NULL && from != NULL && r < n_rows; r++) {
        memcpy(to + r * n + at, from + r * block->stride, block->n * sizeof(double));
    }
}

static void copy_block(const hedge_block *block, const fel_hedge_paths *out, size_t at)
{
    const fel_hedge_config *config = &block->problem->config;
    const size_t dates = config->n_dates + 1;
    copy_rows(block, block->spot, dates, at, out->spot, out->n);
    copy_rows(block, block->variance, dates, at, out->variance, out->n);
    copy_rows(block, block->price, dates * config->n_instruments, at, out->price, out->n);
    copy_rows(block, block->payoff, 1, at, out->payoff, out->n);
}

fel_status fel_hedge_problem_paths(const fel_hedge_problem *problem, const fel_hedge_paths *out)
{
    if (out->variance != NULL && !problem->market->has_variance) {
        return FEL_RAISE(FEL_ERR_RANGE, "the market does not show a variance");
    }
    hedge_block block;
    FEL_TRY(hedge_block_create(&block, problem, COPY_BLOCK));
    fel_status status = FEL_OK;
    for (size_t at = 0; status == FEL_OK && at < out->n; at += COPY_BLOCK) {
        const size_t n = out->n - at < COPY_BLOCK ? out->n - at : (size_t)COPY_BLOCK;
        status = hedge_block_fill(&block, out->first + at, n);
        if (status == FEL_OK) {
            copy_block(&block, out, at);
        }
    }
    hedge_block_clear(&block);
    return status;
}
