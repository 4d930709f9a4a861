/* tests/unit/strategies/test_builtins.c - the list of built-in strategies. */
#include <string.h>

#include <feller/strategies.h>

#include "tests/support/check.h"

static void test_list_is_sorted_and_found_by_name(void)
{
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    CHECK_INT(n, 11);
    CHECK(fel_strategy_builtins(NULL) == all);
    for (size_t i = 0; i < n; i++) {
        const fel_strategy *found = NULL;
        CHECK_STATUS(fel_strategy_find(all[i]->name, &found), FEL_OK);
        CHECK(found == all[i]);
        CHECK(i == 0 || strcmp(all[i - 1]->name, all[i]->name) < 0);
    }
}

static void test_unknown_name_gets_the_nearest(void)
{
    const fel_strategy *untouched = NULL;
    CHECK_STATUS(fel_strategy_find("sma_corss", &untouched), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "\"sma_corss\"; did you mean sma_cross?");
    CHECK_STATUS(fel_strategy_find("astrology of markets", &untouched), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list strategies");
    CHECK(untouched == NULL);
}

SUITE("strategies/builtins", TEST(test_list_is_sorted_and_found_by_name),
      TEST(test_unknown_name_gets_the_nearest));
