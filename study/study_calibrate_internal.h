/* study/study_calibrate_internal.h - a study that calibrates instead of trading. */
#ifndef FEL_MODULE_STUDY
#error "study/study_calibrate_internal.h belongs to study/"
#endif
#ifndef FEL_STUDY_CALIBRATE_H
#define FEL_STUDY_CALIBRATE_H

#include "study/study_schema_internal.h"

typedef struct study_start {
    double v0, kappa, theta, xi, rho; /* NaN: not given */
} study_start;

/* The keys of `calibrate`; numbers NaN and texts NULL where they are left to the chain. */
typedef struct study_calibrate {
    const char *chain, *quote_date, *map;
    int date_format, otm_only, keep_zero_bid, keep_arbitrage, prefer_vol;
    double spot, rate_per_year, dividend_per_year;
    double min_moneyness, max_moneyness, min_years, max_years, min_vol, max_vol;
    int objective, weight;
    int64_t starts, max_iterations;
    double tolerance;
    study_start start;
    int is_present;
} study_calibrate;

extern const schema_map study_calibrate_map;
/* The root of a study file that has `calibrate`: no data, no strategy. */
extern const schema_map study_calibration_schema;

#endif
