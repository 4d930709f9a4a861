/* core/threads.h - independent pieces of work on OpenMP threads, with the first failure handed up.
 */
#ifndef FEL_CORE_THREADS_H
#define FEL_CORE_THREADS_H

#include <feller/base.h>

/* Number of threads to use for a request: 0 means all cores that this process may run on. */
int threads_count(int requested);

/* Run work(payload, index, thread) for index 0 .. n-1, handed out in order one by one; pieces must
 * not depend on one another. thread is in 0 .. threads_count(n_threads)-1. After a failure no new
 * piece begins. The failure with the lowest index is returned, its message restored in the caller's
 * thread: the outcome does not depend on timing as long as pieces are deterministic. */
fel_status threads_run(int n_threads, size_t n,
                       fel_status (*work)(void *payload, size_t index, int thread), void *payload);

#endif
