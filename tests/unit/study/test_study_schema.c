/* tests/unit/study/test_study_schema.c - what a study file may not hold, message by message. */
#include <stdio.h>
#include <string.h>

#include <feller/study.h>

#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

#define BASE "data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_cross}\n"

typedef struct refusal {
    const char *text, *message; /* the message after the file's path */
} refusal;

static void check_refused(const refusal *cases, size_t n, fel_status status)
{
    const char *path = in_folder(scratch_folder(), "s.yaml");
    char kept[512];
    (void)snprintf(kept, sizeof(kept), "%s", path);
    for (size_t i = 0; i < n; i++) {
        fel_study *study = NULL;
        put_file(kept, cases[i].text);
        CHECK_STATUS(fel_study_load(&study, kept, NULL, 0), status);
        CHECK(study == NULL);
        const char *message = fel_last_error()->message;
        const int has_path = strncmp(message, kept, strlen(kept)) == 0;
        CHECK(has_path);
        CHECK_TEXT(has_path ? message + strlen(kept) : message, cases[i].message);
        CHECK(strchr(message, '\n') == NULL);
    }
}
#define CHECK_REFUSED(cases, status)                                                               \
    check_refused(cases, sizeof(cases) / sizeof((cases)[0]), status)

static void test_unknown_keys_are_refused_with_the_nearest_name(void)
{
    static const refusal cases[] = {
        {BASE "fiill: next_open\n", ":3:1: fiill: unknown key; did you mean \"fill\"?"},
        {BASE "costs: {fee_bsp: 1}\n",
         ":3:9: costs.fee_bsp: unknown key; did you mean \"fee_bps\"?"},
        {BASE "costs:\n  slippage: {half_spred_bps: 1}\n",
         ":4:14: costs.slippage.half_spred_bps: unknown key; did you mean \"half_spread_bps\"?"},
        {BASE "costs: {slippage: {volume_share: {price_impcat: 1}}}\n",
         ":3:35: costs.slippage.volume_share.price_impcat: no parameter \"price_impcat\"; did you "
         "mean \"price_impact\"?"},
        {"data: [{symbol: A, file: a.csv, layuot: x}]\nstrategy: {kind: sma_cross}\n",
         ":1:33: data.0.layuot: unknown key; did you mean \"layout\"?"},
        {"data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_cross, fsat_bars: 3}\n",
         ":2:29: strategy.fsat_bars: unknown key; did you mean \"fast_bars\"?"},
        {BASE "report: {qqq: 1}\n",
         ":3:10: report.qqq: unknown key; allowed: benchmark, rank_by, periods_per_year, record, "
         "scores, html, write, order_events"},
        {BASE "sweep: {strategy.fast_bras: [1]}\n",
         ":3:30: strategy.fast_bras: unknown key; did you mean \"fast_bars\"?"},
    };
    CHECK_REFUSED(cases, FEL_ERR_FORMAT);
}

static void test_wrong_types_are_refused_with_what_is_right(void)
{
    static const refusal cases[] = {
        {BASE "costs: {fee_bps: abc}\n", ":3:18: costs.fee_bps = \"abc\" is not a finite number"},
        {BASE "costs: {fee_bps: [1]}\n", ":3:18: costs.fee_bps: expected one value, not a list"},
        {BASE "cash_rate:\n", ":3:11: cash_rate: the value is empty"},
        {BASE "cash_rate: .nan\n", ":3:12: cash_rate = \".nan\" is not a finite number"},
        {BASE "costs: 1\n",
         ":3:8: costs: expected a map of keys and values such as {fee_minimum: ...}"},
        {BASE "costs: {slippage: 1}\n",
         ":3:19: costs.slippage: expected a map of keys and values such as {half_spread_bps: ...}"},
        {BASE "fill: next_opne\n",
         ":3:7: fill = \"next_opne\" is not one of next_open|same_close; did you mean "
         "\"next_open\"?"},
        {BASE "allow_short: yes\n", ":3:14: allow_short = \"yes\" is neither true nor false"},
        {BASE "start: 2020-13-01\n",
         ":3:8: start: \"2020-13-01\" is not a time such as 2020-04-20 or 2020-04-20T14:30:00Z"},
        {BASE "cash: lots\n",
         ":3:7: cash: \"lots\" is not an amount of money such as 1e6 or \"1e6 USD\""},
        {BASE "walk_forward: {train: 1y, test: x}\n",
         ":3:33: walk_forward.test: \"x\" is neither bars (250) nor a span such as 4y, 6mo, 30d, "
         "12h"},
        {BASE "sweep: {strategy.fast_bars: 5}\n",
         ":3:29: sweep.strategy.fast_bars: expected a list of 1 to 10000 values to try, such as "
         "[5, 10, 20]"},
        {"data: []\nstrategy: {kind: sma_cross}\n",
         ":1:7: data: expected a list of maps such as [{...}, {...}]"},
        {"data: [{symbol: A, file: a.csv, frequency: 1x}]\nstrategy: {kind: sma_cross}\n",
         ":1:44: data.0.frequency: \"1x\" is not a length of time such as 1d, 4h, 15m, 30s, 1w"},
    };
    CHECK_REFUSED(cases, FEL_ERR_FORMAT);
}

