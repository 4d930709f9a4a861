/* tests/unit/core/test_metric_more.c - the metrics beyond a report's: hand-worked values, brute
 * force, returns that are missing, too few or all the same. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/metric.h>

#include "core/rng.h"
#include "tests/support/check.h"

static const fel_cvec nothing = {NULL, 0};

static double pair_score(const char *name, fel_cvec r, fel_cvec f)
{
    const fel_metric_class *metric = NULL;
    const fel_metric_options options = fel_metric_options_default();
    CHECK_OK(fel_metric_find(name, &metric));
    return metric != NULL ? metric->eval(r, f, &options) : (double)NAN;
}
static double score(const char *name, const double *r, size_t n)
{
    const fel_cvec view = {r, n};
    return pair_score(name, view, nothing);
}

static void test_gains_and_losses_by_hand(void)
{
    const double r[] = {0.02, 0.04, 0.0, -0.01, (double)NAN, -0.03, -0.02, 0.03};
    CHECK_NEAR(score("average_gain", r, 8), 0.03, 1e-17);
    CHECK_NEAR(score("average_loss", r, 8), -0.02, 1e-17);
    CHECK_NEAR(score("average_return", r, 8), 0.03 / 6.0, 1e-17);
    CHECK_NEAR(score("payoff_ratio", r, 8), 1.5, 1e-14);
    CHECK_NEAR(score("profit_factor", r, 8), 1.5, 1e-14);
    CHECK_NEAR(score("profit_ratio", r, 8), 1.5, 1e-14);
    CHECK_NEAR(score("kelly_criterion", r, 8), 0.5 - 0.5 / 1.5, 1e-15);
    CHECK_NEAR(score("cpc_index", r, 8), 1.5 * 0.5 * 1.5, 1e-14);
    CHECK_NEAR(score("active_share", r, 8), 6.0 / 7.0, 1e-16);
    /* The unknown return between two losses is no break; 0 is one. */
    CHECK_NEAR(score("consecutive_losses", r, 8), 3.0, 0.0);
    CHECK_NEAR(score("consecutive_wins", r, 8), 2.0, 0.0);
}

/* Kelly's fraction is what grows a bet fastest. */
static void test_kelly_fraction_is_the_best_one(void)
{
    const double win = 0.03, loss = -0.02; /* payoff 1.5, half and half */
    const double r[] = {win, loss};
    const double best = score("kelly_criterion", r, 2);
    /* In units of the loss: log(1 + 1.5 f) + log(1 - f) is flat at the fraction. */
    CHECK_NEAR(1.5 / (1.0 + 1.5 * best) - 1.0 / (1.0 - best), 0.0, 1e-13);
}

static void test_drawdowns_of_a_short_line(void)
{
    /* 1, 0.9, 1, 1.1, 0.99, 0.88, 1.1, 1.05: depths 0.1, 0.2, 1 - 1.05/1.1; 1, 2 and 1 points. */
    const double line[] = {1.0, 0.9, 1.0, 1.1, 0.99, 0.88, 1.1, 1.05};
    const fel_cvec prices = {line, 8};
    double r[7], down[7];
    fel_simple_returns(prices, r);
    const fel_cvec returns = {r, 7};
    const double last = 1.05 / 1.1 - 1.0;
    CHECK_NEAR(score("drawdown_count", r, 7), 3.0, 0.0);
    CHECK_NEAR(score("drawdown_depth", r, 7), (-0.1 - 0.2 + last) / 3.0, 1e-15);
    CHECK_NEAR(score("drawdown_length", r, 7), 4.0 / 3.0, 1e-15);
    CHECK_NEAR(score("longest_drawdown", r, 7), 2.0, 0.0);
    CHECK_NEAR(score("recovery_factor", r, 7), 0.05 / 0.2, 1e-14);
    fel_drawdown_series(returns, down);
    CHECK_NEAR(down[0], -0.1, 1e-15);
    CHECK_NEAR(down[4], -0.2, 1e-15);
    CHECK_NEAR(down[6], last, 1e-15);
    const double up[] = {0.1, 0.0, 0.2};
    CHECK_NEAR(score("drawdown_count", up, 3), 0.0, 0.0);
    CHECK(isnan(score("drawdown_depth", up, 3)) && isnan(score("drawdown_length", up, 3)));
    CHECK(isnan(score("recovery_factor", up, 3)) && isnan(score("ulcer_performance_index", up, 3)));
}

