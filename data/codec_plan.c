/* data/codec_plan.c - which way of writing a column takes the fewest bits. */
#include <string.h>

#include "data/codec_plan_internal.h"

static const char *const kind_names[CODEC_N_KINDS] = {"delta", "offset", "float64"};

const char *codec_kind_name(codec_kind kind)
{
    return kind_names[kind];
}

codec_kind codec_kind_find(const char *name)
{
    size_t k = 0;
    while (k < CODEC_N_KINDS && strcmp(name, kind_names[k]) != 0) {
        k++;
    }
    return (codec_kind)k;
}

const int64_t *codec_numbers(codec_column column, double ticks_per_unit, size_t at, size_t n,
                             int64_t *scratch)
{
    if (column.instants != NULL) {
        return column.instants + at;
    }
    for (size_t i = 0; i < n; i++) {
        scratch[i] = (int64_t)codec_round(column.values[at + i] * ticks_per_unit);
    }
    return scratch;
}

static uint64_t magnitude(int64_t x)
{
    return x < 0 ? 0 - (uint64_t)x : (uint64_t)x;
}

static uint64_t greatest_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static unsigned bits_of(uint64_t x)
{
    return x == 0 ? 0 : 64 - (unsigned)__builtin_clzll(x);
}

codec_span codec_measure(const int64_t *k, size_t n)
{
    codec_span s = {.low = k[0], .step = 0};
    int64_t high = k[0];
    uint64_t seen = 0; /* the last difference taken into the step */
    for (size_t i = 1; i < n; i++) {
        const int64_t difference = (int64_t)((uint64_t)k[i] - (uint64_t)k[i - 1]);
        const uint64_t size = magnitude(difference);
        if (size != seen && s.step != 1) {
            s.step = greatest_common_divisor(size, s.step);
            seen = size;
        }
        s.most_down = difference < s.most_down ? difference : s.most_down;
        s.most_up = difference > s.most_up ? difference : s.most_up;
        s.low = k[i] < s.low ? k[i] : s.low;
        high = k[i] > high ? k[i] : high;
        s.delta_bits += bits_of(size) + 1;
    }
    s.step = s.step == 0 || s.step > INT64_MAX ? 1 : s.step;
    s.most_offset = ((uint64_t)high - (uint64_t)s.low) / s.step;
    for (size_t i = 0; i < n; i++) {
        s.offset_bits += bits_of((uint64_t)k[i] - (uint64_t)s.low);
    }
    return s;
}

/* Bytes for signed codes from down to up, in steps. */
static uint32_t signed_width(const codec_span *s)
{
    const uint64_t up = magnitude(s->most_up) / s->step, down = magnitude(s->most_down) / s->step;
    return up <= INT8_MAX && down <= INT8_MAX     ? 1
           : up <= INT16_MAX && down <= INT16_MAX ? 2
           : up <= INT32_MAX && down <= INT32_MAX ? 4
                                                  : 8;
}

static uint32_t unsigned_width(const codec_span *s)
{
    return s->most_offset <= UINT8_MAX    ? 1
           : s->most_offset <= UINT16_MAX ? 2
           : s->most_offset <= UINT32_MAX ? 4
                                          : 8;
}

codec_plan codec_make_plan(codec_column column, size_t n, size_t chunk_rows,
                           double hint_ticks_per_unit, int64_t *scratch)
{
    double grid = 0.0;
    if (column.instants == NULL) {
        grid = codec_find_grid(column.values, n, hint_ticks_per_unit);
        if (grid == 0.0) {
            const codec_plan plain = {CODEC_FLOAT64, sizeof(double), 0.0, chunk_rows};
            return plain;
        }
    }
    uint64_t delta_bits = 0, offset_bits = 0;
    uint32_t delta_width = 1, offset_width = 1;
    for (size_t at = 0; at < n; at += chunk_rows) {
        const size_t rows = n - at < chunk_rows ? n - at : chunk_rows;
        const codec_span s = codec_measure(codec_numbers(column, grid, at, rows, scratch), rows);
        const uint32_t wide = signed_width(&s), flat = unsigned_width(&s);
        delta_bits += s.delta_bits;
        offset_bits += s.offset_bits;
        delta_width = wide > delta_width ? wide : delta_width;
        offset_width = flat > offset_width ? flat : offset_width;
    }
    const int use_delta = column.instants != NULL || delta_bits <= offset_bits;
    const codec_plan plan = {use_delta ? CODEC_DELTA : CODEC_OFFSET,
                             use_delta ? delta_width : offset_width, grid, chunk_rows};
    return plan;
}
