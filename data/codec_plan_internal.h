/* data/codec_plan_internal.h - values as whole numbers. */
#ifndef FEL_MODULE_DATA
#error "data/codec_plan_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CODEC_PLAN_INTERNAL_H
#define FEL_DATA_CODEC_PLAN_INTERNAL_H

#include <xxhash.h>

#include "data/codec_internal.h"

/* Ticks beyond this are kept as doubles. */
#define CODEC_MOST_TICKS 0x1p51

/* Nearest whole number, ties to even, for |x| <= 2^51: in two additions, where rint() is a call. */
static inline double codec_round(double x)
{
    return (x + 0x1.8p52) - 0x1.8p52;
}

/* Of a packed chunk and of what is needed to unpack it. */
static inline uint64_t codec_checksum(const codec_chunk *chunk, const codec_bytes *bytes)
{
    const uint64_t seed =
        (uint64_t)chunk->first * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)chunk->step;
    return XXH3_64bits_withSeed(bytes->data, bytes->size, seed);
}

/* Rows at .. at+n as whole numbers: the column's own instants, or ticks put into scratch. */
const int64_t *codec_numbers(codec_column column, double ticks_per_unit, size_t at, size_t n,
                             int64_t *scratch);

#endif
