/* bench/bench_hedge.c - a training step of LSTM hedgers (30 dates, 4 features, Heston paths, costs,
 * entropic risk, Adam; simulation of the paths included), on one and two threads, with torch's
 * beside in the better of two ways to write it, and the share of OpenBLAS' rate on the same
 * products; what a step of kfac costs over Adam's; what a second thread brings; a million test
 * paths.
 *
 * Each repetition is the fastest of some steps, theirs as ours, so that a machine shared with
 * others disturbs it least. `bench_hedge WORD` runs the rows whose name has the word. */
#include <math.h>
#include <string.h>

#include "bench/hedge_hand.h"
#include "bench/train_hand.h"

static const size_t widths[] = {32, 64, 128}, paths[] = {256, 1024, 4096};
enum { N_WIDTHS = 3, N_PATHS = 3, N_THREADS = 2, KFAC_CYCLE = 5, KFAC_WARM = 3 };

static const char *wanted; /* NULL: all */

static int is_asked_for(const char *name)
{
    return wanted == NULL || strstr(name, wanted) != NULL;
}

static const char *plural(int n)
{
    return n > 1 ? "s" : "";
}

/* Three products of matrices a date, on one thread's OpenBLAS, shared by the threads. */
static double sgemm_seconds(const hedge_case *c)
{
    const train_product gates = {c->paths, 4 * c->width, HEDGE_FEATURES + c->width, HEDGE_DATES};
    const train_product head = {c->paths, 1, c->width, HEDGE_DATES};
    return (train_product_seconds(&gates) + train_product_seconds(&head)) / c->n_threads;
}

/* Windows a repetition: about a fifth of a second, two at least. */
static int windows_for(hedge_case c)
{
    c.n_windows = 2;
    hedge_run *run = hedge_run_create(&c);
    const double each = c.window * hedge_run_step(run);
    hedge_run_destroy(run);
    return each > 0.1 ? 2 : each < 0.004 ? 50 : (int)(0.2 / each);
}

/* ---- beside torch ---------------------------------------------------------------------------- */

static void run_step(hedge_case c)
{
    char name[96], argument[96];
    timing ours, theirs = {0};
    (void)snprintf(name, sizeof(name), "lstm %zu, %zu paths, %d thread%s", c.width, c.paths,
                   c.n_threads, plural(c.n_threads));
    if (!is_asked_for(name)) {
        return;
    }
    c.n_windows = windows_for(c);
    hedge_run *run = hedge_run_create(&c);
    (void)snprintf(argument, sizeof(argument), "%zu:%zu:%d:%d", c.width, c.paths, c.n_threads,
                   c.n_windows);
    python_peer *peer = python_peer_start("hedge_torch.py", argument);
    const contender mine = {hedge_run_step, run};
    const contender torch = {peer != NULL ? python_peer_run : NULL, peer};
    time_in_turn(mine, torch, &ours, &theirs);
    python_peer_stop(peer);
    hedge_run_destroy(run);
    const double sgemm = sgemm_seconds(&c);
    const bench_row row = {
        .bench = "hedge",
        .name = name,
        .value = 1e3 * ours.median_s,
        .unit = "ms a step",
        .peer = peer != NULL ? "torch" : NULL,
        .peer_value = 1e3 * theirs.median_s,
        .smaller_is_better = 1,
        .limit = sgemm > 0.0 ? "sgemm's rate" : NULL,
        .limit_value = 1e3 * sgemm,
        .spread = ours.spread,
    };
    print_row(&row);
}

/* ---- beside ourselves ------------------------------------------------------------------------ */

static void compare(const char *name, hedge_case c, hedge_case beside, const char *what)
{
    timing ours, theirs;
    if (!is_asked_for(name)) {
        return;
    }
    hedge_run *run = hedge_run_create(&c), *other = hedge_run_create(&beside);
    const contender mine = {hedge_run_step, run}, its = {hedge_run_step, other};
    time_in_turn(mine, its, &ours, &theirs);
    hedge_run_destroy(run);
    hedge_run_destroy(other);
    const bench_row row = {.bench = "hedge",
                           .name = name,
                           .value = 1e3 * ours.median_s,
                           .unit = "ms a step",
                           .peer = what,
                           .peer_value = 1e3 * theirs.median_s,
                           .smaller_is_better = 1,
                           .spread = ours.spread};
    print_row(&row);
}

/* Steps of whole cycles: statistics, factors, inverses and tests of a step come once in each, but
 * for the first ten steps, which are all tested. */
static void run_kfac(int n_threads)
{
    char name[96];
    const hedge_case kfac = {64, 4096, n_threads, "kfac", KFAC_CYCLE, 2, KFAC_WARM};
    hedge_case adam = kfac;
    adam.optimizer = "adam";
    (void)snprintf(name, sizeof(name), "kfac, lstm 64, 4096 paths, %d thread%s", n_threads,
                   plural(n_threads));
    compare(name, kfac, adam, "Adam");
}

static void run_scaling(size_t width)
{
    char name[96];
    const hedge_case two = {width, 4096, 2, "adam", 1, 6, 1};
    hedge_case one = two;
    one.n_threads = 1;
    (void)snprintf(name, sizeof(name), "scaling, lstm %zu, 4096 paths", width);
    compare(name, two, one, "one thread");
}

static void run_million(int n_threads)
{
    char name[96];
    timing ours, none;
    (void)snprintf(name, sizeof(name), "million test paths and scores, %d thread%s", n_threads,
                   plural(n_threads));
    if (!is_asked_for(name)) {
        return;
    }
    const hedge_case c = {32, 1024, n_threads, "adam", 1, 2, 1};
    hedge_run *run = hedge_run_create(&c);
    const contender mine = {hedge_run_judge, run}, nobody = {NULL, NULL};
    time_in_turn(mine, nobody, &ours, &none);
    hedge_run_destroy(run);
    const bench_row row = {.bench = "hedge",
                           .name = name,
                           .value = ours.median_s,
                           .unit = "s",
                           .smaller_is_better = 1,
                           .spread = ours.spread};
    print_row(&row);
}

/* ---- all ------------------------------------------------------------------------------------- */

int main(int argc, char **argv)
{
    wanted = argc > 1 ? argv[1] : NULL;
    if (!is_wanted("hedge")) {
        return 0;
    }
    for (int n = 1; n <= N_THREADS; n++) {
        run_million(n);
        run_kfac(n);
    }
    for (size_t w = 0; w < N_WIDTHS; w++) {
        run_scaling(widths[w]);
        for (size_t p = 0; p < N_PATHS; p++) {
            for (int n = 1; n <= N_THREADS; n++) {
                run_step((hedge_case){widths[w], paths[p], n, "adam", 1, 2, 1});
            }
        }
    }
    return 0;
}
