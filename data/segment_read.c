/* data/segment_read.c - open one series of a segment file and read its chunks as they are stored;
 * the filters are undone by codec_unpack, outside of HDF5 and its lock. */
#include <stdlib.h>
#include <string.h>

#include "data/segment_h5_internal.h"
#include "data/segment_internal.h"
#include "data/series_internal.h"

struct segment_reader {
    hid_t file;
    hid_t lanes[H5_MOST_LANES];
    codec_plan plans[H5_MOST_LANES];
    segment_shape shape;
    int64_t *table;
    char *path;
};

struct segment_work {
    codec_work *codec;
    uint8_t *bytes;    /* a packed chunk */
    int64_t *unpacked; /* a chunk of which only a part is wanted */
};

static size_t table_width(const segment_reader *r)
{
    return H5_TABLE_TIMES + H5_TABLE_PER_LANE * r->shape.n_lanes;
}

static fel_status wrong(const segment_reader *r, const char *what)
{
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: not a sound segment: %s", r->path, what);
}

static fel_status open_file(segment_reader *r)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    /* Segments never change, so that locks would only get in the way (of NFS, for one). */
    if (access >= 0 && H5Pset_file_locking(access, 0, 1) >= 0) {
        r->file = H5Fopen(r->path, H5F_ACC_RDONLY, access);
    }
    const fel_status status =
        r->file >= 0 ? FEL_OK : h5_raise(FEL_ERR_FORMAT, r->path, "cannot open this segment");
    h5_close(access);
    return status;
}

/* Rows and rows a chunk of a dataset; all lanes have the same. */
static int read_shape(hid_t dataset, hsize_t *n_rows, hsize_t *chunk_rows)
{
    const hid_t space = H5Dget_space(dataset);
    const hid_t how = H5Dget_create_plist(dataset);
    const int ok = space >= 0 && how >= 0 && H5Sget_simple_extent_ndims(space) == 1 &&
                   H5Sget_simple_extent_dims(space, n_rows, NULL) == 1 &&
                   H5Pget_layout(how) == H5D_CHUNKED && H5Pget_chunk(how, 1, chunk_rows) == 1;
    h5_close(how);
    h5_close(space);
    return ok;
}

/* The file's type must be the one that the plan writes: nothing converts it on this way in. */
static int has_type(hid_t dataset, const codec_plan *plan)
{
    const hid_t type = H5Dget_type(dataset);
    const int ok = type >= 0 && H5Tequal(type, h5_code_type(plan)) > 0;
    h5_close(type);
    return ok;
}

static int is_for_lane(const codec_plan *plan, int is_time)
{
    return is_time ? plan->kind == CODEC_DELTA
                   : plan->kind == CODEC_FLOAT64 || plan->ticks_per_unit > 0.0;
}

static fel_status read_plan(segment_reader *r, size_t lane)
{
    const hid_t dataset = r->lanes[lane];
    codec_plan *plan = &r->plans[lane];
    char encoding[16];
    hsize_t n_rows = 0, chunk_rows = 0;
    const hid_t type = H5Dget_type(dataset);
    plan->width = type >= 0 ? (uint32_t)H5Tget_size(type) : 0;
    h5_close(type);
    if (h5_get_text(dataset, "encoding", encoding, sizeof(encoding)) < 0 ||
        h5_get_number(dataset, "ticks_per_unit", H5T_NATIVE_DOUBLE, &plan->ticks_per_unit) < 0 ||
        !read_shape(dataset, &n_rows, &chunk_rows)) {
        return h5_raise(FEL_ERR_FORMAT, r->path, "a column cannot be read");
    }
    plan->kind = codec_kind_find(encoding);
    plan->chunk_rows = (size_t)chunk_rows;
    const int is_time = lane == 0 || (r->shape.has_open && lane == r->shape.n_lanes - 1);
    if (plan->kind == CODEC_N_KINDS || !has_type(dataset, plan) || !is_for_lane(plan, is_time)) {
        return wrong(r, "a column has an unknown encoding");
    }
    if (n_rows != r->shape.n_rows || chunk_rows == 0 || chunk_rows > SEGMENT_CHUNK_ROWS ||
        chunk_rows != r->plans[0].chunk_rows) {
        return wrong(r, "a column has another number of rows than the index says");
    }
    return FEL_OK;
}

