/* tests/unit/hedge/test_problem_errors.c - configurations that are no problem: one line each, with
 * the value and what is allowed. */
#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/hedge/problem_fixture.h"

static void check_refused(const problem_fixture *f, fel_status status, const char *message)
{
    fel_hedge_problem *problem = NULL;
    CHECK_STATUS(fel_hedge_problem_create(&problem, &f->config), status);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK(problem == NULL);
    fel_hedge_problem_destroy(problem);
}

#define REFUSED(change, status, message)                                                           \
    do {                                                                                           \
        problem_fixture f;                                                                         \
        fixture_init_gbm(&f);                                                                      \
        change;                                                                                    \
        check_refused(&f, status, message);                                                        \
    } while (0)

static void test_numbers_out_of_range(void)
{
    REFUSED(f.config.struct_size = 8, FEL_ERR_ABI, "configuration of 8 and");
    REFUSED(f.config.market.struct_size = 9, FEL_ERR_ABI, "and 9 bytes");
    REFUSED(f.config.side = 0, FEL_ERR_ARG, "side 0 must be 1 (sold) or -1 (bought)");
    REFUSED(f.config.n_dates = 0, FEL_ERR_RANGE, "0 dates, allowed are 1 to 10000");
    REFUSED(f.config.n_dates = 10001, FEL_ERR_RANGE, "10001 dates");
    REFUSED(f.config.horizon_years = 0.0, FEL_ERR_RANGE, "horizon_years = 0");
    REFUSED(f.config.horizon_years = (double)NAN, FEL_ERR_RANGE, "horizon_years = nan");
    REFUSED(f.config.premium = -0.5, FEL_ERR_RANGE, "premium = -0.5");
    REFUSED(f.config.premium = HUGE_VAL, FEL_ERR_RANGE, "premium = inf");
    REFUSED(f.config.rate_per_year = 11.0, FEL_ERR_RANGE, "rate_per_year = 11");
    REFUSED(f.config.reference_vol = 0.0, FEL_ERR_RANGE, "reference_vol = 0");
    REFUSED(f.config.n_claims = 0, FEL_ERR_ARG, "without a claim");
    REFUSED(f.config.n_claims = 17, FEL_ERR_RANGE, "17 claims, allowed are 1 to 16");
    REFUSED(f.config.n_instruments = 0, FEL_ERR_ARG, "without an instrument");
    REFUSED(f.config.n_instruments = 5, FEL_ERR_RANGE, "5 instruments, allowed are 1 to 4");
    REFUSED(f.config.n_features = 25, FEL_ERR_RANGE, "25 features, allowed are up to 24");
}

static void test_instruments_that_are_none(void)
{
    REFUSED(f.instruments[0].name = NULL, FEL_ERR_ARG, "instrument 0 has no name");
    REFUSED(f.instruments[0].name = "", FEL_ERR_ARG, "instrument 0 has no name");
    REFUSED((void)fixture_add_instrument(&f, "spot", FEL_HEDGE_SPOT), FEL_ERR_ARG,
            "two instruments are named \"spot\"");
    REFUSED(f.instruments[0].kind = (fel_hedge_instrument_kind)3, FEL_ERR_ARG,
            "spot: instrument of kind 3");
    REFUSED(f.instruments[0].min_position = 1.5;
            f.instruments[0].max_position = 1.0, FEL_ERR_RANGE, "spot: positions from 1.5 to 1");
    REFUSED(f.instruments[0].max_position = (double)NAN, FEL_ERR_RANGE, "spot: positions from");
    REFUSED(f.instruments[0].unit = -1.0, FEL_ERR_RANGE, "spot: unit -1");
    REFUSED(f.instruments[0].cost.proportional_bps = -1.0, FEL_ERR_RANGE,
            "spot: cost proportional_bps = -1 must be 0 or more");
    REFUSED(f.instruments[0].cost.per_unit = -0.1, FEL_ERR_RANGE, "cost per_unit = -0.1");
    REFUSED(f.instruments[0].cost.fixed = (double)NAN, FEL_ERR_RANGE, "cost fixed = nan");
    REFUSED(f.instruments[0].cost.fixed_width = -2.0, FEL_ERR_RANGE, "cost fixed_width = -2");
    REFUSED(f.instruments[0].cost.quadratic_bps = HUGE_VAL, FEL_ERR_RANGE,
            "cost quadratic_bps = inf");
}

