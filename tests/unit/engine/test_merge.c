/* tests/unit/engine/test_merge.c - many feeds, one order: against a plain sort of all events, over
 * more than one block of the merge; a lone series by its short cut and by the general loop. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

/* ---- what happened, in order
 * ----------------------------------------------------------------------- */

typedef struct seen {
    int64_t time_ns;
    int rank; /* 0 signal, 1 quote, 2 bar, 3 slice, 4 action */
    uint32_t instrument;
    double value;
} seen;

enum { MAX_SEEN = 200000 };

static seen *events;
static size_t n_events;

static void note(int64_t time_ns, int rank, uint32_t instrument, double value)
{
    const seen event = {time_ns, rank, instrument, value};
    if (n_events < MAX_SEEN) {
        events[n_events++] = event;
    }
}

static fel_status see_signal(void *state, fel_ctx *ctx, const fel_signal *s)
{
    (void)state;
    note(ctx->now_ns, 0, s->instrument, s->value);
    return s->time_ns == ctx->now_ns ? FEL_OK : ctx->host->fail(ctx, "not now");
}

static fel_status see_quote(void *state, fel_ctx *ctx, const fel_quote *q)
{
    (void)state;
    note(ctx->now_ns, 1, q->instrument, q->bid);
    return q->time_ns == ctx->now_ns ? FEL_OK : ctx->host->fail(ctx, "not now");
}

static fel_status see_bar(void *state, fel_ctx *ctx, const fel_bar *b)
{
    (void)state;
    note(ctx->now_ns, 2, b->instrument, b->close);
    return b->close_time_ns == ctx->now_ns ? FEL_OK : ctx->host->fail(ctx, "not now");
}

static fel_status see_slice(void *state, fel_ctx *ctx, const fel_slice *s)
{
    (void)state;
    note(ctx->now_ns, 3, 0, (double)s->n_bars);
    return s->time_ns == ctx->now_ns ? FEL_OK : ctx->host->fail(ctx, "not now");
}

static fel_status see_action(void *state, fel_ctx *ctx, const fel_action *a)
{
    (void)state;
    note(ctx->now_ns, 4, a->instrument, a->value);
    return FEL_OK;
}

static const fel_strategy watcher = {
    .struct_size = sizeof(fel_strategy),
    .name = "watcher",
    .on_signal = see_signal,
    .on_quote = see_quote,
    .on_bar = see_bar,
    .on_slice = see_slice,
    .on_corporate_action = see_action,
};

/* ---- the same by sorting
 * ------------------------------------------------------------------------- */

typedef struct keyed {
    seen event;
    size_t source, row;
} keyed;

static int keyed_compare(const void *left, const void *right)
{
    const keyed *a = left, *b = right;
    const int64_t keys[][2] = {{a->event.time_ns, b->event.time_ns},
                               {a->event.rank, b->event.rank},
                               {a->event.instrument, b->event.instrument},
                               {(int64_t)a->source, (int64_t)b->source},
                               {(int64_t)a->row, (int64_t)b->row}};
    for (size_t k = 0; k < 5; k++) {
        if (keys[k][0] != keys[k][1]) {
            return keys[k][0] < keys[k][1] ? -1 : 1;
        }
    }
    return 0;
}

static int rank_of(fel_data_kind kind)
{
    static const int ranks[] = {
        [FEL_DATA_SIGNAL] = 0, [FEL_DATA_QUOTE] = 1, [FEL_DATA_BAR] = 2, [FEL_DATA_ACTION] = 4};
    return ranks[kind];
}

static size_t value_column(fel_data_kind kind)
{
    return kind == FEL_DATA_BAR ? 3 : kind == FEL_DATA_ACTION ? 1 : 0;
}

static uint32_t instrument_of(const market *m, const fel_result *r, size_t source)
{
    uint32_t i = 0;
    while (strcmp(r->instruments[i].symbol, m->sources[source].info->instrument.symbol) != 0) {
        i++;
    }
    return i;
}

