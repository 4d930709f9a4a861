/* tests/unit/sim/test_paths_laws.c - means, variances and covariances of simulated paths against
 * closed forms, within 4 standard errors at fixed seeds. */
#include <string.h>

#include "tests/unit/sim/path_cases.h"

enum { N_PATHS = 1 << 15, N_DATES = 16 };

static fel_process merton(void)
{
    fel_process p = gbm(0.21);
    p.kind = FEL_PROCESS_MERTON;
    p.jumps = (fel_jumps){2.3, -0.06, 0.15};
    return p;
}

typedef struct simulated {
    fel_paths *paths;
    path_room room;
} simulated;

static simulated simulate(const fel_process *assets, size_t n_assets, const double *correlation,
                          const fel_path_config *config)
{
    simulated s;
    s.paths = make_paths(assets, n_assets, correlation, config);
    s.room = room_for(s.paths, N_PATHS);
    const fel_path_block_f64 block = block_of_room(&s.room, 0);
    CHECK_OK(fel_paths_fill_parallel_f64(s.paths, &block, 2));
    return s;
}

static void end(simulated *s)
{
    free(s->room.all);
    fel_paths_destroy(s->paths);
}

static const double *row(const simulated *s, fel_path_output output, size_t date, size_t asset)
{
    const size_t n_assets = fel_paths_count_assets(s->paths);
    return s->room.values[output] + (date * n_assets + asset) * N_PATHS;
}

static double forward(const fel_process *p, double t)
{
    return p->spot * exp((p->rate_per_year - p->dividend_per_year) * t);
}

/* Mean of the last date's row in double, and of float paths of the same process. */
static void check_forward(const fel_process *process, fel_scheme scheme)
{
    static float prices[N_DATES + 1][N_PATHS];
    static double last[N_PATHS];
    const fel_path_config config = short_config(scheme, N_DATES, 0.85);
    simulated s = simulate(process, 1, NULL, &config);
    const fel_path_block_f32 block = {0, N_PATHS, N_PATHS, {[FEL_PATH_SPOT] = prices[0]}};
    CHECK_MEAN(mean_row(row(&s, FEL_PATH_SPOT, N_DATES, 0), N_PATHS), forward(process, 0.85));
    CHECK_MEAN(mean_row(row(&s, FEL_PATH_SPOT, 3, 0), N_PATHS),
               forward(process, 0.85 * 3 / N_DATES));
    CHECK_OK(fel_paths_fill_parallel_f32(s.paths, &block, 2));
    for (size_t i = 0; i < N_PATHS; i++) {
        last[i] = (double)prices[N_DATES][i];
    }
    CHECK_MEAN(mean_row(last, N_PATHS), forward(process, 0.85));
    end(&s);
}

static void test_the_price_is_a_martingale(void)
{
    const fel_process processes[5] = {heston_mild(), heston_extreme(), bates(), gbm(0.33),
                                      merton()};
    for (size_t i = 0; i < 5; i++) {
        check_forward(&processes[i], FEL_SCHEME_QE_M);
        check_forward(&processes[i], FEL_SCHEME_EULER);
    }
    check_forward(&processes[0], FEL_SCHEME_MILSTEIN);
    check_forward(&processes[0], FEL_SCHEME_QE);
}

/* The correction's purpose: one long step, where plain QE is off by many standard errors. */
static void test_the_correction_makes_one_long_step_a_martingale(void)
{
    const fel_process process = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.04, 0.5, 0.04, 2.0, -0.9}};
    fel_path_config config = short_config(FEL_SCHEME_QE_M, 1, 3.0);
    simulated corrected = simulate(&process, 1, NULL, &config);
    config.scheme = FEL_SCHEME_QE;
    simulated plain = simulate(&process, 1, NULL, &config);
    const mean_of right = mean_row(row(&corrected, FEL_PATH_SPOT, 1, 0), N_PATHS);
    const mean_of wrong = mean_row(row(&plain, FEL_PATH_SPOT, 1, 0), N_PATHS);
    CHECK_MEAN(right, 100.0);
    CHECK(fabs(wrong.mean - 100.0) > 8.0 * wrong.error);
    end(&corrected);
    end(&plain);
}

