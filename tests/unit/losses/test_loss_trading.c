/* tests/unit/losses/test_loss_trading.c - the traded P&L behind the trading losses: against the
 * metric on the P&L of a plain loop, costs by hand, groups, order, what was held before. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/loss.h>
#include <feller/metric.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

enum { N = 251 };
static double y[N], o[N];

static void draw_market(void)
{
    rng_stream stream = rng_at(5, 9);
    for (size_t i = 0; i < N; i++) {
        y[i] = 0.0004 + 0.0217 * rng_normal(&stream);
        o[i] = 0.931 * rng_normal(&stream) + 10.0 * y[i];
    }
}

static double value_of(const char *name, const char *settings)
{
    return loss_of_pairs(name, settings, y, o, N);
}

static double simple_position(const char *rule, double x)
{
    if (strcmp(rule, "tanh") == 0) {
        return (exp(x) - exp(-x)) / (exp(x) + exp(-x));
    }
    if (strcmp(rule, "sigmoid") == 0) {
        return 1.0 / (1.0 + exp(-x));
    }
    if (strcmp(rule, "clip") == 0) {
        return x > 1.0 ? 1.0 : x < -1.0 ? -1.0 : x;
    }
    if (strcmp(rule, "sign") == 0) {
        return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : 0.0;
    }
    return x;
}

/* ---- against the metric ---------------------------------------------------------------------- */

static void check_rule(const char *rule, int long_only)
{
    double pnl[N], held = 0.0;
    for (size_t i = 0; i < N; i++) {
        const double wish = simple_position(rule, 1.3 * o[i]);
        const double position = long_only && wish < 0.0 ? 0.0 : wish;
        pnl[i] = position * y[i] - 0.0017 * fabs(position - held);
        held = position;
    }
    const fel_cvec view = {pnl, N}, none = {NULL, 0};
    const fel_metric_class *metric = NULL;
    fel_metric_options options = fel_metric_options_default();
    options.periods_per_year = 365.0;
    options.risk_free_per_period = 0.0001;
    CHECK_OK(fel_metric_find("sharpe_ratio", &metric));
    char settings[256];
    (void)snprintf(settings, sizeof(settings),
                   "position=%s,scale=1.3,long_only=%s,cost_bps=17,periods_per_year=365,"
                   "risk_free_per_period=0.0001",
                   rule, long_only ? "true" : "false");
    CHECK_REL(value_of("negative_sharpe", settings), -metric->eval(view, none, &options), 1e-12);
}

static void test_negative_sharpe_is_the_metric_of_the_traded_pnl(void)
{
    static const char *const rules[] = {"tanh", "sigmoid", "clip", "linear", "sign"};
    draw_market();
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        check_rule(rules[i], 0);
        check_rule(rules[i], 1);
    }
}

static void test_without_risk_aversion_and_costs_it_is_madl(void)
{
    draw_market();
    CHECK_REL(
        value_of("negative_mean_variance", "position=sign,risk_aversion=0,periods_per_year=1"),
        value_of("madl", ""), 1e-13);
}

static void test_risk_aversion_prices_variance(void)
{
    draw_market();
    const double base = value_of("negative_mean_variance", "risk_aversion=0");
    const double averse = value_of("negative_mean_variance", "risk_aversion=8");
    const double sharpe = value_of("negative_sharpe", "");
    /* -S = base / sqrt(252) / sd gives the deviation. */
    const double deviation = base / sqrt(252.0) / sharpe;
    CHECK_REL(averse - base, 252.0 * 4.0 * deviation * deviation, 1e-12);
}

/* ---- costs ----------------------------------------------------------------------------------- */

