/* bench/bench_price.c - Heston prices, greeks and gradients by the option, and Black's formula and
 * its inverse, with QuantLib's analytic engines beside; the worst error of each is printed with it.
 *
 * 64 calls: 8 strikes from 80 to 120 % at 8 maturities from one month to two years. Each repetition
 * is the fastest of some passes, so that a machine shared with others disturbs it least. */
#include <math.h>
#include <stdio.h>

#include "bench/measure.h"

enum { N_MATURITIES = 8, N_STRIKES = 8, N_OPTIONS = N_MATURITIES * N_STRIKES, PASSES = 50 };

static const int days[N_MATURITIES] = {30, 61, 91, 183, 274, 365, 548, 730};

static const struct parameter_set {
    const char *name;
    fel_heston heston;
} sets[] = {
    {"mild", {0.04, 1.5, 0.06, 0.4, -0.7}},
    {"hard", {0.03, 1.0, 0.04, 1.0, -0.8}},
};

static const char *const engines[] = {"laguerre_64", "default_144", "exponential_fitting",
                                      "adaptive"};

/* What is done with each maturity. */
typedef enum job_kind { JOB_FAST, JOB_ADAPTIVE, JOB_GREEKS, JOB_GRADIENT, N_JOBS } job_kind;

typedef struct job {
    job_kind kind;
    int passes;
    fel_process process;
    double strikes[N_STRIKES];
    double prices[N_OPTIONS], gradient[N_OPTIONS * FEL_HESTON_N_PARAMS];
    fel_greeks greeks[N_OPTIONS];
} job;

static void do_maturity(job *j, size_t m)
{
    const double t = days[m] / 365.0;
    double *prices = j->prices + m * N_STRIKES;
    switch (j->kind) {
    case JOB_GREEKS:
        MUST(fel_greeks_european(&j->process, t, j->strikes, NULL, N_STRIKES, FEL_PRICE_FAST,
                                 j->greeks + m * N_STRIKES));
        break;
    case JOB_GRADIENT:
        MUST(fel_heston_gradient(&j->process, t, j->strikes, N_STRIKES, prices,
                                 j->gradient + m * N_STRIKES * FEL_HESTON_N_PARAMS));
        break;
    case JOB_FAST:
    case JOB_ADAPTIVE:
    case N_JOBS:
        MUST(fel_price_european(&j->process, t, j->strikes, NULL, N_STRIKES,
                                j->kind == JOB_FAST ? FEL_PRICE_FAST : FEL_PRICE_ADAPTIVE, prices));
        break;
    }
}

/* Seconds of the fastest pass over the 64. */
static double pass(void *self)
{
    job *j = self;
    double best = HUGE_VAL;
    for (int i = 0; i < j->passes; i++) {
        const double start = wall_seconds();
        for (size_t m = 0; m < N_MATURITIES; m++) {
            do_maturity(j, m);
        }
        best = fmin(best, wall_seconds() - start);
    }
    return best;
}

static job make_job(const struct parameter_set *set, job_kind kind)
{
    job j = {.kind = kind, .passes = kind == JOB_ADAPTIVE ? 1 : PASSES};
    j.process = (fel_process){
        .kind = FEL_PROCESS_HESTON, .spot = 100.0, .rate_per_year = 0.02, .heston = set->heston};
    for (int k = 0; k < N_STRIKES; k++) {
        j.strikes[k] = 80.0 + 40.0 * k / 7.0;
    }
    return j;
}

static double worst_of(const double *prices, const double *exact)
{
    double worst = 0.0;
    for (int i = 0; i < N_OPTIONS; i++) {
        worst = fmax(worst, fabs(prices[i] - exact[i]));
    }
    return worst;
}

static void print_job(const char *name, timing ours, const char *peer, timing theirs)
{
    const bench_row row = {.bench = "price",
                           .name = name,
                           .value = 1e6 * ours.median_s / N_OPTIONS,
                           .unit = "us/option",
                           .peer = peer,
                           .peer_value = peer != NULL ? 1e6 * theirs.median_s / N_OPTIONS : 0.0,
                           .smaller_is_better = 1,
                           .spread = ours.spread};
    print_row(&row);
}

