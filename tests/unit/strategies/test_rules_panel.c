/* tests/unit/strategies/test_rules_panel.c - cross_sectional_momentum, pairs and volatility_target
 * against their rules worked out anew at every slice. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/strategies/fake_host.h"

enum { N_ASSETS = 7, N = 600 };

static double close_of[N_ASSETS][N];

static void make_panel(uint64_t seed)
{
    rng_stream r = rng_at(seed, 2);
    for (size_t a = 0; a < N_ASSETS; a++) {
        double x = log(20.0 + 13.0 * (double)a);
        for (size_t i = 0; i < N; i++) {
            x += 0.02 * rng_normal(&r);
            close_of[a][i] = exp(x);
        }
    }
}

static fake_host *started(const char *name, const double *params)
{
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(N_ASSETS, 0);
    CHECK_OK(fel_strategy_find(name, &strategy));
    CHECK_INT(fake_start(host, strategy, params), FEL_OK);
    return host;
}

/* The orders of one step as weights by instrument; NaN where there is none. */
static void weights_of_step(const fake_host *host, size_t step, double *weights)
{
    for (size_t a = 0; a < N_ASSETS; a++) {
        weights[a] = (double)NAN;
    }
    for (size_t k = 0; k < host->n_orders; k++) {
        if (host->orders[k].step == step) {
            CHECK_INT(host->orders[k].kind, FEL_TARGET_WEIGHT);
            weights[host->orders[k].instrument] = host->orders[k].amount;
        }
    }
}

/* ---- cross_sectional_momentum -----------------------------------------------------------------
 */

enum { LOOKBACK = 40, SKIP_BARS = 5, EVERY = 13, MAX_AGE = 5 };

/* Asset 2 starts late, asset 5 ends early, asset 6 has no bar at every tenth slice. */
static int has_bar(size_t a, size_t i)
{
    return !(a == 2 && i < 150) && !(a == 5 && i >= 400) && !(a == 6 && i % 10 == 3);
}

/* Close of the asset's bar `back` bars before its last one up to slice i; NaN if there is none. */
static double close_back(size_t a, size_t i, size_t back)
{
    for (size_t k = i + 1; k-- > 0;) {
        if (has_bar(a, k) && back-- == 0) {
            return close_of[a][k];
        }
    }
    return (double)NAN;
}

static int is_ranked(size_t a, size_t i)
{
    size_t age = 0;
    while (age <= i && !has_bar(a, i - age)) {
        age++;
    }
    return age <= MAX_AGE && !isnan(close_back(a, i, LOOKBACK));
}

/* Place among the ranked, 0 the best. */
static size_t place_of(size_t a, size_t i)
{
    const double score = close_back(a, i, SKIP_BARS) / close_back(a, i, LOOKBACK);
    size_t place = 0;
    for (size_t b = 0; b < N_ASSETS; b++) {
        const double other = close_back(b, i, SKIP_BARS) / close_back(b, i, LOOKBACK);
        place += b != a && is_ranked(b, i) && (other > score || (other == score && b < a));
    }
    return place;
}

static void expect_weights(size_t i, double fraction, int shorts, double *expected)
{
    size_t n = 0;
    for (size_t a = 0; a < N_ASSETS; a++) {
        n += (size_t)is_ranked(a, i);
    }
    const size_t k = (size_t)(fraction * (double)n);
    for (size_t a = 0; a < N_ASSETS; a++) {
        const size_t place = place_of(a, i);
        const int is_top = is_ranked(a, i) && place < k;
        const int is_bottom = is_ranked(a, i) && shorts && place >= n - k;
        const double size = 0.9 / (double)(shorts ? 2 * k : k);
        expected[a] = is_top ? size : is_bottom ? -size : 0.0;
    }
}

