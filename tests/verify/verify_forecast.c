/* tests/verify/verify_forecast.c - forecasters in markets whose truth is known: where there is
 * something to learn, a trained LSTM earns a stated share of what the best forecaster earns; where
 * there is nothing, the statistics of the report claim no more than they may; where there is an
 * edge, they find it.
 *
 * Everything goes through fel_study_run, as a user has it. Markets cost nothing to trade, so that a
 * strategy without skill earns 0 on average and false claims are as many as they ever will be. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/study/study_files.h"

enum { MAX_BARS = 2500, MAX_TEXT = 2048 };

static const double deviation = 0.01; /* of a bar's return */

/* returns[i] from the close of bar i - 1 to that of bar i; best[i]: the position that the best
 * forecaster takes at the close of bar i. */
typedef struct market {
    double returns[MAX_BARS], best[MAX_BARS];
    int n;
} market;

/* ---- markets --------------------------------------------------------------------------------- */

/* r = phi r before + noise: the best forecast is phi r; phi 0: nothing is known. */
static void make_autoregression(market *m, uint64_t seed, double phi)
{
    rng_stream r = rng_at(seed, 2);
    double before = 0.0;
    for (int i = 0; i < m->n; i++) {
        before = phi * before + deviation * sqrt(1.0 - phi * phi) * rng_normal(&r);
        m->returns[i] = before;
        m->best[i] = phi * before > 0.0 ? 1.0 : -1.0;
    }
}

/* The mean is +drift or -drift and changes with chance `change` a bar. Best is the sign of the
 * filtered probability that it will be up (Hamilton 1989). */
static void make_regimes(market *m, uint64_t seed, double drift, double change)
{
    rng_stream r = rng_at(seed, 3);
    double state = 1.0, up = 0.5;
    for (int i = 0; i < m->n; i++) {
        state = rng_uniform(&r) < change ? -state : state;
        const double x = state * drift + deviation * rng_normal(&r);
        const double odds = exp(2.0 * drift * x / (deviation * deviation));
        up = odds * up / (odds * up + 1.0 - up);
        up = up * (1.0 - change) + (1.0 - up) * change;
        m->returns[i] = x;
        m->best[i] = up > 0.5 ? 1.0 : -1.0;
    }
}

static void put_market(const char *folder, const market *m)
{
    FILE *file = fopen(in_folder(folder, "market.csv"), "wb");
    CHECK(file != NULL);
    if (file == NULL) {
        return;
    }
    (void)fputs("date,open,high,low,close,volume\n", file);
    double close = 100.0;
    int64_t day_ns = INT64_C(14613) * FEL_NS_PER_DAY;
    for (int i = 0; i < m->n; i++) {
        char day[16];
        const double open = close;
        close *= 1.0 + m->returns[i];
        fel_day_format(day_ns + 1, day, sizeof(day));
        (void)fprintf(file, "%s,%.8f,%.8f,%.8f,%.8f,1000\n", day, open, fmax(open, close),
                      fmin(open, close), close);
        day_ns += (i % 5 == 4 ? 3 : 1) * FEL_NS_PER_DAY;
    }
    CHECK(fclose(file) == 0);
}

/* ---- what a run says ------------------------------------------------------------------------- */

/* A fact of the report's forecast section. */
static double fact(const char *folder, const char *name)
{
    char wanted[64];
    (void)snprintf(wanted, sizeof(wanted), "\"name\":\"%s\"", name);
    char *json = get_file(in_folder(folder, "run/report.json"));
    const char *row = json != NULL ? strstr(json, wanted) : NULL;
    const char *number = row != NULL ? strstr(row, "\"value\":") : NULL;
    const double value = number != NULL ? strtod(number + strlen("\"value\":"), NULL) : (double)NAN;
    free(json);
    CHECK(!isnan(value));
    return value;
}

