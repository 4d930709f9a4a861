/* tests/unit/data/test_indicator_oracles_table.c - every row of the table of indicators that
 * others have too, against their recorded outputs: TA-Lib (all digits), Tulip (three decimals),
 * backtrader (six decimals). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "tests/oracle/oracle_read.h"
#include "tests/support/check.h"
#include "tests/unit/data/indicator_bars.h"

enum { MAX_BARS = 600, MAX_LINES = 4, NONE = -1 };

/* What of an oracle is which output of which row. */
typedef struct match {
    const char *theirs, *ours;
    double params[FEL_INDICATOR_MAX_PARAMS]; /* below 0: minus the place of an option, from 1 */
    int outputs[MAX_LINES];                  /* ours for each of theirs, in their order */
    double scale;                            /* theirs in ours */
    int later;                               /* bars that ours begin later */
} match;

static fel_bar bars[MAX_BARS];
static double out[MAX_BARS * FEL_INDICATOR_MAX_OUTPUTS];

/* Ours from the end; theirs may begin later (Tulip's CCI). */
static void check_line(const match *m, size_t n_bars, size_t n_out, int output, fel_cvec theirs,
                       double tolerance)
{
    size_t n_wrong = 0;
    const size_t begin = n_bars - theirs.len;
    for (size_t k = (size_t)m->later; k < theirs.len; k++) {
        const double x = m->scale * out[(begin + k) * n_out + (size_t)output];
        n_wrong += !(fabs(x - theirs.data[k]) <= tolerance * fmax(1.0, fabs(theirs.data[k])));
    }
    for (size_t k = 0; k < (size_t)m->later; k++) {
        n_wrong += isnan(out[(begin + k) * n_out + (size_t)output]) == 0;
    }
    if (n_wrong > 0) {
        const size_t last = n_bars - 1;
        check_near_at(m->scale * out[last * n_out + (size_t)output], theirs.data[theirs.len - 1],
                      0.0, m->theirs, __FILE__, __LINE__);
    }
    CHECK_INT(n_wrong, 0);
}

/* ---- TA-Lib ---------------------------------------------------------------------------------- */

static const match talib[] = {
    {"SMA", "sma", {30}, {0}, 1, 0},
    {"EMA", "ema", {30, 0}, {0}, 1, 0},
    {"WMA", "wma", {30}, {0}, 1, 0},
    {"DEMA", "dema", {30, 0}, {0}, 1, 0},
    {"TEMA", "tema", {30, 0}, {0}, 1, 0},
    {"KAMA", "kama", {30, 2, 30}, {0}, 1, 0},
    {"MACD", "macd", {12, 26, 9, 1, 0}, {0, 1, 2}, 1, 0},
    {"MACDFIX", "macd", {12, 26, 9, 1, 1}, {0, 1, 2}, 1, 0},
    {"RSI", "rsi", {14}, {0}, 1, 0},
    {"STOCH", "stochastic", {5, 3, 3}, {0, 1}, 1, 0},
    {"STOCHF", "stochastic", {5, 1, 3}, {0, 1}, 1, 0},
    {"STOCHRSI", "stoch_rsi", {14, 5, 1, 3}, {0, 1}, 1, 0},
    {"WILLR", "williams_r", {14}, {0}, 1, 0},
    {"AROON", "aroon", {14}, {0, 1}, 1, 0},
    {"AROONOSC", "aroon", {14}, {2}, 1, 0},
    {"ROC", "roc", {10}, {0}, 1, 0},
    {"ROCP", "roc", {10}, {0}, 0.01, 0},
    {"CCI", "cci", {14}, {0}, 1, 0},
    {"ATR", "atr", {14, 0}, {0}, 1, 0},
    {"NATR", "atr", {14, 0}, {1}, 1, 0},
    {"PLUS_DI", "dmi", {14, 1}, {0}, 1, 0},
    {"MINUS_DI", "dmi", {14, 1}, {1}, 1, 0},
    {"DX", "dmi", {14, 1}, {2}, 1, 0},
    {"ADX", "adx", {14, 1}, {0}, 1, 0},
    {"ADXR", "adxr", {14, 1, 1}, {0}, 1, 0},
    {"SAR", "psar", {0.02, 0.2, 0}, {0}, 1, 0},
    {"BBANDS", "bollinger", {5, 2}, {0, 1, 2}, 1, 0},
    {"MFI", "mfi", {14}, {0}, 1, 0},
    {"OBV", "obv", {0}, {0}, 1, 0},
    {"LINEARREG", "regression", {14}, {0}, 1, 0},
    {"LINEARREG_SLOPE", "regression", {14}, {1}, 1, 0},
    {"LINEARREG_INTERCEPT", "regression", {14}, {2}, 1, 0},
    {"TSF", "regression", {14}, {3}, 1, 0},
    {"STDDEV", "zscore", {5, 0}, {2}, 1, 0},
};

