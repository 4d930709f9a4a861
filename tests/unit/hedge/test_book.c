/* tests/unit/hedge/test_book.c - delta and gamma of every claim against differences of the
 * simulator's prices by formula, at the first date and on the way. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hedge/book_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N_DATES = 12, N_SPOTS = 7, STRIDE = 16 };
static const double vol = 0.2385, rate = 0.031, yield = 0.017, horizon = 0.55;
static const double spots[N_SPOTS] = {71.3, 93.7, 98.55, 100.0, 101.9, 109.4, 141.8};

typedef struct setting {
    const char *name, *value; /* a number, or a word */
} setting;

/* NULL: end. */
static void set_payoff(fel_payoff *payoff, const setting *settings)
{
    for (; settings->name != NULL; settings++) {
        CHECK_OK(fel_payoff_set_text(payoff, settings->name, settings->value));
    }
}

static fel_hedge_problem *problem_of(const char *payoff, const setting *settings, double carry)
{
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.n_claims = 0;
    fel_hedge_claim *claim = fixture_add_claim(&f, payoff, 1.0);
    set_payoff(&claim->payoff, settings);
    f.config.market.process.vol_per_year = vol;
    f.config.market.process.rate_per_year = rate;
    f.config.market.process.dividend_per_year = rate - carry;
    f.config.market.process.spot = 100.0;
    f.config.n_dates = N_DATES;
    f.config.horizon_years = horizon;
    f.config.premium = 0.0;
    f.config.reference_vol = vol;
    return fixture_create(&f);
}

/* ---- at the first date ----------------------------------------------------------------------- */

static double price_at(const fel_hedge_problem *problem, double spot)
{
    fel_process process = fel_hedge_problem_config(problem)->market.process;
    double price = (double)NAN;
    process.spot = spot;
    CHECK_OK(fel_payoff_closed_form(&fel_hedge_problem_config(problem)->claims[0].payoff, &process,
                                    horizon, N_DATES, &price));
    return price;
}

static hedge_view first_view(const fel_hedge_problem *problem)
{
    const hedge_view view = {
        .problem = problem, .n = N_SPOTS, .stride = STRIDE, .left_years = horizon, .spot = spots};
    return view;
}

typedef struct seen {
    double variance[STRIDE], state[2 * STRIDE], delta[STRIDE], gamma[STRIDE];
} seen;

static void see(const hedge_book *book, const hedge_view *view, seen *s)
{
    for (size_t i = 0; i < STRIDE; i++) {
        s->variance[i] = vol * vol;
    }
    CHECK(book->n_state <= 2);
    const hedge_book_args args = {.book = book,
                                  .view = view,
                                  .n = view->n,
                                  .variance = s->variance,
                                  .state = s->state,
                                  .delta = s->delta,
                                  .gamma = s->gamma};
    hedge_book_update(&args);
    hedge_book_greeks(&args);
}

/* Differences of the sixth order in the price and of the fourth in its slope, or one-sided where
 * the level is near: not asked for there. */
static void check_against_prices(const char *payoff, const setting *settings, double carry,
                                 double beyond)
{
    fel_hedge_problem *problem = problem_of(payoff, settings, carry);
    hedge_book book;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    const hedge_view view = first_view(problem);
    seen s;
    see(&book, &view, &s);
    for (size_t i = 0; i < N_SPOTS; i++) {
        const double x = spots[i], h = 0.01 * x;
        if (beyond != 0.0 && fabs(x - beyond) < 4.0 * h) {
            continue;
        }
        double p[7];
        for (int k = -3; k <= 3; k++) {
            p[k + 3] = price_at(problem, x + k * h);
        }
        const double delta =
            (45.0 * (p[4] - p[2]) - 9.0 * (p[5] - p[1]) + (p[6] - p[0])) / (60.0 * h);
        const double gamma =
            (270.0 * (p[4] + p[2]) - 27.0 * (p[5] + p[1]) + 2.0 * (p[6] + p[0]) - 490.0 * p[3]) /
            (180.0 * h * h);
        CHECK_NEAR(s.delta[i], delta, 2e-7 * fmax(1.0, fabs(delta)));
        /* An extreme that is the price of today moves with it in these prices. */
        if (book.legs[0].side == 0.0 || book.legs[0].n_alive > 0 || s.state[i] != x) {
            CHECK_NEAR(s.gamma[i], gamma, 2e-7 * fmax(1.0, fabs(gamma)));
        }
    }
    fel_hedge_problem_destroy(problem);
}

#define SETTINGS(...) ((const setting[]){__VA_ARGS__, {NULL, NULL}})

