/* tests/property/test_trades_of_runs.c - real runs of the engine with random orders, a split and
 * fees: the trades' P&L is the ledger's, their excursions bound what was made, the waterfall
 * closes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/report.h>

#include "core/money.h"
#include "core/rng.h"
#include "tests/support/check.h"

#define FEL_MODULE_REPORTS
#include "reports/report_model_internal.h"

enum { N_SYMBOLS = 2, N_BARS = 400 };

/* Orders a random position in each instrument every few bars: long, short, none. */
typedef struct random_orders {
    rng_stream stream;
    int is_set;
} random_orders;

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    random_orders *self = state;
    if (!self->is_set) {
        self->stream = rng_at((uint64_t)ctx->params[0], 0);
        self->is_set = 1;
    }
    if (rng_below(&self->stream, 3) != 0) {
        return FEL_OK;
    }
    const double units = (double)rng_below(&self->stream, 41) - 20.0;
    return fel_order_to_position(ctx, bar->instrument, units);
}

static const fel_param_spec seed_param = {"seed", FEL_PARAM_INTEGER, 1, 0, 1e6, NULL, "seed"};

static const fel_strategy random_strategy = {
    .struct_size = sizeof(fel_strategy),
    .name = "random_orders",
    .summary = "random positions",
    .params = &seed_param,
    .n_params = 1,
    .state_size = sizeof(random_orders),
    .on_bar = on_bar,
};

/* Daily bars in cents that wander; the second instrument has a two-for-one split half way. */
static fel_series *random_bars(const char *symbol, uint64_t seed, size_t split_at)
{
    int64_t time_ns[N_BARS];
    double column[5][N_BARS], last = 50.0;
    const double *const columns[] = {column[0], column[1], column[2], column[3], column[4]};
    rng_stream stream = rng_at(seed, 1);
    for (size_t i = 0; i < N_BARS; i++) {
        last = i == split_at ? last / 2.0 : last;
        const double open = last * exp(0.01 * rng_normal(&stream));
        const double close = open * exp(0.02 * rng_normal(&stream));
        time_ns[i] = (int64_t)(i + 1) * FEL_NS_PER_DAY;
        column[0][i] = rint(100.0 * open) / 100.0;
        column[3][i] = rint(100.0 * close) / 100.0;
        column[1][i] = rint(100.0 * fmax(open, close) * 1.01) / 100.0;
        column[2][i] = rint(100.0 * fmin(open, close) * 0.99) / 100.0;
        column[4][i] = 1000.0;
        last = close;
    }
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, symbol);
    info.length_ns = FEL_NS_PER_DAY;
    info.instrument.ticks_per_unit = 100.0;
    (void)snprintf(info.instrument.currency, sizeof(info.instrument.currency), "USD");
    const fel_block rows = {.n = N_BARS, .n_columns = 5, .time_ns = time_ns, .columns = columns};
    fel_series *bars = NULL;
    CHECK_OK(fel_series_create(&bars, &info, &rows));
    return bars;
}

static fel_series *one_split(const char *symbol, size_t at)
{
    const int64_t time_ns = (int64_t)at * FEL_NS_PER_DAY;
    const double kind = FEL_SPLIT, ratio = 2.0;
    const double *const columns[] = {&kind, &ratio};
    fel_series_info info = fel_series_info_default(FEL_DATA_ACTION, symbol);
    (void)snprintf(info.instrument.currency, sizeof(info.instrument.currency), "USD");
    const fel_block rows = {.n = 1, .n_columns = 2, .time_ns = &time_ns, .columns = columns};
    fel_series *actions = NULL;
    CHECK_OK(fel_series_create(&actions, &info, &rows));
    return actions;
}

static void check_trades(const fel_report *r)
{
    fel_money pnl[N_SYMBOLS] = {{0}};
    double open[N_SYMBOLS] = {0};
    CHECK(r->n_trades > 100);
    for (size_t i = 0; i < r->n_trades; i++) {
        const fel_trade *t = &r->trades[i];
        const double gross = fel_money_value(money_add(t->pnl, t->fees));
        pnl[t->instrument] = money_add(pnl[t->instrument], t->pnl);
        open[t->instrument] += t->is_open ? t->direction * t->quantity : 0.0;
        CHECK(t->mae <= gross + 1e-9 && gross <= t->mfe + 1e-9);
    }
    for (size_t i = 0; i < N_SYMBOLS; i++) {
        const fel_position_record *p = &r->result.positions[i];
        const fel_money ledger = money_sub(money_add(p->realised, p->unrealised), p->fees);
        CHECK_NEAR(fel_money_value(money_sub(pnl[i], ledger)), 0.0, 1e-8);
        CHECK_NEAR(open[i], p->quantity, 1e-9);
    }
}

static void check_run(uint64_t seed)
{
    fel_series *series[] = {random_bars("AAA", 2 * seed, N_BARS),
                            random_bars("BBB", 2 * seed + 1, N_BARS / 2),
                            one_split("BBB", N_BARS / 2)};
    fel_source sources[3];
    fel_engine_config config = fel_engine_config_default();
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    const double params[] = {(double)seed};
    config.cash = 1e6;
    config.self_check = 1;
    CHECK_OK(fel_cost_find("percent", &config.fees[0]));
    config.fees[0].params[0] = 13.5;
    for (size_t i = 0; i < 3; i++) {
        sources[i].info = fel_series_describe(series[i]);
        CHECK_OK(fel_feed_of_series(&sources[i].feed, series[i], FEL_TIME_MIN, FEL_TIME_MAX, 0));
    }
    CHECK_OK(fel_engine_create(&engine, &config, sources, 3, &random_strategy, params));
    CHECK_OK(fel_engine_run(engine, &result));
    fel_report *report = NULL;
    fel_report_input input = fel_report_input_default();
    input.result = result;
    CHECK_OK(fel_report_create(&report, &input));
    check_trades(report);
    CHECK(fel_money_value(result->waterfall.lines[FEL_COST_FEE]) > 0.0);
    CHECK_TEXT(report->cost_difference, "0.00");
    CHECK_NEAR(report->equity.equity[report->equity.n - 1], fel_money_value(result->final_equity),
               1e-6);
    fel_report_destroy(report);
    fel_engine_destroy(engine);
    for (size_t i = 0; i < 3; i++) {
        fel_feed_destroy(&sources[i].feed);
        fel_series_destroy(series[i]);
    }
}

static void test_trades_and_waterfall_of_real_runs_close(void)
{
    for (uint64_t seed = 1; seed <= 6; seed++) {
        check_run(seed);
    }
}

SUITE("property/trades_of_runs", TEST(test_trades_and_waterfall_of_real_runs_close));