/* With rho > 0 and a long step E[exp(A v')] may be infinite, as here (A = 1.8 and, far out, 2 A a
 * = 1.8): then the step is QE's own. */
static void test_paths_stay_finite_where_the_correction_does_not_exist(void)
{
    const fel_process process = {
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .heston = {0.09, 3.0, 0.09, 2.5, 0.95}};
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, 2, 8.0);
    simulated s = simulate(&process, 1, NULL, &config);
    int n_bad = 0;
    for (size_t i = 0; i < N_PATHS; i++) {
        n_bad += !isfinite(row(&s, FEL_PATH_SPOT, 2, 0)[i]);
        n_bad += !(row(&s, FEL_PATH_VARIANCE, 2, 0)[i] >= 0.0);
    }
    CHECK_INT(n_bad, 0);
    end(&s);
}

/* Var[v_t] for the square-root process. */
static double variance_of_variance(const fel_heston *h, double t)
{
    const double left = exp(-h->kappa * t), gone = 1.0 - left, squared = h->xi * h->xi / h->kappa;
    return squared * gone * (h->v0 * left + 0.5 * h->theta * gone);
}

static void check_variance(const fel_process *process, fel_scheme scheme)
{
    static double square[N_PATHS];
    const double years = 0.85;
    const fel_path_config config = short_config(scheme, N_DATES, years);
    simulated s = simulate(process, 1, NULL, &config);
    const double *v = row(&s, FEL_PATH_VARIANCE, N_DATES, 0);
    const double mean = fel_forward_variance(&process->heston, years);
    int n_negative = 0;
    for (size_t i = 0; i < N_PATHS; i++) {
        square[i] = (v[i] - mean) * (v[i] - mean);
        n_negative += v[i] < 0.0;
    }
    CHECK_INT(n_negative, 0);
    CHECK_MEAN(mean_row(v, N_PATHS), mean);
    CHECK_MEAN(mean_row(square, N_PATHS), variance_of_variance(&process->heston, years));
    end(&s);
}

/* QE takes both moments of every step exactly, however wild. */
static void test_variance_has_its_mean_and_variance(void)
{
    const fel_process mild = heston_mild(), extreme = heston_extreme();
    check_variance(&mild, FEL_SCHEME_QE);
    check_variance(&extreme, FEL_SCHEME_QE_M);
}

static void test_integrals_and_swaps_have_their_means(void)
{
    const fel_process process = heston_mild();
    const double years = 0.85, total = fel_total_variance(&process.heston, years);
    const double bias = 1e-6; /* the trapezoid rule's, of the mean path of v: h^2 T v'' / 12 */
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, N_DATES, years);
    simulated s = simulate(&process, 1, NULL, &config);
    const double *last = row(&s, FEL_PATH_INTEGRATED, N_DATES, 0);
    const mean_of integral = mean_row(last, N_PATHS);
    CHECK_NEAR(integral.mean, total, 4.0 * integral.error + bias);
    for (size_t date = 0; date <= N_DATES; date += 4) {
        const mean_of swap = mean_row(row(&s, FEL_PATH_VARIANCE_SWAP, date, 0), N_PATHS);
        CHECK_NEAR(swap.mean, total, 4.0 * swap.error + bias + 1e-15);
    }
    for (size_t i = 0; i < N_PATHS; i += 97) {
        CHECK_NEAR(row(&s, FEL_PATH_VARIANCE_SWAP, N_DATES, 0)[i], last[i], 1e-15);
        CHECK_SAME(row(&s, FEL_PATH_INTEGRATED, 0, 0)[i], 0.0);
        CHECK_SAME(row(&s, FEL_PATH_VARIANCE, 0, 0)[i], process.heston.v0);
    }
    end(&s);
}

