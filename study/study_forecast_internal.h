/* study/study_forecast_internal.h - what a study says about forecasters: features, target, scaling,
 * model, training. */
#ifndef FEL_STUDY_FORECAST_H
#define FEL_STUDY_FORECAST_H

#ifndef FEL_MODULE_STUDY
#error "study/study_forecast_internal.h belongs to study/"
#endif

#include <feller/metric.h>
#include <feller/model.h>

#include "study/study_named_internal.h"

typedef struct study_model {
    const char *kind;
    const fel_network_class *code; /* of kind */
    double *params;                /* in the order of its table */
    study_sizes hidden;            /* none: the class's */
    int64_t sequence, seeds;
    int ensemble; /* 0 mean of the seeds' outputs, 1 vote of their signs */
    int output;   /* 0 raw, 1 quantile among the outputs on the validation samples */
    int is_present;
} study_model;

typedef struct study_train {
    study_named loss, optimizer, schedule;
    double learning_rate, clip_norm, clip_value, average_decay, select_fee_bps;
    const char *select_by;
    int64_t epochs, batch, patience;
    int shuffle, average, any_loss;
} study_train;

extern const schema_map study_model_map, study_train_map;

#endif
