/* tests/oracle/scenario_bars.h - bars of other engines' sample data, as a market of one series. */
#ifndef FEL_TESTS_SCENARIO_BARS_H
#define FEL_TESTS_SCENARIO_BARS_H

#include "tests/oracle/oracle_read.h"
#include "tests/unit/engine/engine_fixture.h"

typedef struct scenario_bars {
    int64_t *close_ns;
    double *rows; /* n x FEL_BAR_COLUMNS */
    size_t n;
} scenario_bars;

/* From a CSV under ../shared whose first column is the time, by header or by place (bars that
 * follow one another at once). 0 if it is not there. */
int scenario_bars_read(scenario_bars *out, const char *relative, int by_date);
void scenario_bars_clear(scenario_bars *bars);
/* The series "A", in whole units, on a grid of so many ticks a unit (0: none). */
void scenario_market(market *m, const scenario_bars *bars, double ticks_per_unit);
/* The equity point at that instant; one that is all NaN if there is none. */
fel_equity_point scenario_point(const fel_result *r, int64_t time_ns);

#endif
