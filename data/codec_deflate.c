/* data/codec_deflate.c - a zlib stream of byte planes: low planes that are noise go into stored
 * blocks, which cost next to nothing both ways, and only the rest is compressed. Any inflate reads
 * it (RFC 1950, 1951).
 *
 * Prices move by amounts whose low bytes are as good as random: compressing those takes most of the
 * time and saves nothing. */
#include <string.h>

#include "data/codec_work_internal.h"

enum { MOST_STORED = 65535, STORED_HEAD = 5, ZLIB_HEAD = 2, ZLIB_TAIL = 4 };

/* Would order-0 coding save less than about 4 %? By the sum of squared frequencies: 1/256 for
 * evenly distributed bytes; 1.25/256 is a Renyi entropy of 7.68 bits, and Shannon's is no less. */
static int is_noise(const uint8_t *plane, size_t n)
{
    uint32_t counts[4][256] = {{0}}; /* four tables, so that equal neighbours do not wait */
    size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        counts[0][plane[i]]++;
        counts[1][plane[i + 1]]++;
        counts[2][plane[i + 2]]++;
        counts[3][plane[i + 3]]++;
    }
    for (; i < n; i++) {
        counts[0][plane[i]]++;
    }
    uint64_t squares = 0;
    for (size_t b = 0; b < 256; b++) {
        const uint64_t count = (uint64_t)counts[0][b] + counts[1][b] + counts[2][b] + counts[3][b];
        squares += count * count;
    }
    return squares * 256 * 4 < (uint64_t)n * n * 5;
}

/* Blocks of type 0, none of them the last. */
static size_t put_stored(const uint8_t *bytes, size_t size, uint8_t *out)
{
    uint8_t *to = out;
    for (size_t at = 0; at < size; at += MOST_STORED) {
        const size_t left = size - at, n = left < MOST_STORED ? left : MOST_STORED;
        to[0] = 0;
        to[1] = (uint8_t)n;
        to[2] = (uint8_t)(n >> 8);
        to[3] = (uint8_t)~to[1];
        to[4] = (uint8_t)~to[2];
        memcpy(to + STORED_HEAD, bytes + at, n);
        to += STORED_HEAD + n;
    }
    return (size_t)(to - out);
}

static size_t stored_bound(size_t size)
{
    return size + STORED_HEAD * (size / MOST_STORED + 1);
}

size_t codec_deflate(codec_work *work, size_t n, uint32_t width, uint8_t *out, size_t most)
{
    const uint8_t *planes = work->shuffled;
    const size_t size = n * width;
    size_t noise = 0;
    while (noise < size && is_noise(planes + noise, n)) {
        noise += n;
    }
    if (noise == size || stored_bound(noise) + ZLIB_HEAD + ZLIB_TAIL >= most) {
        return 0;
    }
    out[0] = 0x78; /* deflate, 32 KiB window */
    out[1] = 0x01; /* fastest; makes the two bytes a multiple of 31 */
    size_t at = ZLIB_HEAD + put_stored(planes, noise, out + ZLIB_HEAD);
    const size_t packed = libdeflate_deflate_compress(work->deflate, planes + noise, size - noise,
                                                      out + at, most - at - ZLIB_TAIL);
    if (packed == 0) {
        return 0;
    }
    at += packed;
    const uint32_t sum = libdeflate_adler32(1, planes, size);
    for (size_t b = 0; b < ZLIB_TAIL; b++) {
        out[at + b] = (uint8_t)(sum >> (24 - 8 * b));
    }
    return at + ZLIB_TAIL;
}
