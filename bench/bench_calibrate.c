/* bench/bench_calibrate.c - Heston fitted to a surface of 64 options, from three starts to two
 * targets, with QuantLib's calibration beside; whether the target came back is printed with it.
 *
 * Single rows search once from the start given, on one thread, as the peer does; the last rows are
 * the default: four starts on all cores. Each repetition is the fastest of some, so that a machine
 * shared with others disturbs it least. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"

enum { N_DAYS = 8, N_STRIKES = 8, N_QUOTES = N_DAYS * N_STRIKES, PASSES = 20 };

static const int days[N_DAYS] = {30, 61, 91, 183, 274, 365, 548, 730};

static const struct target {
    const char *name;
    fel_heston heston;
} targets[] = {
    {"mild", {0.04, 1.5, 0.06, 0.4, -0.7}},
    {"hard", {0.03, 1.0, 0.04, 1.0, -0.8}},
};
static const fel_heston starts[] = {
    {0.1, 1.0, 0.1, 1.0, 0.0}, {0.02, 3.0, 0.02, 0.3, -0.3}, {0.2, 0.3, 0.2, 0.6, -0.9}};

typedef struct job {
    fel_chain chain;
    fel_quote_option quotes[N_QUOTES];
    fel_chain_maturity maturities[N_DAYS];
    fel_calibrate_options options;
    fel_heston found;
} job;

static void make_maturity(job *j, size_t m, const fel_heston *heston)
{
    const double t = days[m] / 365.0, discount = exp(-0.02 * t), forward = 100.0 / discount;
    const fel_process process = {.kind = FEL_PROCESS_HESTON, .spot = forward, .heston = *heston};
    double strikes[N_STRIKES], prices[N_STRIKES];
    for (int k = 0; k < N_STRIKES; k++) {
        strikes[k] = 80.0 + 40.0 * k / 7.0;
    }
    MUST(fel_price_european(&process, t, strikes, NULL, N_STRIKES, FEL_PRICE_ADAPTIVE, prices));
    j->maturities[m] = (fel_chain_maturity){.t_years = t,
                                            .forward = forward,
                                            .discount = discount,
                                            .first = m * N_STRIKES,
                                            .n = N_STRIKES};
    for (size_t k = 0; k < N_STRIKES; k++) {
        fel_quote_option *q = &j->quotes[m * N_STRIKES + k];
        *q = (fel_quote_option){.t_years = t,
                                .strike = strikes[k],
                                .forward = forward,
                                .discount = discount,
                                .price = discount * prices[k],
                                .right = FEL_CALL};
        MUST(
            fel_implied_vol(FEL_CALL, q->price, forward, q->strike, t, discount, &q->vol_per_year));
    }
}

static void make_job(job *j, const struct target *target)
{
    memset(j, 0, sizeof(*j));
    for (size_t m = 0; m < N_DAYS; m++) {
        make_maturity(j, m, &target->heston);
    }
    j->chain.spot = 100.0;
    j->chain.quotes = j->quotes;
    j->chain.n = N_QUOTES;
    j->chain.maturities = j->maturities;
    j->chain.n_maturities = N_DAYS;
    j->options = fel_calibrate_options_default();
    j->options.objective = FEL_FIT_PRICE;
}

/* Seconds of the fastest of some calibrations. */
static double pass(void *self)
{
    job *j = self;
    double best = HUGE_VAL;
    for (int i = 0; i < PASSES; i++) {
        fel_calibration fit;
        const double start = wall_seconds();
        MUST(fel_calibrate_heston(&fit, &j->chain, &j->options));
        best = fmin(best, wall_seconds() - start);
        j->found = fit.heston;
        fel_calibration_clear(&fit);
    }
    return best;
}

/* The largest relative error of the five parameters: "recovered to 1e-07", "rho -1.000". */
static void say_found(char *text, size_t size, const fel_heston *a, const fel_heston *b)
{
    const double errors[] = {a->v0 / b->v0 - 1.0, a->kappa / b->kappa - 1.0,
                             a->theta / b->theta - 1.0, a->xi / b->xi - 1.0, a->rho / b->rho - 1.0};
    double worst = 0.0;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        worst = fmax(worst, fabs(errors[i]));
    }
    if (worst < 1e-2) {
        (void)snprintf(text, size, "recovered to %.0e", worst);
    } else {
        (void)snprintf(text, size, "not recovered: kappa %.2f, rho %.3f", a->kappa, a->rho);
    }
}

static void print_job(const char *name, timing ours, const char *peer, timing theirs)
{
    const bench_row row = {.bench = "calibrate",
                           .name = name,
                           .value = 1e3 * ours.median_s,
                           .unit = "ms",
                           .peer = peer,
                           .peer_value = peer != NULL ? 1e3 * theirs.median_s : 0.0,
                           .smaller_is_better = 1,
                           .spread = ours.spread};
    print_row(&row);
}

static void from_start(const struct target *target, size_t s)
{
    job j;
    char number[2] = {(char)('0' + s), '\0'}, name[160], label[160], found[80];
    make_job(&j, target);
    j.options.start = &starts[s];
    j.options.n_starts = 1;
    j.options.n_threads = 1;
    python_peer *peer = program_peer_start("quantlib_calibrate", target->name, number);
    const contender our = {pass, &j}, their = {peer != NULL ? python_peer_run : NULL, peer};
    timing ours, theirs = {0};
    time_in_turn(our, their, &ours, &theirs);
    say_found(found, sizeof(found), &j.found, &target->heston);
    (void)snprintf(name, sizeof(name), "%s from start %zu (%s)", target->name, s, found);
    if (peer == NULL) {
        print_job(name, ours, NULL, theirs);
        return;
    }
    double v[5];
    program_peer_values(peer, v, 5);
    python_peer_stop(peer);
    const fel_heston other = {.kappa = v[0], .theta = v[1], .xi = v[2], .rho = v[3], .v0 = v[4]};
    say_found(found, sizeof(found), &other, &target->heston);
    (void)snprintf(label, sizeof(label), "QuantLib (%s)", found);
    print_job(name, ours, label, theirs);
}

static void by_default(const struct target *target, int n_threads)
{
    job j;
    char name[160], found[80];
    const contender our = {pass, &j}, none = {NULL, NULL};
    timing ours, theirs = {0};
    make_job(&j, target);
    j.options.objective = FEL_FIT_VOL;
    j.options.n_threads = n_threads;
    time_in_turn(our, none, &ours, &theirs);
    say_found(found, sizeof(found), &j.found, &target->heston);
    (void)snprintf(name, sizeof(name), "%s by default: volatilities, 4 starts, %s (%s)",
                   target->name, n_threads == 1 ? "1 thread" : "all cores", found);
    print_job(name, ours, NULL, theirs);
}

int main(void)
{
    if (!is_wanted("calibrate")) {
        return 0;
    }
    for (size_t t = 0; t < sizeof(targets) / sizeof(targets[0]); t++) {
        for (size_t s = 0; s < sizeof(starts) / sizeof(starts[0]); s++) {
            from_start(&targets[t], s);
        }
        by_default(&targets[t], 1);
        by_default(&targets[t], 0);
    }
    return 0;
}
