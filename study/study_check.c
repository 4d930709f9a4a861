/* study/study_check.c - contradictions between keys, each said where the later of the two stands.
 */
#include <stdio.h>
#include <string.h>

#include "study/study_internal.h"

/* The value at a path of at most two keys; the root where it is not written down. */
static tree_mark mark_of(const fel_study *study, const char *first, const char *second)
{
    const tree_node *node = tree_child(study->root, first);
    const tree_node *inner =
        node != NULL && second != NULL && node->kind == TREE_MAP ? tree_child(node, second) : NULL;
    return inner != NULL ? inner->mark : node != NULL ? node->mark : study->root->mark;
}

fel_status study_check_name(const fel_study *study)
{
    const char *name = study->values.name;
    const size_t length = strlen(name);
    int is_bad = length == 0 || length > 100 || name[0] == '.' || strchr(name, '/') != NULL;
    for (const char *c = name; *c != '\0'; c++) {
        is_bad = is_bad || (unsigned char)*c < ' ';
    }
    return is_bad ? schema_raise(FEL_ERR_FORMAT, mark_of(study, "name", NULL), "name",
                                 "\"%.64s\" cannot name a folder: 1 to 100 characters, no slash, "
                                 "no point in front",
                                 name)
                  : FEL_OK;
}

/* start < holdout < end, and a warm-up has something to lie before. */
static fel_status check_times(const fel_study *study)
{
    const study_values *v = &study->values;
    if (v->end_ns <= v->start_ns) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "end", NULL), "end", "is not after start");
    }
    if (v->holdout_ns <= v->start_ns) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "holdout", NULL), "holdout",
                            "is not after start: nothing would be left to run");
    }
    if (v->holdout_ns != FEL_TIME_MAX && v->holdout_ns >= v->end_ns) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "holdout", NULL), "holdout",
                            "is not before end: nothing would be held out");
    }
    if (v->warm_up.amount > 0 && v->start_ns == FEL_TIME_MIN) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "warm_up", NULL), "warm_up",
                            "needs a start for the data before it to end at");
    }
    if (v->warm_up.amount > 0 && v->walk.is_present) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "warm_up", NULL), "warm_up",
                            "contradicts walk_forward, which warms up on its training windows");
    }
    return FEL_OK;
}

static fel_status check_currency(const fel_study *study)
{
    const study_values *v = &study->values;
    if (strlen(v->currency) >= FEL_CURRENCY_SIZE) {
        return schema_raise(FEL_ERR_FORMAT, mark_of(study, "currency", NULL), "currency",
                            "\"%.64s\" is longer than 7 letters", v->currency);
    }
    if (v->cash.currency[0] != '\0' && strcmp(v->cash.currency, v->currency) != 0) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "currency", NULL), "currency",
                            "%s contradicts cash, which is in %s", v->currency, v->cash.currency);
    }
    return FEL_OK;
}

/* A metric that a list of variants can be ordered by. */
static fel_status find_metric(const fel_study *study, const char *map, const char *key,
                              const char *name, const fel_metric_class **metric)
{
    char path[SCHEMA_PATH_SIZE];
    schema_join(map, key, path, sizeof(path));
    if (fel_metric_find(name, metric) != FEL_OK) {
        const fel_error *error = fel_last_error();
        return schema_raise(error->status, mark_of(study, map, key), path, "%s", error->message);
    }
    if ((*metric)->needs_factor || (*metric)->higher_is_better < 0) {
        return schema_raise(
            FEL_ERR_ARG, mark_of(study, map, key), path, "%s cannot choose: it %s", name,
            (*metric)->needs_factor ? "compares with a benchmark" : "has no better and worse");
    }
    return FEL_OK;
}

fel_status study_find_metrics(fel_study *study)
{
    study_values *v = &study->values;
    FEL_TRY(find_metric(study, "walk_forward", "select_by", v->walk.select_by, &v->walk.metric));
    return find_metric(study, "report", "rank_by", v->report.rank_by, &v->report.rank_metric);
}

static fel_status check_window(const fel_study *study, const char *key, const study_span *span)
{
    if (span->unit == SPAN_NONE || span->amount <= 0) {
        char path[SCHEMA_PATH_SIZE];
        schema_join("walk_forward", key, path, sizeof(path));
        return schema_raise(FEL_ERR_FORMAT, mark_of(study, "walk_forward", key), path,
                            span->unit == SPAN_NONE ? "the key is required" : "must be above zero");
    }
    return FEL_OK;
}

