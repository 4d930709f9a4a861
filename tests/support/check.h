/* tests/support/check.h - suites that register themselves, and checks that print what they saw. */
#ifndef FEL_TESTS_CHECK_H
#define FEL_TESTS_CHECK_H

#include <feller/base.h>

typedef struct test_case {
    const char *name;
    void (*run)(void);
} test_case;

typedef struct test_suite {
    const char *name; /* "core/money" */
    const test_case *cases;
    size_t n_cases;
    struct test_suite *next;
} test_suite;

void suite_register(test_suite *suite);

/* Once per test file: SUITE("core/money", TEST(test_sums_are_exact), TEST(...)); */
#define TEST(function)                                                                             \
    {                                                                                              \
#function, function                                                                        \
    }
#define SUITE(suite_name, ...)                                                                     \
    static const test_case suite_cases_[] = {__VA_ARGS__};                                         \
    static test_suite suite_ = {suite_name, suite_cases_,                                          \
                                sizeof(suite_cases_) / sizeof(suite_cases_[0]), NULL};             \
    __attribute__((constructor)) static void suite_add_(void)                                      \
    {                                                                                              \
        suite_register(&suite_);                                                                   \
    }                                                                                              \
    extern int suite_unused_

/* Checks: each counts as one assertion and, when it fails, prints both values and goes on. */
void check_true_at(int ok, const char *what, const char *file, int line);
void check_near_at(double actual, double expected, double tolerance, const char *what,
                   const char *file, int line);
void check_same_double_at(double actual, double expected, const char *what, const char *file,
                          int line); /* bit for bit; NaN equals NaN */
void check_int_at(int64_t actual, int64_t expected, const char *what, const char *file, int line);
void check_text_at(const char *actual, const char *expected, const char *what, const char *file,
                   int line);
void check_has_text_at(const char *actual, const char *part, const char *file, int line);
/* The status is as expected and, unless OK, equal to the last error's. Prints the message if not.
 */
void check_status_at(fel_status actual, fel_status expected, const char *what, const char *file,
                     int line);

#define CHECK(condition) check_true_at((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
/* |actual - expected| <= tolerance (absolute); NaN equals NaN. */
#define CHECK_NEAR(actual, expected, tolerance)                                                    \
    check_near_at((actual), (expected), (tolerance), #actual, __FILE__, __LINE__)
/* Relative: |actual - expected| <= tolerance x |expected|. */
#define CHECK_REL(actual, expected, tolerance)                                                     \
    check_near_at((actual), (expected), (tolerance) * ((expected) < 0 ? -(expected) : (expected)), \
                  #actual, __FILE__, __LINE__)
#define CHECK_SAME(actual, expected)                                                               \
    check_same_double_at((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_INT(actual, expected)                                                                \
    check_int_at((int64_t)(actual), (int64_t)(expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected)                                                               \
    check_text_at((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_HAS(actual, part) check_has_text_at((actual), (part), __FILE__, __LINE__)
#define CHECK_STATUS(actual, expected)                                                             \
    check_status_at((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_OK(actual) check_status_at((actual), FEL_OK, #actual, __FILE__, __LINE__)

/* A test that cannot run here returns after SKIP("why"): it is counted and listed by name at the
 * end. Only for data that is absent (../shared), never for a failure. */
void test_skip(const char *why);
#define SKIP(why)                                                                                  \
    do {                                                                                           \
        test_skip(why);                                                                            \
        return;                                                                                    \
    } while (0)

/* Path of a file under ../shared (or $FELLER_SHARED), or NULL if it is not there. Static buffer,
 * good until the next call. */
const char *shared_path(const char *relative);

/* A fresh empty folder for this test, removed after the run; static buffer, good until the next. */
const char *scratch_folder(void);

#endif
