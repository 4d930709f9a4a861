/* tests/unit/hedge/test_hedger.c - hedgers on paths: nobody looks ahead, a path lived date by date
 * is the path of a block, and what callers see of a run. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/pass_fixture.h"

/* ---- no look ahead ----------------------------------------------------------------------------
 */

enum { N_PILOT = 4096, N_EXTRA = 40, DATES = 6, ROW = DATES + 1 };

/* Pilot paths first, which scales are from: they do not change. */
static double *walks(size_t changed_after)
{
    double *spot = malloc((size_t)(N_PILOT + N_EXTRA) * ROW * sizeof(*spot));
    for (size_t p = 0; spot != NULL && p < N_PILOT + N_EXTRA; p++) {
        rng_stream draws = rng_at(77, p), others = rng_at(78, p);
        spot[p * ROW] = 100.0;
        for (size_t k = 1; k < ROW; k++) {
            const double plain = rng_normal(&draws), other = rng_normal(&others);
            const double z = p >= N_PILOT && k > changed_after ? 3.0 * other : plain;
            spot[p * ROW + k] = spot[p * ROW + k - 1] * exp(0.011 * z);
        }
    }
    return spot;
}

static void run_walks(const double *spot, const char *rule, const fel_hedge_outcome *out)
{
    const pass_stored how = {.spot = spot,
                             .n_paths = N_PILOT + N_EXTRA,
                             .n_dates = DATES,
                             .strike = 100.7,
                             .premium = 1.9,
                             .cost_bps = 9.0,
                             .is_unwinding = 1,
                             .features = {"log_moneyness", "log_return", "max_log_moneyness",
                                          "previous_position", "running_pnl"}};
    fel_hedge_problem *problem = pass_stored_problem(&how);
    fel_policy *policy = NULL;
    fel_hedger *hedger = NULL;
    fel_hedge_rule found;
    double params[PASS_MAX_PARAMS];
    if (rule != NULL) {
        CHECK_OK(fel_hedge_rule_find(rule, &found));
        CHECK_OK(fel_hedger_of_rule(&hedger, problem, &found));
    } else {
        CHECK_OK(pass_policy_create(&policy, problem, &(pass_case){.n_hidden = 2}));
        pass_params_f64(5, 0.9, params, fel_policy_count_params(policy));
        CHECK_OK(fel_hedger_of_policy_f64(&hedger, policy, params));
    }
    CHECK_OK(fel_hedger_run(hedger, out));
    fel_hedger_destroy(hedger);
    fel_policy_destroy(policy);
    fel_hedge_problem_destroy(problem);
}

static void check_no_look_ahead(const char *rule, size_t k)
{
    double *first = walks(DATES), *second = walks(k);
    double one[DATES * N_EXTRA], other[DATES * N_EXTRA];
    fel_hedge_outcome out = {
        .struct_size = sizeof(out), .first = N_PILOT, .n = N_EXTRA, .position = one};
    run_walks(first, rule, &out);
    out.position = other;
    run_walks(second, rule, &out);
    const size_t known = (k + 1) * N_EXTRA;
    CHECK(pass_same(one, other, known * sizeof(double)));
    if (k + 1 < DATES) {
        CHECK(!pass_same(one + known, other + known, N_EXTRA * sizeof(double)));
    }
    free(first);
    free(second);
}

static void test_nobody_looks_ahead(void)
{
    for (size_t k = 0; k < DATES; k += 2) {
        check_no_look_ahead(NULL, k);
        check_no_look_ahead("black_scholes_delta", k);
        check_no_look_ahead("whalley_wilmott", k);
    }
}

/* ---- date by date -----------------------------------------------------------------------------
 */

enum { N_LIVED = 23, N_DATES = 5 };

typedef struct lived {
    const fel_hedge_problem *problem;
    size_t n_instruments;
    double spot[(N_DATES + 1) * N_LIVED], variance[(N_DATES + 1) * N_LIVED],
        price[(N_DATES + 1) * 2 * N_LIVED], position[N_DATES * 2 * N_LIVED];
} lived;

static void show(lived *l, const fel_hedge_problem *problem)
{
    l->problem = problem;
    l->n_instruments = fel_hedge_problem_config(problem)->n_instruments;
    const fel_hedge_paths paths = {
        .first = 300, .n = N_LIVED, .spot = l->spot, .variance = l->variance, .price = l->price};
    CHECK_OK(fel_hedge_problem_paths(problem, &paths));
}

static double *lived_position(lived *l, size_t k, size_t j, size_t p)
{
    return &l->position[(k * l->n_instruments + j) * N_LIVED + p];
}

