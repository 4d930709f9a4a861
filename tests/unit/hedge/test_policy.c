/* tests/unit/hedge/test_policy.c - what a policy is made of, where it begins, what its heads do
 * with outputs that are known. */
#define FEL_MODULE_HEDGE 1
#include <math.h>
#include <string.h>

#include "hedge/pass_block_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/pass_fixture.h"

/* ---- what goes together -----------------------------------------------------------------------
 */

static void refuse(const fel_hedge_problem *problem, const pass_case *how, fel_status status,
                   const char *why)
{
    fel_policy *policy = NULL;
    CHECK_STATUS(pass_policy_create(&policy, problem, how), status);
    CHECK_HAS(fel_last_error()->message, why);
    CHECK(policy == NULL);
}

static void test_what_does_not_go_together_is_refused(void)
{
    pass_world world = pass_world_create(&(pass_case){0});
    const fel_hedge_problem *problem = world.problem;
    fel_policy *policy = NULL;
    refuse(problem, &(pass_case){.network = "transformer"}, FEL_ERR_ARG, "transformer");
    refuse(problem, &(pass_case){.per_date = 1}, FEL_ERR_ARG, "each date");
    refuse(problem, &(pass_case){.head = (fel_hedge_head)7}, FEL_ERR_RANGE, "head 7");
    refuse(problem, &(pass_case){.bound = (fel_hedge_bound)5}, FEL_ERR_RANGE, "bound 5");
    refuse(problem, &(pass_case){.head = FEL_HEDGE_BAND, .bound = FEL_HEDGE_TANH}, FEL_ERR_ARG,
           "free");
    refuse(problem, &(pass_case){.head = FEL_HEDGE_RESIDUAL, .base = "whalley_wilmott"},
           FEL_ERR_ARG, "whalley_wilmott");
    fel_policy_config config = fel_policy_config_default();
    config.head = FEL_HEDGE_RESIDUAL;
    CHECK_STATUS(fel_policy_create(&policy, problem, &config), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "base rule");
    config = fel_policy_config_default();
    config.struct_size = 3;
    CHECK_STATUS(fel_policy_create(&policy, problem, &config), FEL_ERR_ARG);
    config = fel_policy_config_default();
    config.network = NULL;
    CHECK_STATUS(fel_policy_create(&policy, problem, &config), FEL_ERR_ARG);
    pass_world_clear(&world);
}

static void test_network_fits_the_problem(void)
{
    pass_world world =
        pass_world_create(&(pass_case){.head = FEL_HEDGE_BAND, .n_instruments = 2, .is_heston = 1});
    size_t n_blocks = fel_network_count_blocks(fel_policy_network(world.policy));
    const fel_block_info *last = fel_network_block(fel_policy_network(world.policy), n_blocks - 1);
    CHECK_INT(last->rows, 4);
    CHECK(fel_policy_problem(world.policy) == world.problem);
    CHECK_INT(fel_policy_describe(world.policy)->head, FEL_HEDGE_BAND);
    /* log_moneyness, time_to_maturity, two positions, P&L; [x; h] to gates of 6 units. */
    CHECK_INT(fel_network_block(fel_policy_network(world.policy), 0)->cols, 5 + 6);
    CHECK_INT(fel_policy_count_params(world.policy),
              fel_network_count_params(fel_policy_network(world.policy)));
    pass_world_clear(&world);
    world = pass_world_create(&(pass_case){.network = "mlp", .per_date = 1});
    CHECK_INT(fel_policy_count_params(world.policy),
              5 * fel_network_count_params(fel_policy_network(world.policy)));
    pass_world_clear(&world);
}

/* Not told its own trades: its inputs are the market's alone. */
static void test_a_blind_policy_has_no_live_features(void)
{
    pass_world world = pass_world_create(&(pass_case){.n_instruments = 2, .is_heston = 1});
    fel_policy_config config = fel_policy_config_default();
    fel_policy *blind = NULL;
    config.is_blind = 1;
    config.hidden[0] = 6;
    CHECK_OK(fel_policy_create(&blind, world.problem, &config));
    CHECK_INT(fel_network_block(fel_policy_network(blind), 0)->cols, 2 + 6);
    CHECK_INT(fel_network_block(fel_policy_network(world.policy), 0)->cols, 5 + 6);
    CHECK_INT(blind->n_live, 0);
    fel_policy_destroy(blind);
    pass_world_clear(&world);
}

/* ---- first values -----------------------------------------------------------------------------
 */

