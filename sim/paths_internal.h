/* sim/paths_internal.h - how a block of simulated paths is made: sources of normals, steps of a
 * scheme, and the counters that keep every draw apart.
 *
 * A generator works on blocks of paths, PATH_BLOCK of them (FEL_PATH_GROUP with moment matching),
 * that begin at a multiple of PATH_ALIGN and are a multiple of it long. For each step
 *
 *   1. a source sets z[driver] to n standard normals for every driver (pseudo or Sobol), which are
 *      mirrored (antithetic), matched (moments) and correlated;
 *   2. for each asset the step function of the scheme turns v into v_next and adds to x;
 *   3. jumps are added to x; at dates the outputs are written.
 *
 * Everything is elementwise over paths: no value depends on a neighbour's, so block sizes, threads
 * and vector widths do not show in the bits (moment matching: but for its own group).
 *
 * COUNTERS. A draw is a word of the Philox 4x32-10 block with key = seed and counter
 *   {path low, path high, step, draw}
 * step = 0 .. n_dates n_substeps - 1 (below 2^32, checked). The 32-bit `draw` says what for:
 *   DRAW_NORMALS + j            normals of drivers 2j and 2j + 1
 *   DRAW_JUMPS + a              asset a: jumps of this step (count, size)
 *   DRAW_QUASI + ...            random shifts of Sobol points; path = replicate, step = dimension
 *   DRAW_SCHEME | a << 24 | i   asset a: i-th block of a scheme that takes as many as it needs,
 *                               i < 2^24 (exact variance, gamma expansion)
 * In double a path's normals 2j and 2j + 1 are the 64-bit halves (words 0, 1 and words 2, 3; the
 * lower word first) of the block with its path index. In float a block serves the two paths 2k and
 * 2k + 1 and its path index is k: path 2k + i has driver 2j from word i, driver 2j + 1 from word
 * 2 + i. Jumps are laid out as the normals of two drivers. Draws of DRAW_SCHEME use the path's own
 * index in both precisions. With antithetic the normals' path index is that of the pair. */
#ifndef FEL_SIM_PATHS_INTERNAL_H
#define FEL_SIM_PATHS_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/paths_internal.h belongs to sim/"
#endif

#include <feller/paths.h>

#include "core/cpu.h"
#include "core/real.h"

enum {
    PATH_BLOCK = 256,         /* paths worked on at a time: their state stays in the L1 cache */
    PATH_ALIGN = 128,         /* a block's first path and length are multiples of this */
    PATH_MAX_DRIVERS = 128,   /* 2 FEL_PATH_MAX_ASSETS */
    PATH_N_CONSTANTS = 24,    /* of a scheme, for an asset */
    PATH_N_SCRATCH = 8,       /* arrays of n reals that a step may write over */
    PATH_MAX_STEP_JUMPS = 500 /* expected jumps of one step: more need more sub-steps */
};

#define DRAW_NORMALS UINT32_C(0x00000000)
#define DRAW_JUMPS   UINT32_C(0x01000000)
#define DRAW_QUASI   UINT32_C(0x40000000)
#define DRAW_SCHEME  UINT32_C(0x80000000)

static inline uint32_t draw_of_scheme(uint32_t asset, uint32_t index)
{
    return DRAW_SCHEME | asset << 24 | index;
}

/* ---- one asset, as a step sees it ------------------------------------------------------------ */

/* Constants of one asset for the length of a step; read-only once made. x is ln(S / F) where F_t =
 * S_0 exp(drift t) compensated for jumps: the drift is applied in double where S is written. */
