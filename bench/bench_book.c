/* bench/bench_book.c - rows of depth and trades a second with twenty limit orders that wait in the
 * book, ten a side, and their queues followed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/engine.h>

#include "bench/measure.h"

enum { N_ROWS = 2000000, N_TRADES = N_ROWS / 8, LEVELS = 10 };

/* The same numbers each time. */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

typedef struct tape {
    int64_t *time_ns;
    double *columns[FEL_DEPTH_COLUMNS];
    size_t n;
} tape;

static void tape_alloc(tape *t, size_t n, size_t n_columns)
{
    t->time_ns = calloc(n, sizeof(int64_t));
    for (size_t c = 0; c < n_columns; c++) {
        t->columns[c] = calloc(n, sizeof(double));
    }
}

static void put(tape *t, int64_t time_ns, const double *row, size_t n_columns)
{
    t->time_ns[t->n] = time_ns;
    for (size_t c = 0; c < n_columns; c++) {
        t->columns[c][t->n] = row[c];
    }
    t->n++;
}

/* Bids at 9,999 and below, asks at 10,001 and above: changes of their sizes, the nearest most
 * often; trades at the best prices too small to use up what is ahead of us. */
static void make_tapes(tape *depth, tape *trades)
{
    uint64_t state = 7;
    for (size_t i = 0; i < N_ROWS; i++) {
        const int64_t time_ns = (int64_t)(i + 1) * 1000;
        const double side = next_random(&state) % 2 == 0 ? 1.0 : -1.0;
        const uint64_t a = next_random(&state) % LEVELS, b = next_random(&state) % LEVELS;
        const double away = 1.0 + (double)(a < b ? a : b);
        const double quantity = 1000.0 + (double)(next_random(&state) % 1000);
        const double row[] = {side, 10000.0 - side * away, quantity, i == 0 ? 1.0 : 0.0};
        put(depth, time_ns, row, FEL_DEPTH_COLUMNS);
        if (i % 8 == 7) {
            const double trade[] = {10000.0 - side, 0.001, -side};
            put(trades, time_ns + 1, trade, FEL_TRADE_COLUMNS);
        }
    }
}

static size_t n_seen;

/* Two thousand rows in, the book is whole: then ten orders a side. */
static fel_status see(void *state, fel_ctx *ctx, const fel_depth *depth)
{
    (void)state;
    (void)depth;
    if (++n_seen != 2000) {
        return FEL_OK;
    }
    for (int i = 0; i < LEVELS; i++) {
        for (int k = 0; k < 2; k++) {
            fel_order order = fel_order_default(0, k == 0 ? FEL_BUY : FEL_SELL, 1.0);
            order.type = FEL_ORDER_LIMIT;
            order.limit_price = 10000.0 + (k == 0 ? -1.0 : 1.0) * (1.0 + i);
            const fel_status status = fel_submit(ctx, &order, NULL);
            if (status != FEL_OK) {
                return status;
            }
        }
    }
    return FEL_OK;
}

static const fel_strategy twenty = {
    .struct_size = sizeof(fel_strategy), .name = "twenty", .on_depth = see};

static double run_once(void *self)
{
    fel_engine *engine = self;
    const fel_result *result = NULL;
    n_seen = 0;
    const double start = wall_seconds();
    must_at(fel_engine_run(engine, &result), "run");
    const double seconds = wall_seconds() - start;
    must_at(result->n_orders == 2 * LEVELS ? FEL_OK : FEL_ERR_INTERNAL, "twenty orders");
    return seconds;
}

static fel_series *series_of(fel_data_kind kind, const tape *t)
{
    fel_series_info info = fel_series_info_default(kind, "BOOK");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_CRYPTO_SPOT;
    info.instrument.ticks_per_unit = 1.0;
    const fel_block rows = {t->n, info.n_columns, t->time_ns, NULL,
                            (const double *const *)t->columns};
    fel_series *series = NULL;
    must_at(fel_series_create(&series, &info, &rows), "series");
    return series;
}

static void clear(tape *t)
{
    free(t->time_ns);
    for (size_t c = 0; c < FEL_DEPTH_COLUMNS; c++) {
        free(t->columns[c]);
    }
}

int main(void)
{
    if (!is_wanted("book")) {
        return 0;
    }
    tape depth = {0}, trades = {0};
    tape_alloc(&depth, N_ROWS, FEL_DEPTH_COLUMNS);
    tape_alloc(&trades, N_TRADES, FEL_TRADE_COLUMNS);
    make_tapes(&depth, &trades);
    fel_series *series[] = {series_of(FEL_DATA_DEPTH, &depth), series_of(FEL_DATA_TRADE, &trades)};
    fel_source sources[2];
    for (int k = 0; k < 2; k++) {
        sources[k].info = fel_series_describe(series[k]);
        must_at(fel_feed_of_series(&sources[k].feed, series[k], FEL_TIME_MIN, FEL_TIME_MAX, 0),
                "feed");
    }
    static const char *const names[] = {"conservative", "probabilistic", "optimistic"};
    for (int rule = 0; rule < 3; rule++) {
        fel_engine_config config = fel_engine_config_default();
        fel_engine *engine = NULL;
        timing ours, none;
        config.queue = (fel_queue_rule)rule;
        must_at(fel_engine_create(&engine, &config, sources, 2, &twenty, NULL), "engine");
        time_in_turn((contender){run_once, engine}, (contender){NULL, NULL}, &ours, &none);
        const bench_row row = {.bench = "book",
                               .name = names[rule],
                               .value = (double)(depth.n + trades.n) / 1e6 / ours.median_s,
                               .unit = "M rows/s",
                               .spread = ours.spread};
        print_row(&row);
        fel_engine_destroy(engine);
    }
    for (int k = 0; k < 2; k++) {
        fel_feed_destroy(&sources[k].feed);
        fel_series_destroy(series[k]);
    }
    clear(&depth);
    clear(&trades);
    return 0;
}
