/* sim/sobol_kernel.c - Sobol points as uniforms, and one split of a Brownian bridge; compiled for
 * float and double at every CPU level. Exclusive ors, exact conversions and fused multiply-adds:
 * the same bits at each. */
#include <string.h>

#include "sim/sobol_internal.h"

void KERNEL(sobol_points)(const sobol_args *args);
void KERNEL(bridge_halve)(const bridge_split *split, void *left, void *middle, size_t n);

/* 2 u - 1 from a word's highest bits, which become the fraction of a number in [1, 2). */
static inline real centred(uint64_t word)
{
    real one_to_two;
#if REAL_BITS == 64
    const uint64_t bits = word >> 12 | UINT64_C(0x3ff0000000000000);
    memcpy(&one_to_two, &bits, sizeof(bits));
    return (2.0 * one_to_two - 3.0) + 0x1p-52;
#else
    const uint32_t bits = (uint32_t)(word >> 41) | UINT32_C(0x3f800000);
    memcpy(&one_to_two, &bits, sizeof(bits));
    return (2.0F * one_to_two - 3.0F) + 0x1p-23F;
#endif
}

void KERNEL(sobol_points)(const sobol_args *args)
{
    const uint64_t *v = args->directions;
    real *out = args->out;
    /* The first SOBOL_ALIGN points without the shift: any aligned block is these with one word. */
    uint64_t block[SOBOL_ALIGN] = {0};
    for (uint32_t j = 0; j < 5; j++) {
        for (uint32_t i = 0; i < 1U << j; i++) {
            block[(1U << j) + i] = block[i] ^ v[j];
        }
    }
    uint64_t base = args->start;
    for (size_t done = 0; done < args->n; done += SOBOL_ALIGN) {
        for (size_t i = 0; i < SOBOL_ALIGN; i++) {
            out[done + i] = centred(block[i] ^ base);
        }
        /* On to the next block: these bits of the index change. */
        const uint64_t index = args->first + done;
        for (uint64_t rest = index ^ (index + SOBOL_ALIGN); rest != 0; rest &= rest - 1) {
            const uint32_t bit = (uint32_t)__builtin_ctzll(rest);
            base ^= bit < SOBOL_INDEX_BITS ? v[bit] : 0;
        }
    }
}

void KERNEL(bridge_halve)(const bridge_split *split, void *left, void *middle, size_t n)
{
    real *restrict a = left;
    real *restrict b = middle;
    const real share_left = (real)split->share_left;
    const real share_right = (real)split->share_right;
    const real deviation = (real)split->deviation;
    for (size_t i = 0; i < n; i++) {
        const real whole = a[i];
        const real part = deviation * b[i];
        a[i] = REAL_FMA(share_left, whole, part);
        b[i] = REAL_FMA(share_right, whole, -part);
    }
}
