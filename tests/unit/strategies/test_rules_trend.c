/* tests/unit/strategies/test_rules_trend.c - sma_cross, donchian_breakout and rsi_reversion against
 * their rules worked out anew at every bar from the whole series. */
#include <math.h>
#include <stdlib.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/strategies/fake_host.h"

enum { N = 3000 };

/* Prices in whole cents. */
typedef struct series {
    int64_t open[N], high[N], low[N], close[N];
} series;

static series made; /* too large for a stack */

static void make_series(uint64_t seed)
{
    rng_stream r = rng_at(seed, 1);
    int64_t x = 2000;
    for (size_t i = 0; i < N; i++) {
        made.open[i] = x;
        x += (int64_t)rng_below(&r, 5) - 2;
        x = x < 1500 ? 1500 : x;
        made.close[i] = x;
        const int64_t top = made.open[i] > x ? made.open[i] : x;
        const int64_t bottom = made.open[i] < x ? made.open[i] : x;
        made.high[i] = top + (int64_t)rng_below(&r, 3);
        made.low[i] = bottom - (int64_t)rng_below(&r, 3);
    }
}

/* The side to be on after the close of bar i when `held` is the side now. */
typedef int rule(const double *params, size_t i, int held);

/* Run the strategy on instrument 1 of 2 (0 gets still prices) and compare its orders with the rule.
 */
static void check_rule(const char *name, const double *params, double amount, rule *wanted)
{
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(2, 0);
    size_t k = 0;
    int held = 0;
    host->instruments[0].ticks_per_unit = host->instruments[1].ticks_per_unit = 100.0;
    CHECK_OK(fel_strategy_find(name, &strategy));
    CHECK_INT(fake_start(host, strategy, params), FEL_OK);
    for (size_t i = 0; i < N; i++) {
        const fel_bar bars[2] = {fake_flat_bar(0, 12.34),
                                 fake_bar(1, (double)made.open[i] / 100.0,
                                          (double)made.high[i] / 100.0, (double)made.low[i] / 100.0,
                                          (double)made.close[i] / 100.0)};
        CHECK_INT(fake_step(host, bars, 2), FEL_OK);
        const int side = wanted(params, i, held);
        CHECK_INT(host->n_orders, k + (side != held ? 1u : 0u));
        if (side != held && host->n_orders == k + 1) {
            CHECK_INT(host->orders[k].step, i);
            CHECK_INT(host->orders[k].instrument, 1);
            CHECK_NEAR(host->orders[k].amount, side * amount, 0.0);
        }
        k = host->n_orders;
        held = side; /* filled at the next open */
    }
    CHECK(k > 20);
    fake_stop(host);
    free(host);
}

/* ---- sma_cross ------------------------------------------------------------------------------ */

static int64_t sum_of_closes(size_t i, size_t n)
{
    int64_t sum = 0;
    for (size_t k = i + 1 - n; k <= i; k++) {
        sum += made.close[k];
    }
    return sum;
}

/* As ../shared/workloads: params are fast_bars, slow_bars, side, quantity, weight. */
static int sma_rule(const double *params, size_t i, int held)
{
    const size_t fast = (size_t)params[0], slow = (size_t)params[1];
    const int low = params[2] > 0.0 ? -1 : 0;
    if (i + 1 < slow) {
        return held;
    }
    const int64_t a = sum_of_closes(i, fast) * (int64_t)slow;
    const int64_t b = sum_of_closes(i, slow) * (int64_t)fast;
    return a > b ? 1 : a < b ? low : held;
}

static void test_sma_cross_is_exact_on_ticks(void)
{
    const double long_only[] = {10, 30, 0, 100, 1}, both[] = {3, 8, 1, 0, 0.75};
    make_series(31);
    size_t n_ties = 0, n_float_misses = 0;
    for (size_t i = 29; i < N; i++) {
        double fast = 0.0, slow = 0.0;
        for (size_t k = i + 1 - 30; k <= i; k++) {
            slow += (double)made.close[k] / 100.0 / 30.0;
            fast += k + 10 > i ? (double)made.close[k] / 100.0 / 10.0 : 0.0;
        }
        const int is_tie = sum_of_closes(i, 10) * 3 == sum_of_closes(i, 30);
        n_ties += (size_t)is_tie;
        n_float_misses += is_tie && fast != slow;
    }
    CHECK(n_ties > 10 && n_float_misses > 3); /* the series is a trap for floats */
    check_rule("sma_cross", long_only, 100.0, sma_rule);
    check_rule("sma_cross", both, 0.375, sma_rule);
}

