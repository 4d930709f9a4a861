/* sim/european.c - European options under any process: arguments, limits, and which method. */
#include <math.h>

#include "sim/fourier_internal.h"

static fel_status check_row(double t_years, const option_row *row)
{
    if (!(t_years >= 0.0) || !(t_years <= 1000.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "t_years %g: must be 0 .. 1000", t_years);
    }
    for (size_t k = 0; k < row->n; k++) {
        if (!(row->strikes[k] > 0.0) || !(row->strikes[k] <= 1e15)) {
            return FEL_RAISE(FEL_ERR_RANGE, "option %zu: strike %g: must be above 0, up to 1e15", k,
                             row->strikes[k]);
        }
        if (row_right(row, k) != FEL_CALL && row_right(row, k) != FEL_PUT) {
            return FEL_RAISE(FEL_ERR_ARG, "option %zu: right %d: must be %d (call) or %d (put)", k,
                             (int)row_right(row, k), (int)FEL_CALL, (int)FEL_PUT);
        }
    }
    return FEL_OK;
}

static fel_status check_method(fel_price_method method)
{
    return method == FEL_PRICE_FAST || method == FEL_PRICE_ADAPTIVE
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "method %d: must be %d (fast) or %d (adaptive)",
                           (int)method, (int)FEL_PRICE_FAST, (int)FEL_PRICE_ADAPTIVE);
}

/* Nothing moves but the forward: at expiry, or without variance and jumps. */
static int is_degenerate(const fourier_law *law)
{
    return !(law->variance > 0.0) && !(law->intensity > 0.0);
}

static double intrinsic(const fourier_law *law, double strike, fel_option_right right)
{
    return law->discount * fmax((double)right * (law->forward - strike), 0.0);
}

/* Merton's series is the second method there, and the only one where so little diffuses that the
 * characteristic function hardly decays. */
static int use_series(const fourier_law *law, fel_price_method method)
{
    return !law->has_variance && (method == FEL_PRICE_ADAPTIVE || law->variance < 1e-8);
}

static fel_status price_by_method(const fourier_law *law, const option_row *row,
                                  fel_price_method method, double *prices)
{
    if (use_series(law, method)) {
        return series_prices(law, row, prices);
    }
    if (method == FEL_PRICE_FAST) {
        const fel_status status = fast_prices(law, row, prices);
        if (status != FEL_ERR_RANGE) { /* too many nodes: the other method adapts to it */
            return status;
        }
    }
    return adaptive_prices(law, row, prices);
}

static fel_status greeks_by_method(const fel_process *process, const fourier_law *law,
                                   const option_row *row, fel_price_method method,
                                   fel_greeks *greeks)
{
    if (use_series(law, method)) {
        return series_greeks(process, law, row, greeks);
    }
    if (method == FEL_PRICE_FAST) {
        const fel_status status = fast_greeks(process, law, row, greeks);
        if (status != FEL_ERR_RANGE) {
            return status;
        }
    }
    return adaptive_greeks(process, law, row, greeks);
}

fel_status fel_price_european(const fel_process *process, double t_years, const double *strikes,
                              const fel_option_right *rights, size_t n, fel_price_method method,
                              double *prices)
{
    const option_row row = {strikes, rights, n};
    fourier_law law;
    FEL_TRY(fel_process_check(process));
    FEL_TRY(check_row(t_years, &row));
    FEL_TRY(check_method(method));
    fourier_law_init(&law, process, t_years);
    if (t_years > 0.0 && !is_degenerate(&law) && process->kind != FEL_PROCESS_GBM) {
        return price_by_method(&law, &row, method, prices);
    }
    const double vol = process->kind == FEL_PROCESS_GBM ? process->vol_per_year : 0.0;
    for (size_t k = 0; k < n; k++) {
        prices[k] = vol > 0.0 && t_years > 0.0 ? fel_black(row_right(&row, k), law.forward,
                                                           strikes[k], t_years, vol, law.discount)
                                               : intrinsic(&law, strikes[k], row_right(&row, k));
    }
    return FEL_OK;
}

fel_status fel_greeks_european(const fel_process *process, double t_years, const double *strikes,
                               const fel_option_right *rights, size_t n, fel_price_method method,
                               fel_greeks *greeks)
{
    const option_row row = {strikes, rights, n};
    fourier_law law;
    FEL_TRY(fel_process_check(process));
    FEL_TRY(check_row(t_years, &row));
    FEL_TRY(check_method(method));
    fourier_law_init(&law, process, t_years);
    if (t_years > 0.0 && !is_degenerate(&law) && process->kind != FEL_PROCESS_GBM) {
        return greeks_by_method(process, &law, &row, method, greeks);
    }
    const double vol = process->kind == FEL_PROCESS_GBM ? process->vol_per_year : 0.0;
    for (size_t k = 0; k < n; k++) {
        FEL_TRY(fel_black_scholes(row_right(&row, k), process->spot, strikes[k], t_years,
                                  process->rate_per_year, process->dividend_per_year, vol,
                                  &greeks[k]));
    }
    return FEL_OK;
}

fel_status fel_heston_gradient(const fel_process *process, double t_years, const double *strikes,
                               size_t n, double *prices, double *gradient)
{
    const option_row row = {strikes, NULL, n};
    fourier_law law;
    FEL_TRY(fel_process_check(process));
    FEL_TRY(check_row(t_years, &row));
    if (process->kind != FEL_PROCESS_HESTON) {
        return FEL_RAISE(FEL_ERR_ARG, "process of kind %d: the gradient is Heston's alone",
                         (int)process->kind);
    }
    if (gradient == NULL) {
        return fel_price_european(process, t_years, strikes, NULL, n, FEL_PRICE_FAST, prices);
    }
    fourier_law_init(&law, process, t_years);
    if (t_years > 0.0 && !is_degenerate(&law)) {
        return fast_gradient(&law, &row, prices, gradient);
    }
    for (size_t k = 0; k < n; k++) {
        prices[k] = intrinsic(&law, strikes[k], FEL_CALL);
        for (size_t j = 0; j < FEL_HESTON_N_PARAMS; j++) {
            gradient[k * FEL_HESTON_N_PARAMS + j] = 0.0;
        }
    }
    return FEL_OK;
}