static const double carries[] = {0.014, 0.0, -0.021};
enum { N_CARRIES = 3 };

static void test_calls_puts_and_digitals_have_the_slopes_of_their_prices(void)
{
    static const char *const names[] = {"european", "cash_digital", "asset_digital"};
    for (size_t k = 0; k < 3 * 2 * N_CARRIES; k++) {
        check_against_prices(names[k % 3],
                             SETTINGS({"right", k / 3 % 2 ? "put" : "call"}, {"strike", "101.385"}),
                             carries[k / 6], 0.0);
    }
}

static void test_lookbacks_have_the_slopes_of_their_prices(void)
{
    for (size_t k = 0; k < 2 * N_CARRIES; k++) {
        const char *right = k % 2 ? "put" : "call";
        check_against_prices("lookback_fixed", SETTINGS({"right", right}, {"strike", "103"}),
                             carries[k / 2], 103.0);
        /* The known extreme on the far side of every spot. */
        check_against_prices("lookback_floating",
                             SETTINGS({"right", right}, {"extreme_so_far", k % 2 ? "150" : "65"}),
                             carries[k / 2], 0.0);
        check_against_prices("lookback_fixed",
                             SETTINGS({"right", right}, {"strike", "103"},
                                      {"extreme_so_far", k % 2 ? "65.5" : "148.2"}),
                             carries[k / 2], 0.0);
    }
}

static void test_barriers_and_touches_have_the_slopes_of_their_prices(void)
{
    static const char *const types[] = {"down_in", "down_out", "up_in", "up_out"};
    static const char *const strikes[] = {"87.3", "101.5", "118.2"};
    for (size_t k = 0; k < 24; k++) {
        const int is_up = k % 4 >= 2;
        check_against_prices("barrier",
                             SETTINGS({"type", types[k % 4]}, {"right", k / 4 % 2 ? "put" : "call"},
                                      {"strike", strikes[k / 8]}, {"rebate", "2.3"},
                                      {"barrier", is_up ? "160" : "63"}),
                             carries[k / 8], 0.0);
        check_against_prices("barrier",
                             SETTINGS({"type", types[k % 4]}, {"right", k / 4 % 2 ? "put" : "call"},
                                      {"strike", strikes[k / 8]}, {"rebate", "2.3"},
                                      {"barrier", is_up ? "200.5" : "67"}),
                             carries[(k / 8 + 1) % 3], 0.0);
    }
    for (size_t k = 0; k < 16; k++) {
        const int is_up = k % 2;
        /* The simulator's formula for an asset paid on hitting pays the level. */
        check_against_prices(
            "touch",
            SETTINGS({"side", is_up ? "up" : "down"}, {"level", is_up ? "160" : "64"},
                     {"pays", k / 2 % 2 ? "asset" : "cash"}, {"cash", "7.5"},
                     {"when", k / 4 % 2 ? "expiry" : "hit"}, {"knock", k / 8 ? "out" : "in"}),
            carries[k % 3], 0.0);
    }
}

static void test_averages_and_resets_have_the_slopes_of_their_prices(void)
{
    for (size_t k = 0; k < 2 * N_CARRIES; k++) {
        const char *right = k % 2 ? "put" : "call";
        check_against_prices("asian_geometric",
                             SETTINGS({"right", right}, {"strike", "99"}, {"monitoring", "dates"},
                                      {"past_share", "0.3"}, {"past_average", "97"}),
                             carries[k / 2], 0.0);
        check_against_prices(
            "forward_start",
            SETTINGS({"right", right}, {"moneyness", "1.05"}, {"start_years", "0.275"}),
            carries[k / 2], 0.0);
        check_against_prices("forward_start",
                             SETTINGS({"right", right}, {"moneyness", "0.97"},
                                      {"start_years", "0.275"}, {"performance", "true"}),
                             carries[k / 2], 0.0);
    }
}

/* ---- on the way ------------------------------------------------------------------------------ */

/* Two paths of five prices; the view of the last of them. */
static const double road[5][STRIDE] = {
    {100.0, 100.0}, {104.2, 91.3}, {107.7, 96.2}, {103.1, 98.2}, {101.6, 105.3}};

static double left_at(size_t date)
{
    return horizon * (double)(N_DATES - date) / N_DATES;
}

static void walk(const hedge_book *book, const fel_hedge_problem *problem, size_t last, seen *s)
{
    for (size_t d = 0; d <= last; d++) {
        const hedge_view view = {.problem = problem,
                                 .date = d,
                                 .n = 2,
                                 .stride = STRIDE,
                                 .left_years = left_at(d),
                                 .spot = road[d],
                                 .spot_before = d > 0 ? road[d - 1] : NULL};
        see(book, &view, s);
    }
}

