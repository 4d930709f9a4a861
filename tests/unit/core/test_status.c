/* tests/unit/core/test_status.c - codes, messages, one last error a thread; GSL kept from aborting.
 */
#include <errno.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_log.h>
#include <pthread.h>
#include <string.h>

#include <feller/base.h>

#include "core/gslquiet.h"
#include "core/version.h"
#include "tests/support/check.h"

static void test_every_code_has_a_name_and_a_text(void)
{
    CHECK_TEXT(fel_status_name(FEL_OK), "FEL_OK");
    CHECK_TEXT(fel_status_name(FEL_ERR_NOTFOUND), "FEL_ERR_NOTFOUND");
    CHECK_TEXT(fel_status_text(FEL_ERR_RANGE), "value outside its documented range");
    CHECK_TEXT(fel_status_name((fel_status)99), "FEL_?");
    CHECK_TEXT(fel_status_text((fel_status)99), "unknown status");
    CHECK_INT(FEL_ERR_INTERNAL, 11);
}

static fel_status fail_with(int number)
{
    return FEL_RAISE(FEL_ERR_RANGE, "n = %d is not in [0, 5]", number);
}

static fel_status hand_up(int number)
{
    FEL_TRY(fail_with(number));
    return FEL_OK;
}

static void test_a_failure_leaves_its_message(void)
{
    CHECK_STATUS(hand_up(7), FEL_ERR_RANGE);
    const fel_error *e = fel_last_error();
    CHECK_TEXT(e->message, "n = 7 is not in [0, 5]");
    CHECK_TEXT(e->func, "fail_with");
    CHECK_HAS(e->file, "test_status.c");
    CHECK(e->line > 0);
    CHECK_INT(e->os_errno, 0);
    errno = ENOSPC;
    CHECK_STATUS(FEL_RAISE(FEL_ERR_IO, "%s: full", e->message), FEL_ERR_IO);
    CHECK_TEXT(e->message, "n = 7 is not in [0, 5]: full");
    CHECK_INT(e->os_errno, ENOSPC);
}

static void test_a_long_message_is_cut(void)
{
    char longest[2000];
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    CHECK_STATUS(FEL_RAISE(FEL_ERR_ARG, "%s", longest), FEL_ERR_ARG);
    CHECK_INT(strlen(fel_last_error()->message), sizeof(fel_last_error()->message) - 1);
}

static void test_a_message_is_one_line(void)
{
    CHECK_STATUS(FEL_RAISE(FEL_ERR_FORMAT, "the value \"%s\"", "a\nb\r\x7f\t\xc3\xa9"),
                 FEL_ERR_FORMAT);
    CHECK_TEXT(fel_last_error()->message, "the value \"a?b???\xc3\xa9\"");
}

static void *raise_elsewhere(void *payload)
{
    *(int *)payload = FEL_RAISE(FEL_ERR_USER, "on the other thread") == FEL_ERR_USER;
    return NULL;
}

static void test_each_thread_has_its_own(void)
{
    CHECK_STATUS(fail_with(8), FEL_ERR_RANGE);
    pthread_t thread;
    int result = 0;
    CHECK_INT(pthread_create(&thread, NULL, raise_elsewhere, &result), 0);
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK_INT(result, 1);
    CHECK_TEXT(fel_last_error()->message, "n = 8 is not in [0, 5]");
}

static void test_gsl_returns_its_errors(void)
{
    gsl_quiet();
    gsl_quiet();
    gsl_sf_result result;
    CHECK_INT(gsl_sf_log_e(-1.5, &result), GSL_EDOM); /* would abort with GSL's own handler */
}

static void test_the_version_is_the_headers(void)
{
    CHECK_TEXT(fel_version(), FEL_VERSION);
    CHECK(strspn(fel_version(), "0123456789.") == strlen(fel_version()));
}

SUITE("core/status", TEST(test_every_code_has_a_name_and_a_text),
      TEST(test_a_failure_leaves_its_message), TEST(test_a_long_message_is_cut),
      TEST(test_a_message_is_one_line), TEST(test_each_thread_has_its_own),
      TEST(test_gsl_returns_its_errors), TEST(test_the_version_is_the_headers));
