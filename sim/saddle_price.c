/* sim/saddle_price.c - the adaptive method: the inversion integral on the line through its saddle
 * point, by adaptive Gauss-Kronrod quadrature.
 *
 * For any p > 1 where the moment exists (Lee 2004; Lord, Kahl 2007) an undiscounted call is
 *   (1 / pi) int_0^oo Re(F^z K^(1-z) M(z) / (z (z - 1))) du,   z = p + i u,
 * and for p < 0 this is the put. At the p that makes the integrand at u = 0 least it neither
 * oscillates nor cancels, so that the out-of-the-money value comes to a small relative error
 * however small it is. Another line, another form of the function and another rule than the fast
 * method. */
#include <complex.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <math.h>

#include "core/gslquiet.h"
#include "sim/black_internal.h"
#include "sim/saddle_internal.h"

enum { MAX_PIECES = 2000, MAX_PANELS = 64 };

/* ---- the saddle ------------------------------------------------------------------------------ */

/* The logarithm of the integrand at u = 0 over sqrt(F K); q = p - 1 for calls, -p for puts. */
static double height_at(const fourier_law *law, double side, double q, double k)
{
    const double p = 0.5 + side * (0.5 + q);
    return law_log_moment(law, p) - side * (0.5 + q) * k - log(q) - log1p(q);
}

/* The least height: steps by shrinking factors both ways; near is good enough. */
static double find_saddle(const fourier_law *law, double side, double k)
{
    double q = fmax((fabs(k) + sqrt(law->variance)) / law->variance, 1e-3);
    double best = height_at(law, side, q, k);
    while (!(best < HUGE_VAL) && q > 1e-12) {
        q *= 0.5;
        best = height_at(law, side, q, k);
    }
    double factor = 2.0;
    for (int round = 0; round < 7; round++) {
        for (int i = 0; i < 200 && q < 1e8; i++) {
            const double up = height_at(law, side, q * factor, k);
            const double down = height_at(law, side, q / factor, k);
            if (!(up < best) && !(down < best)) {
                break;
            }
            q = up < down ? q * factor : q / factor;
            best = fmin(up, down);
        }
        factor = sqrt(factor);
    }
    return q;
}

/* ---- the integral ---------------------------------------------------------------------------- */

typedef struct saddle_line {
    const fourier_law *law;
    saddle_factor factor;
    double p, k, log_top; /* log_top: of the integrand at u = 0, without z (z - 1) */
} saddle_line;

static double complex integrand(const saddle_line *line, double u)
{
    const double complex z = __builtin_complex(line->p, u);
    const saddle_exponent e = saddle_exponent_at(line->law, z, line->factor);
    const double complex log_value = e.log_moment - (z - 0.5) * line->k - line->log_top;
    return cexp(log_value) / (z * (z - 1.0)) * e.factor;
}

static double real_integrand(double u, void *payload)
{
    const saddle_line *line = payload;
    return creal(integrand(line, u));
}

/* A bound of the integrand's size: that of the jumps is greatest at u = 0, where the diffusion's
 * decays. (Jumps of one size alone give a periodic factor.) */
static double envelope(const saddle_line *line, double u)
{
    const double complex z = __builtin_complex(line->p, u);
    const saddle_exponent e = saddle_exponent_at(line->law, z, line->factor);
    const double log_size = e.log_diffusion + law_log_jumps(line->law, line->p) -
                            (line->p - 0.5) * line->k - line->log_top;
    return exp(log_size) * cabs(e.factor / (z * (z - 1.0)));
}

/* Panels that double, each to its share of the error, until the rest is below it. `unit` is about
 * the integral of the factor's size: derivatives may cancel to much less. */
static fel_status integrate_line(saddle_line *line, gsl_integration_workspace *work, double *value)
{
    gsl_function f = {real_integrand, line};
    double low = 0.0, high = 2.0 / sqrt(line->law->variance), sum = 0.0;
    const double unit = cabs(integrand(line, 0.0)) / high;
    for (int i = 0; i < MAX_PANELS; i++) {
        double part = 0.0, error = 0.0;
        const int code =
            gsl_integration_qag(&f, low, high, fmax(1e-15 * unit, 1e-14 * fabs(sum)), 1e-14,
                                MAX_PIECES, GSL_INTEG_GAUSS61, work, &part, &error);
        sum += part;
        if (code != GSL_SUCCESS && !(error < 1e-9 * (unit + fabs(sum))) &&
            !(error * exp(line->log_top) < 1e-15)) {
            return FEL_RAISE(FEL_ERR_RANGE,
                             "t_years %g, ln(strike / forward) %g: the integral does not converge "
                             "(error %.2g)",
                             line->law->t, line->k, error);
        }
        if (envelope(line, high) * high < 1e-16 * (unit + fabs(sum))) {
            *value = sum * 0.31830988618379067154;
            return FEL_OK;
        }
        low = high;
        high *= 2.0;
    }
    return FEL_RAISE(FEL_ERR_RANGE,
                     "t_years %g: the characteristic function decays too slowly to be inverted",
                     line->law->t);
}

