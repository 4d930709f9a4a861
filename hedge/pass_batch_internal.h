/* hedge/pass_batch_internal.h - a batch as its calls share it. */
#ifndef FEL_HEDGE_PASS_BATCH_INTERNAL_H
#define FEL_HEDGE_PASS_BATCH_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/pass_batch_internal.h belongs to hedge/"
#endif

#include "hedge/pass_internal.h"

enum { BATCH_MAX_PARTS = 16, BATCH_LEAST_BLOCKS = 4, BATCH_MARKET = 256 };

/* What a thread has of its own. */
typedef struct batch_lane {
    hedge_pass *pass;
    hedge_block scratch; /* paths on their way to samples */
    double *slopes, *curvatures;
    int is_old; /* parameters of this call are in the pass */
} batch_lane;

struct hedge_batch {
    const fel_policy *policy;
    int is_double;
    size_t max_n, n, block, n_blocks; /* n_blocks of the paths filled in */
    size_t run;                       /* blocks whose market data are made together */
    size_t n_samples, n_lanes;
    hedge_sample **samples;
    batch_lane *lanes;
    void *gradients;     /* [part][params] */
    fel_risk_sums *sums; /* [block] */
    double *pnl;         /* [n] */
    arena memory;
};

/* One call on the first n_blocks blocks in n_parts parts. */
typedef struct batch_call {
    hedge_batch *batch;
    const hedge_batch_args *args;
    size_t n_blocks, n_parts;
    fel_kfac_stats *const *stats; /* [part]; NULL: none */
    hedge_curvature kind;
    int wants_gradient;
    double scale; /* of finish, for cotangents */
} batch_call;

static inline size_t batch_length(const hedge_batch *b, size_t block)
{
    const size_t left = b->n - block * b->block;
    return left < b->block ? left : b->block;
}
static inline size_t batch_parts(size_t n_blocks)
{
    return n_blocks < BATCH_MAX_PARTS ? n_blocks : (size_t)BATCH_MAX_PARTS;
}
/* Where a part's blocks begin; part n_parts: the end. */
static inline size_t part_first(const batch_call *call, size_t part)
{
    return part * call->n_blocks / call->n_parts;
}
size_t batch_blocks_of(const hedge_batch *batch, size_t n);
/* A call's part; P&L goes to batch->pnl. */
void batch_forward(const batch_call *call, size_t block, batch_lane *lane);
void batch_new_params(hedge_batch *batch);
/* P&L and sums of terms of the first blocks; value and scale of finish; 0: not finite. */
fel_status batch_pnl_blocks(const batch_call *call);
void batch_terms(const batch_call *call, size_t block, double *slopes, double *curvatures);
int batch_finish(const batch_call *call, fel_risk_sums *all, double *value, double *scale);

#endif
