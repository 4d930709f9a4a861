/* tests/support/failing_malloc.c - see failing_malloc.h. What the library allocates while a call is
 * watched is kept in a table until it is freed, so that leaks show in any build. */
#include "tests/support/failing_malloc.h"

#include <errno.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

enum { TABLE_SIZE = 1 << 17, MOST_PROBES = 1 << 10, MOST_FAULTS = 3 };

/* ---- what is watched ------------------------------------------------------------------------ */

/* Which allocation fails. */
typedef struct failing {
    const char *words; /* for messages */
    int of_jansson;    /* of jansson's own; else of ours */
    int and_after;     /* and all after it */
    long k;            /* from 1; 0: none */
} failing;

static atomic_int is_watching;
static atomic_long n_calls;
static failing now;
static atomic_int failed; /* one has */

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static uintptr_t table[TABLE_SIZE]; /* 0: free, 1: was in use */
static long n_live, n_lost;

static size_t slot_of(uintptr_t key, size_t probe)
{
    const uint64_t mixed = ((uint64_t)key >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    return ((size_t)(mixed >> 40) + probe) & (TABLE_SIZE - 1);
}

static void note_alloc(const void *p)
{
    const uintptr_t key = (uintptr_t)p;
    if (key == 0 || !atomic_load(&is_watching)) {
        return;
    }
    (void)pthread_mutex_lock(&table_lock);
    size_t probe = 0;
    while (probe < MOST_PROBES && table[slot_of(key, probe)] > 1) {
        probe++;
    }
    if (probe < MOST_PROBES) {
        table[slot_of(key, probe)] = key;
        n_live++;
    } else {
        n_lost++;
    }
    (void)pthread_mutex_unlock(&table_lock);
}

static void note_free(const void *p)
{
    const uintptr_t key = (uintptr_t)p;
    if (key == 0 || !atomic_load(&is_watching)) {
        return;
    }
    (void)pthread_mutex_lock(&table_lock);
    for (size_t probe = 0; probe < MOST_PROBES; probe++) {
        uintptr_t *slot = &table[slot_of(key, probe)];
        if (*slot == key) {
            *slot = 1;
            n_live--;
            break;
        }
        if (*slot == 0) {
            break; /* allocated before, or by somebody else */
        }
    }
    (void)pthread_mutex_unlock(&table_lock);
}

/* Count one allocation; true if it is to fail. */
static int must_fail(int of_jansson)
{
    if (!atomic_load(&is_watching) || of_jansson != now.of_jansson) {
        return 0;
    }
    const long k = atomic_fetch_add(&n_calls, 1) + 1;
    if (now.k > 0 && (k == now.k || (k > now.k && now.and_after))) {
        atomic_store(&failed, 1);
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

/* ---- the wrapped calls ---------------------------------------------------------------------- */

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *size);
void __real_free(void *p);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *text);
FILE *__wrap_open_memstream(char **text, size_t *size);
void __wrap_free(void *p);

void *__wrap_malloc(size_t size)
{
    void *p = must_fail(0) ? NULL : __real_malloc(size);
    note_alloc(p);
    return p;
}

void *__wrap_calloc(size_t n, size_t size)
{
    void *p = must_fail(0) ? NULL : __real_calloc(n, size);
    note_alloc(p);
    return p;
}

void *__wrap_realloc(void *old, size_t size)
{
    if (must_fail(0)) {
        return NULL;
    }
    note_free(old); /* before: another thread may be given the same place right after */
    void *p = __real_realloc(old, size);
    note_alloc(p != NULL ? p : old);
    return p;
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    void *p = must_fail(0) ? NULL : __real_aligned_alloc(alignment, size);
    note_alloc(p);
    return p;
}

char *__wrap_strdup(const char *text)
{
    char *p = must_fail(0) ? NULL : __real_strdup(text);
    note_alloc(p);
    return p;
}

/* Its text is made inside the C library: only the opening can fail here. */
FILE *__wrap_open_memstream(char **text, size_t *size)
{
    return must_fail(0) ? NULL : __real_open_memstream(text, size);
}

void __wrap_free(void *p)
{
    note_free(p);
    __real_free(p);
}

static void *jansson_malloc(size_t size)
{
    void *p = must_fail(1) ? NULL : __real_malloc(size);
    note_alloc(p);
    return p;
}

/* ---- one call ------------------------------------------------------------------------------- */

typedef struct outcome {
    fel_status status;
    void *out;
    long n_calls, n_left;
    int failed;
} outcome;

static char untouched; /* its address stands for "what was there before" */

static outcome watch(const failing_call *call, const failing *what)
{
    outcome o = {.out = &untouched};
    memset(table, 0, sizeof(table));
    n_live = n_lost = 0;
    atomic_store(&n_calls, 0);
    atomic_store(&failed, 0);
    now = *what;
    json_set_alloc_funcs(jansson_malloc, __wrap_free);
    atomic_store(&is_watching, 1);
    o.status = call->call(call->payload, &o.out);
    now.k = 0;
    if (o.status == FEL_OK && call->destroy != NULL) {
        call->destroy(o.out);
    }
    atomic_store(&is_watching, 0);
    json_set_alloc_funcs(malloc, free);
    o.n_calls = atomic_load(&n_calls);
    o.failed = atomic_load(&failed);
    o.n_left = n_live + n_lost;
    return o;
}

static const char *fault_of(const failing_call *call, const failing *what, const outcome *o)
{
    if (o->status == FEL_OK && o->failed && !what->of_jansson) {
        return "succeeds all the same";
    }
    if (o->status != FEL_OK && o->status != FEL_ERR_NOMEM && !what->of_jansson) {
        return "gives another status";
    }
    if (o->status != FEL_OK && fel_last_error()->status != o->status) {
        return "has another last error";
    }
    if ((o->status != FEL_OK || call->destroy == NULL) && o->out != &untouched) {
        return "has touched *out";
    }
    return o->n_left != 0 ? "leaks" : NULL;
}

static long drive(const failing_call *call, failing what)
{
    int n_faults = 0;
    for (what.k = 1;; what.k++) {
        const outcome o = watch(call, &what);
        const char *fault = fault_of(call, &what, &o);
        if (fault != NULL && n_faults++ < MOST_FAULTS) {
            (void)printf("\n%s: without %s %ld it %s: %s, %ld left; last error %s:%d: %s\n",
                         call->name, what.words, what.k, fault, fel_status_name(o.status), o.n_left,
                         fel_last_error()->file, fel_last_error()->line, fel_last_error()->message);
        }
        if (!o.failed) {
            CHECK_OK(o.status);
            CHECK_INT(n_faults, 0);
            return o.n_calls;
        }
    }
}

long check_failing_call(const failing_call *call)
{
    static const failing ways[] = {{"allocation", 0, 0, 0},
                                   {"all allocations from", 0, 1, 0},
                                   {"jansson's allocation", 1, 0, 0},
                                   {"all of jansson's allocations from", 1, 1, 0}};
    outcome first = {.out = &untouched}; /* fills what is kept for the life of the process */
    first.status = call->call(call->payload, &first.out);
    CHECK_OK(first.status);
    if (first.status != FEL_OK) {
        return 0;
    }
    if (call->destroy != NULL) {
        call->destroy(first.out);
    }
    const long n = drive(call, ways[0]);
    for (size_t i = 1; i < sizeof(ways) / sizeof(ways[0]); i++) {
        (void)drive(call, ways[i]);
    }
    return n;
}
