/* tests/unit/engine/test_margin.c - margin accounts beyond the table of cases: what is closed, what
 * strategies see and may not do, and settings that are refused. */
#include <math.h>
#include <string.h>

#include "tests/unit/engine/engine_fixture.h"

static fel_engine_config margin_config(double cash)
{
    fel_engine_config config = checked_config();
    config.cash = cash;
    config.account.kind = FEL_ACCOUNT_MARGIN;
    return config;
}

static fel_series_info share(const char *symbol)
{
    fel_series_info info = bars_info(symbol, FEL_NS_PER_DAY);
    info.instrument.kind = FEL_EQUITY;
    return info;
}

/* ---- what is closed -------------------------------------------------------------------------- */

/* A has lost 6,000, B gained 200. */
static void test_the_largest_loss_goes_first(void)
{
    static const double a[] = {100, 100, 60, 60, 60}, b[] = {50, 50, 52, 52, 52};
    market m = {0};
    const fel_series_info info_a = share("A"), info_b = share("B");
    market_add_flat_days(&m, &info_a, 0, a, 5);
    market_add_flat_days(&m, &info_b, 0, b, 5);
    fel_engine_config config = margin_config(10000.0);
    config.account.liquidate = FEL_LIQUIDATE_LARGEST_LOSS;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 150)},
           {.event = ON_BAR,
            .at = DAYS(1),
            .instrument = 1,
            .order = {.struct_size = sizeof(fel_order), .side = FEL_BUY, .quantity = 100}});
    run r = run_market(&m, &config, &script_strategy, NULL);
    /* Equity 10,000 - 6,000 + 200 = 4,200; margin (9,000 + 5,200) / 4 = 3,550: no call yet. */
    CHECK_INT(r.result->n_margin_calls, 0);
    run_clear(&r);
    config.account.margin[FEL_EQUITY].maintenance_long = 0.35;
    r = run_market(&m, &config, &script_strategy, NULL);
    /* 4,970 are needed, 770 missing; a share of A frees 21: 36.667 of it. */
    CHECK_INT(r.result->n_margin_calls, 1);
    CHECK_INT(r.result->n_fills, 3);
    CHECK_INT(r.result->fills[2].instrument, 0);
    CHECK_REL(r.result->fills[2].quantity, 770.0 / 21.0, 1e-12);
    CHECK_INT(r.result->fills[2].reason, FEL_REASON_MARGIN_CALL);
    CHECK_SAME(r.result->positions[1].quantity, 100.0);
    check_orders_ended(r.result);
    run_clear(&r);
    market_clear(&m);
}

/* Lots are rounded up: 36.667 become 40. */
static void test_lots_are_rounded_up(void)
{
    static const double a[] = {100, 100, 66, 66, 66};
    market m = {0};
    fel_series_info info = share("A");
    info.instrument.lot = 5.0;
    market_add_flat_days(&m, &info, 0, a, 5);
    fel_engine_config config = margin_config(5000.0);
    config.account.liquidate = FEL_LIQUIDATE_PROPORTIONAL;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 100)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->n_fills, 2);
    CHECK_SAME(r.result->fills[1].quantity, 5.0);
    run_clear(&r);
    market_clear(&m);
}

/* The strategy's own stop on it ends; the liquidation's order cannot be cancelled; both are told.
 */
static void test_a_liquidation_is_told_and_stands(void)
{
    static const double a[] = {100, 100, 66, 65, 65};
    market m = {0};
    const fel_series_info info = share("A");
    market_add_flat_days(&m, &info, 0, a, 5);
    const fel_engine_config config = margin_config(5000.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 100)},
           {.event = ON_BAR, .at = DAYS(2), .order = STOP_ORDER(FEL_SELL, 100, 10)},
           {.event = ON_UPDATE, .at = 5, .verb = CANCEL, .order_id = 3});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_TEXT(script_log_of("order"),
               "order1:live@1 order1:filled:filled@1 order2:live@2 "
               "order2:cancelled:margin_call@2 order3:live@2 order3:filled:margin_call@3");
    CHECK_TEXT(script_log_of("fill"), "fill1:A+100=100@1 fill3:A-100=66@3");
    CHECK_STATUS(script_last_status(), FEL_ERR_NOTFOUND);
    CHECK_INT(r.result->margin_calls[0].n_liquidations, 1);
    run_clear(&r);
    market_clear(&m);
}

/* ---- what is allowed ------------------------------------------------------------------------- */

/* 10 bp on 10,000 are 10: with 5,000 at 50 %, x + 0.002 x = 10,000. */
static void test_costs_come_out_of_the_margin(void)
{
    static const double a[] = {100, 100, 100};
    market m = {0};
    const fel_series_info info = share("A");
    market_add_flat_days(&m, &info, 0, a, 3);
    fel_engine_config config = margin_config(5000.0);
    config.fees[0] = cost_of("percent", 10.0, 0.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 1000)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_REL(r.result->fills[0].quantity * 100.0, 10000.0 / 1.002, 1e-12);
    run_clear(&r);
    market_clear(&m);
}

