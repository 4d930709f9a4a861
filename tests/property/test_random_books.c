/* tests/property/test_random_books.c - the book against a plain list of prices; random orders in
 * random books: the future changes nothing, a stopped run goes on with the same bits. */
#define FEL_MODULE_ENGINE 1
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "engine/order_book_internal.h"
#include "tests/unit/engine/engine_fixture.h"

/* ---- the structure ----------------------------------------------------------------------------
 */

enum { N_PRICES = 400 };

static void check_against(const order_book *b, const double (*plain)[N_PRICES])
{
    fel_level levels[N_PRICES];
    for (int side = 0; side < 2; side++) {
        const fel_side word = side == BOOK_BID ? FEL_BUY : FEL_SELL;
        const size_t n = book_levels(b, word, levels, N_PRICES);
        size_t at = 0, n_wrong = 0;
        for (int k = 0; k < N_PRICES; k++) {
            const int p = side == BOOK_BID ? N_PRICES - 1 - k : k;
            if (plain[side][p] > 0.0) {
                n_wrong += at >= n || levels[at].price != (double)p ||
                           levels[at].quantity != plain[side][p];
                at++;
            }
        }
        CHECK_INT(n_wrong, 0);
        CHECK_INT(at, n);
    }
}

static void test_a_book_is_a_sorted_list(void)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        order_book *b = calloc(1, sizeof(*b));
        double plain[2][N_PRICES];
        rng_stream r = rng_at(seed, 1);
        memset(plain, 0, sizeof(plain));
        for (int i = 0; i < 3000; i++) {
            const int side = (int)rng_below(&r, 2);
            const uint64_t price = rng_below(&r, seed % 2 == 0 ? 30 : N_PRICES);
            const double quantity = (double)rng_below(&r, 3);
            CHECK_OK(book_put(b, side, (double)price, quantity));
            plain[side][price] = quantity;
            if (i % 500 == 499) {
                check_against(b, (const double(*)[N_PRICES])plain);
            }
        }
        for (int side = 0; side < 2; side++) {
            free(b->sides[side].items);
        }
        free(b);
    }
}

/* ---- random markets ----------------------------------------------------------------------------
 */

enum { N_INSTANTS = 300, MOST_ROWS = 4 };

/* Rows of both kinds from one stream; what comes after `changed` is from another. */
static void add_market(market *m, uint64_t seed, int changed)
{
    double *depth = calloc((size_t)N_INSTANTS * MOST_ROWS * FEL_DEPTH_COLUMNS, sizeof(double));
    double *trades = calloc((size_t)N_INSTANTS * FEL_TRADE_COLUMNS, sizeof(double));
    int64_t *depth_ns = calloc((size_t)N_INSTANTS * MOST_ROWS, sizeof(int64_t));
    int64_t *trades_ns = calloc(N_INSTANTS, sizeof(int64_t));
    size_t n_depth = 0, n_trades = 0;
    double middle = 100.0;
    for (int i = 0; i < N_INSTANTS; i++) {
        rng_stream r = rng_at(i >= changed ? seed + 1000 : seed, (uint64_t)i);
        middle += (double)rng_below(&r, 3) - 1.0;
        const uint64_t n = 1 + rng_below(&r, MOST_ROWS);
        for (uint64_t k = 0; k < n; k++) {
            const double side = rng_below(&r, 2) == 0 ? 1.0 : -1.0;
            const double away = (double)rng_below(&r, 6);
            const double quantity = (double)rng_below(&r, 8);
            const double row[] = {side, middle - side * away, quantity,
                                  rng_below(&r, 60) == 0 ? 1.0 : 0.0};
            memcpy(depth + n_depth * FEL_DEPTH_COLUMNS, row, sizeof(row));
            depth_ns[n_depth++] = MINUTES(i + 1);
        }
        if (rng_below(&r, 2) == 0) {
            const double side = (double)rng_below(&r, 3) - 1.0;
            const double price = middle + (double)rng_below(&r, 5) - 2.0;
            const double row[] = {price, 1.0 + (double)rng_below(&r, 9), side};
            memcpy(trades + n_trades * FEL_TRADE_COLUMNS, row, sizeof(row));
            trades_ns[n_trades++] = MINUTES(i + 1);
        }
    }
    fel_series_info info = fel_series_info_default(FEL_DATA_DEPTH, "B");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.kind = FEL_FX;
    info.instrument.ticks_per_unit = 1.0;
    market_add(m, &info, depth_ns, NULL, depth, n_depth);
    fel_series_info trade_info = fel_series_info_default(FEL_DATA_TRADE, "B");
    trade_info.instrument = info.instrument;
    market_add(m, &trade_info, trades_ns, NULL, trades, n_trades);
    free(depth);
    free(trades);
    free(depth_ns);
    free(trades_ns);
}

