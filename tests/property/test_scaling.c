/* tests/property/test_scaling.c - prices and cash times a power of two: the same orders, everything
 * else times that power, to the bit; instruments in another order: the same fills. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/rng.h"
#include "tests/unit/engine/random_fixture.h"

enum { N_SERIES = 3, N_BARS = 200 };

/* ---- powers of two
 * ---------------------------------------------------------------------------------- */

static market scaled_market(uint64_t seed, double scale)
{
    market m = {0};
    for (uint64_t i = 0; i < N_SERIES; i++) {
        char symbol[8];
        (void)snprintf(symbol, sizeof(symbol), "S%u", (unsigned)i);
        random_bars bars = random_bars_default(seed * 10 + i, N_BARS, FEL_NS_PER_DAY);
        bars.scale = scale;
        bars.ticks_per_unit = i == 0 ? 128.0 : 0.0;
        market_add_random(&m, symbol, &bars);
        market_add_action(&m, symbol, DAYS(40 + (int)i), FEL_DIVIDEND, 0.375 * scale);
    }
    return m;
}

static fel_engine_config scaled_config(uint64_t seed, double scale)
{
    rng_stream r = rng_at(seed, 17);
    fel_engine_config config = random_config(seed);
    for (int k = 0; k < FEL_MAX_COSTS; k++) {
        config.fees[k].code = config.slippage[k].code = NULL;
    }
    config.fees[0] = cost_of("percent", 7.0 * rng_uniform(&r), 0.0);
    config.slippage[0] = cost_of("half_spread", 3.0 * rng_uniform(&r), 0.0);
    config.fee_minimum = 0.0;
    config.cash *= scale;
    return config;
}

static int is_scaled(double a, double b, double scale)
{
    return a * scale == b || (isnan(a) && isnan(b));
}

static size_t orders_that_differ(const fel_result *a, const fel_result *b, double scale)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n_orders && i < b->n_orders; i++) {
        const fel_order_record *x = &a->orders[i], *y = &b->orders[i];
        n += x->instrument != y->instrument || x->side != y->side || x->type != y->type ||
             x->state != y->state || x->reason != y->reason || x->quantity != y->quantity ||
             x->filled != y->filled || x->submit_time_ns != y->submit_time_ns ||
             x->end_time_ns != y->end_time_ns ||
             !is_scaled(x->limit_price, y->limit_price, scale) ||
             !is_scaled(x->average_price, y->average_price, scale);
    }
    return n;
}

static size_t points_that_differ(const fel_result *a, const fel_result *b, double scale)
{
    size_t n = 0;
    for (size_t i = 0; i < a->n_equity && i < b->n_equity; i++) {
        const fel_equity_point *x = &a->equity[i], *y = &b->equity[i];
        n += !is_scaled(x->equity, y->equity, scale) || !is_scaled(x->cash, y->cash, scale) ||
             !is_scaled(x->turnover, y->turnover, scale) || !is_scaled(x->costs, y->costs, scale);
    }
    return n;
}

static void check_scaling(uint64_t seed, double scale, size_t *n_fills)
{
    const random_play play = {.seed = seed, .activity = 0.3, .scale = 1.0};
    random_play_use(&play);
    market one = scaled_market(seed, 1.0), other = scaled_market(seed, scale);
    const fel_engine_config config = scaled_config(seed, 1.0), larger = scaled_config(seed, scale);
    run a = run_market(&one, &config, &random_strategy, NULL);
    run b = run_market(&other, &larger, &random_strategy, NULL);
    CHECK_INT(a.result->n_orders, b.result->n_orders);
    CHECK_INT(a.result->n_fills, b.result->n_fills);
    CHECK_INT(a.result->n_equity, b.result->n_equity);
    CHECK_INT(orders_that_differ(a.result, b.result, scale), 0);
    CHECK_INT(points_that_differ(a.result, b.result, scale), 0);
    CHECK_SAME(a.result->final_equity.hi * scale, b.result->final_equity.hi);
    CHECK_SAME(a.result->final_equity.lo * scale, b.result->final_equity.lo);
    CHECK_SAME(a.result->waterfall.gross.lo * scale, b.result->waterfall.gross.lo);
    *n_fills += a.result->n_fills;
    run_clear(&b);
    run_clear(&a);
    market_clear(&other);
    market_clear(&one);
}

