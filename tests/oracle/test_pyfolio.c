/* tests/oracle/test_pyfolio.c - 9,367 recorded transactions matched into pyfolio's 5,819 round
 * trips, their statistics, and its drawdown table.
 *
 * pyfolio makes one round trip of each closing transaction, whatever the number of lots it closes:
 * ours of one instrument and instant are added up for the comparison. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/report.h>

#include "core/money.h"
#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

#define FEL_MODULE_REPORTS
#include "reports/report_internal.h"
#include "reports/trade_internal.h"

#define FOLDER "oracles/pyfolio/"

enum { MOST_SYMBOLS = 16 };

/* A result with nothing but instruments, fills and (empty) positions. */
typedef struct recorded_run {
    fel_instrument instruments[MOST_SYMBOLS];
    fel_position_record positions[MOST_SYMBOLS];
    fel_fill_record *fills;
    fel_result result;
} recorded_run;

static uint32_t instrument_of(recorded_run *run, const char *symbol)
{
    uint32_t i = 0;
    while (i < run->result.n_instruments && strcmp(run->instruments[i].symbol, symbol) != 0) {
        i++;
    }
    if (i == run->result.n_instruments && i < MOST_SYMBOLS) {
        (void)snprintf(run->instruments[i].symbol, FEL_SYMBOL_SIZE, "%s", symbol);
        run->instruments[i].multiplier = 1.0;
        run->result.n_instruments++;
    }
    return i;
}

static void add_fill(recorded_run *run, const char *symbol, int64_t time_ns, double amount,
                     double price)
{
    const fel_fill_record fill = {
        .order_id = run->result.n_fills + 1,
        .time_ns = time_ns,
        .instrument = instrument_of(run, symbol),
        .side = amount > 0.0 ? FEL_BUY : FEL_SELL,
        .quantity = fabs(amount),
        .price = price,
        .cash_flow = money_of_trade(-amount, price, 0.0, 1.0),
        .high_since = price,
        .low_since = price,
        .reason = FEL_REASON_FILLED,
    };
    run->fills[run->result.n_fills++] = fill;
    run->result.last_ns = time_ns;
}

static void run_begin(recorded_run *run, size_t n_fills)
{
    memset(run, 0, sizeof(*run));
    run->fills = calloc(n_fills + 1, sizeof(fel_fill_record));
    run->result.instruments = run->instruments;
    run->result.positions = run->positions;
    run->result.fills = run->fills;
}

/* The day of a time stamp such as "2004-01-09 00:00:00+00:00" or "2015-01-01T00:00:00.000". */
static int64_t day_of(const char *stamp)
{
    char day[16];
    int64_t time_ns = 0;
    (void)snprintf(day, sizeof(day), "%.10s", stamp);
    CHECK_OK(fel_time_parse(day, NULL, &time_ns));
    return time_ns;
}

/* Closed trades of one instrument and exit instant as one. */
static size_t merge_exits(fel_trade *trades, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++) {
        fel_trade *t = &trades[i];
        fel_trade *last = out > 0 ? &trades[out - 1] : NULL;
        if (t->is_open) {
            continue;
        }
        const double value = t->quantity * t->entry_price;
        if (last != NULL && last->instrument == t->instrument &&
            last->exit_time_ns == t->exit_time_ns && last->direction == t->direction) {
            last->pnl = money_add(last->pnl, t->pnl);
            last->entry_price += value; /* holds the money put in, for the return */
        } else {
            trades[out] = *t;
            trades[out++].entry_price = value;
        }
    }
    for (size_t i = 0; i < out; i++) {
        trades[i].return_fraction = fel_money_value(trades[i].pnl) / trades[i].entry_price;
    }
    return out;
}

static const fel_trade *find_trade(const fel_trade *trades, size_t n, uint32_t instrument,
                                   int64_t exit_ns)
{
    for (size_t i = 0; i < n; i++) {
        if (trades[i].instrument == instrument && trades[i].exit_time_ns == exit_ns) {
            return &trades[i];
        }
    }
    return NULL;
}

static void check_against(const fel_trade *t, const char *open_day, int is_long, double pnl,
                          double return_fraction)
{
    CHECK(t != NULL);
    if (t != NULL) {
        CHECK(t->entry_time_ns == day_of(open_day));
        CHECK_INT(t->direction > 0, is_long);
        /* Theirs is a sum over single shares in double. */
        CHECK_NEAR(fel_money_value(t->pnl), pnl, 1e-8);
        CHECK_NEAR(t->return_fraction, return_fraction, 1e-11);
    }
}

/* ---- the whole recorded account -------------------------------------------------------------- */

