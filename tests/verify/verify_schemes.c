/* tests/verify/verify_schemes.c - bias of every scheme against analytic prices at several steps,
 * with standard errors; weak order; moments; jumps. Prints the tables of docs/simulation.md. */
#include <math.h>
#include <stdio.h>

#include <feller/price.h>

#include "tests/support/check.h"
#include "tests/support/path_sample.h"

typedef struct verify_case {
    const char *name;
    double spot, v0, kappa, theta, xi, rho, t_years;
} verify_case;

/* Andersen (2008), table 1, with r = 0. */
static const verify_case andersen[] = {
    {"I", 100.0, 0.04, 0.5, 0.04, 1.0, -0.9, 10.0},
    {"II", 100.0, 0.04, 0.3, 0.04, 0.9, -0.5, 15.0},
    {"III", 100.0, 0.09, 1.0, 0.09, 1.0, -0.3, 5.0},
};
/* Away from zero: 3.6 degrees of freedom. */
static const verify_case smooth = {"smooth", 100.0, 0.09, 2.0, 0.09, 0.447, -0.6, 1.0};
static const verify_case hedging = {"hedging", 100.0, 0.04, 1.0, 0.04, 2.0, -0.7, 30.0 / 365.0};

static fel_process process_of(const verify_case *c)
{
    return heston_process(c->spot, c->v0, c->kappa, c->theta, c->xi, c->rho);
}

static const char *scheme_name(fel_scheme scheme)
{
    size_t n = 0;
    return fel_schemes(&n)[scheme].name;
}

static double analytic_call(const fel_process *process, double t_years, double strike)
{
    const fel_option_right call = FEL_CALL;
    double price = (double)NAN;
    CHECK_OK(fel_price_european(process, t_years, &strike, &call, 1, FEL_PRICE_ADAPTIVE, &price));
    return price;
}

/* Antithetic, with the price itself as control: exact for the schemes that are martingales, and for
 * the others its own bias is part of the result, so those go without. */
static int is_martingale(fel_scheme scheme)
{
    return scheme != FEL_SCHEME_QE && scheme != FEL_SCHEME_EXACT_VARIANCE;
}

static estimate call_of(const verify_case *c, fel_scheme scheme, size_t n_steps, size_t n_paths)
{
    const fel_process p = process_of(c);
    const double strike = c->spot;
    const path_control spot = {end_spot, c->spot};
    path_plan plan = path_plan_of(&p, scheme, c->t_years, n_steps, n_paths);
    plan.config.antithetic = 1;
    plan.config.seed = 31 + n_steps;
    return path_estimate(&plan, end_call, &strike, is_martingale(scheme) ? &spot : NULL);
}

/* ---- bias ------------------------------------------------------------------------------------ */

enum { MANY = 1 << 20, FEWER = 1 << 18 };

/* Largest bias that 1, 4, 16 and 32 steps a year may have, as measured; doubt is four standard
 * errors more. */
typedef struct bias_limit {
    fel_scheme scheme;
    double limits[4];
    size_t n_paths;
} bias_limit;

static const bias_limit limits[] = {
    {FEL_SCHEME_EULER, {7.2, 2.3, 0.60, 0.32}, MANY},
    {FEL_SCHEME_MILSTEIN, {2.0, 0.20, 0.14, 0.09}, MANY},
    {FEL_SCHEME_QE, {1.05, 0.10, 0.02, 0.02}, MANY},
    {FEL_SCHEME_QE_M, {0.50, 0.05, 0.02, 0.01}, MANY},
    {FEL_SCHEME_EXACT_VARIANCE, {0.27, 0.04, 0.02, 0.02}, MANY},
    {FEL_SCHEME_EXACT, {0.0, 0.0, -1.0, -1.0}, FEWER},
};
static const size_t steps_a_year[] = {1, 4, 16, 32};

static void check_bias(const verify_case *c, const bias_limit *l)
{
    const fel_process p = process_of(c);
    const double exact = analytic_call(&p, c->t_years, c->spot);
    for (size_t i = 0; i < 4; i++) {
        if (l->limits[i] < 0.0) {
            continue;
        }
        const size_t n = (size_t)(c->t_years * (double)steps_a_year[i]);
        const estimate e = call_of(c, l->scheme, n, l->n_paths);
        (void)printf("bias %-4s %-15s %2zu a year: %+8.4f (%.4f)\n", c->name,
                     scheme_name(l->scheme), steps_a_year[i], e.mean - exact, e.error);
        CHECK_ESTIMATE(e, exact, l->limits[i]);
    }
}

