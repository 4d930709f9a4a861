/* sim/exact_internal.h - what the pieces of the exact schemes share. */
#ifndef FEL_SIM_EXACT_INTERNAL_H
#define FEL_SIM_EXACT_INTERNAL_H

#ifndef FEL_MODULE_SIM
#error "sim/exact_internal.h belongs to sim/"
#endif

#include "sim/area_law_internal.h"
#include "sim/paths_internal.h"
#include "sim/variance_law_internal.h"

enum { EXACT_LEVER, EXACT_KAPPA, EXACT_PULL, EXACT_REST };

/* asset_law.table of both schemes: one allocation, the rows of the law behind it. */
typedef struct exact_table {
    area_law area; /* of the scheme `exact` only */
    variance_law law;
} exact_table;

/* v_next[i] = scale Y(v[i], z[i]), the variance at the end of a step; `real` arrays of the kernel's
 * precision; tail[i] is 1 - Phi(z[i]). Float does without tail, double without z: NULL then. */
typedef void variance_fn(const variance_law *law, const void *v, const void *z, const void *tail,
                         void *v_next, size_t n);
KERNEL_DECLARE(void, variance_draw, f32,
               (const variance_law *law, const void *v, const void *z, const void *tail,
                void *v_next, size_t n));
KERNEL_DECLARE(void, variance_draw, f64,
               (const variance_law *law, const void *v, const void *z, const void *tail,
                void *v_next, size_t n));

KERNEL_DECLARE(void, step_exact_variance, f32, (const step_args *args));
KERNEL_DECLARE(void, step_exact_variance, f64, (const step_args *args));
KERNEL_DECLARE(void, step_exact, f32, (const step_args *args));
KERNEL_DECLARE(void, step_exact, f64, (const step_args *args));

/* Do the correlations between assets leave the schemes' laws exact? See sim/exact_check.c. */
struct fel_paths;
fel_status exact_check(const struct fel_paths *paths);

#endif
