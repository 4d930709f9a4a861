/* feller/indicator_average.h - part of indicator.h: moving averages, RSI and average true range. */
#ifndef FEL_INDICATOR_AVERAGE_H
#define FEL_INDICATOR_AVERAGE_H

#include <feller/indicator_sum.h>

FEL_BEGIN_DECLS

/* ---- simple moving average ------------------------------------------------------------------- */

typedef struct fel_sma {
    fel_lag window;
    fel_sum sum;
} fel_sma;

static inline size_t fel_sma_size_bytes(size_t n)
{
    return fel_lag_size_bytes(n);
}

static inline void fel_sma_init(fel_sma *sma, void *memory, size_t n)
{
    fel_lag_init(&sma->window, memory, n);
    sma->sum.hi = 0.0;
    sma->sum.lo = 0.0;
}

static inline void fel_sma_push(fel_sma *sma, double x)
{
    fel_sum_add(&sma->sum, x);
    fel_sum_add(&sma->sum, -fel_lag_swap(&sma->window, x));
}

/* Ready from the n-th value on. */
static inline int fel_sma_is_ready(const fel_sma *sma)
{
    return fel_lag_is_full(&sma->window);
}

static inline double fel_sma_value(const fel_sma *sma)
{
    return fel_sum_value(&sma->sum) / (double)sma->window.length;
}

static inline void fel_sma_rescale(fel_sma *sma, double factor)
{
    fel_lag_rescale(&sma->window, factor);
    sma->sum.hi = 0.0;
    sma->sum.lo = 0.0;
    for (size_t i = 0; i < sma->window.length; i++) {
        fel_sum_add(&sma->sum, sma->window.ring[i]);
    }
}

/* ---- two simple moving averages, compared ---------------------------------------------------- */

/* Which of two averages of one series is the greater, without ever dividing: what is kept is
 *
 *     gap = slow_bars x (sum of the fast window) - fast_bars x (sum of the slow window)
 *
 * which has the sign of fast - slow and is 0 exactly when the averages tie. The values lie in a row
 * that is longer than the slow window; when it is full its end moves to its beginning. So a push
 * needs one place and one comparison, where a ring would need two of each. */
typedef struct fel_sma_pair {
    double *next; /* where the next value goes; the slow window lies right before it */
    double *stop; /* something happens when next gets here: fel_sma_pair_turn() */
    ptrdiff_t to_fast, to_slow; /* from next to the value that leaves each window: -fast, -slow */
    size_t fast, slow;
    double fast_bars, slow_bars; /* the same */
    fel_sum gap;
    double *row;
    int is_ready;
} fel_sma_pair;

enum { FEL_SMA_PAIR_ROW = 4 }; /* length of the row, in slow windows */

static inline size_t fel_sma_pair_size_bytes(size_t slow_bars)
{
    return FEL_SMA_PAIR_ROW * slow_bars * sizeof(double);
}

/* 1 <= fast_bars <= slow_bars. */
static inline void fel_sma_pair_init(fel_sma_pair *pair, void *memory, size_t fast_bars,
                                     size_t slow_bars)
{
    pair->row = (double *)memory;
    pair->next = pair->row + slow_bars;
    pair->stop = pair->row + 2 * slow_bars;
    pair->fast = fast_bars;
    pair->slow = slow_bars;
    pair->to_fast = -(ptrdiff_t)fast_bars;
    pair->to_slow = -(ptrdiff_t)slow_bars;
    pair->fast_bars = (double)fast_bars;
    pair->slow_bars = (double)slow_bars;
    pair->gap.hi = 0.0;
    pair->gap.lo = 0.0;
    pair->is_ready = 0;
    for (size_t i = 0; i < slow_bars; i++) {
        pair->row[i] = 0.0;
    }
}

/* The first time: the windows are full. From then on: start the row again with the slow window. */
static inline void fel_sma_pair_turn(fel_sma_pair *pair)
{
    if (pair->is_ready) {
        for (size_t i = 0; i < pair->slow; i++) {
            pair->row[i] = *(pair->next - pair->slow + i);
        }
        pair->next = pair->row + pair->slow;
    }
    pair->is_ready = 1;
    pair->stop = pair->row + FEL_SMA_PAIR_ROW * pair->slow;
}

/* For whole numbers, as fel_ticks() gives them: the quickest. Exact while the gap is below 2^53.
 * Returns fel_sma_pair_gap() without the way through memory. */
static inline double fel_sma_pair_push_whole(fel_sma_pair *pair, double x)
{
    double *const at = pair->next;
    const double fast = at[pair->to_fast], slow = at[pair->to_slow];
    const double gap = pair->gap.hi + (pair->slow_bars * (x - fast) - pair->fast_bars * (x - slow));
    *at = x;
    pair->gap.hi = gap;
    pair->next = at + 1;
    if (at + 1 == pair->stop) {
        fel_sma_pair_turn(pair);
    }
    return gap;
}

/* For any numbers; errors of rounding are kept beside the gap. */
static inline void fel_sma_pair_push(fel_sma_pair *pair, double x)
{
    double *const at = pair->next;
    const double fast = at[pair->to_fast], slow = at[pair->to_slow];
    fel_sum gap = pair->gap;
    fel_sum_add_multiple(&gap, pair->slow_bars - pair->fast_bars, x);
    fel_sum_add_multiple(&gap, -pair->slow_bars, fast);
    fel_sum_add_multiple(&gap, pair->fast_bars, slow);
    pair->gap = gap;
    *at = x;
    pair->next = at + 1;
    if (at + 1 == pair->stop) {
        fel_sma_pair_turn(pair);
    }
}

