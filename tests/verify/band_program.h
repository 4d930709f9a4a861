/* tests/verify/band_program.h - the best hedge of a sold call under proportional costs, by dynamic
 * programming: what no policy can be better than. */
#ifndef FEL_TESTS_BAND_PROGRAM_H
#define FEL_TESTS_BAND_PROGRAM_H

#include <stddef.h>

/* Geometric Brownian motion without drift from 1, rate 0; a call struck at 1 is sold; trades at
 * dates 0 .. n_dates - 1 cost cost x |trade| x price, the last position is not unwound; the P&L's
 * entropic risk is to be least. */
typedef struct band_config {
    double vol_per_year, horizon_years, cost, aversion;
    size_t n_dates;
    size_t steps_per_deviation; /* of the lattice of log prices: so many to a date's deviation */
    size_t n_positions;         /* from 0 to 1 */
} band_config;

typedef struct band_program band_program;

/* NULL: no memory. */
band_program *band_program_create(const band_config *config);
void band_program_destroy(band_program *program); /* NULL is allowed */
/* log E exp(-aversion P&L) / aversion from no position at date 0. */
double band_program_premium(const band_program *program);
/* The bounds at a date and price within which a position stays. */
void band_program_band(const band_program *program, size_t date, double price, double *low,
                       double *high);

#endif
