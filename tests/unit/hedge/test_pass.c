/* tests/unit/hedge/test_pass.c - P&L against a loop written from its formula, and what must not
 * change a bit: threads, blocks, who asks. */
#define FEL_MODULE_HEDGE 1
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hedge/pass_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/pass_fixture.h"

/* ---- the formula ------------------------------------------------------------------------------
 */

enum { N_NAIVE = 77, MAX_DATES = 8 };

/* What hedge.h says a trade costs. */
static double cost_of(const fel_hedge_cost *c, double d, double price, int is_training)
{
    const double size = fabs(d);
    const double fixed = !is_training || c->fixed_width <= 0.0
                             ? (size > 0.0 ? c->fixed : 0.0)
                             : c->fixed * (1.0 - exp(-size / c->fixed_width));
    return c->proportional_bps / 1e4 * size * price + c->per_unit * size + fixed +
           c->quadratic_bps / 1e4 * d * d * price;
}

typedef struct naive {
    const fel_hedge_config *config;
    double price[(MAX_DATES + 1) * 2 * N_NAIVE], position[MAX_DATES * 2 * N_NAIVE], payoff[N_NAIVE];
    double swap_base; /* what a variance swap's costs are of */
    int is_training;
    double cost, turnover;
} naive;

static double naive_price(const naive *m, size_t k, size_t j, size_t p)
{
    return m->price[(k * m->config->n_instruments + j) * N_NAIVE + p];
}
static double naive_held(const naive *m, size_t k, size_t j, size_t p)
{
    return m->position[(k * m->config->n_instruments + j) * N_NAIVE + p];
}
static double growth_at(const fel_hedge_config *c, size_t k)
{
    const double t = c->horizon_years * (double)k / (double)c->n_dates;
    return exp(c->rate_per_year * (c->horizon_years - t));
}

static void naive_trade(naive *m, size_t k, size_t j, size_t p, double d)
{
    const fel_hedge_config *c = m->config;
    const fel_hedge_instrument *traded = &c->instruments[j];
    const int is_swap = traded->kind == FEL_HEDGE_VARIANCE_SWAP;
    const double price = naive_price(m, k, j, p);
    const int expires =
        is_swap || (traded->kind == FEL_HEDGE_OPTION && traded->expiry_years <= c->horizon_years);
    if (k < c->n_dates || (c->is_unwinding && !expires)) {
        m->cost += growth_at(c, k) *
                   cost_of(&traded->cost, d, is_swap ? m->swap_base : price, m->is_training);
    }
    m->turnover += fabs(d) * price;
}

static double naive_pnl(naive *m, size_t p, double cost_factor)
{
    const fel_hedge_config *c = m->config;
    const double dt = c->horizon_years / (double)c->n_dates,
                 carry = exp(c->market.process.dividend_per_year * dt);
    double sum = c->side * growth_at(c, 0) * c->premium - m->payoff[p];
    m->cost = m->turnover = 0.0;
    for (size_t j = 0; j < c->n_instruments; j++) {
        const double up = c->instruments[j].kind == FEL_HEDGE_SPOT ? carry : 1.0;
        double before = 0.0;
        for (size_t k = 0; k < c->n_dates; k++) {
            const double held = naive_held(m, k, j, p);
            naive_trade(m, k, j, p, held - before);
            sum += held * (growth_at(c, k + 1) * up * naive_price(m, k + 1, j, p) -
                           growth_at(c, k) * naive_price(m, k, j, p));
            before = held;
        }
        naive_trade(m, c->n_dates, j, p, -before);
    }
    return sum - cost_factor * m->cost;
}

static void fill_naive(naive *m, const fel_hedge_problem *problem, uint64_t first)
{
    const fel_hedge_paths paths = {
        .first = first, .n = N_NAIVE, .price = m->price, .payoff = m->payoff};
    m->config = fel_hedge_problem_config(problem);
    CHECK_OK(fel_hedge_problem_paths(problem, &paths));
    m->swap_base = 0.0;
    if (m->config->n_instruments == 2) {
        m->swap_base = 2.0 * sqrt(m->config->horizon_years * naive_price(m, 0, 1, 0));
    }
}

