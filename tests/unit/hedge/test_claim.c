/* tests/unit/hedge/test_claim.c - books of claims on blocks of paths: sums, signs, what is missing.
 */
#define FEL_MODULE_HEDGE
#include <math.h>

#include "hedge/hedge_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N = 90 };

static void fill(hedge_block *block, const fel_hedge_problem *problem)
{
    CHECK_OK(hedge_block_create(block, problem, N));
    CHECK_OK(hedge_block_fill(block, 11, N));
}

/* A call spread less half an Asian, bought. */
static void test_a_book_is_the_sum_of_its_claims(void)
{
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.side = -1;
    f.config.n_dates = 5;
    f.config.premium = 0.0;
    CHECK_OK(fel_payoff_set(&f.claims[0].payoff, "strike", 98.0));
    CHECK_OK(fel_payoff_set(&fixture_add_claim(&f, "european", -2.0)->payoff, "strike", 101.0));
    fel_hedge_claim *asian = fixture_add_claim(&f, "asian_arithmetic", -0.5);
    CHECK_OK(fel_payoff_set_text(&asian->payoff, "monitoring", "dates"));
    fel_hedge_problem *problem = fixture_create(&f);
    CHECK_SAME(problem->strike, 98.0);
    hedge_block block;
    fill(&block, problem);
    double most = 0.0;
    for (size_t p = 0; p < N; p++) {
        const double last = block_spot(&block, 5)[p];
        double average = 0.0;
        for (size_t d = 1; d <= 5; d++) {
            average += block_spot(&block, d)[p] / 5.0;
        }
        const double paid = fmax(last - 98.0, 0.0) - 2.0 * fmax(last - 101.0, 0.0) -
                            0.5 * fmax(average - 100.0, 0.0);
        CHECK_NEAR(block.payoff[p], -paid, 1e-12);
        most = fmax(most, paid);
    }
    CHECK(most > 1.0);
    hedge_block_clear(&block);
    fel_hedge_problem_destroy(problem);
}

static fel_status squared_return(void *payload, const fel_payoff_path *path, double *value)
{
    (void)payload;
    const double r = path->spot[path->n_dates] / path->spot[0] - 1.0;
    *value = 1000.0 * r * r;
    return FEL_OK;
}

static void test_a_payoff_of_the_callers(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.n_claims = 0;
    f.config.premium = 0.5;
    fixture_add_claim(&f, "callback", 3.0)->payoff.callback = squared_return;
    fel_hedge_problem *problem = fixture_create(&f);
    CHECK_SAME(problem->strike, 100.0); /* no claim has one: the spot */
    hedge_block block;
    fill(&block, problem);
    for (size_t p = 0; p < N; p++) {
        const double r = block_spot(&block, 30)[p] / 100.0 - 1.0;
        CHECK_NEAR(block.payoff[p], 3000.0 * r * r, 1e-11);
    }
    hedge_block_clear(&block);
    fel_hedge_problem_destroy(problem);
}

/* Watched between the dates a maximum is at least as high. */
static void test_continuous_monitoring_sees_more(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.n_claims = 0;
    f.config.premium = 0.0;
    f.config.n_dates = 5;
    fel_hedge_claim *claim = fixture_add_claim(&f, "lookback_fixed", 1.0);
    fel_hedge_problem *continuous = fixture_create(&f);
    CHECK_OK(fel_payoff_set_text(&claim->payoff, "monitoring", "dates"));
    fel_hedge_problem *on_dates = fixture_create(&f);
    hedge_block a, b;
    fill(&a, continuous);
    fill(&b, on_dates);
    CHECK(a.area != NULL && b.area == NULL);
    double gain = 0.0;
    for (size_t p = 0; p < N; p++) {
        double highest = 0.0;
        for (size_t d = 1; d <= 5; d++) {
            highest = fmax(highest, block_spot(&b, d)[p]);
        }
        CHECK_NEAR(b.payoff[p], fmax(highest - 100.0, 0.0), 1e-10);
        CHECK(a.payoff[p] >= b.payoff[p] - 1e-10);
        gain += a.payoff[p] - b.payoff[p];
    }
    CHECK(gain / N > 0.1);
    hedge_block_clear(&a);
    hedge_block_clear(&b);
    fel_hedge_problem_destroy(continuous);
    fel_hedge_problem_destroy(on_dates);
}

static void check_refused(const problem_fixture *f, fel_status status, const char *message)
{
    fel_hedge_problem *problem = NULL;
    CHECK_STATUS(fel_hedge_problem_create(&problem, &f->config), status);
    CHECK_HAS(fel_last_error()->message, message);
    CHECK(problem == NULL);
}

static void test_what_the_market_does_not_give_is_said(void)
{
    static const double closes[] = {1.0, 1.1, 1.05, 1.2};
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.market.kind = FEL_HEDGE_BOOTSTRAP;
    f.config.market.closes = closes;
    f.config.market.n_closes = 4;
    f.config.market.block_dates = 2.0;
    fel_hedge_claim *barrier = fixture_add_claim(&f, "barrier", 1.0);
    check_refused(&f, FEL_ERR_ARG,
                  "claim 1: barrier monitored continuously needs the variance between dates, which "
                  "bootstrap paths do not give");
    CHECK_OK(fel_payoff_set_text(&barrier->payoff, "monitoring", "dates"));
    fel_hedge_problem *problem = fixture_create(&f);
    fel_hedge_problem_destroy(problem);
}

static void test_claims_that_do_not_fit_the_dates(void)
{
    problem_fixture f;
    fixture_init(&f);
    fel_hedge_claim *claim = fixture_add_claim(&f, "cliquet", 1.0);
    CHECK_OK(fel_payoff_set(&claim->payoff, "periods", 7.0));
    check_refused(&f, FEL_ERR_RANGE, "periods = 7 does not divide the 30 dates");
    CHECK_OK(fel_payoff_set(&claim->payoff, "periods", 6.0));
    claim->quantity = (double)NAN;
    check_refused(&f, FEL_ERR_RANGE, "claim 1: quantity nan");
    claim->quantity = 1.0;
    claim->payoff.code = NULL;
    check_refused(&f, FEL_ERR_ARG, "claim 1 has no payoff");
    CHECK_OK(fel_payoff_init(&claim->payoff, "callback"));
    check_refused(&f, FEL_ERR_ARG, "callback without a function");
}

SUITE("hedge/claim", TEST(test_a_book_is_the_sum_of_its_claims), TEST(test_a_payoff_of_the_callers),
      TEST(test_continuous_monitoring_sees_more), TEST(test_what_the_market_does_not_give_is_said),
      TEST(test_claims_that_do_not_fit_the_dates));
