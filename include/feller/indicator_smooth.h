/* feller/indicator_smooth.h - part of indicator.h: weighted, double, triple and adaptive moving
 * averages, and MACD. */
#ifndef FEL_INDICATOR_SMOOTH_H
#define FEL_INDICATOR_SMOOTH_H

#include <feller/indicator_average.h>

FEL_BEGIN_DECLS

/* An exponential average that starts with the first value, and is ready with it. */
static inline void fel_ema_init_first(fel_ema *ema, size_t n)
{
    fel_ema_init_weight(ema, 1, 2.0 / ((double)n + 1.0));
}

/* ---- linearly weighted moving average -------------------------------------------------------- */

/* Weights 1 (oldest) .. n (latest). Each push takes one step of weight from all that is kept.
 * Ready from the n-th value on. */
typedef struct fel_wma {
    fel_lag window;
    fel_sum sum, weighted;
} fel_wma;

static inline size_t fel_wma_size_bytes(size_t n)
{
    return fel_lag_size_bytes(n);
}

static inline void fel_wma_init(fel_wma *wma, void *memory, size_t n)
{
    const fel_sum zero = {0.0, 0.0};
    fel_lag_init(&wma->window, memory, n);
    wma->sum = wma->weighted = zero;
}

static inline void fel_wma_push(fel_wma *wma, double x)
{
    fel_sum_add_multiple(&wma->weighted, (double)wma->window.length, x);
    fel_sum_add(&wma->weighted, -wma->sum.hi);
    fel_sum_add(&wma->weighted, -wma->sum.lo);
    fel_sum_add(&wma->sum, x);
    fel_sum_add(&wma->sum, -fel_lag_swap(&wma->window, x));
}

static inline int fel_wma_is_ready(const fel_wma *wma)
{
    return fel_lag_is_full(&wma->window);
}

static inline double fel_wma_value(const fel_wma *wma)
{
    const double n = (double)wma->window.length;
    return fel_sum_value(&wma->weighted) / (0.5 * n * (n + 1.0));
}

static inline void fel_wma_rescale(fel_wma *wma, double factor)
{
    const fel_sum zero = {0.0, 0.0};
    const size_t n = wma->window.length;
    fel_lag_rescale(&wma->window, factor);
    wma->sum = wma->weighted = zero;
    for (size_t k = 0; k < wma->window.n_seen; k++) {
        const double x = fel_lag_at(&wma->window, k);
        fel_sum_add(&wma->sum, x);
        fel_sum_add_multiple(&wma->weighted, (double)(n - k), x);
    }
}

/* The line through the last n values, over 0 (oldest) .. n - 1: what a regression on time needs is
 * a weighted average and a plain one. The deviation (n - 2 in the denominator) needs squares. */
typedef struct fel_trend {
    fel_wma values;
    fel_sum sum_of_squares;
} fel_trend;

static inline size_t fel_trend_size_bytes(size_t n)
{
    return fel_wma_size_bytes(n);
}

/* n >= 2; n >= 3 for a deviation. */
static inline void fel_trend_init(fel_trend *trend, void *memory, size_t n)
{
    const fel_sum zero = {0.0, 0.0};
    fel_wma_init(&trend->values, memory, n);
    trend->sum_of_squares = zero;
}

static inline void fel_trend_push(fel_trend *trend, double x)
{
    const fel_lag *window = &trend->values.window;
    const double leaves = window->ring[window->next];
    fel_sum_add_product(&trend->sum_of_squares, x, x);
    fel_sum_add_product(&trend->sum_of_squares, -leaves, leaves);
    fel_wma_push(&trend->values, x);
}

static inline int fel_trend_is_ready(const fel_trend *trend)
{
    return fel_wma_is_ready(&trend->values);
}

/* `end` is the line at the latest value, `next` one further; correlation NaN where nothing varies.
 */
typedef struct fel_trend_line {
    double slope, start, end, next;
    double deviation, correlation;
} fel_trend_line;

static inline fel_trend_line fel_trend_value(const fel_trend *trend)
{
    const double n = (double)trend->values.window.length;
    const fel_sum *sum = &trend->values.sum;
    const fel_sum middle = {0.5 * (n + 1.0), 0.0}; /* of the weights 1 .. n */
    const double xx = n * (n * n - 1.0) / 12.0;
    const double xy = fel_sum_cross(1.0, &trend->values.weighted, &middle, sum);
    const double cross = fel_sum_cross(n, &trend->sum_of_squares, sum, sum);
    const double yy = cross > 0.0 ? cross / n : 0.0;
    const double mean = fel_sum_value(sum) / n;
    const double left = yy - xy * (xy / xx);
    fel_trend_line line;
    line.slope = xy / xx;
    line.start = mean - 0.5 * (n - 1.0) * line.slope;
    line.end = mean + 0.5 * (n - 1.0) * line.slope;
    line.next = mean + 0.5 * (n + 1.0) * line.slope;
    line.deviation = n > 2.0 ? sqrt((left <= 0x1p-46 * yy ? 0.0 : left) / (n - 2.0)) : (double)NAN;
    line.correlation = yy > 0.0 ? xy / (sqrt(xx) * sqrt(yy)) : (double)NAN;
    return line;
}

