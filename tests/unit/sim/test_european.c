/* tests/unit/sim/test_european.c - European options under Heston, Bates and Merton: two methods
 * against each other and against what is known in closed form; greeks and gradients against
 * differences; limits, errors, bits. */
#include <math.h>
#include <string.h>

#include <feller/price.h>

#include "core/cpu.h"
#include "core/rng.h"
#include "tests/support/check.h"

enum { N = 7 };
static const double strikes[N] = {52.3, 77.9, 91.4, 100.3, 108.8, 131.7, 190.1};
static const fel_option_right rights[N] = {FEL_PUT,  FEL_CALL, FEL_PUT, FEL_CALL,
                                           FEL_CALL, FEL_PUT,  FEL_CALL};

static fel_process sample(fel_process_kind kind)
{
    const fel_process p = {
        .kind = kind,
        .spot = 101.7,
        .rate_per_year = 0.0317,
        .dividend_per_year = 0.0171,
        .vol_per_year = 0.2385,
        .heston = {.v0 = 0.0437, .kappa = 1.311, .theta = 0.0619, .xi = 0.883, .rho = -0.713},
        .jumps = {.intensity_per_year = 0.571, .mean = -0.143, .vol = 0.117}};
    return p;
}

static double uniform(rng_stream *r, double low, double high)
{
    return low + (high - low) * rng_uniform(r);
}
static double log_uniform(rng_stream *r, double low, double high)
{
    return low * pow(high / low, rng_uniform(r));
}

/* Anything that a market or a calibration might ask for, and then some. */
static fel_process random_process(rng_stream *r)
{
    static const fel_process_kind kinds[] = {FEL_PROCESS_HESTON, FEL_PROCESS_BATES,
                                             FEL_PROCESS_MERTON};
    fel_process p = sample(kinds[rng_below(r, 3)]);
    p.rate_per_year = uniform(r, -0.03, 0.1);
    p.dividend_per_year = uniform(r, 0.0, 0.06);
    p.vol_per_year = log_uniform(r, 0.02, 1.0);
    p.heston.v0 = log_uniform(r, 1e-3, 0.5);
    p.heston.kappa = log_uniform(r, 0.1, 20.0);
    p.heston.theta = log_uniform(r, 3e-3, 0.5);
    p.heston.xi = log_uniform(r, 0.01, 3.0);
    p.heston.rho = uniform(r, -0.99, 0.99);
    p.jumps.intensity_per_year = log_uniform(r, 0.01, 5.0);
    p.jumps.mean = uniform(r, -0.4, 0.2);
    p.jumps.vol = uniform(r, 0.0, 0.5);
    return p;
}

static void test_two_methods_agree(void)
{
    rng_stream r = rng_at(2385, 21);
    double worst = 0.0;
    for (int i = 0; i < 60; i++) {
        const fel_process p = random_process(&r);
        const double t = log_uniform(&r, 1.0 / 365.0, 30.0);
        double fast[N], adaptive[N];
        CHECK_OK(fel_price_european(&p, t, strikes, rights, N, FEL_PRICE_FAST, fast));
        CHECK_OK(fel_price_european(&p, t, strikes, rights, N, FEL_PRICE_ADAPTIVE, adaptive));
        for (int k = 0; k < N; k++) {
            worst = fmax(worst, fabs(fast[k] - adaptive[k]) / p.spot);
        }
    }
    CHECK_NEAR(worst, 0.0, 2e-9);
}

static void test_parity_holds_to_rounding(void)
{
    static const fel_option_right calls[N] = {1, 1, 1, 1, 1, 1, 1};
    static const fel_option_right puts[N] = {-1, -1, -1, -1, -1, -1, -1};
    for (int kind = 0; kind < FEL_PROCESS_N_KINDS; kind++) {
        for (int method = 0; method < 2; method++) {
            const fel_process p = sample((fel_process_kind)kind);
            double call[N], put[N];
            CHECK_OK(
                fel_price_european(&p, 0.713, strikes, calls, N, (fel_price_method)method, call));
            CHECK_OK(
                fel_price_european(&p, 0.713, strikes, puts, N, (fel_price_method)method, put));
            for (int k = 0; k < N; k++) {
                const double forward = p.spot * exp(-0.0171 * 0.713);
                CHECK_NEAR(call[k] - put[k], forward - strikes[k] * exp(-0.0317 * 0.713), 5e-14);
            }
        }
    }
}

