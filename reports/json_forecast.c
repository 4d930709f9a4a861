/* reports/json_forecast.c - the forecasting study of a report as JSON: windows, rivals, training
 * curves, facts.
 *
 * Lines that are only drawn are rounded and, where they are many, thinned, so that the page stays
 * small: training.csv and equity.csv have all of them. */
#include <string.h>

#include "reports/simulation_internal.h"

enum { MOST_EPOCHS = 10000, MOST_DAYS = 3000, CURVE_DIGITS = 5, LINE_DIGITS = 8, DAY_SIZE = 10 };

/* ---- windows --------------------------------------------------------------------------------- */

static const char *const window_columns[] = {
    "train_from", "validation_from",  "train_to",  "test_from", "test_to",
    "n_train",    "n_validation",     "n_test",    "n_trials",  "n_failed",
    "pick",       "validation_score", "test_loss", "hit_rate"};
enum { N_WINDOW_COLUMNS = sizeof(window_columns) / sizeof(window_columns[0]) };

static void put_window(json_writer *w, const fel_forecast_window *x)
{
    json_list_begin(w, NULL);
    json_put_instant(w, NULL, x->train_from_ns);
    json_put_instant(w, NULL, x->validation_from_ns);
    json_put_instant(w, NULL, x->train_to_ns);
    json_put_instant(w, NULL, x->test_from_ns);
    json_put_instant(w, NULL, x->test_to_ns);
    json_put_count(w, NULL, x->n_train);
    json_put_count(w, NULL, x->n_validation);
    json_put_count(w, NULL, x->n_test);
    json_put_count(w, NULL, x->n_trials);
    json_put_count(w, NULL, x->n_failed);
    json_put_text(w, NULL, x->pick);
    json_put_number(w, NULL, x->validation_score);
    json_put_number(w, NULL, x->test_loss);
    json_put_number(w, NULL, x->hit_rate);
    json_list_end(w);
}

static void put_windows(json_writer *w, const fel_forecast_report *f)
{
    json_map_begin(w, "windows");
    json_put_table_head(w, window_columns, N_WINDOW_COLUMNS);
    json_list_begin(w, "rows");
    for (size_t i = 0; i < f->n_windows; i++) {
        put_window(w, &f->windows[i]);
    }
    json_list_end(w);
    json_map_end(w);
}

/* ---- rivals ---------------------------------------------------------------------------------- */

static int is_same_days(const fel_forecast_rival *a, const fel_forecast_rival *b)
{
    return a->n_days == b->n_days &&
           memcmp(a->days_ns, b->days_ns, a->n_days * sizeof(*a->days_ns)) == 0;
}

static void put_days(json_writer *w, const fel_forecast_rival *rival)
{
    const size_t stride = stride_of(rival->n_days, MOST_DAYS);
    json_list_begin(w, "day");
    for (size_t i = 0; i < rival->n_days; i++) {
        if (i % stride == 0 || i + 1 == rival->n_days) {
            char day[48];
            fel_time_format(rival->days_ns[i], day, sizeof(day));
            day[DAY_SIZE] = '\0';
            json_put_text(w, NULL, day);
        }
    }
    json_list_end(w);
}

/* The equity line; days only where they are not those of the row before. */
static void put_line(json_writer *w, const fel_forecast_rival *rival,
                     const fel_forecast_rival *before)
{
    const size_t stride = stride_of(rival->n_days, MOST_DAYS);
    if (rival->n_days == 0 || (before != NULL && is_same_days(rival, before))) {
        json_put_null(w, "day");
    } else {
        put_days(w, rival);
    }
    if (rival->n_days == 0) {
        json_put_null(w, "equity");
        return;
    }
    json_list_begin(w, "equity");
    for (size_t i = 0; i < rival->n_days; i++) {
        if (i % stride == 0 || i + 1 == rival->n_days) {
            json_put_rounded(w, NULL, rival->equity[i], LINE_DIGITS);
        }
    }
    json_list_end(w);
}

