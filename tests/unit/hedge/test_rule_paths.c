/* tests/unit/hedge/test_rule_paths.c - what rules earn on paths, against what is known of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N_PATHS = 10000 };

typedef struct moments {
    double mean, deviation, mean_cost;
    double deviation_error; /* standard error of the deviation */
} moments;

static moments moments_of(const double *pnl, const double *cost, size_t n)
{
    moments m = {0.0, 0.0, 0.0, 0.0};
    double second = 0.0, fourth = 0.0;
    for (size_t i = 0; i < n; i++) {
        m.mean += pnl[i] / (double)n;
        m.mean_cost += cost[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        const double x = (pnl[i] - m.mean) * (pnl[i] - m.mean);
        second += x / (double)n;
        fourth += x * x / (double)n;
    }
    m.deviation = sqrt(second);
    m.deviation_error = sqrt((fourth - second * second) / (double)n) / (2.0 * m.deviation);
    return m;
}

/* P&L of test paths; pnl NULL or [N_PATHS]. */
static moments run(const problem_fixture *f, const char *rule_name, double *pnl)
{
    double *own = malloc(2 * N_PATHS * sizeof(double)), *cost = own + N_PATHS;
    double *to = pnl != NULL ? pnl : own;
    fel_hedge_problem *problem = fixture_create(f);
    fel_hedge_rule rule;
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_hedge_rule_find(rule_name, &rule));
    CHECK_OK(fel_hedger_of_rule(&hedger, problem, &rule));
    const fel_hedge_outcome outcome = {.struct_size = sizeof(outcome),
                                       .n_threads = 2,
                                       .first = FEL_HEDGE_TEST_PATHS,
                                       .n = N_PATHS,
                                       .pnl = to,
                                       .cost = cost};
    CHECK_OK(fel_hedger_run(hedger, &outcome));
    const moments m = moments_of(to, cost, N_PATHS);
    fel_hedger_destroy(hedger);
    fel_hedge_problem_destroy(problem);
    free(own);
    return m;
}

static void gbm_with_dates(problem_fixture *f, size_t n_dates)
{
    fixture_init_gbm(f);
    f->config.n_dates = n_dates;
    f->config.horizon_years = 0.25;
}

/* Boyle and Emanuel (1980): P&L between dates is gamma S^2 vol^2 dt (1 - z^2) / 2, of variance
 * (vol^2 dt)^2 / 2 E[(gamma S^2)^2]; the mean by quadrature over the price's law. */
static double expected_deviation(double vol, double horizon, size_t n_dates)
{
    const double dt = horizon / (double)n_dates;
    double sum = 0.0;
    for (size_t k = 0; k < n_dates; k++) {
        const double t = dt * (double)k, left = horizon - t;
        double mean = 0.0, weight = 0.0;
        for (int i = -400; i <= 400; i++) {
            const double z = 0.02 * i, w = exp(-0.5 * z * z);
            const double spot = 100.0 * exp(vol * sqrt(t) * z - 0.5 * vol * vol * t);
            fel_greeks g;
            CHECK_OK(fel_black_scholes(FEL_CALL, spot, 100.0, left, 0.0, 0.0, vol, &g));
            mean += w * g.gamma * g.gamma * spot * spot * spot * spot;
            weight += w;
        }
        sum += mean / weight;
    }
    return vol * vol * dt * sqrt(0.5 * sum);
}

static void test_discrete_hedging_errs_as_boyle_and_emanuel_say(void)
{
    double before = 0.0;
    for (size_t n_dates = 16; n_dates <= 64; n_dates *= 4) {
        problem_fixture f;
        gbm_with_dates(&f, n_dates);
        const moments m = run(&f, "black_scholes_delta", NULL);
        const double expected = expected_deviation(0.2, 0.25, n_dates);
        /* Gamma changes within the last steps: a share of 1 / sqrt(n) more than the first order. */
        const double more = 0.25 * expected / sqrt((double)n_dates);
        CHECK(m.deviation > expected - 3.0 * m.deviation_error);
        CHECK(m.deviation < expected + 3.0 * m.deviation_error + more);
        CHECK_NEAR(m.mean, 0.0, 4.0 * m.deviation / sqrt((double)N_PATHS));
        if (before > 0.0) {
            CHECK_NEAR(m.deviation / before, 0.5, 0.04);
        }
        before = m.deviation;
        /* Derman's rule of thumb: sqrt(pi / 4) vega vol / sqrt(n). */
        const double vega = 100.0 * sqrt(0.25) * 0.3989423 * exp(-0.5 * 0.05 * 0.05);
        CHECK_REL(m.deviation, sqrt(M_PI / 4.0) * vega * 0.2 / sqrt((double)n_dates), 0.1);
    }
}

