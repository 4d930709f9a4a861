/* tests/unit/hedge/test_pass_memory.c - memory that runs out in policies, losses, runs and
 * sessions. */
#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/hedge/pass_fixture.h"

enum { N_PATHS = 130 };

typedef struct memory_case {
    pass_case how;
    pass_world world;
    fel_hedger *hedger;
    fel_hedge_objective objective;
    float params[PASS_MAX_PARAMS], gradient[PASS_MAX_PARAMS];
    double pnl[N_PATHS];
} memory_case;

static fel_status make_policy(void *payload, void **out)
{
    memory_case *m = payload;
    fel_policy *policy = NULL;
    const fel_status status = pass_policy_create(&policy, m->world.problem, &m->how);
    *out = status == FEL_OK ? policy : *out;
    return status;
}

static void destroy_policy(void *made)
{
    fel_policy_destroy(made);
}

static fel_status make_session(void *payload, void **out)
{
    memory_case *m = payload;
    fel_hedge_session *session = NULL;
    const fel_status status = fel_hedge_session_create(&session, m->hedger);
    *out = status == FEL_OK ? session : *out;
    return status;
}

static void destroy_session(void *made)
{
    fel_hedge_session_destroy(made);
}

static fel_status take_loss(void *payload, void **out)
{
    memory_case *m = payload;
    const fel_hedge_batch batch = {.n = N_PATHS, .threshold = 0.4, .n_threads = 1};
    fel_hedge_loss loss;
    (void)out;
    return fel_hedge_loss_f32(m->world.policy, &m->objective, &batch, m->params, &loss, m->gradient,
                              m->pnl);
}

static fel_status run(void *payload, void **out)
{
    memory_case *m = payload;
    const fel_hedge_outcome outcome = {
        .struct_size = sizeof(outcome), .n_threads = 1, .n = N_PATHS, .pnl = m->pnl};
    (void)out;
    return fel_hedger_run(m->hedger, &outcome);
}

static void drive(const char *name, memory_case *m, fel_status (*call)(void *payload, void **out),
                  void (*destroy)(void *made))
{
    const failing_call driven = {.name = name, .call = call, .destroy = destroy, .payload = m};
    CHECK(check_failing_call(&driven) > 0);
}

static void test_memory_that_runs_out_is_said_and_freed(void)
{
    static memory_case m;
    m.how = (pass_case){.head = FEL_HEDGE_RESIDUAL, .n_instruments = 2, .is_heston = 1};
    m.world = pass_world_create(&m.how);
    m.objective.cost_factor = 1.0;
    CHECK_OK(fel_risk_find("cvar", &m.objective.risk));
    pass_params_f32(7, 0.4, m.params, fel_policy_count_params(m.world.policy));
    CHECK_OK(fel_hedger_of_policy_f32(&m.hedger, m.world.policy, m.params));
    drive("policy", &m, make_policy, destroy_policy);
    drive("loss", &m, take_loss, NULL);
    drive("run", &m, run, NULL);
    drive("session", &m, make_session, destroy_session);
    fel_hedger_destroy(m.hedger);
    fel_hedge_rule rule;
    CHECK_OK(fel_hedge_rule_find("black_scholes_delta", &rule));
    CHECK_OK(fel_hedger_of_rule(&m.hedger, m.world.problem, &rule));
    drive("run of a rule", &m, run, NULL);
    drive("session of a rule", &m, make_session, destroy_session);
    fel_hedger_destroy(m.hedger);
    pass_world_clear(&m.world);
}

SUITE("hedge/pass_memory", TEST(test_memory_that_runs_out_is_said_and_freed));
