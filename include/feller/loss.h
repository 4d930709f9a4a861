/* feller/loss.h - what training makes small: losses with their gradients in one table, each with
 * its parameters.
 *
 * A loss is a pure function of a batch: outputs of a model, targets, weights. Everything is in
 * double (a trainer in float converts its outputs; that costs nothing beside the model). Sums are
 * compensated and in a fixed order: the same bits on any thread. docs/losses.md has every formula
 * with its source and says which one to use when. */
#ifndef FEL_LOSS_H
#define FEL_LOSS_H

#include <feller/base.h>

FEL_BEGIN_DECLS

/* What an output means. Later versions may add kinds. */
typedef enum fel_loss_kind {
    FEL_LOSS_REGRESSION = 0,     /* an estimate of the target */
    FEL_LOSS_DIRECTION = 1,      /* a score: its sign is the bet, the target the realised return */
    FEL_LOSS_CLASSIFICATION = 2, /* logits; the target is a class or the probability of one */
    FEL_LOSS_TRADING = 3,        /* makes a position that earns the target, a return, less costs */
    FEL_LOSS_RANKING = 4,        /* a score; the target says what belongs above what */
    FEL_LOSS_N_KINDS = 5
} fel_loss_kind;

/* Which targets belong to the outputs of a sample. */
typedef enum fel_loss_shape {
    FEL_LOSS_EACH = 0,  /* one for each output */
    FEL_LOSS_CLASS = 1, /* one: the number of the right output, from 0; two outputs or more */
    FEL_LOSS_SCORE = 2  /* one target, one output */
} fel_loss_shape;

/* Flags. */
enum {
    FEL_LOSS_HAS_GRADIENT = 1, /* not set: the gradient is 0 throughout; for selection only */
    FEL_LOSS_STAND_IN = 2,     /* the gradient is another function's, as straight-through ones */
    FEL_LOSS_ORDERED = 4,      /* reads the order in time */
    FEL_LOSS_GROUPED = 8,      /* compares samples within groups */
    FEL_LOSS_DIVERGES = 16 /* falls without end as outputs grow: for reports, not for training */
};

/* Samples are rows. Nothing is owned. A row with weight 0 is left out altogether: its outputs and
 * targets are not read and may be NaN. */
typedef struct fel_loss_batch {
    uint32_t struct_size;
    uint32_t reserved;
    size_t n, n_outputs, n_targets;
    const double *outputs; /* n x n_outputs */
    const double *targets; /* n x n_targets */
    const double *weights; /* n, >= 0, not all 0; NULL: 1 each. Only their ratios matter */
    /* The rows in order of time: order[k] comes k-th; NULL: as they are. A shuffled batch needs it
     * for losses that are FEL_LOSS_ORDERED. */
    const size_t *order;
    /* Places group_starts[g] .. group_starts[g + 1] of that order are one group: the cross-section
     * of one instant (ranking) or one stretch of time (trading, each begins anew). n_groups + 1
     * numbers from 0 to n; NULL: one group. */
    const size_t *group_starts;
    size_t n_groups;
    /* Trading: positions held before the first sample of each group, n_groups x n_outputs (1 x
     * n_outputs without groups); NULL: none. */
    const double *positions_before;
} fel_loss_batch;

/* A batch of rows in order, one group, weights 1. */
static inline fel_loss_batch fel_loss_batch_of(size_t n, const double *outputs, size_t n_outputs,
                                               const double *targets, size_t n_targets)
{
    const fel_loss_batch batch = {(uint32_t)sizeof(fel_loss_batch),
                                  0,
                                  n,
                                  n_outputs,
                                  n_targets,
                                  outputs,
                                  targets,
                                  NULL,
                                  NULL,
                                  NULL,
                                  0,
                                  NULL};
    return batch;
}

enum { FEL_LOSS_MAX_PARAMS = 8 };

typedef struct fel_loss_class {
    uint32_t struct_size;
    fel_loss_kind kind;
    fel_loss_shape shape;
    uint32_t flags;
    const char *name;    /* "gmadl" */
    const char *summary; /* one line, no full stop */
    const char *formula; /* in letters that docs/losses.md explains */
    const fel_param_spec *params;
    size_t n_params;
    /* What `term` needs where it gives NaN, "targets other than 0"; NULL: nothing. */
    const char *domain;
    /* Either the loss is a weighted mean of terms, one for each output: its value, and its
     * derivative by the output in *slope. NaN outside `domain`. Terms make the loss series of a
     * Diebold-Mariano test. */
    double (*term)(const double *params, double target, double output, double *slope);
    /* Or it is made of the batch as a whole. The batch is sound, gradient (NULL: not wanted) is
     * all 0. */
    fel_status (*whole)(const double *params, const fel_loss_batch *batch, double *value,
                        double *gradient);
    /* A value that the loss cannot fall below on these targets and weights, -infinity if none is
     * known; NULL: 0. */
    double (*bound)(const double *params, const fel_loss_batch *batch);
} fel_loss_class;

/* A loss with its parameter values; plain data. */
typedef struct fel_loss {
    const fel_loss_class *code;
    double params[FEL_LOSS_MAX_PARAMS];
} fel_loss;

/* All losses, static storage. */
FEL_API const fel_loss_class *const *fel_loss_classes(size_t *n);

/* A loss by name with its parameters at their defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_loss_find(const char *name, fel_loss *out);

/* The value and, unless gradient is NULL, its derivatives by every output (n x n_outputs, 0 in
 * rows of weight 0). ERR_SHAPE: sizes that do not fit; ERR_RANGE: a number that is not finite, a
 * parameter or target that is not allowed, weights that are all 0, nothing to divide by, a value
 * or gradient that overflows. After a failure *value is as before, the gradient unspecified. */
FEL_API FEL_NODISCARD fel_status fel_loss_eval(const fel_loss *loss, const fel_loss_batch *batch,
                                               double *value, double *gradient);

/* A value that the loss cannot fall below whatever the outputs are (which are not read), -infinity
 * if none is known: what optimisers with Polyak steps ask for. Errors as above. */
FEL_API FEL_NODISCARD fel_status fel_loss_bound(const fel_loss *loss, const fel_loss_batch *batch,
                                                double *bound);

FEL_END_DECLS
#endif