typedef struct asset_law {
    fel_process process;
    double dt_years;
    double drift_per_year;    /* r - q, or the physical drift; not compensated for jumps */
    uint32_t index;           /* of the asset */
    uint32_t driver_price;    /* which z is the price's (see step_args) */
    uint32_t driver_variance; /* which z is the variance's; only if has_variance */
    uint8_t has_variance, has_jumps;
    double c[PATH_N_CONSTANTS]; /* the scheme's, numbered by an enum of its own */
    void *table;                /* the scheme's, from malloc; NULL for none; freed with the law */
    double *jump_tails;         /* P(N > k) of a step, k = 0 .., down to 0; NULL without jumps */
    uint32_t n_jump_tails;
} asset_law;

/* What a step reads and writes: arrays of n reals (float or double by the kernel), 64-byte aligned,
 * none overlapping. z_price is the part of the price's Brownian motion that is independent of the
 * variance's: W_S = rho z_variance + sqrt(1 - rho^2) z_price, both standard normals here. */
typedef struct step_args {
    const asset_law *law;
    size_t n; /* a multiple of PATH_ALIGN */
    const void *z_price;
    const void *z_variance;    /* NULL unless the scheme uses it, as the next; TAIL_SERVES */
    const void *tail_variance; /* 1 - Phi(z_variance), accurate in both tails */
    const void *v;             /* the scheme's variance at the start of the step; v0 at first */
    void *v_next;              /* out: at its end; shown as max(v, 0) */
    void *area;                /* out: integral of v over the step, by the scheme's rule */
    void *x;                   /* in and out */
    void *scratch;             /* PATH_N_SCRATCH arrays, one after the other */
    uint64_t seed, first_path; /* with step: for schemes that make draws of their own */
    uint32_t step;
} step_args;

typedef void step_fn(const step_args *args);

/* A scheme without USES_Z_VARIANCE draws its variance by itself: its assets then have no variance
 * driver, and no correlation between variances or of a variance with another asset is possible. */
enum {
    USES_Z_VARIANCE = 1,
    USES_TAIL_VARIANCE = 2,
    LONE_VARIANCE = 4, /* no correlation of the variance with another asset: sim/exact_check.c */
    LONE_PRICE = 8,    /* nor of the price */
    TAIL_SERVES = 16   /* in double, z_variance may be NULL: tail_variance says all */
};

/* A scheme for assets with a variance of their own (xi > 0; for xi = 0 and for gbm and Merton
 * there is scheme_sure and scheme_gbm whatever was asked for). */
typedef struct scheme_class {
    uint32_t uses;
    /* Fills law->c (and law->table) from law->process and law->dt_years. */
    fel_status (*prepare)(asset_law *law);
    step_fn *f32[CPU_N_LEVELS], *f64[CPU_N_LEVELS];
} scheme_class;

extern const scheme_class scheme_gbm, scheme_sure;
extern const scheme_class scheme_euler, scheme_milstein, scheme_qe, scheme_qe_m;
extern const scheme_class scheme_exact_variance, scheme_exact;
/* The row of the table (sim/scheme_table.c); NULL for a scheme that is none. */
const scheme_class *scheme_of(fel_scheme scheme);

/* ---- sources of normals ---------------------------------------------------------------------- */

typedef enum path_precision { PATH_F32 = 0, PATH_F64 = 1 } path_precision;

/* What a source is asked for. n_steps and n_drivers are the whole simulation's. */
typedef struct source_plan {
    const fel_path_config *config;
    uint32_t n_drivers, n_steps;
    path_precision precision;
    cpu_level level;
    size_t max_paths;          /* longest block */
    const uint8_t *needs_tail; /* [driver]: is 1 - Phi(z) wanted? */
    const uint8_t *tail_alone; /* [driver]: in double, z may stay NULL where its tail is given */
    const void *shared;        /* what the source's prepare made: read-only, shared by threads */
} source_plan;

/* A source belongs to one thread. For antithetic draws it is asked for half a block, by the index
 * of the pair. */
