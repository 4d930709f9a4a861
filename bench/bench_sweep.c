/* bench/bench_sweep.c - 200 pairs of averages over 100,000 minute bars on two threads. */
#include "bench/sma_run.h"
#include "core/threads.h"

enum { N_FAST = 10, N_SLOW = 20, N_PAIRS = N_FAST * N_SLOW, N_THREADS = 2 };

typedef struct sweep {
    fel_series_list list;
    sma_run runs[N_THREADS];
    double equity[N_PAIRS];
    roofline_data data;
    int64_t sink;
} sweep;

static size_t fast_of(size_t pair)
{
    return 5 + 5 * (pair / N_SLOW);
}

static size_t slow_of(size_t pair)
{
    return 60 + 10 * (pair % N_SLOW);
}

static fel_status run_pair(void *payload, size_t pair, int thread)
{
    sweep *s = payload;
    sma_run *run = &s->runs[thread];
    sma_run_set(run, fast_of(pair), slow_of(pair));
    (void)sma_run_once(run);
    s->equity[pair] = fel_money_value(run->result->final_equity);
    return FEL_OK;
}

static double sweep_once(void *self)
{
    const double start = wall_seconds();
    MUST(threads_run(N_THREADS, N_PAIRS, run_pair, self));
    return wall_seconds() - start;
}

static double bare_once(void *self)
{
    sweep *s = self;
    long trades = 0;
    const double start = wall_seconds();
    for (size_t pair = 0; pair < N_PAIRS; pair++) {
        s->sink += roofline_run(&s->data, fast_of(pair), slow_of(pair), &trades);
    }
    return wall_seconds() - start;
}

int main(void)
{
    static sweep s;
    timing ours, bare;
    double sum = 0.0;
    if (!is_wanted("sweep") || workload_path("minute_1m.csv") == NULL) {
        return 0;
    }
    workload_read("minute_1m.csv", 100000, &s.list);
    for (int i = 0; i < N_THREADS; i++) {
        sma_run_open(&s.runs[i], &s.list, 0);
    }
    roofline_data_of(&s.data, s.list.items[0]);
    const contender us = {sweep_once, &s}, them = {bare_once, &s};
    time_in_turn(us, them, &ours, &bare);
    for (size_t pair = 0; pair < N_PAIRS; pair++) {
        sum += s.equity[pair];
    }
    const bench_row row = {.bench = "sweep",
                           .name = "200 pairs x 100,000 bars, 2 threads",
                           .value = ours.median_s,
                           .unit = "s",
                           .peer = "bare C loop, 1 thread",
                           .peer_value = bare.median_s,
                           .smaller_is_better = 1,
                           .spread = ours.spread};
    print_row(&row);
    (void)fprintf(stderr, "       sum of final equities %.6f\n", sum);
    roofline_data_clear(&s.data);
    for (int i = 0; i < N_THREADS; i++) {
        sma_run_close(&s.runs[i]);
    }
    fel_series_list_clear(&s.list);
    return 0;
}
