/* tests/unit/core/test_threads.c - same bits for any team, and the lowest failure wins. */
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "core/rng.h"
#include "core/threads.h"
#include "tests/support/check.h"

enum { N_PIECES = 300, MOST_TEAM = 8 };

typedef struct piecework_log {
    double results[N_PIECES];
    atomic_int n_runs[N_PIECES];
    atomic_int wrong_thread;
    int team;
} piecework_log;

static fel_status draw_piece(void *payload, size_t index, int thread)
{
    piecework_log *log = payload;
    rng_stream r = rng_at(3, index);
    double sum = 0.0;
    for (size_t i = 0; i < 50; i++) {
        sum += rng_uniform(&r) / 3.0;
    }
    log->results[index] = sum;
    atomic_fetch_add(&log->n_runs[index], 1);
    if (thread < 0 || thread >= log->team) {
        atomic_store(&log->wrong_thread, 1);
    }
    return FEL_OK;
}

static void test_any_team_gives_the_same_bits(void)
{
    static piecework_log alone, many;
    memset(&alone, 0, sizeof(alone));
    alone.team = 1;
    CHECK_OK(threads_run(1, N_PIECES, draw_piece, &alone));
    for (int team = 2; team <= MOST_TEAM; team += 3) {
        memset(&many, 0, sizeof(many));
        many.team = team;
        CHECK_OK(threads_run(team, N_PIECES, draw_piece, &many));
        CHECK_INT(atomic_load(&many.wrong_thread), 0);
        for (size_t i = 0; i < N_PIECES; i++) {
            CHECK_INT(atomic_load(&many.n_runs[i]), 1);
            CHECK_SAME(many.results[i], alone.results[i]);
        }
    }
}

static void wait_ms(long ms)
{
    const struct timespec t = {0, ms * 1000000};
    (void)nanosleep(&t, NULL);
}

/* Pieces 11, 12, 37 and 90 fail; the lowest of them last by the clock. */
static fel_status fail_some(void *payload, size_t index, int thread)
{
    (void)thread;
    atomic_int *begun = payload;
    atomic_fetch_add(begun, 1);
    if (index == 11) {
        wait_ms(20);
        return FEL_RAISE(FEL_ERR_RANGE, "piece %zu is out of range", index);
    }
    if (index == 12 || index == 37 || index == 90) {
        return FEL_RAISE(FEL_ERR_FORMAT, "piece %zu is malformed", index);
    }
    return FEL_OK;
}

static void test_the_lowest_failure_is_handed_up(void)
{
    for (int team = 1; team <= MOST_TEAM; team++) {
        atomic_int begun = 0;
        CHECK_STATUS(threads_run(team, 1000, fail_some, &begun), FEL_ERR_RANGE);
        CHECK_TEXT(fel_last_error()->message, "piece 11 is out of range");
        CHECK_TEXT(fel_last_error()->func, "fail_some");
        CHECK(atomic_load(&begun) < 200); /* no new piece begins after a failure */
    }
}

static fel_status never_called(void *payload, size_t index, int thread)
{
    (void)payload;
    return FEL_RAISE(FEL_ERR_INTERNAL, "piece %zu on thread %d", index, thread);
}

static void test_no_work_is_done_at_once(void)
{
    CHECK_OK(threads_run(4, 0, never_called, NULL));
}

static void test_zero_asks_for_all_cores(void)
{
    CHECK(threads_count(0) >= 1);
    CHECK_INT(threads_count(3), 3);
    CHECK(threads_count(1000000) <= 1024);
}

SUITE("core/threads", TEST(test_any_team_gives_the_same_bits),
      TEST(test_the_lowest_failure_is_handed_up), TEST(test_no_work_is_done_at_once),
      TEST(test_zero_asks_for_all_cores));