typedef struct maker {
    uint64_t n_seen;
} maker;

static fel_status act(void *state, fel_ctx *ctx, const fel_depth *depth)
{
    maker *self = state;
    rng_stream r = rng_at(77, self->n_seen++);
    const double middle = ctx->last_price[0];
    (void)depth;
    if (isnan(middle) || rng_below(&r, 3) != 0) {
        return FEL_OK;
    }
    const fel_side side = rng_below(&r, 2) == 0 ? FEL_BUY : FEL_SELL;
    fel_order order = fel_order_default(0, side, 1.0 + (double)rng_below(&r, 6));
    order.type = rng_below(&r, 4) == 0 ? FEL_ORDER_MARKET : FEL_ORDER_LIMIT;
    order.limit_price = floor(middle) + (double)rng_below(&r, 7) - 3.0;
    const uint64_t kind = rng_below(&r, 5);
    order.tif = kind == 0 ? FEL_TIF_IOC : kind == 1 ? FEL_TIF_FOK : FEL_TIF_GTC;
    order.flags = kind == 2 && order.type == FEL_ORDER_LIMIT ? FEL_ORDER_POST_ONLY : 0;
    return fel_submit(ctx, &order, NULL);
}

static const fel_strategy random_maker = {.struct_size = sizeof(fel_strategy),
                                          .name = "random_maker",
                                          .state_size = sizeof(maker),
                                          .on_depth = act};

static fel_engine_config random_config(uint64_t seed)
{
    fel_engine_config config = checked_config();
    config.queue = (fel_queue_rule)(seed % 3);
    config.queue_power = seed % 2 == 0 ? 1.0 : 2.5;
    config.fees[0] = cost_of("percent", 0.0001, 0.0);
    return config;
}

static size_t same_fills(const fel_result *a, const fel_result *b, int64_t until_ns)
{
    size_t i = 0;
    while (i < a->n_fills && a->fills[i].time_ns <= until_ns) {
        CHECK(i < b->n_fills && a->fills[i].time_ns == b->fills[i].time_ns &&
              a->fills[i].price == b->fills[i].price &&
              a->fills[i].quantity == b->fills[i].quantity &&
              a->fills[i].order_id == b->fills[i].order_id);
        i++;
    }
    CHECK(i == b->n_fills || b->fills[i].time_ns > until_ns);
    return i;
}

static void test_the_future_of_a_book_changes_nothing_before_it(void)
{
    size_t n_fills = 0, n_changed = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const fel_engine_config config = random_config(seed);
        const int changed = 20 + (int)(seed * 9);
        market whole = {0}, other = {0};
        add_market(&whole, seed, N_INSTANTS);
        add_market(&other, seed, changed);
        run a = run_market(&whole, &config, &random_maker, NULL);
        run b = run_market(&other, &config, &random_maker, NULL);
        n_fills += same_fills(a.result, b.result, MINUTES(changed));
        n_changed += strcmp(a.result->order_hash, b.result->order_hash) != 0;
        check_waterfall(a.result);
        check_orders_ended(a.result);
        run_clear(&a);
        run_clear(&b);
        market_clear(&whole);
        market_clear(&other);
    }
    CHECK(n_fills > 300);
    CHECK(n_changed > 25);
}

static void test_a_run_that_was_stopped_in_a_book_goes_on(void)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/book", scratch_folder());
    for (uint64_t seed = 0; seed < 30; seed++) {
        fel_engine_config config = random_config(seed);
        market m = {0};
        fel_engine *first = NULL, *second = NULL;
        const fel_result *result = NULL;
        m.block_rows = seed % 4 * 7;
        add_market(&m, seed, N_INSTANTS);
        run whole = run_market(&m, &config, &random_maker, NULL);
        config.snapshot_path = path;
        config.stop_after_rows = 50 + seed * 20;
        CHECK_OK(fel_engine_create(&first, &config, m.sources, m.n, &random_maker, NULL));
        CHECK_OK(fel_engine_run(first, &result));
        fel_engine_destroy(first);
        config.stop_after_rows = 0;
        CHECK_OK(fel_engine_create(&second, &config, m.sources, m.n, &random_maker, NULL));
        CHECK_OK(fel_engine_resume(second, path, &result));
        CHECK_TEXT(result->order_hash, whole.result->order_hash);
        fel_engine_destroy(second);
        run_clear(&whole);
        market_clear(&m);
    }
}

SUITE("property/random_books", TEST(test_a_book_is_a_sorted_list),
      TEST(test_the_future_of_a_book_changes_nothing_before_it),
      TEST(test_a_run_that_was_stopped_in_a_book_goes_on));
