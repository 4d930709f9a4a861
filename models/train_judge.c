/* models/train_judge.c - how good parameters are on the validation samples: the loss, and the loss
 * or the metric of net returns that picks the best epoch. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/train_internal.h"

struct train_judge {
    const fel_train_config *config;
    const train_samples *s;
    size_t *all;         /* 0, 1, ... */
    float *outputs;      /* n x n_outputs */
    train_batch batch;   /* the whole of them */
    double *net_returns; /* one for each instant; metrics alone */
    double *positions;   /* of each series */
    size_t n_series;
};

/* ---- memory ---------------------------------------------------------------------------------- */

static size_t count_series(const train_samples *s)
{
    size_t n = 1;
    for (size_t k = 0; s->data->series != NULL && k < s->n; k++) {
        const size_t own = (size_t)s->data->series[s->index[k]] + 1;
        n = own > n ? own : n;
    }
    return n;
}

static int by_metric(const fel_select *select)
{
    return select->loss.code == NULL && select->metric != NULL;
}

static fel_status check(const fel_train_config *config, const train_samples *s)
{
    const fel_select *select = &config->select;
    const size_t n_outputs = fel_network_describe(config->network)->n_outputs;
    if (by_metric(select) && s->data->returns == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "select by %s: the validation data have no returns",
                         select->metric->name);
    }
    if (by_metric(select) && n_outputs > 1 && config->loss.code->shape != FEL_LOSS_CLASS) {
        return FEL_RAISE(FEL_ERR_SHAPE, "select by %s: which of %zu outputs is traded?",
                         select->metric->name, n_outputs);
    }
    return FEL_OK;
}

fel_status train_judge_create(train_judge **out, const fel_train_config *config,
                              const train_samples *s)
{
    FEL_TRY(check(config, s));
    train_judge *j = calloc(1, sizeof(*j));
    if (j == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to validate with");
    }
    const size_t n_outputs = fel_network_describe(config->network)->n_outputs;
    j->config = config;
    j->s = s;
    j->n_series = count_series(s);
    j->all = calloc(s->n, sizeof(*j->all));
    j->outputs = calloc(s->n, n_outputs * sizeof(*j->outputs));
    j->net_returns = calloc(s->n, sizeof(*j->net_returns));
    j->positions = calloc(j->n_series, sizeof(*j->positions));
    fel_status status = train_batch_create(&j->batch, config, s->n, s->data->n_targets);
    if (status == FEL_OK &&
        (j->all == NULL || j->outputs == NULL || j->net_returns == NULL || j->positions == NULL)) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory to validate %zu samples", s->n);
    }
    if (status != FEL_OK) {
        train_judge_destroy(j);
        return status;
    }
    for (size_t i = 0; i < s->n; i++) {
        j->all[i] = i;
    }
    *out = j;
    return FEL_OK;
}

void train_judge_destroy(train_judge *judge)
{
    if (judge != NULL) {
        free(judge->all);
        free(judge->outputs);
        free(judge->net_returns);
        free(judge->positions);
        train_batch_clear(&judge->batch);
        free(judge);
    }
}

/* ---- net returns ----------------------------------------------------------------------------- */

static double position_of(const train_judge *j, size_t k)
{
    const fel_select *select = &j->config->select;
    const size_t n_outputs = j->batch.loss.n_outputs;
    const float *outputs = j->outputs + k * n_outputs;
    const double score =
        n_outputs > 1 ? (double)outputs[n_outputs - 1] - (double)outputs[0] : (double)outputs[0];
    const double down = select->long_only ? 0.0 : -1.0;
    return score > select->threshold ? 1.0 : score < -select->threshold ? down : 0.0;
}

/* The part of an instant that begins at sample k: end of it, and its mean net return. */
static size_t trade_instant(train_judge *j, size_t k, double *net)
{
    const fel_dataset *d = j->s->data;
    const double fee = j->config->select.fee_bps / 10000.0;
    double sum = 0.0;
    size_t end = k;
    do {
        const size_t at = j->s->index[end];
        double *held = &j->positions[d->series != NULL ? d->series[at] : 0];
        const double position = position_of(j, end);
        sum += position * d->returns[at] - fee * fabs(position - *held);
        *held = position;
        end++;
    } while (end < j->s->n && train_same_instant(j->s, end));
    *net = fmax(-1.0, sum / (double)(end - k));
    return end;
}

static double trade(train_judge *j)
{
    const fel_cvec none = {NULL, 0};
    size_t n = 0;
    memset(j->positions, 0, j->n_series * sizeof(*j->positions));
    for (size_t k = 0; k < j->s->n; n++) {
        k = trade_instant(j, k, &j->net_returns[n]);
    }
    const fel_cvec returns = {j->net_returns, n};
    return j->config->select.metric->eval(returns, none, &j->config->select.options);
}

/* ---- judging --------------------------------------------------------------------------------- */

static int take_outputs(train_judge *j)
{
    for (size_t i = 0; i < j->s->n * j->batch.loss.n_outputs; i++) {
        if (!isfinite(j->outputs[i])) {
            return 0;
        }
        j->batch.outputs[i] = (double)j->outputs[i];
    }
    return 1;
}

static fel_status eval(train_judge *j, const fel_loss *loss, double *value)
{
    train_batch_fill(&j->batch, j->s, loss, j->all, j->s->n);
    return fel_loss_eval(loss, &j->batch.loss, value, NULL);
}

fel_status train_judge_run(train_judge *judge, const float *params, double *loss, double *selection,
                           int *is_finite)
{
    const fel_train_config *config = judge->config;
    const fel_select *select = &config->select;
    const fel_loss *chosen = select->loss.code != NULL ? &select->loss : &config->loss;
    FEL_TRY(fel_network_predict_f32(config->network, params, judge->s->rows,
                                    judge->s->data->n_features, judge->s->n, config->n_threads,
                                    judge->outputs));
    *is_finite = take_outputs(judge);
    if (!*is_finite) {
        return FEL_OK;
    }
    /* A loss that is not defined here (one class alone) matters only where it picks the epoch. */
    const fel_status status = eval(judge, &config->loss, loss);
    if (status == FEL_OK) {
        *loss += train_penalties(config->network, params);
    } else if (status == FEL_ERR_NOMEM || (!by_metric(select) && chosen == &config->loss)) {
        return status;
    } else {
        *loss = (double)NAN;
    }
    if (by_metric(select)) {
        *selection = trade(judge);
        return FEL_OK;
    }
    if (chosen == &config->loss) {
        *selection = *loss;
        return FEL_OK;
    }
    return eval(judge, chosen, selection);
}

int train_is_better(const fel_select *select, double a, double b)
{
    const int is_metric = by_metric(select);
    return is_metric && select->metric->higher_is_better > 0 ? a > b : a < b;
}