/* sigma^2 T + lambda T (mu^2 + delta^2), and the squares of the steps' drifts. */
static void test_realised_variance_has_jumps_in_it(void)
{
    const fel_process process = merton();
    const fel_jumps *j = &process.jumps;
    const double years = 0.85, step = years / N_DATES;
    const double vol2 = process.vol_per_year * process.vol_per_year;
    const double lost = j->intensity_per_year * expm1(j->mean + 0.5 * j->vol * j->vol);
    const double drift = process.rate_per_year - 0.5 * vol2 - lost;
    const double mean_step = (drift + j->intensity_per_year * j->mean) * step;
    const double variance = vol2 + j->intensity_per_year * (j->mean * j->mean + j->vol * j->vol);
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, N_DATES, years);
    simulated s = simulate(&process, 1, NULL, &config);
    CHECK_MEAN(mean_row(row(&s, FEL_PATH_REALISED, N_DATES, 0), N_PATHS),
               variance * years + N_DATES * mean_step * mean_step);
    double sum = 0.0, before = 0.0;
    for (size_t date = 0; date <= N_DATES; date++) { /* without sub-steps: from the prices */
        const double now = log(row(&s, FEL_PATH_SPOT, date, 0)[41]);
        sum += date > 0 ? (now - before) * (now - before) : 0.0;
        before = now;
    }
    CHECK_REL(row(&s, FEL_PATH_REALISED, N_DATES, 0)[41], sum, 1e-11);
    end(&s);
}

/* Many jumps a step: the number's law is drawn from far beyond its first terms. */
static void test_many_jumps_a_step(void)
{
    static double log_price[N_PATHS], square[N_PATHS];
    fel_process process = merton();
    process.jumps = (fel_jumps){310.0, 0.002, 0.01};
    const fel_jumps *j = &process.jumps;
    const double years = 0.25;
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, 2, years);
    simulated s = simulate(&process, 1, NULL, &config);
    const double vol2 = process.vol_per_year * process.vol_per_year;
    const double lost = j->intensity_per_year * expm1(j->mean + 0.5 * j->vol * j->vol);
    const double mean =
        (process.rate_per_year - 0.5 * vol2 - lost + j->intensity_per_year * j->mean) * years;
    const double variance =
        (vol2 + j->intensity_per_year * (j->mean * j->mean + j->vol * j->vol)) * years;
    for (size_t i = 0; i < N_PATHS; i++) {
        log_price[i] = log(row(&s, FEL_PATH_SPOT, 2, 0)[i] / process.spot);
        square[i] = (log_price[i] - mean) * (log_price[i] - mean);
    }
    CHECK_MEAN(mean_row(log_price, N_PATHS), mean);
    CHECK_MEAN(mean_row(square, N_PATHS), variance);
    end(&s);
}

/* ---- correlations -------------------------------------------------------------------------------
 */

/* Sample correlation of two rows of changes; its standard error is (1 - c^2) / sqrt(n). */
static void check_correlation(const double *a, const double *b, double expected, double bias)
{
    const mean_of x = mean_row(a, N_PATHS), y = mean_row(b, N_PATHS);
    double sum = 0.0;
    for (size_t i = 0; i < N_PATHS; i++) {
        sum += (a[i] - x.mean) * (b[i] - y.mean);
    }
    const double found = sum / (N_PATHS - 1) / sqrt(x.variance * y.variance);
    CHECK_NEAR(found, expected, 4.0 * (1.0 - expected * expected) / sqrt(N_PATHS) + bias);
}

/* A short step from v0 far from zero: changes are near enough normal, with the drivers'
 * correlations up to the step's length. */
