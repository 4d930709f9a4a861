/* bench/bench_store.c - reading a store: into memory on two cores, and as a stream through the
 * loop. */
#include <stdlib.h>
#include <string.h>

#include "bench/sma_run.h"

typedef struct job {
    fel_store *store;
    size_t entry;
    double bytes;
} job;

static double read_once(void *self)
{
    job *j = self;
    fel_series *series = NULL;
    const double start = wall_seconds();
    MUST(fel_store_read(j->store, j->entry, FEL_TIME_MIN, FEL_TIME_MAX, &series));
    const double seconds = wall_seconds() - start;
    const fel_block rows = fel_series_rows(series);
    j->bytes = (double)(rows.n * (rows.n_columns + 1) * sizeof(double));
    fel_series_destroy(series);
    return seconds;
}

static void open_stream(sma_run *run, job *j)
{
    memset(run, 0, sizeof(*run));
    run->sources = calloc(1, sizeof(fel_source));
    run->n_sources = 1;
    run->sources[0].info = &fel_store_entry_at(j->store, j->entry)->info;
    run->n_bars = fel_store_entry_at(j->store, j->entry)->n_rows;
    MUST(fel_feed_of_store(&run->sources[0].feed, j->store, j->entry, FEL_TIME_MIN, FEL_TIME_MAX));
    sma_run_engine(run);
}

static void bench_stream(job *j)
{
    sma_run run;
    timing ours, none;
    open_stream(&run, j);
    const contender us = {sma_run_once, &run}, nobody = {NULL, NULL};
    time_in_turn(us, nobody, &ours, &none);
    const bench_row row = {.bench = "store",
                           .name = "minute_1m streamed through the loop",
                           .value = (double)run.n_bars / 1e6 / ours.median_s,
                           .unit = "M bars/s",
                           .spread = ours.spread};
    print_row(&row);
    (void)fprintf(stderr, "       peak memory %.1f MB, final equity %.6f\n",
                  peak_memory_bytes() / 1e6, fel_money_value(run.result->final_equity));
    sma_run_close(&run);
}

static void bench_read(job *j)
{
    timing ours, none;
    const contender us = {read_once, j}, nobody = {NULL, NULL};
    time_in_turn(us, nobody, &ours, &none);
    const bench_row row = {.bench = "store",
                           .name = "minute_1m read, decoded columns",
                           .value = j->bytes / 1e9 / ours.median_s,
                           .unit = "GB/s",
                           .limit = "memory",
                           .limit_value = memory_bandwidth() / 1e9,
                           .spread = ours.spread};
    print_row(&row);
}

int main(void)
{
    char folder[256], command[512];
    job j = {0};
    if (!is_wanted("store") || workload_path("minute_1m.csv") == NULL) {
        return 0;
    }
    (void)snprintf(folder, sizeof(folder), "%s/feller-bench-XXXXXX",
                   getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.currency, sizeof(options.currency), "USD");
    (void)snprintf(options.symbol, sizeof(options.symbol), "X");
    MUST(fel_store_import(folder, workload_path("minute_1m.csv"), &options, 1, NULL));
    MUST(fel_store_open(&j.store, folder));
    MUST(fel_store_find(j.store, "X", FEL_DATA_BAR, 0, &j.entry));
    bench_stream(&j);
    bench_read(&j);
    fel_store_close(j.store);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : 1;
}