static void check_run(naive *m, const fel_policy *policy, const double *params)
{
    double pnl[N_NAIVE], cost[N_NAIVE], turnover[N_NAIVE], payoff[N_NAIVE];
    const fel_hedge_outcome out = {.struct_size = sizeof(out),
                                   .n_threads = 1,
                                   .first = 41,
                                   .n = N_NAIVE,
                                   .pnl = pnl,
                                   .cost = cost,
                                   .turnover = turnover,
                                   .payoff = payoff,
                                   .position = m->position};
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_hedger_of_policy_f64(&hedger, policy, params));
    CHECK_OK(fel_hedger_run(hedger, &out));
    m->is_training = 0;
    for (size_t p = 0; p < N_NAIVE; p++) {
        CHECK_NEAR(pnl[p], naive_pnl(m, p, 1.0), 1e-10);
        CHECK_NEAR(cost[p], m->cost, 1e-11);
        CHECK_NEAR(turnover[p], m->turnover, 1e-9);
        CHECK_SAME(payoff[p], m->payoff[p]);
    }
    fel_hedger_destroy(hedger);
}

/* The same positions where the running P&L, which smoothed costs change, is not seen. */
static void check_batch(naive *m, const fel_policy *policy, const double *params)
{
    double pnl[N_NAIVE];
    fel_hedge_objective objective = {.cost_factor = 2.7};
    const fel_hedge_batch batch = {.first = 41, .n = N_NAIVE, .n_threads = 1};
    fel_hedge_loss loss;
    CHECK_OK(fel_risk_find("mean_variance", &objective.risk));
    CHECK_OK(fel_hedge_loss_f64(policy, &objective, &batch, params, &loss, NULL, pnl));
    m->is_training = 1;
    for (size_t p = 0; p < N_NAIVE; p++) {
        CHECK_NEAR(pnl[p], naive_pnl(m, p, 2.7), 1e-10);
    }
}

static void check_naive(const pass_case *how)
{
    static naive m;
    double params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(how);
    if (world.policy != NULL) {
        pass_params_f64(5, 0.6, params, fel_policy_count_params(world.policy));
        fill_naive(&m, world.problem, 41);
        check_run(&m, world.policy, params);
        check_batch(&m, world.policy, params);
    }
    pass_world_clear(&world);
}

static void test_pnl_is_the_formula(void)
{
    for (int costs = 0; costs <= PASS_N_COSTS; costs++) {
        for (size_t n_instruments = 1; n_instruments <= 2; n_instruments++) {
            for (int is_heston = 0; is_heston < 2; is_heston++) {
                check_naive(&(pass_case){.costs = (pass_costs)costs,
                                         .n_instruments = n_instruments,
                                         .is_heston = is_heston,
                                         .keeps = costs == PASS_QUADRATIC,
                                         .without_live = 1});
            }
        }
    }
}

/* P&L of pfhedge (functional.pl): sum of units x price changes less cost x |change of units| x
 * price, the first purchase included and no closing trade, less the payoff. */
static void test_pnl_is_pfhedges_on_stored_paths(void)
{
    enum { PATHS = 3, DATES = 4 };
    const double spot[PATHS * (DATES + 1)] = {100.0, 101.3, 99.2,  102.9, 104.1, 100.0, 97.7, 95.1,
                                              96.4,  93.8,  100.0, 100.9, 100.2, 99.6,  100.4};
    const pass_stored how = {
        .spot = spot, .n_paths = PATHS, .n_dates = DATES, .strike = 99.3, .cost_bps = 17.0};
    fel_hedge_problem *problem = pass_stored_problem(&how);
    fel_policy *policy = NULL;
    fel_hedger *hedger = NULL;
    CHECK_OK(pass_policy_create(&policy, problem, &(pass_case){.hidden = 4}));
    double params[PASS_MAX_PARAMS], pnl[PATHS], position[DATES * PATHS];
    pass_params_f64(3, 0.7, params, fel_policy_count_params(policy));
    CHECK_OK(fel_hedger_of_policy_f64(&hedger, policy, params));
    const fel_hedge_outcome out = {
        .struct_size = sizeof(out), .n = PATHS, .pnl = pnl, .position = position};
    CHECK_OK(fel_hedger_run(hedger, &out));
    for (size_t p = 0; p < PATHS; p++) {
        const double *s = spot + p * (DATES + 1);
        double sum = -fmax(s[DATES] - 99.3, 0.0), before = 0.0;
        for (size_t k = 0; k < DATES; k++) {
            const double held = position[k * PATHS + p];
            sum += held * (s[k + 1] - s[k]) - 17e-4 * fabs(held - before) * s[k];
            before = held;
        }
        CHECK_NEAR(pnl[p], sum, 1e-12);
        CHECK(fabs(position[p]) > 0.0);
    }
    fel_hedger_destroy(hedger);
    fel_policy_destroy(policy);
    fel_hedge_problem_destroy(problem);
}

