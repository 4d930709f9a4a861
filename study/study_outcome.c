/* study/study_outcome.c - what one study, without its sweep, gives: a plain run or a walk-forward.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

/* As the study says, or from the days on which equity was recorded. */
static fel_status find_periods(const study_values *v, const fel_result *result, double *periods)
{
    *periods = v->report.periods_per_year;
    if (!isnan(*periods)) {
        return FEL_OK;
    }
    int64_t *days = malloc((result->n_equity + 1) * sizeof(*days));
    if (days == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu days", result->n_equity);
    }
    for (size_t i = 0; i < result->n_equity; i++) {
        days[i] = result->equity[i].time_ns;
    }
    *periods = calendar_periods_per_year(days, result->n_equity, result->day_offset_ns);
    free(days);
    return FEL_OK;
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
        .hashes_rows = data->is_streamed,
        .totals_only = v->report.write == 1 && options->progress != NULL,
        .stop_flag = options->run->stop_flag,
        .progress = options->progress,
        .stops = options->run,
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
    /* A model has walked already: its forecasts are data. */
    const int walks = study->values.walk.is_present && !study->values.model.is_present;
    fel_status status =
        walks ? outcome_walk(out, study, data, options) : run_plain(out, study, data, options);
    if (status == FEL_OK) {
        status = find_periods(&study->values, out->result, &out->periods_per_year);
    }
    if (status != FEL_OK) {
        outcome_clear(out);
    }
    return status;
}

void outcome_clear(outcome *out)
{
    study_engine_clear(&out->run);
    walk_merge_destroy(out->merge);
    free(out->windows.items);
    arena_free(&out->memory);
    memset(out, 0, sizeof(*out));
}
