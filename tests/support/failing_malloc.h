/* tests/support/failing_malloc.h - memory that runs out: the k-th allocation that the library makes
 * during a call fails, for k = 1, 2, ... until the call gets all it asks for.
 *
 * The test program is linked with --wrap=malloc and so on (see the Makefile), which redirects the
 * calls in our own objects and none of those inside HDF5, ICU or libarchive. jansson's go through
 * its own hook and fail in a turn of their own: its calls may then fail too, and we must listen. */
#ifndef FEL_TESTS_FAILING_MALLOC_H
#define FEL_TESTS_FAILING_MALLOC_H

#include <feller/base.h>

/* A public call to drive. */
typedef struct failing_call {
    const char *name;
    /* Makes the call. What it makes goes to *out, which is left alone when it fails; calls that
     * make nothing leave *out alone in any case. Must allocate nothing of its own. */
    fel_status (*call)(void *payload, void **out);
    void (*destroy)(void *made); /* NULL: nothing is made */
    void *payload;
} failing_call;

/* Drive it: with one failure at a time, with every allocation from the k-th on failing, and both
 * for jansson's. Each must fail with ERR_NOMEM (without jansson's memory: do without it, or fail
 * anyhow, as that library cannot always tell why), have that as its last error, leave *out alone
 * and free all that it allocated. Gives the number of our own allocations in a whole call. */
long check_failing_call(const failing_call *call);

#endif
