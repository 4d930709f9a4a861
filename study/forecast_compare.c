/* study/forecast_compare.c - the model beside its rivals: each traded by the same strategy over the
 * same windows at the same costs, with tests whether the difference is more than luck. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <feller/inference.h>

#include "study/forecast_compare_internal.h"

/* What a comparison is made of. */
typedef struct contest {
    const fel_study *study;
    const dataset *data; /* with the model's forecasts */
    const forecasts *model;
    const outcome *made; /* of the model */
    const outcome_options *options;
    equity_line line; /* of the model */
    forecast_contest *out;
} contest;

/* ---- tests ----------------------------------------------------------------------------------- */

static double not_known(void)
{
    return (double)NAN;
}

/* Losses are minus returns: above 0, the model earns more. */
static fel_status test_returns(const contest *c, const equity_line *rival, fel_forecast_rival *row)
{
    const size_t n = c->line.n;
    fel_dm_result dm = {.statistic = not_known(), .p_value = not_known()};
    double *losses = arena_array(&c->out->memory, 2 * n + 1, sizeof(*losses));
    if (losses == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu days", n);
    }
    for (size_t i = 0; i < n && rival->n == n; i++) {
        losses[i] = -rival->returns[i];
        losses[n + i] = -c->line.returns[i];
    }
    const fel_cvec theirs = {losses, n}, ours = {losses + n, n};
    if (rival->n == n && n > 2) {
        FEL_TRY(fel_diebold_mariano(theirs, ours, FEL_LAGS_AUTOMATIC, &dm));
    }
    row->dm_statistic = dm.statistic;
    row->dm_p_value = dm.p_value;
    return FEL_OK;
}

/* Mean squared errors of an instant, over the series that both have forecast. */
typedef struct error_line {
    double *ours, *theirs;
    size_t n, n_here; /* instants; series of the latest */
    int64_t latest_ns;
} error_line;

static void add_errors(error_line *line, const forecast_point *p, double other)
{
    const double a = (p->value - p->target) * (p->value - p->target);
    const double b = (other - p->target) * (other - p->target);
    if (line->n == 0 || p->time_ns != line->latest_ns) {
        line->latest_ns = p->time_ns;
        line->n_here = 0;
        line->ours[line->n] = 0.0;
        line->theirs[line->n++] = 0.0;
    }
    line->n_here++;
    line->ours[line->n - 1] += (a - line->ours[line->n - 1]) / (double)line->n_here;
    line->theirs[line->n - 1] += (b - line->theirs[line->n - 1]) / (double)line->n_here;
}

/* The rival's forecast of the same instant and series from place *k on; NULL if it has none. */
static const forecast_point *same_sample(const forecast_window *w, const forecast_point *p,
                                         size_t *k)
{
    while (*k < w->n_test && w->points[*k].time_ns < p->time_ns) {
        ++*k;
    }
    size_t m = *k;
    while (m < w->n_test && w->points[m].time_ns == p->time_ns &&
           w->points[m].series != p->series) {
        m++;
    }
    return m < w->n_test && w->points[m].time_ns == p->time_ns ? &w->points[m] : NULL;
}

static void list_errors(const forecasts *model, const forecasts *rival, error_line *line)
{
    for (size_t i = 0; i < model->n_done && i < rival->n_done; i++) {
        const forecast_window *w = &model->windows[i];
        size_t k = 0;
        for (size_t j = 0; j < w->n_test; j++) {
            const forecast_point *other = same_sample(&rival->windows[i], &w->points[j], &k);
            if (other != NULL && !isnan(w->points[j].target)) {
                add_errors(line, &w->points[j], other->value);
            }
        }
    }
}

/* Only outputs that are estimates of the target have errors. */
static int estimates_target(const study_values *v)
{
    const fel_loss_class *loss = v->train.loss.code;
    return loss->kind == FEL_LOSS_REGRESSION && strcmp(loss->name, "quantile") != 0 &&
           v->model.output == 0 && v->model.ensemble == 0;
}

