/* hedge/hedge_feature_internal.h - the rows of the table of features. */
#ifndef FEL_HEDGE_FEATURE_INTERNAL_H
#define FEL_HEDGE_FEATURE_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedge_feature_internal.h belongs to hedge/"
#endif

#include "hedge/hedge_internal.h"

/* Of the latest prices: hedge_feature_price.c. */
extern const hedge_feature_class hedge_feature_log_moneyness, hedge_feature_moneyness;
extern const hedge_feature_class hedge_feature_time_to_maturity, hedge_feature_time_left;
extern const hedge_feature_class hedge_feature_spot, hedge_feature_log_return;
extern const hedge_feature_class hedge_feature_variance, hedge_feature_volatility;
extern const hedge_feature_class hedge_feature_instrument_price;

/* Of the path so far: hedge_feature_path.c. */
extern const hedge_feature_class hedge_feature_realised_volatility;
extern const hedge_feature_class hedge_feature_max_log_moneyness, hedge_feature_min_log_moneyness;
extern const hedge_feature_class hedge_feature_average_log_moneyness;

/* Of the book: hedge_feature_greek.c. */
extern const hedge_feature_class hedge_feature_black_scholes_delta;
extern const hedge_feature_class hedge_feature_black_scholes_gamma;
extern const hedge_feature_class hedge_feature_heston_delta;

/* Does the market show a variance at every date? */
int hedge_market_has_variance(const fel_hedge_problem *problem);

/* The variance a year that a hedger would have estimated at this date of each path, from the
 * problem's reference volatility on: v_k = w v_(k-1) + (1 - w) ln(S_k / S_(k-1))^2 / dt, w = 2^(-1
 * / half_life_dates). One row of state, which is also the result. */
void hedge_estimate_variance(const hedge_view *view, double half_life_dates, double *state);

#endif
