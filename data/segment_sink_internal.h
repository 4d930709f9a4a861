/* data/segment_sink_internal.h - the HDF5 side of writing one series into a segment. Call inside an
 * h5_scope. */
#ifndef FEL_MODULE_DATA
#error "data/segment_sink_internal.h is for files of data/ only"
#endif
#ifndef FEL_DATA_SEGMENT_SINK_INTERNAL_H
#define FEL_DATA_SEGMENT_SINK_INTERNAL_H

#include "data/segment_h5_internal.h"

typedef struct segment_sink {
    hid_t group;
    hid_t lanes[H5_MOST_LANES];
    size_t n_lanes, n_chunks, chunk_rows;
    const fel_series_info *info;
} segment_sink;

/* An HDF5 file in memory. */
typedef struct sink_file {
    hid_t id;
    void *image; /* the file's bytes, once it is closed; free() */
    size_t size;
} sink_file;

/* An empty file. It must stay where it is in memory. */
fel_status sink_file_create(sink_file *file);
/* Close it and keep its bytes. */
fel_status sink_file_finish(sink_file *file);
/* Make the group and its datasets, one for each plan. Close the sink in any case. */
fel_status sink_open(segment_sink *sink, const sink_file *file, uint32_t group,
                     const fel_series_info *info, const codec_plan *plans, size_t n_lanes,
                     size_t n_rows);
fel_status sink_put(const segment_sink *sink, size_t lane, size_t chunk, const codec_bytes *bytes);
/* The table of chunks, see segment_h5_internal.h. */
fel_status sink_put_table(const segment_sink *sink, const int64_t *table);
void sink_close(segment_sink *sink);

#endif
