/* hedge/pass_dates_real.c - one date of a pass, there and back: inputs, network, head. */
#include <string.h>

#include "hedge/hedge_kernel_internal.h"
#include "hedge/pass_block_internal.h"

/* Columns follow the order of the problem's features, live ones last. */
static const hedge_column *live_column(const fel_policy *policy, size_t live)
{
    return &policy->columns[policy->n_columns - policy->n_live + live];
}
static int is_position(const hedge_column *column)
{
    return hedge_feature_class_of(&column->feature) == &hedge_feature_previous_position;
}
static double live_scale(const fel_policy *policy, const hedge_column *column)
{
    const double size =
        is_position(column) ? policy->problem->unit[column->instrument] : policy->pnl_scale;
    return column->scale / size;
}

void KERNEL(pass_begin)(hedge_pass *pass, const void *params, int is_new)
{
    KERNEL(fel_unroll_begin)(pass->unroll, params, pass->n, is_new);
}

/* ---- there ------------------------------------------------------------------------------------
 */

/* So far, without premium, costs counted once: as it will be lived. */
static const double *running_pnl(hedge_pass *p)
{
    double *row = p->tally.work;
    for (size_t i = 0; i < p->n; i++) {
        row[i] = p->tally.gains[i] - p->tally.cost[i];
    }
    return row;
}

static void put_live(hedge_pass *p, size_t date, real *inputs)
{
    const fel_policy *policy = p->policy;
    for (size_t c = 0; c < policy->n_live; c++) {
        const hedge_column *column = live_column(policy, c);
        const double *row = is_position(column)
                                ? pass_held(p, date) + column->instrument * p->stride
                                : running_pnl(p);
        KERNEL(column_put)
        (&(column_job){.n = p->n,
                       .step = policy->n_columns,
                       .column = policy->n_columns - policy->n_live + c,
                       .row = row,
                       .scale = live_scale(policy, column),
                       .numbers = inputs});
    }
}

static head_job head_at(const hedge_pass *p, size_t date, size_t instrument)
{
    const fel_policy *policy = p->policy;
    const fel_hedge_instrument *traded = &policy->problem->config.instruments[instrument];
    const size_t row = instrument * p->stride;
    const int is_band = policy->config.head == FEL_HEDGE_BAND;
    return (head_job){.n = p->n,
                      .step = policy->n_outputs,
                      .first = is_band ? 2 * instrument : instrument,
                      .bound = (int)policy->config.bound,
                      .outputs = p->outputs[date],
                      .base =
                          policy->base == NULL ? NULL : sample_base(p->sample, date, instrument),
                      .before = pass_held(p, date) + row,
                      .unit = policy->problem->unit[instrument],
                      .low = traded->min_position,
                      .high = traded->max_position,
                      .position = pass_held(p, date + 1) + row};
}

void KERNEL(pass_decide)(hedge_pass *pass, size_t date)
{
    const fel_policy *policy = pass->policy;
    real *inputs = KERNEL(fel_unroll_inputs)(pass->unroll, date);
    memcpy(inputs, sample_inputs(pass->sample, date),
           pass->n * policy->n_columns * sizeof(*inputs));
    put_live(pass, date, inputs);
    pass->outputs[date] = KERNEL(fel_unroll_forward)(pass->unroll, date);
    for (size_t j = 0; j < policy->problem->config.n_instruments; j++) {
        const head_job job = head_at(pass, date, j);
        if (policy->config.head == FEL_HEDGE_BAND) {
            KERNEL(head_band)(&job);
        } else {
            KERNEL(head_plain)(&job);
        }
    }
}

/* ---- back -------------------------------------------------------------------------------------
 */

static void undo_heads(hedge_pass *p, size_t date)
{
    const fel_policy *policy = p->policy;
    for (size_t j = 0; j < policy->problem->config.n_instruments; j++) {
        head_job job = head_at(p, date, j);
        job.d_position = p->d_position + j * p->stride;
        job.d_before = p->d_held + j * p->stride;
        job.d_outputs = p->d_outputs;
        if (policy->config.head == FEL_HEDGE_BAND) {
            KERNEL(head_band_back)(&job);
        } else {
            KERNEL(head_plain_back)(&job);
        }
    }
}

/* What the network saw of its own doing. At date 0 that is nothing. */
static void undo_live(hedge_pass *p, const real *d_live)
{
    const fel_policy *policy = p->policy;
    for (size_t c = 0; c < policy->n_live; c++) {
        const hedge_column *column = live_column(policy, c);
        column_sum job = {.n = p->n,
                          .step = policy->n_live,
                          .column = c,
                          .numbers = d_live,
                          .scale = live_scale(policy, column),
                          .sum = p->d_gains};
        if (is_position(column)) {
            job.sum = p->d_held + column->instrument * p->stride;
        }
        KERNEL(column_add)(&job);
        if (!is_position(column)) {
            job.sum = p->d_cost;
            job.scale = -job.scale;
            KERNEL(column_add)(&job);
        }
    }
}

void KERNEL(pass_undo)(hedge_pass *pass, size_t date, const fel_layer_sink *sink)
{
    undo_heads(pass, date);
    const real *d_live = KERNEL(fel_unroll_backward)(pass->unroll, date, pass->d_outputs, sink);
    if (date > 0 && d_live != NULL) {
        undo_live(pass, d_live);
    }
}
