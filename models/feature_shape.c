/* models/feature_shape.c - skewness and kurtosis of the latest returns, corrected for small windows
 * (Joanes and Gill 1998: G1, G2). Summed anew at each bar: O(n), and nothing drifts. */
#include "models/feature_internal.h"

typedef struct shape {
    fel_lag returns;
    double previous; /* close; 0: none yet */
} shape;

/* Sums of powers of what deviates from the mean. */
typedef struct powers {
    double n, second, third, fourth;
} powers;

static size_t shape_size(const double *params)
{
    return sizeof(shape) + fel_lag_size_bytes((size_t)params[0]);
}

static void shape_start(void *state, const double *params)
{
    shape *s = state;
    fel_lag_init(&s->returns, s + 1, (size_t)params[0]);
}

/* 0 until the window is full. */
static int push_return(shape *s, double close)
{
    if (s->previous > 0.0) {
        (void)fel_lag_swap(&s->returns, close / s->previous - 1.0);
    }
    s->previous = close;
    return fel_lag_is_full(&s->returns);
}

static powers sum_powers(const fel_lag *x)
{
    powers p = {.n = (double)x->length};
    double sum = 0.0;
    for (size_t i = x->length; i-- > 0;) { /* oldest first: the same bits wherever the ring is */
        sum += fel_lag_at(x, i);
    }
    const double mean = sum / p.n;
    for (size_t i = x->length; i-- > 0;) {
        const double d = fel_lag_at(x, i) - mean;
        p.second += d * d;
        p.third += d * d * d;
        p.fourth += d * d * d * d;
    }
    return p;
}

static int does_vary(const powers *p)
{
    return sqrt(p->second / p->n) > FEATURE_NO_DEVIATION;
}

/* ---- skewness -------------------------------------------------------------------------------- */

static const fel_param_spec skew_params[] = {
    FEATURE_BARS("bars", 60.0, 3.0, "returns in the window"),
};

static void skew_push(void *state, const fel_feature_input *in, double *out)
{
    shape *s = state;
    if (!push_return(s, in->bar.close)) {
        out[0] = (double)NAN;
        return;
    }
    const powers p = sum_powers(&s->returns);
    const double variance = p.second / p.n;
    const double g1 = p.third / p.n / (variance * sqrt(variance));
    out[0] = does_vary(&p) ? g1 * sqrt(p.n * (p.n - 1.0)) / (p.n - 2.0) : 0.0;
}

const fel_feature_class feature_rolling_skew = {
    FEATURE_HEAD("rolling_skew", FEL_INPUT_CLOSE, "skewness of the latest returns",
                 "g1 sqrt(n (n - 1)) / (n - 2), g1 = m3 / m2^1.5; 0 where r does not vary"),
    FEATURE_PARAMS(skew_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = shape_size,
    .start = shape_start,
    .push = skew_push,
};

/* ---- kurtosis -------------------------------------------------------------------------------- */

static const fel_param_spec kurtosis_params[] = {
    FEATURE_BARS("bars", 60.0, 4.0, "returns in the window"),
};

static void kurtosis_push(void *state, const fel_feature_input *in, double *out)
{
    shape *s = state;
    if (!push_return(s, in->bar.close)) {
        out[0] = (double)NAN;
        return;
    }
    const powers p = sum_powers(&s->returns);
    const double n = p.n, variance = p.second / n;
    const double g2 = p.fourth / n / (variance * variance) - 3.0;
    out[0] = does_vary(&p) ? (n - 1.0) / ((n - 2.0) * (n - 3.0)) * ((n + 1.0) * g2 + 6.0) : 0.0;
}

const fel_feature_class feature_rolling_kurtosis = {
    FEATURE_HEAD("rolling_kurtosis", FEL_INPUT_CLOSE, "excess kurtosis of the latest returns",
                 "(n - 1) ((n + 1) g2 + 6) / ((n - 2) (n - 3)), g2 = m4 / m2^2 - 3; 0 where r does "
                 "not vary"),
    FEATURE_PARAMS(kurtosis_params),
    .n_outputs = 1,
    .warm_up = feature_bars,
    .state_size = shape_size,
    .start = shape_start,
    .push = kurtosis_push,
};
