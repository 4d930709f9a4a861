/* tests/oracle/test_workloads.c - ../shared/workloads: trade lists equal to the exact reference as
 * text, final equities to the last digit; in memory and streamed from small blocks.
 *
 * The CSV files are generated (2 minutes with numpy) and looked for in $FELLER_WORKLOADS, in
 * ../shared/workloads/data and in build/workloads. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <feller/report.h>
#include <feller/strategies.h>

#include "core/core.h"
#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define ABSENT "the workloads' bars are absent: tools/workloads.sh makes build/workloads"

enum { LINE_SIZE = 512, MAX_SERIES = 64 };

/* ---- bars --------------------------------------------------------------------------------------
 */

static const char *bars_path(const char *name)
{
    static char path[1024];
    const char *const named = getenv("FELLER_WORKLOADS");
    const char *const folders[] = {named != NULL ? named : "", "../shared/workloads/data",
                                   "build/workloads"};
    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", folders[i], name);
        if (access(path, R_OK) == 0) {
            return path;
        }
    }
    return NULL;
}

static fel_series_list read_bars(const char *path, const char *symbol)
{
    fel_series_list list = {0};
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.symbol, sizeof(options.symbol), "%s", symbol);
    (void)snprintf(options.currency, sizeof(options.currency), "USD");
    CHECK_OK(fel_csv_read(&list, path, &options, NULL));
    return list;
}

typedef struct feeds {
    fel_source sources[MAX_SERIES];
    size_t n;
} feeds;

static feeds feeds_over(const fel_series_list *list, int64_t end_ns, size_t block_rows)
{
    feeds f = {.n = list->n};
    for (size_t i = 0; i < list->n; i++) {
        f.sources[i].info = fel_series_describe(list->items[i]);
        CHECK_OK(fel_feed_of_series(&f.sources[i].feed, list->items[i], FEL_TIME_MIN, end_ns,
                                    block_rows));
    }
    return f;
}

static void feeds_clear(feeds *f)
{
    for (size_t i = 0; i < f->n; i++) {
        fel_feed_destroy(&f->sources[i].feed);
    }
}

/* ---- the rule
 * ------------------------------------------------------------------------------------ */

static const fel_strategy *sma_cross(double *params, double fast, double slow)
{
    const fel_strategy *strategy = NULL;
    CHECK_OK(fel_strategy_find("sma_cross", &strategy));
    fel_param_defaults(strategy->params, strategy->n_params, params);
    const char *const names[] = {"fast_bars", "slow_bars", "quantity"};
    const double values[] = {fast, slow, 100.0};
    for (size_t i = 0; i < 3; i++) {
        size_t at = 0;
        CHECK_OK(fel_param_find(strategy->params, strategy->n_params, names[i], &at));
        params[at] = values[i];
    }
    return strategy;
}

static fel_engine_config workload_config(void)
{
    fel_engine_config config = fel_engine_config_default();
    CHECK_OK(fel_cost_find("percent", &config.fees[0]));
    config.fees[0].params[0] = 10.0;
    return config;
}

/* ---- comparing
 * ----------------------------------------------------------------------------------- */

static const char *symbol_of(const fel_result *r, const fel_trade *t)
{
    return r->instruments[t->instrument].symbol;
}

static const fel_result *compared; /* for the comparison below */

static int trade_compare(const void *left, const void *right)
{
    const fel_trade *a = left, *b = right;
    const int by_symbol = strcmp(symbol_of(compared, a), symbol_of(compared, b));
    return by_symbol != 0 ? by_symbol
                          : (a->entry_bar > b->entry_bar) - (a->entry_bar < b->entry_bar);
}

static void say_trade(const fel_result *r, const fel_trade *t, char *line, size_t size)
{
    char exit_price[64] = "", fees[64], pnl[64];
    if (!t->is_open) {
        (void)snprintf(exit_price, sizeof(exit_price), "%.6f", t->exit_price);
    }
    money_format(t->fees, 7, fees, sizeof(fees));
    money_format(t->pnl, 7, pnl, sizeof(pnl));
    (void)snprintf(line, size, "%s,%llu,%.6f,%lld,%s,%g,%s,%s", symbol_of(r, t),
                   (unsigned long long)t->entry_bar, t->entry_price,
                   t->is_open ? -1 : (long long)t->exit_bar, exit_price, t->quantity, fees, pnl);
}

/* Lines of `text` after its header, one for each trade. */
static void check_trades(const fel_result *r, const char *text)
{
    fel_trade *trades = NULL;
    size_t n = 0, n_wrong = 0, row = 0;
    CHECK_OK(fel_trades_match(r, &trades, &n));
    compared = r;
    qsort(trades, n, sizeof(*trades), trade_compare);
    const char *at = strchr(text, '\n') + 1;
    for (; *at != '\0'; row++) {
        char line[LINE_SIZE] = "";
        const size_t length = strcspn(at, "\r\n");
        if (row < n) {
            say_trade(r, &trades[row], line, sizeof(line));
        }
        if (strlen(line) != length || strncmp(line, at, length) != 0) {
            if (n_wrong++ < 3) {
                (void)printf("\ntrade %zu: %s\nexpected: %.*s\n", row, line, (int)length, at);
            }
        }
        at += length + strspn(at + length, "\r\n");
    }
    CHECK_INT(n_wrong, 0);
    CHECK_INT(n, row);
    free(trades);
}

