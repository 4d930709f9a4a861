/* portfolio/allocation.c - the table of allocations, and what makes no sense in any. */
#include <math.h>

#include "portfolio/allocation_internal.h"

typedef struct allocation_class {
    const char *name;
    fel_status (*allocate)(const market *m, double *weights);
    int needs_mean, needs_covariance;
    int is_optimal; /* may sell short and knows of costs */
    int is_invested;
} allocation_class;

static const allocation_class classes[FEL_N_ALLOCATION_KINDS] = {
    [FEL_ALLOCATE_EQUAL_WEIGHT] = {"equal_weight", allocate_equal_weight, 0, 0, 0, 1},
    [FEL_ALLOCATE_INVERSE_VOLATILITY] = {"inverse_volatility", allocate_inverse_volatility, 0, 1, 0,
                                         1},
    [FEL_ALLOCATE_MINIMUM_VARIANCE] = {"minimum_variance", allocate_minimum_variance, 0, 1, 1, 1},
    [FEL_ALLOCATE_MAXIMUM_SHARPE] = {"maximum_sharpe", allocate_maximum_sharpe, 1, 1, 1, 1},
    [FEL_ALLOCATE_RISK_PARITY] = {"risk_parity", allocate_risk_parity, 0, 1, 0, 1},
    [FEL_ALLOCATE_KELLY] = {"kelly", allocate_kelly, 1, 1, 1, 0},
};

fel_allocation fel_allocation_default(void)
{
    const fel_allocation a = {.struct_size = (uint32_t)sizeof(a),
                              .kind = FEL_ALLOCATE_EQUAL_WEIGHT,
                              .invested = 1.0,
                              .min_weight = 0.0,
                              .max_weight = 1.0,
                              .max_gross = 1.0,
                              .risk_free = 0.0,
                              .risk_aversion = 1.0,
                              .kelly_fraction = 0.5,
                              .turnover_cost = 0.0};
    return a;
}

static fel_status check_numbers(const fel_allocation *a)
{
    if (!isfinite(a->invested) || !isfinite(a->risk_free)) {
        return FEL_RAISE(FEL_ERR_RANGE, "invested = %g, risk_free = %g; both are finite",
                         a->invested, a->risk_free);
    }
    if (!isfinite(a->min_weight) || !isfinite(a->max_weight) || a->min_weight > a->max_weight) {
        return FEL_RAISE(FEL_ERR_RANGE, "min_weight = %g is above max_weight = %g", a->min_weight,
                         a->max_weight);
    }
    if (!(a->max_gross >= 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "max_gross = %g; it must not be negative", a->max_gross);
    }
    if (!(a->risk_aversion > 0.0) || !(a->kelly_fraction > 0.0) || !isfinite(a->risk_aversion) ||
        !isfinite(a->kelly_fraction)) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "risk_aversion = %g, kelly_fraction = %g; both are positive",
                         a->risk_aversion, a->kelly_fraction);
    }
    if (!(a->turnover_cost >= 0.0) || !isfinite(a->turnover_cost)) {
        return FEL_RAISE(FEL_ERR_RANGE, "turnover_cost = %g; it must not be negative",
                         a->turnover_cost);
    }
    return FEL_OK;
}

fel_status fel_allocation_check(const fel_allocation *a)
{
    if (a->struct_size != sizeof(*a)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "allocation of %u bytes, not %zu: start from "
                         "fel_allocation_default()",
                         a->struct_size, sizeof(*a));
    }
    if ((unsigned)a->kind >= FEL_N_ALLOCATION_KINDS) {
        return FEL_RAISE(FEL_ERR_ARG, "allocation kind %u is not one of 0 .. %d", (unsigned)a->kind,
                         FEL_N_ALLOCATION_KINDS - 1);
    }
    FEL_TRY(check_numbers(a));
    const allocation_class *c = &classes[a->kind];
    if (!c->is_optimal && (a->min_weight < 0.0 || a->invested < 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s holds nothing short: min_weight = %g, invested = %g",
                         c->name, a->min_weight, a->invested);
    }
    if (!c->is_optimal && a->turnover_cost != 0.0) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s has no turnover cost: turnover_cost = %g", c->name,
                         a->turnover_cost);
    }
    if (c->is_invested && fabs(a->invested) > a->max_gross * (1.0 + 1e-12)) {
        return FEL_RAISE(FEL_ERR_RANGE, "invested = %g is more than max_gross = %g", a->invested,
                         a->max_gross);
    }
    return FEL_OK;
}

/* Bounds that leave room for the sum of all weights. */
static fel_status check_room(const fel_allocation *a, size_t n)
{
    const double least = a->min_weight * (double)n, most = a->max_weight * (double)n;
    const double rounding = 1e-12 * (1.0 + fabs(a->invested));
    if (a->invested < least - rounding || a->invested > most + rounding) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%zu weights of %g .. %g add up to %g .. %g, never to invested = %g", n,
                         a->min_weight, a->max_weight, least, most, a->invested);
    }
    return FEL_OK;
}

static fel_status check_market(const market *m)
{
    const allocation_class *c = &classes[m->rule->kind];
    for (size_t i = 0; c->needs_mean && i < m->n; i++) {
        if (!isfinite(m->mean[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "the mean of asset %zu is %g", i, m->mean[i]);
        }
    }
    for (size_t k = 0; c->needs_covariance && k < m->n * m->n; k++) {
        if (!isfinite(m->covariance[k])) {
            return FEL_RAISE(FEL_ERR_RANGE, "the covariance of assets %zu and %zu is %g", k / m->n,
                             k % m->n, m->covariance[k]);
        }
    }
    for (size_t i = 0; c->needs_covariance && i < m->n; i++) {
        if (!(m->covariance[i * m->n + i] > 0.0)) {
            return FEL_RAISE(FEL_ERR_RANGE, "the variance of asset %zu is %g; it must be positive",
                             i, m->covariance[i * m->n + i]);
        }
    }
    for (size_t i = 0; m->held != NULL && i < m->n; i++) {
        if (!isfinite(m->held[i])) {
            return FEL_RAISE(FEL_ERR_RANGE, "the held weight of asset %zu is %g", i, m->held[i]);
        }
    }
    return FEL_OK;
}

fel_status fel_allocate(const fel_allocation *allocation, size_t n, const double *mean,
                        const double *covariance, const double *held, double *weights)
{
    FEL_TRY(fel_allocation_check(allocation));
    const allocation_class *c = &classes[allocation->kind];
    if (n < 1 || (c->needs_mean && mean == NULL) || (c->needs_covariance && covariance == NULL)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s of %zu assets%s", c->name, n,
                         n < 1 ? "; there must be one" : " needs their means and covariances");
    }
    const market m = {allocation, n, mean, covariance, held};
    FEL_TRY(check_market(&m));
    if (c->is_invested) {
        FEL_TRY(check_room(allocation, n));
    }
    return c->allocate(&m, weights);
}
