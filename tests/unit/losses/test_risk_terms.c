/* tests/unit/losses/test_risk_terms.c - slopes and curvatures of every term against differences,
 * objectives and their thresholds against a search, sums in parts. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <feller/risk.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/losses/risk_cases.h"

enum { N = RISK_PATHS };

/* ---- one term -------------------------------------------------------------------------------- */

typedef struct term_at {
    double value, slope, curvature, threshold_slope;
} term_at;

static term_at term_of(const fel_risk *risk, double pnl, double w)
{
    term_at t = {0.0, 0.0, 0.0, 0.0};
    t.value = risk->code->term(risk->params, pnl, w, &t.slope, &t.curvature, &t.threshold_slope);
    return t;
}

/* Is a place where a derivative jumps (x = -pnl - w at 0, +-width, 1 / risk_aversion) within h? */
static int is_near_corner(const fel_risk *risk, double pnl, double w, double h)
{
    const double x = -pnl - w;
    double corners[5] = {0.0, 0.0, 0.0, 0.0, 0.0};
    for (size_t i = 0; i < risk->code->n_params; i++) {
        corners[1] = risk->params[i];
        corners[2] = -risk->params[i];
        corners[3] = 1.0 / risk->params[i];
        corners[4] = -1.0 / risk->params[i];
        for (size_t k = 0; k < 5; k++) {
            if (fabs(x - corners[k]) < 2.0 * h) {
                return 1;
            }
        }
    }
    return 0;
}

/* Central differences of the value by P&L and threshold, and of the slope by P&L. */
static void check_derivatives(const fel_risk *risk, double pnl, double w)
{
    const double h = 1e-3;
    double by_pnl[2], by_w[2], second[2];
    for (int k = 0; k < 2; k++) {
        const double step = k == 0 ? h : 0.5 * h;
        const term_at up = term_of(risk, pnl + step, w), down = term_of(risk, pnl - step, w);
        by_pnl[k] = (up.value - down.value) / (2.0 * step);
        second[k] = (up.slope - down.slope) / (2.0 * step);
        by_w[k] = (term_of(risk, pnl, w + step).value - term_of(risk, pnl, w - step).value) /
                  (2.0 * step);
    }
    const term_at t = term_of(risk, pnl, w);
    const double size = 1.0 + fabs(t.value) + fabs(t.slope) + fabs(t.curvature);
    CHECK_NEAR((4.0 * by_pnl[1] - by_pnl[0]) / 3.0, t.slope, 1e-7 * size);
    CHECK_NEAR((4.0 * second[1] - second[0]) / 3.0, t.curvature, 1e-7 * size);
    if ((risk->code->flags & FEL_RISK_REFERENCE) == 0) {
        CHECK_NEAR((4.0 * by_w[1] - by_w[0]) / 3.0, t.threshold_slope, 1e-7 * size);
    } else {
        CHECK_SAME(t.threshold_slope, 0.0);
    }
}

static void test_slopes_and_curvatures_agree_with_differences(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        rng_stream stream = rng_at(7, i);
        int n_checked = 0;
        for (int k = 0; k < 400; k++) {
            const double pnl = fmax(-4.0, 1.37 * rng_normal(&stream));
            const double w = 0.93 * rng_normal(&stream);
            if (!is_near_corner(&risk, pnl, w, 1e-3)) {
                check_derivatives(&risk, pnl, w);
                n_checked++;
            }
        }
        CHECK(n_checked > 300);
    }
}

/* Differences of many places must also cross the rounded corner and the flat top. */
static void test_rounded_corner_is_a_mean_of_corners(void)
{
    const fel_risk smooth = risk_of("smooth_cvar", "level=0,width=0.7");
    /* Epanechnikov's kernel by a fine midpoint sum. */
    const double places[] = {-0.83, -0.61, -0.1, 0.0, 0.237, 0.65, 0.91};
    for (size_t i = 0; i < 7; i++) {
        const double x = places[i], h = 0.7;
        double sum = 0.0;
        enum { CELLS = 20000 };
        for (int k = 0; k < CELLS; k++) {
            const double u = -1.0 + (2.0 * k + 1.0) / CELLS;
            sum += 0.75 * (1.0 - u * u) * fmax(x + h * u, 0.0) * 2.0 / CELLS;
        }
        CHECK_NEAR(term_of(&smooth, -x, 0.0).value, sum, 1e-8);
    }
    CHECK_NEAR(term_of(&smooth, 0.0, 0.0).value, 3.0 * 0.7 / 16.0, 1e-15);
}

