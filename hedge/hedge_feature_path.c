/* hedge/hedge_feature_path.c - features of the prices so far, with what they keep of them. */
#include <math.h>

#include "hedge/hedge_feature_internal.h"

#define ROW(id, what, in)                                                                          \
    {                                                                                              \
        .name = id, .summary = what, .unit = in                                                    \
    }

void hedge_estimate_variance(const hedge_view *view, double half_life_dates, double *state)
{
    const fel_hedge_problem *problem = view->problem;
    if (view->spot_before == NULL) {
        const double first = problem->config.reference_vol * problem->config.reference_vol;
        for (size_t i = 0; i < view->n; i++) {
            state[i] = first;
        }
        return;
    }
    const double keep = exp2(-1.0 / half_life_dates), take = (1.0 - keep) / problem->dt_years;
    for (size_t i = 0; i < view->n; i++) {
        const double x = log(view->spot[i] / view->spot_before[i]);
        state[i] = keep * state[i] + take * (x * x);
    }
}

static void realised_volatility_at(const hedge_feature_args *args)
{
    hedge_estimate_variance(args->view, args->column->feature.params[0], args->state);
    for (size_t i = 0; i < args->view->n; i++) {
        args->out[i] = sqrt(args->state[i]);
    }
}

static const fel_param_spec half_life[] = {{"half_life_dates", FEL_PARAM_REAL, 10.0, 0.1, 1e4, NULL,
                                            "dates after which a squared return weighs half"}};

static void max_log_moneyness_at(const hedge_feature_args *args)
{
    const hedge_view *view = args->view;
    const double inverse = 1.0 / view->problem->strike;
    for (size_t i = 0; i < view->n; i++) {
        const double so_far = view->date == 0 ? view->spot[i] : args->state[i];
        args->state[i] = fmax(so_far, view->spot[i]);
        args->out[i] = log(args->state[i] * inverse);
    }
}

static void min_log_moneyness_at(const hedge_feature_args *args)
{
    const hedge_view *view = args->view;
    const double inverse = 1.0 / view->problem->strike;
    for (size_t i = 0; i < view->n; i++) {
        const double so_far = view->date == 0 ? view->spot[i] : args->state[i];
        args->state[i] = fmin(so_far, view->spot[i]);
        args->out[i] = log(args->state[i] * inverse);
    }
}

static void average_log_moneyness_at(const hedge_feature_args *args)
{
    const hedge_view *view = args->view;
    const double scale = 1.0 / (view->problem->strike * (double)(view->date + 1));
    for (size_t i = 0; i < view->n; i++) {
        const double so_far = view->date == 0 ? 0.0 : args->state[i];
        args->state[i] = so_far + view->spot[i];
        args->out[i] = log(args->state[i] * scale);
    }
}

const hedge_feature_class hedge_feature_realised_volatility = {
    .info = {.name = "realised_volatility",
             .summary = "root of the exponentially weighted mean of squared log returns a year, "
                        "from the reference volatility on",
             .unit = "1/sqrt(year)",
             .params = half_life,
             .n_params = 1},
    .n_state = 1,
    .at = realised_volatility_at};
const hedge_feature_class hedge_feature_max_log_moneyness = {
    .info = ROW("max_log_moneyness", "ln(highest spot so far / strike)", "1"),
    .n_state = 1,
    .at = max_log_moneyness_at};
const hedge_feature_class hedge_feature_min_log_moneyness = {
    .info = ROW("min_log_moneyness", "ln(lowest spot so far / strike)", "1"),
    .n_state = 1,
    .at = min_log_moneyness_at};
const hedge_feature_class hedge_feature_average_log_moneyness = {
    .info = ROW("average_log_moneyness", "ln(mean spot so far, the first included / strike)", "1"),
    .n_state = 1,
    .at = average_log_moneyness_at};
