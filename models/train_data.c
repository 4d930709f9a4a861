/* models/train_data.c - the samples of a dataset that count: checked, and with what passes and
 * losses take of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/train_internal.h"

/* What is being checked. */
typedef struct checking {
    const fel_dataset *data;
    const fel_train_config *config;
    const char *what;
    size_t sequence;
} checking;

/* ---- sizes and order ------------------------------------------------------------------------- */

static fel_status check_sizes(const checking *c)
{
    const fel_dataset *d = c->data;
    const fel_network_config *net = fel_network_describe(c->config->network);
    const size_t n_targets = train_target_count(&c->config->loss, net->n_outputs);
    if (d->struct_size != sizeof(*d)) {
        return FEL_RAISE(FEL_ERR_ARG, "the %s data are of another version", c->what);
    }
    if (d->n_features != net->n_features) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s rows have %zu features; the network takes %zu", c->what,
                         d->n_features, net->n_features);
    }
    if (d->n_samples > 0 && d->n_targets != n_targets) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%s samples have %zu targets; %s of %zu outputs needs %zu",
                         c->what, d->n_targets, c->config->loss.code->name, net->n_outputs,
                         n_targets);
    }
    if (d->n_samples > 0 && d->n_rows < c->sequence) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu %s rows; a sample of the network needs %zu", d->n_rows,
                         c->what, c->sequence);
    }
    return FEL_OK;
}

static fel_status check_sample(const checking *c, size_t k)
{
    const fel_dataset *d = c->data;
    if (d->last_rows[k] >= d->n_rows || d->last_rows[k] + 1 < c->sequence) {
        return FEL_RAISE(FEL_ERR_SHAPE,
                         "%s sample %zu ends with row %zu of %zu; the network takes %zu rows up to "
                         "it",
                         c->what, k, d->last_rows[k], d->n_rows, c->sequence);
    }
    if (k > 0 && d->times_ns != NULL && d->times_ns[k] < d->times_ns[k - 1]) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s sample %zu is earlier than the one before", c->what, k);
    }
    if (d->weights != NULL && !(isfinite(d->weights[k]) && d->weights[k] >= 0.0)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the weight of %s sample %zu is %g; 0 or more", c->what, k,
                         d->weights[k]);
    }
    return FEL_OK;
}

static int counts(const fel_dataset *d, size_t k)
{
    return d->weights == NULL || d->weights[k] > 0.0;
}