/* All rows of all sources in order, slices among them. */
static size_t sorted_events(const market *m, const fel_result *r, seen *out)
{
    keyed *all = calloc(MAX_SEEN, sizeof(keyed));
    size_t n = 0, n_out = 0, n_bars = 0;
    for (size_t s = 0; s < m->n; s++) {
        const fel_block rows = fel_series_rows(m->series[s]);
        const fel_data_kind kind = m->sources[s].info->kind;
        for (size_t i = 0; i < rows.n; i++, n++) {
            const seen event = {rows.time_ns[i], rank_of(kind), instrument_of(m, r, s),
                                rows.columns[value_column(kind)][i]};
            const keyed key = {event, s, i};
            all[n] = key;
        }
    }
    qsort(all, n, sizeof(*all), keyed_compare);
    for (size_t i = 0; i < n; i++) {
        const seen *e = &all[i].event;
        out[n_out++] = *e;
        n_bars = e->rank == 2 ? n_bars + 1 : n_bars;
        const int is_last_bar =
            i + 1 == n || all[i + 1].event.time_ns != e->time_ns || all[i + 1].event.rank > 2;
        if (n_bars > 0 && is_last_bar) {
            const seen slice = {e->time_ns, 3, 0, (double)n_bars};
            out[n_out++] = slice;
            n_bars = 0;
        }
    }
    free(all);
    return n_out;
}

static void check_order(const market *m)
{
    events = calloc(MAX_SEEN, sizeof(seen));
    seen *expected = calloc(2 * MAX_SEEN, sizeof(seen));
    n_events = 0;
    const fel_engine_config config = checked_config();
    run r = run_market(m, &config, &watcher, NULL);
    const size_t n = sorted_events(m, r.result, expected);
    size_t n_wrong = 0;
    CHECK_INT(n_events, n);
    for (size_t i = 0; i < n && i < n_events; i++) {
        const seen *a = &events[i], *b = &expected[i];
        const int same_value = a->value == b->value || (isnan(a->value) && isnan(b->value));
        n_wrong += a->time_ns != b->time_ns || a->rank != b->rank ||
                   a->instrument != b->instrument || !same_value;
    }
    CHECK_INT(n_wrong, 0);
    CHECK(n > 0);
    run_clear(&r);
    free(expected);
    free(events);
}

static void add_random_quotes(market *m, const char *symbol, uint64_t seed, size_t n)
{
    fel_series_info info = fel_series_info_default(FEL_DATA_QUOTE, symbol);
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_FX;
    int64_t *times = calloc(n, sizeof(int64_t));
    double *rows = calloc(n, FEL_QUOTE_COLUMNS * sizeof(double));
    int64_t at = 0;
    for (size_t i = 0; i < n; i++) {
        rng_stream r = rng_at(seed, i);
        at += (int64_t)rng_below(&r, 3) * HOURS(2); /* equal instants too */
        times[i] = at;
        rows[i * FEL_QUOTE_COLUMNS] = 10.0 + rng_uniform(&r);
        rows[i * FEL_QUOTE_COLUMNS + 1] = rows[i * FEL_QUOTE_COLUMNS] + 0.01;
    }
    market_add(m, &info, times, NULL, rows, n);
    free(rows);
    free(times);
}

/* Series of bars, most of them aligned on some instants and not on others; signals of every tenth,
 * a few quoted instruments, some actions. */
static market many_feeds(size_t n_series, size_t block_rows)
{
    market m = {0};
    m.block_rows = block_rows;
    for (size_t i = 0; i < n_series; i++) {
        char symbol[32];
        (void)snprintf(symbol, sizeof(symbol), "S%zu", i);
        random_bars bars = random_bars_default(i, 30 + i % 41, i % 3 == 0 ? HOURS(6) : HOURS(24));
        bars.is_uneven = i % 5 == 1;
        market_add_random(&m, symbol, &bars);
        if (i % 10 == 7) {
            market_add_random_signals(&m, symbol, &bars);
        }
        if (i % 10 == 3) {
            market_add_action(&m, symbol, DAYS(3 + i % 7), FEL_DIVIDEND, 0.1 + (double)i);
        }
        if (i % 10 == 9) {
            (void)snprintf(symbol, sizeof(symbol), "Q%zu", i);
            add_random_quotes(&m, symbol, i, 60);
        }
    }
    return m;
}

