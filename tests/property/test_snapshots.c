/* tests/property/test_snapshots.c - a run that is stopped at any row and goes on in another engine
 * gives the same bits as one that is not stopped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

enum { N_RUNS = 120 };

static const char *snapshot_path(const char *name)
{
    static char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s", scratch_folder(), name);
    return path;
}

/* One series, several at odds, or several in lockstep; signals and actions. */
static market random_market(uint64_t seed)
{
    market m = {0};
    rng_stream r = rng_at(seed, 5);
    m.block_rows = rng_below(&r, 2) == 0 ? 0 : 1 + rng_below(&r, 50);
    const uint64_t n = 1 + rng_below(&r, 5);
    const int is_lockstep = rng_below(&r, 2) == 0;
    const size_t n_rows = 40 + rng_below(&r, 160);
    for (uint64_t i = 0; i < n; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, n_rows, HOURS(4));
        const size_t n_odd = 40 + rng_below(&r, 160);
        bars.n = is_lockstep ? n_rows : n_odd;
        bars.is_uneven = !is_lockstep && rng_below(&r, 2) == 0;
        bars.lot = rng_below(&r, 3) == 0 ? 1.0 : 0.0;
        market_add_random(&m, symbol, &bars);
        if (!is_lockstep && rng_below(&r, 3) == 0) {
            market_add_random_signals(&m, symbol, &bars);
            market_add_action(&m, symbol, DAYS(9) + HOURS(4), FEL_SPLIT, 3.0);
            market_add_action(&m, symbol, DAYS(12), FEL_DIVIDEND, 0.3125);
        }
    }
    return m;
}

static fel_engine *engine_of(const market *m, const fel_engine_config *config)
{
    fel_engine *e = NULL;
    CHECK_OK(fel_engine_create(&e, config, m->sources, m->n, &random_strategy, NULL));
    return e;
}

/* Stop after so many rows, go on, stop again, go on to the end. */
static void check_stops(const market *m, fel_engine_config config, const fel_result *whole,
                        uint64_t first, uint64_t second)
{
    const char *path = snapshot_path("stopped");
    const fel_result *result = NULL;
    fel_engine_config stops = config;
    stops.snapshot_path = path;
    stops.stop_after_rows = first;
    fel_engine *a = engine_of(m, &stops);
    CHECK_OK(fel_engine_run(a, &result));
    const int is_stopped = result != NULL && (result->flags & FEL_FLAG_STOPPED) != 0;
    stops.stop_after_rows = second;
    fel_engine *b = engine_of(m, &stops);
    if (is_stopped) {
        CHECK_OK(fel_engine_resume(b, path, &result));
    }
    fel_engine *c = engine_of(m, &config);
    if (is_stopped && (result->flags & FEL_FLAG_STOPPED) != 0) {
        CHECK_OK(fel_engine_resume(c, path, &result));
    }
    check_same_result(whole, result);
    fel_engine_destroy(a);
    fel_engine_destroy(b);
    fel_engine_destroy(c);
    (void)remove(path);
}

static void check_seed(uint64_t seed, uint64_t *n_fills)
{
    market m = random_market(seed);
    fel_engine_config config = random_config(seed);
    config.self_check = seed % 2 == 0; /* or the short cuts */
    const random_play play = {
        .seed = seed, .activity = 0.3, .scale = 1.0, .uses_timers = seed % 3 == 0};
    random_play_use(&play);
    run r = run_market(&m, &config, &random_strategy, NULL);
    rng_stream numbers = rng_at(seed, 17);
    for (int k = 0; k < 3; k++) {
        const uint64_t first = 1 + rng_below(&numbers, r.result->n_events);
        const uint64_t second = first + 1 + rng_below(&numbers, r.result->n_events);
        check_stops(&m, config, r.result, first, second);
    }
    *n_fills += r.result->n_fills;
    run_clear(&r);
    market_clear(&m);
}

static void test_stopped_runs_go_on_with_the_same_bits(void)
{
    uint64_t n_fills = 0;
    for (uint64_t seed = 1; seed <= N_RUNS; seed++) {
        check_seed(seed, &n_fills);
    }
    CHECK(n_fills > 5000);
}