static void check_momentum(int shorts)
{
    const double params[] = {LOOKBACK, SKIP_BARS, 0.35, EVERY, shorts, 0.9, MAX_AGE};
    double actual[N_ASSETS], expected[N_ASSETS], held[N_ASSETS] = {0.0};
    fake_host *host = started("cross_sectional_momentum", params);
    size_t n_rebalanced = 0;
    for (size_t i = 0; i < N; i++) {
        fel_bar bars[N_ASSETS];
        size_t n_bars = 0;
        for (uint32_t a = 0; a < N_ASSETS; a++) {
            if (has_bar(a, i)) {
                bars[n_bars++] = fake_flat_bar(a, close_of[a][i]);
            }
        }
        CHECK_INT(fake_step(host, bars, n_bars), FEL_OK);
        weights_of_step(host, i, actual);
        const int is_due = i >= LOOKBACK && (i - LOOKBACK) % EVERY == 0;
        n_rebalanced += (size_t)is_due;
        expect_weights(i, 0.35, shorts, expected);
        for (size_t a = 0; a < N_ASSETS; a++) {
            const int is_ordered = is_due && (expected[a] != 0.0 || held[a] != 0.0);
            CHECK_NEAR(actual[a], is_ordered ? expected[a] : (double)NAN, 1e-15);
            held[a] = is_due ? expected[a] : held[a];
        }
    }
    CHECK(n_rebalanced > 40);
    fake_stop(host);
    free(host);
}

static void test_momentum_holds_the_best_of_those_there(void)
{
    make_panel(41);
    check_momentum(0);
    check_momentum(1);
}

static void test_momentum_refuses_what_cannot_be(void)
{
    const double skip[] = {20, 20, 0.2, 1, 0, 1, 5}, halves[] = {20, 1, 0.6, 1, 1, 1, 5};
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(2, 0);
    CHECK_OK(fel_strategy_find("cross_sectional_momentum", &strategy));
    CHECK_INT(fake_start(host, strategy, skip), FEL_ERR_USER);
    CHECK_TEXT(host->message, "skip_bars = 20 must be below lookback_bars = 20");
    fake_stop(host);
    CHECK_INT(fake_start(host, strategy, halves), FEL_ERR_USER);
    CHECK_TEXT(host->message, "top_fraction = 0.6 is above 0.5 with side long_short");
    fake_stop(host);
    free(host);
}

/* ---- pairs --------------------------------------------------------------------------------------
 */

enum { WINDOW = 30 };

typedef struct fitted {
    double z, ratio;
} fitted;

/* Least squares of y on x over the window that ends at i, around the means. */
static fitted fit_at(const double *y, const double *x, size_t i, int is_log)
{
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0, left = 0.0;
    double u[WINDOW], v[WINDOW];
    for (size_t k = 0; k < WINDOW; k++) {
        u[k] = is_log ? log(x[i + 1 - WINDOW + k]) : x[i + 1 - WINDOW + k];
        v[k] = is_log ? log(y[i + 1 - WINDOW + k]) : y[i + 1 - WINDOW + k];
        mean_x += u[k] / WINDOW;
        mean_y += v[k] / WINDOW;
    }
    for (size_t k = 0; k < WINDOW; k++) {
        xx += (u[k] - mean_x) * (u[k] - mean_x);
        xy += (u[k] - mean_x) * (v[k] - mean_y);
    }
    const double slope = xy / xx;
    double residual = 0.0;
    for (size_t k = 0; k < WINDOW; k++) {
        residual = v[k] - mean_y - slope * (u[k] - mean_x);
        left += residual * residual;
    }
    const fitted f = {residual / sqrt(left / (WINDOW - 2)), is_log ? slope : slope * x[i] / y[i]};
    return f;
}

/* Two series around a common walk, in assets 3 (y) and 1 (x). */
static void make_pair(void)
{
    rng_stream r = rng_at(42, 3);
    double common = 4.0, gap = 0.0;
    for (size_t i = 0; i < N; i++) {
        common += 0.015 * rng_normal(&r);
        gap = 0.85 * gap + 0.01 * rng_normal(&r) + (rng_below(&r, 60) == 0 ? 0.1 : 0.0);
        close_of[1][i] = exp(common);
        close_of[3][i] = exp(0.7 * common + 1.0 + gap);
    }
}

typedef struct pair_state {
    int side, is_barred;
    size_t n_trades, n_stops;
} pair_state;

/* The rule as its file states it; entry 1.75, exit 0.4, stop 3.25. Returns the side after the
 * close. */
