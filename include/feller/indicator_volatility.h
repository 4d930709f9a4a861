/* feller/indicator_volatility.h - part of indicator.h: volatility from whole bars, which needs
 * fewer of them than closes do. All are deviations of log prices a bar; prices above 0. Times
 * sqrt(bars a year) for a year. For closes alone: fel_volatility, in indicator_window.h. */
#ifndef FEL_INDICATOR_VOLATILITY_H
#define FEL_INDICATOR_VOLATILITY_H

#include <feller/indicator_average.h>
#include <feller/indicator_window.h>

FEL_BEGIN_DECLS

/* ---- variance of one bar --------------------------------------------------------------------- */

/* Parkinson (1980): ln(h / l)^2 / (4 ln 2). */
static inline double fel_bar_variance_parkinson(double high, double low)
{
    const double range = log(high / low);
    return range * range * 0.36067376022224085; /* 1 / (4 ln 2) */
}

/* Garman and Klass (1980), their practical form without the opening gap:
 * ln(h / l)^2 / 2 - (2 ln 2 - 1) ln(c / o)^2. */
static inline double fel_bar_variance_garman_klass(double open, double high, double low,
                                                   double close)
{
    const double range = log(high / low), body = log(close / open);
    return 0.5 * range * range - 0.38629436111989062 * body * body;
}

/* Rogers and Satchell (1991): free of the drift. */
static inline double fel_bar_variance_rogers_satchell(double open, double high, double low,
                                                      double close)
{
    return log(high / close) * log(high / open) + log(low / close) * log(low / open);
}

/* A mean of such variances over n bars is a fel_sma of them, its square root the volatility. */
static inline double fel_root_mean(const fel_sma *variances)
{
    const double mean = fel_sma_value(variances);
    return mean > 0.0 ? sqrt(mean) : 0.0;
}

/* ---- Yang and Zhang (2000) ------------------------------------------------------------------- */

/* Variance of the gaps + k x variance of open to close + (1 - k) x mean Rogers-Satchell,
 * k = 0.34 / (1.34 + (n + 1) / (n - 1)): free of drift, and opening gaps count. n >= 2; ready from
 * the bar n + 1 on. */
typedef struct fel_yang_zhang {
    fel_moments gaps, bodies;
    fel_sma within;
    double last_close;
    int has_last;
} fel_yang_zhang;

static inline size_t fel_yang_zhang_size_bytes(size_t n)
{
    return 3 * fel_lag_size_bytes(n);
}

static inline void fel_yang_zhang_init(fel_yang_zhang *yz, void *memory, size_t n)
{
    double *const ring = (double *)memory;
    fel_moments_init(&yz->gaps, ring, n);
    fel_moments_init(&yz->bodies, ring + n, n);
    fel_sma_init(&yz->within, ring + 2 * n, n);
    yz->last_close = 0.0;
    yz->has_last = 0;
}

static inline void fel_yang_zhang_push(fel_yang_zhang *yz, double open, double high, double low,
                                       double close)
{
    if (yz->has_last) {
        fel_moments_push(&yz->gaps, log(open / yz->last_close));
        fel_moments_push(&yz->bodies, log(close / open));
        fel_sma_push(&yz->within, fel_bar_variance_rogers_satchell(open, high, low, close));
    }
    yz->last_close = close;
    yz->has_last = 1;
}

static inline int fel_yang_zhang_is_ready(const fel_yang_zhang *yz)
{
    return fel_sma_is_ready(&yz->within);
}

static inline double fel_yang_zhang_value(const fel_yang_zhang *yz)
{
    const double n = (double)yz->within.window.length;
    const double k = 0.34 / (1.34 + (n + 1.0) / (n - 1.0));
    const double variance = fel_moments_variance(&yz->gaps, 1.0) +
                            k * fel_moments_variance(&yz->bodies, 1.0) +
                            (1.0 - k) * fel_sma_value(&yz->within);
    return variance > 0.0 ? sqrt(variance) : 0.0;
}

static inline void fel_yang_zhang_rescale(fel_yang_zhang *yz, double factor)
{
    yz->last_close *= factor;
}

FEL_END_DECLS
#endif