/* ---- what changes nothing ---------------------------------------------------------------------
 */

enum { N_BIG = 1531 };

typedef struct big_result {
    fel_hedge_loss loss;
    float gradient[PASS_MAX_PARAMS];
    double pnl[N_BIG];
} big_result;

static void big_loss(const fel_policy *policy, const float *params, int n_threads, big_result *out)
{
    fel_hedge_objective objective = {.cost_factor = 1.0};
    const fel_hedge_batch batch = {
        .first = 7, .n = N_BIG, .threshold = 0.31, .n_threads = n_threads};
    CHECK_OK(fel_risk_find("entropic", &objective.risk));
    objective.risk.params[0] = 0.3;
    memset(out, 0, sizeof(*out));
    CHECK_OK(fel_hedge_loss_f32(policy, &objective, &batch, params, &out->loss, out->gradient,
                                out->pnl));
}

static void test_threads_give_the_same_bits(void)
{
    static big_result one, other;
    static float params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(
        &(pass_case){.hidden = 9, .costs = PASS_ALL, .n_instruments = 2, .is_heston = 1});
    pass_params_f32(11, 0.5, params, fel_policy_count_params(world.policy));
    big_loss(world.policy, params, 1, &one);
    CHECK(one.loss.is_finite);
    for (int n_threads = 2; n_threads <= 3; n_threads++) {
        big_loss(world.policy, params, n_threads, &other);
        CHECK_SAME(one.loss.value, other.loss.value);
        CHECK_SAME(one.loss.best_threshold, other.loss.best_threshold);
        CHECK(pass_same(one.gradient, other.gradient, sizeof(one.gradient)));
        CHECK(pass_same(one.pnl, other.pnl, sizeof(one.pnl)));
    }
    pass_world_clear(&world);
}

/* A path's P&L by itself, in small batches, in a large one. */
static void test_blocks_do_not_change_pnl(void)
{
    static big_result all;
    static float params[PASS_MAX_PARAMS];
    const char *const networks[] = {"lstm", "mlp"};
    for (size_t i = 0; i < 2; i++) {
        pass_world world = pass_world_create(&(pass_case){.network = networks[i], .hidden = 13});
        fel_hedger *hedger = NULL;
        double pnl[200];
        pass_params_f32(12, 0.5, params, fel_policy_count_params(world.policy));
        big_loss(world.policy, params, 1, &all);
        CHECK_OK(fel_hedger_of_policy_f32(&hedger, world.policy, params));
        for (size_t n = 1; n < 200; n = n * 2 + 1) {
            const fel_hedge_outcome out = {
                .struct_size = sizeof(out), .n_threads = 1, .first = 7 + n, .n = n, .pnl = pnl};
            CHECK_OK(fel_hedger_run(hedger, &out));
            CHECK(pass_same(pnl, all.pnl + n, n * sizeof(double)));
        }
        fel_hedger_destroy(hedger);
        pass_world_clear(&world);
    }
}

/* ---- groups of paths --------------------------------------------------------------------------
 */

enum { N_GROUPS = 13, N_GATHERED = N_GROUPS * HEDGE_GROUP - 17 };

typedef struct gathered {
    fel_hedge_loss loss;
    float gradient[PASS_MAX_PARAMS];
    double pnl[N_GATHERED];
} gathered;

static void gathered_loss(const fel_policy *policy, const float *params, const uint64_t *starts,
                          gathered *out)
{
    hedge_batch *batch = NULL;
    fel_hedge_objective objective = {.cost_factor = 1.0};
    CHECK_OK(fel_risk_find("smooth_cvar", &objective.risk));
    CHECK_OK(hedge_batch_create(&batch, policy, 0, N_GATHERED, 2));
    CHECK_OK(hedge_batch_fill(batch, 0, starts, N_GATHERED));
    const hedge_batch_args args = {.objective = &objective, .params = params, .threshold = 1.2};
    CHECK_OK(hedge_batch_loss(batch, &args, &out->loss, out->gradient, out->pnl));
    hedge_batch_destroy(batch);
}