/* ---- limits ---------------------------------------------------------------------------------- */

/* Without volatility of variance the variance is known: Black's formula with its mean. */
static void test_no_volatility_of_variance_is_black(void)
{
    static const double speeds[] = {0.0, 1e-9, 1.311, 40.0};
    for (size_t i = 0; i < 4; i++) {
        for (int method = 0; method < 2; method++) {
            fel_process p = sample(FEL_PROCESS_HESTON);
            p.heston.xi = 0.0;
            p.heston.kappa = speeds[i];
            const double t = 0.713, vol = sqrt(fel_total_variance(&p.heston, t) / t);
            double prices[N];
            CHECK_OK(
                fel_price_european(&p, t, strikes, rights, N, (fel_price_method)method, prices));
            for (int k = 0; k < N; k++) {
                const double exact = fel_black(rights[k], p.spot * exp(0.0146 * t), strikes[k], t,
                                               vol, exp(-0.0317 * t));
                CHECK_NEAR(prices[k], exact, method == 0 ? 2e-7 : 1e-12);
            }
        }
    }
}

static void test_no_jumps_is_the_diffusion(void)
{
    for (int method = 0; method < 2; method++) {
        fel_process bates = sample(FEL_PROCESS_BATES), merton = sample(FEL_PROCESS_MERTON);
        const fel_process heston = sample(FEL_PROCESS_HESTON), gbm = sample(FEL_PROCESS_GBM);
        bates.jumps.intensity_per_year = merton.jumps.intensity_per_year = 0.0;
        double with[N], without[N];
        const fel_price_method m = (fel_price_method)method;
        CHECK_OK(fel_price_european(&bates, 1.37, strikes, rights, N, m, with));
        CHECK_OK(fel_price_european(&heston, 1.37, strikes, rights, N, m, without));
        for (int k = 0; k < N; k++) {
            CHECK_NEAR(with[k], without[k], 1e-13);
        }
        CHECK_OK(fel_price_european(&merton, 1.37, strikes, rights, N, m, with));
        CHECK_OK(fel_price_european(&gbm, 1.37, strikes, rights, N, m, without));
        for (int k = 0; k < N; k++) {
            CHECK_NEAR(with[k], without[k], method == 0 ? 2e-7 : 1e-12);
        }
    }
}

/* Bates whose variance cannot move is Merton; two independent formulas. */
static void test_still_variance_with_jumps_is_merton(void)
{
    fel_process bates = sample(FEL_PROCESS_BATES), merton = sample(FEL_PROCESS_MERTON);
    bates.heston.xi = bates.heston.kappa = 0.0;
    bates.heston.v0 = merton.vol_per_year * merton.vol_per_year;
    double a[N], b[N];
    CHECK_OK(fel_price_european(&bates, 1.37, strikes, rights, N, FEL_PRICE_ADAPTIVE, a));
    CHECK_OK(fel_price_european(&merton, 1.37, strikes, rights, N, FEL_PRICE_ADAPTIVE, b));
    for (int k = 0; k < N; k++) {
        CHECK_NEAR(a[k], b[k], 1e-11);
    }
}

static void test_expiry_and_dead_processes_are_intrinsic(void)
{
    fel_process p = sample(FEL_PROCESS_HESTON);
    double prices[N];
    CHECK_OK(fel_price_european(&p, 0.0, strikes, rights, N, FEL_PRICE_FAST, prices));
    for (int k = 0; k < N; k++) {
        CHECK_NEAR(prices[k], fmax((double)rights[k] * (101.7 - strikes[k]), 0.0), 1e-14);
    }
    p.heston.v0 = p.heston.theta = 0.0;
    CHECK_OK(fel_price_european(&p, 0.5, strikes, rights, N, FEL_PRICE_ADAPTIVE, prices));
    const double forward = 101.7 * exp(0.0146 * 0.5);
    for (int k = 0; k < N; k++) {
        const double inside = fmax((double)rights[k] * (forward - strikes[k]), 0.0);
        CHECK_NEAR(prices[k], exp(-0.0317 * 0.5) * inside, 1e-13);
    }
}

