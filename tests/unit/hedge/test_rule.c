/* tests/unit/hedge/test_rule.c - what rules hold, price by price. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <string.h>

#include "hedge/hedge_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N = 5, STRIDE = 16, N_DATES = 10 };
static const double spots[STRIDE] = {91.3, 98.2, 100.0, 102.45, 117.9};
static const double variances[STRIDE] = {0.01, 0.0225, 0.04, 0.0625, 0.16};
static const double rate = 0.02385, yield = 0.011;

static void init(problem_fixture *f, fel_process_kind kind)
{
    fixture_init(f);
    f->config.market.process.kind = kind;
    f->config.market.process.heston.xi = 0.5;
    f->config.market.process.vol_per_year = 0.22;
    f->config.market.process.jumps = (fel_jumps){0.8, -0.05, 0.07};
    f->config.market.process.rate_per_year = rate;
    f->config.market.process.dividend_per_year = yield;
    f->config.premium = 0.0;
    f->config.reference_vol = 0.21;
    f->config.n_dates = N_DATES;
    f->config.horizon_years = 0.1;
}

static fel_hedge_rule rule_named(const char *name)
{
    fel_hedge_rule rule;
    CHECK_OK(fel_hedge_rule_find(name, &rule));
    return rule;
}

typedef struct decision {
    double position[FEL_HEDGE_MAX_INSTRUMENTS * STRIDE];
} decision;

/* Positions at one date from what was held; state brought from date 0 on at the same prices. */
static decision decide(const problem_fixture *f, const fel_hedge_rule *rule, size_t date,
                       const double *before)
{
    decision out;
    double state[4 * STRIDE];
    fel_hedge_problem *problem = fixture_create(f);
    hedge_rule *made = NULL;
    memset(&out, 0, sizeof(out));
    CHECK_OK(hedge_rule_create(&made, problem, rule));
    CHECK(hedge_rule_state(made) <= 4);
    for (size_t d = 0; d <= date; d++) {
        hedge_view view = {.problem = problem,
                           .date = d,
                           .n = N,
                           .stride = STRIDE,
                           .left_years = problem->dt_years * (double)(problem->config.n_dates - d),
                           .spot = spots,
                           .spot_before = d > 0 ? spots : NULL,
                           .variance = variances};
        hedge_rule_decide(&(hedge_rule_args){made, &view, before, out.position, state});
    }
    hedge_rule_destroy(made);
    fel_hedge_problem_destroy(problem);
    return out;
}

static fel_greeks black(fel_option_right right, double spot, double strike, double left, double vol)
{
    fel_greeks g;
    CHECK_OK(fel_black_scholes(right, spot, strike, left, rate, yield, vol, &g));
    return g;
}

/* ---- Black-Scholes --------------------------------------------------------------------------- */

static void test_the_delta_is_that_of_black_and_scholes(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_HESTON);
    const fel_hedge_rule rule = rule_named("black_scholes_delta");
    fel_hedge_rule own = rule;
    own.params[0] = 0.35;
    const decision at_reference = decide(&f, &rule, 3, NULL), at_own = decide(&f, &own, 3, NULL);
    for (size_t i = 0; i < N; i++) {
        CHECK_NEAR(at_reference.position[i], black(FEL_CALL, spots[i], 100.0, 0.07, 0.21).delta,
                   1e-13);
        CHECK_NEAR(at_own.position[i], black(FEL_CALL, spots[i], 100.0, 0.07, 0.35).delta, 1e-13);
    }
}

static void test_a_book_is_the_sum_of_its_claims_and_its_side(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_GBM);
    f.config.side = -1;
    f.claims[0].quantity = 2.5;
    fel_hedge_claim *put = fixture_add_claim(&f, "european", -0.7);
    CHECK_OK(fel_payoff_set_text(&put->payoff, "right", "put"));
    CHECK_OK(fel_payoff_set(&put->payoff, "strike", 104.0));
    const fel_hedge_rule rule = rule_named("black_scholes_delta");
    const decision got = decide(&f, &rule, 0, NULL);
    for (size_t i = 0; i < N; i++) {
        const double call = black(FEL_CALL, spots[i], 100.0, 0.1, 0.21).delta;
        const double other = black(FEL_PUT, spots[i], 104.0, 0.1, 0.21).delta;
        CHECK_NEAR(got.position[i], -(2.5 * call - 0.7 * other), 1e-13);
    }
}