/* A sale of 300 out of 100 long: what closes passes, the rest has margin for 100 short. */
static void test_a_reversal_is_cut_to_the_margin(void)
{
    static const double a[] = {100, 100, 100, 100};
    market m = {0};
    const fel_series_info info = share("A");
    market_add_flat_days(&m, &info, 0, a, 4);
    fel_engine_config config = margin_config(5000.0);
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = MARKET_ORDER(FEL_BUY, 100)},
           {.event = ON_BAR, .at = DAYS(2), .order = MARKET_ORDER(FEL_SELL, 300)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_REL(r.result->positions[0].quantity, -100.0, 1e-12);
    run_clear(&r);
    config.cash_short = FEL_CASH_REJECT;
    r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->orders[1].reason, FEL_REASON_NO_MARGIN);
    run_clear(&r);
    config.cash_short = FEL_CASH_ALLOW;
    r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_SAME(r.result->fills[1].position_after, -200.0); /* and called at once: 5,000 of 6,000 */
    CHECK_INT(r.result->n_margin_calls, 1);
    run_clear(&r);
    market_clear(&m);
}

/* A limit far below has margin at its own price, not at the last one, at which it is looked at. */
static void test_orders_are_looked_at_on_submission(void)
{
    static const double a[] = {100, 100, 100};
    market m = {0};
    const fel_series_info info = share("A");
    market_add_flat_days(&m, &info, 0, a, 3);
    fel_engine_config config = margin_config(5000.0);
    config.account.check = FEL_MARGIN_AT_SUBMISSION;
    SCRIPT({.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 101, 20)},
           {.event = ON_BAR, .at = DAYS(1), .order = LIMIT_ORDER(FEL_BUY, 100, 20)});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->orders[0].reason, FEL_REASON_NO_MARGIN);
    CHECK_INT(r.result->orders[1].reason, FEL_REASON_END_OF_RUN);
    run_clear(&r);
    market_clear(&m);
}

/* ---- what a strategy sees -------------------------------------------------------------------- */

typedef struct seen {
    double power[3], used[3], maintenance[3];
    fel_leg held[3], other[3];
    int64_t call_ns[3];
    int n;
} seen;
static seen last;

static fel_status look(void *state, fel_ctx *ctx, const fel_bar *bar)
{
    (void)state;
    const fel_host *host = ctx->host;
    const int k = last.n < 3 ? last.n++ : 2;
    last.power[k] = host->buying_power(ctx, 0);
    last.used[k] = host->margin_used(ctx);
    last.maintenance[k] = host->maintenance_margin(ctx);
    last.call_ns[k] = host->margin_call_ns(ctx);
    FEL_TRY(host->leg(ctx, 0, 1, &last.held[k]));
    FEL_TRY(host->leg(ctx, 0, -1, &last.other[k]));
    CHECK_STATUS(host->leg(ctx, 0, 0, &last.other[k]), FEL_ERR_ARG);
    CHECK_STATUS(host->leg(ctx, 7, 1, &last.other[k]), FEL_ERR_ARG);
    CHECK_SAME(host->buying_power(ctx, 7), 0.0);
    const fel_order order = fel_order_default(0, FEL_BUY, 60.0);
    return bar->close_time_ns == DAYS(1) ? fel_submit(ctx, &order, NULL) : FEL_OK;
}

static const fel_strategy looking = {
    .struct_size = sizeof(fel_strategy), .name = "looking", .on_bar = look};

static void test_a_strategy_sees_its_margin(void)
{
    static const double a[] = {100, 100, 70, 69};
    market m = {0};
    const fel_series_info info = share("A");
    market_add_flat_days(&m, &info, 0, a, 4);
    fel_engine_config config = margin_config(3000.0);
    config.account.grace_days = 5;
    memset(&last, 0, sizeof(last));
    run r = run_market(&m, &config, &looking, NULL);
    CHECK_SAME(last.power[0], 6000.0);
    CHECK_SAME(last.used[0], 0.0);
    CHECK(last.held[0].quantity == 0.0 && isnan(last.held[0].price));
    CHECK_SAME(last.power[1], 0.0); /* 60 at 100 take it all */
    CHECK_SAME(last.used[1], 3000.0);
    CHECK_SAME(last.maintenance[1], 1500.0);
    CHECK_SAME(last.held[1].quantity, 60.0);
    CHECK_SAME(last.held[1].price, 100.0);
    CHECK_SAME(last.other[1].quantity, 0.0);
    CHECK(last.call_ns[1] == FEL_TIME_MAX);
    /* At 69, which opens at once: 1,140 of 1,035; no call. */
    CHECK_SAME(last.held[2].unrealised, -1860.0);
    CHECK(last.call_ns[2] == FEL_TIME_MAX);
    run_clear(&r);
    config.account.margin[FEL_EQUITY].maintenance_long = 0.28;
    memset(&last, 0, sizeof(last));
    r = run_market(&m, &config, &looking, NULL);
    CHECK(last.call_ns[2] == DAYS(3)); /* 1,140 of 1,159.2 */
    CHECK_INT(r.result->n_margin_calls, 1);
    CHECK_INT(r.result->margin_calls[0].due_ns, DAYS(8));
    CHECK(r.result->margin_calls[0].end_ns == FEL_TIME_MAX);
    run_clear(&r);
    market_clear(&m);
}