/* Many strikes go in chunks: each alone gives the same to the accuracy of the method. */
static void test_many_strikes_in_one_call(void)
{
    enum { MANY = 71 };
    double k[MANY], all[MANY];
    const fel_process p = sample(FEL_PROCESS_HESTON);
    for (int i = 0; i < MANY; i++) {
        k[i] = 40.0 + 2.385 * i;
    }
    CHECK_OK(fel_price_european(&p, 0.37, k, NULL, MANY, FEL_PRICE_FAST, all));
    for (int i = 0; i < MANY; i += 7) {
        double one = 0.0;
        CHECK_OK(fel_price_european(&p, 0.37, &k[i], NULL, 1, FEL_PRICE_FAST, &one));
        CHECK_NEAR(all[i], one, 2e-7);
    }
    for (int i = 1; i + 1 < MANY; i++) { /* no arbitrage beyond the error */
        CHECK(all[i] <= all[i - 1] + 1e-7);
        CHECK(all[i - 1] + all[i + 1] - 2.0 * all[i] >= -4e-7);
    }
}

/* ---- derivatives ----------------------------------------------------------------------------- */

typedef void move_fn(fel_process *p, double *t, double by);
static void move_spot(fel_process *p, double *t, double by)
{
    (void)t;
    p->spot += by;
}
static void move_time(fel_process *p, double *t, double by)
{
    (void)p;
    *t -= by;
}
static void move_rate(fel_process *p, double *t, double by)
{
    (void)t;
    p->rate_per_year += by;
}
static void move_dividend(fel_process *p, double *t, double by)
{
    (void)t;
    p->dividend_per_year += by;
}
/* One unit of vega: of volatility at the start. */
static void move_vol(fel_process *p, double *t, double by)
{
    (void)t;
    p->vol_per_year += by;
    p->heston.v0 += 2.0 * sqrt(p->heston.v0) * by; /* to first order; by is small and symmetric */
}

/* Fourth-order difference of adaptive prices, which are good to 1e-13. */
static void differences(fel_process p, double t, move_fn *move, double h, double *slopes)
{
    static const double place[] = {-2.0, -1.0, 1.0, 2.0}, weight[] = {1.0, -8.0, 8.0, -1.0};
    for (int k = 0; k < N; k++) {
        slopes[k] = 0.0;
    }
    for (int j = 0; j < 4; j++) {
        fel_process moved = p;
        double at = t, prices[N];
        move(&moved, &at, place[j] * h);
        CHECK_OK(fel_price_european(&moved, at, strikes, rights, N, FEL_PRICE_ADAPTIVE, prices));
        for (int k = 0; k < N; k++) {
            slopes[k] += weight[j] * prices[k] / (12.0 * h);
        }
    }
}

static void test_greeks_are_derivatives(void)
{
    static const fel_process_kind kinds[] = {FEL_PROCESS_HESTON, FEL_PROCESS_BATES,
                                             FEL_PROCESS_MERTON};
    const double t = 0.613;
    for (int i = 0; i < 3; i++) {
        const fel_process p = sample(kinds[i]);
        double delta[N], theta[N], rho[N], dividend_rho[N], vega[N];
        differences(p, t, move_spot, 0.05, delta);
        differences(p, t, move_time, 1e-3, theta);
        differences(p, t, move_rate, 1e-4, rho);
        differences(p, t, move_dividend, 1e-4, dividend_rho);
        differences(p, t, move_vol, 1e-4, vega);
        for (int method = 0; method < 2; method++) {
            fel_greeks g[N];
            CHECK_OK(fel_greeks_european(&p, t, strikes, rights, N, (fel_price_method)method, g));
            for (int k = 0; k < N; k++) {
                CHECK_NEAR(g[k].delta, delta[k], 2e-8);
                CHECK_NEAR(g[k].theta, theta[k], 1e-6);
                CHECK_NEAR(g[k].rho, rho[k], 1e-6);
                CHECK_NEAR(g[k].dividend_rho, dividend_rho[k], 1e-6);
                CHECK_NEAR(g[k].vega, vega[k], 2e-6);
            }
        }
    }
}

