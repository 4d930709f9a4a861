/* sim/american_bjerksund.c - Bjerksund and Stensland (1993): exercise at a flat boundary, whose
 * value is known in closed form; a lower bound. Puts by put-call symmetry: spot and strike, rate
 * and dividend change places. */
#include <math.h>

#include "sim/american_internal.h"
#include "sim/black_internal.h"

/* A call with its cost of carry and flat boundary. */
typedef struct flat_call {
    double spot, strike, t, rate, carry, vol;
    double boundary;
} flat_call;

/* Value of spot^power at expiry, paid if the spot is then below `above` and has not reached the
 * boundary before. */
static double below(const flat_call *c, double power, double above)
{
    const double variance = c->vol * c->vol, s = c->vol * sqrt(c->t);
    const double growth =
        (-c->rate + power * c->carry + 0.5 * power * (power - 1.0) * variance) * c->t;
    const double d = -(log(c->spot / above) + (c->carry + (power - 0.5) * variance) * c->t) / s;
    const double far = log(c->boundary / c->spot);
    const double kappa = 2.0 * c->carry / variance + (2.0 * power - 1.0);
    const double mirrored = normal_cdf(d - 2.0 * far / s);
    const double image = mirrored > 0.0 ? exp(kappa * far) * mirrored : 0.0;
    return exp(growth) * pow(c->spot, power) * (normal_cdf(d) - image);
}

/* Between what is right just before expiry and for ever. */
static double flat_boundary(const flat_call *c, double beta)
{
    const double yield = c->rate - c->carry;
    const double last = fmax(c->strike, c->rate / yield * c->strike);
    const double ever = beta / (beta - 1.0) * c->strike;
    const double way = -(c->carry * c->t + 2.0 * c->vol * sqrt(c->t)) * last / (ever - last);
    return last + (ever - last) * -expm1(way);
}

static double call_value(flat_call *c)
{
    const double variance = c->vol * c->vol, half = 0.5 - c->carry / variance;
    const double beta = half + sqrt(half * half + 2.0 * c->rate / variance);
    c->boundary = flat_boundary(c, beta);
    const double top = c->boundary - c->strike;
    if (c->spot >= c->boundary) {
        return c->spot - c->strike;
    }
    /* top (spot / boundary)^beta less what is not yet exercised at expiry */
    const double scale = top * pow(c->boundary, -beta);
    return scale * (pow(c->spot, beta) - below(c, beta, c->boundary)) + below(c, 1.0, c->boundary) -
           below(c, 1.0, c->strike) -
           c->strike * (below(c, 0.0, c->boundary) - below(c, 0.0, c->strike));
}

double american_bjerksund_stensland(const american_option *o)
{
    const double carry = o->rate - o->dividend;
    flat_call call = {o->spot, o->strike, o->t, o->rate, carry, o->vol, 0.0};
    if (o->right == FEL_PUT) {
        const flat_call mirror = {o->strike, o->spot, o->t, o->dividend, -carry, o->vol, 0.0};
        call = mirror;
    }
    /* In units of the strike: powers of large prices overflow. */
    const double unit = call.strike;
    call.spot /= unit;
    call.strike = 1.0;
    return unit * call_value(&call);
}