static void test_options_and_swaps_that_are_none(void)
{
    REFUSED(fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION)->strike = 0.0, FEL_ERR_RANGE,
            "call: strike 0 must be above 0");
    REFUSED(fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION)->right = (fel_option_right)7,
            FEL_ERR_ARG, "call: right 7");
    REFUSED(fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION)->expiry_years = 0.05,
            FEL_ERR_RANGE, "call: expiry in 0.05 years lies before the last date");
    static const double spot[] = {1.0, 1.0};
    REFUSED((void)fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION);
            f.config.market.kind = FEL_HEDGE_STORED; f.config.market.spot = spot;
            f.config.market.n_paths = 1;
            f.config.n_dates = 1, FEL_ERR_RANGE, "call: vol_per_year 0 must be above 0");
    REFUSED((void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
            f.config.market.kind = FEL_HEDGE_STORED, FEL_ERR_ARG,
            "swap: a variance swap needs a model's variance, which stored paths do not give");
    REFUSED((void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
            f.config.market.process.kind = FEL_PROCESS_MERTON, FEL_ERR_ARG,
            "swap: a variance swap is not priced where there are jumps");
}

static void test_markets_that_are_none(void)
{
    static const double closes[] = {1.0, 2.0, -3.0}, flat[] = {1.0, 2.0, 3.0};
    static const double stored[] = {1.0, 2.0, 3.0, 0.0}, variance[] = {0.0, 1.0, -1.0, 1.0};
    REFUSED(f.config.market.kind = (fel_hedge_market_kind)3, FEL_ERR_ARG, "market of kind 3");
    REFUSED(f.config.market.process.spot = -1.0, FEL_ERR_RANGE, "spot");
    REFUSED(f.config.market.n_substeps = 0, FEL_ERR_RANGE, "0 sub-steps");
    REFUSED(f.config.market.has_drift = 1;
            f.config.market.drift_per_year = (double)NAN, FEL_ERR_RANGE, "drift_per_year = nan");
    REFUSED(f.config.market.kind = FEL_HEDGE_BOOTSTRAP, FEL_ERR_ARG, "bootstrap of 0 closes");
#define BOOTSTRAP(from, dates)                                                                     \
    f.config.market.kind = FEL_HEDGE_BOOTSTRAP;                                                    \
    f.config.market.closes = (from);                                                               \
    f.config.market.n_closes = 3;                                                                  \
    f.config.market.block_dates = (dates)
    REFUSED(BOOTSTRAP(closes, 2.0), FEL_ERR_RANGE, "close 2 is -3");
    REFUSED(BOOTSTRAP(flat, 3.0), FEL_ERR_RANGE, "block_dates = 3; allowed are 1 to 2");
    REFUSED(BOOTSTRAP(flat, 1.5); f.config.market.method = FEL_BOOTSTRAP_BLOCK, FEL_ERR_RANGE,
                                  "block_dates = 1.5; allowed are 1 to 2, whole");
    REFUSED(BOOTSTRAP(flat, 1.5);
            f.config.market.process.spot = 0.0, FEL_ERR_RANGE, "bootstrap: spot 0");
#define STORED(paths, v, n)                                                                        \
    f.config.market.kind = FEL_HEDGE_STORED;                                                       \
    f.config.n_dates = 1;                                                                          \
    f.config.market.spot = (paths);                                                                \
    f.config.market.variance = (v);                                                                \
    f.config.market.n_paths = (n)
    REFUSED(STORED(NULL, NULL, 2), FEL_ERR_ARG, "a market of stored paths with 0 of them");
    REFUSED(STORED(stored, NULL, 0), FEL_ERR_ARG, "a market of stored paths with 0 of them");
    REFUSED(STORED(stored, NULL, 2), FEL_ERR_RANGE,
            "stored path 1, date 1: spot 0 must be above 0");
    REFUSED(STORED(flat, variance, 1); f.config.market.spot = stored;
            f.config.market.variance = variance + 1, FEL_ERR_RANGE,
            "stored path 0, date 1: variance -1 must be 0 or more");
}

static void test_features_that_the_market_does_not_give(void)
{
    static const double stored[] = {1.0, 2.0};
    fel_hedge_feature feature;
    CHECK_OK(fel_hedge_feature_find("variance", &feature));
    REFUSED(STORED(stored, NULL, 1); f.config.features = &feature;
            f.config.n_features = 1, FEL_ERR_ARG, "feature variance");
}

static fel_status create(void *payload, void **out)
{
    const fel_hedge_config *config = payload;
    fel_hedge_problem *problem = NULL;
    FEL_TRY(fel_hedge_problem_create(&problem, config));
    *out = problem;
    return FEL_OK;
}

static void destroy(void *made)
{
    fel_hedge_problem_destroy(made);
}

static void check_memory(problem_fixture *f, long least)
{
    fel_hedge_feature feature;
    CHECK_OK(fel_hedge_feature_find("spot", &feature));
    f->config.features = &feature;
    f->config.n_features = 1;
    const failing_call call = {"fel_hedge_problem_create", create, destroy, &f->config};
    CHECK(check_failing_call(&call) > least);
}

/* With a quoted option and a payoff that looks between dates; then one whose premium is by pilot
 * paths. */
static void test_running_out_of_memory(void)
{
    static const double stored[] = {100.0, 101.0, 99.0, 100.0, 98.0, 102.0};
    problem_fixture f;
    fixture_init(&f);
    f.config.n_dates = 2;
    f.config.market.process.heston = (fel_heston){0.04, 1.0, 0.04, 0.1, 0.0};
    f.config.premium = 0.0;
    (void)fixture_add_claim(&f, "lookback_fixed", 1.0);
    fixture_add_instrument(&f, "call", FEL_HEDGE_OPTION)->unit = 2.0;
    check_memory(&f, 10);

    fixture_init_gbm(&f);
    f.config.n_dates = 2;
    f.config.market.kind = FEL_HEDGE_STORED;
    f.config.market.spot = stored;
    f.config.market.n_paths = 2;
    (void)fixture_add_claim(&f, "cash_digital", 1.0);
    check_memory(&f, 8);
}

SUITE("hedge/problem_errors", TEST(test_numbers_out_of_range), TEST(test_instruments_that_are_none),
      TEST(test_options_and_swaps_that_are_none), TEST(test_markets_that_are_none),
      TEST(test_features_that_the_market_does_not_give), TEST(test_running_out_of_memory));
