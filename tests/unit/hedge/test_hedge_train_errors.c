/* tests/unit/hedge/test_hedge_train_errors.c - bad input, numbers that run away, memory that runs
 * out, and which paths an epoch sees. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/failing_malloc.h"
#include "tests/unit/hedge/hedge_train_fixture.h"

/* ---- configs --------------------------------------------------------------------------------- */

static void check_refused(const hedge_world *w, fel_status status, const char *words)
{
    fel_hedge_trainer *trainer = NULL;
    CHECK_STATUS(fel_hedge_trainer_create(&trainer, &w->config), status);
    CHECK_HAS(fel_last_error()->message, words);
    CHECK(trainer == NULL);
}

static void test_configs_must_make_sense(void)
{
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    const fel_hedge_train_config kept = w.config;
    w.config.struct_size = 8;
    check_refused(&w, FEL_ERR_ARG, "has 8 bytes");
    w.config = kept;
    w.config.policy = NULL;
    check_refused(&w, FEL_ERR_ARG, "takes a policy");
    w.config = kept;
    w.config.batch = 0;
    check_refused(&w, FEL_ERR_RANGE, "batch is 0");
    w.config = kept;
    w.config.n_steps = 0;
    check_refused(&w, FEL_ERR_RANGE, "0 steps");
    w.config = kept;
    w.config.threshold_rate = 1.5;
    check_refused(&w, FEL_ERR_RANGE, "threshold_rate is 1.5");
    w.config = kept;
    w.config.max_seconds = -1.0;
    check_refused(&w, FEL_ERR_RANGE, "max_seconds is -1");
    w.config = kept;
    w.config.objective.cost_factor = (double)NAN;
    check_refused(&w, FEL_ERR_RANGE, "cost_factor is nan");
    w.config = kept;
    w.config.objective.risk.params[0] = -1.0;
    check_refused(&w, FEL_ERR_RANGE, "risk_aversion");
    w.config = kept;
    w.config.optimizer.params[0] = -1.0;
    check_refused(&w, FEL_ERR_RANGE, "learning_rate");
    w.config = kept;
    w.config.schedule.params[0] = -1.0;
    check_refused(&w, FEL_ERR_RANGE, "warmup_epochs");
    hedge_world_destroy(&w);
}

static void test_paths_must_be_there_and_not_shared(void)
{
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    const fel_hedge_train_config kept = w.config;
    w.config.n_paths = 1000;
    w.config.batch = 100;
    check_refused(&w, FEL_ERR_RANGE, "groups of 64");
    w.config = kept;
    w.config.first_validation = 6 * 192 - 1;
    check_refused(
        &w, FEL_ERR_RANGE,
        "training takes paths 0 to 1151 and validation 1151 to 1406: they must not share");
    w.config.first_validation = 6 * 192;
    fel_hedge_trainer_destroy(hedge_world_train(&w));
    w.config.n_paths = 1153;
    check_refused(&w, FEL_ERR_RANGE, "validation 1152 to");
    w.config = kept;
    w.config.first_path = UINT64_MAX - 3;
    check_refused(&w, FEL_ERR_RANGE, "numbered up to");
    hedge_world_destroy(&w);
}

static void test_first_values_must_be_numbers(void)
{
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    float start[1024] = {0.0F};
    CHECK(fel_policy_count_params(w.policy) <= 1024);
    start[7] = NAN;
    w.config.start = start;
    check_refused(&w, FEL_ERR_RANGE, "parameter 7 to start with is nan");
    hedge_world_destroy(&w);
}

/* ---- explosions ------------------------------------------------------------------------------ */

static void test_an_explosion_is_named(void)
{
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    float start[1024];
    fel_policy_init_f32(w.policy, w.config.seed, start);
    hedge_world_optimizer(&w, "adam", 1e3);
    w.config.validate_every = 0;
    fel_hedge_trainer *trainer = hedge_world_trainer(&w);
    CHECK_STATUS(fel_hedge_trainer_run(trainer), FEL_ERR_RANGE);
    CHECK_HAS(fel_last_error()->message, "training explodes at step 2: ");
    CHECK_HAS(fel_last_error()->message, "the step before had a loss of ");
    CHECK_HAS(fel_last_error()->message, "lower learning_rate (1000), set clip_norm, or begin "
                                         "with warmup_epochs");
    const fel_hedge_train_result *r = fel_hedge_trainer_result(trainer);
    CHECK_INT(r->n_steps, 1);
    CHECK(memcmp(r->last_params, start, r->n_params * sizeof(float)) == 0);
    CHECK(memcmp(r->params, start, r->n_params * sizeof(float)) == 0);
    fel_hedge_trainer_destroy(trainer);
    hedge_world_destroy(&w);
}

/* ---- epochs ---------------------------------------------------------------------------------- */

enum { MOST_PATHS = 1000 };

typedef struct path_counts {
    int seen[MOST_PATHS], order[4 * MOST_PATHS];
    int n;
} path_counts;

