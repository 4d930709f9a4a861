/* feller/indicator_oscillator.h - part of indicator.h: where a price stands in its recent range. */
#ifndef FEL_INDICATOR_OSCILLATOR_H
#define FEL_INDICATOR_OSCILLATOR_H

#include <feller/indicator_average.h>
#include <feller/indicator_window.h>

FEL_BEGIN_DECLS

/* ---- range of the last n bars ---------------------------------------------------------------- */

/* Highest high and lowest low: Donchian's channel, and what oscillators measure in. Ready from the
 * n-th bar on. */
typedef struct fel_range {
    fel_extreme high, low;
} fel_range;

static inline size_t fel_range_size_bytes(size_t n)
{
    return 2 * fel_extreme_size_bytes(n);
}

static inline void fel_range_init(fel_range *range, void *memory, size_t n)
{
    fel_highest_init(&range->high, memory, n);
    fel_lowest_init(&range->low, (fel_extreme_entry *)memory + n, n);
}

static inline void fel_range_push(fel_range *range, double high, double low)
{
    fel_extreme_push(&range->high, high);
    fel_extreme_push(&range->low, low);
}

static inline int fel_range_is_ready(const fel_range *range)
{
    return fel_extreme_is_ready(&range->high);
}

/* 0 (at the lowest) .. 100 (at the highest); 50 where there is no range. */
static inline double fel_range_percent(const fel_range *range, double x)
{
    const double low = fel_extreme_value(&range->low);
    const double width = fel_extreme_value(&range->high) - low;
    return width > 0.0 ? 100.0 * ((x - low) / width) : 50.0;
}

static inline void fel_range_rescale(fel_range *range, double factor)
{
    fel_extreme_rescale(&range->high, factor);
    fel_extreme_rescale(&range->low, factor);
}

/* ---- Aroon ----------------------------------------------------------------------------------- */

/* Chande (1995): 100 (n - bars since the highest) / n over the last n + 1 bars: a fel_range of
 * n + 1. Of equal extremes the latest counts. */
static inline double fel_aroon_up(const fel_range *range)
{
    const double n = (double)(range->high.length - 1);
    return 100.0 * ((n - (double)fel_extreme_age(&range->high)) / n);
}

static inline double fel_aroon_down(const fel_range *range)
{
    const double n = (double)(range->low.length - 1);
    return 100.0 * ((n - (double)fel_extreme_age(&range->low)) / n);
}

/* ---- stochastic oscillator ------------------------------------------------------------------- */

/* Lane: the close in the range of n bars, averaged over `smooth` of them (1: "fast"), and the
 * average of that over d. Ready from the bar n + smooth + d - 2 on. */
typedef struct fel_stochastic {
    fel_range range;
    fel_sma k, d;
} fel_stochastic;

static inline size_t fel_stochastic_size_bytes(size_t n, size_t smooth, size_t d)
{
    return fel_range_size_bytes(n) + fel_sma_size_bytes(smooth) + fel_sma_size_bytes(d);
}

static inline void fel_stochastic_init(fel_stochastic *stochastic, void *memory, size_t n,
                                       size_t smooth, size_t d)
{
    double *const more = (double *)(void *)((fel_extreme_entry *)memory + 2 * n);
    fel_range_init(&stochastic->range, memory, n);
    fel_sma_init(&stochastic->k, more, smooth);
    fel_sma_init(&stochastic->d, more + smooth, d);
}

static inline void fel_stochastic_push(fel_stochastic *stochastic, double high, double low,
                                       double close)
{
    fel_range_push(&stochastic->range, high, low);
    if (fel_range_is_ready(&stochastic->range)) {
        fel_sma_push(&stochastic->k, fel_range_percent(&stochastic->range, close));
        if (fel_sma_is_ready(&stochastic->k)) {
            fel_sma_push(&stochastic->d, fel_sma_value(&stochastic->k));
        }
    }
}

static inline int fel_stochastic_is_ready(const fel_stochastic *stochastic)
{
    return fel_sma_is_ready(&stochastic->d);
}

static inline double fel_stochastic_k(const fel_stochastic *stochastic)
{
    return fel_sma_value(&stochastic->k);
}

static inline double fel_stochastic_d(const fel_stochastic *stochastic)
{
    return fel_sma_value(&stochastic->d);
}

static inline void fel_stochastic_rescale(fel_stochastic *stochastic, double factor)
{
    fel_range_rescale(&stochastic->range, factor);
}

/* ---- stochastic of the RSI ------------------------------------------------------------------- */

/* Chande and Kroll (1994): the RSI in the range of its last n values. Ready from the value
 * rsi + n + smooth + d - 2 on. */
