/* tests/unit/strategies/test_rules_signals.c - signals, forecast_sign and buy_and_hold, case by
 * case. */
#include <math.h>
#include <stdlib.h>

#include <feller/strategies.h>

#include "tests/support/check.h"
#include "tests/unit/strategies/fake_host.h"

#define NONE ((double)NAN)

static fake_host *started(const char *name, const double *params, size_t n_instruments,
                          size_t n_signals)
{
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(n_instruments, n_signals);
    CHECK_OK(fel_strategy_find(name, &strategy));
    CHECK_INT(fake_start(host, strategy, params), FEL_OK);
    return host;
}

static void finish(fake_host *host)
{
    fake_stop(host);
    free(host);
}

/* One step for instrument 0 with the signal (column 1) that comes right before it; NaN: none. */
typedef struct beat {
    double signal;
    double target; /* ordered at this step; NaN: no order */
} beat;

static void check_beats(fake_host *host, const beat *beats, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const size_t before = host->n_orders;
        const fel_bar bar = fake_flat_bar(0, 20.0 + 0.25 * (double)i);
        if (!isnan(beats[i].signal)) {
            CHECK_INT(fake_signal(host, 0, 1, beats[i].signal), FEL_OK);
        }
        CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
        CHECK_INT(host->n_orders, before + (isnan(beats[i].target) ? 0u : 1u));
        if (host->n_orders > before) {
            CHECK_SAME(host->orders[before].amount, beats[i].target);
            CHECK_INT(host->orders[before].step, i);
        }
    }
}

/* ---- signals ------------------------------------------------------------------------------------
 */

static void test_signals_order_when_the_target_changes(void)
{
    const double weights[] = {1, 0, 0.5, 0};
    const beat beats[] = {{NONE, NONE}, {0.0, NONE},   {0.5, 0.25}, {0.5, NONE},  {NONE, NONE},
                          {1.0, 0.5},   {-0.5, -0.25}, {0.0, 0.0},  {NONE, NONE}, {2.385, 1.1925}};
    fake_host *host = started("signals", weights, 2, 2);
    check_beats(host, beats, sizeof(beats) / sizeof(beats[0]));
    for (size_t k = 0; k < host->n_orders; k++) {
        CHECK_INT(host->orders[k].kind, FEL_TARGET_WEIGHT);
    }
    finish(host);
}

static void test_signals_as_units_follow_a_split(void)
{
    const double units[] = {1, 1, 1, 0};
    const beat before[] = {{100.0, 100.0}, {NONE, NONE}};
    const beat after[] = {{200.0, NONE}, {150.0, 150.0}};
    fake_host *host = started("signals", units, 1, 2);
    check_beats(host, before, 2);
    CHECK_INT(host->orders[0].kind, FEL_TARGET_POSITION);
    CHECK_INT(fake_split(host, 0, 2.0), FEL_OK);
    CHECK_SAME(host->position[0], 200.0);
    host->n_steps = 0; /* count the second part from 0 again */
    check_beats(host, after, 2);
    finish(host);
}

static void test_unknown_signal_keeps_the_target(void)
{
    const double weights[] = {1, 0, 1, 0};
    const fel_bar bar = fake_flat_bar(0, 7.75);
    fake_host *host = started("signals", weights, 1, 2);
    CHECK_INT(fake_signal(host, 0, 1, 0.75), FEL_OK);
    CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
    CHECK_INT(fake_signal(host, 0, 1, (double)NAN), FEL_OK);
    CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
    CHECK_INT(fake_signal(host, 0, 0, 0.1), FEL_OK); /* the other column */
    CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
    CHECK_INT(host->n_orders, 1);
    finish(host);
}

/* With decide: arrival the order is there before the next bar, and fills at its open. */
static void test_arrival_does_not_wait_for_the_close(void)
{
    const double at_close[] = {0, 0, 1, 0}, at_arrival[] = {0, 0, 1, 1};
    const fel_bar bar = fake_flat_bar(0, 10.0);
    fake_host *waits = started("signals", at_close, 1, 1);
    fake_host *acts = started("signals", at_arrival, 1, 1);
    CHECK_INT(fake_signal(acts, 0, 0, 0.5), FEL_OK);
    CHECK_INT(acts->n_orders, 0); /* no price is known yet: made at the first close */
    CHECK_INT(fake_step(acts, &bar, 1), FEL_OK);
    CHECK_INT(acts->n_orders, 1);
    CHECK_INT(fake_step(waits, &bar, 1), FEL_OK);
    CHECK_INT(fake_signal(waits, 0, 0, 0.75), FEL_OK);
    CHECK_INT(fake_signal(acts, 0, 0, 0.75), FEL_OK);
    CHECK_INT(waits->n_orders, 0);
    CHECK_INT(acts->n_orders, 2);
    CHECK_INT(fake_step(waits, &bar, 1), FEL_OK);
    CHECK_INT(fake_step(acts, &bar, 1), FEL_OK);
    CHECK_INT(waits->n_orders, 1);
    CHECK_INT(acts->n_orders, 2);
    CHECK_NEAR(acts->position[0], 75000.0, 1e-9);
    finish(waits);
    finish(acts);
}