/* Whole groups change their places; the last, which is cut, stays. */
static void test_order_of_paths_changes_rounding_alone(void)
{
    static gathered straight, mixed, consecutive;
    static float params[PASS_MAX_PARAMS];
    uint64_t starts[N_GROUPS];
    pass_world world = pass_world_create(&(pass_case){.hidden = 8, .is_heston = 1});
    const size_t n = fel_policy_count_params(world.policy);
    pass_params_f32(13, 0.5, params, n);
    for (size_t g = 0; g < N_GROUPS; g++) {
        starts[g] = g * HEDGE_GROUP;
    }
    gathered_loss(world.policy, params, NULL, &consecutive);
    gathered_loss(world.policy, params, starts, &straight);
    for (size_t g = 0; g + 1 < N_GROUPS; g++) {
        starts[g] = (g * 5 + 3) % (N_GROUPS - 1) * HEDGE_GROUP;
    }
    gathered_loss(world.policy, params, starts, &mixed);
    CHECK(pass_same(straight.pnl, consecutive.pnl, sizeof(straight.pnl)));
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs((double)straight.gradient[i]));
        CHECK(pass_same(&straight.gradient[i], &consecutive.gradient[i], sizeof(float)));
    }
    CHECK(largest > 0.0);
    for (size_t g = 0; g < N_GROUPS; g++) {
        const size_t to = g * HEDGE_GROUP, from = (size_t)starts[g];
        const size_t length = g + 1 < N_GROUPS ? HEDGE_GROUP : N_GATHERED - to;
        CHECK(pass_same(mixed.pnl + to, straight.pnl + from, length * sizeof(double)));
    }
    CHECK_REL(mixed.loss.value, straight.loss.value, 1e-12);
    for (size_t i = 0; i < n; i++) {
        CHECK_NEAR((double)mixed.gradient[i], (double)straight.gradient[i], 1e-5 * largest);
    }
    pass_world_clear(&world);
}

/* ---- parts of a batch -------------------------------------------------------------------------
 */

static void test_loss_without_gradient_is_the_same_bits(void)
{
    pass_world world = pass_world_create(&(pass_case){.n_instruments = 2, .costs = PASS_ALL});
    const size_t n = fel_policy_count_params(world.policy);
    double params[PASS_MAX_PARAMS], gradient[PASS_MAX_PARAMS], pnl[300], first[300];
    size_t n_done = 0;
    hedge_batch *batch = NULL;
    fel_hedge_objective objective = {.cost_factor = 1.4};
    fel_hedge_loss with, alone;
    pass_params_f64(21, 0.5, params, n);
    CHECK_OK(fel_risk_find("quadratic_cvar", &objective.risk));
    const hedge_batch_args args = {
        .objective = &objective, .params = params, .threshold = 0.7, .wants_threshold = 1};
    CHECK_OK(hedge_batch_create(&batch, world.policy, 1, 300, 1));
    CHECK_OK(hedge_batch_fill(batch, 5, NULL, 300));
    CHECK_OK(hedge_batch_loss(batch, &args, &with, gradient, pnl));
    CHECK_OK(hedge_batch_loss(batch, &args, &alone, NULL, NULL));
    CHECK_SAME(with.value, alone.value);
    CHECK_SAME(with.best_threshold, alone.best_threshold);
    CHECK_OK(hedge_batch_pnl(batch, &args, 65, first, &n_done));
    CHECK(n_done >= 65 && n_done < 300);
    CHECK(pass_same(first, pnl, n_done * sizeof(double)));
    CHECK(hedge_batch_parts(batch, 300) <= 16);
    hedge_batch_destroy(batch);
    pass_world_clear(&world);
}

