/* data/indicator_internal.h - the rows of the table of indicators, and what they share. */
#ifndef FEL_DATA_INDICATOR_INTERNAL_H
#define FEL_DATA_INDICATOR_INTERNAL_H

#ifndef FEL_MODULE_DATA
#error "data/indicator_internal.h belongs to data/"
#endif

#include <feller/indicator.h>
#include <feller/indicator_table.h>

/* ---- rows ------------------------------------------------------------------------------------ */

extern const fel_indicator_class indicator_sma, indicator_ema, indicator_smma, indicator_wma;
extern const fel_indicator_class indicator_dema, indicator_tema, indicator_kama, indicator_macd;
extern const fel_indicator_class indicator_rsi, indicator_stochastic, indicator_stoch_rsi;
extern const fel_indicator_class indicator_williams_r, indicator_aroon, indicator_roc;
extern const fel_indicator_class indicator_cci, indicator_cci_own;
extern const fel_indicator_class indicator_atr, indicator_dmi, indicator_adx, indicator_adxr;
extern const fel_indicator_class indicator_psar, indicator_supertrend;
extern const fel_indicator_class indicator_bollinger, indicator_keltner, indicator_donchian;
extern const fel_indicator_class indicator_mfi, indicator_obv, indicator_vwap, indicator_vwma;
extern const fel_indicator_class indicator_zscore, indicator_regression;
extern const fel_indicator_class indicator_volatility, indicator_parkinson;
extern const fel_indicator_class indicator_garman_klass, indicator_yang_zhang;

/* ---- what they share ------------------------------------------------------------------------- */

enum {
    INDICATOR_MOST_BARS = 100000,
    INDICATOR_HL = FEL_INPUT_HIGH | FEL_INPUT_LOW,
    INDICATOR_HLC = INDICATOR_HL | FEL_INPUT_CLOSE,
    INDICATOR_OHLC = INDICATOR_HLC | FEL_INPUT_OPEN
};

/* A parameter that counts bars. */
#define INDICATOR_BARS(param_name, fallback, least, doc)                                           \
    {                                                                                              \
        (param_name), FEL_PARAM_INTEGER, (fallback), (least), INDICATOR_MOST_BARS, NULL, (doc)     \
    }

#define INDICATOR_CHOICE(param_name, words, doc)                                                   \
    {                                                                                              \
        (param_name), FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, (words), (doc)                              \
    }

/* What every row begins with. */
#define INDICATOR_HEAD(row_name, row_inputs, row_summary, row_formula, row_source)                 \
    .struct_size = sizeof(fel_indicator_class), .inputs = (row_inputs), .name = (row_name),        \
    .summary = (row_summary), .formula = (row_formula), .source = (row_source)

#define INDICATOR_PARAMS(table) .params = (table), .n_params = sizeof(table) / sizeof((table)[0])

#define INDICATOR_OUTPUTS(table) .outputs = (table), .n_outputs = sizeof(table) / sizeof((table)[0])

#define INDICATOR_CODE(row, row_warm_up)                                                           \
    .warm_up = (row_warm_up), .state_size = row##_size, .start = row##_start, .push = row##_push,  \
    .rescale = row##_rescale

/* push and rescale of a row whose state is one indicator of closes with one value. */
#define INDICATOR_OF_CLOSE(row, type)                                                              \
    static int row##_push(void *state, const fel_bar *bar, double *out)                            \
    {                                                                                              \
        type##_push(state, bar->close);                                                            \
        if (!type##_is_ready(state)) {                                                             \
            return 0;                                                                              \
        }                                                                                          \
        out[0] = type##_value(state);                                                              \
        return 1;                                                                                  \
    }                                                                                              \
    static void row##_rescale(void *state, double factor)                                          \
    {                                                                                              \
        type##_rescale(state, factor);                                                             \
    }

/* A count of bars among the parameters. */
static inline size_t indicator_bars(double param)
{
    return (size_t)param;
}

/* warm_up for a window of n prices, of n changes; n is the first parameter. */
static inline size_t indicator_window(const double *params)
{
    return indicator_bars(params[0]) - 1;
}

/* state_size of a state that nothing is allocated behind. */
#define INDICATOR_PLAIN_SIZE(row, type)                                                            \
    static size_t row##_size(const double *params)                                                 \
    {                                                                                              \
        (void)params;                                                                              \
        return sizeof(type);                                                                       \
    }

static inline size_t indicator_changes(const double *params)
{
    return indicator_bars(params[0]);
}

#endif
