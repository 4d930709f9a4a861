/* tests/unit/sim/test_schemes.c - what each scheme gets right, at sizes for every day: prices
 * against the analytic ones, the martingale property, moments of the variance and its integral. The
 * same at full size is tests/verify/verify_schemes.c. */
#include <math.h>
#include <stdio.h>

#include <feller/price.h>

#include "tests/support/path_sample.h"
#include "tests/unit/sim/path_cases.h"

static double analytic_call(const fel_process *process, double t_years, double strike)
{
    const fel_option_right call = FEL_CALL;
    double price = (double)NAN;
    CHECK_OK(fel_price_european(process, t_years, &strike, &call, 1, FEL_PRICE_FAST, &price));
    return price;
}

/* Undiscounted: the processes here have rate 0. */
static estimate call_of(const fel_process *process, fel_scheme scheme, double t, size_t n_steps,
                        size_t n_paths)
{
    const double strike = process->spot;
    const path_control spot = {end_spot, process->spot};
    path_plan plan = path_plan_of(process, scheme, t, n_steps, n_paths);
    plan.config.antithetic = 1;
    return path_estimate(&plan, end_call, &strike, &spot);
}

/* ---- prices ---------------------------------------------------------------------------------- */

/* Andersen (2008), table 1, with r = 0. */
typedef struct andersen_case {
    double v0, kappa, theta, xi, rho, t_years;
} andersen_case;
static const andersen_case cases[] = {{0.04, 0.5, 0.04, 1.0, -0.9, 10.0},
                                      {0.04, 0.3, 0.04, 0.9, -0.5, 15.0},
                                      {0.09, 1.0, 0.09, 1.0, -0.3, 5.0}};
enum { N_CASES = sizeof(cases) / sizeof(cases[0]) };

static fel_process process_of(const andersen_case *c)
{
    return heston_process(100.0, c->v0, c->kappa, c->theta, c->xi, c->rho);
}

/* One step of five to fifteen years. */
static void test_exact_needs_one_step(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        const fel_process p = process_of(&cases[i]);
        const estimate one = call_of(&p, FEL_SCHEME_EXACT, cases[i].t_years, 1, 50000);
        CHECK_ESTIMATE(one, analytic_call(&p, cases[i].t_years, 100.0), 0.0);
        const estimate five = call_of(&p, FEL_SCHEME_EXACT, cases[i].t_years, 5, 10000);
        CHECK_ESTIMATE(five, analytic_call(&p, cases[i].t_years, 100.0), 0.0);
    }
}

/* Bias at four steps a year as measured at full size, docs/simulation.md. */
static void test_four_steps_a_year_are_near(void)
{
    for (size_t i = 0; i < N_CASES; i++) {
        const fel_process p = process_of(&cases[i]);
        const size_t n = (size_t)(4.0 * cases[i].t_years);
        const double exact = analytic_call(&p, cases[i].t_years, 100.0);
        CHECK_ESTIMATE(call_of(&p, FEL_SCHEME_QE_M, cases[i].t_years, n, 40000), exact, 0.07);
        CHECK_ESTIMATE(call_of(&p, FEL_SCHEME_EXACT_VARIANCE, cases[i].t_years, n, 40000), exact,
                       0.07);
        const estimate euler = call_of(&p, FEL_SCHEME_EULER, cases[i].t_years, n, 40000);
        CHECK(euler.mean - exact > 0.5);
    }
}

/* The deep-hedging benchmark, 0.04 degrees of freedom; published as 1.69. */
static void test_deep_hedging_benchmark(void)
{
    const fel_process p = heston_process(100.0, 0.04, 1.0, 0.04, 2.0, -0.7);
    const double t = 30.0 / 365.0;
    CHECK_NEAR(analytic_call(&p, t, 100.0), 1.6917, 2e-4);
    CHECK_ESTIMATE(call_of(&p, FEL_SCHEME_EXACT_VARIANCE, t, 30, 100000), 1.69183, 0.0);
    CHECK_ESTIMATE(call_of(&p, FEL_SCHEME_EXACT, t, 2, 60000), 1.69183, 0.0);
    CHECK_ESTIMATE(call_of(&p, FEL_SCHEME_QE_M, t, 30, 100000), 1.69183, 0.0);
}

/* Every scheme tends to the same price. */
static void test_schemes_agree_on_small_steps(void)
{
    fel_process p = heston_process(97.5, 0.035, 1.7, 0.0525, 0.35, -0.62);
    const double exact = analytic_call(&p, 0.75, 97.5);
    for (int scheme = 0; scheme <= FEL_SCHEME_EXACT; scheme++) {
        const size_t n = scheme == FEL_SCHEME_EXACT ? 1 : 64;
        CHECK_ESTIMATE(call_of(&p, (fel_scheme)scheme, 0.75, n, 40000), exact, 0.015);
    }
}

/* ---- moments --------------------------------------------------------------------------------- */

