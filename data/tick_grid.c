/* data/tick_grid.c - on which power-of-ten grid do prices lie?
 *
 * A price is on the grid of 10^e ticks a unit if it is the double nearest to k / 10^e for a whole
 * k. Then it is on every finer grid too as long as k stays below 2^51, so that one pass with a
 * rising e finds the smallest. */
#include <math.h>
#include <string.h>

#include <feller/data.h>

#include "data/decimal_internal.h"

static const double powers[TICK_GRID_MOST + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};

/* Adding and taking away 1.5 x 2^52 rounds to a whole number below 2^51. */
static const double rounder = 6755399441055744.0;
static const double most_ticks = 2251799813685248.0;

static int is_on(double value, double per_unit)
{
    const double ticks = (value * per_unit + rounder) - rounder;
    return ticks / per_unit == value || !isfinite(value);
}

/* First index from `from` on whose value is off the grid, n if there is none. */
static size_t first_off(const double *values, size_t from, size_t n, double per_unit,
                        double *max_abs)
{
    double most = *max_abs;
    size_t i = from;
    for (; i < n && is_on(values[i], per_unit); i++) {
        const double size = fabs(values[i]);
        most = size > most && size <= most_ticks ? size : most;
        if (size > most_ticks && isfinite(size)) {
            break;
        }
    }
    *max_abs = most;
    return i;
}

void tick_grid_add(tick_grid *grid, const double *values, size_t n)
{
    size_t at = 0;
    while (grid->exponent != TICK_GRID_NONE) {
        at = first_off(values, at, n, powers[grid->exponent], &grid->max_abs);
        if (at == n && grid->max_abs * powers[grid->exponent] < most_ticks) {
            return;
        }
        grid->exponent =
            grid->exponent < TICK_GRID_MOST && at < n ? grid->exponent + 1 : TICK_GRID_NONE;
    }
}

void tick_grid_join(tick_grid *grid, const tick_grid *other)
{
    if (grid->exponent == TICK_GRID_NONE || other->exponent == TICK_GRID_NONE) {
        grid->exponent = TICK_GRID_NONE;
        return;
    }
    grid->exponent = other->exponent > grid->exponent ? other->exponent : grid->exponent;
    grid->max_abs = other->max_abs > grid->max_abs ? other->max_abs : grid->max_abs;
    if (grid->max_abs * powers[grid->exponent] >= most_ticks) {
        grid->exponent = TICK_GRID_NONE;
    }
}

double tick_grid_per_unit(const tick_grid *grid)
{
    return grid->exponent == TICK_GRID_NONE ? 0.0 : powers[grid->exponent];
}

double fel_detect_ticks_per_unit(const double *const *columns, size_t n_columns, size_t n)
{
    tick_grid grid = {0};
    for (size_t c = 0; c < n_columns; c++) {
        tick_grid_add(&grid, columns[c], n);
    }
    return tick_grid_per_unit(&grid);
}
