/* models/optimizer_step.c - one step: the gradient's norm, clipping, the class's move, the average.
 */
#include <math.h>

#include "core/sum.h"
#include "models/optimizer_internal.h"

/* ---- the gradient's norm --------------------------------------------------------------------- */

static double norm_of(fel_optimizer *o, const optimizer_step *step)
{
    running_sum sum = {0};
    optimizer_run(o, optimizer_gradient_norm(o->is_double), step, NULL);
    for (size_t i = 0; i < o->n_pieces; i++) {
        running_add(&sum, o->pieces[i].sums[0]);
    }
    return sqrt(running_value(&sum));
}

static fel_status check_input(const fel_optimizer *o, const fel_optimizer_input *input)
{
    const fel_optimizer_info *info = &o->config.code->info;
    if (!(input->rate_factor >= 0.0) || !isfinite(input->rate_factor)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the schedule's factor is %g; 0 or more",
                         input->rate_factor);
    }
    if ((info->flags & FEL_OPTIMIZER_NEEDS_LOSS) != 0 && !isfinite(input->loss)) {
        return FEL_RAISE(FEL_ERR_RANGE, "%s needs the loss; it is %g", info->name, input->loss);
    }
    return FEL_OK;
}

/* ---- averages -------------------------------------------------------------------------------- */

static void add_average(fel_optimizer *o, const void *params, double most)
{
    const double so_far = o->n_averaged / (o->n_averaged + 1.0);
    const double c[1] = {1.0 - fmin(most, so_far)};
    const optimizer_step step = {.gradient = params, .scale = 1.0}; /* what is passed over */
    optimizer_run(o, optimizer_add_average(o->is_double), &step, c);
    o->n_averaged += 1.0;
}

static void add_swa(fel_optimizer *o, const void *params)
{
    if (o->config.average == FEL_AVERAGE_SWA) {
        add_average(o, params, 1.0);
    }
}

void fel_optimizer_average_add_f32(fel_optimizer *optimizer, const float *params)
{
    add_swa(optimizer, params);
}

void fel_optimizer_average_add_f64(fel_optimizer *optimizer, const double *params)
{
    add_swa(optimizer, params);
}

static const void *average_of(const fel_optimizer *o, int is_double)
{
    return o->n_averaged > 0.0 && o->is_double == is_double ? o->average : NULL;
}

const float *fel_optimizer_average_f32(const fel_optimizer *optimizer)
{
    return average_of(optimizer, 0);
}

const double *fel_optimizer_average_f64(const fel_optimizer *optimizer)
{
    return average_of(optimizer, 1);
}

/* ---- a step ---------------------------------------------------------------------------------- */

static fel_status move(fel_optimizer *o, const fel_optimizer_input *input, const void *gradient,
                       void *params, fel_optimizer_report *report)
{
    const fel_optimizer_config *config = &o->config;
    FEL_TRY(check_input(o, input));
    optimizer_step step = {.input = input,
                           .params = config->params,
                           .rate = config->params[0] * input->rate_factor,
                           .t = o->n_steps + 1.0,
                           .scalars = o->scalars,
                           .gradient = gradient,
                           .values = params,
                           .scale = 1.0};
    step.step_size = step.rate;
    const double norm = norm_of(o, &step);
    if (!isfinite(norm)) {
        return FEL_RAISE(FEL_ERR_RANGE, "the norm of the gradient of step %.0f is %g", step.t,
                         norm);
    }
    if (config->clip_norm > 0.0 && norm > config->clip_norm) {
        step.scale = config->clip_norm / norm;
    }
    FEL_TRY(config->code->step(o, &step));
    o->n_steps = step.t;
    if (config->average == FEL_AVERAGE_EMA) {
        add_average(o, params, config->average_decay);
    }
    if (report != NULL) {
        report->gradient_norm = norm;
        report->step_size = step.step_size;
    }
    return FEL_OK;
}

void optimizer_moved(fel_optimizer *optimizer, const void *params)
{
    optimizer->n_steps += 1.0;
    if (optimizer->config.average == FEL_AVERAGE_EMA) {
        add_average(optimizer, params, optimizer->config.average_decay);
    }
}

static fel_status check_precision(const fel_optimizer *o, int is_double)
{
    return o->is_double == is_double
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "an optimizer of %s was made a step of the other kind",
                           o->is_double ? "doubles" : "floats");
}

fel_status fel_optimizer_step_f32(fel_optimizer *optimizer, const fel_optimizer_input *input,
                                  const float *gradient, float *params,
                                  fel_optimizer_report *report)
{
    FEL_TRY(check_precision(optimizer, 0));
    return move(optimizer, input, gradient, params, report);
}

fel_status fel_optimizer_step_f64(fel_optimizer *optimizer, const fel_optimizer_input *input,
                                  const double *gradient, double *params,
                                  fel_optimizer_report *report)
{
    FEL_TRY(check_precision(optimizer, 1));
    return move(optimizer, input, gradient, params, report);
}
