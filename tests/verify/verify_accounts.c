/* tests/verify/verify_accounts.c - a hundred thousand random accounts: orders of every kind over
 * random markets with splits, dividends, futures, margin calls, borrow fees and legs, the ledger's
 * identity checked after every event. A run that fails is had again by its seed. */
#include <CUnit/CUnit.h>
#include <stdio.h>

#include "tests/unit/engine/random_account.h"

enum { N_RUNS = 100000, FIRST_SEED = 1000 };

static void test_a_hundred_thousand_accounts_add_up(void)
{
    random_counts n = {0};
    for (uint64_t k = 0; k < N_RUNS; k++) {
        const unsigned failed = CU_get_number_of_failures();
        check_random_account(FIRST_SEED + k, &n);
        if (CU_get_number_of_failures() != failed) {
            (void)printf("\n  seed %llu\n", (unsigned long long)(FIRST_SEED + k));
        }
    }
    (void)printf(
        "\n  seeds %d .. %d: %llu fills, %llu margin calls, %llu liquidations, %llu fills of "
        "legs, %llu ruined\n",
        FIRST_SEED, FIRST_SEED + N_RUNS - 1, (unsigned long long)n.fills,
        (unsigned long long)n.calls, (unsigned long long)n.liquidations, (unsigned long long)n.legs,
        (unsigned long long)n.ruined);
    CHECK(n.calls > N_RUNS / 10 && n.liquidations > N_RUNS / 10);
}

SUITE("verify/accounts", TEST(test_a_hundred_thousand_accounts_add_up));
