/* tests/support/gradient_check.c - central differences of sixth order against a gradient. */
#include "tests/support/gradient_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

/* What differs, and the largest of it. */
typedef struct findings {
    double worst; /* difference over what is allowed */
    size_t at;
    double analytic, numeric;
} findings;

static void note(findings *f, size_t at, double analytic, double numeric, double allowed)
{
    const double share = fabs(analytic - numeric) / allowed;
    if (!(share <= f->worst)) {
        *f = (findings){share, at, analytic, numeric};
    }
}

static void report(const gradient_check *c, const char *what, const findings *f)
{
    if (!(f->worst <= 1.0)) {
        (void)printf("\n%s, seed %d: %s %zu is %.12g, by differences %.12g: %.3g times what is "
                     "allowed\n",
                     c->name, (int)c->seed, what, f->at, f->analytic, f->numeric, f->worst);
    }
}

/* The value at x + t d; d NULL: along variable `at`. */
static double value_at(const gradient_check *c, const double *x, const double *d, size_t at,
                       double t)
{
    if (d == NULL) {
        c->x[at] = x[at] + t;
    } else {
        for (size_t i = 0; i < c->n; i++) {
            c->x[i] = x[i] + t * d[i];
        }
    }
    return c->value(c->payload);
}

static double difference(const gradient_check *c, const double *x, const double *d, size_t at)
{
    static const double weights[] = {45.0, -9.0, 1.0};
    const double h = c->step > 0.0 ? c->step : 2e-3;
    double sum = 0.0;
    for (int k = 1; k <= 3; k++) {
        const double t = (double)k * h;
        sum += weights[k - 1] * (value_at(c, x, d, at, t) - value_at(c, x, d, at, -t));
    }
    if (d == NULL) {
        c->x[at] = x[at];
    } else {
        memcpy(c->x, x, c->n * sizeof(*x));
    }
    return sum / (60.0 * h);
}

static double tolerance_of(const gradient_check *c)
{
    return c->tolerance > 0.0 ? c->tolerance : 1e-7;
}

/* Directions are about as long as the change of one variable. */
static void check_directions(const gradient_check *c, const double *x, double *d)
{
    rng_stream draws = rng_at(c->seed, UINT64_C(0x6469726563));
    const int n_directions = c->directions > 0 ? c->directions : 8;
    findings f = {0.0, 0, 0.0, 0.0};
    for (int k = 0; k < n_directions; k++) {
        double slope = 0.0, length = 0.0;
        for (size_t i = 0; i < c->n; i++) {
            d[i] = rng_normal(&draws) / sqrt((double)c->n);
            slope += d[i] * c->gradient[i];
            length += d[i] * d[i] * c->gradient[i] * c->gradient[i];
        }
        note(&f, (size_t)k, slope, difference(c, x, d, 0), tolerance_of(c) * sqrt(length));
    }
    report(c, "the slope along direction", &f);
    CHECK(f.worst <= 1.0);
}

static void check_each(const gradient_check *c, const double *x, double largest)
{
    const double least = (c->floor > 0.0 ? c->floor : 1e-2) * largest;
    findings f = {0.0, 0, 0.0, 0.0};
    for (size_t i = 0; i<c->n; i += c->stride> 0 ? c->stride : 1) {
        const double slope = c->gradient[i];
        note(&f, i, slope, difference(c, x, NULL, i), tolerance_of(c) * fmax(fabs(slope), least));
    }
    report(c, "the derivative by variable", &f);
    CHECK(f.worst <= 1.0);
}

void check_gradient_of(const gradient_check *c)
{
    double *x = malloc(c->n * sizeof(*x)), *d = malloc(c->n * sizeof(*d)), largest = 0.0;
    CHECK(x != NULL && d != NULL);
    if (x != NULL && d != NULL) {
        memcpy(x, c->x, c->n * sizeof(*x));
        for (size_t i = 0; i < c->n; i++) {
            largest = fmax(largest, fabs(c->gradient[i]));
        }
        CHECK(largest > 0.0);
        check_directions(c, x, d);
        check_each(c, x, largest);
    }
    free(x);
    free(d);
}
