/* study/hedging_service.c - a hedger as the service "hedger" of the engine's strategies. */
#include <string.h>

#include "study/hedging_service_internal.h"

static fel_status open_session(void *payload, void **session)
{
    const hedging_service *s = payload;
    fel_hedge_session *made = NULL;
    FEL_TRY(fel_hedge_session_create(&made, s->hedger));
    *session = made;
    return FEL_OK;
}

static void close_session(void *session)
{
    fel_hedge_session_destroy(session);
}

static void restart(void *session, double scale)
{
    fel_hedge_session_restart(session, scale);
}

/* The first instrument is the spot: hedging_service_init() sees to it. */
static fel_status decide(void *session, double variance, const double *prices, const double *held,
                         double *position)
{
    const fel_hedge_sight sight = {.spot = prices[0],
                                   .variance = variance,
                                   .prices = prices,
                                   .position = held,
                                   .pnl = (double)NAN};
    return fel_hedge_session_decide(session, &sight, position);
}

static double first_spot(void *payload)
{
    const hedging_service *s = payload;
    return fel_hedge_problem_config(s->problem)->market.process.spot;
}

fel_status hedging_service_init(hedging_service *out, const fel_hedge_problem *problem,
                                const fel_hedger *hedger)
{
    const fel_hedge_config *c = fel_hedge_problem_config(problem);
    if (c->instruments[0].kind != FEL_HEDGE_SPOT) {
        return FEL_RAISE(
            FEL_ERR_ARG,
            "the engine runs hedgers whose first instrument is the spot; here it is %s",
            c->instruments[0].name);
    }
    memset(out, 0, sizeof(*out));
    out->problem = problem;
    out->hedger = hedger;
    out->table.struct_size = (uint32_t)sizeof(out->table);
    out->table.n_instruments = (uint32_t)c->n_instruments;
    out->table.n_dates = c->n_dates;
    out->table.payload = out;
    out->table.open = open_session;
    out->table.close = close_session;
    out->table.restart = restart;
    out->table.decide = decide;
    out->table.spot = first_spot;
    out->entry.name = FEL_HEDGER_SERVICE;
    out->entry.version = 1;
    out->entry.table = &out->table;
    return FEL_OK;
}

static int costs_alike(const fel_hedge_cost *a, const fel_hedge_cost *b)
{
    return a->proportional_bps == b->proportional_bps && a->per_unit == b->per_unit &&
           a->fixed == b->fixed && a->quadratic_bps == b->quadratic_bps;
}

/* What the trainer charges as the engine's models; ERR_ARG for what the engine has none for. */
fel_status hedging_engine_costs(const fel_hedge_problem *problem, fel_engine_config *config)
{
    const fel_hedge_config *c = fel_hedge_problem_config(problem);
    const fel_hedge_cost *cost = &c->instruments[0].cost;
    const struct {
        const char *name;
        double value;
    } fees[] = {
        {"percent", cost->proportional_bps}, {"per_share", cost->per_unit}, {"fixed", cost->fixed}};
    size_t n = 0;
    for (size_t j = 1; j < c->n_instruments; j++) {
        if (!costs_alike(&c->instruments[j].cost, cost)) {
            return FEL_RAISE(FEL_ERR_ARG,
                             "the engine charges all instruments alike: the costs of "
                             "%s and %s differ",
                             c->instruments[0].name, c->instruments[j].name);
        }
    }
    if (cost->quadratic_bps > 0.0) {
        return FEL_RAISE(FEL_ERR_ARG, "the engine has no quadratic cost: %s has %g bp",
                         c->instruments[0].name, cost->quadratic_bps);
    }
    for (size_t i = 0; i < sizeof(fees) / sizeof(fees[0]); i++) {
        if (fees[i].value > 0.0) {
            FEL_TRY(fel_cost_find(fees[i].name, &config->fees[n]));
            config->fees[n++].params[0] = fees[i].value;
        }
    }
    return FEL_OK;
}
