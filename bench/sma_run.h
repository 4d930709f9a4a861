/* bench/sma_run.h - an engine set up for the workloads' rule. */
#ifndef FEL_BENCH_SMA_RUN_H
#define FEL_BENCH_SMA_RUN_H

#include "bench/measure.h"
#include "bench/roofline.h"

typedef struct sma_run {
    fel_source *sources;
    size_t n_sources;
    fel_engine *engine;
    const fel_result *result;
    size_t n_bars;
} sma_run;

/* Over all series of the list, which must outlive it; block_rows as in fel_feed_of_series(). */
void sma_run_open(sma_run *run, const fel_series_list *list, size_t block_rows);
/* The same over sources that are set already. */
void sma_run_engine(sma_run *run);
void sma_run_set(sma_run *run, size_t fast, size_t slow);
double sma_run_once(void *self); /* for a contender */
void sma_run_close(sma_run *run);

/* The opens and closes of a series as whole ticks; free with roofline_data_clear(). */
void roofline_data_of(roofline_data *out, const fel_series *series);
void roofline_data_clear(roofline_data *data);

#endif
