/* tests/verify/verify_ledger.c - ten million fills: cash, position and fees against whole numbers.
 *
 * Prices are cents, quantities whole, the fee is 10 bp of the notional plus 1/128 a share: all
 * money is a whole number of 1e-7, and the sum of it is kept in 128 bits by the strategy, from the
 * fills that it is told. A drift of the ledger by one part in 10^25 would show. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/engine.h>

#include "core/money.h"
#include "core/rng.h"
#include "tests/support/check.h"

enum { BLOCK_ROWS = 1 << 14, N_BARS = 10000001, N_CHECKED = 1000001, MOST_HELD = 200000 };
enum { UNITS_PER_CENT = 100000, FEE_PER_CENT = 100, FEE_PER_SHARE = 78125, PLACES = 7 };

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

/* ---- bars from nowhere ---------------------------------------------------------------------- */

typedef struct bars {
    rng_stream numbers;
    int64_t cents; /* last close */
    size_t n_left, n_all;
    int64_t time_ns[BLOCK_ROWS];
    double values[FEL_BAR_COLUMNS][BLOCK_ROWS];
    const double *columns[FEL_BAR_COLUMNS];
} bars;

static int64_t step(bars *b)
{
    b->cents += (int64_t)rng_below(&b->numbers, 21) - 10;
    b->cents = b->cents < 1000 ? 1000 : b->cents;
    return b->cents;
}

static void put_row(bars *b, size_t i)
{
    const int64_t open = step(b), close = step(b);
    const int64_t high = open > close ? open : close, low = open > close ? close : open;
    const int64_t cents[4] = {open, high + 3, low - 2, close};
    for (size_t c = 0; c < 4; c++) {
        b->values[c][i] = (double)cents[c] / 100.0;
    }
    b->values[4][i] = 1e6;
    b->time_ns[i] = (int64_t)(b->n_all - b->n_left + i + 1) * FEL_NS_PER_MINUTE;
}

static fel_status bars_next(void *self, fel_block *out)
{
    bars *b = self;
    const size_t n = b->n_left < BLOCK_ROWS ? b->n_left : BLOCK_ROWS;
    for (size_t i = 0; i < n; i++) {
        put_row(b, i);
    }
    b->n_left -= n;
    const fel_block block = {n, FEL_BAR_COLUMNS, b->time_ns, NULL, b->columns};
    *out = block;
    return FEL_OK;
}

static fel_status bars_rewind(void *self)
{
    bars *b = self;
    b->numbers = rng_at(20240229, 1);
    b->cents = 9973;
    b->n_left = b->n_all;
    for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
        b->columns[c] = b->values[c];
    }
    return FEL_OK;
}

static void bars_destroy(void *self)
{
    (void)self;
}

static const fel_feed_class bars_class = {
    .struct_size = sizeof(fel_feed_class),
    .name = "bars",
    .next = bars_next,
    .rewind = bars_rewind,
    .destroy = bars_destroy,
};

/* ---- a strategy that keeps its own books ---------------------------------------------------- */

typedef struct books {
    rng_stream numbers;
    wide cash, fees; /* in 1e-7 */
    int64_t held;
    uint64_t n_fills;
} books;

static books kept; /* of the last run */

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    (void)ctx;
    memset(&kept, 0, sizeof(kept));
    kept.numbers = rng_at(7, 2);
    return FEL_OK;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    const int is_buy = kept.held > MOST_HELD    ? 0
                       : kept.held < -MOST_HELD ? 1
                                                : rng_below(&kept.numbers, 2) == 0;
    const fel_order order = fel_order_default(bar->instrument, is_buy ? FEL_BUY : FEL_SELL,
                                              (double)(1 + rng_below(&kept.numbers, 9999)));
    return fel_submit(ctx, &order, NULL);
}

static fel_status on_fill(void *state, fel_ctx *ctx, const fel_fill *fill)
{
    (void)state;
    (void)ctx;
    const wide shares = llrint(fill->quantity), cents = llrint(fill->price * 100.0) * shares;
    const wide fee = cents * FEE_PER_CENT + shares * FEE_PER_SHARE;
    kept.cash -= (int)fill->side * cents * UNITS_PER_CENT + fee;
    kept.fees += fee;
    kept.held += (int)fill->side * (int64_t)shares;
    kept.n_fills++;
    return FEL_OK;
}

