/* hedge/hedge_feature.c - the table of features, and a problem's features as columns. */
#include <string.h>

#include "core/nearest.h"
#include "hedge/hedge_feature_internal.h"

const hedge_feature_class hedge_feature_previous_position = {
    .info = {.name = "previous_position",
             .summary = "the position held in each instrument / its unit",
             .unit = "1",
             .flags = FEL_HEDGE_FEATURE_LIVE | FEL_HEDGE_FEATURE_EACH_INSTRUMENT}};
const hedge_feature_class hedge_feature_running_pnl = {
    .info = {.name = "running_pnl",
             .summary = "gains less costs so far, without premium / standard deviation of the "
                        "payoff",
             .unit = "1",
             .flags = FEL_HEDGE_FEATURE_LIVE}};

static const hedge_feature_class *const classes[] = {
    &hedge_feature_log_moneyness,
    &hedge_feature_moneyness,
    &hedge_feature_time_to_maturity,
    &hedge_feature_time_left,
    &hedge_feature_spot,
    &hedge_feature_log_return,
    &hedge_feature_variance,
    &hedge_feature_volatility,
    &hedge_feature_realised_volatility,
    &hedge_feature_max_log_moneyness,
    &hedge_feature_min_log_moneyness,
    &hedge_feature_average_log_moneyness,
    &hedge_feature_instrument_price,
    &hedge_feature_black_scholes_delta,
    &hedge_feature_black_scholes_gamma,
    &hedge_feature_heston_delta,
    &hedge_feature_previous_position,
    &hedge_feature_running_pnl,
};
enum { N_CLASSES = sizeof(classes) / sizeof(classes[0]) };

static const fel_hedge_feature_info *const infos[N_CLASSES] = {
    &hedge_feature_log_moneyness.info,
    &hedge_feature_moneyness.info,
    &hedge_feature_time_to_maturity.info,
    &hedge_feature_time_left.info,
    &hedge_feature_spot.info,
    &hedge_feature_log_return.info,
    &hedge_feature_variance.info,
    &hedge_feature_volatility.info,
    &hedge_feature_realised_volatility.info,
    &hedge_feature_max_log_moneyness.info,
    &hedge_feature_min_log_moneyness.info,
    &hedge_feature_average_log_moneyness.info,
    &hedge_feature_instrument_price.info,
    &hedge_feature_black_scholes_delta.info,
    &hedge_feature_black_scholes_gamma.info,
    &hedge_feature_heston_delta.info,
    &hedge_feature_previous_position.info,
    &hedge_feature_running_pnl.info,
};

const fel_hedge_feature_info *const *fel_hedge_features(size_t *n)
{
    *n = N_CLASSES;
    return infos;
}

fel_status fel_hedge_feature_find(const char *name, fel_hedge_feature *out)
{
    const char *names[N_CLASSES];
    for (size_t i = 0; i < N_CLASSES; i++) {
        names[i] = infos[i]->name;
        if (strcmp(name, names[i]) == 0) {
            fel_hedge_feature feature = {.info = infos[i]};
            fel_param_defaults(infos[i]->params, infos[i]->n_params, feature.params);
            *out = feature;
            return FEL_OK;
        }
    }
    const size_t near = nearest_name(name, names, N_CLASSES);
    if (near < N_CLASSES) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no hedge feature \"%.64s\"; did you mean \"%s\"?", name,
                         names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND,
                     "no hedge feature \"%.64s\"; feller list hedge_features shows them", name);
}

const hedge_feature_class *hedge_feature_class_of(const fel_hedge_feature *feature)
{
    for (size_t i = 0; i < N_CLASSES; i++) {
        if (feature->info == infos[i]) {
            return classes[i];
        }
    }
    return NULL;
}

/* ---- columns --------------------------------------------------------------------------------- */

int hedge_market_has_variance(const fel_hedge_problem *problem)
{
    const fel_hedge_market *market = &problem->config.market;
    return market->kind == FEL_HEDGE_SIMULATED ||
           (market->kind == FEL_HEDGE_STORED && market->variance != NULL);
}