static void test_least_variance_is_least(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.n_dates = 15;
    f.config.market.process.heston.xi = 0.5;
    static double plain[N_PATHS], least[N_PATHS];
    const moments a = run(&f, "heston_delta", plain), b = run(&f, "min_variance_delta", least);
    /* Of the difference of squared deviations, path by path. */
    double mean = 0.0, square = 0.0;
    for (size_t i = 0; i < N_PATHS; i++) {
        const double x =
            (plain[i] - a.mean) * (plain[i] - a.mean) - (least[i] - b.mean) * (least[i] - b.mean);
        mean += x / N_PATHS;
        square += x * x / N_PATHS;
    }
    CHECK(mean > 3.0 * sqrt((square - mean * mean) / N_PATHS));
    /* Theory: the share 1 - rho^2 of the variance's part is left at best. */
    CHECK(b.deviation > 0.6 * a.deviation);
}

static void test_a_second_instrument_takes_most_of_the_risk(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.n_dates = 15;
    f.config.market.process.heston.xi = 1.0;
    const moments alone = run(&f, "heston_delta", NULL);
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    const moments both = run(&f, "heston_delta_vega", NULL);
    CHECK(both.deviation < 0.5 * alone.deviation);
    CHECK_NEAR(both.mean, 0.0, 4.0 * both.deviation / sqrt((double)N_PATHS));
}

static void test_a_band_saves_costs(void)
{
    problem_fixture f;
    gbm_with_dates(&f, 40);
    f.instruments[0].cost.proportional_bps = 20.0;
    const moments delta = run(&f, "black_scholes_delta", NULL);
    const moments band = run(&f, "whalley_wilmott", NULL), none = run(&f, "none", NULL);
    CHECK(band.mean_cost < 0.7 * delta.mean_cost);
    CHECK(band.deviation < 0.5 * none.deviation);
    CHECK_SAME(none.mean_cost, 0.0);
    /* Costs are what the mean P&L lacks. */
    CHECK_NEAR(delta.mean, -delta.mean_cost, 5.0 * delta.deviation / sqrt((double)N_PATHS));
}

/* A lookback watched on dates: the moved formula hedges it, the premium by Monte Carlo is fair. */
static void test_a_lookback_is_hedged_by_its_formula(void)
{
    problem_fixture f;
    gbm_with_dates(&f, 40);
    f.config.n_claims = 0;
    fel_hedge_claim *claim = fixture_add_claim(&f, "lookback_fixed", 1.0);
    CHECK_OK(fel_payoff_set(&claim->payoff, "strike", 103.0));
    CHECK_OK(fel_payoff_set_text(&claim->payoff, "monitoring", "dates"));
    const moments hedged = run(&f, "black_scholes_delta", NULL), none = run(&f, "none", NULL);
    CHECK(hedged.deviation < 0.2 * none.deviation);
    CHECK_NEAR(hedged.mean, 0.0, 0.05);
}

static void test_threads_do_not_change_a_bit(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.n_dates = 5;
    f.config.market.process.heston.xi = 0.5;
    fel_hedge_problem *problem = fixture_create(&f);
    fel_hedge_rule rule;
    fel_hedger *hedger = NULL;
    static double one[700], two[700];
    CHECK_OK(fel_hedge_rule_find("min_variance_delta", &rule));
    CHECK_OK(fel_hedger_of_rule(&hedger, problem, &rule));
    for (int k = 1; k <= 2; k++) {
        const fel_hedge_outcome outcome = {.struct_size = sizeof(outcome),
                                           .n_threads = k,
                                           .first = 12345,
                                           .n = 700,
                                           .pnl = k == 1 ? one : two};
        CHECK_OK(fel_hedger_run(hedger, &outcome));
    }
    CHECK(memcmp(one, two, sizeof(one)) == 0);
    fel_hedger_destroy(hedger);
    fel_hedge_problem_destroy(problem);
}

SUITE("hedge/rule_paths", TEST(test_discrete_hedging_errs_as_boyle_and_emanuel_say),
      TEST(test_least_variance_is_least), TEST(test_a_second_instrument_takes_most_of_the_risk),
      TEST(test_a_band_saves_costs), TEST(test_a_lookback_is_hedged_by_its_formula),
      TEST(test_threads_do_not_change_a_bit));
