/* sim/bessel_draw.c - Bessel's law (Yuan and Kalbfleisch 2000): how many of the Glasserman-Kim
 * variables Z a step's integral has.
 *
 * The weights' ratios w(n + 1) / w(n) = (z/2)^2 / ((n + 1) (n + 1 + nu)) are rational, so that sums
 * from the mode outward need no Bessel function. Where they would be long, rejection: a
 * log-concave law lies below min(1, exp(1 - p |x - mode|)) of its mode's weight, p the mode's
 * probability or less (Devroye 1987). */
#include <math.h>

#include "sim/area_law_internal.h"
#include "sim/variance_law_internal.h"

#define NOTHING          1e-18 /* a weight that is none beside the mode's, 1 */
#define LONGEST_SD       20.0  /* beyond this standard deviation: rejection */
#define NEARLY_NORMAL_SD 1e5   /* beyond this one ln Gamma has too few digits */

typedef struct bessel_law {
    double nu, square;  /* (z / 2)^2 */
    double mode, first; /* first: 1 if nu = -1, whose n = 0 has no weight */
} bessel_law;

static double ratio_up(const bessel_law *b, double n)
{
    return b->square / ((n + 1.0) * (n + 1.0 + b->nu));
}

/* The n above, or below, the mode where the weights' sum passes rest. */
static double walk_up(const bessel_law *b, double rest)
{
    double n = b->mode, w = 1.0;
    while (rest >= 0.0 && w > NOTHING) {
        w *= ratio_up(b, n);
        n += 1.0;
        rest -= w;
    }
    return n;
}

static double walk_down(const bessel_law *b, double rest)
{
    double n = b->mode, w = 1.0;
    while (rest >= 0.0 && n > b->first && w > NOTHING) {
        n -= 1.0;
        w /= ratio_up(b, n);
        rest -= w;
    }
    return n;
}

/* The weights are summed from the mode, 1, up and down until they vanish; then walked again. */
static double draw_by_sum(draw_stream *s, const bessel_law *b)
{
    double up = 0.0, down = 0.0, w = 1.0, n = b->mode;
    while (w > NOTHING) {
        w *= ratio_up(b, n);
        up += w;
        n += 1.0;
    }
    w = 1.0;
    n = b->mode;
    while (n > b->first && w > NOTHING) {
        n -= 1.0;
        w /= ratio_up(b, n);
        down += w;
    }
    const double rest = draw_uniform(s) * (1.0 + up + down) - 1.0;
    if (rest < 0.0) {
        return b->mode;
    }
    return rest < up ? walk_up(b, rest) : walk_down(b, rest - up);
}

static double ln_weight(const bessel_law *b, double n)
{
    return n * log(b->square) - ln_gamma(n + 1.0) - ln_gamma(n + b->nu + 1.0);
}

static double draw_by_rejection(draw_stream *s, const bessel_law *b, double sd)
{
    const double p = 0.38 / sd, top = ln_weight(b, b->mode);
    const double half = 0.5 + 1.0 / p; /* of the flat part; each tail has the area 1 / p */
    for (;;) {
        const double u = draw_uniform(s) * (half + 1.0 / p), sign = draw_uniform(s);
        const double e = u < half ? 0.0 : -log((half + 1.0 / p - u) * p);
        const double distance = u < half ? u : half + e / p;
        const double n = b->mode + floor((sign < 0.5 ? -distance : distance) + 0.5);
        if (n < b->first) {
            continue;
        }
        if (log(draw_uniform(s)) <= ln_weight(b, n) - top + e) {
            return n;
        }
    }
}

double draw_bessel(draw_stream *s, double nu, double z)
{
    const double root = sqrt(z * z + nu * nu);
    const bessel_law b = {
        .nu = nu,
        .square = 0.25 * z * z,
        .mode = fmax(floor(0.5 * (root - nu)), nu <= -1.0 ? 1.0 : 0.0),
        .first = nu <= -1.0 ? 1.0 : 0.0,
    };
    if (b.square <= 1e-300) {
        return 0.0;
    }
    const double sd = 0.5 * z / sqrt(root); /* d mode / d ln square = z^2 / (4 root) */
    if (sd > NEARLY_NORMAL_SD) {
        return fmax(floor(b.mode + sd * draw_normal(s) + 0.5), b.first);
    }
    return sd < LONGEST_SD ? draw_by_sum(s, &b) : draw_by_rejection(s, &b, sd);
}
