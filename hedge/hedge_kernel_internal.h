/* hedge/hedge_kernel_internal.h - kernels of the pass: name_f32 and name_f64 (of network numbers),
 * or name (of doubles alone), call the kernel at the level of vector instructions in use.
 *
 * In NAME_kernel.c: void KERNEL(name_of)(args) { ... }; in one plain file: HEDGE_KERNEL_DEFINE. */
#ifndef FEL_HEDGE_KERNEL_INTERNAL_H
#define FEL_HEDGE_KERNEL_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedge_kernel_internal.h belongs to hedge/"
#endif

#include <stddef.h>

#include "core/cpu.h"
#include "core/real.h"

#define HEDGE_KERNEL(name, args)                                                                   \
    KERNEL_DECLARE(void, name##_of, f32, args);                                                    \
    KERNEL_DECLARE(void, name##_of, f64, args);                                                    \
    void name##_f32 args;                                                                          \
    void name##_f64 args
#define HEDGE_KERNEL_F64(name, args)                                                               \
    KERNEL_DECLARE(void, name##_of, f64, args);                                                    \
    void name args

#define HEDGE_KERNEL_ONE_(name, symbol, precision, args, call)                                     \
    void symbol args                                                                               \
    {                                                                                              \
        static void(*const table[CPU_N_LEVELS]) args = KERNEL_LEVELS(name##_of, precision);        \
        table[cpu_level_now()] call;                                                               \
    }
#define HEDGE_KERNEL_DEFINE(name, args, call)                                                      \
    HEDGE_KERNEL_ONE_(name, name##_f32, f32, args, call)                                           \
    HEDGE_KERNEL_ONE_(name, name##_f64, f64, args, call)
#define HEDGE_KERNEL_DEFINE_F64(name, args, call) HEDGE_KERNEL_ONE_(name, name, f64, args, call)

/* ---- gains and costs: pass_tally_kernel.c; rows are of n paths --------------------------------
 */

/* gains += position (up next - down now). */
typedef struct tally_gain {
    size_t n;
    const double *position, *now, *next;
    double down, up;
    double *gains;
} tally_gain;
HEDGE_KERNEL_F64(tally_gain_add, (const tally_gain *job));

/* A trade's cost without its fixed part: |d| (linear price + flat + quadratic |d| price), d = after
 * - before. */
typedef struct tally_cost {
    size_t n;
    const double *before, *after, *price;
    double linear, flat, quadratic, growth;
    double *out;
} tally_cost;
HEDGE_KERNEL_F64(tally_cost_add, (const tally_cost *job));   /* out += growth cost */
HEDGE_KERNEL_F64(tally_cost_slope, (const tally_cost *job)); /* out = growth d cost / d d */
HEDGE_KERNEL_F64(tally_turn_add, (const tally_cost *job));   /* out += |d| price */

/* The way back through a date: d_position = d_after + d_gains (up next - down now) + d_cost slope,
 * and to the position before: d_before = - d_cost slope. slope NULL: no costs. */
typedef struct tally_back {
    size_t n;
    const double *now, *next, *slope, *d_gains, *d_cost, *d_after;
    double down, up;
    double *d_position, *d_before;
} tally_back;
HEDGE_KERNEL_F64(tally_go_back, (const tally_back *job));

/* ---- at the network's border: head_kernel.c ---------------------------------------------------
 */

/* numbers[i][column] = (row[i] - shift) scale. */
typedef struct column_job {
    size_t n, step, column;
    const double *row;
    double shift, scale;
    void *numbers;
} column_job;
HEDGE_KERNEL(column_put, (const column_job *job));
/* sum[i] += numbers[i][column] scale. */
typedef struct column_sum {
    size_t n, step, column;
    const void *numbers;
    double scale;
    double *sum;
} column_sum;
HEDGE_KERNEL(column_add, (const column_sum *job));

/* Outputs to positions of one instrument, whose output is in column `first` (bands: first, first +
 * 1), and slopes back. base NULL: 0. */
typedef struct head_job {
    size_t n, step, first;
    int bound; /* fel_hedge_bound */
    const void *outputs;
    const double *base, *before;
    double unit, low, high;
    double *position;
    /* Back. */
    const double *d_position;
    double *d_before; /* +=; bands */
    void *d_outputs;
} head_job;
HEDGE_KERNEL(head_plain, (const head_job *job));
HEDGE_KERNEL(head_plain_back, (const head_job *job));
HEDGE_KERNEL(head_band, (const head_job *job));
HEDGE_KERNEL(head_band_back, (const head_job *job));

/* out = factor x the sum of parts in their order: [n_parts][n]. */
typedef struct part_sum {
    size_t n, n_parts;
    const void *parts;
    double factor;
    void *out;
} part_sum;
HEDGE_KERNEL(part_add, (const part_sum *job));

#endif