/* Windows of a length, that do not overlap; a search has windows to search in. */
static fel_status check_walk(const fel_study *study)
{
    const study_values *v = &study->values;
    if (!v->walk.is_present) {
        return v->search.n == 0
                   ? FEL_OK
                   : schema_raise(FEL_ERR_ARG, mark_of(study, "search", NULL), "search",
                                  "needs walk_forward, whose training windows it chooses in; to "
                                  "compare variants on the same data use sweep");
    }
    FEL_TRY(check_window(study, "train", &v->walk.train));
    FEL_TRY(check_window(study, "test", &v->walk.test));
    if (v->walk.step.unit != SPAN_NONE &&
        (v->walk.step.unit != v->walk.test.unit || v->walk.step.amount < v->walk.test.amount)) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "walk_forward", "step"),
                            "walk_forward.step",
                            "must be at least test and in the same unit: test windows may not "
                            "overlap");
    }
    if (v->end_of_data == FEL_END_HOLD) {
        return schema_raise(FEL_ERR_ARG, mark_of(study, "end_of_data", NULL), "end_of_data",
                            "hold contradicts walk_forward, which closes positions at the end of "
                            "each test window");
    }
    return FEL_OK;
}

/* Choosing costs or data in training would be choosing the answer. */
static fel_status check_search_keys(const fel_study *study)
{
    const study_axes *search = &study->values.search, *sweep = &study->values.sweep;
    for (size_t i = 0; i < search->n; i++) {
        const char *key = search->items[i].key;
        const tree_mark mark = search->items[i].values[0]->mark;
        FEL_TRY(study_check_searched(study, key, mark));
        for (size_t k = 0; k < sweep->n; k++) {
            if (strcmp(key, sweep->items[k].key) == 0) {
                return schema_raise(FEL_ERR_ARG, mark, key, "is in both search and sweep");
            }
        }
    }
    return FEL_OK;
}

/* Sweeps over what is not a setting of one run make no sense. */
static fel_status check_sweep_keys(const fel_study *study)
{
    static const char *const refused[] = {"name", "sweep", "search", "holdout",
                                          "monte_carlo.paths"};
    const study_axes *sweep = &study->values.sweep;
    for (size_t i = 0; i < sweep->n; i++) {
        for (size_t k = 0; k < sizeof(refused) / sizeof(refused[0]); k++) {
            const char *key = sweep->items[i].key;
            if (study_key_is_in(key, refused[k])) {
                return schema_raise(FEL_ERR_ARG, sweep->items[i].values[0]->mark, key,
                                    "cannot be swept over");
            }
        }
    }
    return FEL_OK;
}

/* Every value of a list must be one that its key takes; combinations are the strategy's business.
 */
static fel_status try_values(const fel_study *study, const study_axes *axes)
{
    for (size_t i = 0; i < axes->n; i++) {
        for (size_t k = 0; k < axes->items[i].n; k++) {
            const study_pick pick = {axes->items[i].key, axes->items[i].values[k]};
            fel_study *variant = NULL;
            FEL_TRY(study_vary(&variant, study, &pick, 1));
            fel_study_destroy(variant);
        }
    }
    return FEL_OK;
}

/* The order is that of the manual; the lists come last because they load variants. */
fel_status study_check_values(fel_study *study)
{
    const study_values *v = &study->values;
    size_t n = 0;
    FEL_TRY(study_check_name(study));
    FEL_TRY(check_times(study));
    FEL_TRY(check_currency(study));
    FEL_TRY(check_walk(study));
    FEL_TRY(study_check_paths(study));
    FEL_TRY(study_check_forecast(study));
    FEL_TRY(check_search_keys(study));
    FEL_TRY(check_sweep_keys(study));
    FEL_TRY(study_count_combinations(&v->search, "search", &n));
    FEL_TRY(study_count_combinations(&v->sweep, "sweep", &n));
    if (study->is_variant) {
        return FEL_OK;
    }
    FEL_TRY(try_values(study, &v->search));
    return try_values(study, &v->sweep);
}