static void test_all_drivers_are_correlated_as_asked(void)
{
    fel_process assets[3] = {heston_mild(), gbm(0.4), heston_mild()};
    static const double matrix[25] = {
        1.0,   0.45, 0.3,   -0.62, -0.2, /* prices 1, 2, 3, variances 1, 3 */
        0.45,  1.0,  0.25,  -0.3,  0.1,  /* */
        0.3,   0.25, 1.0,   -0.15, -0.5, /* */
        -0.62, -0.3, -0.15, 1.0,   0.55, /* */
        -0.2,  0.1,  -0.5,  0.55,  1.0,
    };
    static double changes[5][N_PATHS];
    static const fel_scheme schemes[3] = {FEL_SCHEME_QE_M, FEL_SCHEME_EULER, FEL_SCHEME_MILSTEIN};
    assets[2].heston.rho = -0.5;
    for (size_t k = 0; k < 3; k++) {
        const fel_path_config config = short_config(schemes[k], 1, 1e-4);
        simulated s = simulate(assets, 3, matrix, &config);
        for (size_t i = 0; i < N_PATHS; i++) {
            for (size_t a = 0; a < 3; a++) {
                changes[a][i] = row(&s, FEL_PATH_SPOT, 1, a)[i];
            }
            changes[3][i] = row(&s, FEL_PATH_VARIANCE, 1, 0)[i];
            changes[4][i] = row(&s, FEL_PATH_VARIANCE, 1, 2)[i];
        }
        for (size_t a = 0; a < 5; a++) {
            for (size_t b = 0; b < a; b++) {
                check_correlation(changes[a], changes[b], matrix[a * 5 + b], 1e-3);
            }
        }
        end(&s);
    }
}

static void test_independent_assets_are_uncorrelated(void)
{
    const fel_process assets[2] = {heston_mild(), heston_mild()};
    const fel_path_config config = short_config(FEL_SCHEME_QE_M, 1, 0.1);
    simulated s = simulate(assets, 2, NULL, &config);
    check_correlation(row(&s, FEL_PATH_SPOT, 1, 0), row(&s, FEL_PATH_SPOT, 1, 1), 0.0, 0.0);
    check_correlation(row(&s, FEL_PATH_VARIANCE, 1, 0), row(&s, FEL_PATH_VARIANCE, 1, 1), 0.0, 0.0);
    check_correlation(row(&s, FEL_PATH_SPOT, 1, 0), row(&s, FEL_PATH_VARIANCE, 1, 1), 0.0, 0.0);
    end(&s);
}

/* ---- limits -------------------------------------------------------------------------------------
 */

/* xi = 0: log S is normal with the variance that the integral of v says, whatever kappa. */
static void test_variance_without_noise_is_exact(void)
{
    static const double speeds[2] = {0.0, 1.7};
    static double square[N_PATHS];
    for (size_t k = 0; k < 2; k++) {
        fel_process process = heston_mild();
        process.heston.xi = 0.0;
        process.heston.kappa = speeds[k];
        const double years = 1.6, total = fel_total_variance(&process.heston, years);
        const fel_path_config config = short_config(FEL_SCHEME_QE_M, 2, years);
        simulated s = simulate(&process, 1, NULL, &config);
        for (size_t i = 0; i < N_PATHS; i++) {
            const double x = log(row(&s, FEL_PATH_SPOT, 2, 0)[i] / forward(&process, years));
            square[i] = (x + 0.5 * total) * (x + 0.5 * total);
        }
        CHECK_MEAN(mean_row(square, N_PATHS), total);
        CHECK_REL(row(&s, FEL_PATH_INTEGRATED, 2, 0)[5], total, 1e-14);
        CHECK_REL(row(&s, FEL_PATH_VARIANCE, 2, 0)[5], fel_forward_variance(&process.heston, years),
                  1e-14);
        end(&s);
    }
}

