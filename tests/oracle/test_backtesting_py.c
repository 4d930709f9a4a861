/* tests/oracle/test_backtesting_py.c - backtesting.py's scenarios: the same round trips and the
 * same equity after every bar.
 *
 * It sizes an order at its fill by the money that is free then, costs in it: our FEL_TARGET_SPEND,
 * after an order that closes what is held; a margin of 1/50 is a share of 50, cash allowed to go
 * negative. Its spread is charged where a position begins: the slippage model `entry`. It ends a
 * run by closing at the last bar's open, as if decided on the bar before: so does the strategy
 * here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/report.h>

#include "tests/oracle/scenario_bars.h"

#define RECORDED "oracles/backtesting_py/scenarios.json"
#define ASSERTED "oracles/backtesting_py/test_suite_expected.json"
#define FOLDER   "data/vendor/kernc__backtesting.py/backtesting/test/"

enum { MAX_SLOW = 32 };

/* ---- the strategy ------------------------------------------------------------------------------
 */

typedef struct scenario {
    const char *name, *data;
    size_t fast, slow;
    double share; /* of the free money, at an entry */
    double fee_bps, entry_bps;
    fel_fill_rule fill;
    int long_only;
} scenario;

static const scenario *current;
static size_t n_bars_in_all;

/* A moving average as the recorded run had it, to the last bit, which decides a cross where two
 * averages of a five-digit price are equal but for rounding: one sum that values join and leave,
 * with an error term for each of the two. */
typedef struct average {
    double sum, joining, leaving;
} average;

typedef struct cross {
    size_t n_bars;
    average fast, slow;
    double fast_before, slow_before;
} cross;

static fel_status on_start(void *state, fel_ctx *ctx)
{
    (void)state;
    return ctx->host->keep_history(ctx, MAX_SLOW);
}

static void add(average *a, double value, double *error)
{
    const double y = value - *error, t = a->sum + y;
    *error = t - a->sum - y;
    a->sum = t;
}

static double mean_of_last(const fel_ctx *ctx, size_t n, average *a)
{
    const fel_cvec closes = ctx->host->history(ctx, 0, FEL_FIELD_CLOSE, n + 1);
    if (closes.len == n + 1) {
        add(a, -closes.data[0], &a->leaving);
    }
    add(a, closes.data[closes.len - 1], &a->joining);
    return a->sum / (double)n;
}

static fel_status close_position(fel_ctx *ctx)
{
    const double held = ctx->position[0];
    const fel_order order = fel_order_default(0, held > 0.0 ? FEL_SELL : FEL_BUY, fabs(held));
    return held != 0.0 ? fel_submit(ctx, &order, NULL) : FEL_OK;
}

static fel_status on_cross(fel_ctx *ctx, int up)
{
    const double share = up ? current->share : -current->share;
    if (!up || !current->long_only) {
        FEL_TRY(close_position(ctx));
    }
    return up || !current->long_only ? ctx->host->target(ctx, 0, FEL_TARGET_SPEND, share, NULL)
                                     : FEL_OK;
}

static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    cross *c = state;
    (void)bar;
    const double fast = mean_of_last(ctx, current->fast, &c->fast);
    const double slow = mean_of_last(ctx, current->slow, &c->slow);
    const int is_up = c->fast_before < c->slow_before && fast > slow;
    const int is_down = c->fast_before > c->slow_before && fast < slow;
    c->fast_before = fast;
    c->slow_before = slow;
    c->n_bars++;
    if (c->n_bars == n_bars_in_all - 1) {
        return close_position(ctx);
    }
    return c->n_bars > current->slow && (is_up || is_down) ? on_cross(ctx, is_up) : FEL_OK;
}

static const fel_strategy crosser = {.struct_size = sizeof(fel_strategy),
                                     .name = "crosser",
                                     .summary = "two moving averages' crosses",
                                     .state_size = sizeof(cross),
                                     .on_start = on_start,
                                     .on_bar = on_bar};

/* ---- runs --------------------------------------------------------------------------------------
 */

typedef struct played {
    scenario_bars bars;
    market m;
    run r;
    fel_trade *trades; /* by entry */
    size_t n_trades;
} played;

static int by_entry(const void *left, const void *right)
{
    const fel_trade *a = left, *b = right;
    return (a->entry_bar > b->entry_bar) - (a->entry_bar < b->entry_bar);
}

