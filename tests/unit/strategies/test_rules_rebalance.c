/* tests/unit/strategies/test_rules_rebalance.c - rebalance: who takes part, when, and with which
 * weights, against a window of returns kept here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/portfolio.h>
#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/strategies/fake_host.h"

enum { N = 4, STEPS = 160, LOOKBACK = 30, EVERY = 7 };

/* Places in the strategy's table. */
enum { METHOD, COVARIANCE, WINDOW, HALF_LIFE, SCHEDULE, N_EVERY, MAX_WEIGHT = 8, N_PARAMS = 18 };

static double closes[N][STEPS];

/* The third starts late, the fourth ends early; a split of two for one of the first at step 90. */
static int has_bar(size_t asset, size_t step)
{
    return (asset != 2 || step >= 40) && (asset != 3 || step < 100);
}

static void make_closes(void)
{
    rng_stream r = rng_at(77, 0);
    for (size_t a = 0; a < N; a++) {
        double level = 100.0;
        for (size_t i = 0; i < STEPS; i++) {
            level *= exp(0.001 + (0.01 + 0.005 * (double)a) * rng_normal(&r));
            closes[a][i] = level;
        }
    }
}

static fake_host *started(const fel_strategy **strategy, int method, double *params)
{
    fake_host *host = fake_host_create(N, 0);
    CHECK_OK(fel_strategy_find("rebalance", strategy));
    CHECK_INT((*strategy)->n_params, N_PARAMS);
    fel_param_defaults((*strategy)->params, N_PARAMS, params);
    params[METHOD] = method;
    params[WINDOW] = LOOKBACK;
    params[SCHEDULE] = 5;
    params[N_EVERY] = EVERY;
    return host;
}

/* Weights wanted after step i, from closes restated for the split: those with a whole window. */
static void expect_weights(size_t i, const fel_allocation *rule, double *expected)
{
    double returns[LOOKBACK * N], mean[N] = {0.0}, covariance[N * N], weights[N];
    size_t members[N], n = 0;
    for (size_t a = 0; a < N; a++) {
        const size_t first = a == 2 ? 40 : 0;
        expected[a] = 0.0;
        if (i >= first + LOOKBACK && (a != 3 || i <= 99 + 5)) {
            members[n++] = a;
        }
    }
    for (size_t m = 0; m < n; m++) {
        for (size_t k = 0; k < LOOKBACK; k++) {
            const size_t t = i - LOOKBACK + 1 + k, a = members[m];
            const double now = has_bar(a, t) ? closes[a][t] : closes[a][99];
            const double before = has_bar(a, t - 1) ? closes[a][t - 1] : closes[a][99];
            returns[k * n + m] = now / before - 1.0;
            mean[m] += returns[k * n + m] / LOOKBACK;
        }
    }
    CHECK_OK(
        fel_covariance(FEL_COVARIANCE_LEDOIT_WOLF, returns, LOOKBACK, n, 0.0, covariance, NULL));
    CHECK_OK(fel_allocate(rule, n, mean, covariance, NULL, weights));
    for (size_t m = 0; m < n; m++) {
        expected[members[m]] = weights[m];
    }
}

static void weights_of_step(const fake_host *host, size_t step, double *weights)
{
    for (size_t a = 0; a < N; a++) {
        weights[a] = (double)NAN;
    }
    for (size_t k = 0; k < host->n_orders; k++) {
        if (host->orders[k].step == step) {
            weights[host->orders[k].instrument] = host->orders[k].amount;
        }
    }
}

static void check_method(fel_allocation_kind kind)
{
    const fel_strategy *strategy = NULL;
    double params[N_PARAMS], actual[N], expected[N];
    fake_host *host = started(&strategy, (int)kind, params);
    fel_allocation rule = fel_allocation_default();
    rule.kind = kind;
    CHECK_OK(fake_start(host, strategy, params));
    size_t n_rebalanced = 0;
    for (size_t i = 0; i < STEPS; i++) {
        fel_bar bars[N];
        size_t n_bars = 0;
        if (i == 90) {
            CHECK_INT(fake_split(host, 0, 2.0), FEL_OK);
        }
        for (uint32_t a = 0; a < N; a++) {
            const double unit = a == 0 && i >= 90 ? 0.5 : 1.0;
            if (has_bar(a, i)) {
                bars[n_bars++] = fake_flat_bar(a, unit * closes[a][i]);
            }
        }
        CHECK_INT(fake_step(host, bars, n_bars), FEL_OK);
        weights_of_step(host, i, actual);
        if (i < LOOKBACK || (i - LOOKBACK) % EVERY != 0) {
            for (size_t a = 0; a < N; a++) {
                CHECK(isnan(actual[a]));
            }
            continue;
        }
        n_rebalanced++;
        expect_weights(i, &rule, expected);
        for (size_t a = 0; a < N; a++) {
            CHECK(!isnan(actual[a]) || expected[a] == 0.0);
            CHECK_NEAR(isnan(actual[a]) ? 0.0 : actual[a], expected[a], 1e-7);
        }
    }
    CHECK_INT(n_rebalanced, 19);
    fake_stop(host);
    free(host);
}

