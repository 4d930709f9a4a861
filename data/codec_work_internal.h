/* data/codec_work_internal.h - the buffers of one thread. */
#ifndef FEL_MODULE_DATA
#error "data/codec_work_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CODEC_WORK_INTERNAL_H
#define FEL_DATA_CODEC_WORK_INTERNAL_H

#include <libdeflate.h>

#include "data/codec_internal.h"

struct codec_work {
    size_t chunk_rows;
    int64_t *numbers;  /* chunk_rows */
    uint8_t *codes;    /* chunk_rows x 8 */
    uint8_t *shuffled; /* chunk_rows x 8 */
    struct libdeflate_compressor *deflate;
    struct libdeflate_decompressor *inflate;
};

/* A zlib stream of work->shuffled, `width` planes of n bytes, in at most `most` bytes; 0 if it does
 * not fit. */
size_t codec_deflate(codec_work *work, size_t n, uint32_t width, uint8_t *out, size_t most);

#endif
