/* study/study_hedging_policies.c - the keys of a study that has `hedge`: policies, their training,
 * and the root. */
#include <stddef.h>

#include "study/study_internal.h"

#define KEY(type, kind, required, field, name, fallback, doc)                                      \
    {                                                                                              \
        name, kind, required, offsetof(type, field), 0, 0, NULL, fallback, NULL, doc               \
    }
#define NUMBER(type, kind, field, name, least, most, fallback, doc)                                \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), least, most, NULL, fallback, NULL, doc               \
    }
#define CHOICE(type, kind, field, name, words, fallback, doc)                                      \
    {                                                                                              \
        name, kind, 0, offsetof(type, field), 0, 0, words, fallback, NULL, doc                     \
    }
#define PART(type, kind, required, field, name, part, doc)                                         \
    {                                                                                              \
        name, kind, required, offsetof(type, field), 0, 0, NULL, NULL, part, doc                   \
    }
#define TABLE(rows) .keys = (rows), .n = sizeof(rows) / sizeof((rows)[0])

/* ---- one policy ------------------------------------------------------------------------------ */

#define OF_POLICY(kind, field, name, least, most, fallback, doc)                                   \
    NUMBER(study_hedge_policy, kind, field, name, least, most, fallback, doc)
static const schema_key policy_keys[] = {
    KEY(study_hedge_policy, SCHEMA_TEXT, 1, name, "name", NULL, "in tables and files"),
    KEY(study_hedge_policy, SCHEMA_TEXT, 0, label, "label", NULL,
        "in the report; absent: the name"),
    KEY(study_hedge_policy, SCHEMA_TEXT, 0, network, "network", "lstm",
        "lstm or mlp; its parameters stand beside, see feller list models"),
    KEY(study_hedge_policy, SCHEMA_SIZES, 0, hidden, "hidden", NULL,
        "units of each hidden layer; absent: one of 32"),
    CHOICE(study_hedge_policy, SCHEMA_CHOICE, head, "head", "direct|residual|band", "direct",
           "how outputs become positions: as they are, beside the base rule's, as a band about it"),
    CHOICE(study_hedge_policy, SCHEMA_CHOICE, bound, "bound", "free|tanh|logistic", "free",
           "of outputs: any, -1 to 1, 0 to 1"),
    KEY(study_hedge_policy, SCHEMA_BOOL, 0, per_date, "per_date", "false",
        "a network for each date (mlp)"),
    KEY(study_hedge_policy, SCHEMA_BOOL, 0, blind, "blind", "false",
        "features that follow from its own trades are left out"),
    KEY(study_hedge_policy, SCHEMA_BOOL, 0, standardise, "standardise", "true",
        "features less their mean over their standard deviation"),
    CHOICE(study_hedge_policy, SCHEMA_NAMED, base, "base", "hedge_rule", "black_scholes_delta",
           "rule of a residual or band head"),
    CHOICE(study_hedge_policy, SCHEMA_NAMED, optimizer, "optimizer", "optimizer", "adam",
           "see feller list optimizers: adam or {kfac: {damping: 0.1}}"),
    CHOICE(study_hedge_policy, SCHEMA_NAMED, schedule, "schedule", "schedule", "constant",
           "of the learning rate, see feller list schedules"),
    CHOICE(study_hedge_policy, SCHEMA_NAMED, risk, "risk", "risk", NULL,
           "instead of the study's: what this policy's training makes small"),
    OF_POLICY(SCHEMA_REAL, learning_rate, "learning_rate", 0, 1e3, NULL,
              "of the optimizer; absent: its own"),
    OF_POLICY(SCHEMA_REAL, clip_norm, "clip_norm", 0, 1e9, "0",
              "largest Euclidean norm of a gradient; 0: any"),
    CHOICE(study_hedge_policy, SCHEMA_CHOICE, average, "average", "none|ema|swa", "none",
           "parameters that are judged: the last, or averages over steps"),
    OF_POLICY(SCHEMA_REAL, average_decay, "average_decay", 0, 1, "0.99", "of ema, a step"),
    OF_POLICY(SCHEMA_REAL, cost_factor, "cost_factor", 0, 1e6, "1",
              "in training costs count so many times"),
    OF_POLICY(SCHEMA_REAL, threshold_rate, "threshold_rate", 0, 1, "0.3",
              "share by which the risk measure's threshold follows each batch"),
    OF_POLICY(SCHEMA_INTEGER, steps, "steps", 1, 1e9, "1000", "of training"),
    OF_POLICY(SCHEMA_INTEGER, batch, "batch", 1, 1e8, "1024", "paths of a step"),
    OF_POLICY(SCHEMA_INTEGER, paths, "paths", 0, 1e12, "0",
              "training paths, gone through again and again; 0: fresh ones in every step"),
    OF_POLICY(SCHEMA_INTEGER, validate_every, "validate_every", 1, 1e9, "50",
              "steps between two points of the training curve"),
    OF_POLICY(SCHEMA_INTEGER, validation_paths, "validation_paths", 0, 1e9, "16384",
              "that pick the best point; 0: the last step is taken"),
    KEY(study_hedge_policy, SCHEMA_AXES, 0, tune, "tune", NULL,
        "values to try for parameters of the optimizer, on tuning_seeds: {learning_rate: [0.01, "
        "0.02]}"),
};