static int play(const scenario *s, played *p)
{
    memset(p, 0, sizeof(*p));
    if (!scenario_bars_read(&p->bars, s->data, 0)) {
        return 0;
    }
    current = s;
    n_bars_in_all = p->bars.n;
    fel_engine_config config = checked_config();
    config.record = FEL_RECORD_DAILY;
    config.cash = 10000.0;
    config.cash_short = FEL_CASH_ALLOW;
    config.fill = s->fill;
    config.fees[0] = cost_of("percent", s->fee_bps, 0.0);
    config.slippage[0] = cost_of("entry", s->entry_bps, 0.0);
    scenario_market(&p->m, &p->bars, 0.0);
    p->r = run_market(&p->m, &config, &crosser, NULL);
    CHECK_OK(fel_trades_match(p->r.result, &p->trades, &p->n_trades));
    qsort(p->trades, p->n_trades, sizeof(*p->trades), by_entry);
    return 1;
}

static void played_clear(played *p)
{
    free(p->trades);
    run_clear(&p->r);
    market_clear(&p->m);
    scenario_bars_clear(&p->bars);
}

/* ---- comparing ---------------------------------------------------------------------------------
 */

static double number_of(const json_t *row, const char *key)
{
    return oracle_number(json_object_get(row, key));
}

static json_t *rows_by_entry(const json_t *rows)
{
    json_t *sorted = json_array();
    size_t n = json_array_size(rows);
    for (size_t i = 0; i < n; i++) {
        size_t at = json_array_size(sorted);
        json_t *row = json_array_get(rows, i);
        while (at > 0 &&
               number_of(json_array_get(sorted, at - 1), "EntryBar") > number_of(row, "EntryBar")) {
            at--;
        }
        (void)json_array_insert(sorted, at, row);
    }
    return sorted;
}

static void check_trades(const played *p, const json_t *recorded)
{
    json_t *rows = rows_by_entry(recorded);
    CHECK_INT(p->n_trades, json_array_size(rows));
    for (size_t i = 0; i < p->n_trades && i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        const fel_trade *t = &p->trades[i];
        const double money = fabs(number_of(row, "Size") * number_of(row, "EntryPrice"));
        CHECK_REL(t->quantity * t->direction, number_of(row, "Size"), 0.0);
        CHECK_REL((double)t->entry_bar, number_of(row, "EntryBar"), 0.0);
        CHECK_REL((double)t->exit_bar, number_of(row, "ExitBar"), 0.0);
        CHECK_REL(t->entry_price, number_of(row, "EntryPrice"), 1e-14);
        CHECK_REL(t->exit_price, number_of(row, "ExitPrice"), 1e-14);
        CHECK_NEAR(fel_money_value(t->pnl), number_of(row, "PnL"), 1e-12 * money);
        CHECK_NEAR(fel_money_value(t->fees), number_of(row, "Commission"), 1e-12 * money);
        CHECK_NEAR(t->return_fraction, number_of(row, "ReturnPct"), 1e-12);
    }
    json_decref(rows);
}

static void check_equity(const played *p, const json_t *values)
{
    CHECK_INT(json_array_size(values), p->bars.n);
    for (size_t i = 0; i < p->bars.n; i++) {
        const double expected = oracle_number(json_array_get(values, i));
        CHECK_REL(scenario_point(p->r.result, p->bars.close_ns[i]).equity, expected, 1e-9);
    }
}

static void check_scenario(const scenario *s)
{
    played p;
    json_t *runs = oracle_json(RECORDED);
    if (runs == NULL || !play(s, &p)) {
        json_decref(runs);
        SKIP("../shared/" RECORDED " is absent");
    }
    for (size_t i = 0; i < json_array_size(runs); i++) {
        const json_t *one = json_array_get(runs, i);
        if (strcmp(json_string_value(json_object_get(one, "name")), s->name) == 0) {
            check_trades(&p, json_object_get(one, "trades"));
            check_equity(&p, json_object_get(one, "equity"));
        }
    }
    played_clear(&p);
    json_decref(runs);
}

static const scenario plain = {.name = "sma_cross_test_suite",
                               .data = FOLDER "GOOG.csv.gz",
                               .fast = 10,
                               .slow = 30,
                               .share = 1.0};

static void test_crosses(void)
{
    check_scenario(&plain);
}

static void test_commission(void)
{
    scenario s = plain;
    s.name = "sma_cross_commission";
    s.fee_bps = 20.0;
    check_scenario(&s);
}

static void test_spread_at_entries(void)
{
    scenario s = plain;
    s.name = "sma_cross_spread";
    s.entry_bps = 20.0;
    check_scenario(&s);
}

static void test_trades_on_the_close(void)
{
    scenario s = plain;
    s.name = "sma_cross_trade_on_close";
    s.fill = FEL_FILL_SAME_CLOSE;
    check_scenario(&s);
}

static void test_half_of_what_is_free(void)
{
    scenario s = plain;
    s.name = "sma_long_half";
    s.share = 0.5;
    s.fee_bps = 10.0;
    s.long_only = 1;
    check_scenario(&s);
}

