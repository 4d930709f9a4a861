/* feller/indicator_window.h - part of indicator.h: extremes, moments, regression and volatility of
 * a rolling window. */
#ifndef FEL_INDICATOR_WINDOW_H
#define FEL_INDICATOR_WINDOW_H

#include <feller/indicator_sum.h>

FEL_BEGIN_DECLS

/* ---- highest and lowest ---------------------------------------------------------------------- */

/* A value that may still become the extreme, and when it was pushed. */
typedef struct fel_extreme_entry {
    double value;
    size_t when;
} fel_extreme_entry;

/* The highest or lowest of the last n values: those that no later one beats, best first (a
 * monotonic deque); O(1) a push on average over any n pushes. Ready from the n-th value on. */
typedef struct fel_extreme {
    fel_extreme_entry *ring;
    size_t length, first, n_entries;
    size_t n_seen;
    double sign; /* +1: highest; -1: lowest, as the highest of the negatives */
} fel_extreme;

static inline size_t fel_extreme_size_bytes(size_t n)
{
    return n * sizeof(fel_extreme_entry);
}

static inline void fel_extreme_init(fel_extreme *extreme, void *memory, size_t n, double sign)
{
    extreme->ring = (fel_extreme_entry *)memory;
    extreme->length = n;
    extreme->first = 0;
    extreme->n_entries = 0;
    extreme->n_seen = 0;
    extreme->sign = sign;
}

static inline void fel_highest_init(fel_extreme *extreme, void *memory, size_t n)
{
    fel_extreme_init(extreme, memory, n, 1.0);
}

static inline void fel_lowest_init(fel_extreme *extreme, void *memory, size_t n)
{
    fel_extreme_init(extreme, memory, n, -1.0);
}

/* Place in the ring of the entry k after the first; k <= length. */
static inline size_t fel_extreme_place(const fel_extreme *extreme, size_t k)
{
    const size_t place = extreme->first + k;
    return place >= extreme->length ? place - extreme->length : place;
}

static inline void fel_extreme_push(fel_extreme *extreme, double x)
{
    const double value = extreme->sign * x;
    /* the oldest leaves the window */
    if (extreme->n_entries != 0 &&
        extreme->n_seen - extreme->ring[extreme->first].when >= extreme->length) {
        extreme->first = fel_extreme_place(extreme, 1);
        extreme->n_entries--;
    }
    /* what the new value beats can never be the extreme again */
    while (extreme->n_entries != 0 &&
           extreme->ring[fel_extreme_place(extreme, extreme->n_entries - 1)].value <= value) {
        extreme->n_entries--;
    }
    fel_extreme_entry *entry = &extreme->ring[fel_extreme_place(extreme, extreme->n_entries)];
    entry->value = value;
    entry->when = extreme->n_seen;
    extreme->n_entries++;
    extreme->n_seen++;
}

static inline int fel_extreme_is_ready(const fel_extreme *extreme)
{
    return extreme->n_seen >= extreme->length;
}

/* Of the last n values, or of all if there are fewer; at least one must have been pushed. */
static inline double fel_extreme_value(const fel_extreme *extreme)
{
    return extreme->sign * extreme->ring[extreme->first].value;
}

/* How many pushes ago it was pushed, 0: the latest; of equals the latest counts. */
static inline size_t fel_extreme_age(const fel_extreme *extreme)
{
    return extreme->n_seen - 1 - extreme->ring[extreme->first].when;
}

/* factor > 0. */
static inline void fel_extreme_rescale(fel_extreme *extreme, double factor)
{
    for (size_t k = 0; k < extreme->n_entries; k++) {
        extreme->ring[fel_extreme_place(extreme, k)].value *= factor;
    }
}

/* ---- mean, variance, z-score ----------------------------------------------------------------- */

/* Of the last n values, from sums of x and x^2 in twice the precision of a double: nothing is lost
 * on a high level, and an outlier that has left the window is gone. Ready from the n-th value on.
 */
typedef struct fel_moments {
    fel_lag window;
    fel_sum sum, sum_of_squares;
} fel_moments;

