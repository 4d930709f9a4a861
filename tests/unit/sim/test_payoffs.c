/* tests/unit/sim/test_payoffs.c - single payoffs against what they must equal: formulas, limits, a
 * function of the caller's. */
#include <math.h>
#include <string.h>

#include <feller/montecarlo.h>

#include "tests/support/check.h"

static const fel_process gbm = {.kind = FEL_PROCESS_GBM,
                                .spot = 23.7,
                                .rate_per_year = 0.051,
                                .dividend_per_year = 0.032,
                                .vol_per_year = 0.32};

static fel_montecarlo_config config_of(uint64_t n_paths, size_t n_dates)
{
    fel_montecarlo_config config = fel_montecarlo_config_default();
    config.t_years = 1.3;
    config.n_paths = n_paths;
    config.n_dates = n_dates;
    config.seed = 77;
    return config;
}

static fel_payoff payoff_at(const char *name, double strike)
{
    fel_payoff payoff;
    memset(&payoff, 0, sizeof(payoff));
    CHECK_OK(fel_payoff_init(&payoff, name));
    CHECK_OK(fel_payoff_set(&payoff, "strike", strike));
    return payoff;
}

static double formula_of(const fel_payoff *payoff, size_t n_dates)
{
    double price = (double)NAN;
    CHECK_OK(fel_payoff_closed_form(payoff, &gbm, 1.3, n_dates, &price));
    return price;
}

/* ---- functions of the caller's
 * -------------------------------------------------------------------- */

typedef struct contract {
    double strike;
    int fails;
} contract;

static fel_status average_call(void *payload, const fel_payoff_path *path, double *value)
{
    const contract *c = payload;
    double sum = 0.0;
    for (size_t d = 1; d <= path->n_dates; d++) {
        sum += path->spot[d * path->n_assets];
    }
    *value = fmax(sum / (double)path->n_dates - c->strike, 0.0);
    return c->fails ? FEL_ERR_ARG : FEL_OK;
}

static void test_callback_sees_the_same_paths(void)
{
    contract c = {22.1, 0};
    const fel_montecarlo_config config = config_of(1000, 9);
    fel_payoff own = {0};
    fel_payoff built_in = payoff_at("asian_arithmetic", c.strike);
    CHECK_OK(fel_payoff_init(&own, "callback"));
    own.callback = average_call;
    own.payload = &c;
    CHECK_OK(fel_payoff_set_text(&built_in, "monitoring", "dates"));
    fel_montecarlo a = {0};
    fel_montecarlo b = {0};
    CHECK_OK(fel_montecarlo_price(&a, &gbm, 1, NULL, &own, &config));
    CHECK_OK(fel_montecarlo_price(&b, &gbm, 1, NULL, &built_in, &config));
    CHECK_REL(a.price, b.price, 1e-13);
    CHECK_REL(a.standard_error, b.standard_error, 1e-12);
    CHECK_INT(a.n_paths, 1000);
    c.fails = 1;
    CHECK_STATUS(fel_montecarlo_price(&a, &gbm, 1, NULL, &own, &config), FEL_ERR_USER);
    own.callback = NULL;
    CHECK_STATUS(fel_montecarlo_price(&a, &gbm, 1, NULL, &own, &config), FEL_ERR_ARG);
}

static fel_status exchange(void *payload, const fel_payoff_path *path, double *value)
{
    (void)payload;
    const double *end = path->spot + path->n_dates * path->n_assets;
    *value = fmax(end[0] - end[1], 0.0);
    return FEL_OK;
}

/* Margrabe (1978): one asset for another is a call under the other's measure. */
static void test_two_assets_are_exchanged(void)
{
    const fel_process assets[2] = {gbm,
                                   {.kind = FEL_PROCESS_GBM,
                                    .spot = 22.1,
                                    .rate_per_year = 0.051,
                                    .dividend_per_year = 0.014,
                                    .vol_per_year = 0.21}};
    const double rho = -0.37;
    const double correlation[4] = {1.0, rho, rho, 1.0};
    const double vol = sqrt(0.32 * 0.32 + 0.21 * 0.21 - 2.0 * rho * 0.32 * 0.21);
    fel_greeks expected;
    CHECK_OK(fel_black_scholes(FEL_CALL, 23.7, 22.1, 1.3, 0.014, 0.032, vol, &expected));
    fel_payoff payoff = {0};
    CHECK_OK(fel_payoff_init(&payoff, "callback"));
    payoff.callback = exchange;
    fel_montecarlo_config config = config_of(1 << 15, 2);
    config.draws = FEL_DRAWS_SOBOL;
    fel_montecarlo result = {0};
    CHECK_OK(fel_montecarlo_price(&result, assets, 2, correlation, &payoff, &config));
    CHECK_NEAR(result.price, expected.price, 4.0 * result.standard_error);
    CHECK(result.standard_error < 2e-3);
}

/* ---- formulas
 * ------------------------------------------------------------------------------------- */

