/* losses/loss_trading_internal.h - from outputs to positions to net P&L, and the way back. */
#ifndef FEL_LOSSES_LOSS_TRADING_INTERNAL_H
#define FEL_LOSSES_LOSS_TRADING_INTERNAL_H

#ifndef FEL_MODULE_LOSSES
#error "losses/loss_trading_internal.h belongs to losses/"
#endif

#include "losses/loss_internal.h"

/* ---- positions: loss_position.c -------------------------------------------------------------- */

/* The first parameters of every trading loss, in this order. */
enum { TRADE_POSITION, TRADE_SCALE, TRADE_LONG_ONLY, TRADE_COST_BPS, TRADE_N_PARAMS };

#define TRADE_PARAMS                                                                               \
    {"position",                                                                                   \
     FEL_PARAM_CHOICE,                                                                             \
     0.0,                                                                                          \
     0.0,                                                                                          \
     0.0,                                                                                          \
     "tanh|sigmoid|clip|linear|sign",                                                              \
     "how k x output becomes a position; sign has a straight-through gradient"},                   \
        {"scale", FEL_PARAM_REAL, 1.0, 1e-12, 1e12, NULL, "k"},                                    \
        {"long_only", FEL_PARAM_BOOL, 0.0, 0.0, 1.0, NULL, "hold nothing instead of a short"},     \
    {                                                                                              \
        "cost_bps", FEL_PARAM_REAL, 0.0, 0.0, 10000.0, NULL,                                       \
            "cost of a position changed by 1, in basis points"                                     \
    }

/* A position in [-1, 1] (linear: any) and its derivative by the output. */
double trade_position(const double *params, double output, double *slope);
/* Are positions within [-1, 1]? */
int trade_is_bounded(const double *params);

/* ---- P&L: loss_traded.c ---------------------------------------------------------------------- */

/* The samples that count, in order. */
typedef struct traded {
    size_t n, n_outputs;
    size_t *rows;
    double *weights, *pnl, *dpnl; /* n; dpnl is the loss's derivative by pnl */
    double *positions, *slopes;   /* n x n_outputs */
    double *before;               /* n x n_outputs: the position held before */
    unsigned char *begins;        /* n: first of its group */
    double cost;                  /* of one unit of turnover, as a fraction */
    double mean, variance;        /* of pnl, weighted */
    double weight_sum, freedom;   /* sum w, and sum w - sum w^2 / sum w: n - 1 if all are 1 */
    void *memory;
} traded;

/* Trade the batch. ERR_RANGE with fewer than two samples that count. traded_clear it. */
fel_status traded_make(traded *t, const char *name, const double *params,
                       const fel_loss_batch *batch);
/* gradient += what dpnl says of the outputs. */
void traded_reverse(const traded *t, const fel_loss_batch *batch, double *gradient);
void traded_clear(traded *t);

#endif
