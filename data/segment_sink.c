/* data/segment_sink.c - one series as an HDF5 group: a dataset a column, a table of chunks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/segment_sink_internal.h"

enum { IMAGE_STEP_BYTES = 4 << 20, FILTER_LEVEL = 1, TABLE_FORMAT = 1 };

static const char in_memory[] = "segment in memory";

/* HDF5 gives its memory back when the file is closed: only then are the marks gone that say "open
 * for writing". (H5Fget_file_image of 1.10 clears them without renewing the superblock's checksum.)
 */
static herr_t keep_image(void *memory, H5FD_file_image_op_t operation, void *file)
{
    sink_file *f = file;
    if (operation == H5FD_FILE_IMAGE_OP_FILE_CLOSE && f->image == NULL) {
        f->image = memory;
    } else {
        free(memory);
    }
    return 0;
}

static void *same_file(void *file)
{
    return file;
}

/* Creation properties without time stamps: the same rows make the same bytes. */
static hid_t timeless(hid_t class)
{
    const hid_t how = H5Pcreate(class);
    if (how >= 0 && H5Pset_obj_track_times(how, 0) >= 0) {
        return how;
    }
    h5_close(how);
    return -1;
}

static herr_t forget_file(void *file)
{
    (void)file;
    return 0;
}

fel_status sink_file_create(sink_file *file)
{
    H5FD_file_image_callbacks_t calls = {.image_free = keep_image,
                                         .udata_copy = same_file,
                                         .udata_free = forget_file,
                                         .udata = file};
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS), how = timeless(H5P_FILE_CREATE);
    file->id = -1;
    file->image = NULL;
    if (access >= 0 && how >= 0 && H5Pset_fapl_core(access, IMAGE_STEP_BYTES, 0) >= 0 &&
        H5Pset_libver_bounds(access, H5F_LIBVER_V110, H5F_LIBVER_V110) >= 0 &&
        H5Pset_file_image_callbacks(access, &calls) >= 0) {
        file->id = H5Fcreate("feller-segment", H5F_ACC_TRUNC, how, access);
    }
    const unsigned format = TABLE_FORMAT;
    fel_status status = FEL_OK;
    if (file->id < 0 || h5_put_number(file->id, "feller_segment", H5T_NATIVE_UINT, &format) < 0) {
        status = h5_raise(FEL_ERR_IO, in_memory, "cannot begin");
    }
    h5_close(how);
    h5_close(access);
    return status;
}

fel_status sink_file_finish(sink_file *file)
{
    const ssize_t size = H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0
                             ? -1
                             : H5Fget_file_image(file->id, NULL, 0); /* only its size */
    fel_status status = size > 0 ? FEL_OK : h5_raise(FEL_ERR_IO, in_memory, "cannot finish");
    h5_close(file->id);
    file->id = -1;
    file->size = size > 0 ? (size_t)size : 0;
    if (status == FEL_OK && file->image == NULL) {
        status = FEL_RAISE(FEL_ERR_INTERNAL, "a segment in memory was lost at its close");
    }
    return status;
}

/* What a reader without our index wants to know. */
static int describe(hid_t group, const fel_series_info *info)
{
    const long long length_ns = (long long)info->length_ns;
    const int kind = (int)info->kind;
    return h5_put_text(group, "symbol", info->instrument.symbol) < 0 ||
                   h5_put_text(group, "zone", info->zone) < 0 ||
                   h5_put_number(group, "kind", H5T_NATIVE_INT, &kind) < 0 ||
                   h5_put_number(group, "length_ns", H5T_NATIVE_LLONG, &length_ns) < 0
               ? -1
               : 0;
}

static hid_t create_lane(const segment_sink *sink, size_t lane, const codec_plan *plan,
                         size_t n_rows)
{
    char name[H5_NAME_SIZE];
    h5_lane_name(sink->info, lane, name);
    const hsize_t extent = n_rows, chunk = plan->chunk_rows;
    const hid_t space = H5Screate_simple(1, &extent, NULL);
    const hid_t how = timeless(H5P_DATASET_CREATE);
    hid_t dataset = -1;
    if (space >= 0 && how >= 0 && H5Pset_chunk(how, 1, &chunk) >= 0 && H5Pset_shuffle(how) >= 0 &&
        H5Pset_deflate(how, FILTER_LEVEL) >= 0) {
        dataset =
            H5Dcreate2(sink->group, name, h5_code_type(plan), space, H5P_DEFAULT, how, H5P_DEFAULT);
    }
    if (dataset >= 0 &&
        (h5_put_text(dataset, "encoding", codec_kind_name(plan->kind)) < 0 ||
         h5_put_number(dataset, "ticks_per_unit", H5T_NATIVE_DOUBLE, &plan->ticks_per_unit) < 0)) {
        h5_close(dataset);
        dataset = -1;
    }
    h5_close(how);
    h5_close(space);
    return dataset;
}

