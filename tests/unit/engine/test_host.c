/* tests/unit/engine/test_host.c - what a strategy may ask: history, memory, signals, account; and
 * how it fails. */
#include <math.h>

#include "tests/unit/engine/engine_fixture.h"

static const ohlc bars[] = {
    {10, 12, 9, 11}, {11, 14, 10, 13}, {13, 13.5, 12, 12.25}, {12, 15, 11, 14}, {14, 16, 13, 15}};

typedef struct host_state {
    double *memory;
    size_t n_calls;
} host_state;

static run run_bars(market *m, const fel_strategy *strategy)
{
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_days(m, &info, 0, bars, 5);
    const fel_engine_config config = checked_config();
    return run_market(m, &config, strategy, NULL);
}

/* ---- history
 * ------------------------------------------------------------------------------------- */

static fel_status keep_three(void *state, fel_ctx *ctx)
{
    (void)state;
    CHECK_INT(ctx->now_ns, FEL_TIME_MIN);
    CHECK(isnan(ctx->last_price[0]));
    return ctx->host->keep_history(ctx, 3);
}

static fel_status check_history(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    host_state *self = state;
    const size_t seen = ++self->n_calls;
    const size_t expected = seen < 3 ? seen : 3;
    CHECK_INT(ctx->host->history(ctx, 0, FEL_FIELD_CLOSE, 10).len, expected);
    CHECK_INT(ctx->host->history(ctx, 0, FEL_FIELD_CLOSE, 2).len, seen < 2 ? seen : 2);
    CHECK_INT(ctx->host->history(ctx, 1, FEL_FIELD_CLOSE, 2).len, 0);
    CHECK_INT(ctx->host->history(ctx, 0, (fel_field)5, 2).len, 0);
    for (size_t k = 0; k < expected; k++) {
        const ohlc *b = &bars[seen - expected + k];
        const double values[] = {b->open, b->high, b->low, b->close,
                                 1000.0 * (double)(seen - expected + k + 1)};
        for (int f = 0; f < 5; f++) {
            CHECK_SAME(ctx->host->history(ctx, 0, (fel_field)f, 3).data[k], values[f]);
        }
    }
    CHECK_SAME(ctx->last_price[0], bar->close);
    CHECK_STATUS(ctx->host->keep_history(ctx, 3), FEL_ERR_ARG);
    CHECK(ctx->host->alloc(ctx, 8) == NULL);
    return FEL_OK;
}

static void test_history_is_the_last_bars_oldest_first(void)
{
    const fel_strategy s = {.struct_size = sizeof(fel_strategy),
                            .name = "history",
                            .state_size = sizeof(host_state),
                            .on_start = keep_three,
                            .on_bar = check_history};
    market m = {0};
    run r = run_bars(&m, &s);
    CHECK_OK(fel_engine_run(r.engine, &r.result)); /* again: the history starts empty */
    run_clear(&r);
    market_clear(&m);
}

/* ---- memory, account, signals
 * ---------------------------------------------------------------------- */

static fel_status take_memory(void *state, fel_ctx *ctx)
{
    host_state *self = state;
    uint32_t column = 99;
    CHECK_INT(self->n_calls, 0);
    self->memory = ctx->host->alloc(ctx, 3 * sizeof(double));
    CHECK_SAME(self->memory[2], 0.0);
    CHECK_INT(ctx->n_signals, 2);
    CHECK_OK(ctx->host->signal_column(ctx, "other", &column));
    CHECK_INT(column, 1);
    CHECK_STATUS(ctx->host->signal_column(ctx, "nothing", &column), FEL_ERR_NOTFOUND);
    CHECK_TEXT(fel_last_error()->message, "no signal column 'nothing'; there are forecast, other");
    CHECK(ctx->host->service(ctx, "pricing", 1) == NULL);
    CHECK_INT(ctx->host->abi, FEL_PLUGIN_ABI);
    CHECK_INT(ctx->host->struct_size, sizeof(fel_host));
    return FEL_OK;
}

static fel_status use_account(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    host_state *self = state;
    self->memory[2] += 1.0;
    const size_t day = (size_t)(bar->close_time_ns / FEL_NS_PER_DAY);
    CHECK_SAME(self->memory[2], (double)day);
    static const double forecast[] = {(double)NAN, 0.5, 0.5, 0.5, -0.5};
    CHECK_SAME(fel_signal_value(ctx, 0, 0), forecast[day - 1]);
    CHECK_SAME(fel_signal_value(ctx, 0, 1), day < 4 ? (double)NAN : 7.25);
    if (day == 1) {
        CHECK_SAME(ctx->host->cash(ctx), 1e6);
        CHECK_OK(fel_order_to_position(ctx, 0, 4));
        CHECK_INT(ctx->host->open_orders(ctx, 0), 1);
        CHECK_INT(ctx->host->open_orders(ctx, 17), 0);
    } else {
        CHECK_INT(ctx->host->open_orders(ctx, 0), 0);
        CHECK_SAME(ctx->position[0], 4.0);
        CHECK_SAME(ctx->host->cash(ctx), 1e6 - 4 * 11.0);
        CHECK_SAME(ctx->host->equity(ctx), 1e6 + 4 * (bar->close - 11.0));
    }
    return FEL_OK;
}

