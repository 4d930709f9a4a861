/* core/arena.h - memory with one end: blocks that are freed, or forgotten, together. */
#ifndef FEL_CORE_ARENA_H
#define FEL_CORE_ARENA_H

#include <feller/base.h>

typedef struct arena_block arena_block;

/* Zero-initialise; no create call. */
typedef struct arena {
    arena_block *first, *current;
    size_t used; /* of the current block */
} arena;

/* Zeroed memory aligned to 64 bytes; NULL when memory is out. size 0 gives a valid pointer. */
void *arena_alloc(arena *a, size_t size);
/* count x size with overflow checked. */
void *arena_array(arena *a, size_t count, size_t size);
/* A copy of a string, or NULL when memory is out. */
char *arena_text(arena *a, const char *text);
char *arena_printf(arena *a, const char *format, ...) FEL_PRINTF(2, 3);
/* The k-th stretch of what has been handed out since the last reset, oldest first; 0 past the last.
 * Whoever allocates the same sizes in the same order gets the same stretches. */
int arena_piece(const arena *a, size_t k, const unsigned char **bytes, size_t *size);
int arena_piece_of(arena *a, size_t k, unsigned char **bytes, size_t *size);
/* Forget everything but keep the memory for the next use. */
void arena_reset(arena *a);
void arena_free(arena *a);

#endif
