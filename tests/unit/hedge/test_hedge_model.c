/* tests/unit/hedge/test_hedge_model.c - tabled greeks of the market's model against Fourier's. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <string.h>

#include "hedge/book_internal.h"
#include "hedge/hedge_model_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N = 64 };

static const fel_process wild = {.kind = FEL_PROCESS_HESTON,
                                 .spot = 100.0,
                                 .rate_per_year = 0.02,
                                 .dividend_per_year = 0.035,
                                 .heston = {0.04, 1.0, 0.04, 2.0, -0.7}};
static const fel_process tame = {
    .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.0, 0.04, 0.5, -0.7}};
static const fel_process bates = {.kind = FEL_PROCESS_BATES,
                                  .spot = 100.0,
                                  .rate_per_year = 0.01,
                                  .heston = {0.05, 2.5, 0.03, 0.4, -0.55},
                                  .jumps = {1.3, -0.06, 0.08}};
static const fel_process merton = {.kind = FEL_PROCESS_MERTON,
                                   .spot = 100.0,
                                   .rate_per_year = 0.01,
                                   .vol_per_year = 0.17,
                                   .jumps = {0.9, -0.05, 0.1}};

static fel_hedge_problem *problem_on(const fel_process *process, const char *payoff, int is_put)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.n_claims = 0;
    fel_hedge_claim *claim = fixture_add_claim(&f, payoff, 1.3);
    CHECK_OK(fel_payoff_set(&claim->payoff, "right", is_put ? 1.0 : 0.0));
    CHECK_OK(fel_payoff_set(&claim->payoff, "strike", 101.2385));
    f.config.market.process = *process;
    f.config.n_dates = 1; /* a table of one date, 30 days before the end */
    f.config.premium = 0.0;
    f.config.reference_vol = 0.2;
    return fixture_create(&f);
}

typedef struct error {
    double delta, gamma, vega; /* gamma x h; vega x h / (S t): all of order 1 */
} error;

/* Prices four deviations to either side of the strike, at one variance and date. */
static error error_at(const model_table *table, const fel_process *process, double variance,
                      size_t date, double left)
{
    double spot[N], variances[N], strikes[N], delta[N], gamma[N], vega[N], vanna[N];
    fel_greeks exact[N];
    const double h = sqrt((variance + 0.003) * left);
    const model_greeks out = {delta, gamma, vega, vanna};
    for (size_t i = 0; i < N; i++) {
        spot[i] = 101.2385 * exp(((double)i - 31.37) / 8.0 * h);
        variances[i] = variance;
        strikes[i] = 101.2385 / spot[i];
    }
    model_table_greeks(table, date, spot, variances, N, &out);
    fel_process now = *process;
    now.spot = 1.0;
    now.heston.v0 = variance;
    CHECK_OK(fel_greeks_european(&now, left, strikes, NULL, N, FEL_PRICE_FAST, exact));
    error worst = {0.0, 0.0, 0.0};
    const double to_v = fel_process_has_variance(process) ? 0.5 / sqrt(variance) : 0.0;
    for (size_t i = 0; i < N; i++) {
        worst.delta = fmax(worst.delta, fabs(delta[i] - exact[i].delta));
        worst.gamma = fmax(worst.gamma, fabs(gamma[i] * spot[i] - exact[i].gamma) * h);
        worst.vega = fmax(worst.vega, fabs(vega[i] / spot[i] - exact[i].vega * to_v) * h / left);
    }
    return worst;
}

/* Three daily dates with options that live for 3 or 27 days. */
static void worst_of(const fel_process *process, const double *variances, size_t n, error *worst)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.market.process = *process;
    f.config.premium = 0.0;
    f.config.reference_vol = 0.2;
    f.config.n_dates = 3;
    f.config.horizon_years = 3.0 / 365.0;
    fel_hedge_problem *problem = fixture_create(&f);
    for (size_t i = 0; i < n; i++) {
        worst[i] = (error){0.0, 0.0, 0.0};
    }
    for (double expiry_days = 3.0; expiry_days < 40.0; expiry_days += 24.0) {
        model_table *table = NULL;
        CHECK_OK(model_table_create(&table, problem, 101.2385, expiry_days / 365.0));
        for (size_t k = 0; k < 3 * n; k++) {
            const size_t date = k % 3;
            const double left = (expiry_days - (double)date) / 365.0;
            const error e = error_at(table, process, variances[k / 3], date, left);
            error *at = &worst[k / 3];
            *at =
                (error){fmax(at->delta, e.delta), fmax(at->gamma, e.gamma), fmax(at->vega, e.vega)};
        }
        model_table_destroy(table);
    }
    fel_hedge_problem_destroy(problem);
}

