/* models/target_return.c - targets that are returns: of the next bar, of several, in units of the
 * latest volatility. */
#include "core/sum.h"
#include "models/target_internal.h"

static const char choices[] = "simple|log";

static double simple_or_log(double is_log, double simple_return)
{
    return is_log != 0.0 ? log1p(simple_return) : simple_return;
}

/* ---- next ------------------------------------------------------------------------------------ */

static const fel_param_spec next_params[] = {
    {"returns", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, choices, "which return"},
};

static size_t one_bar(const double *params)
{
    (void)params;
    return 1;
}

static double next_value(const double *params, const fel_target_view *view)
{
    return simple_or_log(params[0], view->simple_return);
}

const fel_target_class target_next_return = {
    TARGET_HEAD("next_return", "return of one bar", "R = p[exit] / p[entry] - 1, or log(1 + R)"),
    TARGET_PARAMS(next_params),
    .horizon = one_bar,
    .value = next_value,
};

/* ---- several bars ---------------------------------------------------------------------------- */

static const fel_param_spec step_params[] = {
    TARGET_BARS(5.0),
    {"returns", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, choices, "which return"},
};

static double step_value(const double *params, const fel_target_view *view)
{
    return simple_or_log(params[1], view->simple_return);
}

const fel_target_class target_step_return = {
    TARGET_HEAD("step_return", "return of several bars",
                "R = p[exit] / p[entry] - 1, or log(1 + R), k bars apart"),
    TARGET_PARAMS(step_params),
    .horizon = target_bars,
    .value = step_value,
};

/* ---- in units of volatility ------------------------------------------------------------------ */

static const fel_param_spec scaled_params[] = {
    TARGET_BARS(1.0),
    {"window", FEL_PARAM_INTEGER, 60.0, 2.0, TARGET_MOST_BARS, NULL,
     "returns up to the decision whose deviation is the unit"},
};

/* Deviation of the n simple returns that end with `row`, two passes; NaN if there are not so
 * many. */
static double deviation_before(const double *closes, size_t row, size_t n)
{
    if (row < n) {
        return (double)NAN;
    }
    running_sum sum = {0.0, 0.0}, squares = {0.0, 0.0};
    for (size_t i = row - n + 1; i <= row; i++) {
        running_add(&sum, closes[i] / closes[i - 1] - 1.0);
    }
    const double mean = running_value(&sum) / (double)n;
    for (size_t i = row - n + 1; i <= row; i++) {
        const double d = closes[i] / closes[i - 1] - 1.0 - mean;
        running_add(&squares, d * d);
    }
    return sqrt(running_value(&squares) / (double)(n - 1));
}

/* Where nothing has moved there is no unit, and so no target. */
static double scaled_value(const double *params, const fel_target_view *view)
{
    const double bars = params[0];
    const double unit = deviation_before(view->closes, view->row, (size_t)params[1]);
    return unit > 1e-14 ? view->simple_return / (unit * sqrt(bars)) : (double)NAN;
}

const fel_target_class target_scaled_return = {
    TARGET_HEAD("scaled_return", "return in units of the volatility up to the decision",
                "R / (sd(r, window) sqrt(k)); none where r does not vary"),
    TARGET_PARAMS(scaled_params),
    .horizon = target_bars,
    .value = scaled_value,
};