/* d price / dS by formula of a claim as it has become, `left` years and dates before its end. */
static double delta_of(const char *payoff, const setting *settings, double spot, size_t date)
{
    fel_payoff of;
    CHECK_OK(fel_payoff_init(&of, payoff));
    set_payoff(&of, settings);
    const double h = 1e-3 * spot;
    double p[4];
    for (int k = 0; k < 4; k++) {
        const double moved = spot + h * (double[]){-2.0, -1.0, 1.0, 2.0}[k];
        const fel_process process = {.kind = FEL_PROCESS_GBM,
                                     .spot = moved,
                                     .rate_per_year = rate,
                                     .dividend_per_year = yield,
                                     .vol_per_year = vol};
        CHECK_OK(fel_payoff_closed_form(&of, &process, left_at(date), N_DATES - date, &p[k]));
    }
    return (8.0 * (p[2] - p[1]) - (p[3] - p[0])) / (12.0 * h);
}

static void test_running_extremes_are_remembered(void)
{
    static const char *const high[] = {"107.7", "100"}, *const low[] = {"100", "91.3"};
    for (int put = 0; put < 2; put++) {
        const char *right = put ? "put" : "call";
        fel_hedge_problem *fixed = problem_of(
            "lookback_fixed", SETTINGS({"right", right}, {"strike", "100"}), rate - yield);
        fel_hedge_problem *floating =
            problem_of("lookback_floating", SETTINGS({"right", right}), rate - yield);
        hedge_book of_fixed, of_floating;
        CHECK_OK(hedge_book_make(&of_fixed, fixed, "the test"));
        CHECK_OK(hedge_book_make(&of_floating, floating, "the test"));
        seen s, t;
        walk(&of_fixed, fixed, 3, &s);
        walk(&of_floating, floating, 3, &t);
        for (size_t i = 0; i < 2; i++) {
            CHECK_NEAR(s.delta[i],
                       delta_of("lookback_fixed",
                                SETTINGS({"right", right}, {"strike", "100"},
                                         {"extreme_so_far", put ? low[i] : high[i]}),
                                road[3][i], 3),
                       1e-7);
            CHECK_NEAR(
                t.delta[i],
                delta_of("lookback_floating",
                         SETTINGS({"right", right}, {"extreme_so_far", put ? high[i] : low[i]}),
                         road[3][i], 3),
                1e-7);
        }
        fel_hedge_problem_destroy(fixed);
        fel_hedge_problem_destroy(floating);
    }
}

static void test_strikes_set_on_the_way_are_remembered(void)
{
    /* Start at date 3 of 12. */
    fel_hedge_problem *problem = problem_of(
        "forward_start", SETTINGS({"moneyness", "1.02"}, {"start_years", "0.1375"}), rate - yield);
    hedge_book book;
    seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 4, &s);
    for (size_t i = 0; i < 2; i++) {
        fel_greeks exact;
        CHECK_OK(fel_black_scholes(FEL_CALL, road[4][i], 1.02 * road[3][i], left_at(4), rate, yield,
                                   vol, &exact));
        CHECK_NEAR(s.delta[i], exact.delta, 1e-14);
        CHECK_NEAR(s.gamma[i], exact.gamma, 1e-14);
    }
    fel_hedge_problem_destroy(problem);
}

/* Four periods of three dates: at date 4 the second is running. */
static void test_a_cliquet_is_a_spread_on_the_running_return(void)
{
    fel_hedge_problem *problem =
        problem_of("cliquet",
                   SETTINGS({"notional", "250"}, {"periods", "4"}, {"local_floor", "-0.03"},
                            {"local_cap", "0.05"}, {"global_floor", "-1e9"}),
                   rate - yield);
    hedge_book book;
    seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 4, &s);
    const double wait = left_at(4) - left_at(10), after = left_at(6);
    for (size_t i = 0; i < 2; i++) {
        fel_greeks low, high;
        const double start = road[3][i], t = left_at(4) - left_at(6);
        CHECK_NEAR(wait, 3.0 * t, 1e-12);
        CHECK_OK(fel_black_scholes(FEL_CALL, road[4][i], 0.97 * start, t, rate, yield, vol, &low));
        CHECK_OK(fel_black_scholes(FEL_CALL, road[4][i], 1.05 * start, t, rate, yield, vol, &high));
        const double expected = 250.0 / start * exp(-rate * after) * (low.delta - high.delta);
        CHECK_NEAR(s.delta[i], expected, 1e-13 * 250.0);
    }
    fel_hedge_problem_destroy(problem);
}

