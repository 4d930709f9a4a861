/* tests/unit/sim/test_pathfeed_stop.c - a flag ends the making of a block of paths soon. */
#include <pthread.h>
#include <time.h>

#include <feller/pathfeed.h>

#include "tests/support/check.h"

static fel_process heston(void)
{
    fel_process process;
    const fel_process_class *code = NULL;
    double params[FEL_PROCESS_MAX_PARAMS];
    CHECK_OK(fel_process_find("heston", &code));
    fel_param_defaults(code->params, code->n_params, params);
    CHECK_OK(fel_process_make(&process, code, params));
    return process;
}

static volatile int stop_now;

static void *stop_soon(void *payload)
{
    const struct timespec pause = {0, 30000000};
    (void)payload;
    (void)nanosleep(&pause, NULL);
    stop_now = 1;
    return NULL;
}

static double seconds_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Ten million steps of 128 paths take many seconds: a flag ends them among the steps. */
static void test_a_flag_stops_a_block_among_its_steps(void)
{
    fel_path_source *source = NULL;
    fel_path_room *room = NULL;
    pthread_t thread;
    fel_listing listing = {.kind = FEL_LISTED_ASSET};
    fel_path_market market = fel_path_market_default();
    const fel_process process = heston();
    listing.instrument = fel_series_info_default(FEL_DATA_BAR, "X").instrument;
    market.assets = &process;
    market.n_assets = 1;
    market.listings = &listing;
    market.n_listings = 1;
    market.calendar.n_bars = 250;
    market.substeps = 10000;
    CHECK_OK(fel_path_source_simulated(&source, &market));
    CHECK_OK(fel_path_room_create(&room, source, 0));
    fel_path_source_watch(source, &stop_now);
    stop_now = 1;
    CHECK_STATUS(fel_path_room_fill(room, 0, 100), FEL_ERR_STOPPED);
    stop_now = 0;
    const double start = seconds_now();
    CHECK(pthread_create(&thread, NULL, stop_soon, NULL) == 0);
    CHECK_STATUS(fel_path_room_fill(room, 0, 100), FEL_ERR_STOPPED);
    CHECK(seconds_now() - start < 2.0);
    CHECK(pthread_join(thread, NULL) == 0);
    stop_now = 0;
    fel_path_room_destroy(room);
    fel_path_source_destroy(source);
}

SUITE("sim/pathfeed_stop", TEST(test_a_flag_stops_a_block_among_its_steps));
