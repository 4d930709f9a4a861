/* tests/unit/hedge/test_book.c - delta and gamma of every claim against differences of the
 * simulator's prices by formula, at the first date. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/hedge/book_fixture.h"

/* ---- at the first date ----------------------------------------------------------------------- */

static double price_at(const fel_hedge_problem *problem, double spot)
{
    fel_process process = fel_hedge_problem_config(problem)->market.process;
    double price = (double)NAN;
    process.spot = spot;
    CHECK_OK(fel_payoff_closed_form(&fel_hedge_problem_config(problem)->claims[0].payoff, &process,
                                    book_horizon, BOOK_DATES, &price));
    return price;
}

/* Differences of the sixth order in the price and of the fourth in its slope, or one-sided where
 * the level is near: not asked for there. */
static void check_against_prices(const char *payoff, const book_setting *settings, double carry,
                                 double beyond)
{
    fel_hedge_problem *problem = book_problem(payoff, settings, carry);
    hedge_book book;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    const hedge_view view = book_first_view(problem);
    book_seen s;
    book_see(&book, &view, &s);
    for (size_t i = 0; i < BOOK_SPOTS; i++) {
        const double x = book_spots[i], h = 0.01 * x;
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

/* ---- levels, limits, refusals ----------------------------------------------------------- */

static void test_bits_do_not_depend_on_the_level(void)
{
    static const char *const names[] = {"european", "lookback_fixed", "lookback_floating",
                                        "barrier",  "touch",          "cash_digital"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        fel_hedge_problem *problem =
            book_problem(names[k], SETTINGS({"monitoring", "dates"}) + (k % 5 == 0 ? 1 : 0), 0.01);
        hedge_book book;
        CHECK_OK(hedge_book_make(&book, problem, "the test"));
        const hedge_view view = book_first_view(problem);
        book_seen best, base;
        book_see(&book, &view, &best);
        book.level = CPU_BASE;
        book_see(&book, &view, &base);
        CHECK(memcmp(best.delta, base.delta, BOOK_SPOTS * sizeof(double)) == 0);
        CHECK(memcmp(best.gamma, base.gamma, BOOK_SPOTS * sizeof(double)) == 0);
        fel_hedge_problem_destroy(problem);
    }
}

/* Long before its end, next to its end, with no variance at all: numbers. */
static void test_limits_are_numbers(void)
{
    static const char *const names[] = {"european", "lookback_fixed", "lookback_floating",
                                        "barrier",  "touch",          "cash_digital"};
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        fel_hedge_problem *problem = book_problem(names[k], SETTINGS({NULL, NULL}), 0.01);
        hedge_book book;
        CHECK_OK(hedge_book_make(&book, problem, "the test"));
        for (int t = 0; t < 3; t++) {
            hedge_view view = book_first_view(problem);
            view.left_years = (const double[]){book_horizon, 1e-7, 30.0}[t];
            book_seen s;
            book_see(&book, &view, &s);
            for (size_t i = 0; i < BOOK_SPOTS; i++) {
                s.variance[i] = i % 2 ? 0.0 : 25.0;
            }
            const hedge_book_args args = {.book = &book,
                                          .view = &view,
                                          .n = BOOK_SPOTS,
                                          .variance = s.variance,
                                          .state = s.state,
                                          .delta = s.delta,
                                          .gamma = s.gamma};
            hedge_book_greeks(&args);
            for (size_t i = 0; i < BOOK_SPOTS; i++) {
                CHECK(isfinite(s.delta[i]) && fabs(s.delta[i]) < 1e15);
                CHECK(isfinite(s.gamma[i]));
            }
        }
        fel_hedge_problem_destroy(problem);
    }
}

static void refuse(const char *payoff, const book_setting *settings, const char *words)
{
    fel_hedge_problem *problem = book_problem(payoff, settings, 0.01);
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
      TEST(test_bits_do_not_depend_on_the_level), TEST(test_limits_are_numbers),
      TEST(test_claims_without_a_formula_are_named));
