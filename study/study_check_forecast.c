/* study/study_check_forecast.c - contradictions between what a study says of its model and the
 * rest.
 */
#include <string.h>

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

/* The losses of different trials cannot be compared. */
static fel_status check_selection(const fel_study *study)
{
    const study_values *v = &study->values;
    if (v->train.select_by == NULL && is_searched(&v->search, "train.loss")) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "search"), "search",
                            "train.loss is searched: give train.select_by, one loss or metric that "
                            "compares them all");
    }
    return FEL_OK;
}

fel_status study_check_forecast(const fel_study *study)
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
    return check_selection(study);
}

fel_status study_check_searched(const fel_study *study, const char *key, tree_mark mark)
{
    if (study->values.model.is_present) {
        return study_key_is_in(key, "model") || study_key_is_in(key, "train")
                   ? FEL_OK
                   : schema_raise(FEL_ERR_ARG, mark, key,
                                  "cannot be searched: beside a model only keys of model and train "
                                  "can, such as model.hidden or train.learning_rate");
    }
    return strncmp(key, "strategy.", 9) == 0 && strcmp(key, "strategy.kind") != 0 &&
                   strcmp(key, "strategy.plugin") != 0
               ? FEL_OK
               : schema_raise(FEL_ERR_ARG, mark, key,
                              "cannot be searched: only parameters of the strategy can, such as "
                              "strategy.fast_bars");
}
