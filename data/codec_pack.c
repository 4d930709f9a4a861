/* data/codec_pack.c - one chunk of a column to bytes: whole numbers, codes, shuffle, deflate. */
#include <stdlib.h>
#include <string.h>

#include "data/codec_plan_internal.h"
#include "data/codec_work_internal.h"

/* Level 1 of 12: prices are mostly noise below their high bytes, so more effort buys little. */
enum { DEFLATE_LEVEL = 1 };

fel_status codec_work_create(codec_work **out, size_t chunk_rows, int is_writer)
{
    codec_work *w = calloc(1, sizeof(*w));
    if (w != NULL) {
        w->chunk_rows = chunk_rows;
        w->numbers = malloc(chunk_rows * sizeof(int64_t));
        w->codes = malloc(codec_bound(chunk_rows));
        w->shuffled = malloc(codec_bound(chunk_rows));
        w->deflate = is_writer ? libdeflate_alloc_compressor(DEFLATE_LEVEL) : NULL;
        w->inflate = is_writer ? NULL : libdeflate_alloc_decompressor();
    }
    if (w == NULL || w->numbers == NULL || w->codes == NULL || w->shuffled == NULL ||
        (w->deflate == NULL && w->inflate == NULL)) {
        codec_work_destroy(w);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for chunks of %zu rows", chunk_rows);
    }
    *out = w;
    return FEL_OK;
}

void codec_work_destroy(codec_work *work)
{
    if (work != NULL) {
        free(work->numbers);
        free(work->codes);
        free(work->shuffled);
        libdeflate_free_compressor(work->deflate);
        libdeflate_free_decompressor(work->inflate);
        free(work);
    }
}

int64_t *codec_work_numbers(codec_work *work)
{
    return work->numbers;
}

size_t codec_bound(size_t chunk_rows)
{
    return chunk_rows * sizeof(double); /* what does not shrink is stored as it is */
}

static void put_codes_1(const int64_t *k, size_t n, void *out)
{
    uint8_t *u = out;
    for (size_t i = 0; i < n; i++) {
        u[i] = (uint8_t)k[i];
    }
}

static void put_codes_2(const int64_t *k, size_t n, void *out)
{
    uint16_t *u = out;
    for (size_t i = 0; i < n; i++) {
        u[i] = (uint16_t)k[i];
    }
}

static void put_codes_4(const int64_t *k, size_t n, void *out)
{
    uint32_t *u = out;
    for (size_t i = 0; i < n; i++) {
        u[i] = (uint32_t)k[i];
    }
}

static void put_codes_8(const int64_t *k, size_t n, void *out)
{
    memcpy(out, k, n * sizeof(*k));
}

/* The numbers k become codes in `out`, which may be k. */
static void make_deltas(int64_t first, const int64_t *k, size_t n, int64_t *out)
{
    uint64_t previous = (uint64_t)first;
    for (size_t i = 0; i < n; i++) {
        const uint64_t now = (uint64_t)k[i];
        out[i] = (int64_t)(now - previous);
        previous = now;
    }
}

static void make_offsets(int64_t first, const int64_t *k, size_t n, int64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = (int64_t)((uint64_t)k[i] - (uint64_t)first);
    }
}

/* Offsets have no sign; they and steps are below 2^63 unless the step is 1. */
static void divide(int64_t *codes, size_t n, int64_t step)
{
    for (size_t i = 0; step != 1 && i < n; i++) {
        codes[i] /= step;
    }
}

static int64_t least(const int64_t *k, size_t n)
{
    int64_t low = k[0];
    for (size_t i = 1; i < n; i++) {
        low = k[i] < low ? k[i] : low;
    }
    return low;
}

static void encode_numbers(codec_work *work, const codec_plan *plan, codec_column column, size_t at,
                           size_t n, codec_chunk *chunk)
{
    static void (*const put_codes[9])(const int64_t *, size_t, void *) = {
        [1] = put_codes_1, [2] = put_codes_2, [4] = put_codes_4, [8] = put_codes_8};
    const int64_t *k = codec_numbers(column, plan->ticks_per_unit, at, n, work->numbers);
    chunk->first = plan->kind == CODEC_DELTA ? k[0] : least(k, n);
    chunk->step = plan->step;
    if (plan->kind == CODEC_DELTA) {
        make_deltas(chunk->first, k, n, work->numbers);
    } else {
        make_offsets(chunk->first, k, n, work->numbers);
    }
    divide(work->numbers, n, plan->step);
    put_codes[plan->width](work->numbers, n, work->codes);
}

void codec_pack(codec_work *work, const codec_plan *plan, codec_column column, size_t at, size_t n,
                codec_chunk *chunk, codec_bytes *out)
{
    const size_t size = plan->chunk_rows * plan->width, used = n * plan->width;
    chunk->first = 0;
    chunk->step = 0;
    if (plan->kind == CODEC_FLOAT64) {
        memcpy(work->codes, column.values + at, used);
    } else {
        encode_numbers(work, plan, column, at, n, chunk);
    }
    memset(work->codes + used, 0, size - used);
    codec_shuffle(work->codes, plan->chunk_rows, plan->width, work->shuffled);
    out->mask = CODEC_MASK_BOTH;
    out->size = codec_deflate(work, plan->chunk_rows, plan->width, out->data,
                              size - size / 32); /* to be worth undoing */
    if (out->size == 0) {
        out->mask = CODEC_MASK_NONE;
        out->size = size;
        memcpy(out->data, work->codes, size);
    }
    chunk->checksum = codec_checksum(chunk, out);
}