static fel_status check_numbers(const checking *c, size_t k)
{
    const fel_dataset *d = c->data;
    for (size_t j = 0; j < d->n_targets; j++) {
        if (!isfinite(d->targets[k * d->n_targets + j])) {
            return FEL_RAISE(FEL_ERR_RANGE, "target %zu of %s sample %zu is %g", j, c->what, k,
                             d->targets[k * d->n_targets + j]);
        }
    }
    if (d->returns != NULL && c->config->select.loss.code == NULL &&
        c->config->select.metric != NULL && !isfinite(d->returns[k])) {
        return FEL_RAISE(FEL_ERR_RANGE, "the return of %s sample %zu is %g", c->what, k,
                         d->returns[k]);
    }
    return FEL_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void mark_rows(const train_samples *s, size_t sequence, unsigned char *used)
{
    for (size_t k = 0; k < s->n; k++) {
        const size_t last = s->data->last_rows[s->index[k]];
        memset(used + last + 1 - sequence, 1, sequence);
    }
}

static fel_status check_row(const checking *c, size_t row)
{
    const float *values = c->data->rows + row * c->data->n_features;
    for (size_t j = 0; j < c->data->n_features; j++) {
        if (!isfinite(values[j])) {
            return FEL_RAISE(FEL_ERR_RANGE, "feature %zu of %s row %zu is %g", j, c->what, row,
                             (double)values[j]);
        }
    }
    return FEL_OK;
}

/* Rows that no sample uses are not looked at. */
static fel_status check_rows(const checking *c, const train_samples *s, hasher *h)
{
    unsigned char *used = calloc(c->data->n_rows, 1);
    if (used == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu rows", c->data->n_rows);
    }
    fel_status status = FEL_OK;
    const size_t n = c->data->n_features;
    mark_rows(s, c->sequence, used);
    for (size_t row = 0; row < c->data->n_rows && status == FEL_OK; row++) {
        if (used[row]) {
            status = check_row(c, row);
            hasher_add(h, c->data->rows + row * n, n * sizeof(float));
        }
    }
    free(used);
    return status;
}

/* ---- taking ---------------------------------------------------------------------------------- */

static fel_status allot(train_samples *s)
{
    const size_t n = s->data->n_samples > 0 ? s->data->n_samples : 1;
    s->index = calloc(n, sizeof(*s->index));
    s->rows = calloc(n, sizeof(*s->rows));
    s->targets = calloc(n, (s->data->n_targets + 1) * sizeof(*s->targets));
    s->weights = calloc(n, sizeof(*s->weights));
    if (s->index == NULL || s->rows == NULL || s->targets == NULL || s->weights == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu samples", n);
    }
    return FEL_OK;
}

static void take(train_samples *s, size_t k, size_t sequence)
{
    const fel_dataset *d = s->data;
    const size_t at = s->n++;
    s->index[at] = k;
    s->rows[at] = d->rows + (d->last_rows[k] + 1 - sequence) * d->n_features;
    memcpy(s->targets + at * d->n_targets, d->targets + k * d->n_targets,
           d->n_targets * sizeof(*s->targets));
    s->weights[at] = d->weights != NULL ? d->weights[k] : 1.0;
    s->has_sections |= at > 0 && train_same_instant(s, at);
}

static fel_status take_all(train_samples *s, const checking *c)
{
    for (size_t k = 0; k < c->data->n_samples; k++) {
        FEL_TRY(check_sample(c, k));
        if (counts(c->data, k)) {
            FEL_TRY(check_numbers(c, k));
            take(s, k, c->sequence);
        }
    }
    return FEL_OK;
}

static void hash_samples(const train_samples *s, hasher *h)
{
    const fel_dataset *d = s->data;
    hasher_add(h, s->targets, s->n * d->n_targets * sizeof(*s->targets));
    hasher_add(h, s->weights, s->n * sizeof(*s->weights));
    for (size_t k = 0; k < s->n; k++) {
        const size_t at = s->index[k];
        const int64_t time_ns = d->times_ns != NULL ? d->times_ns[at] : 0;
        const double earned = d->returns != NULL ? d->returns[at] : 0.0;
        const uint32_t series = d->series != NULL ? d->series[at] : 0;
        hasher_add(h, &time_ns, sizeof(time_ns));
        hasher_add(h, &earned, sizeof(earned));
        hasher_add(h, &series, sizeof(series));
    }
}

fel_status train_samples_make(train_samples *out, const fel_dataset *data,
                              const fel_train_config *config, const char *what)
{
    const checking c = {data, config, what, fel_network_describe(config->network)->sequence};
    hasher *h = NULL;
    *out = (train_samples){.data = data};
    FEL_TRY(check_sizes(&c));
    FEL_TRY(allot(out));
    FEL_TRY(take_all(out, &c));
    FEL_TRY(hasher_create(&h));
    fel_status status = out->n > 0 ? check_rows(&c, out, h) : FEL_OK;
    hash_samples(out, h);
    hasher_text(h, out->hash);
    hasher_destroy(h);
    return status;
}

void train_samples_clear(train_samples *s)
{
    free(s->index);
    free(s->rows);
    free(s->targets);
    free(s->weights);
    *s = (train_samples){.data = NULL};
}

int train_same_instant(const train_samples *s, size_t k)
{
    const int64_t *times_ns = s->data->times_ns;
    return times_ns != NULL && k > 0 && times_ns[s->index[k]] == times_ns[s->index[k - 1]];
}

static int is_flat(const train_samples *s, size_t column)
{
    const size_t n = s->data->n_targets;
    for (size_t k = 1; k < s->n; k++) {
        const double first = s->targets[column], other = s->targets[k * n + column];
        if (other < first || other > first) {
            return 0;
        }
    }
    return 1;
}

size_t train_count_flat_targets(const train_samples *s)
{
    size_t n = 0;
    for (size_t j = 0; j < s->data->n_targets; j++) {
        n += (size_t)is_flat(s, j);
    }
    return n;
}
