/* tests/support/gradient_check.h - an analytic gradient against differences of the value: along
 * random directions and for each variable by itself. */
#ifndef FEL_TESTS_GRADIENT_CHECK_H
#define FEL_TESTS_GRADIENT_CHECK_H

#include <stddef.h>
#include <stdint.h>

typedef struct gradient_check {
    const char *name; /* printed with what is off */
    size_t n;
    double *x; /* n variables; moved and put back */
    const double *gradient;
    double (*value)(void *payload); /* at what x is now */
    void *payload;
    double step;      /* 0: 2e-3, good where the value is smooth. The variables should be about 1.
                         A kink needs a small one, 1e-6 */
    double tolerance; /* relative; 0: 1e-7 */
    int directions;   /* 0: 8 */
    /* Variables whose derivative is below this share of the largest are compared with that share of
     * it; 0: 1e-2. */
    double floor;
    size_t stride; /* each stride-th variable by itself; 0: all */
    uint64_t seed;
} gradient_check;

/* Central differences of sixth order (error step^6). One CHECK for the directions, one for the
 * variables, one that the gradient is not all 0. */
void check_gradient_of(const gradient_check *check);

#endif