static inline void fel_trend_rescale(fel_trend *trend, double factor)
{
    const fel_sum zero = {0.0, 0.0};
    fel_wma_rescale(&trend->values, factor);
    trend->sum_of_squares = zero;
    for (size_t i = 0; i < trend->values.window.length; i++) {
        const double x = trend->values.window.ring[i];
        fel_sum_add_product(&trend->sum_of_squares, x, x);
    }
}

/* ---- double and triple exponential averages -------------------------------------------------- */

/* Mulloy (1994): 2 a - b and 3 a - 3 b + c, where b averages a and c averages b. Each average is
 * given the values of the one before from that one's n-th on. Ready from the value
 * depth x (n - 1) + 1 on. */
typedef struct fel_ema_chain {
    fel_ema stage[3];
    size_t depth, length, n_seen; /* n_seen stops when ready */
} fel_ema_chain;

/* depth 2: DEMA, 3: TEMA. starts_first: averages start with the first value that they are given,
 * instead of the mean of the first n. */
static inline void fel_ema_chain_init(fel_ema_chain *chain, size_t depth, size_t n,
                                      int starts_first)
{
    chain->depth = depth;
    chain->length = n;
    chain->n_seen = 0;
    for (size_t k = 0; k < 3; k++) {
        fel_ema_init_weight(&chain->stage[k], starts_first ? 1 : n, 2.0 / ((double)n + 1.0));
    }
}

static inline size_t fel_ema_chain_needs(size_t depth, size_t n)
{
    return depth * (n - 1) + 1;
}

static inline int fel_ema_chain_is_ready(const fel_ema_chain *chain)
{
    return chain->n_seen >= fel_ema_chain_needs(chain->depth, chain->length);
}

static inline void fel_ema_chain_push(fel_ema_chain *chain, double x)
{
    double in = x;
    chain->n_seen += !fel_ema_chain_is_ready(chain);
    for (size_t k = 0; k < chain->depth; k++) {
        if (chain->n_seen < fel_ema_chain_needs(k, chain->length)) {
            return;
        }
        fel_ema_push(&chain->stage[k], in);
        in = fel_ema_value(&chain->stage[k]);
    }
}

static inline double fel_ema_chain_value(const fel_ema_chain *chain)
{
    if (!fel_ema_chain_is_ready(chain)) {
        return (double)NAN;
    }
    const double a = chain->stage[0].value, b = chain->stage[1].value;
    return chain->depth == 2 ? 2.0 * a - b : 3.0 * a - 3.0 * b + chain->stage[2].value;
}

static inline void fel_ema_chain_rescale(fel_ema_chain *chain, double factor)
{
    for (size_t k = 0; k < 3; k++) {
        fel_ema_rescale(&chain->stage[k], factor);
    }
}

/* ---- Kaufman's adaptive moving average ------------------------------------------------------- */

/* Trading Systems and Methods (1998): value += w^2 (x - value), w between the weights of a fast and
 * a slow EMA in proportion to |x - x of n ago| / sum of the last n |changes| (1 where nothing
 * changed). It starts as the n-th value (TA-Lib, Tulip), or is at first the mean of the n values up
 * to the value n + 1 (backtrader); ready from the value n + 1 on. */
typedef struct fel_kama {
    fel_lag window;
    fel_sum path;
    double fast_weight, slow_weight;
    double last, left, value; /* left: what left the window at the push before */
    size_t n_seen;            /* stops at n + 2 */
    int starts_with_mean;     /* value is the sum of values from the second on until ready */
} fel_kama;

static inline size_t fel_kama_size_bytes(size_t n)
{
    return fel_lag_size_bytes(n);
}

/* of: the length n, the fast and the slow average's. */
static inline void fel_kama_init(fel_kama *kama, void *memory, const size_t of[3],
                                 int starts_with_mean)
{
    kama->path.hi = kama->path.lo = 0.0;
    kama->last = kama->left = kama->value = 0.0;
    kama->n_seen = 0;
    fel_lag_init(&kama->window, memory, of[0]);
    kama->fast_weight = 2.0 / ((double)of[1] + 1.0);
    kama->slow_weight = 2.0 / ((double)of[2] + 1.0);
    kama->starts_with_mean = starts_with_mean;
}