/* Ready from the slow_bars-th value on. */
static inline int fel_sma_pair_is_ready(const fel_sma_pair *pair)
{
    return pair->is_ready;
}

/* Positive: the fast average is above the slow one; 0: they tie. */
static inline double fel_sma_pair_gap(const fel_sma_pair *pair)
{
    return fel_sum_value(&pair->gap);
}

/* After this there may be other than whole numbers: use fel_sma_pair_push() from then on. */
static inline void fel_sma_pair_rescale(fel_sma_pair *pair, double factor)
{
    pair->gap.hi = 0.0;
    pair->gap.lo = 0.0;
    for (size_t back = pair->slow; back > 0; back--) {
        double *const x = pair->next - back;
        *x *= factor;
        fel_sum_add_multiple(&pair->gap, -pair->fast_bars, *x);
        if (back <= pair->fast) {
            fel_sum_add_multiple(&pair->gap, pair->slow_bars, *x);
        }
    }
}

/* ---- exponential averages -------------------------------------------------------------------- */

/* value += weight x (x - value), started with the mean of the first n values, ready from the n-th
 * on. weight = 2 / (n + 1) for the usual EMA, 1 / n for Wilder's smoothing. */
typedef struct fel_ema {
    double weight;
    size_t length, n_seen; /* n_seen stops at length */
    double value;          /* the sum so far until ready */
} fel_ema;

static inline void fel_ema_init_weight(fel_ema *ema, size_t n, double weight)
{
    ema->weight = weight;
    ema->length = n;
    ema->n_seen = 0;
    ema->value = 0.0;
}

static inline void fel_ema_init(fel_ema *ema, size_t n)
{
    fel_ema_init_weight(ema, n, 2.0 / ((double)n + 1.0));
}

/* Wilder, New Concepts in Technical Trading Systems (1978). */
static inline void fel_ema_init_wilder(fel_ema *ema, size_t n)
{
    fel_ema_init_weight(ema, n, 1.0 / (double)n);
}

static inline int fel_ema_is_ready(const fel_ema *ema)
{
    return ema->n_seen == ema->length;
}

static inline void fel_ema_push(fel_ema *ema, double x)
{
    if (fel_ema_is_ready(ema)) {
        ema->value += ema->weight * (x - ema->value);
        return;
    }
    ema->value += x;
    ema->n_seen++;
    if (fel_ema_is_ready(ema)) {
        ema->value /= (double)ema->length;
    }
}

static inline double fel_ema_value(const fel_ema *ema)
{
    return fel_ema_is_ready(ema) ? ema->value : (double)NAN;
}

static inline void fel_ema_rescale(fel_ema *ema, double factor)
{
    ema->value *= factor;
}

/* ---- relative strength index ----------------------------------------------------------------- */

/* 100 x up / (up + down), both Wilder averages of the n latest rises and falls; 50 where nothing
 * moved. Ready from the value n + 1 on. */
typedef struct fel_rsi {
    fel_ema up, down;
    double last;
    int has_last;
} fel_rsi;

static inline void fel_rsi_init(fel_rsi *rsi, size_t n)
{
    fel_ema_init_wilder(&rsi->up, n);
    fel_ema_init_wilder(&rsi->down, n);
    rsi->last = 0.0;
    rsi->has_last = 0;
}

static inline void fel_rsi_push(fel_rsi *rsi, double x)
{
    if (rsi->has_last) {
        const double change = x - rsi->last;
        fel_ema_push(&rsi->up, change > 0.0 ? change : 0.0);
        fel_ema_push(&rsi->down, change < 0.0 ? -change : 0.0);
    }
    rsi->last = x;
    rsi->has_last = 1;
}

static inline int fel_rsi_is_ready(const fel_rsi *rsi)
{
    return fel_ema_is_ready(&rsi->up);
}

static inline double fel_rsi_value(const fel_rsi *rsi)
{
    const double both = fel_ema_value(&rsi->up) + fel_ema_value(&rsi->down);
    return both == 0.0 ? 50.0 : 100.0 * fel_ema_value(&rsi->up) / both;
}

static inline void fel_rsi_rescale(fel_rsi *rsi, double factor)
{
    fel_ema_rescale(&rsi->up, factor);
    fel_ema_rescale(&rsi->down, factor);
    rsi->last *= factor;
}

/* ---- average true range ---------------------------------------------------------------------- */

/* The bar's range with the gap from the previous close. */
static inline double fel_true_range(double high, double low, double previous_close)
{
    const double top = high > previous_close ? high : previous_close;
    const double bottom = low < previous_close ? low : previous_close;
    return top - bottom;
}

/* Wilder's average of the true range of n bars, the first of which is the second bar pushed: ready
 * from the bar n + 1 on. */
typedef struct fel_atr {
    fel_ema range;
    double last_close;
    int has_last;
} fel_atr;

static inline void fel_atr_init(fel_atr *atr, size_t n)
{
    fel_ema_init_wilder(&atr->range, n);
    atr->last_close = 0.0;
    atr->has_last = 0;
}

static inline void fel_atr_push(fel_atr *atr, double high, double low, double close)
{
    if (atr->has_last) {
        fel_ema_push(&atr->range, fel_true_range(high, low, atr->last_close));
    }
    atr->last_close = close;
    atr->has_last = 1;
}

static inline int fel_atr_is_ready(const fel_atr *atr)
{
    return fel_ema_is_ready(&atr->range);
}

static inline double fel_atr_value(const fel_atr *atr)
{
    return fel_ema_value(&atr->range);
}

static inline void fel_atr_rescale(fel_atr *atr, double factor)
{
    fel_ema_rescale(&atr->range, factor);
    atr->last_close *= factor;
}

FEL_END_DECLS
#endif
