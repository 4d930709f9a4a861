/* portfolio/allocation_rules.c - weights in proportion to something: equal, inverse volatility,
 * risk parity; and how bounds change them. */
#include <math.h>

#include "portfolio/allocation_internal.h"

static double clamp(double value, double low, double high)
{
    return value < low ? low : value > high ? high : value;
}

static double sum_at(const market *m, const double *scores, double scale)
{
    double sum = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        sum += clamp(scale * scores[i], m->rule->min_weight, m->rule->max_weight);
    }
    return sum;
}

/* weights = scores (positive) on the way in; the scale at which the bounded weights add up. The sum
 * grows with the scale, and every weight is at a bound somewhere, so halving finds it. */
static void fill_within_bounds(const market *m, double *weights)
{
    const fel_allocation *a = m->rule;
    double total = 0.0, smallest = (double)INFINITY;
    for (size_t i = 0; i < m->n; i++) {
        total += weights[i];
        smallest = fmin(smallest, weights[i]);
    }
    double scale = a->invested / total;
    if (sum_at(m, weights, scale) != a->invested) {
        double low = 0.0, high = (fabs(a->max_weight) + a->invested) / smallest;
        for (int k = 0; k < 200 && low < high; k++) {
            scale = 0.5 * (low + high);
            if (sum_at(m, weights, scale) < a->invested) {
                low = scale;
            } else {
                high = scale;
            }
        }
    }
    for (size_t i = 0; i < m->n; i++) {
        weights[i] = clamp(scale * weights[i], a->min_weight, a->max_weight);
    }
}

fel_status allocate_equal_weight(const market *m, double *weights)
{
    for (size_t i = 0; i < m->n; i++) {
        weights[i] = 1.0;
    }
    fill_within_bounds(m, weights);
    return FEL_OK;
}

fel_status allocate_inverse_volatility(const market *m, double *weights)
{
    for (size_t i = 0; i < m->n; i++) {
        weights[i] = 1.0 / sqrt(m->covariance[i * m->n + i]);
    }
    fill_within_bounds(m, weights);
    return FEL_OK;
}

static double row_product(const market *m, size_t i, const double *w)
{
    double sum = 0.0;
    for (size_t j = 0; j < m->n; j++) {
        sum += m->covariance[i * m->n + j] * w[j];
    }
    return sum;
}

/* Largest |y_i (Cy)_i n - 1|: all parts of the risk are 1 / n where y is the minimum. */
static double imbalance(const market *m, const double *y)
{
    double most = 0.0;
    for (size_t i = 0; i < m->n; i++) {
        most = fmax(most, fabs(y[i] * row_product(m, i, y) * (double)m->n - 1.0));
    }
    return most;
}

/* Minimum of y'Cy / 2 - sum log(y_i) / n, one coordinate after the other: Griveau-Billion, Richard
 * and Roncalli (2013), arXiv:1311.4057. */
fel_status allocate_risk_parity(const market *m, double *weights)
{
    const double part = 1.0 / (double)m->n;
    for (size_t i = 0; i < m->n; i++) {
        weights[i] = sqrt(part / m->covariance[i * m->n + i]);
    }
    for (int sweep = 0; sweep < 20000 && imbalance(m, weights) > 1e-12; sweep++) {
        for (size_t i = 0; i < m->n; i++) {
            const double own = m->covariance[i * m->n + i];
            const double others = row_product(m, i, weights) - own * weights[i];
            weights[i] = (sqrt(others * others + 4.0 * own * part) - others) / (2.0 * own);
        }
    }
    if (!(imbalance(m, weights) <= 1e-8)) {
        return FEL_RAISE(FEL_ERR_RANGE, "risk parity: parts of the risk still differ by %.2g",
                         imbalance(m, weights));
    }
    fill_within_bounds(m, weights);
    return FEL_OK;
}
