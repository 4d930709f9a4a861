/* hedge/pass.c - a policy on a block of paths, there and back (back-propagation through time).
 *
 * With d_k = position_k - position_k-1 the P&L's slope by position_k is that of the gain from date
 * k to k + 1, less that of the cost at k, plus that of the cost at k + 1; and what comes through
 * the features and the band of date k + 1, whose slopes are known when the way back is at k. What a
 * live running P&L sees are the gains and costs of dates before: their slopes grow on the way. */
#include <stdlib.h>
#include <string.h>

#include "hedge/hedge_kernel_internal.h"
#include "hedge/pass_block_internal.h"

/* ---- memory -----------------------------------------------------------------------------------
 */

static int pass_room(hedge_pass *p)
{
    const fel_hedge_problem *problem = p->policy->problem;
    const size_t held = problem->config.n_instruments * p->stride;
    arena *a = &p->memory;
    p->position = arena_array(a, (problem->config.n_dates + 1) * held, sizeof(double));
    p->outputs = arena_array(a, problem->config.n_dates, sizeof(*p->outputs));
    p->d_gains = arena_array(a, p->stride, sizeof(double));
    p->d_cost = arena_array(a, p->stride, sizeof(double));
    p->d_held = arena_array(a, held, sizeof(double));
    p->d_position = arena_array(a, held, sizeof(double));
    p->d_outputs = arena_array(a, p->max_n * p->policy->n_outputs, number_size(p->is_double));
    return p->position != NULL && p->outputs != NULL && p->d_gains != NULL && p->d_cost != NULL &&
           p->d_held != NULL && p->d_position != NULL && p->d_outputs != NULL &&
           tally_make(&p->tally, a, problem, p->stride);
}

static fel_status pass_unroll(hedge_pass *p, int keeps)
{
    const fel_policy *policy = p->policy;
    const fel_unroll_config config = {.struct_size = sizeof(config),
                                      .per_date = policy->config.per_date,
                                      .network = policy->network,
                                      .n_dates = policy->problem->config.n_dates,
                                      .max_samples = p->max_n,
                                      .n_live = policy->n_live,
                                      .keeps = keeps};
    return p->is_double ? fel_unroll_create_f64(&p->unroll, &config)
                        : fel_unroll_create_f32(&p->unroll, &config);
}

fel_status hedge_pass_create(hedge_pass **out, const fel_policy *policy, int is_double,
                             size_t max_n, int keeps)
{
    hedge_pass *p = calloc(1, sizeof(*p));
    if (p == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a pass");
    }
    p->policy = policy;
    p->is_double = is_double;
    p->max_n = max_n;
    p->stride = (max_n + HEDGE_ALIGN - 1) / HEDGE_ALIGN * HEDGE_ALIGN;
    fel_status status = pass_unroll(p, keeps);
    if (status == FEL_OK && !pass_room(p)) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a pass of %zu paths", max_n);
    }
    if (status != FEL_OK) {
        hedge_pass_destroy(p);
        return status;
    }
    *out = p;
    return FEL_OK;
}

void hedge_pass_destroy(hedge_pass *pass)
{
    if (pass != NULL) {
        fel_unroll_destroy(pass->unroll);
        arena_free(&pass->memory);
        free(pass);
    }
}

/* ---- there ------------------------------------------------------------------------------------
 */

void pass_begin(hedge_pass *pass, const hedge_pass_args *args)
{
    pass->sample = args->sample;
    pass->n = args->sample->block.n;
    pass->cost_factor = args->cost_factor;
    tally_start(&pass->tally, pass->n, args->is_smooth, args->out.turnover != NULL);
    if (pass->is_double) {
        pass_begin_f64(pass, args->params, args->is_new);
    } else {
        pass_begin_f32(pass, args->params, args->is_new);
    }
}

void pass_decide(hedge_pass *pass, size_t date)
{
    if (pass->is_double) {
        pass_decide_f64(pass, date);
    } else {
        pass_decide_f32(pass, date);
    }
}

static void pass_date(hedge_pass *pass, size_t date)
{
    const hedge_block *block = &pass->sample->block;
    if (date > 0) {
        tally_settle(&pass->tally, block, date, pass_held(pass, date));
    }
    pass_decide(pass, date);
    tally_trade(&pass->tally, block, date, pass_held(pass, date), pass_held(pass, date + 1));
}