/* From nothing nothing comes: v = 0 and theta = 0 stay 0, and the price is its forward. */
static void test_no_variance_at_all_gives_the_forward(void)
{
    static const fel_scheme schemes[4] = {FEL_SCHEME_QE_M, FEL_SCHEME_QE, FEL_SCHEME_EULER,
                                          FEL_SCHEME_MILSTEIN};
    float prices[2][8];
    double precise[2][8];
    fel_process process = heston_mild();
    process.heston.v0 = 0.0;
    process.heston.theta = 0.0;
    for (size_t k = 0; k < 4; k++) {
        const fel_path_config config = short_config(schemes[k], 1, 0.5);
        fel_paths *paths = make_paths(&process, 1, NULL, &config);
        const fel_path_block_f64 block = {3, 8, 8, {[FEL_PATH_SPOT] = &precise[0][0]}};
        const fel_path_block_f32 small = {3, 8, 8, {[FEL_PATH_SPOT] = &prices[0][0]}};
        CHECK_OK(fel_paths_fill_f64(paths, &block));
        CHECK_OK(fel_paths_fill_f32(paths, &small));
        for (size_t i = 0; i < 8; i++) {
            CHECK_REL(precise[1][i], forward(&process, 0.5), 1e-15);
            CHECK_REL((double)prices[1][i], forward(&process, 0.5), 1e-7);
        }
        fel_paths_destroy(paths);
    }
}

/* |rho| = 1 leaves the price no motion of its own: ln S is then a function of v and its integral.
 */
static void test_full_correlation_is_allowed(void)
{
    fel_process process = heston_mild();
    process.heston.rho = -1.0;
    const fel_path_config config = short_config(FEL_SCHEME_QE, 1, 0.1);
    const fel_heston *h = &process.heston;
    simulated s = simulate(&process, 1, NULL, &config);
    for (size_t i = 0; i < N_PATHS; i += 1001) {
        const double v = row(&s, FEL_PATH_VARIANCE, 1, 0)[i];
        const double area = row(&s, FEL_PATH_INTEGRATED, 1, 0)[i];
        const double x = -1.0 / h->xi * (v - h->v0 - h->kappa * (h->theta * 0.1 - area));
        CHECK_REL(row(&s, FEL_PATH_SPOT, 1, 0)[i], forward(&process, 0.1) * exp(x - 0.5 * area),
                  1e-12);
    }
    end(&s);
}

static void test_physical_drift_replaces_the_rate(void)
{
    const fel_process process = bates();
    fel_path_config config = short_config(FEL_SCHEME_QE_M, 4, 0.5);
    config.physical_drift = 1;
    config.drift_per_year = 0.13;
    simulated s = simulate(&process, 1, NULL, &config);
    CHECK_MEAN(mean_row(row(&s, FEL_PATH_SPOT, 4, 0), N_PATHS), process.spot * exp(0.13 * 0.5));
    end(&s);
}

static void test_antithetic_paths_mirror_each_other(void)
{
    const fel_process process = gbm(0.3);
    fel_path_config config = short_config(FEL_SCHEME_QE_M, 3, 0.7);
    config.antithetic = 1;
    simulated s = simulate(&process, 1, NULL, &config);
    const double *last = row(&s, FEL_PATH_SPOT, 3, 0);
    const double centre = process.spot * exp((process.rate_per_year - 0.045) * 0.7);
    for (size_t i = 0; i < N_PATHS; i += 2) {
        if (fabs(last[i] * last[i + 1] / (centre * centre) - 1.0) > 1e-12) {
            CHECK_REL(last[i] * last[i + 1], centre * centre, 1e-12);
        }
    }
    CHECK(last[0] < last[1] || last[0] > last[1]);
    end(&s);
}

SUITE("sim/paths_laws", TEST(test_the_price_is_a_martingale),
      TEST(test_the_correction_makes_one_long_step_a_martingale),
      TEST(test_paths_stay_finite_where_the_correction_does_not_exist),
      TEST(test_variance_has_its_mean_and_variance),
      TEST(test_integrals_and_swaps_have_their_means), TEST(test_realised_variance_has_jumps_in_it),
      TEST(test_many_jumps_a_step), TEST(test_all_drivers_are_correlated_as_asked),
      TEST(test_independent_assets_are_uncorrelated), TEST(test_variance_without_noise_is_exact),
      TEST(test_no_variance_at_all_gives_the_forward), TEST(test_full_correlation_is_allowed),
      TEST(test_physical_drift_replaces_the_rate), TEST(test_antithetic_paths_mirror_each_other));
