/* The event engine's P&L of a hedger is the trainer's on the same path: engine and trainer are two
 * programs that share prices, costs and network alone. */
#define FEL_MODULE_STUDY 1
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/strategies.h>

#include "study/hedging_service_internal.h"
#include "tests/support/check.h"

enum { N_DATES = 12, N_PATHS = 16 };
#define DAY_NS   (86400 * FEL_NS_PER_SECOND)
#define NOTIONAL 100.0

static fel_hedge_problem *make_problem(void)
{
    fel_hedge_config config = fel_hedge_config_default();
    static fel_hedge_claim claim;
    static fel_hedge_instrument spot;
    fel_hedge_problem *problem = NULL;
    memset(&spot, 0, sizeof(spot));
    spot.name = "spot";
    spot.min_position = -(double)INFINITY;
    spot.max_position = (double)INFINITY;
    spot.cost.proportional_bps = 10.0;
    spot.cost.per_unit = 0.013;
    spot.cost.fixed = 0.0021;
    CHECK_OK(fel_payoff_init(&claim.payoff, "european"));
    CHECK_OK(fel_payoff_set(&claim.payoff, "strike", 101.5));
    claim.quantity = 1.0;
    config.market.kind = FEL_HEDGE_SIMULATED;
    config.market.seed = 9;
    config.market.process.kind = FEL_PROCESS_HESTON;
    config.market.process.spot = NOTIONAL;
    config.market.process.heston = (fel_heston){0.04, 1.0, 0.04, 0.5, -0.7};
    config.claims = &claim;
    config.n_claims = 1;
    config.instruments = &spot;
    config.n_instruments = 1;
    config.n_dates = N_DATES;
    config.horizon_years = N_DATES / 252.0;
    config.premium = 2.3;
    config.is_unwinding = 1;
    CHECK_OK(fel_hedge_problem_create(&problem, &config));
    return problem;
}

/* One path as bars whose closes are the problem's dates, and its variance as a signal. */
typedef struct path_market {
    fel_series *bars, *variance;
} path_market;

static path_market make_market(const fel_hedge_problem *problem, uint64_t path)
{
    double spot[N_DATES + 1], variance[N_DATES + 1], nothing[N_DATES + 1];
    int64_t times[N_DATES + 1];
    const fel_hedge_paths want = {.first = path, .n = 1, .spot = spot, .variance = variance};
    path_market m = {NULL, NULL};
    CHECK_OK(fel_hedge_problem_paths(problem, &want));
    for (size_t k = 0; k <= N_DATES; k++) {
        times[k] = (int64_t)(k + 1) * DAY_NS;
        nothing[k] = (double)NAN;
    }
    fel_series_info info = fel_series_info_default(FEL_DATA_BAR, "S");
    info.length_ns = DAY_NS;
    (void)snprintf(info.instrument.currency, sizeof(info.instrument.currency), "USD");
    const double *prices[] = {spot, spot, spot, spot, nothing};
    const fel_block bars = {.n = N_DATES + 1, .n_columns = 5, .time_ns = times, .columns = prices};
    CHECK_OK(fel_series_create(&m.bars, &info, &bars));
    info = fel_series_info_default(FEL_DATA_SIGNAL, "S");
    info.n_columns = 1;
    (void)snprintf(info.columns[0], sizeof(info.columns[0]), "variance");
    const double *signals[] = {variance};
    const fel_block signal = {
        .n = N_DATES + 1, .n_columns = 1, .time_ns = times, .columns = signals};
    CHECK_OK(fel_series_create(&m.variance, &info, &signal));
    return m;
}

/* The same run, stopped in the middle of the life and resumed by another engine. */
static void check_resumed(fel_engine_config config, const fel_source *sources,
                          const fel_strategy *strategy, const double *params, double equity)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/hedge.snapshot", scratch_folder());
    fel_engine *stopped = NULL, *resumed = NULL;
    const fel_result *result = NULL;
    config.snapshot_path = path;
    config.stop_after_rows = N_DATES;
    CHECK_OK(fel_engine_create(&stopped, &config, sources, 2, strategy, params));
    CHECK_OK(fel_engine_run(stopped, &result));
    CHECK((result->flags & FEL_FLAG_STOPPED) != 0);
    config.stop_after_rows = 0;
    CHECK_OK(fel_engine_create(&resumed, &config, sources, 2, strategy, params));
    CHECK_OK(fel_engine_resume(resumed, path, &result));
    CHECK_SAME(fel_money_value(result->final_equity), equity);
    fel_engine_destroy(stopped);
    fel_engine_destroy(resumed);
    (void)remove(path);
}

