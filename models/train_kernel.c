/* models/train_kernel.c - gradients of parts of a batch added up, penalties added to them. */
#include "models/train_internal.h"

static void add(real *restrict to, const real *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        to[i] += from[i];
    }
}

/* parts[0] += parts[1] + ..., in this order, in places first .. first + n. */
void KERNEL(sum_gradients_of)(void *const *parts, size_t n_parts, size_t first, size_t n)
{
    real *to = parts[0];
    for (size_t k = 1; k < n_parts; k++) {
        const real *from = parts[k];
        add(to + first, from + first, n);
    }
}

void KERNEL(add_penalty_of)(const void *params, void *gradient, double twice, size_t n)
{
    const real *restrict p = params;
    real *restrict g = gradient;
    const real slope = (real)twice;
    for (size_t i = 0; i < n; i++) {
        g[i] += slope * p[i];
    }
}
