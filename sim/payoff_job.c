/* sim/payoff_job.c - a payoff together with its process, maturity and dates, checked. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/payoff_internal.h"

enum { MOST_DATES = 1000000 };

static fel_status check_sizes(double t_years, size_t n_dates)
{
    if (!(t_years > 0.0) || t_years > 1000.0) {
        return FEL_RAISE(FEL_ERR_RANGE, "maturity in %.10g years, allowed are up to 1000", t_years);
    }
    if (n_dates == 0 || n_dates > MOST_DATES) {
        return FEL_RAISE(FEL_ERR_RANGE, "%zu dates, allowed are 1 to %d", n_dates, MOST_DATES);
    }
    return FEL_OK;
}

fel_status payoff_job_init(payoff_job *out, const fel_payoff *payoff, const fel_process *process,
                           double t_years, size_t n_dates)
{
    payoff_job job = {.payoff = payoff,
                      .process = process,
                      .n_dates = n_dates,
                      .n_assets = 1,
                      .t_years = t_years,
                      .to_date = n_dates,
                      .level = cpu_level_now()};
    FEL_TRY(check_sizes(t_years, n_dates));
    FEL_TRY(payoff_kind_of(payoff, &job.kind));
    for (uint32_t i = 0; i < payoff->code->n_params; i++) {
        FEL_TRY(fel_param_check(&payoff->code->params[i], payoff->params[i]));
    }
    job.date_years = t_years / (double)n_dates;
    if (job.kind->prepare != NULL) {
        FEL_TRY(job.kind->prepare(&job));
    }
    double *discount = malloc((n_dates + 1) * sizeof(double));
    if (discount == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu dates", n_dates);
    }
    for (size_t d = 0; d <= n_dates; d++) {
        discount[d] = exp(-process->rate_per_year * t_years * (double)d / (double)n_dates);
    }
    job.discount = discount;
    *out = job;
    return FEL_OK;
}

void payoff_job_clear(payoff_job *job)
{
    free(job->discount);
    memset(job, 0, sizeof(*job));
}

fel_status fel_payoff_closed_form(const fel_payoff *payoff, const fel_process *process,
                                  double t_years, size_t n_dates, double *price)
{
    payoff_job job;
    FEL_TRY(fel_process_check(process));
    FEL_TRY(payoff_job_init(&job, payoff, process, t_years, n_dates));
    fel_status status = FEL_OK;
    if (job.kind->formula != NULL) {
        status = job.kind->formula(&job, price);
    } else {
        status = FEL_RAISE(FEL_ERR_NOTFOUND, "no formula for %s", payoff->code->name);
    }
    payoff_job_clear(&job);
    return status;
}