static void test_values_out_of_range_are_refused_with_the_range(void)
{
    static const refusal cases[] = {
        {BASE "costs: {fee_bps: -5000}\n", ":3:18: costs.fee_bps = -5000 is not in [-1000, 10000]"},
        {BASE "seed: 1.5\n", ":3:7: seed = 1.5 is not a whole number"},
        {BASE "cash: -3.7\n", ":3:7: cash: -3.7 is not in (0, 1e15]"},
        {"data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_cross, fast_bars: 0}\n",
         ":2:40: strategy.fast_bars = 0 is not in [1, 100000]"},
        {BASE "sweep: {strategy.fast_bars: [7, 0]}\n",
         ":3:33: strategy.fast_bars = 0 is not in [1, 100000]"},
    };
    CHECK_REFUSED(cases, FEL_ERR_RANGE);
}

static void test_contradictions_are_refused_where_the_second_stands(void)
{
    static const refusal cases[] = {
        {BASE "start: 2020-01-02\nend: 2020-01-01\n", ":4:6: end: is not after start"},
        {BASE "start: 2020-01-02\nholdout: 2019-01-01\n",
         ":4:10: holdout: is not after start: nothing would be left to run"},
        {BASE "holdout: 2020-01-03\nend: 2020-01-01\n",
         ":3:10: holdout: is not before end: nothing would be held out"},
        {BASE "cash: 1e6 USD\ncurrency: EUR\n",
         ":4:11: currency: EUR contradicts cash, which is in USD"},
        {BASE "warm_up: 5\n", ":3:10: warm_up: needs a start for the data before it to end at"},
        {BASE "search: {strategy.fast_bars: [3]}\n",
         ":3:9: search: needs walk_forward, whose training windows it chooses in; to compare "
         "variants on the same data use sweep"},
        {BASE "walk_forward: {train: 1y, test: 1y, select_by: beta}\n",
         ":3:48: walk_forward.select_by: beta cannot choose: it compares with a benchmark"},
        {BASE "walk_forward: {train: 1y, test: 6mo, step: 3mo}\n",
         ":3:44: walk_forward.step: must be at least test and in the same unit: test windows may "
         "not overlap"},
        {BASE "walk_forward: {train: 1y, test: 1y}\nend_of_data: hold\n",
         ":4:14: end_of_data: hold contradicts walk_forward, which closes positions at the end of "
         "each test window"},
        {BASE "walk_forward: {train: 1y, test: 1y}\nsearch: {costs.fee_bps: [1]}\n",
         ":4:26: costs.fee_bps: cannot be searched: only parameters of the strategy can, such as "
         "strategy.fast_bars"},
        {BASE "sweep: {name: [a]}\n", ":3:16: name: cannot be swept over"},
        {"data: [{symbol: A}]\nstrategy: {kind: sma_cross}\n",
         ":1:8: data.0: give file (a CSV), store (a folder) or simulate (a process): one of them is "
         "needed"},
        {"data: [{symbol: A, file: a, store: b}]\nstrategy: {kind: sma_cross}\n",
         ":1:8: data.0: give either file (a CSV) or store (a folder), not both"},
        {"data: [{symbol: A, store: b, layout: yahoo}]\nstrategy: {kind: sma_cross}\n",
         ":1:30: data.0.layout: says how to read a CSV, but the data comes from a store"},
    };
    CHECK_REFUSED(cases, FEL_ERR_ARG);
}