static fel_status check_feature(const fel_hedge_problem *problem, const fel_hedge_feature *feature,
                                const hedge_feature_class **out)
{
    const hedge_feature_class *code = hedge_feature_class_of(feature);
    if (code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a feature that is none of fel_hedge_features()");
    }
    for (size_t i = 0; i < code->info.n_params; i++) {
        FEL_TRY(fel_param_check(&code->info.params[i], feature->params[i]));
    }
    if (code->needs_variance && !hedge_market_has_variance(problem)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "feature %s needs the market's variance, which it does not show; "
                         "realised_volatility does not",
                         code->info.name);
    }
    *out = code;
    return FEL_OK;
}

typedef struct column_list {
    hedge_column *columns;
    size_t n, most;
} column_list;

static fel_status add_column(const fel_hedge_problem *problem, column_list *list,
                             const fel_hedge_feature *feature, size_t instrument)
{
    const hedge_feature_class *code = NULL;
    FEL_TRY(check_feature(problem, feature, &code));
    if (list->n == list->most) {
        return FEL_RAISE(FEL_ERR_RANGE, "more than %zu columns of features", list->most);
    }
    hedge_column *column = &list->columns[list->n];
    *column = (hedge_column){
        .feature = *feature, .instrument = instrument, .scale = 1.0, .n_state = code->n_state};
    if (code->prepare != NULL) {
        FEL_TRY(code->prepare(problem, column));
    }
    list->n++;
    return FEL_OK;
}

static size_t columns_of(const fel_hedge_config *config, const fel_hedge_feature *feature)
{
    return (feature->info->flags & FEL_HEDGE_FEATURE_EACH_INSTRUMENT) != 0 ? config->n_instruments
                                                                           : 1;
}

static fel_status add_columns(const fel_hedge_problem *problem, int is_live, column_list *list)
{
    const fel_hedge_config *config = &problem->config;
    for (size_t i = 0; i < config->n_features; i++) {
        const fel_hedge_feature *feature = &config->features[i];
        const uint32_t flags = feature->info->flags;
        if (((flags & FEL_HEDGE_FEATURE_LIVE) != 0) != is_live) {
            continue;
        }
        for (size_t j = 0; j < columns_of(config, feature); j++) {
            FEL_TRY(add_column(problem, list, feature, j));
        }
    }
    return FEL_OK;
}

fel_status hedge_columns_make(const fel_hedge_problem *problem, hedge_column *columns, size_t most,
                              size_t *n, size_t *n_live)
{
    column_list list = {columns, 0, most};
    fel_status status = add_columns(problem, 0, &list);
    const size_t n_seen = list.n;
    if (status == FEL_OK) {
        status = add_columns(problem, 1, &list);
    }
    if (status != FEL_OK) {
        hedge_columns_clear(columns, list.n);
        return status;
    }
    *n = list.n;
    *n_live = list.n - n_seen;
    return FEL_OK;
}

fel_status hedge_columns_check(const fel_hedge_problem *problem, size_t most)
{
    const fel_hedge_config *config = &problem->config;
    size_t n = 0;
    for (size_t i = 0; i < config->n_features; i++) {
        const fel_hedge_feature *feature = &config->features[i];
        const hedge_feature_class *code = NULL;
        FEL_TRY(check_feature(problem, feature, &code));
        hedge_column column = {.feature = *feature};
        if (code->check != NULL) {
            FEL_TRY(code->check(problem, feature));
        } else if (code->prepare != NULL) {
            FEL_TRY(code->prepare(problem, &column));
            hedge_columns_clear(&column, 1);
        }
        n += columns_of(config, feature);
    }
    if (n > most) {
        return FEL_RAISE(FEL_ERR_RANGE, "more than %zu columns of features", most);
    }
    return FEL_OK;
}

void hedge_columns_clear(hedge_column *columns, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const hedge_feature_class *code = hedge_feature_class_of(&columns[i].feature);
        if (code != NULL && code->clear != NULL) {
            code->clear(&columns[i]);
        }
        columns[i].made = NULL;
    }
}

size_t hedge_columns_state(const hedge_column *columns, size_t n)
{
    size_t rows = 0;
    for (size_t i = 0; i < n; i++) {
        rows += columns[i].n_state;
    }
    return rows;
}

void hedge_column_at(const hedge_feature_args *args)
{
    const hedge_feature_class *code = hedge_feature_class_of(&args->column->feature);
    if (code != NULL && code->at != NULL) {
        code->at(args);
    }
}
