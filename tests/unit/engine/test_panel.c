/* tests/unit/engine/test_panel.c - bars in lockstep against the same bars one row a block, which
 * are never taken side by side: the same bits, calm or busy, few or many, above zero or below. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/engine/random_fixture.h"

typedef struct crowd {
    uint64_t seed;
    size_t n_series, n_rows;
    int sinks; /* all prices are below zero now and then */
} crowd;

static void symbol_of(size_t i, char symbol[8])
{
    (void)snprintf(symbol, 8, "P%u", (unsigned)i);
}

static double sinking_price(const crowd *c, size_t i, double row)
{
    return 3.7 + 4.1 * cos(0.11 * row + (double)(i + c->seed));
}

static void add_sinking(market *m, const char *symbol, const crowd *c, size_t i)
{
    ohlc *bars = malloc(c->n_rows * sizeof(ohlc));
    const fel_series_info info = bars_info(symbol, HOURS(24));
    for (size_t r = 0; bars != NULL && r < c->n_rows; r++) {
        const double open = sinking_price(c, i, (double)r + 0.2);
        const double close = sinking_price(c, i, (double)r + 0.4);
        const ohlc bar = {open, fmax(open, close) + 0.1, fmin(open, close) - 0.1, close};
        bars[r] = bar;
    }
    CHECK(bars != NULL);
    market_add_days(m, &info, 0, bars, c->n_rows);
    free(bars);
}

static market crowd_market(const crowd *c, size_t block_rows)
{
    market m = {.block_rows = block_rows};
    for (size_t i = 0; i < c->n_series; i++) {
        char symbol[8];
        symbol_of(i, symbol);
        random_bars bars = random_bars_default(c->seed * 1000 + i, c->n_rows, HOURS(24));
        bars.ticks_per_unit = c->seed % 2 == 0 ? 100.0 : 0.0;
        if (c->sinks) {
            add_sinking(&m, symbol, c, i);
        } else {
            market_add_random(&m, symbol, &bars);
        }
    }
    return m;
}

/* Fills of the run side by side; those one row a block are the same, and all else. */
static size_t check_crowd(const crowd *c, const fel_engine_config *config, const random_play *play)
{
    market together = crowd_market(c, 0), apart = crowd_market(c, 1);
    random_play_use(play);
    run a = run_market(&together, config, &random_strategy, NULL);
    random_play_use(play);
    run b = run_market(&apart, config, &random_strategy, NULL);
    check_same_result(a.result, b.result);
    const size_t n_fills = a.result->n_fills;
    run_clear(&a);
    run_clear(&b);
    market_clear(&together);
    market_clear(&apart);
    return n_fills;
}

static fel_engine_config crowd_config(uint64_t seed)
{
    fel_engine_config config = random_config(seed);
    config.self_check = seed % 5 == 0;
    return config;
}

/* Market orders now and then: between them no order lives. */
static void test_calm_rows_side_by_side_give_the_same_bits(void)
{
    static const size_t sizes[] = {2, 7, 64, 67};
    size_t n_fills = 0;
    for (uint64_t seed = 1; seed <= 16; seed++) {
        const crowd c = {.seed = seed, .n_series = sizes[seed % 4], .n_rows = 77 + 13 * seed};
        const fel_engine_config config = crowd_config(seed);
        const random_play play = {
            .seed = seed, .activity = 0.4 / (double)c.n_series, .no_resting = 1, .scale = 1.0};
        n_fills += check_crowd(&c, &config, &play);
    }
    CHECK(n_fills > 500);
}

/* Orders that rest, in a few or in most of the instruments. */
static void test_rows_with_resting_orders_give_the_same_bits(void)
{
    static const size_t sizes[] = {3, 66, 130};
    size_t n_fills = 0;
    for (uint64_t seed = 1; seed <= 9; seed++) {
        const crowd c = {.seed = seed, .n_series = sizes[seed % 3], .n_rows = 90};
        const fel_engine_config config = crowd_config(seed);
        const random_play play = {
            .seed = seed, .activity = seed % 2 == 0 ? 0.005 : 0.2, .scale = 0.1};
        n_fills += check_crowd(&c, &config, &play);
    }
    CHECK(n_fills > 500);
}

