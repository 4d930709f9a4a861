/* sim/variate.c - the kernels of antithetic and matched normals, by precision and level. */
#include "sim/paths_internal.h"

KERNEL_DECLARE(void, mirror_normals_of, f32, (void *, void *, size_t));
KERNEL_DECLARE(void, mirror_normals_of, f64, (void *, void *, size_t));
KERNEL_DECLARE(void, match_moments_of, f32, (void *, size_t));
KERNEL_DECLARE(void, match_moments_of, f64, (void *, size_t));

mirror_fn *mirror_normals(path_precision precision, cpu_level level)
{
    static mirror_fn *const table[2][CPU_N_LEVELS] = {KERNEL_LEVELS(mirror_normals_of, f32),
                                                      KERNEL_LEVELS(mirror_normals_of, f64)};
    return table[precision][level];
}

match_fn *match_moments(path_precision precision, cpu_level level)
{
    static match_fn *const table[2][CPU_N_LEVELS] = {KERNEL_LEVELS(match_moments_of, f32),
                                                     KERNEL_LEVELS(match_moments_of, f64)};
    return table[precision][level];
}
