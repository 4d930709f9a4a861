/* data/feed_crew_internal.h - a few threads that do pieces of work in the background; who waits for
 * the work lends a hand. */
#ifndef FEL_MODULE_DATA
#error "data/feed_crew_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_FEED_CREW_INTERNAL_H
#define FEL_DATA_FEED_CREW_INTERNAL_H

#include <feller/base.h>

typedef struct crew crew;

/* work(payload, index, thread): pieces must not depend on one another; thread is 0 for the caller
 * of crew_finish and 1 .. n_threads for the crew. n_threads may be 0. */
fel_status crew_create(crew **out, int n_threads,
                       fel_status (*work)(void *payload, size_t index, int thread), void *payload);
/* Waits for what was begun. NULL is allowed. */
void crew_destroy(crew *c);

/* Begin pieces 0 .. n-1. What was begun before must be finished. */
void crew_begin(crew *c, size_t n);
/* Do pieces that nobody has taken, wait for the others. The failure with the lowest index is handed
 * up as if it came from here. */
fel_status crew_finish(crew *c);

#endif
