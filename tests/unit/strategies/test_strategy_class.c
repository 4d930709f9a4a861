/* tests/unit/strategies/test_strategy_class.c - what holds for every built-in strategy, one body
 * over all of them. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/strategies/fake_host.h"

enum { N_ASSETS = 6, N_STEPS = 500, N_SIGNALS = 2, MAX_PARAMS = 24 };

typedef void each_strategy(const fel_strategy *strategy);

static void for_all(each_strategy *body)
{
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    for (size_t i = 0; i < n; i++) {
        body(all[i]);
    }
}

/* Those that decide by themselves: not those that a service decides for. */
static void for_all_of_their_own(void (*body)(const fel_strategy *strategy))
{
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(all[i]->name, "hedge") != 0) {
            body(all[i]);
        }
    }
}

/* First step at which an order may be made with the default parameters: the warm-up it documents.
 */
static size_t first_step_of(const fel_strategy *strategy)
{
    static const struct {
        const char *name;
        size_t step;
    } table[] = {{"buy_and_hold", 0},
                 {"cross_sectional_momentum", 252},
                 {"donchian_breakout", 20},
                 {"forecast_sign", 0},
                 {"hedge", 0},
                 {"pairs", 59},
                 {"rebalance", 0},
                 {"rsi_reversion", 14},
                 {"signals", 0},
                 {"sma_cross", 29},
                 {"volatility_target", 20}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, strategy->name) == 0) {
            return table[i].step;
        }
    }
    CHECK_TEXT(strategy->name, "a strategy that this table has");
    return 0;
}

typedef struct market {
    double volatility; /* of a step's log return; 0: constant prices */
    uint64_t seed;
} market;

/* Prices that move together, on a tick of 0.01; signals every fifth step. */
static fel_status run_steps(fake_host *host, market m)
{
    rng_stream r = rng_at(m.seed, 0);
    double level[N_ASSETS];
    for (size_t i = 0; i < N_ASSETS; i++) {
        level[i] = 50.0 + 25.0 * (double)i;
    }
    for (size_t step = 0; step < N_STEPS; step++) {
        const double common = rng_normal(&r);
        fel_bar bars[N_ASSETS];
        for (uint32_t i = 0; i < N_ASSETS; i++) {
            const double own = rng_normal(&r), open = rint(100.0 * level[i]) / 100.0;
            level[i] *= exp(m.volatility * (0.8 * common + 0.6 * own));
            const double close = rint(100.0 * level[i]) / 100.0;
            const double span = m.volatility > 0.0 ? 0.01 : 0.0;
            bars[i] = fake_bar(i, open, fmax(open, close) + span, fmin(open, close) - span, close);
            const double signal =
                m.volatility > 0.0 ? fmax(-1.0, fmin(1.0, rint(2.0 * own) / 4.0)) : 0.0;
            if (step % 5 == 0 && host->ctx.n_signals > 0) {
                FEL_TRY(fake_signal(host, i, step % 2 == 0, signal));
            }
        }
        FEL_TRY(fake_step(host, bars, N_ASSETS));
    }
    return FEL_OK;
}

static fake_host *host_on_grid(void)
{
    fake_host *host = fake_host_create(N_ASSETS, N_SIGNALS);
    for (size_t i = 0; i < N_ASSETS; i++) {
        host->instruments[i].ticks_per_unit = 100.0;
    }
    return host;
}

/* ---- tables --------------------------------------------------------------------------------- */

static int is_snake_case(const char *name)
{
    for (const char *c = name; *c != '\0'; c++) {
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_') {
            return 0;
        }
    }
    return *name != '\0';
}

static void check_param(const fel_param_spec *spec)
{
    char text[64];
    double back = -1.0;
    CHECK(is_snake_case(spec->name));
    CHECK(spec->doc != NULL && spec->doc[0] != '\0' && spec->doc[strlen(spec->doc) - 1] != '.');
    CHECK((spec->kind == FEL_PARAM_CHOICE) == (spec->choices != NULL));
    CHECK_STATUS(fel_param_check(spec, spec->default_value), FEL_OK);
    fel_param_format(spec, spec->default_value, text, sizeof(text));
    CHECK_STATUS(fel_param_parse(spec, text, &back), FEL_OK);
    CHECK_SAME(back, spec->default_value);
}