static void test_fifty_times_what_is_free(void)
{
    const scenario s = {.name = "eurusd_margin",
                        .data = FOLDER "EURUSD.csv.gz",
                        .fast = 5,
                        .slow = 15,
                        .share = 50.0};
    check_scenario(&s);
}

/* ---- what its own suite asserts of the first run ------------------------------------------------
 */

typedef struct summary {
    double won, lost, best, worst, log_sum, sum, sum_of_squares, n_won;
} summary;

static summary summarise(const played *p)
{
    summary s = {.best = -1.0, .worst = 1.0};
    for (size_t i = 0; i < p->n_trades; i++) {
        const double back = p->trades[i].return_fraction;
        s.won += fmax(back, 0.0);
        s.lost -= fmin(back, 0.0);
        s.n_won += back > 0.0 ? 1.0 : 0.0;
        s.best = fmax(s.best, back);
        s.worst = fmin(s.worst, back);
        s.log_sum += log1p(back);
        s.sum += back;
    }
    return s;
}

static void check_drawdown(const played *p, const json_t *expected)
{
    double peak = 0.0, deepest = 0.0;
    for (size_t i = 0; i < p->bars.n; i++) {
        const double equity = scenario_point(p->r.result, p->bars.close_ns[i]).equity;
        peak = fmax(peak, equity);
        deepest = fmin(deepest, equity / peak - 1.0);
    }
    CHECK_REL(peak, number_of(expected, "Equity Peak [$]"), 1e-8);
    CHECK_REL(100.0 * deepest, number_of(expected, "Max. Drawdown [%]"), 1e-8);
}

/* Its ratios are those of the geometric mean of daily returns, 252 to the year. */
static void check_ratios(const played *p, const json_t *expected)
{
    const double n = (double)p->bars.n, years = 252.0;
    const double growth =
        pow(fel_money_value(p->r.result->final_equity) / 10000.0, 1.0 / (n - 1.0)) - 1.0;
    double sum = 0.0, squares = 0.0, before = 10000.0;
    for (size_t i = 1; i < p->bars.n; i++) {
        const double equity = scenario_point(p->r.result, p->bars.close_ns[i]).equity;
        sum += equity / before - 1.0;
        squares += (equity / before - 1.0) * (equity / before - 1.0);
        before = equity;
    }
    const double variance = (squares - sum * sum / (n - 1.0)) / (n - 2.0);
    const double annual = pow(1.0 + growth, years) - 1.0;
    const double square = (1.0 + growth) * (1.0 + growth);
    const double volatility = sqrt(pow(variance + square, years) - pow(square, years));
    CHECK_REL(100.0 * annual, number_of(expected, "Return (Ann.) [%]"), 1e-8);
    CHECK_REL(100.0 * volatility, number_of(expected, "Volatility (Ann.) [%]"), 1e-8);
    CHECK_REL(annual / volatility, number_of(expected, "Sharpe Ratio"), 1e-8);
}

static void test_what_its_suite_asserts(void)
{
    played p;
    json_t *file = oracle_json(ASSERTED);
    if (file == NULL || !play(&plain, &p)) {
        json_decref(file);
        SKIP("../shared/" ASSERTED " is absent");
    }
    const json_t *expected = json_object_get(file, "expected");
    const summary s = summarise(&p);
    const double n = (double)p.n_trades, equity = fel_money_value(p.r.result->final_equity);
    CHECK_REL(n, number_of(expected, "# Trades"), 0.0);
    CHECK_REL(equity, number_of(expected, "Equity Final [$]"), 1e-12);
    CHECK_REL(equity / 100.0 - 100.0, number_of(expected, "Return [%]"), 1e-12);
    CHECK_REL(100.0 * s.n_won / n, number_of(expected, "Win Rate [%]"), 1e-12);
    CHECK_REL(100.0 * s.best, number_of(expected, "Best Trade [%]"), 1e-12);
    CHECK_REL(100.0 * s.worst, number_of(expected, "Worst Trade [%]"), 1e-12);
    CHECK_REL(100.0 * expm1(s.log_sum / n), number_of(expected, "Avg. Trade [%]"), 1e-8);
    CHECK_REL(100.0 * s.sum / n, number_of(expected, "Expectancy [%]"), 1e-8);
    CHECK_REL(s.won / s.lost, number_of(expected, "Profit Factor"), 1e-8);
    check_drawdown(&p, expected);
    check_ratios(&p, expected);
    played_clear(&p);
    json_decref(file);
}

SUITE("oracle/backtesting_py", TEST(test_crosses), TEST(test_commission),
      TEST(test_spread_at_entries), TEST(test_trades_on_the_close), TEST(test_half_of_what_is_free),
      TEST(test_fifty_times_what_is_free), TEST(test_what_its_suite_asserts));
