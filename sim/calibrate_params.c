/* sim/calibrate_params.c - the parameters of Heston as five free numbers.
 *
 * Each parameter has a range with a smooth map from the whole line into it,
 *   s(y) = (1 + y / sqrt(1 + y^2)) / 2,   p = low (high / low)^s   (rho: p = r (2 s - 1)).
 * Its slope falls like 1 / y^3 only: a search that has wandered towards rho = -1 or kappa = 0 comes
 * back, where exponential maps leave it no gradient to come back by. */
#include <math.h>
#include <string.h>

#include "sim/calibrate_internal.h"

typedef struct range {
    const char *name;
    double low, high;
} range;

/* rho is last, and its range symmetric. */
static const range ranges[FIT_N] = {{"v0", 1e-6, 9.0},
                                    {"kappa", 1e-3, 100.0},
                                    {"theta", 1e-6, 9.0},
                                    {"xi", 1e-3, 30.0},
                                    {"rho", -0.9999, 0.9999}};
enum { RHO = FIT_N - 1 };

static const double inside = 1e-3; /* how far starts are kept from the edges of s */
static const double edge = 1e-4;   /* s this near to 0 or 1 is at the edge */

void fel_calibrate_range(double min[FEL_HESTON_N_PARAMS], double max[FEL_HESTON_N_PARAMS])
{
    for (size_t i = 0; i < FIT_N; i++) {
        min[i] = ranges[i].low;
        max[i] = ranges[i].high;
    }
}

const char *fit_parameter_name(size_t i)
{
    return ranges[i].name;
}

void fit_pack(const fel_heston *heston, double p[FIT_N])
{
    const double values[FIT_N] = {heston->v0, heston->kappa, heston->theta, heston->xi,
                                  heston->rho};
    memcpy(p, values, sizeof(values));
}

void fit_unpack(const double p[FIT_N], fel_heston *heston)
{
    const fel_heston h = {.v0 = p[0], .kappa = p[1], .theta = p[2], .xi = p[3], .rho = p[4]};
    *heston = h;
}

/* s of a parameter's value. */
static double share_of(size_t i, double p)
{
    const range *r = &ranges[i];
    return i == RHO ? 0.5 * (1.0 + p / r->high) : log(p / r->low) / log(r->high / r->low);
}

void fit_from_free(const double y[FIT_N], double p[FIT_N], double slope[FIT_N])
{
    for (size_t i = 0; i < FIT_N; i++) {
        const range *r = &ranges[i];
        const double root = sqrt(1.0 + y[i] * y[i]);
        const double s = 0.5 * (1.0 + y[i] / root), ds = 0.5 / (root * root * root);
        if (i == RHO) {
            p[i] = r->high * (2.0 * s - 1.0);
            slope[i] = 2.0 * r->high * ds;
        } else {
            const double width = log(r->high / r->low);
            p[i] = r->low * exp(width * s);
            slope[i] = p[i] * width * ds;
        }
    }
}

void fit_to_free(const double p[FIT_N], double y[FIT_N])
{
    for (size_t i = 0; i < FIT_N; i++) {
        const double s = fmin(fmax(share_of(i, p[i]), inside), 1.0 - inside);
        const double c = 2.0 * s - 1.0;
        y[i] = c / sqrt((1.0 - c) * (1.0 + c));
    }
}

double fit_distance(size_t i, double p, double centre, double *slope)
{
    if (i != RHO) {
        *slope = 1.0 / p;
        return log(p / centre);
    }
    const double rest = 1.0 - p * p, root = sqrt(rest);
    *slope = 1.0 / (rest * root);
    return p / root - centre / sqrt(1.0 - centre * centre);
}

int fit_bounds(const double p[FIT_N])
{
    int bits = 0;
    for (size_t i = 0; i < FIT_N; i++) {
        const double s = share_of(i, p[i]);
        bits |= s < edge || s > 1.0 - edge ? 1 << i : 0;
    }
    return bits;
}
