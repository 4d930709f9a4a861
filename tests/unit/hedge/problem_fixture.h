/* tests/unit/hedge/problem_fixture.h - a small hedging problem to be changed by each test. */
#ifndef FEL_TESTS_PROBLEM_FIXTURE_H
#define FEL_TESTS_PROBLEM_FIXTURE_H

#include <feller/hedge.h>

enum { FIXTURE_CLAIMS = 4 };

/* What a configuration points at. */
typedef struct problem_fixture {
    fel_hedge_config config;
    fel_hedge_claim claims[FIXTURE_CLAIMS];
    fel_hedge_instrument instruments[FEL_HEDGE_MAX_INSTRUMENTS];
} problem_fixture;

/* The benchmark of deep hedging: Heston's variance at its wildest, a call at 100 sold, spot only,
 * no features. */
void fixture_init(problem_fixture *f);
/* Black-Scholes: spot 100, volatility 0.2. */
void fixture_init_gbm(problem_fixture *f);
fel_hedge_claim *fixture_add_claim(problem_fixture *f, const char *payoff, double quantity);
fel_hedge_instrument *fixture_add_instrument(problem_fixture *f, const char *name,
                                             fel_hedge_instrument_kind kind);
/* Checked to be OK; NULL if not. */
fel_hedge_problem *fixture_create(const problem_fixture *f);

#endif
