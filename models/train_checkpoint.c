/* models/train_checkpoint.c - the file that a training goes on from: what it is a training of, in
 * words that are compared line by line, and all its numbers.
 *
 * Draws are functions of (seed, epoch, step), so that the counters are the position of the random
 * numbers too. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/progress.h"
#include "models/checkpoint_internal.h"
#include "models/train_kfac_internal.h"

static const sealed_kind checkpoint_kind = {"feller checkpoint", 1};

/* ---- what it is a training of ---------------------------------------------------------------- */

typedef struct words {
    char text[8192];
    size_t n;
} words;

static void say(words *w, const char *format, ...) FEL_PRINTF(2, 3);

static void say(words *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(w->text + w->n, sizeof(w->text) - w->n, format, args);
    va_end(args);
    const size_t room = sizeof(w->text) - w->n - 1;
    w->n += n < 0 ? 0 : (size_t)n < room ? (size_t)n : room;
}

static void say_params(words *w, const fel_param_spec *specs, size_t n, const double *values)
{
    for (size_t i = 0; i < n; i++) {
        char text[64];
        fel_param_format(&specs[i], values[i], text, sizeof(text));
        say(w, " %s=%s", specs[i].name, text);
    }
    say(w, "\n");
}

static void say_network(words *w, const fel_network_config *c)
{
    const fel_network_info *info = fel_network_class_info(c->code);
    say(w, "network %s", info->name);
    say_params(w, info->params, info->n_params, c->params);
    say(w, "hidden");
    for (uint32_t i = 0; i < c->n_hidden; i++) {
        say(w, " %zu", c->hidden[i]);
    }
    say(w, "\nsequence %zu\nfeatures %zu\noutputs %zu\n", c->sequence, c->n_features, c->n_outputs);
}

static void say_loss(words *w, const char *what, const fel_loss *loss)
{
    say(w, "%s %s", what, loss->code->name);
    say_params(w, loss->code->params, loss->code->n_params, loss->params);
}

static void say_select(words *w, const fel_select *s)
{
    const fel_metric_options *o = &s->options;
    if (s->loss.code != NULL) {
        say_loss(w, "select_by", &s->loss);
    } else if (s->metric != NULL) {
        say(w, "select_by %s threshold=%a fee_bps=%a long_only=%d %a %a %a %a\n", s->metric->name,
            s->threshold, s->fee_bps, s->long_only != 0, o->periods_per_year,
            o->risk_free_per_period, o->required_return, o->tail);
    } else {
        say(w, "select_by loss\n");
    }
}

static void say_optimizer(words *w, const fel_optimizer_config *c)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(c->code);
    say(w, "optimizer %s", info->name);
    say_params(w, info->params, info->n_params, c->params);
    say(w, "decay_all %d\nclip_value %a\nclip_norm %a\naverage %d %a\n", c->decay_all != 0,
        c->clip_value, c->clip_norm, (int)c->average, c->average_decay);
}

static void describe(words *w, const fel_trainer *t)
{
    const fel_train_config *c = &t->config;
    w->n = 0;
    say_network(w, fel_network_describe(c->network));
    say_loss(w, "loss", &c->loss);
    say_optimizer(w, &c->optimizer);
    say(w, "schedule %s", c->schedule.code->name);
    say_params(w, c->schedule.code->params, c->schedule.code->n_params, c->schedule.params);
    say_select(w, &c->select);
    say(w, "epochs %zu\nbatch %zu\nshuffle %d\npatience %zu\naverage_from %a\nseed %llu\n",
        c->n_epochs, c->batch, c->shuffle != 0, c->patience, c->average_from,
        (unsigned long long)c->seed);
    say(w, "training samples %zu, checksum %s\n", t->train.n, t->train.hash);
    say(w, "validation samples %zu, checksum %s\n", t->validation.n, t->validation.hash);
}

/* The first line that differs is said. */
static fel_status compare(const char *path, const char *theirs, const char *ours)
{
    while (*theirs != '\0' || *ours != '\0') {
        const size_t n = strcspn(theirs, "\n"), m = strcspn(ours, "\n");
        if (n != m || memcmp(theirs, ours, n) != 0) {
            return FEL_RAISE(FEL_ERR_SHAPE,
                             "%s: not a checkpoint of this training: it has \"%.*s\", this one "
                             "\"%.*s\"",
                             path, n < 120 ? (int)n : 120, theirs, m < 120 ? (int)m : 120, ours);
        }
        theirs += n + (theirs[n] == '\n');
        ours += m + (ours[m] == '\n');
    }
    return FEL_OK;
}

