/* sim/american_baw.c - Barone-Adesi and Whaley (1987): the European value plus a premium A (S /
 * S*)^g that solves the pricing equation with its time derivative approximated. S* is where the
 * value meets the intrinsic value with slope 1. */
#include <math.h>

#include "sim/american_internal.h"
#include "sim/black_internal.h"

static double premium_power(const american_option *o)
{
    const double variance = o->vol * o->vol, n = 2.0 * (o->rate - o->dividend) / variance;
    const double gone = -expm1(-o->rate * o->t);
    const double k = o->rate != 0.0 ? 2.0 * o->rate / (variance * gone) : 2.0 / (variance * o->t);
    return 0.5 * (1.0 - n + (double)o->right * sqrt((n - 1.0) * (n - 1.0) + 4.0 * k));
}

static double premium_slope(const american_option *o, double spot)
{
    const double s = o->vol * sqrt(o->t);
    const double d1 = (log(spot / o->strike) + (o->rate - o->dividend) * o->t) / s + 0.5 * s;
    return 1.0 - exp(-o->dividend * o->t) * normal_cdf((double)o->right * d1);
}

/* Value held less value exercised at the boundary; falls from positive to negative as the option
 * goes deeper into the money. */
static double boundary_gap(const american_option *o, double power, double spot)
{
    const double sign = (double)o->right;
    return european_value(o, spot) + sign * premium_slope(o, spot) * spot / power -
           sign * (spot - o->strike);
}

/* S* by doubling away from the strike, then halving and secants between. */
static double find_boundary(const american_option *o, double power)
{
    const double step = o->right == FEL_CALL ? 2.0 : 0.5;
    double held = o->strike, exercised = o->strike * step;
    for (int i = 0; i < 1000 && boundary_gap(o, power, exercised) > 0.0; i++) {
        held = exercised;
        exercised *= step;
    }
    double held_gap = boundary_gap(o, power, held), gap = boundary_gap(o, power, exercised);
    for (int i = 0; i < 200 && fabs(exercised - held) > 1e-14 * held; i++) {
        const double secant = held + (exercised - held) * held_gap / (held_gap - gap);
        const double middle = 0.5 * (held + exercised);
        const double near = i % 3 == 2 ? middle : secant;
        const double at_near = boundary_gap(o, power, near);
        if (at_near == 0.0) {
            return near;
        }
        if (at_near > 0.0) {
            held = near;
            held_gap = at_near;
        } else {
            exercised = near;
            gap = at_near;
        }
    }
    return 0.5 * (held + exercised);
}

double american_barone_adesi_whaley(const american_option *o)
{
    const double sign = (double)o->right, power = premium_power(o);
    const double boundary = find_boundary(o, power);
    if (sign * (o->spot - boundary) >= 0.0) {
        return sign * (o->spot - o->strike);
    }
    const double premium = sign * boundary / power * premium_slope(o, boundary);
    return european_value(o, o->spot) + premium * pow(o->spot / boundary, power);
}
