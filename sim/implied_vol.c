/* sim/implied_vol.c - the volatility that Black's formula needs for a price.
 *
 * The normalised time value b(x, s) has its inflection at s_c = sqrt(2 x). Below b(s_c) the search
 * is on 1 / ln b, which is nearly linear in s^2 down to the smallest prices; above, on b itself or
 * on ln(sup b - b), nearly linear in s^2, where b is close to its supremum (the three objectives of
 * Jaeckel, "Let's be rational", 2015). Householder's step of third order (error to the fourth
 * power), kept inside a bracket, from a guess by one step in 1/s^2 or s^2. */
#include <math.h>

#include <feller/price.h>

#include "sim/black_internal.h"

/* An objective's value over its slope, and its next two derivatives over its slope. */
typedef struct step_terms {
    double newton, second, third;
} step_terms;

typedef struct iv_target {
    double x;       /* |ln(forward / strike)| */
    double value;   /* b wanted */
    double missing; /* exp(-x/2) - b wanted */
    double center;  /* s_c */
    black_value at_center;
} iv_target;

/* b''/b' and b'''/b' by s. */
static void slope_ratios(double x, double s, double *second, double *third)
{
    const double h = x * x / (s * s * s);
    *second = h - 0.25 * s;
    *third = *second * *second - 3.0 * h / s - 0.25;
}

typedef step_terms terms_fn(const iv_target *want, double s, black_value b);

static step_terms terms_direct(const iv_target *want, double s, black_value b)
{
    step_terms terms = {(b.value - want->value) / b.slope, 0.0, 0.0};
    slope_ratios(want->x, s, &terms.second, &terms.third);
    return terms;
}

/* 1 / ln b. */
static step_terms terms_low(const iv_target *want, double s, black_value b)
{
    double second = 0.0, third = 0.0;
    slope_ratios(want->x, s, &second, &third);
    const double r = b.slope / b.value, log_b = log(b.value);
    const double l2 = second - r, l3 = third - 3.0 * second * r + 2.0 * r * r, q = r / log_b;
    return (step_terms){log_b / log(want->value) * log(b.value / want->value) / r, l2 - 2.0 * q,
                        l3 - 6.0 * l2 * q + 6.0 * q * q};
}

/* ln(sup b - b). */
static step_terms terms_high(const iv_target *want, double s, black_value b)
{
    double second = 0.0, third = 0.0;
    slope_ratios(want->x, s, &second, &third);
    const double r = -b.slope / b.missing;
    return (step_terms){log(b.missing / want->missing) / r, second - r,
                        third - 3.0 * second * r + 2.0 * r * r};
}

/* One step from s_c on ln b by 1/s^2, or on ln(sup b - b) by s^2. */
static double first_guess(const iv_target *want, int is_low)
{
    const double c = want->center;
    if (want->x == 0.0) {
        const double linear = want->value / want->at_center.slope;
        return want->value < 0.5 ? linear : sqrt(-8.0 * log(want->missing));
    }
    if (is_low) {
        const double gap = log(want->at_center.value) - log(want->value);
        const double by_inverse = 0.5 * c * c * c * want->at_center.slope / want->at_center.value;
        return 1.0 / sqrt(1.0 / (c * c) + gap / by_inverse);
    }
    const double gap = log(want->at_center.missing / want->missing);
    return sqrt(c * c + 2.0 * c * gap * want->at_center.missing / want->at_center.slope);
}

static double householder(step_terms f)
{
    const double top = f.newton * (1.0 - 0.5 * f.second * f.newton);
    const double bottom = 1.0 - f.second * f.newton + f.third * f.newton * f.newton / 6.0;
    const double step = top / bottom;
    return bottom > 0.0 && step * f.newton > 0.0 ? step : f.newton;
}

/* Where to look: on this side of s_c, by the objective that suits the value. */
typedef struct iv_search {
    terms_fn *terms;
    double low, high; /* bracket of s */
} iv_search;

