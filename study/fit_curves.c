/* study/fit_curves.c - the model's smiles as lines: implied volatilities on strikes of their own.
 */
#include <math.h>

#include "study/fit_internal.h"

enum { N_POINTS = 33 };

/* Evenly spaced in logarithm over the quoted strikes. */
static void place_strikes(const fel_calibration_run *run, const fel_chain_maturity *m,
                          double strikes[N_POINTS])
{
    const double low = run->chain.quotes[m->first].strike;
    const double high = run->chain.quotes[m->first + m->n - 1].strike;
    for (size_t i = 0; i < N_POINTS; i++) {
        strikes[i] = low * exp(log(high / low) * (double)i / (N_POINTS - 1));
    }
}

/* By the side out of the money, whose price has all the digits of the time value. */
static fel_status fill_vols(const fel_calibration_run *run, const fel_chain_maturity *m,
                            const double *strikes, double *vols)
{
    const fel_process process = {
        .kind = FEL_PROCESS_HESTON, .spot = m->forward, .heston = run->fit.heston};
    fel_option_right rights[N_POINTS];
    double prices[N_POINTS];
    for (size_t i = 0; i < N_POINTS; i++) {
        rights[i] = strikes[i] < m->forward ? FEL_PUT : FEL_CALL;
    }
    FEL_TRY(fel_price_european(&process, m->t_years, strikes, rights, N_POINTS, FEL_PRICE_FAST,
                               prices));
    for (size_t i = 0; i < N_POINTS; i++) {
        if (!(prices[i] > 0.0) || fel_implied_vol(rights[i], prices[i], m->forward, strikes[i],
                                                  m->t_years, 1.0, &vols[i]) != FEL_OK) {
            vols[i] = (double)NAN;
        }
    }
    return FEL_OK;
}

fel_status fit_fill_curves(fel_calibration_run *run)
{
    const size_t n = run->chain.n_maturities;
    fel_calibration_curve *list = arena_array(&run->memory, n, sizeof(*list));
    double *values = arena_array(&run->memory, 2 * n * N_POINTS, sizeof(*values));
    FEL_TRY(fit_need(list));
    FEL_TRY(fit_need(values));
    for (size_t i = 0; i < n; i++) {
        const fel_chain_maturity *m = &run->chain.maturities[i];
        double *strikes = values + 2 * i * N_POINTS, *vols = strikes + N_POINTS;
        place_strikes(run, m, strikes);
        FEL_TRY(fill_vols(run, m, strikes, vols));
        const fel_calibration_curve curve = {m->t_years, N_POINTS, strikes, vols};
        list[i] = curve;
    }
    run->report.curves = list;
    run->report.n_curves = n;
    return FEL_OK;
}
