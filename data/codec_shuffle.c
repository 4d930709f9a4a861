/* data/codec_shuffle.c - HDF5's shuffle filter: all first bytes, then all second bytes, and so on,
 * so that the bytes that hardly change stand together. Little-endian elements. */
#include <string.h>

#include "data/codec_internal.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "stores are little-endian");

static void split_2(const uint8_t *in, size_t n, uint8_t *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = in[2 * i];
        out[n + i] = in[2 * i + 1];
    }
}

static void split_4(const uint8_t *in, size_t n, uint8_t *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t x;
        memcpy(&x, in + 4 * i, sizeof(x));
        out[i] = (uint8_t)x;
        out[n + i] = (uint8_t)(x >> 8);
        out[2 * n + i] = (uint8_t)(x >> 16);
        out[3 * n + i] = (uint8_t)(x >> 24);
    }
}

static void split_8(const uint8_t *in, size_t n, uint8_t *restrict out)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t x;
        memcpy(&x, in + 8 * i, sizeof(x));
        for (size_t b = 0; b < 8; b++) {
            out[b * n + i] = (uint8_t)(x >> (8 * b));
        }
    }
}

void codec_shuffle(const void *elements, size_t n, uint32_t width, uint8_t *out)
{
    static void (*const split[9])(const uint8_t *, size_t,
                                  uint8_t *) = {[2] = split_2, [4] = split_4, [8] = split_8};
    if (width == 1) {
        memcpy(out, elements, n);
    } else {
        split[width](elements, n, out);
    }
}

static void from_1(const uint8_t *p, size_t n, size_t count, uint64_t *restrict out)
{
    (void)n;
    for (size_t i = 0; i < count; i++) {
        out[i] = p[i];
    }
}

static void from_2(const uint8_t *p, size_t n, size_t count, uint64_t *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (uint64_t)p[i] | (uint64_t)p[n + i] << 8;
    }
}

static void from_4(const uint8_t *p, size_t n, size_t count, uint64_t *restrict out)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = (uint64_t)p[i] | (uint64_t)p[n + i] << 8 | (uint64_t)p[2 * n + i] << 16 |
                 (uint64_t)p[3 * n + i] << 24;
    }
}

static void from_8(const uint8_t *p, size_t n, size_t count, uint64_t *restrict out)
{
    from_4(p, n, count, out);
    for (size_t i = 0; i < count; i++) {
        out[i] |= (uint64_t)p[4 * n + i] << 32 | (uint64_t)p[5 * n + i] << 40 |
                  (uint64_t)p[6 * n + i] << 48 | (uint64_t)p[7 * n + i] << 56;
    }
}

void codec_unshuffle(const uint8_t *planes, size_t n, uint32_t width, int is_signed, size_t at,
                     size_t count, int64_t *out)
{
    static void (*const from[9])(const uint8_t *, size_t, size_t, uint64_t *) = {
        [1] = from_1, [2] = from_2, [4] = from_4, [8] = from_8};
    uint64_t *u = (uint64_t *)out;
    from[width](planes + at, n, count, u);
    if (is_signed && width < 8) {
        const uint64_t sign = UINT64_C(1) << (8 * width - 1);
        for (size_t i = 0; i < count; i++) {
            u[i] = (u[i] ^ sign) - sign;
        }
    }
}