static void test_bias_in_andersens_cases(void)
{
    for (size_t c = 0; c < 3; c++) {
        for (size_t s = 0; s < sizeof(limits) / sizeof(limits[0]); s++) {
            check_bias(&andersen[c], &limits[s]);
        }
    }
}

/* ---- weak order ------------------------------------------------------------------------------ */

/* Steps of the year that are halved; the first two are too long for an order to show. */
enum { N_HALVINGS = 6, FIRST_USED = 2, ORDER_PATHS = 1 << 18, N_REPLICATES = 32 };

typedef struct bias_at {
    double h, bias, error;
} bias_at;

/* Slope of ln |bias| on ln h, weighted by what the standard errors leave known; biases within three
 * errors of zero are left out. */
typedef struct order_fit {
    double order, error;
    size_t n_used;
} order_fit;

static order_fit fit_order(const bias_at *at, size_t n)
{
    double sw = 0.0, sx = 0.0, sy = 0.0, sxx = 0.0, sxy = 0.0;
    order_fit fit = {(double)NAN, (double)NAN, 0};
    for (size_t i = 0; i < n; i++) {
        const double size = fabs(at[i].bias), known = size / at[i].error;
        if (known < 3.0) {
            continue;
        }
        const double w = known * known, x = log(at[i].h), y = log(size);
        sw += w;
        sx += w * x;
        sy += w * y;
        sxx += w * x * x;
        sxy += w * x * y;
        fit.n_used++;
    }
    if (fit.n_used >= 2) {
        const double spread = sw * sxx - sx * sx;
        fit.order = (sw * sxy - sx * sy) / spread;
        fit.error = sqrt(sw / spread);
    }
    return fit;
}

/* From Sobol points, whose errors are a tenth of random ones here. */
static bias_at measure_bias(const verify_case *c, fel_scheme scheme, size_t n_steps)
{
    const fel_process p = process_of(c);
    const double strike = c->spot;
    const path_control spot = {end_spot, c->spot};
    const path_plan plan = path_plan_of(&p, scheme, c->t_years, n_steps, ORDER_PATHS);
    const estimate e = path_estimate_sobol(&plan, end_call, &strike,
                                           is_martingale(scheme) ? &spot : NULL, N_REPLICATES);
    const bias_at at = {c->t_years / (double)n_steps,
                        e.mean - analytic_call(&p, c->t_years, strike), e.error};
    (void)printf("order %-15s h = 1/%-3zu %+9.5f (%.5f)\n", scheme_name(scheme), n_steps, at.bias,
                 at.error);
    return at;
}

/* exact_variance is unbiased as far as this can see from h = 1/2 on, so it has no order here. */
static void test_weak_order(void)
{
    for (int scheme = 0; scheme < FEL_SCHEME_EXACT; scheme++) {
        bias_at at[N_HALVINGS];
        for (size_t i = 0; i < N_HALVINGS; i++) {
            at[i] = measure_bias(&smooth, (fel_scheme)scheme, (size_t)1 << i);
        }
        if (scheme == FEL_SCHEME_EXACT_VARIANCE) {
            CHECK(fabs(at[1].bias) < 0.02 + 4.0 * at[1].error);
            CHECK(fabs(at[4].bias) < 0.005 + 4.0 * at[4].error);
            continue;
        }
        const order_fit fit = fit_order(at + FIRST_USED, N_HALVINGS - FIRST_USED);
        (void)printf("order %-15s %.2f (%.2f) from %zu steps\n", scheme_name((fel_scheme)scheme),
                     fit.order, fit.error, fit.n_used);
        CHECK(fit.n_used >= 2);
        CHECK(fit.order > 0.8 - 4.0 * fit.error);
    }
}

/* ---- moments --------------------------------------------------------------------------------- */

static double variance_of_variance(const fel_heston *h, double t)
{
    const double gone = -expm1(-h->kappa * t), x2 = h->xi * h->xi;
    return h->v0 * x2 / h->kappa * exp(-h->kappa * t) * gone +
           h->theta * x2 / (2.0 * h->kappa) * gone * gone;
}

