/* feller/optimizer.h - how parameters move along a gradient: optimisers in one table, schedules of
 * the learning rate in another, clipping, averaging.
 *
 * An optimiser works on one flat vector of parameters, float or double, that the caller owns, and
 * knows its blocks. What it keeps between steps is a list of named arrays, so that a checkpoint can
 * hold it. The same bits for any number of threads. docs/training.md has every formula with its
 * source. */
#ifndef FEL_OPTIMIZER_H
#define FEL_OPTIMIZER_H

#include <feller/base.h>
#include <feller/model.h>

FEL_BEGIN_DECLS

/* ---- the table ------------------------------------------------------------------------------- */

enum { FEL_OPTIMIZER_MAX_PARAMS = 24, FEL_SCHEDULE_MAX_PARAMS = 8 };

/* Flags. */
enum {
    FEL_OPTIMIZER_NEEDS_LOSS = 1, /* reads the loss of the batch and a bound below it */
    /* Reads, for each use of each weight block in a batch, the inputs that it was multiplied with
     * and the derivatives of the loss by what came out: what Kronecker-factored curvature is made
     * of. fel_optimizer_step_*() refuses such a class; kfac.h makes its steps. */
    FEL_OPTIMIZER_NEEDS_LAYERS = 2
};

/* An optimiser as a table row: sgd, adam, adamw, nadam, rmsprop, momo, momo_adam, kfac. */
typedef struct fel_optimizer_class fel_optimizer_class;

typedef struct fel_optimizer_info {
    const char *name;             /* "adamw" */
    const char *summary;          /* one line, no full stop */
    const char *formula;          /* in letters that docs/training.md explains */
    const fel_param_spec *params; /* the first is learning_rate */
    size_t n_params;
    uint32_t flags;
    uint32_t reserved;
} fel_optimizer_info;

FEL_API const fel_optimizer_class *const *fel_optimizer_classes(size_t *n);
FEL_API const fel_optimizer_info *fel_optimizer_class_info(const fel_optimizer_class *code);
/* ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_optimizer_find(const char *name,
                                                    const fel_optimizer_class **out);

/* ---- schedules ------------------------------------------------------------------------------- */

/* What the learning rate is multiplied with as training goes on: constant, step, cosine. Each has
 * the rows warmup_epochs and warmup_from: before its own course begins, the factor rises in a line
 * from warmup_from to 1. */
typedef struct fel_schedule_class {
    const char *name;
    const char *summary;
    const char *formula;
    const fel_param_spec *params;
    size_t n_params;
    /* After `epochs` of `n_epochs`, both without the warm-up. */
    double (*factor)(const double *params, double epochs, double n_epochs);
} fel_schedule_class;

/* A schedule with its parameter values; plain data. */
typedef struct fel_schedule {
    const fel_schedule_class *code;
    double params[FEL_SCHEDULE_MAX_PARAMS];
} fel_schedule;

FEL_API const fel_schedule_class *const *fel_schedule_classes(size_t *n);
/* A schedule by name with its parameters at their defaults; ERR_NOTFOUND names the nearest. */
FEL_API FEL_NODISCARD fel_status fel_schedule_find(const char *name, fel_schedule *out);
/* The factor of step 0, 1, 2, ... of n_epochs of steps_per_epoch steps each (both > 0). */
FEL_API double fel_schedule_factor(const fel_schedule *schedule, uint64_t step,
                                   uint64_t steps_per_epoch, uint64_t n_epochs);

/* ---- one optimiser --------------------------------------------------------------------------- */

/* Averages of the parameters over steps, which often do better than the last ones. */
typedef enum fel_average_kind {
    FEL_AVERAGE_NONE = 0,
    /* After step t = 1, 2, ...: average += (1 - min(decay, (t - 1) / t)) (parameters - average). */
    FEL_AVERAGE_EMA = 1,
    /* The mean of what fel_optimizer_average_add_*() was given: SWA. */
    FEL_AVERAGE_SWA = 2,
    FEL_AVERAGE_N_KINDS = 3
} fel_average_kind;

