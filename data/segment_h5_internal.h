/* data/segment_h5_internal.h - calls into HDF5: one at a time, silent, with their error text kept.
 */
#ifndef FEL_MODULE_DATA
#error "data/segment_h5_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_SEGMENT_H5_INTERNAL_H
#define FEL_DATA_SEGMENT_H5_INTERNAL_H

#include <hdf5.h>

#include <feller/data.h>

#include "data/codec_internal.h"

/* Between begin and end this thread has HDF5 to itself and HDF5 prints nothing. */
typedef struct h5_scope {
    H5E_auto2_t print;
    void *print_data;
} h5_scope;
void h5_begin(h5_scope *scope);
void h5_end(const h5_scope *scope);

/* Inside a scope, after a call failed: "PATH: WHAT: innermost text of HDF5's error stack". */
fel_status h5_raise(fel_status status, const char *path, const char *what);

/* Close an id of any kind; ids below 0 are none. */
void h5_close(hid_t id);

/* Small attributes; 0 or above if done. */
int h5_put_text(hid_t object, const char *name, const char *text);
int h5_put_number(hid_t object, const char *name, hid_t type, const void *value);
int h5_get_text(hid_t object, const char *name, char *text, size_t size);
int h5_get_number(hid_t object, const char *name, hid_t type, void *value);

/* File type of a plan's codes. */
hid_t h5_code_type(const codec_plan *plan);

/* Names inside a segment. Lanes are the datasets of a series: 0 time, 1 .. n its columns, n+1
 * open_time where there is one. */
enum { H5_NAME_SIZE = 64 };
void h5_group_name(uint32_t group, char name[H5_NAME_SIZE]);
void h5_lane_name(const fel_series_info *info, size_t lane, char name[H5_NAME_SIZE]);

/* Table `chunks`: a row a chunk: first_ns, last_ns, then first, step, checksum for each lane. */
enum { H5_TABLE_TIMES = 2, H5_TABLE_PER_LANE = 3, H5_MOST_LANES = FEL_MAX_COLUMNS + 2 };

#endif