/* Continuous averages and lookbacks are the limits of those on dates. */
static void test_dates_tend_to_continuous(void)
{
    const fel_payoff continuous = payoff_at("asian_geometric", 22.1);
    fel_payoff dates = continuous;
    CHECK_OK(fel_payoff_set_text(&dates, "monitoring", "dates"));
    const double limit = formula_of(&continuous, 1);
    const double coarse = formula_of(&dates, 50) - limit;
    const double fine = formula_of(&dates, 5000) - limit;
    CHECK(fabs(coarse) > 1e-3);
    CHECK_NEAR(fine / coarse, 0.01, 1e-4);
}

/* Goldman, Sosin and Gatto's price for a minimum of today's price and r != q, written out. */
static void test_lookback_is_goldman_sosin_gatto(void)
{
    fel_payoff payoff = {0};
    CHECK_OK(fel_payoff_init(&payoff, "lookback_floating"));
    const double s = 23.7, r = 0.051, q = 0.032, v = 0.32, t = 1.3, b = r - q;
    const double a1 = (b + v * v / 2.0) * sqrt(t) / v, a2 = a1 - v * sqrt(t);
    const double cdf1 = 0.5 * erfc(-a1 / sqrt(2.0)), cdf2 = 0.5 * erfc(-a2 / sqrt(2.0));
    const double cdf3 = 0.5 * erfc((a1 - 2.0 * b / v * sqrt(t)) / sqrt(2.0));
    const double expected =
        s * exp(-q * t) * cdf1 - s * exp(-r * t) * cdf2 +
        s * exp(-r * t) * v * v / (2.0 * b) * (cdf3 - exp(b * t) * (1.0 - cdf1));
    CHECK_REL(formula_of(&payoff, 1), expected, 1e-11);
}

/* Paid when touched, paid at expiry, paid if never: money adds up when r = 0. */
static void test_touches_add_up(void)
{
    fel_process process = gbm;
    process.rate_per_year = 0.0;
    fel_payoff touch = {0};
    double value[3] = {0.0};
    CHECK_OK(fel_payoff_init(&touch, "touch"));
    CHECK_OK(fel_payoff_set(&touch, "level", 20.5));
    CHECK_OK(fel_payoff_closed_form(&touch, &process, 1.3, 1, &value[0]));
    CHECK_OK(fel_payoff_set_text(&touch, "when", "expiry"));
    CHECK_OK(fel_payoff_closed_form(&touch, &process, 1.3, 1, &value[1]));
    CHECK_OK(fel_payoff_set_text(&touch, "knock", "out"));
    CHECK_OK(fel_payoff_closed_form(&touch, &process, 1.3, 1, &value[2]));
    CHECK_REL(value[0], value[1], 1e-13);
    CHECK_REL(value[1] + value[2], 1.0, 1e-13);
}

/* What the past decided is not forgotten. */
static void test_past_counts(void)
{
    const fel_montecarlo_config config = config_of(1 << 14, 4);
    fel_montecarlo result = {0};
    fel_payoff high = payoff_at("lookback_fixed", 22.1);
    CHECK_OK(fel_payoff_set(&high, "extreme_so_far", 60.0)); /* hardly beaten */
    CHECK_OK(fel_montecarlo_price(&result, &gbm, 1, NULL, &high, &config));
    CHECK_NEAR(result.price, formula_of(&high, 4), 4.0 * result.standard_error + 1e-12);
    CHECK(result.price > (60.0 - 22.1) * exp(-0.051 * 1.3));
    fel_payoff mean = payoff_at("asian_geometric", 22.1);
    CHECK_OK(fel_payoff_set(&mean, "past_average", 31.0));
    CHECK_OK(fel_payoff_set(&mean, "past_share", 0.4));
    CHECK_OK(fel_payoff_set_text(&mean, "monitoring", "dates"));
    CHECK_OK(fel_montecarlo_price(&result, &gbm, 1, NULL, &mean, &config));
    CHECK_NEAR(result.price, formula_of(&mean, 4), 4.0 * result.standard_error);
}

/* Every class has a sound table: defaults allowed, texts that read back. */
static void test_tables_are_sound(void)
{
    size_t n = 0;
    const fel_payoff_class *const *classes = fel_payoff_classes(&n);
    CHECK_INT(n, 12);
    for (size_t c = 0; c < n; c++) {
        CHECK(classes[c]->n_params <= FEL_PAYOFF_MAX_PARAMS);
        CHECK(strlen(classes[c]->summary) > 0);
        fel_payoff payoff = {0};
        CHECK_OK(fel_payoff_init(&payoff, classes[c]->name));
        for (uint32_t p = 0; p < classes[c]->n_params; p++) {
            char text[64];
            fel_param_format(&classes[c]->params[p], payoff.params[p], text, sizeof(text));
            CHECK_OK(fel_payoff_set_text(&payoff, classes[c]->params[p].name, text));
        }
    }
}

SUITE("sim/payoffs", TEST(test_callback_sees_the_same_paths), TEST(test_two_assets_are_exchanged),
      TEST(test_dates_tend_to_continuous), TEST(test_lookback_is_goldman_sosin_gatto),
      TEST(test_touches_add_up), TEST(test_past_counts), TEST(test_tables_are_sound));