/* TA-Lib's running sums are good to some 1e-11 of the price, which a small deviation feels. */
static double talib_tolerance(const char *name)
{
    return strcmp(name, "STDDEV") == 0 ? 1e-9 : 1e-10;
}

static void check_talib_case(const match *m, const json_t *entry, size_t n_bars)
{
    const size_t n_out = indicator_bars_run(m->ours, m->params, bars, n_bars, out);
    const size_t begin = (size_t)json_integer_value(json_object_get(entry, "begin"));
    const char *key;
    json_t *list;
    size_t line = 0;
    json_object_foreach(json_object_get(entry, "outputs"), key, list)
    {
        const int output = m->outputs[line++];
        const fel_cvec theirs = oracle_numbers(list);
        CHECK_INT(n_bars - theirs.len, begin);
        check_line(m, n_bars, n_out, output, theirs, talib_tolerance(m->theirs));
        CHECK(begin == 0 || isnan(out[(begin - 1) * n_out + (size_t)output]));
        free((void *)(uintptr_t)theirs.data);
    }
}

/* Number of bars; 0 if the file is absent. */
static size_t read_bars(const char *path, const char *const names[5])
{
    oracle_table table;
    if (!oracle_table_read(&table, path)) {
        return 0;
    }
    fel_cvec column[5];
    for (size_t k = 0; k < 5; k++) {
        column[k] = oracle_column(&table, names[k]);
    }
    const size_t n = column[0].len;
    CHECK(n <= MAX_BARS);
    for (size_t i = 0; i < n && i < MAX_BARS; i++) {
        const fel_bar bar = {.open = column[0].data[i],
                             .high = column[1].data[i],
                             .low = column[2].data[i],
                             .close = column[3].data[i],
                             .volume = column[4].data[i]};
        bars[i] = bar;
    }
    for (size_t k = 0; k < 5; k++) {
        free((void *)(uintptr_t)column[k].data);
    }
    oracle_table_clear(&table);
    return n;
}

/* has_volume: without any, TA-Lib's MFI is 0, ours 50. */
static void check_talib_file(const char *json_path, const char *csv_path,
                             const char *const names[5], int has_volume)
{
    json_t *cases = oracle_json(json_path);
    const size_t n_bars = read_bars(csv_path, names);
    if (cases == NULL || n_bars == 0) {
        json_decref(cases);
        SKIP("../shared/oracles is absent");
    }
    size_t index, n_checked = 0;
    const json_t *entry;
    json_array_foreach(cases, index, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "function"));
        for (size_t k = 0; k < sizeof(talib) / sizeof(talib[0]); k++) {
            if (strcmp(talib[k].theirs, name) == 0 && (has_volume || strcmp(name, "MFI") != 0)) {
                check_talib_case(&talib[k], entry, n_bars);
                n_checked++;
            }
        }
    }
    CHECK_INT(n_checked, sizeof(talib) / sizeof(talib[0]) - (has_volume ? 0 : 1));
    json_decref(cases);
}

static void test_talib_on_spy(void)
{
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    check_talib_file("oracles/talib/talib_spy_2017_2018.json",
                     "oracles/talib/input_spy_2017_2018.csv", names, 1);
}

static void test_talib_on_eurostoxx(void)
{
    static const char *const names[] = {"Open", "High", "Low", "Close", "Volume"};
    check_talib_file("oracles/talib/talib_eurostoxx_2006.json",
                     "oracles/talib/input_eurostoxx_2006.csv", names, 0);
}

/* ---- Tulip ----------------------------------------------------------------------------------- */