static const fel_strategy bookkeeper = {
    .struct_size = sizeof(fel_strategy),
    .name = "bookkeeper",
    .summary = "trades at random and keeps books",
    .on_start = on_start,
    .on_bar = on_bar,
    .on_fill = on_fill,
};

/* ---- tests ---------------------------------------------------------------------------------- */

/* 1e-7 units as decimal text. */
static void text_of(wide units, char *text, size_t size)
{
    const unsigned_wide all = units < 0 ? -(unsigned_wide)units : (unsigned_wide)units;
    (void)snprintf(text, size, "%s%llu.%07llu", units < 0 ? "-" : "",
                   (unsigned long long)(all / 10000000), (unsigned long long)(all % 10000000));
}

static void check_money(fel_money actual, wide expected, const char *what)
{
    char text[64], exact[64];
    money_format(actual, PLACES, text, sizeof(text));
    text_of(expected, exact, sizeof(exact));
    CHECK_TEXT(text, exact);
    /* And between those digits: how far is it off? */
    const fel_money scaled = money_scale(actual, 1e7);
    const double high = (double)(int64_t)(expected >> 40) * 0x1p40;
    const double low = (double)(int64_t)(expected & ((INT64_C(1) << 40) - 1));
    const double off = fel_money_value(money_sub(scaled, money_add_double(money_of(high), low)));
    (void)printf("\n  %s: %s, off by %.2g of 1e-7\n", what, exact, off);
    CHECK(fabs(off) < 1e-6);
}

static void run_and_check(size_t n_bars, int self_check)
{
    static bars b;
    const double cash = 1e11;
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "LEDGER");
    info.length_ns = FEL_NS_PER_MINUTE;
    info.instrument.ticks_per_unit = 100.0;
    info.instrument.kind = FEL_FX;
    (void)snprintf(info.instrument.currency, sizeof(info.instrument.currency), "USD");
    b.n_all = n_bars;
    const fel_source source = {&info, {&bars_class, &b}};
    fel_engine_config config = fel_engine_config_default();
    config.cash = cash;
    config.cash_short = FEL_CASH_ALLOW;
    config.record = FEL_RECORD_NONE;
    config.record_orders = 0;
    config.self_check = (uint8_t)self_check;
    CHECK_OK(fel_cost_find("percent", &config.fees[0]));
    config.fees[0].params[0] = 10.0;
    CHECK_OK(fel_cost_find("per_share", &config.fees[1]));
    config.fees[1].params[0] = 0.0078125;
    fel_engine *engine = NULL;
    const fel_result *r = NULL;
    CHECK_OK(fel_engine_create(&engine, &config, &source, 1, &bookkeeper, NULL));
    CHECK_OK(fel_engine_run(engine, &r));
    if (r != NULL) {
        CHECK_INT(r->n_fills_total, n_bars - 1);
        CHECK_INT(r->n_fills_total, kept.n_fills);
        CHECK_INT(llrint(r->positions[0].quantity), kept.held);
        check_money(r->final_cash, kept.cash + (wide)10000000 * (int64_t)cash, "cash");
        check_money(r->positions[0].fees, kept.fees, "fees");
        check_money(r->waterfall.lines[FEL_COST_FEE], kept.fees, "fees of the waterfall");
        const wide value = (wide)kept.held * llrint(r->positions[0].last_price * 100.0);
        check_money(r->waterfall.net, kept.cash + value * UNITS_PER_CENT, "net");
        CHECK(!self_check || r->worst_identity_error < 1e-12);
    }
    fel_engine_destroy(engine);
}

static void test_ten_million_fills_do_not_drift(void)
{
    run_and_check(N_BARS, 0);
}

static void test_a_million_fills_with_self_check(void)
{
    run_and_check(N_CHECKED, 1);
}

SUITE("verify/ledger", TEST(test_ten_million_fills_do_not_drift),
      TEST(test_a_million_fills_with_self_check));