static void live(lived *l, fel_hedge_session *session, size_t p, double scale)
{
    double prices[2], held[2] = {0.0, 0.0};
    for (size_t k = 0; k < N_DATES; k++) {
        for (size_t j = 0; j < l->n_instruments; j++) {
            /* A variance swap's price has no money in it. */
            prices[j] = l->price[(k * l->n_instruments + j) * N_LIVED + p] * (j == 0 ? scale : 1.0);
        }
        const fel_hedge_sight sight = {.spot = l->spot[k * N_LIVED + p] * scale,
                                       .variance = l->variance[k * N_LIVED + p],
                                       .prices = prices,
                                       .position = p % 2 == 0 ? NULL : held,
                                       .pnl = (double)NAN};
        CHECK_OK(fel_hedge_session_decide(session, &sight, held));
        for (size_t j = 0; j < l->n_instruments; j++) {
            CHECK_SAME(held[j] / (j == 0 ? 1.0 : scale), *lived_position(l, k, j, p));
        }
    }
    const fel_hedge_sight sight = {.spot = 100.0, .prices = prices, .pnl = (double)NAN};
    CHECK_STATUS(fel_hedge_session_decide(session, &sight, held), FEL_ERR_RANGE);
}

/* The block's bits; at another scale too, where it is a power of two. */
static void check_session(lived *l, const fel_hedger *hedger)
{
    fel_hedge_session *session = NULL;
    const fel_hedge_outcome out = {
        .struct_size = sizeof(out), .first = 300, .n = N_LIVED, .position = l->position};
    CHECK_OK(fel_hedger_run(hedger, &out));
    CHECK_OK(fel_hedge_session_create(&session, hedger));
    for (size_t p = 0; p < N_LIVED; p++) {
        const double scale = p % 3 == 2 ? 4.0 : 1.0;
        fel_hedge_session_restart(session, scale);
        live(l, session, p, scale);
    }
    fel_hedge_session_destroy(session);
}

static void check_sessions_of_policy(const pass_case *how)
{
    static lived l;
    double params[PASS_MAX_PARAMS];
    float narrow[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(how);
    fel_hedger *wide = NULL, *single = NULL;
    const size_t n = fel_policy_count_params(world.policy);
    pass_params_f64(31, 0.5, params, n);
    pass_params_f32(31, 0.5, narrow, n);
    show(&l, world.problem);
    CHECK_OK(fel_hedger_of_policy_f64(&wide, world.policy, params));
    CHECK_OK(fel_hedger_of_policy_f32(&single, world.policy, narrow));
    check_session(&l, wide);
    check_session(&l, single);
    fel_hedger_destroy(wide);
    fel_hedger_destroy(single);
    pass_world_clear(&world);
}

static void test_a_session_is_a_path_of_a_run(void)
{
    check_sessions_of_policy(
        &(pass_case){.hidden = 11, .n_instruments = 2, .is_heston = 1, .costs = PASS_PROPORTIONAL});
    check_sessions_of_policy(
        &(pass_case){.network = "mlp", .per_date = 1, .is_heston = 1, .head = FEL_HEDGE_BAND});
    check_sessions_of_policy(
        &(pass_case){.n_hidden = 2, .hidden = 32, .is_heston = 1, .head = FEL_HEDGE_RESIDUAL});
}

static void test_a_rules_session_is_a_path_of_its_run(void)
{
    static lived l;
    const char *const rules[] = {"none", "black_scholes_delta", "whalley_wilmott", "heston_delta"};
    pass_world world =
        pass_world_create(&(pass_case){.n_instruments = 2, .is_heston = 1, .is_bounded = 1});
    show(&l, world.problem);
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        fel_hedge_rule rule;
        fel_hedger *hedger = NULL;
        CHECK_OK(fel_hedge_rule_find(rules[i], &rule));
        CHECK_OK(fel_hedger_of_rule(&hedger, world.problem, &rule));
        check_session(&l, hedger);
        fel_hedger_destroy(hedger);
    }
    pass_world_clear(&world);
}