static void test_the_oracle_sees_the_variance_and_says_so(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_HESTON);
    const fel_hedge_rule rule = rule_named("black_scholes_oracle");
    const decision got = decide(&f, &rule, 4, NULL);
    for (size_t i = 0; i < N; i++) {
        CHECK_NEAR(got.position[i],
                   black(FEL_CALL, spots[i], 100.0, 0.06, sqrt(variances[i])).delta, 1e-13);
    }
    size_t n = 0;
    const fel_hedge_rule_info *const *all = fel_hedge_rules(&n);
    CHECK_INT(n, 8);
    for (size_t i = 0; i < n; i++) {
        CHECK_INT(all[i]->is_oracle, strcmp(all[i]->name, "black_scholes_oracle") == 0);
    }
}

static void test_no_hedge_is_none_and_bounds_hold(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_GBM);
    const fel_hedge_rule none = rule_named("none"), delta = rule_named("black_scholes_delta");
    const decision nothing = decide(&f, &none, 0, NULL);
    f.instruments[0].min_position = 0.31;
    f.instruments[0].max_position = 0.62;
    const decision got = decide(&f, &delta, 0, NULL), least = decide(&f, &none, 0, NULL);
    for (size_t i = 0; i < N; i++) {
        const double free = black(FEL_CALL, spots[i], 100.0, 0.1, 0.21).delta;
        CHECK_SAME(nothing.position[i], 0.0);
        CHECK_SAME(least.position[i], 0.31);
        CHECK_NEAR(got.position[i], fmin(fmax(free, 0.31), 0.62), 1e-13);
    }
}

/* Half width (1.5 c gamma^2 S / a)^(1/3); inside nothing is traded, outside to the edge. */
static void test_the_band_is_traded_to_its_nearer_edge(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_GBM);
    f.instruments[0].cost.proportional_bps = 12.0;
    fel_hedge_rule rule = rule_named("whalley_wilmott");
    rule.params[1] = 0.7;
    double before[STRIDE] = {0.0};
    for (size_t i = 0; i < N; i++) {
        const fel_greeks g = black(FEL_CALL, spots[i], 100.0, 0.1, 0.21);
        const double width = cbrt(1.5 * 0.0012 * g.gamma * g.gamma * spots[i] / 0.7);
        for (int k = -3; k <= 3; k += 2) {
            before[i] = g.delta + 0.5 * k * width;
            const double expected = g.delta + (k == -3 ? -1.0 : k == 3 ? 1.0 : 0.5 * k) * width;
            const decision got = decide(&f, &rule, 0, before);
            CHECK_NEAR(got.position[i], expected, 1e-13);
            if (k == 1 || k == -1) {
                CHECK_SAME(got.position[i], before[i]);
            }
        }
    }
    f.instruments[0].cost.proportional_bps = 0.0;
    const fel_hedge_rule delta = rule_named("black_scholes_delta");
    const decision narrow = decide(&f, &rule, 0, before), plain = decide(&f, &delta, 0, NULL);
    CHECK(memcmp(narrow.position, plain.position, sizeof(plain.position)) == 0);
}

/* Sold options at a higher volatility, bought ones at a lower, without costs at the same. */
static void test_lelands_volatility_pays_for_costs(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_GBM);
    const fel_hedge_rule rule = rule_named("leland"), delta = rule_named("black_scholes_delta");
    const decision free = decide(&f, &rule, 2, NULL), plain = decide(&f, &delta, 2, NULL);
    CHECK(memcmp(free.position, plain.position, sizeof(plain.position)) == 0);
    f.instruments[0].cost.proportional_bps = 10.0;
    const double number = sqrt(2.0 / M_PI) * 2.0 * 0.001 / (0.21 * sqrt(0.01));
    for (int side = -1; side <= 1; side += 2) {
        f.config.side = side;
        const decision got = decide(&f, &rule, 2, NULL);
        const double vol = 0.21 * sqrt(1.0 + side * number);
        for (size_t i = 0; i < N; i++) {
            CHECK_NEAR(got.position[i], side * black(FEL_CALL, spots[i], 100.0, 0.08, vol).delta,
                       1e-13);
        }
    }
    /* Costs that no volatility pays for: a bought option is held as a step. */
    f.instruments[0].cost.proportional_bps = 400.0;
    f.config.side = -1;
    const decision step = decide(&f, &rule, 2, NULL);
    CHECK_NEAR(step.position[0], 0.0, 1e-12);
    CHECK_NEAR(step.position[4], -exp(-yield * 0.08), 1e-12);
}

