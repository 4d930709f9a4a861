/* tests/unit/losses/risk_cases.h - every risk measure with awkward parameters, and samples of P&L.
 */
#ifndef FEL_TESTS_RISK_CASES_H
#define FEL_TESTS_RISK_CASES_H

#include <feller/risk.h>

typedef struct risk_case {
    const char *name, *settings;
} risk_case;

/* Every measure at least once. All accept the samples of risk_sample. */
extern const risk_case risk_cases[];
extern const size_t n_risk_cases;

/* A measure with settings such as "level=0.37" over its defaults. */
fel_risk risk_of(const char *name, const char *settings);
fel_risk risk_of_case(size_t i);

enum { RISK_PATHS = 53 };
/* n P&Ls with a fat left tail, none below -4; no two equal. */
void risk_sample(double *pnl, size_t n, uint64_t seed);

double risk_value(const fel_risk *risk, const double *pnl, size_t n);
/* The objective at a threshold: terms, then finish. */
double risk_objective(const fel_risk *risk, const double *pnl, size_t n, double w);

#endif
