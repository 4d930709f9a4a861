/* tests/unit/reports/hedge_report_fixture.h - a hedging report made by hand: two policies of three
 * and two seeds, a rule and an oracle, three dates, two option lives; small enough to check on
 * paper. */
#ifndef FEL_TESTS_HEDGE_REPORT_FIXTURE_H
#define FEL_TESTS_HEDGE_REPORT_FIXTURE_H

#include <feller/report_hedge.h>

enum { HEDGE_FIXTURE_MEASURES = 5, HEDGE_FIXTURE_HEDGERS = 4 };

/* All it points to is static. */
fel_hedge_report hedge_report_fixture(void);

#endif