static void match_recorded(recorded_run *run, fel_trade **trades, size_t *n)
{
    oracle_table txn;
    CHECK(oracle_table_read(&txn, FOLDER "test_txn.csv.gz"));
    run_begin(run, txn.rows);
    for (size_t i = 0; i < txn.rows; i++) {
        add_fill(run, oracle_cell(&txn, i, "symbol"), day_of(oracle_cell(&txn, i, "dt")),
                 strtod(oracle_cell(&txn, i, "amount"), NULL),
                 strtod(oracle_cell(&txn, i, "price"), NULL));
    }
    CHECK_OK(fel_trades_match(&run->result, trades, n));
    *n = merge_exits(*trades, *n);
    oracle_table_clear(&txn);
}

static void test_recorded_transactions_give_every_round_trip(void)
{
    recorded_run run;
    oracle_table trips;
    fel_trade *trades = NULL;
    size_t n = 0;
    if (shared_path(FOLDER "round_trips.csv.gz") == NULL) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    match_recorded(&run, &trades, &n);
    CHECK(oracle_table_read(&trips, FOLDER "round_trips.csv.gz"));
    CHECK_INT(n, trips.rows);
    for (size_t i = 0; i < trips.rows; i++) {
        const uint32_t k = instrument_of(&run, oracle_cell(&trips, i, "symbol"));
        const int64_t exit_ns = day_of(oracle_cell(&trips, i, "close_dt"));
        check_against(find_trade(trades, n, k, exit_ns), oracle_cell(&trips, i, "open_dt"),
                      strcmp(oracle_cell(&trips, i, "long"), "True") == 0,
                      strtod(oracle_cell(&trips, i, "pnl"), NULL),
                      strtod(oracle_cell(&trips, i, "rt_returns"), NULL));
    }
    oracle_table_clear(&trips);
    free(trades);
    free(run.fills);
}

/* ---- statistics ------------------------------------------------------------------------------ */

static const trade_stat *find_stat(const trade_stat *stats, const char *name)
{
    size_t k = 0;
    while (k + 1 < N_TRADE_STATS && strcmp(stats[k].name, name) != 0) {
        k++;
    }
    return &stats[k];
}