static fel_status begin_policy(const schema_reader *reader, const tree_node *node, const char *path,
                               void *out)
{
    study_hedge_policy *self = out;
    if (fel_network_find(self->network, &self->code) != FEL_OK) {
        const tree_node *network = tree_child(node, "network");
        return schema_raise(FEL_ERR_NOTFOUND, network != NULL ? network->mark : node->mark, path,
                            "%s", fel_last_error()->message);
    }
    const fel_network_info *info = fel_network_class_info(self->code);
    self->params = arena_array(reader->memory, info->n_params + 1, sizeof(double));
    if (self->params == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a network's parameters");
    }
    fel_param_defaults(info->params, info->n_params, self->params);
    return FEL_OK;
}

static size_t policy_names(const void *out, const char **names, size_t n_max)
{
    const study_hedge_policy *self = out;
    const fel_network_info *info = self->code != NULL ? fel_network_class_info(self->code) : NULL;
    size_t n = 0;
    for (; info != NULL && n < info->n_params && n < n_max; n++) {
        names[n] = info->params[n].name;
    }
    return n;
}

static fel_status read_policy_param(const schema_reader *reader, const tree_node *value,
                                    const char *path, void *out)
{
    const study_hedge_policy *self = out;
    const fel_network_info *info = fel_network_class_info(self->code);
    size_t index = 0;
    (void)reader;
    FEL_TRY(fel_param_find(info->params, info->n_params, value->key, &index));
    return schema_read_param(&info->params[index], value, path, &self->params[index]);
}

static fel_status check_policy(const tree_node *node, const char *path, const void *out)
{
    const study_hedge_policy *self = out;
    for (size_t i = 0; i < self->tune.n; i++) {
        size_t index = 0;
        if (fel_param_find(self->optimizer.specs, self->optimizer.n_params, self->tune.items[i].key,
                           &index) != FEL_OK) {
            return schema_raise(FEL_ERR_FORMAT, tree_child(node, "tune")->mark, path, "tune: %s",
                                fel_last_error()->message);
        }
    }
    return self->hidden.n <= FEL_NETWORK_MAX_LAYERS
               ? FEL_OK
               : schema_raise(FEL_ERR_RANGE, node->mark, path, "hidden has %zu layers, at most %d",
                              self->hidden.n, FEL_NETWORK_MAX_LAYERS);
}

static const schema_extra policy_extra = {begin_policy, policy_names, read_policy_param};
const schema_map study_hedge_policy_map = {TABLE(policy_keys), .size = sizeof(study_hedge_policy),
                                           .extra = &policy_extra, .check = check_policy};

/* The same keys but for the first, the name. */
static const schema_map shared_map = {.keys = policy_keys + 1,
                                      .n = sizeof(policy_keys) / sizeof(policy_keys[0]) - 1,
                                      .size = sizeof(study_hedge_policy),
                                      .extra = &policy_extra,
                                      .check = check_policy};

/* ---- frontier, lives ------------------------------------------------------------------------- */

static const schema_key frontier_keys[] = {
    KEY(study_hedge_frontier, SCHEMA_TEXT, 0, policy, "policy", NULL,
        "whose training is repeated; absent: the first"),
    KEY(study_hedge_frontier, SCHEMA_WORDS, 1, cost_factors, "cost_factors", NULL,
        "times that costs count, such as [0.5, 1, 2, 4]"),
    NUMBER(study_hedge_frontier, SCHEMA_INTEGER, seeds, "seeds", 1, 1000, "1",
           "policies trained at each"),
};
static const schema_map frontier_map = {TABLE(frontier_keys), .size = sizeof(study_hedge_frontier)};

static const schema_key lives_keys[] = {
    KEY(study_hedge_lives, SCHEMA_PATH, 1, prices, "prices", NULL,
        "CSV of daily bars that options are hedged on"),
    KEY(study_hedge_lives, SCHEMA_TEXT, 0, map, "map", NULL, "columns by header"),
    KEY(study_hedge_lives, SCHEMA_PATH, 0, volatility, "volatility", NULL,
        "CSV with a column of volatilities in points a year, such as an index of implied ones"),
    KEY(study_hedge_lives, SCHEMA_TEXT, 0, volatility_column, "volatility_column", "close",
        "that column, by header"),
    KEY(study_hedge_lives, SCHEMA_TIME, 1, start_ns, "start", NULL, "first day of the first life"),
    KEY(study_hedge_lives, SCHEMA_LAST_TIME, 0, end_ns, "end", NULL, "no life ends after this day"),
    CHOICE(
        study_hedge_lives, SCHEMA_CHOICE, estimate, "estimate", "returns|quotes", "returns",
        "of the variance that hedgers see: of past returns, or the quotes of the volatility file"),
    NUMBER(study_hedge_lives, SCHEMA_INTEGER, days, "days", 2, 10000, "21",
           "half-life of past returns in the estimate"),
    CHOICE(study_hedge_lives, SCHEMA_CHOICE, premium, "premium", "black_scholes|model",
           "black_scholes", "Black-Scholes at the estimate, or the model's price"),
};
static const schema_map lives_map = {TABLE(lives_keys), .size = sizeof(study_hedge_lives)};

