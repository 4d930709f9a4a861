/* tests/unit/hedge/book_fixture.h - books of one claim under gbm, seen at some prices. */
#ifndef FEL_TESTS_BOOK_FIXTURE_H
#define FEL_TESTS_BOOK_FIXTURE_H

#include "hedge/book_internal.h"

enum { BOOK_DATES = 12, BOOK_SPOTS = 7, BOOK_STRIDE = 16 };
/* Volatility, rate and dividend yield a year; years to the last date. */
extern const double book_vol, book_rate, book_yield, book_horizon;
extern const double book_spots[BOOK_SPOTS];

typedef struct book_setting {
    const char *name, *value; /* a number, or a word */
} book_setting;
#define SETTINGS(...) ((const book_setting[]){__VA_ARGS__, {NULL, NULL}})

void book_set(fel_payoff *payoff, const book_setting *settings);
/* One of the claim, sold; carry: rate less yield. */
fel_hedge_problem *book_problem(const char *payoff, const book_setting *settings, double carry);
/* All spots at date 0. */
hedge_view book_first_view(const fel_hedge_problem *problem);

typedef struct book_seen {
    double variance[BOOK_STRIDE], state[2 * BOOK_STRIDE], delta[BOOK_STRIDE], gamma[BOOK_STRIDE];
} book_seen;
/* State brought to the view's date, delta and gamma there. */
void book_see(const hedge_book *book, const hedge_view *view, book_seen *seen);

/* By the simulator's formula, `left_years` and `n_dates` before the end: d price / dS. */
double book_delta_of(const char *payoff, const book_setting *settings, double spot,
                     double left_years, size_t n_dates);

#endif
