/* tests/unit/engine/test_funding.c - funding of perpetuals: who pays whom, on what, and when. */
#include <math.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

static double seen_cash[8], seen_mark[8];
static size_t n_seen;
static double wanted;

static fel_status hold(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    return fel_order_to_position(ctx, bar->instrument, wanted);
}

static fel_status see(void *state, fel_ctx *ctx, const fel_funding *funding)
{
    (void)state;
    CHECK_INT(ctx->now_ns, funding->time_ns);
    seen_mark[n_seen] = funding->mark;
    seen_cash[n_seen++] = funding->cash;
    return FEL_OK;
}

static const fel_strategy holder = {
    .struct_size = sizeof(fel_strategy), .name = "holder", .on_bar = hold, .on_funding = see};

/* Bars of hours: closes 100, 102, 101, 104; funding after each of the first three. */
static void add_market(market *m, fel_instrument_kind kind, const double (*rows)[2])
{
    static const double closes[] = {100.0, 102.0, 101.0, 104.0};
    fel_series_info info = bars_info("P", FEL_NS_PER_HOUR);
    info.instrument.kind = kind;
    info.instrument.multiplier = 0.5;
    double bars[4][FEL_BAR_COLUMNS];
    int64_t times[4];
    for (int i = 0; i < 4; i++) {
        const double open = i == 0 ? 100.0 : closes[i - 1];
        const double bar[] = {open, fmax(open, closes[i]), fmin(open, closes[i]), closes[i], 10.0};
        memcpy(bars[i], bar, sizeof(bar));
        times[i] = HOURS(i + 1);
    }
    market_add(m, &info, times, NULL, &bars[0][0], 4);
    fel_series_info funding = fel_series_info_default(FEL_DATA_FUNDING, "P");
    market_add(m, &funding, times, NULL, &rows[0][0], 3);
}

/* Decided at the close of hour 1, bought at the open that follows: the first payment comes between
 * the two and is not this position's. Then 4 x 0.5 x 102 x 0.001 = 0.204 is paid by the long, and
 * 4 x 0.5 x 101.5 x 0.002 = 0.406 is received where the rate is below zero. */
static const double rates[][2] = {{0.01, (double)NAN}, {0.001, (double)NAN}, {-0.002, 101.5}};

static void run_case(double position, double first, double second)
{
    market m = {0};
    fel_engine_config config = checked_config();
    config.cash = 1e4;
    wanted = position;
    n_seen = 0;
    add_market(&m, FEL_PERPETUAL, rates);
    run r = run_market(&m, &config, &holder, NULL);
    CHECK_INT(n_seen, 3);
    CHECK_SAME(seen_cash[0], 0.0);
    CHECK_SAME(seen_mark[1], 102.0);
    CHECK_SAME(seen_mark[2], 101.5);
    CHECK_NEAR(seen_cash[1], first, 1e-12);
    CHECK_NEAR(seen_cash[2], second, 1e-12);
    CHECK_NEAR(fel_money_value(r.result->positions[0].funding), first + second, 1e-12);
    CHECK_NEAR(fel_money_value(r.result->waterfall.funding), first + second, 1e-12);
    /* From 100 to 104, half a unit of money a point. */
    CHECK_NEAR(fel_money_value(r.result->final_equity), 1e4 + position * 0.5 * 4.0 + first + second,
               1e-9);
    check_waterfall(r.result);
    run_clear(&r);
    market_clear(&m);
}

static void test_long_pays_short_where_the_rate_is_positive(void)
{
    run_case(4.0, -0.204, 0.406);
    run_case(-4.0, 0.204, -0.406);
}

static void refuse(fel_instrument_kind kind, double rate, fel_status status, const char *message)
{
    const double rows[][2] = {{0.0, 1.0}, {rate, 1.0}, {0.0, 1.0}};
    market m = {0};
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    const fel_engine_config config = checked_config();
    add_market(&m, kind, rows);
    fel_status got = fel_engine_create(&engine, &config, m.sources, m.n, &holder, NULL);
    if (got == FEL_OK) {
        got = fel_engine_run(engine, &result);
    }
    CHECK_INT(got, status);
    CHECK_HAS(fel_last_error()->message, message);
    fel_engine_destroy(engine);
    market_clear(&m);
}

static void test_rates_that_cannot_be_are_refused(void)
{
    refuse(FEL_FUTURE, 0.001, FEL_ERR_ARG, "P has funding rates and is no perpetual");
    refuse(FEL_PERPETUAL, (double)NAN, FEL_ERR_FORMAT, "funding rate of P is nan");
}

SUITE("engine/funding", TEST(test_long_pays_short_where_the_rate_is_positive),
      TEST(test_rates_that_cannot_be_are_refused));