static inline int fel_kama_is_ready(const fel_kama *kama)
{
    return kama->n_seen > kama->window.length;
}

static inline void fel_kama_push(fel_kama *kama, double x)
{
    const size_t n = kama->window.length;
    const double leaves = fel_lag_swap(&kama->window, x);
    fel_sum_add(&kama->path, kama->n_seen > 0 ? fabs(x - kama->last) : 0.0);
    fel_sum_add(&kama->path, kama->n_seen > n ? -fabs(leaves - kama->left) : 0.0);
    kama->left = leaves;
    kama->n_seen += kama->n_seen < n + 2;
    if (kama->starts_with_mean && kama->n_seen <= n + 1) {
        kama->value += kama->n_seen > 1 ? x : 0.0;
        kama->value /= kama->n_seen == n + 1 ? (double)n : 1.0;
    } else if (kama->n_seen > n) {
        const double path = fel_sum_value(&kama->path);
        const double efficiency = path > 0.0 ? fabs(x - leaves) / path : 1.0;
        const double span = kama->fast_weight - kama->slow_weight;
        const double w = kama->slow_weight + (efficiency < 1.0 ? efficiency : 1.0) * span;
        kama->value += w * w * (x - kama->value);
    } else {
        kama->value = x;
    }
    kama->last = x;
}

static inline double fel_kama_value(const fel_kama *kama)
{
    return fel_kama_is_ready(kama) ? kama->value : (double)NAN;
}

static inline void fel_kama_rescale(fel_kama *kama, double factor)
{
    fel_lag_rescale(&kama->window, factor);
    kama->last *= factor;
    kama->left *= factor;
    kama->value *= factor;
    kama->path.hi *= factor;
    kama->path.lo *= factor;
}

/* ---- MACD ------------------------------------------------------------------------------------ */

/* How its averages start. */
typedef enum fel_macd_seed {
    FEL_MACD_MEAN = 0,    /* each with the mean of the first values that it is given */
    FEL_MACD_ALIGNED = 1, /* the same, the fast one from slow - fast values later: TA-Lib */
    FEL_MACD_FIRST = 2    /* each with the first value that it is given: Tulip */
} fel_macd_seed;

/* Appel (1979): ema(fast) - ema(slow), and the average of that. Ready from the value
 * slow + signal - 1 on, or slow (FEL_MACD_FIRST). fast <= slow. */
typedef struct fel_macd {
    fel_ema fast, slow, signal;
    size_t fast_from, slow_length, n_seen; /* n_seen stops at slow_length */
} fel_macd;

static inline void fel_macd_init(fel_macd *macd, size_t fast, size_t slow, size_t signal,
                                 fel_macd_seed seed)
{
    const int is_first = seed == FEL_MACD_FIRST;
    fel_ema_init_weight(&macd->fast, is_first ? 1 : fast, 2.0 / ((double)fast + 1.0));
    fel_ema_init_weight(&macd->slow, is_first ? 1 : slow, 2.0 / ((double)slow + 1.0));
    fel_ema_init_weight(&macd->signal, is_first ? 1 : signal, 2.0 / ((double)signal + 1.0));
    macd->fast_from = seed == FEL_MACD_ALIGNED ? slow - fast : 0;
    macd->slow_length = slow;
    macd->n_seen = 0;
}

static inline void fel_macd_push(fel_macd *macd, double x)
{
    if (macd->n_seen >= macd->fast_from) {
        fel_ema_push(&macd->fast, x);
    }
    fel_ema_push(&macd->slow, x);
    macd->n_seen += macd->n_seen < macd->slow_length;
    if (macd->n_seen == macd->slow_length) {
        fel_ema_push(&macd->signal, macd->fast.value - macd->slow.value);
    }
}

static inline int fel_macd_is_ready(const fel_macd *macd)
{
    return fel_ema_is_ready(&macd->signal);
}

static inline double fel_macd_line(const fel_macd *macd)
{
    return macd->fast.value - macd->slow.value;
}

static inline double fel_macd_signal(const fel_macd *macd)
{
    return macd->signal.value;
}

static inline void fel_macd_rescale(fel_macd *macd, double factor)
{
    fel_ema_rescale(&macd->fast, factor);
    fel_ema_rescale(&macd->slow, factor);
    fel_ema_rescale(&macd->signal, factor);
}

FEL_END_DECLS
#endif