/* A barrier that one path has met between dates with a known probability, on dates never. */
static void test_barriers_are_survived_by_the_bridges_probability(void)
{
    fel_hedge_problem *problem =
        problem_of("barrier", SETTINGS({"type", "down_out"}, {"strike", "100"}, {"barrier", "90"}),
                   rate - yield);
    hedge_book book;
    seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 2, &s);
    for (size_t i = 0; i < 2; i++) {
        double alive = 1.0;
        for (size_t d = 0; d < 2; d++) {
            const double a = log(road[d][i] / 90.0), b = log(road[d + 1][i] / 90.0);
            alive *= 1.0 - exp(-2.0 * a * b / (vol * vol * horizon / N_DATES));
        }
        const double whole = delta_of(
            "barrier", SETTINGS({"type", "down_out"}, {"strike", "100"}, {"barrier", "90"}),
            road[2][i], 2);
        CHECK_NEAR(s.delta[i], alive * whole, 1e-7);
    }
    CHECK(s.state[1] < 0.7);
    fel_hedge_problem_destroy(problem);
}

static void test_an_average_knows_what_it_has_seen(void)
{
    fel_hedge_problem *problem = problem_of(
        "asian_geometric", SETTINGS({"strike", "99"}, {"monitoring", "dates"}), rate - yield);
    hedge_book book;
    seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 3, &s);
    for (size_t i = 0; i < 2; i++) {
        char past[40], share[40];
        snprintf(past, sizeof(past), "%.17g", cbrt(road[1][i] * road[2][i] * road[3][i]));
        snprintf(share, sizeof(share), "%.17g", 3.0 / N_DATES);
        CHECK_NEAR(s.delta[i],
                   delta_of("asian_geometric",
                            SETTINGS({"strike", "99"}, {"monitoring", "dates"},
                                     {"past_average", past}, {"past_share", share}),
                            road[3][i], 3),
                   1e-8);
    }
    fel_hedge_problem_destroy(problem);
}

/* The lognormal stand-in for an arithmetic average: within its stated distance of Monte Carlo's
 * delta on the same draws, and exact once the past alone pays. */
static void test_an_arithmetic_average_is_nearly_lognormal(void)
{
    fel_hedge_problem *problem = problem_of(
        "asian_arithmetic", SETTINGS({"strike", "101"}, {"monitoring", "dates"}), rate - yield);
    hedge_book book;
    seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    const hedge_view view = first_view(problem);
    see(&book, &view, &s);
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = horizon;
    config.n_dates = N_DATES;
    config.n_paths = 1 << 17;
    fel_montecarlo at[2];
    fel_process process = fel_hedge_problem_config(problem)->market.process;
    for (int k = 0; k < 2; k++) {
        process.spot = 100.0 + (k ? 0.5 : -0.5);
        CHECK_OK(fel_montecarlo_price(&at[k], &process, 1, NULL,
                                      &fel_hedge_problem_config(problem)->claims[0].payoff,
                                      &config));
    }
    CHECK_NEAR(s.delta[3], at[1].price - at[0].price, 0.006);
    fel_hedge_problem_destroy(problem);
}

/* ---- dates alone, levels, refusals ----------------------------------------------------------- */

/* Against Monte Carlo on dates, the same draws for both prices. */
static void test_extremes_of_dates_are_moved(void)
{
    fel_hedge_problem *problem = problem_of(
        "lookback_fixed", SETTINGS({"strike", "100"}, {"monitoring", "dates"}), rate - yield);
    hedge_book book;
    seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    const hedge_view view = first_view(problem);
    see(&book, &view, &s);
    /* c E[max(M, k / c)] by the whole formula. */
    const double c = exp(-BOOK_DATE_SHIFT * vol * sqrt(horizon / N_DATES));
    char level[40];
    snprintf(level, sizeof(level), "%.17g", 100.0 / c);
    CHECK_NEAR(s.delta[2], c * delta_of("lookback_fixed", SETTINGS({"strike", level}), 98.55, 0),
               1e-7);
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = horizon;
    config.n_dates = N_DATES;
    config.n_paths = 1 << 17;
    fel_montecarlo at[2];
    fel_process process = fel_hedge_problem_config(problem)->market.process;
    for (int k = 0; k < 2; k++) {
        process.spot = 98.55 + (k ? 0.25 : -0.25);
        CHECK_OK(fel_montecarlo_price(&at[k], &process, 1, NULL,
                                      &fel_hedge_problem_config(problem)->claims[0].payoff,
                                      &config));
    }
    const double by_paths = (at[1].price - at[0].price) / 0.5;
    /* Twelve dates: less than a tenth of the error is left. */
    const double whole = delta_of("lookback_fixed", SETTINGS({"strike", "100"}), 98.55, 0);
    CHECK(fabs(s.delta[2] - by_paths) < fabs(whole - by_paths) / 10.0);
    fel_hedge_problem_destroy(problem);
}

