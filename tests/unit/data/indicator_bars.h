/* tests/unit/data/indicator_bars.h - bars to run indicators over, and a run of one by name. */
#ifndef FEL_TESTS_INDICATOR_BARS_H
#define FEL_TESTS_INDICATOR_BARS_H

#include <feller/indicator_table.h>

/* A walk with gaps, bars of no range now and then, and volumes; 5 minutes a bar. */
void indicator_bars_walk(fel_bar *bars, size_t n, uint64_t seed);

/* All outputs of one indicator, row after row: out[n x n_outputs]. params NULL: the defaults.
 * Returns n_outputs, 0 after a failed check. */
size_t indicator_bars_run(const char *name, const double *params, const fel_bar *bars, size_t n,
                          double *out);

#endif
