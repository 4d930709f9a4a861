/* tests/unit/losses/risk_cases.c - risk measures by text, and samples of P&L. */
#include "tests/unit/losses/risk_cases.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

const risk_case risk_cases[] = {
    {"mean_variance", "risk_aversion=1.37"},
    {"quadratic", "target=0.137"},
    {"quadratic", "free_target=true"},
    {"entropic", "risk_aversion=0.73"},
    {"entropic", "risk_aversion=13.7"},
    {"cvar", "level=0.371"},
    {"cvar", "level=0.93"},
    {"smooth_cvar", "level=0.613,width=0.237"},
    {"smooth_cvar", "level=0.93,width=0.0371"},
    {"quadratic_cvar", "lambda=2.385"},
    {"expected_shortfall", "share=0.2385"},
    {"exponential_utility", "risk_aversion=0.737"},
    {"oce_quadratic", "risk_aversion=0.83"},
    {"oce_exp2", "risk_aversion=1.83"},
    {"oce_vicky", "risk_aversion=2.37"},
    {"isoelastic", "risk_aversion=0.37,wealth=5.31"},
    {"isoelastic", "risk_aversion=1,wealth=4.97"},
    {"isoelastic", "risk_aversion=3.7,wealth=6.13"},
};
const size_t n_risk_cases = sizeof(risk_cases) / sizeof(risk_cases[0]);

fel_risk risk_of(const char *name, const char *settings)
{
    fel_risk risk;
    char text[256];
    memset(&risk, 0, sizeof(risk));
    CHECK_OK(fel_risk_find(name, &risk));
    (void)snprintf(text, sizeof(text), "%s", settings);
    char *rest = NULL;
    for (char *item = strtok_r(text, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(item, '=');
        size_t index = 0;
        *value++ = '\0';
        CHECK_OK(fel_param_find(risk.code->params, risk.code->n_params, item, &index));
        CHECK_OK(fel_param_parse(&risk.code->params[index], value, &risk.params[index]));
    }
    return risk;
}

fel_risk risk_of_case(size_t i)
{
    return risk_of(risk_cases[i].name, risk_cases[i].settings);
}

void risk_sample(double *pnl, size_t n, uint64_t seed)
{
    rng_stream stream = rng_at(seed, 41);
    for (size_t i = 0; i < n; i++) {
        const double z = rng_normal(&stream);
        pnl[i] = fmax(0.31 + 0.83 * z - 0.21 * z * z, -4.0 + 1e-3 * (double)i / (double)n);
    }
}

double risk_value(const fel_risk *risk, const double *pnl, size_t n)
{
    double value = (double)NAN;
    CHECK_OK(fel_risk_measure(risk, pnl, n, &value, NULL));
    return value;
}

double risk_objective(const fel_risk *risk, const double *pnl, size_t n, double w)
{
    fel_risk_sums sums;
    double value = (double)NAN, scale = 0.0;
    fel_risk_terms(risk, pnl, n, w, &sums, NULL, NULL);
    CHECK_OK(fel_risk_finish(risk, &sums, w, &value, &scale));
    return value;
}