static void test_events_come_in_the_order_of_a_plain_sort(void)
{
    static const size_t sizes[] = {1, 2, 17, 63, 64, 65, 200};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        market m = many_feeds(sizes[i], i % 2 == 0 ? 0 : 7);
        check_order(&m);
        market_clear(&m);
    }
}

static void test_rows_of_one_instant_in_one_series_keep_their_order(void)
{
    static const int64_t times[] = {HOURS(1), HOURS(2), HOURS(2), HOURS(2), HOURS(3)};
    static const double rows[] = {10, 10, 10, 10, 1,  11, 11, 11, 11, 1,  12, 12, 12,
                                  12, 1,  13, 13, 13, 13, 1,  14, 14, 14, 14, 1};
    for (size_t block_rows = 0; block_rows < 3; block_rows++) {
        market m = {.block_rows = block_rows};
        const fel_series_info info = bars_info("X", FEL_NS_PER_HOUR);
        market_add(&m, &info, times, NULL, rows, 5);
        SCRIPT({.event = ON_BAR, .at = HOURS(1), .order = MARKET_ORDER(FEL_BUY, 1)});
        const fel_engine_config config = checked_config();
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_TEXT(script_log_of("slice"), "slice:1@0.0416667 slice:1@0.0833333 slice:1@0.0833333 "
                                           "slice:1@0.0833333 slice:1@0.125");
        CHECK_SAME(r.result->fills[0].price, 11.0);
        run_clear(&r);
        market_clear(&m);
    }
}

/* ---- the short cut
 * ----------------------------------------------------------------------------------- */

static const fel_engine_config *general_config(const fel_engine_config *config)
{
    static fel_engine_config general;
    general = *config;
    general.self_check = 1;
    return &general;
}

/* Alone, alone with self-check, alone in small blocks, and beside an action series with a row for
 * an instant after the last bar. */
static void check_short_cut(uint64_t seed, const fel_strategy *strategy)
{
    static const int64_t lengths_ns[] = {HOURS(7), FEL_NS_PER_MINUTE, FEL_NS_PER_DAY, HOURS(40)};
    random_bars bars = random_bars_default(seed, 700, lengths_ns[seed % 7 % 4]);
    bars.is_uneven = seed % 4 == 1;
    bars.ticks_per_unit = seed % 2 == 0 ? 100.0 : 0.0;
    fel_engine_config config = random_config(seed);
    config.self_check = 0;
    const random_play play = {.seed = seed,
                              .activity = 0.3,
                              .scale = seed % 5 == 0 ? 60.0 : 1.0,
                              .uses_timers = seed % 3 == 0};
    run runs[4];
    market markets[4];
    for (int k = 0; k < 4; k++) {
        const market empty = {.block_rows = k == 2 ? 13 : 0};
        markets[k] = empty;
        market_add_random(&markets[k], "X", &bars);
        if (k == 3) {
            const fel_series_info info = fel_series_info_default(FEL_DATA_ACTION, "X");
            market_add(&markets[k], &info, NULL, NULL, NULL, 0);
        }
        random_play_use(&play);
        runs[k] =
            run_market(&markets[k], k == 1 ? general_config(&config) : &config, strategy, NULL);
    }
    for (int k = 1; k < 4; k++) {
        check_same_result(runs[0].result, runs[k].result);
        CHECK_INT(runs[0].result->n_events, runs[k].result->n_events);
        CHECK_INT(runs[0].result->first_ns, runs[k].result->first_ns);
    }
    for (int k = 0; k < 4; k++) {
        run_clear(&runs[k]);
        market_clear(&markets[k]);
    }
}

static void test_a_lone_series_takes_a_short_cut_to_the_same_bits(void)
{
    for (uint64_t seed = 1; seed <= 80; seed++) {
        check_short_cut(seed, &random_strategy);
    }
}

SUITE("engine/merge", TEST(test_events_come_in_the_order_of_a_plain_sort),
      TEST(test_rows_of_one_instant_in_one_series_keep_their_order),
      TEST(test_a_lone_series_takes_a_short_cut_to_the_same_bits));
