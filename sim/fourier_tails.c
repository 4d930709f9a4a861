/* sim/fourier_tails.c - how far the tails of a law reach, and the line and step of the midpoint
 * rule that follow from it.
 *
 * With a = q + 1/2 a call of log strike k is worth at most exp(height(a) - a k) sqrt(F K), by
 * (S - K)^+ <= c S^(1+q) K^-q, c = q^q / (1+q)^(1+q) (Lee 2004); a put likewise with 1 - p for p
 * and -k for k. On the line p = 1/2 + c the rule adds the values at k + n period, n <> 0,
 * multiplied by exp(c n period): the left tail then counts with the rate a + c, the right one with
 * a - c, and the period is shortest where the two are even. */
#include <math.h>

#include "sim/fourier_internal.h"

/* A bound on one side (+1: calls, -1: puts): height and rate. */
typedef struct tail_bound {
    double side, rate, height;
} tail_bound;

static tail_bound bound_at(const fourier_law *law, double side, double q)
{
    tail_bound b = {side, 0.5, 0.0}; /* q = 0: E[S] = F, and K for the put */
    if (q > 0.0) {
        const double log_c = q * log(q) - (1.0 + q) * log1p(q);
        b.rate = 0.5 + q;
        b.height = log_c + law_log_moment(law, 0.5 + side * (0.5 + q));
    }
    return b;
}

/* Where the bound, damped by a factor exp(-damping k), falls below exp(-budget). */
static double reach_of(tail_bound b, double damping, double budget)
{
    const double rate = b.rate + damping;
    return rate > 0.0 && b.height < HUGE_VAL ? (budget + b.height) / rate : HUGE_VAL;
}

/* Try rates a factor apart, first down, then up, while they are better. A rough optimum will do: it
 * is a bound at any rate. */
static tail_bound improve(const fourier_law *law, tail_bound best, double damping, double budget)
{
    double reach = reach_of(best, damping, budget), factor = 0.7;
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < 40; i++) {
            const tail_bound next = bound_at(law, best.side, (best.rate - 0.5) * factor);
            const double far = reach_of(next, damping, budget);
            if (!(far < reach)) {
                break;
            }
            best = next;
            reach = far;
        }
        factor = 1.0 / factor;
    }
    return best;
}

/* From the rate that is best for a Gaussian down to where the moment exists, then by improvement.
 */
static tail_bound find_bound(const fourier_law *law, double side, double budget)
{
    double q = fmax(sqrt(2.0 * budget / law->variance) - 0.5, 1e-3);
    tail_bound b = bound_at(law, side, q);
    while (!(b.height < HUGE_VAL) && q > 1e-4) {
        q *= 0.5;
        b = bound_at(law, side, q);
    }
    if (!(b.height < HUGE_VAL)) {
        return bound_at(law, side, 0.0);
    }
    return improve(law, b, 0.0, budget);
}

law_tails law_find_tails(const fourier_law *law, double tolerance)
{
    const double budget = -log(tolerance);
    const tail_bound left = find_bound(law, -1.0, budget), right = find_bound(law, 1.0, budget);
    const law_tails tails = {fmax(reach_of(left, 0.0, budget), 0.0),
                             fmax(reach_of(right, 0.0, budget), 0.0), left.rate, right.rate,
                             tolerance};
    return tails;
}

/* ---- the line -------------------------------------------------------------------------------- */

/* What must be below the tolerance on both sides: left (a + c) period >= top, right (a - c) period
 * >= top, where top has the strikes' own distance in it. */
static double top_of(tail_bound b, double k_least, double k_most, double budget)
{
    return budget + b.height + b.rate * (b.side > 0.0 ? -k_least : k_most);
}

static double even_shift(double left_top, double left_rate, double right_top, double right_rate)
{
    return (left_top * right_rate - right_top * left_rate) / (left_top + right_top);
}

/* Off the poles at p = 0 and 1, and where the integrand's size costs few digits. */
static double tame_shift(const fourier_law *law, double c, double k_size)
{
    for (int i = 0; i < 8; i++) {
        if (law_log_moment(law, 0.5 + c) + fabs(c) * k_size < 7.0) {
            break;
        }
        c *= 0.5;
    }
    const double from_pole = fabs(c) - 0.5;
    return fabs(from_pole) < 0.15 ? copysign(0.35, c) : c;
}

lewis_line law_choose_line(const fourier_law *law, const law_tails *tails, double k_least,
                           double k_most)
{
    const double budget = -log(tails->tolerance);
    tail_bound left = bound_at(law, -1.0, tails->left_rate - 0.5);
    tail_bound right = bound_at(law, 1.0, tails->right_rate - 0.5);
    double c = even_shift(top_of(left, k_least, k_most, budget), left.rate,
                          top_of(right, k_least, k_most, budget), right.rate);
    left = improve(law, left, c, budget);
    right = improve(law, right, -c, budget);
    c = even_shift(top_of(left, k_least, k_most, budget), left.rate,
                   top_of(right, k_least, k_most, budget), right.rate);
    c = tame_shift(law, c, fmax(fabs(k_least), fabs(k_most)));
    const double by_left = top_of(left, k_least, k_most, budget) / (left.rate + c);
    const double by_right = top_of(right, k_least, k_most, budget) / (right.rate - c);
    const lewis_line line = {0.5 + c, fmax(by_left, by_right)};
    return line;
}
