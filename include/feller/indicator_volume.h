/* feller/indicator_volume.h - part of indicator.h: money flow, on-balance volume, VWAP. A rescale
 * is a split: prices by the factor, volumes by its inverse. */
#ifndef FEL_INDICATOR_VOLUME_H
#define FEL_INDICATOR_VOLUME_H

#include <feller/indicator_sum.h>

FEL_BEGIN_DECLS

static inline double fel_typical_price(double high, double low, double close)
{
    return (high + low + close) / 3.0;
}

/* ---- money flow index ------------------------------------------------------------------------ */

/* Quong and Soudack (1989): 100 x up / (up + down), the sums of price x volume of the last n bars
 * whose typical price rose, fell; 50 where there was no flow. Ready from the bar n + 1 on. */
typedef struct fel_mfi {
    fel_lag flows; /* with the sign of the change */
    fel_sum up, down;
    double last;
    int has_last;
} fel_mfi;

static inline size_t fel_mfi_size_bytes(size_t n)
{
    return fel_lag_size_bytes(n);
}

static inline void fel_mfi_init(fel_mfi *mfi, void *memory, size_t n)
{
    const fel_sum zero = {0.0, 0.0};
    fel_lag_init(&mfi->flows, memory, n);
    mfi->up = mfi->down = zero;
    mfi->last = 0.0;
    mfi->has_last = 0;
}

static inline void fel_mfi_push(fel_mfi *mfi, double typical, double volume)
{
    if (mfi->has_last) {
        const double sign = (double)((typical > mfi->last) - (typical < mfi->last));
        const double flow = sign * typical * volume;
        const double leaves = fel_lag_swap(&mfi->flows, flow);
        fel_sum_add(&mfi->up, flow > 0.0 ? flow : 0.0);
        fel_sum_add(&mfi->down, flow < 0.0 ? -flow : 0.0);
        fel_sum_add(&mfi->up, leaves > 0.0 ? -leaves : 0.0);
        fel_sum_add(&mfi->down, leaves < 0.0 ? leaves : 0.0);
    }
    mfi->last = typical;
    mfi->has_last = 1;
}

static inline int fel_mfi_is_ready(const fel_mfi *mfi)
{
    return fel_lag_is_full(&mfi->flows);
}

static inline double fel_mfi_value(const fel_mfi *mfi)
{
    const double up = fel_sum_value(&mfi->up), both = up + fel_sum_value(&mfi->down);
    return both > 0.0 ? 100.0 * (up / both) : 50.0;
}

static inline void fel_mfi_rescale(fel_mfi *mfi, double factor)
{
    mfi->last *= factor; /* flows of money do not change */
}

/* ---- on-balance volume ----------------------------------------------------------------------- */

/* Granville (1963): volume added on rises of the close, taken away on falls. Starts with the first
 * bar as `start`: 0 (Tulip) or that bar's volume (TA-Lib). */
typedef struct fel_obv {
    fel_sum total;
    double last;
    int has_last, starts_with_volume;
} fel_obv;

static inline void fel_obv_init(fel_obv *obv, int starts_with_volume)
{
    obv->total.hi = obv->total.lo = 0.0;
    obv->last = 0.0;
    obv->has_last = 0;
    obv->starts_with_volume = starts_with_volume;
}

static inline void fel_obv_push(fel_obv *obv, double close, double volume)
{
    const double sign = obv->has_last ? (double)((close > obv->last) - (close < obv->last))
                                      : (double)(obv->starts_with_volume != 0);
    fel_sum_add(&obv->total, sign * volume);
    obv->last = close;
    obv->has_last = 1;
}

static inline double fel_obv_value(const fel_obv *obv)
{
    return fel_sum_value(&obv->total);
}

static inline void fel_obv_rescale(fel_obv *obv, double factor)
{
    obv->total.hi /= factor;
    obv->total.lo /= factor;
    obv->last *= factor;
}

/* ---- volume-weighted average price ----------------------------------------------------------- */

/* Of all since the start or the last fel_vwap_reset(), as at the begin of a session; or of the last
 * n bars. NaN where nothing was traded. Ready from the first bar, or the n-th. */
typedef struct fel_vwap {
    fel_sum money, volume;
    fel_lag moneys, volumes; /* length 0: no window */
} fel_vwap;

static inline size_t fel_vwap_size_bytes(size_t n)
{
    return 2 * fel_lag_size_bytes(n);
}

/* n 0: since the start; memory may be NULL then. */
static inline void fel_vwap_init(fel_vwap *vwap, void *memory, size_t n)
{
    const fel_sum zero = {0.0, 0.0};
    double *const ring = (double *)memory;
    vwap->money = vwap->volume = zero;
    fel_lag_init(&vwap->moneys, ring, n);
    fel_lag_init(&vwap->volumes, n > 0 ? ring + n : ring, n);
}

static inline void fel_vwap_reset(fel_vwap *vwap)
{
    fel_vwap_init(vwap, vwap->moneys.ring, vwap->moneys.length);
}

static inline void fel_vwap_push(fel_vwap *vwap, double price, double volume)
{
    const double money = price * volume;
    fel_sum_add(&vwap->money, money);
    fel_sum_add(&vwap->volume, volume);
    if (vwap->moneys.length > 0) {
        fel_sum_add(&vwap->money, -fel_lag_swap(&vwap->moneys, money));
        fel_sum_add(&vwap->volume, -fel_lag_swap(&vwap->volumes, volume));
    }
}

static inline int fel_vwap_is_ready(const fel_vwap *vwap)
{
    return fel_lag_is_full(&vwap->moneys);
}

static inline double fel_vwap_value(const fel_vwap *vwap)
{
    const double volume = fel_sum_value(&vwap->volume);
    return volume > 0.0 ? fel_sum_value(&vwap->money) / volume : (double)NAN;
}

static inline void fel_vwap_rescale(fel_vwap *vwap, double factor)
{
    vwap->volume.hi /= factor;
    vwap->volume.lo /= factor;
    fel_lag_rescale(&vwap->volumes, 1.0 / factor);
}

FEL_END_DECLS
#endif