/* Of v at t (Cox, Ingersoll, Ross 1985, equation 19). */
static double variance_of_variance(const fel_heston *h, double t)
{
    const double gone = -expm1(-h->kappa * t), x2 = h->xi * h->xi;
    return h->v0 * x2 / h->kappa * exp(-h->kappa * t) * gone +
           h->theta * x2 / (2.0 * h->kappa) * gone * gone;
}

/* Three steps, mean and mean square at the end. */
static void test_variance_has_its_moments(void)
{
    static const fel_scheme schemes[] = {FEL_SCHEME_QE, FEL_SCHEME_QE_M, FEL_SCHEME_EXACT_VARIANCE,
                                         FEL_SCHEME_EXACT};
    const double t = 0.6;
    for (size_t i = 0; i < 4; i++) {
        for (size_t c = 0; c < N_CASES; c++) {
            const fel_process p = process_of(&cases[c]);
            const double mean = fel_forward_variance(&p.heston, t);
            path_plan plan = path_plan_of(&p, schemes[i], t, 3, 30000);
            plan.config.seed = 77 + i;
            CHECK_ESTIMATE(path_estimate(&plan, end_variance, NULL, NULL), mean, 0.0);
            CHECK_ESTIMATE(path_estimate(&plan, end_variance_squared, NULL, NULL),
                           mean * mean + variance_of_variance(&p.heston, t), 0.0);
        }
    }
}

/* Exact in the mean for every step, whatever the rule: v is linear in the mean. */
static void test_integral_has_its_mean(void)
{
    for (size_t c = 0; c < N_CASES; c++) {
        const fel_process p = process_of(&cases[c]);
        const path_plan exact = path_plan_of(&p, FEL_SCHEME_EXACT, 2.0, 2, 20000);
        CHECK_ESTIMATE(path_estimate(&exact, end_integral, NULL, NULL),
                       fel_total_variance(&p.heston, 2.0), 0.0);
        const path_plan fine = path_plan_of(&p, FEL_SCHEME_EXACT_VARIANCE, 2.0, 40, 20000);
        CHECK_ESTIMATE(path_estimate(&fine, end_integral, NULL, NULL),
                       fel_total_variance(&p.heston, 2.0), 1e-4);
    }
}

/* The variance of the integral from v = theta. */
static void test_integral_has_its_variance(void)
{
    const andersen_case c = cases[2];
    const fel_process p = process_of(&c);
    const double k = c.kappa, t = 1.5, e = exp(-k * t);
    const double variance =
        c.theta * c.xi * c.xi / (k * k) * (t - 2.0 * (1.0 - e) / k + (1.0 - e * e) / (2.0 * k));
    const double mean = c.theta * t;
    const path_plan plan = path_plan_of(&p, FEL_SCHEME_EXACT, t, 1, 60000);
    CHECK_ESTIMATE(path_estimate(&plan, end_integral_squared, NULL, NULL), mean * mean + variance,
                   0.0);
}

static void test_prices_are_martingales(void)
{
    static const fel_scheme schemes[] = {FEL_SCHEME_EULER, FEL_SCHEME_MILSTEIN, FEL_SCHEME_QE_M,
                                         FEL_SCHEME_EXACT};
    for (size_t i = 0; i < 4; i++) {
        for (size_t c = 0; c < N_CASES; c++) {
            const fel_process p = process_of(&cases[c]);
            path_plan plan = path_plan_of(&p, schemes[i], 1.0, 2, 30000);
            plan.config.antithetic = 1;
            CHECK_ESTIMATE(path_estimate(&plan, end_spot, NULL, NULL), 100.0, 0.0);
        }
    }
}

/* ---- jumps ----------------------------------------------------------------------------------- */

static void check_with_jumps(fel_process p, fel_scheme scheme, size_t n_steps)
{
    const double t = 0.5, strike = p.spot * 1.03;
    const double grown = exp((p.rate_per_year - p.dividend_per_year) * t);
    const path_control spot = {end_spot, p.spot * grown};
    path_plan plan = path_plan_of(&p, scheme, t, n_steps, 60000);
    const estimate call = path_estimate(&plan, end_call, &strike, &spot);
    CHECK_ESTIMATE(path_estimate(&plan, end_spot, NULL, NULL), p.spot * grown, 0.0);
    CHECK_ESTIMATE(call, analytic_call(&p, t, strike) * exp(p.rate_per_year * t), 2e-3);
}

static void test_merton_and_bates(void)
{
    fel_process merton = gbm(0.21);
    merton.kind = FEL_PROCESS_MERTON;
    merton.jumps = (fel_jumps){2.1, -0.06, 0.11};
    check_with_jumps(merton, FEL_SCHEME_QE_M, 3);
    check_with_jumps(gbm(0.27), FEL_SCHEME_EULER, 1);
    check_with_jumps(bates(), FEL_SCHEME_QE_M, 24);
    check_with_jumps(bates(), FEL_SCHEME_EXACT_VARIANCE, 24);
    check_with_jumps(bates(), FEL_SCHEME_EXACT, 1);
}

/* ---- several assets -------------------------------------------------------------------------- */

enum { N_ENDS = 30000 };