/* ---- options --------------------------------------------------------------------------------- */

/* Underlying 100. A short call at 110: 20 - 10 = 10, at least 10; with a strike of 105: 15. */
static void test_short_options_need_a_part_of_the_underlying(void)
{
    static const struct {
        fel_option_right right;
        double strike, margin;
    } cases[] = {{FEL_CALL, 110, 1000}, {FEL_CALL, 105, 1500}, {FEL_CALL, 90, 2000},
                 {FEL_PUT, 95, 1500},   {FEL_PUT, 80, 800},    {FEL_PUT, 120, 2000}};
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        static const double spot[] = {100, 100, 100}, premium[] = {3, 3, 3};
        market m = {0};
        const fel_series_info under = share("U");
        fel_series_info info = bars_info("O", FEL_NS_PER_DAY);
        info.instrument.kind = FEL_OPTION;
        info.instrument.multiplier = 100.0;
        info.instrument.right = cases[k].right;
        info.instrument.strike = cases[k].strike;
        info.instrument.expiry_ns = DAYS(100);
        info.instrument.underlying = 0;
        market_add_flat_days(&m, &under, 0, spot, 3);
        market_add_flat_days(&m, &info, 0, premium, 3);
        const fel_engine_config config = margin_config(10000.0);
        SCRIPT(
            {.event = ON_BAR, .at = DAYS(1), .instrument = 1, .order = MARKET_ORDER(FEL_SELL, 1)});
        run r = run_market(&m, &config, &script_strategy, NULL);
        CHECK_SAME(r.result->equity[r.result->n_equity - 1].margin, cases[k].margin);
        CHECK_SAME(fel_money_value(r.result->final_cash), 10300.0);
        run_clear(&r);
        market_clear(&m);
    }
}

/* ---- settings -------------------------------------------------------------------------------- */

static void check_refused(const fel_engine_config *config, const fel_series_info *info,
                          const char *words)
{
    static const double a[] = {100, 100};
    market m = {0};
    fel_engine *engine = NULL;
    market_add_flat_days(&m, info, 0, a, 2);
    const fel_status status =
        fel_engine_create(&engine, config, m.sources, m.n, &script_strategy, NULL);
    CHECK(status == FEL_ERR_RANGE || status == FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, words);
    fel_engine_destroy(engine);
    market_clear(&m);
}

static void test_settings_without_sense_are_refused(void)
{
    fel_series_info info = share("A");
    fel_engine_config c = margin_config(1000.0);
    c.account.margin[FEL_EQUITY].initial = 0.2;
    check_refused(&c, &info, "initial margin = 0.2, maintenance margin = 0.3");
    c = margin_config(1000.0);
    c.account.margin[FEL_FX].maintenance_long = (double)NAN;
    check_refused(&c, &info, "margin = nan");
    c = margin_config(1000.0);
    c.account.borrow_basis = 0;
    check_refused(&c, &info, "borrow over 0");
    c = margin_config(1000.0);
    c.account.liquidation_fee = 0.6;
    check_refused(&c, &info, "liquidation_fee = 0.6");
    c = margin_config(1000.0);
    c.account.short_credit_rate_per_year = 11.0;
    check_refused(&c, &info, "short proceeds = 11");
    c = margin_config(1000.0);
    c.account.liquidate = (fel_liquidate)3;
    check_refused(&c, &info, "account liquidate = 3");
    c = checked_config();
    c.account.check = FEL_MARGIN_AT_SUBMISSION;
    check_refused(&c, &info, "for margin accounts");
    c = checked_config();
    info.instrument.margin_initial = -0.1;
    check_refused(&c, &info, "A: margins -0.1");
}

/* A side where there are no legs. */
static void test_netting_has_no_legs(void)
{
    static const double a[] = {100, 100};
    market m = {0};
    const fel_series_info info = share("A");
    market_add_flat_days(&m, &info, 0, a, 2);
    const fel_engine_config config = checked_config();
    SCRIPT({.event = ON_BAR,
            .at = DAYS(1),
            .order = {.struct_size = sizeof(fel_order),
                      .side = FEL_BUY,
                      .quantity = 1,
                      .position_side = 1}});
    run r = run_market(&m, &config, &script_strategy, NULL);
    CHECK_INT(r.result->orders[0].reason, FEL_REASON_BAD_ORDER);
    run_clear(&r);
    market_clear(&m);
}

SUITE("engine/margin", TEST(test_the_largest_loss_goes_first), TEST(test_lots_are_rounded_up),
      TEST(test_a_liquidation_is_told_and_stands), TEST(test_costs_come_out_of_the_margin),
      TEST(test_a_reversal_is_cut_to_the_margin), TEST(test_orders_are_looked_at_on_submission),
      TEST(test_a_strategy_sees_its_margin), TEST(test_short_options_need_a_part_of_the_underlying),
      TEST(test_settings_without_sense_are_refused), TEST(test_netting_has_no_legs));
