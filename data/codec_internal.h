/* data/codec_internal.h - columns to bytes and back: whole numbers by differences, shuffled and
 * deflated, in the formats of HDF5's own filters (shuffle, deflate), so that any HDF5 program can
 * undo the last two steps. */
#ifndef FEL_MODULE_DATA
#error "data/codec_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_CODEC_INTERNAL_H
#define FEL_DATA_CODEC_INTERNAL_H

#include <feller/base.h>

/* How a column's values become codes. With k the value in whole ticks (or an instant in ns), modulo
 * 2^64 throughout:
 *   delta:   code[0] = 0, code[i] = (k[i] - k[i-1]) / step, first = k[0]; signed
 *   offset:  code[i] = (k[i] - first) / step, first = the least k; unsigned
 *   float64: the double as it is */
typedef enum codec_kind { CODEC_DELTA, CODEC_OFFSET, CODEC_FLOAT64, CODEC_N_KINDS } codec_kind;

/* One for a column of a segment. */
typedef struct codec_plan {
    codec_kind kind;
    uint32_t width;        /* bytes a code: 1, 2, 4, 8 */
    double ticks_per_unit; /* value = k / this; 0: instants, or float64 */
    size_t chunk_rows;     /* codes in each chunk; the last one is filled up with 0 */
    int64_t step;          /* for writing: of every chunk */
} codec_plan;

/* One for each of its chunks. */
typedef struct codec_chunk {
    int64_t first, step;
    uint64_t checksum; /* XXH3 64 of the stored bytes, seeded with first and step */
} codec_chunk;

/* A column in memory: instants or values, the other is NULL. */
typedef struct codec_column {
    const int64_t *instants;
    const double *values;
} codec_column;

/* Where decoded rows go: exactly one is not NULL. */
typedef struct codec_target {
    int64_t *instants;
    double *values;
} codec_target;

/* Names written into files: "delta", "offset", "float64"; CODEC_N_KINDS if unknown. */
const char *codec_kind_name(codec_kind kind);
codec_kind codec_kind_find(const char *name);

/* Ticks per unit of the coarsest grid on which all of x lies: the hint, then 1, 10, .. 10^8; 0 if
 * there is none, or if some x is not finite, or -0. x[i] is then exactly rint(x[i] g) / g. */
double codec_find_grid(const double *x, size_t n, double hint_ticks_per_unit);

/* The plan for n rows cut into chunks of chunk_rows that takes the fewest bits. scratch: chunk_rows
 * numbers. */
codec_plan codec_make_plan(codec_column column, size_t n, size_t chunk_rows,
                           double hint_ticks_per_unit, int64_t *scratch);

/* Byte planes: byte b of element i goes to out[b n + i]. width is 1, 2, 4 or 8. */
void codec_shuffle(const void *elements, size_t n, uint32_t width, uint8_t *out);
/* Elements at .. at+count of n shuffled ones as 64-bit numbers. */
void codec_unshuffle(const uint8_t *planes, size_t n, uint32_t width, int is_signed, size_t at,
                     size_t count, int64_t *out);

/* Buffers and deflate states of one thread for chunks of up to chunk_rows rows. */
typedef struct codec_work codec_work;
fel_status codec_work_create(codec_work **out, size_t chunk_rows, int is_writer);
void codec_work_destroy(codec_work *work);     /* NULL is allowed */
int64_t *codec_work_numbers(codec_work *work); /* chunk_rows of them, for codec_make_plan */

/* What a packed chunk may take at most. */
size_t codec_bound(size_t chunk_rows);

/* HDF5 filter masks: bit f is set where filter f of the pipeline (0 shuffle, 1 deflate) is left
 * out. */
enum { CODEC_MASK_BOTH = 0, CODEC_MASK_NONE = 3 };

typedef struct codec_bytes {
    uint8_t *data;
    size_t size;
    uint32_t mask;
} codec_bytes;

/* Pack rows at .. at+n of a column, n <= plan->chunk_rows. out->data has codec_bound bytes. */
void codec_pack(codec_work *work, const codec_plan *plan, codec_column column, size_t at, size_t n,
                codec_chunk *chunk, codec_bytes *out);

/* Unpack the first n rows. ERR_FORMAT if the bytes are not what was written; the message names no
 * file. */
fel_status codec_unpack(codec_work *work, const codec_plan *plan, const codec_chunk *chunk,
                        const codec_bytes *bytes, size_t n, codec_target to);

#endif