typedef struct source_class {
    /* Once a generator: tables shared by threads, *shared from malloc (or NULL); may be NULL. */
    fel_status (*prepare)(void **shared, const fel_path_config *config, uint32_t n_drivers,
                          uint32_t n_steps);
    void (*release)(void *shared); /* may be NULL */
    /* Once a thread: its work area. */
    fel_status (*open)(void **state, const source_plan *plan);
    void (*close)(void *state);
    /* Once a block: n paths (a multiple of PATH_ALIGN / 2) from first_path. */
    fel_status (*begin)(void *state, uint64_t first_path, size_t n);
    /* Once a step, in order 0, 1 ..: z[driver] points to n reals that stay until the next call;
     * they may be overwritten by the caller. tail[driver], where the source knows 1 - Phi(z)
     * exactly and for nothing, else it sets tail[driver] = NULL. */
    void (*step)(void *state, uint32_t step, void **z, void **tail);
} source_class;

extern const source_class source_pseudo;
/* The source for these draws (sim/source_table.c); NULL for draws that are none. */
const source_class *source_of(fel_draws draws);

/* ---- kernels on buffers (sim/NAME_kernel.c), by precision and level -------------------------- */

/* Normals of a pair of drivers, see COUNTERS: z_a and tail_a = 1 - Phi(z_a) of driver 2j, z_b of
 * 2j + 1. Each may be NULL. */
typedef struct philox_args {
    uint64_t seed, first_path;
    uint32_t step, draw;
    size_t n; /* a multiple of PATH_ALIGN / 2 */
    void *z_a, *z_b, *tail_a, *tail_b;
} philox_args;
typedef void philox_fn(const philox_args *args);
philox_fn *philox_normals(path_precision precision, cpu_level level);

/* z[i] = standard normal whose distribution function is (1 + u[i]) / 2, -1 < u < 1, 1 - |u| at
 * least 2^-53 (float: 2^-24). In place is allowed. */
typedef void map_fn(const void *in, void *out, size_t n);
map_fn *map_probit(path_precision precision, cpu_level level);
/* out = 1 - Phi(in) */
map_fn *map_normal_tail(path_precision precision, cpu_level level);

/* Antithetic: from n_pairs normals z (and tails unless NULL) at the front of 2 n_pairs reals, in
 * place: z[2i] = z[i], z[2i + 1] = -z[i]; tail[2i + 1] = 1 - tail[i]. (sim/variate_kernel.c) */
typedef void mirror_fn(void *z, void *tail, size_t n_pairs);
mirror_fn *mirror_normals(path_precision precision, cpu_level level);
/* Moment matching: mean 0 and variance 1 over n normals, sums in double, in a fixed order. */
typedef void match_fn(void *z, size_t n);
match_fn *match_moments(path_precision precision, cpu_level level);

/* z[i] = sum over j <= i of row[i (i + 1) / 2 + j] z[j], from the last driver to the first. */
typedef void correlate_fn(const double *row, uint32_t n_drivers, void *const *z, size_t n);
correlate_fn *correlate_normals(path_precision precision, cpu_level level);

/* Adds the jumps of a step to x: their number by the tail of one normal, the sum of
 * their sizes by another. */
typedef void jump_fn(const asset_law *law, const void *tail_count, const void *z_size, void *x,
                     size_t n);
jump_fn *add_jumps(path_precision precision, cpu_level level);

/* What is kept along the path, and written at dates. */
typedef struct path_totals {
    void *x_before, *integral, *realised; /* NULL: not wanted */
    double drift_step;                    /* of ln S over a step beside x */
} path_totals;
typedef void total_fn(const path_totals *totals, const void *x, const void *area, size_t n);
total_fn *add_totals(path_precision precision, cpu_level level);

typedef void emit_fn(const void *from, const void *also, const double c[3], void *to, size_t n);
/* to = c[0] exp(from) */
emit_fn *emit_exp(path_precision precision, cpu_level level);
/* to = c[0] + c[1] max(from, 0) + c[2] also; also may be NULL */
emit_fn *emit_linear(path_precision precision, cpu_level level);

#endif
