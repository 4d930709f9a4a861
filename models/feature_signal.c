/* models/feature_signal.c - a column of a signal series, as known at the bar's time. */
#include "models/feature_internal.h"

enum { MISSING_LAST, MISSING_ZERO };

static const fel_param_spec signal_params[] = {
    {"missing", FEL_PARAM_CHOICE, MISSING_LAST, 0.0, 0.0, "last|zero",
     "where there is no number: that of the latest bar that had one (none yet: warm-up), or 0"},
};

typedef struct held {
    double value;
    int is_zero; /* where there is no number */
} held;

static size_t signal_size(const double *params)
{
    (void)params;
    return sizeof(held);
}

static void signal_start(void *state, const double *params)
{
    held *s = state;
    s->value = (double)NAN;
    s->is_zero = params[0] == MISSING_ZERO;
}

static void signal_push(void *state, const fel_feature_input *in, double *out)
{
    held *s = state;
    if (!isnan(in->signal)) {
        s->value = in->signal;
    } else if (s->is_zero) {
        s->value = 0.0;
    }
    out[0] = s->value;
}

const fel_feature_class feature_signal = {
    FEATURE_HEAD("signal", FEL_INPUT_SIGNAL, "a column of a signal series, as known at the bar",
                 "the latest value at or before t"),
    FEATURE_PARAMS(signal_params),
    .n_outputs = 1,
    .state_size = signal_size,
    .start = signal_start,
    .push = signal_push,
};
