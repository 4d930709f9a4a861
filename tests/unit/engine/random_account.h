/* tests/unit/engine/random_account.h - a random account over a random market under random rules. */
#ifndef FEL_TESTS_RANDOM_ACCOUNT_H
#define FEL_TESTS_RANDOM_ACCOUNT_H

#include "tests/unit/engine/random_fixture.h"

typedef struct random_counts {
    uint64_t fills, ruined, calls, liquidations, legs, borrows;
} random_counts;

market random_account_market(uint64_t seed);
/* The ledger's identity after every event, the waterfall, the legs, every order's end. */
void check_random_account(uint64_t seed, random_counts *n);
/* The legs are what the positions are made of. */
void check_legs(const fel_result *r);

#endif
