/* hedge/pass_tally_internal.h - the running account of a block of paths: gains, costs, turnover,
 * whoever decides the positions. */
#ifndef FEL_HEDGE_PASS_TALLY_INTERNAL_H
#define FEL_HEDGE_PASS_TALLY_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/pass_tally_internal.h belongs to hedge/"
#endif

#include "hedge/hedge_internal.h"

/* Positions are [instrument][stride], as in the block. Money is of the last date. */
typedef struct hedge_tally {
    const fel_hedge_problem *problem;
    size_t n, stride;
    int is_smooth;        /* fixed costs as in training */
    double *gains, *cost; /* so far; costs counted once */
    double *turnover;     /* NULL: not wanted in this pass */
    double *turnover_row; /* memory of it */
    double *zeros;        /* a position of nothing, of all instruments */
    double *work;         /* a row */
    double *constant_price[FEL_HEDGE_MAX_INSTRUMENTS]; /* rows; NULL: costs are of the price */
} hedge_tally;

/* Memory of the arena's for blocks of this stride; 0: memory is out. */
int tally_make(hedge_tally *tally, arena *memory, const fel_hedge_problem *problem, size_t stride);
void tally_start(hedge_tally *tally, size_t n, int is_smooth, int wants_turnover);
/* From the date before to this one (>= 1) with what was held between them. */
void tally_settle(hedge_tally *tally, const hedge_block *block, size_t date,
                  const double *position);
void tally_trade(hedge_tally *tally, const hedge_block *block, size_t date, const double *before,
                 const double *after);
/* The trade at the last date that closes what is held. */
void tally_close(hedge_tally *tally, const hedge_block *block, const double *position);
/* P&L with costs counted so many times. */
void tally_pnl(const hedge_tally *tally, const hedge_block *block, double cost_factor, double *pnl);

/* d cost / d trade of an instrument at a date, growth included: a row, or NULL where nothing
 * costs; good until the next call. */
const double *tally_slope(const hedge_tally *tally, const hedge_block *block, size_t date,
                          size_t instrument, const double *before, const double *after);
/* What the price of now and of the next date count. */
static inline double tally_down(const fel_hedge_problem *problem, size_t date)
{
    return problem->growth[date];
}
static inline double tally_up(const fel_hedge_problem *problem, size_t date, size_t instrument)
{
    const int is_spot = problem->config.instruments[instrument].kind == FEL_HEDGE_SPOT;
    return problem->growth[date + 1] * (is_spot ? problem->carry : 1.0);
}

#endif