/* gamma is delta's slope; the probability is the price's slope by strike. */
static void test_gamma_and_probability(void)
{
    for (int kind = 1; kind < FEL_PROCESS_N_KINDS; kind++) {
        const fel_process p = sample((fel_process_kind)kind);
        fel_process up = p, down = p;
        fel_greeks g[N], g_up[N], g_down[N], exact[N];
        const double t = 0.613, h = 1e-3;
        double high[N], low[N], at_high[N], at_low[N];
        up.spot += 0.002;
        down.spot -= 0.002;
        CHECK_OK(fel_greeks_european(&p, t, strikes, rights, N, FEL_PRICE_FAST, g));
        CHECK_OK(fel_greeks_european(&p, t, strikes, rights, N, FEL_PRICE_ADAPTIVE, exact));
        CHECK_OK(fel_greeks_european(&up, t, strikes, rights, N, FEL_PRICE_ADAPTIVE, g_up));
        CHECK_OK(fel_greeks_european(&down, t, strikes, rights, N, FEL_PRICE_ADAPTIVE, g_down));
        for (int k = 0; k < N; k++) {
            high[k] = strikes[k] + h;
            low[k] = strikes[k] - h;
        }
        CHECK_OK(fel_price_european(&p, t, high, rights, N, FEL_PRICE_ADAPTIVE, at_high));
        CHECK_OK(fel_price_european(&p, t, low, rights, N, FEL_PRICE_ADAPTIVE, at_low));
        for (int k = 0; k < N; k++) {
            const double by_strike = (at_high[k] - at_low[k]) / (2.0 * h);
            CHECK_NEAR(exact[k].gamma, (g_up[k].delta - g_down[k].delta) / 0.004, 1e-8);
            CHECK_NEAR(g[k].gamma, exact[k].gamma, 1e-9);
            CHECK_NEAR(g[k].in_the_money, -(double)rights[k] * exp(p.rate_per_year * t) * by_strike,
                       1e-8);
        }
    }
}

static double *heston_field(fel_heston *h, size_t j)
{
    double *const fields[] = {&h->v0, &h->kappa, &h->theta, &h->xi, &h->rho};
    return fields[j];
}

static void check_gradient(fel_process p, double t)
{
    double prices[N], gradient[N * FEL_HESTON_N_PARAMS];
    CHECK_OK(fel_heston_gradient(&p, t, strikes, N, prices, gradient));
    for (size_t j = 0; j < FEL_HESTON_N_PARAMS; j++) {
        static const double place[] = {-2.0, -1.0, 1.0, 2.0}, weight[] = {1.0, -8.0, 8.0, -1.0};
        const double h = 1e-3 * fmax(fabs(*heston_field(&p.heston, j)), 1e-3);
        double slope[N] = {0.0};
        for (int i = 0; i < 4; i++) {
            fel_process moved = p;
            double at[N];
            *heston_field(&moved.heston, j) += place[i] * h;
            CHECK_OK(fel_price_european(&moved, t, strikes, NULL, N, FEL_PRICE_ADAPTIVE, at));
            for (int k = 0; k < N; k++) {
                slope[k] += weight[i] * at[k] / (12.0 * h);
            }
        }
        for (size_t k = 0; k < N; k++) {
            CHECK_NEAR(gradient[k * FEL_HESTON_N_PARAMS + j], slope[k],
                       1e-6 + 1e-8 * fabs(slope[k]));
        }
    }
}

