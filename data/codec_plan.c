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

/* Bits are counted for one number in so many: only sums are compared. */
enum { COUNT_EVERY = 16 };

/* How far the numbers of a column reach. */
typedef struct span {
    uint64_t step;              /* greatest common divisor of all differences; 0: all are 0 */
    int64_t most_down, most_up; /* extreme differences from one number to the next, or 0 */
    uint64_t most_offset;       /* above the least of a chunk */
    uint64_t delta_bits, offset_bits;
} span;

static int64_t difference_at(const int64_t *k, size_t i)
{
    return (int64_t)((uint64_t)k[i] - (uint64_t)k[i - 1]);
}

/* Noise comes to a step of 1 within a few numbers; a regular clock has one difference only. */
static void find_step(span *s, const int64_t *k, size_t n)
{
    uint64_t seen = 0;
    for (size_t i = 1; i < n && s->step != 1; i++) {
        const uint64_t size = magnitude(difference_at(k, i));
        if (size != seen) {
            s->step = greatest_common_divisor(size, s->step);
            seen = size;
        }
    }
}

static void measure_chunk(span *s, const int64_t *k, size_t n)
{
    int64_t low = k[0], high = k[0], down = s->most_down, up = s->most_up;
    for (size_t i = 1; i < n; i++) {
        const int64_t difference = difference_at(k, i);
        down = difference < down ? difference : down;
        up = difference > up ? difference : up;
        low = k[i] < low ? k[i] : low;
        high = k[i] > high ? k[i] : high;
    }
    s->most_down = down;
    s->most_up = up;
    const uint64_t offset = (uint64_t)high - (uint64_t)low;
    s->most_offset = offset > s->most_offset ? offset : s->most_offset;
    for (size_t i = 1; i < n; i += COUNT_EVERY) {
        s->delta_bits += bits_of(magnitude(difference_at(k, i))) + 1;
        s->offset_bits += bits_of((uint64_t)k[i] - (uint64_t)low);
    }
    find_step(s, k, n);
}

static uint32_t signed_width(uint64_t most)
{
    return most <= INT8_MAX ? 1 : most <= INT16_MAX ? 2 : most <= INT32_MAX ? 4 : 8;
}

static uint32_t unsigned_width(uint64_t most)
{
    return most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : most <= UINT32_MAX ? 4 : 8;
}

/* A step has to be an int64. */
static uint64_t usable_step(const span *s)
{
    return s->step == 0 || s->step > INT64_MAX ? 1 : s->step;
}

codec_plan codec_make_plan(codec_column column, size_t n, size_t chunk_rows,
                           double hint_ticks_per_unit, int64_t *scratch)
{
    codec_plan plan = {.kind = CODEC_FLOAT64, .width = sizeof(double), .chunk_rows = chunk_rows};
    const int is_time = column.instants != NULL;
    const double grid = is_time ? 0.0 : codec_find_grid(column.values, n, hint_ticks_per_unit);
    if (!is_time && grid == 0.0) {
        return plan;
    }
    span s;
    memset(&s, 0, sizeof(s));
    for (size_t at = 0; at < n; at += chunk_rows) {
        const size_t rows = n - at < chunk_rows ? n - at : chunk_rows;
        measure_chunk(&s, codec_numbers(column, grid, at, rows, scratch), rows);
    }
    const uint64_t step = usable_step(&s);
    const uint64_t up = magnitude(s.most_up), down = magnitude(s.most_down);
    plan.kind = is_time || s.delta_bits <= s.offset_bits ? CODEC_DELTA : CODEC_OFFSET;
    plan.width = plan.kind == CODEC_DELTA ? signed_width((up > down ? up : down) / step)
                                          : unsigned_width(s.most_offset / step);
    plan.ticks_per_unit = grid;
    plan.step = (int64_t)step;
    return plan;
}
