/* engine/snapshot_memory.c - a strategy's memory in another process, where its addresses differ.
 *
 * on_start does the same in every run but for addresses: so words that it leaves different in two
 * runs are addresses, of memory, tables and functions. They keep what on_start has given them in
 * the run at hand, or follow the strategy's own memory to where that is now; every other word comes
 * from the snapshot. Whatever cannot be told is refused. */
#include <stdlib.h>
#include <string.h>

#include "engine/snapshot_internal.h"

/* All that the run has allocated, in one piece. */
static size_t memory_size(const fel_engine *e)
{
    size_t n = 0;
    const unsigned char *bytes = NULL;
    for (size_t k = 0, size = 0; arena_piece(&e->run, k, &bytes, &size); k++) {
        n += size;
    }
    return n;
}

static void memory_copy(const fel_engine *e, unsigned char *out)
{
    const unsigned char *bytes = NULL;
    for (size_t k = 0, size = 0; arena_piece(&e->run, k, &bytes, &size); k++) {
        memcpy(out, bytes, size);
        out += size;
    }
}

fel_status snapshot_memory_start(fel_engine *e)
{
    byte_image *start = &e->start_memory;
    start->n = memory_size(e);
    free(start->items);
    start->items = malloc(start->n);
    if (start->items == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for a snapshot of %zu bytes", start->n);
    }
    memory_copy(e, start->items);
    return FEL_OK;
}

/* ---- addresses --------------------------------------------------------------------------------
 */

/* Memory of the run that was stopped, and the same memory here. */
typedef struct moved_piece {
    uint64_t was, is, size;
} moved_piece;

typedef struct moved_memory {
    moved_piece *items;
    size_t n, capacity;
} moved_memory;

static fel_status list_pieces(const fel_engine *e, moved_memory *moved)
{
    const unsigned char *bytes = NULL;
    for (size_t k = 0, size = 0; arena_piece(&e->run, k, &bytes, &size); k++) {
        const moved_piece piece = {.was = (uintptr_t)bytes, .is = (uintptr_t)bytes, .size = size};
        FEL_TRY(ARRAY_PUSH(moved, piece));
    }
    return FEL_OK;
}

/* Where something at an address of the stopped run is now, its end included; 0: nowhere. */
static uint64_t moved_to(const moved_memory *moved, uint64_t address)
{
    for (size_t k = 0; k < moved->n; k++) {
        const moved_piece *p = &moved->items[k];
        if (address >= p->was && address - p->was <= p->size) {
            return p->is + (address - p->was);
        }
    }
    return 0;
}

/* One word of memory that on_start has left as `here`, and in the stopped run as `start`, and that
 * was `now` when it stopped. */
static fel_status merge_word(const fel_engine *e, const moved_memory *moved, uint64_t start,
                             uint64_t now, uint64_t *here)
{
    const uint64_t there = moved_to(moved, now);
    const int is_address = *here != start, is_changed = now != start;
    if (is_address && !is_changed) {
        return FEL_OK;
    }
    if (is_address ? there == 0 && now != 0 : there != now && there != 0) {
        return FEL_RAISE(FEL_ERR_USER,
                         "snapshot: strategy %s keeps an address that it has not had in on_start: "
                         "it cannot go on from a snapshot",
                         e->strategy->name);
    }
    *here = is_address ? there : now;
    return FEL_OK;
}

static fel_status merge_words(fel_engine *e, const moved_memory *moved, const uint64_t *start,
                              const uint64_t *now)
{
    for (size_t k = 0; k < moved->n; k++) {
        unsigned char *bytes = NULL;
        size_t size = 0;
        (void)arena_piece_of(&e->run, k, &bytes, &size);
        uint64_t *words = (uint64_t *)(void *)bytes;
        for (size_t i = 0; i < size / sizeof(uint64_t); i++) {
            FEL_TRY(merge_word(e, moved, *start++, *now++, &words[i]));
        }
    }
    return FEL_OK;
}

static fel_status load(fel_engine *e, snapshot_tape *tape, moved_memory *moved, unsigned char *copy)
{
    const size_t n = memory_size(e);
    for (size_t k = 0; k < moved->n; k++) {
        const uint64_t size = moved->items[k].size;
        FEL_TRY(tape_part(tape, "piece", &moved->items[k], sizeof(moved->items[k])));
        FEL_TRY(size == moved->items[k].size
                    ? FEL_OK
                    : FEL_RAISE(FEL_ERR_FORMAT, "snapshot: strategy %s has other memory",
                                e->strategy->name));
        const unsigned char *bytes = NULL;
        size_t there = 0;
        (void)arena_piece(&e->run, k, &bytes, &there);
        moved->items[k].is = (uintptr_t)bytes;
    }
    FEL_TRY(tape_part(tape, "memory_at_start", copy, n));
    FEL_TRY(tape_part(tape, "memory", copy + n, n));
    return merge_words(e, moved, (const uint64_t *)(const void *)copy,
                       (const uint64_t *)(const void *)(copy + n));
}

static fel_status save(fel_engine *e, snapshot_tape *tape, moved_memory *moved, unsigned char *copy)
{
    const size_t n = memory_size(e);
    memory_copy(e, copy);
    for (size_t k = 0; k < moved->n; k++) {
        FEL_TRY(tape_part(tape, "piece", &moved->items[k], sizeof(moved->items[k])));
    }
    FEL_TRY(tape_part(tape, "memory_at_start", e->start_memory.items, n));
    return tape_part(tape, "memory", copy, n);
}

fel_status snapshot_memory(fel_engine *e, snapshot_tape *tape)
{
    const size_t n = memory_size(e);
    moved_memory moved = {0};
    unsigned char *copy = malloc(2 * n + 1);
    fel_status status = FEL_OK;
    if (copy == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for a snapshot of %zu bytes", n);
    } else {
        status = list_pieces(e, &moved);
    }
    if (status == FEL_OK) {
        status = tape->is_reading ? load(e, tape, &moved, copy) : save(e, tape, &moved, copy);
    }
    free(moved.items);
    free(copy);
    return status;
}
