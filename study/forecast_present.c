/* study/forecast_present.c - the report's account of a study's forecasts. */
#include <math.h>

#include "core/sum.h"
#include "study/forecast_compare_internal.h"

void forecast_contest_clear(forecast_contest *c)
{
    arena_free(&c->memory);
}

/* ---- texts ----------------------------------------------------------------------------------- */

static const char *list_text(arena *memory, const study_items *list)
{
    const study_named *items = list->items;
    const char *text = "";
    for (size_t i = 0; i < list->n && text != NULL; i++) {
        const char *item = study_named_text(memory, &items[i]);
        text = item == NULL ? NULL : arena_printf(memory, "%s%s%s", text, i == 0 ? "" : ", ", item);
    }
    return text;
}

static const char *params_text(arena *memory, const char *text, const fel_param_spec *specs,
                               const double *params, size_t n)
{
    for (size_t i = 0; i < n && text != NULL; i++) {
        char number[64];
        fel_param_format(&specs[i], params[i], number, sizeof(number));
        text = arena_printf(memory, "%s %s=%s", text, specs[i].name, number);
    }
    return text;
}

/* "lstm sequence=20 hidden=64,32 dropout=0.02" */
static const char *model_text(arena *memory, const study_model *model, const fel_network *network)
{
    const fel_network_info *info = fel_network_class_info(model->code);
    const fel_network_config *config = fel_network_describe(network);
    const char *text = arena_printf(memory, "%s sequence=%zu", model->kind, config->sequence);
    for (uint32_t i = 0; info->takes_hidden && i < config->n_hidden && text != NULL; i++) {
        text = arena_printf(memory, "%s%s%zu", text, i == 0 ? " hidden=" : ",", config->hidden[i]);
    }
    return params_text(memory, text, info->params, model->params, info->n_params);
}

/* "gmadl a=1000 b=2, adam learning_rate=0.001 ..., 100 epochs in batches of 256" */
static const char *training_text(arena *memory, const study_train *train)
{
    study_named optimizer = train->optimizer;
    const char *loss = study_named_text(memory, &train->loss);
    optimizer.params = arena_array(memory, optimizer.n_params + 1, sizeof(double));
    if (loss == NULL || optimizer.params == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < optimizer.n_params; i++) {
        optimizer.params[i] = train->optimizer.params[i];
    }
    if (!isnan(train->learning_rate)) {
        optimizer.params[0] = train->learning_rate;
    }
    const char *by = study_named_text(memory, &optimizer);
    const char *text = by == NULL ? NULL
                                  : arena_printf(memory, "%s, %s, %lld epochs", loss, by,
                                                 (long long)train->epochs);
    return text == NULL || train->batch == 0
               ? text
               : arena_printf(memory, "%s in batches of %lld", text, (long long)train->batch);
}

/* ---- windows and curves ---------------------------------------------------------------------- */

static double hit_rate(const forecast_window *w)
{
    size_t n = 0, hits = 0;
    for (size_t i = 0; i < w->n_test; i++) {
        const double product = w->points[i].value * w->points[i].earned;
        n += !isnan(product) && product != 0.0 ? 1 : 0;
        hits += product > 0.0 ? 1 : 0;
    }
    return n > 0 ? (double)hits / (double)n : (double)NAN;
}

/* Mean of the training loss's terms over the test samples whose target is known, of the seeds' mean
 * output; NaN for losses that are not a mean of terms. */
static double test_loss(const forecasts *f, const forecast_window *w, const study_named *named)
{
    const fel_loss_class *loss = named->code;
    running_sum sum = {0};
    size_t n = 0;
    for (size_t i = 0; i < w->n_test && loss->term != NULL; i++) {
        const fel_cvec outputs = {w->outputs + i * f->n_seeds, f->n_seeds};
        double slope = 0.0;
        if (!isnan(w->points[i].target)) {
            running_add(&sum,
                        loss->term(named->params, w->points[i].target, mean_of(outputs), &slope));
            n++;
        }
    }
    return n > 0 ? running_value(&sum) / (double)n : (double)NAN;
}