static iv_search plan_search(const iv_target *want)
{
    iv_search search = {terms_direct, want->center, HUGE_VAL};
    if (want->value < want->at_center.value) {
        search = (iv_search){terms_low, 0.0, want->center};
    } else if (want->missing < 0.5 * want->at_center.missing) {
        search.terms = terms_high;
    }
    return search;
}

/* From s by the objective, or to the middle of the bracket where b says nothing there or the step
 * leaves it. */
static double next_guess(const iv_target *want, const iv_search *search, double s, black_value b)
{
    double next = 0.0;
    if (b.value > 0.0 && b.missing > 0.0 && b.slope > 0.0) {
        next = s - householder(search->terms(want, s, b));
    }
    /* Rounding may have put an end of the bracket on the wrong side of the root by a little. */
    const int is_inside =
        next > 0.999999 * search->low && next < 1.000001 * search->high && next > 0.0;
    return is_inside ? next : 0.5 * (search->low + fmin(search->high, 2.0 * s + search->low));
}

static double solve(const iv_target *want)
{
    iv_search search = plan_search(want);
    double s = first_guess(want, search.terms == terms_low);
    for (int i = 0; i < 64; i++) {
        const black_value b = black_normalised(want->x, s);
        if (b.value < want->value) {
            search.low = fmax(search.low, s);
        } else {
            search.high = fmin(search.high, s);
        }
        const double next = next_guess(want, &search, s, b), step = fabs(next - s);
        s = next;
        /* The error is now about the step's fourth power. */
        if (step <= 1e-5 * s || search.high - search.low <= 1e-15 * s) {
            break;
        }
    }
    return s;
}

static fel_status check_inputs(double price, double forward, double strike, double t_years,
                               double discount)
{
    const int ok = isfinite(price) && forward > 0.0 && isfinite(forward) && strike > 0.0 &&
                   isfinite(strike) && t_years > 0.0 && isfinite(t_years) && discount > 0.0 &&
                   isfinite(discount);
    return ok ? FEL_OK
              : FEL_RAISE(FEL_ERR_RANGE,
                          "price %g, forward %g, strike %g, t_years %g, discount %g: all but the "
                          "price must be above 0, none NaN or infinite",
                          price, forward, strike, t_years, discount);
}

fel_status fel_implied_vol(fel_option_right right, double price, double forward, double strike,
                           double t_years, double discount, double *vol_per_year)
{
    FEL_TRY(check_inputs(price, forward, strike, t_years, discount));
    const double floor_ = fmax(right == FEL_CALL ? forward - strike : strike - forward, 0.0);
    const double top = right == FEL_CALL ? forward : strike;
    double otm = price / discount - floor_;
    /* What subtraction can leave of an intrinsic value computed elsewhere is none. */
    if (fabs(otm) <= 4e-16 * top && floor_ > 0.0) {
        otm = 0.0;
    }
    if (otm < 0.0 || !(price < top * discount)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "price %.17g of a %s: no volatility gives it; it must be from %.17g to "
                         "below %.17g",
                         price, right == FEL_CALL ? "call" : "put", floor_ * discount,
                         top * discount);
    }
    iv_target want = {.x = log_moneyness(forward, strike)};
    want.value = otm / (sqrt(forward) * sqrt(strike));
    want.missing = exp(-0.5 * want.x) - want.value;
    if (!(want.value > 0.0) || !(want.missing > 0.0)) {
        *vol_per_year = 0.0;
        return want.value > 0.0 ? FEL_RAISE(FEL_ERR_RANGE,
                                            "price %.17g: too near its upper bound %.17g to "
                                            "determine a volatility",
                                            price, top * discount)
                                : FEL_OK;
    }
    want.center = sqrt(2.0 * want.x);
    want.at_center = black_normalised(want.x, want.center);
    *vol_per_year = solve(&want) / sqrt(t_years);
    return FEL_OK;
}
