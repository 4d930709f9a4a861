/* data/codec_unpack.c - one chunk of bytes back to a column: inflate, unshuffle, running sum,
 * divide. */
#include <string.h>

#include "data/codec_plan_internal.h"
#include "data/codec_work_internal.h"

/* Rows decoded at a time: their codes stay in the first-level cache. */
enum { RUN = 1024 };

static fel_status inflate_planes(codec_work *work, const codec_plan *plan, const codec_bytes *bytes,
                                 const uint8_t **planes)
{
    const size_t size = plan->chunk_rows * plan->width;
    if (bytes->mask == CODEC_MASK_NONE) {
        if (bytes->size != size) {
            return FEL_RAISE(FEL_ERR_FORMAT, "a stored chunk has %zu bytes, not %zu", bytes->size,
                             size);
        }
        codec_shuffle(bytes->data, plan->chunk_rows, plan->width, work->shuffled);
    } else if (bytes->mask != CODEC_MASK_BOTH ||
               libdeflate_zlib_decompress(work->inflate, bytes->data, bytes->size, work->shuffled,
                                          size, NULL) != LIBDEFLATE_SUCCESS) {
        return FEL_RAISE(FEL_ERR_FORMAT, "a chunk does not inflate to %zu bytes", size);
    }
    *planes = work->shuffled;
    return FEL_OK;
}

static void add_up(const codec_plan *plan, const codec_chunk *chunk, int64_t *run, size_t n,
                   uint64_t *sum)
{
    const uint64_t step = (uint64_t)chunk->step;
    uint64_t *u = (uint64_t *)run;
    if (plan->kind == CODEC_OFFSET) {
        for (size_t i = 0; i < n; i++) {
            u[i] = (uint64_t)chunk->first + u[i] * step;
        }
        return;
    }
    uint64_t total = *sum;
    for (size_t i = 0; i < n; i++) {
        total += u[i] * step;
        u[i] = total;
    }
    *sum = total;
}

static void unpack_numbers(const codec_plan *plan, const codec_chunk *chunk, const uint8_t *planes,
                           size_t n, codec_target to)
{
    int64_t run[RUN];
    uint64_t sum = (uint64_t)chunk->first;
    for (size_t at = 0; at < n; at += RUN) {
        const size_t count = n - at < RUN ? n - at : RUN;
        int64_t *numbers = to.instants != NULL ? to.instants + at : run;
        codec_unshuffle(planes, plan->chunk_rows, plan->width, plan->kind == CODEC_DELTA, at, count,
                        numbers);
        add_up(plan, chunk, numbers, count, &sum);
        for (size_t i = 0; to.instants == NULL && i < count; i++) {
            to.values[at + i] = (double)numbers[i] / plan->ticks_per_unit;
        }
    }
}

/* Doubles need no run: gather their eight planes. */
static void unpack_doubles(const uint8_t *planes, size_t n, size_t chunk_rows, double *values)
{
    int64_t run[RUN];
    for (size_t at = 0; at < n; at += RUN) {
        const size_t count = n - at < RUN ? n - at : RUN;
        codec_unshuffle(planes, chunk_rows, sizeof(double), 0, at, count, run);
        memcpy(values + at, run, count * sizeof(double));
    }
}

fel_status codec_unpack(codec_work *work, const codec_plan *plan, const codec_chunk *chunk,
                        const codec_bytes *bytes, size_t n, codec_target to)
{
    if (codec_checksum(chunk, bytes) != chunk->checksum) {
        return FEL_RAISE(FEL_ERR_FORMAT, "the checksum of a chunk is wrong");
    }
    const int is_plain = plan->kind == CODEC_FLOAT64;
    if (is_plain && bytes->mask == CODEC_MASK_NONE &&
        bytes->size == plan->chunk_rows * sizeof(double)) {
        memcpy(to.values, bytes->data, n * sizeof(double));
        return FEL_OK;
    }
    const uint8_t *planes = NULL;
    FEL_TRY(inflate_planes(work, plan, bytes, &planes));
    if (is_plain) {
        unpack_doubles(planes, n, plan->chunk_rows, to.values);
    } else {
        unpack_numbers(plan, chunk, planes, n, to);
    }
    return FEL_OK;
}
