/* sim/option_control.c - control variates: values of the same paths with a known mean. */
#include <math.h>
#include <string.h>

#include "sim/option_internal.h"
#include "sim/payoff_asian_internal.h"

static fel_status spot_value(const payoff_chunk *chunk, const option_control *control, double *out)
{
    (void)control;
    const double discount = chunk->job->discount[chunk->job->n_dates];
    const double *spot = chunk_spot(chunk, chunk->job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        out[i] = discount * spot[i];
    }
    return FEL_OK;
}

static fel_status spot_init(option_control *control, const payoff_job *job)
{
    control->value = spot_value;
    control->mean = job->process->spot * exp(-job->process->dividend_per_year * job->t_years);
    return FEL_OK;
}

static fel_status european_value(const payoff_chunk *chunk, const option_control *control,
                                 double *out)
{
    const double discount = chunk->job->discount[chunk->job->n_dates];
    const double *spot = chunk_spot(chunk, chunk->job->n_dates);
    for (size_t i = 0; i < chunk->n; i++) {
        const double inside = control->sign * (spot[i] - control->strike);
        out[i] = inside > 0.0 ? discount * inside : 0.0;
    }
    return FEL_OK;
}

/* A parameter of the payoff by name, or `otherwise`. */
static double param_of(const fel_payoff *payoff, const char *name, double otherwise)
{
    for (uint32_t i = 0; i < payoff->code->n_params; i++) {
        if (strcmp(payoff->code->params[i].name, name) == 0) {
            return payoff->params[i];
        }
    }
    return otherwise;
}

static fel_status european_init(option_control *control, const payoff_job *job)
{
    const fel_process *p = job->process;
    const double forward = p->spot * exp((p->rate_per_year - p->dividend_per_year) * job->t_years);
    control->value = european_value;
    control->sign = payoff_sign(param_of(job->payoff, "right", 0.0));
    control->strike = param_of(job->payoff, "strike", forward);
    const fel_option_right right = control->sign > 0.0 ? FEL_CALL : FEL_PUT;
    return fel_price_european(p, job->t_years, &control->strike, &right, 1, FEL_PRICE_ADAPTIVE,
                              &control->mean);
}

static fel_status geometric_value(const payoff_chunk *chunk, const option_control *control,
                                  double *out)
{
    (void)control;
    return asian_geometric_value(chunk, out);
}

static fel_status geometric_init(option_control *control, const payoff_job *job)
{
    if (job->kind != &payoff_asian_arithmetic || job->process->kind != FEL_PROCESS_GBM) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "control geometric is for asian_arithmetic under gbm, not for %s",
                         job->payoff->code->name);
    }
    control->value = geometric_value;
    control->mean = asian_geometric_mean(job);
    return FEL_OK;
}

fel_status option_controls_init(option_plan *plan)
{
    static const struct {
        fel_control which;
        fel_status (*init)(option_control *control, const payoff_job *job);
    } known[FEL_MAX_CONTROLS] = {{FEL_CONTROL_SPOT, spot_init},
                                 {FEL_CONTROL_EUROPEAN, european_init},
                                 {FEL_CONTROL_GEOMETRIC, geometric_init}};
    const uint32_t all = FEL_CONTROL_SPOT | FEL_CONTROL_EUROPEAN | FEL_CONTROL_GEOMETRIC;
    if ((plan->config.controls & ~all) != 0) {
        return FEL_RAISE(FEL_ERR_RANGE, "controls %u, allowed are 0 to %u", plan->config.controls,
                         all);
    }
    for (size_t i = 0; i < FEL_MAX_CONTROLS; i++) {
        if ((plan->config.controls & (uint32_t)known[i].which) != 0) {
            option_control *control = &plan->controls[plan->n_controls++];
            control->which = known[i].which;
            FEL_TRY(known[i].init(control, &plan->job));
        }
    }
    return FEL_OK;
}