/* ---- options --------------------------------------------------------------------------------- */

/* Between the poles, at p = 1/2, the integral is the option less the forward or the strike: */
static void add_residue(const fourier_law *law, double strike, double side, double *values)
{
    values[SADDLE_VALUE] += side > 0.0 ? law->forward : strike;
    values[SADDLE_BY_FORWARD] += side > 0.0 ? law->forward : 0.0;
    values[SADDLE_BY_STRIKE] += side > 0.0 ? 0.0 : strike;
}

/* The out-of-the-money value and its derivatives, one of saddle_factor each. */
static fel_status price_line(const fourier_law *law, double strike, size_t n_factors,
                             gsl_integration_workspace *work, double *values)
{
    const double side = law->forward <= strike ? 1.0 : -1.0;
    const double k = side * log_moneyness(law->forward, strike);
    const double root = sqrt(law->forward) * sqrt(strike), q = find_saddle(law, side, k);
    /* Where hardly any moment exists, the pole is too near. */
    const int is_between = q < 0.02;
    saddle_line line = {.law = law, .p = is_between ? 0.5 : 0.5 + side * (0.5 + q), .k = k};
    line.log_top = law_log_moment(law, line.p) - (line.p - 0.5) * k;
    double all[SADDLE_N_FACTORS] = {0.0};
    for (size_t j = 0; j < n_factors && height_at(law, side, q, k) > -700.0; j++) {
        line.factor = (saddle_factor)j;
        FEL_TRY(integrate_line(&line, work, &all[j]));
        all[j] *= root * exp(line.log_top);
    }
    if (is_between) {
        add_residue(law, strike, side, all);
    }
    for (size_t j = 0; j < n_factors; j++) {
        values[j] = all[j];
    }
    return FEL_OK;
}

static gsl_integration_workspace *make_workspace(void)
{
    gsl_quiet();
    return gsl_integration_workspace_alloc(MAX_PIECES);
}

fel_status adaptive_prices(const fourier_law *law, const option_row *row, double *prices)
{
    gsl_integration_workspace *work = make_workspace();
    if (work == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "workspace of the adaptive quadrature");
    }
    fel_status status = FEL_OK;
    for (size_t k = 0; k < row->n && status == FEL_OK; k++) {
        const double strike = row->strikes[k];
        const double inside = (double)row_right(row, k) * (law->forward - strike);
        double otm = 0.0;
        status = price_line(law, strike, 1, work, &otm);
        prices[k] = law->discount * (fmax(inside, 0.0) + fmax(otm, 0.0));
    }
    gsl_integration_workspace_free(work);
    return status;
}

/* F^z K^(1-z) by its factors: V = F - call or K - put. */
static covered_value covered_of(const fourier_law *law, double strike, const double *values)
{
    const int is_call = law->forward <= strike;
    const double forward = law->forward;
    const covered_value c = {
        .value = fmin(forward, strike) - values[SADDLE_VALUE],
        .by_forward = (is_call ? 1.0 : 0.0) - values[SADDLE_BY_FORWARD] / forward,
        .by_forward2 = -values[SADDLE_BY_FORWARD2] / (forward * forward),
        .by_strike = (is_call ? 0.0 : 1.0) - values[SADDLE_BY_STRIKE] / strike,
        .by_time = -values[SADDLE_BY_TIME],
        .by_vol = -values[SADDLE_BY_VOL],
    };
    return c;
}

fel_status adaptive_greeks(const fel_process *process, const fourier_law *law,
                           const option_row *row, fel_greeks *greeks)
{
    gsl_integration_workspace *work = make_workspace();
    if (work == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "workspace of the adaptive quadrature");
    }
    fel_status status = FEL_OK;
    for (size_t k = 0; k < row->n && status == FEL_OK; k++) {
        double values[SADDLE_N_FACTORS];
        status = price_line(law, row->strikes[k], SADDLE_N_FACTORS, work, values);
        if (status == FEL_OK) {
            const covered_value c = covered_of(law, row->strikes[k], values);
            greeks_of_covered(process, law, row->strikes[k], row_right(row, k), &c, &greeks[k]);
        }
    }
    gsl_integration_workspace_free(work);
    return status;
}
