/* engine/pair_internal.h - two doubles side by side, as every 64-bit machine has them. */
#ifndef FEL_ENGINE_PAIR_INTERNAL_H
#define FEL_ENGINE_PAIR_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/pair_internal.h is for files of engine/ only"
#endif

#include <stdint.h>
#include <string.h>

typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_bits __attribute__((vector_size(16)));

static inline pair pair_load(const double *at)
{
    pair v;
    memcpy(&v, at, sizeof(v));
    return v;
}
static inline void pair_store(void *at, pair v)
{
    memcpy(at, &v, sizeof(v));
}
static inline pair pair_of_instants(int64_t first_ns, int64_t second_ns)
{
    return (pair)(pair_bits){first_ns, second_ns};
}
/* The same two words, twice. */
static inline pair pair_of_words(uint32_t first, uint32_t second)
{
    const uint32_t words[] = {first, second, first, second};
    pair v;
    memcpy(&v, words, sizeof(v));
    return v;
}
static inline pair pair_firsts(pair a, pair b)
{
    return __builtin_shufflevector(a, b, 0, 2);
}
static inline pair pair_seconds(pair a, pair b)
{
    return __builtin_shufflevector(a, b, 1, 3);
}
/* a where the mask is set, else 0. */
static inline pair pair_where(pair_bits mask, pair a)
{
    return (pair)(mask & (pair_bits)a);
}
/* Sign bits where a price is zero or less (or a negative NaN). Wrapping: -0.0 is least. */
static inline pair_bits pair_not_above_zero(pair a)
{
    typedef uint64_t words __attribute__((vector_size(16)));
    return (pair_bits)((words)a | ((words)a - 1u));
}
/* Without their signs. */
static inline pair pair_sizes(pair a)
{
    return (pair)((pair_bits)a & INT64_MAX);
}

#endif
