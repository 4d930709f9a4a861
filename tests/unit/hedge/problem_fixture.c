/* tests/unit/hedge/problem_fixture.c - a small hedging problem to be changed by each test. */
#include "tests/unit/hedge/problem_fixture.h"

#include <string.h>

#include "tests/support/check.h"

static void init(problem_fixture *f, fel_process process)
{
    memset(f, 0, sizeof(*f));
    f->config = fel_hedge_config_default();
    f->config.market.process = process;
    f->config.n_features = 0;
    f->instruments[0] = f->config.instruments[0];
    f->config.instruments = f->instruments;
    f->config.claims = f->claims;
    (void)fixture_add_claim(f, "european", 1.0);
}

void fixture_init(problem_fixture *f)
{
    const fel_process process = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.0, 0.04, 2.0, -0.7}};
    init(f, process);
}

void fixture_init_gbm(problem_fixture *f)
{
    const fel_process process = {.kind = FEL_PROCESS_GBM, .spot = 100.0, .vol_per_year = 0.2};
    init(f, process);
}

fel_hedge_claim *fixture_add_claim(problem_fixture *f, const char *payoff, double quantity)
{
    fel_hedge_claim *claim = &f->claims[f->config.n_claims++];
    CHECK_OK(fel_payoff_init(&claim->payoff, payoff));
    claim->quantity = quantity;
    return claim;
}

fel_hedge_instrument *fixture_add_instrument(problem_fixture *f, const char *name,
                                             fel_hedge_instrument_kind kind)
{
    fel_hedge_instrument *instrument = &f->instruments[f->config.n_instruments++];
    *instrument = f->instruments[0];
    instrument->name = name;
    instrument->kind = kind;
    instrument->strike = 100.0;
    return instrument;
}

fel_hedge_problem *fixture_create(const problem_fixture *f)
{
    fel_hedge_problem *problem = NULL;
    CHECK_OK(fel_hedge_problem_create(&problem, &f->config));
    return problem;
}