static void test_what_is_not_finite_is_said(void)
{
    pass_world world = pass_world_create(&(pass_case){.without_live = 1, .network = "mlp"});
    const size_t n = fel_policy_count_params(world.policy);
    static float params[PASS_MAX_PARAMS], gradient[PASS_MAX_PARAMS];
    fel_hedge_objective objective = {.cost_factor = 1.0};
    const fel_hedge_batch batch = {.n = 70, .n_threads = 1};
    fel_hedge_loss loss = {.is_finite = 1};
    pass_params_f32(4, 1e30, params, n);
    CHECK_OK(fel_risk_find("mean_variance", &objective.risk));
    CHECK_OK(fel_hedge_loss_f32(world.policy, &objective, &batch, params, &loss, gradient, NULL));
    CHECK_INT(loss.is_finite, 0);
    CHECK(isnan(loss.value));
    /* Losses that exponential utility cannot hold. */
    pass_params_f32(4, 3000.0, params, n);
    CHECK_OK(fel_risk_find("exponential_utility", &objective.risk));
    CHECK_OK(fel_hedge_loss_f32(world.policy, &objective, &batch, params, &loss, gradient, NULL));
    CHECK_INT(loss.is_finite, 0);
    objective.risk.params[0] = -1.0;
    CHECK_STATUS(
        fel_hedge_loss_f32(world.policy, &objective, &batch, params, &loss, gradient, NULL),
        FEL_ERR_RANGE);
    pass_world_clear(&world);
}

/* ---- uses of layers ---------------------------------------------------------------------------
 */

typedef struct use_sum {
    const fel_network *network;
    double gradient[PASS_MAX_PARAMS]; /* of weights, without biases */
} use_sum;

static void add_use(void *payload, const fel_layer_use *use)
{
    use_sum *s = payload;
    const fel_block_info *block = fel_network_block(s->network, use->block);
    const double *inputs = use->inputs, *slopes = use->slopes;
    for (size_t i = 0; i < use->n; i++) {
        for (size_t r = 0; r < block->rows; r++) {
            for (size_t c = 0; c < block->cols; c++) {
                s->gradient[block->offset + r * block->cols + c] +=
                    slopes[i * block->rows + r] * inputs[i * block->cols + c];
            }
        }
    }
}

/* What a sink is told adds up to the gradient of the weights, with the gradient or without. */
static void test_uses_add_up_to_the_gradient(void)
{
    enum { N = 50 };
    static use_sum sums, again;
    double params[PASS_MAX_PARAMS], gradient[PASS_MAX_PARAMS] = {0}, none[PASS_MAX_PARAMS] = {0};
    double d_pnl[N], pnl[N];
    pass_world world = pass_world_create(&(pass_case){.n_instruments = 2});
    const size_t n = fel_policy_count_params(world.policy);
    hedge_sample *sample = NULL;
    hedge_pass *pass = NULL;
    sums = again = (use_sum){.network = fel_policy_network(world.policy)};
    pass_params_f64(2, 0.5, params, n);
    pass_params_f64(3, 1.0, d_pnl, N);
    CHECK_OK(hedge_sample_create(&sample, world.policy, 1, N));
    CHECK_OK(hedge_sample_fill(sample, 3, N));
    CHECK_OK(hedge_pass_create(&pass, world.policy, 1, N, 1));
    const hedge_pass_args args = {.sample = sample,
                                  .params = params,
                                  .is_new = 1,
                                  .is_smooth = 1,
                                  .cost_factor = 1.0,
                                  .out = {.pnl = pnl}};
    hedge_pass_forward(pass, &args);
    hedge_pass_backward(pass, d_pnl, &(fel_layer_sink){&sums, add_use}, 0);
    hedge_pass_add_gradient(pass, gradient);
    hedge_pass_forward(pass, &args);
    hedge_pass_backward(pass, d_pnl, &(fel_layer_sink){&again, add_use}, 1);
    hedge_pass_add_gradient(pass, none);
    for (size_t b = 0; b < fel_network_count_blocks(sums.network); b++) {
        const fel_block_info *block = fel_network_block(sums.network, b);
        for (size_t i = 0; i < block->rows * block->cols; i++) {
            const size_t at = block->offset + i;
            CHECK_SAME(none[at], 0.0);
            if (block->role == FEL_BLOCK_WEIGHT) {
                CHECK_NEAR(sums.gradient[at], gradient[at], 1e-11);
                CHECK_SAME(again.gradient[at], sums.gradient[at]);
            }
        }
    }
    hedge_pass_destroy(pass);
    hedge_sample_destroy(sample);
    pass_world_clear(&world);
}

SUITE("hedge/pass", TEST(test_pnl_is_the_formula), TEST(test_pnl_is_pfhedges_on_stored_paths),
      TEST(test_threads_give_the_same_bits), TEST(test_blocks_do_not_change_pnl),
      TEST(test_order_of_paths_changes_rounding_alone),
      TEST(test_loss_without_gradient_is_the_same_bits), TEST(test_what_is_not_finite_is_said),
      TEST(test_uses_add_up_to_the_gradient));
