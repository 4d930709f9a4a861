/* models/feature_return.c - features that compare two prices: returns, lags of them, momentum, the
 * gap before a bar and its body. */
#include "models/feature_internal.h"

/* ---- a close against an earlier one ---------------------------------------------------------- */

/* The closes of `near` and of `far` bars ago. */
typedef struct two_closes {
    fel_lag closes;
    size_t near, far;
} two_closes;

static void start_between(two_closes *s, size_t near, size_t far)
{
    s->near = near;
    s->far = far;
    fel_lag_init(&s->closes, s + 1, far + 1);
}

static double later_over_earlier(two_closes *s, double close)
{
    (void)fel_lag_swap(&s->closes, close);
    return fel_lag_at(&s->closes, s->near) / fel_lag_at(&s->closes, s->far);
}

static void push_simple(void *state, const fel_feature_input *in, double *out)
{
    out[0] = later_over_earlier(state, in->bar.close) - 1.0;
}

static void push_log(void *state, const fel_feature_input *in, double *out)
{
    out[0] = log(later_over_earlier(state, in->bar.close));
}

static size_t return_size(const double *params)
{
    return sizeof(two_closes) + fel_lag_size_bytes((size_t)params[0] + 1);
}

static void return_start(void *state, const double *params)
{
    start_between(state, 0, (size_t)params[0]);
}

static const fel_param_spec return_params[] = {
    FEATURE_BARS("bars", 1.0, 1.0, "bars between the two closes"),
};

const fel_feature_class feature_return = {
    FEATURE_HEAD("return", FEL_INPUT_CLOSE, "simple return of the close", "c[t] / c[t-n] - 1"),
    FEATURE_PARAMS(return_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = return_size,
    .start = return_start,
    .push = push_simple,
};

const fel_feature_class feature_log_return = {
    FEATURE_HEAD("log_return", FEL_INPUT_CLOSE, "log return of the close", "log(c[t] / c[t-n])"),
    FEATURE_PARAMS(return_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = return_size,
    .start = return_start,
    .push = push_log,
};

/* ---- an earlier return ----------------------------------------------------------------------- */

static const fel_param_spec lagged_params[] = {
    FEATURE_BARS("lag", 1.0, 1.0, "how many bars ago the return ended"),
    FEATURE_BARS("bars", 1.0, 1.0, "bars between its two closes"),
};

static size_t lagged_warm_up(const double *params)
{
    return (size_t)(params[0] + params[1]);
}

static size_t lagged_size(const double *params)
{
    return sizeof(two_closes) + fel_lag_size_bytes(lagged_warm_up(params) + 1);
}

static void lagged_start(void *state, const double *params)
{
    start_between(state, (size_t)params[0], lagged_warm_up(params));
}

const fel_feature_class feature_lagged_return = {
    FEATURE_HEAD("lagged_return", FEL_INPUT_CLOSE, "simple return of some bars ago",
                 "c[t-l] / c[t-l-n] - 1"),
    FEATURE_PARAMS(lagged_params),
    .n_outputs = 1,
    .warm_up = lagged_warm_up,
    .state_size = lagged_size,
    .start = lagged_start,
    .push = push_simple,
};

/* ---- momentum (Jegadeesh and Titman 1993: twelve months without the latest) ------------------ */

static const fel_param_spec momentum_params[] = {
    FEATURE_BARS("bars", 252.0, 1.0, "bars from the first close to now"),
    FEATURE_BARS("skip", 21.0, 0.0, "latest bars that are left out; fewer than bars"),
};

static fel_status momentum_check(const double *params)
{
    return params[1] < params[0]
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE, "momentum: skip = %g is not below bars = %g", params[1],
                           params[0]);
}

static void momentum_start(void *state, const double *params)
{
    start_between(state, (size_t)params[1], (size_t)params[0]);
}

const fel_feature_class feature_momentum = {
    FEATURE_HEAD("momentum", FEL_INPUT_CLOSE, "return over many bars, the latest left out",
                 "c[t-s] / c[t-n] - 1"),
    FEATURE_PARAMS(momentum_params),
    .n_outputs = 1,
    .check = momentum_check,
    .warm_up = feature_bars,
    .state_size = return_size,
    .start = momentum_start,
    .push = push_simple,
};

/* ---- a bar's open ---------------------------------------------------------------------------- */

static size_t one_row(const double *params)
{
    (void)params;
    return 1;
}

static size_t close_size(const double *params)
{
    (void)params;
    return sizeof(double);
}

/* The state is the previous close, 0 before the first. */
static void push_gap(void *state, const fel_feature_input *in, double *out)
{
    double *previous = state;
    out[0] = *previous > 0.0 ? in->bar.open / *previous - 1.0 : (double)NAN;
    *previous = in->bar.close;
}

const fel_feature_class feature_open_gap = {
    FEATURE_HEAD("open_gap", FEL_INPUT_OPEN | FEL_INPUT_CLOSE,
                 "return from the close before to the open", "o[t] / c[t-1] - 1"),
    .n_outputs = 1,
    .warm_up = one_row,
    .state_size = close_size,
    .push = push_gap,
};

static void push_body(void *state, const fel_feature_input *in, double *out)
{
    (void)state;
    out[0] = in->bar.close / in->bar.open - 1.0;
}

const fel_feature_class feature_body = {
    FEATURE_HEAD("body", FEL_INPUT_OPEN | FEL_INPUT_CLOSE, "return from the open to the close",
                 "c[t] / o[t] - 1"),
    .n_outputs = 1,
    .push = push_body,
};
