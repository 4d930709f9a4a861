/* core/threads.c - pieces handed out in order from one counter.
 *
 * A thread that has taken a piece always runs it, and pieces are taken in order: whenever piece j
 * runs, every piece before j has run or is running. So the lowest piece that fails is found
 * whatever the timing, and only its message is kept.
 *
 * The atomics order by themselves all that pieces read and write: race checkers, which do not see
 * into OpenMP's own fork and join, then need no exceptions for what pieces do. */
#include "core/threads.h"

#include <errno.h>
#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>

enum { MOST_THREADS = 1024 };

typedef struct piecework {
    fel_status (*work)(void *payload, size_t index, int thread);
    void *payload;
    size_t n;
    atomic_size_t next;
    atomic_int failed;
    atomic_int n_left; /* threads that are done */
    pthread_mutex_t lock;
    size_t failed_index; /* these two under the lock */
    fel_error error;
} piecework;

int threads_count(int requested)
{
    const int count = requested > 0 ? requested : omp_get_num_procs();
    return count > MOST_THREADS ? MOST_THREADS : count;
}

static void note_failure(piecework *p, size_t index)
{
    (void)pthread_mutex_lock(&p->lock);
    if (!atomic_load(&p->failed) || index < p->failed_index) {
        p->failed_index = index;
        p->error = *fel_last_error();
        atomic_store(&p->failed, 1);
    }
    (void)pthread_mutex_unlock(&p->lock);
}

static void run_pieces(piecework *p, int thread)
{
    while (!atomic_load(&p->failed)) {
        const size_t index = atomic_fetch_add(&p->next, 1);
        if (index >= p->n) {
            break;
        }
        if (p->work(p->payload, index, thread) != FEL_OK) {
            note_failure(p, index);
        }
    }
    atomic_fetch_add(&p->n_left, 1);
}

fel_status threads_run(int n_threads, size_t n,
                       fel_status (*work)(void *payload, size_t index, int thread), void *payload)
{
    piecework p = {.work = work, .payload = payload, .n = n, .lock = PTHREAD_MUTEX_INITIALIZER};
    atomic_store(&p.failed, 0);
    const size_t wanted = (size_t)threads_count(n_threads);
    const int team = (int)(wanted < n ? wanted : n);
    if (team <= 1) {
        run_pieces(&p, 0);
    } else {
#pragma omp parallel num_threads(team) default(none) shared(p)
        run_pieces(&p, omp_get_thread_num());
    }
    (void)atomic_load(&p.n_left); /* what the team wrote comes before what follows */
    if (!atomic_load(&p.failed)) {
        return FEL_OK;
    }
    errno = p.error.os_errno;
    fel_raise_at(p.error.status, p.error.file, p.error.line, p.error.func, "%s", p.error.message);
    return p.error.status;
}