static void check_group(const json_t *pnl, const char *group, const trade_stat *stats, size_t which)
{
    /* Not the averages of winners and losers: among theirs are trades of no gain at all, which
     * rounding in their sums makes gains or losses of 1e-13. */
    static const struct {
        const char *theirs, *ours;
    } rows[] = {{"Total profit", "total_pnl"},
                {"Profit factor", "profit_factor"},
                {"Avg. trade net profit", "expectancy"},
                {"Largest winning trade", "best_trade"},
                {"Largest losing trade", "worst_trade"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const trade_stat *s = find_stat(stats, rows[i].ours);
        const double values[] = {s->all, s->of_long, s->of_short};
        const json_t *recorded = json_object_get(json_object_get(pnl, group), rows[i].theirs);
        CHECK(json_is_number(recorded));
        CHECK_NEAR(values[which], oracle_number(recorded), 1e-6);
    }
}

static void test_statistics_of_the_round_trips(void)
{
    recorded_run run;
    fel_trade *trades = NULL;
    size_t n = 0;
    trade_stat stats[N_TRADE_STATS];
    json_t *results = oracle_json(FOLDER "results.json");
    if (results == NULL) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    match_recorded(&run, &trades, &n);
    trade_statistics(trades, n, stats);
    const json_t *recorded = json_object_get(results, "round_trip_stats");
    const json_t *pnl = json_object_get(recorded, "pnl");
    check_group(pnl, "All trades", stats, 0);
    check_group(pnl, "Long trades", stats, 1);
    check_group(pnl, "Short trades", stats, 2);
    const json_t *summary = json_object_get(json_object_get(recorded, "summary"), "Short trades");
    CHECK_NEAR(find_stat(stats, "n_trades")->of_short,
               oracle_number(json_object_get(summary, "Total number of round_trips")), 0.0);
    json_decref(results);
    free(trades);
    free(run.fills);
}

/* ---- the suite's small cases ----------------------------------------------------------------- */

static size_t column_of(const json_t *table, const char *name)
{
    const json_t *columns = json_object_get(table, "columns");
    size_t k = 0;
    while (k < json_array_size(columns) &&
           strcmp(json_string_value(json_array_get(columns, k)), name) != 0) {
        k++;
    }
    return k;
}

static const json_t *cell(const json_t *table, size_t row, const char *name)
{
    return json_array_get(json_array_get(json_object_get(table, "data"), row),
                          column_of(table, name));
}

static void check_small_case(const json_t *call)
{
    const json_t *given = json_array_get(json_object_get(call, "args"), 0);
    const json_t *result = json_object_get(call, "result");
    const size_t n_rows = json_array_size(json_object_get(given, "data"));
    recorded_run run;
    fel_trade *trades = NULL;
    size_t n = 0;
    run_begin(&run, n_rows);
    for (size_t i = 0; i < n_rows; i++) {
        add_fill(&run, json_string_value(cell(given, i, "symbol")),
                 day_of(json_string_value(cell(given, i, "index"))),
                 json_number_value(cell(given, i, "amount")),
                 json_number_value(cell(given, i, "price")));
    }
    CHECK_OK(fel_trades_match(&run.result, &trades, &n));
    n = merge_exits(trades, n);
    CHECK_INT(n, json_array_size(json_object_get(result, "data")));
    for (size_t i = 0; i < n; i++) {
        const int64_t exit_ns = day_of(json_string_value(cell(result, i, "close_dt")));
        const uint32_t k = instrument_of(&run, json_string_value(cell(result, i, "symbol")));
        check_against(
            find_trade(trades, n, k, exit_ns), json_string_value(cell(result, i, "open_dt")),
            json_is_true(cell(result, i, "long")), json_number_value(cell(result, i, "pnl")),
            json_number_value(cell(result, i, "rt_returns")));
    }
    free(trades);
    free(run.fills);
}

static void test_small_cases(void)
{
    json_t *calls = oracle_json(FOLDER "unit_cases.json.gz");
    size_t i, n_checked = 0;
    json_t *call;
    if (calls == NULL) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    json_array_foreach(calls, i, call)
    {
        const char *function = json_string_value(json_object_get(call, "function"));
        const char *test = json_string_value(json_object_get(call, "test"));
        /* The long one has several transactions a day, which pyfolio merges beforehand. */
        if (strcmp(function, "round_trips.extract_round_trips") == 0 &&
            strstr(test, "matches") == NULL) {
            check_small_case(call);
            n_checked++;
        }
    }
    CHECK_INT(n_checked, 5);
    json_decref(calls);
}

/* ---- drawdown table -------------------------------------------------------------------------- */

static void test_drawdown_table(void)
{
    oracle_table line, worst;
    char *text = NULL;
    fel_report *report = NULL;
    fel_report_input input = fel_report_input_default();
    fel_result result = {.initial_cash = 1e6, .n_equity = 1};
    if (!oracle_table_read(&line, FOLDER "test_returns.csv")) {
        SKIP("../shared/oracles/pyfolio is absent");
    }
    CHECK(oracle_table_read(&worst, FOLDER "drawdown_table.csv"));
    fel_equity_point *points = calloc(line.rows + 1, sizeof(fel_equity_point));
    points[0].equity = 1e6;
    points[0].time_ns = day_of(oracle_cell(&line, 0, "date"));
    for (size_t i = 0; i < line.rows; i++, result.n_equity++) {
        points[i + 1].equity =
            points[i].equity * (1.0 + strtod(oracle_cell(&line, i, "return"), NULL));
        points[i + 1].time_ns = day_of(oracle_cell(&line, i, "date")) + 20 * FEL_NS_PER_HOUR;
    }
    result.equity = points;
    input.result = &result;
    CHECK_OK(fel_report_create(&report, &input));
    CHECK_OK(report_json_text(report, &text));
    json_t *json = json_loads(text, 0, NULL);
    const json_t *list = json_object_get(json, "drawdowns");
    CHECK_INT(json_array_size(list), 5);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *d = json_array_get(list, i);
        const char *recovery = json_string_value(json_object_get(d, "recovery"));
        CHECK_NEAR(-100.0 * json_real_value(json_object_get(d, "depth")),
                   strtod(oracle_cell(&worst, i, "Net drawdown in %"), NULL), 1e-10);
        CHECK_TEXT(json_string_value(json_object_get(d, "peak")),
                   oracle_cell(&worst, i, "Peak date"));
        CHECK_TEXT(json_string_value(json_object_get(d, "trough")),
                   oracle_cell(&worst, i, "Valley date"));
        CHECK_TEXT(recovery != NULL ? recovery : "", oracle_cell(&worst, i, "Recovery date"));
    }
    json_decref(json);
    free(text);
    free(points);
    fel_report_destroy(report);
    oracle_table_clear(&line);
    oracle_table_clear(&worst);
}

SUITE("oracle/pyfolio", TEST(test_recorded_transactions_give_every_round_trip),
      TEST(test_statistics_of_the_round_trips), TEST(test_small_cases), TEST(test_drawdown_table));
