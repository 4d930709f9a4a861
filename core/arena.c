/* core/arena.c - a chain of blocks, each at least twice the size of the one before it.
 *
 * Every piece starts on a 64-byte line: threads that own neighbouring pieces do not share lines,
 * and vector loads are aligned. */
#include "core/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 64, FIRST_BLOCK_BYTES = 1 << 16 };

struct arena_block {
    _Alignas(LINE_BYTES) arena_block *next;
    size_t size;
    size_t used; /* once it is no longer the current one */
    _Alignas(LINE_BYTES) unsigned char bytes[];
};

static arena_block *block_create(size_t size)
{
    if (size > SIZE_MAX - sizeof(arena_block)) {
        return NULL;
    }
    arena_block *block = aligned_alloc(LINE_BYTES, sizeof(arena_block) + size);
    if (block != NULL) {
        block->next = NULL;
        block->size = size;
        block->used = 0;
    }
    return block;
}

/* Move to a later block with room for `size`, or put a new one after the current. */
static int next_block(arena *a, size_t size)
{
    while (a->current != NULL && a->current->next != NULL) {
        a->current->used = a->used;
        a->current = a->current->next;
        a->used = 0;
        if (a->current->size >= size) {
            return 1;
        }
    }
    size_t block_bytes = a->current == NULL ? FIRST_BLOCK_BYTES : a->current->size;
    block_bytes = a->current != NULL && block_bytes < SIZE_MAX / 4 ? 2 * block_bytes : block_bytes;
    arena_block *block = block_create(size > block_bytes ? size : block_bytes);
    if (block == NULL) {
        return 0;
    }
    if (a->current == NULL) {
        a->first = block;
    } else {
        a->current->used = a->used;
        a->current->next = block;
    }
    a->current = block;
    a->used = 0;
    return 1;
}

void *arena_alloc(arena *a, size_t size)
{
    if (size > SIZE_MAX / 2) {
        return NULL;
    }
    const size_t wanted =
        size == 0 ? LINE_BYTES : (size + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    if ((a->current == NULL || a->current->size - a->used < wanted) && !next_block(a, wanted)) {
        return NULL;
    }
    void *piece = a->current->bytes + a->used;
    a->used += wanted;
    return memset(piece, 0, wanted);
}

void *arena_array(arena *a, size_t count, size_t size)
{
    return size != 0 && count > SIZE_MAX / size ? NULL : arena_alloc(a, count * size);
}

char *arena_text(arena *a, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = arena_alloc(a, size);
    return copy == NULL ? NULL : memcpy(copy, text, size);
}

char *arena_printf(arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : arena_alloc(a, (size_t)length + 1);
    if (text != NULL) {
        va_start(args, format);
        (void)vsnprintf(text, (size_t)length + 1, format, args);
        va_end(args);
    }
    return text;
}

int arena_piece_of(arena *a, size_t k, unsigned char **bytes, size_t *size)
{
    arena_block *block = a->current == NULL ? NULL : a->first;
    for (; k > 0 && block != NULL; k--) {
        block = block == a->current ? NULL : block->next;
    }
    if (block == NULL) {
        return 0;
    }
    *bytes = block->bytes;
    *size = block == a->current ? a->used : block->used;
    return 1;
}

int arena_piece(const arena *a, size_t k, const unsigned char **bytes, size_t *size)
{
    arena same = *a;
    unsigned char *piece = NULL;
    const int is_there = arena_piece_of(&same, k, &piece, size);
    *bytes = piece;
    return is_there;
}

void arena_reset(arena *a)
{
    a->current = a->first;
    a->used = 0;
}

void arena_free(arena *a)
{
    for (arena_block *block = a->first; block != NULL;) {
        arena_block *next = block->next;
        free(block);
        block = next;
    }
    a->first = NULL;
    a->current = NULL;
    a->used = 0;
}