/* Trading gains less costs as the engine books them. */
static double run_engine(const fel_hedge_problem *problem, const fel_hedger *hedger, uint64_t path)
{
    static const double params[] = {0.0, 1.0, 1.0, 0.0}; /* variance_column, quantity, problem */
    path_market m = make_market(problem, path);
    fel_series *const series[2] = {m.variance, m.bars};
    fel_source sources[2];
    hedging_service service;
    fel_engine_config config = fel_engine_config_default();
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    const fel_strategy *strategy = NULL;
    memset(sources, 0, sizeof(sources));
    CHECK_OK(hedging_service_init(&service, problem, hedger));
    config.fill = FEL_FILL_SAME_CLOSE;
    config.cash_short = FEL_CASH_ALLOW;
    config.cash = 1e4;
    config.services = &service.entry;
    config.n_services = 1;
    CHECK_OK(hedging_engine_costs(problem, &config));
    CHECK_OK(fel_strategy_find("hedge", &strategy));
    for (size_t i = 0; i < 2; i++) {
        sources[i].info = fel_series_describe(series[i]);
        CHECK_OK(fel_feed_of_series(&sources[i].feed, series[i], FEL_TIME_MIN, FEL_TIME_MAX, 0));
    }
    CHECK_OK(fel_engine_create(&engine, &config, sources, 2, strategy, params));
    CHECK_OK(fel_engine_run(engine, &result));
    const double gain = fel_money_value(result->final_equity) - config.cash;
    check_resumed(config, sources, strategy, params, fel_money_value(result->final_equity));
    fel_engine_destroy(engine);
    for (size_t i = 0; i < 2; i++) {
        fel_feed_destroy(&sources[i].feed);
        fel_series_destroy(series[i]);
    }
    return gain;
}

static void compare(const fel_hedge_problem *problem, const fel_hedger *hedger, double tolerance)
{
    double pnl[N_PATHS], payoff[N_PATHS], cost[N_PATHS];
    const fel_hedge_config *c = fel_hedge_problem_config(problem);
    const fel_hedge_outcome out = {.struct_size = sizeof(out),
                                   .n_threads = 1,
                                   .first = FEL_HEDGE_TEST_PATHS,
                                   .n = N_PATHS,
                                   .pnl = pnl,
                                   .cost = cost,
                                   .payoff = payoff};
    CHECK_OK(fel_hedger_run(hedger, &out));
    for (size_t i = 0; i < N_PATHS; i++) {
        const double gain = run_engine(problem, hedger, FEL_HEDGE_TEST_PATHS + i);
        CHECK_NEAR(gain + c->premium - payoff[i], pnl[i], tolerance * NOTIONAL);
    }
}

static fel_policy_config small_policy(void)
{
    fel_policy_config config = fel_policy_config_default();
    config.hidden[0] = 7;
    return config;
}

static void test_policy_in_the_engine_earns_what_the_trainer_says_in_float(void)
{
    fel_hedge_problem *problem = make_problem();
    const fel_policy_config config = small_policy();
    fel_policy *policy = NULL;
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_policy_create(&policy, problem, &config));
    float *params = malloc(fel_policy_count_params(policy) * sizeof(*params));
    fel_policy_init_f32(policy, 3, params);
    CHECK_OK(fel_hedger_of_policy_f32(&hedger, policy, params));
    compare(problem, hedger, 1e-6);
    fel_hedger_destroy(hedger);
    free(params);
    fel_policy_destroy(policy);
    fel_hedge_problem_destroy(problem);
}

static void test_policy_in_the_engine_earns_what_the_trainer_says_in_double(void)
{
    fel_hedge_problem *problem = make_problem();
    const fel_policy_config config = small_policy();
    fel_policy *policy = NULL;
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_policy_create(&policy, problem, &config));
    double *params = malloc(fel_policy_count_params(policy) * sizeof(*params));
    fel_policy_init_f64(policy, 3, params);
    CHECK_OK(fel_hedger_of_policy_f64(&hedger, policy, params));
    compare(problem, hedger, 1e-12);
    fel_hedger_destroy(hedger);
    free(params);
    fel_policy_destroy(policy);
    fel_hedge_problem_destroy(problem);
}

static void test_rules_in_the_engine_earn_what_the_trainer_says(void)
{
    static const char *const names[] = {"none",
                                        "black_scholes_delta",
                                        "heston_delta",
                                        "min_variance_delta",
                                        "black_scholes_oracle",
                                        "whalley_wilmott",
                                        "leland"};
    fel_hedge_problem *problem = make_problem();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        fel_hedge_rule rule;
        fel_hedger *hedger = NULL;
        CHECK_OK(fel_hedge_rule_find(names[i], &rule));
        CHECK_OK(fel_hedger_of_rule(&hedger, problem, &rule));
        compare(problem, hedger, 1e-12);
        fel_hedger_destroy(hedger);
    }
    fel_hedge_problem_destroy(problem);
}

static void test_quadratic_costs_are_refused_by_name(void)
{
    fel_hedge_problem *problem = make_problem();
    fel_engine_config config = fel_engine_config_default();
    fel_hedge_config changed = *fel_hedge_problem_config(problem);
    fel_hedge_instrument spot = changed.instruments[0];
    fel_hedge_problem *other = NULL;
    spot.cost.quadratic_bps = 2.5;
    changed.instruments = &spot;
    CHECK_OK(fel_hedge_problem_create(&other, &changed));
    CHECK_STATUS(hedging_engine_costs(other, &config), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "quadratic");
    fel_hedge_problem_destroy(other);
    fel_hedge_problem_destroy(problem);
}

SUITE("study/hedge_parity", TEST(test_policy_in_the_engine_earns_what_the_trainer_says_in_float),
      TEST(test_policy_in_the_engine_earns_what_the_trainer_says_in_double),
      TEST(test_rules_in_the_engine_earn_what_the_trainer_says),
      TEST(test_quadratic_costs_are_refused_by_name));