static void test_every_row_is_a_place_to_stop(void)
{
    market m = {0};
    random_bars bars = random_bars_default(3, 60, HOURS(6));
    market_add_random(&m, "A", &bars);
    fel_engine_config config = random_config(13);
    config.self_check = 0;
    config.risk = fel_engine_config_default().risk;
    for (int k = 0; k < 2; k++) {
        const random_play play = {.seed = 4, .activity = 0.3, .scale = 1.0, .uses_timers = k};
        random_play_use(&play);
        run r = run_market(&m, &config, &random_strategy, NULL);
        CHECK(r.result->n_fills > 10);
        for (uint64_t n = 1; n < 60; n++) {
            check_stops(&m, config, r.result, n, n + 1);
        }
        run_clear(&r);
    }
    market_clear(&m);
}

static void test_an_instant_is_a_place_to_stop(void)
{
    market m = {0};
    random_bars bars = random_bars_default(5, 200, HOURS(6));
    market_add_random(&m, "A", &bars);
    market_add_random(&m, "B", &bars);
    fel_engine_config config = random_config(13);
    const random_play play = {.seed = 6, .activity = 0.3, .scale = 1.0};
    random_play_use(&play);
    run r = run_market(&m, &config, &random_strategy, NULL);
    for (int64_t at_ns = HOURS(5); at_ns < DAYS(49); at_ns += HOURS(59)) {
        const char *path = snapshot_path("until");
        fel_engine_config stops = config;
        stops.snapshot_path = path;
        stops.stop_at_ns = at_ns;
        const fel_result *result = NULL;
        fel_engine *a = engine_of(&m, &stops);
        CHECK_OK(fel_engine_run(a, &result));
        CHECK(result->last_ns <= at_ns && (result->flags & FEL_FLAG_STOPPED) != 0);
        fel_engine *b = engine_of(&m, &config);
        CHECK_OK(fel_engine_resume(b, path, &result));
        check_same_result(r.result, result);
        fel_engine_destroy(a);
        fel_engine_destroy(b);
        (void)remove(path);
    }
    run_clear(&r);
    market_clear(&m);
}

/* ---- what is refused ------------------------------------------------------------------------- */

/* Its state has an address that moves within its memory, and one that comes after on_start. */
typedef struct mover {
    double *cell;
    const double *late;
    double *cells;
    size_t n;
} mover;

static int keeps_late;

static fel_status mover_start(void *state, fel_ctx *ctx)
{
    mover *self = state;
    self->cells = ctx->host->alloc(ctx, 64 * sizeof(double));
    self->cell = self->cells;
    return self->cells != NULL ? FEL_OK : ctx->host->fail(ctx, "no memory");
}

/* Buys as many units as the cell says, which rotates. */
static fel_status mover_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    mover *self = state;
    *self->cell += (double)++self->n;
    self->cell = self->cell + 1 == self->cells + 64 ? self->cells : self->cell + 1;
    self->late = keeps_late ? self->cell : NULL;
    return fel_order_to_position(ctx, bar->instrument, *self->cell);
}

static const fel_strategy moving = {.struct_size = sizeof(fel_strategy),
                                    .name = "mover",
                                    .summary = "moves an address",
                                    .state_size = sizeof(mover),
                                    .on_start = mover_start,
                                    .on_bar = mover_bar};

static void expect(fel_status status, const market *m, const fel_engine_config *config,
                   const fel_strategy *strategy, const char *path, const char *text)
{
    fel_engine *e = NULL;
    const fel_result *result = NULL;
    CHECK_OK(fel_engine_create(&e, config, m->sources, m->n, strategy, NULL));
    CHECK_INT(fel_engine_resume(e, path, &result), status);
    CHECK_HAS(fel_last_error()->message, text);
    fel_engine_destroy(e);
}

static void stop_after(const market *m, const fel_strategy *strategy, uint64_t n, const char *path)
{
    fel_engine_config config = checked_config();
    config.stop_after_rows = n;
    config.snapshot_path = path;
    fel_engine *e = NULL;
    const fel_result *result = NULL;
    CHECK_OK(fel_engine_create(&e, &config, m->sources, m->n, strategy, NULL));
    CHECK_OK(fel_engine_run(e, &result));
    fel_engine_destroy(e);
}

