/* tests/unit/hedge/test_pass_gradient.c - the loss's gradient against differences, for networks,
 * heads, bounds, costs and risk measures together, all with live features. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/pass_fixture.h"

enum { N_PATHS = 24, N_DIRECTIONS = 2, N_POINTS = 6 };

typedef struct slope_check {
    const fel_policy *policy;
    fel_hedge_objective objective;
    fel_hedge_batch batch;
    size_t n;
    double params[PASS_MAX_PARAMS], moved[PASS_MAX_PARAMS], gradient[PASS_MAX_PARAMS],
        direction[PASS_MAX_PARAMS];
    fel_hedge_loss loss;
} slope_check;

/* ---- differences ------------------------------------------------------------------------------
 */

static double loss_of(const slope_check *c, const double *params)
{
    fel_hedge_loss loss = {.value = (double)NAN};
    CHECK_OK(fel_hedge_loss_f64(c->policy, &c->objective, &c->batch, params, &loss, NULL, NULL));
    return loss.value;
}

static double moved_loss(slope_check *c, double step)
{
    for (size_t i = 0; i < c->n; i++) {
        c->moved[i] = c->params[i] + step * c->direction[i];
    }
    return loss_of(c, c->moved);
}

/* Of fourth order. Small steps: the loss has kinks. */
static double difference(slope_check *c)
{
    const double h = 1e-5;
    const double near = moved_loss(c, h) - moved_loss(c, -h);
    const double far = moved_loss(c, 2.0 * h) - moved_loss(c, -2.0 * h);
    return (8.0 * near - far) / (12.0 * h);
}

