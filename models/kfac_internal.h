/* models/kfac_internal.h - the parts of Kronecker-factored curvature.
 *
 * A Kronecker block is the weights of a layer with its bias, V[rows x n] with n = cols + 1 where
 * there is a bias, and its curvature is T A (x) G: A[n x n] of the inputs, G[rows x rows] of the
 * slopes, means over samples and the T dates. G may be split into bands of rows. All state is in
 * double, in one piece of memory that the list of arrays cuts up. */
#ifndef FEL_MODELS_KFAC_INTERNAL_H
#define FEL_MODELS_KFAC_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/kfac_internal.h belongs to models/"
#endif

#include <feller/kfac.h>

#include "core/real.h"

/* The table's rows, optimizer_kfac.c. */
enum {
    KFAC_LEARNING_RATE,
    KFAC_DAMPING,
    KFAC_DAMPING_UNIT,
    KFAC_MIN_DAMPING,
    KFAC_MAX_DAMPING,
    KFAC_ADAPT,
    KFAC_ADAPT_EVERY,
    KFAC_DAMPING_KIND,
    KFAC_TIME_MODEL,
    KFAC_EMA,
    KFAC_FACTORS_EVERY,
    KFAC_INVERSES_EVERY,
    KFAC_MOMENTUM_KIND,
    KFAC_MOMENTUM,
    KFAC_CLIP,
    KFAC_REJECTION,
    KFAC_CURVATURE,
    KFAC_CURVATURE_SHARE,
    KFAC_SPLIT_GATES,
    KFAC_WEIGHT_DECAY,
    KFAC_N_PARAMS
};
/* Choices. */
enum { KFAC_UNIT_MEAN = 0, KFAC_UNIT_ABSOLUTE };
enum { KFAC_EIGEN = 0, KFAC_TIKHONOV };
enum { KFAC_INDEPENDENT = 0, KFAC_OPTION1, KFAC_OPTION2 };
enum { KFAC_MOMENTUM_MODEL = 0, KFAC_MOMENTUM_FIXED };

enum { KFAC_MAX_BANDS = 4, KFAC_NO_PAIR = -1, KFAC_NAME_SIZE = 48 };

/* One factor. What `basis` and `values` are depends on the model of time: kfac_invert.c. */
typedef struct kfac_side {
    size_t n;
    double *factor, *lag; /* lag: E[next now'], NULL where it is not needed */
    double *basis, *values;
    double *shift; /* option 2 alone */
} kfac_side;

typedef struct kfac_pair {
    size_t block; /* of the weights */
    size_t rows, cols, weight, bias;
    int has_bias;
    double ridge; /* weight decay and penalty: added to the damping */
    size_t n_bands;
    kfac_side inputs, slopes[KFAC_MAX_BANDS];
    double *uses;    /* T; 0: nothing was reported of it */
    double *weights; /* options: [rows x n] that coordinates are multiplied with */
} kfac_pair;

/* A block as far as its numbers go. */
typedef struct kfac_span {
    size_t offset, n;
    double decay, ridge;
    int pair; /* or KFAC_NO_PAIR */
} kfac_span;

/* Numbers of the state. */
enum {
    KFAC_STEPS,       /* done, refused ones too */
    KFAC_UPDATES,     /* of factors */
    KFAC_INVERSIONS,  /* of factors */
    KFAC_NOW,         /* damping; 0: not known before the first statistics */
    KFAC_UNIT,        /* what damping is measured in */
    KFAC_TEST_IS_DUE, /* the step before was refused */
    KFAC_SAMPLES,     /* behind the latest statistics */
    KFAC_N_NUMBERS
};

typedef struct kfac_array {
    char name[KFAC_NAME_SIZE];
    double *values;
    size_t n;
} kfac_array;

struct fel_kfac {
    fel_optimizer_config config;
    size_t n_uses, n_params, n_spans, n_pairs, n_arrays;
    kfac_span *spans;
    kfac_pair *pairs;
    fel_block_info *blocks; /* n_spans; names borrowed */
    kfac_array *arrays;
    double *memory;
    /* In memory, listed in arrays. */
    double *numbers;   /* KFAC_N_NUMBERS */
    double *last_step; /* n_params */
    double *squares;   /* n_params: mean squared gradient, for what has no Kronecker block */
    /* Not kept. */
    double *room;                        /* for kfac_apply(): 3 of the largest block */
    double *gradient, *direction, *step; /* n_params each */
    void *given, *before, *vectors[2];   /* n_params, float or double */
    int n_retries;                       /* of the latest inversion */
};

static inline double kfac_param(const fel_kfac *kfac, int row)
{
    return kfac->config.params[row];
}
static inline int kfac_choice(const fel_kfac *kfac, int row)
{
    return (int)kfac->config.params[row];
}
static inline int kfac_has_lag(const fel_kfac *kfac)
{
    return kfac_choice(kfac, KFAC_TIME_MODEL) != KFAC_INDEPENDENT;
}
static inline size_t kfac_band_rows(const kfac_pair *pair)
{
    return pair->n_bands > 1 ? pair->rows / pair->n_bands : pair->rows;
}
/* Damping of now: before it is known, what the table says. */
double kfac_damping(const fel_kfac *kfac);
const char *kfac_name(const fel_kfac *kfac, const kfac_pair *pair);

/* ---- statistics: kfac_stats.c ---------------------------------------------------------------- */

/* Sums of one pair over uses: upper triangles of inputs and slopes, all of the lagged ones. */
typedef struct kfac_sums {
    double count; /* uses x samples */
    double *inputs, *slopes, *inputs_lag, *slopes_lag;
    /* The use before (the next date), where time matters. */
    size_t kept_n, kept_date, kept_room;
    void *kept_inputs, *kept_slopes;
} kfac_sums;

struct fel_kfac_stats {
    const fel_kfac *kfac;
    int is_double, is_out_of_memory;
    double n_samples;
    kfac_sums *sums; /* of each pair */
    double *memory;
    size_t n_memory;
    void *products; /* room for the largest product */
    void *with_one; /* inputs with a column of ones */
    size_t with_one_room;
};

/* Into sums[cols x cols] (rows of `first`): first' second, or the square's upper triangle. */
typedef struct kfac_product {
    size_t n, first_cols, second_cols;
    const void *first, *second; /* second NULL: the square */
    size_t first_stride, second_stride;
    double *sums;
    void *room;
} kfac_product;
void kfac_add_product_f32(const kfac_product *product);
void kfac_add_product_f64(const kfac_product *product);
void kfac_append_one_f32(size_t n, size_t cols, const void *in, void *out);
void kfac_append_one_f64(size_t n, size_t cols, const void *in, void *out);

/* ---- inverses and their use ------------------------------------------------------------------ */

/* direction = (curvature + damping)^-1 gradient, n_params doubles: kfac_apply.c */
void kfac_apply(const fel_kfac *kfac, const double *gradient, double *direction);

/* Options 1 and 2: whitened chains of dates, kfac_time.c. eta: added to the factor. */
fel_status kfac_chain_side(const fel_kfac *kfac, const kfac_side *side, double eta);
void kfac_chain_weights(const fel_kfac *kfac, kfac_pair *pair);

#endif
