/* hedge/pass_internal.h - a policy on blocks of paths, there and back, and batches of them on
 * threads.
 *
 * A batch is cut into blocks of fel_unroll_block() paths; consecutive blocks are put together to
 * parts (at most 16, from the numbers of the batch alone), of which each has a gradient and
 * statistics of its own: parts run on any threads and are added in their order. Given the threshold
 * of the risk measure every block goes there and back while it is in the cache. */
#ifndef FEL_HEDGE_PASS_INTERNAL_H
#define FEL_HEDGE_PASS_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/pass_internal.h belongs to hedge/"
#endif

#include <feller/kfac.h>

#include "hedge/hedge_internal.h"

/* ---- policies: policy.c ---------------------------------------------------------------------- */

struct fel_policy {
    fel_policy_config config;
    const fel_hedge_problem *problem;
    fel_network *network;
    size_t n_columns, n_live; /* live columns last */
    hedge_column columns[FEL_HEDGE_MAX_FEATURES + FEL_HEDGE_MAX_INSTRUMENTS];
    size_t n_outputs; /* of the network: instruments, twice as many for bands */
    size_t n_params;
    hedge_rule *base; /* residual, band; else NULL */
    double pnl_scale; /* of the feature running_pnl */
};

/* ---- prepared blocks: pass_block.c ----------------------------------------------------------- */

/* Market data of some paths with what does not depend on the policy's parameters: columns that are
 * not live, as the network takes them, and the base rule's positions. */
typedef struct hedge_sample hedge_sample;
fel_status hedge_sample_create(hedge_sample **out, const fel_policy *policy, int is_double,
                               size_t max_n);
void hedge_sample_destroy(hedge_sample *sample); /* NULL is allowed */
fel_status hedge_sample_fill(hedge_sample *sample, uint64_t first, size_t n);

/* ---- one thread's passes: pass.c, pass_real.c ------------------------------------------------ */

typedef struct hedge_pass hedge_pass;
fel_status hedge_pass_create(hedge_pass **out, const fel_policy *policy, int is_double,
                             size_t max_n, int keeps);
void hedge_pass_destroy(hedge_pass *pass); /* NULL is allowed */

/* Arrays of n, NULL where not wanted. */
typedef struct hedge_pass_out {
    double *pnl; /* costs counted cost_factor times */
    double *cost, *turnover;
    double *position; /* [date][instrument][row_stride] */
    size_t row_stride;
} hedge_pass_out;

typedef struct hedge_pass_args {
    const hedge_sample *sample;
    const void *params; /* float or double */
    int is_new;         /* parameters are not those of this pass's call before */
    int is_smooth;      /* fixed costs smoothed: training */
    double cost_factor;
    hedge_pass_out out;
} hedge_pass_args;

void hedge_pass_forward(hedge_pass *pass, const hedge_pass_args *args);
/* After a forward pass with keeps: from d objective / d pnl of each path; gradients are kept until
 * added. sink: NULL or told of every use; without_gradient: for statistics alone. */
void hedge_pass_backward(hedge_pass *pass, const double *d_pnl, const fel_layer_sink *sink,
                         int without_gradient);
void hedge_pass_add_gradient(hedge_pass *pass, void *gradient);

/* ---- batches: pass_batch.c ------------------------------------------------------------------- */

/* The paths of a step, made once for all that a step does with them. */
typedef struct hedge_batch hedge_batch;

fel_status hedge_batch_create(hedge_batch **out, const fel_policy *policy, int is_double,
                              size_t max_n, int n_threads);
void hedge_batch_destroy(hedge_batch *batch); /* NULL is allowed */

enum { HEDGE_GROUP = 64 };
/* Paths starts[g] .. starts[g] + HEDGE_GROUP - 1 of each group, n in all (the last group may be
 * cut); starts NULL: consecutive ones from `first`. */
fel_status hedge_batch_fill(hedge_batch *batch, uint64_t first, const uint64_t *starts, size_t n);

typedef struct hedge_batch_args {
    const fel_hedge_objective *objective;
    const void *params;
    double threshold;
    int wants_threshold; /* best_threshold of the loss */
} hedge_batch_args;

/* The loss and its gradient (NULL: the loss alone). pnl: NULL or [n]. */
fel_status hedge_batch_loss(hedge_batch *batch, const hedge_batch_args *args, fel_hedge_loss *out,
                            void *gradient, double *pnl);
/* P&L of the first n paths of the batch (n a share of it, rounded to blocks: *n_done). */
fel_status hedge_batch_pnl(hedge_batch *batch, const hedge_batch_args *args, size_t n, double *pnl,
                           size_t *n_done);
/* Statistics of the first n paths: cotangents sqrt(curvature of the path's term x scale of finish)
 * for ggn (1 where the measure has none), slope of the term x scale for the empirical Fisher. */
typedef enum hedge_curvature { HEDGE_GGN = 0, HEDGE_FISHER = 1 } hedge_curvature;
fel_status hedge_batch_statistics(hedge_batch *batch, const hedge_batch_args *args,
                                  hedge_curvature kind, size_t n, fel_kfac_stats *const *parts,
                                  size_t n_parts);
/* Parts that statistics of n paths are in: how many stats the caller makes. */
size_t hedge_batch_parts(const hedge_batch *batch, size_t n);

#endif