static fel_status open_lanes(segment_reader *r, hid_t group, const fel_series_info *info)
{
    char name[H5_NAME_SIZE];
    h5_lane_name(info, info->n_columns + 1, name);
    r->shape.has_open = H5Lexists(group, name, H5P_DEFAULT) > 0;
    const size_t n_lanes = 1 + info->n_columns + (size_t)r->shape.has_open;
    for (size_t lane = 0; lane < n_lanes; lane++) {
        h5_lane_name(info, lane, name);
        r->lanes[lane] = H5Dopen2(group, name, H5P_DEFAULT);
        if (r->lanes[lane] < 0) {
            return h5_raise(FEL_ERR_FORMAT, r->path, name);
        }
        r->shape.n_lanes = lane + 1;
    }
    for (size_t lane = 0; lane < n_lanes; lane++) {
        FEL_TRY(read_plan(r, lane));
    }
    r->shape.lanes = r->plans;
    r->shape.chunk_rows = r->plans[0].chunk_rows;
    if (r->shape.n_rows == 0 || r->shape.chunk_rows == 0) {
        return wrong(r, "it has no rows");
    }
    r->shape.n_chunks = 1 + (r->shape.n_rows - 1) / r->shape.chunk_rows;
    return FEL_OK;
}

static int table_has_shape(const segment_reader *r, hid_t dataset)
{
    hsize_t extent[2] = {0, 0};
    const hid_t space = H5Dget_space(dataset);
    const int ok = space >= 0 && H5Sget_simple_extent_ndims(space) == 2 &&
                   H5Sget_simple_extent_dims(space, extent, NULL) == 2 &&
                   extent[0] == r->shape.n_chunks && extent[1] == table_width(r);
    h5_close(space);
    return ok;
}

static fel_status read_table(segment_reader *r, hid_t group)
{
    const hid_t dataset = H5Dopen2(group, "chunks", H5P_DEFAULT);
    fel_status status = FEL_OK;
    if (dataset < 0 || r->shape.n_chunks == 0 || !table_has_shape(r, dataset)) {
        status = wrong(r, "its table of chunks is missing or has another size");
        goto done;
    }
    r->table = calloc(r->shape.n_chunks * table_width(r), sizeof(int64_t));
    if (r->table == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory for %zu chunks", r->shape.n_chunks);
        goto done;
    }
    if (H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, r->table) < 0) {
        status = h5_raise(FEL_ERR_FORMAT, r->path, "cannot read its table of chunks");
    }
done:
    h5_close(dataset);
    return status;
}

static fel_status open_group(segment_reader *r, uint32_t number, const fel_series_info *info)
{
    char name[H5_NAME_SIZE];
    h5_group_name(number, name);
    const hid_t group = H5Gopen2(r->file, name, H5P_DEFAULT);
    fel_status status = FEL_OK;
    if (group < 0) {
        return h5_raise(FEL_ERR_FORMAT, r->path, name);
    }
    status = open_lanes(r, group, info);
    if (status == FEL_OK) {
        status = read_table(r, group);
    }
    h5_close(group);
    return status;
}

fel_status segment_reader_open(segment_reader **out, const char *path, uint32_t group,
                               const fel_series_info *info, uint64_t n_rows)
{
    segment_reader *r = calloc(1, sizeof(*r));
    if (r == NULL || (r->path = strdup(path)) == NULL) {
        free(r);
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to open %s", path);
    }
    r->file = -1;
    r->shape.n_rows = (size_t)n_rows;
    h5_scope scope;
    h5_begin(&scope);
    fel_status status = open_file(r);
    if (status == FEL_OK) {
        status = open_group(r, group, info);
    }
    h5_end(&scope);
    if (status != FEL_OK) {
        segment_reader_close(r);
        return status;
    }
    *out = r;
    return FEL_OK;
}

void segment_reader_close(segment_reader *r)
{
    if (r == NULL) {
        return;
    }
    h5_scope scope;
    h5_begin(&scope);
    for (size_t lane = 0; lane < r->shape.n_lanes; lane++) {
        h5_close(r->lanes[lane]);
    }
    h5_close(r->file);
    h5_end(&scope);
    free(r->table);
    free(r->path);
    free(r);
}

segment_shape segment_reader_shape(const segment_reader *r)
{
    return r->shape;
}

void segment_reader_span(const segment_reader *r, size_t chunk, int64_t *first_ns, int64_t *last_ns)
{
    const int64_t *row = r->table + chunk * table_width(r);
    *first_ns = row[0];
    *last_ns = row[1];
}

fel_status segment_work_create(segment_work **out)
{
    segment_work *w = calloc(1, sizeof(*w));
    if (w == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "no memory to read a segment");
    }
    w->bytes = malloc(codec_bound(SEGMENT_CHUNK_ROWS));
    w->unpacked = malloc(SEGMENT_CHUNK_ROWS * sizeof(int64_t));
    fel_status status = codec_work_create(&w->codec, SEGMENT_CHUNK_ROWS, 0);
    if (status == FEL_OK && (w->bytes == NULL || w->unpacked == NULL)) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "no memory to read a segment");
    }
    if (status != FEL_OK) {
        segment_work_destroy(w);
        return status;
    }
    *out = w;
    return FEL_OK;
}

