/* core/real.h - the real type of sources that are compiled once for float and once for double
 * (REAL_BITS 32 or 64, set by the Makefile for *_kernel.c and *_real.c), and the name that tells
 * them apart.
 *
 * KERNEL(step_qe) is step_qe_f32_avx2 and so on (step_qe_f32 in *_real.c); a table of all of them
 * is built with KERNEL_LEVELS. The type never appears in a public header. */
#ifndef FEL_CORE_REAL_H
#define FEL_CORE_REAL_H

#include <stdint.h>

#include "core/cpu.h"

#define KERNEL_JOIN_(name, suffix) name##_##suffix
#define KERNEL_JOIN(name, suffix)  KERNEL_JOIN_(name, suffix)

#ifdef REAL_BITS
#if REAL_BITS == 32
typedef float real;
typedef int32_t real_int; /* as wide as a real */
typedef uint32_t real_word;
#define REAL_C(x)         (x##F)
#define REAL_FMA(a, b, c) __builtin_fmaf((a), (b), (c))
#else
typedef double real;
typedef int64_t real_int;
typedef uint64_t real_word;
#define REAL_C(x)         (x)
#define REAL_FMA(a, b, c) __builtin_fma((a), (b), (c))
#endif
#define KERNEL(name) KERNEL_JOIN(name, KERNEL_SUFFIX)
#endif

/* Declares and lists a kernel at every level: KERNEL_DECLARE(void, step_qe, f64, (args)); then
 * static step_fn *const table[CPU_N_LEVELS] = KERNEL_LEVELS(step_qe, f64). */
#if defined(__x86_64__)
#define KERNEL_DECLARE(type, name, precision, args)                                                \
    type name##_##precision##_base args;                                                           \
    type name##_##precision##_avx2 args;                                                           \
    type name##_##precision##_avx512 args
#define KERNEL_LEVELS(name, precision)                                                             \
    {                                                                                              \
        name##_##precision##_base, name##_##precision##_avx2, name##_##precision##_avx512          \
    }
#else
#define KERNEL_DECLARE(type, name, precision, args) type name##_##precision##_base args
#define KERNEL_LEVELS(name, precision)                                                             \
    {                                                                                              \
        name##_##precision##_base, name##_##precision##_base, name##_##precision##_base            \
    }
#endif

#endif
