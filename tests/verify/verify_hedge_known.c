/* tests/verify/verify_hedge_known.c - trained hedges where the answer is known: the delta in a
 * complete market without costs, and the benchmark of deep hedging.
 *
 * The benchmark (Buehler, Gonon, Teichmann, Wood 2019; numbers also in He, Sutter, Gonon 2025):
 * Heston kappa 1, theta 0.04, xi 2, rho -0.7, v0 0.04, variance by its exact law; a call struck at
 * S0 = 100, 30 days, hedged without costs in the stock and in a variance swap by a network of 20
 * and 20 units for each date that sees price and variance; CVaR at 50 %; 100,000 training paths.
 * Price 1.6917, published indifference prices 1.9503 and 1.94. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/hedge_train.h>

#include "tests/support/check.h"

enum { N_DATES = 30, N_DELTA = 20000, N_TEST = 400000 };

static const double horizon_years = 30.0 / 365.0;

/* ---- shared ---------------------------------------------------------------------------------- */

typedef struct world {
    fel_hedge_problem *problem;
    fel_policy *policy;
    fel_hedge_train_config config;
} world;

static void make_problem(world *w, const fel_process *process, const char *second_feature)
{
    fel_hedge_claim claim = {.quantity = 1.0};
    fel_hedge_feature features[2];
    fel_hedge_config c = fel_hedge_config_default();
    fel_hedge_instrument both[2] = {c.instruments[0], c.instruments[0]};
    both[1].name = "variance_swap";
    both[1].kind = FEL_HEDGE_VARIANCE_SWAP;
    CHECK_OK(fel_payoff_init(&claim.payoff, "european"));
    CHECK_OK(fel_payoff_set(&claim.payoff, "strike", 100.0));
    CHECK_OK(fel_hedge_feature_find("log_moneyness", &features[0]));
    CHECK_OK(fel_hedge_feature_find(second_feature, &features[1]));
    c.market.process = *process;
    c.market.scheme = FEL_SCHEME_EXACT_VARIANCE;
    c.horizon_years = horizon_years;
    c.n_dates = N_DATES;
    c.claims = &claim;
    c.n_claims = 1;
    c.instruments = both;
    c.n_instruments = process->kind == FEL_PROCESS_HESTON ? 2 : 1;
    c.features = features;
    c.n_features = 2;
    CHECK_OK(fel_hedge_problem_create(&w->problem, &c));
}

/* Two hidden layers of so many units, tanh; 0: the LSTM that is the default. */
static void make_policy(world *w, size_t width, int per_date)
{
    fel_policy_config c = fel_policy_config_default();
    if (width > 0) {
        size_t row = 0;
        CHECK_OK(fel_network_find("mlp", &c.network));
        const fel_network_info *info = fel_network_class_info(c.network);
        fel_param_defaults(info->params, info->n_params, c.params);
        CHECK_OK(fel_param_find(info->params, info->n_params, "activation", &row));
        CHECK_OK(fel_param_parse(&info->params[row], "tanh", &c.params[row]));
        c.n_hidden = 2;
        c.hidden[0] = c.hidden[1] = width;
        c.per_date = per_date;
    }
    CHECK_OK(fel_policy_create(&w->policy, w->problem, &c));
}

static void configure(world *w, const char *risk)
{
    fel_hedge_train_config *c = &w->config;
    size_t row = 0;
    *c = fel_hedge_train_config_default(w->policy);
    CHECK_OK(fel_risk_find(risk, &c->objective.risk));
    CHECK_OK(fel_schedule_find("cosine", &c->schedule));
    CHECK_OK(fel_param_find(c->schedule.code->params, c->schedule.code->n_params, "final", &row));
    c->schedule.params[row] = 0.01;
    c->optimizer.params[0] = 0.01;
    c->n_steps = 2000;
    c->n_threads = 0;
}

static fel_hedger *train(const world *w, fel_hedge_trainer **trainer)
{
    fel_hedger *hedger = NULL;
    CHECK_OK(fel_hedge_trainer_create(trainer, &w->config));
    CHECK_OK(fel_hedge_trainer_run(*trainer));
    CHECK_OK(
        fel_hedger_of_policy_f32(&hedger, w->policy, fel_hedge_trainer_result(*trainer)->params));
    return hedger;
}

static void world_destroy(world *w)
{
    fel_policy_destroy(w->policy);
    fel_hedge_problem_destroy(w->problem);
}

/* ---- the delta ------------------------------------------------------------------------------- */

static fel_hedge_outcome outcome_of(size_t n)
{
    return (fel_hedge_outcome){
        .struct_size = (uint32_t)sizeof(fel_hedge_outcome), .first = FEL_HEDGE_TEST_PATHS, .n = n};
}

/* Mean over dates and paths of the distance between two hedgers' positions, and the largest of the
 * dates' means. */
