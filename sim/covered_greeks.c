/* sim/covered_greeks.c - greeks from the derivatives of the covered call's value V(F, K, t): a call
 * is D (F - V), a put D (K - V), with D = exp(-r t) and F = S exp((r - q) t). */
#include <math.h>

#include "sim/fourier_internal.h"

void greeks_of_covered(const fel_process *process, const fourier_law *law, double strike,
                       fel_option_right right, const covered_value *covered, fel_greeks *out)
{
    const double discount = law->discount, forward = law->forward, t = law->t;
    const double rate = process->rate_per_year, yield = process->dividend_per_year;
    const double by_spot = forward / process->spot; /* dF/dS */
    const double inside = right == FEL_CALL ? forward - strike : strike - forward;
    const double time_value = fmax(fmin(forward, strike) - covered->value, 0.0);
    const double by_forward = (right == FEL_CALL ? 1.0 : 0.0) - covered->by_forward;
    const double carried = t * discount * forward * by_forward;
    const double vol_slope =
        law->has_variance ? 2.0 * sqrt(law->v0) : 2.0 * process->vol_per_year * t;
    out->price = discount * (fmax(inside, 0.0) + time_value);
    out->delta = discount * by_spot * by_forward;
    out->gamma = -discount * by_spot * by_spot * covered->by_forward2;
    out->vega = -discount * covered->by_vol * vol_slope;
    out->theta =
        rate * out->price - discount * ((rate - yield) * forward * by_forward - covered->by_time);
    out->rho = carried - t * out->price;
    out->dividend_rho = -carried;
    out->in_the_money = right == FEL_CALL ? covered->by_strike : 1.0 - covered->by_strike;
}