/* Three steps of the cases, all four at full size. */
static void test_moments_of_variance_and_price(void)
{
    for (int scheme = FEL_SCHEME_QE; scheme <= FEL_SCHEME_EXACT; scheme++) {
        for (size_t c = 0; c < 3; c++) {
            const fel_process p = process_of(&andersen[c]);
            const double t = 0.6, mean = fel_forward_variance(&p.heston, t);
            const size_t n = scheme == FEL_SCHEME_EXACT ? FEWER : 4 * MANY;
            const path_plan plan = path_plan_of(&p, (fel_scheme)scheme, t, 3, n);
            CHECK_ESTIMATE(path_estimate(&plan, end_variance, NULL, NULL), mean, 0.0);
            CHECK_ESTIMATE(path_estimate(&plan, end_variance_squared, NULL, NULL),
                           mean * mean + variance_of_variance(&p.heston, t), 0.0);
            if (scheme == FEL_SCHEME_QE_M || scheme == FEL_SCHEME_EXACT) {
                CHECK_ESTIMATE(path_estimate(&plan, end_spot, NULL, NULL), 100.0, 0.0);
            }
        }
    }
}

static void test_martingales_of_euler_and_milstein(void)
{
    for (int scheme = 0; scheme <= FEL_SCHEME_MILSTEIN; scheme++) {
        for (size_t c = 0; c < 3; c++) {
            const fel_process p = process_of(&andersen[c]);
            const path_plan plan = path_plan_of(&p, (fel_scheme)scheme, 0.6, 3, 4 * MANY);
            CHECK_ESTIMATE(path_estimate(&plan, end_spot, NULL, NULL), 100.0, 0.0);
        }
    }
}

/* 0.04 degrees of freedom; published as 1.69. */
static void test_deep_hedging_price(void)
{
    const fel_process p = process_of(&hedging);
    const double exact = analytic_call(&p, hedging.t_years, 100.0);
    CHECK_NEAR(exact, 1.6917, 2e-4);
    for (int scheme = 0; scheme <= FEL_SCHEME_EXACT; scheme++) {
        const size_t n_paths = scheme == FEL_SCHEME_EXACT ? FEWER : 4 * MANY;
        const estimate e = call_of(&hedging, (fel_scheme)scheme, 30, n_paths);
        (void)printf("hedging %-15s 30 steps: %.4f (%.4f), exact %.4f\n",
                     scheme_name((fel_scheme)scheme), e.mean, e.error, exact);
        CHECK_ESTIMATE(e, exact, scheme <= FEL_SCHEME_MILSTEIN ? 0.2 : 0.0);
    }
}

/* ---- jumps ----------------------------------------------------------------------------------- */

static void check_jumps(const fel_process *p, fel_scheme scheme, size_t n_steps, size_t n_paths)
{
    const double t = 0.5, strike = p->spot * 1.03;
    const double grown = p->spot * exp((p->rate_per_year - p->dividend_per_year) * t);
    const path_control spot = {end_spot, grown};
    const path_plan plan = path_plan_of(p, scheme, t, n_steps, n_paths);
    const double exact = analytic_call(p, t, strike) * exp(p->rate_per_year * t);
    const estimate call = path_estimate(&plan, end_call, &strike, &spot);
    (void)printf("jumps %-15s kind %d: %+.5f (%.5f)\n", scheme_name(scheme), (int)p->kind,
                 call.mean - exact, call.error);
    CHECK_ESTIMATE(call, exact, 1e-3);
    CHECK_ESTIMATE(path_estimate(&plan, end_spot, NULL, NULL), grown, 0.0);
}

static void test_merton_and_bates(void)
{
    fel_process p = heston_process(97.5, 0.035, 1.7, 0.0525, 0.35, -0.62);
    p.rate_per_year = 0.031;
    p.dividend_per_year = 0.012;
    p.vol_per_year = 0.21;
    p.jumps = (fel_jumps){2.1, -0.06, 0.11};
    p.kind = FEL_PROCESS_MERTON;
    check_jumps(&p, FEL_SCHEME_QE_M, 3, 4 * MANY);
    p.kind = FEL_PROCESS_BATES;
    check_jumps(&p, FEL_SCHEME_QE_M, 32, 4 * MANY);
    check_jumps(&p, FEL_SCHEME_EXACT_VARIANCE, 32, 4 * MANY);
    check_jumps(&p, FEL_SCHEME_EXACT, 1, FEWER);
}

SUITE("verify/schemes", TEST(test_bias_in_andersens_cases), TEST(test_weak_order),
      TEST(test_moments_of_variance_and_price), TEST(test_martingales_of_euler_and_milstein),
      TEST(test_deep_hedging_price), TEST(test_merton_and_bates));