static int pair_rule(pair_state *s, fitted f)
{
    if (s->side != 0) {
        const double against = s->side > 0 ? -f.z : f.z;
        if (against > 3.25) {
            s->is_barred = 1;
            s->n_stops++;
            return 0;
        }
        return against > 0.4 ? s->side : 0;
    }
    if (fabs(f.z) <= 0.4) {
        s->is_barred = 0;
    }
    if (s->is_barred || f.ratio <= 0.0 || fabs(f.z) <= 1.75 || fabs(f.z) > 3.25) {
        return 0;
    }
    s->n_trades++;
    return f.z > 0.0 ? -1 : 1;
}

static void check_pairs(int is_log)
{
    const double params[] = {3, 1, WINDOW, 1.75, 0.4, 3.25, is_log ? 0 : 1, 0.8};
    double actual[N_ASSETS];
    pair_state state = {0, 0, 0, 0};
    fake_host *host = started("pairs", params);
    for (size_t i = 0; i < N; i++) {
        const fel_bar bars[] = {fake_flat_bar(0, 5.0), fake_flat_bar(1, close_of[1][i]),
                                fake_flat_bar(3, close_of[3][i])};
        CHECK_INT(fake_step(host, bars, 3), FEL_OK);
        weights_of_step(host, i, actual);
        double wanted_y = (double)NAN, wanted_x = (double)NAN;
        if (i + 1 >= WINDOW) {
            const fitted f = fit_at(close_of[3], close_of[1], i, is_log);
            const int side = pair_rule(&state, f);
            if (side != state.side) {
                wanted_y = side * 0.8 / (1.0 + f.ratio);
                wanted_x = side == 0 ? 0.0 : -side * 0.8 * f.ratio / (1.0 + f.ratio);
            }
            state.side = side;
        }
        CHECK_NEAR(actual[3], wanted_y, 1e-9);
        CHECK_NEAR(actual[1], wanted_x, 1e-9);
        CHECK(isnan(actual[0]) && isnan(actual[2]));
    }
    CHECK(state.n_trades > 8);
    CHECK(state.n_stops > 0);
    fake_stop(host);
    free(host);
}

static void test_pairs_trade_the_gap_of_the_window(void)
{
    make_pair();
    check_pairs(1);
    check_pairs(0);
}

/* A slice with one leg only is no observation. */
static void test_pairs_wait_for_both_legs(void)
{
    const double params[] = {3, 1, WINDOW, 1.75, 0.4, 3.25, 0, 0.8};
    fake_host *together = started("pairs", params), *apart = started("pairs", params);
    make_pair();
    for (size_t i = 0; i < N; i++) {
        const fel_bar bars[] = {fake_flat_bar(1, close_of[1][i]), fake_flat_bar(3, close_of[3][i])};
        const fel_bar lone = fake_flat_bar(i % 2 == 0 ? 1 : 3, 1.5 * close_of[1][i]);
        CHECK_INT(fake_step(together, bars, 2), FEL_OK);
        CHECK_INT(fake_step(apart, bars, 2), FEL_OK);
        CHECK_INT(fake_step(apart, &lone, 1), FEL_OK);
    }
    CHECK(together->n_orders > 8);
    CHECK_INT(apart->n_orders, together->n_orders);
    for (size_t k = 0; k < together->n_orders; k++) {
        CHECK_INT(apart->orders[k].step, 2 * together->orders[k].step);
        CHECK_SAME(apart->orders[k].amount, together->orders[k].amount);
    }
    fake_stop(together);
    fake_stop(apart);
    free(together);
    free(apart);
}

/* When a leg is refused, the other does not stay alone. */
static void test_pairs_close_the_other_leg_after_a_refusal(void)
{
    const double params[] = {3, 1, WINDOW, 1.75, 0.4, 3.25, 0, 0.8};
    fake_host *host = started("pairs", params);
    size_t i = 0;
    make_pair();
    while (host->n_orders == 0 && i < N) {
        const fel_bar bars[] = {fake_flat_bar(1, close_of[1][i]), fake_flat_bar(3, close_of[3][i])};
        CHECK_INT(fake_step(host, bars, 2), FEL_OK);
        i++;
    }
    CHECK_INT(host->n_orders, 2);
    const fel_order_update refusal = {
        .instrument = 1, .state = FEL_ORDER_REJECTED, .reason = FEL_REASON_NO_CASH};
    host->is_waiting[1] = 0;
    CHECK_INT(host->strategy->on_order(host->state, &host->ctx, &refusal), FEL_OK);
    const fel_bar bars[] = {fake_flat_bar(1, close_of[1][i]), fake_flat_bar(3, close_of[3][i])};
    CHECK_INT(fake_step(host, bars, 2), FEL_OK);
    CHECK_INT(host->n_orders, 3); /* none for the leg that is not held */
    CHECK_INT(host->orders[2].instrument, 3);
    CHECK_SAME(host->orders[2].amount, 0.0);
    fake_stop(host);
    free(host);
}

