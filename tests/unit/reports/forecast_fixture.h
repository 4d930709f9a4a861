/* tests/unit/reports/forecast_fixture.h - a forecasting study made by hand: two windows, two seeds,
 * a model with two rivals, three facts; what can be missing is missing somewhere. */
#ifndef FEL_TESTS_FORECAST_FIXTURE_H
#define FEL_TESTS_FORECAST_FIXTURE_H

#include <feller/report_forecast.h>

enum { FORECAST_WINDOWS = 2, FORECAST_CURVES = 4, FORECAST_RIVALS = 3, FORECAST_FACTS = 3 };
enum { FORECAST_EPOCHS = 5, FORECAST_DAYS = 4 };

/* Plain data; `report` points into the rest, so it is not to be copied or moved. */
typedef struct forecast_fixture {
    double train_loss[FORECAST_CURVES][FORECAST_EPOCHS];
    double validation_loss[FORECAST_CURVES][FORECAST_EPOCHS];
    double selection[FORECAST_CURVES][FORECAST_EPOCHS];
    int64_t days_ns[FORECAST_DAYS];
    double equity[FORECAST_RIVALS][FORECAST_DAYS];
    char pick[64], label[64];
    fel_forecast_window windows[FORECAST_WINDOWS];
    fel_forecast_curve curves[FORECAST_CURVES];
    fel_forecast_rival rivals[FORECAST_RIVALS];
    fel_forecast_fact facts[FORECAST_FACTS];
    fel_forecast_report report;
} forecast_fixture;

void forecast_fixture_make(forecast_fixture *x);

#endif