static void test_column_must_be_there(void)
{
    const double second[] = {1, 0, 1, 0};
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(1, 1);
    CHECK_OK(fel_strategy_find("signals", &strategy));
    CHECK_INT(fake_start(host, strategy, second), FEL_ERR_USER);
    CHECK_TEXT(host->message, "column = 1 is not there: the run has 1 signal column(s)");
    fake_stop(host);
    free(host);
}

/* ---- forecast_sign ------------------------------------------------------------------------------
 */

static void test_forecast_sign_long_only(void)
{
    const double params[] = {1, 0, 0, 0, 0.8, 0, 0};
    const beat beats[] = {{-0.01, NONE}, {0.02, 0.8},  {0.5, NONE},  {NONE, NONE},
                          {0.0, 0.0},    {-0.1, NONE}, {1e-12, 0.8}, {-1e-12, 0.0}};
    fake_host *host = started("forecast_sign", params, 1, 2);
    check_beats(host, beats, sizeof(beats) / sizeof(beats[0]));
    finish(host);
}

static void test_forecast_sign_both_sides_with_thresholds(void)
{
    const double params[] = {1, 1, 0.25, -0.5, 0.75, 0, 0};
    const beat beats[] = {{0.25, NONE},    {0.251, 0.375}, {0.1, 0.0},   {-0.5, NONE},
                          {-0.51, -0.375}, {NONE, NONE},   {0.3, 0.375}, {-0.75, -0.375}};
    fake_host *host = started("forecast_sign", params, 2, 2);
    check_beats(host, beats, sizeof(beats) / sizeof(beats[0]));
    finish(host);
}

/* Held positions are ordered again at every bar; being flat is not. */
static void test_forecast_sign_rebalances(void)
{
    const double params[] = {1, 1, 0, 0, 0.6, 0, 1};
    const beat beats[] = {{NONE, NONE}, {-0.01, -0.6}, {NONE, -0.6}, {0.385, 0.6},
                          {0.2, 0.6},   {0.0, 0.0},    {NONE, NONE}, {-2.0, -0.6}};
    fake_host *host = started("forecast_sign", params, 1, 2);
    check_beats(host, beats, sizeof(beats) / sizeof(beats[0]));
    finish(host);
}

static void test_forecast_thresholds_must_not_cross(void)
{
    const double params[] = {0, 0, -0.5, 0.5, 1, 0, 0};
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(1, 1);
    CHECK_OK(fel_strategy_find("forecast_sign", &strategy));
    CHECK_INT(fake_start(host, strategy, params), FEL_ERR_USER);
    CHECK_TEXT(host->message, "lower = 0.5 must not be above upper = -0.5");
    fake_stop(host);
    free(host);
}

/* ---- buy_and_hold -------------------------------------------------------------------------------
 */

static void test_buy_and_hold_buys_each_at_its_first_bar(void)
{
    const double params[] = {0, 0.9};
    fake_host *host = started("buy_and_hold", params, 3, 0);
    for (size_t i = 0; i < 20; i++) {
        const fel_bar bars[] = {fake_flat_bar(0, 10.0 + (double)i), fake_flat_bar(1, 40.5),
                                fake_flat_bar(2, 3.25)};
        CHECK_INT(fake_step(host, bars, i < 5 ? 1 : i < 9 ? 2 : 3), FEL_OK);
    }
    CHECK_INT(host->n_orders, 3);
    for (uint32_t k = 0; k < 3; k++) {
        static const size_t steps[] = {0, 5, 9};
        CHECK_INT(host->orders[k].instrument, k);
        CHECK_INT(host->orders[k].step, steps[k]);
        CHECK_NEAR(host->orders[k].amount, 0.3, 1e-15);
        CHECK(host->position[k] > 0.0);
    }
    finish(host);
}

static void test_buy_and_hold_asks_again_until_it_is_filled(void)
{
    const double params[] = {25, 0};
    fake_host *host = started("buy_and_hold", params, 1, 0);
    host->start_step = 4;
    for (size_t i = 0; i < 10; i++) {
        const fel_bar bar = fake_flat_bar(0, 10.0);
        CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
        if (i == 4) {
            host->is_waiting[0] = 0; /* refused by the venue */
        }
    }
    CHECK_INT(host->n_orders, 2);
    CHECK_INT(host->orders[0].step, 4);
    CHECK_INT(host->orders[1].step, 5);
    CHECK_SAME(host->position[0], 25.0);
    finish(host);
}

SUITE("strategies/rules_signals", TEST(test_signals_order_when_the_target_changes),
      TEST(test_signals_as_units_follow_a_split), TEST(test_unknown_signal_keeps_the_target),
      TEST(test_arrival_does_not_wait_for_the_close), TEST(test_column_must_be_there),
      TEST(test_forecast_sign_long_only), TEST(test_forecast_sign_both_sides_with_thresholds),
      TEST(test_forecast_sign_rebalances), TEST(test_forecast_thresholds_must_not_cross),
      TEST(test_buy_and_hold_buys_each_at_its_first_bar),
      TEST(test_buy_and_hold_asks_again_until_it_is_filled));