fel_status sink_open(segment_sink *sink, const sink_file *file, uint32_t group,
                     const fel_series_info *info, const codec_plan *plans, size_t n_lanes,
                     size_t n_rows)
{
    char name[H5_NAME_SIZE];
    h5_group_name(group, name);
    memset(sink, 0, sizeof(*sink));
    sink->info = info;
    sink->chunk_rows = plans[0].chunk_rows;
    sink->n_chunks = (n_rows + sink->chunk_rows - 1) / sink->chunk_rows;
    const hid_t how = timeless(H5P_GROUP_CREATE);
    sink->group = how < 0 ? -1 : H5Gcreate2(file->id, name, H5P_DEFAULT, how, H5P_DEFAULT);
    int ok = sink->group >= 0 && describe(sink->group, info) >= 0;
    const hid_t columns =
        ok ? H5Gcreate2(sink->group, "columns", H5P_DEFAULT, how, H5P_DEFAULT) : -1;
    ok = columns >= 0;
    h5_close(columns);
    h5_close(how);
    for (size_t lane = 0; ok && lane < n_lanes; lane++) {
        sink->lanes[lane] = create_lane(sink, lane, &plans[lane], n_rows);
        ok = sink->lanes[lane] >= 0;
        sink->n_lanes += (size_t)ok;
    }
    return ok ? FEL_OK : h5_raise(FEL_ERR_IO, in_memory, info->instrument.symbol);
}

fel_status sink_put(const segment_sink *sink, size_t lane, size_t chunk, const codec_bytes *bytes)
{
    const hsize_t at = chunk * sink->chunk_rows;
    if (H5Dwrite_chunk(sink->lanes[lane], H5P_DEFAULT, bytes->mask, &at, bytes->size, bytes->data) <
        0) {
        return h5_raise(FEL_ERR_IO, in_memory, "cannot add a chunk");
    }
    return FEL_OK;
}

/* The names of the table's columns, for readers other than us. */
static fel_status put_fields(hid_t table, const segment_sink *sink)
{
    static const char *const parts[H5_TABLE_PER_LANE] = {"first", "step", "checksum"};
    const size_t size = (size_t)H5_NAME_SIZE * (sink->n_lanes + 1) * H5_TABLE_PER_LANE;
    char *text = malloc(size);
    if (text == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for the names of its columns", in_memory);
    }
    size_t used = (size_t)snprintf(text, size, "first_ns,last_ns");
    for (size_t lane = 0; lane < sink->n_lanes; lane++) {
        char name[H5_NAME_SIZE];
        h5_lane_name(sink->info, lane, name);
        for (size_t p = 0; p < H5_TABLE_PER_LANE; p++) {
            used += (size_t)snprintf(text + used, size - used, ",%s.%s", name, parts[p]);
        }
    }
    const fel_status status = h5_put_text(table, "fields", text) >= 0
                                  ? FEL_OK
                                  : h5_raise(FEL_ERR_IO, in_memory, "cannot name its columns");
    free(text);
    return status;
}

fel_status sink_put_table(const segment_sink *sink, const int64_t *table)
{
    const hsize_t extent[2] = {sink->n_chunks,
                               H5_TABLE_TIMES + H5_TABLE_PER_LANE * (hsize_t)sink->n_lanes};
    const hid_t space = H5Screate_simple(2, extent, NULL);
    const hid_t how = timeless(H5P_DATASET_CREATE);
    const hid_t dataset = how < 0 ? -1
                                  : H5Dcreate2(sink->group, "chunks", H5T_STD_I64LE, space,
                                               H5P_DEFAULT, how, H5P_DEFAULT);
    const int ok = dataset >= 0 &&
                   H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, table) >= 0;
    const fel_status status =
        ok ? put_fields(dataset, sink)
           : h5_raise(FEL_ERR_IO, in_memory, "cannot add the table of chunks");
    h5_close(dataset);
    h5_close(how);
    h5_close(space);
    return status;
}

void sink_close(segment_sink *sink)
{
    for (size_t lane = 0; lane < sink->n_lanes; lane++) {
        h5_close(sink->lanes[lane]);
    }
    h5_close(sink->group);
    sink->n_lanes = 0;
    sink->group = -1;
}
