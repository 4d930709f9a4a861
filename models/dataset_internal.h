/* models/dataset_internal.h - what the files that make panels, windows and folds share. */
#ifndef FEL_MODELS_DATASET_INTERNAL_H
#define FEL_MODELS_DATASET_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/dataset_internal.h belongs to models/"
#endif

#include <feller/dataset.h>

#include "core/arena.h"

/* ---- panel ----------------------------------------------------------------------------------- */

/* The rows of one series within the panel's. */
typedef struct panel_part {
    char symbol[FEL_SYMBOL_SIZE];
    size_t first, n, warm_up;
    size_t ready; /* first row of its own that has all numbers; n: none */
} panel_part;

struct fel_panel {
    arena memory;
    fel_samples samples;
    panel_part *parts;
    size_t n_parts, n_columns, rolling_bars;
    const char **columns, **targets; /* labels */
};

/* While a panel is made: what its rows are worth, and when. */
typedef struct panel_work {
    const fel_panel_config *config;
    fel_panel *panel;
    arena memory;
    size_t n_rows;
    double *rows;                /* n_rows x n_columns: the panel's */
    double *opens, *closes;      /* adjusted */
    int64_t *times_ns, *open_ns; /* open_ns: when the open could be traded */
    double *targets;             /* n_rows x n_targets; NaN: not known */
    int64_t *target_times_ns;
    double *returns;
} panel_work;

/* A row and when it is known, to sort by time and then row. */
typedef struct timed_row {
    int64_t time_ns;
    size_t row;
} timed_row;
void timed_rows_sort(timed_row *rows, size_t n);

fel_status panel_no_memory(const panel_work *w);
/* Features, prices and times of one series: dataset_rows.c. */
fel_status panel_fill_rows(panel_work *w, size_t series);
/* Targets, returns and when they are known, of all rows: dataset_target.c. */
fel_status panel_fill_targets(panel_work *w);
/* The samples of all rows: dataset_samples.c. */
fel_status panel_list_samples(panel_work *w);

/* ---- calendars: dataset_clock.c -------------------------------------------------------------- */

typedef struct bar_clock {
    const int64_t *times;
    size_t n;
    const fel_zone *zone; /* NULL: UTC */
} bar_clock;

/* Instants at or before t. */
size_t bar_clock_count(const bar_clock *clock, int64_t t);
int64_t bar_clock_after(const bar_clock *clock, int64_t t, fel_length length);
int64_t bar_clock_before(const bar_clock *clock, int64_t t, fel_length length);
/* Midnight at or before the nanosecond before t. */
int64_t bar_clock_midnight(const bar_clock *clock, int64_t t);

#endif
