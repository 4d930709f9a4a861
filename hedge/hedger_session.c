/* hedge/hedger_session.c - one path, date by date, as it is lived: a block of one path whose market
 * data come from the caller. Prices are brought to the problem's own scale. */
#include <math.h>
#include <stdlib.h>

#include "hedge/hedge_feature_internal.h"
#include "hedge/hedger_internal.h"

struct fel_hedge_session {
    const fel_hedger *hedger;
    hedger_lane lane;
    size_t date; /* the next one */
    double scale;
    int reads_variance;
};

static int reads_variance(const fel_hedger *hedger)
{
    const fel_policy *policy = hedger->policy;
    if (policy == NULL) {
        return hedge_rule_reads_variance(hedger->rule);
    }
    int reads = policy->base != NULL && hedge_rule_reads_variance(policy->base);
    for (size_t c = 0; c < policy->n_columns; c++) {
        const hedge_feature_class *code = hedge_feature_class_of(&policy->columns[c].feature);
        reads = reads || code->needs_variance || code == &hedge_feature_heston_delta;
    }
    return reads;
}

fel_status fel_hedge_session_create(fel_hedge_session **out, const fel_hedger *hedger)
{
    fel_hedge_session *session = calloc(1, sizeof(*session));
    if (session == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a session");
    }
    session->hedger = hedger;
    const fel_status status = lane_make(&session->lane, hedger, 1);
    if (status != FEL_OK) {
        fel_hedge_session_destroy(session);
        return status;
    }
    session->reads_variance = session->lane.block->variance != NULL && reads_variance(hedger);
    fel_hedge_session_restart(session, 1.0);
    *out = session;
    return FEL_OK;
}

void fel_hedge_session_destroy(fel_hedge_session *session)
{
    if (session != NULL) {
        lane_clear(&session->lane);
        free(session);
    }
}

void fel_hedge_session_restart(fel_hedge_session *session, double scale)
{
    session->date = 0;
    session->scale = scale;
    session->lane.block->first = 0;
    session->lane.block->n = 1;
    lane_begin(&session->lane, 0);
}

/* ---- what is seen -----------------------------------------------------------------------------
 */

/* A path has no neighbours: a row is the same number throughout. */
static void put_row(double *row, size_t stride, double value)
{
    for (size_t i = 0; i < stride; i++) {
        row[i] = value;
    }
}

/* A variance swap's price has no money in it: its units have. */
static int is_swap(const fel_hedge_session *session, size_t instrument)
{
    return session->hedger->problem->config.instruments[instrument].kind == FEL_HEDGE_VARIANCE_SWAP;
}

static const char *decider(const fel_hedger *hedger)
{
    return hedger->policy == NULL ? hedger->rule_name : "the policy";
}

static fel_status check_spot(const fel_hedge_session *session, const fel_hedge_sight *sight)
{
    if (!(sight->spot > 0.0) || !isfinite(sight->spot)) {
        return FEL_RAISE(FEL_ERR_RANGE, "spot %g at date %zu, a positive number is needed",
                         sight->spot, session->date);
    }
    if (session->reads_variance && !isfinite(sight->variance)) {
        return FEL_RAISE(FEL_ERR_RANGE, "variance %g at date %zu, a number is needed: %s reads it",
                         sight->variance, session->date, decider(session->hedger));
    }
    return FEL_OK;
}

static fel_status check_sight(const fel_hedge_session *session, const fel_hedge_sight *sight)
{
    const fel_hedge_config *config = &session->hedger->problem->config;
    if (session->date >= config->n_dates) {
        return FEL_RAISE(FEL_ERR_RANGE, "date %zu, the problem's last decision is at date %zu",
                         session->date, config->n_dates - 1);
    }
    FEL_TRY(check_spot(session, sight));
    for (size_t j = 0; j < config->n_instruments; j++) {
        if (!isfinite(sight->prices[j])) {
            return FEL_RAISE(FEL_ERR_RANGE, "price %g of %s at date %zu, a number is needed",
                             sight->prices[j], config->instruments[j].name, session->date);
        }
        if (sight->position != NULL && !isfinite(sight->position[j])) {
            return FEL_RAISE(FEL_ERR_RANGE, "position %g in %s at date %zu, a number is needed",
                             sight->position[j], config->instruments[j].name, session->date);
        }
    }
    return FEL_OK;
}

