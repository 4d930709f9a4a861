/* models/feature_internal.h - the rows of the table of features, and what they share. */
#ifndef FEL_MODELS_FEATURE_INTERNAL_H
#define FEL_MODELS_FEATURE_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/feature_internal.h belongs to models/"
#endif

#include <math.h>

#include <feller/feature.h>
#include <feller/indicator.h>

/* ---- rows ------------------------------------------------------------------------------------ */

extern const fel_feature_class feature_return, feature_log_return, feature_lagged_return;
extern const fel_feature_class feature_momentum, feature_open_gap, feature_body;
extern const fel_feature_class feature_sma_ratio, feature_ema_ratio, feature_sma_cross;
extern const fel_feature_class feature_macd, feature_trend;
extern const fel_feature_class feature_volatility, feature_rolling_mean, feature_rolling_zscore;
extern const fel_feature_class feature_rolling_skew, feature_rolling_kurtosis, feature_bollinger;
extern const fel_feature_class feature_channel_position, feature_drawdown, feature_rise;
extern const fel_feature_class feature_high_low_range, feature_parkinson, feature_garman_klass;
extern const fel_feature_class feature_rogers_satchell, feature_atr_ratio;
extern const fel_feature_class feature_volume_ratio, feature_volume_zscore;
extern const fel_feature_class feature_rsi, feature_efficiency;
extern const fel_feature_class feature_time_of_day, feature_day_of_week, feature_month;
extern const fel_feature_class feature_signal;

/* ---- what they share ------------------------------------------------------------------------- */

enum { FEATURE_MOST_BARS = 100000 };

/* A deviation of returns below this is what rounding leaves of c / c' - 1: nothing varies. */
#define FEATURE_NO_DEVIATION 1e-14

/* A parameter that counts bars. */
#define FEATURE_BARS(param_name, fallback, least, doc)                                             \
    {                                                                                              \
        (param_name), FEL_PARAM_INTEGER, (fallback), (least), FEATURE_MOST_BARS, NULL, (doc)       \
    }

/* What every row begins with. */
#define FEATURE_HEAD(row_name, row_inputs, row_summary, row_formula)                               \
    .struct_size = sizeof(fel_feature_class), .inputs = (row_inputs), .name = (row_name),          \
    .summary = (row_summary), .formula = (row_formula)

#define FEATURE_PARAMS(table) .params = (table), .n_params = sizeof(table) / sizeof((table)[0])

/* warm_up for features whose first parameter is a window of prices, of returns. */
static inline size_t feature_bars(const double *params)
{
    return (size_t)params[0];
}
static inline size_t feature_bars_less_one(const double *params)
{
    return (size_t)params[0] - 1;
}

/* ---- splits and dividends: feature_adjust.c -------------------------------------------------- */

/* Factors that make later prices and volumes go on from earlier ones. */
typedef struct price_adjuster {
    double price, volume;
    double last_close; /* as traded; 0: none yet */
} price_adjuster;

void adjuster_init(price_adjuster *a);
fel_status adjuster_act(price_adjuster *a, const fel_action *action, const char *symbol);
/* Multiplies the bar's numbers. */
void adjuster_apply(price_adjuster *a, fel_bar *bar);

#endif