static const match tulip[] = {
    {"sma", "sma", {-1}, {0}, 1, 0},
    {"ema", "ema", {-1, 1}, {0}, 1, 0},
    {"wilders", "smma", {-1}, {0}, 1, 0},
    {"wma", "wma", {-1}, {0}, 1, 0},
    {"dema", "dema", {-1, 1}, {0}, 1, 0},
    {"tema", "tema", {-1, 1}, {0}, 1, 0},
    {"kama", "kama", {-1, 2, 30}, {0}, 1, 1},
    {"macd", "macd", {-1, -2, -3, 2, 0}, {0, 1, 2}, 1, 0},
    {"rsi", "rsi", {-1}, {0}, 1, 0},
    {"stoch", "stochastic", {-1, -2, -3}, {0, 1}, 1, 0},
    {"stochrsi", "stoch_rsi", {-1, -1, 1, 1}, {0}, 0.01, 0},
    {"willr", "williams_r", {-1}, {0}, 1, 0},
    {"aroon", "aroon", {-1}, {0, 1}, 1, 0},
    {"aroonosc", "aroon", {-1}, {2}, 1, 0},
    {"roc", "roc", {-1}, {0}, 0.01, 0},
    {"cci", "cci", {-1}, {0}, 1, 0},
    {"atr", "atr", {-1, 1}, {0}, 1, 0},
    {"natr", "atr", {-1, 1}, {1}, 1, 0},
    {"di", "dmi", {-1, 2}, {0, 1}, 1, 0},
    {"dx", "dmi", {-1, 2}, {2}, 1, 0},
    {"adx", "adx", {-1, 2}, {0}, 1, 0},
    {"adxr", "adxr", {-1, 2, 1}, {0}, 1, 0},
    {"psar", "psar", {-1, -2, 1}, {0}, 1, 0},
    {"bbands", "bollinger", {-1, -2}, {2, 1, 0}, 1, 0},
    {"mfi", "mfi", {-1}, {0}, 1, 0},
    {"obv", "obv", {1}, {0}, 1, 0},
    {"vwma", "vwma", {-1}, {0}, 1, 0},
    {"linreg", "regression", {-1}, {0}, 1, 0},
    {"linregslope", "regression", {-1}, {1}, 1, 0},
    {"tsf", "regression", {-1}, {3}, 1, 0},
    {"stddev", "zscore", {-1, 0}, {2}, 1, 0},
    {"volatility", "volatility", {-1, 252, 1, 0}, {0}, 1, 0},
};

/* "real" stands for the whole bar; a close that is not there is the low. */
static size_t tulip_bars(const json_t *entry)
{
    const json_t *names = json_object_get(entry, "input_names"), *name;
    size_t n = 0, k;
    memset(bars, 0, sizeof(bars));
    json_array_foreach(names, k, name)
    {
        const char *what = json_string_value(name);
        const fel_cvec column = oracle_numbers(json_array_get(json_object_get(entry, "inputs"), k));
        n = column.len < MAX_BARS ? column.len : MAX_BARS;
        for (size_t i = 0; i < n; i++) {
            const double x = column.data[i];
            const int is_real = strcmp(what, "real") == 0;
            bars[i].open = strcmp(what, "open") == 0 || is_real ? x : bars[i].open;
            bars[i].high = strcmp(what, "high") == 0 || is_real ? x : bars[i].high;
            bars[i].low = strcmp(what, "low") == 0 || is_real ? x : bars[i].low;
            bars[i].close = strcmp(what, "close") == 0 || strcmp(what, "low") == 0 || is_real
                                ? x
                                : bars[i].close;
            bars[i].volume = strcmp(what, "volume") == 0 ? x : bars[i].volume;
        }
        free((void *)(uintptr_t)column.data);
    }
    return n;
}

static void check_tulip_case(const match *m, const json_t *entry)
{
    const size_t n_bars = tulip_bars(entry);
    const json_t *options = json_object_get(entry, "options"), *list;
    double params[FEL_INDICATOR_MAX_PARAMS];
    for (size_t p = 0; p < FEL_INDICATOR_MAX_PARAMS; p++) {
        params[p] = m->params[p] < 0.0
                        ? oracle_number(json_array_get(options, (size_t)-m->params[p] - 1))
                        : m->params[p];
    }
    if (strcmp(m->theirs, "macd") == 0 && params[0] == 12.0 && params[1] == 26.0) {
        params[4] = 1.0; /* Appel's weights */
    }
    const size_t n_out = indicator_bars_run(m->ours, params, bars, n_bars, out);
    size_t line;
    json_array_foreach(json_object_get(entry, "outputs"), line, list)
    {
        const fel_cvec theirs = oracle_numbers(list);
        check_line(m, n_bars, n_out, m->outputs[line], theirs, 5.1e-4);
        free((void *)(uintptr_t)theirs.data);
    }
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
            if (strcmp(name, tulip[k].theirs) == 0) {
                check_tulip_case(&tulip[k], entry);
                n_checked++;
            }
        }
    }
    CHECK(n_checked >= 60);
    json_decref(cases);
}