static const fel_block_info *last_weights(const fel_network *net)
{
    size_t b = fel_network_count_blocks(net);
    while (fel_network_block(net, b - 1)->role != FEL_BLOCK_WEIGHT) {
        b--;
    }
    return fel_network_block(net, b - 1);
}

static void test_policies_begin_with_a_small_last_layer(void)
{
    double values[PASS_MAX_PARAMS], own[PASS_MAX_PARAMS], other[PASS_MAX_PARAMS];
    float narrow[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(&(pass_case){.network = "mlp", .per_date = 1});
    const fel_network *net = fel_policy_network(world.policy);
    const size_t n = fel_policy_count_params(world.policy), one = fel_network_count_params(net);
    const fel_block_info *last = last_weights(net);
    fel_policy_init_f64(world.policy, 17, values);
    fel_policy_init_f32(world.policy, 17, narrow);
    fel_policy_init_f64(world.policy, 18, other);
    fel_network_init_f64(net, 17, own);
    CHECK(!pass_same(values, other, n * sizeof(double)));
    CHECK(!pass_same(values, values + one, one * sizeof(double)));
    for (size_t i = 0; i < one; i++) {
        const int is_last = i >= last->offset && i < last->offset + last->rows * last->cols;
        CHECK_NEAR(values[i], is_last ? 0.1 * own[i] : own[i], 1e-16);
    }
    for (size_t i = 0; i < n; i++) {
        CHECK_NEAR((double)narrow[i], values[i], 1e-6);
    }
    pass_world_clear(&world);
}

/* ---- scales -----------------------------------------------------------------------------------
 */

static void test_features_have_mean_0_and_deviation_1_on_pilot_paths(void)
{
    pass_world world = pass_world_create(&(pass_case){.is_heston = 1});
    const fel_policy *policy = world.policy;
    const size_t n = hedge_pilot_count(world.problem), dates = 5;
    hedge_sample *sample = NULL;
    CHECK_OK(hedge_sample_create(&sample, policy, 1, n));
    CHECK_OK(hedge_sample_fill(sample, hedge_pilot_first(world.problem), n));
    for (size_t c = 0; c < 2; c++) {
        double sum = 0.0, squares = 0.0;
        for (size_t k = 0; k < dates; k++) {
            const double *inputs = sample_inputs(sample, k);
            for (size_t i = 0; i < n; i++) {
                sum += inputs[i * policy->n_columns + c];
                squares += inputs[i * policy->n_columns + c] * inputs[i * policy->n_columns + c];
            }
        }
        CHECK_NEAR(sum / (double)(n * dates), 0.0, 1e-10);
        CHECK_NEAR(squares / (double)(n * dates), 1.0, 1e-10);
    }
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += sample->block.payoff[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        squares += pow(sample->block.payoff[i] - sum, 2.0) / (double)n;
    }
    CHECK_REL(policy->pnl_scale, sqrt(squares), 1e-10);
    hedge_sample_destroy(sample);
    pass_world_clear(&world);
}

/* ---- heads ------------------------------------------------------------------------------------
 */

enum { N_PATHS = 93, N_DATES = 5 };

typedef struct run_result {
    double pnl[N_PATHS], position[N_DATES * N_PATHS];
} run_result;

static void run(const fel_hedger *hedger, run_result *out)
{
    const fel_hedge_outcome outcome = {.struct_size = sizeof(outcome),
                                       .n_threads = 1,
                                       .first = 9,
                                       .n = N_PATHS,
                                       .pnl = out->pnl,
                                       .position = out->position};
    CHECK_OK(fel_hedger_run(hedger, &outcome));
}

static void run_rule(const fel_hedge_problem *problem, const char *name, run_result *out)
{
    fel_hedge_rule rule;
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_hedge_rule_find(name, &rule));
    CHECK_OK(fel_hedger_of_rule(&hedger, problem, &rule));
    run(hedger, out);
    fel_hedger_destroy(hedger);
}

static void run_policy(const fel_policy *policy, const double *params, run_result *out)
{
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_hedger_of_policy_f64(&hedger, policy, params));
    run(hedger, out);
    fel_hedger_destroy(hedger);
}

/* A network of zeros but for its last bias: it puts out that, whatever it sees. */
static void constant_outputs(const fel_policy *policy, const double *outputs, double *params)
{
    const fel_network *net = fel_policy_network(policy);
    const fel_block_info *bias = fel_network_block(net, fel_network_count_blocks(net) - 1);
    CHECK_INT(bias->role, FEL_BLOCK_BIAS);
    memset(params, 0, fel_policy_count_params(policy) * sizeof(double));
    memcpy(params + bias->offset, outputs, bias->rows * sizeof(double));
}

