/* models/dropout_kernel.c - masks of dropout: Philox 4x32-10 over the columns of a row.
 *
 * Four words of a counter are four neighbouring columns. A 64-bit lane carries a 32-bit word, whose
 * upper half the next product ignores. */
#include <string.h>

#include "models/dropout_internal.h"

enum { WAYS = 16, WORDS = 4, RUN = WAYS * WORDS };

/* Words of 16 counters, whose state they replace. */
typedef struct counters {
    uint64_t c0[WAYS], c1[WAYS], c2[WAYS], c3[WAYS];
} counters;

static inline void draw_words(uint64_t key, counters *c)
{
    uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < WAYS; i++) {
            const uint64_t p0 = UINT64_C(0xD2511F53) * (uint64_t)(uint32_t)c->c0[i];
            const uint64_t p1 = UINT64_C(0xCD9E8D57) * (uint64_t)(uint32_t)c->c2[i];
            c->c0[i] = (p1 >> 32) ^ c->c1[i] ^ low;
            c->c2[i] = (p0 >> 32) ^ c->c3[i] ^ high;
            c->c1[i] = p1;
            c->c3[i] = p0;
        }
        low += UINT32_C(0x9E3779B9);
        high += UINT32_C(0xBB67AE85);
    }
}

static inline real keep(const dropout_draw *draw, uint64_t word)
{
    return (uint32_t)word < draw->threshold ? REAL_C(0.0) : (real)draw->scale;
}

/* RUN columns of one row of one sample. */
static inline void mask_run(const dropout_draw *draw, uint64_t block, uint64_t row, uint64_t sample,
                            real *restrict mask)
{
    counters c;
    for (size_t i = 0; i < WAYS; i++) {
        c.c0[i] = block + i;
        c.c1[i] = row;
        c.c2[i] = sample & UINT32_MAX;
        c.c3[i] = sample >> 32;
    }
    draw_words(draw->key, &c);
    for (size_t i = 0; i < WAYS; i++) {
        mask[WORDS * i] = keep(draw, c.c0[i]);
        mask[WORDS * i + 1] = keep(draw, c.c1[i]);
        mask[WORDS * i + 2] = keep(draw, c.c2[i]);
        mask[WORDS * i + 3] = keep(draw, c.c3[i]);
    }
}

void KERNEL(dropout_mask_of)(const dropout_args *args)
{
    const dropout_draw draw = *args->draw;
    real part[RUN];
    for (size_t i = 0; i < args->n_samples; i++) {
        real *mask = (real *)args->mask + i * args->sample_step;
        const uint64_t sample = draw.first_sample + i;
        size_t c = 0;
        for (; c + RUN <= args->cols; c += RUN) {
            mask_run(&draw, c / WORDS, args->row, sample, mask + c);
        }
        if (c < args->cols) {
            mask_run(&draw, c / WORDS, args->row, sample, part);
            memcpy(mask + c, part, (args->cols - c) * sizeof(*part));
        }
    }
}

void KERNEL(dropout_apply_of)(size_t n, const void *mask, const void *in, void *out)
{
    const real *restrict m = mask, *restrict from = in;
    real *restrict to = out;
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i] * m[i];
    }
}