static double inner(const double *a, const double *b, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* How far the gradient is from differences, of the slope that a direction has on average. */
static double worst_direction(slope_check *c, uint64_t seed)
{
    double worst = 0.0;
    for (uint64_t d = 0; d < N_DIRECTIONS; d++) {
        pass_params_f64(seed * 31 + d, 1.0, c->direction, c->n);
        const double size = sqrt(inner(c->gradient, c->gradient, c->n) / 3.0);
        const double off = fabs(difference(c) - inner(c->gradient, c->direction, c->n));
        worst = fmax(worst, off / size);
        worst = size > 0.0 ? worst : (double)INFINITY;
    }
    return worst;
}

static double worst_threshold(slope_check *c)
{
    const double w = c->batch.threshold, h = 1e-5 * fmax(1.0, fabs(w));
    double values[4];
    for (int i = 0; i < 4; i++) {
        c->batch.threshold = w + h * (double)(i < 2 ? i - 2 : i - 1);
        values[i] = loss_of(c, c->params);
    }
    c->batch.threshold = w;
    const double slope = (8.0 * (values[2] - values[1]) - (values[3] - values[0])) / (12.0 * h);
    return fabs(slope - c->loss.threshold_slope) / fmax(1.0, fabs(c->loss.threshold_slope));
}

/* At a random point; points where a kink is within the step are passed over, so another is tried:
 * a gradient that is wrong is so everywhere. */
static double check_at(slope_check *c, uint64_t seed)
{
    pass_params_f64(seed, 0.6, c->params, c->n);
    c->batch.threshold = 0.0;
    CHECK_OK(
        fel_hedge_loss_f64(c->policy, &c->objective, &c->batch, c->params, &c->loss, NULL, NULL));
    c->batch.threshold = c->loss.best_threshold + 0.113;
    CHECK_OK(fel_hedge_loss_f64(c->policy, &c->objective, &c->batch, c->params, &c->loss,
                                c->gradient, NULL));
    CHECK(c->loss.is_finite);
    return fmax(worst_direction(c, seed), worst_threshold(c));
}

static void check_slopes(slope_check *c, const char *name, uint64_t seed)
{
    double worst = (double)INFINITY;
    for (uint64_t point = 0; point < N_POINTS && !(worst <= 1e-7); point++) {
        worst = check_at(c, seed * 64 + point);
    }
    if (!(worst <= 1e-7)) {
        (void)printf("\n%s: the gradient is off by %.3g\n", name, worst);
    }
    CHECK(worst <= 1e-7);
}

/* ---- risk measures ----------------------------------------------------------------------------
 */

static void set_param(fel_risk *risk, const char *name, double value)
{
    for (size_t i = 0; i < risk->code->n_params; i++) {
        if (strcmp(risk->code->params[i].name, name) == 0) {
            risk->params[i] = value;
        }
    }
}

/* Parameters at which a few paths' P&L of some units of money is well inside. */
static fel_risk risk_at(size_t index)
{
    size_t n = 0;
    const fel_risk_class *const *classes = fel_risk_classes(&n);
    fel_risk risk = {.code = classes[index % n]};
    CHECK_OK(fel_risk_find(classes[index % n]->name, &risk));
    set_param(&risk, "risk_aversion", 0.173);
    set_param(&risk, "level", 0.61);
    set_param(&risk, "share", 0.37);
    set_param(&risk, "wealth", 400.0);
    return risk;
}

/* ---- the table --------------------------------------------------------------------------------
 */

typedef struct net_case {
    const char *name, *network;
    size_t hidden;
    uint32_t n_hidden;
    int per_date;
} net_case;

static const net_case nets[] = {{"lstm", "lstm", 6, 1, 0},
                                {"lstm of two layers", "lstm", 5, 2, 0},
                                {"mlp", "mlp", 7, 2, 0},
                                {"mlp for each date", "mlp", 5, 1, 1}};
enum { N_NETS = sizeof(nets) / sizeof(nets[0]), N_HEADS = 7, RISKS_A_CASE = 3 };

static pass_case case_at(const net_case *net, int head, int costs, size_t n_instruments)
{
    const fel_hedge_head heads[N_HEADS] = {
        FEL_HEDGE_DIRECT,   FEL_HEDGE_DIRECT,   FEL_HEDGE_DIRECT, FEL_HEDGE_RESIDUAL,
        FEL_HEDGE_RESIDUAL, FEL_HEDGE_RESIDUAL, FEL_HEDGE_BAND};
    return (pass_case){.network = net->network,
                       .per_date = net->per_date,
                       .n_hidden = net->n_hidden,
                       .hidden = net->hidden,
                       .head = heads[head],
                       .bound = heads[head] == FEL_HEDGE_BAND ? FEL_HEDGE_FREE
                                                              : (fel_hedge_bound)(head % 3),
                       .costs = (pass_costs)costs,
                       .n_instruments = n_instruments,
                       .is_bounded = (head + costs) % 2,
                       .keeps = (costs + (int)n_instruments) % 3 == 0};
}

static void check_case(const net_case *net, const pass_case *how, size_t *counter)
{
    static slope_check c;
    pass_world world = pass_world_create(how);
    for (size_t r = 0; r < RISKS_A_CASE && world.policy != NULL; r++, ++*counter) {
        char name[256];
        c = (slope_check){.policy = world.policy,
                          .objective = {risk_at(*counter), 1.37},
                          .batch = {.first = 100 * *counter, .n = N_PATHS, .n_threads = 1},
                          .n = fel_policy_count_params(world.policy)};
        (void)snprintf(name, sizeof(name), "%s, head %d, bound %d, costs %d, %zu instruments, %s",
                       net->name, (int)how->head, (int)how->bound, (int)how->costs,
                       how->n_instruments, c.objective.risk.code->name);
        CHECK(c.n <= PASS_MAX_PARAMS);
        check_slopes(&c, name, *counter + 1);
    }
    pass_world_clear(&world);
}

/* Every network with every head, bound, kind of cost and number of instruments; of the risk
 * measures three a case, so that each meets each of them many times. */
static void check_net(const net_case *net)
{
    size_t counter = (size_t)(net - nets) * 7;
    for (int head = 0; head < N_HEADS; head++) {
        for (int costs = 0; costs < PASS_N_COSTS; costs++) {
            for (size_t n_instruments = 1; n_instruments <= 2; n_instruments++) {
                const pass_case how = case_at(net, head, costs, n_instruments);
                check_case(net, &how, &counter);
            }
        }
    }
}

static void test_lstm_gradients_are_differences(void)
{
    check_net(&nets[0]);
}

static void test_two_layer_lstm_gradients_are_differences(void)
{
    check_net(&nets[1]);
}

static void test_mlp_gradients_are_differences(void)
{
    check_net(&nets[2]);
}

static void test_gradients_of_an_mlp_for_each_date_are_differences(void)
{
    check_net(&nets[3]);
}

SUITE("hedge/pass_gradient", TEST(test_lstm_gradients_are_differences),
      TEST(test_two_layer_lstm_gradients_are_differences), TEST(test_mlp_gradients_are_differences),
      TEST(test_gradients_of_an_mlp_for_each_date_are_differences));