/* ---- backtrader ------------------------------------------------------------------------------ */

static const match backtrader[] = {
    {"SMA", "sma", {30}, {0}, 1, 0},
    {"EMA", "ema", {30, 0}, {0}, 1, 0},
    {"SMMA", "smma", {30}, {0}, 1, 0},
    {"WMA", "wma", {30}, {0}, 1, 0},
    {"DEMA", "dema", {30, 0}, {0}, 1, 0},
    {"TEMA", "tema", {30, 0}, {0}, 1, 0},
    {"KAMA", "kama", {30, 2, 30, 1}, {0}, 1, 0},
    {"MACDHisto", "macd", {12, 26, 9, 0, 0}, {0, 1, 2}, 1, 0},
    {"RSI", "rsi", {14}, {0}, 1, 0},
    {"Stochastic", "stochastic", {14, 3, 3}, {0, 1}, 1, 0},
    {"StochasticFull", "stochastic", {14, 1, 3}, {0, 1, NONE}, 1, 0},
    {"WilliamsR", "williams_r", {14}, {0}, 1, 0},
    {"AroonUpDown", "aroon", {14}, {1, 0}, 1, 0},
    {"AroonOscillator", "aroon", {14}, {2}, 1, 0},
    {"ROC", "roc", {12}, {0}, 0.01, 0},
    {"CCI", "cci_own", {20}, {0}, 1, 0},
    {"ATR", "atr", {14, 0}, {0}, 1, 0},
    {"DM", "adx", {14, 0}, {0, NONE, NONE, NONE}, 1, 0},
    {"DM", "adxr", {14, 0}, {NONE, 0, NONE, NONE}, 1, 0},
    {"DM", "dmi", {14, 0}, {NONE, NONE, 0, 1}, 1, 0},
    {"BBands", "bollinger", {20, 2}, {1, 0, 2}, 1, 0},
};

/* Values at the last bar, at the first valid one, and at the middle as their suite takes it. */
static void check_backtrader_case(const match *m, const json_t *entry, size_t n_bars)
{
    const size_t n_out = indicator_bars_run(m->ours, m->params, bars, n_bars, out);
    const size_t first = (size_t)json_integer_value(json_object_get(entry, "min_period")) - 1;
    const size_t places[] = {n_bars - 1, first, n_bars - 1 - (n_bars - first) / 2};
    const json_t *values;
    size_t line;
    json_array_foreach(json_object_get(entry, "values_per_line"), line, values)
    {
        for (size_t k = 0; k < 3 && m->outputs[line] != NONE; k++) {
            double theirs = (double)NAN;
            const json_t *text = json_array_get(values, k);
            CHECK(number_parse(json_string_value(text), &theirs));
            check_near_at(m->scale * out[places[k] * n_out + (size_t)m->outputs[line]], theirs,
                          1e-6, m->theirs, __FILE__, __LINE__);
        }
    }
}

static void test_backtrader_cases(void)
{
    static const char *const names[] = {"Open", "High", "Low", "Close", "Volume"};
    json_t *cases = oracle_json("oracles/backtrader/indicator_tests.json");
    const size_t n_bars = read_bars("oracles/talib/input_eurostoxx_2006.csv", names);
    if (cases == NULL || n_bars == 0) {
        json_decref(cases);
        SKIP("../shared/oracles is absent");
    }
    size_t index, n_checked = 0;
    const json_t *entry;
    json_array_foreach(cases, index, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "indicator"));
        for (size_t k = 0; k < sizeof(backtrader) / sizeof(backtrader[0]); k++) {
            if (strcmp(name, backtrader[k].theirs) == 0) {
                check_backtrader_case(&backtrader[k], entry, n_bars);
                n_checked++;
            }
        }
    }
    CHECK_INT(n_checked, sizeof(backtrader) / sizeof(backtrader[0]) + 1); /* SMA is there twice */
    json_decref(cases);
}

SUITE("data/indicator_oracles_table", TEST(test_talib_on_spy), TEST(test_talib_on_eurostoxx),
      TEST(test_tulip_cases), TEST(test_backtrader_cases));
