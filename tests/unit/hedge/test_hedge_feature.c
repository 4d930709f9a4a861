/* tests/unit/hedge/test_hedge_feature.c - features on stored paths, by hand; what is not known yet
 * is not looked at. */
#define FEL_MODULE_HEDGE
#include <math.h>
#include <string.h>

#include "hedge/hedge_feature_internal.h"
#include "tests/support/check.h"
#include "tests/unit/hedge/problem_fixture.h"

enum { N_DATES = 4, N_PATHS = 2, STRIDE = 16 };
static const double path_spot[N_PATHS][N_DATES + 1] = {{100.0, 103.5, 97.25, 108.0, 111.0},
                                                       {98.0, 96.0, 99.5, 94.0, 93.0}};
static const double path_variance[N_PATHS][N_DATES + 1] = {{0.04, 0.0625, 0.09, 0.0, 0.01},
                                                           {0.05, 0.03, 0.02, 0.04, 0.04}};

static fel_hedge_problem *stored_problem(const char *const *features)
{
    static fel_hedge_feature made[FEL_HEDGE_MAX_FEATURES];
    problem_fixture f;
    fixture_init_gbm(&f);
    CHECK_OK(fel_payoff_set(&f.claims[0].payoff, "strike", 101.0));
    f.config.market.kind = FEL_HEDGE_STORED;
    f.config.market.spot = &path_spot[0][0];
    f.config.market.variance = &path_variance[0][0];
    f.config.market.n_paths = N_PATHS;
    f.config.n_dates = N_DATES;
    f.config.horizon_years = 0.02;
    f.config.premium = 1.7;
    f.config.reference_vol = 0.23;
    f.instruments[0].unit = 1.0;
    f.config.features = made;
    for (; features[f.config.n_features] != NULL; f.config.n_features++) {
        CHECK_OK(fel_hedge_feature_find(features[f.config.n_features], &made[f.config.n_features]));
    }
    return fixture_create(&f);
}

typedef struct rows {
    double spot[N_DATES][STRIDE], variance[N_DATES][STRIDE], state[4 * STRIDE];
} rows;

static hedge_view view_of(const fel_hedge_problem *problem, const rows *r, size_t date)
{
    const hedge_view view = {.problem = problem,
                             .date = date,
                             .n = N_PATHS,
                             .stride = STRIDE,
                             .left_years = 0.02 * (double)(N_DATES - date) / N_DATES,
                             .spot = r->spot[date],
                             .variance = r->variance[date],
                             .spot_before = date > 0 ? r->spot[date - 1] : NULL,
                             .price = {r->spot[date]}};
    return view;
}

static void fill_rows(rows *r)
{
    memset(r, 0, sizeof(*r));
    for (size_t d = 0; d < N_DATES; d++) {
        for (size_t p = 0; p < N_PATHS; p++) {
            r->spot[d][p] = path_spot[p][d];
            r->variance[d][p] = path_variance[p][d];
        }
    }
    for (size_t i = 0; i < 4 * (size_t)STRIDE; i++) {
        r->state[i] = (double)NAN; /* unset at date 0 */
    }
}

/* out[date][path] of one feature. */
static void run(const char *name, double out[N_DATES][STRIDE])
{
    const char *const names[] = {name, NULL};
    fel_hedge_problem *problem = stored_problem(names);
    hedge_column column;
    size_t n = 0, n_live = 0;
    rows r;
    fill_rows(&r);
    CHECK_OK(hedge_columns_make(problem, &column, 1, &n, &n_live));
    CHECK_INT(n, 1);
    CHECK_INT(n_live, 0);
    CHECK_INT(hedge_columns_state(&column, 1), column.n_state);
    for (size_t d = 0; d < N_DATES; d++) {
        const hedge_view view = view_of(problem, &r, d);
        hedge_column_at(&(hedge_feature_args){&view, &column, r.state, out[d]});
    }
    hedge_columns_clear(&column, 1);
    fel_hedge_problem_destroy(problem);
}

/* The value of path p at date d of the feature, from all that is known then. */
typedef double by_hand(const double *spot, const double *variance, size_t d);