static void test_the_context_shows_what_is_known_now(void)
{
    const fel_strategy s = {.struct_size = sizeof(fel_strategy),
                            .name = "account",
                            .state_size = sizeof(host_state),
                            .on_start = take_memory,
                            .on_bar = use_account};
    static const int64_t first[] = {DAYS(2), DAYS(5)}, second[] = {DAYS(3) + HOURS(1)};
    static const double forecast[] = {0.5, -0.5}, other[] = {7.25};
    market m = {0};
    market_add_signals(&m, "X", "forecast", first, forecast, 2);
    market_add_signals(&m, "X", "other", second, other, 1);
    run r = run_bars(&m, &s);
    run_clear(&r);
    market_clear(&m);
}

/* ---- failing
 * ---------------------------------------------------------------------------------------- */

static int n_stops;

static void count_stop(void *state, fel_ctx *ctx)
{
    (void)state;
    (void)ctx;
    n_stops++;
}

static fel_status fail_at_start(void *state, fel_ctx *ctx)
{
    (void)state;
    return ctx->host->fail(ctx, "no luck with %d and %s", 7, "this");
}

static fel_status fail_at_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    return bar->close_time_ns == DAYS(3) ? ctx->host->fail(ctx, "day 3") : FEL_OK;
}

static void check_failure(const fel_strategy *s, fel_status why, const char *message, int stops)
{
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_days(&m, &info, 0, bars, 5);
    const fel_engine_config config = fel_engine_config_default();
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    n_stops = 0;
    CHECK_OK(fel_engine_create(&engine, &config, m.sources, m.n, s, NULL));
    CHECK_STATUS(fel_engine_run(engine, &result), why);
    CHECK_TEXT(fel_last_error()->message, message);
    CHECK(result == NULL);
    CHECK_INT(n_stops, stops);
    fel_engine_destroy(engine);
    market_clear(&m);
}

static void test_on_stop_is_called_once_if_on_start_went_well(void)
{
    const fel_strategy at_start = {.struct_size = sizeof(fel_strategy),
                                   .name = "unlucky",
                                   .on_start = fail_at_start,
                                   .on_stop = count_stop};
    const fel_strategy at_bar = {.struct_size = sizeof(fel_strategy),
                                 .name = "later",
                                 .on_bar = fail_at_bar,
                                 .on_stop = count_stop};
    const fel_strategy fine = {
        .struct_size = sizeof(fel_strategy), .name = "fine", .on_stop = count_stop};
    check_failure(&at_start, FEL_ERR_ARG, "strategy unlucky: no luck with 7 and this", 0);
    check_failure(&at_bar, FEL_ERR_USER, "strategy later: day 3", 1);
    market m = {0};
    n_stops = 0;
    run r = run_bars(&m, &fine);
    CHECK_INT(n_stops, 1);
    run_clear(&r);
    market_clear(&m);
}

/* ---- feeds that fail
 * ---------------------------------------------------------------------------------- */

typedef struct bad_feed {
    int n_calls, kind;
    int64_t times[2];
    const double *columns[FEL_BAR_COLUMNS];
} bad_feed;

static fel_status bad_next(void *self, fel_block *out)
{
    static const double ones[] = {1.0, 1.0};
    bad_feed *f = self;
    if (f->n_calls++ > 0 && f->kind == 2) {
        return FEL_RAISE(FEL_ERR_IO, "the disk is gone");
    }
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        f->columns[c] = ones;
    }
    f->times[0] = f->n_calls == 1 ? DAYS(5) : DAYS(4);
    f->times[1] = f->times[0] + DAYS(1);
    out->n = 2;
    out->n_columns = f->kind == 1 ? 4 : 5;
    out->time_ns = f->times;
    out->open_ns = NULL;
    out->columns = f->columns;
    return FEL_OK;
}

static fel_status bad_rewind(void *self)
{
    ((bad_feed *)self)->n_calls = 0;
    return FEL_OK;
}

static void test_feeds_that_fail_end_the_run(void)
{
    static const fel_feed_class code = {.struct_size = sizeof(fel_feed_class),
                                        .name = "bad",
                                        .next = bad_next,
                                        .rewind = bad_rewind};
    static const fel_status statuses[] = {FEL_ERR_FORMAT, FEL_ERR_SHAPE, FEL_ERR_IO};
    static const char *const messages[] = {"feed of X goes back in time",
                                           "feed of X gave 4 columns, not 5", "the disk is gone"};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    for (int kind = 0; kind < 3; kind++) {
        bad_feed feed = {.kind = kind};
        const fel_source source = {&info, {&code, &feed}};
        const fel_engine_config config = fel_engine_config_default();
        fel_engine *engine = NULL;
        const fel_result *result = NULL;
        script_use(NULL, 0);
        CHECK_OK(fel_engine_create(&engine, &config, &source, 1, &script_strategy, NULL));
        CHECK_STATUS(fel_engine_run(engine, &result), statuses[kind]);
        CHECK_TEXT(fel_last_error()->message, messages[kind]);
        CHECK(result == NULL);
        fel_engine_destroy(engine);
    }
}

SUITE("engine/host", TEST(test_history_is_the_last_bars_oldest_first),
      TEST(test_the_context_shows_what_is_known_now),
      TEST(test_on_stop_is_called_once_if_on_start_went_well),
      TEST(test_feeds_that_fail_end_the_run));