static void test_missing_keys_are_named(void)
{
    static const refusal cases[] = {
        {"strategy: {kind: sma_cross}\n", ":1:1: data: the key is required: list of what to load"},
        {"data: [{symbol: A, file: a.csv}]\n",
         ":1:1: strategy: the key is required: what trades, and its parameters by name"},
        {"data: [{symbol: A, file: a.csv}]\nstrategy: {}\n",
         ":2:11: strategy: give kind (a built-in strategy) or plugin (a .so file)"},
        {BASE "walk_forward: {train: 1y}\n", ":3:15: walk_forward.test: the key is required"},
        {"data: [{symbol: O, file: a.csv, option: {right: call, strike: 3, expiry: 2020-01-02}}]\n"
         "strategy: {kind: sma_cross}\n",
         ":1:41: data.0.option.underlying: the key is required: symbol in this list whose price "
         "settles it"},
    };
    CHECK_REFUSED(cases, FEL_ERR_FORMAT);
}

static void test_what_is_no_study_is_refused(void)
{
    static const refusal cases[] = {
        {"", ": the file is empty"},
        {"# nothing\n", ": the file is empty"},
        {"a: [b\n", ":2:1: did not find expected ',' or ']'"},
        {"- a\n", ":1:1: expected a map of keys and values such as \"name: my-study\""},
        {BASE "---\nb: 1\n", ": holds more than one document"},
        {"\001\002", ": not a text file: control characters are not allowed at byte 0"},
        {"a: &x {b: *x}\n", ":1:4: nested deeper than 16 levels"},
        {BASE "data: 3\n", ":3:1: data: the key is there twice"},
        {"[a]: 1\n", ":1:1: a key must be a plain word"},
        {"name: a/b\n" BASE,
         ":1:7: name: \"a/b\" cannot name a folder: 1 to 100 characters, no slash, no point in "
         "front"},
    };
    CHECK_REFUSED(cases, FEL_ERR_FORMAT);
}

static void test_unknown_strategies_and_metrics_are_refused(void)
{
    const char *path = in_folder(scratch_folder(), "s.yaml");
    fel_study *study = NULL;
    put_file(path, "data: [{symbol: A, file: a.csv}]\nstrategy: {kind: sma_corss}\n");
    CHECK_STATUS(fel_study_load(&study, path, NULL, 0), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, ":2:18: strategy.kind: ");
    CHECK_HAS(fel_last_error()->message, "sma_cross");
    put_file(path, BASE "report: {rank_by: sharp_ratio}\n");
    CHECK_STATUS(fel_study_load(&study, path, NULL, 0), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, ":3:19: report.rank_by: ");
    CHECK_HAS(fel_last_error()->message, "sharpe_ratio");
}

static void test_a_missing_file_is_named(void)
{
    fel_study *study = NULL;
    const char *path = in_folder(scratch_folder(), "none.yaml");
    CHECK_STATUS(fel_study_load(&study, path, NULL, 0), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "none.yaml: cannot open: No such file or directory");
}

static void test_a_name_comes_from_the_file_unless_given(void)
{
    const char *folder = scratch_folder();
    fel_study *study = load_study(folder, BASE);
    CHECK(study != NULL);
    if (study != NULL) {
        CHECK_TEXT(fel_study_name(study), "study");
        fel_study_destroy(study);
    }
    study = load_study(folder, BASE "name: other one\n");
    CHECK(study != NULL);
    if (study != NULL) {
        CHECK_TEXT(fel_study_name(study), "other one");
        fel_study_destroy(study);
    }
}

SUITE("study/schema", TEST(test_unknown_keys_are_refused_with_the_nearest_name),
      TEST(test_wrong_types_are_refused_with_what_is_right),
      TEST(test_values_out_of_range_are_refused_with_the_range),
      TEST(test_contradictions_are_refused_where_the_second_stands),
      TEST(test_missing_keys_are_named), TEST(test_what_is_no_study_is_refused),
      TEST(test_unknown_strategies_and_metrics_are_refused), TEST(test_a_missing_file_is_named),
      TEST(test_a_name_comes_from_the_file_unless_given));
