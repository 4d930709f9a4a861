/* data/decimal_internal.h - decimal numbers out of fields that are not terminated, and the grids
 * they lie on. */
#ifndef FEL_MODULE_DATA
#error "data/decimal_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_DECIMAL_INTERNAL_H
#define FEL_DATA_DECIMAL_INTERNAL_H

#include <feller/base.h>

typedef enum decimal_fault {
    DECIMAL_OK = 0,
    DECIMAL_EMPTY,
    DECIMAL_NOT_A_NUMBER,
    DECIMAL_NOT_FINITE, /* the words nan, inf, null, ... */
    DECIMAL_OVERFLOW    /* a number that no double can hold */
} decimal_fault;

/* The double nearest to text[0..size): digits with an optional sign, point and exponent.
 * thousands: commas between groups of three are allowed ("1,234.5"). *value is NaN on a fault. */
decimal_fault decimal_read(const char *text, size_t size, int thousands, double *value);

/* The smallest power-of-ten grid on which all values met so far lie. Zero-initialise. */
typedef struct tick_grid {
    int exponent; /* 0 .. 8, or TICK_GRID_NONE */
    double max_abs;
} tick_grid;
enum { TICK_GRID_NONE = -1, TICK_GRID_MOST = 8 };
/* Values that are not finite are passed over. */
void tick_grid_add(tick_grid *grid, const double *values, size_t n);
void tick_grid_join(tick_grid *grid, const tick_grid *other);
double tick_grid_per_unit(const tick_grid *grid); /* 0 if there is none */

#endif