typedef struct fel_optimizer_config {
    uint32_t struct_size;
    int decay_all; /* weight decay on every block; 0: on FEL_BLOCK_WEIGHT alone */
    const fel_optimizer_class *code;
    double params[FEL_OPTIMIZER_MAX_PARAMS]; /* in the order of the class's table */
    double clip_value;                       /* each derivative within +- this; 0: as it is */
    double clip_norm; /* then the gradient's Euclidean norm at most this; 0: as it is */
    fel_average_kind average;
    int n_threads; /* 0: all cores */
    double average_decay;
} fel_optimizer_config;

/* A class with its defaults: no clipping, no average (decay 0.999 if one is asked for), 1 thread.
 */
FEL_API fel_optimizer_config fel_optimizer_config_default(const fel_optimizer_class *code);
/* ERR_RANGE with the name and what is allowed. */
FEL_API FEL_NODISCARD fel_status fel_optimizer_check(const fel_optimizer_config *config);

typedef struct fel_optimizer fel_optimizer;

/* For parameters that consist of these blocks: one after the other, from 0, without gaps. Their
 * names are borrowed for as long as the optimiser lives. */
FEL_API FEL_NODISCARD fel_status fel_optimizer_create_f32(fel_optimizer **out,
                                                          const fel_optimizer_config *config,
                                                          const fel_block_info *blocks,
                                                          size_t n_blocks);
FEL_API FEL_NODISCARD fel_status fel_optimizer_create_f64(fel_optimizer **out,
                                                          const fel_optimizer_config *config,
                                                          const fel_block_info *blocks,
                                                          size_t n_blocks);
FEL_API void fel_optimizer_destroy(fel_optimizer *optimizer); /* NULL is allowed */

/* What a step is told beside the gradient. */
typedef struct fel_optimizer_input {
    uint32_t struct_size;
    uint32_t reserved;
    double rate_factor; /* of the schedule */
    double loss;        /* of the batch, with penalties; these two are read by classes that */
    double loss_bound;  /* NEEDS_LOSS alone: what it cannot fall below, fel_loss_bound() */
} fel_optimizer_input;

/* What a step says. */
typedef struct fel_optimizer_report {
    double gradient_norm; /* after clip_value, before clip_norm */
    double step_size;     /* learning rate x factor; momo: what was taken of it, tau */
} fel_optimizer_report;

/* Move params along -gradient. ERR_RANGE, params and state as before, if the gradient's norm is not
 * finite, or a loss or bound that is needed is not. report: NULL is allowed. */
FEL_API FEL_NODISCARD fel_status fel_optimizer_step_f32(fel_optimizer *optimizer,
                                                        const fel_optimizer_input *input,
                                                        const float *gradient, float *params,
                                                        fel_optimizer_report *report);
FEL_API FEL_NODISCARD fel_status fel_optimizer_step_f64(fel_optimizer *optimizer,
                                                        const fel_optimizer_input *input,
                                                        const double *gradient, double *params,
                                                        fel_optimizer_report *report);

/* One more set of parameters for an average of kind SWA; nothing for other kinds. */
FEL_API void fel_optimizer_average_add_f32(fel_optimizer *optimizer, const float *params);
FEL_API void fel_optimizer_average_add_f64(fel_optimizer *optimizer, const double *params);
/* The average so far; NULL if there is none (yet). Borrowed until the next step or add. */
FEL_API const float *fel_optimizer_average_f32(const fel_optimizer *optimizer);
FEL_API const double *fel_optimizer_average_f64(const fel_optimizer *optimizer);

/* ---- what it keeps --------------------------------------------------------------------------- */

/* An array of the state; writing what was read from another optimiser of the same config and blocks
 * makes this one go on as that one would, bit for bit. */
typedef struct fel_optimizer_array {
    const char *name;    /* "first_moment" */
    void *values;        /* float if element_size is 4, double if it is 8 */
    size_t n;            /* numbers */
    size_t element_size; /* bytes of one */
} fel_optimizer_array;

FEL_API size_t fel_optimizer_count_arrays(const fel_optimizer *optimizer);
FEL_API fel_optimizer_array fel_optimizer_array_at(fel_optimizer *optimizer, size_t index);

FEL_END_DECLS
#endif