static int is_below(const error *e, size_t from, size_t to, error bound)
{
    int ok = 1;
    for (size_t i = from; i < to; i++) {
        ok = ok && e[i].delta < bound.delta && e[i].gamma < bound.gamma && e[i].vega <= bound.vega;
    }
    return ok;
}

static void test_tables_are_as_near_to_fourier_as_they_say(void)
{
    static const double variances[] = {1e-7, 1e-3, 0.01, 0.0437, 0.333};
    const error fine = {5e-6, 1e-3, 1e-5};
    error e[5];
    worst_of(&tame, variances, 5, e);
    CHECK(is_below(e, 0, 5, fine));
    worst_of(&bates, variances, 5, e);
    CHECK(is_below(e, 0, 5, fine));
    worst_of(&merton, variances, 1, e);
    CHECK(is_below(e, 0, 1, (error){5e-7, 1e-4, 0.0}));
    /* 0.04 degrees of freedom: a variance that sticks to 0 makes a corner at the strike. */
    worst_of(&wild, variances, 5, e);
    CHECK(is_below(e, 0, 2, (error){1e-3, 0.2, 1e-3}));
    CHECK(is_below(e, 2, 5, (error){5e-5, 0.01, 1e-5}));
}

/* Beyond the table: Fourier itself. */
static void test_great_variances_are_priced_one_by_one(void)
{
    fel_hedge_problem *problem = problem_on(&tame, "european", 0);
    model_table *table = NULL;
    CHECK_OK(model_table_create(&table, problem, 101.2385, 30.0 / 365.0));
    const double spot = 97.3, variance = 1.9, strike = 101.2385;
    double delta = 0.0, gamma = 0.0, vega = 0.0, vanna = 0.0;
    const model_greeks out = {&delta, &gamma, &vega, &vanna};
    model_table_greeks(table, 0, &spot, &variance, 1, &out);
    fel_process now = tame;
    now.spot = spot;
    now.heston.v0 = variance;
    fel_greeks exact;
    CHECK_OK(fel_greeks_european(&now, 30.0 / 365.0, &strike, NULL, 1, FEL_PRICE_ADAPTIVE, &exact));
    CHECK_NEAR(delta, exact.delta, 1e-9);
    CHECK_NEAR(gamma, exact.gamma, 1e-9);
    CHECK_NEAR(vega, exact.vega / (2.0 * sqrt(variance)), 1e-6);
    model_table_destroy(table);
    fel_hedge_problem_destroy(problem);
}

static void test_bits_do_not_depend_on_the_level(void)
{
    fel_hedge_problem *problem = problem_on(&tame, "european", 0);
    const char *best = fel_cpu_level();
    double out[2][4][N];
    for (int k = 0; k < 2; k++) {
        CHECK_OK(fel_cpu_level_set(k == 0 ? best : cpu_level_name(CPU_BASE)));
        model_table *table = NULL;
        CHECK_OK(model_table_create(&table, problem, 101.2385, 30.0 / 365.0));
        double spot[N], variance[N];
        for (size_t i = 0; i < N; i++) {
            spot[i] = 80.0 + 0.6385 * (double)i;
            variance[i] = 0.0005 * (double)(i * i % 97);
        }
        const model_greeks greeks = {out[k][0], out[k][1], out[k][2], out[k][3]};
        model_table_greeks(table, 0, spot, variance, N, &greeks);
        model_table_destroy(table);
    }
    CHECK_OK(fel_cpu_level_set(best));
    CHECK(memcmp(out[0], out[1], sizeof(out[0])) == 0);
    fel_hedge_problem_destroy(problem);
}

/* ---- claims ---------------------------------------------------------------------------------- */

