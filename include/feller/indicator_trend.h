/* feller/indicator_trend.h - part of indicator.h: directional movement, parabolic stop, Supertrend.
 */
#ifndef FEL_INDICATOR_TREND_H
#define FEL_INDICATOR_TREND_H

#include <feller/indicator_average.h>

FEL_BEGIN_DECLS

/* ---- directional movement -------------------------------------------------------------------- */

/* How the three sums of Wilder's directional movement start. */
typedef enum fel_dmi_seed {
    FEL_DMI_FULL = 0,  /* with n moves: Wilder's book, backtrader; ready from the bar n + 1 on */
    FEL_DMI_TALIB = 1, /* with n - 1 moves, not looked at before the next; the same */
    FEL_DMI_TULIP = 2  /* with n - 1 moves, looked at at once; ready from the n-th bar on */
} fel_dmi_seed;

/* Sums that forget one n-th a bar: sum += x - sum / n. */
typedef struct fel_dmi {
    double up, down, range; /* of the +DM, the -DM, the true range */
    double high, low, close;
    double length;
    size_t n_seed, n_ready, n_seen; /* in moves; has_last: one bar came before */
    int has_last;
} fel_dmi;

static inline void fel_dmi_init(fel_dmi *dmi, size_t n, fel_dmi_seed seed)
{
    dmi->up = dmi->down = dmi->range = 0.0;
    dmi->high = dmi->low = dmi->close = 0.0;
    dmi->length = (double)n;
    dmi->n_seen = 0;
    dmi->has_last = 0;
    dmi->n_seed = seed == FEL_DMI_FULL ? n : n - 1;
    dmi->n_ready = seed == FEL_DMI_TULIP ? n - 1 : n;
}

static inline void fel_dmi_move(fel_dmi *dmi, double up, double down, double range)
{
    const int is_seed = dmi->n_seen < dmi->n_seed;
    dmi->up += up - (is_seed ? 0.0 : dmi->up / dmi->length);
    dmi->down += down - (is_seed ? 0.0 : dmi->down / dmi->length);
    dmi->range += range - (is_seed ? 0.0 : dmi->range / dmi->length);
    dmi->n_seen += dmi->n_seen < dmi->n_ready || is_seed;
}

static inline void fel_dmi_push(fel_dmi *dmi, double high, double low, double close)
{
    if (dmi->has_last) {
        const double up = high - dmi->high, down = dmi->low - low;
        fel_dmi_move(dmi, up > down && up > 0.0 ? up : 0.0, down > up && down > 0.0 ? down : 0.0,
                     fel_true_range(high, low, dmi->close));
    }
    dmi->high = high;
    dmi->low = low;
    dmi->close = close;
    dmi->has_last = 1;
}

static inline int fel_dmi_is_ready(const fel_dmi *dmi)
{
    return dmi->has_last && dmi->n_seen >= dmi->n_ready;
}

/* The directional indicators, in percent of the range; 0 where there is none. */
static inline double fel_dmi_plus(const fel_dmi *dmi)
{
    return dmi->range > 0.0 ? 100.0 * (dmi->up / dmi->range) : 0.0;
}

static inline double fel_dmi_minus(const fel_dmi *dmi)
{
    return dmi->range > 0.0 ? 100.0 * (dmi->down / dmi->range) : 0.0;
}

/* 100 |up - down| / (up + down); 0 where nothing moved. */
static inline double fel_dmi_dx(const fel_dmi *dmi)
{
    const double both = dmi->up + dmi->down;
    return both > 0.0 ? 100.0 * (fabs(dmi->up - dmi->down) / both) : 0.0;
}

static inline void fel_dmi_rescale(fel_dmi *dmi, double factor)
{
    dmi->up *= factor;
    dmi->down *= factor;
    dmi->range *= factor;
    dmi->high *= factor;
    dmi->low *= factor;
    dmi->close *= factor;
}

/* Wilder's average of the DX: ready n - 1 bars after it. */
typedef struct fel_adx {
    fel_dmi dmi;
    fel_ema average;
} fel_adx;

static inline void fel_adx_init(fel_adx *adx, size_t n, fel_dmi_seed seed)
{
    fel_dmi_init(&adx->dmi, n, seed);
    fel_ema_init_wilder(&adx->average, n);
}

