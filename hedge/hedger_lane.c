/* hedge/hedger_lane.c - one thread's walk along the dates of a block of paths, whoever decides. */
#include <string.h>

#include "hedge/hedger_internal.h"

/* ---- memory -----------------------------------------------------------------------------------
 */

static fel_status make_for_policy(hedger_lane *lane, size_t max_n)
{
    const fel_hedger *hedger = lane->hedger;
    FEL_TRY(hedge_sample_create(&lane->sample, hedger->policy, hedger->is_double, max_n));
    FEL_TRY(hedge_pass_create(&lane->pass, hedger->policy, hedger->is_double, max_n, 0));
    lane->block = &lane->sample->block;
    lane->tally = &lane->pass->tally;
    lane->position = lane->pass->position;
    return FEL_OK;
}

static fel_status make_for_rule(hedger_lane *lane, size_t max_n)
{
    const fel_hedge_problem *problem = lane->hedger->problem;
    const fel_hedge_config *config = &problem->config;
    FEL_TRY(hedge_block_create(&lane->own, problem, max_n));
    const size_t stride = lane->own.stride, rows = (config->n_dates + 1) * config->n_instruments;
    lane->block = &lane->own;
    lane->tally = &lane->own_tally;
    lane->position = arena_array(&lane->memory, rows * stride, sizeof(double));
    lane->state =
        arena_array(&lane->memory, hedge_rule_state(lane->hedger->rule) * stride, sizeof(double));
    const int is_made = lane->position != NULL && lane->state != NULL &&
                        tally_make(&lane->own_tally, &lane->memory, problem, stride);
    return is_made ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu paths", max_n);
}

fel_status lane_make(hedger_lane *lane, const fel_hedger *hedger, size_t max_n)
{
    *lane = (hedger_lane){.hedger = hedger};
    return hedger->policy != NULL ? make_for_policy(lane, max_n) : make_for_rule(lane, max_n);
}

void lane_clear(hedger_lane *lane)
{
    hedge_sample_destroy(lane->sample);
    hedge_pass_destroy(lane->pass);
    hedge_block_clear(&lane->own);
    arena_free(&lane->memory);
}

/* ---- dates ------------------------------------------------------------------------------------
 */

void lane_begin(hedger_lane *lane, int wants_turnover)
{
    const fel_hedger *hedger = lane->hedger;
    memset(lane->position, 0,
           hedger->problem->config.n_instruments * lane->block->stride * sizeof(double));
    if (hedger->policy == NULL) {
        tally_start(lane->tally, lane->block->n, 0, wants_turnover);
        return;
    }
    double turnover = 0.0; /* only whether it is wanted is read */
    pass_begin(lane->pass,
               &(hedge_pass_args){.sample = lane->sample,
                                  .params = hedger->params,
                                  .is_new = !lane->is_old,
                                  .cost_factor = 1.0,
                                  .out = {.turnover = wants_turnover ? &turnover : NULL}});
    lane->is_old = 1;
}

void lane_settle(hedger_lane *lane, size_t date)
{
    if (date > 0) {
        tally_settle(lane->tally, lane->block, date, lane_held(lane, date));
    }
}

static void decide_by_rule(hedger_lane *lane, size_t date)
{
    const hedge_view view = hedge_view_at(lane->block, date);
    hedge_rule_decide(&(hedge_rule_args){.rule = lane->hedger->rule,
                                         .view = &view,
                                         .before = lane_held(lane, date),
                                         .position = lane_held(lane, date + 1),
                                         .state = lane->state});
}

void lane_decide(hedger_lane *lane, size_t date)
{
    if (lane->hedger->policy == NULL) {
        decide_by_rule(lane, date);
    } else {
        sample_see(lane->sample, date);
        pass_decide(lane->pass, date);
    }
    tally_trade(lane->tally, lane->block, date, lane_held(lane, date), lane_held(lane, date + 1));
}
