/* data/series_internal.h - making a series in place, for readers that decode straight into it. */
#ifndef FEL_DATA_SERIES_INTERNAL_H
#define FEL_DATA_SERIES_INTERNAL_H

#ifndef FEL_MODULE_DATA
#error "data/series_internal.h is for files of data/ only"
#endif

#include <feller/data.h>

/* Where to put the rows of a series that is being made. */
typedef struct series_rows {
    int64_t *time_ns;
    int64_t *open_ns; /* NULL unless asked for */
    double *columns[FEL_MAX_COLUMNS];
} series_rows;

/* A series of n rows, not yet filled; the caller fills rows and then calls series_check. Checks
 * info as fel_series_create does. */
fel_status series_alloc(fel_series **out, const fel_series_info *info, size_t n, int has_open,
                        series_rows *rows);

/* A series that was given room for more rows than came: it has n, and this info, whose columns are
 * those that it was made with. */
void series_finish(fel_series *series, const fel_series_info *info, size_t n);

/* ERR_FORMAT with the row if times decrease or an open instant is after its close. */
fel_status series_check(const fel_series *series);

/* ERR_SHAPE, ERR_ARG or ERR_RANGE unless kind, columns and length agree. */
fel_status series_info_check(const fel_series_info *info);

/* First row of n ascending instants that is at or after time_ns; n if there is none. */
size_t series_lower_bound(const int64_t *times_ns, size_t n, int64_t time_ns);

#endif
