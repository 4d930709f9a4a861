/* sim/black_scholes.c - Black's formula on a forward, and Black-Scholes-Merton with its greeks
 * (Black, Scholes 1973; Merton 1973; Black 1976). */
#include <math.h>

#include <feller/price.h>

#include "sim/black_internal.h"

double fel_black(fel_option_right right, double forward, double strike, double t_years,
                 double vol_per_year, double discount)
{
    const double inside = right == FEL_CALL ? forward - strike : strike - forward;
    const double s = vol_per_year * sqrt(t_years);
    const double otm =
        sqrt(forward) * sqrt(strike) * black_normalised(log_moneyness(forward, strike), s).value;
    return discount * (fmax(inside, 0.0) + otm);
}

static fel_status check_range(const char *name, double value, double low, const char *rule)
{
    if (!(value >= low) || !isfinite(value)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s %g: must be %s", name, value, rule);
    }
    return FEL_OK;
}

static fel_status black_scholes_check(double spot, double strike, double t_years,
                                      double rate_per_year, double dividend_per_year,
                                      double vol_per_year)
{
    FEL_TRY(check_range("spot", spot, 1e-300, "above 0"));
    FEL_TRY(check_range("strike", strike, 1e-300, "above 0"));
    FEL_TRY(check_range("t_years", t_years, 0.0, "0 or more"));
    FEL_TRY(check_range("rate_per_year", rate_per_year, -1e3, "a finite number"));
    FEL_TRY(check_range("dividend_per_year", dividend_per_year, -1e3, "a finite number"));
    return check_range("vol_per_year", vol_per_year, 0.0, "0 or more");
}

/* Distances d1 and d2 and the density at d1; where s = 0 they are at infinity (0 at the money). */
typedef struct black_point {
    double d1, d2, density;
} black_point;

static black_point point_at(double forward, double strike, double s)
{
    double log_ratio = log_moneyness(forward, strike);
    log_ratio = forward < strike ? -log_ratio : log_ratio;
    black_point p = {0.0, 0.0, 0.0};
    if (s > 0.0) {
        p.d1 = log_ratio / s + 0.5 * s;
        p.d2 = log_ratio / s - 0.5 * s;
        p.density = 0.39894228040143267794 * exp(-0.5 * p.d1 * p.d1);
    } else if (forward != strike) {
        p.d1 = p.d2 = forward > strike ? HUGE_VAL : -HUGE_VAL;
    }
    return p;
}

fel_status fel_black_scholes(fel_option_right right, double spot, double strike, double t_years,
                             double rate_per_year, double dividend_per_year, double vol_per_year,
                             fel_greeks *out)
{
    FEL_TRY(
        black_scholes_check(spot, strike, t_years, rate_per_year, dividend_per_year, vol_per_year));
    const double sign = right == FEL_CALL ? 1.0 : -1.0, root_t = sqrt(t_years);
    const double discount = exp(-rate_per_year * t_years),
                 carry = exp(-dividend_per_year * t_years);
    const double forward = spot * exp((rate_per_year - dividend_per_year) * t_years);
    const double s = vol_per_year * root_t;
    const black_point p = point_at(forward, strike, s);
    const double asset = spot * carry * normal_cdf(sign * p.d1);
    const double cash = strike * discount * normal_cdf(sign * p.d2);
    const double spread = spot * carry * p.density; /* vega over root t, gamma spot^2 s */
    out->price = fel_black(right, forward, strike, t_years, vol_per_year, discount);
    out->delta = sign * carry * normal_cdf(sign * p.d1);
    out->gamma = s > 0.0 ? spread / (spot * spot * s) : 0.0;
    out->vega = spread * root_t;
    out->theta = sign * (dividend_per_year * asset - rate_per_year * cash) -
                 (t_years > 0.0 ? 0.5 * spread * vol_per_year / root_t : 0.0);
    out->rho = sign * t_years * cash;
    out->dividend_rho = -sign * t_years * asset;
    out->in_the_money = normal_cdf(sign * p.d2);
    return FEL_OK;
}
