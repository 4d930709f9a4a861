/* sim/payoff_callback.c - payoffs by a function of the caller's, one path at a time. */
#include <math.h>

#include "sim/payoff_internal.h"

static fel_status callback_prepare(payoff_job *job)
{
    if (job->payoff->callback == NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "payoff callback without a function");
    }
    return FEL_OK;
}

static fel_status callback_value(const payoff_chunk *chunk, double *out)
{
    const payoff_job *job = chunk->job;
    const size_t n_cells = (job->n_dates + 1) * job->n_assets;
    const double discount = job->discount[job->n_dates];
    for (size_t i = 0; i < chunk->n_used; i++) {
        for (size_t c = 0; c < n_cells; c++) {
            chunk->row[c] = chunk->spot[c * chunk->stride + i];
        }
        const fel_payoff_path path = {chunk->row,
                                      job->n_dates,
                                      job->n_assets,
                                      job->date_years,
                                      job->process->rate_per_year,
                                      chunk->first_path + i};
        double value = 0.0;
        const fel_status status = job->payoff->callback(job->payoff->payload, &path, &value);
        if (status != FEL_OK || isnan(value)) {
            return FEL_RAISE(FEL_ERR_USER, "the payoff's function %s on path %llu",
                             status != FEL_OK ? "failed" : "gave NaN",
                             (unsigned long long)path.path);
        }
        out[i] = discount * value;
    }
    return FEL_OK;
}

const payoff_kind payoff_callback = {
    {"callback", "a function of the path", NULL, 0, 0}, callback_prepare, callback_value, NULL};
