/* tests/property/test_memory_calibration.c - memory runs out while a chain is read or fitted: a
 * clean failure, nothing leaked, the caller's objects as they were. */
#include <stdio.h>

#include <feller/calibrate.h>

#include "tests/support/check.h"
#include "tests/support/csvcase.h"
#include "tests/support/failing_malloc.h"

static const char text[] = "t,strike,call_bid,call_ask,put_bid,put_ask\n"
                           "0.25,90,12.1,12.3,1.4,1.5\n"
                           "0.25,95,8.3,8.5,2.6,2.7\n"
                           "0.25,100,5.2,5.3,4.4,4.6\n"
                           "0.25,105,3.0,3.2,7.2,7.4\n"
                           "1.0,90,16.2,16.6,4.7,4.9\n"
                           "1.0,100,10.4,10.7,8.6,8.9\n"
                           "1.0,110,6.1,6.4,14.0,14.3\n";

typedef struct bench {
    char path[512];
    fel_chain chain, made;
    fel_calibration fit;
} bench;

static fel_status call_read(void *payload, void **out)
{
    bench *b = payload;
    const fel_status status = fel_chain_read(&b->made, b->path, NULL);
    if (status == FEL_OK) {
        *out = &b->made;
    }
    return status;
}

static void clear_chain(void *made)
{
    fel_chain_clear(made);
}

static fel_status call_fit(void *payload, void **out)
{
    bench *b = payload;
    fel_calibrate_options options = fel_calibrate_options_default();
    options.n_threads = 1;
    options.n_starts = 2;
    options.tolerance = 1e-2;
    const fel_status status = fel_calibrate_heston(&b->fit, &b->chain, &options);
    if (status == FEL_OK) {
        *out = &b->fit;
    }
    return status;
}

static void clear_fit(void *made)
{
    fel_calibration_clear(made);
}

static void test_memory_runs_out(void)
{
    static bench b;
    (void)snprintf(b.path, sizeof(b.path), "%s", csv_case_file("chain.csv", text, -1));
    CHECK_OK(fel_chain_read(&b.chain, b.path, NULL));
    CHECK_INT(b.chain.n, 14);
    const failing_call calls[] = {{"fel_chain_read", call_read, clear_chain, &b},
                                  {"fel_calibrate_heston", call_fit, clear_fit, &b}};
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        CHECK(check_failing_call(&calls[i]) > 5);
    }
    fel_chain_clear(&b.chain);
}

SUITE("property/memory_calibration", TEST(test_memory_runs_out));
