/* tests/unit/data/test_feed_crew.c - background pieces: each is done once, failures are found
 * whatever the timing. */
#define FEL_MODULE_DATA 1
#include "data/feed_crew_internal.h"
#include "tests/unit/data/sample_series.h"

enum { MOST_PIECES = 50 };

typedef struct tally {
    int done[MOST_PIECES]; /* each written by the one thread that does the piece */
    int threads[MOST_PIECES];
    size_t fails_from;
} tally;

static fel_status count_piece(void *payload, size_t index, int thread)
{
    tally *t = payload;
    t->done[index]++;
    t->threads[index] = thread;
    return index >= t->fails_from
               ? (fel_status)FEL_RAISE(FEL_ERR_USER, "piece %zu does not like it", index)
               : FEL_OK;
}

static void test_each_piece_is_done_once(void)
{
    for (int n_threads = 0; n_threads <= 4; n_threads++) {
        tally t = {.fails_from = MOST_PIECES};
        crew *c = NULL;
        CHECK_OK(crew_create(&c, n_threads, count_piece, &t));
        CHECK_OK(crew_finish(c)); /* nothing was begun */
        for (int round = 1; round <= 200; round++) {
            crew_begin(c, (size_t)(round % MOST_PIECES));
            CHECK_OK(crew_finish(c));
        }
        int sum = 0;
        for (size_t i = 0; i < MOST_PIECES; i++) {
            sum += t.done[i];
            CHECK(t.threads[i] >= 0 && t.threads[i] <= n_threads);
            CHECK(i == 0 || t.done[i] <= t.done[i - 1]);
        }
        CHECK_INT(sum, 4 * (MOST_PIECES - 1) * MOST_PIECES / 2);
        crew_destroy(c);
    }
    crew_destroy(NULL);
}

static void test_lowest_failure_is_told(void)
{
    tally t = {.fails_from = 17};
    crew *c = NULL;
    CHECK_OK(crew_create(&c, 3, count_piece, &t));
    for (int round = 0; round < 100; round++) {
        crew_begin(c, MOST_PIECES);
        CHECK_STATUS(crew_finish(c), FEL_ERR_USER);
        CHECK_TEXT(fel_last_error()->message, "piece 17 does not like it");
    }
    crew_begin(c, 17);
    CHECK_OK(crew_finish(c)); /* and it is forgotten */
    crew_destroy(c);
}

SUITE("data/feed_crew", TEST(test_each_piece_is_done_once), TEST(test_lowest_failure_is_told));
