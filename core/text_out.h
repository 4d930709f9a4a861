/* core/text_out.h - text on its way to a stream, put together in one block.
 *
 * For files of millions of fields: a field is written into the room that the block has left, and
 * the stream sees a few large writes. Errors stay on the stream, as with stdio. */
#ifndef FEL_CORE_TEXT_OUT_H
#define FEL_CORE_TEXT_OUT_H

#include <stdio.h>
#include <string.h>

enum { TEXT_OUT_SIZE = 1 << 16 };

typedef struct text_out {
    FILE *stream;
    size_t n; /* bytes not yet handed to the stream */
    char bytes[TEXT_OUT_SIZE];
} text_out;

static inline void text_out_begin(text_out *out, FILE *stream)
{
    out->stream = stream;
    out->n = 0;
}

/* Hand over what there is; at the end, or before writing to the stream by other means. */
static inline void text_out_flush(text_out *out)
{
    (void)fwrite(out->bytes, 1, out->n, out->stream);
    out->n = 0;
}

/* Room for `size` bytes, at most TEXT_OUT_SIZE; then say how many were used. */
static inline char *text_out_room(text_out *out, size_t size)
{
    if (TEXT_OUT_SIZE - out->n < size) {
        text_out_flush(out);
    }
    return out->bytes + out->n;
}
static inline void text_out_used(text_out *out, size_t size)
{
    out->n += size;
}

static inline void text_out_char(text_out *out, char c)
{
    *text_out_room(out, 1) = c;
    out->n++;
}

static inline void text_out_bytes(text_out *out, const char *bytes, size_t size)
{
    if (size > TEXT_OUT_SIZE) {
        text_out_flush(out);
        (void)fwrite(bytes, 1, size, out->stream);
        return;
    }
    memcpy(text_out_room(out, size), bytes, size);
    out->n += size;
}

static inline void text_out_text(text_out *out, const char *text)
{
    text_out_bytes(out, text, strlen(text));
}

#endif
