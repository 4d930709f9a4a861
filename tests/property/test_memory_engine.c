/* tests/property/test_memory_engine.c - memory runs out while an engine is made and while it runs:
 * a clean failure, and the same engine runs again to the same orders. */
#include <stdio.h>
#include <string.h>

#include "tests/support/failing_malloc.h"
#include "tests/unit/engine/random_fixture.h"

enum { N_BARS = 1500, N_SYMBOLS = 3 };

typedef struct bench {
    market market;
    fel_engine_config config;
    fel_engine *engine;
    char hash[33];
} bench;

static void set_up(bench *b)
{
    static const random_play play = {.seed = 5, .activity = 0.9, .scale = 1.0};
    memset(b, 0, sizeof(*b));
    b->market.block_rows = 100;
    for (uint64_t i = 0; i < N_SYMBOLS; i++) {
        char symbol[8];
        const random_bars bars = random_bars_default(70 + i, N_BARS, FEL_NS_PER_DAY);
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        market_add_random(&b->market, symbol, &bars);
        market_add_random_signals(&b->market, symbol, &bars);
        market_add_action(&b->market, symbol, DAYS(9) + HOURS(4), FEL_SPLIT, 2.0);
    }
    b->config = random_config(3);
    b->config.record = FEL_RECORD_EVENT;
    b->config.cash_short = FEL_CASH_ALLOW;
    random_play_use(&play);
}

static fel_status call_create(void *payload, void **out)
{
    const bench *b = payload;
    return fel_engine_create((fel_engine **)out, &b->config, b->market.sources, b->market.n,
                             &random_strategy, NULL);
}

static void destroy_engine(void *made)
{
    fel_engine_destroy(made);
}

/* What failed for want of memory works when there is some again, to the same orders. */
static int runs_again(const bench *b, fel_engine *engine)
{
    const fel_result *result = NULL;
    return fel_engine_run(engine, &result) != FEL_OK || strcmp(result->order_hash, b->hash) == 0;
}

/* The arena keeps what it has for the next run, so each run gets an engine of its own; memory runs
 * out anywhere in the two calls. */
static fel_status call_create_and_run(void *payload, void **out)
{
    bench *b = payload;
    const fel_result *result = NULL;
    fel_engine *engine = NULL;
    FEL_TRY(call_create(payload, (void **)&engine));
    const fel_status status = fel_engine_run(engine, &result);
    if (status == FEL_OK) {
        memcpy(b->hash, result->order_hash, sizeof(b->hash));
        *out = engine;
        return FEL_OK;
    }
    if (fel_last_error()->status != status || result != NULL || !runs_again(b, engine)) {
        *out = NULL;
    }
    fel_engine_destroy(engine);
    return FEL_RAISE(status, "the run failed");
}

static void test_engine_without_memory(void)
{
    static bench b;
    set_up(&b);
    const failing_call create = {"fel_engine_create", call_create, destroy_engine, &b};
    const failing_call run_it = {"fel_engine_run", call_create_and_run, destroy_engine, &b};
    const long n = check_failing_call(&create);
    const long n_both = check_failing_call(&run_it);
    CHECK(n > 1);
    CHECK(n_both > n + 5); /* lists grow while it runs: those allocations failed too */
    run r = run_market(&b.market, &b.config, &random_strategy, NULL);
    CHECK_TEXT(r.result->order_hash, b.hash);
    CHECK(r.result->n_fills > 500);
    run_clear(&r);
    market_clear(&b.market);
}

SUITE("property/memory_engine", TEST(test_engine_without_memory));