static void check_final(const fel_result *r, const char *expected)
{
    char text[64];
    money_format(r->final_equity, (int)strlen(strchr(expected, '.') + 1), text, sizeof(text));
    CHECK_TEXT(text, expected);
    /* An order of the last bar finds no open any more. */
    CHECK(r->n_orders - r->n_fills <= r->n_instruments);
}

typedef struct workload {
    const char *bars, *symbol, *reference, *final_equity;
} workload;

static void check_workload(const workload *w, const size_t *block_rows, size_t n_blocks)
{
    const char *path = bars_path(w->bars);
    char *reference = oracle_text(w->reference);
    if (path == NULL || reference == NULL) {
        free(reference);
        SKIP(ABSENT);
    }
    fel_series_list list = read_bars(path, w->symbol);
    double params[16];
    const fel_strategy *strategy = sma_cross(params, 10.0, 30.0);
    const fel_engine_config config = workload_config();
    char first_hash[33] = "";
    for (size_t i = 0; i < n_blocks; i++) {
        feeds f = feeds_over(&list, FEL_TIME_MAX, block_rows[i]);
        fel_engine *engine = NULL;
        const fel_result *r = NULL;
        CHECK_OK(fel_engine_create(&engine, &config, f.sources, f.n, strategy, params));
        CHECK_OK(fel_engine_run(engine, &r));
        if (r != NULL) {
            check_trades(r, reference);
            check_final(r, w->final_equity);
            CHECK_TEXT(r->order_hash, i == 0 ? r->order_hash : first_hash);
            memcpy(first_hash, r->order_hash, sizeof(first_hash));
        }
        fel_engine_destroy(engine);
        feeds_clear(&f);
    }
    fel_series_list_clear(&list);
    free(reference);
}

/* ---- tests
 * --------------------------------------------------------------------------------------- */

static const size_t memory_and_stream[] = {0, 1000};

static void test_a_million_minutes_give_the_exact_trades(void)
{
    const workload w = {"minute_1m.csv", "X", "workloads/reference_minute_trades.csv.gz",
                        "607621.425072"};
    check_workload(&w, memory_and_stream, 2);
}

/* Here 1,307 averages tie, and every engine that sums floats goes wrong. */
static void test_a_million_ticks_tie_where_they_tie(void)
{
    const workload w = {"minute_1m_tick.csv", "X", "workloads/reference_tick_trades.csv.gz",
                        "609288.057"};
    check_workload(&w, memory_and_stream, 2);
}

static void test_fifty_series_share_one_account(void)
{
    const workload w = {"daily_50.csv", "", "workloads/reference_daily_trades.csv.gz",
                        "872731.639351"};
    const size_t blocks[] = {0, 7};
    check_workload(&w, blocks, 2);
}

enum { SWEEP_BARS = 100000 };

static void check_pair(fel_engine *engine, const double *params, const oracle_table *table,
                       size_t row)
{
    const fel_result *r = NULL;
    char line[LINE_SIZE], expected[LINE_SIZE], equity[64];
    CHECK_OK(fel_engine_set_params(engine, params));
    CHECK_OK(fel_engine_run(engine, &r));
    if (r == NULL) {
        return;
    }
    money_format(r->final_equity, 7, equity, sizeof(equity));
    (void)snprintf(line, sizeof(line), "%s,%s,%llu,%s", oracle_cell(table, row, "fast"),
                   oracle_cell(table, row, "slow"), (unsigned long long)r->n_fills_total / 2,
                   equity);
    (void)snprintf(expected, sizeof(expected), "%s,%s,%s,%s", oracle_cell(table, row, "fast"),
                   oracle_cell(table, row, "slow"), oracle_cell(table, row, "trades"),
                   oracle_cell(table, row, "final_equity"));
    CHECK_TEXT(line, expected);
}

/* 200 pairs of averages on one engine, run again and again with other parameters. */
static void test_a_sweep_gives_every_pair_its_equity(void)
{
    const char *path = bars_path("minute_1m.csv");
    oracle_table table;
    if (path == NULL || !oracle_table_read(&table, "workloads/reference_sweep_sweep.csv.gz")) {
        SKIP(ABSENT);
    }
    fel_series_list list = read_bars(path, "X");
    const fel_block rows = fel_series_rows(list.items[0]);
    feeds f = feeds_over(&list, rows.time_ns[SWEEP_BARS], 0);
    fel_engine_config config = workload_config();
    config.record_orders = 0;
    double params[16];
    fel_engine *engine = NULL;
    const fel_strategy *strategy = sma_cross(params, 10.0, 30.0);
    CHECK_OK(fel_engine_create(&engine, &config, f.sources, f.n, strategy, params));
    CHECK_INT(table.rows, 200);
    for (size_t i = 0; i < table.rows; i++) {
        (void)sma_cross(params, atof(oracle_cell(&table, i, "fast")),
                        atof(oracle_cell(&table, i, "slow")));
        check_pair(engine, params, &table, i);
    }
    fel_engine_destroy(engine);
    feeds_clear(&f);
    fel_series_list_clear(&list);
    oracle_table_clear(&table);
}

SUITE("oracle/workloads", TEST(test_a_million_minutes_give_the_exact_trades),
      TEST(test_a_million_ticks_tie_where_they_tie), TEST(test_fifty_series_share_one_account),
      TEST(test_a_sweep_gives_every_pair_its_equity));