static void test_bits_do_not_depend_on_the_level(void)
{
    static const char *const names[] = {"european", "lookback_fixed", "lookback_floating",
                                        "barrier",  "touch",          "cash_digital"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        fel_hedge_problem *problem =
            problem_of(names[k], SETTINGS({"monitoring", "dates"}) + (k % 5 == 0 ? 1 : 0), 0.01);
        hedge_book book;
        CHECK_OK(hedge_book_make(&book, problem, "the test"));
        const hedge_view view = first_view(problem);
        seen best, base;
        see(&book, &view, &best);
        book.level = CPU_BASE;
        see(&book, &view, &base);
        CHECK(memcmp(best.delta, base.delta, N_SPOTS * sizeof(double)) == 0);
        CHECK(memcmp(best.gamma, base.gamma, N_SPOTS * sizeof(double)) == 0);
        fel_hedge_problem_destroy(problem);
    }
}

/* Long before its end, next to its end, with no variance at all: numbers. */
static void test_limits_are_numbers(void)
{
    static const char *const names[] = {"european", "lookback_fixed", "lookback_floating",
                                        "barrier",  "touch",          "cash_digital"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        fel_hedge_problem *problem = problem_of(names[k], SETTINGS({NULL, NULL}), 0.01);
        hedge_book book;
        CHECK_OK(hedge_book_make(&book, problem, "the test"));
        for (int t = 0; t < 3; t++) {
            hedge_view view = first_view(problem);
            view.left_years = (const double[]){horizon, 1e-7, 30.0}[t];
            seen s;
            see(&book, &view, &s);
            for (size_t i = 0; i < N_SPOTS; i++) {
                s.variance[i] = i % 2 ? 0.0 : 25.0;
            }
            const hedge_book_args args = {.book = &book,
                                          .view = &view,
                                          .n = N_SPOTS,
                                          .variance = s.variance,
                                          .state = s.state,
                                          .delta = s.delta,
                                          .gamma = s.gamma};
            hedge_book_greeks(&args);
            for (size_t i = 0; i < N_SPOTS; i++) {
                CHECK(isfinite(s.delta[i]) && fabs(s.delta[i]) < 1e15);
                CHECK(isfinite(s.gamma[i]));
            }
        }
        fel_hedge_problem_destroy(problem);
    }
}

static void refuse(const char *payoff, const setting *settings, const char *words)
{
    fel_hedge_problem *problem = problem_of(payoff, settings, 0.01);
    hedge_book book;
    CHECK_STATUS(hedge_book_make(&book, problem, "black_scholes_delta"), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, words);
    fel_hedge_problem_destroy(problem);
}

static void test_claims_without_a_formula_are_named(void)
{
    refuse("lookback_floating", SETTINGS({"multiple", "1.1"}),
           "claim 1 (lookback_floating): black_scholes_delta has no formula for it: its strike is "
           "1.1 times");
    refuse("lookback_fixed", SETTINGS({"window_start_years", "0.275"}),
           "it is not watched from the first date to the last");
    refuse("cliquet", SETTINGS({"periods", "3"}, {"local_cap", "0.1"}), "global floor or cap");
}

SUITE("hedge/book", TEST(test_calls_puts_and_digitals_have_the_slopes_of_their_prices),
      TEST(test_lookbacks_have_the_slopes_of_their_prices),
      TEST(test_barriers_and_touches_have_the_slopes_of_their_prices),
      TEST(test_averages_and_resets_have_the_slopes_of_their_prices),
      TEST(test_running_extremes_are_remembered), TEST(test_strikes_set_on_the_way_are_remembered),
      TEST(test_a_cliquet_is_a_spread_on_the_running_return),
      TEST(test_barriers_are_survived_by_the_bridges_probability),
      TEST(test_an_average_knows_what_it_has_seen),
      TEST(test_an_arithmetic_average_is_nearly_lognormal), TEST(test_extremes_of_dates_are_moved),
      TEST(test_bits_do_not_depend_on_the_level), TEST(test_limits_are_numbers),
      TEST(test_claims_without_a_formula_are_named));