static void test_corners_are_in_the_middle(void)
{
    const fel_risk cvar = risk_of("cvar", "level=0.6");
    const term_at t = term_of(&cvar, -0.37, 0.37);
    CHECK_NEAR(t.value, 0.37, 1e-16);
    CHECK_NEAR(t.slope, -0.5 / 0.4, 1e-14);
    CHECK_NEAR(t.threshold_slope, 1.0 - 0.5 / 0.4, 1e-14);
}

/* ---- the whole objective --------------------------------------------------------------------- */

/* scale x slopes / n is the gradient of the objective, the threshold's too. */
static void check_gradient(const fel_risk *risk, double w)
{
    double pnl[N], slopes[N], curvatures[N], value = 0.0, scale = 0.0, largest = 0.0;
    fel_risk_sums sums;
    risk_sample(pnl, N, 5);
    fel_risk_terms(risk, pnl, N, w, &sums, slopes, curvatures);
    CHECK_OK(fel_risk_finish(risk, &sums, w, &value, &scale));
    CHECK_SAME(value, risk_objective(risk, pnl, N, w));
    for (size_t i = 0; i < N; i++) {
        largest = fmax(largest, fabs(scale * slopes[i] / N));
    }
    for (size_t i = 0; i < N; i++) {
        if (is_near_corner(risk, pnl[i], w, 1e-4)) {
            continue;
        }
        const double x = pnl[i], h = 1e-4;
        pnl[i] = x + h;
        const double up = risk_objective(risk, pnl, N, w);
        pnl[i] = x - h;
        const double down = risk_objective(risk, pnl, N, w);
        pnl[i] = x;
        CHECK_NEAR(scale * slopes[i] / N, (up - down) / (2.0 * h), 1e-6 * largest + 1e-11);
    }
    const double h = 1e-6;
    const double by_w =
        (risk_objective(risk, pnl, N, w + h) - risk_objective(risk, pnl, N, w - h)) / (2.0 * h);
    CHECK_NEAR(scale * sums.threshold_slope / N, by_w, 1e-7 * (1.0 + fabs(value)));
}

static void test_gradient_of_the_objective_agrees_with_differences(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        check_gradient(&risk, 0.2385);
        check_gradient(&risk, -0.617);
    }
}

/* The least objective over w by golden section. */
static double least_objective(const fel_risk *risk, const double *pnl, size_t n)
{
    const double ratio = 0.5 * (sqrt(5.0) - 1.0);
    double low = -7.0, high = 7.0;
    for (int k = 0; k < 120; k++) {
        const double a = high - ratio * (high - low), b = low + ratio * (high - low);
        *(risk_objective(risk, pnl, n, a) < risk_objective(risk, pnl, n, b) ? &high : &low) =
            risk_objective(risk, pnl, n, a) < risk_objective(risk, pnl, n, b) ? b : a;
    }
    return risk_objective(risk, pnl, n, 0.5 * (low + high));
}

static void test_measure_is_the_least_objective(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        /* Counts whole paths; has a reference and no threshold: both checked elsewhere. */
        if (risk.code->for_paths != NULL || (risk.code->flags & FEL_RISK_REFERENCE) != 0) {
            continue;
        }
        for (uint64_t seed = 1; seed <= 4; seed++) {
            double pnl[N], value = 0.0, w = 0.0;
            risk_sample(pnl, N, seed);
            CHECK_OK(fel_risk_measure(&risk, pnl, N, &value, &w));
            CHECK_NEAR(value, least_objective(&risk, pnl, N), 1e-13 * (1.0 + fabs(value)));
            CHECK_NEAR(value, risk_objective(&risk, pnl, N, w), 1e-15 * (1.0 + fabs(value)));
            /* And nearby thresholds are no better. */
            CHECK(risk_objective(&risk, pnl, N, w + 0.01) >= value - 1e-14 * (1.0 + fabs(value)));
            CHECK(risk_objective(&risk, pnl, N, w - 0.01) >= value - 1e-14 * (1.0 + fabs(value)));
        }
    }
}

