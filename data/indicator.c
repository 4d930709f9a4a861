/* data/indicator.c - the table of indicators and the object that runs one of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "data/indicator_internal.h"

static const fel_indicator_class *const classes[] = {
    &indicator_sma,       &indicator_ema,          &indicator_smma,       &indicator_wma,
    &indicator_dema,      &indicator_tema,         &indicator_kama,       &indicator_macd,
    &indicator_rsi,       &indicator_stochastic,   &indicator_stoch_rsi,  &indicator_williams_r,
    &indicator_aroon,     &indicator_roc,          &indicator_cci,        &indicator_cci_own,
    &indicator_atr,       &indicator_dmi,          &indicator_adx,        &indicator_adxr,
    &indicator_psar,      &indicator_supertrend,   &indicator_bollinger,  &indicator_keltner,
    &indicator_donchian,  &indicator_mfi,          &indicator_obv,        &indicator_vwap,
    &indicator_vwma,      &indicator_zscore,       &indicator_regression, &indicator_volatility,
    &indicator_parkinson, &indicator_garman_klass, &indicator_yang_zhang,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

struct fel_indicator {
    const fel_indicator_class *code;
    uint64_t n_seen;
    double state[]; /* of code->state_size() bytes */
};

const fel_indicator_class *const *fel_indicator_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_indicator_find(const char *name, const fel_indicator_class **out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            *out = classes[i];
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no indicator \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no indicator \"%.64s\"; feller list indicators shows them",
                     name);
}

fel_status fel_indicator_check(const fel_indicator_class *code, const double *params)
{
    for (size_t i = 0; i < code->n_params; i++) {
        FEL_TRY(fel_param_check(&code->params[i], params[i]));
    }
    return code->check != NULL ? code->check(params) : FEL_OK;
}

fel_status fel_indicator_create(fel_indicator **out, const fel_indicator_class *code,
                                const double *params)
{
    double values[FEL_INDICATOR_MAX_PARAMS];
    *out = NULL;
    fel_param_defaults(code->params, code->n_params, values);
    if (params != NULL && code->n_params > 0) {
        memcpy(values, params, code->n_params * sizeof(double));
    }
    FEL_TRY(fel_indicator_check(code, values));
    const size_t size = code->state_size(values);
    fel_indicator *indicator = calloc(1, sizeof(*indicator) + size);
    if (indicator == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for indicator %s: %zu bytes", code->name, size);
    }
    indicator->code = code;
    code->start(indicator->state, values);
    *out = indicator;
    return FEL_OK;
}

void fel_indicator_destroy(fel_indicator *indicator)
{
    free(indicator);
}

const fel_indicator_class *fel_indicator_class_of(const fel_indicator *indicator)
{
    return indicator->code;
}

/* ---- bars ------------------------------------------------------------------------------------ */

static fel_status check_bar(const fel_indicator *indicator, const fel_bar *bar)
{
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    const fel_indicator_class *code = indicator->code;
    const double values[] = {bar->open, bar->high, bar->low, bar->close, bar->volume};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        const uint32_t flag = (uint32_t)1 << i;
        const int is_volume = flag == FEL_INPUT_VOLUME;
        const int is_wrong = !isfinite(values[i]) || (is_volume && values[i] < 0.0) ||
                             (!is_volume && code->needs_positive && values[i] <= 0.0);
        if ((code->inputs & flag) != 0 && is_wrong) {
            return FEL_RAISE(FEL_ERR_RANGE, "indicator %s, bar %llu: %s = %g is not a %s",
                             code->name, (unsigned long long)indicator->n_seen, names[i], values[i],
                             is_volume ? "volume of 0 or more"
                                       : (code->needs_positive ? "price above 0" : "finite price"));
        }
    }
    if ((code->inputs & INDICATOR_HL) == INDICATOR_HL && bar->high < bar->low) {
        return FEL_RAISE(FEL_ERR_RANGE, "indicator %s, bar %llu: high = %g is below low = %g",
                         code->name, (unsigned long long)indicator->n_seen, bar->high, bar->low);
    }
    return FEL_OK;
}

fel_status fel_indicator_update(fel_indicator *indicator, const fel_bar *bar, double *out)
{
    const fel_indicator_class *code = indicator->code;
    FEL_TRY(check_bar(indicator, bar));
    indicator->n_seen++;
    if (!code->push(indicator->state, bar, out)) {
        for (size_t i = 0; i < code->n_outputs; i++) {
            out[i] = (double)NAN;
        }
    }
    return FEL_OK;
}

fel_status fel_indicator_rescale(fel_indicator *indicator, double factor)
{
    if (!(factor > 0.0) || !isfinite(factor)) {
        return FEL_RAISE(FEL_ERR_RANGE, "indicator %s: a rescale by %g; it must be above 0",
                         indicator->code->name, factor);
    }
    indicator->code->rescale(indicator->state, factor);
    return FEL_OK;
}
