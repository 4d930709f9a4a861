/* bench/sma_run.c - see sma_run.h. */
#include "bench/sma_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double param_of(const char *name, size_t fast, size_t slow, double other)
{
    return strcmp(name, "fast_bars") == 0   ? (double)fast
           : strcmp(name, "slow_bars") == 0 ? (double)slow
           : strcmp(name, "quantity") == 0  ? 100.0
                                            : other;
}

static const fel_strategy *rule(void)
{
    const fel_strategy *strategy = NULL;
    MUST(fel_strategy_find("sma_cross", &strategy));
    return strategy;
}

static void params_of(size_t fast, size_t slow, double *params)
{
    const fel_strategy *strategy = rule();
    fel_param_defaults(strategy->params, strategy->n_params, params);
    for (size_t i = 0; i < strategy->n_params; i++) {
        params[i] = param_of(strategy->params[i].name, fast, slow, params[i]);
    }
}

void sma_run_engine(sma_run *run)
{
    double params[32];
    fel_engine_config config = fel_engine_config_default();
    MUST(fel_cost_find("percent", &config.fees[0]));
    config.fees[0].params[0] = 10.0;
    params_of(10, 30, params);
    MUST(fel_engine_create(&run->engine, &config, run->sources, run->n_sources, rule(), params));
}

void sma_run_open(sma_run *run, const fel_series_list *list, size_t block_rows)
{
    memset(run, 0, sizeof(*run));
    run->sources = calloc(list->n, sizeof(fel_source));
    for (size_t i = 0; i < list->n; i++) {
        fel_source *s = &run->sources[run->n_sources];
        s->info = fel_series_describe(list->items[i]);
        if (s->info->kind == FEL_DATA_BAR) {
            MUST(fel_feed_of_series(&s->feed, list->items[i], FEL_TIME_MIN, FEL_TIME_MAX,
                                    block_rows));
            run->n_bars += fel_series_rows(list->items[i]).n;
            run->n_sources++;
        }
    }
    sma_run_engine(run);
}

void sma_run_set(sma_run *run, size_t fast, size_t slow)
{
    double params[32];
    params_of(fast, slow, params);
    MUST(fel_engine_set_params(run->engine, params));
}

double sma_run_once(void *self)
{
    sma_run *run = self;
    const double start = wall_seconds();
    MUST(fel_engine_run(run->engine, &run->result));
    return wall_seconds() - start;
}

void sma_run_close(sma_run *run)
{
    fel_engine_destroy(run->engine);
    for (size_t i = 0; i < run->n_sources; i++) {
        fel_feed_destroy(&run->sources[i].feed);
    }
    free(run->sources);
}

void roofline_data_of(roofline_data *out, const fel_series *series)
{
    const fel_block rows = fel_series_rows(series);
    const double scale = fel_series_describe(series)->instrument.ticks_per_unit;
    int64_t *open = malloc(rows.n * sizeof(int64_t));
    int64_t *close = malloc(rows.n * sizeof(int64_t));
    if (open == NULL || close == NULL) {
        (void)fprintf(stderr, "bench: no memory\n");
        exit(1);
    }
    for (size_t i = 0; i < rows.n; i++) {
        open[i] = llrint(rows.columns[0][i] * scale);
        close[i] = llrint(rows.columns[3][i] * scale);
    }
    out->open = open;
    out->close = close;
    out->n = rows.n;
}

void roofline_data_clear(roofline_data *data)
{
    free((void *)(uintptr_t)data->open);
    free((void *)(uintptr_t)data->close);
}
