/* study/forecast_run.c - a study's forecasts from its data: prepare, fit, publish. */
#include <string.h>

#include "study/forecast_internal.h"

void forecasts_clear(forecasts *f)
{
    for (size_t i = 0; i < f->n_windows && f->windows != NULL; i++) {
        forecast_window_clear(&f->windows[i], f->n_seeds);
    }
    for (size_t i = 0; i < f->n_trials; i++) {
        fel_network_destroy(f->trials[i].network);
        fel_panel_destroy(f->trials[i].panel);
        fel_study_destroy(f->trials[i].variant);
    }
    fel_windows_clear(&f->spans);
    arena_free(&f->memory);
    memset(f, 0, sizeof(*f));
}

/* The strategy trades from the first test span to the end of the last one that is done. */
static void set_window(const forecasts *f, dataset *data)
{
    data->window.trade_ns = f->windows[0].span.test.from_ns;
    data->window.to_ns = f->windows[f->n_done - 1].span.test.to_ns;
}

static fel_status make(forecasts *out, const fel_study *study, dataset *data,
                       const fel_run_options *options)
{
    out->n_before = data->list.n;
    FEL_TRY(forecast_prepare(out, study, data));
    FEL_TRY(forecast_fit_all(out, study, options));
    set_window(out, data);
    return forecast_publish(out, data);
}

fel_status forecasts_make(forecasts *out, const fel_study *study, dataset *data,
                          const fel_run_options *options)
{
    memset(out, 0, sizeof(*out));
    const fel_status status = make(out, study, data, options);
    if (status != FEL_OK) {
        forecasts_clear(out);
    }
    return status;
}

fel_status forecasts_check(const fel_study *study, dataset *data)
{
    forecasts f = {0};
    fel_status status = forecast_prepare(&f, study, data);
    if (status == FEL_OK) {
        status = forecast_publish(&f, data);
    }
    forecasts_clear(&f);
    return status;
}