static double log_moneyness(const double *s, const double *v, size_t d)
{
    (void)v;
    return log(s[d] / 101.0);
}
static double moneyness(const double *s, const double *v, size_t d)
{
    (void)v;
    return s[d] / 101.0;
}
static double time_to_maturity(const double *s, const double *v, size_t d)
{
    (void)s;
    (void)v;
    return 0.02 - 0.005 * (double)d; /* maturity - d dt */
}
static double time_left(const double *s, const double *v, size_t d)
{
    (void)s;
    (void)v;
    return 1.0 - 0.25 * (double)d;
}
static double spot(const double *s, const double *v, size_t d)
{
    (void)v;
    return s[d];
}
static double log_return(const double *s, const double *v, size_t d)
{
    (void)v;
    return d > 0 ? log(s[d] / s[d - 1]) : 0.0;
}
static double variance(const double *s, const double *v, size_t d)
{
    (void)s;
    return v[d];
}
static double volatility(const double *s, const double *v, size_t d)
{
    (void)s;
    return sqrt(fmax(v[d], 0.0));
}
static double realised_volatility(const double *s, const double *v, size_t d)
{
    double now = 0.23 * 0.23;
    (void)v;
    for (size_t k = 1; k <= d; k++) {
        const double keep = pow(0.5, 0.1), x = log(s[k] / s[k - 1]);
        now = keep * now + (1.0 - keep) * x * x / 0.005;
    }
    return sqrt(now);
}
static double max_log_moneyness(const double *s, const double *v, size_t d)
{
    double most = s[0];
    (void)v;
    for (size_t k = 1; k <= d; k++) {
        most = fmax(most, s[k]);
    }
    return log(most / 101.0);
}
static double min_log_moneyness(const double *s, const double *v, size_t d)
{
    double least = s[0];
    (void)v;
    for (size_t k = 1; k <= d; k++) {
        least = fmin(least, s[k]);
    }
    return log(least / 101.0);
}
static double average_log_moneyness(const double *s, const double *v, size_t d)
{
    double sum = 0.0;
    (void)v;
    for (size_t k = 0; k <= d; k++) {
        sum += s[k];
    }
    return log(sum / (double)(d + 1) / 101.0);
}
static double instrument_price(const double *s, const double *v, size_t d)
{
    (void)v;
    return s[d] / 101.0;
}
static fel_greeks greeks_at(const double *s, double vol, size_t d)
{
    fel_greeks g;
    CHECK_OK(fel_black_scholes(FEL_CALL, s[d], 101.0, 0.02 - 0.005 * (double)d, 0.0, 0.0, vol, &g));
    return g;
}
static double black_scholes_delta(const double *s, const double *v, size_t d)
{
    (void)v;
    return greeks_at(s, 0.23, d).delta;
}
static double black_scholes_gamma(const double *s, const double *v, size_t d)
{
    (void)v;
    return greeks_at(s, 0.23, d).gamma * s[d];
}

static const struct {
    const char *name;
    by_hand *value;
} features[] = {{"log_moneyness", log_moneyness},
                {"moneyness", moneyness},
                {"time_to_maturity", time_to_maturity},
                {"time_left", time_left},
                {"spot", spot},
                {"log_return", log_return},
                {"variance", variance},
                {"volatility", volatility},
                {"realised_volatility", realised_volatility},
                {"max_log_moneyness", max_log_moneyness},
                {"min_log_moneyness", min_log_moneyness},
                {"average_log_moneyness", average_log_moneyness},
                {"instrument_price", instrument_price},
                {"black_scholes_delta", black_scholes_delta},
                {"black_scholes_gamma", black_scholes_gamma}};
enum { N_FEATURES = sizeof(features) / sizeof(features[0]) };

static void test_features_are_what_their_names_say(void)
{
    for (size_t k = 0; k < N_FEATURES; k++) {
        double out[N_DATES][STRIDE];
        run(features[k].name, out);
        for (size_t d = 0; d < N_DATES; d++) {
            for (size_t p = 0; p < N_PATHS; p++) {
                CHECK_NEAR(out[d][p], features[k].value(path_spot[p], path_variance[p], d), 1e-13);
            }
        }
    }
}

/* The same bits whatever comes later: later rows are not even numbers. */
static void test_features_do_not_look_ahead(void)
{
    size_t n_all = 0;
    const fel_hedge_feature_info *const *all = fel_hedge_features(&n_all);
    for (size_t k = 0; k < n_all; k++) {
        const char *const names[] = {all[k]->name, NULL};
        if ((all[k]->flags & FEL_HEDGE_FEATURE_LIVE) != 0 ||
            strcmp(all[k]->name, "heston_delta") == 0) {
            continue;
        }
        double whole[N_DATES][STRIDE];
        run(all[k]->name, whole);
        fel_hedge_problem *problem = stored_problem(names);
        hedge_column column;
        size_t n = 0, n_live = 0;
        CHECK_OK(hedge_columns_make(problem, &column, 1, &n, &n_live));
        for (size_t last = 0; last < N_DATES; last++) {
            double out[STRIDE];
            rows r;
            fill_rows(&r);
            for (size_t d = last + 1; d < N_DATES; d++) {
                for (size_t i = 0; i < STRIDE; i++) {
                    r.spot[d][i] = (double)NAN;
                    r.variance[d][i] = (double)NAN;
                }
            }
            for (size_t d = 0; d <= last; d++) {
                const hedge_view view = view_of(problem, &r, d);
                hedge_column_at(&(hedge_feature_args){&view, &column, r.state, out});
            }
            CHECK(memcmp(out, whole[last], N_PATHS * sizeof(double)) == 0);
        }
        hedge_columns_clear(&column, 1);
        fel_hedge_problem_destroy(problem);
    }
}

