/* engine/snapshot_internal.h - a run on paper: all that it knows between two instants, so that
 * another run may go on from there. */
#ifndef FEL_ENGINE_SNAPSHOT_INTERNAL_H
#define FEL_ENGINE_SNAPSHOT_INTERNAL_H

#ifndef FEL_MODULE_ENGINE
#error "engine/snapshot_internal.h is for files of engine/ only"
#endif

#include "engine/engine_internal.h"

/* Words in the order in which they are put down or taken up; one walk over the state does both, so
 * that the two cannot differ. */
typedef struct snapshot_tape {
    uint64_t *items;
    size_t n, capacity;
    size_t at; /* reading: the next word */
    int is_reading;
} snapshot_tape;

/* size bytes at `memory`, to the tape or from it. Reading: ERR_FORMAT if what comes next has
 * another name or size. */
fel_status tape_part(snapshot_tape *tape, const char *name, void *memory, size_t size);
/* Bytes of the part that comes next while reading, ERR_FORMAT if it has another name. */
fel_status tape_peek(const snapshot_tape *tape, const char *name, size_t *size);

/* ---- what there is to put down ----------------------------------------------------------------
 */

/* snapshot_state.c: money, orders, records, counters. */
fel_status snapshot_state(fel_engine *e, snapshot_tape *tape);
/* snapshot_feeds.c: how far each feed has come. Reading: the feeds are there again. */
fel_status snapshot_feeds(fel_engine *e, snapshot_tape *tape);
/* snapshot_memory.c: the strategy's state and what it has allocated, as on_start left it and as it
 * is; addresses are moved to where the run at hand has the same memory. ERR_USER if one cannot be.
 */
fel_status snapshot_memory(fel_engine *e, snapshot_tape *tape);
/* After on_start: remember what it has left. */
fel_status snapshot_memory_start(fel_engine *e);

/* snapshot.c: to and from a file. */
fel_status snapshot_write(fel_engine *e, const char *path);
fel_status snapshot_read(fel_engine *e, const char *path);

#endif
