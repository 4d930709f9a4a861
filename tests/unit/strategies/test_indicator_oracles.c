/* tests/unit/strategies/test_indicator_oracles.c - indicators against the recorded outputs of
 * TA-Lib (all digits), Tulip (three decimals) and backtrader (six decimals). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/indicator.h>

#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"

enum { MAX_BARS = 600 };

typedef struct prices {
    const double *high, *low, *close;
    size_t n;
} prices;

/* All values of one indicator over a series; NaN where it has none yet. */
typedef void indicator_run(prices in, size_t n, double *out);

static double memory[4 * MAX_BARS];

#define RUN(name, declare, init, push, value)                                                      \
    static void name(prices in, size_t n, double *out)                                             \
    {                                                                                              \
        declare;                                                                                   \
        init;                                                                                      \
        for (size_t i = 0; i < in.n; i++) {                                                        \
            push;                                                                                  \
            out[i] = value;                                                                        \
        }                                                                                          \
    }

#define NAN_UNLESS(ready, value) ((ready) ? (value) : (double)NAN)

RUN(run_sma, fel_sma t, fel_sma_init(&t, memory, n), fel_sma_push(&t, in.close[i]),
    NAN_UNLESS(fel_sma_is_ready(&t), fel_sma_value(&t)))
RUN(run_ema, fel_ema t, fel_ema_init(&t, n), fel_ema_push(&t, in.close[i]), fel_ema_value(&t))
RUN(run_wilders, fel_ema t, fel_ema_init_wilder(&t, n), fel_ema_push(&t, in.close[i]),
    fel_ema_value(&t))
RUN(run_rsi, fel_rsi t, fel_rsi_init(&t, n), fel_rsi_push(&t, in.close[i]),
    NAN_UNLESS(fel_rsi_is_ready(&t), fel_rsi_value(&t)))
RUN(run_highest, fel_extreme t, fel_highest_init(&t, memory, n), fel_extreme_push(&t, in.close[i]),
    NAN_UNLESS(fel_extreme_is_ready(&t), fel_extreme_value(&t)))
RUN(run_lowest, fel_extreme t, fel_lowest_init(&t, memory, n), fel_extreme_push(&t, in.close[i]),
    NAN_UNLESS(fel_extreme_is_ready(&t), fel_extreme_value(&t)))
RUN(run_momentum, fel_lag t, fel_lag_init(&t, memory, n), (void)0,
    in.close[i] - fel_lag_push(&t, in.close[i]))
RUN(run_roc, fel_lag t, fel_lag_init(&t, memory, n), (void)0,
    in.close[i] / fel_lag_push(&t, in.close[i]) - 1.0)
RUN(run_roc_percent, fel_lag t, fel_lag_init(&t, memory, n), (void)0,
    100.0 * (in.close[i] / fel_lag_push(&t, in.close[i]) - 1.0))
RUN(run_rocr, fel_lag t, fel_lag_init(&t, memory, n), (void)0,
    in.close[i] / fel_lag_push(&t, in.close[i]))
RUN(run_var, fel_moments t, fel_moments_init(&t, memory, n), fel_moments_push(&t, in.close[i]),
    NAN_UNLESS(fel_moments_is_ready(&t), fel_moments_variance(&t, 0.0)))
RUN(run_stddev, fel_moments t, fel_moments_init(&t, memory, n), fel_moments_push(&t, in.close[i]),
    NAN_UNLESS(fel_moments_is_ready(&t), fel_moments_deviation(&t, 0.0)))
RUN(run_atr, fel_atr t, fel_atr_init(&t, n), fel_atr_push(&t, in.high[i], in.low[i], in.close[i]),
    fel_atr_value(&t))
RUN(run_slope, fel_regression t, fel_regression_init(&t, memory, n),
    fel_regression_push(&t, (double)i, in.close[i]),
    NAN_UNLESS(fel_regression_is_ready(&t), fel_regression_line(&t).slope))
RUN(run_linreg, fel_regression t, fel_regression_init(&t, memory, n),
    fel_regression_push(&t, (double)i, in.close[i]),
    NAN_UNLESS(fel_regression_is_ready(&t),
               fel_regression_line(&t).intercept + fel_regression_line(&t).slope * (double)i))
RUN(run_correl, fel_regression t, fel_regression_init(&t, memory, n),
    fel_regression_push(&t, in.high[i], in.low[i]),
    NAN_UNLESS(fel_regression_is_ready(&t), fel_regression_line(&t).correlation))

/* Tulip's first true range is high - low, and it is averaged with the rest. */
static void run_atr_tulip(prices in, size_t n, double *out)
{
    fel_ema range;
    fel_ema_init_wilder(&range, n);
    for (size_t i = 0; i < in.n; i++) {
        fel_ema_push(&range, i == 0 ? in.high[0] - in.low[0]
                                    : fel_true_range(in.high[i], in.low[i], in.close[i - 1]));
        out[i] = fel_ema_value(&range);
    }
}

