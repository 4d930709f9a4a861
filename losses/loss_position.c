/* losses/loss_position.c - how an output becomes a position, with the derivative. */
#include "losses/loss_trading_internal.h"

typedef double (*position_rule)(double x, double *slope);

static double by_tanh(double x, double *slope)
{
    const double c = cosh(x);
    *slope = 1.0 / (c * c);
    return tanh(x);
}

static double by_sigmoid(double x, double *slope)
{
    const double c = cosh(0.5 * x);
    *slope = 0.25 / (c * c);
    return 0.5 * (1.0 + tanh(0.5 * x));
}

/* Beyond +-1 an output gets no gradient. */
static double by_clip(double x, double *slope)
{
    *slope = fabs(x) < 1.0 ? 1.0 : 0.0;
    return fmin(fmax(x, -1.0), 1.0);
}

static double by_nothing(double x, double *slope)
{
    *slope = 1.0;
    return x;
}

/* The sign; the gradient is that of clip. */
static double by_sign(double x, double *slope)
{
    *slope = fabs(x) <= 1.0 ? 1.0 : 0.0;
    return loss_sign(x);
}

enum { LINEAR = 3, SIGN = 4 };
static const position_rule rules[] = {by_tanh, by_sigmoid, by_clip, by_nothing, by_sign};

/* Long only: a short has slope 0, but at 0 itself the slope stays, so that a model that starts
 * there can begin to buy. Straight-through slopes pass whatever the position is. */
double trade_position(const double *params, double output, double *slope)
{
    const size_t rule = (size_t)params[TRADE_POSITION];
    const double position = rules[rule](params[TRADE_SCALE] * output, slope);
    *slope *= params[TRADE_SCALE];
    if (params[TRADE_LONG_ONLY] > 0.0 && position < 0.0) {
        *slope = rule == SIGN ? *slope : 0.0;
        return 0.0;
    }
    return position;
}

int trade_is_bounded(const double *params)
{
    return (size_t)params[TRADE_POSITION] != LINEAR;
}
