/* study/fit_internal.h - a calibration's report as it is filled. */
#ifndef FEL_MODULE_STUDY
#error "study/fit_internal.h belongs to study/"
#endif
#ifndef FEL_STUDY_FIT_INTERNAL_H
#define FEL_STUDY_FIT_INTERNAL_H

#include <feller/calibration_run.h>

#include "core/core.h"

struct fel_calibration_run {
    arena memory;
    const char *title, *path;
    fel_chain_options chain_options;
    fel_calibrate_options options; /* without start and callbacks, which are the caller's */
    int has_start;
    fel_chain chain;
    fel_calibration fit;
    fel_calibration_report report;
};

/* Everything of the report but manifest and wall clock, from chain and fit. */
fel_status fit_fill_report(fel_calibration_run *run);
/* The model's smile of each maturity on strikes of its own. */
fel_status fit_fill_curves(fel_calibration_run *run);
/* What was asked for, as pairs. */
fel_status fit_fill_settings(fel_calibration_run *run);

/* ERR_NOMEM if there is none. */
fel_status fit_need(const void *memory);

#endif
