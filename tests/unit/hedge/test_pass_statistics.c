/* tests/unit/hedge/test_pass_statistics.c - statistics of a batch's parts against one pass over all
 * paths whose cotangents are worked out here. */
#define FEL_MODULE_HEDGE 1
#include <math.h>
#include <string.h>

#include "hedge/pass_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/pass_fixture.h"

enum { N_PATHS = 230, N_SHARE = 128, MAX_PARTS = 16 };

static fel_kfac *make_kfac(const fel_policy *policy)
{
    fel_block_info blocks[16];
    const fel_network *net = fel_policy_network(policy);
    const size_t n = fel_network_count_blocks(net);
    const fel_optimizer_class *code = NULL;
    fel_kfac *kfac = NULL;
    CHECK_OK(fel_optimizer_find("kfac", &code));
    const fel_optimizer_config config = fel_optimizer_config_default(code);
    for (size_t b = 0; b < n && b < 16; b++) {
        blocks[b] = *fel_network_block(net, b);
    }
    CHECK_OK(fel_kfac_create(&kfac, &config, blocks, n, 5));
    return kfac;
}

/* What goes back from each path, with the scale of the mean over these paths. */
static void cotangents(const fel_risk *risk, const double *pnl, size_t n, double w, int is_fisher,
                       double *out)
{
    double slope[N_PATHS], curvature[N_PATHS], sum = 0.0, scale = 1.0;
    for (size_t i = 0; i < n; i++) {
        double threshold = 0.0;
        sum += risk->code->term(risk->params, pnl[i], w, &slope[i], &curvature[i], &threshold);
    }
    if (risk->code->finish != NULL) {
        (void)risk->code->finish(risk->params, sum / (double)n, w, &scale);
    }
    const int is_curved = (risk->code->flags & FEL_RISK_HAS_CURVATURE) != 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = is_fisher ? slope[i] * scale : is_curved ? sqrt(curvature[i] * scale) : 1.0;
    }
}

static void one_pass(const fel_policy *policy, const fel_risk *risk, const double *params, double w,
                     int is_fisher, fel_kfac *kfac)
{
    double pnl[N_SHARE], back[N_SHARE];
    hedge_sample *sample = NULL;
    hedge_pass *pass = NULL;
    fel_kfac_stats *stats = NULL;
    CHECK_OK(hedge_sample_create(&sample, policy, 1, N_SHARE));
    CHECK_OK(hedge_sample_fill(sample, 19, N_SHARE));
    CHECK_OK(hedge_pass_create(&pass, policy, 1, N_SHARE, 1));
    CHECK_OK(fel_kfac_stats_create_f64(&stats, kfac));
    fel_kfac_stats_reset(stats);
    const fel_layer_sink sink = fel_kfac_stats_sink(stats);
    hedge_pass_forward(pass, &(hedge_pass_args){.sample = sample,
                                                .params = params,
                                                .is_new = 1,
                                                .is_smooth = 1,
                                                .cost_factor = 1.3,
                                                .out = {.pnl = pnl}});
    cotangents(risk, pnl, N_SHARE, w, is_fisher, back);
    hedge_pass_backward(pass, back, &sink, 1);
    CHECK_OK(fel_kfac_update(kfac, &stats, 1));
    fel_kfac_stats_destroy(stats);
    hedge_pass_destroy(pass);
    hedge_sample_destroy(sample);
}

static void in_parts(const fel_policy *policy, const fel_hedge_objective *objective,
                     const double *params, double w, int is_fisher, fel_kfac *kfac)
{
    hedge_batch *batch = NULL;
    fel_kfac_stats *parts[MAX_PARTS] = {NULL};
    const hedge_batch_args args = {.objective = objective, .params = params, .threshold = w};
    CHECK_OK(hedge_batch_create(&batch, policy, 1, N_PATHS, 2));
    CHECK_OK(hedge_batch_fill(batch, 19, NULL, N_PATHS));
    const size_t n = hedge_batch_parts(batch, N_SHARE);
    CHECK(n >= 2 && n <= MAX_PARTS);
    for (size_t i = 0; i < n; i++) {
        CHECK_OK(fel_kfac_stats_create_f64(&parts[i], kfac));
    }
    CHECK_OK(hedge_batch_statistics(batch, &args, is_fisher ? HEDGE_FISHER : HEDGE_GGN, N_SHARE,
                                    parts, n));
    CHECK_OK(fel_kfac_update(kfac, parts, n));
    CHECK_STATUS(hedge_batch_statistics(batch, &args, HEDGE_GGN, N_SHARE, parts, n + 1),
                 FEL_ERR_SHAPE);
    for (size_t i = 0; i < n; i++) {
        fel_kfac_stats_destroy(parts[i]);
    }
    hedge_batch_destroy(batch);
}

static void compare(const double *got, const double *expected, size_t n)
{
    double largest = 0.0, off = 0.0;
    for (size_t i = 0; i < n * n; i++) {
        largest = fmax(largest, fabs(expected[i]));
        off = fmax(off, fabs(got[i] - expected[i]));
    }
    CHECK(largest > 0.0);
    CHECK(off <= 1e-11 * largest);
}

static void check_measure(const char *name, int is_fisher)
{
    double params[PASS_MAX_PARAMS];
    pass_world world = pass_world_create(&(pass_case){.n_instruments = 2});
    fel_hedge_objective objective = {.cost_factor = 1.3};
    CHECK_OK(fel_risk_find(name, &objective.risk));
    pass_params_f64(9, 0.4, params, fel_policy_count_params(world.policy));
    fel_kfac *expected = make_kfac(world.policy), *got = make_kfac(world.policy);
    one_pass(world.policy, &objective.risk, params, 0.6, is_fisher, expected);
    in_parts(world.policy, &objective, params, 0.6, is_fisher, got);
    const fel_network *net = fel_policy_network(world.policy);
    for (size_t b = 0; b < fel_network_count_blocks(net); b++) {
        fel_kfac_factors e, g;
        if (fel_network_block(net, b)->role == FEL_BLOCK_WEIGHT) {
            CHECK_OK(fel_kfac_factors_of(expected, b, &e));
            CHECK_OK(fel_kfac_factors_of(got, b, &g));
            compare(g.inputs, e.inputs, e.n_inputs);
            compare(g.slopes, e.slopes, e.n_slopes);
        }
    }
    fel_kfac_destroy(expected);
    fel_kfac_destroy(got);
    pass_world_clear(&world);
}

static void test_statistics_of_parts_are_those_of_one_pass(void)
{
    check_measure("entropic", 0);
    check_measure("entropic", 1);
    check_measure("quadratic_cvar", 0);
    check_measure("cvar", 0);
    check_measure("mean_variance", 1);
}

SUITE("hedge/pass_statistics", TEST(test_statistics_of_parts_are_those_of_one_pass));