static void put_sight(fel_hedge_session *session, const fel_hedge_sight *sight)
{
    const hedge_block *b = session->lane.block;
    const size_t k = session->date;
    put_row(block_spot(b, k), b->stride, sight->spot / session->scale);
    double *variance = block_variance(b, k);
    if (variance != NULL) {
        put_row(variance, b->stride, sight->variance);
    }
    for (size_t j = 0; j < b->problem->config.n_instruments; j++) {
        const double scale = is_swap(session, j) ? 1.0 : session->scale;
        put_row(block_price(b, k, j), b->stride, sight->prices[j] / scale);
        if (sight->position != NULL) {
            const double units = is_swap(session, j) ? session->scale : 1.0;
            put_row(lane_held(&session->lane, k) + j * b->stride, b->stride,
                    sight->position[j] / units);
        }
    }
}

/* What the caller's books say is taken in place of the session's own account. */
static void put_pnl(fel_hedge_session *session, double pnl)
{
    hedge_tally *tally = session->lane.tally;
    put_row(tally->gains, tally->stride, pnl / session->scale);
    put_row(tally->cost, tally->stride, 0.0);
}

/* ---- what is done -----------------------------------------------------------------------------
 */

static double column_value(const fel_hedge_session *session, size_t column)
{
    const void *inputs = sample_inputs(session->lane.sample, session->date);
    return session->hedger->is_double ? ((const double *)inputs)[column]
                                      : (double)((const float *)inputs)[column];
}

/* A network may turn NaN into a number: its inputs are looked at. */
static fel_status check_inputs(const fel_hedge_session *session)
{
    const fel_policy *policy = session->hedger->policy;
    for (size_t c = 0; policy != NULL && c + policy->n_live < policy->n_columns; c++) {
        if (!isfinite(column_value(session, c))) {
            return FEL_RAISE(FEL_ERR_RANGE, "feature %s at date %zu is not a number",
                             policy->columns[c].feature.info->name, session->date);
        }
    }
    return FEL_OK;
}

static fel_status check_decision(const fel_hedge_session *session)
{
    FEL_TRY(check_inputs(session));
    const hedge_block *b = session->lane.block;
    const double *held = lane_held(&session->lane, session->date + 1);
    for (size_t j = 0; j < b->problem->config.n_instruments; j++) {
        if (!isfinite(held[j * b->stride])) {
            return FEL_RAISE(FEL_ERR_RANGE, "the position of %s in %s at date %zu is not a number",
                             decider(session->hedger), b->problem->config.instruments[j].name,
                             session->date);
        }
    }
    return FEL_OK;
}

fel_status fel_hedge_session_decide(fel_hedge_session *session, const fel_hedge_sight *sight,
                                    double *position)
{
    FEL_TRY(check_sight(session, sight));
    hedger_lane *lane = &session->lane;
    put_sight(session, sight);
    lane_settle(lane, session->date);
    if (!isnan(sight->pnl)) {
        put_pnl(session, sight->pnl);
    }
    lane_decide(lane, session->date);
    FEL_TRY(check_decision(session));
    const double *held = lane_held(lane, session->date + 1);
    for (size_t j = 0; j < lane->block->problem->config.n_instruments; j++) {
        const double scale = is_swap(session, j) ? session->scale : 1.0;
        position[j] = held[j * lane->block->stride] * scale;
    }
    session->date++;
    return FEL_OK;
}