static void test_money_times_a_power_of_two_is_the_same_run(void)
{
    static const double scales[] = {2.0, 0.5, 1024.0, 0x1p-20};
    size_t n_fills = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        check_scaling(seed, scales[seed % 4], &n_fills);
    }
    CHECK(n_fills > 2000);
}

/* ---- labels
 * ------------------------------------------------------------------------------------------ */

static market labelled_market(uint64_t seed, const int order[N_SERIES])
{
    market m = {0};
    for (int k = 0; k < N_SERIES; k++) {
        char symbol[16];
        (void)snprintf(symbol, sizeof(symbol), "S%d", order[k]);
        random_bars bars = random_bars_default(seed * 10 + (uint64_t)order[k], N_BARS,
                                               order[k] == 1 ? HOURS(6) : FEL_NS_PER_DAY);
        bars.is_uneven = order[k] == 2;
        market_add_random(&m, symbol, &bars);
    }
    return m;
}

/* Cash does not bind, and nothing that is ordered depends on the account. */
static fel_engine_config labelled_config(uint64_t seed)
{
    fel_engine_config config = random_config(seed);
    if (config.latency.kind == FEL_LATENCY_SAMPLED) { /* by the numbers of orders: others here */
        config.latency.kind = FEL_LATENCY_CONSTANT;
    }
    if (config.latency.kind != FEL_LATENCY_NONE) {
        config.risk.max_orders =
            0; /* those that arrive together share it, first come first served */
    }
    config.cash = 1e12;
    config.cash_short = FEL_CASH_ALLOW;
    config.cash_check = FEL_CASH_AT_FILL;
    return config;
}

static size_t fills_of(const fel_result *r, const char *symbol, const fel_fill_record **out)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_fills; i++) {
        const fel_instrument *instrument = &r->instruments[r->fills[i].instrument];
        if (instrument->symbol[1] == symbol[1]) {
            out[n++] = &r->fills[i];
        }
    }
    return n;
}

static size_t fills_that_differ(const fel_result *a, const fel_result *b, const char *symbol)
{
    enum { MOST = 10000 };
    static const fel_fill_record *of_a[MOST], *of_b[MOST];
    const size_t n_a = fills_of(a, symbol, of_a), n_b = fills_of(b, symbol, of_b);
    size_t n = n_a != n_b;
    for (size_t i = 0; i < n_a && i < n_b; i++) {
        const fel_fill_record *x = of_a[i], *y = of_b[i];
        n += x->time_ns != y->time_ns || x->quantity != y->quantity || x->price != y->price ||
             x->side != y->side || x->fee.hi != y->fee.hi || x->fee.lo != y->fee.lo ||
             x->position_after != y->position_after || x->bar_index != y->bar_index ||
             x->high_since != y->high_since || x->low_since != y->low_since;
    }
    return n;
}

static void test_the_order_of_instruments_does_not_matter(void)
{
    static const int orders[][N_SERIES] = {{0, 1, 2}, {2, 0, 1}, {1, 2, 0}, {2, 1, 0}};
    size_t n_fills = 0;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        const random_play play = {.seed = seed, .activity = 0.3, .no_weights = 1, .scale = 1.0};
        random_play_use(&play);
        const fel_engine_config config = labelled_config(seed);
        market first = labelled_market(seed, orders[0]);
        market other = labelled_market(seed, orders[1 + seed % 3]);
        run a = run_market(&first, &config, &random_strategy, NULL);
        run b = run_market(&other, &config, &random_strategy, NULL);
        CHECK_INT(fills_that_differ(a.result, b.result, "S0"), 0);
        CHECK_INT(fills_that_differ(a.result, b.result, "S1"), 0);
        CHECK_INT(fills_that_differ(a.result, b.result, "S2"), 0);
        CHECK_REL(b.result->final_equity.hi, a.result->final_equity.hi, 1e-14);
        n_fills += a.result->n_fills;
        run_clear(&b);
        run_clear(&a);
        market_clear(&other);
        market_clear(&first);
    }
    CHECK(n_fills > 3000);
}

SUITE("property/scaling", TEST(test_money_times_a_power_of_two_is_the_same_run),
      TEST(test_the_order_of_instruments_does_not_matter));
