/* losses/loss_sharpe.c - minus the Sharpe ratio of the traded P&L, annualised (Sharpe 1994; as a
 * training target Moody and Saffell 2001). The same number as the metric sharpe_ratio on the
 * same P&L: ddof 1, sqrt(periods a year).
 *
 *   L = -sqrt(P) (mean x - f) / sqrt(var x + floor^2)
 * Weighted: mean and variance with weights w, the variance over sum w - sum w^2 / sum w. */
#include "losses/loss_trading_internal.h"

enum { PERIODS = TRADE_N_PARAMS, RISK_FREE, FLOOR, N_PARAMS };

static const fel_param_spec sharpe_params[N_PARAMS] = {
    TRADE_PARAMS,
    {"periods_per_year", FEL_PARAM_REAL, 252.0, 1e-6, 1e9, NULL, "samples a year"},
    {"risk_free_per_period", FEL_PARAM_REAL, 0.0, -1.0, 1.0, NULL, "subtracted from each P&L"},
    {"floor", FEL_PARAM_REAL, 0.0, 0.0, 1.0, NULL,
     "deviation a period added in squares; above 0 a P&L without variance is allowed"},
};

/* Differences this small beside the P&L itself are rounding. */
static int varies(const traded *t)
{
    double largest = 0.0;
    for (size_t k = 0; k < t->n; k++) {
        largest = fmax(largest, fabs(t->pnl[k]));
    }
    return sqrt(t->variance) > 1e-14 * largest;
}

static fel_status ratio(traded *t, const double *params, double *value)
{
    if (!(params[FLOOR] > 0.0) && !varies(t)) {
        return FEL_RAISE(
            FEL_ERR_RANGE,
            "negative_sharpe: the traded P&L does not vary (mean %g, %zu samples); are "
            "all positions 0? A floor above 0 allows it",
            t->mean, t->n);
    }
    const double square = t->variance + params[FLOOR] * params[FLOOR], deviation = sqrt(square);
    const double root = sqrt(params[PERIODS]), excess = t->mean - params[RISK_FREE];
    for (size_t k = 0; k < t->n; k++) {
        const double dmean = t->weights[k] / t->weight_sum;
        const double half_dvar = t->weights[k] * (t->pnl[k] - t->mean) / t->freedom;
        t->dpnl[k] = -root / deviation * (dmean - excess * half_dvar / square);
    }
    *value = -root * excess / deviation;
    return FEL_OK;
}

static LOSS_WHOLE(negative_sharpe)
{
    traded t;
    FEL_TRY(traded_make(&t, "negative_sharpe", params, batch));
    const fel_status status = ratio(&t, params, value);
    if (status == FEL_OK && gradient != NULL) {
        traded_reverse(&t, batch, gradient);
    }
    traded_clear(&t);
    return status;
}

const fel_loss_class loss_negative_sharpe = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_TRADING,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT | FEL_LOSS_ORDERED,
    .name = "negative_sharpe",
    .summary = "minus the annualised Sharpe ratio of the traded P&L after costs",
    .formula = "-sqrt(P) (mean x - f) / sqrt(var x + floor^2)",
    .params = sharpe_params,
    .n_params = N_PARAMS,
    .whole = negative_sharpe,
    .bound = loss_no_bound,
};
