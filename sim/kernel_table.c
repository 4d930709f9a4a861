/* sim/kernel_table.c - the kernels on buffers, by precision and level of vector instructions. */
#include "sim/kernels_internal.h"

#define BUFFER_DEFINE(type, name, args)                                                            \
    type *name(path_precision precision, cpu_level level)                                          \
    {                                                                                              \
        static type *const table[2][CPU_N_LEVELS] = {KERNEL_LEVELS(name##_of, f32),                \
                                                     KERNEL_LEVELS(name##_of, f64)};               \
        return table[precision][level];                                                            \
    }

BUFFER_KERNELS(BUFFER_DEFINE)
