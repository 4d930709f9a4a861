/* losses/loss_percent.c - errors relative to the size of a target: MAPE, MSLE, RMSLE. Not for
 * returns, whose targets are near 0 and negative: for prices, volumes, volatilities. */
#include "losses/loss_internal.h"

/* ---- mean absolute percentage error ---------------------------------------------------------- */

static const fel_param_spec mape_params[] = {
    {"floor", FEL_PARAM_REAL, 0.0, 0.0, 1e12, NULL,
     "divide by at least this, in units of the target; 0: targets of 0 are refused"},
};

static LOSS_TERM(percentage)
{
    const double size = fmax(fabs(target), params[0]), e = output - target;
    if (!(size > 0.0)) {
        return LOSS_NOT_DEFINED;
    }
    *slope = 100.0 * loss_sign(e) / size;
    return 100.0 * fabs(e) / size;
}

const fel_loss_class loss_mape = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_REGRESSION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "mape",
    .summary = "mean absolute percentage error",
    .formula = "100 mean |e| / max(|y|, floor)",
    .params = mape_params,
    .n_params = 1,
    .domain = "targets other than 0, or a floor above 0",
    .term = percentage,
};

/* ---- mean squared logarithmic error ---------------------------------------------------------- */

static LOSS_TERM(squared_log)
{
    (void)params;
    if (!(target > -1.0 && output > -1.0)) {
        return LOSS_NOT_DEFINED;
    }
    const double e = log1p(output) - log1p(target);
    *slope = 2.0 * e / (1.0 + output);
    return e * e;
}

#define LOG_DOMAIN "targets and outputs above -1: let the last layer be a ReLU or softplus"

const fel_loss_class loss_msle = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_REGRESSION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "msle",
    .summary = "mean squared logarithmic error",
    .formula = "mean (log(1 + y) - log(1 + o))^2",
    .domain = LOG_DOMAIN,
    .term = squared_log,
};

/* The gradient is 0 where the root is. */
static LOSS_WHOLE(root_of_squared_log)
{
    double square = 0.0;
    FEL_TRY(loss_mean_terms(&loss_msle, params, batch, &square, gradient));
    *value = sqrt(square);
    loss_scale_gradient(batch, square > 0.0 ? 0.5 / sqrt(square) : 0.0, gradient);
    return FEL_OK;
}

const fel_loss_class loss_rmsle = {
    .struct_size = sizeof(fel_loss_class),
    .kind = FEL_LOSS_REGRESSION,
    .shape = FEL_LOSS_EACH,
    .flags = FEL_LOSS_HAS_GRADIENT,
    .name = "rmsle",
    .summary = "root mean squared logarithmic error",
    .formula = "sqrt(mean (log(1 + y) - log(1 + o))^2)",
    .domain = LOG_DOMAIN,
    .whole = root_of_squared_log,
};