/* +1, +1, -1, 0 from 0.25: turnover 0.75 + 0 + 2 + 1. */
static void test_costs_are_charged_on_turnover(void)
{
    const double r[] = {0.0, 0.0, 0.0, 0.0}, p[] = {1.0, 1.0, -1.0, 0.0}, held[] = {0.25};
    fel_loss_batch batch = fel_loss_batch_of(4, p, 1, r, 1);
    const fel_loss loss = loss_of("negative_mean_variance",
                                  "position=linear,cost_bps=8,risk_aversion=0,periods_per_year=4");
    CHECK_NEAR(loss_value(&loss, &batch), 0.0008 * 4.0, 1e-17);
    batch.positions_before = held;
    CHECK_NEAR(loss_value(&loss, &batch), 0.0008 * 3.75, 1e-17);
    /* Two stretches of two: each begins anew. */
    const size_t starts[] = {0, 2, 4};
    const double both[] = {0.25, -0.5};
    batch.group_starts = starts;
    batch.n_groups = 2;
    batch.positions_before = both;
    CHECK_NEAR(loss_value(&loss, &batch), 0.0008 * (0.75 + 0.5 + 1.0), 1e-17);
    /* Read backwards in one stretch: 0, -1, 1, 1. */
    const size_t order[] = {3, 2, 1, 0};
    batch.group_starts = NULL;
    batch.positions_before = NULL;
    batch.order = order;
    CHECK_NEAR(loss_value(&loss, &batch), 0.0008 * 3.0, 1e-17);
}

/* The gradient knows that a trade costs: where the return is smaller than the cost both ways, the
 * best is not to move. */
static void test_turnover_holds_positions_back(void)
{
    const double r[] = {0.0001, -0.0001}, p[] = {0.3, -0.3};
    const fel_loss_batch batch = fel_loss_batch_of(2, p, 1, r, 1);
    double g[2], value = 0.0;
    fel_loss loss = loss_of("negative_mean_variance", "position=linear,risk_aversion=0");
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
    CHECK(g[0] < 0.0 && g[1] > 0.0);
    loss = loss_of("negative_mean_variance", "position=linear,risk_aversion=0,cost_bps=5");
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
    CHECK(g[0] > 0.0 && g[1] < 0.0);
}

/* Two assets are two halves of the capital. */
static void test_outputs_share_the_capital(void)
{
    double wide_y[2 * N], wide_o[2 * N];
    draw_market();
    for (size_t i = 0; i < N; i++) {
        wide_y[2 * i] = wide_y[2 * i + 1] = y[i];
        wide_o[2 * i] = wide_o[2 * i + 1] = o[i];
    }
    const fel_loss_batch batch = fel_loss_batch_of(N, wide_o, 2, wide_y, 2);
    const fel_loss loss = loss_of("negative_sharpe", "cost_bps=7");
    CHECK_REL(loss_value(&loss, &batch), value_of("negative_sharpe", "cost_bps=7"), 1e-12);
}

/* ---- where it is not defined ----------------------------------------------------------------- */

static void test_no_variance_is_told_and_a_floor_allows_it(void)
{
    const double r[] = {0.01, -0.02, 0.03}, flat[] = {0.0, 0.0, 0.0};
    fel_loss_batch batch = fel_loss_batch_of(3, flat, 1, r, 1);
    double value = 37.0, g[3];
    fel_loss loss = loss_of("negative_sharpe", "");
    CHECK_STATUS(fel_loss_eval(&loss, &batch, &value, g), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "does not vary");
    CHECK_SAME(value, 37.0);
    loss = loss_of("negative_sharpe", "floor=0.001");
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, g));
    CHECK_NEAR(value, 0.0, 1e-300);
    CHECK(g[0] < 0.0 && g[1] > 0.0 && g[2] < 0.0);
    loss = loss_of("negative_mean_variance", "");
    const double alone[] = {0.0, 1.0, 0.0};
    batch.weights = alone;
    CHECK_STATUS(fel_loss_eval(&loss, &batch, &value, g), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "a variance needs two");
}

SUITE("losses/loss_trading", TEST(test_negative_sharpe_is_the_metric_of_the_traded_pnl),
      TEST(test_without_risk_aversion_and_costs_it_is_madl),
      TEST(test_risk_aversion_prices_variance), TEST(test_costs_are_charged_on_turnover),
      TEST(test_turnover_holds_positions_back), TEST(test_outputs_share_the_capital),
      TEST(test_no_variance_is_told_and_a_floor_allows_it));