typedef struct fel_stoch_rsi {
    fel_rsi rsi;
    fel_stochastic stochastic;
} fel_stoch_rsi;

static inline size_t fel_stoch_rsi_size_bytes(size_t n, size_t smooth, size_t d)
{
    return fel_stochastic_size_bytes(n, smooth, d);
}

/* of: bars of the RSI, the range, the average of k, the average d. */
static inline void fel_stoch_rsi_init(fel_stoch_rsi *stoch, void *memory, const size_t of[4])
{
    fel_rsi_init(&stoch->rsi, of[0]);
    fel_stochastic_init(&stoch->stochastic, memory, of[1], of[2], of[3]);
}

static inline void fel_stoch_rsi_push(fel_stoch_rsi *stoch, double x)
{
    fel_rsi_push(&stoch->rsi, x);
    if (fel_rsi_is_ready(&stoch->rsi)) {
        const double rsi = fel_rsi_value(&stoch->rsi);
        fel_stochastic_push(&stoch->stochastic, rsi, rsi, rsi);
    }
}

static inline int fel_stoch_rsi_is_ready(const fel_stoch_rsi *stoch)
{
    return fel_stochastic_is_ready(&stoch->stochastic);
}

static inline void fel_stoch_rsi_rescale(fel_stoch_rsi *stoch, double factor)
{
    fel_rsi_rescale(&stoch->rsi, factor); /* the RSI itself does not change */
}

/* ---- commodity channel index ----------------------------------------------------------------- */

/* Lambert (1980): (x - mean) / (0.015 x mean |x - mean|) of the last n values. The mean deviation
 * is from the window's latest mean, which moves with every bar: the one indicator here that goes
 * through its window at each value asked for. 0 where nothing varies. Ready from the n-th value on.
 */
typedef struct fel_cci {
    fel_sma mean;
} fel_cci;

static inline size_t fel_cci_size_bytes(size_t n)
{
    return fel_sma_size_bytes(n);
}

static inline void fel_cci_init(fel_cci *cci, void *memory, size_t n)
{
    fel_sma_init(&cci->mean, memory, n);
}

static inline void fel_cci_push(fel_cci *cci, double x)
{
    fel_sma_push(&cci->mean, x);
}

static inline int fel_cci_is_ready(const fel_cci *cci)
{
    return fel_sma_is_ready(&cci->mean);
}

/* From the mean, and the mean distance of values from means. A distance that is but rounding is
 * none. */
static inline double fel_cci_of(double x, double mean, double distance)
{
    return distance > 0x1p-48 * fabs(mean) ? (x - mean) / (0.015 * distance) : 0.0;
}

static inline double fel_cci_value(const fel_cci *cci)
{
    const double mean = fel_sma_value(&cci->mean);
    double sum = 0.0;
    for (size_t i = 0; i < cci->mean.window.length; i++) {
        sum += fabs(cci->mean.window.ring[i] - mean);
    }
    return fel_cci_of(fel_lag_at(&cci->mean.window, 0), mean,
                      sum / (double)cci->mean.window.length);
}

static inline void fel_cci_rescale(fel_cci *cci, double factor)
{
    fel_sma_rescale(&cci->mean, factor);
}

/* The other reading: each value's distance is from the mean of its own day, so it is O(1). Ready
 * from the value 2 n - 1 on. */
typedef struct fel_cci_own {
    fel_sma mean, distance;
    double last;
} fel_cci_own;

static inline size_t fel_cci_own_size_bytes(size_t n)
{
    return 2 * fel_sma_size_bytes(n);
}

static inline void fel_cci_own_init(fel_cci_own *cci, void *memory, size_t n)
{
    fel_sma_init(&cci->mean, memory, n);
    fel_sma_init(&cci->distance, (double *)memory + n, n);
    cci->last = 0.0;
}

static inline void fel_cci_own_push(fel_cci_own *cci, double x)
{
    fel_sma_push(&cci->mean, x);
    if (fel_sma_is_ready(&cci->mean)) {
        fel_sma_push(&cci->distance, fabs(x - fel_sma_value(&cci->mean)));
    }
    cci->last = x;
}

static inline int fel_cci_own_is_ready(const fel_cci_own *cci)
{
    return fel_sma_is_ready(&cci->distance);
}

static inline double fel_cci_own_value(const fel_cci_own *cci)
{
    return fel_cci_of(cci->last, fel_sma_value(&cci->mean), fel_sma_value(&cci->distance));
}

static inline void fel_cci_own_rescale(fel_cci_own *cci, double factor)
{
    fel_sma_rescale(&cci->mean, factor);
    fel_sma_rescale(&cci->distance, factor);
    cci->last *= factor;
}

FEL_END_DECLS
#endif