static fel_status count_path(void *payload, const fel_payoff_path *path, double *value)
{
    path_counts *c = payload;
    if (path->path < MOST_PATHS) {
        c->seen[path->path]++;
        c->order[c->n++ % (4 * MOST_PATHS)] = (int)path->path;
    }
    *value = fmax(path->spot[path->n_dates] - 100.0, 0.0);
    return FEL_OK;
}

static void make_counted(hedge_world *w, path_counts *counts)
{
    const hedge_case how = hedge_case_default();
    hedge_world plain = hedge_world_create(&how);
    fel_hedge_config c = *fel_hedge_problem_config(plain.problem);
    fel_hedge_claim claim = {.quantity = 1.0};
    CHECK_OK(fel_payoff_init(&claim.payoff, "callback"));
    claim.payoff.callback = count_path;
    claim.payoff.payload = counts;
    c.claims = &claim;
    c.n_claims = 1;
    w->policy = NULL;
    w->problem = NULL;
    CHECK_OK(fel_hedge_problem_create(&w->problem, &c));
    CHECK_OK(fel_policy_create(&w->policy, w->problem, fel_policy_describe(plain.policy)));
    w->config = plain.config;
    w->config.policy = w->policy;
    hedge_world_destroy(&plain);
}

/* 900 paths in batches of 192: five steps, the last of 132. Then again, in another order. */
static void test_an_epoch_sees_every_path_once(void)
{
    static path_counts counts;
    hedge_world w;
    int orders[2][900], n_moved = 0;
    memset(&counts, 0, sizeof(counts));
    make_counted(&w, &counts);
    w.config.n_paths = 900;
    w.config.n_validation = 0;
    for (int epochs = 1; epochs <= 2; epochs++) {
        memset(&counts, 0, sizeof(counts));
        w.config.n_steps = (uint64_t)(5 * epochs);
        fel_hedge_trainer_destroy(hedge_world_train(&w));
        CHECK_INT(counts.n, 900 * epochs);
        for (int i = 0; i < MOST_PATHS; i++) {
            CHECK_INT(counts.seen[i], i < 900 ? epochs : 0);
        }
        memcpy(orders[epochs - 1], counts.order + (ptrdiff_t)900 * (epochs - 1), sizeof(orders[0]));
    }
    for (int i = 0; i < 900; i++) {
        n_moved += orders[0][i] != orders[1][i];
        /* The group that is not whole is the last. */
        CHECK(i < 896 || (orders[0][i] == i && orders[1][i] == i));
    }
    CHECK(n_moved > 450);
    hedge_world_destroy(&w);
}

/* A last batch below half the size joins the one before: 900 in batches of 384 are 384 and 516. */
static void test_a_small_last_batch_joins_the_one_before(void)
{
    static path_counts counts;
    hedge_world w;
    memset(&counts, 0, sizeof(counts));
    make_counted(&w, &counts);
    w.config.n_paths = 900;
    w.config.batch = 384;
    w.config.n_validation = 0;
    w.config.n_steps = 2;
    memset(&counts, 0, sizeof(counts));
    fel_hedge_trainer_destroy(hedge_world_train(&w));
    CHECK_INT(counts.n, 900);
    w.config.n_steps = 1;
    memset(&counts, 0, sizeof(counts));
    fel_hedge_trainer_destroy(hedge_world_train(&w));
    CHECK_INT(counts.n, 384);
    hedge_world_destroy(&w);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static fel_status create_and_run(void *payload, void **out)
{
    const hedge_world *w = payload;
    fel_hedge_trainer *trainer = NULL;
    fel_status status = fel_hedge_trainer_create(&trainer, &w->config);
    if (status == FEL_OK) {
        status = fel_hedge_trainer_run(trainer);
    }
    if (status == FEL_OK) {
        *out = trainer;
    } else {
        fel_hedge_trainer_destroy(trainer);
    }
    return status;
}

static void destroy_trainer(void *made)
{
    fel_hedge_trainer_destroy(made);
}

static void test_no_memory_is_said(void)
{
    static const char *const optimizers[] = {"adam", "kfac"};
    const hedge_case how = hedge_case_default();
    for (size_t i = 0; i < 2; i++) {
        hedge_world w = hedge_world_create(&how);
        hedge_world_optimizer(&w, optimizers[i], (double)NAN);
        w.config.n_steps = 1;
        w.config.n_paths = w.config.batch = 64;
        w.config.n_validation = 64;
        const failing_call call = {"train", create_and_run, destroy_trainer, &w};
        CHECK(check_failing_call(&call) > 20);
        hedge_world_destroy(&w);
    }
}

SUITE("hedge/hedge_train_errors", TEST(test_configs_must_make_sense),
      TEST(test_paths_must_be_there_and_not_shared), TEST(test_first_values_must_be_numbers),
      TEST(test_an_explosion_is_named), TEST(test_an_epoch_sees_every_path_once),
      TEST(test_a_small_last_batch_joins_the_one_before), TEST(test_no_memory_is_said));
