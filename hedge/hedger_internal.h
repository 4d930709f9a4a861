/* hedge/hedger_internal.h - a rule or a trained policy on blocks of paths, date by date. */
#ifndef FEL_HEDGE_HEDGER_INTERNAL_H
#define FEL_HEDGE_HEDGER_INTERNAL_H

#ifndef FEL_MODULE_HEDGE
#error "hedge/hedger_internal.h belongs to hedge/"
#endif

#include "hedge/pass_block_internal.h"

struct fel_hedger {
    const fel_hedge_problem *problem;
    hedge_rule *rule; /* or */
    const char *rule_name;
    const fel_policy *policy;
    const void *params;
    int is_double;
};

/* One thread's: its paths and what is held. A policy's are in its sample and pass. */
typedef struct hedger_lane {
    const fel_hedger *hedger;
    hedge_sample *sample;
    hedge_pass *pass;
    hedge_block own; /* of rules */
    hedge_block *block;
    hedge_tally own_tally, *tally;
    double *position; /* [date + 1][instrument][stride] */
    double *state;    /* of the rule */
    int is_old;       /* the policy's parameters are in the pass */
    arena memory;
} hedger_lane;

fel_status lane_make(hedger_lane *lane, const fel_hedger *hedger, size_t max_n);
void lane_clear(hedger_lane *lane);
/* The block's paths, from date 0: after lane->block has its n. */
void lane_begin(hedger_lane *lane, int wants_turnover);
/* What has been earned until this date is in the tally ... */
void lane_settle(hedger_lane *lane, size_t date);
/* ... and what is held after it in lane_held(date + 1). */
void lane_decide(hedger_lane *lane, size_t date);
static inline double *lane_held(const hedger_lane *lane, size_t date)
{
    const fel_hedge_problem *problem = lane->hedger->problem;
    return lane->position + date * problem->config.n_instruments * lane->block->stride;
}

#endif