static inline size_t fel_moments_size_bytes(size_t n)
{
    return fel_lag_size_bytes(n);
}

static inline void fel_moments_init(fel_moments *moments, void *memory, size_t n)
{
    const fel_sum zero = {0.0, 0.0};
    fel_lag_init(&moments->window, memory, n);
    moments->sum = zero;
    moments->sum_of_squares = zero;
}

static inline void fel_moments_push(fel_moments *moments, double x)
{
    const double leaves = fel_lag_swap(&moments->window, x);
    fel_sum_add(&moments->sum, x);
    fel_sum_add(&moments->sum, -leaves);
    fel_sum_add_product(&moments->sum_of_squares, x, x);
    fel_sum_add_product(&moments->sum_of_squares, -leaves, leaves);
}

static inline int fel_moments_is_ready(const fel_moments *moments)
{
    return fel_lag_is_full(&moments->window);
}

static inline double fel_moments_mean(const fel_moments *moments)
{
    return fel_sum_value(&moments->sum) / (double)moments->window.length;
}

/* With n - ddof in the denominator; NaN if n <= ddof. Exactly 0 for equal values. */
static inline double fel_moments_variance(const fel_moments *moments, double ddof)
{
    const double n = (double)moments->window.length;
    const double cross = fel_sum_cross(n, &moments->sum_of_squares, &moments->sum, &moments->sum);
    return n > ddof ? (cross > 0.0 ? cross : 0.0) / (n * (n - ddof)) : (double)NAN;
}

static inline double fel_moments_deviation(const fel_moments *moments, double ddof)
{
    return sqrt(fel_moments_variance(moments, ddof));
}

/* (x - mean) / deviation with ddof 1; NaN where nothing varies. */
static inline double fel_moments_zscore(const fel_moments *moments, double x)
{
    const double deviation = fel_moments_deviation(moments, 1.0);
    return deviation > 0.0 ? (x - fel_moments_mean(moments)) / deviation : (double)NAN;
}

static inline void fel_moments_rescale(fel_moments *moments, double factor)
{
    const fel_sum zero = {0.0, 0.0};
    fel_lag_rescale(&moments->window, factor);
    moments->sum = zero;
    moments->sum_of_squares = zero;
    for (size_t i = 0; i < moments->window.length; i++) {
        const double x = moments->window.ring[i];
        fel_sum_add(&moments->sum, x);
        fel_sum_add_product(&moments->sum_of_squares, x, x);
    }
}

/* ---- regression of y on x -------------------------------------------------------------------- */

/* Least squares y = intercept + slope x over the last n pairs; slope is the hedge ratio of a pair
 * of prices. Ready from the n-th pair on; n >= 3 for a deviation of the residuals. */
typedef struct fel_regression {
    fel_lag x, y;
    fel_sum sum_x, sum_y, sum_xx, sum_xy, sum_yy;
} fel_regression;

static inline size_t fel_regression_size_bytes(size_t n)
{
    return 2 * fel_lag_size_bytes(n);
}

static inline void fel_regression_init(fel_regression *fit, void *memory, size_t n)
{
    const fel_sum zero = {0.0, 0.0};
    fel_lag_init(&fit->x, memory, n);
    fel_lag_init(&fit->y, (double *)memory + n, n);
    fit->sum_x = fit->sum_y = fit->sum_xx = fit->sum_xy = fit->sum_yy = zero;
}

/* sign +1: a pair comes in; -1: it goes out. */
static inline void fel_regression_count(fel_regression *fit, double sign, double x, double y)
{
    fel_sum_add(&fit->sum_x, sign * x);
    fel_sum_add(&fit->sum_y, sign * y);
    fel_sum_add_product(&fit->sum_xx, sign * x, x);
    fel_sum_add_product(&fit->sum_xy, sign * x, y);
    fel_sum_add_product(&fit->sum_yy, sign * y, y);
}