static void check_table(const fel_strategy *s)
{
    CHECK_INT(s->struct_size, sizeof(fel_strategy));
    CHECK(is_snake_case(s->name));
    CHECK(s->summary != NULL && strlen(s->summary) > 10 && strlen(s->summary) < 80);
    CHECK(s->state_size > 0);
    CHECK(s->n_params > 0 && s->n_params <= MAX_PARAMS);
    CHECK(s->on_bar != NULL || s->on_slice != NULL);
    for (size_t i = 0; i < s->n_params; i++) {
        check_param(&s->params[i]);
        for (size_t k = 0; k < i; k++) {
            CHECK(strcmp(s->params[i].name, s->params[k].name) != 0);
        }
    }
}

static void test_tables_are_sane(void)
{
    for_all(check_table);
}

/* ---- runs -------------------------------------------------------------------------------------
 */

static void check_defaults(const fel_strategy *s)
{
    const market m = {0.02, 5};
    fake_host *host = host_on_grid();
    CHECK_INT(fake_start(host, s, NULL), FEL_OK);
    CHECK_INT(run_steps(host, m), FEL_OK);
    CHECK(host->n_orders > 0);
    for (size_t k = 0; k < host->n_orders; k++) {
        CHECK(host->orders[k].step >= first_step_of(s));
        CHECK(fabs(host->orders[k].amount) <= 1.0 + 1e-12);
    }
    fake_stop(host);
    free(host);
}

static void test_defaults_run_and_wait_for_their_warm_up(void)
{
    for_all(check_defaults);
}

/* With one parameter at an end of its range: it runs, or says why not by that parameter's name. */
static void check_extremes_of(const fel_strategy *s, size_t index, double value)
{
    const market m = {0.02, 6};
    double params[MAX_PARAMS];
    fake_host *host = host_on_grid();
    fel_param_defaults(s->params, s->n_params, params);
    params[index] = value;
    const fel_status status = fake_start(host, s, params);
    if (status != FEL_OK) {
        CHECK_INT(status, FEL_ERR_USER);
        CHECK_HAS(host->message, s->params[index].name);
    } else {
        CHECK_INT(run_steps(host, m), FEL_OK);
    }
    fake_stop(host);
    free(host);
}

static void check_extremes(const fel_strategy *s)
{
    for (size_t i = 0; i < s->n_params; i++) {
        const int has_range = s->params[i].kind <= FEL_PARAM_INTEGER;
        check_extremes_of(s, i, has_range ? s->params[i].min : 0.0);
        check_extremes_of(s, i, has_range ? s->params[i].max : 1.0);
    }
}

static void test_ends_of_ranges_run_or_are_refused_by_name(void)
{
    for_all(check_extremes);
}

/* All lengths short and both sides, so that every path is taken. */
static void short_params(const fel_strategy *s, double *params)
{
    for (size_t i = 0; i < s->n_params; i++) {
        const char *name = s->params[i].name;
        const double start = s->params[i].default_value;
        const int is_length = strstr(name, "_bars") != NULL || strstr(name, "_slices") != NULL;
        params[i] = strcmp(name, "side") == 0 ? 1.0
                    : is_length               ? fmax(s->params[i].min, floor(start / 4.0))
                                              : start;
    }
}

static void check_deterministic(const fel_strategy *s)
{
    const market m = {0.03, 7};
    double params[MAX_PARAMS];
    fake_host *first = host_on_grid(), *second = host_on_grid();
    short_params(s, params);
    CHECK_INT(fake_start(first, s, params), FEL_OK);
    CHECK_INT(run_steps(first, m), FEL_OK);
    for (size_t time = 0; time < 2; time++) { /* the second time: the same host again */
        CHECK_INT(fake_start(second, s, params), FEL_OK);
        CHECK_INT(run_steps(second, m), FEL_OK);
        CHECK_INT(second->n_orders, first->n_orders);
        for (size_t k = 0; k < first->n_orders; k++) {
            CHECK_INT(second->orders[k].step, first->orders[k].step);
            CHECK_INT(second->orders[k].instrument, first->orders[k].instrument);
            CHECK_SAME(second->orders[k].amount, first->orders[k].amount);
        }
        fake_stop(second);
    }
    fake_stop(first);
    free(first);
    free(second);
}

static void test_runs_repeat_bit_by_bit(void)
{
    for_all(check_deterministic);
}

