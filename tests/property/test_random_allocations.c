/* tests/property/test_random_allocations.c - of random markets, bounds and costs: optimal weights
 * obey every bound, and no shift of weight from one asset to another, or into one, does better.
 * These problems are convex, so that is all there is to being optimal where the weights' sum is the
 * only row; where gross exposure binds, random weights that are allowed are tried as well. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/portfolio.h>

#include "core/rng.h"
#include "tests/support/check.h"

enum { MAX_N = 12, PROBLEMS = 400, TRIES = 200 };

typedef struct problem {
    fel_allocation rule;
    size_t n;
    double mean[MAX_N], covariance[MAX_N * MAX_N], held[MAX_N], weights[MAX_N];
} problem;

static double between(rng_stream *r, double low, double high)
{
    return low + (high - low) * rng_uniform(r);
}

static void make_market(problem *p, rng_stream *r)
{
    double factor[MAX_N * MAX_N], total = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        p->mean[i] = 0.001 * rng_normal(r);
        p->held[i] = rng_uniform(r);
        total += p->held[i];
        for (size_t j = 0; j < p->n; j++) {
            factor[i * p->n + j] = 0.01 * rng_normal(r);
        }
    }
    for (size_t i = 0; i < p->n; i++) {
        p->held[i] /= total;
        for (size_t j = 0; j < p->n; j++) {
            double sum = i == j ? 1e-5 : 0.0;
            for (size_t k = 0; k < p->n; k++) {
                sum += factor[i * p->n + k] * factor[j * p->n + k];
            }
            p->covariance[i * p->n + j] = sum;
        }
    }
}

static void make_problem(problem *p, rng_stream *r, fel_allocation_kind kind)
{
    memset(p, 0, sizeof(*p));
    p->n = 2 + (size_t)(rng_uniform(r) * (MAX_N - 2));
    p->rule = fel_allocation_default();
    p->rule.kind = kind;
    const int shorts = rng_uniform(r) < 0.5;
    p->rule.min_weight = shorts ? -between(r, 0.1, 0.5) : 0.0;
    p->rule.max_weight = between(r, 1.2 / (double)p->n, 1.0);
    p->rule.max_gross = shorts ? between(r, 1.05, 2.0) : 1.0;
    p->rule.turnover_cost = rng_uniform(r) < 0.5 ? 1e-4 * rng_uniform(r) : 0.0;
    p->rule.risk_aversion = between(r, 1.0, 20.0);
    make_market(p, r);
}

/* What is made small. */
static double objective(const problem *p, const double *w)
{
    double variance = 0.0, mean = 0.0, cost = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        mean += w[i] * p->mean[i];
        cost += p->rule.turnover_cost * fabs(w[i] - p->held[i]);
        for (size_t j = 0; j < p->n; j++) {
            variance += w[i] * p->covariance[i * p->n + j] * w[j];
        }
    }
    if (p->rule.kind == FEL_ALLOCATE_MINIMUM_VARIANCE) {
        return 0.5 * p->rule.risk_aversion * variance + cost;
    }
    return p->rule.kind == FEL_ALLOCATE_KELLY
               ? variance / (2.0 * p->rule.kelly_fraction) - mean + cost
               : -(mean - cost) / sqrt(variance);
}

static int is_allowed(const problem *p, const double *w, double tolerance)
{
    double sum = 0.0, gross = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        if (w[i] < p->rule.min_weight - tolerance || w[i] > p->rule.max_weight + tolerance) {
            return 0;
        }
        sum += w[i];
        gross += fabs(w[i]);
    }
    const int is_free = p->rule.kind == FEL_ALLOCATE_KELLY;
    return gross <= p->rule.max_gross + tolerance &&
           (is_free || fabs(sum - p->rule.invested) <= tolerance);
}

/* Shifts of three sizes between random pairs, and for KELLY into one. */
static int is_beaten(const problem *p, rng_stream *r)
{
    const double best = objective(p, p->weights);
    for (int k = 0; k < TRIES; k++) {
        double w[MAX_N];
        memcpy(w, p->weights, sizeof(w));
        const size_t i = (size_t)(rng_uniform(r) * (double)p->n);
        const size_t j = (size_t)(rng_uniform(r) * (double)p->n);
        const double size = pow(10.0, -1.0 - 4.0 * rng_uniform(r));
        const double sign = rng_uniform(r) < 0.5 ? -1.0 : 1.0;
        const int one = p->rule.kind == FEL_ALLOCATE_KELLY && rng_uniform(r) < 0.5;
        w[i] += one ? sign * size : size;
        w[j] -= one ? 0.0 : size;
        if (is_allowed(p, w, 1e-12) && objective(p, w) < best - 1e-9 * fabs(best) - 1e-13) {
            return 1;
        }
    }
    return 0;
}

static void check_kind(fel_allocation_kind kind)
{
    rng_stream r = rng_at(20261124, (uint64_t)kind);
    size_t n_invested = 0;
    for (int k = 0; k < PROBLEMS; k++) {
        problem p;
        make_problem(&p, &r, kind);
        const fel_status status =
            fel_allocate(&p.rule, p.n, p.mean, p.covariance, p.held, p.weights);
        double gross = 0.0;
        for (size_t i = 0; i < p.n; i++) {
            gross += fabs(p.weights[i]);
        }
        const int is_cash = kind == FEL_ALLOCATE_MAXIMUM_SHARPE && gross == 0.0;
        if (status != FEL_OK ||
            (!is_cash && (!is_allowed(&p, p.weights, 1e-8) || is_beaten(&p, &r)))) {
            (void)printf("\nproblem %d of kind %d: %s\n", k, (int)kind,
                         status == FEL_OK ? "not optimal" : fel_last_error()->message);
            CHECK(0);
        }
        n_invested += gross > 0.5;
    }
    CHECK(n_invested > PROBLEMS / 2);
}

static void test_minimum_variance_is_not_beaten(void)
{
    check_kind(FEL_ALLOCATE_MINIMUM_VARIANCE);
}

static void test_maximum_sharpe_is_not_beaten(void)
{
    check_kind(FEL_ALLOCATE_MAXIMUM_SHARPE);
}

static void test_kelly_is_not_beaten(void)
{
    check_kind(FEL_ALLOCATE_KELLY);
}

SUITE("property/random_allocations", TEST(test_minimum_variance_is_not_beaten),
      TEST(test_maximum_sharpe_is_not_beaten), TEST(test_kelly_is_not_beaten));
