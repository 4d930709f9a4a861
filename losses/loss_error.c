/* losses/loss_error.c - means of a function of the error e = y - o: MAE, MSE, MBE, Huber, log cosh,
 * quantile (Jadon, Patil and Jadon 2022, arXiv 2211.02989, and the textbooks). */
#include "losses/loss_internal.h"

/* A row whose terms are of the error alone. */
#define ERROR_LOSS(row_name, row_flags, row_term, row_summary, row_formula)                        \
    .struct_size = sizeof(fel_loss_class), .kind = FEL_LOSS_REGRESSION, .shape = FEL_LOSS_EACH,    \
    .flags = (row_flags), .name = (row_name), .summary = (row_summary), .formula = (row_formula),  \
    .term = (row_term)

/* ---- absolute, squared, signed --------------------------------------------------------------- */

/* At e = 0 the slope is 0, which is in the subdifferential. */
static LOSS_TERM(absolute)
{
    (void)params;
    *slope = loss_sign(output - target);
    return fabs(output - target);
}

const fel_loss_class loss_mae = {
    ERROR_LOSS("mae", FEL_LOSS_HAS_GRADIENT, absolute,
               "mean absolute error; its minimiser is the median", "mean |e|"),
};

static LOSS_TERM(squared)
{
    (void)params;
    const double e = output - target;
    *slope = 2.0 * e;
    return e * e;
}

const fel_loss_class loss_mse = {
    ERROR_LOSS("mse", FEL_LOSS_HAS_GRADIENT, squared,
               "mean squared error; its minimiser is the mean", "mean e^2"),
};

static LOSS_TERM(bias)
{
    (void)params;
    *slope = -1.0;
    return target - output;
}

const fel_loss_class loss_mbe = {
    ERROR_LOSS("mbe", FEL_LOSS_HAS_GRADIENT | FEL_LOSS_DIVERGES, bias,
               "mean bias error, signed; falls without end as outputs grow, so only to report",
               "mean e"),
    .bound = loss_no_bound,
};

/* ---- Huber 1964 ------------------------------------------------------------------------------ */

static const fel_param_spec huber_params[] = {
    {"delta", FEL_PARAM_REAL, 1.0, 1e-12, 1e12, NULL,
     "error at which squares turn into absolute values, in units of the target"},
};

static LOSS_TERM(huber)
{
    const double delta = params[0], e = output - target;
    if (fabs(e) <= delta) {
        *slope = e;
        return 0.5 * e * e;
    }
    *slope = delta * loss_sign(e);
    return delta * (fabs(e) - 0.5 * delta);
}

const fel_loss_class loss_huber = {
    ERROR_LOSS("huber", FEL_LOSS_HAS_GRADIENT, huber,
               "squared for small errors, absolute for large ones",
               "mean (e^2 / 2 if |e| <= delta, else delta (|e| - delta / 2))"),
    .params = huber_params,
    .n_params = 1,
};

/* ---- log cosh -------------------------------------------------------------------------------- */

static const fel_param_spec log_cosh_params[] = {
    {"scale", FEL_PARAM_REAL, 1.0, 1e-12, 1e12, NULL,
     "error at which squares turn into absolute values, in units of the target"},
};

/* log cosh x = log(1 + 2 sinh(x / 2)^2), exact for small x; |x| + log(1 + exp(-2 |x|)) - log 2 does
 * not overflow for large. */
static double log_cosh(double x)
{
    const double a = fabs(x);
    if (a < 1.0) {
        const double s = sinh(0.5 * a);
        return log1p(2.0 * s * s);
    }
    return a + log1p(exp(-2.0 * a)) - log(2.0);
}

static LOSS_TERM(log_cosh_term)
{
    const double scale = params[0], x = (output - target) / scale;
    *slope = scale * tanh(x);
    return scale * scale * log_cosh(x);
}

const fel_loss_class loss_log_cosh = {
    ERROR_LOSS("log_cosh", FEL_LOSS_HAS_GRADIENT, log_cosh_term,
               "as Huber's, without a corner in the derivative", "mean s^2 log cosh(e / s)"),
    .params = log_cosh_params,
    .n_params = 1,
};

/* ---- quantile (Koenker and Bassett 1978) ----------------------------------------------------- */

static const fel_param_spec quantile_params[] = {
    {"quantile", FEL_PARAM_REAL, 0.5, 1e-6, 0.999999, NULL, "which quantile of the target"},
};

/* At e = 0 the slope is 0. */
static LOSS_TERM(pinball)
{
    const double q = params[0], e = target - output;
    *slope = e > 0.0 ? -q : e < 0.0 ? 1.0 - q : 0.0;
    return fmax(q * e, (q - 1.0) * e);
}

const fel_loss_class loss_quantile = {
    ERROR_LOSS("quantile", FEL_LOSS_HAS_GRADIENT, pinball,
               "pinball loss; its minimiser is a quantile", "mean max(q e, (q - 1) e)"),
    .params = quantile_params,
    .n_params = 1,
};
