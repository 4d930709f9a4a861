/* study/study_outcome.c - what one study, without its sweep, gives: a plain run or a walk-forward.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

static double periods_of(const study_values *v, const fel_result *result)
{
    if (!isnan(v->report.periods_per_year)) {
        return v->report.periods_per_year;
    }
    int64_t *days = malloc((result->n_equity + 1) * sizeof(*days));
    if (days == NULL) {
        return 252.0;
    }
    for (size_t i = 0; i < result->n_equity; i++) {
        days[i] = result->equity[i].time_ns;
    }
    const double periods = calendar_periods_per_year(days, result->n_equity);
    free(days);
    return periods;
}

static fel_status run_plain(outcome *out, const fel_study *study, const dataset *data,
                            const outcome_options *options)
{
    const study_values *v = &study->values;
    const study_job job = {
        .study = study,
        .data = data,
        .window = data->window,
        .strategy = v->strategy.code,
        .params = v->strategy.params,
        .cash = v->cash.amount,
        .record = options->record,
        .totals_only = v->report.write == 1 && options->progress != NULL,
        .stop_flag = options->run->stop_flag,
        .progress = options->progress,
    };
    FEL_TRY(study_engine_run(&out->run, &job));
    out->result = out->run.result;
    out->scored = data->window;
    return FEL_OK;
}

fel_status outcome_make(outcome *out, const fel_study *study, const dataset *data,
                        const outcome_options *options)
{
    memset(out, 0, sizeof(*out));
    const fel_status status = study->values.walk.is_present
                                  ? outcome_walk(out, study, data, options)
                                  : run_plain(out, study, data, options);
    if (status != FEL_OK) {
        outcome_clear(out);
        return status;
    }
    out->periods_per_year = periods_of(&study->values, out->result);
    return FEL_OK;
}

void outcome_clear(outcome *out)
{
    study_engine_clear(&out->run);
    walk_merge_destroy(out->merge);
    free(out->windows.items);
    arena_free(&out->memory);
    memset(out, 0, sizeof(*out));
}