/* ---- the market's model ---------------------------------------------------------------------- */

/* Tables of three dates: at the second 0.07 years are left. */
static void init_model(problem_fixture *f, fel_process_kind kind)
{
    init(f, kind);
    f->config.n_dates = 3;
    f->config.horizon_years = 0.105;
}

static fel_greeks fourier(const problem_fixture *f, double spot, double variance, double strike,
                          double left)
{
    fel_process process = f->config.market.process;
    fel_greeks g;
    process.spot = spot;
    process.heston.v0 = variance;
    CHECK_OK(fel_greeks_european(&process, left, &strike, NULL, 1, FEL_PRICE_ADAPTIVE, &g));
    return g;
}

static void test_model_deltas_are_fouriers(void)
{
    static const fel_process_kind kinds[] = {FEL_PROCESS_GBM, FEL_PROCESS_MERTON,
                                             FEL_PROCESS_HESTON, FEL_PROCESS_BATES};
    const fel_hedge_rule rule = rule_named("heston_delta"),
                         least = rule_named("min_variance_delta");
    for (size_t k = 0; k < 4; k++) {
        problem_fixture f;
        init_model(&f, kinds[k]);
        const decision got = decide(&f, &rule, 1, NULL), other = decide(&f, &least, 1, NULL);
        for (size_t i = 0; i < N; i++) {
            const fel_greeks g = fourier(&f, spots[i], variances[i], 100.0, 0.07);
            const double by_v = k >= 2 ? g.vega / (2.0 * sqrt(variances[i])) : 0.0;
            CHECK_NEAR(got.position[i], g.delta, 5e-6);
            CHECK_NEAR(other.position[i], g.delta - 0.7 * 0.5 * by_v / spots[i], 5e-6);
        }
    }
}

/* What is left of S and v once the second instrument is held: by differences of Fourier's prices.
 */
typedef struct left_over {
    double by_s, by_v;
} left_over;

static double swap_value(const problem_fixture *f, double variance, double left)
{
    fel_heston law = f->config.market.process.heston;
    law.v0 = variance;
    return fel_total_variance(&law, left);
}

static double held_value(const problem_fixture *f, double spot, double variance,
                         const double *units)
{
    const fel_hedge_instrument *second = &f->instruments[1];
    const double claim = fourier(f, spot, variance, 100.0, 0.07).price;
    double other = 0.0;
    if (second->kind == FEL_HEDGE_VARIANCE_SWAP) {
        other = swap_value(f, variance, 0.07);
    } else {
        other = fourier(f, spot, variance, second->strike, 0.27).price;
        if (second->right == FEL_PUT) {
            other += second->strike * exp(-rate * 0.27) - spot * exp(-yield * 0.27);
        }
    }
    return units[0] * spot + units[1] * other - claim;
}

static left_over left_over_of(const problem_fixture *f, double spot, double variance,
                              const double *units)
{
    const double h = 1e-3 * spot, e = 1e-3 * variance;
    const left_over out = {
        (held_value(f, spot + h, variance, units) - held_value(f, spot - h, variance, units)) /
            (2.0 * h),
        (held_value(f, spot, variance + e, units) - held_value(f, spot, variance - e, units)) /
            (2.0 * e)};
    return out;
}

static void test_delta_and_vega_leave_nothing(void)
{
    const fel_hedge_rule rule = rule_named("heston_delta_vega");
    for (int k = 0; k < 3; k++) {
        problem_fixture f;
        init_model(&f, FEL_PROCESS_HESTON);
        fel_hedge_instrument *second = fixture_add_instrument(
            &f, "second", k == 0 ? FEL_HEDGE_VARIANCE_SWAP : FEL_HEDGE_OPTION);
        second->unit = 1.0;
        second->strike = 103.0;
        second->right = k == 1 ? FEL_CALL : FEL_PUT;
        second->expiry_years = k == 0 ? 0.0 : 0.305;
        const decision got = decide(&f, &rule, 1, NULL);
        for (size_t i = 0; i < N; i++) {
            const double units[2] = {got.position[i], got.position[STRIDE + i]};
            const left_over left = left_over_of(&f, spots[i], variances[i], units);
            const double vega =
                fourier(&f, spots[i], variances[i], 100.0, 0.07).vega / (2.0 * sqrt(variances[i]));
            CHECK_NEAR(left.by_s, 0.0, 2e-5);
            CHECK_NEAR(left.by_v, 0.0, 1e-4 * vega + 1e-3);
            CHECK(units[1] > 0.0);
        }
    }
}

