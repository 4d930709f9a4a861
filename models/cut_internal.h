/* models/cut_internal.h - one allocation cut into aligned arrays: first with base NULL to learn the
 * size, then again to set pointers. */
#ifndef FEL_MODELS_CUT_INTERNAL_H
#define FEL_MODELS_CUT_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/cut_internal.h belongs to models/"
#endif

#include <stddef.h>

#include "models/network_internal.h"

typedef struct cutter {
    unsigned char *base;
    size_t used, number_size;
    int overflow;
} cutter;

/* per_sample x n + fixed numbers. */
static inline void *cut(cutter *c, size_t per_sample, size_t n, size_t fixed)
{
    size_t bytes = 0;
    c->overflow |= __builtin_mul_overflow(per_sample, n, &bytes);
    c->overflow |= __builtin_add_overflow(bytes, fixed, &bytes);
    c->overflow |= __builtin_mul_overflow(bytes, c->number_size, &bytes);
    c->overflow |= __builtin_add_overflow(bytes, (size_t)NETWORK_ALIGN - 1, &bytes);
    void *place = c->base != NULL && !c->overflow ? c->base + c->used : NULL;
    c->overflow |= __builtin_add_overflow(c->used, bytes & ~((size_t)NETWORK_ALIGN - 1), &c->used);
    return place;
}

#endif
