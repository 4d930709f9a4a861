/* tests/unit/hedge/book_fixture.c - books of one claim under gbm, seen at some prices. */
#define FEL_MODULE_HEDGE
#include "tests/unit/hedge/book_fixture.h"

#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

const double book_vol = 0.2385, book_rate = 0.031, book_yield = 0.017, book_horizon = 0.55;
const double book_spots[BOOK_SPOTS] = {71.3, 93.7, 98.55, 100.0, 101.9, 109.4, 141.8};

void book_set(fel_payoff *payoff, const book_setting *settings)
{
    for (; settings->name != NULL; settings++) {
        CHECK_OK(fel_payoff_set_text(payoff, settings->name, settings->value));
    }
}

fel_hedge_problem *book_problem(const char *payoff, const book_setting *settings, double carry)
{
    problem_fixture f;
    fixture_init_gbm(&f);
    f.config.n_claims = 0;
    fel_hedge_claim *claim = fixture_add_claim(&f, payoff, 1.0);
    book_set(&claim->payoff, settings);
    f.config.market.process.vol_per_year = book_vol;
    f.config.market.process.rate_per_year = book_rate;
    f.config.market.process.dividend_per_year = book_rate - carry;
    f.config.market.process.spot = 100.0;
    f.config.n_dates = BOOK_DATES;
    f.config.horizon_years = book_horizon;
    f.config.premium = 0.0;
    f.config.reference_vol = book_vol;
    return fixture_create(&f);
}

hedge_view book_first_view(const fel_hedge_problem *problem)
{
    const hedge_view view = {.problem = problem,
                             .n = BOOK_SPOTS,
                             .stride = BOOK_STRIDE,
                             .left_years = book_horizon,
                             .spot = book_spots};
    return view;
}

void book_see(const hedge_book *book, const hedge_view *view, book_seen *seen)
{
    for (size_t i = 0; i < BOOK_STRIDE; i++) {
        seen->variance[i] = book_vol * book_vol;
    }
    CHECK(book->n_state <= 2);
    const hedge_book_args args = {.book = book,
                                  .view = view,
                                  .n = view->n,
                                  .variance = seen->variance,
                                  .state = seen->state,
                                  .delta = seen->delta,
                                  .gamma = seen->gamma};
    hedge_book_update(&args);
    hedge_book_greeks(&args);
}

double book_delta_of(const char *payoff, const book_setting *settings, double spot,
                     double left_years, size_t n_dates)
{
    fel_payoff of;
    CHECK_OK(fel_payoff_init(&of, payoff));
    book_set(&of, settings);
    const double h = 1e-3 * spot;
    double p[4];
    for (int k = 0; k < 4; k++) {
        const double moved = spot + h * (double[]){-2.0, -1.0, 1.0, 2.0}[k];
        const fel_process process = {.kind = FEL_PROCESS_GBM,
                                     .spot = moved,
                                     .rate_per_year = book_rate,
                                     .dividend_per_year = book_yield,
                                     .vol_per_year = book_vol};
        CHECK_OK(fel_payoff_closed_form(&of, &process, left_years, n_dates, &p[k]));
    }
    return (8.0 * (p[2] - p[1]) - (p[3] - p[0])) / (12.0 * h);
}