static double ratio(const double *x, int n)
{
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < n; i++) {
        sum += x[i];
    }
    const double mean = sum / n;
    for (int i = 0; i < n; i++) {
        squares += (x[i] - mean) * (x[i] - mean);
    }
    return mean / sqrt(squares / (n - 1));
}

static double field(const char *line, int index)
{
    for (; index > 0 && line != NULL; index--) {
        line = strchr(line, ',');
        line = line != NULL ? line + 1 : NULL;
    }
    return line == NULL || *line == ',' || *line == '\n' ? (double)NAN : strtod(line, NULL);
}

/* Sharpe ratio a bar of the sign of forecasts.csv and, on the same bars, of the best forecaster;
 * the first forecast is made at the close of bar `first`. */
static void compare_with_best(const char *folder, const market *m, int first, double out[2])
{
    static double ours[MAX_BARS], best[MAX_BARS];
    char *csv = get_file(in_folder(folder, "run/forecasts.csv"));
    const char *line = csv != NULL ? strchr(csv, '\n') + 1 : NULL;
    int n = 0;
    for (; line != NULL && *line != '\0'; line = strchr(line, '\n') + 1) {
        const double forecast = field(line, 3), earned = field(line, 5);
        if (isnan(earned) || first + n + 1 >= m->n) {
            break;
        }
        CHECK_NEAR(earned, m->returns[first + n + 1], 1e-9);
        ours[n] = forecast > 0.0 ? earned : forecast < 0.0 ? -earned : 0.0;
        best[n] = m->best[first + n] * earned;
        n++;
    }
    free(csv);
    CHECK_INT(n, m->n - first - 1);
    out[0] = ratio(ours, n);
    out[1] = ratio(best, n);
}

/* ---- something to learn ---------------------------------------------------------------------- */

/* Mean ratios over markets of our forecaster and the best one. */
static void learn(const char *text, void (*make)(market *m, uint64_t seed), int n_markets,
                  double out[2])
{
    static market m;
    const char *folder = scratch_folder();
    m.n = 2400;
    out[0] = out[1] = 0.0;
    for (int i = 0; i < n_markets; i++) {
        double ratios[2];
        make(&m, (uint64_t)i + 1);
        put_market(folder, &m);
        CHECK_OK(run_text(folder, text, "run", 0, NULL));
        compare_with_best(folder, &m, 1200, ratios);
        out[0] += ratios[0] / n_markets;
        out[1] += ratios[1] / n_markets;
    }
    (void)printf("\n  ratio a bar %.4f, best %.4f: a share of %.3f in %d markets\n", out[0], out[1],
                 out[0] / out[1], n_markets);
}

#define LEARNING                                                                                   \
    "data: [{symbol: X, file: market.csv, frequency: 1d}]\n"                                       \
    "fill: same_close\nfeatures: [return]\nscaling: standard\n"                                    \
    "walk_forward: {train: 1200, validation: 0.25, test: 400}\n"                                   \
    "strategy: {kind: forecast_sign, side: long_short}\nreport: {html: false}\n"

static void make_learnable(market *m, uint64_t seed)
{
    make_autoregression(m, seed, -0.2);
}

static void make_switching(market *m, uint64_t seed)
{
    make_regimes(m, seed, 0.3 * deviation, 0.02);
}

static void test_reversal_is_learnt(void)
{
    double ratios[2];
    learn(LEARNING "model: {kind: lstm, hidden: [16], sequence: 5, seeds: 2}\n"
                   "train: {loss: {gmadl: {a: 200, b: 1}}, epochs: 30, learning_rate: 3e-3,"
                   " batch: 64, select_by: madl}\n",
          make_learnable, 6, ratios);
    CHECK(ratios[1] > 0.12);
    CHECK(ratios[0] > 0.75 * ratios[1]);
}

