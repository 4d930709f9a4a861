/* models/optimizer_internal.h - the rows of the table of optimisers, what they share, and the
 * kernels that pass over parameters.
 *
 * Parameters are passed over in pieces: at most OPTIMIZER_PIECE numbers of one block. Pieces depend
 * on the blocks alone; sums are taken within a piece, then over pieces in their order, so the
 * number of threads changes no bits. */
#ifndef FEL_MODELS_OPTIMIZER_INTERNAL_H
#define FEL_MODELS_OPTIMIZER_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/optimizer_internal.h belongs to models/"
#endif

#include <feller/optimizer.h>

#include "core/real.h"

enum {
    OPTIMIZER_PIECE = 8192,
    OPTIMIZER_MAX_ARRAYS = 3,  /* of a class; the average comes on top */
    OPTIMIZER_MAX_SCALARS = 6, /* of a class; the number of steps comes on top */
    OPTIMIZER_N_SUMS = 3,
    OPTIMIZER_N_NUMBERS = 12
};

/* One pass over one piece. Pointers are to float or double by the kernel called. */
typedef struct optimizer_pass {
    size_t n;
    const void *gradient;
    void *params;
    void *arrays[OPTIMIZER_MAX_ARRAYS]; /* of the class, in its order; NULL: not kept */
    void *average;
    double limit;    /* of each derivative; infinite: none */
    double scale;    /* then multiplied with this */
    double decay;    /* of this piece: 0 or the class's weight decay */
    const double *c; /* numbers of the kernel: enums below */
    double sums[OPTIMIZER_N_SUMS];
} optimizer_pass;

typedef void optimizer_kernel_fn(optimizer_pass *pass);

#define OPTIMIZER_KERNELS(X)                                                                       \
    X(gradient_norm)                                                                               \
    X(move_sgd)                                                                                    \
    X(move_adam)                                                                                   \
    X(move_nadam)                                                                                  \
    X(move_rmsprop)                                                                                \
    X(gather_momo)                                                                                 \
    X(move_momo)                                                                                   \
    X(add_average)

#define OPTIMIZER_DECLARE(name)                                                                    \
    KERNEL_DECLARE(void, name##_of, f32, (optimizer_pass *));                                      \
    KERNEL_DECLARE(void, name##_of, f64, (optimizer_pass *));                                      \
    optimizer_kernel_fn *optimizer_##name(int is_double);
OPTIMIZER_KERNELS(OPTIMIZER_DECLARE)

/* Numbers of the kernels, optimizer_pass.c. */
enum { SGD_RATE, SGD_MOMENTUM, SGD_NESTEROV, SGD_FIRST };
enum { ADAM_RATE, ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, ADAM_STEP, ADAM_ROOT, ADAM_DECOUPLED };
enum { NADAM_BETA1, NADAM_BETA2, NADAM_EPSILON, NADAM_ROOT, NADAM_NOW, NADAM_NEXT };
enum { RMS_RATE, RMS_ALPHA, RMS_EPSILON, RMS_MOMENTUM };
enum { MOMO_BETA1, MOMO_GAIN, MOMO_BETA2, MOMO_EPSILON, MOMO_ROOT, MOMO_TAU, MOMO_ALPHA };
enum { AVERAGE_SHARE };
/* Arrays of the kernels, optimizer_pass.arrays. */
enum { ARRAY_FIRST = 0, ARRAY_SECOND = 1, ARRAY_THIRD = 2 };
/* Sums of gather_momo. */
enum { SUM_GRADIENT_PARAMS, SUM_MEAN_PARAMS, SUM_MEAN_MEAN };

/* ---- classes --------------------------------------------------------------------------------- */

/* An array as long as the parameters. */
typedef struct optimizer_slot {
    const char *name;
    size_t only_if; /* kept only if the parameter of this number is not 0 */
} optimizer_slot;
#define OPTIMIZER_ALWAYS ((size_t)-1)

/* What one step of a class knows. */
typedef struct optimizer_step {
    const fel_optimizer_input *input;
    const double *params; /* of the class */
    double rate;          /* learning rate x factor */
    double t;             /* 1, 2, ... */
    double *scalars;      /* of the class, kept */
    double step_size;     /* set to rate before; for the report */
    const void *gradient;
    void *values; /* the parameters */
    double scale;
} optimizer_step;

struct fel_optimizer_class {
    fel_optimizer_info info;
    const optimizer_slot *slots;
    size_t n_slots;
    const char *const *scalars;
    size_t n_scalars;
    size_t decay_param;                        /* number of weight_decay */
    fel_status (*check)(const double *params); /* what the table cannot say; NULL: nothing */
    fel_status (*step)(fel_optimizer *optimizer, optimizer_step *step);
};

extern const fel_optimizer_class optimizer_sgd, optimizer_adam, optimizer_adamw, optimizer_nadam;
extern const fel_optimizer_class optimizer_rmsprop, optimizer_momo, optimizer_momo_adam;
extern const fel_optimizer_class optimizer_kfac; /* refuses steps: kfac.h makes them */

/* Parameters were moved otherwise (kfac.h): counts the step and adds to the average. */
void optimizer_moved(fel_optimizer *optimizer, const void *params);

/* ---- passes: optimizer_pass.c ---------------------------------------------------------------- */

/* One piece's place and sums. */
typedef struct optimizer_piece {
    size_t offset, n;
    int decays;
    double sums[OPTIMIZER_N_SUMS];
} optimizer_piece;

struct fel_optimizer {
    fel_optimizer_config config;
    int is_double;
    size_t element_size, n_params, n_pieces;
    optimizer_piece *pieces;
    void *arrays[OPTIMIZER_MAX_ARRAYS]; /* NULL: not kept */
    void *average;
    double n_steps, n_averaged;
    double scalars[OPTIMIZER_MAX_SCALARS];
};

/* The kernel on every piece, on the optimiser's threads; sums stay in the pieces. */
void optimizer_run(fel_optimizer *optimizer, optimizer_kernel_fn *kernel,
                   const optimizer_step *step, const double *c);

#endif
