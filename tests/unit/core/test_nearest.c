/* tests/unit/core/test_nearest.c - slips of the hand are recognised, other words are not. */
#include <string.h>

#include "core/nearest.h"
#include "tests/support/check.h"

static const char *const names[] = {
    "sma_cross", "donchian_breakout", NULL, "rsi_reversion", "pairs", "seed", "",
};
enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

static void check_nearest(const char *name, const char *expected)
{
    const size_t index = nearest_name(name, names, N_NAMES);
    CHECK_TEXT(index < N_NAMES ? names[index] : "none", expected);
}

static void test_each_kind_of_slip_is_one_edit(void)
{
    check_nearest("sed", "seed");    /* a letter left out */
    check_nearest("seeed", "seed");  /* one too many */
    check_nearest("sead", "seed");   /* another one */
    check_nearest("esed", "seed");   /* two changed places */
    check_nearest("SEED", "seed");   /* case */
    check_nearest("apirs", "pairs"); /* a transposition at the start */
    check_nearest("pairs", "pairs");
}

static void test_longer_names_forgive_more(void)
{
    check_nearest("sma_corss", "sma_cross");
    check_nearest("smacros", "sma_cross");
    check_nearest("donchain_braekout", "donchian_breakout");
    check_nearest("donchian", "none"); /* nine edits */
}

static void test_other_words_are_not_suggested(void)
{
    check_nearest("momentum", "none");
    check_nearest("sd", "none"); /* half of the word would be a guess */
    check_nearest("xyz", "none");
    check_nearest("", "none");
    char longest[200];
    memset(longest, 's', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    check_nearest(longest, "none");
    CHECK_INT(nearest_name("seed", NULL, 0), 0);
}

static void test_the_first_of_equals_is_taken(void)
{
    static const char *const same[] = {"cost", "cast", "cart"};
    CHECK_INT(nearest_name("cest", same, 3), 0);
    CHECK_INT(nearest_name("cars", same, 3), 2);
    static const char *const letters[] = {"a", "b"};
    CHECK_INT(nearest_name("x", letters, 2), 2);
}

SUITE("core/nearest", TEST(test_each_kind_of_slip_is_one_edit),
      TEST(test_longer_names_forgive_more), TEST(test_other_words_are_not_suggested),
      TEST(test_the_first_of_equals_is_taken));
