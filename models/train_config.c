/* models/train_config.c - how to train: defaults, is it sound, what picks the best epoch. */
#include <math.h>
#include <string.h>

#include "core/nearest.h"
#include "models/train_internal.h"

/* ---- defaults -------------------------------------------------------------------------------- */

fel_train_config fel_train_config_default(const fel_network *network)
{
    fel_train_config config = {.struct_size = (uint32_t)sizeof(config),
                               .shuffle = 1,
                               .network = network,
                               .n_epochs = 100,
                               .batch = 256,
                               .average_from = 0.75,
                               .seed = 1,
                               .n_threads = 1};
    const fel_optimizer_class *adam = NULL;
    /* These three are in their tables. */
    (void)!fel_loss_find("mse", &config.loss);
    (void)!fel_schedule_find("constant", &config.schedule);
    (void)!fel_optimizer_find("adam", &adam);
    config.optimizer = fel_optimizer_config_default(adam);
    config.select.options = fel_metric_options_default();
    return config;
}

/* ---- selection ------------------------------------------------------------------------------- */

/* Short names of metrics. */
static const struct {
    const char *name, *metric;
} aliases[] = {{"net_return", "total_return"}, {"sharpe", "sharpe_ratio"}};

enum { N_ALIASES = sizeof(aliases) / sizeof(aliases[0]), MOST_NAMES = 256 };

static const char *metric_name(const char *name)
{
    for (size_t i = 0; i < N_ALIASES; i++) {
        if (strcmp(name, aliases[i].name) == 0) {
            return aliases[i].metric;
        }
    }
    return name;
}

static fel_status raise_unknown(const char *name)
{
    const char *names[MOST_NAMES];
    size_t n = 0, n_losses = 0, n_metrics = 0;
    const fel_loss_class *const *losses = fel_loss_classes(&n_losses);
    const fel_metric_class *metrics = fel_metric_classes(&n_metrics);
    for (size_t i = 0; i < N_ALIASES; i++) {
        names[n++] = aliases[i].name;
    }
    for (size_t i = 0; i < n_losses && n < MOST_NAMES; i++) {
        names[n++] = losses[i]->name;
    }
    for (size_t i = 0; i < n_metrics && n < MOST_NAMES; i++) {
        names[n++] = metrics[i].name;
    }
    const size_t near = nearest_name(name, names, n);
    if (near < n) {
        return FEL_RAISE(FEL_ERR_NOTFOUND, "no loss or metric \"%.64s\"; did you mean \"%s\"?",
                         name, names[near]);
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND,
                     "no loss or metric \"%.64s\"; feller list losses and feller list metrics show "
                     "them",
                     name);
}

fel_status fel_select_find(const char *name, fel_select *out)
{
    fel_select select = {.options = fel_metric_options_default()};
    size_t n_losses = 0, n_metrics = 0;
    const fel_loss_class *const *losses = fel_loss_classes(&n_losses);
    const fel_metric_class *metrics = fel_metric_classes(&n_metrics);
    for (size_t i = 0; i < n_losses; i++) {
        if (strcmp(losses[i]->name, name) == 0) {
            FEL_TRY(fel_loss_find(name, &select.loss));
            *out = select;
            return FEL_OK;
        }
    }
    for (size_t i = 0; i < n_metrics; i++) {
        if (strcmp(metrics[i].name, metric_name(name)) == 0) {
            select.metric = &metrics[i];
            *out = select;
            return FEL_OK;
        }
    }
    return raise_unknown(name);
}

static fel_status check_select(const fel_select *s)
{
    const fel_metric_class *metric = s->loss.code == NULL ? s->metric : NULL;
    if (metric != NULL && (metric->higher_is_better < 0 || metric->needs_factor)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s says not which of two models is better", metric->name);
    }
    if (!(s->threshold >= 0.0) || !isfinite(s->threshold)) {
        return FEL_RAISE(FEL_ERR_RANGE, "threshold is %g; 0 or more", s->threshold);
    }
    if (!(s->fee_bps >= 0.0) || !isfinite(s->fee_bps)) {
        return FEL_RAISE(FEL_ERR_RANGE, "fee_bps is %g; 0 or more", s->fee_bps);
    }
    return FEL_OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static fel_status check_loss(const fel_loss *loss, int any)
{
    const fel_loss_class *code = loss->code;
    if (code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "no loss to train with");
    }
    for (size_t i = 0; i < code->n_params; i++) {
        FEL_TRY(fel_param_check(&code->params[i], loss->params[i]));
    }
    if (!any && (code->flags & FEL_LOSS_HAS_GRADIENT) == 0) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s has no gradient: nothing would be learnt; train with a smooth loss "
                         "and select by %s, or allow any loss (any_loss)",
                         code->name, code->name);
    }
    if (!any && (code->flags & FEL_LOSS_DIVERGES) != 0) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "%s falls without end as outputs grow: training would explode; set "
                         "any loss (any_loss) to try",
                         code->name);
    }
    return FEL_OK;
}

static fel_status check_schedule(const fel_schedule *s)
{
    if (s->code == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "no schedule of the learning rate");
    }
    for (size_t i = 0; i < s->code->n_params; i++) {
        FEL_TRY(fel_param_check(&s->code->params[i], s->params[i]));
    }
    return FEL_OK;
}

fel_status train_check_config(const fel_train_config *c)
{
    enum { MOST_EPOCHS = 100000000 };
    if (c->struct_size != sizeof(*c) || c->network == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "no network to train, or a config of another version");
    }
    if (fel_network_describe(c->network)->every_step) {
        return FEL_RAISE(FEL_ERR_ARG, "a network with every_step has no one output to train");
    }
    if (c->n_epochs < 1 || c->n_epochs > MOST_EPOCHS) {
        return FEL_RAISE(FEL_ERR_RANGE, "epochs is %zu; 1 .. %d", c->n_epochs, (int)MOST_EPOCHS);
    }
    if (!(c->average_from >= 0.0 && c->average_from < 1.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "average_from is %g; 0 or more, below 1", c->average_from);
    }
    if (!(c->checkpoint_every_s >= 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "checkpoint_every_s is %g; 0 or more",
                         c->checkpoint_every_s);
    }
    FEL_TRY(check_loss(&c->loss, c->allow_any_loss));
    FEL_TRY(check_schedule(&c->schedule));
    FEL_TRY(check_select(&c->select));
    return fel_optimizer_check(&c->optimizer);
}

size_t train_target_count(const fel_loss *loss, size_t n_outputs)
{
    return loss->code->shape == FEL_LOSS_EACH ? n_outputs : 1;
}
