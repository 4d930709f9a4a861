/* reports/forecast_copy.c - the forecasting study's part of a report: checked, and copied whole. */
#include "reports/simulation_internal.h"

/* ---- checks ---------------------------------------------------------------------------------- */

static fel_status check_curves(const fel_forecast_report *f)
{
    FEL_TRY(check_array(f->curves, f->n_curves, "forecast.curves"));
    for (size_t i = 0; i < f->n_curves; i++) {
        if (f->curves[i].window >= f->n_windows) {
            return FEL_RAISE(FEL_ERR_ARG, "forecast.curves[%zu] is of window %zu, there are %zu", i,
                             f->curves[i].window, f->n_windows);
        }
    }
    return FEL_OK;
}

static fel_status check_line(const fel_forecast_rival *rival)
{
    FEL_TRY(check_array(rival->days_ns, rival->n_days, "days_ns of a rival"));
    FEL_TRY(check_array(rival->equity, rival->n_days, "equity of a rival"));
    for (size_t i = 1; i < rival->n_days; i++) {
        if (rival->days_ns[i] <= rival->days_ns[i - 1]) {
            return FEL_RAISE(FEL_ERR_ARG, "%s: days_ns[%zu] is not after the one before",
                             rival->name, i);
        }
    }
    return FEL_OK;
}

static fel_status check_names(const char *name, const char *label, const char *what, size_t i)
{
    if (name == NULL || label == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "forecast.%s[%zu] has no name or no label; it needs both",
                         what, i);
    }
    return FEL_OK;
}

static fel_status check_forecast(const fel_forecast_report *f)
{
    if (f->struct_size != sizeof(*f)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_forecast_report has %u bytes, this library's has %zu",
                         f->struct_size, sizeof(*f));
    }
    FEL_TRY(check_array(f->windows, f->n_windows, "forecast.windows"));
    FEL_TRY(check_array(f->rivals, f->n_rivals, "forecast.rivals"));
    FEL_TRY(check_array(f->facts, f->n_facts, "forecast.facts"));
    for (size_t i = 0; i < f->n_rivals; i++) {
        FEL_TRY(check_names(f->rivals[i].name, f->rivals[i].label, "rivals", i));
        FEL_TRY(check_line(&f->rivals[i]));
    }
    for (size_t i = 0; i < f->n_facts; i++) {
        FEL_TRY(check_names(f->facts[i].name, f->facts[i].label, "facts", i));
    }
    return check_curves(f);
}

/* ---- copies ---------------------------------------------------------------------------------- */

/* Replace borrowed texts by own ones. */
static fel_status own_texts(fel_report *r, const char **const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        FEL_TRY(report_text_copy(r, *texts[i], texts[i]));
    }
    return FEL_OK;
}

static fel_status own_numbers(fel_report *r, size_t n, const double **values)
{
    void *items;
    if (*values != NULL) {
        FEL_TRY(report_copy_array(r, *values, n, sizeof(double), &items));
        *values = items;
    }
    return FEL_OK;
}

static fel_status own_windows(fel_report *r, fel_forecast_report *f)
{
    void *items;
    FEL_TRY(report_copy_array(r, f->windows, f->n_windows, sizeof(*f->windows), &items));
    fel_forecast_window *windows = items;
    for (size_t i = 0; i < f->n_windows; i++) {
        FEL_TRY(report_text_copy(r, windows[i].pick, &windows[i].pick));
    }
    f->windows = windows;
    return FEL_OK;
}

static fel_status own_curves(fel_report *r, fel_forecast_report *f)
{
    void *items;
    FEL_TRY(report_copy_array(r, f->curves, f->n_curves, sizeof(*f->curves), &items));
    fel_forecast_curve *curves = items;
    for (size_t i = 0; i < f->n_curves; i++) {
        FEL_TRY(own_numbers(r, curves[i].n_epochs, &curves[i].train_loss));
        FEL_TRY(own_numbers(r, curves[i].n_epochs, &curves[i].validation_loss));
        FEL_TRY(own_numbers(r, curves[i].n_epochs, &curves[i].selection));
    }
    f->curves = curves;
    return FEL_OK;
}

static fel_status own_rivals(fel_report *r, fel_forecast_report *f)
{
    void *items;
    FEL_TRY(report_copy_array(r, f->rivals, f->n_rivals, sizeof(*f->rivals), &items));
    fel_forecast_rival *rivals = items;
    for (size_t i = 0; i < f->n_rivals; i++) {
        fel_forecast_rival *x = &rivals[i];
        const char **const texts[] = {&x->name, &x->label, &x->numbers.name,
                                      &x->numbers.order_hash};
        FEL_TRY(own_texts(r, texts, sizeof(texts) / sizeof(texts[0])));
        FEL_TRY(report_copy_array(r, x->days_ns, x->n_days, sizeof(*x->days_ns), &items));
        x->days_ns = items;
        FEL_TRY(own_numbers(r, x->n_days, &x->equity));
    }
    f->rivals = rivals;
    return FEL_OK;
}

static fel_status own_facts(fel_report *r, fel_forecast_report *f)
{
    void *items;
    FEL_TRY(report_copy_array(r, f->facts, f->n_facts, sizeof(*f->facts), &items));
    fel_forecast_fact *facts = items;
    for (size_t i = 0; i < f->n_facts; i++) {
        const char **const texts[] = {&facts[i].name, &facts[i].label, &facts[i].convention};
        FEL_TRY(own_texts(r, texts, sizeof(texts) / sizeof(texts[0])));
    }
    f->facts = facts;
    return FEL_OK;
}

fel_status report_fill_forecast(fel_report *r, const fel_forecast_report *forecast)
{
    void *items;
    if (forecast == NULL) {
        return FEL_OK;
    }
    FEL_TRY(check_forecast(forecast));
    FEL_TRY(report_copy_array(r, forecast, 1, sizeof(*forecast), &items));
    fel_forecast_report *f = items;
    const char **const texts[] = {&f->model_text,    &f->features_text, &f->target_text,
                                  &f->scaling_text,  &f->training_text, &f->loss_name,
                                  &f->selection_name};
    FEL_TRY(own_texts(r, texts, sizeof(texts) / sizeof(texts[0])));
    FEL_TRY(own_windows(r, f));
    FEL_TRY(own_curves(r, f));
    FEL_TRY(own_rivals(r, f));
    FEL_TRY(own_facts(r, f));
    r->forecast = f;
    return forecast_fill_notes(r);
}
