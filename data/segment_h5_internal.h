/* data/segment_h5_internal.h - what a segment file is made of. */
#ifndef FEL_MODULE_DATA
#error "data/segment_h5_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_SEGMENT_H5_INTERNAL_H
#define FEL_DATA_SEGMENT_H5_INTERNAL_H

#include <feller/data.h>

#include "core/h5.h"
#include "data/codec_internal.h"

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