/* The caller's books count: another P&L is another input. */
static void test_a_session_takes_the_callers_books(void)
{
    double params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(&(pass_case){.costs = PASS_FREE});
    fel_hedger *hedger = NULL;
    fel_hedge_session *session = NULL;
    double decided[3], first = 0.0;
    const double pnl[3] = {(double)NAN, 0.0, 2.0}, prices[2] = {98.7, 101.9};
    pass_params_f64(8, 0.7, params, fel_policy_count_params(world.policy));
    CHECK_OK(fel_hedger_of_policy_f64(&hedger, world.policy, params));
    CHECK_OK(fel_hedge_session_create(&session, hedger));
    for (size_t i = 0; i < 3; i++) {
        fel_hedge_sight sight = {.spot = prices[0], .prices = prices, .pnl = (double)NAN};
        fel_hedge_session_restart(session, 1.0);
        CHECK_OK(fel_hedge_session_decide(session, &sight, &first));
        sight = (fel_hedge_sight){.spot = prices[1], .prices = &prices[1], .pnl = pnl[i]};
        const double up = exp(0.031 * 0.083 * 4.0 / 5.0), down = exp(0.031 * 0.083);
        if (i == 1) { /* what the session itself makes of it */
            sight.pnl = first * (up * exp(0.012 * 0.083 / 5.0) * prices[1] - down * prices[0]);
        }
        CHECK_OK(fel_hedge_session_decide(session, &sight, &decided[i]));
    }
    CHECK_NEAR(decided[0], decided[1], 1e-14);
    CHECK(fabs(decided[0] - decided[2]) > 1e-6);
    fel_hedge_session_destroy(session);
    fel_hedger_destroy(hedger);
    pass_world_clear(&world);
}

static void test_a_session_refuses_what_is_no_number(void)
{
    pass_world world = pass_world_create(&(pass_case){.is_heston = 1, .is_bounded = 1});
    fel_hedge_rule rule;
    fel_hedger *hedger = NULL;
    fel_hedge_session *session = NULL;
    double position = 0.0;
    const double good = 98.7, bad = (double)NAN;
    CHECK_OK(fel_hedge_rule_find("black_scholes_oracle", &rule));
    CHECK_OK(fel_hedger_of_rule(&hedger, world.problem, &rule));
    CHECK_OK(fel_hedge_session_create(&session, hedger));
    const struct {
        fel_hedge_sight sight;
        const char *why;
    } cases[] = {
        {{.spot = bad, .variance = 0.04, .prices = &good, .pnl = bad}, "spot"},
        {{.spot = -1.0, .variance = 0.04, .prices = &good, .pnl = bad}, "spot"},
        {{.spot = good, .variance = 0.04, .prices = &bad, .pnl = bad}, "price"},
        {{.spot = good, .variance = 0.04, .prices = &good, .position = &bad, .pnl = bad},
         "position"},
        {{.spot = good, .variance = bad, .prices = &good, .pnl = bad}, "variance"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CHECK_STATUS(fel_hedge_session_decide(session, &cases[i].sight, &position), FEL_ERR_RANGE);
        CHECK_HAS(fel_last_error()->message, cases[i].why);
    }
    fel_hedge_session_destroy(session);
    fel_hedger_destroy(hedger);
    pass_world_clear(&world);
}

/* ---- runs -------------------------------------------------------------------------------------
 */

typedef struct told {
    double done, total;
    int n;
} told;

static void tell(void *payload, const char *what, double done, double total)
{
    told *t = payload;
    CHECK_TEXT(what, "hedging");
    CHECK(done >= t->done);
    *t = (told){done, total, t->n + 1};
}

enum { N_RUN = 2111 };

static void test_runs_tell_and_stop(void)
{
    static double pnl[N_RUN], again[N_RUN];
    static float params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(&(pass_case){.hidden = 7});
    fel_hedger *hedger = NULL;
    told t = {0.0, 0.0, 0};
    int stop = 0;
    pass_params_f32(6, 0.5, params, fel_policy_count_params(world.policy));
    CHECK_OK(fel_hedger_of_policy_f32(&hedger, world.policy, params));
    fel_hedge_outcome out = {.struct_size = sizeof(out),
                             .n_threads = 1,
                             .n = N_RUN,
                             .pnl = pnl,
                             .stop_flag = &stop,
                             .progress = tell,
                             .progress_payload = &t};
    CHECK_OK(fel_hedger_run(hedger, &out));
    CHECK_NEAR(t.done, (double)N_RUN, 0.0);
    CHECK_NEAR(t.total, (double)N_RUN, 0.0);
    CHECK(t.n > 1);
    out.pnl = again;
    out.n_threads = 3;
    t = (told){0.0, 0.0, 0};
    CHECK_OK(fel_hedger_run(hedger, &out));
    CHECK(pass_same(pnl, again, sizeof(pnl)));
    stop = 1;
    CHECK_STATUS(fel_hedger_run(hedger, &out), FEL_ERR_STOPPED);
    out.struct_size = 4;
    CHECK_STATUS(fel_hedger_run(hedger, &out), FEL_ERR_ARG);
    fel_hedger_destroy(hedger);
    pass_world_clear(&world);
}

SUITE("hedge/hedger", TEST(test_nobody_looks_ahead), TEST(test_a_session_is_a_path_of_a_run),
      TEST(test_a_rules_session_is_a_path_of_its_run), TEST(test_a_session_takes_the_callers_books),
      TEST(test_a_session_refuses_what_is_no_number), TEST(test_runs_tell_and_stop));