static void copy_row(double *to, const double *from, size_t n)
{
    if (to != NULL) {
        memcpy(to, from, n * sizeof(double));
    }
}

static void pass_give(const hedge_pass *pass, const hedge_pass_out *out)
{
    const hedge_tally *tally = &pass->tally;
    const fel_hedge_config *config = &pass->policy->problem->config;
    if (out->pnl != NULL) {
        tally_pnl(tally, &pass->sample->block, pass->cost_factor, out->pnl);
    }
    copy_row(out->cost, tally->cost, pass->n);
    copy_row(out->turnover, tally->turnover_row, pass->n);
    for (size_t r = 0; out->position != NULL && r < config->n_dates * config->n_instruments; r++) {
        memcpy(out->position + r * out->row_stride, pass_held(pass, 1) + r * pass->stride,
               pass->n * sizeof(double));
    }
}

void hedge_pass_forward(hedge_pass *pass, const hedge_pass_args *args)
{
    const hedge_block *block = &args->sample->block;
    const size_t last = pass->policy->problem->config.n_dates;
    pass_begin(pass, args);
    for (size_t k = 0; k < last; k++) {
        pass_date(pass, k);
    }
    tally_settle(&pass->tally, block, last, pass_held(pass, last));
    tally_close(&pass->tally, block, pass_held(pass, last));
    pass_give(pass, &args->out);
}

/* ---- back -------------------------------------------------------------------------------------
 */

/* The closing trade: d cost / d held is minus its slope by the trade. */
static void undo_close(hedge_pass *p)
{
    const fel_hedge_problem *problem = p->policy->problem;
    const size_t last = problem->config.n_dates;
    const double *held = pass_held(p, last);
    for (size_t j = 0; j < problem->config.n_instruments; j++) {
        double *d_held = p->d_held + j * p->stride;
        const double *slope = problem->is_unwound[j]
                                  ? tally_slope(&p->tally, &p->sample->block, last, j,
                                                held + j * p->stride, p->tally.zeros)
                                  : NULL;
        for (size_t i = 0; i < p->n; i++) {
            d_held[i] = slope == NULL ? 0.0 : -p->d_cost[i] * slope[i];
        }
    }
}

static void undo_trade(hedge_pass *p, size_t date, size_t instrument)
{
    const fel_hedge_problem *problem = p->policy->problem;
    const hedge_block *block = &p->sample->block;
    const size_t row = instrument * p->stride;
    const double *slope = tally_slope(&p->tally, block, date, instrument, pass_held(p, date) + row,
                                      pass_held(p, date + 1) + row);
    tally_go_back(&(tally_back){.n = p->n,
                                .now = block_price(block, date, instrument),
                                .next = block_price(block, date + 1, instrument),
                                .slope = slope,
                                .d_gains = p->d_gains,
                                .d_cost = p->d_cost,
                                .d_after = p->d_held + row,
                                .down = tally_down(problem, date),
                                .up = tally_up(problem, date, instrument),
                                .d_position = p->d_position + row,
                                .d_before = p->d_held + row});
}

static void undo_dates(hedge_pass *p, const fel_layer_sink *sink)
{
    const fel_hedge_problem *problem = p->policy->problem;
    for (size_t k = problem->config.n_dates; k-- > 0;) {
        for (size_t j = 0; j < problem->config.n_instruments; j++) {
            undo_trade(p, k, j);
        }
        if (p->is_double) {
            pass_undo_f64(p, k, sink);
        } else {
            pass_undo_f32(p, k, sink);
        }
    }
}

void hedge_pass_backward(hedge_pass *pass, const double *d_pnl, const fel_layer_sink *sink,
                         int without_gradient)
{
    for (size_t i = 0; i < pass->n; i++) {
        pass->d_gains[i] = d_pnl[i];
        pass->d_cost[i] = -pass->cost_factor * d_pnl[i];
    }
    fel_unroll_slopes_only(pass->unroll, without_gradient);
    undo_close(pass);
    undo_dates(pass, sink);
}

void hedge_pass_add_gradient(hedge_pass *pass, void *gradient)
{
    if (pass->is_double) {
        fel_unroll_add_gradient_f64(pass->unroll, gradient);
    } else {
        fel_unroll_add_gradient_f32(pass->unroll, gradient);
    }
}