static inline void fel_adx_push(fel_adx *adx, double high, double low, double close)
{
    fel_dmi_push(&adx->dmi, high, low, close);
    if (fel_dmi_is_ready(&adx->dmi)) {
        fel_ema_push(&adx->average, fel_dmi_dx(&adx->dmi));
    }
}

static inline int fel_adx_is_ready(const fel_adx *adx)
{
    return fel_ema_is_ready(&adx->average);
}

static inline double fel_adx_value(const fel_adx *adx)
{
    return fel_ema_value(&adx->average);
}

static inline void fel_adx_rescale(fel_adx *adx, double factor)
{
    fel_dmi_rescale(&adx->dmi, factor);
}

/* ---- parabolic stop and reverse -------------------------------------------------------------- */

/* What others do differently at the start and when the trend turns. */
typedef enum fel_psar_rule {
    FEL_PSAR_TALIB = 0, /* the second bar's larger move is the trend (long unless it is down), a
                           touch turns it, and the stop then clears the last two bars */
    FEL_PSAR_TULIP = 1  /* the trend is up unless the second bar's middle is lower, only a price
                           beyond the stop turns it, and the stop is then the extreme itself */
} fel_psar_rule;

/* Wilder (1978): a stop that goes step x (extreme - stop) towards the trend's extreme a bar, step
 * growing by itself with every new extreme, never into the last two bars. Ready from the second
 * bar on. */
typedef struct fel_psar {
    double step, most;
    double high, low;            /* of the last bar */
    double stop, extreme, speed; /* stop: for the next bar */
    double value;                /* at the last bar */
    fel_psar_rule rule;
    int trend;     /* +1 long, -1 short; after the last bar */
    size_t n_seen; /* stops at 2 */
} fel_psar;

static inline void fel_psar_init(fel_psar *psar, double step, double most, fel_psar_rule rule)
{
    psar->step = step;
    psar->most = most;
    psar->rule = rule;
    psar->high = psar->low = psar->stop = psar->extreme = psar->value = 0.0;
    psar->trend = 0;
    psar->n_seen = 0;
    psar->speed = step < most ? step : most;
}

/* The stop of the next bar: on towards the extreme, but clear of two bars. */
static inline void fel_psar_advance(fel_psar *psar, double last, double latest)
{
    const double side = (double)psar->trend;
    psar->stop += psar->speed * (psar->extreme - psar->stop);
    psar->stop = side * (psar->stop - last) > 0.0 ? last : psar->stop;
    psar->stop = side * (psar->stop - latest) > 0.0 ? latest : psar->stop;
}

/* With the second bar. */
static inline void fel_psar_begin(fel_psar *psar, double high, double low)
{
    if (psar->rule == FEL_PSAR_TALIB) {
        const double up = high - psar->high, down = psar->low - low;
        psar->trend = down > 0.0 && up < down ? -1 : 1;
        psar->stop = psar->trend > 0 ? psar->low : psar->high;
        psar->extreme = psar->trend > 0 ? high : low;
        psar->high = high; /* the bar before is not kept clear of */
        psar->low = low;
        return;
    }
    psar->trend = psar->high + psar->low <= high + low ? 1 : -1;
    psar->stop = psar->trend > 0 ? psar->low : psar->high;
    psar->extreme = psar->trend > 0 ? psar->high : psar->low;
    fel_psar_advance(psar, psar->stop, psar->stop);
}

static inline void fel_psar_turn(fel_psar *psar, double high, double low)
{
    psar->trend = -psar->trend;
    psar->value = psar->extreme;
    if (psar->rule == FEL_PSAR_TALIB) {
        const double side = (double)psar->trend;
        const double last = psar->trend > 0 ? psar->low : psar->high;
        const double latest = psar->trend > 0 ? low : high;
        psar->value = side * (psar->value - last) > 0.0 ? last : psar->value;
        psar->value = side * (psar->value - latest) > 0.0 ? latest : psar->value;
    }
    psar->stop = psar->value;
    psar->speed = psar->step < psar->most ? psar->step : psar->most;
    psar->extreme = psar->trend > 0 ? high : low;
}