static double distance(const fel_hedger *a, const fel_hedger *b, double *worst)
{
    const size_t n = (size_t)N_DATES * N_DELTA;
    double *x = calloc(n, sizeof(double)), *y = calloc(n, sizeof(double)), sum = 0.0;
    fel_hedge_outcome out = outcome_of(N_DELTA);
    CHECK(x != NULL && y != NULL);
    out.position = x;
    CHECK_OK(fel_hedger_run(a, &out));
    out.position = y;
    CHECK_OK(fel_hedger_run(b, &out));
    *worst = 0.0;
    for (size_t k = 0; k < N_DATES; k++) {
        double date = 0.0;
        for (size_t i = k * N_DELTA; i < (k + 1) * N_DELTA; i++) {
            date += fabs(x[i] - y[i]);
        }
        *worst = fmax(*worst, date / N_DELTA);
        sum += date;
    }
    free(x);
    free(y);
    return sum / (double)n;
}

static void check_delta(size_t width, const char *what)
{
    const fel_process gbm = {.kind = FEL_PROCESS_GBM, .spot = 100.0, .vol_per_year = 0.2};
    world w = {.policy = NULL};
    fel_hedge_trainer *trainer = NULL;
    fel_hedger *delta = NULL;
    fel_hedge_rule rule;
    double worst = 0.0;
    make_problem(&w, &gbm, "time_to_maturity");
    make_policy(&w, width, 0);
    configure(&w, "entropic");
    fel_hedger *hedger = train(&w, &trainer);
    CHECK_OK(fel_hedge_rule_find("black_scholes_delta", &rule));
    CHECK_OK(fel_hedger_of_rule(&delta, w.problem, &rule));
    const double mean = distance(hedger, delta, &worst);
    (void)printf("  %s: mean distance from the delta %.4f, at the worst date %.4f; %.1f s\n", what,
                 mean, worst, fel_hedge_trainer_result(trainer)->seconds);
    CHECK(mean < 0.01);
    CHECK(worst < 0.06);
    fel_hedger_destroy(delta);
    fel_hedger_destroy(hedger);
    fel_hedge_trainer_destroy(trainer);
    world_destroy(&w);
}

static void test_an_lstm_learns_the_delta(void)
{
    check_delta(0, "lstm 32");
}

static void test_an_mlp_learns_the_delta(void)
{
    check_delta(32, "mlp 32, 32");
}

/* ---- the benchmark --------------------------------------------------------------------------- */

static void print_curve(const fel_hedge_train_result *r, double premium)
{
    for (size_t i = 0; i < r->n_curve; i += 4) {
        const fel_hedge_curve *p = &r->curve[i];
        (void)printf("    step %4llu, %5.1f s: in training %.4f, in validation %.4f\n",
                     (unsigned long long)p->step, p->seconds, p->train_loss + premium,
                     p->validation_risk + premium);
    }
}

/* CVaR on fresh paths, without premium: the indifference price. */
static void judge(const world *w, const fel_hedger *hedger, double premium, const char *what,
                  double most)
{
    double *pnl = calloc(N_TEST, sizeof(double)), price = (double)NAN, error = (double)NAN;
    const fel_risk *risk = &w->config.objective.risk;
    fel_hedge_outcome out = outcome_of(N_TEST);
    CHECK(pnl != NULL);
    out.pnl = pnl;
    CHECK_OK(fel_hedger_run(hedger, &out));
    CHECK_OK(fel_risk_measure(risk, pnl, N_TEST, &price, NULL));
    CHECK_OK(fel_risk_standard_error(risk, pnl, N_TEST, &error));
    price += premium;
    (void)printf("  %s: indifference price %.4f, standard error %.4f\n", what, price, error);
    CHECK(price <= most);
    CHECK(price > premium);
    free(pnl);
}

static void test_the_benchmark_of_deep_hedging(void)
{
    const fel_process heston = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.0, 0.04, 2.0, -0.7}};
    world w = {.policy = NULL};
    fel_hedge_trainer *trainer = NULL;
    fel_hedger *model = NULL;
    fel_hedge_rule rule;
    make_problem(&w, &heston, "variance");
    make_policy(&w, 20, 1);
    configure(&w, "cvar");
    w.config.objective.risk.params[0] = 0.5;
    w.config.batch = 2048;
    w.config.n_paths = 100000;
    w.config.validate_every = 100;
    const double premium = fel_hedge_problem_premium(w.problem, NULL, NULL);
    (void)printf("  price %.5f\n", premium);
    CHECK_NEAR(premium, 1.6918, 2e-4);
    fel_hedger *hedger = train(&w, &trainer);
    print_curve(fel_hedge_trainer_result(trainer), premium);
    judge(&w, hedger, premium, "network for each date", 1.95);
    CHECK_OK(fel_hedge_rule_find("heston_delta_vega", &rule));
    CHECK_OK(fel_hedger_of_rule(&model, w.problem, &rule));
    judge(&w, model, premium, "the model's delta and vega", HUGE_VAL);
    fel_hedger_destroy(model);
    fel_hedger_destroy(hedger);
    fel_hedge_trainer_destroy(trainer);
    world_destroy(&w);
}

SUITE("verify/hedge_known", TEST(test_an_lstm_learns_the_delta), TEST(test_an_mlp_learns_the_delta),
      TEST(test_the_benchmark_of_deep_hedging));
