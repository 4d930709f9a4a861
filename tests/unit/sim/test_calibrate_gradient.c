/* tests/unit/sim/test_calibrate_gradient.c - the derivatives that the search uses, against central
 * differences of the adaptive prices. */
#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/sim/chain_fixture.h"

static double *field_of(fel_heston *h, size_t i)
{
    double *const fields[] = {&h->v0, &h->kappa, &h->theta, &h->xi, &h->rho};
    return fields[i];
}

static void test_gradient_is_the_difference(void)
{
    static const fel_heston points[] = {
        {.v0 = 0.0437, .kappa = 1.31, .theta = 0.0612, .xi = 0.583, .rho = -0.713},
        {.v0 = 0.1957, .kappa = 15.66, .theta = 0.0746, .xi = 3.362, .rho = -0.5115},
        {.v0 = 0.0258, .kappa = 3.562, .theta = 0.0847, .xi = 1.368, .rho = 0.285},
    };
    static const double strikes[] = {71.3, 92.7, 101.9, 133.1}, years[] = {0.113, 0.871, 2.39};
    for (size_t p = 0; p < 3; p++) {
        for (size_t m = 0; m < 3; m++) {
            fel_process process = {.kind = FEL_PROCESS_HESTON, .spot = 101.7};
            double prices[4], gradient[4 * FEL_HESTON_N_PARAMS], up[4], down[4];
            process.heston = points[p];
            CHECK_OK(fel_heston_gradient(&process, years[m], strikes, 4, prices, gradient));
            for (size_t i = 0; i < FEL_HESTON_N_PARAMS; i++) {
                fel_process moved = process;
                double *field = field_of(&moved.heston, i);
                const double centre = *field, step = 1e-4 * fabs(centre);
                *field = centre + step;
                CHECK_OK(
                    fel_price_european(&moved, years[m], strikes, NULL, 4, FEL_PRICE_ADAPTIVE, up));
                *field = centre - step;
                CHECK_OK(fel_price_european(&moved, years[m], strikes, NULL, 4, FEL_PRICE_ADAPTIVE,
                                            down));
                for (size_t k = 0; k < 4; k++) {
                    const double slope = (up[k] - down[k]) / (2.0 * step);
                    /* 1e-10 of price in the adaptive method, 1e-8 relative from the step's square.
                     */
                    CHECK_NEAR(gradient[k * FEL_HESTON_N_PARAMS + i], slope,
                               1e-6 * fabs(slope) + 2e-6 / fmax(fabs(centre), 1e-2));
                }
            }
        }
    }
}

SUITE("sim/calibrate_gradient", TEST(test_gradient_is_the_difference));
