/* bench/measure.c - clocks, medians and rows. */
#include "bench/measure.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

void must_at(fel_status status, const char *what)
{
    if (status != FEL_OK) {
        (void)fprintf(stderr, "bench: %s: %s\n", what, fel_last_error()->message);
        exit(1);
    }
}

double wall_seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static timing summarise(double *seconds)
{
    qsort(seconds, BENCH_RUNS, sizeof(double), compare);
    const double median = seconds[BENCH_RUNS / 2];
    const timing t = {median, (seconds[BENCH_RUNS - 1] - seconds[0]) / median};
    return t;
}

void time_in_turn(contender ours, contender peer, timing *our_time, timing *peer_time)
{
    double mine[BENCH_RUNS], theirs[BENCH_RUNS];
    (void)ours.run(ours.self);
    if (peer.run != NULL) {
        (void)peer.run(peer.self);
    }
    for (int i = 0; i < BENCH_RUNS; i++) {
        mine[i] = ours.run(ours.self);
        theirs[i] = peer.run != NULL ? peer.run(peer.self) : 0.0;
    }
    *our_time = summarise(mine);
    if (peer.run != NULL) {
        *peer_time = summarise(theirs);
    }
}

static void print_number(const char *key, double value, int is_there)
{
    if (is_there) {
        (void)printf(", \"%s\": %.6g", key, value);
    } else {
        (void)printf(", \"%s\": null", key);
    }
}

static void print_word(const char *key, const char *word)
{
    if (word != NULL) {
        (void)printf(", \"%s\": \"%s\"", key, word);
    } else {
        (void)printf(", \"%s\": null", key);
    }
}

void print_row(const bench_row *row)
{
    const int has_peer = row->peer != NULL;
    const int has_limit = row->limit != NULL;
    const double ratio =
        row->smaller_is_better ? row->peer_value / row->value : row->value / row->peer_value;
    const double share =
        row->smaller_is_better ? row->limit_value / row->value : row->value / row->limit_value;
    (void)printf("{\"bench\": \"%s\", \"case\": \"%s\"", row->bench, row->name);
    print_number("value", row->value, 1);
    print_word("unit", row->unit);
    print_word("peer", row->peer);
    print_number("peer_value", row->peer_value, has_peer);
    print_number("ratio", ratio, has_peer);
    print_word("limit", row->limit);
    print_number("limit_share", share, has_limit);
    (void)printf(", \"runs\": %d", BENCH_RUNS);
    print_number("spread", row->spread, 1);
    (void)printf("}\n");
    (void)fflush(stdout);
    (void)fprintf(stderr, "%-6s %-34s %10.4g %-12s", row->bench, row->name, row->value, row->unit);
    if (has_peer) {
        (void)fprintf(stderr, "  %6.2fx %s (%.4g)", ratio, row->peer, row->peer_value);
    }
    if (has_limit) {
        (void)fprintf(stderr, "  %.0f %% of %s", 100.0 * share, row->limit);
    }
    (void)fprintf(stderr, "  spread %.0f %%\n", 100.0 * row->spread);
}

double memory_bandwidth(void)
{
    enum { PASSES = 5 };
    const size_t n = (size_t)64 << 20;
    double best = 0.0, total = 0.0;
    double *block = malloc(n * sizeof(double));
    if (block == NULL) {
        (void)fprintf(stderr, "bench: no memory for the bandwidth test\n");
        exit(1);
    }
    memset(block, 1, n * sizeof(double));
    for (int pass = 0; pass < PASSES; pass++) {
        const double start = wall_seconds();
        double sum = 0.0;
#pragma omp parallel for reduction(+ : sum) num_threads(2) schedule(static)
        for (size_t i = 0; i < n; i += 8) {
            sum += block[i] + block[i + 1] + block[i + 2] + block[i + 3] + block[i + 4] +
                   block[i + 5] + block[i + 6] + block[i + 7];
        }
        const double rate = (double)(n * sizeof(double)) / (wall_seconds() - start);
        best = rate > best ? rate : best;
        total += sum;
    }
    if (total == 0.5) {
        (void)fprintf(stderr, "%g\n", total); /* keeps the sums from being optimised away */
    }
    free(block);
    return best;
}

double peak_memory_bytes(void)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    return 1024.0 * (double)usage.ru_maxrss;
}

int is_wanted(const char *bench)
{
    const char *wanted = getenv("BENCH");
    return wanted == NULL || wanted[0] == '\0' || strcmp(wanted, bench) == 0;
}