static void test_greeks_take_the_volatility_they_are_told(void)
{
    const char *const names[] = {"black_scholes_delta", NULL};
    static const double sources[] = {1.0, 2.0};
    for (size_t k = 0; k < 2; k++) {
        fel_hedge_problem *problem = stored_problem(names);
        fel_hedge_feature feature = problem->config.features[0];
        feature.params[0] = sources[k];
        fel_hedge_problem copy = *problem;
        copy.config.features = &feature;
        hedge_column column;
        size_t n = 0, n_live = 0;
        CHECK_OK(hedge_columns_make(&copy, &column, 1, &n, &n_live));
        CHECK_INT(column.n_state, k);
        rows r;
        fill_rows(&r);
        for (size_t d = 0; d < 3; d++) {
            double out[STRIDE];
            const hedge_view view = view_of(&copy, &r, d);
            hedge_column_at(&(hedge_feature_args){&view, &column, r.state, out});
            for (size_t p = 0; p < N_PATHS; p++) {
                const double vol = k == 0 ? sqrt(path_variance[p][d])
                                          : realised_volatility(path_spot[p], path_variance[p], d);
                CHECK_NEAR(out[p], greeks_at(path_spot[p], vol, d).delta, 1e-13);
            }
        }
        hedge_columns_clear(&column, 1);
        fel_hedge_problem_destroy(problem);
    }
}

/* ---- columns --------------------------------------------------------------------------------- */

static void test_live_columns_come_last_and_each_instrument_has_one(void)
{
    problem_fixture f;
    fixture_init(&f);
    f.config.premium = 0.0;
    (void)fixture_add_instrument(&f, "swap", FEL_HEDGE_VARIANCE_SWAP);
    static const char *const names[] = {"previous_position", "heston_delta", "running_pnl",
                                        "instrument_price", "max_log_moneyness"};
    fel_hedge_feature made[5];
    for (size_t i = 0; i < 5; i++) {
        CHECK_OK(fel_hedge_feature_find(names[i], &made[i]));
    }
    f.config.n_dates = 2;
    f.config.features = made;
    f.config.n_features = 5;
    fel_hedge_problem *problem = fixture_create(&f);
    hedge_column columns[7];
    size_t n = 0, n_live = 0;
    CHECK_OK(hedge_columns_make(problem, columns, 7, &n, &n_live));
    CHECK_INT(n, 7);
    CHECK_INT(n_live, 3);
    static const char *const order[] = {
        "heston_delta",      "instrument_price",  "instrument_price", "max_log_moneyness",
        "previous_position", "previous_position", "running_pnl"};
    static const size_t instruments[] = {0, 0, 1, 0, 0, 1, 0};
    for (size_t i = 0; i < 7; i++) {
        CHECK_TEXT(columns[i].feature.info->name, order[i]);
        CHECK_INT(columns[i].instrument, instruments[i]);
        CHECK_SAME(columns[i].shift, 0.0);
        CHECK_SAME(columns[i].scale, 1.0);
    }
    CHECK_INT(hedge_columns_state(columns, n), 1);
    hedge_columns_clear(columns, n);
    CHECK_STATUS(hedge_columns_make(problem, columns, 6, &n, &n_live), FEL_ERR_RANGE);
    CHECK_STATUS(hedge_columns_check(problem, 6), FEL_ERR_RANGE);
    fel_hedge_problem_destroy(problem);
}

static void test_what_a_market_does_not_show_is_refused(void)
{
    static const char *const names[] = {"variance", "volatility", "heston_delta"};
    static const char *const words[] = {"feature variance needs the market's variance",
                                        "feature volatility needs the market's variance",
                                        "heston_delta needs a market with a model"};
    for (size_t k = 0; k < 3; k++) {
        fel_hedge_feature feature;
        CHECK_OK(fel_hedge_feature_find(names[k], &feature));
        problem_fixture f;
        fixture_init_gbm(&f);
        f.config.market.kind = FEL_HEDGE_STORED;
        f.config.market.spot = &path_spot[0][0];
        f.config.market.n_paths = N_PATHS;
        f.config.n_dates = N_DATES;
        f.config.premium = 1.0;
        f.config.reference_vol = 0.2;
        f.config.features = &feature;
        f.config.n_features = 1;
        fel_hedge_problem *problem = NULL;
        CHECK_STATUS(fel_hedge_problem_create(&problem, &f.config), FEL_ERR_ARG);
        CHECK_HAS(fel_last_error()->message, words[k]);
    }
    fel_hedge_feature feature;
    CHECK_STATUS(fel_hedge_feature_find("log_moneynes", &feature), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "did you mean \"log_moneyness\"");
    CHECK_STATUS(fel_hedge_feature_find("weather", &feature), FEL_ERR_NOTFOUND);
}

SUITE("hedge/feature", TEST(test_features_are_what_their_names_say),
      TEST(test_features_do_not_look_ahead), TEST(test_greeks_take_the_volatility_they_are_told),
      TEST(test_live_columns_come_last_and_each_instrument_has_one),
      TEST(test_what_a_market_does_not_show_is_refused));
