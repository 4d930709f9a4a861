/* tests/unit/reports/simulation_fixture.h - a Monte Carlo report of four paths and a calibration of
 * five quotes, made by hand: small enough to check on paper.
 *
 * Final equities 91,000 99,500 104,000 121,500 of 100,000: mean 104,000, deviation 12,851.72,
 * standard error 6,425.86; two of the four lost money. */
#ifndef FEL_TESTS_SIMULATION_FIXTURE_H
#define FEL_TESTS_SIMULATION_FIXTURE_H

#include <feller/report_simulation.h>

/* All they point to is static. */
fel_montecarlo_report montecarlo_fixture(void);
fel_calibration_report calibration_fixture(void);

#endif