static void test_regimes_are_learnt_from_a_sequence(void)
{
    double ratios[2];
    learn(LEARNING "model: {kind: lstm, hidden: [16], sequence: 20, seeds: 2}\n"
                   "train: {loss: {gmadl: {a: 200, b: 1}}, epochs: 30, learning_rate: 3e-3,"
                   " batch: 64, select_by: madl}\n",
          make_switching, 6, ratios);
    CHECK(ratios[1] > 0.12);
    CHECK(ratios[0] > 0.6 * ratios[1]);
}

/* ---- nothing to learn, and an edge ----------------------------------------------------------- */

#define CONTEST                                                                                    \
    "data: [{symbol: X, file: market.csv, frequency: 1d}]\n"                                       \
    "fill: same_close\nfeatures: [return]\nscaling: standard\n"                                    \
    "model: {kind: mlp, hidden: [8], activation: tanh, sequence: 2}\n"                             \
    "train: {loss: mse, epochs: 15, learning_rate: 0.01, batch: 64, select_by: madl}\n"            \
    "walk_forward: {train: 250, validation: 0.25, test: 250}\n"                                    \
    "strategy: {kind: forecast_sign, side: long_short}\nreport: {html: false}\n"

/* Networks of three losses from two seeds each, of which the best is shown. */
#define SIX                                                                                        \
    "sweep: {train.loss: [mse, {gmadl: {a: 200, b: 1}}, {tanh_madl: {slope: 50}}], seed: [1, 2]}\n"

enum { N_NOISE = 200, N_EDGE = 20 };

/* Markets in which skill is claimed at 5 %. */
typedef struct claims {
    int deflated, plain, timing;
} claims;

static claims count_claims(const char *text, int n_markets, double phi)
{
    static market m;
    const char *folder = scratch_folder();
    claims c = {0, 0, 0};
    m.n = 1000;
    for (int i = 0; i < n_markets; i++) {
        make_autoregression(&m, (uint64_t)i + 1, phi);
        put_market(folder, &m);
        CHECK_OK(run_text(folder, text, "run", 0, NULL));
        c.deflated += fact(folder, "deflated_sharpe") > 0.95;
        c.plain += fact(folder, "probabilistic_sharpe") > 0.95;
        c.timing += fact(folder, "circular_shift_p_value") <= 0.05;
    }
    (void)printf("\n  %d markets with phi = %g: skill claimed by the deflated ratio in %d, by the "
                 "probabilistic one in %d, by circular shifts in %d\n",
                 n_markets, phi, c.deflated, c.plain, c.timing);
    return c;
}

/* 5 % and two standard errors. */
static double most_claims(int n)
{
    return n * 0.05 + 2.0 * sqrt(n * 0.05 * 0.95);
}

static void test_noise_is_not_called_skill(void)
{
    const claims c = count_claims(CONTEST, N_NOISE, 0.0);
    CHECK(c.deflated <= most_claims(N_NOISE));
    CHECK(c.plain <= most_claims(N_NOISE));
    CHECK(c.timing <= most_claims(N_NOISE));
}

/* The ratio that knows of six variants is not fooled; those that do not know are, so that there is
 * something to be fooled by. */
static void test_the_best_of_six_on_noise_is_not_called_skill(void)
{
    const claims c = count_claims(CONTEST SIX, N_NOISE, 0.0);
    CHECK(c.deflated <= most_claims(N_NOISE));
    CHECK(c.plain > most_claims(N_NOISE));
}

static void test_an_edge_is_found(void)
{
    const claims c = count_claims(CONTEST SIX, N_EDGE, -0.3);
    CHECK(c.deflated >= N_EDGE - 1);
    CHECK(c.timing >= N_EDGE - 1);
}

SUITE("verify/forecast", TEST(test_reversal_is_learnt),
      TEST(test_regimes_are_learnt_from_a_sequence), TEST(test_noise_is_not_called_skill),
      TEST(test_the_best_of_six_on_noise_is_not_called_skill), TEST(test_an_edge_is_found));
