/* sim/closed_barrier.c - barrier options and first touches under geometric Brownian motion (Merton
 * 1973; Reiner, Rubinstein 1991; Rubinstein, Reiner 1991).
 *
 * By reflection: with b = r - q, nu = b - vol^2 / 2 and an extreme event at H, a claim's value on
 * paths that met H and ended at x is (H/S)^(2 nu / vol^2) times the value of its mirror image. All
 * values below are of vanilla pieces with an exercise region bounded by K or H. */
#include <math.h>

#include "sim/black_internal.h"
#include "sim/closed_internal.h"

typedef struct law {
    double spot, discount, growth; /* exp(-r t), exp(-q t) */
    double nu_t, variance, deviation;
    double power; /* 2 nu / vol^2 */
} law;

static law law_of(const fel_process *p, double t_years)
{
    const double variance = p->vol_per_year * p->vol_per_year * t_years;
    const double nu_t = (p->rate_per_year - p->dividend_per_year) * t_years - 0.5 * variance;
    const law made = {p->spot,
                      exp(-p->rate_per_year * t_years),
                      exp(-p->dividend_per_year * t_years),
                      nu_t,
                      variance,
                      sqrt(variance),
                      2.0 * nu_t / variance};
    return made;
}

/* Present value of right (S_T - strike) on the paths that end beyond `level` (below it where beyond
 * < 0), seen from `from`. */
static double piece(const law *l, double from, double right, double strike, double level,
                    double beyond)
{
    const double d = (log(from / level) + l->nu_t) / l->deviation;
    return right * (from * l->growth * normal_cdf(beyond * (d + l->deviation)) -
                    strike * l->discount * normal_cdf(beyond * d));
}

/* The same on the paths that also met the barrier: the mirror image. */
static double mirrored(const law *l, const closed_barrier *o, double level, double beyond)
{
    const double ratio = o->barrier / l->spot;
    return pow(ratio, l->power) *
           piece(l, l->spot * ratio * ratio, o->right, o->strike, level, beyond);
}

/* Value of the option that exists only if the barrier is met. Exercise needs right (S_T - strike) >
 * 0; split that region at the barrier: beyond the barrier every path has met it, on this side the
 * mirror image counts. */
static double knock_in(const law *l, const closed_barrier *o)
{
    const double past = -o->side; /* the direction beyond the barrier */
    const int strike_is_past = past * (o->strike - o->barrier) > 0.0;
    if (o->right == past) {
        /* Exercise region runs away beyond the barrier's side. */
        if (strike_is_past) {
            return piece(l, l->spot, o->right, o->strike, o->strike, past);
        }
        return piece(l, l->spot, o->right, o->strike, o->barrier, past) +
               mirrored(l, o, o->strike, o->right) - mirrored(l, o, o->barrier, past);
    }
    /* Exercise region runs back to this side. */
    if (strike_is_past) {
        return piece(l, l->spot, o->right, o->strike, o->strike, o->right) -
               piece(l, l->spot, o->right, o->strike, o->barrier, o->right) +
               mirrored(l, o, o->barrier, o->right);
    }
    return mirrored(l, o, o->strike, o->right);
}

double closed_touch_probability(const fel_process *process, double t_years, double side,
                                double level, int asset_measure)
{
    law l = law_of(process, t_years);
    if (side * (l.spot - level) <= 0.0) {
        return 1.0;
    }
    if (asset_measure) {
        l.nu_t += l.variance;
        l.power += 2.0;
    }
    const double h = log(level / l.spot);
    return normal_cdf(side * (h - l.nu_t) / l.deviation) +
           pow(level / l.spot, l.power) * normal_cdf(side * (h + l.nu_t) / l.deviation);
}

double closed_touch_discount(const fel_process *process, double t_years, double side, double level)
{
    const law l = law_of(process, t_years);
    if (side * (l.spot - level) <= 0.0) {
        return 1.0;
    }
    const double half = 0.5 * l.power;
    const double root = sqrt(half * half + 2.0 * process->rate_per_year * t_years / l.variance);
    const double h = log(level / l.spot);
    const double shift = root * l.variance;
    return exp(h * (half + root)) * normal_cdf(side * (h + shift) / l.deviation) +
           exp(h * (half - root)) * normal_cdf(side * (h - shift) / l.deviation);
}

double closed_barrier_price(const closed_barrier *o)
{
    const law l = law_of(o->process, o->t_years);
    const double vanilla = piece(&l, l.spot, o->right, o->strike, o->strike, o->right);
    const int is_met = o->side * (l.spot - o->barrier) <= 0.0;
    const double in = is_met ? vanilla : knock_in(&l, o);
    if (o->is_out) {
        return (is_met ? 0.0 : vanilla - in) +
               o->rebate * closed_touch_discount(o->process, o->t_years, o->side, o->barrier);
    }
    return in +
           o->rebate * l.discount *
               (1.0 - closed_touch_probability(o->process, o->t_years, o->side, o->barrier, 0));
}