static void test_weights_are_those_of_the_window(void)
{
    make_closes();
    check_method(FEL_ALLOCATE_INVERSE_VOLATILITY);
    check_method(FEL_ALLOCATE_MINIMUM_VARIANCE);
    check_method(FEL_ALLOCATE_RISK_PARITY);
    check_method(FEL_ALLOCATE_MAXIMUM_SHARPE);
}

/* What comes later changes nothing before it. */
static void test_weights_do_not_know_the_future(void)
{
    make_closes();
    const fel_strategy *strategy = NULL;
    double params[N_PARAMS];
    fake_host *hosts[2];
    for (int run = 0; run < 2; run++) {
        hosts[run] = started(&strategy, FEL_ALLOCATE_MAXIMUM_SHARPE, params);
        CHECK_OK(fake_start(hosts[run], strategy, params));
        for (size_t i = 0; i < STEPS; i++) {
            fel_bar bars[N];
            for (uint32_t a = 0; a < N; a++) {
                const double other = run == 1 && i > 100 ? 1.0 + 0.3 * ((i + a) % 3 == 0) : 1.0;
                bars[a] = fake_flat_bar(a, closes[a][i] * other);
            }
            CHECK_INT(fake_step(hosts[run], bars, N), FEL_OK);
        }
        fake_stop(hosts[run]);
    }
    size_t n_same = 0, n_other = 0;
    for (size_t k = 0; k < hosts[0]->n_orders && k < hosts[1]->n_orders; k++) {
        const fake_order *a = &hosts[0]->orders[k], *b = &hosts[1]->orders[k];
        const int same = a->step == b->step && a->instrument == b->instrument &&
                         memcmp(&a->amount, &b->amount, sizeof(double)) == 0;
        CHECK(same || a->step > 100);
        n_same += (size_t)same;
        n_other += (size_t)!same;
    }
    CHECK(n_same > 20 && n_other > 0);
    free(hosts[0]);
    free(hosts[1]);
}

/* Two of at most 0.4 cannot be invested: the first weights wait for the third. */
static void test_weights_wait_for_enough_instruments(void)
{
    make_closes();
    const fel_strategy *strategy = NULL;
    double params[N_PARAMS];
    fake_host *host = started(&strategy, FEL_ALLOCATE_INVERSE_VOLATILITY, params);
    params[MAX_WEIGHT] = 0.4;
    CHECK_OK(fake_start(host, strategy, params));
    for (size_t i = 0; i < STEPS; i++) {
        fel_bar bars[3];
        size_t n_bars = 0;
        for (uint32_t a = 0; a < 3; a++) {
            if (has_bar(a, i)) {
                bars[n_bars++] = fake_flat_bar(a, closes[a][i]);
            }
        }
        CHECK_INT(fake_step(host, bars, n_bars), FEL_OK);
    }
    CHECK(host->n_orders > 0 && host->orders[0].step == 40 + LOOKBACK);
    fake_stop(host);
    free(host);
}

static void test_rules_that_cannot_be_are_refused(void)
{
    const fel_strategy *strategy = NULL;
    double params[N_PARAMS];
    fake_host *host = started(&strategy, FEL_ALLOCATE_RISK_PARITY, params);
    params[7] = -0.5; /* min_weight */
    CHECK_STATUS(fake_start(host, strategy, params) == FEL_OK ? FEL_OK : FEL_ERR_RANGE,
                 FEL_ERR_RANGE);
    CHECK_HAS(host->message, "risk_parity holds nothing short: min_weight = -0.5");
    free(host);
}

SUITE("strategies/rebalance", TEST(test_weights_are_those_of_the_window),
      TEST(test_weights_do_not_know_the_future), TEST(test_weights_wait_for_enough_instruments),
      TEST(test_rules_that_cannot_be_are_refused));
