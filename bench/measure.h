/* bench/measure.h - what every benchmark shares: clocks, medians, peers run in turn with ours,
 * rows. */
#ifndef FEL_BENCH_MEASURE_H
#define FEL_BENCH_MEASURE_H

#include <stdio.h>

#include <feller/feller.h>

/* Print the last error and end the program if the call failed. */
void must_at(fel_status status, const char *what);
#define MUST(call) must_at((call), #call)

double wall_seconds(void);

/* One thing to time: run() does it once and returns the seconds that count. */
typedef struct contender {
    double (*run)(void *self);
    void *self;
} contender;

enum { BENCH_RUNS = 7 };

typedef struct timing {
    double median_s;
    double spread; /* (slowest - fastest) / median */
} timing;

/* Time ours and, unless peer.run is NULL, the peer, in turn, BENCH_RUNS times after one warm-up
 * each. */
void time_in_turn(contender ours, contender peer, timing *our_time, timing *peer_time);

/* One row: a JSON line on standard output, a readable line on standard error. */
typedef struct bench_row {
    const char *bench, *name;
    double value; /* ours, in `unit` */
    const char *unit;
    const char *peer; /* NULL: none */
    double peer_value;
    int smaller_is_better; /* the ratio is then peer / ours: above 1 is good for us either way */
    const char *limit;     /* what bounds it physically; NULL: none stated */
    double limit_value;
    double spread;
} bench_row;
void print_row(const bench_row *row);

/* Bytes a second that two threads read from memory, the median of several passes over 512 MB. */
double memory_bandwidth(void);

/* Largest resident set of this process so far, in bytes. */
double peak_memory_bytes(void);

/* Is this bench wanted? BENCH in the environment names one, or is empty for all. */
int is_wanted(const char *bench);

/* ---- workloads ----------------------------------------------------------------------------------
 */

/* Path of a workload's file ($FELLER_WORKLOADS, then build/workloads), or NULL after saying how to
 * make it. Static buffer. */
const char *workload_path(const char *name);

/* Its first n_rows rows (0: all) as series; the caller clears the list. */
void workload_read(const char *name, size_t n_rows, fel_series_list *out);

/* ---- peers --------------------------------------------------------------------------------------
 */

/* A program that prints the seconds of one repetition for every line it is sent. */
typedef struct python_peer python_peer;
/* NULL if python3 or a module it needs is missing; says so. */
python_peer *python_peer_start(const char *script, const char *argument);
double python_peer_run(void *peer); /* for a contender */
void python_peer_stop(python_peer *peer);

/* The same with a program made from bench/peers/NAME.cpp (`make bench-peers`) and two arguments;
 * run and stopped as above. */
python_peer *program_peer_start(const char *name, const char *first, const char *second);
/* What it computed last, one number a line in answer to "values". */
void program_peer_values(python_peer *peer, double *values, size_t n);

#endif
