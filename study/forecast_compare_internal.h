/* study/forecast_compare_internal.h - what a report of forecasts is put together from. */
#ifndef FEL_STUDY_FORECAST_COMPARE_H
#define FEL_STUDY_FORECAST_COMPARE_H

#ifndef FEL_MODULE_STUDY
#error "study/forecast_compare_internal.h belongs to study/"
#endif

#include "study/forecast_internal.h"

/* Everything that the report shows about forecasts. Zero-initialise. */
typedef struct forecast_contest {
    arena memory;
    fel_forecast_rival *rows; /* the model first */
    size_t n_rows;
    fel_forecast_fact *facts;
    size_t n_facts;
    fel_forecast_report report;
} forecast_contest;

/* Rows with tests, then facts. */
fel_status forecast_compare(forecast_contest *out, const fel_study *study, const dataset *data,
                            const forecasts *model, const outcome *made, const sweep *variants,
                            const fel_run_options *options);
void forecast_contest_clear(forecast_contest *c);

/* Timing, correlation, probabilities of skill. */
fel_status forecast_facts(forecast_contest *out, const fel_study *study, const forecasts *model,
                          const equity_line *line, double periods_per_year);
fel_status forecast_deflate(forecast_contest *out, const sweep *variants, const equity_line *line,
                            double periods_per_year, double risk_free_per_year);

/* The report's own struct, from all of this. */
fel_status forecast_present(forecast_contest *c, const fel_study *study, const forecasts *model);

size_t forecast_count_points(const forecasts *f);
/* Is a rival's forecast an estimate of the target? */
int forecast_rival_estimates(size_t index);

#endif
