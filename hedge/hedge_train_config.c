/* hedge/hedge_train_config.c - what a training is to be: defaults, and whether it goes together. */
#include <math.h>

#include "hedge/hedge_train_internal.h"

fel_hedge_train_config fel_hedge_train_config_default(const fel_policy *policy)
{
    fel_hedge_train_config config = {
        .struct_size = (uint32_t)sizeof(config),
        .n_threads = 1,
        .policy = policy,
        .objective = {.cost_factor = 1.0},
        .batch = 1024,
        .n_steps = 1000,
        .first_validation = FEL_HEDGE_VALIDATION_PATHS,
        .n_validation = 16384,
        .validate_every = 50,
        .threshold_rate = 0.3,
        .seed = 1,
    };
    const fel_optimizer_class *adam = NULL;
    /* These three are in their tables. */
    (void)!fel_risk_find("entropic", &config.objective.risk);
    (void)!fel_schedule_find("constant", &config.schedule);
    (void)!fel_optimizer_find("adam", &adam);
    config.optimizer = fel_optimizer_config_default(adam);
    return config;
}

int hedge_train_is_kfac(const fel_hedge_train_config *config)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(config->optimizer.code);
    return (info->flags & FEL_OPTIMIZER_NEEDS_LAYERS) != 0;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

enum { MOST_BATCH = 1 << 24 };
static const uint64_t most_steps = UINT64_C(1) << 32, most_paths = UINT64_C(1) << 40;

static fel_status check_sizes(const fel_hedge_train_config *c)
{
    if (c->batch < 1 || c->batch > MOST_BATCH) {
        return FEL_RAISE(FEL_ERR_RANGE, "batch is %zu paths; 1 to %d", c->batch, (int)MOST_BATCH);
    }
    if (c->n_steps < 1 || c->n_steps > most_steps) {
        return FEL_RAISE(FEL_ERR_RANGE, "%llu steps; 1 to %llu", (unsigned long long)c->n_steps,
                         (unsigned long long)most_steps);
    }
    if (c->n_paths > most_paths || c->n_validation > MOST_BATCH) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "%llu training and %llu validation paths; at most %llu and %d",
                         (unsigned long long)c->n_paths, (unsigned long long)c->n_validation,
                         (unsigned long long)most_paths, (int)MOST_BATCH);
    }
    if (c->n_paths > c->batch && c->batch % HEDGE_GROUP != 0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "batch is %zu: fixed paths are shuffled in groups of %d, of which it "
                         "must be a multiple",
                         c->batch, (int)HEDGE_GROUP);
    }
    return FEL_OK;
}

static fel_status check_numbers(const fel_hedge_train_config *c)
{
    if (!(c->threshold_rate >= 0.0 && c->threshold_rate <= 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "threshold_rate is %g; 0 to 1", c->threshold_rate);
    }
    if (!(c->max_seconds >= 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "max_seconds is %g; above 0, or 0 for none",
                         c->max_seconds);
    }
    if (!(c->objective.cost_factor >= 0.0) || !isfinite(c->objective.cost_factor)) {
        return FEL_RAISE(FEL_ERR_RANGE, "cost_factor is %g; not below 0", c->objective.cost_factor);
    }
    return FEL_OK;
}

/* ---- paths ----------------------------------------------------------------------------------- */

/* From first, up to but without end. */
typedef struct path_range {
    uint64_t first, end;
} path_range;

static path_range training_range(const fel_hedge_train_config *c)
{
    const uint64_t n = c->n_paths > 0 ? c->n_paths : c->n_steps * (uint64_t)c->batch;
    return (path_range){c->first_path, c->first_path + n};
}

static fel_status check_stored(const fel_hedge_train_config *c, path_range r, const char *what)
{
    const fel_hedge_market *m = &c->policy->problem->config.market;
    if (m->kind == FEL_HEDGE_STORED && r.end > m->n_paths) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s takes paths %llu to %llu, and %llu are stored", what,
                         (unsigned long long)r.first, (unsigned long long)r.end - 1,
                         (unsigned long long)m->n_paths);
    }
    return FEL_OK;
}

static fel_status check_paths(const fel_hedge_train_config *c)
{
    const path_range train = training_range(c);
    const path_range judge = {c->first_validation, c->first_validation + c->n_validation};
    if (train.end < train.first || judge.end < judge.first) {
        return FEL_RAISE(FEL_ERR_RANGE, "paths are numbered up to 2^64");
    }
    FEL_TRY(check_stored(c, train, "training"));
    if (c->n_validation == 0) {
        return FEL_OK;
    }
    FEL_TRY(check_stored(c, judge, "validation"));
    if (judge.first < train.end && train.first < judge.end) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "training takes paths %llu to %llu and validation %llu to %llu: they must "
                         "not share one",
                         (unsigned long long)train.first, (unsigned long long)train.end - 1,
                         (unsigned long long)judge.first, (unsigned long long)judge.end - 1);
    }
    return FEL_OK;
}

/* ---- all ------------------------------------------------------------------------------------- */

static fel_status check_classes(const fel_hedge_train_config *c)
{
    if (c->policy == NULL || c->objective.risk.code == NULL || c->optimizer.code == NULL ||
        c->schedule.code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a training takes a policy, a risk measure, an optimizer and "
                                      "a schedule");
    }
    FEL_TRY(fel_risk_check(&c->objective.risk));
    FEL_TRY(fel_optimizer_check(&c->optimizer));
    for (size_t i = 0; i < c->schedule.code->n_params; i++) {
        FEL_TRY(fel_param_check(&c->schedule.code->params[i], c->schedule.params[i]));
    }
    if (hedge_train_is_kfac(c) && c->policy->config.per_date) {
        return FEL_RAISE(FEL_ERR_ARG, "kfac takes networks that dates share, and this policy has "
                                      "one for each date");
    }
    return FEL_OK;
}

fel_status hedge_train_check(const fel_hedge_train_config *config)
{
    if (config->struct_size != sizeof(*config)) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "a training's config has %u bytes where %zu are known: begin "
                         "with fel_hedge_train_config_default()",
                         config->struct_size, sizeof(*config));
    }
    FEL_TRY(check_classes(config));
    FEL_TRY(check_sizes(config));
    FEL_TRY(check_numbers(config));
    return check_paths(config);
}