/* A new extreme makes it faster. */
static inline void fel_psar_extend(fel_psar *psar, double reached)
{
    if ((double)psar->trend * (reached - psar->extreme) > 0.0) {
        const double speed = psar->speed + psar->step;
        psar->extreme = reached;
        psar->speed = speed < psar->most ? speed : psar->most;
    }
}

/* One bar at the stop that was set for it. */
static inline void fel_psar_step(fel_psar *psar, double high, double low)
{
    const int is_long = psar->trend > 0, extends_first = psar->rule == FEL_PSAR_TULIP;
    const double into = is_long ? psar->stop - low : high - psar->stop;
    psar->value = psar->stop;
    if (extends_first) {
        fel_psar_extend(psar, is_long ? high : low);
    }
    if (into > 0.0 || (into == 0.0 && psar->rule == FEL_PSAR_TALIB)) {
        fel_psar_turn(psar, high, low);
    } else if (!extends_first) {
        fel_psar_extend(psar, is_long ? high : low);
    }
}

static inline void fel_psar_push(fel_psar *psar, double high, double low)
{
    if (psar->n_seen == 1) {
        fel_psar_begin(psar, high, low);
    }
    if (psar->n_seen > 0) {
        fel_psar_step(psar, high, low);
        const int is_long = psar->trend > 0;
        fel_psar_advance(psar, is_long ? psar->low : psar->high, is_long ? low : high);
    }
    psar->high = high;
    psar->low = low;
    psar->n_seen += psar->n_seen < 2;
}

static inline int fel_psar_is_ready(const fel_psar *psar)
{
    return psar->n_seen == 2;
}

static inline double fel_psar_value(const fel_psar *psar)
{
    return psar->n_seen == 2 ? psar->value : (double)NAN;
}

static inline void fel_psar_rescale(fel_psar *psar, double factor)
{
    psar->high *= factor;
    psar->low *= factor;
    psar->stop *= factor;
    psar->extreme *= factor;
    psar->value *= factor;
}

/* ---- Supertrend ------------------------------------------------------------------------------ */

/* Bands of `multiple` ATRs around the bar's middle; each only tightens while the close before is
 * inside it. In a downtrend (as it starts) the line is the upper band, until a close is above it.
 * Ready with the ATR, from the bar n + 1 on. */
typedef struct fel_supertrend {
    fel_atr atr;
    double multiple;
    double upper, lower, last_close;
    int trend; /* +1 up, -1 down, 0 before the first band */
} fel_supertrend;

static inline void fel_supertrend_init(fel_supertrend *trend, size_t n, double multiple)
{
    fel_atr_init(&trend->atr, n);
    trend->multiple = multiple;
    trend->upper = trend->lower = trend->last_close = 0.0;
    trend->trend = 0;
}

static inline void fel_supertrend_push(fel_supertrend *trend, double high, double low, double close)
{
    fel_atr_push(&trend->atr, high, low, close);
    if (fel_atr_is_ready(&trend->atr)) {
        const double middle = 0.5 * (high + low), width = trend->multiple * trend->atr.range.value;
        const int is_first = trend->trend == 0;
        if (is_first || middle + width < trend->upper || trend->last_close > trend->upper) {
            trend->upper = middle + width;
        }
        if (is_first || middle - width > trend->lower || trend->last_close < trend->lower) {
            trend->lower = middle - width;
        }
        if (trend->trend > 0) {
            trend->trend = close < trend->lower ? -1 : 1;
        } else {
            trend->trend = !is_first && close > trend->upper ? 1 : -1;
        }
    }
    trend->last_close = close;
}

static inline int fel_supertrend_is_ready(const fel_supertrend *trend)
{
    return fel_atr_is_ready(&trend->atr);
}

static inline double fel_supertrend_value(const fel_supertrend *trend)
{
    return trend->trend > 0 ? trend->lower : trend->upper;
}

static inline void fel_supertrend_rescale(fel_supertrend *trend, double factor)
{
    fel_atr_rescale(&trend->atr, factor);
    trend->upper *= factor;
    trend->lower *= factor;
    trend->last_close *= factor;
}

FEL_END_DECLS
#endif