static int by_value(const void *x, const void *y)
{
    const double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void test_conditional_drawdown_and_serenity_by_a_sort(void)
{
    enum { N = 317 };
    double r[N], down[N], sum = 0.0;
    rng_stream stream = rng_at(77, 1);
    for (size_t i = 0; i < N; i++) {
        r[i] = 0.001 + 0.012 * rng_normal(&stream);
    }
    const fel_cvec returns = {r, N};
    fel_drawdown_series(returns, down);
    qsort(down, N, sizeof(double), by_value);
    const size_t taken = (size_t)(0.05 * (N - 1)) + 1;
    for (size_t i = 0; i < taken; i++) {
        sum += down[i];
    }
    const double conditional = sum / (double)taken;
    CHECK_REL(score("conditional_drawdown_at_risk", r, N), conditional, 1e-13);
    CHECK_REL(score("serenity_index", r, N),
              score("annual_return", r, N) / score("ulcer_index", r, N) *
                  score("annual_volatility", r, N) / -conditional,
              1e-13);
    CHECK_NEAR(down[0], score("max_drawdown", r, N), 0.0);
}

static void test_normal_tails_and_the_penalty(void)
{
    const double r[] = {-1.0, 0.0, 1.0}; /* mean 0, sd 1 */
    const double z = 1.6448536269514722, density = 0.10313564037537139;
    CHECK_NEAR(score("normal_value_at_risk", r, 3), -z, 1e-14);
    CHECK_NEAR(score("normal_conditional_value_at_risk", r, 3), -density / 0.05, 1e-13);
    CHECK_NEAR(score("two_sigma_value_at_risk", r, 3), -2.0, 1e-15);
    /* Lag 1 of a line is 1: sqrt(1 + 2 (2/3 + 1/3)). */
    CHECK_NEAR(score("autocorrelation_penalty", r, 3), sqrt(3.0), 1e-14);
    const double again[] = {0.02, -0.01, 0.02, -0.01, 0.02};
    const double ratio = score("sharpe_ratio", again, 5);
    CHECK_NEAR(score("smart_sharpe_ratio", again, 5),
               ratio / score("autocorrelation_penalty", again, 5), 1e-13);
}

static void test_against_a_benchmark(void)
{
    const double f[] = {0.03, -0.02, 0.01, 0.04, -0.01, (double)NAN};
    double r[6];
    for (size_t i = 0; i < 6; i++) {
        r[i] = 0.002 + 1.5 * (isnan(f[i]) ? 0.7 : f[i]);
    }
    const fel_cvec returns = {r, 5}, factor = {f, 5}, more = {r, 6}, gap = {f, 6};
    CHECK_NEAR(pair_score("jensen_alpha", returns, factor), 0.002 * 252.0, 1e-13);
    CHECK_NEAR(pair_score("r_squared", returns, factor), 1.0, 1e-14);
    CHECK_REL(pair_score("treynor_ratio", returns, factor),
              pair_score("annual_return", returns, nothing) / 1.5, 1e-12);
    CHECK_NEAR(pair_score("batting_average", returns, factor), 3.0 / 5.0, 1e-16);
    CHECK_NEAR(pair_score("jensen_alpha", more, gap), 0.002 * 252.0, 1e-13);
    CHECK_NEAR(pair_score("batting_average", more, gap), 3.0 / 5.0, 1e-16);
}

/* Sorted by the benchmark -2, -1, 0, 3: the middle is the third, weights 2/5 and 3/5. */
static void test_fragility_by_hand(void)
{
    const double f[] = {3.0, -1.0, -2.0, 0.0}, r[] = {4.0, 9.0, -7.0, 0.5};
    const fel_cvec returns = {r, 4}, factor = {f, 4}, two = {r, 2};
    CHECK_NEAR(pair_score("beta_fragility_heuristic", returns, factor),
               0.4 * -7.0 + 0.6 * 4.0 - 0.5, 1e-14);
    CHECK(isnan(pair_score("beta_fragility_heuristic", two, factor)));
    /* A benchmark that does not move: halves, in the order of time. */
    const double still[] = {1.0, 1.0, 1.0, 1.0};
    const fel_cvec flat = {still, 4};
    CHECK_NEAR(pair_score("beta_fragility_heuristic", returns, flat), 0.5 * 4.0 + 0.5 * 0.5 + 7.0,
               1e-14);
}

/* No crash and no number from nothing known; a single return gives what one return can. */
static void test_short_and_unknown_series(void)
{
    size_t n = 0, n_extra = 0;
    const fel_metric_class *all = fel_metric_classes(&n);
    const fel_metric_options options = fel_metric_options_default();
    const double unknown[] = {(double)NAN, (double)NAN, (double)NAN}, one[] = {0.01};
    const fel_cvec none = {unknown, 3}, single = {one, 1};
    static const char *const counted[] = {"drawdown_count", "longest_drawdown",
                                          "conditional_drawdown_at_risk", "geometric_mean"};
    for (size_t i = 0; i < n; i++) {
        if (!all[i].is_extra) {
            continue;
        }
        n_extra++;
        int is_compounded = 0; /* an unknown return compounds as 0 */
        for (size_t k = 0; k < sizeof(counted) / sizeof(counted[0]); k++) {
            is_compounded |= strcmp(counted[k], all[i].name) == 0;
        }
        const double value = all[i].eval(none, none, &options);
        CHECK(is_compounded ? value == 0.0 : isnan(value));
        (void)all[i].eval(single, single, &options);
    }
    CHECK_INT(n_extra, 38);
    CHECK_NEAR(score("average_gain", one, 1), 0.01, 0.0);
    CHECK(isnan(score("average_loss", one, 1)) && isnan(score("risk_return_ratio", one, 1)));
    CHECK(isnan(score("probabilistic_sharpe_ratio", one, 1)));
    CHECK(isnan(score("autocorrelation_penalty", one, 1)));
}

SUITE("core/metric_more", TEST(test_gains_and_losses_by_hand),
      TEST(test_kelly_fraction_is_the_best_one), TEST(test_drawdowns_of_a_short_line),
      TEST(test_conditional_drawdown_and_serenity_by_a_sort),
      TEST(test_normal_tails_and_the_penalty), TEST(test_against_a_benchmark),
      TEST(test_fragility_by_hand), TEST(test_short_and_unknown_series));
