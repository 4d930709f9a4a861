/* core/cpu.h - which set of vector instructions our kernels use in this process.
 *
 * Kernels (files named *_kernel.c) are compiled once for each level below and chosen at run time
 * through cpu_level_now(). They use the same sequence of rounded operations at every level
 * (explicit fused multiply-adds, no reassociation), so their bits do not depend on it. */
#ifndef FEL_CORE_CPU_H
#define FEL_CORE_CPU_H

#include <feller/base.h>

typedef enum cpu_level {
    CPU_BASE = 0,   /* what the compiler's target has; fused multiply-adds through the C library */
    CPU_AVX2 = 1,   /* x86-64-v3: AVX2, FMA */
    CPU_AVX512 = 2, /* x86-64-v4: AVX-512 F, BW, DQ, VL */
    CPU_N_LEVELS = 3
} cpu_level;

/* The best level of this processor, or a lower one that fel_cpu_level_set() asked for. */
cpu_level cpu_level_now(void);

/* "x86-64-v4" and so on: the psABI's name of the level, "aarch64" or "unknown" elsewhere. */
const char *cpu_level_name(cpu_level level);

#endif
