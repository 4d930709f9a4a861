/* models/kernel_internal.h - kernels as functions of a precision: name_f32 and name_f64 call the
 * kernel name_of at the level of vector instructions in use.
 *
 * In a header:           MODEL_KERNEL(scale, (size_t n, const void *in, void *out));
 * in one plain .c file:  MODEL_KERNEL_DEFINE(scale, (size_t n, const void *in, void *out),
 *                                            (n, in, out))
 * in NAME_kernel.c:      void KERNEL(scale_of)(size_t n, const void *in, void *out) { ... }
 * in NAME_real.c:        KERNEL(scale)(n, in, out); */
#ifndef FEL_MODELS_KERNEL_INTERNAL_H
#define FEL_MODELS_KERNEL_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/kernel_internal.h belongs to models/"
#endif

#include "core/cpu.h"
#include "core/real.h"

#define MODEL_KERNEL(name, args)                                                                   \
    KERNEL_DECLARE(void, name##_of, f32, args);                                                    \
    KERNEL_DECLARE(void, name##_of, f64, args);                                                    \
    void name##_f32 args;                                                                          \
    void name##_f64 args

#define MODEL_KERNEL_ONE_(name, precision, args, call)                                             \
    void name##_##precision args                                                                   \
    {                                                                                              \
        static void(*const table[CPU_N_LEVELS]) args = KERNEL_LEVELS(name##_of, precision);        \
        table[cpu_level_now()] call;                                                               \
    }
#define MODEL_KERNEL_DEFINE(name, args, call)                                                      \
    MODEL_KERNEL_ONE_(name, f32, args, call)                                                       \
    MODEL_KERNEL_ONE_(name, f64, args, call)

#endif