void segment_work_destroy(segment_work *work)
{
    if (work != NULL) {
        codec_work_destroy(work->codec);
        free(work->bytes);
        free(work->unpacked);
        free(work);
    }
}

/* The stored bytes of a chunk. */
static fel_status fetch(const segment_reader *r, segment_work *work, size_t lane, size_t chunk,
                        codec_bytes *out)
{
    const hsize_t at = chunk * r->shape.chunk_rows;
    hsize_t size = 0;
    out->data = work->bytes;
    h5_scope scope;
    h5_begin(&scope);
    fel_status status = FEL_OK;
    if (H5Dget_chunk_storage_size(r->lanes[lane], &at, &size) < 0) {
        status = h5_raise(FEL_ERR_FORMAT, r->path, "cannot find a chunk");
    } else if (size == 0 || size > codec_bound(SEGMENT_CHUNK_ROWS)) {
        status = wrong(r, "a chunk has an impossible size");
    } else if (H5Dread_chunk(r->lanes[lane], H5P_DEFAULT, &at, &out->mask, out->data) < 0) {
        status = h5_raise(FEL_ERR_FORMAT, r->path, "cannot read a chunk");
    }
    h5_end(&scope);
    out->size = (size_t)size;
    return status;
}

/* Searches rely on the spans in the table: hold them against the instants themselves. */
static fel_status check_span(const segment_reader *r, size_t chunk, const int64_t *instants,
                             size_t n)
{
    int64_t first_ns, last_ns;
    segment_reader_span(r, chunk, &first_ns, &last_ns);
    const size_t left = r->shape.n_rows - chunk * r->shape.chunk_rows;
    const int is_whole = n == r->shape.chunk_rows || n == left;
    if (instants[0] != first_ns || (is_whole && instants[n - 1] != last_ns)) {
        return wrong(r, "its table of chunks does not fit its times");
    }
    return FEL_OK;
}

static fel_status unpack(const segment_reader *r, segment_work *work, size_t lane, size_t chunk,
                         size_t n, codec_target to)
{
    codec_bytes bytes;
    FEL_TRY(fetch(r, work, lane, chunk, &bytes));
    const int64_t *fields =
        r->table + chunk * table_width(r) + H5_TABLE_TIMES + H5_TABLE_PER_LANE * lane;
    const codec_chunk head = {fields[0], fields[1], (uint64_t)fields[2]};
    const fel_status status = codec_unpack(work->codec, &r->plans[lane], &head, &bytes, n, to);
    if (status == FEL_ERR_FORMAT) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: %s (chunk %zu)", r->path, fel_last_error()->message,
                         chunk);
    }
    if (status != FEL_OK || lane != 0 || to.instants == NULL) {
        return status;
    }
    return check_span(r, chunk, to.instants, n);
}

fel_status segment_reader_read(const segment_reader *r, segment_work *work, size_t lane,
                               size_t chunk, size_t first, size_t end, codec_target to)
{
    if (first == 0) {
        return unpack(r, work, lane, chunk, end, to);
    }
    const size_t n = end - first;
    if (to.instants != NULL) {
        const codec_target all = {work->unpacked, NULL};
        FEL_TRY(unpack(r, work, lane, chunk, end, all));
        memcpy(to.instants, work->unpacked + first, n * sizeof(int64_t));
        return FEL_OK;
    }
    const codec_target all = {NULL, (double *)(void *)work->unpacked};
    FEL_TRY(unpack(r, work, lane, chunk, end, all));
    memcpy(to.values, work->unpacked + first, n * sizeof(double));
    return FEL_OK;
}

fel_status segment_reader_row(const segment_reader *r, segment_work *work, int64_t time_ns,
                              size_t *row)
{
    const segment_shape *s = &r->shape;
    size_t low = 0, high = s->n_chunks; /* the first chunk whose last row is not before */
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        int64_t first_ns, last_ns;
        segment_reader_span(r, middle, &first_ns, &last_ns);
        if (last_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *row = s->n_rows;
    if (low == s->n_chunks) {
        return FEL_OK;
    }
    const size_t at = low * s->chunk_rows, left = s->n_rows - at;
    const size_t n = left < s->chunk_rows ? left : s->chunk_rows;
    const codec_target to = {work->unpacked, NULL};
    FEL_TRY(unpack(r, work, 0, low, n, to));
    *row = at + series_lower_bound(work->unpacked, n, time_ns);
    return FEL_OK;
}
