/* sim/sobol_internal.h - scrambled Sobol points in up to 21,201 dimensions, any of them by its
 * index.
 *
 * A point is a function of (seed, replicate, index) only. Coordinates are 64-bit fractions of 1. */
#ifndef FEL_SIM_SOBOL_INTERNAL_H
#define FEL_SIM_SOBOL_INTERNAL_H
#ifndef FEL_MODULE_SIM
#error "sim/sobol_internal.h belongs to sim/"
#endif

#include "sim/paths_internal.h"

enum {
    SOBOL_MAX_DIMS = 21201,
    SOBOL_MAX_DEGREE = 18,
    SOBOL_INDEX_BITS = 40 /* points 0 .. 2^40 - 1 */
};

/* What Joe and Kuo publish of one dimension. */
typedef struct sobol_row {
    uint32_t degree; /* s of the primitive polynomial; 0 for dimension 0, van der Corput's */
    uint32_t
        coefficients; /* a: those between the first and the last, the first one's bit highest */
    uint32_t m[SOBOL_MAX_DEGREE]; /* m_1 .. m_s: odd, m_i < 2^i */
} sobol_row;

/* Dimension 0 .. SOBOL_MAX_DIMS - 1 of the table. */
void sobol_table_row(size_t dimension, sobol_row *row);

/* v_1 .. v_40 of a row as fractions of 2^64 (v_k = m_k / 2^k), by the recurrence. */
void sobol_directions(const sobol_row *row, uint64_t v[SOBOL_INDEX_BITS]);

typedef enum sobol_scrambling {
    SOBOL_PLAIN = 0,    /* the sequence itself, which begins with 0; for tests */
    SOBOL_SHIFTED = 1,  /* digital shift */
    SOBOL_SCRAMBLED = 2 /* random lower-triangular matrix (Matousek 1998), then a digital shift: the
                           variance of Owen's nested scrambling (Owen 2003) */
} sobol_scrambling;

/* Immutable once made, shared by threads. */
typedef struct sobol {
    size_t n_dims;
    uint64_t *directions; /* n_dims x SOBOL_INDEX_BITS, scrambled; owned */
    uint64_t *shift;      /* n_dims; owned */
} sobol;

/* ERR_RANGE beyond SOBOL_MAX_DIMS or for none, ERR_NOMEM. */
fel_status sobol_init(sobol *out, size_t n_dims, uint64_t seed, uint32_t replicate,
                      sobol_scrambling scrambling);
void sobol_clear(sobol *points);

/* Coordinate `dimension` of point `index` < 2^40. */
uint64_t sobol_coordinate(const sobol *points, size_t dimension, uint64_t index);

/* ---- kernels (sim/sobol_kernel.c) ------------------------------------------------------------ */

enum { SOBOL_ALIGN = 32 }; /* blocks of points begin at multiples of this and are as long */

/* One dimension of the points first .. first + n - 1 as 2 u - 1, u the middle of one of 2^52 equal
 * cells of (0, 1) (2^23 in float): never -1 nor 1. */
typedef struct sobol_args {
    const uint64_t *directions; /* of the dimension */
    uint64_t start;             /* sobol_coordinate() of point `first` */
    uint64_t first;             /* a multiple of SOBOL_ALIGN */
    size_t n;                   /* a multiple of SOBOL_ALIGN */
    void *out;                  /* n reals */
} sobol_args;
typedef void sobol_fn(const sobol_args *args);
sobol_fn *sobol_uniforms(path_precision precision, cpu_level level);

/* ---- Brownian bridge (sim/bridge.c) ---------------------------------------------------------- */

/* The increment over steps [left, right) becomes those over [left, middle) and [middle, right). */
typedef struct bridge_split {
    uint32_t left, middle, right, reserved;
    double share_left, share_right; /* of the whole increment: their lengths over its own */
    double deviation;               /* of the difference, given the whole */
} bridge_split;

/* The n_steps - 1 splits of n_steps steps of length 1, level by level: splits[i] uses the normal of
 * rank i + 1; rank 0 is the whole, whose factor sqrt(n_steps) is in the first split. */
void bridge_plan(uint32_t n_steps, bridge_split *splits);

/* One split of n paths in place: *left holds the whole increment, *middle a standard normal. */
typedef void bridge_fn(const bridge_split *split, void *left, void *middle, size_t n);
bridge_fn *bridge_step(path_precision precision, cpu_level level);

extern const source_class source_sobol;

#endif