/* Tulip's volatility: simple returns, ddof 0, 252 days. */
static void run_volatility_tulip(prices in, size_t n, double *out)
{
    fel_moments returns;
    fel_moments_init(&returns, memory, n);
    out[0] = (double)NAN;
    for (size_t i = 1; i < in.n; i++) {
        fel_moments_push(&returns, in.close[i] / in.close[i - 1] - 1.0);
        out[i] = NAN_UNLESS(fel_moments_is_ready(&returns),
                            sqrt(252.0) * fel_moments_deviation(&returns, 0.0));
    }
}

typedef struct known {
    const char *name;   /* in the oracle */
    const char *length; /* the parameter with the window's length */
    indicator_run *run;
} known;

static void check_from_end(const double *actual, size_t n, fel_cvec expected, double tolerance)
{
    CHECK(expected.len <= n);
    const size_t begin = n - expected.len;
    for (size_t i = 0; i < begin; i++) {
        CHECK(isnan(actual[i]));
    }
    for (size_t k = 0; k < expected.len; k++) {
        CHECK_NEAR(actual[begin + k], expected.data[k],
                   tolerance * fmax(1.0, fabs(expected.data[k])));
    }
}

/* ---- TA-Lib --------------------------------------------------------------------------------- */

static const known talib[] = {
    {"SMA", "optInTimePeriod", run_sma},       {"EMA", "optInTimePeriod", run_ema},
    {"MAX", "optInTimePeriod", run_highest},   {"MIN", "optInTimePeriod", run_lowest},
    {"RSI", "optInTimePeriod", run_rsi},       {"ATR", "optInTimePeriod", run_atr},
    {"MOM", "optInTimePeriod", run_momentum},  {"ROC", "optInTimePeriod", run_roc_percent},
    {"ROCP", "optInTimePeriod", run_roc},      {"LINEARREG_SLOPE", "optInTimePeriod", run_slope},
    {"CORREL", "optInTimePeriod", run_correl}, {"LINEARREG", "optInTimePeriod", run_linreg},
};

static size_t check_talib_case(const json_t *entry, prices in)
{
    const char *name = json_string_value(json_object_get(entry, "function"));
    double out[MAX_BARS];
    for (size_t k = 0; k < sizeof(talib) / sizeof(talib[0]); k++) {
        if (strcmp(talib[k].name, name) != 0) {
            continue;
        }
        const json_t *options = json_object_get(entry, "options");
        const size_t n = (size_t)json_integer_value(json_object_get(options, talib[k].length));
        const fel_cvec expected =
            oracle_numbers(json_object_get(json_object_get(entry, "outputs"), "outReal"));
        talib[k].run(in, n, out);
        CHECK_INT(json_integer_value(json_object_get(entry, "begin")), in.n - expected.len);
        /* TA-Lib's own running sums are good to about 2e-11 */
        check_from_end(out, in.n, expected, 1e-10);
        free((void *)(uintptr_t)expected.data);
        return 1;
    }
    return 0;
}

static void check_talib_file(const char *json_path, const char *csv_path,
                             const char *const names[3])
{
    oracle_table table;
    json_t *cases = oracle_json(json_path);
    if (cases == NULL || !oracle_table_read(&table, csv_path)) {
        json_decref(cases);
        SKIP("../shared/oracles is absent");
    }
    const fel_cvec high = oracle_column(&table, names[0]), low = oracle_column(&table, names[1]);
    const fel_cvec close = oracle_column(&table, names[2]);
    const prices in = {high.data, low.data, close.data, close.len};
    size_t n_checked = 0, index;
    const json_t *entry;
    json_array_foreach(cases, index, entry)
    {
        n_checked += check_talib_case(entry, in);
    }
    CHECK_INT(n_checked, sizeof(talib) / sizeof(talib[0]));
    free((void *)(uintptr_t)high.data);
    free((void *)(uintptr_t)low.data);
    free((void *)(uintptr_t)close.data);
    oracle_table_clear(&table);
    json_decref(cases);
}

static void test_talib_on_spy(void)
{
    static const char *const names[] = {"high", "low", "close"};
    check_talib_file("oracles/talib/talib_spy_2017_2018.json",
                     "oracles/talib/input_spy_2017_2018.csv", names);
}

static void test_talib_on_eurostoxx(void)
{
    static const char *const names[] = {"High", "Low", "Close"};
    check_talib_file("oracles/talib/talib_eurostoxx_2006.json",
                     "oracles/talib/input_eurostoxx_2006.csv", names);
}

/* ---- Tulip ---------------------------------------------------------------------------------- */

static const known tulip[] = {
    {"sma", NULL, run_sma},           {"max", NULL, run_highest},
    {"min", NULL, run_lowest},        {"rsi", NULL, run_rsi},
    {"mom", NULL, run_momentum},      {"roc", NULL, run_roc},
    {"rocr", NULL, run_rocr},         {"var", NULL, run_var},
    {"stddev", NULL, run_stddev},     {"wilders", NULL, run_wilders},
    {"atr", NULL, run_atr_tulip},     {"volatility", NULL, run_volatility_tulip},
    {"linregslope", NULL, run_slope}, {"linreg", NULL, run_linreg},
};

