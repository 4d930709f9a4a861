/* hedge/hedge_train_checkpoint.c - the file that a training goes on from: what it is a training of,
 * in words that are compared line by line, and all its numbers.
 *
 * Draws and orders are functions of (seed, path) and (seed, epoch), so that the number of steps is
 * the position of the random numbers too. max_seconds, threads and names of files are not in the
 * words: a training may go on with more time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/sealed.h"
#include "hedge/hedge_train_internal.h"

static const sealed_kind checkpoint_kind = {"feller hedge checkpoint", 1};

/* ---- what it is a training of ---------------------------------------------------------------- */

static void say_optimizer(hedge_words *w, const fel_optimizer_config *c)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(c->code);
    hedge_say(w, "optimizer %s", info->name);
    hedge_say_params(w, info->params, info->n_params, c->params);
    hedge_say(w, "steps_of decay_all=%d average=%d", c->decay_all != 0, (int)c->average);
    hedge_say_number(w, "clip_value", c->clip_value);
    hedge_say_number(w, "clip_norm", c->clip_norm);
    hedge_say_number(w, "average_decay", c->average_decay);
    hedge_say(w, "\n");
}

static void say_objective(hedge_words *w, const fel_hedge_objective *o)
{
    hedge_say(w, "risk %s", o->risk.code->name);
    hedge_say_number(w, "cost_factor", o->cost_factor);
    hedge_say_params(w, o->risk.code->params, o->risk.code->n_params, o->risk.params);
}

static void say_paths(hedge_words *w, const fel_hedge_train_config *c)
{
    hedge_say(w, "steps %llu\nbatch %zu\n", (unsigned long long)c->n_steps, c->batch);
    hedge_say(w, "training paths=%llu first=%llu\n", (unsigned long long)c->n_paths,
              (unsigned long long)c->first_path);
    hedge_say(w, "validation paths=%llu first=%llu every=%llu\n",
              (unsigned long long)c->n_validation, (unsigned long long)c->first_validation,
              (unsigned long long)c->validate_every);
    hedge_say(w, "seed %llu\nthreshold", (unsigned long long)c->seed);
    hedge_say_number(w, "rate", c->threshold_rate);
    hedge_say(w, "\n");
}

/* The first parameters, where they are not those of the seed. */
static fel_status say_start(hedge_words *w, const fel_hedge_trainer *t)
{
    hasher *h = NULL;
    char text[HASH_TEXT_SIZE];
    if (t->config.start == NULL) {
        return FEL_OK;
    }
    FEL_TRY(hasher_create(&h));
    hasher_add(h, t->config.start, t->n_params * sizeof(float));
    hasher_text(h, text);
    hasher_destroy(h);
    hedge_say(w, "start %s\n", text);
    return FEL_OK;
}

fel_status hedge_train_describe(fel_hedge_trainer *t)
{
    hedge_words *w = t->words;
    const fel_hedge_train_config *c = &t->config;
    w->n = 0;
    hedge_say_policy(w, t->policy);
    FEL_TRY(hedge_say_problem(w, t->policy->problem));
    say_objective(w, &c->objective);
    say_optimizer(w, &c->optimizer);
    hedge_say(w, "schedule %s", c->schedule.code->name);
    hedge_say_params(w, c->schedule.code->params, c->schedule.code->n_params, c->schedule.params);
    say_paths(w, c);
    return say_start(w, t);
}

/* ---- its numbers ----------------------------------------------------------------------------- */

typedef struct saved_vector {
    char name[64];
    saved_type type;
    size_t n;
    void *values;
} saved_vector;

enum { CURVE_COLUMNS = 11 };

static void curve_to_row(const fel_hedge_curve *p, double *row)
{
    const double values[CURVE_COLUMNS] = {
        (double)p->step,    p->seconds,         p->train_loss,        p->validation_risk,
        p->validation_cost, p->validation_sd,   p->gradient_norm,     p->step_size,
        p->damping,         p->reduction_ratio, (double)p->n_rejected};
    memcpy(row, values, sizeof(values));
}

static void row_to_curve(const double *row, fel_hedge_curve *p)
{
    *p = (fel_hedge_curve){.step = (uint64_t)row[0],
                           .seconds = row[1],
                           .train_loss = row[2],
                           .validation_risk = row[3],
                           .validation_cost = row[4],
                           .validation_sd = row[5],
                           .gradient_norm = row[6],
                           .step_size = row[7],
                           .damping = row[8],
                           .reduction_ratio = row[9],
                           .n_rejected = (uint64_t)row[10]};
}

static saved_vector vector_of(const char *name, saved_type type, size_t n, void *values)
{
    saved_vector v = {"", type, n, values};
    (void)snprintf(v.name, sizeof(v.name), "%s", name);
    return v;
}

static size_t count_arrays(const fel_hedge_trainer *t)
{
    return t->kfac != NULL ? fel_kfac_count_arrays(t->kfac)
                           : fel_optimizer_count_arrays(t->optimizer);
}

/* What the optimiser keeps. */
static saved_vector array_at(fel_hedge_trainer *t, size_t index)
{
    const fel_optimizer_array array = t->kfac != NULL ? fel_kfac_array_at(t->kfac, index)
                                                      : fel_optimizer_array_at(t->optimizer, index);
    saved_vector v = {"", array.element_size == sizeof(float) ? SAVED_F32 : SAVED_F64, array.n,
                      array.values};
    (void)snprintf(v.name, sizeof(v.name), "optimizer_%.50s", array.name);
    return v;
}

