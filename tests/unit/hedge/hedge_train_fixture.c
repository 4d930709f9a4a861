/* tests/unit/hedge/hedge_train_fixture.c - small problems with a policy, ready to train. */
#include "tests/unit/hedge/hedge_train_fixture.h"

#include <math.h>
#include <string.h>

#include "tests/support/check.h"

hedge_case hedge_case_default(void)
{
    return (hedge_case){
        .process = "heston",
        .n_dates = 6,
        .strike = 101.5,
        .cost_bps = 13.0,
        .premium = (double)NAN,
        .features = {"log_moneyness", "time_to_maturity", "volatility", "previous_position"},
        .network = "lstm",
        .n_hidden = 1,
        .hidden = 5,
        .standardise = 1};
}

static fel_process process_of(const char *name)
{
    const fel_process heston = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.0, 0.04, 0.5, -0.7}};
    const fel_process gbm = {.kind = FEL_PROCESS_GBM, .spot = 100.0, .vol_per_year = 0.21};
    return strcmp(name, "gbm") == 0 ? gbm : heston;
}

static size_t take_features(const hedge_case *how, fel_hedge_feature *features)
{
    size_t n = 0;
    for (; how->features[n] != NULL; n++) {
        CHECK_OK(fel_hedge_feature_find(how->features[n], &features[n]));
    }
    return n;
}

static void make_problem(hedge_world *w, const hedge_case *how)
{
    fel_hedge_claim claim = {.quantity = 1.0};
    fel_hedge_feature features[8];
    fel_hedge_config c = fel_hedge_config_default();
    fel_hedge_instrument spot = c.instruments[0];
    CHECK_OK(fel_payoff_init(&claim.payoff, "european"));
    CHECK_OK(fel_payoff_set(&claim.payoff, "strike", how->strike));
    spot.cost.proportional_bps = how->cost_bps;
    c.market.process = process_of(how->process);
    c.n_dates = how->n_dates;
    c.claims = &claim;
    c.n_claims = 1;
    c.instruments = &spot;
    c.premium = how->premium;
    c.features = features;
    c.n_features = take_features(how, features);
    CHECK_OK(fel_hedge_problem_create(&w->problem, &c));
}

hedge_world hedge_world_create(const hedge_case *how)
{
    hedge_world w = {.problem = NULL};
    make_problem(&w, how);
    fel_policy_config p = fel_policy_config_default();
    CHECK_OK(fel_network_find(how->network, &p.network));
    if (strcmp(how->network, "lstm") != 0) {
        const fel_network_config net = fel_network_config_default(p.network);
        memcpy(p.params, net.params, sizeof(p.params));
        p.params[2] = how->l2;
    }
    p.n_hidden = how->n_hidden;
    p.standardise = how->standardise;
    p.per_date = how->per_date;
    for (uint32_t i = 0; i < how->n_hidden; i++) {
        p.hidden[i] = how->hidden;
    }
    CHECK_OK(fel_policy_create(&w.policy, w.problem, &p));
    w.config = fel_hedge_train_config_default(w.policy);
    w.config.batch = 192;
    w.config.n_steps = 6;
    w.config.n_validation = 256;
    w.config.validate_every = 2;
    return w;
}

void hedge_world_destroy(hedge_world *world)
{
    fel_policy_destroy(world->policy);
    fel_hedge_problem_destroy(world->problem);
}

void hedge_world_optimizer(hedge_world *world, const char *name, double rate)
{
    const fel_optimizer_class *code = NULL;
    CHECK_OK(fel_optimizer_find(name, &code));
    world->config.optimizer = fel_optimizer_config_default(code);
    if (!isnan(rate)) {
        world->config.optimizer.params[0] = rate;
    }
}

void hedge_world_set(hedge_world *world, const char *name, double value)
{
    const fel_optimizer_info *info = fel_optimizer_class_info(world->config.optimizer.code);
    size_t row = 0;
    CHECK_OK(fel_param_find(info->params, info->n_params, name, &row));
    world->config.optimizer.params[row] = value;
}

fel_hedge_trainer *hedge_world_trainer(const hedge_world *world)
{
    fel_hedge_trainer *trainer = NULL;
    CHECK_OK(fel_hedge_trainer_create(&trainer, &world->config));
    return trainer;
}

fel_hedge_trainer *hedge_world_train(const hedge_world *world)
{
    fel_hedge_trainer *trainer = hedge_world_trainer(world);
    CHECK_OK(fel_hedge_trainer_run(trainer));
    return trainer;
}

static void check_same_point(const fel_hedge_curve *a, const fel_hedge_curve *b)
{
    CHECK_INT(a->step, b->step);
    CHECK_SAME(a->train_loss, b->train_loss);
    CHECK_SAME(a->validation_risk, b->validation_risk);
    CHECK_SAME(a->validation_cost, b->validation_cost);
    CHECK_SAME(a->validation_sd, b->validation_sd);
    CHECK_SAME(a->gradient_norm, b->gradient_norm);
    CHECK_SAME(a->step_size, b->step_size);
    CHECK_SAME(a->damping, b->damping);
    CHECK_SAME(a->reduction_ratio, b->reduction_ratio);
    CHECK_INT(a->n_rejected, b->n_rejected);
}

void hedge_check_same_training(const fel_hedge_trainer *a, const fel_hedge_trainer *b)
{
    const fel_hedge_train_result *x = fel_hedge_trainer_result(a);
    const fel_hedge_train_result *y = fel_hedge_trainer_result(b);
    const size_t bytes = x->n_params * sizeof(float);
    CHECK_INT(x->n_params, y->n_params);
    CHECK(memcmp(x->params, y->params, bytes) == 0);
    CHECK(memcmp(x->last_params, y->last_params, bytes) == 0);
    CHECK_INT(x->n_steps, y->n_steps);
    CHECK_INT(x->best_step, y->best_step);
    CHECK_SAME(x->best_risk, y->best_risk);
    CHECK_SAME(x->threshold, y->threshold);
    CHECK_INT(x->n_path_steps, y->n_path_steps);
    CHECK_INT(x->n_curve, y->n_curve);
    for (size_t i = 0; i < x->n_curve && i < y->n_curve; i++) {
        check_same_point(&x->curve[i], &y->curve[i]);
    }
}
