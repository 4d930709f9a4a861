/* sim/pathfeed_internal.h - what sources and rooms of paths are made of. */
#ifndef FEL_SIM_PATHFEED_H
#define FEL_SIM_PATHFEED_H

#ifndef FEL_MODULE_SIM
#error "sim/pathfeed_internal.h belongs to sim/"
#endif

#include <feller/pathfeed.h>

#include "core/core.h"

enum { ROOM_LANES = 8 }; /* paths side by side in a block are a multiple of this */

/* Options on one asset that expire at one bar: priced together. */
typedef struct option_group {
    uint32_t asset;
    size_t expiry_bar, n;
    const double *strikes;
    const fel_option_right *rights;
    const size_t *series; /* of each option */
} option_group;

typedef struct simulated_market {
    fel_path_market market; /* assets, listings and correlation copied */
    fel_paths *paths;
    double *correlation; /* of all drivers; NULL: none */
    size_t n_drivers;
    int wants[FEL_PATH_N_OUTPUTS];
    option_group *groups;
    size_t n_groups, largest_group;
} simulated_market;

typedef struct resampled_bars {
    fel_bootstrap how; /* its series are not kept */
    size_t n_source;   /* bars that can be drawn */
    double
        *relative; /* n_series x FEL_BAR_COLUMNS x n_source: prices over the close before, volume */
    double *first_close; /* n_series */
} resampled_bars;

struct fel_path_source {
    arena memory;
    fel_series_info *infos;
    size_t *n_rows; /* by series */
    size_t n_series;
    size_t n_times;
    int64_t *time_ns, *open_ns; /* open_ns NULL: no bars */
    size_t n_columns;           /* of every series */
    size_t n_values;            /* columns that differ from path to path; the rest is missing */
    double *missing;            /* n_times NaN */
    fel_status (*fill)(const fel_path_source *source, fel_path_room *room, uint64_t first,
                       size_t n);
    const volatile int *stop_flag; /* or NULL */
    simulated_market simulated;    /* one of the two, by fill */
    resampled_bars resampled;
};

/* ERR_STOPPED once the flag is up. */
static inline fel_status path_source_go_on(const fel_path_source *source)
{
    return source->stop_flag != NULL && *source->stop_flag
               ? FEL_RAISE(FEL_ERR_STOPPED, "stopped among the paths")
               : FEL_OK;
}

/* Columns of a path lie together: path, series, column, row. */
struct fel_path_room {
    const fel_path_source *source;
    size_t n_slots; /* a multiple of ROOM_LANES for simulated markets */
    size_t n_filled, selected;
    size_t row_stride;
    double *columns;
    double *values[FEL_PATH_N_OUTPUTS]; /* of the generator; NULL: not wanted */
    double *prices;                     /* of one group of options */
    size_t *drawn;                      /* rows of a resampled path */
};

static inline double *room_column(const fel_path_room *room, size_t slot, size_t series,
                                  size_t column)
{
    const fel_path_source *s = room->source;
    return room->columns +
           ((slot * s->n_series + series) * s->n_values + column) * room->row_stride;
}

/* Values of an asset at a date of the generator, one a path of the room. */
static inline const double *room_values(const fel_path_room *room, fel_path_output output,
                                        size_t date, size_t asset)
{
    const size_t n_assets = room->source->simulated.market.n_assets;
    return room->values[output] + (date * n_assets + asset) * room->n_slots;
}

/* Memory for infos, row counts and missing values of n series of so many rows; n_columns and
 * n_values are set before. */
fel_status path_source_alloc(fel_path_source *source, size_t n_series, size_t n_times);

/* Fill all series of the first n paths of a room from its block of values. */
void path_bars_fill(const fel_path_source *source, fel_path_room *room, size_t n);
void path_quotes_fill(const fel_path_source *source, fel_path_room *room, size_t n);
fel_status path_options_fill(const fel_path_source *source, fel_path_room *room, size_t n);

/* The generator's dates at which a bar opens and closes. */
static inline size_t market_open_date(const fel_path_market *m, size_t bar)
{
    return bar * m->steps_per_bar + m->overnight_steps;
}
static inline size_t market_close_date(const fel_path_market *m, size_t bar)
{
    return (bar + 1) * m->steps_per_bar;
}

fel_status path_bootstrap_fill(const fel_path_source *source, fel_path_room *room, uint64_t first,
                               size_t n);

#endif