/* Correlation of the log returns of two assets over the horizon. */
static double correlation_of_ends(const fel_paths *paths, size_t a, size_t b)
{
    const size_t n = fel_paths_count_assets(paths);
    double *spot = malloc(2 * n * N_ENDS * sizeof(*spot));
    const fel_path_block_f64 block = {.n_paths = N_ENDS, .path_stride = N_ENDS, .values = {spot}};
    double xx = 0.0, yy = 0.0, xy = 0.0, x1 = 0.0, y1 = 0.0;
    CHECK_OK(fel_paths_fill_parallel_f64(paths, &block, 0));
    for (size_t i = 0; i < N_ENDS; i++) {
        const double x = log(spot[(n + a) * N_ENDS + i] / spot[a * N_ENDS + i]);
        const double y = log(spot[(n + b) * N_ENDS + i] / spot[b * N_ENDS + i]);
        x1 += x / N_ENDS;
        y1 += y / N_ENDS;
        xx += x * x / N_ENDS;
        yy += y * y / N_ENDS;
        xy += x * y / N_ENDS;
    }
    free(spot);
    return (xy - x1 * y1) / sqrt((xx - x1 * x1) * (yy - y1 * y1));
}

/* Prices of two Heston assets and a gbm, their variances tied to nobody else. */
static const double price_correlation[25] = {
    1.0,  0.25,  0.3, -0.7, 0.0,   /* */
    0.25, 1.0,   0.2, 0.0,  -0.62, /* */
    0.3,  0.2,   1.0, 0.0,  0.0,   /* */
    -0.7, 0.0,   0.0, 1.0,  0.0,   /* */
    0.0,  -0.62, 0.0, 0.0,  1.0,
};

/* Over a short time variances stand still, and returns have the correlation of the drivers. */
static void test_correlations_of_prices(void)
{
    static const fel_scheme schemes[] = {FEL_SCHEME_EULER, FEL_SCHEME_MILSTEIN, FEL_SCHEME_QE,
                                         FEL_SCHEME_QE_M, FEL_SCHEME_EXACT_VARIANCE};
    fel_process first = heston_mild();
    first.heston.rho = -0.7;
    const fel_process assets[3] = {first, heston_mild(), gbm(0.3)};
    for (size_t i = 0; i < 5; i++) {
        const fel_path_config config = short_config(schemes[i], 1, 0.002);
        fel_paths *paths = make_paths(assets, 3, price_correlation, &config);
        for (size_t a = 0; a < 3; a++) {
            for (size_t b = 0; b < a; b++) {
                const double r = price_correlation[a * 5 + b];
                CHECK_NEAR(correlation_of_ends(paths, a, b), r,
                           4.0 * (1.0 - r * r) / sqrt(N_ENDS) + 1e-3);
            }
        }
        fel_paths_destroy(paths);
    }
}

static void check_refused(const double *correlation, fel_scheme scheme, const char *part)
{
    fel_process first = heston_mild();
    first.heston.rho = -0.7;
    const fel_process assets[3] = {first, heston_mild(), gbm(0.3)};
    const fel_path_config config = short_config(scheme, 4, 1.0);
    fel_paths *paths = NULL;
    CHECK_STATUS(fel_paths_create(&paths, assets, 3, correlation, &config), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, part);
    CHECK(paths == NULL);
}

static void test_exact_schemes_refuse_what_they_cannot_keep(void)
{
    double tied[25];
    for (size_t i = 0; i < 25; i++) {
        tied[i] = price_correlation[i];
    }
    check_refused(tied, FEL_SCHEME_EXACT, "price of asset 1");
    tied[3 * 5 + 4] = tied[4 * 5 + 3] = 0.4; /* variances of both */
    check_refused(tied, FEL_SCHEME_EXACT_VARIANCE, "variance of asset 1");
    CHECK_HAS(fel_last_error()->message, "use qe_m or euler");
}

static void test_exact_takes_independent_assets(void)
{
    const fel_process assets[2] = {heston_mild(), heston_extreme()};
    double both[16] = {1.0,   0.0, -0.62, 0.0, 0.0, 1.0,  0.0, -0.7,
                       -0.62, 0.0, 1.0,   0.0, 0.0, -0.7, 0.0, 1.0};
    const fel_path_config config = short_config(FEL_SCHEME_EXACT, 1, 0.3);
    fel_paths *paths = make_paths(assets, 2, both, &config);
    CHECK_NEAR(correlation_of_ends(paths, 0, 1), 0.0, 4.0 / sqrt(N_ENDS));
    fel_paths_destroy(paths);
}

SUITE("sim/schemes", TEST(test_exact_needs_one_step), TEST(test_four_steps_a_year_are_near),
      TEST(test_deep_hedging_benchmark), TEST(test_schemes_agree_on_small_steps),
      TEST(test_variance_has_its_moments), TEST(test_integral_has_its_mean),
      TEST(test_integral_has_its_variance), TEST(test_prices_are_martingales),
      TEST(test_merton_and_bates), TEST(test_correlations_of_prices),
      TEST(test_exact_schemes_refuse_what_they_cannot_keep),
      TEST(test_exact_takes_independent_assets));
