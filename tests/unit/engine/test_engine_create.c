/* tests/unit/engine/test_engine_create.c - settings and sources that contradict each other. */
#include <math.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

static const double prices[] = {100, 104, 103, 107};

static market plain_market(void)
{
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &info, 0, prices, 4);
    return m;
}

static void check_refused(const market *m, const fel_engine_config *config,
                          const fel_strategy *strategy, fel_status status, const char *message)
{
    fel_engine *engine = NULL;
    CHECK_STATUS(fel_engine_create(&engine, config, m->sources, m->n, strategy, NULL), status);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK(engine == NULL);
}

static void check_config(fel_engine_config config, fel_status status, const char *message)
{
    market m = plain_market();
    check_refused(&m, &config, &script_strategy, status, message);
    market_clear(&m);
}

static void test_settings_out_of_range_are_refused(void)
{
    fel_engine_config c = fel_engine_config_default();
    c.struct_size--;
    check_config(c, FEL_ERR_ARG, "start from fel_engine_config_default()");
    static const double bad_cash[] = {0.0, -1.0, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < 4; i++) {
        c = fel_engine_config_default();
        c.cash = bad_cash[i];
        check_config(c, FEL_ERR_RANGE, "it must be positive");
    }
    c = fel_engine_config_default();
    c.debit_rate_per_year = 10.5;
    check_config(c, FEL_ERR_RANGE, "debit_rate = 10.5");
    c = fel_engine_config_default();
    c.cash_rate_per_year = (double)NAN;
    check_config(c, FEL_ERR_RANGE, "a year's rate lies in [-1, 10]");
    c = fel_engine_config_default();
    c.fee_minimum = -0.5;
    check_config(c, FEL_ERR_RANGE, "fee_minimum = -0.5");
}

static void test_rules_that_are_none_are_refused(void)
{
    fel_engine_config c[8];
    for (size_t i = 0; i < 8; i++) {
        c[i] = fel_engine_config_default();
    }
    c[0].fill = (fel_fill_rule)2;
    c[1].path = (fel_bar_path)4;
    c[2].limit = (fel_limit_rule)2;
    c[3].sizing = (fel_sizing)2;
    c[4].cash_short = (fel_cash_short)3;
    c[5].off_grid = (fel_off_grid)2;
    c[6].end_of_data = (fel_end_of_data)2;
    c[7].record = (fel_record)3;
    static const char *const names[] = {"fill = 2",        "path = 4",       "limit = 2",
                                        "sizing = 2",      "cash_short = 3", "off_grid = 2",
                                        "end_of_data = 2", "record = 3"};
    for (size_t i = 0; i < 8; i++) {
        check_config(c[i], FEL_ERR_ARG, names[i]);
    }
}

static void test_costs_in_the_wrong_place_are_refused(void)
{
    fel_engine_config c = fel_engine_config_default();
    c.fees[0] = cost_of("bps", 1.0, 0.0);
    check_config(c, FEL_ERR_ARG, "bps is no fee model");
    c = fel_engine_config_default();
    c.slippage[0] = cost_of("percent", 1.0, 0.0);
    check_config(c, FEL_ERR_ARG, "percent is no slippage model");
    c = fel_engine_config_default();
    c.fees[0] = cost_of("percent", 20000.0, 0.0);
    check_config(c, FEL_ERR_RANGE, "fee_bps");
    c = fel_engine_config_default();
    c.fees[0] = cost_of("weight_change", 5.0, 0.0);
    c.fill = FEL_FILL_SAME_CLOSE;
    c.sizing = FEL_SIZE_AT_DECISION;
    check_config(c, FEL_ERR_ARG, "fee model weight_change needs sizing at_fill");
}

static void test_sources_that_do_not_go_together_are_refused(void)
{
    const fel_engine_config config = fel_engine_config_default();
    market m = {0};
    market_add_action(&m, "X", DAYS(1), FEL_SPLIT, 2.0);
    check_refused(&m, &config, &script_strategy, FEL_ERR_ARG, "no source gives prices");
    market_clear(&m);
    m = plain_market();
    market_add_action(&m, "Y", DAYS(1), FEL_SPLIT, 2.0);
    check_refused(&m, &config, &script_strategy, FEL_ERR_ARG,
                  "Y has actions but no prices in this run");
    market_clear(&m);
    m = plain_market();
    static const int64_t at[] = {DAYS(1)};
    static const double value[] = {1.0};
    market_add_signals(&m, "Z", "s", at, value, 1);
    check_refused(&m, &config, &script_strategy, FEL_ERR_ARG,
                  "Z has signals but no prices in this run");
    market_clear(&m);
    m = plain_market();
    fel_series_info info = *m.sources[0].info;
    m.sources[0].info = &info;
    memcpy(info.instrument.currency, "EUR", sizeof("EUR"));
    check_refused(&m, &config, &script_strategy, FEL_ERR_ARG, "X is in EUR, the account in USD");
    memcpy(info.instrument.currency, "USD", sizeof("USD"));
    info.instrument.multiplier = 0.0;
    check_refused(&m, &config, &script_strategy, FEL_ERR_ARG, "multiplier 0 must be positive");
    info.instrument.multiplier = 1.0;
    info.length_ns = 0;
    check_refused(&m, &config, &script_strategy, FEL_ERR_ARG, "bars of X have no length");
    market_clear(&m);
}

static void test_a_strategy_of_another_size_is_refused(void)
{
    market m = plain_market();
    const fel_engine_config config = fel_engine_config_default();
    fel_strategy other = script_strategy;
    other.struct_size -= 8;
    check_refused(&m, &config, &other, FEL_ERR_ABI, "strategy table of");
    market_clear(&m);
}

static void test_parameters_out_of_range_are_refused(void)
{
    static const fel_param_spec specs[] = {
        {"speed", FEL_PARAM_REAL, 1.0, 0.5, 2.0, NULL, "a number"}};
    fel_strategy with = script_strategy;
    with.params = specs;
    with.n_params = 1;
    market m = plain_market();
    const fel_engine_config config = fel_engine_config_default();
    fel_engine *engine = NULL;
    const double bad = 2.5, good = 1.75;
    CHECK_STATUS(fel_engine_create(&engine, &config, m.sources, m.n, &with, &bad), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "speed");
    CHECK(engine == NULL);
    CHECK_OK(fel_engine_create(&engine, &config, m.sources, m.n, &with, &good));
    CHECK_STATUS(fel_engine_set_params(engine, &bad), FEL_ERR_RANGE);
    fel_engine_destroy(engine);
    fel_engine_destroy(NULL);
    market_clear(&m);
}

SUITE("engine/create", TEST(test_settings_out_of_range_are_refused),
      TEST(test_rules_that_are_none_are_refused), TEST(test_costs_in_the_wrong_place_are_refused),
      TEST(test_sources_that_do_not_go_together_are_refused),
      TEST(test_a_strategy_of_another_size_is_refused),
      TEST(test_parameters_out_of_range_are_refused));
