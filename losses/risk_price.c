/* losses/risk_price.c - indifference prices (Hodges and Neuberger 1989).
 *
 * p with rho(with + p) = rho(without). Cash-invariant: the difference of both. Else
 * f(p) = rho(with + p) - rho(without) is convex (terms are, and there is no finish), so Newton's
 * iteration from a p where f is above 0 and falls climbs to the lowest root and never beyond it; if
 * f stops to fall while above 0 there is none; nor where it is below 0 up to the domain's edge. */
#include <float.h>
#include <stdlib.h>

#include "core/sum.h"
#include "losses/risk_internal.h"

typedef struct price_problem {
    const fel_risk *risk;
    const double *with;
    double *shifted, *slopes; /* n */
    size_t n;
    double target;
} price_problem;

typedef struct price_point {
    double p, excess, derivative; /* excess infinite: beyond the domain, or too large a number */
} price_point;

static price_point point_at(const price_problem *problem, double p)
{
    price_point at = {p, HUGE_VAL, -HUGE_VAL};
    fel_risk_sums sums;
    running_sum slopes = {0};
    for (size_t i = 0; i < problem->n; i++) {
        problem->shifted[i] = problem->with[i] + p;
    }
    fel_risk_terms(problem->risk, problem->shifted, problem->n, 0.0, &sums, problem->slopes, NULL);
    for (size_t i = 0; i < problem->n; i++) {
        running_add(&slopes, problem->slopes[i]);
    }
    if (isfinite(sums.term) && isfinite(running_value(&slopes))) {
        at.excess = sums.term / sums.n - problem->target;
        at.derivative = running_value(&slopes) / sums.n;
    }
    return at;
}

static int is_beyond(const price_point *at)
{
    return isinf(at->excess);
}
/* May Newton's climb begin here? */
static int is_before_root(const price_point *at)
{
    return !is_beyond(at) && at->excess > 0.0 && at->derivative < 0.0;
}

/* From where numbers exist, go left until the root is ahead; a step beyond the edge of numbers is
 * taken back by half. */
static price_point step_back(const price_problem *problem, price_point from, double step)
{
    enum { MOST_STEPS = 400 };
    double grow = 2.0;
    for (int i = 0; i < MOST_STEPS && !is_before_root(&from); i++) {
        const price_point next = point_at(problem, from.p - step);
        if (is_beyond(&next)) {
            grow = 0.5;
        } else {
            from = next;
        }
        step *= grow;
    }
    return from;
}

static price_point step_forward(const price_problem *problem, price_point from, double step)
{
    enum { MOST_STEPS = 1100 };
    for (int i = 0; i < MOST_STEPS && is_beyond(&from) && isfinite(step); i++) {
        from = point_at(problem, from.p + step);
        step *= 2.0;
    }
    return from;
}

/* The lowest root, NaN if there is none. */
static double climb(const price_problem *problem, price_point at)
{
    enum { MOST_STEPS = 10000 };
    const double nothing = 8.0 * DBL_EPSILON * fabs(problem->target);
    if (!is_beyond(&at) && at.excess < -nothing) {
        return (double)NAN;
    }
    for (int i = 0; i < MOST_STEPS && is_before_root(&at); i++) {
        const double next = at.p - at.excess / at.derivative;
        if (!(next > at.p)) {
            return at.p;
        }
        at = point_at(problem, next);
    }
    return !is_beyond(&at) && at.excess <= nothing ? at.p : (double)NAN;
}

static fel_status price_by_climbing(const fel_risk *risk, const double *with, size_t n,
                                    double target, double *price)
{
    const loss_range range = losses_of(with, n);
    const double step = 1e-3 * fmax(fmax(fabs(range.low), fabs(range.high)), 1e-9);
    double *memory = calloc(2 * n, sizeof(*memory));
    if (memory == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths", n);
    }
    const price_problem problem = {risk, with, memory, memory + n, n, target};
    price_point at = point_at(&problem, 0.0);
    at = step_forward(&problem, at, step);
    at = step_back(&problem, at, step);
    const double p = climb(&problem, at);
    free(memory);
    if (isnan(p)) {
        return FEL_RAISE(FEL_ERR_RANGE, "no premium makes %s %g", risk->code->name, target);
    }
    *price = p;
    return FEL_OK;
}

/* What is known of each side before any premium: finite numbers, and the measure of doing nothing.
 */
static fel_status check_sides(const fel_risk *risk, const double *with, size_t n,
                              const double *without, size_t n_without, double *target)
{
    static const double nothing[] = {0.0};
    FEL_TRY(risk_check_paths(risk, without != NULL ? " without the claim" : " that earns nothing",
                             without != NULL ? without : nothing, without != NULL ? n_without : 1));
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(with[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "%s: the P&L of path %zu with the claim is %g",
                             risk->code->name, i, with[i]);
        }
    }
    if (n == 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s: no paths with the claim", risk->code->name);
    }
    return risk_measure_checked(risk, without != NULL ? without : nothing,
                                without != NULL ? n_without : 1, target, NULL, NULL);
}

fel_status fel_risk_indifference_price(const fel_risk *risk, const double *with, size_t n,
                                       const double *without, size_t n_without, double *price)
{
    double target = 0.0, value = 0.0;
    FEL_TRY(check_sides(risk, with, n, without, n_without, &target));
    if ((risk->code->flags & FEL_RISK_CASH_INVARIANT) == 0) {
        return price_by_climbing(risk, with, n, target, price);
    }
    FEL_TRY(risk_measure_checked(risk, with, n, &value, NULL, NULL));
    *price = value - target;
    return FEL_OK;
}
