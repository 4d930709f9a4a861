/* bench/bench_loop.c - the event loop with SMA(10/30), orders, a fee of 0.1 % and the ledger on. */
#include "bench/sma_run.h"

typedef struct bare {
    roofline_data data;
    int64_t sink;
} bare;

static double bare_once(void *self)
{
    bare *b = self;
    long trades = 0;
    const double start = wall_seconds();
    b->sink += roofline_run(&b->data, 10, 30, &trades);
    return wall_seconds() - start;
}

static void report(const char *name, const sma_run *run, timing ours, timing peer, int has_peer)
{
    const double bars = (double)run->n_bars / 1e6;
    const bench_row row = {.bench = "loop",
                           .name = name,
                           .value = bars / ours.median_s,
                           .unit = "M bars/s",
                           .peer = has_peer ? "bare C loop" : NULL,
                           .peer_value = has_peer ? bars / peer.median_s : 0.0,
                           .limit = has_peer ? "the bare loop" : NULL,
                           .limit_value = has_peer ? bars / peer.median_s : 0.0,
                           .spread = ours.spread};
    print_row(&row);
    (void)fprintf(stderr, "       %zu fills, final equity %.6f, order hash %s\n",
                  run->result->n_fills, fel_money_value(run->result->final_equity),
                  run->result->order_hash);
}

static void one(const char *name, const char *file, size_t block_rows, int has_peer)
{
    fel_series_list list = {0};
    sma_run run;
    bare b = {{0}, 0};
    timing ours, peer = {0};
    workload_read(file, 0, &list);
    sma_run_open(&run, &list, block_rows);
    if (has_peer) {
        roofline_data_of(&b.data, list.items[0]);
    }
    const contender us = {sma_run_once, &run}, them = {has_peer ? bare_once : NULL, &b};
    time_in_turn(us, them, &ours, &peer);
    report(name, &run, ours, peer, has_peer);
    if (has_peer) {
        roofline_data_clear(&b.data);
    }
    sma_run_close(&run);
    fel_series_list_clear(&list);
}

int main(void)
{
    if (!is_wanted("loop") || workload_path("minute_1m.csv") == NULL) {
        return 0;
    }
    one("minute_1m in memory", "minute_1m.csv", 0, 1);
    one("minute_1m in blocks of 8192", "minute_1m.csv", 8192, 1);
    one("minute_1m_tick in memory", "minute_1m_tick.csv", 0, 1);
    one("daily_50 in one account", "daily_50.csv", 0, 0);
    return 0;
}
