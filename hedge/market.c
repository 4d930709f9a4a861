/* hedge/market.c - blocks of paths, whatever market they come from, and what is seen of them. */
#include <stdlib.h>
#include <string.h>

#include "hedge/market_internal.h"

const market_class *market_class_of(fel_hedge_market_kind kind)
{
    static const market_class *const kinds[] = {&market_simulated, &market_bootstrap,
                                                &market_stored};
    const size_t i = (size_t)kind;
    return i < sizeof(kinds) / sizeof(kinds[0]) ? kinds[i] : NULL;
}

/* ---- memory ---------------------------------------------------------------------------------- */

_Static_assert(sizeof(size_t) <= sizeof(double), "drawn rows lie where doubles do");

/* Rows of a date: those of the block, beside its payoffs and its scratch. */
static size_t rows_a_date(const fel_hedge_problem *problem)
{
    const hedge_market_data *market = problem->market;
    size_t n = instruments_alias_spot(problem) ? 1 : 1 + problem->config.n_instruments;
    n += market->has_variance ? 1 : 0;
    n += market->has_area ? 1 : 0;
    n += market->has_swap ? 1 : 0;
    return n;
}

static double *take(double **unused, size_t n)
{
    double *rows = *unused;
    *unused += n;
    return rows;
}

static void lay_out(hedge_block *b, double *unused)
{
    const fel_hedge_problem *problem = b->problem;
    const hedge_market_data *market = problem->market;
    const size_t dates = problem->config.n_dates + 1, size = dates * b->stride;
    b->spot = take(&unused, size);
    b->price = instruments_alias_spot(problem)
                   ? b->spot
                   : take(&unused, size * problem->config.n_instruments);
    b->variance = market->has_variance ? take(&unused, size) : NULL;
    b->area = market->has_area ? take(&unused, size) : NULL;
    b->swap = market->has_swap ? take(&unused, size) : NULL;
    b->payoff = take(&unused, b->stride);
    b->scratch = take(&unused, b->stride);
    b->drawn = (size_t *)(void *)take(&unused, dates);
}

fel_status hedge_block_create(hedge_block *out, const fel_hedge_problem *problem, size_t max_n)
{
    enum { MOST_PATHS = 1 << 24 };
    memset(out, 0, sizeof(*out));
    if (max_n == 0 || max_n > MOST_PATHS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu paths at a time, allowed are 1 to %d", max_n,
                         MOST_PATHS);
    }
    out->problem = problem;
    out->max_n = max_n;
    out->stride = (max_n + HEDGE_ALIGN - 1) / HEDGE_ALIGN * HEDGE_ALIGN;
    const size_t dates = problem->config.n_dates + 1;
    const size_t n = (dates * rows_a_date(problem) + 2) * out->stride + dates;
    double *memory = aligned_alloc(64, (n * sizeof(double) + 63) / 64 * 64);
    if (memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths of %zu dates", max_n,
                         problem->config.n_dates);
    }
    lay_out(out, memory);
    out->memory = memory;
    return FEL_OK;
}

void hedge_block_clear(hedge_block *block)
{
    free(block->memory);
    memset(block, 0, sizeof(*block));
}

/* ---- paths ----------------------------------------------------------------------------------- */

static void pad(const hedge_block *b, double *rows, size_t n_rows)
{
    for (size_t r = 0; rows != NULL && r < n_rows; r++) {
        double *row = rows + r * b->stride;
        for (size_t p = b->n; p < b->stride; p++) {
            row[p] = row[b->n - 1];
        }
    }
}

fel_status hedge_block_fill(hedge_block *block, uint64_t first, size_t n)
{
    const fel_hedge_problem *problem = block->problem;
    if (n == 0 || n > block->max_n) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu paths in a block of up to %zu", n, block->max_n);
    }
    block->first = first;
    block->n = n;
    FEL_TRY(problem->market->kind->fill(block));
    const size_t dates = problem->config.n_dates + 1;
    pad(block, block->spot, dates);
    pad(block, block->variance, dates);
    pad(block, block->area, dates);
    pad(block, block->swap, dates);
    FEL_TRY(instruments_fill(block));
    FEL_TRY(claims_fill(block));
    pad(block, block->payoff, 1);
    return FEL_OK;
}

uint64_t hedge_pilot_first(const fel_hedge_problem *problem)
{
    return problem->config.market.kind == FEL_HEDGE_STORED ? 0 : FEL_HEDGE_PILOT_PATHS;
}

size_t hedge_pilot_count(const fel_hedge_problem *problem)
{
    const fel_hedge_market *market = &problem->config.market;
    const int is_short = market->kind == FEL_HEDGE_STORED && market->n_paths < HEDGE_N_PILOT;
    return is_short ? (size_t)market->n_paths : (size_t)HEDGE_N_PILOT;
}

/* ---- what is seen ---------------------------------------------------------------------------- */

hedge_view hedge_view_at(const hedge_block *block, size_t date)
{
    const fel_hedge_problem *problem = block->problem;
    hedge_view view = {
        .problem = problem,
        .date = date,
        .n = block->n,
        .stride = block->stride,
        .left_years = problem->dt_years * (double)(problem->config.n_dates - date),
        .spot = block_spot(block, date),
        .variance = block_variance(block, date),
        .spot_before = date > 0 ? block_spot(block, date - 1) : NULL,
        .variance_before = date > 0 ? block_variance(block, date - 1) : NULL,
    };
    for (size_t j = 0; j < problem->config.n_instruments; j++) {
        view.price[j] = block_price(block, date, j);
    }
    return view;
}
