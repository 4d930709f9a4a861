/* data/feed_crew.c - background threads for a feed: decoding goes on while the engine works on the
 * block before, and the results do not depend on who did what. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "data/feed_crew_internal.h"

struct crew {
    fel_status (*work)(void *payload, size_t index, int thread);
    void *payload;
    pthread_mutex_t mutex; /* for all below */
    pthread_cond_t begun, done;
    size_t n, next, n_done;
    size_t failed_index; /* n: none has failed */
    fel_error error;     /* of that one */
    int stop;
    int n_named; /* threads that have taken their number */
    int n_threads;
    pthread_t *threads;
};

/* Take and do one piece. Called with the mutex held, and returns with it held. */
static void do_piece(crew *c, int thread)
{
    const size_t index = c->next++;
    (void)pthread_mutex_unlock(&c->mutex);
    const fel_status status = c->work(c->payload, index, thread);
    (void)pthread_mutex_lock(&c->mutex);
    if (status != FEL_OK && index < c->failed_index) {
        c->failed_index = index;
        c->error = *fel_last_error();
    }
    if (++c->n_done == c->n) {
        (void)pthread_cond_broadcast(&c->done);
    }
}

static void *live(void *self)
{
    crew *c = self;
    (void)pthread_mutex_lock(&c->mutex);
    const int thread = ++c->n_named;
    while (!c->stop) {
        if (c->next < c->n) {
            do_piece(c, thread);
        } else {
            (void)pthread_cond_wait(&c->begun, &c->mutex);
        }
    }
    (void)pthread_mutex_unlock(&c->mutex);
    return NULL;
}

/* Signals are for the program's own threads. A thread that cannot be had is done without. */
static void start_threads(crew *c, int n_threads)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    while (c->n_threads < n_threads &&
           pthread_create(&c->threads[c->n_threads], NULL, live, c) == 0) {
        c->n_threads++;
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
}

fel_status crew_create(crew **out, int n_threads,
                       fel_status (*work)(void *payload, size_t index, int thread), void *payload)
{
    crew *c = calloc(1, sizeof(*c));
    if (c == NULL || (c->threads = calloc((size_t)n_threads + 1, sizeof(*c->threads))) == NULL) {
        free(c);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %d threads", n_threads);
    }
    c->work = work;
    c->payload = payload;
    (void)pthread_mutex_init(&c->mutex, NULL);
    (void)pthread_cond_init(&c->begun, NULL);
    (void)pthread_cond_init(&c->done, NULL);
    start_threads(c, n_threads);
    *out = c;
    return FEL_OK;
}

void crew_destroy(crew *c)
{
    if (c == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&c->mutex);
    c->stop = 1;
    (void)pthread_cond_broadcast(&c->begun);
    (void)pthread_mutex_unlock(&c->mutex);
    for (int t = 0; t < c->n_threads; t++) {
        (void)pthread_join(c->threads[t], NULL);
    }
    (void)pthread_cond_destroy(&c->done);
    (void)pthread_cond_destroy(&c->begun);
    (void)pthread_mutex_destroy(&c->mutex);
    free(c->threads);
    free(c);
}

void crew_begin(crew *c, size_t n)
{
    (void)pthread_mutex_lock(&c->mutex);
    c->n = n;
    c->next = 0;
    c->n_done = 0;
    c->failed_index = n;
    (void)pthread_cond_broadcast(&c->begun);
    (void)pthread_mutex_unlock(&c->mutex);
}

fel_status crew_finish(crew *c)
{
    (void)pthread_mutex_lock(&c->mutex);
    while (c->n_done < c->n) {
        if (c->next < c->n) {
            do_piece(c, 0);
        } else {
            (void)pthread_cond_wait(&c->done, &c->mutex);
        }
    }
    const int has_failed = c->failed_index < c->n;
    (void)pthread_mutex_unlock(&c->mutex);
    if (!has_failed) {
        return FEL_OK;
    }
    const fel_error *e = &c->error;
    errno = e->os_errno;
    fel_raise_at(e->status, e->file, e->line, e->func, "%s", e->message);
    return e->status;
}