static void put_rivals(json_writer *w, const fel_forecast_report *f)
{
    json_list_begin(w, "rivals");
    for (size_t i = 0; i < f->n_rivals; i++) {
        const fel_forecast_rival *x = &f->rivals[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", x->name);
        json_put_text(w, "label", x->label);
        json_put_variant(w, &x->numbers);
        json_put_number(w, "dm_statistic", x->dm_statistic);
        json_put_number(w, "dm_p_value", x->dm_p_value);
        json_put_number(w, "dm_error_statistic", x->dm_error_statistic);
        json_put_number(w, "dm_error_p_value", x->dm_error_p_value);
        put_line(w, x, i > 0 ? x - 1 : NULL);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- training curves ------------------------------------------------------------------------- */

static int is_kept(const fel_forecast_curve *c, size_t epoch, size_t stride)
{
    return epoch % stride == 0 || epoch == c->best_epoch || epoch + 1 == c->n_epochs;
}

static void put_epochs(json_writer *w, const fel_forecast_curve *c, size_t stride)
{
    if (stride == 1) {
        json_put_null(w, "epoch");
        return;
    }
    json_list_begin(w, "epoch");
    for (size_t i = 0; i < c->n_epochs; i++) {
        if (is_kept(c, i, stride)) {
            json_put_count(w, NULL, i);
        }
    }
    json_list_end(w);
}

static void put_curve_line(json_writer *w, const char *key, const fel_forecast_curve *c,
                           const double *values, size_t stride)
{
    if (values == NULL) {
        json_put_null(w, key);
        return;
    }
    json_list_begin(w, key);
    for (size_t i = 0; i < c->n_epochs; i++) {
        if (is_kept(c, i, stride)) {
            json_put_rounded(w, NULL, values[i], CURVE_DIGITS);
        }
    }
    json_list_end(w);
}

static void put_curves(json_writer *w, const fel_forecast_report *f)
{
    size_t n_epochs = 0;
    for (size_t i = 0; i < f->n_curves; i++) {
        n_epochs += f->curves[i].n_epochs;
    }
    const size_t stride = stride_of(n_epochs, MOST_EPOCHS);
    json_list_begin(w, "curves");
    for (size_t i = 0; i < f->n_curves; i++) {
        const fel_forecast_curve *c = &f->curves[i];
        json_map_begin(w, NULL);
        json_put_count(w, "window", c->window);
        json_put_count(w, "seed", c->seed);
        json_put_count(w, "n_epochs", c->n_epochs);
        if (c->best_epoch < c->n_epochs) {
            json_put_count(w, "best_epoch", c->best_epoch);
        } else {
            json_put_null(w, "best_epoch");
        }
        put_epochs(w, c, stride);
        put_curve_line(w, "train_loss", c, c->train_loss, stride);
        put_curve_line(w, "validation_loss", c, c->validation_loss, stride);
        put_curve_line(w, "selection", c, c->selection, stride);
        json_map_end(w);
    }
    json_list_end(w);
}

/* ---- the section ----------------------------------------------------------------------------- */

static void put_facts(json_writer *w, const fel_forecast_report *f)
{
    json_list_begin(w, "facts");
    for (size_t i = 0; i < f->n_facts; i++) {
        json_map_begin(w, NULL);
        json_put_text(w, "name", f->facts[i].name);
        json_put_text(w, "label", f->facts[i].label);
        json_put_text(w, "unit", report_unit_name(f->facts[i].unit));
        json_put_number(w, "value", f->facts[i].value);
        json_put_text(w, "convention", f->facts[i].convention);
        json_map_end(w);
    }
    json_list_end(w);
}

static void put_notes(json_writer *w, const fel_report *r)
{
    json_list_begin(w, "notes");
    for (size_t i = 0; i < r->n_forecast_notes; i++) {
        json_take_note(w, r->forecast_notes[i].key, r->forecast_notes[i].value);
    }
    json_list_end(w);
}

void json_forecast(json_writer *w, const fel_report *r)
{
    const fel_forecast_report *f = r->forecast;
    if (f == NULL) {
        json_put_null(w, NULL);
        return;
    }
    json_map_begin(w, NULL);
    json_put_text(w, "model", f->model_text);
    json_put_text(w, "features", f->features_text);
    json_put_text(w, "target", f->target_text);
    json_put_text(w, "scaling", f->scaling_text);
    json_put_text(w, "training", f->training_text);
    json_put_text(w, "loss", f->loss_name);
    json_put_text(w, "selection", f->selection_name);
    json_put_count(w, "n_params", f->n_params);
    json_put_count(w, "n_seeds", f->n_seeds);
    json_put_count(w, "n_fits", f->n_fits);
    put_notes(w, r);
    put_facts(w, f);
    put_rivals(w, f);
    put_windows(w, f);
    put_curves(w, f);
    json_map_end(w);
}