static fel_status add_windows(forecast_contest *c, const forecasts *f)
{
    fel_forecast_window *list = arena_array(&c->memory, f->n_done, sizeof(*list));
    if (list == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu windows", f->n_done);
    }
    for (size_t i = 0; i < f->n_done; i++) {
        const forecast_window *w = &f->windows[i];
        const int validates = w->n_validation > 0;
        const fel_forecast_window row = {
            .train_from_ns = w->span.train.from_ns,
            .validation_from_ns = validates ? w->span.validation.from_ns : w->span.train.to_ns,
            .train_to_ns = validates ? w->span.validation.to_ns : w->span.train.to_ns,
            .test_from_ns = w->span.test.from_ns,
            .test_to_ns = w->span.test.to_ns,
            .n_train = w->n_train,
            .n_validation = w->n_validation,
            .n_test = w->n_test,
            .n_trials = f->n_trials,
            .n_failed = w->n_failed,
            .pick = f->trials[w->best].name,
            .validation_score = w->score,
            .test_loss = test_loss(f, w, &f->trials[w->best].values->train.loss),
            .hit_rate = hit_rate(w)};
        list[i] = row;
    }
    c->report.windows = list;
    c->report.n_windows = f->n_done;
    return FEL_OK;
}

static fel_status copy_curve(arena *memory, const forecast_fit *fit, fel_forecast_curve *out)
{
    const size_t n = fit->n_epochs;
    double *numbers = arena_array(memory, 3 * n + 1, sizeof(*numbers));
    if (numbers == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu epochs", n);
    }
    for (size_t i = 0; i < n; i++) {
        numbers[i] = fit->curve[i].train_loss;
        numbers[n + i] = fit->curve[i].validation_loss;
        numbers[2 * n + i] = fit->curve[i].selection;
    }
    out->n_epochs = n;
    out->best_epoch = fit->best_epoch;
    out->train_loss = numbers;
    out->validation_loss = numbers + n;
    out->selection = numbers + 2 * n;
    return FEL_OK;
}

static fel_status add_curves(forecast_contest *c, const forecasts *f)
{
    const size_t n = f->n_done * f->n_seeds;
    fel_forecast_curve *list = arena_array(&c->memory, n, sizeof(*list));
    if (list == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu curves", n);
    }
    for (size_t i = 0; i < n; i++) {
        list[i].window = i / f->n_seeds;
        list[i].seed = i % f->n_seeds;
        FEL_TRY(copy_curve(&c->memory, &f->windows[list[i].window].fits[list[i].seed], &list[i]));
    }
    c->report.curves = list;
    c->report.n_curves = n;
    return FEL_OK;
}

/* ---- the report ------------------------------------------------------------------------------ */

static fel_status add_texts(forecast_contest *c, const fel_study *study, const forecasts *f)
{
    const study_values *v = &study->values;
    fel_forecast_report *r = &c->report;
    /* What was searched is as the last window chose it. */
    const forecast_trial *last = &f->trials[f->windows[f->n_done - 1].best];
    r->model_text = model_text(&c->memory, &last->values->model, last->network);
    r->features_text = list_text(&c->memory, &v->features);
    r->target_text = study_named_text(&c->memory, &v->target);
    r->scaling_text = study_named_text(&c->memory, &v->scaling);
    r->training_text = training_text(&c->memory, &last->values->train);
    r->loss_name = v->train.loss.name;
    r->selection_name = v->train.select_by != NULL ? v->train.select_by : v->train.loss.name;
    return r->model_text != NULL && r->features_text != NULL && r->target_text != NULL &&
                   r->scaling_text != NULL && r->training_text != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
}

fel_status forecast_present(forecast_contest *c, const fel_study *study, const forecasts *model)
{
    fel_forecast_report *r = &c->report;
    r->struct_size = (uint32_t)sizeof(*r);
    r->n_seeds = (uint32_t)model->n_seeds;
    r->n_params =
        fel_network_count_params(model->trials[model->windows[model->n_done - 1].best].network);
    r->n_fits = (uint64_t)(model->n_done * model->n_trials * model->n_seeds);
    r->rivals = c->rows;
    r->n_rivals = c->n_rows;
    r->has_zero_gradient = (((const fel_loss_class *)study->values.train.loss.code)->flags &
                            FEL_LOSS_HAS_GRADIENT) == 0;
    r->facts = c->facts;
    r->n_facts = c->n_facts;
    FEL_TRY(add_texts(c, study, model));
    FEL_TRY(add_windows(c, model));
    return add_curves(c, model);
}