/* Nothing moves: only those may trade whose rule does not look at prices, and they once. */
static void check_constant_prices(const fel_strategy *s)
{
    const market still = {0.0, 8};
    const int is_by_rank =
        strcmp(s->name, "cross_sectional_momentum") == 0 || strcmp(s->name, "rebalance") == 0;
    const int is_holder = strcmp(s->name, "buy_and_hold") == 0 || is_by_rank;
    double params[MAX_PARAMS];
    fake_host *host = host_on_grid();
    short_params(s, params);
    CHECK_INT(fake_start(host, s, params), FEL_OK);
    CHECK_INT(run_steps(host, still), FEL_OK);
    if (!is_by_rank) {
        CHECK_INT(host->n_orders, is_holder ? N_ASSETS : 0);
    }
    fake_stop(host);
    free(host);
}

static void test_constant_prices_make_no_signal(void)
{
    for_all_of_their_own(check_constant_prices);
}

/* In warm-up no order is made; the strategy must go on as if it had not asked. */
static void check_late_start(const fel_strategy *s)
{
    const market m = {0.03, 9};
    double params[MAX_PARAMS];
    fake_host *host = host_on_grid();
    short_params(s, params);
    host->start_step = 300;
    CHECK_INT(fake_start(host, s, params), FEL_OK);
    CHECK_INT(run_steps(host, m), FEL_OK);
    CHECK(host->n_orders > 0);
    CHECK(host->n_orders == 0 || host->orders[0].step >= 300);
    fake_stop(host);
    free(host);
}

static void test_a_late_start_is_not_taken_for_an_order(void)
{
    for_all(check_late_start);
}

static void check_no_memory(const fel_strategy *s)
{
    fake_host *host = host_on_grid();
    host->is_out_of_memory = 1;
    CHECK_INT(fake_start(host, s, NULL), FEL_ERR_USER);
    CHECK_HAS(host->message, "out of memory");
    fake_stop(host);
    free(host);
}

static void test_no_memory_is_said(void)
{
    for_all_of_their_own(check_no_memory);
}

/* A split of every instrument at step 250 changes no decision of a rule that looks at weights. */
static fel_status run_with_split(fake_host *host, double ratio)
{
    rng_stream r = rng_at(10, 0);
    double level[N_ASSETS] = {64.0, 80.0, 96.0, 112.0, 128.0, 144.0};
    for (size_t step = 0; step < N_STEPS; step++) {
        fel_bar bars[N_ASSETS];
        const double unit = step >= 250 ? 1.0 / ratio : 1.0;
        const double common = rng_normal(&r);
        for (uint32_t i = 0; i < N_ASSETS; i++) {
            const double open = level[i];
            level[i] *= exp(0.016 * common + 0.012 * rng_normal(&r));
            const double high = fmax(open, level[i]), low = fmin(open, level[i]);
            bars[i] = fake_bar(i, open * unit, high * unit, low * unit, level[i] * unit);
            if (step == 250 && ratio != 1.0) {
                FEL_TRY(fake_split(host, i, ratio));
            }
        }
        FEL_TRY(fake_step(host, bars, N_ASSETS));
    }
    return FEL_OK;
}

static void check_split(const fel_strategy *s)
{
    double params[MAX_PARAMS];
    fake_host *plain = fake_host_create(N_ASSETS, N_SIGNALS);
    fake_host *split = fake_host_create(N_ASSETS, N_SIGNALS);
    short_params(s, params);
    CHECK_INT(fake_start(plain, s, params), FEL_OK);
    CHECK_INT(fake_start(split, s, params), FEL_OK);
    CHECK_INT(run_with_split(plain, 1.0), FEL_OK);
    CHECK_INT(run_with_split(split, 2.0), FEL_OK);
    CHECK_INT(split->n_orders, plain->n_orders);
    for (size_t k = 0; k < plain->n_orders && k < split->n_orders; k++) {
        CHECK_INT(split->orders[k].step, plain->orders[k].step);
        CHECK_INT(split->orders[k].instrument, plain->orders[k].instrument);
        CHECK_NEAR(split->orders[k].amount, plain->orders[k].amount, 1e-9);
    }
    fake_stop(plain);
    fake_stop(split);
    free(plain);
    free(split);
}

static void test_a_split_changes_no_weight(void)
{
    for_all_of_their_own(check_split);
}

SUITE("strategies/class", TEST(test_tables_are_sane),
      TEST(test_defaults_run_and_wait_for_their_warm_up),
      TEST(test_ends_of_ranges_run_or_are_refused_by_name), TEST(test_runs_repeat_bit_by_bit),
      TEST(test_constant_prices_make_no_signal), TEST(test_a_late_start_is_not_taken_for_an_order),
      TEST(test_no_memory_is_said), TEST(test_a_split_changes_no_weight));
