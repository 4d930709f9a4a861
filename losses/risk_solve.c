/* losses/risk_solve.c - the best threshold as the root of the mean threshold slope. */
#include <float.h>

#include "core/sum.h"
#include "losses/risk_internal.h"

loss_range losses_of(const double *pnl, size_t n)
{
    loss_range range = {HUGE_VAL, -HUGE_VAL, 0.0};
    running_sum sum = {0};
    for (size_t i = 0; i < n; i++) {
        range.low = fmin(range.low, -pnl[i]);
        range.high = fmax(range.high, -pnl[i]);
        running_add(&sum, -pnl[i]);
    }
    range.mean = running_value(&sum) / (double)n;
    return range;
}

typedef struct threshold_problem {
    const fel_risk_class *code;
    const double *params, *pnl;
    size_t n;
} threshold_problem;

/* Mean threshold slope at w, and its derivative by w. */
static double slope_at(const threshold_problem *p, double w, double *derivative)
{
    running_sum slopes = {0}, curvatures = {0};
    for (size_t i = 0; i < p->n; i++) {
        double slope = 0.0, curvature = 0.0, threshold_slope = 0.0;
        (void)p->code->term(p->params, p->pnl[i], w, &slope, &curvature, &threshold_slope);
        running_add(&slopes, threshold_slope);
        running_add(&curvatures, curvature);
    }
    *derivative = running_value(&curvatures) / (double)p->n;
    return running_value(&slopes) / (double)p->n;
}

double risk_root(const fel_risk_class *code, const double *params, const double *pnl, size_t n,
                 double low, double high)
{
    enum { MOST_STEPS = 200 };
    const threshold_problem p = {code, params, pnl, n};
    double derivative = 0.0;
    if (slope_at(&p, low, &derivative) >= 0.0) {
        return low;
    }
    if (slope_at(&p, high, &derivative) <= 0.0) {
        return high;
    }
    const double near = 1e-3 * (high - low);
    double w = low + 0.5 * (high - low), last_move = high - low;
    for (int step = 0; step < MOST_STEPS; step++) {
        const double f = slope_at(&p, w, &derivative);
        if (f == 0.0 || fabs(last_move) <= DBL_EPSILON * (fabs(w) + near)) {
            break;
        }
        *(f < 0.0 ? &low : &high) = w;
        const double newton = w - f / derivative;
        const int is_good =
            newton >= low && newton <= high && 2.0 * fabs(newton - w) <= fabs(last_move);
        const double next = is_good ? newton : low + 0.5 * (high - low);
        last_move = next - w;
        w = next;
    }
    return w;
}
