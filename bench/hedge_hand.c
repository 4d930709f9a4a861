/* bench/hedge_hand.c - see hedge_hand.h. Seconds of steps are those of the trainer's own curve. */
#include "bench/hedge_hand.h"

#include <math.h>
#include <stdlib.h>

enum { N_JUDGED = 1000000 };

struct hedge_run {
    hedge_case how;
    fel_hedge_problem *problem;
    fel_policy *policy;
    float *params;
    double *pnl, *cost, *turnover; /* N_JUDGED each, taken when they are asked for */
};

static void make_problem(hedge_run *r)
{
    static const char *const names[HEDGE_FEATURES] = {"log_moneyness", "time_to_maturity",
                                                      "volatility", "previous_position"};
    fel_hedge_claim claim = {.quantity = 1.0};
    fel_hedge_feature features[HEDGE_FEATURES];
    fel_hedge_config c = fel_hedge_config_default();
    fel_hedge_instrument spot = c.instruments[0];
    MUST(fel_payoff_init(&claim.payoff, "european"));
    MUST(fel_payoff_set(&claim.payoff, "strike", 100.0));
    for (size_t i = 0; i < HEDGE_FEATURES; i++) {
        MUST(fel_hedge_feature_find(names[i], &features[i]));
    }
    spot.cost.proportional_bps = 10.0;
    c.market.process = (fel_process){
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 1.0, 0.04, 0.5, -0.7}};
    c.n_dates = HEDGE_DATES;
    c.horizon_years = HEDGE_DATES / 365.0;
    c.claims = &claim;
    c.n_claims = 1;
    c.instruments = &spot;
    c.premium = 0.0;
    c.features = features;
    c.n_features = HEDGE_FEATURES;
    MUST(fel_hedge_problem_create(&r->problem, &c));
}

hedge_run *hedge_run_create(const hedge_case *c)
{
    hedge_run *r = calloc(1, sizeof(*r));
    fel_policy_config policy = fel_policy_config_default();
    if (r == NULL) {
        (void)fprintf(stderr, "bench: no memory\n");
        exit(1);
    }
    r->how = *c;
    policy.hidden[0] = c->width;
    make_problem(r);
    MUST(fel_policy_create(&r->policy, r->problem, &policy));
    r->params = calloc(fel_policy_count_params(r->policy), sizeof(float));
    if (r->params == NULL) {
        (void)fprintf(stderr, "bench: no memory\n");
        exit(1);
    }
    fel_policy_init_f32(r->policy, 1, r->params);
    return r;
}

void hedge_run_destroy(hedge_run *r)
{
    if (r != NULL) {
        fel_policy_destroy(r->policy);
        fel_hedge_problem_destroy(r->problem);
        free(r->params);
        free(r->pnl);
        free(r->cost);
        free(r->turnover);
        free(r);
    }
}

/* ---- steps ----------------------------------------------------------------------------------- */

double hedge_run_step(void *self)
{
    const hedge_run *r = self;
    const fel_optimizer_class *code = NULL;
    fel_hedge_trainer *trainer = NULL;
    fel_hedge_train_config c = fel_hedge_train_config_default(r->policy);
    MUST(fel_optimizer_find(r->how.optimizer, &code));
    c.optimizer = fel_optimizer_config_default(code);
    c.batch = r->how.paths;
    c.n_threads = r->how.n_threads;
    c.n_steps = (uint64_t)r->how.window * (uint64_t)(r->how.n_warm + r->how.n_windows);
    c.validate_every = (uint64_t)r->how.window;
    c.n_validation = 0;
    c.start = r->params;
    MUST(fel_hedge_trainer_create(&trainer, &c));
    MUST(fel_hedge_trainer_run(trainer));
    const fel_hedge_train_result *result = fel_hedge_trainer_result(trainer);
    double best = HUGE_VAL;
    for (size_t i = (size_t)r->how.n_warm + 1; i < result->n_curve; i++) {
        best = fmin(best, result->curve[i].seconds - result->curve[i - 1].seconds);
    }
    fel_hedge_trainer_destroy(trainer);
    return best / r->how.window;
}

/* ---- a million paths ------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static double mean_of(const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < N_JUDGED; i++) {
        sum += x[i];
    }
    return sum / N_JUDGED;
}

/* The numbers of a study's table; their sum, so that none is left out. */
static double score(const hedge_run *r)
{
    static const double levels[] = {0.5, 0.95, 0.99};
    double value = 0.0, more = 0.0, sum = mean_of(r->cost) + mean_of(r->turnover);
    const double mean = mean_of(r->pnl);
    fel_risk risk;
    for (size_t i = 0; i < N_JUDGED; i++) {
        sum += (r->pnl[i] - mean) * (r->pnl[i] - mean);
    }
    MUST(fel_risk_find("entropic", &risk));
    MUST(fel_risk_measure(&risk, r->pnl, N_JUDGED, &value, NULL));
    MUST(fel_risk_standard_error(&risk, r->pnl, N_JUDGED, &more));
    sum += value + more;
    MUST(fel_risk_indifference_price(&risk, r->pnl, N_JUDGED, NULL, 0, &value));
    MUST(fel_risk_find("cvar", &risk));
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        risk.params[0] = levels[i];
        MUST(fel_risk_measure(&risk, r->pnl, N_JUDGED, &value, &more));
        sum += value + more;
    }
    qsort(r->pnl, N_JUDGED, sizeof(double), by_size);
    return sum + value + r->pnl[N_JUDGED / 1000];
}

static double *room(double **x)
{
    if (*x == NULL && (*x = calloc(N_JUDGED, sizeof(double))) == NULL) {
        (void)fprintf(stderr, "bench: no memory for %d paths\n", (int)N_JUDGED);
        exit(1);
    }
    return *x;
}

double hedge_run_judge(void *self)
{
    hedge_run *r = self;
    fel_hedger *hedger = NULL;
    const fel_hedge_outcome out = {.struct_size = (uint32_t)sizeof(out),
                                   .n_threads = r->how.n_threads,
                                   .first = FEL_HEDGE_TEST_PATHS,
                                   .n = N_JUDGED,
                                   .pnl = room(&r->pnl),
                                   .cost = room(&r->cost),
                                   .turnover = room(&r->turnover)};
    const double start = wall_seconds();
    MUST(fel_hedger_of_policy_f32(&hedger, r->policy, r->params));
    MUST(fel_hedger_run(hedger, &out));
    const double sum = score(r);
    const double seconds = wall_seconds() - start;
    fel_hedger_destroy(hedger);
    if (!isfinite(sum)) {
        (void)fprintf(stderr, "bench: scores are not finite\n");
        exit(1);
    }
    return seconds;
}