enum { N_FIXED = 4, N_WITH_AVERAGE };

static size_t count_fixed(const fel_hedge_trainer *t)
{
    return t->average != NULL ? N_WITH_AVERAGE : N_FIXED;
}

static size_t count_vectors(const fel_hedge_trainer *t)
{
    return count_fixed(t) + count_arrays(t);
}

static saved_vector vector_at(fel_hedge_trainer *t, size_t index)
{
    const saved_vector fixed[N_WITH_AVERAGE] = {
        vector_of("sums", SAVED_F64, HEDGE_TRAIN_N_SUMS, t->sums),
        vector_of("parameters", SAVED_F32, t->n_params, t->params),
        vector_of("best_parameters", SAVED_F32, t->n_params, t->best),
        vector_of("good_parameters", SAVED_F32, t->n_params, t->good),
        vector_of("average", SAVED_F32, t->n_params, t->average),
    };
    const size_t n_fixed = count_fixed(t);
    return index < n_fixed ? fixed[index] : array_at(t, index - n_fixed);
}

/* ---- writing --------------------------------------------------------------------------------- */

static fel_status put_curve(hid_t file, const char *path, const fel_hedge_trainer *t)
{
    const size_t n = (size_t)t->counts[COUNT_CURVE];
    double *rows = calloc(n + 1, CURVE_COLUMNS * sizeof(*rows));
    if (rows == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to write %s", path);
    }
    for (size_t i = 0; i < n; i++) {
        curve_to_row(&t->curve[i], rows + i * CURVE_COLUMNS);
    }
    const fel_status status =
        n > 0 ? saved_put(file, path, "curve", SAVED_F64, n * CURVE_COLUMNS, rows) : FEL_OK;
    free(rows);
    return status;
}

static fel_status put_all(hid_t file, const char *path, const void *payload)
{
    fel_hedge_trainer *t = *(fel_hedge_trainer *const *)payload;
    if (h5_put_text(file, "training", t->words->text) < 0) {
        return h5_raise(FEL_ERR_IO, path, "cannot begin this file");
    }
    FEL_TRY(saved_put(file, path, "counts", SAVED_U64, HEDGE_TRAIN_N_COUNTS, t->counts));
    FEL_TRY(put_curve(file, path, t));
    for (size_t i = 0; i < count_vectors(t); i++) {
        const saved_vector v = vector_at(t, i);
        FEL_TRY(saved_put(file, path, v.name, v.type, v.n, v.values));
    }
    return FEL_OK;
}

fel_status hedge_train_save(fel_hedge_trainer *t)
{
    return sealed_write(t->checkpoint_path, &checkpoint_kind, put_all, &t);
}

/* ---- reading --------------------------------------------------------------------------------- */

static fel_status get_counts(hid_t file, const char *path, fel_hedge_trainer *t)
{
    FEL_TRY(saved_get(file, path, "counts", SAVED_U64, HEDGE_TRAIN_N_COUNTS, t->counts));
    const uint64_t steps = t->counts[COUNT_STEPS], points = t->counts[COUNT_CURVE];
    /* Points: one before the first step, one a step, and one for each time the clock ended it. */
    return steps <= t->config.n_steps && points <= 2 * (steps + 1)
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_FORMAT, "%s: more was done than there is to do", path);
}

static fel_status get_curve(hid_t file, const char *path, fel_hedge_trainer *t)
{
    const size_t n = (size_t)t->counts[COUNT_CURVE];
    double *rows = calloc(n + 1, CURVE_COLUMNS * sizeof(*rows));
    t->curve = calloc(n + 1, sizeof(*t->curve));
    t->max_curve = t->curve != NULL ? n : 0;
    fel_status status = rows != NULL && t->curve != NULL
                            ? FEL_OK
                            : FEL_RAISE(FEL_ERR_NOMEM, "no memory to read %s", path);
    if (status == FEL_OK && n > 0) {
        status = saved_get(file, path, "curve", SAVED_F64, n * CURVE_COLUMNS, rows);
    }
    for (size_t i = 0; i < n && status == FEL_OK; i++) {
        row_to_curve(rows + i * CURVE_COLUMNS, &t->curve[i]);
    }
    free(rows);
    return status;
}

static fel_status compare_words(hid_t file, const char *path, const fel_hedge_trainer *t)
{
    hedge_words *theirs = calloc(1, sizeof(*theirs));
    if (theirs == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to read %s", path);
    }
    fel_status status = h5_get_text(file, "training", theirs->text, sizeof(theirs->text)) < 0
                            ? h5_raise(FEL_ERR_FORMAT, path, "cannot read what it is a training of")
                            : hedge_words_compare(path, "not a checkpoint of this training",
                                                  theirs->text, t->words->text);
    free(theirs);
    return status;
}

static fel_status get_all(hid_t file, const char *path, void *payload)
{
    fel_hedge_trainer *t = payload;
    FEL_TRY(compare_words(file, path, t));
    FEL_TRY(get_counts(file, path, t));
    FEL_TRY(get_curve(file, path, t));
    for (size_t i = 0; i < count_vectors(t); i++) {
        const saved_vector v = vector_at(t, i);
        FEL_TRY(saved_get(file, path, v.name, v.type, v.n, v.values));
    }
    return FEL_OK;
}

fel_status hedge_train_resume(fel_hedge_trainer *t)
{
    if (access(t->checkpoint_path, F_OK) != 0) {
        return FEL_OK;
    }
    return sealed_read(t->checkpoint_path, &checkpoint_kind, get_all, t);
}