static void test_gradient_is_the_derivative(void)
{
    fel_process p = sample(FEL_PROCESS_HESTON);
    check_gradient(p, 0.613);
    check_gradient(p, 9.7);
    p.heston.xi = 0.0137;
    check_gradient(p, 0.613);
    p.heston = (fel_heston){.v0 = 0.19, .kappa = 15.66, .theta = 0.0746, .xi = 3.362, .rho = 0.51};
    check_gradient(p, 0.113);
}

/* ---- errors and bits ------------------------------------------------------------------------- */

static void test_bad_inputs_are_refused(void)
{
    fel_process p = sample(FEL_PROCESS_HESTON);
    const double bad[] = {100.0, -3.0};
    const fel_option_right odd[] = {FEL_CALL, (fel_option_right)3};
    double prices[2], gradient[10];
    CHECK_STATUS(fel_price_european(&p, -0.1, bad, NULL, 1, FEL_PRICE_FAST, prices), FEL_ERR_RANGE);
    CHECK_STATUS(fel_price_european(&p, (double)NAN, bad, NULL, 1, FEL_PRICE_FAST, prices),
                 FEL_ERR_RANGE);
    CHECK_STATUS(fel_price_european(&p, 1.0, bad, NULL, 2, FEL_PRICE_FAST, prices), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "option 1: strike -3");
    CHECK_STATUS(fel_price_european(&p, 1.0, bad, odd, 2, FEL_PRICE_FAST, prices), FEL_ERR_RANGE);
    CHECK_STATUS(fel_price_european(&p, 1.0, strikes, odd, 2, FEL_PRICE_FAST, prices), FEL_ERR_ARG);
    CHECK_STATUS(fel_price_european(&p, 1.0, bad, NULL, 1, (fel_price_method)9, prices),
                 FEL_ERR_ARG);
    p.heston.rho = 1.5;
    CHECK_STATUS(fel_price_european(&p, 1.0, bad, NULL, 1, FEL_PRICE_FAST, prices), FEL_ERR_RANGE);
    p = sample(FEL_PROCESS_BATES);
    CHECK_STATUS(fel_heston_gradient(&p, 1.0, strikes, 2, prices, gradient), FEL_ERR_ARG);
}

static void test_bits_do_not_depend_on_the_cpu_level(void)
{
    static const char *const levels[] = {"x86-64", "x86-64-v3", "x86-64-v4"};
    const char *const here = fel_cpu_level();
    const fel_process p = sample(FEL_PROCESS_BATES), h = sample(FEL_PROCESS_HESTON);
    fel_greeks kept[N], now[N];
    double prices[2][N], gradient[2][N * FEL_HESTON_N_PARAMS];
    CHECK_OK(fel_greeks_european(&p, 0.613, strikes, rights, N, FEL_PRICE_FAST, kept));
    CHECK_OK(fel_heston_gradient(&h, 0.613, strikes, N, prices[0], gradient[0]));
    for (size_t i = 0; i < 3; i++) {
        if (fel_cpu_level_set(levels[i]) == FEL_OK) {
            CHECK_OK(fel_greeks_european(&p, 0.613, strikes, rights, N, FEL_PRICE_FAST, now));
            CHECK_OK(fel_heston_gradient(&h, 0.613, strikes, N, prices[1], gradient[1]));
            CHECK(memcmp(kept, now, sizeof(kept)) == 0);
            CHECK(memcmp(prices[0], prices[1], sizeof(prices[0])) == 0);
            CHECK(memcmp(gradient[0], gradient[1], sizeof(gradient[0])) == 0);
        }
    }
    CHECK_OK(fel_cpu_level_set(here));
}

SUITE("sim/european", TEST(test_two_methods_agree), TEST(test_parity_holds_to_rounding),
      TEST(test_no_volatility_of_variance_is_black), TEST(test_no_jumps_is_the_diffusion),
      TEST(test_still_variance_with_jumps_is_merton),
      TEST(test_expiry_and_dead_processes_are_intrinsic), TEST(test_many_strikes_in_one_call),
      TEST(test_greeks_are_derivatives), TEST(test_gamma_and_probability),
      TEST(test_gradient_is_the_derivative), TEST(test_bad_inputs_are_refused),
      TEST(test_bits_do_not_depend_on_the_cpu_level));
