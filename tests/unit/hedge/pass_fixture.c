/* tests/unit/hedge/pass_fixture.c - small problems with policies of every kind, for the pass. */
#include "tests/unit/hedge/pass_fixture.h"

#include <math.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"

fel_hedge_cost pass_cost_of(pass_costs kind)
{
    static const fel_hedge_cost costs[] = {
        [PASS_PROPORTIONAL] = {.proportional_bps = 23.7},
        [PASS_PER_UNIT] = {.per_unit = 0.0137},
        [PASS_FIXED] = {.fixed = 0.0113, .fixed_width = 0.0371},
        [PASS_QUADRATIC] = {.quadratic_bps = 31.3},
        [PASS_ALL] = {11.9, 0.0071, 0.0061, 0.0231, 17.3},
        [PASS_FREE] = {0.0, 0.0, 0.0, 0.0, 0.0},
    };
    return costs[kind];
}

/* ---- problems ---------------------------------------------------------------------------------
 */

static size_t take_features(const char *const *names, fel_hedge_feature *features)
{
    size_t n = 0;
    for (; names[n] != NULL; n++) {
        CHECK_OK(fel_hedge_feature_find(names[n], &features[n]));
    }
    return n;
}

static fel_process process_of(const pass_case *how)
{
    const fel_process heston = {.kind = FEL_PROCESS_HESTON,
                                .spot = 98.7,
                                .rate_per_year = 0.031,
                                .dividend_per_year = 0.012,
                                .heston = {0.043, 1.3, 0.051, 0.62, -0.71}};
    const fel_process gbm = {.kind = FEL_PROCESS_GBM,
                             .spot = 98.7,
                             .rate_per_year = 0.031,
                             .dividend_per_year = 0.012,
                             .vol_per_year = 0.223};
    return how->is_heston ? heston : gbm;
}

static void set_instruments(const pass_case *how, fel_hedge_instrument *instruments)
{
    const fel_hedge_instrument spot = {
        .name = "spot",
        .right = FEL_CALL,
        .kind = FEL_HEDGE_SPOT,
        .min_position = how->is_bounded ? -0.35 : -HUGE_VAL,
        .max_position = how->is_bounded ? 0.62 : HUGE_VAL,
        .cost = pass_cost_of(how->costs),
    };
    fel_hedge_instrument second = spot;
    second.name = "second";
    second.kind = how->is_heston ? FEL_HEDGE_VARIANCE_SWAP : FEL_HEDGE_OPTION;
    second.strike = 101.3;
    second.expiry_years = how->is_heston ? 0.0 : 0.11;
    second.unit = how->is_heston ? 470.0 : 0.0;
    instruments[0] = spot;
    instruments[1] = second;
}

static fel_hedge_problem *make_problem(const pass_case *how)
{
    static const char *const live[] = {"log_moneyness", "time_to_maturity", "previous_position",
                                       "running_pnl", NULL};
    static const char *const plain[] = {"log_moneyness", "time_to_maturity", "previous_position",
                                        NULL};
    fel_hedge_claim claim = {.quantity = 1.0};
    fel_hedge_feature features[4];
    fel_hedge_instrument instruments[2];
    fel_hedge_config c = fel_hedge_config_default();
    CHECK_OK(fel_payoff_init(&claim.payoff, "european"));
    CHECK_OK(fel_payoff_set(&claim.payoff, "strike", 99.4));
    set_instruments(how, instruments);
    c.market.process = process_of(how);
    c.n_dates = how->n_dates > 0 ? how->n_dates : 5;
    c.horizon_years = 0.083;
    c.claims = &claim;
    c.n_claims = 1;
    c.instruments = instruments;
    c.n_instruments = how->n_instruments > 0 ? how->n_instruments : 1;
    c.premium = 2.31;
    c.is_unwinding = !how->keeps;
    c.features = features;
    c.n_features = take_features(how->without_live ? plain : live, features);
    fel_hedge_problem *problem = NULL;
    CHECK_OK(fel_hedge_problem_create(&problem, &c));
    return problem;
}

fel_hedge_problem *pass_stored_problem(const pass_stored *how)
{
    static const char *const plain[] = {"log_moneyness", "time_to_maturity", "previous_position",
                                        NULL};
    fel_hedge_claim claim = {.quantity = 1.0};
    fel_hedge_feature features[6];
    fel_hedge_config c = fel_hedge_config_default();
    fel_hedge_instrument spot = c.instruments[0];
    CHECK_OK(fel_payoff_init(&claim.payoff, "european"));
    CHECK_OK(fel_payoff_set(&claim.payoff, "strike", how->strike));
    spot.cost.proportional_bps = how->cost_bps;
    c.market.kind = FEL_HEDGE_STORED;
    c.market.process =
        (fel_process){.kind = FEL_PROCESS_GBM, .spot = how->spot[0], .vol_per_year = 0.2};
    c.market.spot = how->spot;
    c.market.variance = how->variance;
    c.market.n_paths = how->n_paths;
    c.n_dates = how->n_dates;
    c.claims = &claim;
    c.n_claims = 1;
    c.instruments = &spot;
    c.premium = how->premium;
    c.reference_vol = 0.2;
    c.is_unwinding = how->is_unwinding;
    c.features = features;
    c.n_features = take_features(how->features[0] != NULL ? how->features : plain, features);
    fel_hedge_problem *problem = NULL;
    CHECK_OK(fel_hedge_problem_create(&problem, &c));
    return problem;
}

/* ---- policies ---------------------------------------------------------------------------------
 */

fel_status pass_policy_create(fel_policy **out, const fel_hedge_problem *problem,
                              const pass_case *how)
{
    fel_policy_config p = fel_policy_config_default();
    FEL_TRY(fel_network_find(how->network != NULL ? how->network : "lstm", &p.network));
    const fel_network_config net = fel_network_config_default(p.network);
    memcpy(p.params, net.params, sizeof(p.params));
    p.per_date = how->per_date;
    p.n_hidden = how->n_hidden > 0 ? how->n_hidden : 1;
    for (uint32_t i = 0; i < p.n_hidden; i++) {
        p.hidden[i] = (how->hidden > 0 ? how->hidden : 6) - i;
    }
    p.head = how->head;
    p.bound = how->bound;
    if (how->head != FEL_HEDGE_DIRECT) {
        FEL_TRY(
            fel_hedge_rule_find(how->base != NULL ? how->base : "black_scholes_delta", &p.base));
    }
    return fel_policy_create(out, problem, &p);
}

pass_world pass_world_create(const pass_case *how)
{
    pass_world world = {.problem = make_problem(how)};
    if (world.problem != NULL) {
        CHECK_OK(pass_policy_create(&world.policy, world.problem, how));
    }
    return world;
}

void pass_world_clear(pass_world *world)
{
    fel_policy_destroy(world->policy);
    fel_hedge_problem_destroy(world->problem);
}

int pass_same(const void *a, const void *b, size_t n_bytes)
{
    return memcmp(a, b, n_bytes) == 0;
}

void pass_params_f64(uint64_t seed, double size, double *params, size_t n)
{
    rng_stream draws = rng_at(seed, UINT64_C(0x70617373));
    for (size_t i = 0; i < n; i++) {
        params[i] = size * (2.0 * rng_uniform(&draws) - 1.0);
    }
}

void pass_params_f32(uint64_t seed, double size, float *params, size_t n)
{
    rng_stream draws = rng_at(seed, UINT64_C(0x70617373));
    for (size_t i = 0; i < n; i++) {
        params[i] = (float)(size * (2.0 * rng_uniform(&draws) - 1.0));
    }
}