/* ---- its numbers ----------------------------------------------------------------------------- */

typedef struct saved_vector {
    char name[64];
    saved_type type;
    size_t n;
    void *values;
} saved_vector;

enum { N_OWN = 5 };

static saved_vector vector_of(const char *name, saved_type type, size_t n, void *values)
{
    saved_vector v = {"", type, n, values};
    (void)snprintf(v.name, sizeof(v.name), "%s", name);
    return v;
}

static size_t count_vectors(const fel_trainer *t)
{
    const size_t n_kfac = t->kfac != NULL ? fel_kfac_count_arrays(t->kfac->kfac) : 0;
    return N_OWN + fel_optimizer_count_arrays(t->optimizer) + n_kfac;
}

static saved_vector vector_at(fel_trainer *t, size_t index)
{
    const size_t n_curve = t->config.n_epochs * (sizeof(*t->curve) / sizeof(double));
    const saved_vector own[N_OWN] = {
        vector_of("counts", SAVED_U64, TRAIN_N_COUNTS, t->counts),
        vector_of("sums", SAVED_F64, TRAIN_N_SUMS, t->sums),
        vector_of("curve", SAVED_F64, n_curve, t->curve),
        vector_of("parameters", SAVED_F32, t->n_params, t->params),
        vector_of("best_parameters", SAVED_F32, t->n_params, t->best_params),
    };
    if (index < N_OWN) {
        return own[index];
    }
    const size_t at = index - N_OWN, n_optimizer = fel_optimizer_count_arrays(t->optimizer);
    const int is_kfac = at >= n_optimizer;
    const fel_optimizer_array array = is_kfac ? fel_kfac_array_at(t->kfac->kfac, at - n_optimizer)
                                              : fel_optimizer_array_at(t->optimizer, at);
    saved_vector v = {"", array.element_size == sizeof(float) ? SAVED_F32 : SAVED_F64, array.n,
                      array.values};
    (void)snprintf(v.name, sizeof(v.name), "%s_%s", is_kfac ? "kfac" : "optimizer", array.name);
    return v;
}

/* ---- the file -------------------------------------------------------------------------------- */

typedef struct checkpoint {
    fel_trainer *trainer;
    words ours, theirs;
} checkpoint;

static fel_status put_all(hid_t file, const char *path, const void *payload)
{
    const checkpoint *c = payload;
    if (h5_put_text(file, "training", c->ours.text) < 0) {
        return h5_raise(FEL_ERR_IO, path, "cannot begin this file");
    }
    FEL_TRY(saved_put_network(file, path, c->trainer->config.network));
    for (size_t i = 0; i < count_vectors(c->trainer); i++) {
        const saved_vector v = vector_at(c->trainer, i);
        FEL_TRY(saved_put(file, path, v.name, v.type, v.n, v.values));
    }
    return FEL_OK;
}

static fel_status get_all(hid_t file, const char *path, void *payload)
{
    checkpoint *c = payload;
    if (h5_get_text(file, "training", c->theirs.text, sizeof(c->theirs.text)) < 0) {
        return h5_raise(FEL_ERR_FORMAT, path, "cannot read what it is a training of");
    }
    FEL_TRY(compare(path, c->theirs.text, c->ours.text));
    for (size_t i = 0; i < count_vectors(c->trainer); i++) {
        const saved_vector v = vector_at(c->trainer, i);
        FEL_TRY(saved_get(file, path, v.name, v.type, v.n, v.values));
    }
    const uint64_t *counts = c->trainer->counts;
    return counts[COUNT_EPOCHS] <= c->trainer->config.n_epochs &&
                   counts[COUNT_BATCHES] < c->trainer->order.n_batches
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_FORMAT, "%s: more was done than there is to do", path);
}

fel_status train_checkpoint_write(fel_trainer *t)
{
    checkpoint c = {.trainer = t};
    describe(&c.ours, t);
    FEL_TRY(sealed_write(t->checkpoint_path, &checkpoint_kind, put_all, &c));
    t->saved_ns = clock_monotonic_ns();
    return FEL_OK;
}

fel_status train_checkpoint_read(fel_trainer *t)
{
    if (access(t->checkpoint_path, F_OK) != 0) {
        return FEL_OK;
    }
    checkpoint c = {.trainer = t};
    describe(&c.ours, t);
    return sealed_read(t->checkpoint_path, &checkpoint_kind, get_all, &c);
}