static void test_a_residual_of_nothing_is_its_base(void)
{
    static run_result rule, policy;
    static double params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(&(pass_case){.head = FEL_HEDGE_RESIDUAL, .is_heston = 1});
    run_rule(world.problem, "black_scholes_delta", &rule);
    run_policy(world.policy, params, &policy);
    CHECK(pass_same(&rule, &policy, sizeof(rule)));
    constant_outputs(world.policy, &(double){-0.137}, params);
    run_policy(world.policy, params, &policy);
    for (size_t i = 0; i < (size_t)N_DATES * N_PATHS; i++) {
        CHECK_NEAR(policy.position[i], rule.position[i] - 0.137, 1e-15);
    }
    pass_world_clear(&world);
}

static double leaky(double x)
{
    return fmax(x, x / 100.0);
}

static void check_band(double o1, double o2)
{
    static run_result base, got;
    double params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(&(pass_case){.head = FEL_HEDGE_BAND});
    run_rule(world.problem, "black_scholes_delta", &base);
    constant_outputs(world.policy, (double[]){o1, o2}, params);
    run_policy(world.policy, params, &got);
    size_t n_kept = 0;
    for (size_t p = 0; p < N_PATHS; p++) {
        double held = 0.0;
        for (size_t k = 0; k < N_DATES; k++) {
            const double delta = base.position[k * N_PATHS + p];
            const double low = delta - leaky(o1), high = delta + leaky(o2), before = held;
            held = low > high ? (low + high) / 2.0 : fmin(fmax(held, low), high);
            n_kept += fabs(held - before) <= 0.0 ? 1 : 0;
            CHECK_NEAR(got.position[k * N_PATHS + p], held, 1e-14);
        }
    }
    CHECK(n_kept > 0 || o1 + o2 <= 0.1);
    pass_world_clear(&world);
}

static void test_bands_keep_the_position_within_them(void)
{
    check_band(0.07, 0.043);
    check_band(0.2, -0.3);  /* the upper side leaks */
    check_band(-0.7, -0.4); /* crossed: the middle */
    check_band(0.0, 0.0);   /* the base itself */
}

/* Of all heads and bounds, with parameters that would leave the allowed range. */
static void test_positions_stay_within_their_bounds(void)
{
    static run_result got;
    double params[PASS_MAX_PARAMS];
    for (int head = FEL_HEDGE_DIRECT; head <= FEL_HEDGE_BAND; head++) {
        pass_world world =
            pass_world_create(&(pass_case){.head = (fel_hedge_head)head, .is_bounded = 1});
        size_t n_low = 0, n_high = 0;
        for (uint64_t seed = 1; seed <= 8; seed++) {
            pass_params_f64(seed, 2.0, params, fel_policy_count_params(world.policy));
            run_policy(world.policy, params, &got);
            for (size_t i = 0; i < (size_t)N_DATES * N_PATHS; i++) {
                CHECK(got.position[i] >= -0.35 && got.position[i] <= 0.62);
                n_low += got.position[i] <= -0.35 ? 1 : 0;
                n_high += got.position[i] >= 0.62 ? 1 : 0;
            }
        }
        CHECK(n_high > 0);
        CHECK(n_low > 0 || head == FEL_HEDGE_BAND);
        pass_world_clear(&world);
    }
}

static void test_bounds_bound_outputs(void)
{
    static run_result got;
    double params[PASS_MAX_PARAMS];
    const double out = 0.83, expected[] = {out, tanh(out), 1.0 / (1.0 + exp(-out))};
    for (int bound = FEL_HEDGE_FREE; bound <= FEL_HEDGE_LOGISTIC; bound++) {
        pass_world world = pass_world_create(&(pass_case){.bound = (fel_hedge_bound)bound});
        constant_outputs(world.policy, &out, params);
        run_policy(world.policy, params, &got);
        for (size_t i = 0; i < (size_t)N_DATES * N_PATHS; i++) {
            CHECK_NEAR(got.position[i], expected[bound], 1e-15);
        }
        pass_world_clear(&world);
    }
}

SUITE("hedge/policy", TEST(test_what_does_not_go_together_is_refused),
      TEST(test_network_fits_the_problem), TEST(test_a_blind_policy_has_no_live_features),
      TEST(test_policies_begin_with_a_small_last_layer),
      TEST(test_features_have_mean_0_and_deviation_1_on_pilot_paths),
      TEST(test_a_residual_of_nothing_is_its_base), TEST(test_bands_keep_the_position_within_them),
      TEST(test_positions_stay_within_their_bounds), TEST(test_bounds_bound_outputs));
