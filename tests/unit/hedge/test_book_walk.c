/* tests/unit/hedge/test_book_walk.c - what legs remember of a path: delta on the way against that
 * of the claim which it has become. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <stdio.h>

#include "tests/support/check.h"
#include "tests/unit/hedge/book_fixture.h"

/* Two paths of five prices; the view of the last of them. */
static const double road[5][BOOK_STRIDE] = {
    {100.0, 100.0}, {104.2, 91.3}, {107.7, 96.2}, {103.1, 98.2}, {101.6, 105.3}};

static double left_at(size_t date)
{
    return book_horizon * (double)(BOOK_DATES - date) / BOOK_DATES;
}

static void walk(const hedge_book *book, const fel_hedge_problem *problem, size_t last,
                 book_seen *s)
{
    for (size_t d = 0; d <= last; d++) {
        const hedge_view view = {.problem = problem,
                                 .date = d,
                                 .n = 2,
                                 .stride = BOOK_STRIDE,
                                 .left_years = left_at(d),
                                 .spot = road[d],
                                 .spot_before = d > 0 ? road[d - 1] : NULL};
        book_see(book, &view, s);
    }
}

static double delta_of(const char *payoff, const book_setting *settings, double spot, size_t date)
{
    return book_delta_of(payoff, settings, spot, left_at(date), BOOK_DATES - date);
}

static void test_running_extremes_are_remembered(void)
{
    static const char *const high[] = {"107.7", "100"}, *const low[] = {"100", "91.3"};
    for (int put = 0; put < 2; put++) {
        const char *right = put ? "put" : "call";
        fel_hedge_problem *fixed =
            book_problem("lookback_fixed", SETTINGS({"right", right}, {"strike", "100"}),
                         book_rate - book_yield);
        fel_hedge_problem *floating =
            book_problem("lookback_floating", SETTINGS({"right", right}), book_rate - book_yield);
        hedge_book of_fixed, of_floating;
        CHECK_OK(hedge_book_make(&of_fixed, fixed, "the test"));
        CHECK_OK(hedge_book_make(&of_floating, floating, "the test"));
        book_seen s, t;
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
    fel_hedge_problem *problem =
        book_problem("forward_start", SETTINGS({"moneyness", "1.02"}, {"start_years", "0.1375"}),
                     book_rate - book_yield);
    hedge_book book;
    book_seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 4, &s);
    for (size_t i = 0; i < 2; i++) {
        fel_greeks exact;
        CHECK_OK(fel_black_scholes(FEL_CALL, road[4][i], 1.02 * road[3][i], left_at(4), book_rate,
                                   book_yield, book_vol, &exact));
        CHECK_NEAR(s.delta[i], exact.delta, 1e-14);
        CHECK_NEAR(s.gamma[i], exact.gamma, 1e-14);
    }
    fel_hedge_problem_destroy(problem);
}

/* Four periods of three dates: at date 4 the second is running. */
static void test_a_cliquet_is_a_spread_on_the_running_return(void)
{
    fel_hedge_problem *problem =
        book_problem("cliquet",
                     SETTINGS({"notional", "250"}, {"periods", "4"}, {"local_floor", "-0.03"},
                              {"local_cap", "0.05"}, {"global_floor", "-1e9"}),
                     book_rate - book_yield);
    hedge_book book;
    book_seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 4, &s);
    const double wait = left_at(4) - left_at(10), after = left_at(6);
    for (size_t i = 0; i < 2; i++) {
        fel_greeks low, high;
        const double start = road[3][i], t = left_at(4) - left_at(6);
        CHECK_NEAR(wait, 3.0 * t, 1e-12);
        CHECK_OK(fel_black_scholes(FEL_CALL, road[4][i], 0.97 * start, t, book_rate, book_yield,
                                   book_vol, &low));
        CHECK_OK(fel_black_scholes(FEL_CALL, road[4][i], 1.05 * start, t, book_rate, book_yield,
                                   book_vol, &high));
        const double expected = 250.0 / start * exp(-book_rate * after) * (low.delta - high.delta);
        CHECK_NEAR(s.delta[i], expected, 1e-13 * 250.0);
    }
    fel_hedge_problem_destroy(problem);
}

/* A barrier that one path has met between dates with a known probability, on dates never. */
static void test_barriers_are_survived_by_the_bridges_probability(void)
{
    fel_hedge_problem *problem = book_problem(
        "barrier", SETTINGS({"type", "down_out"}, {"strike", "100"}, {"barrier", "90"}),
        book_rate - book_yield);
    hedge_book book;
    book_seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 2, &s);
    for (size_t i = 0; i < 2; i++) {
        double alive = 1.0;
        for (size_t d = 0; d < 2; d++) {
            const double a = log(road[d][i] / 90.0), b = log(road[d + 1][i] / 90.0);
            alive *= 1.0 - exp(-2.0 * a * b / (book_vol * book_vol * book_horizon / BOOK_DATES));
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
    fel_hedge_problem *problem =
        book_problem("asian_geometric", SETTINGS({"strike", "99"}, {"monitoring", "dates"}),
                     book_rate - book_yield);
    hedge_book book;
    book_seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    walk(&book, problem, 3, &s);
    for (size_t i = 0; i < 2; i++) {
        char past[40], share[40];
        snprintf(past, sizeof(past), "%.17g", cbrt(road[1][i] * road[2][i] * road[3][i]));
        snprintf(share, sizeof(share), "%.17g", 3.0 / BOOK_DATES);
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
    fel_hedge_problem *problem =
        book_problem("asian_arithmetic", SETTINGS({"strike", "101"}, {"monitoring", "dates"}),
                     book_rate - book_yield);
    hedge_book book;
    book_seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    const hedge_view view = book_first_view(problem);
    book_see(&book, &view, &s);
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = book_horizon;
    config.n_dates = BOOK_DATES;
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

/* Against Monte Carlo on dates, the same draws for both prices. */
static void test_extremes_of_dates_are_moved(void)
{
    fel_hedge_problem *problem =
        book_problem("lookback_fixed", SETTINGS({"strike", "100"}, {"monitoring", "dates"}),
                     book_rate - book_yield);
    hedge_book book;
    book_seen s;
    CHECK_OK(hedge_book_make(&book, problem, "the test"));
    const hedge_view view = book_first_view(problem);
    book_see(&book, &view, &s);
    /* c E[max(M, k / c)] by the whole formula. */
    const double c = exp(-BOOK_DATE_SHIFT * book_vol * sqrt(book_horizon / BOOK_DATES));
    char level[40];
    snprintf(level, sizeof(level), "%.17g", 100.0 / c);
    CHECK_NEAR(s.delta[2], c * delta_of("lookback_fixed", SETTINGS({"strike", level}), 98.55, 0),
               1e-7);
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = book_horizon;
    config.n_dates = BOOK_DATES;
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

SUITE("hedge/book_walk", TEST(test_running_extremes_are_remembered),
      TEST(test_strikes_set_on_the_way_are_remembered),
      TEST(test_a_cliquet_is_a_spread_on_the_running_return),
      TEST(test_barriers_are_survived_by_the_bridges_probability),
      TEST(test_an_average_knows_what_it_has_seen),
      TEST(test_an_arithmetic_average_is_nearly_lognormal), TEST(test_extremes_of_dates_are_moved));