/* A digital's price by a narrow call spread's, of Fourier. */
static double digital_price(const fel_process *process, double spot, double variance, double left,
                            int is_asset, int is_put)
{
    fel_process now = *process;
    now.spot = spot;
    now.heston.v0 = variance;
    const double strike = 101.2385;
    fel_greeks g;
    CHECK_OK(fel_greeks_european(&now, left, &strike, NULL, 1, FEL_PRICE_ADAPTIVE, &g));
    const double asset = spot * g.delta, cash = (asset - g.price) / strike;
    const double all =
        is_asset ? spot * exp(-now.dividend_per_year * left) : exp(-now.rate_per_year * left);
    const double call = is_asset ? asset : cash;
    return is_put ? all - call : call;
}

static void test_digitals_follow_from_calls(void)
{
    for (int k = 0; k < 4; k++) {
        const int is_asset = k % 2, is_put = k / 2;
        fel_hedge_problem *problem =
            problem_on(&tame, is_asset ? "asset_digital" : "cash_digital", is_put);
        hedge_model *model = NULL;
        CHECK_OK(hedge_model_create(&model, problem, "the test"));
        const double spot = 99.7, variance = 0.0385, left = 30.0 / 365.0;
        const hedge_view view = {.problem = problem,
                                 .date = 0,
                                 .n = 1,
                                 .stride = 16,
                                 .left_years = left,
                                 .spot = &spot,
                                 .variance = &variance};
        double delta = 0.0, vega = 0.0;
        hedge_model_greeks(model, &view, 0, 1, &delta, &vega);
        const double h = 0.01, e = 1e-4;
        const double by_s = (digital_price(&tame, spot + h, variance, left, is_asset, is_put) -
                             digital_price(&tame, spot - h, variance, left, is_asset, is_put)) /
                            (2.0 * h);
        const double by_v = (digital_price(&tame, spot, variance + e, left, is_asset, is_put) -
                             digital_price(&tame, spot, variance - e, left, is_asset, is_put)) /
                            (2.0 * e);
        CHECK_NEAR(delta, 1.3 * by_s, 1e-4 * fmax(0.1, fabs(by_s)));
        CHECK_NEAR(vega, 1.3 * by_v, 1e-4 * fmax(1.0, fabs(by_v)));
        hedge_model_destroy(model);
        fel_hedge_problem_destroy(problem);
    }
}

static void test_a_put_is_a_call_less_the_forward(void)
{
    fel_hedge_problem *problems[2] = {problem_on(&wild, "european", 0),
                                      problem_on(&wild, "european", 1)};
    double delta[2] = {0.0, 0.0}, vega[2] = {0.0, 0.0};
    for (int k = 0; k < 2; k++) {
        hedge_model *model = NULL;
        CHECK_OK(hedge_model_create(&model, problems[k], "the test"));
        const double spot = 99.7, variance = 0.0385;
        const hedge_view view = {.problem = problems[k],
                                 .date = 0,
                                 .n = 1,
                                 .stride = 16,
                                 .left_years = 30.0 / 365.0,
                                 .spot = &spot,
                                 .variance = &variance};
        hedge_model_greeks(model, &view, 0, 1, &delta[k], &vega[k]);
        hedge_model_destroy(model);
        fel_hedge_problem_destroy(problems[k]);
    }
    CHECK_NEAR(delta[0] - delta[1], 1.3 * exp(-0.035 * 30.0 / 365.0), 1e-14);
    CHECK_SAME(vega[0], vega[1]);
}

static void test_other_claims_and_markets_are_refused(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.premium = 0.0;
    f.config.n_claims = 0;
    (void)fixture_add_claim(&f, "asian_arithmetic", 1.0);
    fel_hedge_problem *problem = fixture_create(&f);
    hedge_model *model = NULL;
    CHECK_STATUS(hedge_model_create(&model, problem, "heston_delta"), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message,
              "claim 1 (asian_arithmetic): heston_delta has no formula for it");
    fel_hedge_problem_destroy(problem);
}

SUITE("hedge/model", TEST(test_tables_are_as_near_to_fourier_as_they_say),
      TEST(test_great_variances_are_priced_one_by_one), TEST(test_bits_do_not_depend_on_the_level),
      TEST(test_digitals_follow_from_calls), TEST(test_a_put_is_a_call_less_the_forward),
      TEST(test_other_claims_and_markets_are_refused));
