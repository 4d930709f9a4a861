/* study/forecast_setup.c - a study's words about features, target, model and training as the
 * structs of the library. */
#include <math.h>
#include <string.h>

#include "study/forecast_internal.h"

/* ---- features, target, scaling --------------------------------------------------------------- */

static fel_feature feature_of(const study_named *named)
{
    fel_feature feature = {.code = named->code};
    memcpy(feature.params, named->params, named->n_params * sizeof(double));
    if (named->word != NULL) {
        (void)memcpy(feature.column, named->word, strlen(named->word) + 1);
    }
    return feature;
}

fel_status forecast_panel_config(fel_panel_config *out, arena *memory, const study_values *values)
{
    const study_items *list = &values->features;
    const study_named *named = list->items;
    fel_feature *features = arena_array(memory, list->n, sizeof(*features));
    fel_target *target = arena_array(memory, 1, sizeof(*target));
    fel_scale scale;
    if (features == NULL || target == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu features", list->n);
    }
    for (size_t i = 0; i < list->n; i++) {
        features[i] = feature_of(&named[i]);
    }
    target->code = values->target.code;
    memcpy(target->params, values->target.params, values->target.n_params * sizeof(double));
    FEL_TRY(forecast_scale(&scale, values));
    *out = fel_panel_config_default();
    out->entry = values->fill == 1 ? FEL_ENTRY_SAME_CLOSE : FEL_ENTRY_NEXT_OPEN;
    out->features = features;
    out->n_features = list->n;
    out->targets = target;
    out->n_targets = 1;
    out->sequence = (size_t)values->model.sequence;
    out->rolling_bars = fel_scale_rolling_bars(&scale);
    return FEL_OK;
}

fel_status forecast_scale(fel_scale *out, const study_values *values)
{
    out->code = values->scaling.code;
    memcpy(out->params, values->scaling.params, values->scaling.n_params * sizeof(double));
    return fel_scale_check(out);
}

/* ---- model ----------------------------------------------------------------------------------- */

/* Losses over classes have an output for each: down and up, or with a middle. */
size_t forecast_count_outputs(const study_values *values)
{
    const fel_loss_class *loss = values->train.loss.code;
    const int has_three = strcmp(values->target.name, "three_way") == 0;
    return loss->shape != FEL_LOSS_CLASS ? 1 : has_three ? 3 : 2;
}

fel_status forecast_network(fel_network **out, const study_values *values, size_t n_features)
{
    const study_model *model = &values->model;
    const fel_network_info *info = fel_network_class_info(model->code);
    fel_network_config config = fel_network_config_default(model->code);
    memcpy(config.params, model->params, info->n_params * sizeof(double));
    if (model->hidden.n > 0) {
        config.n_hidden = (uint32_t)model->hidden.n;
        memcpy(config.hidden, model->hidden.items, model->hidden.n * sizeof(size_t));
    }
    config.sequence = (size_t)model->sequence;
    config.n_features = n_features;
    config.n_outputs = forecast_count_outputs(values);
    return fel_network_create(out, &config);
}

/* ---- training -------------------------------------------------------------------------------- */

/* Does the strategy, by its parameter `side`, never go short? */
static int is_long_only(const study_strategy *strategy)
{
    size_t index = 0;
    return fel_param_find(strategy->code->params, strategy->code->n_params, "side", &index) ==
               FEL_OK &&
           strategy->params[index] == 0.0;
}

static fel_loss loss_of(const study_named *named)
{
    fel_loss loss = {.code = named->code};
    memcpy(loss.params, named->params, named->n_params * sizeof(double));
    return loss;
}

static fel_status find_select(fel_select *out, const study_values *values)
{
    const study_train *train = &values->train;
    memset(out, 0, sizeof(*out));
    if (train->select_by == NULL) {
        return FEL_OK;
    }
    FEL_TRY(fel_select_find(train->select_by, out));
    out->fee_bps = train->select_fee_bps;
    out->long_only = is_long_only(&values->strategy);
    return FEL_OK;
}

int forecast_higher_is_better(const study_values *values)
{
    fel_select select;
    return find_select(&select, values) == FEL_OK && select.metric != NULL &&
           select.metric->higher_is_better == 1;
}

static void set_optimizer(fel_optimizer_config *out, const study_train *train)
{
    *out = fel_optimizer_config_default(train->optimizer.code);
    memcpy(out->params, train->optimizer.params, train->optimizer.n_params * sizeof(double));
    if (!isnan(train->learning_rate)) {
        out->params[0] = train->learning_rate;
    }
    out->clip_norm = train->clip_norm;
    out->clip_value = train->clip_value;
    out->average = (fel_average_kind)train->average;
    out->average_decay = train->average_decay;
}

fel_status forecast_train_config(fel_train_config *out, const study_values *values)
{
    const study_train *train = &values->train;
    out->loss = loss_of(&train->loss);
    set_optimizer(&out->optimizer, train);
    out->schedule.code = train->schedule.code;
    memcpy(out->schedule.params, train->schedule.params, train->schedule.n_params * sizeof(double));
    out->shuffle = train->shuffle;
    out->n_epochs = (size_t)train->epochs;
    out->batch = (size_t)train->batch;
    out->patience = (size_t)train->patience;
    out->allow_any_loss = train->any_loss;
    return find_select(&out->select, values);
}

/* ---- strategy -------------------------------------------------------------------------------- */

static double param_of(const study_strategy *strategy, const char *name, double fallback)
{
    size_t index = 0;
    return fel_param_find(strategy->code->params, strategy->code->n_params, name, &index) == FEL_OK
               ? strategy->params[index]
               : fallback;
}

/* Strategies without thresholds take the number itself: a weight of 1, of -1, of 0. */
forecast_thresholds forecast_thresholds_of(const study_strategy *strategy)
{
    const double upper = param_of(strategy, "upper", 0.0), lower = param_of(strategy, "lower", 0.0);
    const int holds_zero = lower <= 0.0 && upper >= 0.0;
    const forecast_thresholds t = {upper + 1.0, lower - 1.0,
                                   holds_zero ? 0.0 : (lower + upper) / 2.0};
    return t;
}
