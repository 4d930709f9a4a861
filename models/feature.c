/* models/feature.c - the table of features: finding one, checking it, naming its numbers. */
#include <stdio.h>
#include <string.h>

#include "core/nearest.h"
#include "models/feature_internal.h"

static const fel_feature_class *const classes[] = {
    &feature_return,         &feature_log_return,
    &feature_lagged_return,  &feature_momentum,
    &feature_open_gap,       &feature_body,
    &feature_sma_ratio,      &feature_ema_ratio,
    &feature_sma_cross,      &feature_macd,
    &feature_trend,          &feature_volatility,
    &feature_rolling_mean,   &feature_rolling_zscore,
    &feature_rolling_skew,   &feature_rolling_kurtosis,
    &feature_bollinger,      &feature_channel_position,
    &feature_drawdown,       &feature_rise,
    &feature_high_low_range, &feature_parkinson,
    &feature_garman_klass,   &feature_rogers_satchell,
    &feature_atr_ratio,      &feature_volume_ratio,
    &feature_volume_zscore,  &feature_rsi,
    &feature_efficiency,     &feature_time_of_day,
    &feature_day_of_week,    &feature_month,
    &feature_signal,
};

enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

const fel_feature_class *const *fel_feature_classes(size_t *n)
{
    *n = N_CLASSES;
    return classes;
}

fel_status fel_feature_find(const char *name, fel_feature *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = classes[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_feature feature = {.code = classes[i]};
            fel_param_defaults(classes[i]->params, classes[i]->n_params, feature.params);
            *out = feature;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no feature \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "no feature \"%.64s\"; feller list features shows them",
                     name);
}

fel_status fel_feature_check(const fel_feature *feature)
{
    const fel_feature_class *code = feature->code;
    for (size_t i = 0; i < code->n_params; i++) {
        FEL_TRY(fel_param_check(&code->params[i], feature->params[i]));
    }
    const int reads_signal = (code->inputs & FEL_INPUT_SIGNAL) != 0;
    if (reads_signal && feature->column[0] == '\0') {
        return FEL_RAISE(FEL_ERR_ARG, "feature %s needs the name of a signal column", code->name);
    }
    if (!reads_signal && feature->column[0] != '\0') {
        return FEL_RAISE(FEL_ERR_ARG, "feature %s reads no signal column, so not \"%s\"",
                         code->name, feature->column);
    }
    return code->check != NULL ? code->check(feature->params) : FEL_OK;
}

size_t fel_feature_warm_up(const fel_feature *feature)
{
    return feature->code->warm_up != NULL ? feature->code->warm_up(feature->params) : 0;
}

/* ---- labels ---------------------------------------------------------------------------------- */

/* A text in a buffer that may be too small: what does not fit is cut off. */
typedef struct label {
    char *text;
    size_t size, used;
    const char *before; /* the next part: "(" or "," */
} label;

static void add(label *to, const char *before, const char *part)
{
    const int n = snprintf(to->text + to->used, to->size - to->used, "%s%s", before, part);
    const size_t wanted = n > 0 ? (size_t)n : 0, room = to->size - to->used - 1;
    to->used += wanted < room ? wanted : room;
}

static void add_argument(label *to, const char *part)
{
    add(to, to->before, part);
    to->before = ",";
}

void fel_feature_label(const fel_feature *feature, size_t output, char *text, size_t size)
{
    const fel_feature_class *code = feature->code;
    label to = {text, size, 0, "("};
    char value[64];
    text[0] = '\0';
    add(&to, "", code->name);
    if (feature->column[0] != '\0') {
        add_argument(&to, feature->column);
    }
    for (size_t i = 0; i < code->n_params; i++) {
        fel_param_format(&code->params[i], feature->params[i], value, sizeof(value));
        add_argument(&to, value);
    }
    if (to.before[0] == ',') {
        add(&to, "", ")");
    }
    if (code->outputs != NULL) {
        add(&to, ".", code->outputs[output]);
    }
}
