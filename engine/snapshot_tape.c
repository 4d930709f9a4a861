/* engine/snapshot_tape.c - named pieces of memory one after the other, as 64-bit words: a name of
 * up to 24 characters, the size, the bytes. */
#include <string.h>

#include "engine/snapshot_internal.h"

enum { NAME_WORDS = 3, HEAD_WORDS = NAME_WORDS + 1 };

static size_t words_of(size_t size)
{
    return (size + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

static void head_of(uint64_t head[HEAD_WORDS], const char *name, size_t size)
{
    char text[NAME_WORDS * sizeof(uint64_t)] = {0};
    const size_t length = strlen(name);
    memcpy(text, name, length < sizeof(text) ? length : sizeof(text));
    memcpy(head, text, sizeof(text));
    head[NAME_WORDS] = size;
}

static fel_status put(snapshot_tape *tape, const void *memory, size_t size)
{
    const size_t n = words_of(size);
    for (size_t i = 0; i < n; i++) {
        FEL_TRY(ARRAY_PUSH(tape, 0));
    }
    if (size > 0) {
        memcpy(tape->items + tape->n - n, memory, size);
    }
    return FEL_OK;
}

fel_status tape_peek(const snapshot_tape *tape, const char *name, size_t *size)
{
    uint64_t head[HEAD_WORDS];
    head_of(head, name, 0);
    if (tape->n - tape->at < HEAD_WORDS ||
        memcmp(head, tape->items + tape->at, NAME_WORDS * sizeof(uint64_t)) != 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "snapshot: %s is missing where it is expected", name);
    }
    *size = (size_t)tape->items[tape->at + NAME_WORDS];
    if (*size / sizeof(uint64_t) > tape->n || words_of(*size) > tape->n - tape->at - HEAD_WORDS) {
        return FEL_RAISE(FEL_ERR_FORMAT, "snapshot: %s is cut short", name);
    }
    return FEL_OK;
}

static fel_status take(snapshot_tape *tape, const char *name, void *memory, size_t size)
{
    size_t there = 0;
    FEL_TRY(tape_peek(tape, name, &there));
    if (there != size) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "snapshot: %s has %zu bytes, this run's has %zu: another study, or "
                         "another version",
                         name, there, size);
    }
    tape->at += HEAD_WORDS;
    if (size > 0) {
        memcpy(memory, tape->items + tape->at, size);
    }
    tape->at += words_of(size);
    return FEL_OK;
}

fel_status tape_part(snapshot_tape *tape, const char *name, void *memory, size_t size)
{
    if (tape->is_reading) {
        return take(tape, name, memory, size);
    }
    uint64_t head[HEAD_WORDS];
    head_of(head, name, size);
    FEL_TRY(put(tape, head, sizeof(head)));
    return put(tape, memory, size);
}