static inline void fel_regression_push(fel_regression *fit, double x, double y)
{
    const double old_x = fel_lag_swap(&fit->x, x), old_y = fel_lag_swap(&fit->y, y);
    fel_regression_count(fit, 1.0, x, y);
    fel_regression_count(fit, -1.0, old_x, old_y);
}

/* Add shifts to the x and y kept, as a split does to log prices. Scale is a shift of logarithms;
 * for plain prices multiply the rings by fel_lag_rescale() and shift by 0. */
static inline void fel_regression_shift(fel_regression *fit, double shift_x, double shift_y)
{
    const fel_sum zero = {0.0, 0.0};
    fit->sum_x = fit->sum_y = fit->sum_xx = fit->sum_xy = fit->sum_yy = zero;
    for (size_t i = 0; i < fit->x.length; i++) {
        const int is_seen = fel_lag_is_full(&fit->x) || i < fit->x.next;
        fit->x.ring[i] += is_seen ? shift_x : 0.0;
        fit->y.ring[i] += is_seen ? shift_y : 0.0;
        fel_regression_count(fit, 1.0, fit->x.ring[i], fit->y.ring[i]);
    }
}

static inline int fel_regression_is_ready(const fel_regression *fit)
{
    return fel_lag_is_full(&fit->x);
}

/* The line and how well it fits; NaN throughout where x does not vary. */
typedef struct fel_line {
    double slope, intercept;
    double deviation;   /* of the residuals, n - 2 in the denominator; 0 for points on a line */
    double correlation; /* of x and y; NaN where y does not vary */
} fel_line;

static inline fel_line fel_regression_line(const fel_regression *fit)
{
    const double n = (double)fit->x.length;
    const double xx = fel_sum_cross(n, &fit->sum_xx, &fit->sum_x, &fit->sum_x);
    const double xy = fel_sum_cross(n, &fit->sum_xy, &fit->sum_x, &fit->sum_y);
    const double yy = fel_sum_cross(n, &fit->sum_yy, &fit->sum_y, &fit->sum_y);
    fel_line line = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    if (xx > 0.0) {
        const double left = yy - xy * (xy / xx); /* n x sum of squared residuals */
        const int is_line = left <= 0x1p-46 * yy;
        line.slope = xy / xx;
        line.intercept = (fel_sum_value(&fit->sum_y) - line.slope * fel_sum_value(&fit->sum_x)) / n;
        line.deviation = n > 2.0 ? sqrt((is_line ? 0.0 : left) / (n * (n - 2.0))) : (double)NAN;
        line.correlation = yy > 0.0 ? xy / (sqrt(xx) * sqrt(yy)) : (double)NAN;
    }
    return line;
}

/* ---- realised volatility --------------------------------------------------------------------- */

/* Standard deviation (ddof 1) of the last n close-to-close log returns. Returns from or to a price
 * that is not positive have no logarithm and are left out. Ready from the close n + 1 on; n >= 2.
 */
typedef struct fel_volatility {
    fel_moments returns;
    double last_close;
} fel_volatility;

static inline size_t fel_volatility_size_bytes(size_t n)
{
    return fel_moments_size_bytes(n);
}

static inline void fel_volatility_init(fel_volatility *volatility, void *memory, size_t n)
{
    fel_moments_init(&volatility->returns, memory, n);
    volatility->last_close = 0.0;
}

static inline void fel_volatility_push(fel_volatility *volatility, double close)
{
    if (close > 0.0 && volatility->last_close > 0.0) {
        fel_moments_push(&volatility->returns, log(close / volatility->last_close));
    }
    volatility->last_close = close;
}

static inline int fel_volatility_is_ready(const fel_volatility *volatility)
{
    return fel_moments_is_ready(&volatility->returns);
}

static inline void fel_volatility_rescale(fel_volatility *volatility, double factor)
{
    volatility->last_close *= factor; /* returns from before do not change */
}

/* A year, for closes that many times a year. */
static inline double fel_volatility_per_year(const fel_volatility *volatility,
                                             double periods_per_year)
{
    return fel_moments_deviation(&volatility->returns, 1.0) * sqrt(periods_per_year);
}

FEL_END_DECLS
#endif
