/* tests/unit/losses/test_risk_errors.c - samples and parameters that are wrong, memory that runs
 * out, and the table itself. */
#include <math.h>
#include <string.h>

#include <feller/risk.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/losses/risk_cases.h"

enum { N = RISK_PATHS };

static void check_fails(const char *name, const char *settings, const double *pnl, size_t n,
                        const char *text)
{
    const fel_risk risk = risk_of(name, settings);
    double value = 37.5, w = 2.385;
    CHECK_STATUS(fel_risk_measure(&risk, pnl, n, &value, &w), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, text);
    CHECK_SAME(value, 37.5);
    CHECK_SAME(w, 2.385);
}

static void test_samples_must_be_numbers(void)
{
    const double unknown[] = {1.0, 0.5, (double)NAN}, endless[] = {1.0, -HUGE_VAL};
    check_fails("cvar", "", unknown, 0, "cvar: no paths");
    check_fails("cvar", "", unknown, 3, "cvar: the P&L of path 2 is nan");
    check_fails("entropic", "", endless, 2, "entropic: the P&L of path 1 is -inf");
    const fel_risk cvar = risk_of("cvar", "");
    double price = 37.5;
    CHECK_STATUS(fel_risk_indifference_price(&cvar, unknown, 3, NULL, 0, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "the P&L of path 2 with the claim is nan");
    CHECK_STATUS(fel_risk_indifference_price(&cvar, unknown, 2, unknown, 3, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "the P&L of path 2 without the claim is nan");
    CHECK_STATUS(fel_risk_indifference_price(&cvar, unknown, 0, NULL, 0, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "no paths with the claim");
    CHECK_STATUS(fel_risk_indifference_price(&cvar, unknown, 2, unknown, 0, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "no paths without the claim");
    CHECK_STATUS(fel_risk_standard_error(&cvar, unknown, 1, &price), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "needs two paths or more");
    CHECK_SAME(price, 37.5);
}

static void test_domain_and_overflow_are_told(void)
{
    const double low[] = {0.5, -1.0, 2.0}, vast[] = {-1e200, 1.0}, loss[] = {-1e6, 1.0};
    check_fails("isoelastic", "", low, 3,
                "isoelastic: the P&L of path 1 is -1; it needs P&L above -wealth");
    check_fails("exponential_utility", "", loss, 2, "exponential_utility is inf: losses are too");
    check_fails("quadratic", "", vast, 2, "quadratic is inf");
    check_fails("mean_variance", "", vast, 2, "mean_variance is inf");
    /* In a trainer nobody has checked: terms, then finish. */
    const fel_risk power = risk_of("isoelastic", "");
    fel_risk_sums sums;
    double value = 37.5, scale = 2.385;
    fel_risk_terms(&power, low, 3, 0.0, &sums, NULL, NULL);
    CHECK_STATUS(fel_risk_finish(&power, &sums, 0.0, &value, &scale), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "isoelastic is nan: it needs P&L above -wealth");
    const fel_risk_sums none = {0.0, 0.0, 0.0};
    CHECK_STATUS(fel_risk_finish(&power, &none, 0.0, &value, &scale), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "of 0 paths");
    CHECK_SAME(value, 37.5);
    CHECK_SAME(scale, 2.385);
    /* A reference far below: exponentials beyond all numbers. */
    const fel_risk entropic = risk_of("entropic", "");
    fel_risk_terms(&entropic, loss, 2, 0.0, &sums, NULL, NULL);
    CHECK_STATUS(fel_risk_finish(&entropic, &sums, 0.0, &value, &scale), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "entropic is inf");
}

static void test_names_are_found_and_near_ones_told(void)
{
    fel_risk risk;
    memset(&risk, 0, sizeof(risk));
    CHECK_OK(fel_risk_find("cvar", &risk));
    CHECK_SAME(risk.params[0], 0.95);
    CHECK_STATUS(fel_risk_find("entropc", &risk), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"entropic\"?");
    CHECK_TEXT(risk.code->name, "cvar");
    CHECK_STATUS(fel_risk_find("something_else_entirely", &risk), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "feller list risks");
}

static void test_parameters_are_checked(void)
{
    const double pnl[] = {1.0, 2.0};
    fel_risk risk = risk_of("cvar", "");
    double value = 37.5;
    risk.params[0] = 1.0;
    CHECK_STATUS(fel_risk_check(&risk), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "level = 1 is not in [0, 0.999999]");
    CHECK_STATUS(fel_risk_measure(&risk, pnl, 2, &value, NULL), FEL_ERR_RANGE);
    CHECK_STATUS(fel_risk_indifference_price(&risk, pnl, 2, NULL, 0, &value), FEL_ERR_RANGE);
    CHECK_SAME(value, 37.5);
}

static void test_rows_of_the_table_are_complete(void)
{
    size_t n = 0;
    const fel_risk_class *const *all = fel_risk_classes(&n);
    CHECK_INT(n, 12);
    for (size_t i = 0; i < n; i++) {
        const fel_risk_class *code = all[i];
        CHECK_INT(code->struct_size, sizeof(fel_risk_class));
        CHECK(code->name != NULL && code->summary != NULL && code->formula != NULL);
        CHECK(code->term != NULL && code->n_params <= FEL_RISK_MAX_PARAMS);
        CHECK_INT(code->solve != NULL, (code->flags & FEL_RISK_HAS_THRESHOLD) != 0);
        CHECK((code->flags & FEL_RISK_COHERENT) == 0 ||
              (code->flags & FEL_RISK_CASH_INVARIANT) != 0);
        /* Prices of the others are by Newton's iteration on terms, without thresholds. */
        CHECK((code->flags & FEL_RISK_CASH_INVARIANT) != 0 || code->finish == NULL);
        for (size_t k = 0; k < code->n_params; k++) {
            CHECK_OK(fel_param_check(&code->params[k], code->params[k].default_value));
        }
        fel_risk found;
        CHECK_OK(fel_risk_find(code->name, &found));
        CHECK(found.code == code);
    }
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_status price(void *payload, void **out)
{
    const fel_risk *risk = payload;
    static const double with[] = {-1.0, -0.3, 0.2, -0.7}, without[] = {0.3, -0.1};
    double value = 0.0;
    (void)out;
    return fel_risk_indifference_price(risk, with, 4, without, 2, &value);
}

static void test_memory_that_runs_out_is_told(void)
{
    fel_risk cvar = risk_of("cvar", "level=0.6"), power = risk_of("isoelastic", "");
    const failing_call tail = {"cvar", price, NULL, &cvar}, climb = {"price", price, NULL, &power};
    CHECK_INT(check_failing_call(&tail), 2);
    CHECK_INT(check_failing_call(&climb), 1);
}

SUITE("losses/risk_errors", TEST(test_samples_must_be_numbers),
      TEST(test_domain_and_overflow_are_told), TEST(test_names_are_found_and_near_ones_told),
      TEST(test_parameters_are_checked), TEST(test_rows_of_the_table_are_complete),
      TEST(test_memory_that_runs_out_is_told));
