/* feller/report_forecast.h - what a report of a forecasting study shows beside the ordinary one:
 * training, forecasts, rivals, tests. */
#ifndef FEL_REPORT_FORECAST_H
#define FEL_REPORT_FORECAST_H

#include <feller/report.h>

FEL_BEGIN_DECLS

/* Training of one network, epoch by epoch; NaN where a number was not computed. */
typedef struct fel_forecast_curve {
    size_t window, seed;         /* from 0 */
    size_t n_epochs, best_epoch; /* from 0; n_epochs or more: none is the best */
    const double *train_loss, *validation_loss, *selection; /* n_epochs each, or NULL */
} fel_forecast_curve;

/* One train and test window. Training and validation samples are known in (train_from, train_to],
 * forecasts were made in (test_from, test_to]. */
typedef struct fel_forecast_window {
    int64_t train_from_ns, validation_from_ns, train_to_ns, test_from_ns, test_to_ns;
    uint64_t n_train, n_validation, n_test; /* samples */
    uint64_t n_trials, n_failed;
    const char *pick;        /* chosen hyper-parameters, "" where there was nothing to choose */
    double validation_score; /* of the pick, by selection_name */
    double test_loss;        /* of the training loss on the test samples; NaN where not defined */
    double hit_rate;         /* share of test samples whose forecast has the target's sign */
} fel_forecast_window;

/* Another forecaster over the same windows, traded by the same strategy, same costs; the first row
 * is the model itself. Tests compare daily net P&L with the model's; NaN where not computed. */
typedef struct fel_forecast_rival {
    const char *name, *label;
    fel_report_variant numbers;
    double dm_statistic, dm_p_value; /* Diebold-Mariano on net returns, two-sided; > 0: the
                                        model earns more */
    double dm_error_statistic, dm_error_p_value; /* on squared errors, models of returns alone */
    size_t n_days;
    const int64_t *days_ns; /* equity line, borrowed; NULL: none */
    const double *equity;
} fel_forecast_rival;

/* A named number with how it was computed, such as the circular-shift test's p-value. */
typedef struct fel_forecast_fact {
    const char *name, *label, *convention;
    double value;
    fel_metric_unit unit;
} fel_forecast_fact;

/* Put into fel_report_input.forecast; the report copies all of it. Texts that are NULL count as "",
 * counts of 0 with NULL arrays leave a part out. */
struct fel_forecast_report {
    uint32_t struct_size; /* sizeof(fel_forecast_report) */
    uint32_t n_seeds;
    const char *model_text;    /* "lstm sequence=20 hidden=64,32 dropout=0.02" */
    const char *features_text; /* "return, sma_ratio bars=20" */
    const char *target_text, *scaling_text;
    const char *training_text; /* "gmadl a=1000 b=2, adam learning_rate=0.001, 100 epochs" */
    const char *loss_name, *selection_name;
    uint64_t n_params; /* of one network */
    uint64_t n_fits;   /* networks trained: windows x trials x seeds */
    const fel_forecast_window *windows;
    size_t n_windows;
    const fel_forecast_curve *curves;
    size_t n_curves;
    const fel_forecast_rival *rivals;
    size_t n_rivals;
    const fel_forecast_fact *facts;
    size_t n_facts;
    uint32_t has_zero_gradient; /* 1: the training loss has no slope to learn from (exact MADL) */
};

FEL_END_DECLS
#endif
