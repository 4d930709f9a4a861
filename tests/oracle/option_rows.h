/* tests/oracle/option_rows.h - rows of ../shared/oracles/quantlib/option_tables.json as payoffs.
 */
#ifndef FEL_TESTS_OPTION_ROWS_H
#define FEL_TESTS_OPTION_ROWS_H

#include <feller/montecarlo.h>

/* One published price. */
typedef struct option_row {
    char label[160]; /* "testHaugValues 17: DownOut 95 ..." */
    fel_process process;
    fel_payoff payoff;
    double t_years;
    size_t n_dates; /* on which the window's ends lie */
    double expected, tolerance;
    int has_formula;
} option_row;

/* Calls each(payload, row) for every row of the tables of barrier, digital, lookback, Asian and
 * forward-start options; the number of rows, -1 if the file is absent or not as expected. */
int option_rows_visit(void (*each)(void *payload, const option_row *row), void *payload);

#endif
