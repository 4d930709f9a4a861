/* tests/support/main.c - runs the suites that registered themselves; argument: part of a suite's
 * name. */
#include <CUnit/Basic.h>
#include <errno.h>
#include <ftw.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"

enum { MAX_SKIPS = 256 };

static test_suite *suites;
static const char *skipped[MAX_SKIPS];
static const char *skip_reasons[MAX_SKIPS];
static size_t n_skipped;
static char scratch_root[256];
static unsigned n_scratch;

void suite_register(test_suite *suite)
{
    test_suite **at = &suites;
    while (*at != NULL && strcmp((*at)->name, suite->name) < 0) {
        at = &(*at)->next;
    }
    suite->next = *at;
    *at = suite;
}

static void report(int ok, const char *what, const char *file, int line)
{
    (void)CU_assertImplementation(ok ? CU_TRUE : CU_FALSE, (unsigned)line, what, file, "",
                                  CU_FALSE);
}

void check_true_at(int ok, const char *what, const char *file, int line)
{
    report(ok, what, file, line);
}

void check_near_at(double actual, double expected, double tolerance, const char *what,
                   const char *file, int line)
{
    const int ok = (isnan(actual) && isnan(expected)) || actual == expected ||
                   fabs(actual - expected) <= tolerance;
    if (!ok) {
        (void)printf("\n%s:%d: %s is %.17g, expected %.17g within %g\n", file, line, what, actual,
                     expected, tolerance);
    }
    report(ok, what, file, line);
}

void check_same_double_at(double actual, double expected, const char *what, const char *file,
                          int line)
{
    const int ok =
        (isnan(actual) && isnan(expected)) || memcmp(&actual, &expected, sizeof(actual)) == 0;
    if (!ok) {
        (void)printf("\n%s:%d: %s is %.17g, expected the same bits as %.17g\n", file, line, what,
                     actual, expected);
    }
    report(ok, what, file, line);
}

void check_int_at(int64_t actual, int64_t expected, const char *what, const char *file, int line)
{
    if (actual != expected) {
        (void)printf("\n%s:%d: %s is %lld, expected %lld\n", file, line, what, (long long)actual,
                     (long long)expected);
    }
    report(actual == expected, what, file, line);
}

void check_text_at(const char *actual, const char *expected, const char *what, const char *file,
                   int line)
{
    const int ok = actual != NULL && expected != NULL && strcmp(actual, expected) == 0;
    if (!ok) {
        (void)printf("\n%s:%d: %s is\n  \"%s\"\nexpected\n  \"%s\"\n", file, line, what,
                     actual ? actual : "(null)", expected ? expected : "(null)");
    }
    report(ok, what, file, line);
}

void check_has_text_at(const char *actual, const char *part, const char *file, int line)
{
    const int ok = actual != NULL && strstr(actual, part) != NULL;
    if (!ok) {
        (void)printf("\n%s:%d: \"%s\" has no \"%s\" in it\n", file, line,
                     actual ? actual : "(null)", part);
    }
    report(ok, part, file, line);
}

void check_status_at(fel_status actual, fel_status expected, const char *what, const char *file,
                     int line)
{
    const int ok = actual == expected && (actual == FEL_OK || fel_last_error()->status == actual);
    if (!ok) {
        (void)printf("\n%s:%d: %s gave %s, expected %s (last error: %s)\n", file, line, what,
                     fel_status_name(actual), fel_status_name(expected), fel_last_error()->message);
    }
    report(ok, what, file, line);
}

void test_skip(const char *why)
{
    const CU_pTest test = CU_get_current_test();
    if (n_skipped < MAX_SKIPS) {
        skipped[n_skipped] = test != NULL ? test->pName : "?";
        skip_reasons[n_skipped] = why;
        n_skipped++;
    }
}

const char *shared_path(const char *relative)
{
    static char path[1024];
    const char *root = getenv("FELLER_SHARED");
    (void)snprintf(path, sizeof(path), "%s/%s", root != NULL ? root : "../shared", relative);
    return access(path, R_OK) == 0 ? path : NULL;
}

const char *scratch_folder(void)
{
    static char path[320];
    if (scratch_root[0] == '\0') {
        const char *tmp = getenv("TMPDIR");
        (void)snprintf(scratch_root, sizeof(scratch_root), "%s/feller-tests-XXXXXX",
                       tmp != NULL ? tmp : "/tmp");
        if (mkdtemp(scratch_root) == NULL) {
            (void)fprintf(stderr, "cannot make a scratch folder: %s\n", strerror(errno));
            exit(1);
        }
    }
    (void)snprintf(path, sizeof(path), "%s/%u", scratch_root, ++n_scratch);
    if (mkdir(path, 0700) != 0) {
        (void)fprintf(stderr, "cannot make %s: %s\n", path, strerror(errno));
        exit(1);
    }
    return path;
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *ftw)
{
    (void)info;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int add_suites(const char *part)
{
    for (const test_suite *s = suites; s != NULL; s = s->next) {
        if (part != NULL && strstr(s->name, part) == NULL) {
            continue;
        }
        CU_pSuite suite = CU_add_suite(s->name, NULL, NULL);
        for (size_t i = 0; suite != NULL && i < s->n_cases; i++) {
            if (CU_add_test(suite, s->cases[i].name, s->cases[i].run) == NULL) {
                return -1;
            }
        }
        if (suite == NULL) {
            return -1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (CU_initialize_registry() != CUE_SUCCESS || add_suites(argc > 1 ? argv[1] : NULL) != 0) {
        (void)fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
        return 2;
    }
    CU_basic_set_mode(CU_BRM_NORMAL);
    (void)CU_basic_run_tests();
    const unsigned failed = CU_get_number_of_failures();
    const unsigned tests_run = CU_get_number_of_tests_run();
    const unsigned tests_failed = CU_get_number_of_tests_failed();
    for (size_t i = 0; i < n_skipped; i++) {
        (void)printf("skipped: %s (%s)\n", skipped[i], skip_reasons[i]);
    }
    (void)printf("%u passed, %u failed, %zu skipped\n",
                 tests_run - tests_failed - (unsigned)n_skipped, tests_failed, n_skipped);
    CU_cleanup_registry();
    if (scratch_root[0] != '\0') {
        (void)nftw(scratch_root, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    }
    return failed == 0 && tests_run > 0 ? 0 : 1;
}