/* Where the tail is a whole number of paths no path is at the corner: the gradient is exact, and
 * cash added to every path is worth 1. */
static void test_slopes_of_a_whole_tail_add_up_to_cash(void)
{
    double pnl[40], slopes[40], value = 0.0, w = 0.0;
    fel_risk_sums sums;
    const fel_risk cvar = risk_of("cvar", "level=0.9");
    risk_sample(pnl, 40, 3);
    CHECK_OK(fel_risk_measure(&cvar, pnl, 40, &value, &w));
    fel_risk_terms(&cvar, pnl, 40, w, &sums, slopes, NULL);
    double sum = 0.0;
    for (size_t i = 0; i < 40; i++) {
        sum += slopes[i] / 40.0;
    }
    CHECK_NEAR(sum, -1.0, 1e-14);
    CHECK_NEAR(sums.threshold_slope, 0.0, 1e-12);
}

/* ---- parts ----------------------------------------------------------------------------------- */

static void test_parts_add_up(void)
{
    for (size_t i = 0; i < n_risk_cases; i++) {
        const fel_risk risk = risk_of_case(i);
        double pnl[N], whole_slopes[N], slopes[N], curvatures[N], part_curvatures[N];
        fel_risk_sums whole, part, sum = {0.0, 0.0, 0.0};
        risk_sample(pnl, N, 6);
        fel_risk_terms(&risk, pnl, N, 0.37, &whole, whole_slopes, curvatures);
        for (size_t at = 0; at < N; at += 16) {
            const size_t n = at + 16 < N ? 16 : N - at;
            fel_risk_terms(&risk, pnl + at, n, 0.37, &part, slopes + at, part_curvatures + at);
            sum.n += part.n;
            sum.term += part.term;
            sum.threshold_slope += part.threshold_slope;
        }
        CHECK_SAME(sum.n, whole.n);
        CHECK_REL(sum.term, whole.term, 1e-14);
        CHECK_NEAR(sum.threshold_slope, whole.threshold_slope, 1e-13 * N);
        for (size_t at = 0; at < N; at++) {
            CHECK_SAME(slopes[at], whole_slopes[at]);
            CHECK_SAME(part_curvatures[at], curvatures[at]);
        }
    }
}

static void test_curvature_is_as_its_flag_says(void)
{
    size_t n = 0;
    const fel_risk_class *const *all = fel_risk_classes(&n);
    for (size_t i = 0; i < n; i++) {
        size_t n_cases = 0;
        double pnl[N], curvatures[N], largest = 0.0;
        fel_risk_sums sums;
        risk_sample(pnl, N, 6);
        for (size_t k = 0; k < n_risk_cases; k++) {
            if (strcmp(risk_cases[k].name, all[i]->name) == 0) {
                const fel_risk risk = risk_of_case(k);
                fel_risk_terms(&risk, pnl, N, 0.37, &sums, NULL, curvatures);
                for (size_t path = 0; path < N; path++) {
                    largest = fmax(largest, curvatures[path]);
                    CHECK(curvatures[path] >= 0.0);
                }
                n_cases++;
            }
        }
        CHECK(n_cases > 0);
        CHECK_INT(largest > 0.0, (all[i]->flags & FEL_RISK_HAS_CURVATURE) != 0);
    }
}

SUITE("losses/risk_terms", TEST(test_slopes_and_curvatures_agree_with_differences),
      TEST(test_rounded_corner_is_a_mean_of_corners), TEST(test_corners_are_in_the_middle),
      TEST(test_gradient_of_the_objective_agrees_with_differences),
      TEST(test_measure_is_the_least_objective), TEST(test_slopes_of_a_whole_tail_add_up_to_cash),
      TEST(test_parts_add_up), TEST(test_curvature_is_as_its_flag_says));