/* ---- a hedger of an ordinary study ------------------------------------------------------------
 */

static const schema_key hedger_keys[] = {
    KEY(study_hedger, SCHEMA_PATH, 1, study, "study", NULL,
        "the hedging study whose problem and policies it is of"),
    KEY(study_hedger, SCHEMA_PATH, 0, policies, "policies", NULL,
        "policies.h5 of a run of that study"),
    KEY(study_hedger, SCHEMA_TEXT, 0, policy, "policy", NULL,
        "a policy's name and seed in that file, such as kfac/seed1"),
    CHOICE(study_hedger, SCHEMA_NAMED, rule, "rule", "hedge_rule", NULL,
           "instead of a policy, see feller list hedge_rules"),
};

static fel_status check_hedger(const tree_node *node, const char *path, const void *out)
{
    const study_hedger *self = out;
    const int is_policy = self->policy != NULL, is_rule = self->rule.name != NULL;
    if (self->study == NULL) {
        return FEL_OK;
    }
    if (is_policy == is_rule || is_policy != (self->policies != NULL)) {
        return schema_raise(FEL_ERR_FORMAT, node->mark, path, "give policies and policy, or rule");
    }
    return FEL_OK;
}

const schema_map study_hedger_map = {TABLE(hedger_keys), .size = sizeof(study_hedger),
                                     .check = check_hedger};

/* ---- the root -------------------------------------------------------------------------------- */

static const schema_key report_keys[] = {
    KEY(study_report, SCHEMA_BOOL, 0, html, "html", "true", "write report.html"),
};
static const schema_map report_map = {TABLE(report_keys), .size = sizeof(study_report)};

#define OF_STUDY(kind, field, name, least, most, fallback, doc)                                    \
    NUMBER(study_values, kind, field, name, least, most, fallback, doc)
static const schema_key keys[] = {
    KEY(study_values, SCHEMA_TEXT, 0, name, "name", NULL,
        "of the run and its folder; absent: the file's name"),
    OF_STUDY(SCHEMA_INTEGER, seed, "seed", 0, 9007199254740992.0, "1",
             "of all random numbers; recorded in the manifest"),
    PART(study_values, SCHEMA_MAP, 1, hedge, "hedge", &study_hedge_map,
         "what is hedged, with what"),
    PART(study_values, SCHEMA_MAP, 0, policy, "policy", &shared_map,
         "what all policies have in common"),
    PART(study_values, SCHEMA_LIST, 0, policies, "policies", &study_hedge_policy_map,
         "hedgers that are trained; the first is what others are compared with"),
    OF_STUDY(SCHEMA_INTEGER, hedge_seeds, "seeds", 1, 10000, "1",
             "times that every policy is trained, from other first values and paths"),
    OF_STUDY(SCHEMA_INTEGER, tuning_seeds, "tuning_seeds", 1, 1000, "1",
             "of tune, none of which is among the seeds"),
    OF_STUDY(SCHEMA_INTEGER, test_paths, "test_paths", 100, 1e9, "100000",
             "that all hedgers are judged on"),
    OF_STUDY(SCHEMA_REAL, confidence, "confidence", 0.5, 0.9999, "0.95", "of intervals"),
    PART(study_values, SCHEMA_MAP, 0, frontier, "frontier", &frontier_map,
         "cost against variance as costs count more"),
    PART(study_values, SCHEMA_MAP, 0, lives, "lives", &lives_map,
         "the same hedgers on real prices, one option life after the other"),
    PART(study_values, SCHEMA_MAP, 0, report, "report", &report_map, "what is written"),
};
/* Every policy has the keys of `policy` that it does not have itself. */
fel_status study_share_policy(arena *memory, const tree_node *root)
{
    const tree_node *shared = tree_child(root, "policy"), *list = tree_child(root, "policies");
    if (shared == NULL || list == NULL || shared->kind != TREE_MAP || list->kind != TREE_LIST) {
        return FEL_OK;
    }
    for (tree_node *item = list->first; item != NULL; item = item->next) {
        const tree_node *key = item->kind == TREE_MAP ? shared->first : NULL;
        for (; key != NULL; key = key->next) {
            if (tree_child(item, key->key) == NULL) {
                FEL_TRY(tree_put(memory, item, key->key, key, key->key_mark));
            }
        }
    }
    return FEL_OK;
}

const schema_map study_hedging_schema = {TABLE(keys), .size = sizeof(study_values)};
/* Without name and seed before, report behind. */
const schema_map study_hedging_part = {
    .keys = keys + 2, .n = sizeof(keys) / sizeof(keys[0]) - 3, .size = sizeof(study_values)};