/* A bound on the second instrument: the spot takes what is left of delta. */
static void test_a_bound_on_the_second_leaves_delta_hedged(void)
{
    problem_fixture f;
    init_model(&f, FEL_PROCESS_HESTON);
    fel_hedge_instrument *second = fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
    second->unit = 1.0;
    second->expiry_years = 0.305;
    second->min_position = 0.0;
    second->max_position = 0.1;
    const fel_hedge_rule rule = rule_named("heston_delta_vega");
    const decision got = decide(&f, &rule, 1, NULL);
    const double units[2] = {got.position[2], got.position[STRIDE + 2]};
    CHECK_SAME(units[1], 0.1);
    CHECK_NEAR(left_over_of(&f, spots[2], variances[2], units).by_s, 0.0, 2e-5);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void refuse(const problem_fixture *f, const char *name, const char *words)
{
    fel_hedge_problem *problem = fixture_create(f);
    const fel_hedge_rule rule = rule_named(name);
    hedge_rule *made = NULL;
    CHECK_STATUS(hedge_rule_create(&made, problem, &rule), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, words);
    fel_hedge_problem_destroy(problem);
}

static void test_what_a_problem_lacks_is_said(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_HESTON);
    refuse(&f, "heston_delta_vega", "needs an option or a variance swap beside the spot");
    init(&f, FEL_PROCESS_GBM);
    refuse(&f, "heston_delta_vega", "needs a market whose model has a variance of its own");
    static const double closes[] = {100.0, 101.0, 99.5, 102.0, 101.1, 103.0, 100.2, 99.9};
    f.config.market.kind = FEL_HEDGE_BOOTSTRAP;
    f.config.market.closes = closes;
    f.config.market.n_closes = 8;
    f.config.market.block_dates = 2.0;
    refuse(&f, "heston_delta", "heston_delta needs a market with a model");
    refuse(&f, "black_scholes_oracle", "sees the true variance, which this market does not have");
    init(&f, FEL_PROCESS_HESTON);
    f.instruments[0].kind = FEL_HEDGE_VARIANCE_SWAP;
    refuse(&f, "leland", "hedges with the spot, which is not among the instruments");
    fel_hedge_rule rule;
    CHECK_STATUS(fel_hedge_rule_find("lelnd", &rule), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"leland\"");
    CHECK_STATUS(fel_hedge_rule_find("martingale_doubling", &rule), FEL_ERR_NOTFOUND);
}

static void test_only_the_band_reads_positions(void)
{
    problem_fixture f;
    init(&f, FEL_PROCESS_GBM);
    fel_hedge_problem *problem = fixture_create(&f);
    size_t n = 0;
    const fel_hedge_rule_info *const *all = fel_hedge_rules(&n);
    for (size_t i = 0; i < n; i++) {
        const fel_hedge_rule rule = rule_named(all[i]->name);
        hedge_rule *made = NULL;
        if (strcmp(all[i]->name, "heston_delta_vega") == 0) {
            continue;
        }
        CHECK_OK(hedge_rule_create(&made, problem, &rule));
        CHECK_INT(hedge_rule_is_path_free(made), strcmp(all[i]->name, "whalley_wilmott") != 0);
        hedge_rule_destroy(made);
    }
    fel_hedge_problem_destroy(problem);
}

SUITE("hedge/rule", TEST(test_the_delta_is_that_of_black_and_scholes),
      TEST(test_a_book_is_the_sum_of_its_claims_and_its_side),
      TEST(test_the_oracle_sees_the_variance_and_says_so),
      TEST(test_no_hedge_is_none_and_bounds_hold), TEST(test_the_band_is_traded_to_its_nearer_edge),
      TEST(test_lelands_volatility_pays_for_costs), TEST(test_model_deltas_are_fouriers),
      TEST(test_delta_and_vega_leave_nothing), TEST(test_a_bound_on_the_second_leaves_delta_hedged),
      TEST(test_what_a_problem_lacks_is_said), TEST(test_only_the_band_reads_positions));