static fel_status test_errors(const contest *c, const forecasts *rival, fel_forecast_rival *row)
{
    const size_t n_most = forecast_count_points(c->model);
    fel_dm_result dm;
    error_line line = {.ours = arena_array(&c->out->memory, n_most + 1, sizeof(double)),
                       .theirs = arena_array(&c->out->memory, n_most + 1, sizeof(double))};
    if (line.ours == NULL || line.theirs == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu forecasts", n_most);
    }
    list_errors(c->model, rival, &line);
    const fel_cvec first = {line.theirs, line.n}, second = {line.ours, line.n};
    if (line.n > 2) {
        FEL_TRY(fel_diebold_mariano(first, second, FEL_LAGS_AUTOMATIC, &dm));
        row->dm_error_statistic = dm.statistic;
        row->dm_error_p_value = dm.p_value;
    }
    return FEL_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static fel_status fill(const contest *c, fel_forecast_rival *row, const outcome *made,
                       equity_line *line)
{
    FEL_TRY(score_variant(&row->numbers, c->study, made));
    FEL_TRY(score_days(made->result, &c->out->memory, line));
    row->numbers.name = row->name;
    row->numbers.order_hash = arena_text(&c->out->memory, made->result->order_hash);
    row->dm_statistic = not_known();
    row->dm_p_value = not_known();
    row->dm_error_statistic = not_known();
    row->dm_error_p_value = not_known();
    row->days_ns = line->days_ns;
    row->equity = line->equity;
    row->n_days = line->n;
    return row->numbers.order_hash != NULL ? FEL_OK
                                           : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a rival");
}

/* The rival's forecasts in the place of the model's. */
static fel_status trade(const contest *c, const forecasts *rival, outcome *made)
{
    dataset data = *c->data;
    memset(&data.list, 0, sizeof(data.list));
    fel_status status = FEL_OK;
    for (size_t i = 0; i < c->model->n_before && status == FEL_OK; i++) {
        status = ARRAY_PUSH(&data.list, c->data->list.items[i]);
    }
    if (status == FEL_OK) {
        status = forecast_publish(rival, c->study, &data);
    }
    if (status == FEL_OK) {
        status = outcome_make(made, c->study, &data, c->options);
    }
    for (size_t i = c->model->n_before; i < data.list.n; i++) {
        fel_series_destroy(data.list.items[i].series);
    }
    free(data.list.items);
    return status;
}

static fel_status add_rival(const contest *c, size_t index)
{
    forecasts rival;
    outcome made;
    equity_line line;
    fel_forecast_rival *row = &c->out->rows[c->out->n_rows];
    row->name = forecast_rival_name(index, &row->label);
    fel_status status = forecast_rival(&rival, index, c->study, c->data, c->model);
    if (status == FEL_OK) {
        status = trade(c, &rival, &made);
    }
    if (status == FEL_OK) {
        status = fill(c, row, &made, &line);
        if (status == FEL_OK) {
            status = test_returns(c, &line, row);
        }
        outcome_clear(&made);
    }
    if (status == FEL_OK && estimates_target(&c->study->values) &&
        forecast_rival_estimates(index)) {
        status = test_errors(c, &rival, row);
    }
    forecasts_clear(&rival);
    c->out->n_rows += status == FEL_OK ? 1 : 0;
    return status;
}

static fel_status add_all(contest *c)
{
    const size_t n = forecast_count_rivals() + 1;
    c->out->rows = arena_array(&c->out->memory, n, sizeof(*c->out->rows));
    if (c->out->rows == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu rivals", n);
    }
    c->out->rows[0].name = "model";
    c->out->rows[0].label = c->study->values.model.kind;
    FEL_TRY(fill(c, &c->out->rows[0], c->made, &c->line));
    c->out->n_rows = 1;
    for (size_t i = 0; i + 1 < n; i++) {
        FEL_TRY(add_rival(c, i));
    }
    return FEL_OK;
}

fel_status forecast_compare(forecast_contest *out, const fel_study *study, const dataset *data,
                            const forecasts *model, const outcome *made, const sweep *variants,
                            const fel_run_options *options)
{
    fel_run_options quiet = *options;
    quiet.progress = NULL;
    quiet.stop_flag = NULL;
    const outcome_options how = {.run = &quiet, .record = FEL_RECORD_DAILY, .n_threads = 1};
    contest c = {
        .study = study, .data = data, .model = model, .made = made, .options = &how, .out = out};
    FEL_TRY(add_all(&c));
    FEL_TRY(forecast_facts(out, study, model, &c.line, made->periods_per_year));
    return forecast_deflate(out, variants, &c.line, made->periods_per_year,
                            study->values.cash_rate_per_year);
}