static void test_prices_below_zero_give_the_same_bits(void)
{
    size_t n_fills = 0;
    for (uint64_t seed = 1; seed <= 24; seed++) {
        const crowd c = {.seed = seed, .n_series = 2 + seed % 4, .n_rows = 140, .sinks = 1};
        fel_engine_config config = fel_engine_config_default();
        config.allow_short = 0;
        config.cash_short = FEL_CASH_SCALE;
        config.cash = 1e5;
        const random_play play = {
            .seed = seed, .activity = 0.1, .no_weights = 1, .no_resting = 1, .scale = 3000.0};
        n_fills += check_crowd(&c, &config, &play);
    }
    CHECK(n_fills > 200);
}

enum { PAIR_ROWS = 90 };

/* Two series at 3.1; of the second, the open or the close of one row is below zero. */
static market falling_pair(int bad_row, int is_open)
{
    market m = {.block_rows = 0};
    for (int s = 0; s < 2; s++) {
        const fel_series_info info = bars_info(s == 0 ? "A" : "B", HOURS(24));
        ohlc bars[PAIR_ROWS];
        for (int r = 0; r < PAIR_ROWS; r++) {
            const ohlc calm = {3.1, 3.2, 3.0, 3.1};
            bars[r] = calm;
        }
        if (s == 1) {
            double *const price = is_open ? &bars[bad_row].open : &bars[bad_row].close;
            *price = -2.3;
            bars[bad_row].low = -2.4;
        }
        market_add_days(&m, &info, 0, bars, PAIR_ROWS);
    }
    return m;
}

/* In the last, first, second row of a block. Nothing is owed: only such a price can be the end of
 * the account. */
static void test_one_price_below_zero_ends_an_account(void)
{
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .instrument = 1, .verb = POSITION, .amount = 30000});
    for (int k = 0; k < 12; k++) {
        const int bad_row = 30 + k / 2, is_open = k % 2;
        market m = falling_pair(bad_row, is_open);
        fel_engine_config config = fel_engine_config_default();
        config.cash = 1e5;
        run r = run_market(&m, &config, &script_strategy, NULL);
        const fel_fill_record *f = &r.result->fills[1];
        CHECK_INT(r.result->n_fills, 2);
        CHECK_INT(r.result->flags & FEL_FLAG_RUINED, FEL_FLAG_RUINED);
        CHECK_INT(f->time_ns, DAYS(bad_row + 1 - is_open));
        CHECK_SAME(f->price, -2.3);
        CHECK_INT(f->bar_index, bad_row);
        CHECK_NEAR(fel_money_value(r.result->final_equity), 1e5 - 30000 * 5.4, 1e-9);
        run_clear(&r);
        market_clear(&m);
    }
}

/* Told to stop at the first look, some rows into a block: 16,384 bars are 127 rows of 130. */
static void test_a_run_stopped_between_rows_counts_the_same_bars(void)
{
    static const volatile int stop = 1;
    const crowd c = {.seed = 3, .n_series = 130, .n_rows = 140};
    const random_play play = {.seed = 3, .activity = 0.01, .no_resting = 1, .scale = 0.1};
    fel_engine_config config = fel_engine_config_default();
    config.stop_flag = &stop;
    CHECK(check_crowd(&c, &config, &play) > 50);
    market m = crowd_market(&c, 0);
    run r = run_market(&m, &config, &random_strategy, NULL);
    CHECK_INT(r.result->n_bars, 127 * 130);
    CHECK_INT(r.result->positions[0].n_bars, 127);
    CHECK_INT(r.result->positions[129].n_bars, 127);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/panel", TEST(test_calm_rows_side_by_side_give_the_same_bits),
      TEST(test_rows_with_resting_orders_give_the_same_bits),
      TEST(test_prices_below_zero_give_the_same_bits),
      TEST(test_one_price_below_zero_ends_an_account),
      TEST(test_a_run_stopped_between_rows_counts_the_same_bars));