static void test_pairs_refuse_what_cannot_be(void)
{
    static const struct {
        double params[8];
        const char *message;
    } cases[] = {
        {{0, 0, 60, 2, 0.5, 4, 0, 1}, "first = 0 and second = 0 must be two of 7 instruments"},
        {{0, 9, 60, 2, 0.5, 4, 0, 1}, "first = 0 and second = 9 must be two of 7 instruments"},
        {{0, 1, 60, 2, 2.5, 4, 0, 1}, "exit_z = 2.5 must not be above entry_z = 2"},
        {{0, 1, 60, 2, 0.5, 2, 0, 1}, "stop_z = 2"},
    };
    const fel_strategy *strategy = NULL;
    fake_host *host = fake_host_create(N_ASSETS, 0);
    CHECK_OK(fel_strategy_find("pairs", &strategy));
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        CHECK_INT(fake_start(host, strategy, cases[k].params), FEL_ERR_USER);
        CHECK_HAS(host->message, cases[k].message);
        fake_stop(host);
    }
    free(host);
}

/* ---- volatility_target -------------------------------------------------------------------------
 */

/* Deviation (n - 1) of the 15 log returns up to i, by two passes, a year of 252. */
static double volatility_at(const double *close, size_t i)
{
    double mean = 0.0, squares = 0.0;
    for (size_t k = i - 14; k <= i; k++) {
        mean += log(close[k] / close[k - 1]) / 15.0;
    }
    for (size_t k = i - 14; k <= i; k++) {
        const double d = log(close[k] / close[k - 1]) - mean;
        squares += d * d;
    }
    return sqrt(252.0 * squares / 14.0);
}

static void test_volatility_target_trades_outside_its_band(void)
{
    const double params[] = {15, 0.25, 252, 0.9, 0.2, 3};
    fake_host *host = started("volatility_target", params);
    double cash = 1e6, units = 0.0, waiting = (double)NAN;
    size_t n_orders = 0;
    make_panel(43);
    for (size_t i = 0; i < N; i++) {
        const double close = close_of[4][i];
        const fel_bar bar = fake_flat_bar(4, close);
        CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
        if (!isnan(waiting)) { /* filled at this bar's price */
            const double after = waiting * (cash + units * close) / close;
            cash -= (after - units) * close;
            units = after;
            waiting = (double)NAN;
        }
        if (i >= 15 && (i - 15) % 3 == 0) {
            const double wanted = fmin(0.9, 0.25 / volatility_at(close_of[4], i)) / N_ASSETS;
            const double held = units * close / (cash + units * close);
            waiting = fabs(held - wanted) > 0.2 * wanted ? wanted : (double)NAN;
        }
        CHECK_INT(host->n_orders, n_orders + (isnan(waiting) ? 0u : 1u));
        if (!isnan(waiting) && host->n_orders > n_orders) {
            CHECK_REL(host->orders[n_orders].amount, waiting, 1e-11);
        }
        n_orders = host->n_orders;
    }
    CHECK(n_orders > 20 && n_orders < 150);
    fake_stop(host);
    free(host);
}

SUITE("strategies/rules_panel", TEST(test_momentum_holds_the_best_of_those_there),
      TEST(test_momentum_refuses_what_cannot_be), TEST(test_pairs_trade_the_gap_of_the_window),
      TEST(test_pairs_wait_for_both_legs), TEST(test_pairs_close_the_other_leg_after_a_refusal),
      TEST(test_pairs_refuse_what_cannot_be), TEST(test_volatility_target_trades_outside_its_band));