static size_t check_tulip_case(const json_t *entry, const known *indicator)
{
    const json_t *inputs = json_object_get(entry, "inputs");
    const size_t n_inputs = json_array_size(inputs);
    const size_t n = (size_t)oracle_number(json_array_get(json_object_get(entry, "options"), 0));
    fel_cvec column[3];
    double out[MAX_BARS];
    for (size_t k = 0; k < 3; k++) { /* one input serves as all three */
        column[k] = oracle_numbers(json_array_get(inputs, n_inputs == 3 ? k : 0));
    }
    const prices in = {column[0].data, column[1].data, column[2].data, column[0].len};
    const fel_cvec expected = oracle_numbers(json_array_get(json_object_get(entry, "outputs"), 0));
    indicator->run(in, n, out);
    check_from_end(out, in.n, expected, 5.1e-4);
    for (size_t k = 0; k < 3; k++) {
        free((void *)(uintptr_t)column[k].data);
    }
    free((void *)(uintptr_t)expected.data);
    return 1;
}

static void test_tulip_cases(void)
{
    json_t *cases = oracle_json("oracles/tulip/tulip_cases.json");
    if (cases == NULL) {
        SKIP("../shared/oracles is absent");
    }
    size_t index, n_checked = 0;
    const json_t *entry;
    json_array_foreach(cases, index, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "indicator"));
        for (size_t k = 0; k < sizeof(tulip) / sizeof(tulip[0]); k++) {
            n_checked += strcmp(name, tulip[k].name) == 0 ? check_tulip_case(entry, &tulip[k]) : 0;
        }
    }
    CHECK(n_checked >= 30);
    json_decref(cases);
}

/* ---- backtrader -------------------------------------------------------------------------------
 */

static const known backtrader[] = {
    {"SMA", "period", run_sma},       {"EMA", "period", run_ema},
    {"RSI", "period", run_rsi},       {"Highest", "period", run_highest},
    {"Lowest", "period", run_lowest}, {"Momentum", "period", run_momentum},
    {"ROC", "period", run_roc},       {"ATR", "period", run_atr},
};

/* Values at the last bar, at the first valid one, and at the middle as their suite takes it. */
static size_t check_backtrader_case(const json_t *entry, const known *indicator, prices in)
{
    const json_t *changed = json_object_get(json_object_get(entry, "chkargs"), "period");
    const json_t *usual = json_object_get(json_object_get(entry, "params"), "period");
    const json_t *values = json_array_get(json_object_get(entry, "values_per_line"), 0);
    const size_t period = (size_t)json_integer_value(changed != NULL ? changed : usual);
    const size_t first = (size_t)json_integer_value(json_object_get(entry, "min_period")) - 1;
    if (values == NULL) {
        return 0;
    }
    const size_t places[] = {in.n - 1, first, in.n - 1 - (in.n - first) / 2};
    double out[MAX_BARS];
    indicator->run(in, period, out);
    CHECK(first == 0 || isnan(out[first - 1]));
    for (size_t k = 0; k < 3; k++) {
        const char *text = json_string_value(json_array_get(values, k));
        CHECK_NEAR(out[places[k]], strtod(text, NULL), 1e-6);
    }
    return 1;
}

static void test_backtrader_cases(void)
{
    oracle_table table;
    json_t *cases = oracle_json("oracles/backtrader/indicator_tests.json");
    if (cases == NULL || !oracle_table_read(&table, "oracles/talib/input_eurostoxx_2006.csv")) {
        json_decref(cases);
        SKIP("../shared/oracles is absent");
    }
    const fel_cvec high = oracle_column(&table, "High"), low = oracle_column(&table, "Low");
    const fel_cvec close = oracle_column(&table, "Close");
    const prices in = {high.data, low.data, close.data, close.len};
    size_t index, n_checked = 0;
    const json_t *entry;
    json_array_foreach(cases, index, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "indicator"));
        for (size_t k = 0; k < sizeof(backtrader) / sizeof(backtrader[0]); k++) {
            n_checked += strcmp(name, backtrader[k].name) == 0
                             ? check_backtrader_case(entry, &backtrader[k], in)
                             : 0;
        }
    }
    CHECK_INT(n_checked, sizeof(backtrader) / sizeof(backtrader[0]));
    free((void *)(uintptr_t)high.data);
    free((void *)(uintptr_t)low.data);
    free((void *)(uintptr_t)close.data);
    oracle_table_clear(&table);
    json_decref(cases);
}

SUITE("strategies/indicator_oracles", TEST(test_talib_on_spy), TEST(test_talib_on_eurostoxx),
      TEST(test_tulip_cases), TEST(test_backtrader_cases));
