/* bench/bench_csv.c - parse and validate, and import into a store, beside pandas.read_csv. */
#include <stdlib.h>
#include <sys/stat.h>

#include "bench/measure.h"

typedef struct job {
    const char *path;
    char store[256];
} job;

static fel_csv_options plain_options(void)
{
    fel_csv_options options = fel_csv_options_default();
    (void)snprintf(options.currency, sizeof(options.currency), "USD");
    (void)snprintf(options.symbol, sizeof(options.symbol), "X");
    return options;
}

static double read_once(void *self)
{
    const job *j = self;
    const fel_csv_options options = plain_options();
    fel_series_list list = {0};
    const double start = wall_seconds();
    MUST(fel_csv_read(&list, j->path, &options, NULL));
    const double seconds = wall_seconds() - start;
    fel_series_list_clear(&list);
    return seconds;
}

static double import_once(void *self)
{
    const job *j = self;
    const fel_csv_options options = plain_options();
    const double start = wall_seconds();
    MUST(fel_store_import(j->store, j->path, &options, 1, NULL));
    return wall_seconds() - start;
}

static void one(const char *name, double (*run)(void *), job *j, double file_mb)
{
    timing ours, theirs = {0};
    python_peer *peer = python_peer_start("pandas_read.py", j->path);
    const contender us = {run, j}, them = {peer != NULL ? python_peer_run : NULL, peer};
    time_in_turn(us, them, &ours, &theirs);
    const bench_row row = {.bench = "csv",
                           .name = name,
                           .value = file_mb / ours.median_s,
                           .unit = "MB/s",
                           .peer = peer != NULL ? "pandas.read_csv" : NULL,
                           .peer_value = peer != NULL ? file_mb / theirs.median_s : 0.0,
                           .limit = "memory",
                           .limit_value = memory_bandwidth() / 1e6,
                           .spread = ours.spread};
    print_row(&row);
    python_peer_stop(peer);
}

int main(void)
{
    job j = {.path = NULL};
    struct stat info;
    char path[1024];
    if (!is_wanted("csv") || workload_path("minute_1m.csv") == NULL) {
        return 0;
    }
    (void)snprintf(path, sizeof(path), "%s", workload_path("minute_1m.csv"));
    j.path = path;
    (void)snprintf(j.store, sizeof(j.store), "%s/feller-bench-XXXXXX",
                   getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    if (stat(j.path, &info) != 0 || mkdtemp(j.store) == NULL) {
        return 1;
    }
    const double file_mb = (double)info.st_size / 1e6;
    one("minute_1m parse and validate", read_once, &j, file_mb);
    one("minute_1m import into a store", import_once, &j, file_mb);
    char command[512];
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", j.store);
    return system(command) == 0 ? 0 : 1;
}
