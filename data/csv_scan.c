/* data/csv_scan.c - taking bytes without quotes apart, 64 at a time.
 *
 * Each block gives a word with a bit for every delimiter and row end in it; the work is per mark,
 * not per byte. Same rows as libcsv gives (csv_libcsv.c), several times as fast. */
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/array.h"
#include "data/csv_rows_internal.h"

enum { BLOCK_BYTES = 64 };

/* Where the scan is: beginnings of the field and of the row, lines passed. */
typedef struct scan {
    csv_rows *rows;
    const char *bytes;
    size_t size;
    size_t field_start, row_start;
    size_t first_field;
    uint32_t line;
    char delimiter;
} scan;

#ifdef __SSE2__
static inline uint64_t marks_of(const char *block, char delimiter)
{
    const __m128i d = _mm_set1_epi8(delimiter), lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    uint64_t marks = 0;
    for (size_t i = 0; i < 4; i++) {
        __m128i b;
        memcpy(&b, block + 16 * i, sizeof(b));
        const __m128i hit = _mm_or_si128(
            _mm_cmpeq_epi8(b, d), _mm_or_si128(_mm_cmpeq_epi8(b, lf), _mm_cmpeq_epi8(b, cr)));
        marks |= (uint64_t)(uint32_t)_mm_movemask_epi8(hit) << (16 * i);
    }
    return marks;
}
#else
static inline uint64_t marks_of(const char *block, char delimiter)
{
    uint64_t marks = 0;
    for (unsigned i = 0; i < BLOCK_BYTES; i++) {
        const char c = block[i];
        marks |= (uint64_t)(c == delimiter || c == '\n' || c == '\r') << i;
    }
    return marks;
}
#endif

static inline int is_blank(char c, char delimiter)
{
    return (c == ' ' || c == '\t') && c != delimiter;
}

/* The field up to `end` without the blanks around it; room for it is there. */
static inline void take_field(scan *s, size_t end)
{
    const char *first = s->bytes + s->field_start, *last = s->bytes + end;
    while (first < last && is_blank(*first, s->delimiter)) {
        first++;
    }
    while (first < last && is_blank(last[-1], s->delimiter)) {
        last--;
    }
    s->rows->fields[s->rows->n_fields++] = (csv_field){first, (uint32_t)(last - first), 0};
    s->field_start = end + 1;
}

static fel_status take_row(scan *s, size_t end)
{
    csv_rows *rows = s->rows;
    const size_t n_fields = rows->n_fields - s->first_field;
    if (n_fields == 1 && rows->fields[s->first_field].size == 0) {
        rows->n_fields = s->first_field; /* an empty line */
    } else {
        const csv_row row = {(uint32_t)s->first_field, (uint32_t)n_fields, s->line,
                             (uint32_t)s->row_start, (uint32_t)(end - s->row_start)};
        FEL_TRY(csv_rows_push_row(rows, &row));
        s->first_field = rows->n_fields;
    }
    s->row_start = end + 1;
    return FEL_OK;
}

static fel_status take_marks(scan *s, size_t at, uint64_t marks)
{
    for (; marks != 0; marks &= marks - 1) {
        const size_t end = at + (size_t)__builtin_ctzll(marks);
        const char mark = s->bytes[end];
        take_field(s, end);
        if (mark != s->delimiter) {
            FEL_TRY(take_row(s, end));
            const int is_half = mark == '\r' && end + 1 < s->size && s->bytes[end + 1] == '\n';
            s->line += is_half ? 0 : 1;
        }
    }
    return FEL_OK;
}

/* Room for the fields of one block and of an unended row after it. */
static fel_status make_room(csv_rows *rows)
{
    return array_reserve((void **)&rows->fields, &rows->fields_capacity,
                         rows->n_fields + BLOCK_BYTES + 1, sizeof(rows->fields[0]));
}

fel_status csv_rows_scan(csv_rows *rows, const char *bytes, size_t size, char delimiter)
{
    scan s = {.rows = rows, .bytes = bytes, .size = size, .delimiter = delimiter};
    rows->n_fields = 0;
    rows->n_rows = 0;
    size_t at = 0;
    for (; size - at >= BLOCK_BYTES; at += BLOCK_BYTES) {
        FEL_TRY(make_room(rows));
        FEL_TRY(take_marks(&s, at, marks_of(bytes + at, delimiter)));
    }
    FEL_TRY(make_room(rows));
    if (at < size) {
        char tail[BLOCK_BYTES];
        memcpy(tail, bytes + at, size - at);
        const uint64_t inside = (UINT64_C(1) << (size - at)) - 1;
        memset(tail + (size - at), 0, BLOCK_BYTES - (size - at));
        FEL_TRY(take_marks(&s, at, marks_of(tail, delimiter) & inside));
    }
    if (s.row_start < size) {
        FEL_TRY(make_room(rows));
        take_field(&s, size);
        FEL_TRY(take_row(&s, size));
    }
    rows->n_lines = s.line;
    return FEL_OK;
}
