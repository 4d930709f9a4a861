/* bench/bench_count.c - one run of the event loop, for bench/instructions.sh to count instructions
 * in; without arguments (as bench/run.sh starts it) it does nothing.
 *
 * bench_count FILE ROWS: prints bars, events, fills and the instruction set that this processor, or
 * the one that valgrind plays, offers to the C library. Our own code chooses no path at run time.
 */
#include <stdlib.h>

#include "bench/sma_run.h"

static const char *instruction_set(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") ? "AVX-512"
           : __builtin_cpu_supports("avx2")  ? "AVX2"
                                             : "SSE";
}

int main(int argc, char **argv)
{
    fel_series_list list = {0};
    sma_run run;
    if (argc != 3) {
        return 0;
    }
    workload_read(argv[1], (size_t)strtoul(argv[2], NULL, 10), &list);
    sma_run_open(&run, &list, 0);
    (void)sma_run_once(&run);
    (void)printf("%llu %llu %llu %s\n", (unsigned long long)run.result->n_bars,
                 (unsigned long long)run.result->n_events,
                 (unsigned long long)run.result->n_fills_total, instruction_set());
    sma_run_close(&run);
    fel_series_list_clear(&list);
    return 0;
}
