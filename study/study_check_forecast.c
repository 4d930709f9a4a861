/* study/study_check_forecast.c - contradictions between what a study says of its model and the
 * rest.
 */
#include <string.h>

#include <feller/feature.h>
#include <feller/loss.h>

#include "study/study_internal.h"

static tree_mark mark_of(const fel_study *study, const char *key)
{
    const tree_node *node = tree_child(study->root, key);
    return node != NULL ? node->mark : study->root->mark;
}

/* Words about a model that is not there. */
static fel_status check_no_model(const fel_study *study)
{
    static const char *const parts[] = {"features", "target", "scaling", "train"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (tree_child(study->root, parts[i]) != NULL) {
            return schema_raise(FEL_ERR_ARG, mark_of(study, parts[i]), parts[i],
                                "is about a model, but there is no model");
        }
    }
    return FEL_OK;
}

static int is_searched(const study_axes *axes, const char *part)
{
    for (size_t i = 0; i < axes->n; i++) {
        if (study_key_is_in(axes->items[i].key, part)) {
            return 1;
        }
    }
    return 0;
}

/* Scores of different trials must be of one kind. */
static fel_status check_selection(const fel_study *study)
{
    const study_values *v = &study->values;
    static const char *const scored[] = {"train.loss", "model.l2"};
    for (size_t i = 0; i < sizeof(scored) / sizeof(scored[0]); i++) {
        if (v->train.select_by == NULL && is_searched(&v->search, scored[i])) {
            return schema_raise(FEL_ERR_ARG, mark_of(study, "search"), "search",
                                "%s is searched, which changes what a loss says: give "
                                "train.select_by, one loss or metric that compares them all",
                                scored[i]);
        }
    }
    if (!(v->walk.validation > 0.0) && (v->search.n > 0 || v->model.output == 1)) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "walk_forward"), "walk_forward.validation",
                            "is 0, but %s needs validation samples",
                            v->search.n > 0 ? "search" : "model.output: quantile");
    }
    const tree_node *walk = tree_child(study->root, "walk_forward");
    const tree_node *select = walk != NULL ? tree_child(walk, "select_by") : NULL;
    return select == NULL ? FEL_OK
                          : schema_raise(FEL_ERR_ARG, select->mark, "walk_forward.select_by",
                                         "chooses parameters of strategies; a model's are chosen "
                                         "by train.select_by");
}

/* A loss that reads the target as a return needs one. */
static fel_status check_target(const fel_study *study)
{
    const study_values *v = &study->values;
    const fel_loss_class *loss = v->train.loss.code;
    const fel_target_class *target = v->target.code;
    const int is_label = target->is_ranked || strcmp(target->name, "direction") == 0 ||
                         strcmp(target->name, "three_way") == 0;
    const int reads_return = loss->kind == FEL_LOSS_DIRECTION || loss->kind == FEL_LOSS_TRADING;
    return !is_label || !reads_return
               ? FEL_OK
               : schema_raise(FEL_ERR_ARG, mark_of(study, "target"), "target",
                              "%s is a label, but the loss %s reads the target as a return: take "
                              "next_return",
                              target->name, loss->name);
}

/* The model's column of forecasts is the strategy's unless the study says which. */
static fel_status place_column(fel_study *study)
{
    const study_strategy *strategy = &study->values.strategy;
    const study_data *rows = study->values.data.items;
    const char *names[FEL_MAX_COLUMNS] = {NULL};
    size_t n = 0, index = 0;
    for (size_t i = 0; i < study->values.data.n; i++) {
        for (size_t k = 0; k < rows[i].signals.n && n < FEL_MAX_COLUMNS; k++) {
            const char *name = rows[i].signals.items[k];
            size_t at = 0;
            while (at < n && strcmp(names[at], name) != 0) {
                at++;
            }
            names[at] = name;
            n += at == n ? 1 : 0;
            if (strcmp(name, "forecast") == 0) {
                return schema_raise(FEL_ERR_ARG, mark_of(study, "data"), "data",
                                    "a signal column is named forecast, as the model's is");
            }
        }
    }
    const tree_node *node = tree_child(study->root, "strategy");
    if (node != NULL && tree_child(node, "column") == NULL &&
        fel_param_find(strategy->code->params, strategy->code->n_params, "column", &index) ==
            FEL_OK) {
        strategy->params[index] = (double)n;
    }
    return FEL_OK;
}

fel_status study_check_forecast(fel_study *study)
{
    const study_values *v = &study->values;
    if (!v->model.is_present) {
        return check_no_model(study);
    }
    if (!v->walk.is_present) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "model"), "model",
                            "needs walk_forward: the windows that it is trained and tested on");
    }
    if (v->features.n == 0) {
        return schema_raise(FEL_ERR_FORMAT, mark_of(study, "model"), "features",
                            "the key is required: what the model sees, such as [return]");
    }
    if (study_wants_paths(v)) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "monte_carlo"), "monte_carlo",
                            "contradicts model, which is trained on one history: give "
                            "monte_carlo.path to use one path");
    }
    FEL_TRY(check_selection(study));
    FEL_TRY(check_target(study));
    return place_column(study);
}

fel_status study_check_searched(const fel_study *study, const char *key, tree_mark mark)
{
    /* Not comparable on validation, or without effect there. */
    static const char *const fixed[] = {"model.seeds",          "model.output",
                                        "model.ensemble",       "train.select_by",
                                        "train.select_fee_bps", "train.any_loss"};
    int is_fixed = 0;
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
        is_fixed = is_fixed || strcmp(key, fixed[i]) == 0;
    }
    if (study->values.model.is_present) {
        return !is_fixed && (study_key_is_in(key, "model") || study_key_is_in(key, "train"))
                   ? FEL_OK
                   : schema_raise(FEL_ERR_ARG, mark, key,
                                  "cannot be searched: beside a model only keys of model and train "
                                  "can, such as model.hidden or train.learning_rate, that "
                                  "validation can tell apart");
    }
    return strncmp(key, "strategy.", 9) == 0 && strcmp(key, "strategy.kind") != 0 &&
                   strcmp(key, "strategy.plugin") != 0
               ? FEL_OK
               : schema_raise(FEL_ERR_ARG, mark, key,
                              "cannot be searched: only parameters of the strategy can, such as "
                              "strategy.fast_bars");
}