static void test_sma_cross_wants_fast_below_slow(void)
{
    const double params[] = {30, 30, 0, 100, 1};
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(1, 0);
    CHECK_OK(fel_strategy_find("sma_cross", &strategy));
    CHECK_INT(fake_start(host, strategy, params), FEL_ERR_USER);
    CHECK_TEXT(host->message, "fast_bars = 30 must be below slow_bars = 30");
    fake_stop(host);
    free(host);
}

/* ---- donchian_breakout ------------------------------------------------------------------------
 */

/* Extremes of the n bars before bar i. */
static int64_t high_before(size_t i, size_t n)
{
    int64_t high = INT64_MIN;
    for (size_t k = i - n; k < i; k++) {
        high = made.high[k] > high ? made.high[k] : high;
    }
    return high;
}

static int64_t low_before(size_t i, size_t n)
{
    int64_t low = INT64_MAX;
    for (size_t k = i - n; k < i; k++) {
        low = made.low[k] < low ? made.low[k] : low;
    }
    return low;
}

/* entry_bars, exit_bars, side, quantity, weight. */
static int donchian_rule(const double *params, size_t i, int held)
{
    const size_t entry = (size_t)params[0], exit_bars = (size_t)params[1];
    if (i < entry) {
        return held;
    }
    const int64_t close = made.close[i];
    const int is_above = close > high_before(i, entry);
    const int is_below = close < low_before(i, entry);
    if (is_above || (is_below && params[2] > 0.0)) {
        return is_above ? 1 : -1;
    }
    if ((held > 0 && close < low_before(i, exit_bars)) ||
        (held < 0 && close > high_before(i, exit_bars))) {
        return 0;
    }
    return held;
}

static void test_donchian_channels_leave_this_bar_out(void)
{
    const double long_only[] = {20, 10, 0, 0, 1}, both[] = {12, 5, 1, 7.5, 1};
    const double same[] = {9, 9, 1, 0, 1};
    make_series(32);
    check_rule("donchian_breakout", long_only, 0.5, donchian_rule);
    check_rule("donchian_breakout", both, 7.5, donchian_rule);
    check_rule("donchian_breakout", same, 0.5, donchian_rule);
}

/* ---- rsi_reversion ----------------------------------------------------------------------------
 */

/* Wilder's RSI of the closes up to bar i, from the first one on. */
static double rsi_at(size_t i, size_t n)
{
    double up = 0.0, down = 0.0;
    for (size_t k = 1; k <= i; k++) {
        const double change = (double)(made.close[k] - made.close[k - 1]) / 100.0;
        const double rise = change > 0.0 ? change : 0.0, fall = change < 0.0 ? -change : 0.0;
        const double m = (double)n;
        up = k <= n ? up + rise / m : (up * (m - 1.0) + rise) / m;
        down = k <= n ? down + fall / m : (down * (m - 1.0) + fall) / m;
    }
    return 100.0 - 100.0 / (1.0 + up / down);
}

/* rsi_bars, oversold, exit_level, overbought, side, quantity, weight. */
static int rsi_rule(const double *params, size_t i, int held)
{
    const size_t n = (size_t)params[0];
    if (i < n) {
        return held;
    }
    const double rsi = rsi_at(i, n);
    if (rsi < params[1]) {
        return 1;
    }
    if (rsi > params[3] && params[4] > 0.0) {
        return -1;
    }
    return (held > 0 && rsi > params[2]) || (held < 0 && rsi < params[2]) ? 0 : held;
}

static void test_rsi_reversion_follows_its_levels(void)
{
    const double long_only[] = {14, 35.5, 52.25, 70, 0, 0, 1};
    const double both[] = {7, 25.5, 50.5, 74.25, 1, 3, 1};
    make_series(33);
    check_rule("rsi_reversion", long_only, 0.5, rsi_rule);
    check_rule("rsi_reversion", both, 3.0, rsi_rule);
}

SUITE("strategies/rules_trend", TEST(test_sma_cross_is_exact_on_ticks),
      TEST(test_sma_cross_wants_fast_below_slow), TEST(test_donchian_channels_leave_this_bar_out),
      TEST(test_rsi_reversion_follows_its_levels));