static void test_other_runs_and_other_data_are_refused(void)
{
    const char *path = snapshot_path("other");
    random_bars bars = random_bars_default(5, 50, HOURS(6));
    market m = {0}, renamed = {0}, other = {0}, cut = {0};
    market_add_random(&m, "A", &bars);
    market_add_random(&renamed, "B", &bars);
    bars.seed = 15;
    market_add_random(&other, "A", &bars);
    bars.seed = 5;
    bars.n = 20;
    market_add_random(&cut, "A", &bars);
    fel_engine_config config = checked_config();
    stop_after(&m, &random_strategy, 30, path);
    expect(FEL_ERR_ARG, &m, &config, &moving, path, "the snapshot's strategy is random");
    expect(FEL_ERR_ARG, &renamed, &config, &random_strategy, path, "the snapshot's symbol is A");
    expect(FEL_ERR_FORMAT, &other, &config, &random_strategy, path, "row 30 of A is not what it");
    expect(FEL_ERR_FORMAT, &cut, &config, &random_strategy, path, "30 rows of A were taken");
    config.cash = 17.0;
    expect(FEL_ERR_ARG, &m, &config, &random_strategy, path, "run had other cash");
    config = checked_config();
    expect(FEL_ERR_IO, &m, &config, &random_strategy, "nowhere/at/all", "nowhere/at/all");
    market_clear(&m);
    market_clear(&renamed);
    market_clear(&other);
    market_clear(&cut);
}

static void test_rows_may_be_added(void)
{
    const char *path = snapshot_path("added");
    random_bars bars = random_bars_default(5, 50, HOURS(6));
    market today = {0}, tomorrow = {0};
    market_add_random(&today, "A", &bars);
    bars.n = 90;
    market_add_random(&tomorrow, "A", &bars);
    const random_play play = {.seed = 6, .activity = 0.3, .scale = 1.0};
    random_play_use(&play);
    const fel_engine_config config = checked_config();
    run whole = run_market(&tomorrow, &config, &random_strategy, NULL);
    stop_after(&today, &random_strategy, 49, path);
    fel_engine *e = engine_of(&tomorrow, &config);
    const fel_result *result = NULL;
    CHECK_OK(fel_engine_resume(e, path, &result));
    check_same_result(whole.result, result);
    fel_engine_destroy(e);
    run_clear(&whole);
    market_clear(&today);
    market_clear(&tomorrow);
}

static void test_addresses_move_with_the_memory(void)
{
    const char *path = snapshot_path("moving");
    random_bars bars = random_bars_default(5, 150, HOURS(6));
    market m = {0};
    market_add_random(&m, "A", &bars);
    fel_engine_config config = checked_config(), stops = checked_config();
    run whole = run_market(&m, &config, &moving, NULL);
    CHECK(whole.result->n_fills > 50);
    stops.stop_after_rows = 75;
    stops.snapshot_path = path;
    for (keeps_late = 0; keeps_late < 2; keeps_late++) {
        fel_engine *stopped = NULL, *other = NULL; /* both live: the addresses differ */
        const fel_result *result = NULL;
        CHECK_OK(fel_engine_create(&stopped, &stops, m.sources, m.n, &moving, NULL));
        CHECK_OK(fel_engine_run(stopped, &result));
        CHECK_OK(fel_engine_create(&other, &config, m.sources, m.n, &moving, NULL));
        const fel_status status = fel_engine_resume(other, path, &result);
        if (keeps_late) {
            CHECK_INT(status, FEL_ERR_USER);
            CHECK_HAS(fel_last_error()->message, "keeps an address");
        } else {
            check_same_result(whole.result, result);
        }
        fel_engine_destroy(stopped);
        fel_engine_destroy(other);
    }
    run_clear(&whole);
    market_clear(&m);
}

SUITE("property/snapshots", TEST(test_stopped_runs_go_on_with_the_same_bits),
      TEST(test_every_row_is_a_place_to_stop), TEST(test_an_instant_is_a_place_to_stop),
      TEST(test_other_runs_and_other_data_are_refused), TEST(test_rows_may_be_added),
      TEST(test_addresses_move_with_the_memory));