/* The fast method in turn with each engine of the peer. */
static void against_peer(const struct parameter_set *set, const double *exact)
{
    job fast = make_job(set, JOB_FAST);
    for (size_t e = 0; e < sizeof(engines) / sizeof(engines[0]); e++) {
        python_peer *peer = program_peer_start("quantlib_price", set->name, engines[e]);
        char name[96], label[96];
        timing ours, theirs = {0};
        const contender our = {pass, &fast}, their = {peer != NULL ? python_peer_run : NULL, peer};
        time_in_turn(our, their, &ours, &theirs);
        (void)snprintf(name, sizeof(name), "%s prices (error %.0e)", set->name,
                       worst_of(fast.prices, exact));
        if (peer == NULL) {
            print_job(name, ours, NULL, theirs);
            return;
        }
        double prices[N_OPTIONS];
        program_peer_values(peer, prices, N_OPTIONS);
        python_peer_stop(peer);
        (void)snprintf(label, sizeof(label), "QuantLib %s (error %.0e)", engines[e],
                       worst_of(prices, exact));
        print_job(name, ours, label, theirs);
    }
}

static void alone(const struct parameter_set *set, job_kind kind, const char *what)
{
    job j = make_job(set, kind);
    const contender our = {pass, &j}, none = {NULL, NULL};
    timing ours, theirs = {0};
    char name[96];
    time_in_turn(our, none, &ours, &theirs);
    (void)snprintf(name, sizeof(name), "%s %s", set->name, what);
    print_job(name, ours, NULL, theirs);
}

/* ---- Black ----------------------------------------------------------------------------------- */

enum { N_BLACK = 4096 };
typedef struct black_job {
    int inverse;
    double prices[N_BLACK], vols[N_BLACK];
} black_job;

/* Strikes 60 to 160 %, volatilities 5 to 65 %, a quarter. */
static double black_pass(void *self)
{
    black_job *j = self;
    double best = HUGE_VAL;
    for (int r = 0; r < PASSES; r++) {
        const double start = wall_seconds();
        for (int i = 0; i < N_BLACK; i++) {
            const double strike = 60.0 + 100.0 * (i % 64) / 63.0, vol = 0.05 + 0.6 * i / N_BLACK;
            const fel_option_right right = strike < 100.0 ? FEL_PUT : FEL_CALL;
            if (j->inverse) {
                MUST(fel_implied_vol(right, j->prices[i], 100.0, strike, 0.25, 0.99, &j->vols[i]));
            } else {
                j->prices[i] = fel_black(right, 100.0, strike, 0.25, vol, 0.99);
            }
        }
        best = fmin(best, wall_seconds() - start);
    }
    return best;
}

static void black_rows(void)
{
    static black_job j;
    static const char *const names[] = {"Black's formula", "implied volatility"};
    for (j.inverse = 0; j.inverse < 2; j.inverse++) {
        const contender our = {black_pass, &j}, none = {NULL, NULL};
        timing ours, theirs = {0};
        time_in_turn(our, none, &ours, &theirs);
        const bench_row row = {.bench = "price",
                               .name = names[j.inverse],
                               .value = 1e9 * ours.median_s / N_BLACK,
                               .unit = "ns",
                               .smaller_is_better = 1,
                               .spread = ours.spread};
        print_row(&row);
    }
}

int main(void)
{
    if (!is_wanted("price")) {
        return 0;
    }
    for (size_t s = 0; s < sizeof(sets) / sizeof(sets[0]); s++) {
        job exact = make_job(&sets[s], JOB_ADAPTIVE);
        (void)pass(&exact);
        against_peer(&sets[s], exact.prices);
        alone(&sets[s], JOB_GREEKS, "all greeks");
        alone(&sets[s], JOB_GRADIENT, "prices and gradient");
        alone(&sets[s], JOB_ADAPTIVE, "adaptive prices");
    }
    black_rows();
    return 0;
}
