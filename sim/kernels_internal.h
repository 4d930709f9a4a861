/* sim/kernels_internal.h - the kernels on buffers of a block, and their declarations at each level.
 */
#ifndef FEL_SIM_KERNELS_INTERNAL_H
#define FEL_SIM_KERNELS_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/kernels_internal.h belongs to sim/"
#endif

#include "sim/paths_internal.h"

#define BUFFER_KERNELS(X)                                                                          \
    X(philox_fn, philox_normals, (const philox_args *args))                                        \
    X(map_fn, map_probit, (const void *in, void *out, size_t n))                                   \
    X(map_fn, map_normal_tail, (const void *in, void *out, size_t n))                              \
    X(correlate_fn, correlate_normals,                                                             \
      (const double *row, uint32_t n_drivers, void *const *z, size_t n))                           \
    X(jump_fn, add_jumps,                                                                          \
      (const asset_law *law, const void *tail_count, const void *z_size, void *x, size_t n))       \
    X(total_fn, add_totals,                                                                        \
      (const path_totals *totals, const void *x, const void *area, size_t n))                      \
    X(emit_fn, emit_exp,                                                                           \
      (const void *from, const void *also, const double c[3], void *to, size_t n))                 \
    X(emit_fn, emit_linear,                                                                        \
      (const void *from, const void *also, const double c[3], void *to, size_t n))

#define BUFFER_DECLARE(type, name, args)                                                           \
    KERNEL_DECLARE(void, name##_of, f32, args);                                                    \
    KERNEL_DECLARE(void, name##_of, f64, args);

BUFFER_KERNELS(BUFFER_DECLARE)

#endif
