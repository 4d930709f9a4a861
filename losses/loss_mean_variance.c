/* losses/loss_mean_variance.c - minus the mean-variance utility of the traded P&L, a year
 * (Markowitz 1952):
 *
 *   L = -P (mean x - gamma / 2 var x)
 * Mean and variance as in loss_sharpe.c. Defined where the Sharpe ratio is not, and with
 * risk_aversion 0 minus the net return. */
#include "losses/loss_trading_internal.h"

enum { PERIODS = TRADE_N_PARAMS, RISK_AVERSION, N_PARAMS };

static const fel_param_spec mean_variance_params[N_PARAMS] = {
    TRADE_PARAMS,
    {"periods_per_year", FEL_PARAM_REAL, 252.0, 1e-6, 1e9, NULL, "samples a year"},
    {"risk_aversion", FEL_PARAM_REAL, 1.0, 0.0, 1e9, NULL, "gamma: half of it is variance's price"},
};

static LOSS_WHOLE(negative_utility)
{
    const double periods = params[PERIODS], gamma = params[RISK_AVERSION];
    traded t;
    FEL_TRY(traded_make(&t, "negative_mean_variance", params, batch));
    for (size_t k = 0; k < t.n; k++) {
        const double dmean = t.weights[k] / t.weight_sum;
        const double half_dvar = t.weights[k] * (t.pnl[k] - t.mean) / t.freedom;
        t.dpnl[k] = -periods * (dmean - gamma * half_dvar);
    }
    if (gradient != NULL) {
        traded_reverse(&t, batch, gradient);
    }
    *value = -periods * (t.mean - 0.5 * gamma * t.variance);
    traded_clear(&t);
    return FEL_OK;
}

/* Positions within +-1 earn at most the mean of |r|. */
static double most(const double *params, const fel_loss_batch *batch)
{
    return trade_is_bounded(params) ? -params[PERIODS] * loss_mean_power(batch, 1.0) : -HUGE_VAL;
}

const fel_loss_class loss_mean_variance = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_TRADING,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT | FEL_LOSS_ORDERED,
    .name = "negative_mean_variance",
    .summary = "minus the mean-variance utility of the traded P&L after costs, a year",
    .formula = "-P (mean x - gamma / 2 var x)",
    .params = mean_variance_params,
    .n_params = N_PARAMS,
    .whole = negative_utility,
    .bound = most,
};
